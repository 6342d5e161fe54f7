"""The axis of a question's figures: legible whatever one expert says."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.questions.elicit.fences import DOCUMENTS, GAIN, JUMPED, NAMES, WOLVES, gains, opened, panel_of, said
from toc_model.questions.elicit.feedback import feedback
from toc_model.questions.elicit.feedback.asked import Asked
from toc_model.questions.elicit.feedback.curves import CUT, Axis, Before, Curve, Extent, axis_of, curve_of, height_of
from toc_model.questions.elicit.feedback.figure import goes_beyond, is_cut
from toc_model.questions.elicit.feedback.strip import TICKS, Scale, layered
from toc_model.questions.elicit.feedback.tables import percent
from toc_model.statistics.elicitation import fit, quantiles
from toc_model.survey.panel.said import Said

ANYWHERE = (-math.inf, math.inf)


def extent(low: float, median: float, high: float, family: str = "", lower: float = 0.0) -> Extent:
    fitted = fit(quantiles({0.05: low, 0.5: median, 0.95: high}, lower), family) if family else None
    return Extent(low, median, high, fitted.distribution if fitted else None)


def asked(*answers: Said, families: dict[str, str] | None = None) -> Asked:
    found = feedback(opened(panel_of(more=[WOLVES]), *answers), families=families)
    return found.question(answers[0].question)


def test_one_wide_expert_does_not_press_the_others_together() -> None:
    narrow = [extent(9.0 + k, 10.0 + k, 11.0 + k) for k in range(4)]
    axis = axis_of([*narrow, extent(-1e6, 11.5, 1e6)], ANYWHERE)
    assert axis.high - axis.low < 15
    assert axis.low < 9.0
    assert axis.high > 14.0


def test_a_wide_range_ends_in_an_arrow_that_is_told() -> None:
    found = asked(*gains()[:4], said(NAMES[0], GAIN, -900.0, 2.0, 800.0))
    assert goes_beyond(found)
    assert found.drawn is not None
    assert found.drawn.axis.high < 10
    assert not goes_beyond(asked(*gains()))


def test_a_spike_does_not_flatten_the_others_and_is_told() -> None:
    found = asked(*gains()[:4], said(NAMES[0], GAIN, 1.999, 2.0, 2.001))
    ordinary = max(one.belief.curve.peak for one in found.answers[:3] if one.belief.curve)
    assert found.drawn is not None
    assert ordinary > found.drawn.height / (2 * CUT)
    assert is_cut(found)
    assert not is_cut(asked(*gains()))


def test_a_spike_between_the_points_of_the_axis_is_still_drawn() -> None:
    spike = extent(4.99999, 5.0, 5.00001, "lognormal").curved
    assert spike is not None
    curve = curve_of(spike, Axis(0.0, 12.3, is_log=False))
    assert np.trapezoid(curve.y, curve.x) == pytest.approx(1.0, abs=0.02)


def test_orders_of_magnitude_get_an_axis_of_logarithms_on_which_areas_are_probabilities() -> None:
    spread = [said(name, "wolves", 10.0**k / 3, 10.0**k, 3 * 10.0**k) for k, name in enumerate(NAMES)]
    found = asked(*spread)
    assert found.drawn is not None
    assert found.drawn.axis.is_log
    for belief in [*(one.belief for one in found.answers[1:-1]), found.pool]:
        assert belief is not None
        assert belief.curve is not None
        assert np.trapezoid(belief.curve.y, np.log(belief.curve.x)) == pytest.approx(1.0, abs=0.03)


def test_linear_axes_stay_where_signs_differ_one_tail_is_long_or_there_is_a_bound_above() -> None:
    assert not axis_of([extent(-1.0, 1.0, 1e4), extent(1e3, 1e4, 1e5)], ANYWHERE).is_log
    others = [extent(40.0, 50.0, 60.0)] * 4
    assert not axis_of([*others, extent(1e-4, 50.0, 60.0)], (0.0, math.inf)).is_log
    assert not axis_of([extent(1e-4, 0.01, 0.1), extent(0.2, 0.4, 0.6)], (0.0, 1.0)).is_log
    assert axis_of([extent(1e-6, 1e-5, 1e-4), extent(0.1, 0.2, 0.6)], (0.0, 1.0)).is_log


@pytest.mark.parametrize("family", ["log_t", "lognormal", "gamma", "metalog"])
def test_heavy_tails_and_bounds_stay_on_the_axis(family: str) -> None:
    found = asked(*(said(name, "wolves", 0.01, 0.5 + k, 40.0) for k, name in enumerate(NAMES)),
                  families={"wolves": family})  # fmt: skip
    assert found.drawn is not None
    axis = found.drawn.axis
    assert -10 < axis.low < axis.high < 1e4
    for one in found.answers:
        assert one.belief.curve is not None
        assert np.isfinite(one.belief.curve.y).all()
        assert one.belief.curve.peak > 0


@pytest.mark.parametrize("family", ["mirror_lognormal", "mirror_gamma", "beta", "metalog", "logit_normal"])
def test_mirrored_families_are_drawn_up_to_their_bound(family: str) -> None:
    found = asked(*(said(name, JUMPED, 0.6, 0.9 + k / 100, 0.99) for k, name in enumerate(NAMES)),
                  families={JUMPED: family})  # fmt: skip
    assert found.drawn is not None
    assert 1.0 < found.drawn.axis.high < 1.1
    for one in found.answers:
        curve = one.belief.curve
        assert curve is not None
        assert np.trapezoid(curve.y, curve.x) == pytest.approx(1.0, abs=0.05)


def test_of_even_numbers_the_lower_middle_height_counts() -> None:
    curves = [Curve(np.array([0.0, 1.0]), np.array([0.0, peak]), peak) for peak in (1.0, 100.0)]
    assert height_of(curves) == CUT
    assert height_of(curves[:1]) == 1.0
    assert height_of(curves[:1], curves[1]) == CUT
    assert height_of(curves[:1], Curve(np.array([0.0]), np.array([1.5]), 1.5)) == 1.5


def test_spikes_of_all_at_both_bounds_do_not_empty_the_middle() -> None:
    found = asked(*(said(name, JUMPED, 0.0001, 0.5 + k / 50, 0.9999) for k, name in enumerate(NAMES)),
                  families={JUMPED: "beta"})  # fmt: skip
    assert found.drawn is not None
    for one in found.answers:
        curve = one.belief.curve
        assert curve is not None
        assert curve.peak > 20 * found.drawn.height
        assert np.interp(0.5, curve.x, curve.y) > found.drawn.height / 10


def test_a_prior_has_no_density_beyond_its_family() -> None:
    prior = Before(DOCUMENTS.priors()[JUMPED].distribution)
    assert prior.density(np.array([-0.5, 0.0, 1.0, 1.5])).tolist() == [0, 0, 0, 0]
    x = np.linspace(0.001, 0.999, 2001)
    assert np.trapezoid(prior.density(x), x) == pytest.approx(1.0, abs=1e-3)


VALUES = st.floats(1e-6, 1e6)


@given(
    st.lists(st.tuples(VALUES, VALUES, VALUES).map(sorted), min_size=1, max_size=8), st.sampled_from([0.0, -math.inf])
)
def test_every_median_is_on_the_axis_and_the_axis_is_one(found: list[list[float]], lower: float) -> None:
    extents = [Extent(low, median, high) for low, median, high in found]
    axis = axis_of(extents, (lower, math.inf))
    assert math.isfinite(axis.low)
    assert axis.low < axis.high < math.inf
    assert all(axis.low <= one.median <= axis.high for one in extents)
    assert np.isfinite(axis.points).all()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30).map(sorted))
def test_dots_keep_their_order_and_never_lie_on_each_other(probabilities: list[float]) -> None:
    scale = Scale(probabilities)
    places = [scale.at(p) for p in probabilities]
    assert places == sorted(places)
    assert min(places) >= 0
    assert max(places) <= 1
    assert all(0 <= scale.at(p) <= 1 for p in scale.ticks)
    layers = layered(places, 0.05)
    for k, (place, layer) in enumerate(zip(places, layers, strict=True)):
        assert all(place - places[j] >= 0.05 for j in range(k) if layers[j] == layer)


def test_an_axis_of_log_odds_names_a_few_probabilities() -> None:
    for probabilities in ([0.001], [1e-6, 0.5, 0.999], [0.0, 1e-5, 1.0], [0.999999]):
        inner = [p for p in Scale(probabilities).ticks if p in TICKS]
        assert 1 <= len(inner) <= 7


@pytest.mark.parametrize(
    ("p", "told"),
    [
        (0.0, "0 %"),
        (1.0, "100 %"),
        (0.376, "37.6 %"),
        (0.0254, "2.5 %"),
        (0.00571, "0.57 %"),
        (0.9995, "99.950 %"),
        (1e-7, "below 0.001 %"),
        (1 - 1e-7, "above 99.999 %"),
    ],
)
def test_per_cents_tell_what_is_nearly_sure(p: float, told: str) -> None:
    assert percent(p) == told
