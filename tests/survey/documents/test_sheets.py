"""Files as people save them: encodings, signs between columns, blank and further rows, and workbooks."""

import sys
from collections.abc import Callable
from math import nan
from pathlib import Path

import pytest

from tests.survey.files import HLMI, Write, flags
from toc_model.errors import InputError
from toc_model.survey.documents.answers import COLUMNS
from toc_model.survey.documents.cells import Sign
from toc_model.survey.documents.schema import read_answers, read_long

AGI = HLMI | {"respondent_id": "Zo\u00eb", "level": "0.5", "value": "12"}


@pytest.fixture
def saved(answers: Write, tmp_path: Path) -> Callable[[str, str], Path]:
    """A file of two answers, with another sign between columns and another encoding."""
    text = answers({"respondent_id": "Zo\u00eb"}, AGI).read_text(encoding="utf-8")

    def save(separator: str, encoding: str) -> Path:
        path = tmp_path / "saved.csv"
        path.write_bytes(text.replace(",", separator).encode(encoding))
        return path

    return save


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("utf-32", "UTF-32"),
        ("cp1252", "Windows-1252"),
    ],
)
@pytest.mark.parametrize(("separator", "named"), [(",", "commas"), (";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_one_table_is_read_from_all_forms(
    saved: Callable[[str, str], Path], separator: str, named: str, encoding: str, told: str
) -> None:
    frame, reading = read_answers(saved(separator, encoding))
    assert set(frame["respondent_id"]) == {"Zo\u00eb"}
    assert list(frame["value"]) == [0.2, 12]
    assert reading.understood == f"{told}, {named} between columns"


def test_a_spreadsheet_may_state_its_sign(saved: Callable[[str, str], Path]) -> None:
    path = saved(";", "utf-8")
    path.write_bytes(b"sep=;\r\n" + path.read_bytes())
    assert len(read_long(path)) == 2
    path.write_bytes(b"sep=!\n")
    with pytest.raises(InputError, match="sep=: found '!'; allowed: one of"):
        read_long(path)


def test_blank_columns_and_rows_and_further_headers_are_left_out(answers: Write) -> None:
    path = answers({}, AGI)
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    tool = ",".join(['"{""ImportId"":""x""}"'] * len(COLUMNS))
    lines = [header, header, tool, "," * 20, " ,,", *rows, ""]
    path.write_text("\n".join(f"{line},," for line in lines), encoding="utf-8")
    frame, reading = read_answers(path)
    assert len(frame) == 2
    assert "without further rows of headers" in reading.understood


def test_a_title_above_and_other_capitals_do_no_harm(answers: Write) -> None:
    path = answers({}, AGI)
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    title = "Answers, as of May,,"
    path.write_text("\n".join(["", title, header.upper().replace("_", " "), *rows]), encoding="utf-8")
    frame, reading = read_answers(path)
    assert frame["value"].tolist() == [0.2, 12]
    assert "without what stands above the header" in reading.understood
    path.write_text(path.read_text(encoding="utf-8").replace("probability,,0.2", "vote,,0.2"), encoding="utf-8")
    with pytest.raises(InputError, match="row 4: kind: unknown kind 'vote'"):
        read_long(path)


def test_a_column_without_a_name_that_holds_something_is_refused(answers: Write) -> None:
    path = answers({}, AGI)
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([f"{header},", *(f"{row},x" for row in rows)]), encoding="utf-8")
    with pytest.raises(InputError, match="unknown column ''"):
        read_long(path)


def test_cells_are_read_or_flagged_one_by_one(answers: Write) -> None:
    people = dict(zip("abcdefg", ("30%", "0,3", "NA", "about 10", "nan", "0.4", "1/2"), strict=True))
    frame, reading = read_answers(
        answers(*({"respondent_id": name, "value": value} for name, value in people.items()), AGI | {"value": "1,000"})
    )
    assert frame["value"].tolist() == pytest.approx([0.3, 0.3, nan, nan, nan, 0.4, nan, nan], nan_ok=True)
    assert [("impossible" in text) for text in flags(frame)] == [False] * 3 + [True, False, False, True, True]
    assert reading.converted == ("30%", "0,3")
    assert reading.unclear == ("about 10", "1/2", "1,000")
    assert (reading.unanswered, reading.sign) == (2, Sign.BOTH)
    assert frame["raw"].tolist() == ["30%", "0,3", "", "about 10", "", "0.4", "1/2", "1,000"]


def test_half_a_category_is_flagged(answers: Write) -> None:
    row = {"kind": "ordered", "lower": "1", "upper": "5"}
    frame = read_long(answers(row | {"value": "2,5"}, row | {"value": "2", "respondent_id": "ben"}))
    assert flags(frame) == ["impossible", ""]


def test_probabilities_in_per_cent_become_ones(answers: Write) -> None:
    stated = ("5", "0.5", "20%", "101", "0")
    rows = [{"respondent_id": v, "value": v, "unit": "percent", "upper": "100"} for v in stated]
    frame, reading = read_answers(answers(*rows))
    assert frame["value"].tolist() == [0.05, 0.005, 0.2, 1.01, 0]
    assert flags(frame) == ["heaped", "", "heaped", "impossible", "zero;heaped"]
    assert (set(frame["upper"]), set(frame["unit"])) == ({1.0}, {"probability"})
    assert reading.units == (("percent", 5),)


# What is no text ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "fragment"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "a workbook of an old kind (.xls)"),
        (b"source_id,\x00\xff\x00", "not UTF-8 text"),
        (b"source_id,\x81", "not UTF-8 or Windows-1252 text"),
        (b"\xff\xfea", "not UTF-16 text"),
        (b"\xef\xbb\xbf\xff", "not UTF-8 text"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, content: bytes, fragment: str) -> None:
    path = tmp_path / "other.csv"
    path.write_bytes(content)
    with pytest.raises(InputError) as refusal:
        read_long(path)
    assert fragment in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_workbook_without_its_reader_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    path = tmp_path / "answers.xlsx"
    path.write_bytes(b"PK\x03\x04")
    with pytest.raises(
        InputError, match=r"needs openpyxl \(pip install 'toc-model\[xlsx\]'\); allowed without it: a CSV"
    ):
        read_long(path)


def test_a_workbook_is_read_as_people_see_it(answers: Write, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["notes"])
    sheet = book.create_sheet("answers")
    for line in answers({}, AGI, {"respondent_id": "ben", "unit": "percent", "upper": "100"}).read_text().splitlines():
        sheet.append([float(cell) if cell.replace(".", "").isdigit() else cell or None for cell in line.split(",")])
    share = sheet.cell(4, COLUMNS.index("value") + 1)
    share.value, share.number_format = 0.07, "0%"
    sheet.cell(9, 30).number_format = "0%"
    book.save(tmp_path / "answers.xlsx")
    frame, reading = read_answers(tmp_path / "answers.xlsx")
    assert frame["value"].tolist() == [0.2, 12, 0.07]
    assert reading.understood == "a workbook, sheet 'answers'"
    (tmp_path / "answers.xlsx").write_bytes(b"PK\x03\x04")
    with pytest.raises(InputError, match="malformed workbook"):
        read_long(tmp_path / "answers.xlsx")
