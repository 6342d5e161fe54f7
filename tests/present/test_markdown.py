"""Sections as Markdown: no markup in the texts of others, whole tables, and nothing invisible."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.present.pages import HEAD, SECTION
from toc_model.present import markdown


@pytest.fixture(scope="module")
def text() -> str:
    return markdown.page(HEAD, [SECTION])


def test_nothing_invisible_is_written(text: str) -> None:
    assert not [sign for sign in text if unicodedata.category(sign)[0] == "C" and sign != "\n"]
    assert text.endswith("\n")
    assert "\n\n\n" not in text


def test_texts_of_others_hold_no_markup(text: str) -> None:
    prose = re.sub(r"(?ms)^````$.*?^````$", "", text)
    assert "<" not in prose
    assert re.search(r"\]\(", prose) is None
    for sign in "`*~$":
        assert re.search(rf"(?<!\\)\{sign}", prose) is None
    assert "\\- no list" in prose
    assert re.findall(r"(?m)^#+ .*", prose) == ["# Would it change by \u22125?", "## What of my name?"]


def test_tables_are_whole(text: str) -> None:
    (block,) = re.findall(r"(?:^\|.*\n)+", text, flags=re.MULTILINE)
    lines = block.splitlines()
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in lines} == {4}
    assert lines[1] == "| --- | --: | --- |"
    assert lines[2].startswith("| one | \u22121.20 [\u22123.0, +0.1] | word word")
    assert "How to read it." in text


def test_verbatim_text_is_fenced_whatever_it_holds(text: str) -> None:
    assert text.endswith("````\n{\n  -5 \\x1b```\n}\n````\n")


@pytest.mark.parametrize(
    ("given_", "written"),
    [
        ("+1.4 and -2", "+1.4 and \u22122"),
        ("- item", "\\- item"),
        ("# heading", "\\# heading"),
        ("1. item", "1\\. item"),
        ("12) item", "12\\) item"),
        ("1.5 per cent", "1.5 per cent"),
        ("[a]: javascript:x", "\\[a]: javascript:x"),
        ("harm[papers]: 0.2", "harm[papers]: 0.2"),
        ("snake_case_name", "snake_case_name"),
        ("_stress_", "\\_stress\\_"),
        ("a\u2068b\u2069\nc", "ab c"),
    ],
)
def test_paragraphs_are_no_markup(given_: str, written: str) -> None:
    assert markdown.paragraph(given_) == written


@given(st.text())
def test_any_text_is_one_line_without_tags(given_: str) -> None:
    found = markdown.paragraph(given_)
    assert len(found.splitlines()) <= 1
    assert "<" not in found
    assert not found.startswith((">", "#"))
