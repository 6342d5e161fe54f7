"""What a question asks of the model: the value of its target under its condition."""

from typing import Any

import xarray as xr

from toc_model.aliases import Entry
from toc_model.engine.evaluate import evaluate
from toc_model.engine.interventions import apply_overrides, parse_overrides
from toc_model.engine.laws import Quantity, at
from toc_model.engine.story import Story
from toc_model.errors import InputError, unknown
from toc_model.survey.documents.mapping import Question
from toc_model.survey.documents.targets import TARGETS


def conditioned(story: Story, question: Question) -> Story:
    """The story under the interventions of a question's condition.

    Raises
    ------
    InputError
        If the condition changes a parameter: that is an assumption and no intervention.
    """
    overrides = parse_overrides(question.condition)
    for override in overrides:
        if override.kind in ("set", "scale"):
            raise InputError(f"{question.target}: condition {override.text!r}: allowed: do(...) or cut(...)")
    return apply_overrides(story, xr.Dataset(), overrides)[0]


def needed_nodes(story: Story, target: str) -> tuple[str, ...]:
    """Names of the nodes that a target is computed from; none for a parameter."""
    name = Entry.parse(target).name
    if name in TARGETS:
        law = TARGETS[name]
        return tuple(argument for argument in law.__annotations__ if argument != "return")
    return (name,) if name in story.nodes else ()


def value_of(story: Story, target: str, values: dict[str, Any], allocation: int) -> Quantity:
    """The value of a target under one allocation.

    Parameters
    ----------
    story : Story
    target : str
        A node, a parameter, one place of either (``name[index]``), or a function of nodes.
    values : dict of str to value
        Nodes and parameters, plain or symbolic.
    allocation : int
        Place of the allocation.
    """
    entry = Entry.parse(target)
    if entry.name in TARGETS:
        whole = TARGETS[entry.name](**{node: values[node] for node in needed_nodes(story, entry.name)})
    else:
        whole = values[entry.name]
    found = at(whole, allocation=allocation)
    for dim, labels in story.dimensions.items():
        for place in entry.places:
            if place in labels:
                found = at(found, **{dim: labels.index(place)})
    return found


def allocation_place(levers: xr.Dataset, question: Question) -> int:
    """Place of the allocation that a question is about.

    Raises
    ------
    InputError
        If the levers lack it.
    """
    names = [str(name) for name in levers["allocation"].values]
    if question.allocation not in names:
        raise InputError(f"{question.target}: {unknown('allocation', question.allocation, names)}")
    return names.index(question.allocation)


def plain_values(story: Story, question: Question, parameters: xr.Dataset, levers: xr.Dataset) -> xr.DataArray:
    """What the model says to a question, draw by draw, in the target's unit."""
    changed = conditioned(story, question)
    nodes = evaluate(changed, parameters, levers, needed_nodes(story, question.target))
    values = {str(name): found for dataset in (parameters, nodes) for name, found in dataset.data_vars.items()}
    value: Any = value_of(story, question.target, values, allocation_place(levers, question))
    return xr.DataArray(value)
