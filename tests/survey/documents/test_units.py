"""Units: which can be turned into which, and which are refused."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toc_model.errors import InputError
from toc_model.survey.documents.units import OTHER_NAMES, SHARES, TIMES, conversion

DATE = "years from late 2022"


@pytest.mark.parametrize(
    ("stated", "wanted", "value", "expected"),
    [
        ("percent", "probability", 57, 0.57),
        ("%", "fraction", 0.1, 0.001),
        ("Per Cent", "ratio", 150, 1.5),
        ("per mille", "probability", 3, 0.003),
        ("probability", "fraction", 0.2, 0.2),
        ("months", DATE, 60, 5),
        ("Months", "years", 7, 7 / 12),
        ("years", "months", 2.5, 30),
        ("weeks", "days", 3, 21),
        ("days", "years", 1461, 4),
        ("decades", DATE, 2, 20),
        ("Years  since late 2022", DATE, 3, 3),
        ("years", DATE, 3, 3),
        ("calendar year", DATE, 2030, 7.1),
        ("Calendar years", "months from late 2022", 2030, 85.2),
        ("percent per year", "1/year", 4, 0.04),
        ("fte", "FTE", 300, 300),
        ("median FTE years", "median FTE years", 3, 3),
    ],
)
def test_known_units_are_converted(stated: str, wanted: str, value: float, expected: float) -> None:
    origin = 2022.9 if "late" in wanted else None
    assert conversion(stated, wanted, origin=origin).of(value) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("stated", "wanted", "fragment"),
    [
        ("furlongs", DATE, f"found 'furlongs'; allowed: {DATE}, years, months, weeks, days, calendar year"),
        ("percent", DATE, "allowed: years from late 2022"),
        ("years", "probability", "allowed: probability, fraction, percent"),
        ("years from now", DATE, "a shift in the mapping"),
        ("years from late 2026", DATE, "a shift in the mapping"),
        ("calendar year", "years", "allowed: years, months, weeks, days"),
        ("people", "FTE", "found 'people'; allowed: FTE"),
        ("median FTE", "FTE", "allowed: FTE"),
        ("percent", "logits", "allowed: logits"),
        ("", "probability", "found ''"),
        ("months per year", "1/year", "allowed: 1/year"),
    ],
)
def test_others_are_refused_with_what_is_allowed(stated: str, wanted: str, fragment: str) -> None:
    with pytest.raises(InputError) as refusal:
        conversion(stated, wanted, origin=2022.9 if wanted == DATE else None)
    assert fragment in str(refusal.value)


def test_dates_may_differ_where_a_mapping_states_how_far() -> None:
    assert conversion("months from early 2024", DATE, shifted=True).of(24) == 2


@given(
    st.sampled_from([tuple(SHARES), tuple(TIMES)]).flatmap(lambda names: st.tuples(*[st.sampled_from(names)] * 2)),
    st.floats(-1e6, 1e6),
)
def test_there_and_back_is_the_same(units: tuple[str, str], value: float) -> None:
    one, other = units
    back = conversion(other, one).of(conversion(one, other).of(value))
    assert math.isclose(back, value, rel_tol=1e-12, abs_tol=1e-300)


def test_other_names_are_names_of_known_units() -> None:
    assert not set(OTHER_NAMES) & set(OTHER_NAMES.values())
