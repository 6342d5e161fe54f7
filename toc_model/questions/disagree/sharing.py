"""Sharing out the difference of two worldviews' results over parameters, and the gap that is left once one is known."""

from collections.abc import Mapping, Sequence
from itertools import batched
from math import comb

import numpy as np
import xarray as xr

from toc_model.questions.disagree.hybrids import TOGETHER, Hybrids, Swapped
from toc_model.statistics import averages
from toc_model.statistics.regression import on_one_thread, smooth
from toc_model.statistics.shapley import shapley, subsets

type Values = Mapping[frozenset[str], xr.DataArray]
"""Results by the set of chapters that are the other worldview's, dims ``(draw, measure)``."""


def within(game: Hybrids, chapter: str, values: Values, most_exact: int) -> dict[str, xr.DataArray]:
    """Owen values of a chapter's parameters; they add up to the chapter's Shapley value."""
    others = [other for other in game.chapters if other != chapter]
    contexts = [(context, 1 / (len(game.chapters) * comb(len(others), len(context)))) for context in subsets(others)]
    players = game.chapters[chapter]
    if len(players) > most_exact:
        return _by_drawn_orders(game, players, chapter, contexts, values)

    weights = [weight for _, weight in contexts]
    values_of: dict[frozenset[str], xr.DataArray] = {}
    for some in batched(subsets(players), max(1, TOGETHER // (len(contexts) * game.first.draws))):
        found = game.values(game.swapped(context) | game.mark(chosen) for chosen in some for context, _ in contexts)
        by_context = found.reshape(len(some), len(contexts), *found.shape[1:])
        values_of |= dict(zip(some, map(game.labelled, np.einsum("c,sc...->s...", weights, by_context)), strict=True))
    return shapley(players, values_of.__getitem__)


def _by_drawn_orders(
    game: Hybrids,
    players: Sequence[str],
    chapter: str,
    contexts: Sequence[tuple[frozenset[str], float]],
    values: Values,
) -> dict[str, xr.DataArray]:
    draws = game.first.draws
    random = np.random.default_rng([game.first.seed, len(players)])
    columns = np.array([game.parameters.index(name) for name in players])
    shares = {name: np.zeros((draws, len(game.measures))) for name in players}
    for context, weight in contexts:
        places = random.permuted(np.tile(np.arange(len(players)), (draws, 1)), axis=1)
        joining = [np.tile(game.swapped(context), (draws, 1)) for _ in players[1:]]
        for joined, swapped in enumerate(joining, start=1):
            swapped[:, columns] = places < joined
        path = [values[context].values, *game.values(joining), values[context | {chapter}].values]
        added = np.diff(path, axis=0)
        for column, name in enumerate(players):
            shares[name] += weight * added[places[:, column], np.arange(draws)]
    return {name: game.labelled(share) for name, share in shares.items()}


@on_one_thread
def gaps_if_known(game: Hybrids) -> dict[str, xr.DataArray]:
    """Expected distance of both results once both know a parameter, its truth drawn from either worldview.

    The value is given to both, while all else stays as each believes it. Draws of the difference are regressed on the
    parameter, and the mean size of what they are expected to be is what remains of the gap.
    """
    draws = game.first.draws
    truth_is_second = np.random.default_rng([game.first.seed, draws]).permutation(draws) % 2 == 1
    own: list[Swapped] = []
    for column in range(len(game.parameters)):
        for worldview in (False, True):
            swapped = np.full((draws, len(game.parameters)), worldview)
            swapped[:, column] = truth_is_second
            own.append(swapped)
    found = game.values(own)
    gaps = {}
    for place, name in enumerate(game.parameters):
        told = [beliefs.parameters[name].values.reshape(draws, -1) for beliefs in (game.first, game.second)]
        truth = np.where(truth_is_second[:, None], told[1], told[0])
        apart = found[2 * place + 1] - found[2 * place]
        expected = np.column_stack([fit.expected for fit in smooth(truth, apart)])
        gaps[name] = averages.mean(game.labelled(abs(expected)))
    return gaps
