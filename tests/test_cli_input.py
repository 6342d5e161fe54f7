"""What a user can get wrong: one line on standard error, exit code 2, nothing else printed or written."""

import csv
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest

from tests.refused import assert_refused
from tests.shipped import DOCUMENTS, STORY, load_priors

from .conftest import Toc

SHARES = "buying_time_share = { researchers = 0.3, builders = 0.1 }"


# Names, numbers, options ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "fragments"),
    [
        ("run --worldview esay", ["worldviews", "'esay'; did you mean 'essay'?", "allowed: base, critic, essay"]),
        ("run --worldview neutral", ["'neutral', which is of an earlier model; allowed: base or panel"]),
        ("run --worldview outside", ["'outside', which is of an earlier model; allowed: panel"]),
        ("run --as-of late_2025", ["/dates: unknown date 'late_2025'; did you mean", "allowed: late_2022, late_2026)"]),
        ("run --worldview nowhere/mine.toml", ["nowhere/mine.toml: can't be read"]),
        ("run --only recomended", ["allocations.toml", "'recomended'; did you mean 'recommended'?"]),
        ("run --allocations nowhere.toml", ["nowhere.toml: can't be read (No such file or directory)"]),
        ("run --priors nowhere", ["nowhere: found no prior documents (*.toml)"]),
        ("run --draws 0", ["draws: found 0", "allowed: 2 or more"]),
        ("run --draws 1", ["draws: found 1"]),
        ("run --draws -5", ["draws: found -5"]),
        ("run --draws 1e3", ["'--draws'", "'1e3'"]),
        ("run --draws 100000000000000", []),
        ("run --seed -1", ["seed: found -1", "allowed: 0 or more"]),
        ("run --override do(concrn)=0.5", ["'concrn'; did you mean 'concern'?"]),
        ("run --override do(reach[outrech])=0.5", ["reach", "'outrech'; did you mean 'outreach'?", "convening"]),
        ("run --override concern_nw=0.5", ["concern_nw=0.5", "did you mean 'concern_now'?"]),
        ("run --override concern=0.5", ["concern=0.5", "do(concern)=0.5"]),
        ("run --override cut(reach->cncern)", ["'cncern'; did you mean 'concern'?"]),
        ("run --override cut(race->concern)", ["cut(race->concern)", "'race'", "allowed: reach"]),
        ("run --override concern_now", ["'concern_now'", "allowed: parameter=value", "do(node)=reference"]),
        ("run --override concern_now=much", ["'concern_now=much'", "'much'", "finite number"]),
        ("run --override concern_now=inf", ["'concern_now=inf'", "finite number"]),
        ("run --draws 5 --override concern_now=5", ["found 5; allowed: 0 to 1 (fraction)"]),
        ("run --out results.csv", ["results.csv: found the ending '.csv'", "'.nc'"]),
        ("run --speed 3", ["No such option '--speed'"]),
        ("run recommended", ["unexpected extra argument (recommended)"]),
        ("runs", ["unknown command 'runs'", "did you mean 'run'?"]),
        ("priors agi_yaer", ["'agi_yaer'; did you mean 'agi_year'?"]),
        ("priors severity --out severity.pdf", ["severity.pdf: found the ending '.pdf'", "'.svg' or '.png'"]),
        ("priors copy", ["Missing argument 'FOLDER'"]),
        ("claims C200", ["unknown claim 'C200'"]),
        ("claims --priors nowhere", ["nowhere: found no prior documents (*.toml)"]),
        ("graph --format gif", ["'gif'", "'text', 'mermaid', 'svg', 'png'"]),
        ("evaluate", ["Missing argument 'PARAMETERS'"]),
        ("evaluate values.csv", ["Missing option '--out'"]),
        ("evaluate values.csv --out nodes.csv", ["nodes.csv: found the ending '.csv'", "'.nc'"]),
        ("evaluate nowhere.csv --out nodes.nc", ["nowhere.csv: can't be read"]),
    ],
)
def test_a_mistake_on_the_command_line(
    toc: Toc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str, fragments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert_refused(toc(*words.split()), *fragments)
    assert list(tmp_path.iterdir()) == []


def test_a_name_with_a_line_break_stays_on_the_line(toc: Toc) -> None:
    assert_refused(toc("run", "--priors", "no\nwhere"), "found no prior documents")


def test_no_command_at_all_shows_the_help_as_it_is_laid_out(toc: Toc) -> None:
    _, out, err = toc()
    assert "\nLook at the answer:\n" in out + err


# Allocations ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "fragments"),
    [
        (f"[mine]\n{SHARES.replace('0.3', '1.2')}", ["mine: ", "researchers: found 1.2", "allowed: 0 to 1"]),
        (
            f"[mine]\n{SHARES}\nmix.builders = {{ outreach = 0.5 }}",
            ["mine: mix.builders: found a sum of 0.5", "allowed: a sum of 1"],
        ),
        (f"[mine]\n{SHARES}\nmix.bilders = {{ outreach = 1.0 }}", ["'bilders'; did you mean 'builders'?"]),
        (f"[mine\n{SHARES}", ["malformed TOML", "line 1"]),
    ],
)
def test_an_impossible_allocation(toc: Toc, tmp_path: Path, text: str, fragments: list[str]) -> None:
    document = tmp_path / "allocations.toml"
    document.write_text(text)
    assert_refused(toc("run", "--draws", 5, "--allocations", document), str(document), *fragments)


