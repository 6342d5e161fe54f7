"""Tables of the IDEA protocol."""

import csv
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.survey.panel.formats.panels import PANEL, by_expert, told, values, written
from toc_model.errors import InputError
from toc_model.survey.documents.cells import Sign
from toc_model.survey.documents.wide import Column, Layout
from toc_model.survey.panel.formats.idea import confidence_of, extrapolated, read

HEAD = "expert,question,lowest,highest,best,confidence\n"
FOUR = HEAD + "ann,rain,10,30,20,80\nben,rain,5,50,25,0.9\n"
THREE = "expert,question,lowest,highest,best\nann,event,0.1,40%,30%\n"


def test_an_interval_becomes_quantiles(tmp_path: Path) -> None:
    said = read(written(tmp_path, FOUR), PANEL, round_="1")
    assert told(said) == {
        ("1", "ann", "rain"): {0.1: 10, 0.5: 20, 0.9: 30},
        ("1", "ben", "rain"): {0.05: 5, 0.5: 25, 0.95: 50},
    }
    assert said[0].note == "interval of 80 % confidence as its quantiles, best guess as the median"


def test_a_probability_has_three_steps(tmp_path: Path) -> None:
    (said,) = read(written(tmp_path, THREE), PANEL, round_="1")
    assert said.place == ("1", "ann", "event")
    assert said.probability == 0.3
    assert said.note == "best guess of three steps, lowest 0.1, highest 0.4"


def test_rounds_units_and_arguments_have_columns(tmp_path: Path) -> None:
    text = (
        "Round;Expert;Question;Lowest;Highest;Best;Confidence;Unit;Argument\n"
        "1;ann;wait;6;30;12;50 %;months;I saw it\n"
        "2;ann;wait;1,5;2,5;2;;years;\n"
        "1;ben;rain;;;;;;\n"
    ).replace("2;;years", "2;90;years")
    first, second = read(written(tmp_path, text), PANEL)
    assert first.place == ("1", "ann", "wait")
    assert dict(first.points) == {0.25: 0.5, 0.5: 1, 0.75: 2.5}
    assert first.argument == "I saw it"
    assert first.note.endswith("; said in months")
    assert (second.round, dict(second.points)) == ("2", {0.05: 1.5, 0.5: 2, 0.95: 2.5})
    assert "said in" not in second.note


@pytest.mark.parametrize(
    ("text", "expected"), [("50", 0.5), ("80", 0.8), ("80%", 0.8), ("80 per cent", 0.8), ("0.8", 0.8), ("99.9", 0.999)]
)
def test_a_confidence_is_in_per_cent_or_a_fraction(text: str, expected: float) -> None:
    assert confidence_of(text, Sign.POINT, "here") == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    "text", ["100", "100%", "1", "49", "0.49", "0.8%", "5000%", "0", "-80", "", "sure", "inf", "nan"]
)
def test_other_confidences_are_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"^here: found .*; allowed: "):
        confidence_of(text, Sign.POINT, "here")


ROW = st.tuples(values(3), st.integers(50, 99))


@given(st.dictionaries(st.sampled_from(("1", "2")), by_expert(ROW), min_size=1))
def test_what_is_written_is_read_back(said: Mapping[str, Mapping[str, tuple[list[float], int]]]) -> None:
    stream = StringIO()
    writer = csv.writer(stream)
    writer.writerow(["expert", "question", "lowest", "best", "highest", "confidence", "round"])
    for round_, all_ in said.items():
        for expert, (own, sure) in all_.items():
            writer.writerow([expert, "rain", *own, sure, round_])
    with TemporaryDirectory() as folder:
        found = told(read(written(Path(folder), stream.getvalue()), PANEL))
    assert set(found) == {(round_, expert, "rain") for round_, all_ in said.items() for expert in all_}
    for (round_, expert, _), points in found.items():
        own, sure = said[round_][expert]
        assert list(points.values()) == own
        levels = list(points)
        assert levels[1] == 0.5
        assert levels[2] - levels[0] == pytest.approx(sure / 100, abs=1e-9)
        assert levels[0] + levels[2] == pytest.approx(1, abs=1e-9)


def changed(old: str, new: str, text: str = FOUR) -> str:
    """A table with something else in it."""
    assert old in text
    return text.replace(old, new, 1)


