"""What is read off the functions of a story's chapters: nodes, their arguments, units and claims, and parameters."""

import inspect
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from types import ModuleType
from typing import Any, get_type_hints

from toc_model.engine import checks
from toc_model.engine.declare import Argument, Chapter, Declaration, Indicator, Law, Lever, Node, Parameter
from toc_model.engine.ranges import ANYTHING, Range
from toc_model.engine.units import Over, Unit, Within
from toc_model.naming import in_words


def units_of(modules: Iterable[ModuleType]) -> dict[str, Unit]:
    """Units of all that the laws of some modules take and give, by their names."""
    hints = [
        hint
        for module in modules
        for law in _laws_of(module)
        for hint in get_type_hints(law, include_extras=True).values()
    ]
    return {mark.name: mark for hint in hints for mark in hint.__metadata__ if isinstance(mark, Unit)}


def _laws_of(module: ModuleType) -> list[Law]:
    laws = [law for law in vars(module).values() if inspect.isfunction(law) and "declaration" in law.__dict__]
    return [law for law in laws if law.__module__ == module.__name__]


def nodes_of(module: ModuleType) -> list[Node]:
    """The laws of a module as nodes, in the order they are written."""
    return [_node_of(law) for law in _laws_of(module)]


def _node_of(law: Any) -> Node:
    declaration: Declaration = law.__dict__["declaration"]
    hints = get_type_hints(law, include_extras=True)
    checks.fail_if_undeclared(law, hints)
    return Node(
        name=law.__name__,
        chapter=last_name(law.__module__),
        law=law,
        arguments=tuple(
            Argument(name=name, unit=_unit(hint), dims=_over(hint), range=_range(hint))
            for name, hint in hints.items()
            if name != "return"
        ),
        unit=_unit(hints["return"]),
        dims=declaration.dims,
        claims=declaration.claims,
        statement=_statement(law.__doc__ or ""),
        label=declaration.label or in_words(law.__name__),
        is_outcome=declaration.is_outcome,
        undefined_where=declaration.undefined_where,
        bounds=declaration.bounds,
        attained=declaration.attained,
        instead=tuple(declaration.instead.split()),
    )


def _statement(doc: str) -> str:
    """The claim of a docstring, without the unit and shape in its last brackets."""
    text = " ".join(doc.split())
    return f"{text.rpartition(' (')[0]}." if text.endswith(").") else text


def _unit(hint: Any) -> str:
    return next(mark.name for mark in hint.__metadata__ if isinstance(mark, Unit))


def _over(hint: Any) -> tuple[str, ...]:
    return next((mark.dims for mark in hint.__metadata__ if isinstance(mark, Over)), ())


def _range(hint: Any) -> Range:
    found = ANYTHING
    for mark in hint.__metadata__:
        if isinstance(mark, Unit | Within):
            found = found.both(Range(mark.lower, mark.upper))
    return found


def given_anew(written: Sequence[Node], anew: Sequence[Node]) -> list[Node]:
    """Nodes as they are written, with the laws of rivals in the place of their own and new nodes behind them.

    Raises
    ------
    StoryError
        If two rivals give one law, or a node would become another thing: of another unit, or over other dimensions.
    """
    given: dict[str, Node] = {}
    by_name = {found.name: found for found in written}
    for found in anew:
        if found.name in given:
            raise checks.StoryError(
                f"rivals {given[found.name].chapter} and {found.chapter}: both give {found.name!r}; allowed: one"
            )
        given[found.name] = _in_place_of(by_name[found.name], found) if found.name in by_name else found
    return [given.get(found.name, found) for found in written] + [
        found for name, found in given.items() if name not in by_name
    ]


def _in_place_of(old: Node, new: Node) -> Node:
    """A rival's node with what the story says of that node whatever its law."""
    for what, is_now, was in (("unit", new.unit, old.unit), ("dimensions", set(new.dims), set(old.dims))):
        if is_now != was:
            raise checks.StoryError(
                f"rival {new.chapter}: {new.name}: found {what} {is_now!r}; allowed: {was!r}, as in {old.chapter}"
            )
    return replace(
        old, chapter=new.chapter, law=new.law, arguments=new.arguments, claims=new.claims, statement=new.statement
    )


def chapters_of(modules: Iterable[ModuleType], rivals: Iterable[ModuleType]) -> tuple[Chapter, ...]:
    """Chapters of a story, each without the nodes that a rival gives anew, and then the rivals."""
    rival = [_chapter_of(module) for module in rivals]
    anew = {name for chapter in rival for name in chapter.nodes}
    own = [_chapter_of(module) for module in modules]
    left = [replace(one, nodes=tuple(name for name in one.nodes if name not in anew)) for one in own]
    return (*left, *rival)


def _chapter_of(module: ModuleType) -> Chapter:
    """A module as a chapter of the story."""
    title = (module.__doc__ or "").strip().splitlines()[0].partition(":")[2].strip(" .")
    return Chapter(last_name(module.__name__), title, tuple(found.name for found in nodes_of(module)))


def last_name(module_name: str) -> str:
    """What a module's chapter is called."""
    return module_name.rpartition(".")[2]


def parameters_of(roots: Iterable[Lever | Indicator], nodes: Collection[Node]) -> dict[str, Parameter]:
    """What the nodes take that is no node, lever or indicator."""
    arrows = {root.name for root in roots} | {found.name for found in nodes}
    parameters: dict[str, Parameter] = {}
    for found in nodes:
        for argument in found.arguments:
            if argument.name not in arrows:
                known = parameters.get(argument.name)
                users = (*known.used_by, found.name) if known else (found.name,)
                allowed = argument.range.both(known.range) if known else argument.range
                parameters[argument.name] = Parameter(argument.name, argument.unit, argument.dims, users, allowed)
    return parameters
