"""Points that are as good as the best: circles of known size, several criteria, slopes and errors by definition."""

import numpy as np
import pytest

from tests.statistics.test_optimise import EMPTY, Quadratic, box, slope_of
from toc_model.statistics.near_optimal import NearOptimal, _error_weights, _standard_error
from toc_model.statistics.optimise import Criterion, Objective, Region, minimise


class Bowl:
    """Losses |x - centre|^2, each draw with a centre of its own."""

    def __init__(self, centres: np.ndarray) -> None:
        self.centres = centres

    def value(self, x: np.ndarray) -> np.ndarray:
        return np.asarray(((x - self.centres) ** 2).sum(axis=1))

    def slope(self, x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        return np.asarray(2 * weights @ (x - self.centres))


def round_bowl(draws: int = 400, middle: float = 5.0) -> Bowl:
    """Centres whose mean and covariance are exactly those of a standard normal around a point."""
    z = np.random.default_rng(3).standard_normal((draws, 2))
    z = (z - z.mean(axis=0)) @ np.linalg.inv(np.linalg.cholesky(np.cov(z.T))).T
    return Bowl(middle + z)


REACH = 2 * 1.959964 / np.sqrt(400)
"""How far from the best a point may be: |v|^2 = 1.96 * 2 |v| / sqrt(n)."""


def test_near_optimal_points_are_those_within_monte_carlo_error() -> None:
    centres = np.random.default_rng(2).standard_normal(400) + 5
    objective = Objective(Quadratic(centres), (Criterion("all"),))
    region = box(("x",))
    found = minimise(objective, region, [np.array([1.0])])
    assert found.x[0] == pytest.approx(centres.mean(), abs=1e-6)
    near = NearOptimal(objective, found.x)
    # The paired difference is (x - m)^2, its standard error 2 |x - m| sd / sqrt(n).
    reach = 2 * 1.959964 * centres.std(ddof=1) / np.sqrt(400)
    assert near.furthest(region, 0, 1)[0] == pytest.approx(centres.mean() - reach, rel=1e-3)
    assert near.furthest(region, 0, -1)[0] == pytest.approx(centres.mean() + reach, rel=1e-3)
    assert near.holds(found.x + 0.9 * reach)
    assert not near.holds(found.x + 1.1 * reach)


def test_more_draws_make_the_near_optimal_region_smaller() -> None:
    def width(draws: int) -> float:
        centres = np.random.default_rng(3).standard_normal(draws) + 5
        objective = Objective(Quadratic(centres), (Criterion("all"),))
        near = NearOptimal(objective, minimise(objective, box(("x",)), [np.array([1.0])]).x)
        return float(near.furthest(box(("x",)), 0, -1)[0] - near.furthest(box(("x",)), 0, 1)[0])

    assert width(6400) == pytest.approx(width(400) / 4, rel=0.2)


def test_where_two_worldviews_tie_the_region_holds_the_truth() -> None:
    """Losses (x - m)^2 of two worldviews with means 4 and 6: minimax regret is at 5 however the draws fall."""
    held = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        losses = Quadratic(np.concatenate([mean + rng.standard_normal(200) for mean in (4.0, 6.0)]))
        halves = (slice(0, 200), slice(200, 400))
        best = [np.array([losses.centres[half].mean()]) for half in halves]
        criteria = tuple(
            Criterion(str(place), half, reference=losses.value(x)[half])
            for place, (half, x) in enumerate(zip(halves, best, strict=True))
        )
        objective, region = Objective(losses, criteria), box(("x",))
        near = NearOptimal(objective, minimise(objective, region, [np.array([5.0])]).x)
        low, high = (float(near.furthest(region, 0, sign)[0]) for sign in (1, -1))
        held.append(low <= 5 <= high)
        assert high - low < 1
    assert sum(held) >= 17


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("variable", [0, 1])
def test_the_extent_of_a_round_bowl_is_a_circle(variable: int, sign: int) -> None:
    near = NearOptimal(Objective(round_bowl(), (Criterion("all"),)), np.array([5.0, 5.0]))
    end = near.furthest(box(("x", "y")), variable, sign)
    expected = np.full(2, 5.0) - sign * REACH * np.eye(2)[variable]
    assert end[variable] == pytest.approx(expected[variable], rel=1e-3)
    assert end[1 - variable] == pytest.approx(5, abs=0.05)
    assert near.holds(expected * (1 - 1e-6) + 5e-6)


def test_the_extent_obeys_constraints_and_bounds() -> None:
    near = NearOptimal(Objective(round_bowl(), (Criterion("all"),)), np.array([5.0, 5.0]))
    along = Region(("x", "y"), np.zeros(2), np.full(2, 10.0), (np.ones((1, 2)), np.array([10.0])), EMPTY)
    assert near.furthest(along, 0, -1) == pytest.approx(5 + REACH / np.sqrt(2) * np.array([1, -1]), rel=1e-3)
    tight = Region(("x", "y"), np.zeros(2), np.array([5.05, 10]), EMPTY, EMPTY)
    assert near.furthest(tight, 0, -1)[0] == pytest.approx(5.05, abs=1e-6)
    below = Region(("x", "y"), np.zeros(2), np.full(2, 10.0), EMPTY, (np.eye(2)[:1], np.array([5.1])))
    assert near.furthest(below, 0, -1)[0] == pytest.approx(5.1, abs=1e-4)


def test_room_is_the_limit_less_the_figure() -> None:
    near = NearOptimal(Objective(round_bowl(), (Criterion("all"),)), np.array([5.0, 5.0]))
    away = np.array([5.1, 5.0])
    assert near.slack(away)[0] == pytest.approx(1.959964 * 2 * 0.1 / np.sqrt(400) - 0.01, rel=1e-6)
    assert near.slack(near.best)[0] == pytest.approx(0, abs=1e-9)
    assert near.holds(near.best)


def test_the_widest_room_below_any_criterion_counts() -> None:
    """Two halves whose best points are -1 and 1 from the middle: at the middle both are 1, at 1 the other is 4."""
    z = np.array([-0.5, 0.5] * 100)
    losses = Bowl(np.concatenate([4 + z, 6 + z])[:, None])
    halves = (Criterion("low", slice(0, 200)), Criterion("high", slice(200, 400)))
    near = NearOptimal(Objective(losses, halves), np.array([5.0]))
    sd = np.sqrt(0.25 * 200 / 199)
    for step in (0.05, 0.2):
        low = max(
            1.25 + 1.959964 * error / np.sqrt(200) - ((1 + step) ** 2 + 0.25)
            for error in (2 * step * sd, 2 * (2 + step) * sd)
        )
        assert near.slack(np.array([5 + step]))[0] == pytest.approx(low, abs=1e-9)


def test_slopes_of_the_room_are_those_of_differences() -> None:
    losses = Bowl(np.random.default_rng(5).standard_normal((150, 2)))
    criteria = (Criterion("one", slice(0, 75)), Criterion("other", slice(75, 150), reference=0.2))
    near = NearOptimal(Objective(losses, criteria), np.array([0.1, 0.2]))
    x = np.array([0.35, -0.1])
    np.testing.assert_allclose(near._slack_slopes(x), slope_of(near.slack, x, 1e-7), rtol=1e-4)


def test_slopes_of_an_error_are_those_of_differences_with_the_quantile_held() -> None:
    rng = np.random.default_rng(6)
    losses, best = rng.standard_normal((2, 30))
    tail = Criterion("tail", slice(5, 30), level=0.8)
    threshold = float(np.quantile(losses[5:], 0.8))

    def difference(changed: np.ndarray) -> np.ndarray:
        return np.asarray(threshold + np.maximum(changed[5:] - threshold, 0) / 0.2 - best[5:])

    np.testing.assert_allclose(tail.influence(losses) - best[5:], difference(losses))
    expected = slope_of(lambda changed: np.array(_standard_error(difference(changed))), losses)[5:]
    np.testing.assert_allclose(_error_weights(tail, losses, difference(losses)), expected, atol=1e-7)
    assert _standard_error(np.array([0.0, 2.0])) == pytest.approx(1)
    assert _standard_error(np.ones(4)) == pytest.approx(5e-10)


@pytest.mark.parametrize(("corner", "share"), [(5.5, 0.36), (5.1, 1.0), (4.5, 0.36), (105.0, 0.0)])
def test_the_way_to_a_corner_is_gone_in_twenty_fifths(corner: float, share: float) -> None:
    """The reach is .196."""
    near = NearOptimal(Objective(round_bowl(), (Criterion("all"),)), np.array([5.0, 5.0]))
    assert near._furthest(np.array([corner, 5.0])) == pytest.approx(share, abs=1e-9)
