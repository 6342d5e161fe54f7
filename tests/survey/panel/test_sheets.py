"""Sheets: what is sent, and what is read back; every refusal names file, row and column."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.survey.panel.small import CHIPS, EVENT, LENGTH, SEED, SHARE, fill, panel_of, rows, three
from toc_model.errors import InputError
from toc_model.survey.panel.panel import CONSENSUS
from toc_model.survey.panel.said import Said
from toc_model.survey.panel.sheets import read_filled, sheet_of, write_sheets

PANEL = panel_of(SEED, LENGTH, SHARE, EVENT, CHIPS)


def test_each_expert_has_a_sheet_in_each_round_and_a_consensus_has_one(tmp_path: Path) -> None:
    paths = write_sheets(PANEL, tmp_path)
    assert [str(path.relative_to(tmp_path)) for path in paths] == [
        *(f"sheets/round_{n}/{name}.csv" for n in "12" for name in ("Ada", "Bo", "Cy")),
        "sheets/round_consensus/consensus.csv",
    ]
    sent = rows(paths[0])
    assert [row["question"] for row in sent] == PANEL.names
    assert "12" not in {cell for row in sent for cell in row.values()}
    assert sent[4]["bins"] == "0 to 0.25 | 0.25 to 0.5 | 0.5 to 0.75 | 0.75 to 1"
    assert read_filled(paths[0], PANEL) == []


def test_what_is_filled_in_is_read(tmp_path: Path) -> None:
    cells: dict[str, dict[str, object]] = {
        "length": three(2, 5, 20) | {"argument": "=I guess"},
        "share": three("10%", "0.4", "80 %"),
        "rain": {"probability": "30%"},
        "chips": {"chips": "0 2 5 3"},
        "s1": three(8, 10, 15),
    }
    found = {one.question: one for one in read_filled(fill(tmp_path, PANEL, cells), PANEL)}
    assert found["length"].points == {0.05: 2, 0.5: 5, 0.95: 20}
    assert found["length"].argument == "=I guess"
    assert found["share"].points == {0.05: 0.1, 0.5: 0.4, 0.95: 0.8}
    assert found["rain"].probability == pytest.approx(0.3, rel=1e-15)
    assert found["chips"].points == {0.5: 0.2, 0.75: 0.7}
    assert found["chips"].kind == "cdf_point"
    assert found["chips"].note == "chips 0 2 5 3"
    assert {one.place[:2] for one in found.values()} == {("1", "Ada")}


def test_units_of_the_same_kind_are_converted_and_told(tmp_path: Path) -> None:
    cells = {"length": three(24, 60, 240) | {"unit": "months"}, "share": three(10, 40, 80) | {"unit": "percent"}}
    length, share = read_filled(fill(tmp_path, PANEL, cells), PANEL)
    assert dict(length.points) == pytest.approx({0.05: 2, 0.5: 5, 0.95: 20}, rel=1e-15)
    assert length.note == "said in months"
    assert dict(share.points) == pytest.approx({0.05: 0.1, 0.5: 0.4, 0.95: 0.8}, rel=1e-15)


def test_a_question_in_other_words_is_told(tmp_path: Path) -> None:
    cells: dict[str, dict[str, object]] = {"length": three(2, 5, 20) | {"wording": "How long at most?"}}
    (found,) = read_filled(fill(tmp_path, PANEL, cells), PANEL)
    assert found.note == "answered to other words than the panel's"


def test_calendar_years_count_from_the_date_of_the_question(tmp_path: Path) -> None:
    panel = panel_of(LENGTH | {"origin": 2026.5})
    cells = {"length": three(2027, 2030, 2060) | {"unit": "calendar year"}}
    (found,) = read_filled(fill(tmp_path, panel, cells), panel)
    assert dict(found.points) == pytest.approx({0.05: 0.5, 0.5: 3.5, 0.95: 33.5})
    with pytest.raises(InputError, match="unit: found 'calendar year'"):
        read_filled(fill(tmp_path, PANEL, cells), PANEL)


@pytest.mark.parametrize(
    ("question", "cells", "told"),
    [
        ("length", three(5, 2, 20), "row 3: length: found 5 at 5 % and 2 at 50 %"),
        ("length", three(-1, 2, 20), "row 3: length: found -1 at 5 %; allowed: above 0"),
        ("length", three(2, 5, "many"), "row 3: q95: found 'many'; allowed: a number in years"),
        ("length", three(2, 5, "inf"), "row 3: q95: found 'inf'"),
        ("length", three(2, 5, 20) | {"unit": "metres"}, "row 3: unit: found 'metres'; allowed: years"),
        ("share", three(10, 40, 80), "row 4: share: found 10 at 5 %; allowed: above 0 and below 1"),
        ("rain", {"probability": 1.2}, "row 5: rain: found 1.2; allowed: 0 to 1"),
        ("rain", {"q50": 0.2}, "row 5: q50: found '0.2' for rain; allowed: probability"),
        ("length", {"probability": 0.2}, "row 3: probability: found '0.2' for length; allowed: quantiles"),
        ("chips", {"chips": "1 2"}, "row 6: chips: found '1 2'; allowed: 4 whole numbers"),
        ("chips", {"chips": "1 2 -3 4"}, "row 6: chips: found '1 2 -3 4'"),
        ("chips", {"chips": "0 0 5 0"}, "row 6: chips: found chips in 1 bin; allowed: at least two"),
        ("length", three(2, 5, 20) | {"expert": "Adda"}, "row 3: unknown expert 'Adda'; did you mean 'Ada'?"),
        ("length", three(2, 5, 20) | {"round": "7"}, "row 3: unknown round '7'"),
        ("length", three(2, 5, 20) | {"question": "width"}, "row 3: unknown question 'width'"),
        ("length", three(2, 5, 20) | {"question": "share"}, "row 3: unit: found 'years'"),
    ],
)
def test_what_can_t_be_meant_is_refused(tmp_path: Path, question: str, cells: dict[str, object], told: str) -> None:
    path = fill(tmp_path, PANEL, {question: cells})
    with pytest.raises(InputError) as refused:
        read_filled(path, PANEL)
    assert str(path) in str(refused.value)
    assert told in str(refused.value)


def test_a_question_is_answered_once(tmp_path: Path) -> None:
    path = fill(
        tmp_path, PANEL, {"length": three(2, 5, 20), "s1": three(2, 5, 20) | {"question": "length", "unit": ""}}
    )
    with pytest.raises(InputError, match="row 3: question: found 'length' a second time"):
        read_filled(path, PANEL)


def test_part_of_the_quantiles_is_an_answer(tmp_path: Path) -> None:
    (found,) = read_filled(fill(tmp_path, PANEL, {"length": {"q50": 5}}), PANEL)
    assert found.points == {0.5: 5}


def test_more_levels_than_asked_for_are_answers_too(tmp_path: Path) -> None:
    path = fill(tmp_path, PANEL, {"length": three(2, 5, 20)})
    table = path.read_text(encoding="utf-8").replace("q95,", "q95,q97.5,").splitlines()
    at = table[0].split(",").index("q97.5")
    lines = [table[0]]
    for line in table[1:]:
        cells = line.split(",")
        lines.append(",".join([*cells[:at], "25" if cells[0] == "length" else "", *cells[at:]]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (found,) = read_filled(path, PANEL)
    assert found.points == {0.05: 2, 0.5: 5, 0.95: 20, 0.975: 25}


def test_semicolons_and_decimal_commas_are_read(tmp_path: Path) -> None:
    cells = {"length": three("2,5", "5,25", "20,5"), "share": three("0,1", "0,4", "0,8")}
    length, share = read_filled(fill(tmp_path, PANEL, cells, sep=";"), PANEL)
    assert length.points == {0.05: 2.5, 0.5: 5.25, 0.95: 20.5}
    assert share.points == {0.05: 0.1, 0.5: 0.4, 0.95: 0.8}


def test_a_consensus_is_said_by_all(tmp_path: Path) -> None:
    path = fill(tmp_path, PANEL, {"length": three(2, 5, 20)}, CONSENSUS, CONSENSUS)
    assert read_filled(path, PANEL)[0].place == (CONSENSUS, CONSENSUS, "length")
    with pytest.raises(InputError, match="unknown expert 'Ada'"):
        read_filled(fill(tmp_path, PANEL, {"length": three(2, 5, 20)}, "Ada", CONSENSUS), PANEL)


@given(st.lists(st.floats(1e-6, 1e6), min_size=3, max_size=3, unique=True).map(sorted))
def test_numbers_come_back_to_the_last_bit(tmp_path_factory: pytest.TempPathFactory, values: list[float]) -> None:
    path = fill(tmp_path_factory.mktemp("x"), PANEL, {"length": three(*map(repr, values))})
    (found,) = read_filled(path, PANEL)
    assert found == Said.of_quantiles("1", "Ada", "length", dict(zip((0.05, 0.5, 0.95), values, strict=True)))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("q50", "median", "unknown column 'median'"),
        ("q05", "p05", "unknown column 'p05'"),
        ("q95", "q50", "column 'q50': found 2 times; allowed: once"),
        ("q95", "q50.0", "column 'q50.0': found the level of 'q50'; allowed: each once"),
        ("argument", "why", "unknown column 'why'"),
    ],
)
def test_a_column_that_somebody_renamed_is_refused_and_not_passed_over(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    path = fill(tmp_path, PANEL, {"length": three(2, 5, 20) | {"argument": "so"}})
    head, _, rows = path.read_text(encoding="utf-8").partition("\n")
    path.write_text(f"{head.replace(old, new)}\n{rows}", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_filled(path, PANEL)
    assert str(refused.value).startswith(f"{path}: {told}")


@pytest.mark.parametrize("changes", [{"experts": ["../Ada"]}, {"rounds": ["1/2"]}, {"experts": ["a\nb"]}])
def test_sheets_stay_in_the_panel_s_folder(tmp_path: Path, changes: dict[str, list[str]]) -> None:
    with pytest.raises(InputError, match="allowed: names of files, without"):
        write_sheets(panel_of(**changes), tmp_path)
    assert list(tmp_path.iterdir()) == []


DATED = LENGTH | {"unit": "years from May", "counted": "years from June", "origin": 2026.5}


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (three(2028, 2033, 2050), "found 2028, which is like a calendar year; allowed: years from June"),
        (three(2, 5, 2040), "found 2040, which is like a calendar year"),
        (three(2, 5, 20) | {"unit": "years from May"}, "unit: found 'years from May'; allowed: 'years from June'"),
    ],
)
def test_years_count_from_the_date_that_the_sheet_names(tmp_path: Path, cells: dict[str, object], told: str) -> None:
    panel = panel_of(DATED)
    assert sheet_of(panel, "1", "Ada")["unit"].tolist() == ["years from June"]
    (found,) = read_filled(fill(tmp_path, panel, {"length": three(2, 5, 1000)}), panel)
    assert dict(found.points) == {0.05: 2, 0.5: 5, 0.95: 1000}
    (again,) = read_filled(
        fill(tmp_path, panel, {"length": three(2028, 2033, 2050) | {"unit": "calendar year"}}), panel
    )
    assert dict(again.points) == pytest.approx({0.05: 1.5, 0.5: 6.5, 0.95: 23.5})
    with pytest.raises(InputError) as refused:
        read_filled(fill(tmp_path, panel, {"length": cells}), panel)
    assert told in str(refused.value)
