"""What a question may be about: a node, a parameter, one place of either, or a smooth function of nodes.

The functions here are laws like those of the story: their arguments are named as the nodes that they need.
"""

from itertools import product

from toc_model.aliases import Entry
from toc_model.engine.checks import entries_of
from toc_model.engine.laws import Quantity, at
from toc_model.engine.story import Law, Story
from toc_model.engine.units import Probability
from toc_model.errors import InputError, unknown
from toc_model.essay.dimensions import NO_PAUSE, PAUSE


def p_doom_given_pause(
    overtaken: Probability, doom_by_leader: Probability, doom_by_laggard: Probability
) -> Probability:
    """Existential catastrophe if there is a pause (probability; allocation)."""
    return _doom_in(PAUSE, overtaken, doom_by_leader, doom_by_laggard)


def p_doom_given_no_pause(
    overtaken: Probability, doom_by_leader: Probability, doom_by_laggard: Probability
) -> Probability:
    """Existential catastrophe if there is no pause (probability; allocation)."""
    return _doom_in(NO_PAUSE, overtaken, doom_by_leader, doom_by_laggard)


def _doom_in(branch: int, overtaken: Quantity, doom_by_leader: Quantity, doom_by_laggard: Quantity) -> Quantity:
    lost = at(overtaken, branch=branch)
    return (1 - lost) * at(doom_by_leader, branch=branch) + lost * doom_by_laggard


TARGETS: dict[str, Law] = {law.__name__: law for law in (p_doom_given_pause, p_doom_given_no_pause)}

UNITS = dict.fromkeys(TARGETS, "probability")


def target_names(story: Story) -> tuple[str, ...]:
    """Names of all that a question may be about, with their indices."""
    return (*TARGETS, *(name for thing in (*story.parameters, *story.nodes) for name in places_of(story, thing)))


def places_of(story: Story, name: str) -> tuple[str, ...]:
    """The name of a node or parameter itself, or ``name[index]`` for each of its places.

    Raises
    ------
    InputError
        If the name is unknown.
    """
    if name in TARGETS:
        return (name,)
    if name in story.parameters:
        return entries_of(story, name)
    dims = [dim for dim in story.node(name).dims if dim != "allocation"]
    if not dims:
        return (name,)
    return tuple(str(Entry(name, places)) for places in product(*(story.dimensions[dim] for dim in dims)))


def target_unit(story: Story, target: str) -> str:
    """Return the unit of a target.

    Raises
    ------
    InputError
        If there is no such target, or it has places and none is named.
    """
    if target in TARGETS:
        return UNITS[target]
    name = Entry.parse(target).name
    if name not in story.parameters and name not in story.nodes:
        raise InputError(unknown("target", target, [*TARGETS, *story.parameters, *story.nodes]))
    places = places_of(story, name)
    if target not in places:
        raise InputError(f"{unknown('target', target, places)}; {name!r} is asked about at one place")
    return story.parameters[name].unit if name in story.parameters else story.nodes[name].unit
