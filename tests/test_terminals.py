"""Commands on a terminal of eighty columns, a real one, and names in place of labels."""

import errno
import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from tests.conftest import Toc
from toc_model.essay.case import ESSAY
from toc_model.present import terminal
from toc_model.present.section import Table
from toc_model.present.terminal import Paper

ROOT = Path(__file__).parents[1]
STEERING = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def on_terminal(columns: int, *words: str) -> list[str]:
    """Lines that a command prints to a terminal, without progress, which rewrites its line."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "TERM": "xterm"}
    environment.pop("COLUMNS", None)
    told = [sys.executable, "-c", "from toc_model.cli import main; main()", *words]
    with subprocess.Popen(told, stdin=slave, stdout=slave, stderr=slave, cwd=ROOT, env=environment):
        os.close(slave)
        printed = _read(master)
    os.close(master)
    shown = STEERING.sub("", printed.decode("utf-8")).replace("\r\n", "\n")
    return [line.rpartition("\r")[2] for line in shown.splitlines()]


def _read(master: int) -> bytes:
    """All that is printed to a terminal until nobody holds its other end."""
    printed = b""
    try:
        while part := os.read(master, 65536):
            printed += part
    except OSError as error:
        if error.errno != errno.EIO:
            raise
    return printed


@pytest.mark.parametrize("words", ["run", "run --steps", "run --worldview essay", "run --names"])
def test_no_line_is_wider_than_the_terminal(words: str) -> None:
    lines = on_terminal(80, *words.split(), "--draws", "200")
    assert max(map(len, lines)) <= 80
    assert any("recommended" in line and "\u2212" in line for line in lines)
    assert any(line.startswith("also: ") and line.endswith("(--wide)") for line in lines)
    assert any("recommended_papers" in line for line in lines) is ("--names" in words)


@pytest.mark.parametrize(("columns", "words"), [(80, "--wide"), (200, "")])
def test_a_whole_table_is_shown_where_it_is_asked_for_or_fits(columns: int, words: str) -> None:
    lines = on_terminal(columns, "run", "--draws", "200", *words.split())
    assert not any(line.startswith("also: ") for line in lines)
    headings = next(line for line in lines if line.split()[:1] == ["allocation"])
    assert " ".join(headings.split()) == "allocation researchers builders P(doom) change better in break-even"


TABLES = [
    *("compare --also essay", "compare --delay-cost 0.0078", "compare --unit-cost 1000", "curve --also essay"),
    *("marginal --also essay", "marginal --unit-cost 5", "channels", "sensitivity", "harm", "claims --deny"),
    *("claims --grant", "claims", "worldviews", "priors"),
]
SLOW = ["disagree essay base", "optimise"]
WITHOUT_DRAWS = {"claims", "priors"}


@pytest.mark.parametrize("words", [*TABLES, *(pytest.param(words, marks=pytest.mark.slow) for words in SLOW)])
def test_every_line_of_other_commands_fits(toc: Toc, monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    monkeypatch.setattr("toc_model.questions.saying.standard_output", lambda **_: Paper(80, 80, minus=True))
    code, out, err = toc(*words.split(), *([] if words in WITHOUT_DRAWS else ["--draws", "200"]))
    assert (code, err) == (0, "")
    assert max(map(len, out.splitlines())) <= 80


def test_labels_stand_in_tables_and_names_are_asked_for(toc: Toc) -> None:
    allocations, worldviews = ("status_quo", "researchers_only"), ("ml_authors", "safety_leaders")
    _, labelled, _ = toc("run", "--draws", "50")
    _, named, _ = toc("run", "--draws", "50", "--names")
    for name in (*allocations, *worldviews):
        assert f"  {name} " in named
        assert name not in labelled
        assert f"  {name.replace('_', ' ')} " in labelled
    _, table, _ = toc("sensitivity", "--draws", "200", "--top", "9")
    _, coded, _ = toc("sensitivity", "--draws", "200", "--top", "9", "--names")
    assert not set(ESSAY.story.entries) & set(table.split())
    assert set(ESSAY.story.entries) & set(coded.split())


def test_json_has_names_alone(toc: Toc) -> None:
    assert toc("run", "--draws", "50", "--json") == toc("run", "--draws", "50", "--json", "--names")


def test_what_is_asked_once_is_forgotten_afterwards(toc: Toc) -> None:
    toc("run", "--draws", "50", "--names", "--wide")
    _, out, _ = toc("run", "--draws", "50")
    assert "ml_authors" not in out


def test_a_table_in_a_pipe_is_whole() -> None:
    assert terminal.standard_output() == terminal.FILE == Paper(100, None, minus=False)
    assert "also" not in terminal.table_text(Table("", ["a", *map(str, range(60))], [["x" * 9] * 61]))
