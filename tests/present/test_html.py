"""Sections as HTML: escaped, with names kept apart, a real minus and nothing invisible."""

import unicodedata

import pytest

from tests.present.pages import HEAD, HOSTILE, SECTION
from tests.report_pages import Page, read
from toc_model.present import html
from toc_model.present.section import Number, Picture, Section, Table
from toc_model.present.words import named

PICTURE = Picture("bars", "Bars", "By -5.", "A bar from -5 to 1.", '<path id="bars-a" d="M0 0"/>', 300.0, 200.0)


@pytest.fixture(scope="module")
def page() -> Page:
    return read(html.page(HEAD, [SECTION]))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("-5 % of [0, -1]", "\u22125\xa0% of [0,\xa0\u22121]"),
        ("-2.21 [-7.1, +0.3]", "\u22122.21\xa0[\u22127.1,\xa0+0.3]"),
        ("a_b[c_d]", "a_<wbr>b<wbr>[c_<wbr>d]"),
        ("survey:what: [5]", "survey:<wbr>what: [5]"),
        (f"by {named('a_b-5')} & <i>", "by <bdi>a b-5</bdi> &amp; &lt;i&gt;"),
        ("\u2068open <b>", r"\u2068open &lt;b&gt;"),
        ("shut\u2069 \u202ex", r"shut\u2069 \u202ex"),
    ],
)
def test_texts_are_typeset(text: str, said: str) -> None:
    assert str(html.typeset(text)) == said


def test_hostile_texts_are_texts(page: Page) -> None:
    assert page.all("b", "i") == []
    assert len(page.all("script")) == 1
    body = page.all("body")[0].text
    assert body.count("<b>x</b>") == 4
    assert not [sign for sign in body if unicodedata.category(sign)[0] == "C" and sign != "\n"]
    assert HOSTILE not in body


def test_names_are_kept_from_their_surroundings(page: Page) -> None:
    assert [found.text for found in page.all("bdi")].count("my name") == 2
    assert page.all("title")[0].text == "Would it change by \u22125?"


def test_the_last_row_stands_apart_and_is_not_sorted(page: Page) -> None:
    rows = [found for found in page.all("tr") if "tfoot" in found.parents]
    assert len(rows) == 1
    assert "all" in rows[0].text
    assert len([found for found in page.all("tr") if "tbody" in found.parents]) == 3


def test_figures_sort_by_value(page: Page) -> None:
    cells = [found for found in page.all("td") if "number" in found.attributes.get("class", "")]
    assert [cell.attributes.get("data-sort") for cell in cells] == ["-1.2", "0.5", None, "-0.7"]
    assert cells[0].text == "\u22121.20\xa0[\u22123.0,\xa0+0.1]"


def test_what_is_folded_can_be_unfolded(page: Page) -> None:
    assert [found.text for found in page.all("summary")] == ["Unfold it"]
    assert "\u22125" not in page.all("pre")[0].text


def test_a_fragment_has_its_own_style_and_no_script() -> None:
    found = read(
        html.fragment(Section("a", "a", "What?", ["By -5."], [PICTURE], [Table("", ["x"], [[Number("1", 1)]])]))
    )
    assert found.all("script", "html", "head", "body", "caption") == []
    assert found.elements[0].attributes == {"class": "toc-model"}
    rules = [line for line in found.all("style")[0].text.splitlines() if line.endswith("{")]
    assert rules
    assert all(rule.startswith(".toc-model ") for rule in rules)
    assert [found.text for found in found.all("h3", "p")] == ["What?", "By \u22125."]
    (drawing,) = found.all("svg")
    assert drawing.attributes["viewbox"] == "0 0 300.0 200.0"
    assert found.all("desc")[0].text == "A bar from \u22125 to 1."
