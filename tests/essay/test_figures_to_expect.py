"""The section "Figures to expect" of the design page: what each worldview says of one move, within its error."""

import math
from dataclasses import dataclass
from functools import cache

import pytest

from tests.shipped import load_beliefs
from toc_model.beliefs.beliefs import Beliefs
from toc_model.questions.run.moves import Move, evaluated
from toc_model.questions.run.rates import rates

pytestmark = pytest.mark.slow

DRAWS, TABLE_DRAWS = 100_000, 200_000
MEMBERS = 10_000
"""Of a camp, picked from ten times as many draws of the base."""
CAMPS = ("ml_authors", "safety_leaders", "superforecasters", "panel")
ERRORS = 4


@dataclass(frozen=True)
class Row:
    """A line of the table, as printed."""

    now: float
    moved: float
    change: float
    low: float
    high: float
    better: float
    relative: float
    break_even: float | None
    hours: tuple[float, float] | None = None


TABLE = {
    "base": Row(0.246, 0.243, -0.0029, -0.026, 0.011, 0.55, -0.012, 0.017, (0.08, 0.02)),
    "essay": Row(0.681, 0.653, -0.0286, -0.108, 0.004, 0.89, -0.042, 0.062, (1.62, 0.83)),
    "critic": Row(0.646, 0.660, 0.0136, 0.0, 0.046, 0.05, 0.021, None, (-0.08, -0.05)),
    "ml_authors": Row(0.154, 0.152, -0.0018, -0.017, 0.007, 0.55, -0.012, 0.009),
    "safety_leaders": Row(0.340, 0.336, -0.0034, -0.028, 0.011, 0.56, -0.011, 0.023),
    "superforecasters": Row(0.020, 0.020, -0.0004, -0.003, 0.001, 0.56, -0.019, 0.0017),
    "panel": Row(0.171, 0.169, -0.0019, -0.017, 0.007, 0.56, -0.011, 0.010),
}
WORLDVIEWS = [name for name in TABLE if name not in CAMPS]


@cache
def beliefs_of(worldview: str, as_of: str | None = None) -> Beliefs:
    return load_beliefs(worldview, draws=MEMBERS if worldview in CAMPS else DRAWS, seed=5, as_of=as_of)


@cache
def move_of(worldview: str, as_of: str | None = None, to: str = "recommended") -> Move:
    beliefs = beliefs_of(worldview, as_of)
    back = {"back": {"buying_time_share": {"researchers": 0.2, "builders": 0.1}}}
    named = beliefs.documents.allocations(back) if to == "back" else beliefs.documents.allocations().only([to])
    return evaluated(beliefs, named).move(to)


def standard_errors(draws: int) -> float:
    """Of a difference to the table, for a standard deviation of one."""
    return ERRORS * math.sqrt(1 / draws + 1 / TABLE_DRAWS)


def close(found: float, expected: float, spread: float, rounding: float, draws: int = DRAWS) -> None:
    assert found == pytest.approx(expected, abs=spread * standard_errors(draws) + rounding)


# Base and its patches -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("worldview", WORLDVIEWS)
def test_p_doom_before_and_after_is_that_of_the_table(worldview: str) -> None:
    move, row = move_of(worldview), TABLE[worldview]
    spread = float(move.before.std())
    close(float(move.before.mean()), row.now, spread, 5e-4)
    close(float((move.before + move.change).mean()), row.moved, spread, 5e-4)


@pytest.mark.parametrize("worldview", WORLDVIEWS)
def test_the_paired_change_is_that_of_the_table(worldview: str) -> None:
    move, row = move_of(worldview), TABLE[worldview]
    spread = float(move.change.std())
    close(float(move.change.mean()), row.change, spread, 5e-5)
    for level, expected in ((0.05, row.low), (0.95, row.high)):
        close(float(move.change.quantile(level)), expected, 3 * spread, 5e-4)


@pytest.mark.parametrize("worldview", WORLDVIEWS)
def test_the_share_of_draws_and_the_relative_change_are_those_of_the_table(worldview: str) -> None:
    found, row = move_of(worldview).to_dict(), TABLE[worldview]
    close(found["share_better"], row.better, math.sqrt(row.better * (1 - row.better)), 5e-3)
    close(found["relative"]["mean"], row.relative, found["relative"]["mcse"] * math.sqrt(DRAWS), 5e-4)


