"""Tables on terminals: each line fits, figures stay whole, and what matters least goes first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from toc_model.present.section import Cell, Number, Section, Table
from toc_model.present.terminal import FILE, Paper, table_text, text_of

NARROW = Paper(text=80, table=80, minus=True)
WORDS = st.text(st.characters(codec="utf-8"), max_size=60) | st.text("abc def_", max_size=120)
FIGURES = st.floats(-1e6, 1e6).map(lambda value: Number(f"{value:+.2f} ±0.01 [-1.0, +2.0]", value))


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Any table of a name and other columns, some of which may go first."""
    kinds = draw(st.lists(st.sampled_from([WORDS, FIGURES]), min_size=1, max_size=9))
    headings = [
        f"{draw(st.sampled_from(['a', 'P(doom)', 'change of it in per cent']))} {at}" for at in range(len(kinds))
    ]
    row = st.tuples(WORDS, *kinds).map(list)
    rows: list[list[Cell]] = draw(st.lists(row, min_size=1, max_size=4))
    return Table("", ["name", *headings], rows, goes=draw(st.permutations(headings))[:3])


@given(tables(), st.integers(60, 200))
def test_no_line_of_a_table_is_wider_than_the_terminal(table: Table, width: int) -> None:
    text = table_text(table, Paper(text=width, table=width))
    assert max(map(cell_len, text.splitlines()), default=0) <= width


@given(tables())
def test_figures_are_never_wrapped_and_what_is_left_out_is_said(table: Table) -> None:
    text = table_text(table, NARROW)
    left_out = text.partition("\nalso: ")[2].replace("\n", " ")
    for place, heading in enumerate(table.headings):
        if table.numeric[place] and heading not in left_out:
            for row in table.rows:
                cell = row[place]
                assert isinstance(cell, Number)
                assert cell.text.replace("-", "\u2212") in text
    whole = table_text(table)
    assert "(--wide)" not in whole


ROW: list[Cell] = ["a name", *(Number(f"{place}.00 [-1.0, +2.0]", place) for place in range(6))]
HEADINGS = ["name", *"abcdef"]


def shown(goes: list[str], width: int = 80) -> list[str]:
    heading, *_ = table_text(Table("", HEADINGS, [ROW], goes=goes), Paper(table=width)).splitlines()
    return heading.split()


def test_columns_go_in_the_order_that_is_named_and_then_from_the_right() -> None:
    assert shown([]) == ["name", "a", "b", "c"]
    assert shown(["b", "a"]) == ["name", "c", "d", "e"]
    assert shown(["f", "b", "a", "c"]) == ["name", "d", "e", "c"] or shown(["f", "b", "a", "c"]) == [
        "name",
        "c",
        "d",
        "e",
    ]
    assert shown([], 200) == HEADINGS


def test_columns_that_go_together_are_never_parted() -> None:
    small: list[Cell] = [Number("1", 1), Number("2" * 20, 2)]
    table = Table("", ["name", "x", "y", "large"], [["n" * 30, *small, Number("3" * 30, 3)]], goes=[("x", "y")])
    text = table_text(table, NARROW)
    assert text.splitlines()[0].split() == ["name", "large"]
    assert text.endswith("\n\nalso: x, y (--wide)")
    assert table_text(table, Paper(table=90)).splitlines()[0].split() == ["name", "x", "y", "large"]


def test_a_small_column_stays_where_a_large_one_has_gone() -> None:
    figures: list[Cell] = [Number("1", 1), Number("0.00 [-1.0, +2.0] of all that there is", 0), Number("2", 2)]
    table = Table("", ["name", "x", "large", "y"], [["n" * 30, *figures]], goes=["y", "large"])
    text = table_text(table, Paper(table=45))
    assert text.splitlines()[0].split() == ["name", "x", "y"]
    assert text.endswith("\n\nalso: large (--wide)")


def test_of_two_columns_with_one_heading_the_right_one_goes_first() -> None:
    table = Table(
        "", ["name", "at", "swing", "at"], [["n", Number("1" * 30, 1), Number("2" * 30, 2), Number("3" * 30, 3)]]
    )
    assert "3" * 30 not in table_text(Table("", table.headings, table.rows, goes=["at"]), NARROW)


def test_a_heading_is_wrapped_before_a_column_goes() -> None:
    headings = ["name", *(f"share of all draws {place}" for place in range(7))]
    row: list[Cell] = ["n", *(Number(f"{place} %", place) for place in range(7))]
    text = table_text(Table("", headings, [row]), NARROW)
    assert "also" not in text
    assert len(text.splitlines()) > 3


def test_terminals_have_a_real_minus_and_files_one_that_programs_read() -> None:
    section = Section(
        "a", "a", "It is -5", tables=[Table("", ["name", "x"], [["n", Number("-0.2 [-1.0, +2.0]", -0.2)]])]
    )
    assert "-" not in text_of(section, NARROW).replace("--wide", "")
    assert "\u22120.2 [\u22121.0, +2.0]" in text_of(section, NARROW)
    assert "\u2212" not in text_of(section, FILE) == text_of(section)


@pytest.mark.parametrize("width", [40, 80, 100])
def test_running_text_is_as_wide_as_the_terminal(width: int) -> None:
    lines = text_of(Section("a", "a", "word " * 100), Paper(text=width)).splitlines()
    assert width - 5 <= max(map(len, lines)) <= width
