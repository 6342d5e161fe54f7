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
