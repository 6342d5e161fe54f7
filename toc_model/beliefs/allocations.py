"""Named allocations as documents: what each lever is set to, made from the levers that a story declares."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from toc_model.beliefs.allocation_schema import schema_of
from toc_model.beliefs.amounts import Meant
from toc_model.brief import Shown
from toc_model.documents import as_toml, checked, digest, toml_of
from toc_model.engine.case import Case
from toc_model.engine.declare import Lever, Nested
from toc_model.engine.story import Story
from toc_model.engine.telling import told
from toc_model.errors import InputError, unknown
from toc_model.files import read

if TYPE_CHECKING:
    import pandas as pd

OWN = "own"
"""Stands for all allocations of one's own where names are asked for."""
NO_TEXT = re.compile("[\0\ud800-\udfff]")
"""What no label in a table or file can hold: bytes of a command line that are no UTF-8 among them."""


@dataclass(frozen=True, slots=True)
class Allocation:
    """What each lever is set to.

    Attributes
    ----------
    description : str
        For readers of tables.
    values : mapping of str to nested mapping
        By lever and place, as a document states it; levers and places with a default may be left out.
    """

    description: str
    values: Mapping[str, Nested]

    def array(self, lever: Lever, dimensions: Mapping[str, tuple[str, ...]]) -> np.ndarray:
        """A lever's values with its defaults, of the shape of its places."""
        sizes = [len(dimensions[dim]) for dim in lever.places]
        found = np.empty(sizes)
        for place in product(*(range(size) for size in sizes)):
            names = tuple(dimensions[dim][i] for dim, i in zip(lever.places, place, strict=True))
            found[place] = _value(lever, self.values.get(lever.name), names)
        return found

    def at(self, story: Story, variable: str) -> float:
        """The value of one variable of a lever.

        Raises
        ------
        InputError
            If there is no such variable.
        """
        found = story.variable(variable)
        return _value(found.lever, self.values.get(found.lever.name), found.places)


def _value(lever: Lever, stated: Nested | None, places: tuple[str, ...]) -> float:
    """One value: as stated; else, where values add up to one, 0 in a row that is stated, or the default."""
    found = _walked(stated, places)
    if found is not None:
        return found
    along = lever.places.index(lever.sums_over) if lever.sums_over else None
    if along is not None and _row(stated, places, along):
        return 0.0
    default = _walked(lever.default, places)
    return 0.0 if default is None else default


def _walked(nested: Nested | None, places: tuple[str, ...]) -> float | None:
    for place in places:
        if not isinstance(nested, Mapping) or place not in nested:
            return None
        nested = nested[place]
    return None if nested is None or isinstance(nested, Mapping) else float(nested)


def _row(nested: Nested | None, places: tuple[str, ...], along: int) -> bool:
    """Whether anything is stated along the dimension in which values add up to one."""
    for place in places[:along]:
        nested = nested.get(place) if isinstance(nested, Mapping) else None
    return isinstance(nested, Mapping) and bool(nested)


def allocation_of(story: Story, table: Mapping[str, Any], where: str) -> Allocation:
    """Check what a document or a program states of one allocation.

    Raises
    ------
    InputError
        If a lever or place is missing or unknown, a value is out of bounds, or values don't add up to one.
    """
    stated = dict(table) if isinstance(table, Mapping) else table
    found = checked(schema_of(story), stated, where).model_dump(exclude_none=True)
    return Allocation(found.pop("description"), found)