REFUSED = {
    "nothing": ("", "missing column 'expert'"),
    "a header alone": (HEAD, "found a header and no rows"),
    "no column": (changed("highest", "upper"), "missing column 'highest'"),
    "another column": (changed("confidence", "konfidence"), "unknown column 'konfidence'; did you mean 'confidence'"),
    "a column twice": (changed("confidence", "best"), "column 'best': found 2 times"),
    "another expert": (changed("ben", "bne"), "row 3: unknown expert 'bne'; did you mean 'ben'"),
    "another question": (changed("ben,rain", "ben,rian"), "row 3: unknown question 'rian'; did you mean 'rain'"),
    "answered twice": (changed("ben", "ann"), "row 3: found a second answer by ann to 'rain' in round 1"),
    "certain": (changed(",80", ",100"), "row 2: confidence: found '100'; allowed: 50 % to below 100 %"),
    "hardly sure": (changed(",80", ",49%"), "row 2: confidence: found '49%'; allowed"),
    "no confidence": (changed(",80", ","), "row 2: confidence: found ''; allowed: a number from 50"),
    "no column of it": ("expert,question,lowest,highest,best\nann,rain,1,3,2\n", "row 2: confidence: found ''"),
    "no best guess": (changed("30,20", "30,"), "row 2: best: found ''; allowed: a number in mm"),
    "NaN": (changed("30,20", "30,nan"), "row 2: best: found 'nan'; allowed: a number in mm"),
    "inf": (changed("30,20", "inf,20"), "row 2: highest: found 'inf'; allowed: a number in mm"),
    "a text": (changed("30,20", "much,20"), "row 2: highest: found 'much'; allowed: a number in mm"),
    "unordered": (changed("30,20", "15,20"), "row 2: rain: found 20 at 50 % and 15 at 90 %; allowed: values that rise"),
    "best at an end": (changed("30,20", "30,30"), "row 2: rain: found 30 at 50 % and 30 at 90 %"),
    "outside": (changed("30,20", "130,20"), "row 2: rain: found 130 at 90 %; allowed: above 0 and below 100"),
    "chips": (changed("ann,rain", "ann,bins"), "row 2: found quantiles for 'bins'; allowed: chips"),
    "no probability": (changed("30%", "130%", THREE), "row 2: best: found 1.3; allowed: 0 to 1"),
    "a bound that is none": (changed("40%", "140%", THREE), "row 2: highest: found 1.4; allowed: 0 to 1"),
    "steps unordered": (changed("30%", "50%", THREE), "row 2: best: found 0.5; allowed: 0.1 to 0.4"),
    "a fourth step": (HEAD + "ann,event,0.1,0.4,0.3,80\n", "row 2: confidence: found '80'; allowed: nothing"),
    "another unit": (
        "expert,question,lowest,highest,best,confidence,unit\nann,wait,1,3,2,80,metres\n",
        "row 2: unit: found 'metres'; allowed: years",
    ),
    "another round": (
        "expert,question,lowest,highest,best,confidence,round\nann,rain,1,3,2,80,2\n",
        "row 2: round: found '2'; allowed: '1'",
    ),
    "a short row": (changed("30,20,80", "30"), "row 2: found 4 cells; allowed: 6"),
}


@pytest.mark.parametrize(("text", "message"), REFUSED.values(), ids=REFUSED)
def test_what_can_not_be_meant_is_refused(text: str, message: str, tmp_path: Path) -> None:
    path = written(tmp_path, text)
    with pytest.raises(InputError) as error:
        read(path, PANEL, round_="1")
    assert str(error.value).startswith(str(path))
    assert message in str(error.value)


def test_a_round_is_needed(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="row 2: unknown round ''"):
        read(written(tmp_path, FOUR), PANEL)


def test_neither_a_question_nor_columns_are_taken(tmp_path: Path) -> None:
    path = written(tmp_path, FOUR)
    with pytest.raises(InputError, match="question: found 'rain'; allowed: none, for a table of IDEA"):
        read(path, PANEL, round_="1", question="rain")
    with pytest.raises(InputError, match="columns: found a document of columns; allowed: none"):
        read(path, PANEL, round_="1", columns=Layout(columns={"a": Column(question="rain")}))


def test_an_interval_at_another_confidence() -> None:
    assert extrapolated(6, 20, 10, 0.8, 0.9) == pytest.approx((5.5, 21.25))
    assert extrapolated(6, 20, 10, 80, 80) == (6, 20)
    assert extrapolated(6, 20, 10, 80, 40) == (8, 15)


@given(values(3), st.floats(0.5, 0.99), st.floats(0.5, 0.99))
def test_there_and_back_again(own: list[float], one: float, other: float) -> None:
    low, best, high = own
    there = extrapolated(low, high, best, one, other)
    np.testing.assert_allclose(extrapolated(*there, best, other, one), (low, high), rtol=1e-9, atol=1e-9)
    assert (there[1] - best) * (best - low) == pytest.approx((best - there[0]) * (high - best))


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ((6, 20, 10, 0, 0.9), "found 0 and 0.9"),
        ((6, 20, 10, 0.8, -1), "found 0.8 and -1"),
        ((6, 20, 5, 0.8, 0.9), "best"),
    ],
)
def test_what_can_not_be_extrapolated(numbers: tuple[float, float, float, float, float], message: str) -> None:
    with pytest.raises(InputError, match=message):
        extrapolated(*numbers)
