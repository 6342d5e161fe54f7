"""Five questions that a reader has first, one command each."""

import shlex
from pathlib import Path

import pytest

from .conftest import Toc

README = Path(__file__).parents[1] / "README.md"
QUESTIONS = {
    "Only 30 %?": ("toc run --researchers 30", "“asked” is researchers 30 %"),
    "AGI in 2031?": ("toc run --set agi_year=2031", "as 8.6 (2031)"),
    "I disagree with one number": ("toc run --set aligned_by_default=5%..30%", "q05 0.05, q50 "),
    "My own worldview": ("toc run --worldview mine.toml", "worldview 'mine' as of late 2022"),
    "Mine against the essay's": ("toc disagree mine.toml essay", "From mine to essay as of late 2022, P(doom)"),
}
"""The command that answers, and what the answer says among its first words."""
FIRST = "toc worldviews new mine"
"""Writes the document that two of them are about."""


@pytest.fixture
def mine(toc: Toc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    assert toc(*FIRST.split()[1:])[0] == 0
    document = tmp_path / "mine.toml"
    text = document.read_text(encoding="utf-8")
    document.write_text(
        f'{text}\n[parameters.agi_year]\nquantiles = {{ q05 = 3, q50 = 7, q95 = 20 }}\nreason = "Mine."\n',
        encoding="utf-8",
    )
    return document


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.usefixtures("mine")
def test_one_command_answers(question: str, toc: Toc) -> None:
    command, said = QUESTIONS[question]
    code, out, err = toc(*shlex.split(command)[1:], "--draws", 100)
    assert (code, err) == (0, "")
    assert said in " ".join(out.split())[:800]


def test_the_readme_has_these_commands_and_no_others() -> None:
    """Each on a line with its question as a comment, once the README has them."""
    shown = {}
    for line in README.read_text(encoding="utf-8").splitlines():
        command, _, question = (part.strip() for part in line.partition("#"))
        if question in QUESTIONS:
            shown[question] = command
    assert shown in ({}, {question: f"uv run {command}" for question, (command, _) in QUESTIONS.items()})
