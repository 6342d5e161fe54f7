"""The README shows what the commands print."""

from pathlib import Path

import pytest

from toc_model import STORY
from toc_model.present.graph.text import mermaid, outline

from .conftest import Golden, Toc

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("block", (ROOT / "README.md").read_text(encoding="utf-8").split("```\n$ toc ")[1:])
def test_commands_print_what_the_readme_shows(block: str, toc: Toc) -> None:
    """In the README three dots stand for what it leaves out."""
    command, _, shown = block.partition("\n")
    code, out, _ = toc(*command.split())
    assert code == 0
    first, *others = (part.strip("\n") for part in f"{shown.partition('\n```')[0]}\n".split("...\n"))
    assert out.startswith(first)
    left = out[len(first) :]
    for part in filter(None, others):
        _, found, left = left.partition(part)
        assert found == part
    assert not left.strip() or others[-1:] == [""]


README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLES = [block.partition("\n```")[0] for block in README.split("```python\n")[1:]]


def test_a_theory_of_ones_own_is_as_the_readme_shows_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    (village,) = (block for block in EXAMPLES if "village = Case(" in block)
    exec(village, {})  # noqa: S102
    out = capsys.readouterr().out
    shown = README.partition("$ toc --case tests.toy:CASE run\n")[2]
    plan = next(line for line in shown.splitlines() if line.strip().startswith("plan"))
    assert plan.split()[1:8] == next(line for line in out.splitlines() if line.strip().startswith("plan")).split()[1:8]
    assert "harvest" in out
    assert "P(doom)" not in out


def test_priors_changed_in_a_program_are_as_the_readme_shows_them(capsys: pytest.CaptureFixture[str]) -> None:
    (changed,) = (block for block in EXAMPLES if ".with_(" in block)
    exec(f"import toc_model as toc\n{changed}", {})  # noqa: S102
    out = " ".join(capsys.readouterr().out.split())
    assert "agi_year as lognormal with q05 3, q50 7, q95 20 (Shorter timelines)" in out


def test_the_law_that_the_readme_shows_is_that_of_the_village() -> None:
    (law,) = (block for block in EXAMPLES if "def harvest(" in block)
    assert law in (ROOT / "tests" / "toy" / "grain.py").read_text(encoding="utf-8")


def test_the_readme_has_the_two_commands_and_ci_runs_the_second() -> None:
    readme, ci = (ROOT / "README.md").read_text(encoding="utf-8"), (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    tests = "python3 -m pip install uv && python3 -m uv run --group dev pytest"
    assert "\npython3 -m pip install uv && python3 -m uv run toc run\n" in readme
    assert f"\n{tests}\n" in readme
    assert tests in ci.replace(" --quiet", "")


def test_the_graph_is_golden(golden: Golden) -> None:
    golden("graph.txt", outline(STORY))
    golden("graph.mmd", mermaid(STORY, "p_doom"))
