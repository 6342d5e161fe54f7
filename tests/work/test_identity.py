"""What a task is: digests of contents, the same everywhere, and others where anything is other."""

import math
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import partial
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from tests.shipped import DOCUMENTS
from tests.survey.surveys import asked_of_every_kind
from tests.toy.case import CASE as TOY
from toc_model.beliefs.loading import load_beliefs
from toc_model.beliefs.shipped import Documents
from toc_model.essay.case import ESSAY
from toc_model.questions.report.material import material_of
from toc_model.work import identity
from toc_model.work.identity import fingerprint

single = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.dates()
contents = st.recursive(
    single,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=2), inner, max_size=3)
        | st.frozensets(single, max_size=2)
    ),
    max_leaves=8,
)


def told(thing: Any) -> str:
    """All that is in a thing, in words; sets in an order of their own."""
    if isinstance(thing, frozenset):
        return f"set({sorted(map(told, thing))})"
    if isinstance(thing, dict):
        return f"dict({[(key, told(value)) for key, value in thing.items()]})"
    if isinstance(thing, list | tuple):
        return f"{type(thing).__name__}({[told(one) for one in thing]})"
    return repr(thing)


@given(contents, contents)
def test_contents_have_the_same_digest_where_they_are_the_same_and_only_there(one: Any, other: Any) -> None:
    assert (fingerprint(one) == fingerprint(other)) == (told(one) == told(other))


@given(st.lists(contents, min_size=1, max_size=3), st.lists(contents, max_size=2))
def test_what_stands_within_is_not_what_stands_behind(inner: list[Any], behind: list[Any]) -> None:
    assert fingerprint([inner, *behind]) != fingerprint([inner[:-1], inner[-1], *behind])


def test_known_confusions_are_told_apart() -> None:
    things: list[Any] = [
        ["ab"],
        ["a", "b"],
        [["a"], "b"],
        [["a", "b"]],
        "ab",
        b"ab",
        ("a", "b"),
        {"a": "b"},
        {"a", "b"},
    ]
    things += [1, 1.0, True, "1", np.float64(1), np.float32(1), np.int64(1), math.nan, -0.0, 0.0, None, ""]
    assert len({fingerprint(thing) for thing in things}) == len(things)


# Arrays and tables --------------------------------------------------------------------------------------------------

ARRAY = np.arange(6.0).reshape(2, 3)
LABELLED = xr.DataArray(
    ARRAY, dims=("draw", "place"), coords={"place": ["a", "b", "c"]}, name="x", attrs={"unit": "km"}
)
COLUMN = pd.Series([1, 2], index=["r1", "r2"], name="answers")

OTHERS: dict[str, tuple[Any, Any]] = {
    "value": (ARRAY, ARRAY + 1e-15),
    "shape": (ARRAY, ARRAY.reshape(3, 2)),
    "type of numbers": (ARRAY, ARRAY.astype("float32")),
    "order": (ARRAY, ARRAY.T.reshape(2, 3)),
    "texts": (np.array(["a", None], dtype=object), np.array(["a", "b"], dtype=object)),
    "dims": (LABELLED, LABELLED.rename(draw="allocation")),
    "labels": (LABELLED, LABELLED.assign_coords(place=["a", "b", "d"])),
    "coordinate": (LABELLED, LABELLED.assign_coords(weight=("draw", [0.5, 1.5]))),
    "attribute": (LABELLED, LABELLED.assign_attrs(unit="m")),
    "name": (LABELLED, LABELLED.rename("y")),
    "variable": (xr.Dataset({"x": LABELLED}), xr.Dataset({"x": LABELLED, "y": LABELLED})),
    "without labels": (xr.Dataset({"x": LABELLED}), xr.Dataset({"x": LABELLED}).drop_vars("place")),
    "column": (pd.DataFrame({"a": [1], "b": [2]}), pd.DataFrame({"a": [1], "c": [2]})),
    "row": (pd.DataFrame({"a": [1, 2]}), pd.DataFrame({"a": [1, 2]}, index=[1, 2])),
    "index": (COLUMN, COLUMN.set_axis(["r1", "r3"])),
    "answer": (COLUMN, COLUMN + 1),
    "missing value": ([pd.NA], [None]),
}


@pytest.mark.parametrize("what", list(OTHERS))
def test_arrays_and_tables_are_told_by_all_that_they_hold(what: str) -> None:
    one, other = OTHERS[what]
    assert fingerprint(one) == fingerprint(one.copy() if hasattr(one, "copy") else one)
    assert fingerprint(one) != fingerprint(other)


