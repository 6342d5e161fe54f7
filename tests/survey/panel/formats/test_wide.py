"""Tables with a row for each expert, by a document of columns."""

import csv
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.survey.panel.formats.panels import PANEL, by_expert, told, values, written
from toc_model.errors import InputError
from toc_model.survey.documents.wide import Column, Layout, read_layout
from toc_model.survey.panel.formats.wide import read

LAYOUT = """
rows = { respondent = "Your name" }
columns."Rain, low" = { question = "rain", level = 0.05 }
columns."Rain, middle" = { question = "rain", level = 0.5 }
columns."Rain, high" = { question = "rain", level = 0.95 }
columns."Wait" = { question = "wait", level = 0.5, unit = "months" }
columns."Will it?" = { question = "event", unit = "percent" }
columns."Chips" = { question = "bins" }
"""
TEXT = """Timestamp,Your name,"Rain, low","Rain, middle","Rain, high",Wait,Will it?,Chips
today,ann,10,20,30,18,30,0 2 5
today,ben,,,,,"0,5%",
today,cleo,1,NA,90,,,
"""


def layout(folder: Path, text: str = LAYOUT) -> Layout:
    """A document of columns."""
    return read_layout(written(folder, text, "columns.toml"))


def test_a_table_is_read(tmp_path: Path) -> None:
    said = read(written(tmp_path, TEXT), PANEL, round_="1", columns=layout(tmp_path))
    assert told(said) == {
        ("1", "ann", "rain"): {0.05: 10, 0.5: 20, 0.95: 30},
        ("1", "ann", "wait"): {0.5: 1.5},
        ("1", "ann", "event"): {0.0: 0.3},
        ("1", "ann", "bins"): {20: 2 / 7},
        ("1", "ben", "event"): {0.0: 0.005},
        ("1", "cleo", "rain"): {0.05: 1, 0.95: 90},
    }
    by_place = {one.place: one for one in said}
    assert by_place["1", "ann", "bins"].note == "chips 0 2 5"
    assert by_place["1", "ann", "wait"].note == "said in months"
    assert by_place["1", "ann", "event"].note == "said in percent"
    assert by_place["1", "ann", "rain"].note == ""


def test_rows_may_say_all(tmp_path: Path) -> None:
    document = """
rows = { respondent = "who", round = "when", question = "what", level = "at", unit = "in" }
questions = { "How long?" = "wait" }
columns.said = {}
"""
    text = (
        "who,when,what,at,in,said\nann,1,How long?,10%,months,6\nann,1,How long?,0.9,months,24\n"
        "ann,2,How long?,0.5,years,2\nben,1,event,,%,40\n"
    )
    said = read(written(tmp_path, text), PANEL, columns=layout(tmp_path, document))
    assert told(said) == {
        ("1", "ann", "wait"): {0.1: 0.5, 0.9: 2},
        ("2", "ann", "wait"): {0.5: 2},
        ("1", "ben", "event"): {0: 0.4},
    }


def test_columns_may_say_who_and_when(tmp_path: Path) -> None:
    document = """
columns.A = { question = "event", respondent = "ann", round = "2" }
columns.B = { question = "event", respondent = "ben" }
"""
    said = read(written(tmp_path, "A,B\n0.2,\n,0.3\n"), PANEL, round_="2", columns=layout(tmp_path, document))
    assert told(said) == {("2", "ann", "event"): {0: 0.2}, ("2", "ben", "event"): {0: 0.3}}


@given(by_expert(st.tuples(values(3), st.integers(0, 100))), st.sampled_from([",", ";", "\t"]))
def test_what_is_written_is_read_back(said: Mapping[str, tuple[list[float], int]], separator: str) -> None:
    stream = StringIO()
    writer = csv.writer(stream, delimiter=separator)
    writer.writerow(["name", "a", "b", "c", "d"])
    writer.writerows([expert, *own, f"{event}%"] for expert, (own, event) in said.items())
    columns = {name: Column(question="rain", level=level) for name, level in (("a", 0.1), ("b", 0.5), ("c", 0.9))}
    document = Layout(rows={"respondent": "name"}, columns=columns | {"d": Column(question="event")})
    with TemporaryDirectory() as folder:
        found = told(read(written(Path(folder), stream.getvalue()), PANEL, round_="1", columns=document))
    rain = {("1", expert, "rain"): dict(zip((0.1, 0.5, 0.9), own, strict=True)) for expert, (own, _) in said.items()}
    assert found == rain | {("1", expert, "event"): {0: event / 100} for expert, (_, event) in said.items()}


def changed(old: str, new: str, text: str = TEXT) -> str:
    """A text with something else in it."""
    assert old in text
    return text.replace(old, new, 1)


