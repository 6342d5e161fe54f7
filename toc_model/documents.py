"""Documents: reading, checking, digesting and writing the files that hold beliefs and results."""

import hashlib
import json
import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from toc_model.brief import Brief
from toc_model.errors import InputError, did_you_mean
from toc_model.files import Content, read, write_bytes


class Document(Brief, BaseModel):
    """Base of all document schemas: nothing unknown, nothing converted, nothing changed later."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False, defer_build=True)


DEEPEST = 32
"""Levels of tables and lists in a document, far more than any of ours has."""
LONG_KEY = re.compile(r"(?<![\w\"'-])(?:[\w\"'-]++[ \t]*+\.[ \t]*+){100}")
"""A dotted key of so many parts that reading it takes for ever."""
WHOLE = 2**63
"""TOML's whole numbers are smaller."""
FOREIGN = re.compile(r"[^ -~]")
"""Signs of a text in TOML that are looked at one by one."""


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file.

    Raises
    ------
    InputError
        If it can't be read or is not TOML; the message has the line.
    """
    return toml_of(read(path))


def toml_of(content: Content) -> dict[str, Any]:
    """Parse what a TOML file held.

    Raises
    ------
    InputError
        If it is not TOML (the message has the line), nested too deeply, or has a number that TOML does not know.
    """
    text, path = content.text, content.path
    if LONG_KEY.search(text):
        raise InputError(f"{path}: found a key of a hundred parts or more; allowed: tables {DEEPEST} levels deep")
    try:
        found = tomllib.loads(text)
    except RecursionError:
        raise InputError(f"{path}: found more than {DEEPEST} levels of tables and lists; allowed: so many") from None
    except ValueError as error:
        raise InputError(f"{path}: malformed TOML: {error}") from None
    _fail_if_absurd(found, path)
    return found


def _fail_if_absurd(table: dict[str, Any], path: Path) -> None:
    """Fail for what neither schemas nor messages can bear: too many levels, and whole numbers without end."""
    level: list[Any] = [table]
    for _ in range(DEEPEST):
        level = [
            value
            for inside in level
            for value in (inside.values() if isinstance(inside, dict) else inside)
            if isinstance(value, dict | list | int)
        ]
        if any(isinstance(value, int) and not -WHOLE <= value < WHOLE for value in level):
            raise InputError(f"{path}: found a whole number beyond 64 bits; allowed: smaller ones")
        level = [value for value in level if not isinstance(value, int)]
        if not level:
            return
    raise InputError(f"{path}: found more than {DEEPEST} levels of tables and lists; allowed: so many")


def as_toml(value: Any) -> str:
    """A text, a number, a list or a table of them as TOML writes it, with what does not show as its number."""
    if isinstance(value, Mapping):
        inside = ", ".join(f"{as_toml(str(key))} = {as_toml(one)}" for key, one in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    return FOREIGN.sub(_escaped, json.dumps(value, ensure_ascii=False))


def _escaped(sign: re.Match[str]) -> str:
    number = ord(sign[0])
    if sign[0].isprintable():
        return sign[0]
    half = "\\" if 0xD800 <= number < 0xE000 else ""  # of a pair, which TOML has no number for
    return f"{half}\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def table_of(text: object, where: str) -> dict[str, Any]:
    """A JSON object, whose keys are there once and whose numbers are finite.

    Parameters
    ----------
    text : str
    where : str
        For messages.

    Raises
    ------
    InputError
        If it is none.
    """
    try:
        found = json.loads(
            text if isinstance(text, str) else "",
            object_pairs_hook=_once,
            parse_constant=_no_number,
            parse_float=_finite,
        )
    except RecursionError:
        raise InputError(f"{where}: malformed JSON: nested too deeply") from None
    except ValueError as error:
        raise InputError(f"{where}: malformed JSON: {error}") from None
    if not isinstance(found, dict):
        raise InputError(f"{where}: found {_short(found)}; allowed: a JSON object")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"found {_short(key)} twice")
        found[key] = value
    return found


def _no_number(text: str) -> float:
    raise ValueError(f"found {text}; allowed: finite numbers")


def _finite(text: str) -> float:
    return found if math.isfinite(found := float(text)) else _no_number(_short(text))


def checked[D: Document](schema: type[D], data: Any, where: str) -> D:
    """Check data against a schema; the first thing that does not fit is the error.

    Raises
    ------
    InputError
        One line: where, which entry, what was found, what is allowed.
    """
    try:
        return schema.model_validate(data)
    except ValidationError as error:
        raise InputError(f"{where}: {_first_problem(schema, error)}") from None


def _first_problem(schema: type[Document], error: ValidationError) -> str:
    problems = error.errors(include_url=False)
    problem = next((found for found in problems if found["type"] == "extra_forbidden"), problems[0])
    entry = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        fields = _schema_at(schema, problem["loc"][:-1]).model_fields
        allowed = [field.alias or name for name, field in fields.items()]
        near = did_you_mean(str(problem["loc"][-1]), allowed)
        return f"unknown entry {entry!r}{near} (allowed: {', '.join(allowed)})"
    if problem["type"] == "missing":
        return f"missing entry {entry!r}"
    message = problem["msg"].removeprefix("Value error, ")
    found = "" if problem["type"] == "value_error" else f"found {_short(problem['input'])}; "
    return f"{entry + ': ' if entry else ''}{found}{message[:1].lower() + message[1:]}"


def _schema_at(schema: type[BaseModel], place: tuple[int | str, ...]) -> type[BaseModel]:
    """The schema of a nested entry; an index or key of a list or dict of documents stays within its schema."""
    for part in place:
        if part in schema.model_fields:
            schema = next(_schemas_in(schema.model_fields[str(part)].annotation), schema)
    return schema


def _schemas_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and not get_args(annotation) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _schemas_in(inner)


def _short(value: object) -> str:
    try:
        text = repr(value)
    except (RecursionError, ValueError):
        text = f"a {type(value).__name__} without end"
    return text if len(text) <= 60 else text[:57] + "..."


def digest(text: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode(errors="backslashreplace")).hexdigest()


def fail_if_not_netcdf(path: Path) -> None:
    """Fail if a path does not end in ``.nc``."""
    if path.suffix != ".nc":
        raise InputError(f"{path}: found the ending {path.suffix!r}; allowed: '.nc'")


def fail_if_not_toml(path: Path) -> None:
    """Fail if a path does not end in ``.toml``."""
    if path.suffix != ".toml":
        raise InputError(f"{path}: found the ending {path.suffix!r}; allowed: '.toml'")


def write_netcdf(path: Path, data: Any) -> None:
    """Write a Dataset or DataTree. It is made in memory first: a write that fails half-way crashes the engine.

    Raises
    ------
    InputError
        If a name can't stand in such a file, or the file can't be written.
    """
    try:
        content = bytes(data.to_netcdf(engine="h5netcdf"))
    except (UnicodeError, ValueError) as error:
        raise InputError(f"{path}: can't be written ({error})") from None
    write_bytes(path, content)


def as_number(text: str) -> float:
    """The number that a text states; NaN where it states none."""
    try:
        return float(text)
    except ValueError:
        return math.nan
