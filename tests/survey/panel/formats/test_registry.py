"""All formats: found by name or ending, of one signature, and safe from whatever is sent."""

import inspect
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.survey.panel.formats.panels import PANEL
from toc_model.errors import InputError
from toc_model.survey.documents.wide import Column, Layout
from toc_model.survey.panel.formats import FORMATS, SHEET, Reader, format_of
from toc_model.survey.panel.panel import Panel
from toc_model.survey.panel.sheets import read_filled, sheet_of

COLUMNS = Layout(rows={"respondent": "expert"}, columns={"event": Column(question="event")})
GIVEN = {"shelf": {"question": "rain"}, "wide": {"columns": COLUMNS}}


def read(name: str, path: Path, panel: Panel = PANEL) -> object:
    """Read a file in a format, with what that format needs."""
    return FORMATS[name].read(path, panel, round_="1", **GIVEN.get(name, {}))  # type: ignore[arg-type]


def test_all_readers_have_one_signature() -> None:
    wanted = list(inspect.signature(Reader.__call__).parameters.values())[1:]
    for name, one in FORMATS.items():
        assert name == one.name
        assert list(inspect.signature(one.read).parameters.values()) == wanted


@pytest.mark.parametrize(
    ("file", "named", "expected"),
    [
        ("a.dtt", "", "excalibur"),
        ("a.DTT", "", "excalibur"),
        ("a.csv", "", "sheet"),
        ("a.xlsx", "", "sheet"),
        ("a.csv", "shelf", "shelf"),
        ("a.dtt", "idea", "idea"),
    ],
)
def test_a_format_is_found_by_name_or_ending(file: str, named: str, expected: str) -> None:
    assert format_of(Path(file), named).name == expected


def test_another_name_is_refused() -> None:
    with pytest.raises(InputError, match=r"a\.csv: unknown format 'shelv'; did you mean 'shelf'"):
        format_of(Path("a.csv"), "shelv")


def test_our_own_sheet_is_one_of_them(tmp_path: Path) -> None:
    table = sheet_of(PANEL, "1", "ann")
    table.loc[table["question"] == "rain", ["q05", "q50", "q95"]] = ["10", "20", "30"]
    table.to_csv(path := tmp_path / "ann.csv", index=False)
    assert SHEET.read(path, PANEL) == SHEET.read(path, PANEL, round_="1") == read_filled(path, PANEL)
    assert len(read_filled(path, PANEL)) == 1
    with pytest.raises(InputError, match=r"ann\.csv: rain: round: found '1'; allowed: '2'"):
        SHEET.read(path, PANEL, round_="2")
    with pytest.raises(InputError, match="question: found 'rain'; allowed: none, for a sheet"):
        SHEET.read(path, PANEL, question="rain")
    with pytest.raises(InputError, match="columns: found a document of columns"):
        SHEET.read(path, PANEL, columns=COLUMNS)


HOSTILE = {
    "nothing": b"",
    "a blank": b" ",
    "nil": b"\0" * 50,
    "neither UTF-8 nor Windows-1252": b"expert,question\n\x81\x8d\x8f\x90\x9d,x\n",
    "half a letter of UTF-16": b"\xff\xfea\x00b",
    "a workbook that is none": b"PK\x03\x04 and no more",
    "an old workbook": b"\xd0\xcf\x11\xe0",
    "a quote that is open": b'"expert,question\nann,rain\n',
    "one long line": b"x" * 100_000,
    "ten thousand columns": b",".join(b"c%d" % k for k in range(10_000)) + b"\n" + b",".join([b"1"] * 10_000),
    "one column 10,000 times": b",".join([b"ann"] * 10_000) + b"\n" + b",".join([b"1"] * 10_000),
}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_file_of_the_format_is_refused(name: str, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "said.csv"
    path.write_bytes(data)
    with pytest.raises(InputError) as error:
        read(name, path)
    assert str(error.value).startswith(str(path))
    assert len(str(error.value)) < 1_000


@pytest.mark.parametrize("name", FORMATS)
def test_what_is_not_there_is_refused(name: str, tmp_path: Path) -> None:
    for path in (tmp_path / "no such file.csv", tmp_path):
        with pytest.raises(InputError, match="can't be read"):
            read(name, path)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_encodings_of_spreadsheets_are_read(encoding: str, tmp_path: Path) -> None:
    texts = {
        "shelf": "name,ann\n0.5,20\n",
        "idea": "expert,question,lowest,highest,best,argument\nann,event,0.1,0.3,0.2,für\n",
        "wide": "expert,event,more\nann,0.2,für\n",
    }
    for name, text in texts.items():
        path = tmp_path / f"{name}.csv"
        path.write_bytes(text.encode(encoding))
        assert len(list(read(name, path))) == 1  # type: ignore[call-overload]


@pytest.mark.parametrize("name", FORMATS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(
    data=st.binary(max_size=200)
    | st.text(alphabet='expertqusionlwhgb,;\n"0.15LUM()-]* \t', max_size=200).map(str.encode)
)
def test_any_bytes_are_read_or_refused(name: str, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "said.csv"
    path.write_bytes(data)
    try:
        read(name, path)
    except InputError as error:
        assert str(path) in str(error)  # noqa: PT017
