"""Changes of the model in words, as options and documents have them."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import xarray as xr
from numpy.typing import ArrayLike

from toc_model.aliases import Entry
from toc_model.documents import as_number
from toc_model.engine.interventions import cut, do, pin, place_mask
from toc_model.engine.ranges import fail_if_outside
from toc_model.engine.story import Story
from toc_model.errors import InputError, unknown


@dataclass(frozen=True, slots=True)
class Override:
    """One change of the model in words: ``parameter=value``, ``parameter*=factor``, ``do(node)=value``,
    ``do(node)=REFERENCE`` (the name of the allocation that the story is anchored to) or ``cut(cause->effect)``.

    Attributes
    ----------
    text : str
        As written.
    kind : str
        "set", "scale", "do", "pin" or "cut".
    target : str
        The parameter or node, or the cause, with its index if any.
    effect : str
        The effect whose arrow is cut; of a pin, the name of the reference.
    value : float
    """

    text: str
    kind: str
    target: str
    effect: str = ""
    value: float = field(default=math.nan, compare=False)


BETWEEN = re.compile(r";(?![^\[]*\])")
"""Semicolons that are not inside an index."""
NAME = r"([A-Za-z_]\w*(?:\[[\w;]+\])?)"
PATTERNS = {
    "scale": re.compile(rf"{NAME}\*=(.+)"),
    "set": re.compile(rf"{NAME}=(.+)"),
    "pin": re.compile(rf"do\({NAME}\)=(?!inf$|nan$|infinity$)([A-Za-z_]\w*)", re.IGNORECASE),
    "do": re.compile(rf"do\({NAME}\)=(.+)"),
    "cut": re.compile(rf"cut\({NAME}->(\w+)\)"),
}


REFERENCE = "REFERENCE"


def parse_override(text: str, reference: str = REFERENCE) -> Override:
    """Read one override.

    Parameters
    ----------
    text : str
    reference : str
        Name of the reference, if it is known, for messages.

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
        f"override {text!r}: allowed: parameter=value, parameter*=factor, do(node)=value, "
        f"do(node)={reference} or cut(cause->effect)"
    )


def parse_overrides(texts: Iterable[str], reference: str = REFERENCE) -> tuple[Override, ...]:
    """Read overrides as `parse_override` does; each text may hold several, joined by semicolons."""
    return tuple(parse_override(part, reference) for text in texts for part in BETWEEN.split(text) if part.strip())


def apply_overrides(story: Story, parameters: xr.Dataset, overrides: Iterable[Override]) -> tuple[Story, xr.Dataset]:
    """Apply overrides, in order, to a story and the draws of its parameters.

    Raises
    ------
    InputError
        If a name or index is unknown, an arrow does not exist, or a value is none that the parameter or node can have.
    """
    changed: dict[str, Override] = {}
    for override in overrides:
        if override.kind == "do":
            story = do(story, override.target, override.value)
        elif override.kind == "pin":
            _fail_if_no_reference(story, override)
            story = pin(story, override.target)
        elif override.kind == "cut":
            story = cut(story, override.target, override.effect)
        else:
            parameters = _with_parameter(story, parameters, override)
            changed[Entry.parse(override.target).name] = override
    for name, override in changed.items():
        _fail_if_outside(story, override, parameters[name].values)
    return story, parameters


def fail_if_impossible(story: Story, override: Override) -> None:
    """Fail if an override names what the story does not have, or a value that its parameter or node can't have."""
    if override.kind == "cut":
        cut(story, override.target, override.effect)
    elif override.kind == "do":
        do(story, override.target, override.value)
    elif override.kind == "pin":
        pin(story, override.target)
        _fail_if_no_reference(story, override)
    else:
        _parameter_mask(story, override)
        if override.kind == "set":
            _fail_if_outside(story, override, override.value)


def _fail_if_outside(story: Story, override: Override, values: ArrayLike) -> None:
    parameter = story.parameters[Entry.parse(override.target).name]
    if override.kind == "set" and (unit := story.units.get(parameter.unit)):
        instead = f" (or set {override.target}={override.value:g} as a number of your own, such as --set takes)"
        unit.fail_if_calendar_year(override.value, f"override {override.text!r}", instead)
    fail_if_outside(values, parameter.range, f"override {override.text!r}", parameter.unit)


def _fail_if_no_reference(story: Story, override: Override) -> None:
    if override.kind == "pin" and override.effect != story.reference:
        raise InputError(
            f"override {override.text!r}: found {override.effect!r}; allowed: a finite number, or "
            f"{story.reference!r} for the node's own value there"
        )


def _parameter_mask(story: Story, override: Override) -> xr.DataArray | None:
    name = Entry.parse(override.target).name
    if name not in story.parameters:
        hint = f"; it is a node: write do({override.target})={override.value:g}" if name in story.nodes else ""
        raise InputError(f"override {override.text!r}: {unknown('parameter', name, story.parameters)}{hint}")
    return place_mask(story, story.parameters[name].dims, override.target)


def _with_parameter(story: Story, parameters: xr.Dataset, override: Override) -> xr.Dataset:
    name = Entry.parse(override.target).name
    mask = _parameter_mask(story, override)
    values = parameters[name]
    changed = values * override.value if override.kind == "scale" else xr.full_like(values, override.value)
    return parameters.assign(
        {name: changed if mask is None else xr.where(mask, changed, values).transpose(*values.dims)}
    )


def _number(text: str, value: str) -> float:
    found = as_number(value)
    if not math.isfinite(found):
        raise InputError(f"override {text!r}: found {value!r}; allowed: a finite number")
    return found
