"""The best point of a region: known answers 10 and 11, several criteria, and points that are as good as the best."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from toc_model import InputError
from toc_model.statistics.near_optimal import NearOptimal, _error_weights, _standard_error
from toc_model.statistics.optimise import Criterion, Objective, Region, minimise


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
EMPTY = (np.zeros((0, 2)), np.zeros(0))


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


# Criteria, regions and searches by their definitions --------------------------------------------------------------


def slope_of(function: Callable[[np.ndarray], np.ndarray], x: np.ndarray, step: float = 1e-6) -> np.ndarray:
    """Central differences, the point's entries last."""
    units = step * np.eye(len(x))
    return np.stack([(function(x + unit) - function(x - unit)) / (2 * step) for unit in units], axis=-1)


def test_weights_count_the_worst_and_the_last_of_them_in_part() -> None:
    losses = np.array([3.0, -1.0, 2.0, 5.0, 99.0])
    four = Criterion("four", slice(0, 4), level=0.6)
    np.testing.assert_allclose(four.weights(losses), [0.375, 0, 0, 0.625, 0])
    assert four.value(losses) == pytest.approx(4.25)
    assert Criterion("all").value(losses) == pytest.approx(21.6)
    assert Criterion("less", slice(0, 4), reference=np.array([1.0, 2, 3, 4])).value(losses) == pytest.approx(-0.25)
    ties = Criterion("ties", level=0.5).weights(np.zeros(400))
    np.testing.assert_allclose(ties, np.repeat([1 / 200, 0], 200))


def test_influences_of_ten_draws() -> None:
    losses = np.arange(10.0)
    found = Criterion("tail", level=0.8, reference=np.full(10, 2.0)).influence(losses)
    np.testing.assert_allclose(found, [*[5.2] * 8, 7.2 + 4 - 2, 7.2 + 9 - 2])
    assert found.mean() == pytest.approx((8 + 9) / 2 - 2)
    np.testing.assert_allclose(Criterion("mean", reference=1.0).influence(losses), losses - 1)


def simplex(at_most: float | None = None) -> Region:
    """Three shares that add up to one, the first perhaps limited, the last at least -1 and at most .5."""
    limit = (np.zeros((0, 3)), np.zeros(0)) if at_most is None else (np.eye(3)[:1], np.array([at_most]))
    return Region(
        ("a", "b", "c"), np.array([0.0, 0, -1]), np.array([1.0, 1, 0.5]), (np.ones((1, 3)), np.array([1.0])), limit
    )


def test_corners_and_the_centre_of_a_region() -> None:
    box = Region(("x", "y"), np.array([-1.0, 2]), np.array([3.0, 4]), EMPTY, EMPTY)
    np.testing.assert_allclose(box.corner(np.array([1.0, -1])), [-1, 4])
    middle = box.centre()
    assert ((box.lower + 0.5 <= middle) & (middle <= box.upper - 0.5)).all()
    np.testing.assert_allclose(box.inside(np.array([-1.0, 4])), 0.98 * np.array([-1, 4]) + 0.02 * middle)
    np.testing.assert_allclose(simplex(0.3).corner(np.array([-1.0, -0.1, 0])), [0.3, 1, -0.3])
    np.testing.assert_allclose(simplex().corner(np.array([1.0, 2, 0])), [0.5, 0, 0.5])
    assert simplex(0.3).centre().sum() == pytest.approx(1)


def test_points_that_break_a_constraint_are_told() -> None:
    region = simplex(0.3)
    assert region.holds(np.array([0.3, 0.5, 0.2]))
    assert region.holds(np.array([0.3 + 5e-8, 0.5, 0.2 - 2e-8]))
    assert not region.holds(np.array([0.4, 0.4, 0.2]))
    assert not region.holds(np.array([0.3, 0.5, 0.3]))
    assert not region.holds(np.array([0.3, 0.5, 0.1]))


