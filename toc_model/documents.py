"""Documents: reading, checking, digesting and writing the files that hold beliefs and results."""

import hashlib
import json
import math
import os
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from toc_model.errors import InputError, did_you_mean


class Document(BaseModel):
    """Base of all document schemas: nothing unknown, nothing converted, nothing changed later."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False, defer_build=True)


@dataclass(frozen=True, slots=True)
class Content:
    """What a file held when it was read; what is parsed and what is digested are these bytes and no others.

    Attributes
    ----------
    path : Path
        As it was given, for messages.
    data : bytes
    """

    path: Path
    data: bytes

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def text(self) -> str:
        """The bytes as UTF-8, each end of a line as one character.

        Raises
        ------
        InputError
            If they are not text.
        """
        try:
            text = self.data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise InputError(f"{self.path}: not UTF-8 text (byte {error.start})") from None
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def toml(self) -> dict[str, Any]:
        """The text as TOML.

        Raises
        ------
        InputError
            If it is not TOML; the message has the line.
        """
        try:
            return tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            raise InputError(f"{self.path}: malformed TOML: {error}") from None


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


_KEPT: ContextVar[dict[str, Content] | None] = ContextVar("_KEPT", default=None)


@contextmanager
def each_read_once(*, anew: bool = False) -> Iterator[dict[str, Content]]:
    """Read each file once while this lasts; whoever asks again is given the same bytes.

    A pipe can be read once, and a file may change meanwhile: what is said to be read is then what was.

    Parameters
    ----------
    anew : bool
        Whether to forget meanwhile what was read before.

    Yields
    ------
    dict of str to Content
        All that was read so far, by absolute path.
    """
    if (kept := _KEPT.get()) is not None and not anew:
        yield kept
        return
    mine: dict[str, Content] = {}
    token = _KEPT.set(mine)
    try:
        yield mine
    finally:
        _KEPT.reset(token)


def read(path: Path) -> Content:
    """Read a file: the one place in which the package opens what a user names.

    Raises
    ------
    InputError
        If the file is missing or unreadable.
    """
    kept, place = _KEPT.get(), os.path.abspath(path)  # noqa: PTH100 (links are not followed)
    if kept is not None and place in kept:
        return replace(kept[place], path=path)
    try:
        found = Content(path, path.read_bytes())
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise InputError(f"{path}: can't be read ({why})") from None
    if kept is not None:
        kept[place] = found
    return found


def read_text(path: Path) -> str:
    """Read a file as UTF-8 text.

    Raises
    ------
    InputError
        If the file is missing, unreadable or not text.
    """
    return read(path).text


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file.

    Raises
    ------
    InputError
        If it can't be read or is not TOML; the message has the line.
    """
    return read(path).toml()


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


_IDLE: ContextVar[bool] = ContextVar("_IDLE", default=False)


@contextmanager
def nothing_written() -> Iterator[None]:
    """Leave all files as they are while this lasts: what is asked once more has written its files already."""
    token = _IDLE.set(True)
    try:
        yield
    finally:
        _IDLE.reset(token)


def write(path: Path, save: Callable[[Path], object]) -> None:
    """Write a file by a function that is given a temporary path; nothing half-written is left behind."""
    if _IDLE.get():
        return
    path = path.resolve()
    if path.exists() and not path.is_file():
        raise InputError(f"{path}: can't be written ({'it is a folder' if path.is_dir() else 'it is no regular file'})")
    with replacing(path) as temporary:
        save(temporary)
    if (kept := _KEPT.get()) is not None:
        kept.pop(str(path), None)


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
