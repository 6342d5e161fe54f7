"""Points that are as good as the best: circles of known size, several criteria, slopes and errors by definition."""

import numpy as np
import pytest

from tests.statistics.test_optimise import EMPTY, Quadratic, box, slope_of
from toc_model.statistics.near_optimal import NearOptimal, _error_weights, _last_that, _standard_error
from toc_model.statistics.optimise import Criterion, Objective, minimise
from toc_model.statistics.region import Region


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
    np.testing.assert_allclose(near.slack_slopes(x), slope_of(near.slack, x, 1e-7), rtol=1e-4)


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
    assert _standard_error(np.ones(4)) == 0
    assert not _error_weights(Criterion("all"), losses, np.ones(30)).any()


@pytest.mark.parametrize(("way", "share"), [(0.5, 0.392), (0.1, 1.0), (-0.5, 0.392), (100.0, 0.00196), (1e4, 1.96e-5)])
def test_the_way_to_a_corner_is_gone_by_halves(way: float, share: float) -> None:
    """The reach is .196, however far the corner is."""
    near = NearOptimal(Objective(round_bowl(), (Criterion("all"),)), np.array([5.0, 5.0]))
    found = _last_that(lambda part: near.holds(near.best + np.array([part * way, 0])))
    assert found == pytest.approx(share, rel=1e-3)


def test_a_share_of_a_way_is_found_by_parts_and_halves() -> None:
    assert _last_that(lambda _: True) == 1
    assert _last_that(lambda _: False) == pytest.approx(0, abs=1e-6)
    assert _last_that(lambda share: share <= 0.123456) == pytest.approx(0.123456, rel=1e-4)
    assert _last_that(lambda share: share <= 0.1 or 0.5 < share <= 0.7) == pytest.approx(0.7, rel=1e-4)


# Of any size, on both sides ---------------------------------------------------------------------------------------

FLAT = (np.zeros((0, 2)), np.zeros(0))


class Bowls:
    """Two levers that go together, each draw with a centre and a weight of its own; of any size, about any constant."""

    def __init__(self, seed: int, size: float = 1.0, offset: float = 0.0, width: float = 1.0) -> None:
        rng = np.random.default_rng(seed)
        self.centres = rng.uniform(-0.1, 0.7, 2) + 0.3 * rng.normal(size=(150, 2))
        self.weights = rng.uniform(0.2, 1, (150, 2))
        self.twist = rng.uniform(-0.6, 0.6)
        self.size, self.offset, self.width = size, offset, width

    def value(self, x: np.ndarray) -> np.ndarray:
        away = x / self.width - self.centres
        found = (self.weights * away**2).sum(axis=1) + self.twist * away.prod(axis=1)
        return np.asarray(self.size * found + self.offset)

    def slope(self, x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        away = x / self.width - self.centres
        each = 2 * self.weights * away + self.twist * away[:, ::-1]
        return np.asarray(self.size * weights @ each / self.width)

    def extent(self, *criteria: Criterion) -> tuple[NearOptimal, np.ndarray]:
        """All that is as good, and its ends by lever, shape (end, lever), in widths of the region."""
        region = Region(("x", "y"), np.zeros(2), np.full(2, self.width), FLAT, FLAT)
        objective = Objective(self, criteria or (Criterion("all"),))
        near = NearOptimal(objective, minimise(objective, region, [np.full(2, self.width / 2)]).x)
        ends = [near.furthest(region, lever, sign) for lever in (0, 1) for sign in (1, -1)]
        assert all(near.holds(end, 1e-3) for end in ends)
        return near, np.stack([np.min(ends, axis=0), np.max(ends, axis=0)]) / self.width


@pytest.mark.parametrize("level", [0.0, 0.8])
@pytest.mark.parametrize("seed", range(6))
def test_no_grid_of_two_levers_finds_more(seed: int, level: float) -> None:
    """Optima inside and at the edges; that all ends are as good is asserted where they are found."""
    near, found = Bowls(seed).extent(Criterion("all", level=level))
    step = 0.04
    grid = np.stack(np.meshgrid(*[np.arange(0, 1 + step / 2, step)] * 2), axis=-1).reshape(-1, 2)
    held = grid[[near.holds(point) for point in grid]]
    assert (found[0] <= held.min(axis=0) + step / 2).all()
    assert (found[1] >= held.max(axis=0) - step / 2).all()


@pytest.mark.parametrize(
    ("size", "offset", "width"),
    [(1e6, 0.0, 1.0), (1e-7, 0.0, 1.0), (1.0, 1e5, 1.0), (1e-3, -1e2, 1.0), (1.0, 0.0, 1e6), (1e6, -1e9, 1e-6)],
)
def test_what_is_as_good_depends_on_no_unit(size: float, offset: float, width: float) -> None:
    for seed, criteria in ((1, ()), (2, (Criterion("one", slice(0, 75)), Criterion("other", slice(75, 150))))):
        _, expected = Bowls(seed).extent(*criteria)
        _, found = Bowls(seed, size, offset, width).extent(*criteria)
        np.testing.assert_allclose(found, expected, atol=2e-3)


def test_what_no_draw_tells_apart_is_as_good_and_what_every_draw_does_is_not() -> None:
    region = Region(("x", "y"), np.zeros(2), np.ones(2), FLAT, FLAT)

    class Sure:
        """The first lever loses as much in every draw, the second nothing."""

        def value(self, x: np.ndarray) -> np.ndarray:
            return np.full(10, 3 + 1e-4 * x[0])

        def slope(self, _x: np.ndarray, weights: np.ndarray) -> np.ndarray:
            return np.array([1e-4 * float(weights.sum()), 0.0])

    near = NearOptimal(Objective(Sure(), (Criterion("all"),)), np.array([0.0, 0.5]))
    np.testing.assert_allclose([near.furthest(region, 1, sign)[1] for sign in (1, -1)], [0, 1])
    np.testing.assert_allclose([near.furthest(region, 0, sign)[0] for sign in (1, -1)], 0, atol=1e-6)
    assert not near.holds(np.array([np.nan, 0.5]))
