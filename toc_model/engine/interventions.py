"""Interventions: an unchanged story in, a changed one out.

``do`` holds a node at a value, ``pin`` at its own status quo (in each draw, under every allocation), ``cut`` lets one
effect of a cause see that cause's status quo. A name may carry an index, as in ``reach[outreach]``.
"""

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import xarray as xr

from toc_model.documents import as_number
from toc_model.engine.laws import Quantity, status_quo, where
from toc_model.engine.story import Argument, Lever, Node, Story
from toc_model.errors import InputError, unknown

STATUS_QUO = "status_quo"


def do(story: Story, node: str, value: float | xr.DataArray) -> Story:
    """Hold a node at a value, whatever its causes.

    Parameters
    ----------
    story : Story
    node : str
        Name of a node, with an index (``reach[outreach]``) to hold one place of it.
    value : float or DataArray
        In the node's unit. An array may have dims ``draw``, ``allocation`` and the node's own; not with an index.

    Raises
    ------
    InputError
        If the node or index is unknown, or the value is not finite or has other dimensions.
    """
    found, mask = _target(story, node)
    array = xr.DataArray(value)
    if not np.isfinite(array.values).all():
        raise InputError(f"do({node}): found a value that is not a finite number")
    edit = f"do({node})={float(value):g}" if array.ndim == 0 else f"do({node})=array"
    if mask is not None:
        if array.ndim:
            raise InputError(f"do({node}): found an array; allowed with an index: one number")
        number = float(array)
        return story.with_node(_changed(found, lambda usual: where(mask, number, usual)), edit)
    surplus = set(map(str, array.dims)) - {"draw", *found.dims}
    if surplus:
        raise InputError(f"do({node}): unknown dimension {min(surplus)!r} (allowed: draw, {', '.join(found.dims)})")
    return story.with_node(replace(found, held_at=array), edit)


def pin(story: Story, node: str) -> Story:
    """Hold a node, or one place of it, at its own status-quo value in each draw and branch.

    Raises
    ------
    InputError
        If the node or index is unknown.
    """
    found, mask = _target(story, node)

    def pinned(usual: Quantity) -> Quantity:
        return status_quo(usual) if mask is None else where(mask, status_quo(usual), usual)

    dims = tuple(dim for dim in found.dims if dim != "allocation") if mask is None else found.dims
    return story.with_node(replace(_changed(found, pinned), dims=dims), f"do({node})={STATUS_QUO}")


def cut(story: Story, cause: str, effect: str) -> Story:
    """Cut one arrow: the effect sees its cause, or one place of it, as it is under the status quo.

    Raises
    ------
    InputError
        If there is no such arrow between nodes (or from a lever to a node).
    """
    found, name, mask = _arrow(story, cause, effect)
    law = found.law

    def without(**parents: Quantity) -> Quantity:
        usual = parents[name]
        seen = status_quo(usual) if mask is None else where(mask, status_quo(usual), usual)
        return law(**{**parents, name: seen})

    return story.with_node(replace(found, law=without), f"cut({cause}->{effect})")


def switched(story: Story, switch: str, arrows: Iterable[tuple[str, str]]) -> Story:
    """Add a lever that cuts arrows under the allocations where it is 1 and leaves them where it is 0.

    So one evaluation can compare many combinations of cuts, each an allocation.

    Parameters
    ----------
    story : Story
    switch : str
        Name of the new lever, dims ``(allocation,)``.
    arrows : iterable of (cause, effect)
        As `cut` takes them; each effect sees the cause's status quo.

    Raises
    ------
    InputError
        If there is no such arrow, or the name of the switch is taken.
    """
    taken = {*story.levers, *story.indicators, *story.parameters, *story.nodes}
    if switch in taken:
        raise InputError(f"switch: found {switch!r}, which is a name of the story already")
    lever = Lever(switch, unit="0 or 1", dims=("allocation",), claims=(), statement="1 where arrows are cut.")
    changed = replace(story, levers=MappingProxyType({**story.levers, switch: lever}))
    by_effect: dict[str, list[str]] = {}
    for cause, effect in arrows:
        by_effect.setdefault(effect, []).append(cause)
    for effect, causes in by_effect.items():
        changed = _with_switch(changed, switch, causes, effect)
    return changed


def _with_switch(story: Story, switch: str, causes: list[str], effect: str) -> Story:
    seen = [_arrow(story, cause, effect)[1:] for cause in causes]
    found = story.node(effect)
    law = found.law

    def switchable(**parents: Quantity) -> Quantity:
        off = parents.pop(switch)
        for name, mask in seen:
            cut_here = off if mask is None else where(mask, off, 0.0)
            parents[name] = where(cut_here, status_quo(parents[name]), parents[name])
        return law(**parents)

    arguments = (*found.arguments, Argument(name=switch, unit="0 or 1"))
    changed = replace(found, law=switchable, arguments=arguments)
    return story.with_node(changed, f"{switch} cuts {', '.join(causes)} -> {effect}")


def _arrow(story: Story, cause: str, effect: str) -> tuple[Node, str, xr.DataArray | None]:
    """The effect, the name of the cause, and the places of the cause that are meant (None for all)."""
    name, _, _ = cause.partition("[")
    found = story.node(effect)
    causes = [parent for parent in found.parents if parent in story.nodes or parent in story.levers]
    if name not in causes:
        raise InputError(f"cut({cause}->{effect}): {unknown('cause', name, causes)}")
    dims = story.nodes[name].dims if name in story.nodes else story.levers[name].dims
    return found, name, place_mask(story, dims, cause)


