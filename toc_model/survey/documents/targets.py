"""What a question may be about: a node, a parameter, one place of either, or a function of nodes that the case names.

Those functions are laws like those of the story: their arguments are named as the nodes that they need.
"""

from itertools import product
from typing import get_type_hints

from toc_model.aliases import Entry
from toc_model.engine.case import Case
from toc_model.engine.units import Unit
from toc_model.errors import InputError, unknown


def places_of(case: Case, name: str) -> tuple[str, ...]:
    """The name of a node or parameter itself, or ``name[index]`` for each of its places.

    Raises
    ------
    InputError
        If the name is unknown.
    """
    story = case.story
    if name in case.targets:
        return (name,)
    if name in story.parameters:
        return story.entries_of(name)
    dims = [dim for dim in story.node(name).dims if dim != "allocation"]
    if not dims:
        return (name,)
    return tuple(str(Entry(name, places)) for places in product(*(story.dimensions[dim] for dim in dims)))


def target_unit(case: Case, target: str) -> str:
    """Return the unit of a target.

    Raises
    ------
    InputError
        If there is no such target, or it has places and none is named.
    """
    story = case.story
    if target in case.targets:
        hint = get_type_hints(case.targets[target], include_extras=True)["return"]
        return next(mark.name for mark in hint.__metadata__ if isinstance(mark, Unit))
    name = Entry.parse(target).name
    if name not in story.parameters and name not in story.nodes:
        raise InputError(unknown("target", target, [*case.targets, *story.parameters, *story.nodes]))
    places = places_of(case, name)
    if target not in places:
        raise InputError(f"{unknown('target', target, places)}; {name!r} is asked about at one place")
    return story.parameters[name].unit if name in story.parameters else story.nodes[name].unit
