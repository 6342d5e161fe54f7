"""Interventions: an unchanged story in, a changed one out.

``do`` holds a node at a value, ``pin`` at its own value in the reference world (in each draw, under every allocation),
``cut`` lets one effect of a cause see that cause as it is there. A name may carry an index, as in ``node[place]``.
The reference world itself is touched by none of them, and a node that only keeps accounts of others can't be held.
"""

import math
from collections.abc import Iterable
from dataclasses import replace
from types import MappingProxyType

import xarray as xr

from toc_model.aliases import Entry
from toc_model.engine.declare import Argument, Lever, Node
from toc_model.engine.edit import Edit
from toc_model.engine.laws import Quantity, reference, where
from toc_model.engine.ranges import fail_if_outside
from toc_model.engine.story import Story
from toc_model.errors import InputError, unknown
from toc_model.labels import fail_if_chains

EDGE = 1e-9
"""How near to a bound that it can't attain a node is held."""


def do(story: Story, node: str, value: float | xr.DataArray) -> Story:
    """Hold a node at a value, whatever its causes, under all allocations but the reference.

    Parameters
    ----------
    story : Story
    node : str
        Name of a node, with an index (``node[place]``) to hold one place of it.
    value : float or DataArray
        In the node's unit. An array may have dims ``draw``, ``allocation`` and the node's own; not with an index.
        Its labels are meant: it is put in the order of the story's places, and when the story is evaluated in that of
        the draws and allocations, or refused; without labels it goes by position. A bound that the node can't attain
        stands for a value `EDGE` beside it.

    Raises
    ------
    InputError
        If the node or index is unknown, the node only keeps accounts or is held as a whole alone, or the value is not
        finite, out of the node's bounds or of other dimensions.
    """
    found, mask = target_of(story, node)
    _fail_if_accounting(found, f"do({node})")
    _fail_if_in_part(story, node)
    array = xr.DataArray(value)
    fail_if_chains(array, f"do({node})")
    text = f"do({node})={float(value):g}" if array.ndim == 0 else f"do({node})=array"
    edit = Edit(text, do, (node, value))
    if mask is not None:
        if array.ndim:
            raise InputError(f"do({node}): found an array; allowed with an index: one number")
        held = xr.where(mask, within_bounds(story, found, array), _held(found))
        return story.with_node(_holding(found, held), edit)
    surplus = set(map(str, array.dims)) - {"draw", *found.dims}
    if surplus:
        raise InputError(f"do({node}): unknown dimension {min(surplus)!r} (allowed: draw, {', '.join(found.dims)})")
    return story.with_node(_holding(found, within_bounds(story, found, array)), edit)


def within_bounds(story: Story, node: Node, values: xr.DataArray) -> xr.DataArray:
    """Values that a node can have, those at a bound that it can't attain moved beside it.

    Parameters
    ----------
    story : Story
    node : Node
    values : xarray.DataArray
        In the node's unit.

    Raises
    ------
    InputError
        If one is out of bounds.
    """
    allowed = story.range_of(node)
    if values.size:
        story.units[node.unit].fail_if_calendar_year(float(values.max()), f"do({node.name})", "")
    fail_if_outside(values.values, allowed, f"do({node.name})", node.unit)
    lower, upper = allowed
    if not math.isfinite(upper):
        return values
    at_lower, at_upper = node.attained
    return values.clip(lower if at_lower else lower + EDGE, upper if at_upper else upper - EDGE)


def _held(node: Node) -> xr.DataArray:
    """Where a node is held, NaN where it is not."""
    return xr.DataArray(math.nan) if node.held_at is None else node.held_at


def _holding(node: Node, held: xr.DataArray) -> Node:
    """A node that is held, and so differs between the reference and other allocations."""
    dims = node.dims if "allocation" in node.dims else ("allocation", *node.dims)
    return replace(node, held_at=held, dims=dims)


def _fail_if_accounting(node: Node, what: str) -> None:
    if node.instead:
        *others, last = node.instead
        instead = f"{', '.join(others)} or {last}" if others else last
        raise InputError(f"{what}: {node.name} only keeps accounts of other nodes; allowed: {instead}")


def _fail_if_in_part(story: Story, name: str) -> None:
    """Fail if an index picks places of a dimension along which nodes are held at all places or none."""
    entry = Entry.parse(name)
    for place in entry.places:
        for dim in story.whole:
            if place in story.dimensions[dim]:
                raise InputError(f"do({name}): found one {dim}, {place!r}; allowed: do({entry.name}), in all of them")


def pin(story: Story, node: str) -> Story:
    """Hold a node, or one place of it, at its own value in the reference world, in each draw.

    Parameters
    ----------
    story : Story
    node : str
        Its name, or ``name[place]``.

    Raises
    ------
    InputError
        If the node or index is unknown, or the node only keeps accounts or is held as a whole alone.
    """
    found, mask = target_of(story, node)
    _fail_if_accounting(found, f"do({node})")
    _fail_if_in_part(story, node)
    law = found.law
    edit = Edit(f"do({node})={story.reference}", pin, (node,))
    if mask is None:
        dims = tuple(dim for dim in found.dims if dim != "allocation")
        pinned = replace(found, law=lambda **parents: reference(law(**parents)), held_at=None, dims=dims)
        return story.with_node(pinned, edit)

    def pinned_here(**parents: Quantity) -> Quantity:
        usual = law(**parents)
        return where(mask, reference(usual), usual)

    free = _held(found).where(~mask)
    held = None if bool(free.isnull().all()) else free
    return story.with_node(replace(found, law=pinned_here, held_at=held), edit)


