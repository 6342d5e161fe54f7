"""No figure over draws is taken without their weights."""

import ast
from collections.abc import Iterator
from pathlib import Path

import toc_model.statistics

ROOM = Path(toc_model.statistics.__file__).parent
OWN = {"averages"}
"""Modules that are the rule itself."""
WITHOUT_DRAWS = ("elicitation", "pooling")
"""Rooms that take judgements of experts, which are no draws and have weights of their own."""
PLAIN = {"mean", "average", "median", "std", "var", "cov", "corrcoef", "quantile", "percentile", "nanmean"}
WEIGHING = {"averages", "design", "fit", "self"}
"""What has methods of these names that count draws by their weights."""

ALLOWED = {
    "what a figure may differ by and be the same: a size, no estimate": {
        "cost_effectiveness:statuses",
        "draws:difference",
        "draws:nearly_nil",
        "draws:rounding",
        "firsts:first_shares",
        "near_optimal:holds",
        "resamples:_statewise",
        "resamples:dominates",
        "resamples:on_frontier",
    },
    "over resamples, shifts, shuffles, studies, starts or sizes, which count alike": {
        "boxes/firmness:_varied",
        "boxes/firmness:firmness",
        "boxes/firmness:usual",
        "cost_effectiveness:frontier_shares",
        "firsts:first_shares",
        "information/floor:noise_floor",
        "information/gap:_gap",
        "information/nested:evppi_nested",
        "information/sample:_of_other_studies",
        "information/sample:_shares",
        "information/sample:evsi_moment_matching",
        "optimise:size_of",
        "region:centre",
        "resamples:dominance_shares",
        "resamples:frontier_shares",
        "sampling:enbs",
        "sensitivity/power:by_chance",
    },
    "of what draws add, weights and all": {
        "near_optimal:_standard_error",
        "optimise:pull",
        "sensitivity/given_data:error_of",
        "standard_errors:_beside_part",
        "standard_errors:_of_chains",
        "standard_errors:left",
        "standard_errors:_unsure",
        "standard_errors:error",
    },
    "of draws that are refused where they have weights": {
        "information/nested:_means",
        "sensitivity/sobol:saltelli_indices",
    },
    "of all places, which are as many in each draw": {"verdicts:_share"},
    "with the weights as an argument": {"information/sample:_drawn_together"},
    "of draws that count alike; with weights another function is taken": {"regression/scores:normal_scores"},
    "where a spline may bend, of places that differ": {"regression/bases:spline_basis"},
}
"""By reason, functions (``module:function``) that take a mean or the like of something else than draws."""


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    for found in ast.walk(tree):
        if isinstance(found, ast.FunctionDef):
            yield found


def is_bare(call: ast.Call) -> bool:
    """Whether a call takes a mean or the like of an array, by method or by NumPy, and knows no weights."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in PLAIN:
        return False
    of = call.func.value
    name = of.id if isinstance(of, ast.Name) else of.attr if isinstance(of, ast.Attribute) else ""
    return name not in WEIGHING


def bare(source: str) -> set[str]:
    """Functions that do so; what stands outside of any is called by its own line."""
    tree = ast.parse(source)
    found = {one.name: [call for call in ast.walk(one) if isinstance(call, ast.Call)] for one in functions(tree)}
    inside = {id(call) for calls in found.values() for call in calls}
    outside = [call for call in ast.walk(tree) if isinstance(call, ast.Call) and id(call) not in inside]
    names = {name for name, calls in found.items() if any(map(is_bare, calls))}
    return names | {ast.unparse(call) for call in outside if is_bare(call)}


def test_no_figure_over_draws_is_taken_without_their_weights() -> None:
    found = set()
    for path in ROOM.rglob("*.py"):
        module = path.relative_to(ROOM).with_suffix("").as_posix()
        if module not in OWN and not module.startswith(WITHOUT_DRAWS):
            found |= {f"{module}:{name}" for name in bare(path.read_text(encoding="utf-8"))}
    assert found == set().union(*ALLOWED.values())


def test_the_search_for_them_finds_them() -> None:
    assert bare('def f(x):\n    return x.mean("draw")') == {"f"}
    assert bare("def f(x):\n    return np.quantile(x, 0.5)") == {"f"}
    assert bare("def f(x):\n    return (x - 1).std(axis=0)") == {"f"}
    assert bare("import numpy as np\nX = np.cov(y)") == {"np.cov(y)"}
    assert bare("def f(x):\n    return averages.mean(x) + self.design.mean(x)") == set()
    assert {"mean", "variance"} <= bare((ROOM / "averages.py").read_text(encoding="utf-8"))
