"""How the package is laid out, and that it stays so."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import toc_model
from toc_model.essay.case import ESSAY


@dataclass(frozen=True, slots=True)
class Import:
    """``of`` is imported by ``by``; ``late`` where that happens inside a function."""

    by: str
    of: str
    late: bool


PACKAGE = Path(toc_model.__file__).parent
MODULES = {".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts): path for path in PACKAGE.rglob("*.py")}


def imports_of(module: str, path: Path) -> list[Import]:
    found: list[Import] = []

    def visit(tree: ast.AST, late: bool) -> None:
        for child in ast.iter_child_nodes(tree):
            if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
                continue
            if isinstance(child, ast.Import):
                found.extend(Import(module, alias.name, late) for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                assert child.level == 0, f"{module}: relative import"
                found.extend(Import(module, f"{child.module}.{alias.name}", late) for alias in child.names)
            visit(child, late or isinstance(child, ast.FunctionDef))

    visit(ast.parse(path.read_text(encoding="utf-8")), late=False)
    return found


IMPORTS = [found for module, path in MODULES.items() for found in imports_of(module, path)]


def test_chapters_build_on_earlier_chapters_alone() -> None:
    order = ["dimensions", "levers", *(chapter.name for chapter in ESSAY.story.chapters)]
    chapters = {f"toc_model.essay.{name}": place for place, name in enumerate(order)}
    wrong = [
        found
        for found in IMPORTS
        if found.by in chapters and chapters.get(found.of.rpartition(".")[0], -1) >= chapters[found.by]
    ]
    assert wrong == []


def importers(package: str) -> set[tuple[str, bool]]:
    return {(found.by, found.late) for found in IMPORTS if f"{found.of}.".startswith(f"{package}.")}


def test_only_two_places_open_pymc() -> None:
    parts = {
        (f"toc_model.{name}", False)
        for name in ("beliefs.pymc_model", "beliefs.random_variables", "survey.learning.observation")
    }
    assert ("toc_model.beliefs.pymc_model", False) in importers("pymc") <= parts
    assert importers("pytensor") <= {*parts, ("toc_model.engine.laws", True), ("toc_model.engine.compiled", True)}
    assert all((module, False) in parts for name, _ in parts for module, late in importers(name) if not late)


@pytest.mark.parametrize("module", ["decisions", "optimise"])
def test_decisions_need_only_arrays(module: str) -> None:
    found = [found.of for found in IMPORTS if found.by == f"toc_model.statistics.{module}"]
    own = {name.rpartition(".")[0] for name in found if name.startswith("toc_model.")}
    assert own <= {"toc_model.errors", "toc_model.beliefs.distributions"}
    packages = {name.split(".")[0] for name in found} - {"toc_model"}
    assert packages <= {"numpy", "scipy", "xarray", "collections", "dataclasses", "math", "typing"}


def test_information_needs_only_arrays() -> None:
    packages = {found.of for found in IMPORTS if found.by.startswith("toc_model.statistics.information")}
    own = {found for found in packages if found.startswith("toc_model.")}
    assert {".".join(found.split(".")[:2]) for found in own} == {"toc_model.errors", "toc_model.statistics.information"}
    assert not {found.split(".")[0] for found in packages - own} & {"pymc", "arviz", "pytensor", "pandas", "sklearn"}


# What only the essay may name ---------------------------------------------------------------------------------------

STORY = ESSAY.story
NAMES = {
    *STORY.dims,
    *STORY.dimensions,
    *(place for places in STORY.dimensions.values() for place in places),
    *(chapter.name for chapter in STORY.chapters),
    *(channel.name for channel in ESSAY.channels),
    *(lever.prefix or lever.name for lever in STORY.levers.values()),
    *ESSAY.targets,
    *ESSAY.worldviews,
    *ESSAY.objective.parts,
    *(step.__name__ for step in ESSAY.steps if hasattr(step, "__name__")),
    ESSAY.proposal,
    ESSAY.status_quo,
}
"""Everything that the essay's case names."""
LABELS = re.compile(r"P\(doom\)|micro-?doom|dooms?\b|catastroph|\bFTE\b|\bAGI\b|buy(s|ing)? time|Figure 1\b", re.IGNORECASE)
"""How people call its things."""
COMMON = {
    "adoption": "adopting anything",
    "alignment": "of labels, or of a table's cells",
    "branch": "of a graph or a formula",
    "complementarity": "an argument of the shape `both_needed`, which any story may use",
    "coordination": "of anything",
    "evaluations": "of a story",
    "insight": "into anything",
    "intervention": "on a story: do, pin or cut",
    "lead": "to lead somewhere",
    "mix": "to mix worldviews",
    "neutral": "a colour",
    "outside": "bounds, a folder or a figure",
    "pace": "of anything",
    "pool": "of threads or sources",
    "race": "of threads",
    "reach": "to reach a node along arrows",
    "research": "as in: further research",
    "response": "of an outcome to an input, or a respondent's",
    "safe": "to do",
    "severity": "of anything",
    "solved": "an equation",
    "status_quo": "what a case calls its own: `case.status_quo`",
    "talent": "of anybody",
}
"""Names that are words as well, by what they may mean elsewhere: there only a literal that is nothing else is one."""
ESSAY_ALONE = ("toc_model.essay", "toc_model.cli")
"""Where the essay is known."""


