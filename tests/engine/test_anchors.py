"""The reference is found by its name, and arrays are aligned by their labels; never by position where there are any."""

from typing import Any

import numpy as np
import pytest
import xarray as xr

from tests.toy import CASE
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.levers import joined
from toc_model.beliefs.loading import load_beliefs
from toc_model.engine.evaluate import evaluate
from toc_model.engine.interventions import do
from toc_model.errors import InputError
from toc_model.essay.case import ESSAY

STORY = CASE.story


@pytest.fixture(scope="module")
def beliefs() -> Beliefs:
    return load_beliefs(CASE, draws=5)


@pytest.fixture(scope="module")
def levers(beliefs: Beliefs) -> xr.Dataset:
    """Of ``before``, the reference, then ``today``, ``plan`` and ``all_round``."""
    return xr.concat([beliefs.anchor, beliefs.documents.allocations().levers()], dim="allocation")


def names(dataset: xr.Dataset) -> list[str]:
    return [str(name) for name in dataset["allocation"].values]


# The anchor ---------------------------------------------------------------------------------------------------------


def test_the_place_of_an_allocation_does_not_matter() -> None:
    beliefs = load_beliefs(ESSAY, "base", draws=500)
    levers = joined(beliefs.anchor, beliefs.documents.allocations().only(["technical_only"]).levers())
    turned = levers.sel(allocation=["technical_only", "status_quo", "reference"])
    found = evaluate(beliefs.story, beliefs.parameters, turned, ["p_doom"])["p_doom"]
    assert names(found.to_dataset()) == ["technical_only", "status_quo", "reference"]
    assert found.sel(allocation="reference", drop=True).equals(found.sel(allocation="status_quo", drop=True))
    usual = evaluate(beliefs.story, beliefs.parameters, levers, ["p_doom"])["p_doom"]
    assert found.equals(usual.sel(allocation=["technical_only", "status_quo", "reference"]))
    by_place = evaluate(
        beliefs.story,
        beliefs.parameters,
        turned.assign_coords(allocation=["reference", "status_quo", "technical_only"]),
        ["p_doom"],
    )["p_doom"]
    assert abs(float(by_place[:, 1].mean()) - float(found[:, 1].mean())) > 1e-3


@pytest.mark.parametrize("block", [2, 7, 1000])
def test_the_reference_may_stand_anywhere(beliefs: Beliefs, levers: xr.Dataset, block: int) -> None:
    usual = evaluate(STORY, beliefs.parameters, levers)
    for turned in (["today", "before", "plan", "all_round"], ["all_round", "plan", "today", "before"]):
        found = evaluate(STORY, beliefs.parameters, levers.sel(allocation=turned), block=block)
        assert found.equals(usual.sel(allocation=turned))


def test_laws_are_anchored_to_the_reference_and_not_to_the_status_quo(beliefs: Beliefs, levers: xr.Dataset) -> None:
    toil, sown = beliefs.parameters["toil"], beliefs.parameters["sown_before"]
    found = evaluate(STORY, beliefs.parameters, levers.sel(allocation=["today", "before"]), ["sown"])["sown"]
    np.testing.assert_allclose(found.sel(allocation="today"), sown - toil * (3 - 1) ** 2)
    np.testing.assert_allclose(found.sel(allocation="before"), sown)


def test_beliefs_bring_the_reference_and_leave_it_out_again(beliefs: Beliefs, levers: xr.Dataset) -> None:
    few = levers.sel(allocation=["plan", "today"])
    found = beliefs.outcome(few)
    assert names(found.to_dataset(name="harvest")) == ["plan", "today"]
    whole = beliefs.outcome(levers)
    assert found.equals(whole.sel(allocation=["plan", "today"]))


def test_a_missing_reference_is_refused(beliefs: Beliefs, levers: xr.Dataset) -> None:
    with pytest.raises(InputError, match="found no allocation 'before', which the laws are anchored to"):
        evaluate(STORY, beliefs.parameters, levers.sel(allocation=["today", "plan"]))


def test_allocations_without_names_are_refused(beliefs: Beliefs, levers: xr.Dataset) -> None:
    with pytest.raises(InputError, match="found allocations without names"):
        evaluate(STORY, beliefs.parameters, levers.drop_vars("allocation"))


@pytest.mark.parametrize("twice", ["before", "plan"])
def test_an_allocation_twice_is_refused(beliefs: Beliefs, levers: xr.Dataset, twice: str) -> None:
    chosen = ["before", "plan", twice]
    with pytest.raises(InputError, match="found an allocation twice in before, plan, "):
        evaluate(STORY, beliefs.parameters, levers.sel(allocation=chosen))


# Held values --------------------------------------------------------------------------------------------------------


def held(**labels: list[Any]) -> xr.DataArray:
    """A value for each place, which tells where it is from."""
    sizes = [len(places) for places in labels.values()]
    return xr.DataArray(np.arange(float(np.prod(sizes))).reshape(sizes), dims=list(labels), coords=labels)