REFUSED = {
    "nothing": ("", LAYOUT, "missing column 'Your name'"),
    "a header alone": (TEXT.splitlines()[0], LAYOUT, "found a header and no rows"),
    "nobody answered": (TEXT.splitlines()[0] + "\nx,ann,,,,,,\n", LAYOUT, "found no answer in 6 columns"),
    "another expert": (changed("ann", "anm"), LAYOUT, "row 2: Rain, low: unknown expert 'anm'; did you mean 'ann'"),
    "nobody": (changed("ann", ""), LAYOUT, "row 2: Rain, low: respondent: found nothing"),
    "nowhere": (TEXT, changed('rows = { respondent = "Your name" }', "", LAYOUT), "respondent: found nothing"),
    "another question": (TEXT, changed('"rain"', '"rian"', LAYOUT), "unknown question 'rian'; did you mean 'rain'"),
    "no level": (TEXT, changed(", level = 0.05", "", LAYOUT), "row 2: Rain, low: level: found ''; allowed: above 0"),
    "a level in per cent": (TEXT, changed("0.05", "5.0", LAYOUT), "row 2: Rain, low: level: found '5.0'; allowed"),
    "a level twice": (TEXT, changed("0.05", "0.5", LAYOUT), "Rain, middle: found the level 0.5 of 'rain' twice"),
    "a level of a probability": (
        TEXT,
        changed('unit = "percent"', "level = 0.5", LAYOUT),
        "row 2: Will it?: level: found '0.5'; allowed: none, for 'event' asks for probability",
    ),
    "several units": (
        TEXT,
        changed("level = 0.05", 'level = 0.05, unit = "cm"', LAYOUT),
        "unit: found the units 'cm', 'mm'; allowed: one unit for all",
    ),
    "another unit": (TEXT, changed('"months"', '"miles"', LAYOUT), "row 2: Wait: unit: found 'miles'; allowed: years"),
    "a framing": (TEXT, changed("level = 0.05", 'level = 0.05, framing = "x"', LAYOUT), "columns.Rain, low: framing"),
    "a row twice": (TEXT + "today,ann,,20,,,,\n", LAYOUT, "row 5: Rain, middle: found the level 0.5 of 'rain' twice"),
    "answered twice": (TEXT + "today,ann,,,,,20,\n", LAYOUT, "row 5: Will it?: found a second answer by ann"),
    "out of order": (changed("10,20,30", "10,40,30"), LAYOUT, "Rain, low: rain: found 40 at 50 % and 30 at 95 %"),
    "outside": (changed("10,20,30", "10,20,300"), LAYOUT, "Rain, low: rain: found 300 at 95 %; allowed: above 0"),
    "a text": (changed("10,20,30", "10,some,30"), LAYOUT, "row 2: Rain, middle: found 'some'; allowed: a number in mm"),
    "inf": (changed("10,20,30", "10,20,inf"), LAYOUT, "row 2: Rain, high: found 'inf'; allowed: a number in mm"),
    "no probability": (changed("18,30", "18,130"), LAYOUT, "Will it?: event: found 1.3; allowed: 0 to 1"),
    "chips": (changed("0 2 5", "0 2"), LAYOUT, "row 2: Chips: found '0 2'; allowed: 3 whole numbers"),
    "another round": (
        TEXT,
        changed("level = 0.05", 'level = 0.05, round = "2"', LAYOUT),
        "Rain, low: round: found '2'; allowed: '1'",
    ),
}


@pytest.mark.parametrize(("text", "document", "message"), REFUSED.values(), ids=REFUSED)
def test_what_can_not_be_meant_is_refused(text: str, document: str, message: str, tmp_path: Path) -> None:
    path = written(tmp_path, text)
    with pytest.raises(InputError) as error:
        read(path, PANEL, round_="1", columns=layout(tmp_path, document))
    assert str(error.value).startswith(str(path))
    assert message in str(error.value)


def test_a_document_is_needed(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="columns: found no document; allowed: one that says"):
        read(written(tmp_path, TEXT), PANEL, round_="1")
    with pytest.raises(InputError, match="question: found 'rain'; allowed: none"):
        read(written(tmp_path, TEXT), PANEL, round_="1", question="rain", columns=layout(tmp_path))


def test_ten_thousand_columns_are_read_soon(tmp_path: Path) -> None:
    levels = [k / 10_001 for k in range(1, 10_001)]
    columns = {f"c{k}": Column(question="free", level=level) for k, level in enumerate(levels)}
    document = Layout(rows={"respondent": "name"}, columns=columns)
    text = ",".join(["name", *columns]) + "\n" + ",".join(["ann", *map(str, range(10_000))]) + "\n"
    (said,) = read(written(tmp_path, text), PANEL, round_="1", columns=document)
    assert len(said.points) == 10_000
