"""Commands that are stopped: what they say, what they leave behind, and how they go on."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

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
KILLED = """
import os, signal, sys
from toc_model.cli import main
from toc_model.work.pieces import Pieces
keep = Pieces.put
def put(pieces, name, piece):
    keep(pieces, name, piece)
    if pieces.kept == 3:
        os.kill(os.getpid(), signal.SIGKILL)
Pieces.put = put
sys.argv = ["toc", *sys.argv[1:]]
main()
"""
"""The command, which is killed once three pieces are kept."""


@pytest.fixture(autouse=True)
def _by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with signals_as_in_a_terminal():
        yield


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a command is called."""
    found = tmp_path / "here"
    found.mkdir()
    monkeypatch.chdir(found)
    return found


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go."""
    found = tmp_path / "temporary"
    found.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(found))
    return found


def kept(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.piece"))


@pytest.fixture
def stopping(toc: Toc, monkeypatch: pytest.MonkeyPatch) -> Toc:
    """Run a command, and send it SIGINT once ``many`` pieces are kept."""

    def command(*words: object, many: int = 0, number: int = signal.SIGINT) -> tuple[int, str, str]:
        keep = Pieces.put

        def put(pieces: Pieces, name: str, piece: Any) -> None:
            keep(pieces, name, piece)
            if pieces.kept == many:
                signal.raise_signal(number)

        with monkeypatch.context() as patched:
            patched.setattr(Pieces, "put", put)
            return toc(*VILLAGE, *words)

    return command


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


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_report_goes_on_and_is_the_same(
    stopping: Toc, here: Path, temporary: Path, tmp_path: Path, number: int
) -> None:
    assert stopping(*REPORT)[0] == 0
    whole = (here / "r.html").read_bytes()
    (here / "r.html").unlink()
    if number == signal.SIGKILL:
        words = [sys.executable, "-c", KILLED, *VILLAGE, *map(str, REPORT)]
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), "TMPDIR": str(temporary)}
        assert subprocess.run(words, env=environment, check=False).returncode == -number
    else:
        code, out, err = stopping(*REPORT, many=3)
        assert (code, out, err) == (130, "", f"toc: interrupted; nothing was written, {GOES_ON}\n")
    assert list(here.iterdir()) == list(temporary.iterdir()) == []
    assert len(kept(tmp_path)) == 3
    # Only three are left, so that the signal behind four never comes.
    code, _, err = stopping(*REPORT, "--resume", many=4)
    assert (code, err) == (0, "")
    assert (here / "r.html").read_bytes() == whole
    assert not kept(tmp_path)


@pytest.mark.usefixtures("here")
def test_without_resume_all_begins_anew_in_the_cache_of_the_user(stopping: Toc, tmp_path: Path) -> None:
    assert stopping(*REPORT, many=3, number=signal.SIGTERM)[0] == 143
    assert stopping(*REPORT, many=1, number=signal.SIGTERM)[0] == 143
    (piece,) = kept(tmp_path)
    assert piece.parents[1] == tmp_path / "cache" / "toc-model" / "unfinished"
    assert Pieces(piece.parent).get(piece.stem) is not None
    assert stopping(*REPORT, "--seed", 2)[0] == 0, "another command"
    assert kept(tmp_path) == [piece]


def by_weights(folder: Path, *more: object) -> tuple[object, ...]:
    answers, mapping = asked(folder, "hill")
    return ("update", answers, "--map", mapping, "--draws", 200, "--sampler", "weights", "--accept-problems", *more)


def test_an_update_by_weights_goes_on_and_is_the_same(stopping: Toc, here: Path, tmp_path: Path) -> None:
    words = by_weights(tmp_path, "--bias-sweep", "0,0.5,2", "--out", "p.nc", "--json")
    whole = stopping(*words)
    found = (here / "p.nc").read_bytes()
    (here / "p.nc").unlink()
    for many in (2, 1):
        code, out, _ = stopping(*words, "--resume", many=many)
        assert (code, out) == (130, "")
    assert stopping(*words, "--resume") == whole
    assert (here / "p.nc").read_bytes() == found


@pytest.mark.usefixtures("here")
def test_what_is_written_need_not_be_kept_though_it_is_not_good(stopping: Toc, tmp_path: Path) -> None:
    words = [word for word in by_weights(tmp_path, "--out", "p.nc") if word != "--accept-problems"]
    code, _, err = stopping(*words)
    assert code == 2
    assert err.startswith("toc: p.nc: written, but not a good run: the weights leave ")
    assert "what is finished" not in err
    assert not kept(tmp_path)


def test_an_answer_that_is_asked_once_more_neither_takes_nor_deletes_pieces(
    stopping: Toc, here: Path, tmp_path: Path
) -> None:
    words = by_weights(tmp_path, "--out", "p.nc")
    assert stopping(*words, "--resume", "--save", "kept.json")[0] == 0
    assert '"--resume"' not in (here / "kept.json").read_text()
    assert stopping(*words, many=2)[0] == 130
    before = kept(tmp_path)
    assert len(before) == 2
    assert stopping("rerun", "kept.json", many=1)[0] == 0
    assert kept(tmp_path) == before
