"""The README shows what the commands print."""

from pathlib import Path

import pytest

from toc_model import STORY
from toc_model.present.graph.text import mermaid, outline

from .conftest import Golden, Toc

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("block", (ROOT / "README.md").read_text(encoding="utf-8").split("```\n$ toc ")[1:])
def test_commands_print_what_the_readme_shows(block: str, toc: Toc) -> None:
    command, _, shown = block.partition("\n")
    code, out, _ = toc(*command.split())
    assert code == 0
    assert out.rstrip() == shown.partition("\n```")[0].rstrip()


def test_the_readme_has_the_two_commands_and_ci_runs_the_second() -> None:
    readme, ci = (ROOT / "README.md").read_text(encoding="utf-8"), (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    tests = "python3 -m pip install uv && python3 -m uv run pytest"
    assert "\npython3 -m pip install uv && python3 -m uv run toc run\n" in readme
    assert f"\n{tests}\n" in readme
    assert tests in ci.replace(" --quiet", "")


def test_the_graph_is_golden(golden: Golden) -> None:
    golden("graph.txt", outline(STORY))
    golden("graph.mmd", mermaid(STORY))
