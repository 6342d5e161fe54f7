"""What a theory of change declares: laws of nodes and outcomes, levers, and marks along dimensions."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import product

import xarray as xr

from toc_model.brief import Brief
from toc_model.engine.laws import Quantity
from toc_model.engine.ranges import ANYTHING, Range
from toc_model.errors import InputError

type Law = Callable[..., Quantity]
type Nested = float | Mapping[str, Nested]
"""A number, or one for each place of a dimension, as a document has them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What the decorator of a law says about its node."""

    dims: tuple[str, ...]
    claims: tuple[str, ...]
    is_outcome: bool = False
    undefined_where: str = ""
    bounds: tuple[float, float] | None = None
    attained: tuple[bool, bool] = (False, False)
    instead: str = ""
    label: str = ""


def node[F: Law](
    *,
    claims: str,
    dims: str = "allocation",
    bounds: tuple[float, float] | None = None,
    attained: tuple[bool, bool] = (False, False),
    instead: str = "",
    label: str = "",
) -> Callable[[F], F]:
    """Declare that a function is the law of a node.

    Parameters
    ----------
    claims : str
        Identifiers of the claims that the law represents, separated by spaces.
    dims : str
        Dimensions of the node, besides draws, separated by spaces.
    bounds : (float, float), optional
        Least and largest possible value; those of the node's unit by default.
    attained : (bool, bool)
        Whether the node may be held at these bounds themselves.
    instead : str
        Names of nodes to change instead, separated by spaces, of a node that only keeps accounts of others, so that
        no intervention may touch it; empty for a node that can be held.
    label : str
        What people call it, in 30 characters at most; its name in words by default.
    """
    return _declared(
        Declaration(
            dims=tuple(dims.split()),
            claims=tuple(claims.split()),
            bounds=bounds,
            attained=attained,
            instead=instead,
            label=label,
        )
    )


def outcome[F: Law](*, claims: str, undefined_where: str = "", instead: str = "", label: str = "") -> Callable[[F], F]:
    """Declare that a function is the law of an outcome: a node that an analyst values, one figure per allocation.

    Parameters
    ----------
    claims : str
        Identifiers of the claims that the law represents, separated by spaces.
    undefined_where : str
        Where the outcome is NaN, in words; empty for an outcome that is always defined.
    instead, label : str
        As for `node`.
    """
    return _declared(
        Declaration(
            dims=("allocation",),
            claims=tuple(claims.split()),
            is_outcome=True,
            undefined_where=undefined_where,
            instead=instead,
            label=label,
        )
    )


def _declared[F: Law](declaration: Declaration) -> Callable[[F], F]:
    def mark(law: F) -> F:
        law.__dict__["declaration"] = declaration
        return law

    return mark


@dataclass(frozen=True, slots=True, repr=False)
class Lever(Brief):
    """Something that an analyst sets, per allocation.

    Attributes
    ----------
    name, unit : str
    dims : tuple of str
        ``allocation`` and those of its places.
    claims : tuple of str
        Identifiers of the claims that it represents.
    statement : str
        What it is, in a sentence.
    lower, upper : float
        Least and largest possible value.
    sums_over : str
        The last dimension, if values add up to one along it; empty where they are free.
    prefix : str, optional
        What names of its variables begin with, before their places; its own name by default.
    default : nested mapping or float, optional
        What an allocation has that does not state it; None where it must be stated.
    margin : float
        How far below the upper bound a search stays, where slopes are not defined at the bound itself.
    label : str
        What one of its variables is called in a sentence, with its places by dimension in braces, such as "share of the
        {field} that is fenced"; by default the variable's name in words.
    """

    name: str
    unit: str
    dims: tuple[str, ...]
    claims: tuple[str, ...]
    statement: str
    lower: float = 0.0
    upper: float = 1.0
    sums_over: str = ""
    prefix: str | None = None
    default: Nested | None = None
    margin: float = 0.0
    label: str = ""

    def __post_init__(self) -> None:
        if not self.lower < self.upper:
            raise InputError(f"lever {self.name}: found the bounds {self.lower:g} and {self.upper:g}; allowed: a range")
        if self.sums_over and self.dims[-1] != self.sums_over:
            raise InputError(f"lever {self.name}: sums over {self.sums_over!r}, which is not its last dimension")

    @property
    def places(self) -> tuple[str, ...]:
        """Its dimensions besides ``allocation``, in the order in which documents nest them."""
        return tuple(dim for dim in self.dims if dim != "allocation")

    def variables(self, dimensions: Mapping[str, tuple[str, ...]]) -> tuple["Variable", ...]:
        """Every single number that it holds per allocation, in order."""
        return tuple(Variable(self, chosen) for chosen in product(*(dimensions[dim] for dim in self.places)))

    @property
    def range(self) -> Range:
        """What its values can be."""
        return Range(self.lower, self.upper)

    def allows(self, value: float) -> bool:
        """Whether a value lies within its bounds."""
        return math.isfinite(value) and self.lower <= value <= self.upper


@dataclass(frozen=True, slots=True, repr=False)
class Variable(Brief):
    """One number of a lever: the place, and the name that options and tables have for it."""

    lever: Lever
    places: tuple[str, ...]

    @property
    def name(self) -> str:
        """The prefix of the lever and the places, joined by dots, such as ``watch.hill``."""
        return self._joined(self.places)

    @property
    def group(self) -> str:
        """What is freed together: all variables that add up to one, or the variable itself."""
        if not self.lever.sums_over:
            return self.name
        kept = [p for p, dim in zip(self.places, self.lever.places, strict=True) if dim != self.lever.sums_over]
        return self._joined(tuple(kept))

    @property
    def at(self) -> dict[str, str]:
        """Its place by dimension."""
        return dict(zip(self.lever.places, self.places, strict=True))

    @property
    def label(self) -> str:
        """What it is called in a sentence, after "the"."""
        words = self.lever.label.format(**self.at) if self.lever.label else self.name.replace(".", " ")
        return words.replace("_", " ")

    def _joined(self, places: tuple[str, ...]) -> str:
        prefix = self.lever.name if self.lever.prefix is None else self.lever.prefix
        return ".".join([*([prefix] if prefix else []), *places])


@dataclass(frozen=True, slots=True)
class Indicator:
    """A mark of 0 or 1 along one dimension, so that one law can serve all its places."""

    name: str
    dim: str
    values: tuple[float, ...]
    statement: str
    unit: str = "0 or 1"

    @property
    def dims(self) -> tuple[str, ...]:
        """The one dimension, as a tuple."""
        return (self.dim,)


@dataclass(frozen=True, slots=True)
class Parameter:
    """An uncertain quantity that a law asks for and that needs a prior."""

    name: str
    unit: str
    dims: tuple[str, ...]
    used_by: tuple[str, ...]
    range: Range = ANYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """One argument of a law, with the unit and dimensions that the law expects of it."""

    name: str
    unit: str
    dims: tuple[str, ...] = ()
    range: Range = ANYTHING


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Node(Brief):
    """One node of the graph and the law that gives its value."""

    name: str
    chapter: str
    law: Law
    arguments: tuple[Argument, ...]
    unit: str
    dims: tuple[str, ...]
    claims: tuple[str, ...]
    statement: str
    label: str
    """What people call it."""
    is_outcome: bool = False
    undefined_where: str = ""
    bounds: tuple[float, float] | None = None
    attained: tuple[bool, bool] = (False, False)
    instead: tuple[str, ...] = ()
    held_at: xr.DataArray | None = None
    """Where an intervention holds the node, outside the reference world; NaN at places that follow the law."""

    @property
    def parents(self) -> tuple[str, ...]:
        """Names of all that the law asks for, parameters included."""
        return tuple(argument.name for argument in self.arguments)

    @property
    def is_held(self) -> bool:
        """Whether an intervention holds the whole node, so that no cause moves it."""
        return self.held_at is not None and not bool(self.held_at.isnull().any())


@dataclass(frozen=True, slots=True, repr=False)
class Chapter(Brief):
    """One chapter of the story."""

    name: str
    title: str
    nodes: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Channel(Brief):
    """A way by which levers reach an outcome.

    Attributes
    ----------
    name, label, statement : str
    arrows : tuple of (cause, effect)
        What is cut to close it.
    """

    name: str
    label: str
    statement: str
    arrows: tuple[tuple[str, str], ...] = field(default=())
