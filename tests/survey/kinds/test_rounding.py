"""How people round probabilities."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toc_model.aliases import Floats
from toc_model.survey.kinds import rounding
from toc_model.survey.kinds.rounding import GRIDS, NEXT_TO_NOTHING

NAMES = list(GRIDS)
GRID = st.sampled_from(range(len(NAMES)))
BELIEF = st.one_of(st.floats(0, 1), st.floats(-14, 0).map(lambda power: 10**power))


def said(belief: float, grid: int) -> float:
    return float(rounding.rounded(np.array([belief]), np.array([grid]))[0])


@given(BELIEF, GRID)
def test_a_belief_lies_in_the_cell_of_what_is_stated_and_in_no_other(belief: float, grid: int) -> None:
    stated = said(belief, grid)
    lower, upper = (found[0, grid] for found in rounding.cells(np.array([stated])))
    assert lower <= belief <= upper
    assert lower < upper
    places = rounding.SAID[grid]
    assert stated in places
    low, high = (found[:, grid] for found in rounding.cells(places[places != stated]))
    assert not ((low < belief) & (belief < high)).any()


@given(GRID)
def test_the_cells_of_a_grid_leave_no_gap(grid: int) -> None:
    lower, upper = (found[:, grid] for found in rounding.cells(rounding.SAID[grid]))
    np.testing.assert_array_equal(lower[1:], upper[:-1])
    assert (lower[0], upper[-1]) == (0, 1)


@given(BELIEF, GRID)
def test_what_is_next_to_one_is_said_as_what_is_next_to_zero(belief: float, grid: int) -> None:
    """But for ties, and beliefs so near to one that numbers don't tell them apart."""
    bounds = rounding.BOUNDS[grid]
    if np.abs(bounds - belief).min() > 1e-9 * belief and belief > 1e-9:
        assert said(1 - belief, grid) == pytest.approx(1 - said(belief, grid), abs=1e-12)


@pytest.mark.parametrize(
    ("stated", "place"), [(3.14e-11, 3e-11), (0.00037, 0.0004), (0.0314, 0.03), (0.123, 0.125), (0.99937, 0.9994)]
)
def test_an_answer_on_no_grid_stands_for_the_finest_cell_that_it_lies_in(stated: float, place: float) -> None:
    lower, upper = rounding.cells(np.array([stated]))
    np.testing.assert_array_equal(
        [lower[0, 0], upper[0, 0]], [found[0, 0] for found in rounding.cells(np.array([place]))]
    )
    assert lower[0, 0] < stated < upper[0, 0]
    assert (lower[0, 1:] == upper[0, 1:]).all()


@pytest.mark.parametrize(
    ("belief", "grid", "stated"),
    [
        (0.04, "tens", 0.05),
        (0.08, "tens", 0.1),
        (0.04, "halves", 0.01),
        (0.003, "fives", 0.001),
        (0.022, "fives", 0.02),
        (0.014, "fives", 0.01),
        (0.02, "per cents", 0.02),
        (0.97, "quarters", 0.95),
        (0.6, "quarters", 0.5),
        (0.63, "quarters", 0.75),
        (0.0004, "half per cents", 0.0004),
        (0.026, "half per cents", 0.025),
        (0.004, "ladder", 0.005),
        (0.17, "ladder", 0.15),
        (0.45, "ladder", 0.5),
        (0.42, "fives", 0.4),
        (3e-10, "tens", 1e-10),
        (3e-13, "tens", 0.0),
    ],
)
def test_no_grid_calls_small_beliefs_zero(belief: float, grid: str, stated: float) -> None:
    assert said(belief, NAMES.index(grid)) == pytest.approx(stated)


SMALL = [10.0**-power for power in range(12, 1, -1)]
"""What is said for want of a place on one's own grid."""


@pytest.mark.parametrize(
    ("grid", "low"),
    [
        ("halves", [*SMALL, 0.1, 0.5]),
        ("quarters", [*SMALL, 0.05, 0.1, 0.25, 0.5]),
        ("tens", [*SMALL, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5]),
        ("fives", [*SMALL, 0.02, 0.03, *np.arange(1, 11) / 20]),
        ("per cents", [*SMALL[:-1], *np.arange(1, 51) / 100]),
        ("half per cents", [f * 10.0**-p for p in range(12, 2, -1) for f in range(1, 10)] + [*np.arange(2, 101) / 200]),
        ("ladder", sorted([*SMALL, *(5 * small for small in SMALL), 0.02, 0.1, 0.15, 0.2, 0.3, 0.5])),
    ],
)
def test_below_its_first_place_a_grid_goes_on_with_powers_of_ten(grid: str, low: list[float]) -> None:
    places = GRIDS[grid]
    np.testing.assert_allclose(places[: len(low) + 1], [0, *low], rtol=1e-9)
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
    np.testing.assert_allclose([lower[0, 0], upper[0, 0]], [0.2975, 0.3025])
    np.testing.assert_array_equal(lower[0, 1:], upper[0, 1:])


def test_edges_lie_half_way_between_places() -> None:
    lower, upper = rounding.cells(np.array([0.3]))
    np.testing.assert_allclose(lower[0], [0.2975, 0.295, 0.275, 0.25, 0.375, 0.3, 0.25])
    np.testing.assert_allclose(upper[0], [0.3025, 0.305, 0.325, 0.35, 0.375, 0.3, 0.4])


@given(st.sampled_from(NEXT_TO_NOTHING), st.booleans())
def test_who_means_zero_or_one_may_say_a_number_next_to_it(missing: float, certain: bool) -> None:
    exactly, nearly = rounding.principled(np.array([1 - missing if certain else missing]))
    np.testing.assert_array_equal(exactly, [[0, 0, 0, 1]])
    share = 1 / len(NEXT_TO_NOTHING)
    np.testing.assert_array_equal(nearly, [[0, 0, share, 1] if certain else [share, 0, 0, 1]])


@pytest.mark.parametrize(("stated", "spike"), [(0.0, 0), (0.5, 1), (1.0, 2)])
def test_stock_answers_are_said_exactly(stated: float, spike: int) -> None:
    exactly, nearly = rounding.principled(np.array([stated]))
    np.testing.assert_array_equal(exactly[0, :3], np.eye(3)[spike])
    np.testing.assert_array_equal(nearly[0, :3], np.eye(3)[spike] * (spike == 1))
    others: Floats = rounding.principled(np.array([0.001, 0.01, 0.3, 0.9, 0.999]))[1]
    assert not others[:, :3].any()
