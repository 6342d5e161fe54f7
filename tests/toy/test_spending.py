"""What the village pays for its fence: by hand, by name, by the kilometre, and how it is told."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import xarray as xr

import toc_model as toc
from tests.conftest import Toc
from tests.refused import assert_refused
from tests.toy import CASE
from tests.toy.conftest import DRAWS, AskJson, printed
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.present import words
from toc_model.present.section import Number
from toc_model.questions.compare import compare
from toc_model.questions.compare.spending import spending
from toc_model.questions.compare.spending_words import _ratio, frontiers
from toc_model.questions.run.words import cost_cell
from toc_model.statistics.cost_effectiveness import frontier, frontier_shares

SACKS = 20
"""In a tonne."""


def rows_of(found: Any, worldview: str) -> dict[str, dict[str, Any]]:
    return {name: row["cost_effectiveness"] for name, row in found["worldviews"][worldview].items()}


@pytest.mark.parametrize(
    ("ratio", "error", "shown"),
    [
        (0.157, 0.00536, "0.157 ±0.005"),
        (2104.0, 267.4, "2,100 ±267"),
        (12.34, 0.512, "12.3 ±0.5"),
        (0.157, 0.00012, "0.157 ±0.0001"),
        (3.0, 0.0, "3 ±0"),
        (4.531e-30, 2e-31, "4.53e-30 ±2e-31"),
    ],
)
def test_a_ratio_has_its_error_to_its_own_decimals(ratio: float, error: float, shown: str) -> None:
    assert _ratio({"ratio": ratio, "ratio_mcse": error}) == shown


@pytest.mark.parametrize(
    ("cost", "mcse", "shown"),
    [(0.024, 0.003, "2.4 ±0.3 %"), (0.0237, 0.0003, "2.37 ±0.03 %"), (0.0094, 0.001, "0.94 ±0.10 %")],
)
def test_a_break_even_has_the_decimals_that_show_its_error(cost: float, mcse: float, shown: str) -> None:
    assert cost_cell({"verdict": "cost", "cost": cost, "mcse": mcse}) == Number(shown, cost)


def test_ratios_are_what_a_sack_more_costs(farmer: Beliefs, allocations: Allocations) -> None:
    found = rows_of(compare([farmer], allocations, costs={"plan": 100, "all_round": 250}).to_dict(), "farmer")
    harvest = farmer.outcome(allocations.levers())
    sacks = SACKS * (harvest - harvest.sel(allocation="today", drop=True)).mean("draw")
    plan, round_ = (float(sacks.sel(allocation=name)) for name in ("plan", "all_round"))
    assert found["plan"]["gained"]["mean"] == pytest.approx(plan)
    assert found["plan"]["ratio"] == pytest.approx(100 / plan)
    assert found["all_round"]["ratio"] == pytest.approx(150 / (round_ - plan))
    assert (found["all_round"]["after"], found["today"]["after"], found["today"]["ratio"]) == ("plan", None, None)
    assert [row["verdict"] for row in found.values()] == ["ND"] * 3
    assert (found["today"]["cost"], found["plan"]["status_shares"]) == (0, {"ND": 1, "ED": 0, "D": 0})


def test_what_costs_more_and_gains_less_is_dominated(almanac: Beliefs, allocations: Allocations) -> None:
    result = compare([almanac], allocations, costs={"plan": 100, "all_round": 250})
    found = result.to_dict()
    rows = rows_of(found, "almanac")
    assert (rows["all_round"]["verdict"], rows["all_round"]["ratio"]) == ("D", None)
    choices = found["spending"]["choices"]["almanac"]
    assert [row["best"] for row in choices] == ["today", "plan"]
    assert choices[1]["from"] == pytest.approx(rows["plan"]["ratio"])
    assert 0 < choices[1]["p_best"] < 1
    assert 0 < choices[1]["p_best_mcse"] < 0.05
    text = " ".join(str(result).split())
    assert "At these costs, as you say, the cost-effectiveness frontier under almanac as of spring 1400 is" in text
    assert "“today” and, in order of cost, “plan” (1." in text
    assert "Which to choose by what one sack is worth to you" in text


def test_a_status_that_the_seed_turns_is_said_not_to_be_told(almanac: Beliefs) -> None:
    """Two fences that bring in nearly as much cost the same."""
    options = {"today": {"fence": 3.0}, "a": {"fence": 7.0}, "b": {"fence": 7.5}}
    result = toc.compare(almanac, toc.allocations(options, case=CASE), costs={"a": 1, "b": 1})
    rows = rows_of(result.to_dict(), "almanac")
    shares = frontier_shares(result.losses[0], xr.DataArray([0.0, 1, 1], dims="allocation"))
    for name in ("a", "b"):
        assert rows[name]["status_shares"]["ND"] == float(shares.sel(status="ND", allocation=name))
    unsure = [name for name in ("a", "b") if rows[name]["verdict"] == "not told apart"]
    text = " ".join(str(result).split())
    assert bool(unsure) == ("there is not told apart" in text)
    assert unsure


def test_what_is_off_the_frontier_is_not_said_to_be_unsure_of_it(almanac: Beliefs) -> None:
    """An allocation that resamples put off the frontier, dominated in some and by mixtures in others."""
    names = ["today", "plan", "all_round"]
    found = compare([almanac], almanac.documents.allocations(), costs={"plan": 100, "all_round": 250})
    shares = xr.DataArray([[1.0, 0.5, 0.0], [0.0, 0.5, 0.4], [0.0, 0.0, 0.6]], dims=("status", "allocation"))
    shares = shares.assign_coords(status=["ND", "ED", "D"], allocation=names)
    spent = replace(found.spending[0], shares=shares)
    assert [spent.verdict(name) for name in names] == ["ND", "not told apart", "not told apart"]
    (said,) = frontiers(replace(found, spending=(spent,)))
    assert said.endswith(f"; whether {words.quoted('plan')} belongs there is not told apart.")


def test_the_same_by_what_is_moved(figures: AskJson) -> None:
    """Plan builds three kilometres, the fence all round nine."""
    by_unit = rows_of(figures("compare", "--unit-cost", "40"), "almanac")
    by_name = rows_of(figures("compare", "--costs", "all_round=360, plan=120"), "almanac")
    assert by_unit == by_name
    assert [row["cost"] for row in by_unit.values()] == [0, 120, 360]


def test_costs_may_be_draws_and_go_by_name(almanac: Beliefs, allocations: Allocations) -> None:
    rng = np.random.default_rng(0)
    costs = xr.DataArray(
        rng.random((DRAWS, 3)),
        dims=("draw", "allocation"),
        coords={"draw": almanac.parameters["draw"], "allocation": ["all_round", "today", "plan"]},
    )
    found = rows_of(compare([almanac], allocations, costs=costs).to_dict(), "almanac")
    for name, row in found.items():
        assert row["cost"] == pytest.approx(float(costs.sel(allocation=name).mean()))
    again = compare([almanac], allocations, costs=costs.isel(draw=slice(None, None, -1)))
    for name, row in rows_of(again.to_dict(), "almanac").items():
        assert row["cost"] == pytest.approx(found[name]["cost"])
        assert row["ratio_mcse"] == pytest.approx(found[name]["ratio_mcse"])


def test_what_delay_costs_is_taken_from_what_is_gained(almanac: Beliefs, allocations: Allocations) -> None:
    result = compare([almanac], allocations, costs={"plan": 100, "all_round": 250}, delay_cost=0.01)
    counted = result.with_delay
    assert counted is not None
    cost = xr.DataArray([0.0, 100, 250], dims="allocation")
    expected = frontier(counted.losses[0] * SACKS, cost)
    found = rows_of(result.to_dict(), "almanac")
    assert found["plan"]["ratio"] == pytest.approx(float(expected["ratio"].sel(allocation="plan")))


def test_nothing_is_said_of_costs_where_none_are_given(almanac: Beliefs, allocations: Allocations) -> None:
    result = compare([almanac], allocations)
    assert result.spending == ()
    assert "cost_effectiveness" not in json.dumps(result.to_dict())
    assert "frontier under" not in str(result)
    priced = compare([almanac], allocations, costs={"plan": 1, "all_round": 2})
    assert len(priced.to_dataframe()) == len(result.to_dataframe())


def test_options_on_one_line_are_one_step() -> None:
    loss = xr.DataArray(-np.linspace(0, 0.9, 4) * np.ones((50, 1)), dims=("draw", "allocation"))
    names = {"allocation": ["today", "a", "b", "c"]}
    cost = xr.DataArray([0, 0.3, 0.1 + 0.5, 0.9], dims="allocation", coords=names)
    found = spending(loss.assign_coords(names), cost, "today", CASE.objective.small)
    assert list(found.edges) == pytest.approx([0, 1 / SACKS])
    assert [row["best"] for row in found.to_dict()] == ["today", "c"]


def test_what_saves_has_a_negative_cost(almanac: Beliefs, allocations: Allocations) -> None:
    found = compare([almanac], allocations, costs={"plan": -5, "all_round": 10, "today": 0})
    rows = rows_of(found.to_dict(), "almanac")
    assert (rows["plan"]["verdict"], rows["today"]["verdict"]) == ("ND", "D")
    assert "“plan” alone" in str(found)


@pytest.mark.parametrize(
    ("words", "fragments"),
    [
        (["--costs", "plan=100"], ["costs: found none of 'all_round'; allowed: one of each of plan, all_round"]),
        (["--costs", "plam=100"], ["costs: unknown allocation 'plam'; did you mean 'plan'?"]),
        (["--costs", "plan"], ["--costs 'plan': allowed: NAME=AMOUNT"]),
        (["--costs", "plan=x"], ["--costs 'plan=x': allowed: NAME=AMOUNT"]),
        (["--costs", "plan=1,plan=2"], ["--costs: found 'plan' twice"]),
        (["--costs", ""], ["--costs '': allowed: NAME=AMOUNT"]),
        (["--costs", "plan=inf,all_round=1"], ["costs: found a value that is not a finite number"]),
        (["--costs", "plan=1,all_round=1", "--unit-cost", "3"], ["costs: found a unit cost as well"]),
        (["--unit-cost", "0"], ["cost of one kilometre: found 0; allowed: more than 0"]),
        (["--unit-cost", "-4"], ["cost of one kilometre: found -4"]),
        (["--unit-cost", "nan"], ["cost of one kilometre: found nan"]),
    ],
)
def test_what_is_no_cost_of_allocations(toc: Toc, words: list[str], fragments: list[str]) -> None:
    assert_refused(toc("--case", "tests.toy:CASE", "compare", "--draws", 20, *words), *fragments)


@pytest.mark.parametrize(
    ("costs", "message"),
    [
        ({"plan": "much", "all_round": 2}, "costs: plan: found 'much'; allowed: an amount"),
        ({"plan": float("nan"), "all_round": 2}, "costs: found a value that is not a finite number"),
        (xr.DataArray([1.0, 2.0], dims="allocation"), "costs: found no names of allocations"),
        (
            xr.DataArray([1.0, 2.0], dims="allocation", coords={"allocation": ["plan", "plan"]}),
            "costs: found the allocation plan twice",
        ),
        (
            xr.DataArray(np.ones((3, 2)), dims=("draw", "allocation"), coords={"allocation": ["plan", "all_round"]}),
            f"cost: found 3 draws; allowed: {DRAWS}",
        ),
    ],
)
def test_costs_from_python_that_can_not_be_used(
    almanac: Beliefs, allocations: Allocations, costs: Any, message: str
) -> None:
    with pytest.raises(toc.InputError) as error:
        compare([almanac], allocations, costs=costs)
    assert message in str(error.value)


def test_a_case_that_moves_nothing_has_no_unit_to_cost() -> None:
    still = replace(CASE, moving=None)
    with pytest.raises(toc.InputError, match="unit cost: found 3; allowed: none, for village counts no moving"):
        toc.compare("almanac", draws=20, case=still, unit_cost=3)


def test_the_command_shows_both_tables() -> None:
    text = " ".join(printed("compare", "--draws", 200, "--costs", "plan=100,all_round=250").split())
    for said in ("What allocations cost for what they gain", "sacks brought in", "ND", "Which to choose by what one"):
        assert said in text
