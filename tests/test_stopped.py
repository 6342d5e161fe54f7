"""Commands that are stopped: what they say, what they leave behind, and how they go on."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import xarray as xr

from tests.conftest import Toc
from tests.signals import signals_as_in_a_terminal
from tests.toy.neighbours import asked
from toc_model.files import copy_folder, write_text
from toc_model.questions.report import Report
from toc_model.survey.learning import weighing
from toc_model.work.pieces import Pieces
from toc_model.work.stopping import WORDS
from toc_model.written import record, recording, written

VILLAGE = ("--case", "tests.toy:CASE")
GOES_ON = "what is finished is kept: the same command with --resume goes on"
STOPPED = """
import os, signal, sys
for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(each, signal.SIG_DFL)
from toc_model.cli import main
from toc_model.work.pieces import Pieces
many, number, times = map(int, sys.argv[1:4])
keep = Pieces.put
def put(pieces, name, piece):
    keep(pieces, name, piece)
    if pieces.kept == many:
        for _ in range(times):
            os.kill(os.getpid(), number)
Pieces.put = put
sys.argv = ["toc", *sys.argv[4:]]
main()
"""
"""The command, which is sent a signal so many times once so many pieces are kept."""


@pytest.fixture(autouse=True)
def _by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with signals_as_in_a_terminal():
        yield


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Where a command is called, and where temporary files go."""
    found = tmp_path / "here", tmp_path / "temporary"
    for folder in found:
        folder.mkdir()
    return found


def kept(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.piece"))


def called(
    folders: tuple[Path, Path], *words: object, many: int = 0, number: int = 0, times: int = 1
) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own, stopped when ``many`` pieces are kept."""
    here, temporary = folders
    root = Path(__file__).parents[1]
    command = [sys.executable, "-c", STOPPED, *map(str, (many, int(number), times, *VILLAGE, *words))]
    environment = os.environ | {"TMPDIR": str(temporary), "PYTHONPATH": str(root)}
    return subprocess.run(command, cwd=here, env=environment, capture_output=True, text=True, check=False)


def told_to_end(number: int) -> Callable[..., Any]:
    def instead(*_args: Any, **_others: Any) -> None:
        signal.raise_signal(number)

    return instead


# What is said --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(WORDS))
def test_each_signal_has_its_word_and_its_code(
    toc: Toc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    number = getattr(signal, name)
    monkeypatch.setattr(weighing, "likelihood_of", told_to_end(number))
    answers, mapping = asked(tmp_path, "hill")
    code, out, err = toc(*VILLAGE, "update", answers, "--map", mapping, "--draws", 100, "--out", tmp_path / "x.nc")
    assert (code, out, err) == (128 + number, "", f"toc: {WORDS[name]}; nothing was written\n")
    assert not kept(tmp_path)
    assert not list(tmp_path.rglob(".toc-*"))


def test_whoever_raises_an_interruption_is_told_the_same(
    toc: Toc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_args: Any, **_others: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Report, "save", interrupt)
    code, _, err = toc(*VILLAGE, "report", "--sections", "limits", "--draws", 50, "--out", tmp_path / "r.html")
    assert (code, err.strip()) == (130, f"toc: interrupted; nothing was written, {GOES_ON}")


def test_what_was_written_before_is_named(toc: Toc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Report, "save", told_to_end(signal.SIGTERM))
    words = ("report", "--sections", "limits", "--draws", 50, "--out", tmp_path / "r.html")
    page = tmp_path / "p.html"
    code, _, err = toc(*VILLAGE, *words, "--explore", page)
    assert (code, err.strip()) == (143, f"toc: terminated; written before: {page}; {GOES_ON}")
    assert page.exists()


def test_it_is_said_that_nothing_is_kept(toc: Toc, tmp_path: Path) -> None:
    words = ("report", "--sections", "limits", "--draws", 50, "--out", tmp_path / "r.html")
    code, _, err = toc(*VILLAGE, *words, "--resume")
    assert (code, err.splitlines()[0]) == (0, "nothing is kept of this work; it begins anew")


def test_only_what_came_to_its_place_was_written(tmp_path: Path) -> None:
    there, gone, replaced = (tmp_path / name for name in ("there", "gone", "replaced"))
    assert written() == ()
    with recording():
        for path in (there, gone, replaced):
            write_text(path, "text")
        gone.unlink()
        (tmp_path / "other").write_text("another's")
        (tmp_path / "other").replace(replaced)
        assert written() == (there,)
        copy_folder(tmp_path, tmp_path.with_name("copy"))
        (tmp_path / "store").mkdir()
        record(tmp_path / "store")
        assert written() == (there, tmp_path.with_name("copy"), tmp_path / "store")
    assert written() == ()


# Going on ------------------------------------------------------------------------------------------------------------

REPORT = ("report", "--draws", 60, "--out", "r.html", "--sections", "answer,curve,people,channels,limits,provenance")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The page of a report that nobody stopped."""
    here = tmp_path_factory.mktemp("whole")
    assert called((here, here), *REPORT).returncode == 0
    return (here / "r.html").read_bytes()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGKILL, -9), (signal.SIGINT, 130)])
