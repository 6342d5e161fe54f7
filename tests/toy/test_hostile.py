"""Names and texts of others: whatever signs they have, none of them steers a terminal, a page or a figure."""

import re
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import Toc
from tests.refused import assert_refused
from toc_model.cli import main
from toc_model.documents import as_toml

NAME = "[red]x[/red] [/] $x_^$ \x1b[31m\x07\u202e\u200b\t\n\r\x85\x9b _a `t` | <b> \u0301"
SHOWN = r"\x1b[31m\x07\u202e\u200b\t\n\r\x85\x9b"
VILLAGE = ("--case", "tests.toy:CASE")
SIGNS = st.characters(exclude_characters="=\0") | st.sampled_from("\x1b\x07\x9b\u202e\u2066\u200b\r\n\t\x85\u0301[/]$_")


def hidden(text: str) -> set[str]:
    return {ascii(sign) for sign in text if not (sign.isprintable() or sign in "\n\xa0")}


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    """Options that name an allocation and a worldview with hostile names and texts."""
    monkeypatch.chdir(tmp_path)
    fence = f"[{as_toml(NAME)}]\ndescription = {as_toml(NAME)}\nfence = 4.0\n[_low]\ndescription = 'x'\nfence = 3.5\n"
    Path("own.toml").write_text(fence, encoding="utf-8")
    view = f"v\x1b[31m\u202e\n{'.toml'}"
    Path(view).write_text(f"description = {as_toml(NAME)}\n", encoding="utf-8")
    Path("_view.toml").write_text("description = 'x'\n", encoding="utf-8")
    return "--allocations", "own.toml", "--worldview", view, "--draws", "150"


COMMANDS = [
    "run --to NAME --steps",
    "compare --also _view.toml --out x.svg",
    "curve --also _view.toml --out x.svg",
    "marginal --at NAME --also _view.toml --out x.svg",
    "channels --allocation NAME --out x.svg",
    "claims --deny --allocation NAME --out x.svg",
    "report --out x.md --allocation NAME --sections answer,limits",
    "report --out x.html --allocation NAME --sections answer,curve,claims,limits",
    "run --only NAME --json",
]


@pytest.mark.parametrize("words", COMMANDS)
def test_a_name_is_shown_and_steers_nothing(toc: Toc, own: tuple[str, ...], words: str) -> None:
    code, out, err = toc(*VILLAGE, *(NAME if word == "NAME" else word for word in words.split()), *own)
    assert (code, err) == (0, "")
    assert hidden(out) == set()
    for path in Path().glob("x.*"):
        written = path.read_text(encoding="utf-8")
        assert hidden(written) == set()
        assert "\\x1b" in written
    if "NAME" in words and not {"--json", "report"} & {*words.split()}:
        assert SHOWN in re.sub(r"\s+", "", out)
        assert "[red]x[/red]" in out


def test_names_that_begin_with_an_underscore_stay_in_legends(toc: Toc, own: tuple[str, ...]) -> None:
    toc(*VILLAGE, "marginal", "--also", "_view.toml", "--out", "x.svg", *own)
    assert "_view" in Path("x.svg").read_text(encoding="utf-8")


def printed(*words: str) -> str:
    """What a command prints to both streams."""
    with pytest.MonkeyPatch.context() as patch:
        both = TextIOWrapper(BytesIO(), encoding="utf-8", newline="\n")
        patch.setattr(sys, "argv", ["toc", *VILLAGE, *words])
        patch.setattr(sys, "stdout", both)
        patch.setattr(sys, "stderr", both)
        try:
            main()
        except SystemExit as stop:
            assert stop.code == 2  # noqa: PT017
        both.flush()
        content: bytes = both.buffer.getvalue()
    return content.decode("utf-8")


@settings(max_examples=25)
@given(st.text(SIGNS, min_size=1, max_size=20))
def test_no_name_of_a_move_steers_a_terminal(name: str) -> None:
    assert hidden(printed("run", "--draws", "20", "--worldview", "farmer", "--move", f"{name}=fence:4")) == set()


@pytest.mark.parametrize("name", ["\udcff", "a\udc80b"])
@pytest.mark.parametrize("words", ["run", "compare", "harm", "claims --deny"])
def test_a_name_that_is_no_utf8_is_refused(toc: Toc, name: str, words: str) -> None:
    assert_refused(toc(*VILLAGE, *words.split(), "--draws", "20", "--move", f"{name}=fence:4"), "allocation", "UTF-8")


OPTIONS = ["--worldview", "--allocations", "--only", "--to", "--override", "--set", "--priors", "--as-of", "--rival"]


@given(st.sampled_from([*OPTIONS, "--posterior", "--move", "--draws", "--fence", ""]), st.text(SIGNS, max_size=30))
def test_no_error_steers_a_terminal(option: str, text: str) -> None:
    said = printed("run", "--draws", "20", "--worldview", "farmer", *(part for part in (option, text) if part))
    assert hidden(said) == set()
    assert said.startswith("toc: ") is (said.count("\n") == 1)
