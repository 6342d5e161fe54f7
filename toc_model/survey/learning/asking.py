"""What a question asks of the model: the value of its target under its condition."""

from dataclasses import replace
from typing import Any

import xarray as xr

from toc_model.aliases import Entry
from toc_model.beliefs.beliefs import Beliefs
from toc_model.engine.case import Case
from toc_model.engine.laws import Quantity, at
from toc_model.engine.overrides import apply_overrides, parse_overrides
from toc_model.engine.story import Story
from toc_model.errors import InputError, unknown
from toc_model.labels import made_as
from toc_model.survey.documents.mapping import Question


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


def needed_nodes(case: Case, target: str) -> tuple[str, ...]:
    """Names of the nodes that a target is computed from; none for a parameter."""
    name = Entry.parse(target).name
    if name in case.targets:
        law = case.targets[name]
        return tuple(argument for argument in law.__annotations__ if argument != "return")
    return (name,) if name in case.story.nodes else ()


def value_of(case: Case, target: str, values: dict[str, Any], allocation: int) -> Quantity:
    """The value of a target under one allocation.

    Parameters
    ----------
    case : Case
    target : str
        A node, a parameter, one place of either (``name[place]``), or a function of nodes.
    values : dict of str to value
        Nodes and parameters, plain or symbolic.
    allocation : int
        Place of the allocation.
    """
    entry = Entry.parse(target)
    if entry.name in case.targets:
        whole = case.targets[entry.name](**{node: values[node] for node in needed_nodes(case, entry.name)})
    else:
        whole = values[entry.name]
    place = at(whole, allocation=allocation)
    for label in entry.places:
        for dim, labels in case.story.dimensions.items():
            if label in labels:
                place = at(place, **{dim: labels.index(label)})
    return place


def plain_values(beliefs: Beliefs, question: Question, levers: xr.Dataset) -> xr.DataArray:
    """What the model says to a question, draw by draw, in the target's unit.

    Parameters
    ----------
    beliefs : Beliefs
    question : Question
    levers : xarray.Dataset
        Dims ``(allocation, ...)``, with the allocation that the question is about.

    Raises
    ------
    InputError
        If the levers lack it.
    """
    changed = replace(beliefs, story=conditioned(beliefs.story, question))
    name = question.allocation or beliefs.case.status_quo
    names = [str(label) for label in levers["allocation"].values]
    if name not in names:
        raise InputError(f"{question.target}: {unknown('allocation', name, names)}")
    nodes = changed.nodes(levers, needed_nodes(beliefs.case, question.target))
    values = {str(key): found for dataset in (beliefs.parameters, nodes) for key, found in dataset.data_vars.items()}
    value: Any = value_of(beliefs.case, question.target, values, names.index(name))
    return xr.DataArray(value).assign_coords(made_as(beliefs.parameters))
