"""What delay costs: laws that hold whatever is valued, and the same loss by plain evaluation and compiled."""

from dataclasses import replace

import hypothesis.strategies as st
import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis.extra import numpy as npst

from tests.toy import CASE, by_hand
from toc_model.beliefs.loading import load_beliefs
from toc_model.engine.program.outcome import record_outcome
from toc_model.engine.value import DelayCost, delay_cost
from toc_model.errors import InputError
from toc_model.essay.case import ESSAY
from toc_model.statistics.break_even import break_even

columns = npst.arrays(float, (2, 12), elements=st.floats(-5, 5).map(lambda x: round(x, 2)))
shares = st.floats(0, 1)


def chosen(share: float, *, lower_is_better: bool = True) -> DelayCost:
    found = delay_cost(ESSAY if lower_is_better else CASE, share)
    assert found is not None
    return found


@given(columns, shares, st.booleans())
def test_a_loss_grows_by_the_share_of_what_waits(values: np.ndarray, share: float, lower: bool) -> None:
    outcome, later = values
    cost = chosen(share, lower_is_better=lower)
    grown = cost.objective.loss(cost.counted(outcome, later)) - cost.objective.loss(outcome)
    np.testing.assert_allclose(grown, share * later, atol=1e-12)


@given(columns, columns, shares)
def test_the_change_counted_is_the_counted_ones_change(before: np.ndarray, after: np.ndarray, share: float) -> None:
    cost = chosen(share)
    difference = cost.counted(*after) - cost.counted(*before)
    np.testing.assert_allclose(cost.counted(*(after - before)), difference, atol=1e-12)


@given(columns)
def test_a_move_is_worth_nothing_at_its_break_even_and_less_beyond(values: np.ndarray) -> None:
    change, later = (xr.DataArray(row, dims="draw") for row in values)
    found = break_even(change, later)
    if found.verdict != "cost" or not 0 <= found.cost <= 1:
        return
    assert float(chosen(found.cost).counted(change, later).mean()) == pytest.approx(0, abs=1e-9)
    assert float(chosen(found.cost / 2).counted(change, later).mean()) < 0


def test_what_is_left_is_what_waits() -> None:
    """Two years later with P(doom) .6 is .8 of a year's worth; five days later with 30 tonnes is 150."""
    assert ESSAY.delay is not None
    assert CASE.delay is not None
    assert ESSAY.delay.later(11.0, 9.0, 0.6) == pytest.approx(0.8)
    assert CASE.delay.later(125.0, 120.0, 30.0) == pytest.approx(150.0)


def test_nothing_is_assumed() -> None:
    assert delay_cost(ESSAY, None) is None
    assert delay_cost(replace(CASE, delay=None), None) is None


@pytest.mark.parametrize("share", [-1e-9, 1.001, float("nan"), float("inf")])
def test_what_is_no_share_is_refused(share: float) -> None:
    with pytest.raises(InputError, match="allowed: a share from 0 to 1 of what there is to lose, for a year"):
        delay_cost(ESSAY, share)


def test_a_case_without_delay_has_no_cost_of_it() -> None:
    with pytest.raises(InputError, match=r"found 0\.1; allowed: none, for the village does not count delay"):
        delay_cost(replace(CASE, delay=None), 0.1)


def test_a_compiled_story_counts_delay_with_its_slope() -> None:
    """The value and the exact slope of (sown + gain x - toil x^2)(1 - 2 c x), x the kilometres above the first."""
    beliefs, share = load_beliefs(CASE, draws=50), 0.013
    cost = chosen(share, lower_is_better=False)
    found = record_outcome(beliefs.story, beliefs.parameters, beliefs.anchor, "harvest", cost=cost)
    length, watch, weights = np.array(5.0), np.array([0.5, 0.5]), np.full(50, 1 / 50)
    harvest, has = by_hand.harvest(beliefs, 5.0, 0.5), by_hand.values(beliefs)
    left = 1 - share * 2 * 4
    np.testing.assert_allclose(found.value([length, watch]), harvest * left, rtol=1e-12)
    more = has["fence_gain"] * (1 - has["jumped"]) - 2 * has["toil"] * 4
    slope = (more * left - 2 * share * harvest).mean()
    assert float(found.slope([length, watch], weights)[0]) == pytest.approx(slope, rel=1e-9)


def test_a_held_arrival_is_not_later_than_itself() -> None:
    """Where the day is held as in the reference, delay costs nothing; where it is held elsewhere, all pay for it."""
    for value, factor in (("before", 1.0), ("130", 1 - 0.01 * 10)):
        beliefs = load_beliefs(CASE, draws=20, overrides=[f"do(ripe)={value}"])
        cost = chosen(0.01, lower_is_better=False)
        found = record_outcome(beliefs.story, beliefs.parameters, beliefs.anchor, "harvest", cost=cost)
        harvest = by_hand.harvest(beliefs, 5.0, 0.5)
        np.testing.assert_allclose(found.value([np.array(5.0), np.array([0.5, 0.5])]), harvest * factor, rtol=1e-12)
