"""Cooke's classical model: a tiny study by hand, a plain computation of random ones, laws, and what is refused."""

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from toc_model import InputError
from toc_model.statistics.pooling import (
    DecisionMaker,
    Study,
    decision_maker,
    scores,
    study,
    without_each_expert,
    without_each_seed,
)

THREE = (0.05, 0.5, 0.95)
# Two experts, three seeds and a target; one seed's realisation equals a quantile.
ANSWERS = np.array(
    [
        [[1, 2, 4], [10, 20, 30], [0, 5, 9], [100, 200, 400]],
        [[2, 3, 9], [18, 19, 21], [1, 2, 3], [150, 160, 170]],
    ],
    float,
)
TRUE = np.array([3.0, 20.0, 8.0, np.nan])
TINY = study(ANSWERS, TRUE, experts=["Ada", "Bob"])


# By hand ----------------------------------------------------------------------------------------------------------


def calibration_of(counts: list[int], power: int) -> float:
    """2 N I(s, p) in the upper tail of a chi-square with three degrees of freedom."""
    shares, p = np.array(counts) / sum(counts), np.array([0.05, 0.45, 0.45, 0.05])
    distance = sum(s * math.log(s / q) for s, q in zip(shares, p, strict=True) if s)
    return float(stats.chi2.sf(2 * power * distance, 3))


def test_calibration_by_hand() -> None:
    """Ada: 3 above her median, 20 at it (which is below), 8 above it. Bob: at his median, above it, above all."""
    found = scores(TINY).calibration
    assert found == pytest.approx([calibration_of([0, 1, 2, 0], 3), calibration_of([0, 1, 1, 1], 3)])
    # 2 * 3 * (1/3 log(20/27) + 2/3 log(40/27)) = 0.972034 for Ada.
    assert found[0] == pytest.approx(stats.chi2.sf(2 * math.log(20 / 27) + 4 * math.log(40 / 27), 3), rel=1e-12)


def test_information_by_hand() -> None:
    """The first question's answers go from 1 to 9, and a tenth of 8 more at either end: 0.2 to 9.8."""
    found = scores(TINY)
    first = math.log(9.6) + sum(
        p * math.log(p / width) for p, width in ((0.05, 0.8), (0.45, 1), (0.45, 2), (0.05, 5.8))
    )
    assert found.information_by_item[0, 0] == pytest.approx(first)
    assert found.information[0] == pytest.approx(found.information_by_item[0, :3].mean())
    assert found.information_of_all[0] == pytest.approx(found.information_by_item[0].mean())
    assert found.combined == pytest.approx(found.calibration * found.information)


def test_on_a_logarithmic_scale_information_is_that_of_logarithms() -> None:
    logs = study(ANSWERS[:, [0, 1, 3]], TRUE[[0, 1, 3]], log_scale=[True, False, True])
    plain = study(np.log(ANSWERS[:, [0, 1, 3]]), np.log(TRUE[[0, 1, 3]]))
    own, other = scores(logs), scores(plain)
    assert own.information_by_item[:, [0, 2]] == pytest.approx(other.information_by_item[:, [0, 2]])
    assert own.information_by_item[:, 1] == pytest.approx(scores(TINY).information_by_item[:, 1])
    assert own.calibration == pytest.approx(other.calibration)
    made = decision_maker(logs, "equal"), decision_maker(plain, "equal")
    assert made[0].quantiles[[0, 2]] == pytest.approx(np.exp(made[1].quantiles[[0, 2]]))
    assert made[0].curves[0][0] == pytest.approx(np.exp(made[1].curves[0][0]))


def test_weights_by_hand() -> None:
    own = scores(TINY)
    everyone = decision_maker(TINY, "global", 0.0)
    assert everyone.weights == pytest.approx(np.tile((own.combined / own.combined.sum())[:, None], 4))
    by_item = decision_maker(TINY, "item", 0.0)
    each = own.calibration[:, None] * own.information_by_item
    assert by_item.weights == pytest.approx(each / each.sum(0))
    best = decision_maker(TINY, "global", float(own.calibration.max()))
    assert best.weights[:, 0].tolist() == [1, 0]
    assert best.quantiles == pytest.approx(ANSWERS[0])
    assert best.scores.calibration[0] == pytest.approx(own.calibration[0])
    assert best.scores.information_by_item[0] == pytest.approx(own.information_by_item[0])


