"""How people round probabilities."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toc_model.survey.kinds import rounding


@given(st.floats(0, 1), st.integers(0, 4))
def test_a_belief_lies_in_the_cell_of_what_is_stated_and_in_no_other(belief: float, grid: int) -> None:
    stated = rounding.rounded(np.array([belief]), np.array([grid]))
    lower, upper = (found[0, grid] for found in rounding.cells(stated))
    assert lower <= belief <= upper
    assert lower < upper
    assert (
        rounding.places(rounding.GRIDS[grid])[np.searchsorted(rounding.places(rounding.GRIDS[grid]), stated)] == stated
    )
    others = [place for place in rounding.places(rounding.GRIDS[grid]) if place != stated]
    low, high = (found[:, grid] for found in rounding.cells(np.array(others)))
    assert not ((low < belief) & (belief < high)).any()


@pytest.mark.parametrize(("stated", "width"), [(3e-11, 1e-11), (0.0005, 1e-4), (0.0314, 0.01), (0.9994, 1e-4)])
def test_an_answer_on_no_grid_stands_for_its_first_significant_figure(stated: float, width: float) -> None:
    lower, upper = rounding.cells(np.array([stated]))
    assert upper[0, 0] - lower[0, 0] == pytest.approx(width, rel=1e-3)
    assert (lower[0, 1:] == upper[0, 1:]).all()


@pytest.mark.parametrize(
    ("belief", "grid", "stated"),
    [
        (0.04, 0.1, 0.05),
        (0.08, 0.1, 0.1),
        (0.003, 0.05, 0.001),
        (0.02, 0.05, 0.01),
        (0.02, 0.01, 0.02),
        (0.97, 0.5, 0.95),
        (0.0004, 0.001, 0.0001),
        (3e-10, 0.1, 0.0),
        (0.42, 0.05, 0.4),
    ],
)
def test_no_grid_calls_small_beliefs_zero(belief: float, grid: float, stated: float) -> None:
    assert rounding.rounded(np.array([belief]), np.array([rounding.GRIDS.index(grid)]))[0] == pytest.approx(stated)


SMALL = [10.0**-power for power in range(9, 1, -1)]
"""What is said for want of a place on one's own grid."""


@pytest.mark.parametrize(
    ("grid", "low"),
    [
        (0.5, [*SMALL, 0.05, 0.1, 0.5]),
        (0.1, [*SMALL, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5]),
        (0.05, [*SMALL, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5]),
        (0.01, [*SMALL[:-1], *np.arange(1, 51) / 100]),
        (0.001, [*SMALL[:-2], *np.arange(1, 501) / 1000]),
    ],
)
def test_below_its_first_place_a_grid_goes_on_with_the_same_ladder(grid: float, low: list[float]) -> None:
    places = rounding.places(grid)
    np.testing.assert_allclose(places[: len(low) + 1], [0, *low], atol=1e-13)
    np.testing.assert_allclose(places, 1 - places[::-1], atol=1e-13)
    assert len(places) == 2 * len(low) + 1


@pytest.mark.parametrize("stated", [0.3, 0.07, 1e-8, 0.999])
@pytest.mark.parametrize("error", [-3e-7, 0.0, 3e-7])
def test_rounding_errors_do_not_take_an_answer_off_its_place(stated: float, error: float) -> None:
    found = rounding.cells(np.array([stated + error * min(stated, 1 - stated)]))
    np.testing.assert_array_equal(found, rounding.cells(np.array([stated])))


@pytest.mark.parametrize("error", [-3e-6, 3e-6])
def test_what_is_further_off_is_no_place(error: float) -> None:
    lower, upper = rounding.cells(np.array([0.3 * (1 + error)]))
    np.testing.assert_allclose([lower[0, 0], upper[0, 0]], np.array([0.25, 0.35]), rtol=1e-4)
    np.testing.assert_array_equal(lower[0, 1:], upper[0, 1:])


def test_edges_lie_half_way_between_places() -> None:
    lower, upper = rounding.cells(np.array([0.3]))
    np.testing.assert_allclose(lower[0], [0.2995, 0.295, 0.275, 0.25, 0.3])
    np.testing.assert_allclose(upper[0], [0.3005, 0.305, 0.325, 0.35, 0.3])
