"""Cooke's decision makers without a seed or an expert, by seeds that they have not seen, and how coarse scores are."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tests.statistics.test_cooke import ANSWERS, TINY, TRUE, studies
from tests.statistics.tobacco import tobacco
from toc_model import InputError
from toc_model.statistics.pooling import (
    Study,
    attainable,
    by_other_seeds,
    decision_maker,
    grain,
    scores,
    study,
    without_each_expert,
    without_each_seed,
)

P = (0.05, 0.45, 0.45, 0.05)


def calibration(counts: tuple[int, ...], p: tuple[float, ...] = P) -> float:
    n = sum(counts)
    distance = sum(c / n * math.log(c / n / q) for c, q in zip(counts, p, strict=True) if c)
    return float(stats.chi2.sf(2 * n * distance, len(p) - 1))


# How coarse calibration is ----------------------------------------------------------------------------------------


def test_one_realisation_in_the_next_interval_by_hand() -> None:
    """Ada has 0, 1, 2, 0 of three seeds, and Bob 0, 1, 1, 1."""
    low, high = grain(TINY)
    ada = [(0, 1, 2, 0), (1, 0, 2, 0), (0, 0, 3, 0), (0, 2, 1, 0), (0, 1, 1, 1)]
    bob = [(0, 1, 1, 1), (1, 0, 1, 1), (0, 0, 2, 1), (0, 2, 0, 1), (0, 1, 0, 2), (0, 1, 2, 0)]
    for k, every in enumerate((ada, bob)):
        found = [calibration(counts) for counts in every]
        assert (low[k], high[k]) == pytest.approx((min(found), max(found)))


@settings(max_examples=30, deadline=None)
@given(studies())
def test_calibration_lies_in_its_grain_and_below_what_can_be_reached(asked: Study) -> None:
    own, (low, high) = scores(asked).calibration, grain(asked)
    assert (low <= own).all()
    assert (own <= high).all()
    full = asked.answered[:, asked.seeds].sum(1) == asked.fewest_seeds
    assert (high[full] <= attainable(asked) * (1 + 1e-12)).all()


@pytest.mark.parametrize("seeds", [1, 2, 3, 5, 8, 11])
@pytest.mark.parametrize("levels", [(0.05, 0.5, 0.95), (0.1, 0.9), (0.05, 0.25, 0.5, 0.75, 0.95)])
def test_the_largest_calibration_is_that_of_all_possible_counts(seeds: int, levels: tuple[float, ...]) -> None:
    quantiles = np.tile(np.arange(1.0, len(levels) + 1), (1, seeds, 1))
    asked = study(quantiles, np.zeros(seeds), levels)
    p = tuple(np.diff([0.0, *levels, 1.0]))
    every = (counts for counts in itertools.product(range(seeds + 1), repeat=len(levels)) if sum(counts) <= seeds)
    assert attainable(asked) == pytest.approx(max(calibration((*one, seeds - sum(one)), p) for one in every))


# Ties -------------------------------------------------------------------------------------------------------------


def test_experts_with_mirrored_counts_pass_a_cutoff_together() -> None:
    """One has 3 of 8 realisations below the median and 5 above, another the reverse: rounding tells these apart."""
    above, below = [8.0, 9.5, 12.0], [9.0, 10.5, 13.0]
    each = [[below] * 3 + [above] * 5, [[7.0, 12.0, 16.0]] * 5 + [[5.0, 8.0, 12.0]] * 3, [[1.0, 2.0, 3.0]] * 8]
    asked = study(each, np.full(8, 10.0))
    one, other, poor = (float(value) for value in scores(asked).calibration)
    assert one == pytest.approx(other, rel=1e-12)
    assert poor < one
    for cutoff in (None, one, other):
        made = decision_maker(asked, "global", cutoff)
        assert made.counting.tolist() == [True, True, False]
        assert (made.weights[:2] > 0).all()
        assert made.weights[2].tolist() == [0.0] * 8
    assert by_other_seeds(asked, "global", min(one, other) / 2).weights[2].tolist() == [0.0] * 8


# Medians and weights of each question -----------------------------------------------------------------------------


def test_medians_are_quantiles_where_these_are_asked_and_lie_between_them_else() -> None:
    made = decision_maker(TINY, "equal")
    assert made.medians == pytest.approx(made.quantiles[:, 1])
    logs = study(ANSWERS[:, [0, 1, 3]], TRUE[[0, 1, 3]], log_scale=True)
    assert decision_maker(logs, "equal").medians == pytest.approx(decision_maker(logs, "equal").quantiles[:, 1])
    # Between 1 and 4 at 10 and 90 % straight lines give 2.5, and in logarithms 2.
    two = study([[[1.0, 4.0]]], [2.0], (0.1, 0.9))
    assert decision_maker(two, "equal").medians.tolist() == pytest.approx([2.5])
    assert decision_maker(study([[[1.0, 4.0]]], [2.0], (0.1, 0.9), log_scale=True), "equal").medians.tolist() == (
        pytest.approx([2.0])
    )


def test_weights_of_ones_own_may_differ_by_question() -> None:
    by_item = decision_maker(TINY, [[1, 0, 3, 0], [0, 2, 1, 0]])
    assert by_item.weights[:, :3] == pytest.approx(np.array([[1, 0, 0.75], [0, 1, 0.25]]))
    assert by_item.quantiles[0] == pytest.approx(ANSWERS[0, 0])
    assert by_item.quantiles[1] == pytest.approx(ANSWERS[1, 1])
    assert np.isnan(by_item.quantiles[3]).all()
    assert np.isnan(by_item.medians[3])
    with pytest.raises(InputError, match=r"weights: found the shape \(1, 4\); allowed: 2 experts, 4 items"):
        decision_maker(TINY, [[1, 1, 1, 1]])
    with pytest.raises(InputError, match="weights: found -1; allowed: numbers from 0"):
        decision_maker(TINY, [[1, 1, 1, 1], [1, 1, 1, -1]])


# Leaving out ------------------------------------------------------------------------------------------------------


def test_what_nobody_reaches_any_more_is_told_and_stops_nothing() -> None:
    """Without Ex7 nobody has a calibration of 0.5."""
    found = {one.name: one for one in without_each_expert(tobacco(), "global", 0.5)}
    assert found["Ex7"].made is None
    assert found["Ex7"].refused.startswith("cutoff: found 0.5; allowed: 0 to 0.4399")
    assert all(np.isnan([found["Ex7"].calibration, found["Ex7"].combined, found["Ex7"].cutoff]))
    assert [name for name, one in found.items() if one.made is None] == ["Ex7"]


@pytest.mark.parametrize("leave", [without_each_seed, without_each_expert, by_other_seeds])
def test_unknown_weights_are_refused_at_once(leave: object) -> None:
    assert callable(leave)
    with pytest.raises(InputError, match="unknown kind of weights 'globe'"):
        leave(TINY, "globe")


def test_each_seed_by_the_others_in_a_loop() -> None:
    asked = tobacco()
    quantiles = np.full((21, 5), np.nan)
    for seed in range(10):
        rest = study(
            np.delete(asked.answers, seed, 1), np.delete(asked.realisations, seed), asked.levels, experts=asked.experts
        )
        own = scores(rest)
        quantiles[seed] = decision_maker(asked, own.combined).quantiles[seed]
    made = by_other_seeds(asked, "global", 0.0)
    assert made.quantiles[:10] == pytest.approx(quantiles[:10], rel=1e-12)
    assert np.isnan(made.quantiles[10:]).all()
    again = scores(asked, quantiles[None])
    assert made.scores.calibration[0] == pytest.approx(again.calibration[0])
    assert made.scores.information[0] == pytest.approx(again.information[0])


def test_item_weights_of_other_seeds_are_by_the_information_of_each() -> None:
    asked = tobacco()
    made, each = by_other_seeds(asked, "item", 0.0), scores(asked).information_by_item
    rest = scores(study(np.delete(asked.answers, 3, 1), np.delete(asked.realisations, 3), asked.levels))
    held = rest.calibration * each[:, 3]
    assert made.weights[:, 3] == pytest.approx(held / held.sum())


@settings(max_examples=30, deadline=None)
@given(studies())
def test_equal_weights_have_learnt_nothing_from_seeds(asked: Study) -> None:
    unseen, seen = by_other_seeds(asked, "equal").scores, decision_maker(asked, "equal").scores
    assert unseen.calibration == pytest.approx(seen.calibration)
    assert unseen.information == pytest.approx(seen.information)


@settings(max_examples=20, deadline=None)
@given(studies(), st.sampled_from(["global", "item"]))
def test_what_came_true_of_a_seed_does_not_move_its_weights(asked: Study, kind: str) -> None:
    """Another truth inside the range of answers changes nothing of the seed's own weights."""
    seed = 0
    low, high = np.nanmin(asked.answers[:, seed]), np.nanmax(asked.answers[:, seed])
    held = []
    for share in (0.3, 0.7):
        true = asked.realisations.copy()
        true[seed] = low + share * (high - low)
        other = study(asked.answers, true, asked.levels, log_scale=asked.log_scale)
        if other.fewest_seeds < 2:
            return
        held.append(by_other_seeds(other, kind).weights[:, seed])
    assert held[0] == pytest.approx(held[1])
