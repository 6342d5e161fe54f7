"""How the package is laid out, and that it stays so."""

import ast
from dataclasses import dataclass
from pathlib import Path

import toc_model
from toc_model import STORY


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
    order = ["dimensions", "levers", *(chapter.name for chapter in STORY.chapters)]
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


def test_statistics_need_only_arrays() -> None:
    found = {one.of for one in IMPORTS if one.by.startswith("toc_model.statistics")}
    own = {name for name in found if name.startswith("toc_model.")}
    assert {name.split(".")[1] for name in own} == {"aliases", "errors", "statistics"}
    outside = {(one.by, one.of.split(".")[0]) for one in IMPORTS if one.by.startswith("toc_model.statistics")}
    assert not {name for _, name in outside} & {"pymc", "pytensor", "sklearn"}
    simple = {
        name
        for by, name in outside
        if by.rpartition(".")[2] in ("aligned", "decisions", "near_optimal", "optimise", "shapley")
    }
    assert simple <= {
        "toc_model",
        "numpy",
        "scipy",
        "pandas",
        "xarray",
        "collections",
        "dataclasses",
        "itertools",
        "math",
        "typing",
    }
