"""Values of levers as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.toy import CASE
from toc_model.beliefs.amounts import amount_of, said
from toc_model.errors import InputError
from toc_model.essay.case import ESSAY

SHARE = ESSAY.story.variable("researchers")
FENCE = CASE.story.variable("fence")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("30", 0.3),
        ("30%", 0.3),
        ("30 %", 0.3),
        (" 30 ", 0.3),
        ("0.3", 0.3),
        (".3", 0.3),
        ("0", 0.0),
        ("0%", 0.0),
        ("1%", 0.01),
        ("0.5%", 0.005),
        ("0.5", 0.5),
        ("1.5", 0.015),
        ("100", 1.0),
        ("100%", 1.0),
        ("99.9", 0.999),
    ],
)
def test_shares_are_per_cent_or_fractions(text: str, value: float) -> None:
    assert amount_of(SHARE, text, "here") == pytest.approx(value, abs=1e-15)


@pytest.mark.parametrize(
    ("text", "fragments"),
    [
        ("1", ["found '1', which may be 1 % or all", "allowed: 1% or 100%"]),
        ("1.0", ["found '1.0', which may be"]),
        ("101", ["found '101'", "allowed: 0 % to 100 %"]),
        ("100.1%", ["found '100.1%'", "allowed: 0 % to 100 %"]),
        ("-5", ["found '-5'", "allowed: 0 % to 100 %"]),
        ("30,5", ["found '30,5'", "such as 30, 30% or 0.3"]),
        ("thirty", ["found 'thirty'"]),
        ("nan", ["found 'nan'"]),
        ("inf", ["found 'inf'"]),
        ("1e2", ["found '1e2'"]),
        ("30 km", ["found '30 km'"]),
        ("٣٠", ["found '٣٠'"]),
        ("", ["found ''"]),
    ],
)
def test_what_is_no_share_is_refused(text: str, fragments: list[str]) -> None:
    with pytest.raises(InputError) as refused:
        amount_of(SHARE, text, "here")
    assert str(refused.value).startswith("here: researchers: ")
    assert [fragment for fragment in fragments if fragment not in str(refused.value)] == []


@given(st.integers(0, 10_000))
def test_all_spellings_of_a_share_mean_the_same(hundredths: int) -> None:
    """Per cent with and without the sign, and the fraction; but what is 1, or below, without the sign is a fraction."""
    per_cent = f"{hundredths / 100:.2f}"
    meant = amount_of(SHARE, f"{per_cent}%", "here")
    assert meant == pytest.approx(hundredths / 10_000)
    if hundredths > 100:
        assert amount_of(SHARE, per_cent, "here") == meant
    elif hundredths < 100:
        assert amount_of(SHARE, per_cent, "here") == pytest.approx(100 * meant)
    else:
        with pytest.raises(InputError, match="may be 1 % or all"):
            amount_of(SHARE, per_cent, "here")
    if hundredths < 10_000:
        assert amount_of(SHARE, f"{hundredths / 10_000:.4f}", "here") == pytest.approx(meant)


@given(st.integers(101, 10_000))
def test_what_is_said_back_means_the_same(hundredths: int) -> None:
    value = hundredths / 10_000
    assert amount_of(SHARE, said(SHARE, value), "here") == pytest.approx(value)


@pytest.mark.parametrize("text", ["6", "6.0", "6km", "6 km"])
def test_another_lever_is_in_its_own_unit(text: str) -> None:
    assert amount_of(FENCE, text, "here") == 6.0


@pytest.mark.parametrize(("text", "fragment"), [("13", "0 km to 12 km"), ("6%", "number of km"), ("6 m", "number of")])
def test_another_lever_has_bounds_and_no_per_cent(text: str, fragment: str) -> None:
    with pytest.raises(InputError, match=fragment):
        amount_of(FENCE, text, "here")


def test_one_is_no_riddle_where_nothing_is_per_cent() -> None:
    assert amount_of(FENCE, "1", "here") == 1.0
