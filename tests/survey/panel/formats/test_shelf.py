"""Tables of SHELF."""

import csv
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.survey.panel.formats.panels import PANEL, by_expert, panel_of, told, values, written
from toc_model.errors import InputError
from toc_model.survey.panel.formats import FORMATS
from toc_model.survey.panel.formats.shelf import read

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
PLAIN = '"","ann","ben"\n"L",0,5\n"0.25",10,20\n"0.5",20,30\n"0.75",30,40\n"U",100,90\n'
SCORED = '"","ann","ben"\n"L",0,5\n"Q1",10,20\n"M",20,30\n"Q3",30,40\n"U",100,90\n'
TURNED = '"","L","0.25","0.5","0.75","U"\n"ann",0,10,20,30,100\n"ben",5,20,30,40,90\n'
GERMAN = ";ann;ben\nL;0;5\n0,25;10,0;20\n0,5;20;30,0\n0,75;30;40\nU;100;90\n"
CHIPS = '"","(0-10]","(10-20]","(20-30]"\n"ann",1,2,1\n"ben",0,3,1\n"cleo",0,0,0\n'
POINTS = {"ann": {0.25: 10.0, 0.5: 20.0, 0.75: 30.0}, "ben": {0.25: 20.0, 0.5: 30.0, 0.75: 40.0}}


