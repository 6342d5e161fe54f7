"""What a document may say of an allocation, from what the levers of a story declare."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field, create_model, model_validator

from toc_model.documents import Document
from toc_model.engine.declare import Lever, Nested
from toc_model.engine.inputs import SUMS
from toc_model.engine.story import Story
from toc_model.errors import unknown


def schema_of(story: Story) -> type[Document]:
    """The schema of an allocation in a document, from what the levers declare."""

    def possible(found: Any) -> Any:
        for lever in story.levers.values():
            stated = getattr(found, lever.name)
            if stated is not None:
                _fail_if_impossible(lever, story.dimensions, stated, lever.places, lever.name)
        return found

    fields: dict[str, Any] = {"description": (str, Field(default="", description="What it is."))}
    for lever in story.levers.values():
        kind: Any = float
        for _ in lever.places:
            kind = dict[str, kind]
        if lever.default is None:
            fields[lever.name] = (kind, Field(description=lever.statement))
        else:
            fields[lever.name] = (kind | None, Field(default=None, description=lever.statement))
    validators: Any = {"possible": model_validator(mode="after")(possible)}
    about: Any = {"__doc__": "What an allocation sets, in a table of its name."}
    made: type[Document] = create_model("Allocation", __base__=Document, __validators__=validators, **about, **fields)
    return made


def _fail_if_impossible(
    lever: Lever, dimensions: Mapping[str, tuple[str, ...]], stated: Nested, dims: tuple[str, ...], where: str
) -> None:
    """Fail if a key is unknown or missing, a value out of bounds, or a sum is not one; from the outside in."""
    if not isinstance(stated, Mapping):
        if not lever.allows(stated):
            raise ValueError(f"{where}: {lever.range.refusal(stated)}")
        return
    dim, *inner = dims
    _fail_if_places_differ(lever, dim, dimensions[dim], stated, where)
    for place, value in stated.items():
        _fail_if_impossible(lever, dimensions, value, tuple(inner), f"{where}.{place}")
    if dim == lever.sums_over:
        total = sum(float(value) for value in stated.values() if not isinstance(value, Mapping))
        if abs(total - 1) > SUMS:
            raise ValueError(f"{where}: found a sum of {total:.6g}; allowed: a sum of 1")


def _fail_if_places_differ(
    lever: Lever, dim: str, places: tuple[str, ...], stated: Mapping[str, Nested], where: str
) -> None:
    for key in stated:
        if key not in places:
            raise ValueError(unknown(dim, key, places))
    if dim != lever.sums_over and lever.default is None:
        for place in places:
            if place not in stated:
                raise ValueError(f"{where}: missing entry {place!r}")
