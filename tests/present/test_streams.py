"""What is printed: with any encoding, with streams that are closed, full or left by their reader, and in notebooks."""

import builtins
import io
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Toc
from tests.present.pages import SECTION
from toc_model.cli import main
from toc_model.present import streams, terminal
from toc_model.present.section import Section, Table

SIGNS = "±2 “x” → … ● ✓ ─ ▁█ é 中 \u2212"


def stream(encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding=encoding)


def printed(monkeypatch: pytest.MonkeyPatch, encoding: str, text: str) -> str:
    monkeypatch.setattr(sys, "stdout", stream(encoding))
    streams.prepare()
    streams.say(text, end="")
    sys.stdout.flush()
    content: bytes = sys.stdout.buffer.getvalue()  # type: ignore[union-attr]
    return content.decode(encoding)


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", SIGNS),
        ("ascii", r'+/-2 "x" -> ... * + - _# \xe9 \u4e2d -'),
        ("latin-1", r'±2 "x" -> ... * + - _# é \u4e2d -'),
        ("cp1252", r"±2 “x” -> … * + - _# é \u4e2d -"),
        ("cp437", r'±2 "x" -> ... * + ─ _█ é \u4e2d -'),
    ],
)
def test_any_encoding_will_do(monkeypatch: pytest.MonkeyPatch, encoding: str, said: str) -> None:
    assert printed(monkeypatch, encoding, SIGNS) == said


@given(st.text(), st.sampled_from(["utf-8", "ascii", "latin-1", "cp1252", "shift_jis", "utf-16-le"]))
def test_any_text_is_printed_and_steers_nothing(text: str, encoding: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        found = printed(patch, encoding, text)
    assert all(sign.isprintable() or sign in "\n\ufeff" for sign in found)


@given(st.text())
def test_an_error_is_one_line(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stderr", stream("utf-8"))
        streams.say_line(f"toc: {text}", err=True)
        found = sys.stderr.buffer.getvalue().decode()  # type: ignore[union-attr]
    assert found.endswith("\n")
    assert found[:-1].isprintable()


def test_a_message_without_end_is_shortened(toc: Toc) -> None:
    code, out, err = toc("run", "--worldview", "x" * 100_000)
    assert (code, out) == (2, "")
    assert len(err) < 3000


# Streams that do not take what is printed ---------------------------------------------------------------------------


class Refusing(io.StringIO):
    """A stream that takes nothing."""

    def __init__(self, error: OSError) -> None:
        super().__init__()
        self.error = error

    def flush(self) -> None:
        raise self.error


def left_with(monkeypatch: pytest.MonkeyPatch, words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["toc", *words.split()])
    try:
        main()
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


@pytest.mark.parametrize("name", ["stdout", "stderr"])
@pytest.mark.parametrize("words", ["claims C01", "--help", "priors agi_year", "nonsense", "run --draws 1"])
@pytest.mark.parametrize(("error", "code"), [(BrokenPipeError(32, "Broken pipe"), 141), (OSError(28, "full"), 2)])
def test_a_stream_that_takes_nothing_ends_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    words: str,
    error: OSError,
    code: int,
) -> None:
    monkeypatch.setattr(sys, name, Refusing(error))
    fails = words in ("nonsense", "run --draws 1")
    found = left_with(monkeypatch, words)
    assert found == (code if name == "stdout" and not fails else 2 if fails else 0)
    if name == "stdout" and not fails:
        assert capsys.readouterr().err == ("" if code == 141 else "toc: can't write (full)\n")


@pytest.mark.parametrize("name", ["stdin", "stdout", "stderr"])
@pytest.mark.parametrize(("words", "code"), [("claims C01", 0), ("nonsense", 2)])
def test_a_stream_that_is_closed_is_not_missed(
    monkeypatch: pytest.MonkeyPatch, name: str, words: str, code: int
) -> None:
    monkeypatch.setattr(sys, name, None)
    assert left_with(monkeypatch, words) == code
    getattr(sys, name).close()


COMMAND = f"{sys.executable} -c 'from toc_model.cli import main; main()'"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("claims | true; exit ${PIPESTATUS[0]}", 141),
        ("claims >&- 2>&-", 0),
        ("claims C01 > /dev/full", 2),
    ],
)
def test_a_shell_sees_no_traceback(words: str, code: int) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"}
    done = subprocess.run(
        ["/bin/bash", "-c", f"{COMMAND} {words}"], capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == code
    assert done.stderr == ("toc: can't write (No space left on device)\n" if "full" in words else "")
    assert done.stdout.isascii()


# The same text everywhere -------------------------------------------------------------------------------------------


class ZMQInteractiveShell:
    """What rich takes for a notebook."""


@pytest.mark.parametrize(
    "environment",
    [
        {"COLUMNS": "80", "LINES": "5"},
        {"COLUMNS": "10"},
        {"FORCE_COLOR": "1", "COLORTERM": "truecolor", "TTY_COMPATIBLE": "1", "TTY_INTERACTIVE": "1"},
        {"TERM": "dumb"},
        {"TERM": "dumb", "FORCE_COLOR": "1", "NO_COLOR": "1"},
        {"JUPYTER_COLUMNS": "40", "DATABRICKS_RUNTIME_VERSION": "1"},
    ],
)
@pytest.mark.parametrize("notebook", [False, True])
def test_a_section_is_the_same_text_everywhere(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], environment: dict[str, str], notebook: bool
) -> None:
    expected = terminal.text_of(SECTION)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    if notebook:
        monkeypatch.setattr(builtins, "get_ipython", ZMQInteractiveShell, raising=False)
        shown = SimpleNamespace(display=lambda *_, **__: pytest.fail("was displayed"))
        monkeypatch.setitem(sys.modules, "IPython.display", shown)
    assert terminal.text_of(SECTION) == expected
    assert capsys.readouterr() == ("", "")


def test_markup_and_emoji_codes_in_names_are_texts() -> None:
    names = ["[red]x[/red]", "[/]", ":smile:", "[link=http://x]y[/link]", "$x_1^2$", "_a"]
    text = terminal.text_of(
        Section("a", "a", "A", tables=[Table("", ["[b]name[/b]", "x"], [[name, ""] for name in names])])
    )
    assert [line.strip() for line in text.splitlines()[4:]] == names
    assert "[b]name[/b]" in text


def test_a_wide_table_keeps_all_its_columns() -> None:
    columns = [f"column number {place}" for place in range(200)]
    text = terminal.table_text(Table("", columns, [["x"] * 200]))
    assert all(column in text for column in columns)
    assert "…" not in text
