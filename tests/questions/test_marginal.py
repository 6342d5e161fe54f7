"""The margin of any case: slopes of levers, and the steps that a case brings."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import Toc
from tests.shipped import STORY, load_allocations, load_beliefs
from tests.toy import CASE, by_hand
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.loading import load_beliefs as load_any_beliefs
from toc_model.engine.case import Case
from toc_model.errors import InputError
from toc_model.questions.marginal import Marginal, marginal, words
from toc_model.questions.marginal.slopes import HALF, moves_of

SACK = 0.05


@pytest.fixture(scope="module")
def village() -> Beliefs:
    return load_any_beliefs(CASE, draws=200)


def slope_of_the_fence(beliefs: Beliefs, length: float) -> np.ndarray:
    """Tonnes for a kilometre more, draw by draw."""
    has = by_hand.values(beliefs)
    return np.asarray(has["fence_gain"] * (1 - has["jumped"]) - 2 * has["toil"] * (length - 1))


def of_case(beliefs: Beliefs, case: Case) -> Beliefs:
    return replace(beliefs, documents=replace(beliefs.documents, case=case))


# Slopes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("at", "length"), [("today", 3.0), ("plan", 6.0)])
def test_a_free_lever_is_worth_its_slope(village: Beliefs, at: str, length: float) -> None:
    found = marginal([village], village.documents.allocations(), at=at).margins[0].gained
    np.testing.assert_allclose(found.sel(variable="fence"), slope_of_the_fence(village, length) / SACK, rtol=1e-9)


def test_at_a_bound_the_difference_is_on_one_side(village: Beliefs) -> None:
    """The whole fence can only be shorter: the slope in the middle of that step."""
    found = marginal([village], village.documents.allocations(), at="all_round").margins[0].gained
    expected = slope_of_the_fence(village, 12 - HALF * 12 / 2) / SACK
    np.testing.assert_allclose(found.sel(variable="fence"), expected, rtol=1e-9)


def test_what_adds_up_to_one_grows_at_the_expense_of_the_others(village: Beliefs) -> None:
    found = marginal([village], village.documents.allocations()).margins[0].gained
    has = by_hand.values(village)
    expected = 0.01 * (has["valley"] - has["hill"]) / SACK
    np.testing.assert_allclose(found.sel(variable="watch.valley"), expected, atol=1e-9)
    np.testing.assert_allclose(found.sel(variable="watch.hill"), -expected, atol=1e-9)


def test_others_keep_their_proportions_and_stay_within_bounds() -> None:
    now = {variable.name: 0.25 for variable in STORY.variables}
    now |= {"mix.researchers.outreach": 1.0} | {
        f"mix.researchers.{other}": 0.0 for other in ("evaluations", "grounding_papers", "convening")
    }
    now |= {"mix.builders.outreach": 0.6, "mix.builders.convening": 0.4}
    now |= {"mix.builders.evaluations": 0.0, "mix.builders.grounding_papers": 0.0, "researchers": 1.0, "builders": 0.0}
    for move in moves_of(STORY, now):
        name = move.variable.name
        for end in (move.low, move.high):
            assert all(0 <= value <= 1 for value in end.values()), name
            if move.variable.lever.sums_over:
                assert sum(end.values()) == pytest.approx(1), name
        assert 0 < move.width < 2.001 * HALF, name
    low = next(move.low for move in moves_of(STORY, now) if move.variable.name == "mix.researchers.outreach")
    assert [value for name, value in low.items() if not name.endswith("outreach")] == pytest.approx([HALF / 3] * 3)
    high = next(move.high for move in moves_of(STORY, now) if move.variable.name == "mix.builders.evaluations")
    assert high["mix.builders.outreach"] / high["mix.builders.convening"] == pytest.approx(1.5)


def test_less_is_better_for_the_essay_and_gains_are_for_the_better() -> None:
    """The slope of P(doom) by hand, in micro-dooms averted for a percentage point."""
    beliefs, named = load_beliefs("base", draws=50), load_allocations()
    found = marginal([beliefs], named).margins[0].gained.sel(variable="researchers")
    quo = named.only([]).levers()
    moved = quo.assign_coords(allocation=["more"]).copy(deep=True)
    moved["buying_time_share"].loc[{"pool": "researchers"}] = 0.2 + 1e-4
    change = beliefs.outcome(moved).isel(allocation=0) - beliefs.outcome(quo).isel(allocation=0)
    averted = -change.mean("draw") / 1e-4 * 0.01 / 1e-6
    assert float(found.mean()) == pytest.approx(float(averted), rel=0.02)


def test_a_micro_doom_costs_what_a_year_of_work_does_over_what_it_averts(toc: Toc) -> None:
    code, out, _ = toc("marginal", "--worldview", "critic", "--draws", 200, "--fte-cost", 200_000, "--json")
    assert code == 0
    found = json.loads(out)["worldviews"]["critic"]
    prices = found["prices"]["by_work"]
    assert (found["prices"]["unit"], found["prices"]["per"]) == ("FTE-year", "micro-dooms averted")
    for work, averted in found["average"].items():
        row = prices[work.replace("_", " ")]
        if averted["mean"] > 1.959964 * averted["mcse"]:
            assert row["mean"] == pytest.approx(200_000 / averted["mean"]), work
            assert row["mcse"] == pytest.approx(200_000 * averted["mcse"] / averted["mean"] ** 2), work
        else:
            assert (row["verdict"] == "unclear") == (averted["mean"] > -1.959964 * averted["mcse"]), work
            assert row["mean"] is None, work
    assert {row["verdict"] for row in prices.values()} >= {"price", "none"}


# What is said -----------------------------------------------------------------------------------------------------


def test_worldviews_stand_side_by_side_with_the_case_s_steps(village: Beliefs) -> None:
    farmer = load_any_beliefs(CASE, "farmer", draws=200)
    found = marginal([village, farmer], village.documents.allocations())
    section = words.section(found)
    days, levers = section.tables
    assert section.title == "What is one more day of building worth?"
    assert [row[0] for row in days.rows] == ["almanac", "farmer"]
    assert list(levers.headings) == ["what is set", "now", "one more", "almanac", "farmer"]
    assert [row[:3:2] for row in levers.rows] == [
        ["length of the fence", "km"],
        ["share of the watch in the hill", "percentage point"],
        ["share of the watch in the valley", "percentage point"],
    ]
    assert "day_of_building" in found.to_dict()["worldviews"]["farmer"]
    assert len(found.to_dataframe()) == 6


def test_a_case_without_steps_has_its_levers(village: Beliefs, tmp_path: Path) -> None:
    bare = of_case(village, replace(CASE, steps=()))
    found = marginal([bare], replace(bare.documents.allocations(), case=bare.case))
    section = words.section(found, pictures=True)
    assert section.title == "What is a little more of each thing worth?"
    assert "length of the fence, one km more" in section.pictures[0].description
    assert "sacks brought in" in str(found)
    assert_drawn(found, "sacks brought in", tmp_path)


def assert_drawn(found: Marginal, text: str, folder: Path) -> None:
    found.plot().savefig(folder / "margin.svg")
    assert text in (folder / "margin.svg").read_text(encoding="utf-8")


def test_the_figure_is_that_of_the_first_step_that_has_one(tmp_path: Path) -> None:
    found = marginal([load_beliefs("base", draws=50)], load_allocations())
    assert_drawn(found, "micro-dooms averted per FTE-year", tmp_path)


def test_unknown_and_double_names_are_refused(village: Beliefs) -> None:
    named = village.documents.allocations()
    with pytest.raises(InputError, match="unknown allocation 'plans'; did you mean 'plan'"):
        marginal([village], named, at="plans")
    with pytest.raises(InputError, match="found one twice"):
        marginal([village, village], named)
