"""Exact Shapley values."""

import math
from itertools import permutations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from toc_model import InputError
from toc_model.statistics.shapley import shapley, subsets

PLAYERS = ("a", "b", "c", "d")
SETS = list(subsets(PLAYERS))
games = st.lists(st.floats(-1e3, 1e3), min_size=len(SETS), max_size=len(SETS)).map(
    lambda worths: dict(zip(SETS, worths, strict=True))
)


def by_orders(worths: dict[frozenset[str], float]) -> dict[str, float]:
    """The definition: what a player adds, averaged over all orders."""
    added = dict.fromkeys(PLAYERS, 0.0)
    for order in permutations(PLAYERS):
        for place, player in enumerate(order):
            before = frozenset(order[:place])
            added[player] += (worths[before | {player}] - worths[before]) / math.factorial(len(PLAYERS))
    return added


@given(games)
def test_attributions_are_those_of_all_orders_and_add_up(worths: dict[frozenset[str], float]) -> None:
    found = shapley(PLAYERS, worths.__getitem__)
    assert found == pytest.approx(by_orders(worths), abs=1e-9)
    assert math.fsum(found.values()) == pytest.approx(worths[frozenset(PLAYERS)] - worths[frozenset()], abs=1e-10)


@given(games)
def test_a_player_who_adds_nothing_gets_nothing(worths: dict[frozenset[str], float]) -> None:
    found = shapley(PLAYERS, lambda chosen: worths[chosen - {"b"}])
    assert found["b"] == 0


def test_arrays_are_attributed_draw_by_draw_and_each_set_is_valued_once() -> None:
    worth = xr.DataArray(np.random.default_rng(0).normal(size=(len(SETS), 7)), dims=("set", "draw"))
    asked: list[frozenset[str]] = []
    done: list[int] = []

    def value(chosen: frozenset[str]) -> xr.DataArray:
        asked.append(chosen)
        return worth.isel(set=SETS.index(chosen))

    found = shapley(PLAYERS, value, progress=lambda step, _: done.append(step))
    assert sorted(map(sorted, asked)) == sorted(map(sorted, SETS))
    assert done == list(range(1, len(SETS) + 1))
    total = xr.concat(list(found.values()), dim="player").sum("player")
    np.testing.assert_allclose(total, value(frozenset(PLAYERS)) - value(frozenset()), rtol=0, atol=1e-10)
    first = shapley(PLAYERS, lambda chosen: float(worth[SETS.index(chosen), 0]))
    assert {player: float(share[0]) for player, share in found.items()} == pytest.approx(first)


@pytest.mark.parametrize("players", [[], ["a", "b", "a"], [str(i) for i in range(13)]])
def test_no_game(players: list[str]) -> None:
    with pytest.raises(InputError, match="Shapley values: found"):
        shapley(players, lambda _: 0.0)