# Sets of allocations ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Allocations(Shown):
    """Named allocations, that from which changes are reported first.

    Attributes
    ----------
    case : Case
    named : mapping of str to Allocation
    source : str
    digests : mapping of str to str
        SHA-256 of the document, by its path; of what was asked for in words these themselves, by its name.
    own : tuple of str
        Those of one's own, where they stand beside others; the first is the proposal.
    meant : mapping of str to Meant
        What those that were asked for in words mean.
    """

    case: Case
    named: Mapping[str, Allocation]
    source: str
    digests: Mapping[str, str]
    own: tuple[str, ...] = ()
    meant: Mapping[str, Meant] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in self.named:
            if NO_TEXT.search(name):
                raise InputError(f"allocation: found the name {name!r}; allowed: a text, as UTF-8 holds them")

    def __repr__(self) -> str:
        return f"<Allocations: {', '.join(self.named)}>"

    def facts(self) -> dict[str, str]:
        """What each sets, in words."""
        return {name: self.told(name) for name in self.named}

    def to_dataframe(self) -> "pd.DataFrame":
        """A row an allocation, a column a variable of a lever, in its unit."""
        import pandas as pd

        variables = [variable.name for variable in self.case.story.variables]
        rows = [[found.at(self.case.story, name) for name in variables] for found in self.named.values()]
        return pd.DataFrame(rows, index=pd.Index(self.named, name="allocation"), columns=variables)

    @property
    def status_quo(self) -> str:
        """Name of the allocation from which changes are reported."""
        return self.case.status_quo

    def levers(self) -> xr.Dataset:
        """The levers as arrays, a variable a lever, dims ``(allocation, ...)``."""
        return levers_of(self.case.story, self.named)

    def only(self, names: Iterable[str]) -> "Allocations":
        """Keep these allocations and the status quo, in this order; `OWN` is all of one's own.

        Raises
        ------
        InputError
            If one is unknown; the nearest name is suggested.
        """
        chosen = [self.own or (OWN,) if name == OWN and OWN not in self.named else (name,) for name in names]
        kept = list(dict.fromkeys([self.status_quo, *(name for some in chosen for name in some)]))
        for name in kept:
            self.fail_if_unknown(name)
        return replace(
            self,
            named={name: self.named[name] for name in kept},
            own=tuple(name for name in self.own if name in kept),
            meant={name: meant for name, meant in self.meant.items() if name in kept},
        )

    def fail_if_unknown(self, name: str) -> None:
        """Fail if there is no allocation of this name, `OWN` being none; the nearest name is suggested."""
        if name not in self.named:
            raise InputError(f"{self.source}: {unknown('allocation', name, self.named)}")

    def one(self, name: str) -> "Allocations":
        """Keep the status quo and one allocation that is known, which may be the same."""
        self.fail_if_unknown(name)
        return self.only([name])

    def compared(self, name: str) -> "Allocations":
        """Keep the status quo and one other allocation, to compare them.

        Raises
        ------
        InputError
            If it is unknown, or is the status quo.
        """
        if name == self.status_quo:
            raise InputError(f"allocation: found {name!r}; allowed: another one, for changes are measured from it")
        return self.one(name)

    def to_dict(self) -> dict[str, Any]:
        """What documents say of them, where it stands and its digests, ready for JSON."""
        tables = {name: {"description": found.description, **found.values} for name, found in self.named.items()}
        mine = {"own": list(self.own)} if self.own else {}
        return {"tables": tables, "source": self.source, "digests": dict(self.digests), **mine}

    def shares(self, name: str) -> dict[str, float]:
        """What an allocation sets that is free: values of levers that need not add up to one, by variable."""
        free = [variable for variable in self.case.story.variables if not variable.lever.sums_over]
        return {variable.name: self.named[name].at(self.case.story, variable.name) for variable in free}

    def told(self, name: str) -> str:
        """What an allocation does, in words."""
        found, story = self.named[name], self.case.story
        return told(self.case.describe, story.variables, partial(found.at, story))

    @property
    def proposal(self) -> str:
        """Name of the allocation that is compared with the status quo by default.

        The first of one's own beside others; else the case's own proposal, or the first other where there is none.

        Raises
        ------
        InputError
            If there is no other than the status quo.
        """
        others = [name for name in self.named if name != self.status_quo]
        if not others:
            raise InputError(f"{self.source}: found no allocation beside {self.status_quo!r} to compare with it")
        return next((name for name in (*self.own, self.case.proposal) if name in others), others[0])


def levers_of(story: Story, named: Mapping[str, Allocation]) -> xr.Dataset:
    """Levers of some allocations as arrays, a variable a lever, dims ``(allocation, ...)``."""
    arrays = {
        lever.name: (
            ("allocation", *lever.places),
            np.stack([found.array(lever, story.dimensions) for found in named.values()]),
        )
        for lever in story.levers.values()
    }
    used = {dim for lever in story.levers.values() for dim in lever.places}
    places = {dim: list(story.dimensions[dim]) for dim in story.dimensions if dim in used}
    return xr.Dataset(arrays, coords={"allocation": list(named), **places})


def read_allocations(case: Case, path: Path, status_quo: Callable[[], Allocation]) -> Allocations:
    """Read a document of allocations.

    The allocation from which changes are reported comes first wherever it stands.

    Parameters
    ----------
    case : Case
    path : Path
    status_quo : callable
        Gives that allocation for a document that lacks it.

    Raises
    ------
    InputError
        If a document can't be read, a value is out of bounds, values don't add up to one, a name is unknown, the
        reference is among them, or nothing has the status quo.
    """
    content = read(path)
    named = {name: allocation_of(case.story, table, f"{path}: {name}") for name, table in toml_of(content).items()}
    return _ordered(case, named, str(path), {path.name: content.digest}, status_quo)


def allocations_of(
    case: Case, tables: Mapping[str, Mapping[str, Any]], status_quo: Callable[[], Allocation]
) -> Allocations:
    """Allocations that a program states, as a document would; see `read_allocations`."""
    source = "allocations"
    named = {name: allocation_of(case.story, table, f"{source}: {name}") for name, table in tables.items()}
    return _ordered(case, named, source, {source: digest(document(named))}, status_quo)


def _ordered(
    case: Case,
    named: dict[str, Allocation],
    source: str,
    digests: dict[str, str],
    status_quo: Callable[[], Allocation],
) -> Allocations:
    """The status quo first, from elsewhere if need be; the reference is none of them, unless it is the status quo."""
    first = case.status_quo
    if case.reference != first and case.reference in named:
        raise InputError(f"{source}: found {case.reference!r}, in which nothing moves; it belongs to a date")
    if first not in named:
        named[first] = status_quo()
    return Allocations(case, {first: named.pop(first), **named}, source, digests)


def document(named: Mapping[str, Allocation]) -> str:
    """Allocations as the text of a document that `read_allocations` reads."""
    lines = []
    for name, found in named.items():
        lines += [f"[{as_toml(name)}]", f"description = {as_toml(found.description)}"]
        lines += [line for lever, stated in found.values.items() for line in _lines(lever, stated)]
        lines.append("")
    return "\n".join(lines)


def _lines(key: str, stated: Nested) -> list[str]:
    if not isinstance(stated, Mapping):
        return [f"{key} = {stated!r}"]
    if any(isinstance(value, Mapping) for value in stated.values()):
        return [line for place, value in stated.items() for line in _lines(f"{key}.{place}", value)]
    return [f"{key} = {{ {', '.join(f'{place} = {value!r}' for place, value in stated.items())} }}"]
