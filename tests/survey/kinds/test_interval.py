"""Ranges that people state, and histograms."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from tests.survey.groups import NAN, asked, log_density, stated
from tests.survey.surveys import question, values_of
from toc_model.survey.kinds import KINDS, interval
from toc_model.survey.kinds.beliefs import NORMAL, STUDENT
from toc_model.survey.kinds.densities import TAILS
from toc_model.survey.learning.people import people_of

YEARS: dict[str, Any] = {"scale": "log", "unit": "years"}


@given(st.floats(0.01, 0.98), st.floats(0.001, 0.9), st.floats(-6, 6), st.floats(0.2, 4))
def test_a_range_of_probabilities_has_the_probability_of_a_belief_in_it(
    low: float, width: float, centre: float, deviation: float
) -> None:
    high = min(low + width, 0.999)
    item = asked("interval", stated("interval", [(NAN, NAN, low, high)]))
    law = stats.t(TAILS, centre, deviation)
    lower, upper = special.logit([low, high])
    exact = law.cdf(upper) - law.cdf(lower) if centre > lower else law.sf(lower) - law.sf(upper)
    assert log_density(item, centre, deviation) == pytest.approx(np.log(exact), rel=1e-6)


@pytest.mark.parametrize(("bounds", "name"), [((NAN, 8.0), "logcdf"), ((0.0, 8.0), "logcdf"), ((8.0, NAN), "logsf")])
def test_a_range_may_be_open(bounds: tuple[float, float], name: str) -> None:
    item = asked("interval", stated("interval", [(NAN, NAN, *bounds)]), **YEARS)
    expected = getattr(stats.norm(1.5, 0.7), name)(np.log(8))
    assert log_density(item, 1.5, 0.7) == pytest.approx(expected)


@pytest.mark.parametrize(("scale", "law"), [("logit", stats.t(TAILS, 0.3, 0.8)), ("log", stats.norm(0.3, 0.8))])
def test_beliefs_are_drawn_as_ranges_have_them(scale: str, law: Any) -> None:
    found = KINDS["interval"].simulated(
        question("interval", scale=scale, unit="fraction"),
        np.full(20_000, 0.3),
        {"deviation": np.array(0.8)},
        {},
        np.random.default_rng(1),
    )
    assert stats.kstest(found, law.cdf).pvalue > 0.001


def test_ranges_that_touch_share_all_beliefs() -> None:
    rows = [stated("count", [(NAN, NAN, low, high)], 1, f"{low}") for low, high in ((0, 0.1), (0.1, 0.5), (0.5, 1))]
    item = asked("count", *rows)
    centre = xr.DataArray(np.linspace(-5, 5, 41), dims="draw")
    np.testing.assert_allclose(np.exp(log_density(item, centre, 1.3)).sum(axis=0), 1)


def test_a_bar_is_so_many_people_who_state_a_range() -> None:
    bars = asked("count", stated("count", [(NAN, NAN, 0.1, 0.2)], 7), stated("count", [(NAN, NAN, NAN, 0.1)], 3, "low"))
    people = [stated("interval", [(NAN, NAN, 0.1, 0.2)], who=f"r{place}") for place in range(7)]
    people += [stated("interval", [(NAN, NAN, 0.0, 0.1)], who=f"l{place}") for place in range(3)]
    each = asked("interval", *people)
    assert (bars.respondents, each.respondents) == (10, 10)
    for item in (bars, each):
        np.testing.assert_array_equal(np.sort(item.data["count"]), [3, 7])
    whole = [log_density(item, -1.2, 0.9) @ item.data["count"].values for item in (bars, each)]
    assert whole[0] == pytest.approx(whole[1])


def test_the_people_of_two_bars_are_nobody_who_answered_another_question() -> None:
    bars = asked("count", stated("count", [(NAN, NAN, 0.1, 0.2)], 7), stated("count", [(NAN, NAN, NAN, 0.1)], 3, "low"))
    other = asked("interval", stated("interval", [(NAN, NAN, 0.1, 0.2)]))
    (found,) = people_of([bars, other])
    assert not found.together
    assert found.counts.sum() == 11


def test_ranges_that_say_nothing_or_can_not_be_are_left_out() -> None:
    rows = [(0.1, 0.2), (0.0, 1.0), (NAN, NAN), (-0.3, 0.2), (0.9, 1.2)]
    ranges = [stated("interval", [(NAN, NAN, *row)], who=f"r{place}") for place, row in enumerate(rows)]
    assert asked("interval", *ranges).left_out == {interval.NOTHING_SAID: 1, "empty": 1, "impossible": 2}
    late = [stated("interval", [(NAN, NAN, *row)], who=f"{row}") for row in ((1, 2), (12, 14))]
    assert asked("interval", *late, **YEARS, upper=10.0).left_out == {"impossible": 1}


def test_a_range_is_no_exact_answer() -> None:
    item = asked("interval", stated("interval", [(NAN, NAN, 0.1, 0.2)]))
    assert np.isnan(KINDS["interval"].observed(item.data)).all()
    assert KINDS["interval"].summaries(item.mapping, np.array([1.0, 2.0, 9.0]))[0] == 2


def test_far_out_a_law_stays_finite() -> None:
    for law in (STUDENT, NORMAL):
        assert np.isfinite(values_of(law.log_between(np.float64(1e6), np.float64(1e6 + 1))))
    expected = np.log(stats.t.cdf(1, TAILS) - stats.t.cdf(-2, TAILS))
    assert values_of(STUDENT.log_between(np.float64(-2), np.float64(1))) == pytest.approx(expected)


def test_many_people_cost_no_more_than_one() -> None:
    item = asked("count", stated("count", [(NAN, NAN, 0.1, 0.2)], 100_000))
    assert (item.data.sizes["pattern"], item.respondents) == (1, 100_000)
    assert isinstance(item.members, pd.Series)
