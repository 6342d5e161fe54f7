"""Sections as plain text: wrapped, aligned, in one order, and without what is invisible."""

import unicodedata

from tests.present.pages import HEAD, SECTION
from toc_model.present import terminal
from toc_model.present.section import Number, Section, Table


def test_running_text_and_tables_fit_a_hundred_columns() -> None:
    text = terminal.text_of(SECTION)
    assert max(map(len, text.splitlines())) <= terminal.WIDTH
    assert all(line == line.rstrip() for line in text.splitlines())
    assert "w" * terminal.NARROWEST in text


def test_a_figure_and_its_per_cent_sign_stay_on_one_line() -> None:
    lines = terminal.filled("word " * 19 + "ab 5 % of").split("\n")
    assert lines == ["word " * 19 + "ab", "5 % of"]


def test_figures_stand_right_and_texts_left() -> None:
    table = Table(
        "", ["name", "value", "unit"], [["a", Number("1.0", 1), "m"], ["long name", Number("-10.0", -10), ""]]
    )
    heading, _, first, second = terminal.table_text(table).splitlines()
    assert heading.index("value") + len("value") == first.index("1.0") + 3 == second.index("-10.0") + 5
    assert first.index("a") == second.index("long name") == heading.index("name")


def test_the_last_row_stands_apart_where_it_is_to() -> None:
    lines = terminal.text_of(SECTION).splitlines()
    place = next(place for place, line in enumerate(lines) if line.startswith("  all "))
    assert lines[place - 1] == ""
    assert lines[place - 2] != ""


def test_parts_are_in_order_and_empty_tables_left_out() -> None:
    text = terminal.text_of(SECTION)
    places = [
        text.index(part)
        for part in ("What of my name?", "It changes", "**bold**", "A caption of my name", "How to", "- no list", "{")
    ]
    assert places == sorted(places)
    assert "Nothing to show" not in text
    assert text.endswith("}\n")
    assert not text.endswith("\n\n")


def test_nothing_invisible_is_printed() -> None:
    text = terminal.page(HEAD, [SECTION, SECTION])
    assert not [sign for sign in text if unicodedata.category(sign)[0] == "C" and sign != "\n"]
    assert text.count("How to read it.") == 2
    assert text.startswith("Would it change by -5?\n\nA page\n\nBefore <b>x</b>")


def test_wide_tables_of_figures_are_neither_wrapped_nor_cut() -> None:
    row = [Number(f"{place}.000000", place) for place in range(40)]
    (_, _, line) = terminal.table_text(Table("", [str(place) for place in range(40)], [row])).splitlines()
    assert line.split() == [cell.text for cell in row]


def test_a_title_alone_is_a_line() -> None:
    assert terminal.text_of(Section("a", "a", "A title")) == "A title\n"
