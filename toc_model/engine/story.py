"""Functions become a graph: the name of a function is a node, the names of its arguments are the node's parents.

An argument that names a node, a lever or an indicator is an arrow; any other names a parameter, which needs exactly
one prior. `Story.of` collects the functions of the chapters, checks them (`toc_model.engine.checks`) and orders them.
"""

import inspect
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType, ModuleType
from typing import Any, get_type_hints

import xarray as xr

from toc_model.engine import checks
from toc_model.engine.laws import Quantity
from toc_model.engine.units import Over, Unit
from toc_model.errors import InputError, unknown

type Law = Callable[..., Quantity]
type Record = Callable[[str, Quantity], Quantity]


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What the decorator of a law says about its node."""

    dims: tuple[str, ...]
    claims: tuple[str, ...]
    is_outcome: bool = False
    undefined_where: str = ""


def node[F: Law](*, claims: str, dims: str = "allocation") -> Callable[[F], F]:
    """Declare that a function is the law of a node.

    Parameters
    ----------
    claims : str
        Identifiers of the claims that the law represents, separated by spaces.
    dims : str
        Dimensions of the node, besides draws, separated by spaces.
    """
    return _declared(Declaration(dims=tuple(dims.split()), claims=tuple(claims.split())))


def outcome[F: Law](*, claims: str, undefined_where: str = "") -> Callable[[F], F]:
    """Declare that a function is the law of an outcome: a node that an analyst values, one figure per allocation.

    Parameters
    ----------
    claims : str
        Identifiers of the claims that the law represents, separated by spaces.
    undefined_where : str
        Where the outcome is NaN, in words; empty for an outcome that is always defined.
    """
    return _declared(
        Declaration(
            dims=("allocation",), claims=tuple(claims.split()), is_outcome=True, undefined_where=undefined_where
        )
    )


def _declared[F: Law](declaration: Declaration) -> Callable[[F], F]:
    def mark(law: F) -> F:
        law.__dict__["declaration"] = declaration
        return law

    return mark


@dataclass(frozen=True, slots=True)
class Lever:
    """Something that an analyst sets, per allocation."""

    name: str
    unit: str
    dims: tuple[str, ...]
    claims: tuple[str, ...]
    statement: str


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """One argument of a law, with the unit and dimensions that the law expects of it."""

    name: str
    unit: str
    dims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One node of the graph and the law that gives its value."""

    name: str
    chapter: str
    law: Law
    arguments: tuple[Argument, ...]
    unit: str
    dims: tuple[str, ...]
    claims: tuple[str, ...]
    statement: str
    is_outcome: bool = False
    undefined_where: str = ""
    held_at: xr.DataArray | None = None
    """The value that an intervention holds the node at, in place of its law."""

    @property
    def parents(self) -> tuple[str, ...]:
        """Names of all that the value depends on directly, parameters included."""
        return () if self.held_at is not None else tuple(argument.name for argument in self.arguments)


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter of the story."""

    name: str
    title: str
    nodes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A theory of change: levers, indicators, parameters and nodes, the nodes in causal order."""

    chapters: tuple[Chapter, ...]
    dimensions: Mapping[str, tuple[str, ...]]
    levers: Mapping[str, Lever]
    indicators: Mapping[str, Indicator]
    parameters: Mapping[str, Parameter]
    nodes: Mapping[str, Node]
    modules: tuple[ModuleType, ...] = field(repr=False)
    edits: tuple[str, ...] = ()
    """Interventions that made this story out of the one that is written down."""

    @classmethod
    def of(
        cls,
        modules: Iterable[ModuleType],
        *,
        levers: Iterable[Lever],
        indicators: Iterable[Indicator],
        dimensions: Mapping[str, tuple[str, ...]],
    ) -> "Story":
        """Build a story from chapters (modules) and check it.

        Raises
        ------
        StoryError
            If names or units clash, an arrow is undeclared, the graph has a cycle, or a law gives other
            dimensions than it declares.
        """
        modules, levers, indicators = tuple(modules), tuple(levers), tuple(indicators)
        nodes = [found for module in modules for found in _nodes_of(module)]
        roots: list[Lever | Indicator] = [*levers, *indicators]
        checks.fail_if_names_clash([root.name for root in roots], nodes)
        checks.fail_if_units_clash(roots, nodes)
        ordered = checks.in_causal_order(nodes)
        story = cls(
            chapters=tuple(_chapter(module) for module in modules),
            dimensions=MappingProxyType(dict(dimensions)),
            levers=MappingProxyType({lever.name: lever for lever in levers}),
            indicators=MappingProxyType({indicator.name: indicator for indicator in indicators}),
            parameters=MappingProxyType(_parameters(roots, nodes)),
            nodes=MappingProxyType({found.name: found for found in ordered}),
            modules=modules,
        )
        checks.fail_if_dimensions_differ(story)
        return story

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Names of the nodes that an analyst values."""
        return tuple(name for name, found in self.nodes.items() if found.is_outcome)

    def node(self, name: str) -> Node:
        """Return a node by name.

        Raises
        ------
        InputError
            If there is none of this name; the nearest one is suggested.
        """
        if name not in self.nodes:
            raise InputError(unknown("node", name, self.nodes))
        return self.nodes[name]

    def children(self, name: str) -> tuple[str, ...]:
        """Names of the nodes that depend on a node, lever, indicator or parameter directly."""
        return tuple(child for child, found in self.nodes.items() if name in found.parents)

    def descendants(self, name: str) -> frozenset[str]:
        """Names of the nodes that depend on it directly or through others."""
        reached = {name}
        for child, found in self.nodes.items():
            if reached.intersection(found.parents):
                reached.add(child)
        return frozenset(reached - {name})

    def needed_for(self, targets: Iterable[str]) -> tuple[str, ...]:
        """Names of the target nodes and of the nodes above them, in causal order."""
        needed = {self.node(target).name for target in targets}
        for name in reversed(list(self.nodes)):
            if name in needed:
                needed.update(self.nodes[name].parents)
        return tuple(name for name in self.nodes if name in needed)

    def with_node(self, changed: Node, edit: str) -> "Story":
        """Return a copy in which one node is another, and which says so."""
        nodes = MappingProxyType({**self.nodes, changed.name: changed})
        return replace(self, nodes=nodes, edits=(*self.edits, edit))

    def run(
        self, inputs: Mapping[str, Quantity], targets: Collection[str] | None = None, record: Record | None = None
    ) -> dict[str, Quantity]:
        """Compute nodes from levers, indicators and parameters, whatever kind of value those are.

        Parameters
        ----------
        inputs : mapping of name to float, DataArray or ``pymc.dims`` variable
            Every lever, indicator and parameter that the targets depend on, and the value of every held node.
        targets : collection of str, optional
            The nodes to return; all by default. Others are computed where needed and forgotten after use.
        record : callable, optional
            Called with each node's name and value; what it returns is used from there on.

        Returns
        -------
        dict of str to the kind of value that went in
        """
        targets = tuple(self.nodes) if targets is None else targets
        order = self.needed_for(targets)
        last_use = {parent: name for name in order for parent in self.nodes[name].parents}
        known: dict[str, Quantity] = dict(inputs)
        for name in order:
            found = self.nodes[name]
            value = known[name] if found.held_at is not None else found.law(**{p: known[p] for p in found.parents})
            known[name] = record(name, value) if record else value
            for parent in found.parents:
                if last_use[parent] == name and parent not in targets:
                    known.pop(parent)
        return {name: known[name] for name in targets}


def _nodes_of(module: ModuleType) -> list[Node]:
    laws = [law for law in vars(module).values() if inspect.isfunction(law) and "declaration" in law.__dict__]
    return [_node_of(law) for law in laws if law.__module__ == module.__name__]


def _node_of(law: Any) -> Node:
    declaration: Declaration = law.__dict__["declaration"]
    hints = get_type_hints(law, include_extras=True)
    checks.fail_if_undeclared(law, hints)
    return Node(
        name=law.__name__,
        chapter=_chapter_name(law.__module__),
        law=law,
        arguments=tuple(
            Argument(name=name, unit=_unit(hint), dims=_over(hint)) for name, hint in hints.items() if name != "return"
        ),
        unit=_unit(hints["return"]),
        dims=declaration.dims,
        claims=declaration.claims,
        statement=_statement(law.__doc__ or ""),
        is_outcome=declaration.is_outcome,
        undefined_where=declaration.undefined_where,
    )


def _statement(doc: str) -> str:
    """The claim of a docstring, without the unit and shape in its last brackets."""
    text = " ".join(doc.split())
    return f"{text.rpartition(' (')[0]}." if text.endswith(").") else text


def _unit(hint: Any) -> str:
    return next(mark.name for mark in hint.__metadata__ if isinstance(mark, Unit))


def _over(hint: Any) -> tuple[str, ...]:
    return next((mark.dims for mark in hint.__metadata__ if isinstance(mark, Over)), ())


def _chapter(module: ModuleType) -> Chapter:
    title = (module.__doc__ or "").strip().splitlines()[0].partition(":")[2].strip(" .")
    return Chapter(_chapter_name(module.__name__), title, tuple(found.name for found in _nodes_of(module)))


def _chapter_name(module_name: str) -> str:
    return module_name.rpartition(".")[2]


def _parameters(roots: Iterable[Lever | Indicator], nodes: Collection[Node]) -> dict[str, Parameter]:
    arrows = {root.name for root in roots} | {found.name for found in nodes}
    parameters: dict[str, Parameter] = {}
    for found in nodes:
        for argument in found.arguments:
            if argument.name not in arrows:
                known = parameters.get(argument.name)
                users = (*known.used_by, found.name) if known else (found.name,)
                parameters[argument.name] = Parameter(argument.name, argument.unit, argument.dims, users)
    return parameters