def test_a_report_goes_on_and_is_the_same(
    folders: tuple[Path, Path], whole: bytes, tmp_path: Path, number: int, code: int
) -> None:
    here, temporary = folders
    stopped = called(folders, *REPORT, many=3, number=number, times=2)
    assert stopped.returncode == code
    assert list(here.iterdir()) == list(temporary.iterdir()) == []
    assert len(kept(tmp_path)) == 3
    if code > 0:
        word = WORDS[signal.Signals(number).name]
        assert stopped.stderr == f"toc: {word}; nothing was written, {GOES_ON}\n"
    # Only three are left, so that the signal behind four never comes.
    resumed = called(folders, *REPORT, "--resume", many=4, number=signal.SIGKILL)
    assert (resumed.returncode, resumed.stderr) == (0, "")
    assert (here / "r.html").read_bytes() == whole
    assert not kept(tmp_path)


def test_without_resume_all_begins_anew(folders: tuple[Path, Path], tmp_path: Path) -> None:
    called(folders, *REPORT, many=3, number=signal.SIGKILL)
    assert called(folders, *REPORT, many=1, number=signal.SIGKILL).returncode == -9
    assert len(kept(tmp_path)) == 1


def test_another_command_is_no_part_of_it(folders: tuple[Path, Path], tmp_path: Path) -> None:
    called(folders, *REPORT, many=3, number=signal.SIGKILL)
    assert called(folders, *REPORT, "--seed", 2).returncode == 0
    assert len(kept(tmp_path)) == 3


def by_weights(folder: Path, *more: object) -> tuple[object, ...]:
    answers, mapping = asked(folder, "hill")
    return ("update", answers, "--map", mapping, "--draws", 200, "--sampler", "weights", "--accept-problems", *more)


def test_an_update_by_weights_goes_on_and_is_the_same(folders: tuple[Path, Path], tmp_path: Path) -> None:
    here, _ = folders
    words = by_weights(tmp_path, "--bias-sweep", "0,0.5,2", "--out", "p.nc", "--json")
    whole = called(folders, *words)
    found = (here / "p.nc").read_bytes()
    (here / "p.nc").unlink()
    stopped = called(folders, *words, many=3, number=signal.SIGTERM)
    assert (stopped.returncode, stopped.stdout) == (143, "")
    resumed = called(folders, *words, "--resume")
    assert (resumed.returncode, resumed.stdout, resumed.stderr) == (0, whole.stdout, whole.stderr)
    assert (here / "p.nc").read_bytes() == found


def test_what_is_written_need_not_be_kept_though_it_is_not_good(folders: tuple[Path, Path], tmp_path: Path) -> None:
    words = [word for word in by_weights(tmp_path, "--out", "p.nc") if word != "--accept-problems"]
    found = called(folders, *words)
    assert found.returncode == 2
    assert found.stderr.startswith("toc: p.nc: written, but not a good run: the weights leave ")
    assert "what is finished" not in found.stderr
    assert not kept(tmp_path)


def test_an_answer_that_is_asked_once_more_neither_takes_nor_deletes_pieces(
    folders: tuple[Path, Path], tmp_path: Path
) -> None:
    words = by_weights(tmp_path, "--out", "p.nc")
    assert called(folders, *words, "--resume", "--save", "kept.json").returncode == 0
    assert '"--resume"' not in (folders[0] / "kept.json").read_text()
    called(folders, *words, many=2, number=signal.SIGKILL)
    before = kept(tmp_path)
    assert len(before) == 2
    again = called(folders, "rerun", "kept.json", many=1, number=signal.SIGKILL)
    assert again.returncode == 0, again.stderr
    assert kept(tmp_path) == before


SAMPLED = ("--sampler", "nuts", "--draws", 150, "--tune", 50, "--chains", 3, "--accept-problems", "--out", "p.nc")


@pytest.mark.slow
def test_a_sampler_goes_on_with_the_chains_that_are_left(folders: tuple[Path, Path], tmp_path: Path) -> None:
    here, temporary = folders
    answers, mapping = asked(tmp_path, "hill")
    words = ("update", answers, "--map", mapping, *SAMPLED)
    whole = called(folders, *words)
    assert whole.returncode == 0, whole.stderr
    found = xr.load_dataset(here / "p.nc", group="posterior")
    (here / "p.nc").unlink()
    stopped = called(folders, *words, "--resume", many=1, number=signal.SIGTERM)
    assert (stopped.returncode, list(here.iterdir()), list(temporary.iterdir())) == (143, [], [])
    assert stopped.stderr.endswith(f"toc: terminated; nothing was written, {GOES_ON}\n")
    assert len(kept(tmp_path)) == 1
    resumed = called(folders, *words, "--resume")
    assert (resumed.returncode, resumed.stdout) == (0, whole.stdout)
    xr.testing.assert_identical(xr.load_dataset(here / "p.nc", group="posterior"), found)


def test_pieces_of_a_command_are_in_the_cache_of_the_user(folders: tuple[Path, Path], tmp_path: Path) -> None:
    called(folders, *REPORT, many=1, number=signal.SIGKILL)
    (piece,) = kept(tmp_path)
    assert piece.parents[1] == tmp_path / "cache" / "toc-model" / "unfinished"
    assert Pieces(piece.parent).get(piece.stem) is not None