@pytest.mark.parametrize("name", ["[red]<script>", "[/]", ":skull:", "a'b", "Ünïcøde → x"])
def test_names_are_printed_as_they_are(toc: Toc, tmp_path: Path, name: str) -> None:
    document = tmp_path / "allocations.toml"
    document.write_text(f'["{name}"]\n{SHARES}\n', encoding="utf-8")
    code, out, err = toc("run", "--draws", 5, "--allocations", document)
    assert (code, err) == (0, "")
    assert sum(line.startswith(f"  {name} ") for line in out.splitlines()) == 1


def test_no_name_sends_control_codes_to_the_terminal(toc: Toc, tmp_path: Path) -> None:
    document = tmp_path / "allocations.toml"
    document.write_text(f'["\\u001b[2J"]\n{SHARES}\n')
    _, out, err = toc("run", "--draws", 5, "--allocations", document)
    assert "\x1b" not in out + err


# Priors -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["run --draws 5", "priors", "priors severity", "priors check"])
def test_priors_of_ones_own_are_checked_by_every_command(toc: Toc, tmp_path: Path, command: str) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(DOCUMENTS.folder, folder)
    (folder / "talent.toml").unlink()
    (folder / "factors.toml").unlink()
    first, *rest = command.split()
    result = toc(first, "--priors", folder, *rest)
    assert_refused(result, str(folder), "no prior for 'researchers_now'", "technical_effort")


@pytest.mark.parametrize(
    ("old", "new", "fragments"),
    [
        ("q50 = 300", "q50 = 100", ["talent.toml: researchers_now: quantiles: found q05 = 155 and q50 = 100", "rise"]),
        ("q05 = 155", "q05 = -1", ["talent.toml: researchers_now: quantiles: found q05 = -1", "lognormal: above 0"]),
        ("q50 = 300", "q50 = = 300", ["talent.toml: malformed TOML", "line 9"]),
        ('unit = "FTE"', 'unit = "people"', ["researchers_now: found unit 'people'", "asks for 'FTE'"]),
        ("[researchers_now]", "[reserchers_now]", ["no prior for 'researchers_now'", "did you mean 'reserchers_now'?"]),
    ],
)
def test_a_mistake_in_priors_of_ones_own(toc: Toc, tmp_path: Path, old: str, new: str, fragments: list[str]) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(DOCUMENTS.folder, folder)
    document = folder / "talent.toml"
    text = document.read_text(encoding="utf-8")
    assert old in text
    document.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert_refused(toc("run", "--draws", 5, "--priors", folder), str(folder), *fragments)


def test_shipped_priors_are_not_copied_over_a_folder(toc: Toc, tmp_path: Path) -> None:
    (tmp_path / "talent.toml").write_text("mine")
    assert_refused(toc("priors", "copy", tmp_path), f"{tmp_path}: can't be written (File exists)")
    assert (tmp_path / "talent.toml").read_text() == "mine"


