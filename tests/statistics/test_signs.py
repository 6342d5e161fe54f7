"""A sign is told beyond the Monte Carlo error alone."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from toc_model.statistics import decisions
from toc_model.statistics.signs import direction, turn


def figures(mean: float, mcse: float) -> dict[str, float]:
    return {"mean": mean, "mcse": mcse}


@pytest.mark.parametrize(
    ("mean", "error", "expected"), [(1, 0.5, 1), (-1, 0.5, -1), (1, 0.52, 0), (-1, 0.52, 0), (0, 0, 0), (1e-9, 0, 1)]
)
def test_the_sign_is_told_beyond_two_errors(mean: float, error: float, expected: int) -> None:
    assert direction(figures(mean, error)) == expected


def test_a_sign_is_that_of_draws() -> None:
    draws = np.array([-1.0, 1.0] * 200)
    assert direction(decisions.figures(xr.DataArray(draws, dims="draw"))) == 0
    assert direction(decisions.figures(xr.DataArray(draws - 0.11, dims="draw"))) == -1
    assert direction(decisions.figures(xr.DataArray(draws - 0.09, dims="draw"))) == 0


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ((-1, 0.1), (1, 0.1), "turned"),
        ((1, 0.1), (-1, 0.1), "turned"),
        ((-1, 0.1), (-2, 0.1), "kept"),
        ((1, 0.1), (0.2, 0.1), "kept"),
        ((-1, 0.1), (0.19, 0.1), "undecided"),
        ((0.19, 0.1), (-1, 0.1), "undecided"),
        ((-1, 0.1), (0.0, 0.0), "undecided"),
    ],
)
def test_a_sign_is_turned_beyond_the_errors_alone(
    before: tuple[float, float], after: tuple[float, float], expected: str
) -> None:
    assert turn(figures(*before), figures(*after)) == expected


MEANS, ERRORS = st.floats(-5, 5), st.floats(0, 3)


@given(MEANS, ERRORS, MEANS, ERRORS)
def test_turning_has_no_direction_and_no_side(mean: float, error: float, other: float, its: float) -> None:
    found = turn(figures(mean, error), figures(other, its))
    assert found == turn(figures(other, its), figures(mean, error))
    assert found == turn(figures(-mean, error), figures(-other, its))
    assert found != "turned" or mean * other < 0
    assert turn(figures(mean, error), figures(mean, error)) != "turned"
