"""The best point of a region: known answers 10 and 11, and several criteria."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from toc_model import InputError
from toc_model.statistics.optimise import Criterion, Objective, minimise
from toc_model.statistics.region import Region


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