# Classes and functions ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Task:
    number: int
    tool: Any = field(default=None, compare=False)


@dataclass(frozen=True)
class Tool:
    size: int

    def use(self) -> int:
        return self.size


class Colour(Enum):
    RED = 1
    BLUE = 2


def adding(number: int) -> Callable[[int], int]:
    return lambda other: number + other


def with_default(number: int) -> Callable[[], int]:
    def give(found: int = number) -> int:
        return found

    return give


PAIRS: dict[str, tuple[Any, Any]] = {
    "field": (Task(1), Task(2)),
    "enum": (Colour.RED, Colour.BLUE),
    "closure": (adding(1), adding(2)),
    "default": (with_default(1), with_default(2)),
    "function": (adding, with_default),
    "lambdas": (lambda: 1, lambda: 2),
    "what lambdas call": (lambda x: math.exp(x), lambda x: math.log(x)),  # noqa: PLW0108
    "what is in a lambda": (lambda: [one for one in (1, 2)], lambda: [one for one in (1, 3)]),  # noqa: C416
    "partial": (partial(adding, 1), partial(adding, 2)),
    "method": ([].append, [1].append),
    "method of another": (date(2026, 1, 2).isoformat, date(2026, 1, 3).isoformat),
    "method of a class": (Tool(1).use, Tool(2).use),
    "ufunc": (np.exp, np.log),
    "function of numpy": (np.sum, np.mean),
    "class": (Task, Colour),
    "module": (math, re),
}


@pytest.mark.parametrize("what", list(PAIRS))
def test_functions_and_classes_are_told_by_what_they_do(what: str) -> None:
    one, other = PAIRS[what]
    assert fingerprint(one) == fingerprint(one)
    assert fingerprint(one) != fingerprint(other)


def test_what_is_not_compared_is_no_part_of_it() -> None:
    assert fingerprint(Task(1, tool="hammer")) == fingerprint(Task(1, tool=object()))


class Lazy(Mapping[int, Task]):
    """Makes its values when it is asked."""

    def __init__(self, first: int) -> None:
        self.first = first

    def __getitem__(self, key: int) -> Task:
        return Task(self.first + key)

    def __iter__(self) -> Iterator[int]:
        return iter(range(3))

    def __len__(self) -> int:
        return 3


def test_what_is_met_again_is_told_like_its_equal_and_what_comes_and_goes_apart() -> None:
    one = Task(1)
    assert fingerprint([one, one]) == fingerprint([Task(1), Task(1)])
    assert len({fingerprint([Lazy(0), Lazy(first)]) for first in range(5)}) == 5


def test_what_can_not_be_changed_is_told_like_what_can() -> None:
    assert fingerprint(MappingProxyType({"a": 1})) != fingerprint(MappingProxyType({"a": 2}))


def test_what_has_no_digest_is_named() -> None:
    with pytest.raises(TypeError, match="found generator, whose contents have no digest"):
        fingerprint(iter(one for one in [1]))


def test_other_code_is_another_task(monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint("task")
    monkeypatch.setattr(identity, "code", lambda: "other")
    assert fingerprint("task") != before


# What the commands rest on ------------------------------------------------------------------------------------------

HERE = """
from tests.work.test_identity import rested_on
from toc_model.work.identity import fingerprint
print([fingerprint(one) for one in rested_on()])
"""


def rested_on() -> list[Any]:
    """What tasks of commands are made of, and some things that come in no order."""
    essay = [load_beliefs(ESSAY, name, draws=20) for name in ("base", "essay", "critic", "superforecasters", "panel")]
    village = [load_beliefs(TOY, TOY.base, draws=20)]
    materials = [
        material_of(essay[:2], DOCUMENTS.allocations()),
        material_of(village, Documents.of(TOY).allocations()),
    ]
    return [essay, village, materials, asked_of_every_kind(), {"b", "a", "c"}, frozenset({1, "a", 2.5}), Task, np.exp]


def test_digests_are_the_same_in_every_process() -> None:
    here = str([fingerprint(one) for one in rested_on()])
    environment = os.environ | {"PYTHONHASHSEED": "2"}
    found = subprocess.run([sys.executable, "-c", HERE], env=environment, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == here


def test_another_draw_or_number_is_another_task() -> None:
    one, seed, few = (
        load_beliefs(TOY, TOY.base, draws=draws, seed=seed) for draws, seed in ((20, 1), (20, 2), (19, 1))
    )
    changed = load_beliefs(TOY, TOY.base, draws=20, seed=1, sets=["toil=0.1"])
    assert len({fingerprint(found) for found in (one, seed, few, changed)}) == 4
