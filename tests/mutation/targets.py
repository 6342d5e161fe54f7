"""What is mutated, by which tests it should be noticed, and which mutants no test could tell from the code."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from tests.mutation.mutants import Mutant, mutants

ROOT = Path(__file__).parents[2]
EQUIVALENTS = Path(__file__).with_name("equivalents.toml")


@dataclass(frozen=True, slots=True)
class Target:
    """Modules, and the fast tests that should notice a change of them, the quickest first.

    Both are patterns from the root of the project.
    """

    modules: tuple[str, ...]
    tests: tuple[str, ...]

    def paths(self) -> list[Path]:
        """The modules."""
        return _matching(self.modules)

    def tested_by(self) -> list[str]:
        """The tests, from the root of the project."""
        return [str(path.relative_to(ROOT)) for path in _matching(self.tests)]


def _matching(patterns: tuple[str, ...]) -> list[Path]:
    return [path for pattern in patterns for path in sorted(ROOT.glob(pattern)) if path.name != "__init__.py"]


TARGETS = {
    "laws": Target(("toc_model/engine/laws.py",), ("tests/engine/test_laws*.py",)),
    "interventions": Target(("toc_model/engine/interventions.py",), ("tests/engine/*.py", "tests/essay/*.py")),
    "grants": Target(
        ("toc_model/engine/combined.py", "toc_model/statistics/signs.py"),
        ("tests/engine/test_combined.py", "tests/statistics/test_signs.py"),
    ),
    "kinds": Target(
        ("toc_model/survey/kinds/*.py",),
        ("tests/survey/kinds/test_*.py", "tests/survey/**/test_long_format.py", "tests/survey/**/test_mapping.py"),
    ),
    "decisions": Target(("toc_model/statistics/decisions.py",), ("tests/statistics/test_decisions.py",)),
    "cost_effectiveness": Target(
        ("toc_model/statistics/cost_effectiveness.py",), ("tests/statistics/test_cost_effectiveness.py",)
    ),
    "sampling": Target(("toc_model/statistics/sampling.py",), ("tests/statistics/test_sampling.py",)),
    "boxes": Target(("toc_model/statistics/boxes/*.py",), ("tests/statistics/test_boxes.py",)),
    "optimise": Target(
        ("toc_model/statistics/optimise.py", "toc_model/statistics/near_optimal.py", "toc_model/statistics/region.py"),
        ("tests/statistics/test_optimise.py", "tests/statistics/test_near_optimal.py", "tests/statistics/test_s*.py"),
    ),
    "smoothing": Target(
        ("toc_model/statistics/regression/*.py",), ("tests/statistics/test_regression.py",)
    ),
    "sweep": Target(
        (
            "toc_model/beliefs/sets.py",
            "toc_model/questions/sweep/grid.py",
            "toc_model/questions/sweep/plan.py",
            "toc_model/questions/sweep/summary.py",
            "toc_model/questions/sweep/work.py",
        ),
        ("tests/questions/sweep/test_grid.py", "tests/questions/sweep/test_sweep.py"),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Placed(Mutant):
    """A mutant of one of a target's modules."""

    module: str = ""

    @property
    def name(self) -> str:
        """Its module's name, where it is, and what becomes of it."""
        return f"{Path(self.module).stem}.{Mutant.name.__get__(self)}"


def every_mutant(target: Target) -> list[Placed]:
    """All mutants of a target's modules, equivalent ones included."""
    return [
        Placed(one.kind, one.where, one.before, one.after, one.nth, str(path.relative_to(ROOT)))
        for path in target.paths()
        for one in mutants(path.read_text(encoding="utf-8"))
    ]


def equivalents(target: str) -> dict[str, str]:
    """Why a mutant is left out, by its name."""
    listed = tomllib.loads(EQUIVALENTS.read_text(encoding="utf-8")).get(target, [])
    return {name: entry["why"] for entry in listed for name in entry["mutants"]}
