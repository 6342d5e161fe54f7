"""Fields of a document's schema: their names, what they hold, and what their docstrings say of them."""

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from types import NoneType
from typing import Annotated, Any, Literal, TypeAliasType, get_args, get_origin

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from toc_model.documents import Document

PLAIN: Mapping[Any, str] = {
    str: "text",
    float: "number",
    int: "whole number",
    bool: "true or false",
    date: "date",
    Any: "anything",
}
LIMITS = {"ge": "{} or more", "gt": "above {}", "le": "{} or less", "lt": "below {}"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One field as a document has it.

    Attributes
    ----------
    name : str
    kind : str
        What it holds, in words.
    default : str
        What holds where it is not stated; empty where it must be.
    meaning : str
        As the docstring says; empty where it says nothing.
    """

    name: str
    kind: str
    default: str
    meaning: str


def entries(schema: type[Document]) -> list[Entry]:
    """All fields of a schema, in their order."""
    said = meanings(schema)
    return [
        Entry(found.alias or name, _kind(found), _default(found), found.description or said.get(name, ""))
        for name, found in schema.model_fields.items()
    ]


def schemas_in(schema: type[Document]) -> Iterator[type[Document]]:
    """Schemas of the tables within a document's, each once, in the order of the fields that hold them."""
    seen: list[type[Document]] = [schema]
    waiting = [schema]
    while waiting:
        for found in waiting.pop(0).model_fields.values():
            for one in _documents(found.annotation):
                if one not in seen:
                    seen.append(one)
                    waiting.append(one)
                    yield one


def _documents(annotation: Any) -> Iterator[type[Document]]:
    if isinstance(annotation, type) and not get_args(annotation) and issubclass(annotation, Document):
        yield annotation
    for inner in get_args(annotation):
        yield from _documents(inner)


# What docstrings say --------------------------------------------------------------------------------------------------


def meanings(schema: type[Document]) -> dict[str, str]:
    """What the class's docstring and those of its fields say, by field; the latter come first."""
    return {**_in_class(inspect.getdoc(schema) or ""), **_beside(schema)}


def _in_class(docstring: str) -> dict[str, str]:
    """The part "Attributes" of a docstring: what stands below names, which may share it."""
    _, _, attributes = docstring.partition("Attributes\n----------\n")
    found: dict[str, str] = {}
    named: list[str] = []
    for line in attributes.splitlines():
        if line.startswith(" "):
            found |= {name: f"{found.get(name, '')} {line.strip()}".strip() for name in named}
        else:
            named = line.partition(" : ")[0].split(", ")
    return found


def _beside(schema: type[Document]) -> dict[str, str]:
    """Docstrings that stand below fields."""
    try:
        (tree,) = ast.parse(textwrap.dedent(inspect.getsource(schema))).body
    except (OSError, TypeError):  # a schema that is made from declarations
        return {}
    found: dict[str, str] = {}
    body = tree.body if isinstance(tree, ast.ClassDef) else []
    for field, below in pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
            found[ast.unparse(field.target)] = " ".join(str(below.value.value).split())
    return found


def about(schema: type[Document]) -> str:
    """The docstring of a schema without its part on fields."""
    return (inspect.getdoc(schema) or "").partition("Attributes\n----------")[0].strip()


# What fields hold -----------------------------------------------------------------------------------------------------


def _kind(found: FieldInfo) -> str:
    """A type with its limits."""
    nothing = ["or nothing"] if found.is_required() and NoneType in get_args(found.annotation) else []
    return ", ".join([_type(found.annotation), *_limits(found.metadata), *nothing])


def _type(annotation: Any) -> str:
    """A type in words; tables that have a schema are named, so that they can be links."""
    while isinstance(annotation, TypeAliasType):
        annotation = annotation.__value__
    if annotation in PLAIN:
        return PLAIN[annotation]
    kind, inner = get_origin(annotation), get_args(annotation)
    if kind is Literal:
        return "one of " + ", ".join(f"`{one!r}`".replace("'", '"') for one in inner) if inner[1:] else f"`{inner[0]}`"
    if kind is Annotated:
        return _type(inner[0])
    if kind is list:
        return f"list: {_type(inner[0])}"
    if kind is dict:
        return f"table by name: {_type(inner[1])}"
    if inner:
        return " or ".join(_type(one) for one in inner if one is not NoneType)
    return f"[{annotation.__name__}](#{anchor(annotation)})"


def anchor(schema: type[Document]) -> str:
    """Where the page of formats has a schema; two of one name are told apart by their folders."""
    where = schema.__module__.split(".")[-2]
    return "-".join(re.findall(r"[a-z]+", f"{where} {schema.__name__}".lower()))


def _limits(metadata: list[Any]) -> list[str]:
    found: list[str] = []
    for mark in metadata:
        for what, words in LIMITS.items():
            if (bound := getattr(mark, what, None)) is not None:
                found.append(words.format(f"{bound:g}"))
        least, most = getattr(mark, "min_length", None), getattr(mark, "max_length", None)
        found += ["not empty"] if least == 1 else [f"{least} at least"] if least else []
        found += [f"{most} at most"] if most else []
    return ["two"] if found == ["2 at least", "2 at most"] else found


def _default(found: FieldInfo) -> str:
    if found.is_required():
        return ""
    if found.default is PydanticUndefined or found.default in (None, "", [], {}):
        return "nothing"
    stated = found.default
    words = str(stated).lower() if isinstance(stated, bool) else f"{stated:g}" if isinstance(stated, float) else stated
    return f"`{words}`"
