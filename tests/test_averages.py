"""Whatever is averaged over draws is averaged by their weights: one module does it, and no question does it by hand."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import toc_model

PACKAGE = Path(toc_model.__file__).parent
ROOMS = ("beliefs", "essay", "facade", "questions")
METHODS = frozenset({"mean", "std", "var", "median", "quantile"})
"""Of arrays, over all dims or over draws."""
FUNCTIONS = METHODS | {"average", "percentile", "cov", "corrcoef", "nanmean", "nanmedian", "nanstd", "nanquantile"}
"""Of NumPy."""
WITHOUT_DRAWS = ("questions/elicit/",)
"""Folders that know distributions and experts, and no draws."""
OTHER = frozenset({"averages", "decisions"})
"""Modules that take the weights of draws."""
ALLOWED = {
    "beliefs/distributions.py: np.mean(y - scale * z)": "over quantiles that were said",
    "beliefs/exporting.py: np.cov(np.stack(list(scores.values())), aweights=weights)": "by weights",
    "beliefs/exporting.py: np.quantile(z, 0.5, weights=shares, method='inverted_cdf')": "by weights",
    "beliefs/mixture.py: own.mean()": "of weights",
    "beliefs/camps.py: self.says.quantile((order + 0.5) / draws, unit)": "of what members say",
    "questions/disagree/__init__.py: prior.distribution.quantile(level)": "of a prior",
    "questions/report/limits.py: prior.distribution.quantile(level)": "of a prior",
    "questions/structure/__init__.py: np.std(means)": "over sets of rivals",
    "essay/external/published.py: np.median(stated)": "over forecasters",
}
"""What may be averaged by hand, and why."""


def _is_over_draws(call: ast.Call) -> bool:
    """Whether a call is a mean, quantile or spread of an array that might be over draws."""
    if not isinstance(call.func, ast.Attribute):
        return False
    of, name = call.func.value, call.func.attr
    if isinstance(of, ast.Name) and of.id in OTHER:
        return False
    if isinstance(of, ast.Name) and of.id == "np":
        return name in FUNCTIONS
    if name == "sum":
        return "draw" in _texts(call)
    return name in METHODS and (not (dims := _texts(call)) or "draw" in dims)


def _texts(call: ast.Call) -> set[str]:
    """Dims that a call names."""
    parts = [*call.args, *(one.value for one in call.keywords if one.arg == "dim")]
    inside = (node for part in parts for node in ast.walk(part) if isinstance(node, ast.Constant))
    return {node.value for node in inside if isinstance(node.value, str)}


def by_hand(source: str) -> Iterator[str]:
    """Averages over draws that some text makes itself."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and _is_over_draws(node):
            yield ast.unparse(node)


def _found() -> set[str]:
    modules = [path for room in ROOMS for path in sorted((PACKAGE / room).rglob("*.py"))]
    places = {path.relative_to(PACKAGE).as_posix(): path for path in modules}
    looked_at = {name: path for name, path in places.items() if not name.startswith(WITHOUT_DRAWS)}
    return {f"{name}: {call}" for name, path in looked_at.items() for call in by_hand(path.read_text())}


def test_no_question_averages_draws_by_hand() -> None:
    assert sorted(_found()) == sorted(ALLOWED)


@pytest.mark.parametrize(
    "text",
    [
        'x.mean("draw")',
        "float((x < y).mean())",
        "x.values.mean()",
        "np.quantile(x.values, 0.5)",
        "x.quantile([0.25, 0.75], 'draw')",
        'x.std("draw", ddof=1)',
        'x.mean(dim=["draw", "place"])',
        'x.sum("draw")',
        "np.average(x)",
        "x.median()",
    ],
)
def test_the_search_finds_averages_by_hand(text: str) -> None:
    assert list(by_hand(text))


@pytest.mark.parametrize("text", ["averages.mean(x)", 'x.mean("person")', 'x.sum("branch")', "mean(x)", "np.sum(x)"])
def test_the_search_leaves_other_averages_alone(text: str) -> None:
    assert not list(by_hand(text))