def test_a_pool_by_hand() -> None:
    """Two experts alike, halfway between their lines: at 20 Ada has 0.5 and Bob 0.725."""
    made = decision_maker(TINY, "equal")
    knots, below = made.curves[1]
    assert knots.tolist() == pytest.approx([8, 10, 18, 19, 20, 21, 30, 32])
    assert below[4] == pytest.approx((0.5 + 0.725) / 2)
    assert (below[0], below[-1]) == (0, 1)
    at_19 = (0.05 + 0.45 * 0.9 + 0.5) / 2
    assert made.quantiles[1, 1] == pytest.approx(19 + (0.5 - at_19) / (below[4] - at_19))
    assert decision_maker(TINY, [2, 2]).quantiles == pytest.approx(made.quantiles)
    assert decision_maker(TINY, [0, 5]).quantiles == pytest.approx(ANSWERS[1])


def test_all_are_scored_with_the_power_of_the_fewest_answers() -> None:
    answers = ANSWERS.copy()
    answers[1, 0] = np.nan
    found = scores(study(answers, TRUE))
    assert found.calibration == pytest.approx([calibration_of([0, 1, 2, 0], 2), calibration_of([0, 0, 1, 1], 2)])
    assert np.isnan(found.information_by_item[1, 0])
    assert found.information[1] == pytest.approx(found.information_by_item[1, 1:3].mean())
    made = decision_maker(study(answers, TRUE), "equal")
    assert made.weights[:, 0].tolist() == [1, 0]
    assert made.quantiles[0] == pytest.approx(ANSWERS[0, 0])


def test_few_seeds_are_warned_of() -> None:
    assert TINY.warnings == ("found 3 seed questions; below 8, calibration hardly tells experts apart",)
    many = study(np.tile(ANSWERS[:, :2], (1, 4, 1)), np.tile(TRUE[:2], 4))
    assert many.warnings == ()
    made = decision_maker(TINY)
    assert made.to_dict()["warnings"] == list(TINY.warnings)
    assert list(made.to_dict()["experts"]) == ["Ada", "Bob"]
    json.dumps(made.to_dict(), allow_nan=False)


# A plain computation ----------------------------------------------------------------------------------------------


def plainly(asked: Study, kind: str) -> dict[str, Any]:
    """The model in loops, as in Cooke (1991): the best decision maker over all cutoffs."""
    number, items, _ = asked.answers.shape
    ends, p = np.r_[0, asked.levels, 1], np.diff(np.r_[0, asked.levels, 1])
    scale = [np.log if log else np.positive for log in asked.log_scale]
    own = np.stack([scale[i](asked.answers[:, i]) for i in range(items)], 1)
    true = [scale[i](asked.realisations[i]) for i in range(items)]
    seeds = [i for i in range(items) if not np.isnan(true[i])]
    low, high = [], []
    for i in range(items):
        values = np.r_[own[:, i].ravel(), true[i]]
        least, most = np.nanmin(values), np.nanmax(values)
        low.append(least - 0.1 * (most - least))
        high.append(most + 0.1 * (most - least))

    def counts(answers: np.ndarray) -> np.ndarray:
        held = np.zeros(len(p))
        for i in seeds:
            if not np.isnan(answers[i, 0]):
                held[sum(true[i] > value for value in answers[i])] += 1
        return held

    power = min(counts(own[k]).sum() for k in range(number))

    def calibration(answers: np.ndarray) -> float:
        s = counts(answers) / counts(answers).sum()
        return float(
            stats.chi2.sf(2 * power * sum(a * np.log(a / b) for a, b in zip(s, p, strict=True) if a), len(s) - 1)
        )

    def information(answers: np.ndarray) -> np.ndarray:
        widths = np.stack([np.diff(np.r_[low[i], answers[i], high[i]]) for i in range(items)])
        return np.asarray(np.log(np.subtract(high, low)) + (p * np.log(p / widths)).sum(1))

    known = np.array([calibration(own[k]) for k in range(number)])
    told = np.array([information(own[k]) for k in range(number)])
    merit = np.nanmean(told[:, seeds], 1)[:, None] * np.ones(items) if kind == "global" else np.nan_to_num(told)
    best: dict[str, Any] = {"combined": -1.0}
    for cutoff in np.unique(known):
        weights = np.where(np.isnan(told), 0.0, merit * np.where(known < cutoff * (1 - 1e-9), 0.0, known)[:, None])
        made = np.full((items, len(asked.levels)), np.nan)
        for i in map(int, np.flatnonzero(weights.any(0))):
            x = np.unique(np.r_[low[i], own[:, i][~np.isnan(own[:, i])], high[i]])
            some = np.flatnonzero(weights[:, i])
            lines = [np.interp(x, np.r_[low[i], own[k, i], high[i]], ends) for k in some]
            made[i] = np.interp(asked.levels, np.average(lines, axis=0, weights=weights[some, i]), x)
        figures = calibration(made), float(np.nanmean(information(made)[seeds]))
        if figures[0] * figures[1] > best["combined"]:
            values = np.where(asked.log_scale[:, None], np.exp(made), made)
            best = {"combined": figures[0] * figures[1], "figures": figures, "cutoff": cutoff, "quantiles": values}
    return best