@pytest.mark.parametrize("worldview", WORLDVIEWS)
def test_the_break_even_cost_of_delay_is_that_of_the_table(worldview: str) -> None:
    found, row = move_of(worldview).break_even, TABLE[worldview]
    assert found is not None
    if row.break_even is None:
        assert found.verdict == "none"
    else:
        close(found.cost, row.break_even, found.error * math.sqrt(DRAWS), 5e-4)


@pytest.mark.parametrize("worldview", WORLDVIEWS)
def test_hours_bought_per_hour_are_those_of_the_table(worldview: str) -> None:
    beliefs, row = beliefs_of(worldview), TABLE[worldview]
    assert row.hours is not None
    mean, median = row.hours
    found = rates(beliefs)["hours_bought_per_hour"]
    close(found["mean"], mean, found["mcse"] * math.sqrt(DRAWS), 5e-3)
    close(found["median"], median, 1.25 * abs(mean - median), 5e-3)


# Camps --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("worldview", CAMPS)
def test_camps_say_of_doom_and_of_the_move_what_the_table_says(worldview: str) -> None:
    found, row = move_of(worldview).to_dict(), TABLE[worldview]
    assert found["p_doom"]["mean"] == pytest.approx(row.now, abs=0.004)
    assert found["p_doom"]["mean"] + found["change"]["mean"] == pytest.approx(row.moved, abs=0.004)
    assert found["change"]["mean"] == pytest.approx(row.change, abs=0.0006)
    close(found["change"]["mean"], row.change, found["change"]["mcse"] * math.sqrt(MEMBERS), 5e-5, MEMBERS)
    close(found["share_better"], row.better, 0.5, 5e-3, MEMBERS)
    close(found["relative"]["mean"], row.relative, found["relative"]["mcse"] * math.sqrt(MEMBERS), 5e-4, MEMBERS)
    assert found["change"]["q05"] == pytest.approx(row.low, abs=0.003)
    assert found["change"]["q95"] == pytest.approx(row.high, abs=0.003)


ROUNDED: dict[str, float] = {"superforecasters": 5e-5}


@pytest.mark.parametrize("worldview", CAMPS)
def test_camps_have_the_break_even_of_the_table(worldview: str) -> None:
    found, row = move_of(worldview).break_even, TABLE[worldview]
    assert found is not None
    assert row.break_even is not None
    close(found.cost, row.break_even, found.error * math.sqrt(MEMBERS), ROUNDED.get(worldview, 5e-4), MEMBERS)


PRINTED = {"ml_authors": 0.0017, "safety_leaders": 0.0027, "superforecasters": 0.0004, "panel": 0.0010}


@pytest.mark.parametrize("worldview", CAMPS)
def test_at_2000_draws_break_even_has_the_errors_that_the_page_prints(worldview: str) -> None:
    beliefs = load_beliefs(worldview, draws=2000, seed=5)
    found = evaluated(beliefs, beliefs.documents.allocations().only(["recommended"])).move("recommended").break_even
    assert found is not None
    assert PRINTED[worldview] / 2 < found.error < 2 * PRINTED[worldview]


# Late 2026 ----------------------------------------------------------------------------------------------------------


def test_by_late_2026_doom_under_base_is_that_of_the_page() -> None:
    before = move_of("base", "late_2026").before
    close(float(before.mean()), 0.242, float(before.std()), 5e-4)


@pytest.mark.parametrize(("worldview", "expected"), [("base", -0.0013), ("essay", -0.0060), ("critic", 0.0047)])
def test_by_late_2026_the_move_changes_what_the_page_says(worldview: str, expected: float) -> None:
    change = move_of(worldview, "late_2026").change
    close(float(change.mean()), expected, float(change.std()), 5e-5)


def test_by_late_2026_the_move_is_better_in_so_many_draws_under_base() -> None:
    close(move_of("base", "late_2026").to_dict()["share_better"], 0.61, math.sqrt(0.61 * 0.39), 5e-3)


def test_by_late_2026_going_back_does_harm_under_base() -> None:
    change = move_of("base", "late_2026", "back").change
    close(float(change.mean()), 0.0043, float(change.std()), 5e-5)
