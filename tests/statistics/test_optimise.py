"""The best point of a region: known answers 10 and 11, several criteria, and points that are as good as the best."""

import numpy as np
import pytest
from scipy import stats

from toc_model import InputError
from toc_model.statistics.optimise import Criterion, NearOptimal, Objective, Region, minimise


class LogReturns:
    """Losses -sum c_i log(1 + x_i), each draw with coefficients of its own."""

    def __init__(self, coefficients: np.ndarray) -> None:
        self.c = np.atleast_2d(coefficients)

    def value(self, x: np.ndarray) -> np.ndarray:
        return np.asarray(-self.c @ np.log1p(x))

    def slope(self, x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        return np.asarray(-(weights @ self.c) / (1 + x))


class Quadratic:
    """Losses (x - centre)^2 + noise, each draw with a centre of its own."""

    def __init__(self, centres: np.ndarray) -> None:
        self.centres = centres

    def value(self, x: np.ndarray) -> np.ndarray:
        return np.asarray((x[0] - self.centres) ** 2)

    def slope(self, x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        return np.array([2 * float(weights @ (x[0] - self.centres))])


NONE = (np.zeros((0, 3)), np.zeros(0))


def box(names: tuple[str, ...], budget: float | None = None) -> Region:
    many = len(names)
    none = (np.zeros((0, many)), np.zeros(0))
    at_most = none if budget is None else (np.ones((1, many)), np.array([budget]))
    return Region(names, np.zeros(many), np.full(many, 10.0), none, at_most)


@pytest.mark.parametrize(("budget", "best"), [(3.0, [2, 1, 0]), (0.5, [0.5, 0, 0])])
def test_water_filling(budget: float, best: list[float]) -> None:
    objective = Objective(LogReturns(np.array([3.0, 2.0, 1.0])), (Criterion("all"),))
    region = box(("a", "b", "c"), budget)
    starts = [region.random(np.random.default_rng(seed)) for seed in range(5)]
    found = minimise(objective, region, starts)
    np.testing.assert_allclose(found.x, best, atol=1e-6)
    for end in found.ends:
        np.testing.assert_allclose(end, best, atol=1e-5)


def test_random_starts_are_inside_and_differ() -> None:
    region = Region(
        ("a", "b", "c"),
        np.array([0.0, 0.2, 0.0]),
        np.array([1.0, 1.0, 0.5]),
        (np.ones((1, 3)), np.array([1.0])),
        (np.array([[1.0, 0.0, 0.0]]), np.array([0.3])),
    )
    points = [region.random(np.random.default_rng(seed)) for seed in range(20)]
    for point in points:
        assert point.sum() == pytest.approx(1)
        assert (point >= region.lower - 1e-9).all()
        assert (point <= region.upper + 1e-9).all()
        assert point[0] <= 0.3 + 1e-9
    assert len({tuple(point.round(3)) for point in points}) > 10


def test_an_infeasible_region_is_refused() -> None:
    region = Region(("a",), np.array([0.5]), np.array([1.0]), NONE, (np.ones((1, 1)), np.array([0.2])))
    region = Region(region.names, region.lower, region.upper, (np.zeros((0, 1)), np.zeros(0)), region.at_most)
    with pytest.raises(InputError, match="no allocation satisfies"):
        region.random(np.random.default_rng(1))


def test_criteria_agree_with_their_definitions() -> None:
    losses = stats.norm.ppf((np.arange(100_000) + 0.5) / 100_000)
    tail = Criterion("tail", level=0.95)
    assert tail.value(losses) == pytest.approx(2.062713, abs=1e-4)
    assert tail.influence(losses).mean() == pytest.approx(2.062713, abs=1e-3)
    assert tail.weights(losses).sum() == pytest.approx(1)
    half = Criterion("half", slice(0, 50_000), reference=1.0)
    assert half.value(losses) == pytest.approx(losses[:50_000].mean() - 1)
    assert half.weights(losses)[50_000:].sum() == 0


def test_the_worst_criterion_is_made_small() -> None:
    objective = Objective(Quadratic(np.array([1.0, 4.0])), (Criterion("a", slice(0, 1)), Criterion("b", slice(1, 2))))
    found = minimise(objective, box(("x",)), [np.array([0.0]), np.array([9.0])])
    assert found.x[0] == pytest.approx(2.5, abs=1e-6)
    assert found.value == pytest.approx(2.25, abs=1e-6)


def test_regret_is_measured_from_each_criterions_own_best() -> None:
    losses = Quadratic(np.array([1.0, 4.0, 8.0]))
    criteria = (Criterion("a", slice(0, 1)), Criterion("bc", slice(1, 3), reference=np.array([5.0, 3.0])))
    found = minimise(Objective(losses, criteria), box(("x",)), [np.array([5.0])])
    assert found.x[0] == pytest.approx(3.5, abs=1e-5)


def test_cvar_is_minimised() -> None:
    centres = np.random.default_rng(1).standard_normal(2000) + 3
    objective = Objective(Quadratic(centres), (Criterion("tail", level=0.9),))
    found = minimise(objective, box(("x",)), [np.array([5.0])])
    grid = np.linspace(2, 4, 401)
    assert objective.value(found.x) <= min(objective.value(np.array([x])) for x in grid) + 1e-6


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


def test_starts_in_one_dimension_are_inside() -> None:
    region = box(("x",))
    starts = [float(region.random(np.random.default_rng(seed))[0]) for seed in range(50)]
    assert 0 < min(starts) < 3
    assert 7 < max(starts) < 10
