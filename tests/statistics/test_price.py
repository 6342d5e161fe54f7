"""What a unit of a gain costs: by hand, at its limits, and laws."""

import math

import hypothesis.strategies as st
import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis.extra import numpy as npst

from toc_model.statistics.price import price


def gains(*values: float) -> xr.DataArray:
    return xr.DataArray(list(values), dims="draw")


def test_a_price_by_hand() -> None:
    """Gains of 1 and 3 have the mean 2, and 99 of each the error of 1 over the root of 197."""
    found = price(gains(*[1, 3] * 99), 10)
    assert found.mean == pytest.approx(5)
    assert found.error == pytest.approx(10 * math.sqrt(1 / 197) / 4)
    assert [found.low, found.high, found.gaining] == pytest.approx([10 / 3, 10, 1])


def test_where_some_draws_gain_nothing_there_is_no_highest_price() -> None:
    found = price(gains(*[-1] * 10, *[4] * 90), 10)
    assert (found.verdict, found.high) == ("price", math.inf)
    assert found.gaining == 0.9
    assert found.to_dict()["at_q05_of_gain"] is None


@pytest.mark.parametrize(
    ("values", "verdict"), [((-1, -3) * 50, "none"), ((0, 0), "none"), ((-1, 1), "unclear"), ((-1.0, 1.01), "unclear")]
)
def test_what_gains_nothing_has_no_price(values: tuple[float, ...], verdict: str) -> None:
    found = price(gains(*values), 10)
    assert found.verdict == verdict
    assert math.isnan(found.mean)
    assert (found.to_dict()["mean"], found.to_dict()["mcse"]) == (None, None)


@given(npst.arrays(float, 20, elements=st.floats(0.5, 5)), st.floats(1, 1e6), st.floats(0.1, 10))
def test_a_price_scales_with_what_is_spent_and_falls_with_what_is_gained(
    values: np.ndarray, spent: float, factor: float
) -> None:
    once = price(gains(*values), spent)
    for other, times in (
        (price(gains(*values), factor * spent), factor),
        (price(gains(*factor * values), spent), 1 / factor),
    ):
        for key in ("mean", "error", "low", "high"):
            assert getattr(other, key) == pytest.approx(times * getattr(once, key), rel=1e-9, abs=1e-9)
    assert once.low <= once.high