def test_words_that_may_mean_something_else_are_names() -> None:
    assert set(COMMON) <= NAMES


def words_of(path: Path) -> Iterator[tuple[str, bool]]:
    """Words of a module's code and texts, and whether a text is made of one word alone; labels as they stand."""
    for found in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(found, ast.Constant) and isinstance(found.value, str):
            yield from ((word, word == found.value) for word in re.findall(r"[A-Za-z_]\w*", found.value))
            yield from ((label[0], False) for label in LABELS.finditer(found.value))
        for field in ("id", "attr", "arg", "name"):
            if isinstance(word := getattr(found, field, None), str):
                yield from ((part, False) for part in word.split("."))
                yield from ((word, False) for _ in LABELS.finditer(word.replace("_", " ")))


TEMPLATES = {path.name: path for path in (PACKAGE / "present" / "templates").iterdir()}


def named_in(path: Path) -> list[str]:
    found = {word for word, alone in words_of(path) if word in NAMES and (alone or word not in COMMON)}
    return sorted(found | {word for word, _ in words_of(path) if LABELS.search(word.replace("_", " "))})


ELSEWHERE = [name for name in MODULES if not name.startswith(ESSAY_ALONE)]


@pytest.mark.parametrize("module", ELSEWHERE)
def test_nothing_outside_the_essay_names_its_things(module: str) -> None:
    assert named_in(MODULES[module]) == []


@pytest.mark.parametrize("template", TEMPLATES)
def test_no_template_names_its_things(template: str) -> None:
    text = TEMPLATES[template].read_text(encoding="utf-8")
    assert sorted({word for word in re.findall(r"[A-Za-z_]\w*", text) if word in NAMES and word not in COMMON}) == []
    assert [label[0] for label in LABELS.finditer(text)] == []


def test_nothing_outside_the_essay_imports_it() -> None:
    wrong = [found for found in IMPORTS if found.of.startswith("toc_model.essay") and found.by in ELSEWHERE]
    assert wrong == []


def test_the_search_for_names_finds_them() -> None:
    own = {module: named_in(MODULES[f"toc_model.essay.{module}"]) for module in ("doom", "channels", "case")}
    assert {"p_doom", "overtaken", "doom_by_leader"} <= set(own["doom"])
    assert {"agi_arrival", "pause_length"} <= set(own["channels"])
    assert {"P(doom)", "micro-doom", "recommended", "outside", "neutral"} <= set(own["case"])
