"""Functions become a graph: the name of a function is a node, the names of its arguments are the node's parents.

An argument that names a node, a lever or an indicator is an arrow; any other names a parameter, which needs exactly
one prior. `Story.of` collects the functions of the chapters, checks them (`toc_model.engine.checks`) and orders them.
"""

import importlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType, ModuleType
from typing import Any, Literal

import numpy as np
import xarray as xr

from toc_model.aliases import Entry
from toc_model.engine import checks
from toc_model.engine.declare import Chapter, Indicator, Lever, Node, Parameter, Variable
from toc_model.engine.edit import Edit
from toc_model.engine.laws import Quantity, where
from toc_model.engine.ranges import ANYTHING, Range
from toc_model.engine.reading import chapters_of, given_anew, last_name, nodes_of, parameters_of, units_of
from toc_model.engine.units import Unit
from toc_model.errors import InputError, unknown

PROBE = 0.5
"""A value at which every law of a sensible story can be computed."""


def held_input(node: str, what: Literal["free", "value"]) -> str:
    """Name of an input of a held node: where its law stands, or the value elsewhere."""
    return f"{node} ({'where free' if what == 'free' else 'held at'})"


type Record = Callable[[str, Quantity], Quantity]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A theory of change: levers, indicators, parameters and nodes, the nodes in causal order."""

    chapters: tuple[Chapter, ...]
    dimensions: Mapping[str, tuple[str, ...]]
    levers: Mapping[str, Lever]
    indicators: Mapping[str, Indicator]
    parameters: Mapping[str, Parameter]
    nodes: Mapping[str, Node]
    units: Mapping[str, Unit]
    """Units of all that it has, by their names."""
    reference: str
    """Name of the allocation whose world laws and interventions are anchored to."""
    whole: tuple[str, ...] = ()
    """Dimensions along which a node is held at all places or none."""
    modules: tuple[ModuleType, ...] = field(repr=False)
    edits: tuple[Edit, ...] = ()
    """Interventions that made this story out of the one that is written down."""
    rivals: tuple[ModuleType, ...] = field(default=(), repr=False)
    """Modules that gave some laws anew."""
    without_rivals: "Story | None" = field(default=None, repr=False)
    """The story that they changed; None for one that has no rivals."""
    _under: dict[tuple[ModuleType, ...], "Story"] = field(init=False, repr=False, compare=False, default_factory=dict)
    """What came of rivals before, for to build and probe a story takes longer than most questions about it."""

    @classmethod
    def of(
        cls,
        modules: Iterable[ModuleType],
        *,
        levers: Iterable[Lever],
        indicators: Iterable[Indicator],
        dimensions: Mapping[str, tuple[str, ...]],
        reference: str,
        whole: Iterable[str] = (),
        rivals: Iterable[ModuleType] = (),
        probing: bool = True,
    ) -> "Story":
        """Build a story from chapters (modules) and check it.

        Parameters
        ----------
        modules : iterable of module
            The chapters.
        levers : iterable of Lever
        indicators : iterable of Indicator
        dimensions : mapping of str to tuple of str
            Names of the places of each dimension besides ``allocation``.
        reference : str
            Name of the allocation whose world laws and interventions are anchored to.
        whole : iterable of str
            Dimensions along which a node is held at all places or none.
        rivals : iterable of module
            Each gives some laws of the chapters anew, and may add nodes.
        probing : bool
            Whether all laws are run once to see which dimensions they give; not for a story whose tests do it.

        Raises
        ------
        StoryError
            If names or units clash, a rival's node is of another unit or over other dimensions than the one that it
            takes the place of, an arrow is undeclared, the graph has a cycle, or a law gives other dimensions than it
        """
        modules, levers, indicators, rivals = tuple(modules), tuple(levers), tuple(indicators), tuple(rivals)
        written = [found for module in modules for found in nodes_of(module)]
        anew = [found for module in rivals for found in nodes_of(module)]
        nodes = given_anew(written, anew)
        roots: list[Lever | Indicator] = [*levers, *indicators]
        checks.fail_if_names_clash([root.name for root in roots], nodes)
        checks.fail_if_labels_unfit(nodes)
        checks.fail_if_units_clash(roots, nodes)
        ordered = checks.in_causal_order(nodes)
        story = cls(
            chapters=chapters_of(modules, rivals),
            dimensions=MappingProxyType(dict(dimensions)),
            levers=MappingProxyType({lever.name: lever for lever in levers}),
            indicators=MappingProxyType({indicator.name: indicator for indicator in indicators}),
            parameters=MappingProxyType(parameters_of(roots, nodes)),
            nodes=MappingProxyType({found.name: found for found in ordered}),
            units=MappingProxyType(units_of((*modules, *rivals))),
            reference=reference,
            whole=tuple(whole),
            modules=modules,
            rivals=rivals,
        )
        checks.fail_if_dimensions_unknown(story.dims, story.sizes)
        if probing:
            story.fail_if_dimensions_differ()
        return story

    def fail_if_dimensions_differ(self) -> None:
        """Run all laws once, and fail if one gives other dimensions than it is declared with."""
        checks.fail_if_dimensions_differ(self.dims, self.probed())

    def with_rivals(self, rivals: Iterable[ModuleType]) -> "Story":
        """The same as it is written down, but for the laws that these modules give anew; see `Story.of`."""
        if self.without_rivals:
            return self.without_rivals.with_rivals(rivals)
        modules = tuple(rivals)
        if modules and modules not in self._under:
            self._under[modules] = self._changed_by(modules)
        return self._under[modules] if modules else self

    def _changed_by(self, rivals: tuple[ModuleType, ...]) -> "Story":
        found = Story.of(
            self.modules,
            levers=self.levers.values(),
            indicators=self.indicators.values(),
            dimensions=self.dimensions,
            reference=self.reference,
            whole=self.whole,
            rivals=rivals,
        )
        return replace(found, without_rivals=self)

    def range_of(self, found: Node) -> Range:
        """What a node can be: its own bounds, or those of its unit."""
        return Range(*found.bounds) if found.bounds else self.units[found.unit].range

    def range_in(self, unit: str) -> Range:
        """What a unit allows; anything, if the story has none of this name."""
        return self.units[unit].range if unit in self.units else ANYTHING

    @property
    def rival_names(self) -> tuple[str, ...]:
        """What its rivals are called."""
        return tuple(last_name(module.__name__) for module in self.rivals)

    @property
    def written(self) -> "Story":
        """The story without rivals."""
        return self.without_rivals or self

    @property
    def anew(self) -> tuple[str, ...]:
        """Names of the nodes whose laws are its rivals': other laws of nodes that are written down, and new nodes."""
        had = self.written.nodes
        return tuple(name for name, found in self.nodes.items() if name not in had or found.law is not had[name].law)

    @property
    def dims(self) -> dict[str, tuple[str, ...]]:
        """Dimensions, besides draws, of every lever, indicator, parameter and node, by name."""
        kinds = (self.levers, self.indicators, self.parameters, self.nodes)
        return {name: found.dims for kind in kinds for name, found in kind.items()}

    @property
    def sizes(self) -> dict[str, int]:
        """How many places each dimension has, with two allocations."""
        return {"allocation": 2, **{dim: len(places) for dim, places in self.dimensions.items()}}

    def probed(self) -> dict[str, Quantity]:
        """All nodes, computed from roots that are `PROBE` everywhere."""
        roots = [name for name in self.dims if name not in self.nodes]
        sizes, dims = self.sizes, self.dims
        inputs = {
            name: xr.DataArray(np.full([sizes[dim] for dim in dims[name]], PROBE), dims=dims[name]) for name in roots
        }
        with np.errstate(all="ignore"):
            return self.run(inputs)

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

    def entries_of(self, parameter: str) -> tuple[str, ...]:
        """Names of the elicited entries of a parameter: its own, or ``name[place]`` for each place of a vector."""
        dims = self.parameters[parameter].dims
        if not dims:
            return (parameter,)
        (dim,) = dims
        return tuple(str(Entry(parameter, (place,))) for place in self.dimensions[dim])

    @property
    def entries(self) -> dict[str, Parameter]:
        """Every entry that needs a prior, and its parameter."""
        return {entry: found for name, found in self.parameters.items() for entry in self.entries_of(name)}

    def causes(self, name: str) -> tuple[str, ...]:
        """Names of all that moves a node, parameters included; none for one that an intervention holds."""
        found = self.nodes[name]
        return () if found.is_held else found.parents

    def children(self, name: str) -> tuple[str, ...]:
        """Names of the nodes that depend on a node, lever, indicator or parameter directly."""
        return tuple(child for child in self.nodes if name in self.causes(child))

    def descendants(self, name: str) -> frozenset[str]:
        """Names of the nodes that depend on it directly or through others."""
        reached = {name}
        for child in self.nodes:
            if reached.intersection(self.causes(child)):
                reached.add(child)
        return frozenset(reached - {name})

    def needed_for(self, targets: Iterable[str], known: Collection[str] = ()) -> tuple[str, ...]:
        """Names of the target nodes and of the nodes above them that are not known, in causal order."""
        needed = {self.node(target).name for target in targets}.difference(known)
        for name in reversed(list(self.nodes)):
            if name in needed:
                needed.update(set(self.nodes[name].parents).difference(known))
        return tuple(name for name in self.nodes if name in needed)

    @property
    def variables(self) -> tuple[Variable, ...]:
        """Every single number that an allocation sets, in the order of the levers."""
        return tuple(variable for lever in self.levers.values() for variable in lever.variables(self.dimensions))

    def variable(self, name: str) -> Variable:
        """Return a variable of a lever by name.

        Raises
        ------
        InputError
            If there is none of this name; the nearest one is suggested.
        """
        named = {variable.name: variable for variable in self.variables}
        if name not in named:
            raise InputError(unknown("lever", name, named))
        return named[name]

    def with_node(self, changed: Node, edit: Edit) -> "Story":
        """Return a copy in which one node is another, and which says so."""
        nodes = MappingProxyType({**self.nodes, changed.name: changed})
        return replace(self, nodes=nodes, edits=(*self.edits, edit))

    def __repr__(self) -> str:
        edits = "".join(f", {edit.text}" for edit in self.edits)
        return f"<Story: {len(self.nodes)} nodes in {len(self.chapters)} chapters{edits}>"

    def __reduce__(self) -> tuple[Any, ...]:
        roots = {"levers": [lever for name, lever in self.levers.items() if name not in self._added]}
        parts = {
            **roots,
            "indicators": list(self.indicators.values()),
            "dimensions": dict(self.dimensions),
            "reference": self.reference,
            "whole": self.whole,
        }
        names = tuple(tuple(module.__name__ for module in found) for found in (self.modules, self.rivals))
        return _rebuilt, (*names, parts, self.edits)

    @property
    def _added(self) -> set[str]:
        """Levers that an intervention added."""
        return {lever for edit in self.edits for lever in edit.adds}

    def run(
        self, inputs: Mapping[str, Quantity], targets: Collection[str] | None = None, record: Record | None = None
    ) -> dict[str, Quantity]:
        """Compute nodes from levers, indicators and parameters, whatever kind of value those are.

        Parameters
        ----------
        inputs : mapping of name to float, DataArray or ``pymc.dims`` variable
            Every lever, indicator and parameter that the targets depend on, and of held nodes the two of `held_input`.
            A node among them is taken as it is and not computed.
        targets : collection of str, optional
            The nodes to return; all by default. Others are computed where needed and forgotten after use.
        record : callable, optional
            Called with each node's name and value; what it returns is used from there on.

        Returns
        -------
        dict of str to the kind of value that went in
        """
        targets = tuple(self.nodes) if targets is None else targets
        order = self.needed_for(targets, known=inputs)
        last_use = {parent: name for name in order for parent in self.nodes[name].parents}
        known: dict[str, Quantity] = dict(inputs)
        for name in order:
            found = self.nodes[name]
            value = found.law(**{parent: known[parent] for parent in found.parents})
            if found.held_at is not None:
                value = where(known[held_input(name, "free")], value, known[held_input(name, "value")])
            known[name] = record(name, value) if record else value
            for parent in found.parents:
                if last_use[parent] == name and parent not in targets:
                    known.pop(parent)
        return {name: known[name] for name in targets}


def _rebuilt(names: tuple[str, ...], rivals: tuple[str, ...], parts: dict[str, Any], edits: tuple[Edit, ...]) -> Story:
    """The story of some modules, with rivals and all interventions on it, as a pickle holds it."""
    story = Story.of([importlib.import_module(name) for name in names], **parts)
    if rivals:
        story = story.with_rivals([importlib.import_module(name) for name in rivals])
    for edit in edits:
        story = edit.function(story, *edit.arguments)
    return story