# Tables of parameters ---------------------------------------------------------------------------------------------

type Table = list[list[str]]


def table() -> Table:
    """A header and three draws."""
    draws = load_priors().draw(STORY, 3, seed=1)
    columns = {"draw": ["0", "1", "2"]}
    for name in STORY.parameters:
        for entry in STORY.entries_of(name):
            place = entry.partition("[")[2].rstrip("]")
            values = draws[name].sel(intervention=place) if place else draws[name]
            columns[entry] = [repr(float(value)) for value in values]
    return [list(columns), *map(list, zip(*columns.values(), strict=True))]


TABLE = table()


def as_text(rows: Table) -> str:
    buffer = StringIO(newline="")
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue()


def with_cell(row: int, column: str, text: str) -> str:
    rows = [list(cells) for cells in TABLE]
    rows[row][TABLE[0].index(column)] = text
    return as_text(rows)


def without(column: str) -> str:
    place = TABLE[0].index(column)
    return as_text([cells[:place] + cells[place + 1 :] for cells in TABLE])


IMPOSSIBLE = [
    (with_cell(2, "agi_year", "nan"), ["draw 1: agi_year: found 'nan'", "allowed: a finite number"]),
    (with_cell(3, "agi_year", "-inf"), ["draw 2: agi_year: found '-inf'"]),
    (with_cell(1, "agi_year", "nine"), ["draw 0: agi_year: found 'nine'"]),
    (with_cell(1, "agi_year", ""), ["draw 0: agi_year: found ''"]),
    (with_cell(1, "agi_year", "9,5"), ["draw 0: agi_year: found '9,5'"]),
    (with_cell(1, "agi_year", "1_000"), ["draw 0: agi_year: found '1_000'"]),
    (with_cell(1, "agi_year", "9" * 140_000), ["values.csv"]),
    (with_cell(1, "agi_year", "-3"), ["draw 0: agi_year: found -3; allowed: 0 or more"]),
    (with_cell(1, "severity", "1.01"), ["draw 0: severity: found 1.01", "allowed: 0 to 1 (probability)"]),
    (with_cell(1, "severity", "-0.01"), ["draw 0: severity: found -0.01", "allowed: 0 to 1 (probability)"]),
    (without("concern_gain[outreach]"), ["missing column 'concern_gain[outreach]'"]),
    (with_cell(0, "agi_year", "agi_yaer"), ["'agi_yaer'; did you mean 'agi_year'?"]),
    (with_cell(0, "agi_year", "race_now"), ["column 'race_now': found 2 times", "allowed: once"]),
    (with_cell(2, "draw", "0"), ["draw: found '0' 2 times", "allowed: once"]),
    (with_cell(2, "draw", "00"), ["draw", "00"]),
    (with_cell(2, "draw", "1.5"), ["draw: found '1.5'", "allowed: whole numbers from 0"]),
    (with_cell(2, "draw", "-1"), ["draw: found '-1'"]),
    (with_cell(2, "draw", "9" * 30), ["draw", "9" * 30]),
    (as_text([*TABLE[:2], TABLE[2][:-1]]), ["row 3", f"found {len(TABLE[0]) - 1} cells", f"{len(TABLE[0])}"]),
    (as_text([*TABLE[:2], [], [*TABLE[2], "1"]]), ["row 4", f"found {len(TABLE[0]) + 1} cells"]),
    ("", ["found 0 line(s)", "a header and at least one row"]),
    (as_text(TABLE[:1]), ["a header and at least one row"]),
    (as_text(TABLE[:1]) + "\r\n\r\n", ["a header and at least one row"]),
]


@pytest.mark.parametrize(("text", "fragments"), IMPOSSIBLE, ids=[" ".join(found) for _, found in IMPOSSIBLE])
def test_an_impossible_table(toc: Toc, tmp_path: Path, text: str, fragments: list[str]) -> None:
    path, out = tmp_path / "values.csv", tmp_path / "nodes.nc"
    path.write_text(text, encoding="utf-8", newline="")
    result = toc("evaluate", path, "--out", out)
    assert_refused(result, *fragments)
    assert not out.exists()


