"""How the package is laid out, and that it stays so."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import toc_model
from tests.names import COMMON, NAMES, essay_words
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
    learning = [f"survey.learning.{name}" for name in ("model", "observation", "refit", "sampling")]
    parts = {(f"toc_model.{name}", False) for name in ("beliefs.pymc_model", "beliefs.random_variables", *learning)}
    assert ("toc_model.beliefs.pymc_model", False) in importers("pymc") <= parts
    engine = {("laws", True), ("compiled", True), ("sloped", False)}
    assert importers("pytensor") <= {*parts, *((f"toc_model.engine.{name}", late) for name, late in engine)}
    assert importers("toc_model.engine.sloped") == {("toc_model.engine.scores", True)}
    assert all((module, False) in parts for name, _ in parts for module, late in importers(name) if not late)


LATE = {
    "toc_model.essay.case": "external checks are asked for by few",
    "toc_model.survey.learning.sampled": "opens PyMC",
    "toc_model.engine.scores": "opens PyTensor",
}
"""Modules that import a room of the house inside a function, each with the reason."""


def test_rooms_are_imported_where_everybody_sees_it() -> None:
    assert {found.by for found in IMPORTS if found.late and found.of.startswith("toc_model.")} == set(LATE)


def test_no_module_is_longer_than_350_lines() -> None:
    lengths = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in MODULES.items()}
    assert {name: length for name, length in lengths.items() if length > 350} == {}


ARRAYS = {"toc_model.aliases", "toc_model.brief", "toc_model.errors", "toc_model.labels", "toc_model.statistics"}
"""What knows nothing but arrays and their labels."""


@pytest.mark.parametrize("module", ["decisions", "near_optimal", "optimise"])
def test_decisions_need_only_arrays(module: str) -> None:
    found = [found.of for found in IMPORTS if found.by == f"toc_model.statistics.{module}"]
    own = {name.rpartition(".")[0] for name in found if name.startswith("toc_model.")}
    assert {".".join(name.split(".")[:2]) for name in own} <= ARRAYS
    packages = {name.split(".")[0] for name in found} - {"toc_model"}
    assert packages <= {"numpy", "scipy", "xarray", "collections", "dataclasses", "math", "typing"}


def test_information_needs_only_arrays() -> None:
    packages = {found.of for found in IMPORTS if found.by.startswith("toc_model.statistics.information")}
    own = {found for found in packages if found.startswith("toc_model.")}
    assert {".".join(found.split(".")[:2]) for found in own} <= ARRAYS
    assert not {found.split(".")[0] for found in packages - own} & {"pymc", "arviz", "pytensor", "pandas", "sklearn"}


# What only the essay may name ---------------------------------------------------------------------------------------

ESSAY_ALONE = ("toc_model.essay", "toc_model.cli", "toc_model.facade", "toc_model.__init__")
"""Where the essay is known: its own folder, the command, and the facade, which is about it by default."""
ELSEWHERE = [name for name in MODULES if not name.startswith(ESSAY_ALONE)]
TEMPLATES = {path.name: path for path in (PACKAGE / "present" / "templates").iterdir()}


def texts_of(path: Path) -> Iterator[str]:
    """Texts and identifiers of a module, one by one."""
    for found in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(found, ast.Constant) and isinstance(found.value, str):
            yield found.value
        for field in ("id", "attr", "arg", "name"):
            if isinstance(word := getattr(found, field, None), str):
                yield from (f"{part} " for part in word.split("."))


ALLOWED = {
    "engine.case": {"status_quo": "a field of Case, by its name"},
    "questions.marginal.command": {"fte": "a second name of `--unit-cost`, in the unit of one case's effort"},
    "questions.voi.command": {"fte": "an older name of the option `--worth`, kept for those who have it in scripts"},
    "questions.report.__init__": {
        "status_quo": "a variable of the page and a key of its figures, whose value the case says"
    },
    "questions.survey.validation_words": {"outside": "the verdict that an observation lies outside an interval"},
}
"""Words of a module that are no names there, each with what it is."""
ALLOWED_IN = {
    "survey.panel.": {"panel": "a panel of experts", "pool": "of what they believe"},
    "questions.elicit.": {"panel": "a panel of experts", "pool": "of what they believe"},
}
"""The same for all modules of a folder."""


def named_in(path: Path) -> list[str]:
    found = {word for text in texts_of(path) for word in essay_words(text)}
    name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
    of_module = [words for module, words in ALLOWED.items() if name.endswith(module)]
    of_folder = [words for folder, words in ALLOWED_IN.items() if name.startswith(folder)]
    return sorted(found.difference(*of_module, *of_folder))


def test_words_that_may_mean_something_else_are_names() -> None:
    assert set(COMMON) <= NAMES


@pytest.mark.parametrize("module", ELSEWHERE)
def test_nothing_outside_the_essay_names_its_things(module: str) -> None:
    assert named_in(MODULES[module]) == []


@pytest.mark.parametrize("template", TEMPLATES)
def test_no_template_names_its_things(template: str) -> None:
    assert essay_words(TEMPLATES[template].read_text(encoding="utf-8")) == []


def test_nothing_outside_the_essay_imports_it() -> None:
    wrong = [found for found in IMPORTS if found.of.startswith("toc_model.essay") and found.by in ELSEWHERE]
    assert wrong == []


def test_the_search_for_names_finds_them() -> None:
    own = {module: named_in(MODULES[f"toc_model.essay.{module}"]) for module in ("doom", "channels", "case")}
    assert {"p_doom", "overtaken", "doom_by_leader"} <= set(own["doom"])
    assert {"agi_arrival", "pause_length"} <= set(own["channels"])
    assert {"P(doom)", "micro-doom", "recommended", "outside", "neutral"} <= set(own["case"])
