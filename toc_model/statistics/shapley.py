"""Exact Shapley values: what each of a few players adds to a total, averaged over all orders of joining."""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from math import comb

import xarray as xr

from toc_model.aliases import Progress
from toc_model.errors import InputError
from toc_model.labels import aligned
from toc_model.statistics.averages import weighed_alike
from toc_model.statistics.draws import fail_if_unfit

MOST_PLAYERS = 12
"""4,096 sets; each further player doubles them."""


def subsets(players: Sequence[str]) -> Iterator[frozenset[str]]:
    """Every set of players, the smallest first."""
    for size in range(len(players) + 1):
        yield from (frozenset(chosen) for chosen in combinations(players, size))


def shapley[T: (float, xr.DataArray)](
    players: Sequence[str], value: Callable[[frozenset[str]], T], *, progress: Progress | None = None
) -> dict[str, T]:
    """Attribute the difference between all players and none to the single players.

    Parameters
    ----------
    players : sequence of str
        Distinct; up to `MOST_PLAYERS`.
    value : callable
        From a set of players to a number, or to an array such as one value a draw. Called once for every set, the
        smallest first; arrays go together by their labels.
    progress : callable, optional
        Called with the number of sets done and the number of all.

    Returns
    -------
    dict of str to float or DataArray
        By player, of the kind that ``value`` gives; they add up to ``value(all) - value(none)``.

    Raises
    ------
    InputError
        If there are no players, too many, or one twice; or a set's array has other labels than that of no player.

    Notes
    -----
    Shapley, L. S. (1953), A value for n-person games.
    """
    fail_if_no_game(players)
    values: dict[frozenset[str], T] = {}
    for done, chosen in enumerate(subsets(players), start=1):
        values[chosen] = _like(value(chosen), values.get(frozenset()), chosen)
        if progress:
            progress(done, 2 ** len(players))
    return {player: _share(player, players, values) for player in players}


def fail_if_no_game(players: Sequence[str]) -> None:
    """Fail if there are no players, too many for all their sets, or one twice."""
    if not 1 <= len(players) <= MOST_PLAYERS:
        raise InputError(f"Shapley values: found {len(players)} players; allowed: 1 to {MOST_PLAYERS}")
    for player in players:
        if players.count(player) > 1:
            raise InputError(f"Shapley values: found player {player!r} twice")


def _like[T: (float, xr.DataArray)](found: T, first: T | None, chosen: frozenset[str]) -> T:
    name = f"value of {', '.join(sorted(chosen)) or 'no player'}"
    fail_if_unfit(found if isinstance(found, xr.DataArray) else xr.DataArray(found), name)
    if not isinstance(found, xr.DataArray) or not isinstance(first, xr.DataArray):
        return found
    names = (name, "that of no player")
    return weighed_alike(aligned(found, first, names), first, names)[0]


def _share[T: (float, xr.DataArray)](player: str, players: Sequence[str], values: dict[frozenset[str], T]) -> T:
    """Mean of what a player adds to a set of others, all sizes of sets weighing the same."""
    others = [other for other in players if other != player]
    added = [
        (values[before | {player}] - values[before]) / (len(players) * comb(len(others), len(before)))
        for before in subsets(others)
    ]
    return sum(added[1:], start=added[0])
