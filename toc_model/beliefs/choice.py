"""Allocations that are asked for in words, beside those of documents: ``NAME=lever:30,other:10``."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from toc_model.beliefs.allocations import Allocation, Allocations, allocation_of
from toc_model.beliefs.amounts import Meant, amount_of, said
from toc_model.engine.case import Case
from toc_model.engine.declare import Nested, Variable
from toc_model.errors import InputError

ASKED = "asked"
"""What an allocation is called that is asked for without a name."""
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Choice:
    """Which allocations are asked about.

    Attributes
    ----------
    document : Path or None
        Of one's own; its allocations stand beside those that ship, and in place of those of the same name.
    moves : mapping of str to mapping of str to str
        By the name of an allocation: what differs from the status quo, as written, by variable of a lever.
    only : tuple of str
        Allocations of documents to keep; all if empty.
    """

    document: Path | None = None
    moves: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    only: tuple[str, ...] = ()

    def __or__(self, other: "Choice") -> "Choice":
        """Both, of which one document at most.

        Raises
        ------
        InputError
            If both have a document, or one name.
        """
        if twice := [name for name in self.moves if name in other.moves]:
            raise InputError(f"move {twice[0]!r}: found it twice; allowed: once")
        if self.document and other.document:
            raise InputError(f"{other.document}: found it beside {self.document}; allowed: one document")
        return Choice(self.document or other.document, {**self.moves, **other.moves}, (*self.only, *other.only))


def parse_move(text: str) -> tuple[str, dict[str, str]]:
    """Read ``NAME=lever:value,other:value``.

    Raises
    ------
    InputError
        If it has no name, or no values.
    """
    name, equals, stated = (part.strip() for part in text.partition("="))
    if not (name and equals):
        raise InputError(f"move {text!r}: allowed: NAME=LEVER:VALUE,LEVER:VALUE")
    return name, parse_values(stated, f"move {text!r}")


def parse_moves(texts: Iterable[str]) -> dict[str, dict[str, str]]:
    """Read several, each name once."""
    found: dict[str, dict[str, str]] = {}
    for name, values in map(parse_move, texts):
        if name in found:
            raise InputError(f"move {name!r}: found it twice; allowed: once")
        found[name] = values
    return found


def parse_values(text: str, where: str) -> dict[str, str]:
    """Read ``lever:value,other:value``: values as written, by variable.

    Raises
    ------
    InputError
        If a part is none of this form, or a variable is there twice.
    """
    found: dict[str, str] = {}
    for part in text.split(","):
        variable, colon, value = (piece.strip() for piece in part.partition(":"))
        if not (variable and colon and value):
            raise InputError(f"{where}: found {part.strip()!r}; allowed: LEVER:VALUE, joined by commas")
        if variable in found:
            raise InputError(f"{where}: found {variable!r} twice; allowed: once")
        found[variable] = value
    return found


def moved(case: Case, quo: Allocation, stated: Mapping[str, str], where: str) -> tuple[Allocation, Meant]:
    """The status quo with some values changed, and what that means.

    Where values add up to one, those that are not stated are scaled in proportion.

    Parameters
    ----------
    case : Case
    quo : Allocation
        The status quo.
    stated : mapping of str to str
        As written, by variable.
    where : str
        For messages.

    Raises
    ------
    InputError
        If a variable is unknown, a value is none that the lever can have, or shares can't add up to one.
    """
    variables = {name: _variable(case, name, where) for name in stated}
    values = {name: amount_of(variables[name], text, where) for name, text in stated.items()}
    scaled: dict[str, float] = {}
    for group in dict.fromkeys(one.group for one in variables.values() if one.lever.sums_over):
        row = [variable for variable in case.story.variables if variable.group == group]
        scaled |= _in_proportion(case, quo, row, values, where)
    table = dict(quo.values)
    for name, value in {**values, **scaled}.items():
        variable = case.story.variable(name)
        table[variable.lever.name] = _placed(table.get(variable.lever.name), variable.places, value)
    meant = Meant(",".join(f"{name}:{text}" for name, text in stated.items()), values, scaled)
    description = {"description": f"Asked for: {meant.told(case.story)}"}
    return allocation_of(case.story, {**table, **description}, where), meant


def _variable(case: Case, name: str, where: str) -> Variable:
    try:
        return case.story.variable(name)
    except InputError as error:
        raise InputError(f"{where}: {error}") from None


def _in_proportion(
    case: Case, quo: Allocation, row: Sequence[Variable], stated: Mapping[str, float], where: str
) -> dict[str, float]:
    """Values of a row that are not stated, scaled so that all add up to one."""
    others = {one.name: quo.at(case.story, one.name) for one in row if one.name not in stated}
    taken, rest = sum(stated[one.name] for one in row if one.name in stated), sum(others.values())
    left = 1 - taken
    if left < -TOLERANCE:
        raise InputError(f"{where}: {row[0].group}: found a sum of {said(row[0], taken)}; allowed: at most 100 %")
    if left > TOLERANCE and rest <= 0:
        why = "all others are 0, so that none can be scaled" if others else "there is no other"
        raise InputError(f"{where}: {row[0].group}: found a sum of {said(row[0], taken)}, and {why}; allowed: 100 %")
    factor = max(left, 0.0) / rest if rest > 0 else 0.0
    return {name: value * factor for name, value in others.items()}


def _placed(nested: Nested | None, places: Sequence[str], value: float) -> Nested:
    """Nested values with another one at a place."""
    if not places:
        return value
    first, *inner = places
    table = nested if isinstance(nested, Mapping) else {}
    return {**table, first: _placed(table.get(first), inner, value)}


def together(asked: Choice, shipped: Allocations, own: Allocations | None = None) -> Allocations:
    """The status quo, what is asked for in words, a document of one's own, and those that ship.

    Parameters
    ----------
    asked : Choice
    shipped : Allocations
    own : Allocations, optional
        Of the document of one's own.

    Raises
    ------
    InputError
        If a name is taken, unknown or the reference's, or an allocation is impossible.
    """
    case, first = shipped.case, shipped.status_quo
    named = {**(own.named if own else {}), **{k: v for k, v in shipped.named.items() if not own or k not in own.named}}
    source, digests = shipped.source, dict(shipped.digests)
    if own:
        source = f"{own.source} and {shipped.source}"
        digests |= {own.source if name in digests else name: value for name, value in own.digests.items()}
    made: dict[str, Allocation] = {}
    meant: dict[str, Meant] = {}
    for name, stated in asked.moves.items():
        _fail_if_taken(case, name, named)
        made[name], meant[name] = moved(case, named[first], stated, f"move {name!r}")
        digests[f"move {name}"] = meant[name].text
    mine = [name for name in own.named if name != first] if own else []
    mine.sort(key=lambda name: name != case.proposal)
    every = {first: named.pop(first), **made, **named}
    found = replace(shipped, named=every, source=source, digests=digests, own=(*made, *mine), meant=meant)
    return found.only([*made, *asked.only]) if asked.only else found


def _fail_if_taken(case: Case, name: str, named: Mapping[str, Allocation]) -> None:
    if name == case.reference:
        raise InputError(f"move {name!r}: found the reference, in which nothing moves; allowed: another name")
    if name in named:
        raise InputError(f"move {name!r}: found a name that is taken; allowed: a new one")
