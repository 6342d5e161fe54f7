"""All that the facade gives says what it is on one line, and in a notebook, and as a table; with no exception."""

import dataclasses
import inspect
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
import pytest

import toc_model as toc
from tests.drawn import faults
from tests.toy.tour import asked
from toc_model.brief import MOST, Brief, part_of, small_table
from toc_model.errors import InputError
from toc_model.facade import elicit
from toc_model.present.result import Result

NO_RESULT = {
    "InputError": "what went wrong",
    "cut": "overrides, which are texts",
    "do": "overrides, which are texts",
    "elicit": "a module, whose functions are asked one by one",
    "evaluate": "arrays of xarray",
    "import_survey": "a table of pandas",
    "keeping": "a folder of pieces, while work goes on",
    "load_case": "a case, see Case",
    "pin": "overrides, which are texts",
    "workers": "nothing; work is done by others meanwhile",
    "elicit.answers": "a table of pandas",
    "elicit.weights": "the scores of a panel with seeds, see its own tests",
}
"""Names of the facade that the tour leaves out, each with what it gives."""
NO_PICTURE = {
    "optimise", "rerun", "check_claims", "explore", "structure", "sensitivity.flip", "sensitivity.sobol",
    "sensitivity.given-data", "priors.priors", "priors.check", "elicit.fit", "elicit.pool", "elicit.worldview",
    "update.sweep",
}  # fmt: skip
"""Answers that are tables and nothing else."""
FREE = {"graph.graph"}
"""Pictures that are larger than a column, to be looked at a part at a time."""
TABLED = ("beliefs", "allocations", "Case", "ESSAY", "Beliefs")
RESULTS = (
    "run", "Run", "load", "compare", "curve", "optimise", "marginal", "voi", "voi.several", "sweep", "sweep.two",
    "worldviews", "channels", "sensitivity", "sensitivity.flip", "sensitivity.sobol", "sensitivity.given-data",
    "claims", "disagree", "report", "explore", "structure", "harm", "harm.none", "grant", "check_claims", "rerun",
    "graph.graph", "priors.priors", "priors.prior", "priors.check", "elicit.fit", "elicit.feedback", "elicit.pool",
    "elicit.worldview", "update", "update.sweep",
)  # fmt: skip
LONGEST = 300


def public(module: Any) -> list[str]:
    return [
        name
        for name, found in vars(module).items()
        if inspect.isfunction(found) and found.__module__ == module.__name__ and not name.startswith("_")
    ]


def test_everything_is_on_the_tour() -> None:
    names = {*toc.__all__, *(f"elicit.{name}" for name in public(elicit))}
    assert names - set(asked()) == set(NO_RESULT)
    results = {name for name, found in asked().items() if isinstance(found, Result)}
    assert results == set(RESULTS)


def ours(value: Any) -> bool:
    return type(value).__module__.startswith(("toc_model", "tests.toy")) and not inspect.isroutine(value)


def parts(value: Any) -> Iterator[Any]:
    """What a thing of ours, or a collection, holds."""
    if isinstance(value, Mapping):
        yield from value.values()
    elif isinstance(value, list | tuple | set | frozenset):
        yield from value
    elif ours(value) and not isinstance(value, type):
        names = [one.name for one in dataclasses.fields(value)] if dataclasses.is_dataclass(value) else []
        kind = type(value)
        names += [name for name in dir(kind) if isinstance(inspect.getattr_static(kind, name), property)]
        names = [name for name in names if not name.startswith("_")]
        for name in names:
            try:
                yield getattr(value, name)
            except (InputError, KeyError):  # what a thing of its kind has not
                continue


def walked(value: Any, seen: dict[int, Any]) -> Iterator[Any]:
    """All things of ours that can be reached, each once."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen[id(one)] = one
        if ours(one):
            yield one
        waiting += list(parts(one))


def test_whatever_can_be_reached_says_itself_on_a_short_line() -> None:
    seen: dict[int, Any] = {}
    long = {
        type(one).__qualname__: len(repr(one))
        for found in asked().values()
        for one in walked(found, seen)
        if len(repr(one)) >= LONGEST or "\n" in repr(one)
    }
    assert long == {}
    assert len(seen) > 1000


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_is_a_line_a_page_and_a_table(name: str) -> None:
    found = asked()[name]
    assert repr(found).startswith(f"<{type(found).__name__}")
    assert len(repr(found)) <= MOST
    assert found._repr_html_().lstrip().startswith("<")
    json.dumps(found.to_dict(), allow_nan=False)
    table = found.to_dataframe()
    assert isinstance(table, pd.DataFrame)
    assert len(table) > 0 or name == "rerun"
    assert not [cell for cell in table.to_numpy().ravel() if isinstance(cell, dict | list | tuple | set)]
    assert None not in table.index.names
    assert all(isinstance(column, str) and column for column in table.columns)
    assert table.index.is_unique


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_has_a_picture_or_says_that_it_has_none(name: str) -> None:
    found = asked()[name]
    if name in NO_PICTURE:
        with pytest.raises(InputError, match=r"picture"):
            found.plot()
        return
    figure = found.plot()
    assert figure.axes
    assert name in FREE or faults(figure) == []


@pytest.mark.parametrize("name", TABLED)
def test_what_is_asked_with_is_a_small_table_in_a_notebook(name: str) -> None:
    found = asked()[name]
    assert len(repr(found)) <= MOST
    assert 2 <= found._repr_html_().count("<tr>") < 20


def test_draws_are_a_table_with_a_column_a_place() -> None:
    beliefs = asked()["beliefs"]
    table = beliefs.to_dataframe()
    assert table.index.name == "draw"
    assert list(table) == list(beliefs.story.entries)
    dim = beliefs.parameters["watch_gain"].dims[-1]
    gain = beliefs.parameters["watch_gain"].sel({dim: "valley"})
    assert (table["watch_gain[valley]"].to_numpy() == gain.values).all()


def test_allocations_are_a_table_with_a_column_a_variable() -> None:
    table = asked()["allocations"].to_dataframe()
    assert table.index.name == "allocation"
    assert table.loc["plan", "fence"] == 6.0
    assert table.loc["plan", "watch.valley"] == 0.8


@dataclasses.dataclass(frozen=True, repr=False)
class Held(Brief):
    text: str
    numbers: tuple[int, ...] = ()
    last: float = 0.5


def test_long_things_are_told_by_their_kind_and_size() -> None:
    assert repr(Held("word", (1, 2))) == "Held(text='word', numbers=<2 in tuple>, last=0.5)"
    assert repr(Held("word" * 50)) == "Held(text='wordwordwordwordwordwordw'..., numbers=(), last=0.5)"
    assert len(repr(Held("x" * 28, tuple(range(99))))) <= MOST
    assert part_of(asked()["beliefs"].parameters["toil"]) == "<DataArray draw 242>"
    assert part_of(asked()["beliefs"]) == "<Beliefs>"


def test_a_small_table_holds_no_markup_of_others() -> None:
    assert "<script" not in small_table("<script>", ("<b>", "x"), [("<script>", "\u202eevil")])
    assert "\\u202eevil" in small_table("a", ("", ""), [("b", "\u202eevil")])
