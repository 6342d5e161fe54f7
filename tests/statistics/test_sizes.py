"""Searches depend on no unit, prefer nothing that is no finite number, and never end worse than they began."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toc_model import InputError
from toc_model.statistics.optimise import Criterion, Objective, Optimum, minimise, size_of
from toc_model.statistics.region import Region

NONE = (np.zeros((0, 1)), np.zeros(0))
LINE = Region(("a",), np.zeros(1), np.ones(1), NONE, NONE)


class Wells:
    """Losses that end at .5, below which there are none: the mean falls without end towards it."""

    def value(self, x: np.ndarray) -> np.ndarray:
        return np.array([np.log(x[0] - 0.5) + x[0] ** 2, 2 * x[0]])

    def slope(self, x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        return np.array([weights[0] * (1 / (x[0] - 0.5) + 2 * x[0]) + 2 * weights[1]])


def least(losses: object, starts: Sequence[float], *criteria: Criterion) -> Optimum:
    objective = Objective(losses, criteria or (Criterion("mean"),))  # type: ignore[arg-type]
    return minimise(objective, LINE, [np.array([start]) for start in starts])


@pytest.mark.parametrize("starts", [(0.2, 0.9), (0.9, 0.2), (0.2, 0.5, 0.9)])
def test_a_start_without_a_number_never_wins(starts: tuple[float, ...]) -> None:
    for criteria in ((Criterion("mean"),), (Criterion("one", slice(0, 1)), Criterion("both"))):
        found = least(Wells(), starts, *criteria)
        assert np.isfinite(found.value)
        assert 0.5 < found.x[0] < (0.5001 if len(criteria) == 1 else 0.9)


def test_no_start_with_a_number_is_refused() -> None:
    with pytest.raises(InputError, match="found no start of 2 at which it is a finite number; allowed: one or more"):
        least(Wells(), [0.2, 0.5])


@pytest.mark.parametrize("hole", [np.nan, np.inf, -np.inf])
def test_a_hole_on_the_way_is_no_better_than_what_is_around_it(hole: float) -> None:
    """Losses (x - .4)^2 with no number between .45 and .55: on the one side .4 is reached, on the other .55 at best."""

    class Hole:
        def value(self, x: np.ndarray) -> np.ndarray:
            return np.full(2, hole if 0.45 < x[0] < 0.55 else (x[0] - 0.4) ** 2)

        def slope(self, x: np.ndarray, weights: np.ndarray) -> np.ndarray:
            return np.array([weights.sum() * (hole if 0.45 < x[0] < 0.55 else 2 * (x[0] - 0.4))])

    assert least(Hole(), [0.1]).x[0] == pytest.approx(0.4, abs=1e-6)
    right = least(Hole(), [0.5, 0.6])
    assert np.isfinite(right.value)
    assert right.value <= 0.2**2
    assert least(Hole(), [0.9, 0.5, 0.1]).x[0] == pytest.approx(0.4, abs=1e-6)


class Bowls:
    """Three levers, each draw with a centre of its own; losses of any size about any constant, levers of any width."""

    def __init__(self, seed: int, size: float = 1.0, offset: float = 0.0, width: float = 1.0) -> None:
        rng = np.random.default_rng(seed)
        self.centres = rng.uniform(0, 0.8, 3) + 0.2 * rng.normal(size=(60, 3))
        self.weights = rng.uniform(0.5, 2, (60, 3))
        self.size, self.offset, self.width = size, offset, width

    def value(self, x: np.ndarray) -> np.ndarray:
        return np.asarray(self.size * (self.weights * (x / self.width - self.centres) ** 2).sum(axis=1) + self.offset)

    def slope(self, x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        return np.asarray(2 * self.size * weights @ (self.weights * (x / self.width - self.centres)) / self.width)

    def best(self, *criteria: Criterion) -> np.ndarray:
        """In widths of the region, of which at most 1.5 may be spent."""
        budget = (np.ones((1, 3)), np.array([1.5 * self.width]))
        none = (np.zeros((0, 3)), np.zeros(0))
        region = Region(("a", "b", "c"), np.zeros(3), np.full(3, self.width), none, budget)
        starts = [self.width * np.array(one) for one in ([0.1, 0.2, 0.3], [0.9, 0.1, 0.4])]
        return minimise(Objective(self, criteria), region, starts).x / self.width


CRITERIA = {
    "mean": (Criterion("all"),),
    "worst": (Criterion("one", slice(0, 30)), Criterion("other", slice(30, 60))),
}


@settings(max_examples=20, deadline=None)
@given(
    st.integers(0, 99),
    st.sampled_from(sorted(CRITERIA)),
    st.floats(-12, 12),
    st.sampled_from([0.0, 1e3, -1e6, 1e8]),
    st.floats(-6, 6),
)
def test_the_best_point_depends_on_no_unit(seed: int, kind: str, size: float, offset: float, width: float) -> None:
    expected = Bowls(seed).best(*CRITERIA[kind])
    found = Bowls(seed, 10**size, 10**size * offset, 10**width).best(*CRITERIA[kind])
    np.testing.assert_allclose(found, expected, atol=1e-4)


@pytest.mark.parametrize(("size", "offset"), [(1e6, 0.0), (1e-7, 0.0), (1.0, 1e6), (1e-3, 1e6), (1e-7, 0.3)])
def test_dollars_and_ten_millionths_are_searched_alike(size: float, offset: float) -> None:
    for seed in range(3):
        for criteria in (*CRITERIA.values(), (Criterion("tail", level=0.8),)):
            expected = Bowls(seed).best(*criteria)
            np.testing.assert_allclose(Bowls(seed, size, offset).best(*criteria), expected, atol=2e-3)


def test_the_size_of_an_objective_is_its_middle_steepest_slope_over_a_width() -> None:
    wide = Region(("a",), np.zeros(1), np.full(1, 10.0), NONE, NONE)

    class Square:
        def value(self, x: np.ndarray) -> np.ndarray:
            return np.array([3.0 + x[0] ** 2])

        def slope(self, x: np.ndarray, weights: np.ndarray) -> np.ndarray:
            return np.array([2 * x[0] * weights[0]])

    objective = Objective(Square(), (Criterion("all"),))
    assert size_of(objective, wide, [np.array([x]) for x in (0.0, 1.0, 2.0, 3.0)]) == pytest.approx(2 * 2 * 10)
    assert size_of(objective, wide, [np.zeros(1)]) == 1
