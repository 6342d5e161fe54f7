"""What can be wrong with a story: one function and one clear error for each kind."""

import inspect
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Any

from toc_model.engine.declare import Indicator, Lever, Node, Parameter
from toc_model.engine.units import Unit
from toc_model.errors import InputError, did_you_mean


class StoryError(InputError):
    """A story, or the story and its priors, do not fit together."""


def fail_if_undeclared(law: Callable[..., Any], hints: Mapping[str, Any]) -> None:
    """Fail if an argument or the result of a law has no unit, or the law has no docstring or a free-form argument."""
    where = f"{law.__module__}.{law.__name__}"
    if not law.__doc__:
        raise StoryError(f"{where}: found no docstring; a law states its claim in one sentence")
    for argument in inspect.signature(law).parameters.values():
        by_name = argument.kind in (argument.POSITIONAL_OR_KEYWORD, argument.KEYWORD_ONLY)
        if not by_name or argument.default is not argument.empty:
            found = str(argument.replace(annotation=argument.empty))
            raise StoryError(f"{where}: argument {found!r} is not a plain name; a law's arguments are its parents")
    for name in [*inspect.signature(law).parameters, "return"]:
        if not any(isinstance(mark, Unit) for mark in getattr(hints.get(name), "__metadata__", ())):
            what = "its result" if name == "return" else f"argument {name!r}"
            raise StoryError(f"{where}: {what} has no unit; annotate it with one of toc_model.engine.units")


def fail_if_names_clash(roots: Sequence[str], nodes: Sequence[Node]) -> None:
    """Fail if two of the levers, indicators and nodes have the same name."""
    counts = Counter([*roots, *(node.name for node in nodes)])
    for name, count in counts.items():
        if count > 1:
            places = ", ".join(node.chapter for node in nodes if node.name == name)
            raise StoryError(f"name clash: {name!r} is declared {count} times (chapters: {places}); names are unique")


LABEL = 30
"""Characters of a label."""


def fail_if_labels_unfit(nodes: Sequence[Node]) -> None:
    """Fail if a node's label is too long for tables, or stands for another node too."""
    counts = Counter(node.label for node in nodes)
    for node in nodes:
        where = f"{node.chapter}.{node.name}: label"
        if len(node.label) > LABEL:
            raise StoryError(f"{where}: found {node.label!r} of {len(node.label)} characters; allowed: {LABEL}")
        if counts[node.label] > 1:
            raise StoryError(f"{where}: found {node.label!r} for another node too; allowed: one of its own")


def fail_if_units_clash(roots: Iterable[Lever | Indicator], nodes: Sequence[Node]) -> None:
    """Fail if an arrow, or a parameter that two laws share, has different units (or dimensions) at its ends."""
    units = {thing.name: (thing.unit, "declares") for thing in [*roots, *nodes]}
    dims: dict[str, tuple[str, ...]] = {}
    for node in nodes:
        for argument in node.arguments:
            unit, verb = units.setdefault(argument.name, (argument.unit, "elsewhere has"))
            if unit != argument.unit:
                raise StoryError(
                    f"unit clash: {node.chapter}.{node.name} takes {argument.name!r} in {argument.unit!r}, "
                    f"which {verb} {unit!r}"
                )
            if verb != "declares" and dims.setdefault(argument.name, argument.dims) != argument.dims:
                raise StoryError(
                    f"dimension clash: {node.chapter}.{node.name} takes {argument.name!r} over {argument.dims}, "
                    f"another law over {dims[argument.name]}"
                )


def in_causal_order(nodes: Sequence[Node]) -> list[Node]:
    """Put parents before their children and otherwise keep the order of the chapters; fail on a cycle."""
    by_name = {node.name: node for node in nodes}
    parents = {node.name: [name for name in node.parents if name in by_name] for node in nodes}
    try:
        TopologicalSorter(parents).prepare()
    except CycleError as error:
        loop = " -> ".join(error.args[1])
        raise StoryError(f"cycle: {loop}; a cause can't be its own effect") from None
    ordered: dict[str, Node] = {}

    def visit(name: str) -> None:
        if name not in ordered:
            for parent in parents[name]:
                visit(parent)
            ordered[name] = by_name[name]

    for name in by_name:
        visit(name)
    return list(ordered.values())


def fail_if_dimensions_unknown(declared: Mapping[str, tuple[str, ...]], known: Iterable[str]) -> None:
    """Fail if a lever, indicator, parameter or node has a dimension that the story does not have."""
    allowed = list(known)
    for name, dims in declared.items():
        for dim in dims:
            if dim not in allowed:
                raise StoryError(f"{name}: unknown dimension {dim!r}{did_you_mean(dim, allowed)}")


def fail_if_dimensions_differ(declared: Mapping[str, tuple[str, ...]], computed: Mapping[str, Any]) -> None:
    """Fail if a law gives other dimensions than its node declares."""
    for name, value in computed.items():
        found = tuple(getattr(value, "dims", ()))
        if set(declared[name]) != set(found):
            raise StoryError(f"{name}: declares dimensions {declared[name]}, its law gives {found}")


def fail_if_priors_differ(
    wanted: Mapping[str, Parameter], units: Mapping[str, str], other_names: Iterable[str], source: str
) -> None:
    """Fail if a parameter of a story has no prior, a prior no parameter, or the two differ in their unit.

    Parameters
    ----------
    wanted : mapping of str to Parameter
        By entry (``name`` or ``name[place]``), what laws ask for.
    units : mapping of str to str
        Unit of every elicited entry.
    other_names : iterable of str
        Of nodes and levers, one of which may have been meant.
    source : str
        Where the priors are from, for the message.
    """
    for entry, parameter in wanted.items():
        if entry not in units:
            users = ", ".join(parameter.used_by)
            near = did_you_mean(parameter.name, [*other_names, *units])
            raise StoryError(f"{source}: no prior for {entry!r}, which {users} asks for{near}")
    for entry, unit in units.items():
        if entry not in wanted:
            raise StoryError(f"{source}: surplus prior {entry!r}, which no law asks for{did_you_mean(entry, wanted)}")
        if unit != wanted[entry].unit:
            raise StoryError(f"{source}: {entry}: found unit {unit!r}, its law asks for {wanted[entry].unit!r}")
