"""Held, not held, undecided: by the distance from a bound in Monte Carlo errors."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from toc_model import InputError
from toc_model.statistics.verdicts import Found, always, joint, mean, quantile, ratio, share, sometimes


@given(st.floats(-10, 10), st.floats(0.01, 1), st.floats(-10, 10))
def test_a_bound_within_the_error_is_undecided(value: float, error: float, bound: float) -> None:
    found = Found("x", value, error, low=bound).verdict
    near = abs(value - bound) < 1.959964 * error
    assert found == ("undecided" if near else "held" if value > bound else "not held")


def test_exact_figures_may_attain_their_bounds() -> None:
    assert Found("x", 0.0, 0.0, 0.0, 0.0).verdict == "held"
    assert Found("x", 1e-9, 0.0, 0.0, 0.0).verdict == "not held"
    void = Found("x", float("nan"), float("nan"), low=1.0)
    assert void.verdict == "undecided"
    assert [void.to_dict()[key] for key in ("value", "mcse", "low", "high")] == [None, None, 1.0, None]
    for value, error in ((np.nan, 0.0), (1.0, np.nan), (np.inf, 0.0)):
        with pytest.raises(InputError, match="check of x: found a value that is not a finite number"):
            Found("x", value, error)


def test_the_worst_verdict_counts() -> None:
    assert joint(["held", "undecided", "not held"]) == "not held"
    assert joint(["held", "undecided"]) == "undecided"
    assert joint(["held"]) == "held"


def test_errors_are_those_of_repeated_draws() -> None:
    random = np.random.default_rng(1)
    x, y = random.normal(1, 1, (2, 2000, 400))
    both = [(xr.DataArray(a, dims="draw"), xr.DataArray(b + 3, dims="draw")) for a, b in zip(x, y, strict=True)]
    for found in (
        [mean("x", a) for a, _ in both],
        [ratio("x", a, b) for a, b in both],
        [share("x", a > 0.5) for a, _ in both],
        [quantile("x", a, 0.9) for a, _ in both],
    ):
        spread = np.std([one.value for one in found])
        assert np.mean([one.error for one in found]) == pytest.approx(spread, rel=0.1)


def test_what_is_said_of_all_or_of_some() -> None:
    so = xr.DataArray([True, True, False, True], dims="draw")
    assert (always("x", so).value, always("x", so).verdict) == (0.25, "not held")
    assert always("x", so[:2]).verdict == "held"
    assert always("x", so[:0]).verdict == "undecided"
    assert sometimes("x", so).verdict == "held"
    assert sometimes("x", ~so[:2]).verdict == "not held"
