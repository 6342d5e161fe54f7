"""Draws of one's own and values that are held: labels are meant, and what does not fit ends in one line."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

import toc_model
from tests.toy import CASE
from toc_model import InputError
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.loading import load_beliefs
from toc_model.engine.interventions import do

DRAWS = 40
FIELDS = ["hill", "valley"]


@pytest.fixture(scope="module")
def almanac() -> Beliefs:
    return load_beliefs(CASE, draws=DRAWS)


def harvest(parameters: xr.Dataset, node: str = "", held: xr.DataArray | None = None) -> xr.DataArray:
    """The mean over draws of one's own, by allocation."""
    own = toc_model.draws_of_your_own(parameters, "mine", case=CASE)
    if held is not None:
        own = replace(own, story=do(own.story, node, held))
    return own.outcome(own.documents.allocations().levers()).mean("draw")


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(DRAWS)), st.permutations(range(DRAWS)), st.integers(-5, 5))
def test_a_held_value_goes_to_its_draw_whatever_the_order(one: list[int], other: list[int], first: int) -> None:
    almanac = load_beliefs(CASE, draws=DRAWS)
    parameters = almanac.parameters.assign_coords(draw=np.arange(DRAWS) + first)
    held = xr.DataArray(
        np.linspace(0.1, 0.9, DRAWS)[:, None] * [0.5, 1.0],
        dims=("draw", "field"),
        coords={"draw": parameters["draw"], "field": FIELDS},
    )
    expected = harvest(parameters, "guarded", held)
    found = harvest(parameters.isel(draw=one, field=[1, 0]), "guarded", held.isel(draw=other, field=[1, 0]))
    xr.testing.assert_allclose(found, expected)


def test_draws_in_another_order_are_the_same_beliefs(almanac: Beliefs) -> None:
    order = np.random.default_rng(2).permutation(DRAWS)
    shuffled = toc_model.draws_of_your_own(almanac.parameters.isel(draw=order), "mine", case=CASE)
    given = toc_model.draws_of_your_own(almanac.parameters, "mine", case=CASE)
    assert shuffled.parameters.identical(given.parameters)


def test_draws_may_be_stacked_chains(almanac: Beliefs) -> None:
    bare = almanac.parameters.drop_vars("draw")
    stacked = pd.MultiIndex.from_product([[0, 1], range(DRAWS // 2)], names=["chain", "step"])
    index = xr.Coordinates.from_pandas_multiindex(stacked, "draw")
    own = toc_model.draws_of_your_own(bare.assign_coords(index), "mine", case=CASE)
    assert own.parameters["draw"].values.tolist() == list(range(DRAWS))
    assert own.parameters["chain"].values.tolist() == [0] * (DRAWS // 2) + [1] * (DRAWS // 2)
    xr.testing.assert_allclose(harvest(bare.assign_coords(index)), harvest(almanac.parameters))


type Spoil = Callable[[xr.Dataset], xr.Dataset]

SPOILT: dict[str, tuple[Spoil, str]] = {
    "twice": (
        lambda x: x.assign_coords(draw=[0, *range(DRAWS - 1)]),
        "found the draw 0 twice; allowed: every label once",
    ),
    "none": (lambda x: x.isel(draw=slice(0)), "found no draws; allowed: one or more"),
    "no dim": (lambda x: x.isel(draw=0, drop=True), "found none with the dim draw"),
    "chain alone": (lambda x: x.rename(draw="chain"), "allowed: "),
    "words": (lambda x: x.assign(late=x["late"].astype(str)), "found values of the type <U32; allowed: numbers"),
    "a dim more": (
        lambda x: x.assign(late=x["late"].expand_dims(season=2)),
        "late: found the dim season; allowed: draw",
    ),
    "a dim of others": (
        lambda x: x.assign(late=x["late"].expand_dims(field=FIELDS)),
        "late: found the dim field; allowed",
    ),
    "no number": (lambda x: x.assign(late=x["late"].where(x["draw"] != 3)), "late: found a value that is not a finite"),
    "infinite": (lambda x: x.assign(late=x["late"] + np.inf), "late: found a value that is not a finite"),
    "strange place": (
        lambda x: x.assign_coords(field=["hill", "moor"]),
        "found field hill, moor; allowed: hill, valley",
    ),
    "missing": (lambda x: x.drop_vars("late"), "missing 'late'"),
}


@pytest.mark.parametrize(("spoil", "message"), SPOILT.values(), ids=SPOILT)
def test_draws_that_do_not_fit_are_refused_in_one_line(almanac: Beliefs, spoil: Spoil, message: str) -> None:
    with pytest.raises(InputError) as refused:
        harvest(spoil(almanac.parameters))
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


HELD: dict[str, tuple[Callable[[xr.DataArray], xr.DataArray], str]] = {
    "other draws": (lambda x: x.assign_coords(draw=x["draw"] + 7), "guarded: found draw 7"),
    "fewer": (lambda x: x[:9], "guarded: found draw 0"),
    "fewer without labels": (lambda x: x[:9].drop_vars("draw"), "guarded: found 9 places along draw; allowed: 40"),
    "twice": (lambda x: x.assign_coords(draw=[0] * DRAWS), "guarded: found draw 0, 0"),
    "chains": (lambda x: x.expand_dims(chain=2), "do(guarded): found the dim chain; allowed: draws in one row"),
    "no number": (lambda x: x * np.nan, "do(guarded): found a value that is not a finite number"),
    "strange place": (
        lambda x: x.assign_coords(field=["moor", "hill"]),
        "found field moor, hill; allowed: hill, valley",
    ),
}


@pytest.mark.parametrize(("spoil", "message"), HELD.values(), ids=HELD)
def test_held_values_that_do_not_fit_are_refused_in_one_line(
    almanac: Beliefs, spoil: Callable[[xr.DataArray], xr.DataArray], message: str
) -> None:
    held = almanac.nodes(almanac.documents.allocations().levers(), ["guarded"])["guarded"]
    held = held.isel(allocation=0, drop=True) if "allocation" in held.dims else held
    with pytest.raises(InputError) as refused:
        harvest(almanac.parameters, "guarded", spoil(held))
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda x: x.expand_dims(chain=2), "levers: fence: found the dim chain"),
        (lambda x: x * np.nan, "levers: fence: found a value that is not a finite number"),
        (lambda x: xr.concat([x, x], "allocation"), "found an allocation twice"),
        (lambda x: x.expand_dims(season=2), "levers: fence: found the dim season; allowed: draw, allocation"),
    ],
)
def test_levers_that_do_not_fit_are_refused_in_one_line(
    almanac: Beliefs, spoil: Callable[[xr.Dataset], xr.Dataset], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        almanac.outcome(spoil(almanac.documents.allocations().levers()))
