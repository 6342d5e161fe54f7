"""The pages show what the commands print."""

import re
from pathlib import Path

import pytest

from toc_model import STORY
from toc_model.present.graph.text import mermaid, outline

from .conftest import Golden, Toc
from .readme import PAGES, ROOT, blocks, page, shown_parts, transcripts

SLOW = ("claims", "compare", "marginal", "optimise", "structure", "voi")
"""Commands that take more than a second or two."""
SHOWN = [
    pytest.param(name, command, id=f"{name}: {command}", marks=[pytest.mark.slow] if command.startswith(SLOW) else [])
    for name in PAGES
    for command in transcripts(name)
]


@pytest.mark.parametrize(("name", "command"), SHOWN)
def test_commands_print_what_a_page_shows(name: str, command: str, toc: Toc) -> None:
    """Three dots stand for what a page leaves out."""
    code, out, err = toc(*command.split())
    assert (code, err) == (0, "")
    parts, before, after = shown_parts(transcripts(name)[command])
    assert parts
    assert before or out.startswith(parts[0])
    left = out
    for part in parts:
        _, found, left = left.partition(part)
        assert found == part
    assert after or not left.strip()


def test_parts_of_a_transcript_are_what_stands_between_dots() -> None:
    assert shown_parts("...\n\na\n\nb\n...\n c\n") == (["a\n\nb", " c"], True, False)
    assert shown_parts("a\n...\n") == (["a"], False, True)
    assert shown_parts("a ...\n") == (["a ..."], False, False)


def test_a_page_has_its_transcripts() -> None:
    assert [len(transcripts(name)) for name in PAGES] == [2, 13]
    for name in PAGES:
        assert len(transcripts(name)) == sum("$ toc " in block.text for block in blocks(name, "")), "none twice"


def test_the_law_that_the_readme_shows_is_that_of_the_village() -> None:
    (shown,) = (block.text for block in blocks("README.md", "python") if "def harvest(" in block.text)
    law = shown[shown.index("@outcome") :]
    assert law in (ROOT / "tests" / "toy" / "grain.py").read_text(encoding="utf-8")


def test_documents_that_the_readme_shows_are_read(toc: Toc, tmp_path: Path) -> None:
    correlations, allocations = (block.text for block in blocks("README.md", "toml"))
    (tmp_path / "allocations.toml").write_text(allocations, encoding="utf-8")
    (tmp_path / "mine.toml").write_text(f'description = "Mine."\nbased_on = "base"\n{correlations}', encoding="utf-8")
    asked = ["run", "--draws", 50, "--allocations", tmp_path / "allocations.toml", "--only", "recommended"]
    assert toc(*asked)[0::2] == (0, "")
    assert toc("worldviews", "check", tmp_path / "mine.toml")[0::2] == (0, "")


def test_pictures_and_links_of_the_pages_are_there() -> None:
    for name in PAGES:
        for part in page(name).split("](")[1:]:
            place = part.partition(")")[0].partition("#")[0]
            assert ((ROOT / name).parent / place).exists(), place


def test_results_name_every_analysis() -> None:
    named = re.findall(r"`(\w+\.(?:py|ipynb))`", page("analyses/README.md").partition("\n## ")[0])
    analyses = ROOT / "analyses"
    assert sorted(set(named)) == sorted(path.name for path in (*analyses.glob("*.py"), *analyses.glob("*.ipynb")))


def test_the_picture_of_the_page_is_small() -> None:
    assert (ROOT / "analyses" / "explore.png").stat().st_size < 200_000


def test_the_graph_is_golden(golden: Golden) -> None:
    golden("graph.txt", outline(STORY))
    golden("graph.mmd", mermaid(STORY, "p_doom"))
