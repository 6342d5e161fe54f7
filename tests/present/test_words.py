"""Figures and names in texts: signs, rounding, measures other than per cent, and what is invisible."""

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toc_model.engine.measures import PER_CENT, Measure
from toc_model.essay.case import ESSAY
from toc_model.present import signs, words

YEARS = Measure(1.0, "life-years", "life-years", digits=2, end_digits=1, change_digits=3, change_end_digits=2)
HIDDEN = "\u202e\u200b\u200d\u2066\u2068\u2069\x00\x1b\x7f\ufeff\u00ad\ue000\U000e0041\ufe0f\u3164\u2800\u034f"


@pytest.mark.parametrize(
    ("measure", "change", "said"),
    [
        (PER_CENT, -0.0221, "-2.21"),
        (PER_CENT, 0.0221, "+2.21"),
        (PER_CENT, -0.00001, "0.00"),
        (PER_CENT, 0.00001, "0.00"),
        (PER_CENT, 0.0, "0.00"),
        (YEARS, -1.5, "-1.500"),
        (YEARS, 0.0004, "0.000"),
    ],
)
def test_changes_have_a_sign_unless_they_round_to_zero(measure: Measure, change: float, said: str) -> None:
    assert words.signed(measure, change) == said


def test_values_are_told_in_their_measure() -> None:
    row = {"mean": 12.3456, "q05": -0.001, "q95": 30.0, "mcse": 0.25}
    assert words.value_interval(YEARS, row) == "12.35 [0.0, 30.0]"
    assert words.interval(YEARS, row, error=True) == "+12.346 ±0.250 [0.00, +30.00]"
    assert words.with_unit(YEARS, 3.0) == "3.00 life-years"
    assert words.with_unit(PER_CENT, 0.3) == "30.0 %"
    assert words.change_cell(YEARS, row).value == 12.3456


def test_the_better_side_follows_the_objective() -> None:
    lower, higher = ESSAY.objective, replace(ESSAY.objective, lower_is_better=False)
    assert (words.gain(lower), words.better_side(lower)) == ("fall", "Left of zero is better.")
    assert (words.gain(higher), words.better_side(higher)) == ("rise", "Right of zero is better.")


@pytest.mark.parametrize(
    ("value", "said"), [(0.04, "0.0"), (-0.04, "0.0"), (9.96, "10.0"), (12.4, "12"), (1234.5, "1,234"), (-3.21, "-3.2")]
)
def test_small_amounts_keep_one_decimal_below_ten(value: float, said: str) -> None:
    assert words.amount(value) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("-5 and [-3, -2] and (-.5)", "\u22125 and [\u22123, \u22122] and (\u2212.5)"),
        ("±0.1 and 3-5 and a-5 and --draws", "±0.1 and 3-5 and a-5 and --draws"),
        (f"{words.isolated('x -5')} by -5", f"{words.isolated('x -5')} by \u22125"),
    ],
)
def test_a_minus_stands_before_figures_alone(text: str, said: str) -> None:
    assert words.with_minus(text) == said


def test_what_is_hidden_is_shown_as_its_number() -> None:
    shown = r"\u202e\u200b\u200d\u2066\x00\x1b\x7f\ufeff\xad\ue000\U000e0041\ufe0f\u3164\u2800\u034f"
    assert signs.visible(f"a{HIDDEN}b\n\tc\u2028d") == f"a{shown}b  c d"
    assert signs.visible_lines(f"a{HIDDEN}\n  b") == f"a{shown}\n  b"
    assert words.isolated(f"a{signs.END}b") == rf"{signs.ISOLATE}a\u2069b{signs.END}"
    assert signs.visible(f"{words.isolated('x')} {signs.ISOLATE}y") == r"x \u2068y"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cafe\u0301 \u0928\u092e\u0938\u094d\u0924\u0947", "cafe\u0301 \u0928\u092e\u0938\u094d\u0924\u0947"),
        ("\u0301x \u0301", r"\u0301x \u0301"),
        ("Z" + 6 * "\u0301", "Z" + 4 * "\u0301" + 2 * r"\u0301"),
        ("\udcff", r"\udcff"),
        ("[red]x[/red] [/] :smile:", "[red]x[/red] [/] :smile:"),
    ],
)
def test_marks_stand_on_letters_and_in_no_great_number(text: str, said: str) -> None:
    assert signs.visible(text) == said


def test_names_keep_to_their_line() -> None:
    assert words.named("a\n b\tc\r\u2028") == words.isolated(r"a\n b\tc\r\u2028")
    assert words.labels(["a\nb", "a b"]) == [r"a\nb", "a b"]
    assert words.quoted("my_name") == f"“{signs.ISOLATE}my name{signs.END}”"


@given(st.text())
def test_nothing_invisible_is_left(text: str) -> None:
    found = signs.visible(text)
    assert not [sign for sign in found if unicodedata.category(sign)[0] == "C"]
    assert not set(found) & set(HIDDEN)


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_labels_are_short_plain_and_distinct(names: list[str]) -> None:
    found = words.labels(dict.fromkeys(names))
    assert len(set(found)) == len(found)
    assert all(0 < len(label) <= words.LONGEST + 4 for label in found)
    assert all(label.isprintable() or not label.isascii() for label in found)


def test_a_label_that_looks_numbered_is_not_given_twice() -> None:
    assert words.labels(["a", "a (3)", "a "]) == ["a", "a (3)", "a (4)"]


@pytest.mark.parametrize(
    ("parts", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_lists_end_with_and(parts: list[str], said: str) -> None:
    assert words.listed(parts) == said
