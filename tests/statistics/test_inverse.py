"""Roots of functions that rise, many at once: exact ends, flat parts, and targets out of reach."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toc_model.statistics.elicitation.numeric import inverse


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=5), st.sampled_from([1.0, 3.0, 0.2]))
def test_a_root_is_found_to_rounding(target: list[float], power: float) -> None:
    def rising(x: np.ndarray) -> np.ndarray:
        return np.asarray(np.sign(x) * np.abs(x) ** power)

    found = inverse(rising, np.array(target), np.array(-1e12), np.array(1e12))
    exact = np.sign(target) * np.abs(target) ** (1 / power)
    assert found == pytest.approx(exact, rel=1e-9, abs=1e-9)


def test_what_is_out_of_reach_is_met_at_an_end() -> None:
    found = inverse(np.tanh, np.array([-2.0, -1.5, 0.5, 2.0]), np.array(-3.0), np.array(3.0))
    assert found == pytest.approx([-3, -3, np.arctanh(0.5), 3])


def test_ends_and_empty_intervals_may_be_roots() -> None:
    low, high = np.array([0.0, 1.0, 2.0]), np.array([1.0, 2.0, 2.0])
    assert inverse(lambda x: x, np.array([0.0, 2.0, 2.0]), low, high).tolist() == [0, 2, 2]


def test_a_root_may_lie_where_it_is_flat() -> None:
    found = inverse(lambda x: np.clip(x, -1, 0) + np.clip(x - 1, 0, 1), np.zeros(1), np.array(-3.0), np.array(3.5))
    assert 0 <= found[0] <= 1


@pytest.mark.parametrize("root", [1e-200, 3e-5, 0.0, -7e40])
def test_a_root_is_found_among_hundreds_of_orders_of_magnitude(root: float) -> None:
    """A step, so that nothing but halves tells where it is."""
    found = inverse(lambda x: np.where(x < root, -1.0, 1.0), np.zeros(1), np.array(-1e250), np.array(1e300))
    assert found[0] == pytest.approx(root, rel=1e-9, abs=1e-290)
