"""Ordered categories that are anchored on values of the target, and what they tell without."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from tests.survey.surveys import question, read, values_of
from tests.survey.validation.halves import CENTRE_SD, learnt
from toc_model.survey.kinds import KINDS
from toc_model.survey.kinds.cuts import anchored, cut_points, pivot
from toc_model.survey.kinds.kind import Form
from toc_model.survey.kinds.scales import STEP_LOG_MEAN, STEP_LOG_SD
from toc_model.survey.kinds.slips import OUTLIERS

KIND = KINDS["ordered"]
NAMES = ["no", "rather not", "so so", "agree", "strongly"]
AGREE = {"agree": (0.5, 0.3)}


def written(anchors: dict[str, tuple[float, float]]) -> dict[str, Any]:
    """Anchors as a mapping document has them."""
    named = {name: {"from": start, "sd": sd, "reason": "a test"} for name, (start, sd) in anchors.items()}
    return {"categories": NAMES, "upper": 5.0, "anchors": named}


def form(anchors: dict[str, tuple[float, float]], **changes: Any) -> Form:
    return question("ordered", **written(anchors), **changes)


def level(anchors: dict[str, tuple[float, float]], shares: Sequence[float], **changes: Any) -> tuple[float, float]:
    """Mean and standard deviation of the target on the logit, from 400 answers and a prior of `CENTRE_SD` around 0."""
    said = np.repeat(np.arange(1.0, 6.0), np.rint(400 * np.array(shares)).astype(int))
    _, mode, covariance = learnt(read("ordered", list(said), **written(anchors), **changes))
    return CENTRE_SD * float(mode[0]), CENTRE_SD * math.sqrt(covariance[0, 0])


HIGH, LOW = (0.02, 0.08, 0.15, 0.45, 0.3), (0.3, 0.45, 0.15, 0.08, 0.02)


@pytest.mark.parametrize("shares", [HIGH, LOW])
def test_without_anchors_the_level_stays_as_it_was(shares: Sequence[float]) -> None:
    assert level({}, shares) == pytest.approx((0.0, CENTRE_SD), abs=0.01)


def test_with_an_anchor_the_level_is_learnt() -> None:
    """Three in four above one half: the middle lies as far above it as a quarter of a normal distribution says."""
    mean, sd = level(AGREE, HIGH)
    assert 0.4 < mean < 1.2
    assert 0.3 < sd < 0.6
    lower, _ = level(AGREE, LOW)
    assert lower < -0.8


def test_the_level_follows_the_anchor() -> None:
    here, there = level({"agree": (0.5, 0.3)}, HIGH)[0], level({"agree": (0.8, 0.3)}, HIGH)[0]
    assert there - here == pytest.approx(special.logit(0.8), abs=0.05)


def test_the_level_is_no_surer_than_the_anchor() -> None:
    sds = [level({"agree": (0.5, sd)}, HIGH)[1] for sd in (0.1, 0.5, 2.0)]
    assert sds == sorted(sds)
    assert sds[1] > 0.49
    several = {"so so": (0.3, 0.5), "agree": (0.5, 0.5), "strongly": (0.8, 0.5)}
    assert level(several, HIGH)[1] > 0.45


def test_where_a_higher_category_means_a_lower_target_everything_is_mirrored() -> None:
    """Difficulty: whoever says "agree" (that it is hard) thinks the target below one half."""
    mean, sd = level(AGREE, HIGH)
    mirrored = level(AGREE, HIGH, sign=-1)
    assert mirrored == pytest.approx((-mean, sd), abs=0.02)
    assert level(AGREE, LOW, sign=-1)[0] > 0.8


@pytest.mark.parametrize(("sign", "places"), [(1, [2, 3]), (-1, [1, 0])])
def test_cut_points_are_counted_from_the_lowest_target(sign: int, places: list[int]) -> None:
    starts = (
        {"agree": (0.4, 0.5), "strongly": (0.7, 0.2)} if sign > 0 else {"agree": (0.7, 0.5), "strongly": (0.4, 0.2)}
    )
    of = form(starts, sign=sign)
    found = anchored(of)
    assert list(found) == places
    assert found[places[1]] == pytest.approx((special.logit(starts["strongly"][0]), 0.2))
    assert pivot(of) == places[1]


def test_anchors_are_the_middle_of_the_prior() -> None:
    deviation, cut, step = KIND.parameters(form({"rather not": (0.2, 0.4), "agree": (0.6, 0.3)}))
    low, high = special.logit([0.2, 0.6])
    assert (deviation.name, deviation.location) == ("deviation", 0.0)
    assert cut.location == pytest.approx(high)
    assert cut.scale == 0.3
    each = (high - low) / 2
    np.testing.assert_allclose(np.asarray(step.location), [math.log(each), math.log(each), STEP_LOG_MEAN])
    sd = math.sqrt(math.log1p((0.5 / math.sqrt(2) / each) ** 2))
    np.testing.assert_allclose(np.asarray(step.scale), [sd, sd, STEP_LOG_SD])


def test_drawn_cut_points_lie_around_their_anchors() -> None:
    of, rng = form({"rather not": (0.2, 0.1), "agree": (0.6, 0.05)}, scale="logit"), np.random.default_rng(1)
    _, cut, step = KIND.parameters(of)
    cuts = np.array([cut_points(cut.drawn(rng), step.drawn(rng).__getitem__, pivot(of), 4) for _ in range(2000)])
    assert (np.diff(cuts, axis=1) > 0).all()
    np.testing.assert_allclose(np.median(cuts, axis=0)[[0, 2]], special.logit([0.2, 0.6]), atol=0.03)
    assert cuts[:, 2].std() == pytest.approx(0.05, rel=0.1)


@given(st.integers(0, 3), st.lists(st.floats(0.01, 3), min_size=3, max_size=3), st.floats(-5, 5))
def test_cut_points_rise_by_their_steps_from_whichever_is_given(pivot: int, steps: list[float], cut: float) -> None:
    found = cut_points(cut, steps.__getitem__, pivot, 4)
    assert found[pivot] == cut
    np.testing.assert_allclose(np.diff(found), steps, atol=1e-12)


def test_anchors_are_on_the_natural_scale_whatever_the_width() -> None:
    of = form(AGREE, spread=2.0)
    known = {"cut": 0.5, "step": xr.DataArray([0.4, 0.6, 0.8], dims="step"), "deviation": 1.7, "reference": 9.0}
    data = {"is_category": xr.DataArray(np.eye(5), dims=("pattern", "category_place"))}
    found = np.exp(values_of(KIND.log_density(of, 0.3, known, data)))
    ends = (np.array([-np.inf, -0.5, -0.1, 0.5, 1.3, np.inf]) - 0.3) / 1.7
    np.testing.assert_allclose(found, (1 - OUTLIERS) * np.diff(stats.norm.cdf(ends)) + OUTLIERS / 5)


def test_simulated_answers_are_those_of_the_density() -> None:
    of = form(AGREE)
    known: dict[str, Any] = {"cut": 0.5, "step": np.array([0.4, 0.6, 0.8]), "deviation": 1.7, "reference": 9.0}
    drawn = KIND.simulated(of, np.full(100_000, 0.3), known, {}, np.random.default_rng(1))
    data = {"is_category": xr.DataArray(np.eye(5), dims=("pattern", "category_place"))}
    named = known | {"step": xr.DataArray(known["step"], dims="step")}
    expected = 100_000 * np.exp(values_of(KIND.log_density(of, 0.3, named, data)))
    assert stats.chisquare(np.bincount(drawn.astype(int))[1:], expected).pvalue > 0.001


def test_who_has_anchors_informs_the_level() -> None:
    assert form(AGREE).informs_level  # type: ignore[attr-defined]
    assert not form({}).informs_level  # type: ignore[attr-defined]
    assert all(question(kind).informs_level for kind in KINDS if kind != "ordered")


@pytest.mark.parametrize(
    ("anchors", "changes", "fragment"),
    [
        ({"agre": (0.5, 1.0)}, {}, "unknown category 'agre'; did you mean 'agree'?"),
        ({"no": (0.5, 1.0)}, {}, "anchors: found 'no', the first category; allowed: those with one before them"),
        ({"agree": (1.2, 1.0)}, {}, "anchors: agree: from: found 1.2; allowed: values between 0 and 1"),
        ({"agree": (0.0, 1.0)}, {}, "anchors: agree: from: found 0; allowed: values between 0 and 1"),
        ({"agree": (-1.0, 1.0)}, {"scale": "log"}, "found -1; allowed: positive values"),
        (
            {"strongly": (0.5, 1.0), "agree": (0.6, 1.0)},
            {},
            "found 0.6 for 'agree' and 0.5 for 'strongly'; allowed: ris",
        ),
        ({"agree": (0.5, 1.0), "strongly": (0.5, 1.0)}, {}, "allowed: rising"),
        ({"agree": (0.5, 1.0), "strongly": (0.6, 1.0)}, {"sign": -1}, "allowed: falling, since sign is -1"),
        ({"agree": (0.5, 0.0)}, {}, "greater than 0"),
    ],
)
def test_anchors_that_do_not_fit_are_refused(
    anchors: dict[str, tuple[float, float]], changes: dict[str, Any], fragment: str
) -> None:
    with pytest.raises(ValueError, match="anchors") as refusal:
        form(anchors, **changes)
    assert fragment in str(refusal.value)


def test_only_ordered_answers_have_anchors() -> None:
    with pytest.raises(ValueError, match="anchors: found 1; allowed: for ordered answers only"):
        question("probability", anchors=written(AGREE)["anchors"])
