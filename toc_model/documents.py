"""Documents: reading, checking, digesting and writing the files that hold beliefs and results."""

import hashlib
import math
import os
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from toc_model.errors import InputError, did_you_mean


class Document(BaseModel):
    """Base of all document schemas: nothing unknown, nothing converted, nothing changed later."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


def read_text(path: Path) -> str:
    """Read a file as UTF-8 text.

    Raises
    ------
    InputError
        If the file is missing, unreadable or not text.
    """
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 text (byte {error.start})") from None
    except OSError as error:
        raise InputError(f"{path}: can't be read ({error.strerror or error})") from None


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file.

    Raises
    ------
    InputError
        If it can't be read or is not TOML; the message has the line.
    """
    return parsed(read_text(path), path)


def parsed(text: str, path: Path) -> dict[str, Any]:
    """Parse the text of a TOML file.

    Raises
    ------
    InputError
        If it is not TOML; the message has the line.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path}: malformed TOML: {error}") from None


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
        allowed = _schema_at(schema, problem["loc"][:-1]).model_fields
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
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def digest(text: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary file beside ``path`` to write to, and move it into place when all went well.

    Raises
    ------
    InputError
        If the folder is missing or not writable; what stood at ``path`` before is untouched.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=path.suffix)
        os.close(handle)
    except OSError as error:
        raise InputError(f"{path}: can't be written ({error.strerror or error})") from None
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except OSError as error:
        raise InputError(f"{path}: can't be written ({error.strerror or error})") from None
    finally:
        temporary.unlink(missing_ok=True)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def write(path: Path, save: Callable[[Path], object]) -> None:
    """Write a file by a function that is given a temporary path; nothing half-written is left behind."""
    path = path.resolve()
    if path.exists() and not path.is_file():
        raise InputError(f"{path}: can't be written ({'it is a folder' if path.is_dir() else 'it is no regular file'})")
    with replacing(path) as temporary:
        save(temporary)


def fail_if_not_netcdf(path: Path) -> None:
    """Fail if a path does not end in ``.nc``."""
    if path.suffix != ".nc":
        raise InputError(f"{path}: found the ending {path.suffix!r}; allowed: '.nc'")


def write_netcdf(path: Path, data: Any) -> None:
    """Write a Dataset or DataTree. It is made in memory first: a write that fails half-way crashes the engine."""
    content = bytes(data.to_netcdf(engine="h5netcdf"))
    write(path, lambda temporary: temporary.write_bytes(content))


def as_number(text: str) -> float:
    """The number that a text states; NaN where it states none."""
    try:
        return float(text)
    except ValueError:
        return math.nan