def as_written(table: Mapping[str, Sequence[object]], labels: Sequence[str], *, turned: bool = False) -> str:
    """As `write.csv` writes a matrix, with a column an expert, or a row an expert."""
    rows = [
        ["", *table],
        *([label, *line] for label, line in zip(labels, zip(*table.values(), strict=True), strict=True)),
    ]
    stream = StringIO()
    lines = list(zip(*rows, strict=True)) if turned else rows
    csv.writer(stream, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n").writerows(lines)
    return stream.getvalue()


@pytest.mark.parametrize("text", [PLAIN, SCORED, TURNED, GERMAN], ids=["multiple", "shelf", "turned", "german"])
def test_quantiles_of_all_experts_are_read(text: str, tmp_path: Path) -> None:
    said = read(written(tmp_path, text), PANEL, round_="1", question="rain")
    assert told(said) == {("1", name, "rain"): points for name, points in POINTS.items()}
    assert [one.note for one in said] == [
        "plausible limits 0 to 100 (L and U of SHELF)",
        "plausible limits 5 to 90 (L and U of SHELF)",
    ]


def test_tertiles_have_either_name(tmp_path: Path) -> None:
    for name in ("T2", "T3"):
        text = f'"","ann"\n"L",0\n"T1",10\n"M",20\n"{name}",30\n"U",100\n'
        (said,) = read(written(tmp_path, text), PANEL, round_="1", question="rain")
        assert dict(said.points) == {1 / 3: 10, 0.5: 20, 2 / 3: 30}


@pytest.mark.parametrize("turned", [False, True])
def test_chips_are_read(turned: bool, tmp_path: Path) -> None:
    bins = ("(0-10]", "(10-20]", "(20-30]")
    text = as_written({"ann": (1, 2, 1), "ben": (0, 3, 1), "cleo": (0, 0, 0)}, bins, turned=turned)
    assert not turned or text == CHIPS
    said = read(written(tmp_path, text), PANEL, round_="2", question="bins")
    assert told(said) == {("2", "ann", "bins"): {10: 0.25, 20: 0.75}, ("2", "ben", "bins"): {20: 0.75}}
    assert [one.note for one in said] == ["chips 1 2 1", "chips 0 3 1"]


def test_bins_have_three_digits_as_in_shelf(tmp_path: Path) -> None:
    thirds = {"name": "bins", "wording": "?", "unit": "km", "about": "bins", "form": "chips"}
    panel = panel_of(questions=[thirds | {"edges": [-1e5, 0.0, 1 / 3, 1e5]}])
    text = '"","(-1e+05-0]","(0-0.333]","(0.333-1e+05]"\n"ann",1,2,1\n'
    (said,) = read(written(tmp_path, text), panel, round_="1", question="bins")
    assert dict(said.points) == {0: 0.25, 1 / 3: 0.75}


def test_a_consensus_is_read(tmp_path: Path) -> None:
    text = '"","consensus"\n"L",0\n"0.5",20\n"U",100\n'
    (said,) = read(written(tmp_path, text), PANEL, round_="consensus", question="rain")
    assert said.place == ("consensus", "consensus", "rain")


def test_who_has_not_answered_is_left_out(tmp_path: Path) -> None:
    text = '"","ann","ben"\n"L",NA,5\n"0.25",NA,20\n"0.5",NA,30\n"U",NA,90\n'
    assert list(told(read(written(tmp_path, text), PANEL, round_="1", question="rain"))) == [("1", "ben", "rain")]


@pytest.mark.parametrize("cell", ["NaN", "NA", "", "-"])
def test_a_quantile_that_is_not_said_is_left_out(cell: str, tmp_path: Path) -> None:
    text = changed("30,40", f"30,{cell}")
    found = told(read(written(tmp_path, text), PANEL, round_="1", question="rain"))
    assert found["1", "ben", "rain"] == {0.25: 20, 0.5: 30}


def test_a_table_that_is_not_filled_in_is_noted(tmp_path: Path) -> None:
    text = '"","ann","ben"\n"L",1,1\n"0.25",2,2\n"0.5",3,3\n"0.75",4,4\n"U",5,6\n'
    first, second = read(written(tmp_path, text), PANEL, round_="1", question="rain")
    assert "not filled in" in first.note
    assert "not filled in" not in second.note


def test_per_cents_become_fractions(tmp_path: Path) -> None:
    text = '"","ann"\n"25%",10%\n"50%",0.2\n'
    (said,) = read(written(tmp_path, text), PANEL, round_="1", question="share")
    assert dict(said.points) == {0.25: 0.1, 0.5: 0.2}


@given(by_expert(values(len(LEVELS))), st.booleans())
def test_what_is_written_is_read_back(said: Mapping[str, list[float]], turned: bool) -> None:
    table = {expert: [0.0, *own, 100.0] for expert, own in said.items()}
    text = as_written(table, ["L", *map(str, LEVELS), "U"], turned=turned)
    with TemporaryDirectory() as folder:
        found = read(written(Path(folder), text), PANEL, round_="1", question="rain")
    expected = {("1", expert, "rain"): dict(zip(LEVELS, own, strict=True)) for expert, own in said.items()}
    assert told(found) == expected


def changed(old: str, new: str, text: str = PLAIN) -> str:
    """A table with something else in it."""
    assert old in text
    return text.replace(old, new)


REFUSED = {
    "nothing": ("", "found no table"),
    "a header alone": ('"","ann"\n', "found no table"),
    "one column": ("ann\n1\n2\n", "found no table"),
    "not our names": (changed('"ben"', '"bne"'), "unknown expert 'bne'; did you mean 'ben'"),
    "an expert twice": (changed('"ben"', '"ann"'), "column 'ann': found 2 times"),
    "a row twice": (changed('"0.75"', '"0.5"'), "row '0.5': found 2 times"),
    "a level twice": (changed('"0.75"', '"Q1"'), "row 0.25: found 2 times"),
    "no name of a row": (changed('"0.75"', '"0.7.5"'), "found '0.7.5'; allowed: L, U, a probability"),
    "a level beyond": (changed('"0.75"', '"75"'), "found '75'; allowed: L, U"),
    "NaN for a level": (changed('"0.75"', '"NaN"'), "found 'NaN'; allowed: L, U"),
    "a text": (changed("30,40", "30,forty"), "row 5: ben: found 'forty'; allowed: a number in mm"),
    "NaN among numbers": (changed("30,40", "30,NaN\n0.9,31,x"), "row 6: ben: found 'x'"),
    "inf": (changed("30,40", "30,inf"), "row 5: ben: found 'inf'"),
    "another unit": (changed("30,40", "30,40 miles"), "row 5: ben: found '40 miles'"),
    "out of order": (changed("30,40", "30,25"), "ben: found 30 at 50 % and 25 at 75 %; allowed: values that rise"),
    "outside the support": (changed("30,40", "30,400"), "ben: found 400 at 75 %; allowed: above 0 and below 100"),
    "L beyond the bounds": (changed('"L",0,5', '"L",-1,5'), "ann: L: found -1; allowed: 0 or more"),
    "U beyond the bounds": (changed("100,90", "101,90"), "ann: U: found 101; allowed: 100 or less"),
    "L above a quantile": (changed('"L",0,5', '"L",11,5'), "ann: L: found 11; allowed: 10 or less"),
    "U below a quantile": (changed("100,90", "100,39"), "ben: U: found 39; allowed: 40 or more"),
    "limits alone": ('"","ann"\n"L",0\n"0.5",NA\n"U",100\n', "ann: found no judgement"),
    "a cell too few": (changed("30,40", "30"), "row 5: found 2 cells; allowed: 3"),
    "bins beside quantiles": ('"","ann"\n"(0-10]",1\n"0.5",20\n', "found bins beside quantiles"),
    "chips for quantiles": (CHIPS, "found chips for 'rain'; allowed: quantiles"),
}


@pytest.mark.parametrize(("text", "message"), REFUSED.values(), ids=REFUSED)
def test_what_can_not_be_meant_is_refused(text: str, message: str, tmp_path: Path) -> None:
    path = written(tmp_path, text)
    with pytest.raises(InputError) as error:
        read(path, PANEL, round_="1", question="rain")
    assert str(error.value).startswith(str(path))
    assert message in str(error.value)


CHIPS_REFUSED = {
    "other bins": (changed("(20-30]", "(20-40]", CHIPS), "found the bins (0-10] (10-20] (20-40]; allowed: (0-10]"),
    "too few bins": ('"","(0-10]","(10-20]"\n"ann",1,2\n', "found the bins (0-10] (10-20]; allowed"),
    "half a chip": (changed("1,2,1", "1,2.5,1", CHIPS), "row 2: (10-20]: found '2.5'; allowed: a whole number"),
    "less than none": (changed("1,2,1", "1,-2,1", CHIPS), "row 2: (10-20]: found '-2'; allowed: a whole number"),
    "a gap": (changed("1,2,1", "1,NA,1", CHIPS), "row 2: (10-20]: found 'NA'; allowed: a number in chips"),
    "one bin": (changed("1,2,1", "0,2,0", CHIPS), "found chips in 1 bin"),
    "quantiles": (PLAIN, "found quantiles for 'bins'; allowed: chips"),
}


@pytest.mark.parametrize(("text", "message"), CHIPS_REFUSED.values(), ids=CHIPS_REFUSED)
def test_chips_that_can_not_be_meant_are_refused(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"said\.csv") as error:
        read(written(tmp_path, text), PANEL, round_="1", question="bins")
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("round_", "question", "message"),
    [("3", "rain", "unknown round '3'"), ("1", "rian", "did you mean 'rain'"), ("1", "", "unknown question ''")],
)
def test_round_and_question_are_the_panels(round_: str, question: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        read(written(tmp_path, PLAIN), PANEL, round_=round_, question=question)
    assert message in str(error.value)


def test_many_columns_are_read_and_refused_soon(tmp_path: Path) -> None:
    names = [f"expert_{k}" for k in range(10_000)]
    text = as_written(dict.fromkeys(names, (0, 20, 100)), ["L", "0.5", "U"])
    path = written(tmp_path, text)
    with pytest.raises(InputError, match="unknown expert 'expert_0'"):
        FORMATS["shelf"].read(path, PANEL, round_="1", question="rain")
    few = as_written(dict.fromkeys(names[:500], (0, 20, 100)), ["L", "0.5", "U"])
    assert len(read(written(tmp_path, few), panel_of(experts=names[:500]), round_="1", question="rain")) == 500