@pytest.mark.parametrize("extra", [0, 2])
def test_constraints_are_those_of_the_region_whatever_else_a_point_has(extra: int) -> None:
    x = np.append([0.2, 0.5, 0.1], np.full(extra, 7.0))
    equal, at_most = simplex(0.3).constraints(extra)
    assert (equal["type"], at_most["type"]) == ("eq", "ineq")
    np.testing.assert_allclose(equal["fun"](x), [-0.2])
    np.testing.assert_allclose(at_most["fun"](x), [0.1])
    for one in (equal, at_most):
        np.testing.assert_allclose(one["jac"](x), slope_of(one["fun"], x), atol=1e-8)
    assert [one["type"] for one in simplex().constraints()] == ["eq"]
    assert Region(("x", "y"), np.zeros(2), np.ones(2), EMPTY, EMPTY).constraints() == []


def test_random_points_of_many_variables_are_inside_in_every_one() -> None:
    """A mixture of as many corners as variables and one more; fewer would lie on a face."""
    region = box(tuple("abcdefgh"))
    points = np.stack([region.random(np.random.default_rng(seed)) for seed in range(6)])
    assert points.min() > 0
    assert points.max() < 10
    assert points.std() < 3


def test_slopes_of_an_objective_are_those_of_its_criteria() -> None:
    losses = LogReturns(np.random.default_rng(1).uniform(1, 3, (40, 3)))
    objective = Objective(losses, (Criterion("a", slice(0, 20)), Criterion("b", slice(20, 40), level=0.7)))
    x = np.array([0.5, 1.0, 2.0])
    assert objective.value(x) == objective.values(x).max()
    np.testing.assert_allclose(objective.slopes(x), slope_of(objective.values, x), rtol=1e-6)


def test_the_best_of_several_descents_is_returned_and_each_is_counted() -> None:
    class Wavy:
        """Two valleys, at about 2 and 7, of which the second is deeper."""

        def value(self, x: np.ndarray) -> np.ndarray:
            return np.array([np.cos(1.25 * x[0]) - 0.1 * x[0]])

        def slope(self, x: np.ndarray, weights: np.ndarray) -> np.ndarray:
            return weights * (-1.25 * np.sin(1.25 * x) - 0.1)

    steps: list[tuple[int, int]] = []
    found = minimise(
        Objective(Wavy(), (Criterion("all"),)),
        box(("x",)),
        [np.array([2.0]), np.array([7.0]), np.array([3.0])],
        progress=lambda done, every: steps.append((done, every)),
    )
    assert steps == [(1, 3), (2, 3), (3, 3)]
    np.testing.assert_allclose(np.concatenate(found.ends), [2.577, 7.603, 2.577], atol=2e-3)
    assert found.x[0] == found.ends[1][0]
    assert found.value == pytest.approx(np.cos(1.25 * found.x[0]) - 0.1 * found.x[0])


def test_a_descent_obeys_bounds_and_budgets_and_never_ends_worse_than_it_began() -> None:
    centres = np.full(3, 20.0)
    end = minimise(Objective(Quadratic(centres), (Criterion("all"),)), box(("x",)), [np.array([4.0])]).x
    assert end[0] == 10
    shares = Objective(LogReturns(np.array([3.0, 2.0, 1.0])), (Criterion("all"), Criterion("same")))
    held = minimise(shares, simplex(0.3), [np.array([0.1, 0.8, 0.1])]).x
    np.testing.assert_allclose(held, [0.3, 0.8, -0.1], atol=1e-5)

    class Misleading(Quadratic):
        """Its slopes lead the wrong way."""

        def slope(self, x: np.ndarray, weights: np.ndarray) -> np.ndarray:
            return -super().slope(x, weights)

    start = np.array([4.0])
    assert minimise(Objective(Misleading(centres), (Criterion("all"),)), box(("x",)), [start]).x == start


# As good as the best, by definition -------------------------------------------------------------------------------


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