def test_a_table_that_is_no_text(toc: Toc, tmp_path: Path) -> None:
    path = tmp_path / "values.csv"
    path.write_bytes(b"\x89HDF\r\n")
    assert_refused(toc("evaluate", path, "--out", tmp_path / "nodes.nc"), f"{path}: not UTF-8 text (byte 0)")


# Writing ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def values(tmp_path: Path) -> Path:
    path = tmp_path / "values.csv"
    path.write_text(as_text(TABLE), encoding="utf-8", newline="")
    return path


@pytest.fixture(params=["run", "evaluate"])
def writing(request: pytest.FixtureRequest, values: Path) -> list[object]:
    return ["run", "--draws", 5, "--only", "recommended"] if request.param == "run" else ["evaluate", values]


def test_the_table_that_the_mistakes_are_made_in_is_possible(toc: Toc, tmp_path: Path, values: Path) -> None:
    code, _, err = toc("evaluate", values, "--out", tmp_path / "nodes.nc")
    assert (code, err) == (0, "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["nodes.nc", "values.csv"]


@pytest.mark.parametrize("out", ["missing/nodes.nc", "/proc/nodes.nc", "values.csv/nodes.nc"])
def test_a_place_that_can_not_be_written_to(toc: Toc, tmp_path: Path, writing: list[object], out: str) -> None:
    assert_refused(toc(*writing, "--out", tmp_path / out), f"{tmp_path / out}: can't be written (")
    assert [path.name for path in tmp_path.iterdir()] == ["values.csv"]


def make_a_folder(path: Path) -> None:
    path.mkdir()


def make_a_pipe(path: Path) -> None:
    os.mkfifo(path)


@pytest.mark.parametrize("make", [make_a_folder, make_a_pipe])
def test_only_files_are_replaced(toc: Toc, tmp_path: Path, writing: list[object], make: Callable[[Path], None]) -> None:
    out = tmp_path / "nodes.nc"
    make(out)
    assert_refused(toc(*writing, "--out", out), f"{out}: can't be written (")
    assert not out.is_file()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["nodes.nc", "values.csv"]


@pytest.mark.parametrize("what", ["--override", "--allocations"])
def test_a_refused_run_leaves_an_older_file_alone(toc: Toc, tmp_path: Path, writing: list[object], what: str) -> None:
    out = tmp_path / "nodes.nc"
    out.write_text("older")
    assert_refused(toc(*writing, "--out", out, what, "nowhere"), "nowhere")
    assert out.read_text() == "older"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["nodes.nc", "values.csv"]


COMMAND = [sys.executable, "-c", "from toc_model.cli import main; main()"]


def test_a_write_that_fails_half_way_leaves_the_older_file_alone(tmp_path: Path, writing: list[object]) -> None:
    out = tmp_path / "nodes.nc"
    out.write_text("older")
    with_little_room = ["sh", "-c", 'ulimit -f 16 && exec "$@"', "sh"]
    done = subprocess.run(
        [*with_little_room, *COMMAND, *map(str, writing), "--out", out], capture_output=True, text=True, check=False
    )
    assert_refused((done.returncode, done.stdout, done.stderr), f"{out}: can't be written (File too large)")
    assert out.read_text() == "older"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["nodes.nc", "values.csv"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_full_disk_behind_standard_output() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*COMMAND, "claims"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert_refused((done.returncode, "", done.stderr), "No space left on device")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["rnu"], "unknown command 'rnu'; did you mean 'run'?"),
        (["compare", "--delay-cost", "1"], "--delay-cost: found '1', which may be 1 % or all; allowed: 1% or 100%"),
        (["run", "--set", "p_doom=50%"], "it is a node that only keeps accounts of others: "),
        (["run", "--set", "race=0.5"], "it is a node: hold it with the override do(race)=VALUE"),
    ],
)
def test_what_newcomers_try_is_answered_with_what_they_mean(toc: Toc, words: list[str], said: str) -> None:
    code, out, err = toc(*words)
    assert (code, out) == (2, "")
    assert said in err