HELD = {
    "draw": held(draw=[0, 1, 2, 3, 4]),
    "allocation": held(allocation=["before", "today", "plan", "all_round"]),
    "field": held(field=["hill", "valley"]),
    "all": held(field=["hill", "valley"], draw=[0, 1, 2, 3, 4], allocation=["before", "today", "plan", "all_round"]),
}


@pytest.mark.parametrize("value", HELD.values(), ids=HELD)
def test_a_held_array_goes_by_its_labels(beliefs: Beliefs, levers: xr.Dataset, value: xr.DataArray) -> None:
    turned = value.isel({dim: slice(None, None, -1) for dim in value.dims})
    found = [
        evaluate(do(STORY, "guarded", one), beliefs.parameters, levers, ["guarded", "harvest"])
        for one in (value, turned)
    ]
    assert found[0].equals(found[1])
    usual = evaluate(STORY, beliefs.parameters, levers, ["guarded"])["guarded"]
    moved = found[0]["guarded"].drop_sel(allocation="before")
    assert (moved == (value.drop_sel(allocation="before") if "allocation" in value.dims else value)).all()
    assert found[0]["guarded"].sel(allocation="before", drop=True).equals(usual.sel(allocation="before", drop=True))


def test_a_held_array_follows_reordered_allocations_and_draws(beliefs: Beliefs, levers: xr.Dataset) -> None:
    story = do(STORY, "guarded", HELD["all"])
    usual = evaluate(story, beliefs.parameters, levers)
    turned = ["plan", "before", "all_round", "today"]
    draws = [3, 0, 4, 2, 1]
    found = evaluate(story, beliefs.parameters.sel(draw=draws), levers.sel(allocation=turned))
    assert found.equals(usual.sel(draw=draws, allocation=turned))


@pytest.mark.parametrize(
    ("value", "fragment"),
    [
        (held(draw=[0, 1, 2, 3, 5]), "guarded: found draw 0, 1, 2, 3, 5; allowed: 0, 1, 2, 3, 4, in any order"),
        (held(draw=[0, 1, 2, 3, 3]), "guarded: found draw 0, 1, 2, 3, 3"),
        (held(draw=[0, 1]), "guarded: found draw 0, 1; allowed"),
        (
            held(allocation=["before", "today", "plan", "mine"]),
            "guarded: found allocation before, today, plan, mine; allowed: before, today, plan, all_round",
        ),
        (held(field=["hill", "marsh"]), "guarded: found field hill, marsh; allowed: hill, valley"),
        (xr.DataArray([1.0, 2.0], dims="draw"), "guarded: found 2 places along draw; allowed: 5"),
    ],
)
def test_a_held_array_of_other_labels_is_refused(
    beliefs: Beliefs, levers: xr.Dataset, value: xr.DataArray, fragment: str
) -> None:
    with pytest.raises(InputError) as error:
        evaluate(do(STORY, "guarded", value), beliefs.parameters, levers)
    assert fragment in str(error.value)


def test_a_held_array_without_labels_goes_by_position(beliefs: Beliefs, levers: xr.Dataset) -> None:
    bare = HELD["all"].drop_vars(["draw", "allocation", "field"])
    found = [evaluate(do(STORY, "guarded", one), beliefs.parameters, levers) for one in (HELD["all"], bare)]
    assert found[0].equals(found[1])


# Parameters and levers ------------------------------------------------------------------------------------------------


def test_places_of_parameters_and_levers_may_come_in_any_order(beliefs: Beliefs, levers: xr.Dataset) -> None:
    usual = evaluate(STORY, beliefs.parameters, levers)
    turned = evaluate(STORY, beliefs.parameters.isel(field=[1, 0]), levers.isel(field=[1, 0]))
    assert turned.equals(usual)
    assert not (beliefs.parameters["watch_gain"][:, 0] == beliefs.parameters["watch_gain"][:, 1]).any()


@pytest.mark.parametrize("which", ["parameters", "levers"])
def test_other_places_are_refused(beliefs: Beliefs, levers: xr.Dataset, which: str) -> None:
    parameters, moved = beliefs.parameters, levers
    if which == "parameters":
        parameters = parameters.assign_coords(field=["hill", "marsh"])
    else:
        moved = moved.assign_coords(field=["hill", "marsh"])
    with pytest.raises(InputError, match="found field hill, marsh; allowed: hill, valley"):
        evaluate(STORY, parameters, moved)


def test_draws_keep_their_labels(beliefs: Beliefs, levers: xr.Dataset) -> None:
    found = evaluate(STORY, beliefs.parameters.isel(draw=[4, 2]), levers, ["harvest"])
    assert found["draw"].values.tolist() == [4, 2]
    assert found.equals(evaluate(STORY, beliefs.parameters, levers, ["harvest"]).sel(draw=[4, 2]))