@st.composite
def studies(draw: st.DrawFn, fewest: int = 6) -> Study:
    """Lognormal answers around what came true, some missing, some on a logarithmic scale."""
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    number, items = draw(st.integers(2, 5)), draw(st.integers(fewest, 12))
    levels = np.array(draw(st.sampled_from([THREE, (0.05, 0.25, 0.5, 0.75, 0.95), (0.1, 0.9)])))
    true = np.exp(rng.normal(3, 0.5, items))
    spread = np.sort(rng.normal(0, 0.5, (number, items, len(levels))), -1)
    answers = np.exp(np.log(true)[:, None] + rng.normal(0, 0.3, (number, items, 1)) + spread)
    missing = rng.random((number, items)) < draw(st.sampled_from([0.0, 0.2]))
    missing[0], missing[:, :2] = False, False
    answers[missing] = np.nan
    return study(
        answers, np.where(np.arange(items) < items - 2, true, np.nan), levels, log_scale=rng.random(items) < 0.5
    )


@settings(max_examples=40, deadline=None)
@given(studies(), st.sampled_from(["global", "item"]))
def test_the_best_decision_maker_is_that_of_a_plain_computation(asked: Study, kind: str) -> None:
    made, plain = decision_maker(asked, kind), plainly(asked, kind)
    assert (float(made.scores.calibration[0]), float(made.scores.information[0])) == pytest.approx(plain["figures"])
    assert made.cutoff == pytest.approx(plain["cutoff"])
    np.testing.assert_allclose(made.quantiles, plain["quantiles"], rtol=1e-9)


# Laws -------------------------------------------------------------------------------------------------------------


@settings(max_examples=30, deadline=None)
@given(studies(), st.sampled_from(["global", "item", "equal"]), st.randoms())
def test_the_order_of_experts_changes_nothing(asked: Study, kind: str, random: Any) -> None:
    order = random.sample(range(len(asked.experts)), len(asked.experts))
    other = study(asked.answers[order], asked.realisations, asked.levels, log_scale=asked.log_scale)
    own, shuffled = decision_maker(asked, kind), decision_maker(other, kind)
    np.testing.assert_allclose(shuffled.experts.combined, own.experts.combined[order])
    np.testing.assert_allclose(shuffled.quantiles, own.quantiles, rtol=1e-9)
    assert shuffled.cutoff == pytest.approx(own.cutoff)


@settings(max_examples=30, deadline=None)
@given(studies(), st.sampled_from(["global", "item", "equal"]))
def test_weights_sum_to_one_and_the_best_cutoff_is_best(asked: Study, kind: str) -> None:
    made = decision_maker(asked, kind)
    done = np.isfinite(made.weights).all(0)
    assert made.weights[:, done].sum(0) == pytest.approx(1)
    assert (made.weights[~asked.answered & done] == 0).all()
    assert (np.diff(made.quantiles[done]) > 0).all()
    if kind == "equal":
        assert made.cutoff == 0
        return
    for cutoff in (0.0, *made.experts.calibration):
        other = decision_maker(asked, kind, float(cutoff))
        assert float(other.scores.combined[0]) <= float(made.scores.combined[0]) * (1 + 1e-12)


@settings(max_examples=30, deadline=None)
@given(studies(), st.sampled_from(["global", "item", "equal"]))
def test_experts_who_agree_are_as_one(asked: Study, kind: str) -> None:
    same = study(np.repeat(asked.answers[:1], 3, 0), asked.realisations, asked.levels, log_scale=asked.log_scale)
    made = decision_maker(same, kind)
    np.testing.assert_allclose(made.quantiles, asked.answers[0], rtol=1e-9)
    assert made.scores.calibration[0] == pytest.approx(made.experts.calibration[0])


@settings(max_examples=20, deadline=None)
@given(studies(), st.sampled_from([1e-6, 1000.0]))
def test_the_unit_changes_nothing(asked: Study, unit: float) -> None:
    other = study(asked.answers * unit, asked.realisations * unit, asked.levels, log_scale=asked.log_scale)
    own, scaled = decision_maker(asked), decision_maker(other)
    np.testing.assert_allclose(scaled.experts.information, own.experts.information, rtol=1e-7)
    np.testing.assert_allclose(scaled.quantiles, own.quantiles * unit, rtol=1e-7)


# Leaving out ------------------------------------------------------------------------------------------------------