@dataclass(frozen=True, slots=True)
class Override:
    """One change of the model in words: ``parameter=value``, ``parameter*=factor``, ``do(node)=value``,
    ``do(node)=status_quo`` or ``cut(cause->effect)``.

    Attributes
    ----------
    text : str
        As written.
    kind : str
        "set", "scale", "do", "pin" or "cut".
    target : str
        The parameter or node, or the cause, with its index if any.
    effect : str
        The effect whose arrow is cut.
    value : float
    """

    text: str
    kind: str
    target: str
    effect: str = ""
    value: float = math.nan


BETWEEN = re.compile(r";(?![^\[]*\])")
"""Semicolons that are not inside an index."""
NAME = r"([A-Za-z_]\w*(?:\[[\w;]+\])?)"
PATTERNS = {
    "scale": re.compile(rf"{NAME}\*=(.+)"),
    "set": re.compile(rf"{NAME}=(.+)"),
    "pin": re.compile(rf"do\({NAME}\)={STATUS_QUO}()"),
    "do": re.compile(rf"do\({NAME}\)=(.+)"),
    "cut": re.compile(rf"cut\({NAME}->(\w+)\)"),
}


def parse_override(text: str) -> Override:
    """Read one override.

    Raises
    ------
    InputError
        If it has none of the five forms, or its value is not a finite number.
    """
    compact = re.sub(r"\s+", "", text)
    for kind, pattern in PATTERNS.items():
        if match := pattern.fullmatch(compact):
            target, rest = match.groups()
            if kind in ("pin", "cut"):
                return Override(compact, kind, target, effect=rest)
            return Override(compact, kind, target, value=_number(text, rest))
    raise InputError(
        f"override {text!r}: allowed: parameter=value, parameter*=factor, do(node)=value, do(node)={STATUS_QUO} "
        "or cut(cause->effect)"
    )


def parse_overrides(texts: Iterable[str]) -> tuple[Override, ...]:
    """Read overrides; each text may hold several, joined by semicolons."""
    return tuple(parse_override(part) for text in texts for part in BETWEEN.split(text) if part.strip())


def apply_overrides(story: Story, parameters: xr.Dataset, overrides: Iterable[Override]) -> tuple[Story, xr.Dataset]:
    """Apply overrides, in order, to a story and the draws of its parameters.

    Raises
    ------
    InputError
        If a name or index is unknown, or an arrow does not exist.
    """
    for override in overrides:
        if override.kind == "do":
            story = do(story, override.target, override.value)
        elif override.kind == "pin":
            story = pin(story, override.target)
        elif override.kind == "cut":
            story = cut(story, override.target, override.effect)
        else:
            parameters = _with_parameter(story, parameters, override)
    return story, parameters


def fail_if_unknown(story: Story, override: Override) -> None:
    """Fail if an override names a parameter, node, index or arrow that the story does not have."""
    if override.kind == "cut":
        cut(story, override.target, override.effect)
    elif override.kind in ("do", "pin"):
        _target(story, override.target)
    else:
        _parameter_mask(story, override)


def _parameter_mask(story: Story, override: Override) -> xr.DataArray | None:
    name, _, _ = override.target.partition("[")
    if name not in story.parameters:
        hint = f"; it is a node: write do({override.target})={override.value:g}" if name in story.nodes else ""
        raise InputError(f"override {override.text!r}: {unknown('parameter', name, story.parameters)}{hint}")
    return place_mask(story, story.parameters[name].dims, override.target)


def _with_parameter(story: Story, parameters: xr.Dataset, override: Override) -> xr.Dataset:
    name, _, _ = override.target.partition("[")
    mask = _parameter_mask(story, override)
    values = parameters[name]
    changed = values * override.value if override.kind == "scale" else xr.full_like(values, override.value)
    return parameters.assign(
        {name: changed if mask is None else xr.where(mask, changed, values).transpose(*values.dims)}
    )


def _number(text: str, value: str) -> float:
    found = as_number(value)
    if not math.isfinite(found):
        raise InputError(f"override {text!r}: found {value!r}; allowed: a finite number (or {STATUS_QUO} for a node)")
    return found


def _target(story: Story, name: str) -> tuple[Node, xr.DataArray | None]:
    node = story.node(name.partition("[")[0])
    return node, place_mask(story, node.dims, name)


def place_mask(story: Story, dims: tuple[str, ...], name: str) -> xr.DataArray | None:
    """True at the places that the index of a name selects; None for a name without an index.

    Places of one dimension are added up, those of different dimensions must hold together.
    """
    base, bracket, index = name.partition("[")
    if not bracket:
        return None
    chosen: dict[str, set[str]] = {}
    for place in index.rstrip("]").split(";"):
        dim = next((dim for dim in dims if place in story.dimensions.get(dim, ())), None)
        if dim is None:
            allowed = [place for dim in dims for place in story.dimensions.get(dim, ())]
            raise InputError(f"{base}: {unknown('index', place, allowed)}")
        chosen.setdefault(dim, set()).add(place)
    mask = xr.DataArray(True)
    for dim, places in chosen.items():
        mask = mask & xr.DataArray([label in places for label in story.dimensions[dim]], dims=dim)
    return mask


def fail_if_held(story: Story, names: Iterable[str], why: str) -> None:
    """Fail if one of these nodes has been held, at a value or at its status quo, by an intervention."""
    for name in names:
        if any(edit.startswith((f"do({name})", f"do({name}[")) for edit in story.edits):
            raise InputError(f"{name} is held by an override, so that {why}")


def _changed(node: Node, change: Callable[[Quantity], Quantity]) -> Node:
    """A node whose value, computed or held, is changed."""
    if node.held_at is not None:
        return replace(node, held_at=xr.DataArray(change(node.held_at)))
    law = node.law
    return replace(node, law=lambda **parents: change(law(**parents)))