def cut(story: Story, cause: str, effect: str) -> Story:
    """Cut one arrow: the effect sees its cause, or one place of it, as it is in the reference world.

    Parameters
    ----------
    story : Story
    cause, effect : str
        Names of nodes, or ``name[place]``; the cause may be a lever.

    Raises
    ------
    InputError
        If there is no such arrow between nodes (or from a lever to a node), or one of them only keeps accounts.
    """
    found, name, mask = _arrow(story, cause, effect)
    for end in (story.nodes.get(name), found):
        if end:
            _fail_if_accounting(end, f"cut({cause}->{effect})")
    law = found.law

    def without(**parents: Quantity) -> Quantity:
        usual = parents[name]
        seen = reference(usual) if mask is None else where(mask, reference(usual), usual)
        return law(**{**parents, name: seen})

    edit = Edit(f"cut({cause}->{effect})", cut, (cause, effect))
    return story.with_node(replace(found, law=without), edit)


def switched(story: Story, switch: str, arrows: Iterable[tuple[str, str]]) -> Story:
    """Add a lever that cuts arrows under the allocations where it is 1 and leaves them where it is 0.

    So one evaluation can compare many combinations of cuts, each an allocation.

    Parameters
    ----------
    story : Story
    switch : str
        Name of the new lever, dims ``(allocation,)``.
    arrows : iterable of (cause, effect)
        As `cut` takes them.

    Raises
    ------
    InputError
        If there is no such arrow, or the name of the switch is taken.
    """
    taken = {*story.levers, *story.indicators, *story.parameters, *story.nodes}
    if switch in taken:
        raise InputError(f"switch: found {switch!r}, which is a name of the story already")
    lever = Lever(switch, unit="0 or 1", dims=("allocation",), claims=(), statement="1 where arrows are cut.")
    every = list(arrows)
    by_effect: dict[str, list[str]] = {}
    for cause, effect in every:
        by_effect.setdefault(effect, []).append(cause)
    changed = replace(story, levers=MappingProxyType({**story.levers, switch: lever}))
    for effect, causes in by_effect.items():
        changed = _with_switch(changed, switch, causes, effect)
    text = "; ".join(f"{switch} cuts {', '.join(causes)} -> {effect}" for effect, causes in by_effect.items())
    return replace(changed, edits=(*story.edits, Edit(text, switched, (switch, every), adds=(switch,))))


def _with_switch(story: Story, switch: str, causes: list[str], effect: str) -> Story:
    seen = [_arrow(story, cause, effect)[1:] for cause in causes]
    found = story.node(effect)
    law = found.law

    def switchable(**parents: Quantity) -> Quantity:
        off = parents.pop(switch)
        for name, mask in seen:
            cut_here = off if mask is None else where(mask, off, 0.0)
            parents[name] = where(cut_here, reference(parents[name]), parents[name])
        return law(**parents)

    arguments = (*found.arguments, Argument(name=switch, unit="0 or 1"))
    changed = replace(found, law=switchable, arguments=arguments)
    return replace(story, nodes=MappingProxyType({**story.nodes, effect: changed}))


def _arrow(story: Story, cause: str, effect: str) -> tuple[Node, str, xr.DataArray | None]:
    """The effect, the name of the cause, and the places of the cause that are meant (None for all)."""
    name = Entry.parse(cause).name
    found = story.node(effect)
    causes = [parent for parent in found.parents if parent in story.nodes or parent in story.levers]
    if name not in causes:
        raise InputError(f"cut({cause}->{effect}): {unknown('cause', name, causes)}")
    dims = story.nodes[name].dims if name in story.nodes else story.levers[name].dims
    return found, name, place_mask(story, dims, cause)


def target_of(story: Story, name: str) -> tuple[Node, xr.DataArray | None]:
    """The node that a name means, and True at the places that its index selects (None for all).

    Raises
    ------
    InputError
        If there is no such node or place.
    """
    node = story.node(Entry.parse(name).name)
    return node, place_mask(story, node.dims, name)


def place_mask(story: Story, dims: tuple[str, ...], name: str) -> xr.DataArray | None:
    """True at the places that the index of a name selects; None for a name without an index.

    Places of one dimension are added up, those of different dimensions must hold together.
    """
    entry = Entry.parse(name)
    if not entry.places:
        return None
    chosen: dict[str, set[str]] = {}
    for place in entry.places:
        dim = next((dim for dim in dims if place in story.dimensions.get(dim, ())), None)
        if dim is None:
            allowed = [place for dim in dims for place in story.dimensions.get(dim, ())]
            raise InputError(f"{entry.name}: {unknown('index', place, allowed)}")
        chosen.setdefault(dim, set()).add(place)
    mask = xr.DataArray(True)
    for dim, places in chosen.items():
        mask = mask & xr.DataArray([label in places for label in story.dimensions[dim]], dims=dim)
    return mask


def fail_if_held(story: Story, names: Iterable[str], why: str) -> None:
    """Fail if one of these nodes has been held, at a value or at that of the reference, by an intervention."""
    for name in names:
        if any(edit.text.startswith((f"do({name})", f"do({name}[")) for edit in story.edits):
            raise InputError(f"{name} is held by an override, so that {why}")