def test_leaving_out_is_another_study() -> None:
    seeds = without_each_seed(TINY)
    assert [one.name for one in seeds] == ["item 1", "item 2", "item 3"]
    rest = decision_maker(study(np.delete(ANSWERS, 1, 1), np.delete(TRUE, 1)))
    assert (seeds[1].calibration, seeds[1].information, seeds[1].cutoff) == pytest.approx(
        (rest.scores.calibration[0], rest.scores.information[0], rest.cutoff)
    )
    experts = without_each_expert(TINY)
    assert [one.name for one in experts] == ["Ada", "Bob"]
    alone = scores(study(ANSWERS[:1], TRUE))
    assert experts[1].information_of_all == pytest.approx(alone.information_of_all[0])
    assert experts[1].calibration == pytest.approx(alone.calibration[0])


def test_what_only_one_expert_answered_goes_with_that_expert() -> None:
    answers = np.concatenate([ANSWERS, ANSWERS[:1]])
    answers[:2, 3] = np.nan
    asked = study(answers, TRUE)
    assert asked.without_expert(2).items == ("item 1", "item 2", "item 3")
    assert asked.without_expert(0).items == asked.items
    assert len(without_each_expert(asked, "item")) == 3


# What is refused --------------------------------------------------------------------------------------------------


def changed(**places: Any) -> dict[str, Any]:
    """The tiny study with something else."""
    return {"answers": ANSWERS, "realisations": TRUE} | places


def with_answer(expert: int, item: int, values: list[float]) -> np.ndarray:
    answers = ANSWERS.copy()
    answers[expert, item] = values
    return answers


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (changed(answers=ANSWERS[0]), r"answers: found the shape \(4, 3\); allowed: experts, 4 items and 3 levels"),
        (changed(realisations=TRUE[:2]), "allowed: experts, 2 items"),
        (changed(levels=(0.05, 0.5, 1.0)), "levels: found 0.05, 0.5, 1; allowed: between 0 and 1, rising"),
        (changed(levels=(0.5, 0.05, 0.95)), "rising"),
        (changed(overshoot=0.0), "overshoot: found 0; allowed: above 0"),
        (changed(experts=["Ada"]), "experts: found 1 names; allowed: 2 different ones"),
        (changed(items=["a", "a", "b", "c"]), "items: found 4 names; allowed: 4 different ones"),
        (
            changed(answers=with_answer(1, 2, [1, 3, 2])),
            "expert 2, item 3: found the quantiles 1, 3, 2; allowed: .* rise",
        ),
        (changed(answers=with_answer(1, 2, [1, 1, 2])), "found the quantiles 1, 1, 2"),
        (changed(answers=with_answer(1, 2, [1, np.nan, 2])), "found 1 of 3 quantiles missing; allowed: none or all"),
        (changed(answers=with_answer(1, 2, [1, 2, np.inf])), "found an infinite value"),
        (changed(log_scale=True), "expert 1, item 3: found 0, 5, 9 on a logarithmic scale; allowed: above 0"),
        (
            changed(log_scale=[True, False, False, False], realisations=[-3.0, 20, 8, np.nan]),
            "item 1: found -3 on a logarithmic scale",
        ),
        (changed(realisations=[np.nan] * 4), "realisations: found none"),
        (changed(answers=np.where(np.arange(4)[:, None] == 3, np.nan, ANSWERS)), "item 4: found no answer; allowed"),
        (
            changed(
                answers=np.where((np.arange(4)[:, None] < 3) & (np.arange(2)[:, None, None] == 1), np.nan, ANSWERS)
            ),
            "expert 2: found no answer to a seed question",
        ),
    ],
)
def test_studies_that_cannot_be_scored(given: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        study(given.pop("answers"), given.pop("realisations"), given.pop("levels", THREE), **given)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("globe",), "unknown kind of weights 'globe'"),
        (("global", 0.99), "cutoff: found 0.99; allowed: 0 to 0.8"),
        (("global", -0.1), "cutoff: found -0.1"),
        (("equal", 0.1), "cutoff: found 0.1 for equal or own weights; allowed: none"),
        (([1.0],), "weights: found 1; allowed: 2"),
        (([1.0, -1.0],), "weights: found -1"),
    ],
)
def test_decision_makers_that_mean_nothing(arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(InputError, match=message):
        decision_maker(TINY, *arguments)


def test_what_cannot_be_left_out() -> None:
    one_seed = study(ANSWERS[:, 2:], TRUE[2:])
    with pytest.raises(InputError, match="seeds: found 1 that an expert answered; allowed: at least 2"):
        without_each_seed(one_seed)
    with pytest.raises(InputError, match="experts: found 1; allowed: at least 2"):
        without_each_expert(study(ANSWERS[:1], TRUE))
    assert isinstance(decision_maker(one_seed), DecisionMaker)
