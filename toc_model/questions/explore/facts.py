"""What a page has to know of a case and its documents, ready for JSON: levers, entries, nodes, claims and limits."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from types import ModuleType
from typing import Any

import xarray as xr

from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.priors import Prior
from toc_model.engine.case import Case
from toc_model.engine.declare import Node
from toc_model.engine.interventions import place_mask
from toc_model.engine.measures import Measure
from toc_model.engine.overrides import Override, parse_overrides
from toc_model.engine.program.equations import equation
from toc_model.engine.ranges import Range
from toc_model.engine.story import Story
from toc_model.present import words
from toc_model.questions.explore.laws import WRITTEN, variants
from toc_model.questions.explore.worlds import Worlds, grounds

type Json = dict[str, Any]


def measure(found: Measure) -> Json:
    """A measure by names as JavaScript has them."""
    return {
        "factor": found.factor,
        "unit": found.unit,
        "changeUnit": found.change_unit,
        "digits": found.digits,
        "endDigits": found.end_digits,
        "changeDigits": found.change_digits,
        "changeEndDigits": found.change_end_digits,
        "mark": found.mark,
    }


def ends(found: Range) -> list[float | None]:
    """Least and largest value; None where there is none."""
    return [end if math.isfinite(end) else None for end in found]


def of_case(case: Case) -> Json:
    """The outcome, its parts and stages, and what is said of the theory."""
    objective, delay = case.objective, case.delay
    return {
        "case": case.name,
        "theory": case.theory,
        "title": case.headline or f"{words.begun(objective.label)} by who does what",
        "introduction": case.introduction,
        "question": case.question,
        "objective": {
            "node": objective.node,
            "label": objective.label,
            "lowerIsBetter": objective.lower_is_better,
            "measure": measure(objective.measure),
            "parts": [{"label": name.replace("_", " "), "node": node} for name, node in objective.parts.items()],
        },
        "delay": delay and {"node": delay.node, "period": delay.period, "published": delay.published},
        "stages": [asdict(stage) for stage in case.stages],
        "describe": case.describe or "",
        "lever": case.lever,
        "reference": case.reference,
        "statusQuo": case.status_quo,
        "limits": [{"title": title, "text": text} for title, text in case.limits],
        "leavesOut": case.leaves_out,
        "remarks": list(case.marked("run")),
    }


# Levers --------------------------------------------------------------------------------------------------------------


def levers(story: Story) -> list[Json]:
    """Levers with their variables, those of several dimensions in the order of their places."""
    return [
        {
            "name": lever.name,
            "unit": lever.unit,
            "shape": [len(story.dimensions[dim]) for dim in lever.places],
            "sums": bool(lever.sums_over),
            "lower": lever.lower,
            "upper": lever.upper,
            "margin": lever.margin,
            "statement": lever.statement,
            "variables": [
                {
                    "name": variable.name,
                    "label": variable.label,
                    "group": variable.group,
                    "places": list(variable.places),
                    "measure": measure(words.lever_measure(variable)),
                }
                for variable in lever.variables(story.dimensions)
            ],
        }
        for lever in story.levers.values()
    ]


def values(found: xr.Dataset, allocation: str) -> dict[str, list[float]]:
    """Values of the levers under one allocation, by lever."""
    one = found.sel(allocation=allocation)
    return {str(name): array.values.ravel().tolist() for name, array in one.data_vars.items()}


def presets(allocations: Allocations) -> list[Json]:
    """All allocations but the status quo."""
    table = allocations.levers()
    return [
        {"name": name, "description": found.description, "values": values(table, name)}
        for name, found in allocations.named.items()
        if name != allocations.status_quo
    ]


def dates(worlds: Worlds) -> list[Json]:
    """Dates with the allocations that hold there."""
    found = []
    for name in worlds.dates:
        documents = worlds.documents(name)
        date, quo = documents.date, documents.allocations()
        found.append(
            {
                "name": name,
                "label": date.label if date else "",
                "description": date.description if date else "",
                "year": date.year if date else None,
                "wins": sorted(date.wins) if date else [],
                "anchor": values(documents.anchor(), worlds.case.reference),
                "statusQuo": values(quo.levers(), quo.status_quo),
            }
        )
    return found


# Entries -------------------------------------------------------------------------------------------------------------


def entries(worlds: Worlds) -> list[Json]:
    """Every entry of the base, as its document has it."""
    found = []
    for rival, case in worlds.cases.items():
        for name, prior in worlds.base[worlds.dates[0]].items():
            own = prior.chapter if prior.chapter in worlds.cases else WRITTEN
            if own == rival and name in case.story.entries:
                found.append(_entry(worlds, case.story, name, prior) | {"rival": rival})
    return found


def _entry(worlds: Worlds, story: Story, name: str, prior: Prior) -> Json:
    unit, parameter = story.units.get(prior.entry.unit), story.entries[name]
    return {
        "name": name,
        "parameter": parameter.name,
        "label": prior.label,
        "question": prior.entry.question,
        "unit": prior.entry.unit,
        "units": {date: worlds.documents(date).unit(prior.entry.unit) for date in worlds.dates},
        "isDate": bool(unit and unit.is_date),
        "isShare": bool(unit and unit.range.is_share),
        "grounds": {date: grounds(worlds.base[date][name]) for date in worlds.dates},
        "history": [{"date": str(line.date), "change": line.change} for line in prior.entry.history],
        "chapter": prior.chapter,
        "claims": prior.entry.claims,
        "range": ends(parameter.range),
        "terms": prior.entry.terms is not None,
    }


def parameters(worlds: Worlds) -> Json:
    """Entries by parameter, those of every rival among them."""
    stories = [case.story for case in worlds.cases.values()]
    return {name: list(story.entries_of(name)) for story in stories for name in story.parameters}


# Nodes ---------------------------------------------------------------------------------------------------------------


def nodes(worlds: Worlds) -> list[Json]:
    """Every node, and again under each rival that gives its law anew."""
    return [_node(rival, story, node) for rival, story, node in variants(worlds.cases)]


def _node(rival: str, story: Story, node: Node) -> Json:
    written, unit = equation(story, node.name), story.units.get(node.unit)
    places = [dim for dim in node.dims if dim != "allocation"]
    grid = xr.DataArray(0.0).expand_dims({dim: list(story.dimensions[dim]) for dim in places})
    named = grid.stack(place=places).indexes["place"] if places else [()]
    return {
        "name": node.name,
        "label": node.label,
        "chapter": node.chapter,
        "unit": node.unit,
        "isDate": bool(unit and unit.is_date),
        "places": [";".join(one if isinstance(one, tuple) else (one,)) for one in named],
        "parents": [parent for parent in node.parents if parent not in story.indicators],
        "isOutcome": node.is_outcome,
        "claims": list(node.claims),
        "statement": node.statement,
        "equation": written.mathml(),
        "text": written.text(),
        "notes": list(written.notes),
        "canHold": not node.instead,
        "instead": list(node.instead),
        "bounds": ends(story.range_of(node)),
        "attained": list(node.attained),
        "undefinedWhere": node.undefined_where,
        "rival": rival,
    }


def chapters(worlds: Worlds) -> list[Json]:
    """Chapters with their titles, rivals among them."""
    found = {chapter.name: chapter.title for case in worlds.cases.values() for chapter in case.story.chapters}
    return [{"name": name, "title": title} for name, title in found.items()]


def rivals(worlds: Worlds) -> list[Json]:
    """Rival mechanisms, which nodes they give, and which give the same and so can't be taken together."""
    gives = {name: case.story.anew for name, case in worlds.cases.items()}
    return [
        {
            "name": name,
            "label": name.replace("_", " "),
            "statement": _said_of(name, module),
            "gives": list(gives[name]),
            "conflicts": [
                other for other in worlds.case.rival_names if other != name and {*gives[other]} & {*gives[name]}
            ],
        }
        for name, module in zip(worlds.case.rival_names, worlds.case.rivals, strict=True)
    ]


def _said_of(rival: str, module: ModuleType) -> str:
    """What a rival says, without its name before a colon."""
    line = (module.__doc__ or "").strip().partition("\n")[0]
    return words.begun(line.partition(f"{rival}: ")[2] or line)


# Claims --------------------------------------------------------------------------------------------------------------


def claims(worlds: Worlds) -> list[Json]:
    """Claims, with what denies them and what grants an objection."""
    story = worlds.case.story
    return [
        {
            "id": name,
            "text": claim.text,
            "kind": claim.kind,
            "status": claim.status,
            "note": claim.note,
            "denial": overrides(story, claim.denial),
            "ifRight": overrides(story, claim.if_right),
        }
        for name, claim in worlds.beliefs.documents.claims().items()
    ]


def overrides(story: Story, texts: Sequence[str]) -> list[Json]:
    """Changes of the model, with the places that they are about as numbers."""
    return [_override(story, one) for one in parse_overrides(texts)]


def _override(story: Story, one: Override) -> Json:
    name = one.target.partition("[")[0]
    dims = tuple(dim for dim in story.dims[name] if dim != "allocation")
    mask = place_mask(story, dims, one.target)
    whole = None if mask is None else mask.broadcast_like(_grid(story, dims)).transpose(*dims).values.ravel()
    return {
        "text": one.text,
        "kind": one.kind,
        "target": name,
        "places": None if whole is None else [place for place, chosen in enumerate(whole.tolist()) if chosen],
        "effect": one.effect if one.kind == "cut" else "",
        "value": one.value if math.isfinite(one.value) else None,
    }


def _grid(story: Story, dims: Sequence[str]) -> xr.DataArray:
    return xr.DataArray(True).expand_dims({dim: len(story.dimensions[dim]) for dim in dims})


def contradictions(worlds: Worlds) -> list[Mapping[str, str]]:
    """Where the theory pulls against itself, and the reading that the model takes."""
    return [
        {"text": one.text, "resolution": one.resolution} for one in worlds.beliefs.documents.contradictions().values()
    ]
