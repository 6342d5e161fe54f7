"""Answers that are kept: figures in a file, with the command that gave them and the digests of what it read."""

import hashlib
import json
import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Annotated, Any, Literal

import click
from pydantic import Field, StringConstraints

from toc_model.beliefs.provenance import versions
from toc_model.documents import Document, checked, table_of
from toc_model.engine.case import WITH, Case
from toc_model.errors import InputError
from toc_model.files import Content, each_read_once, write_text
from toc_model.questions.commands import ARGUMENTS
from toc_model.questions.outputs import claim_output
from toc_model.questions.working import asked

ENDING = ".json"
OPTION = "--save"
KEPT_IN = "file to keep the answer in"
"""Where a context keeps the file that its answer is to be kept in."""

type Sha256 = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]


class Kept(Document):
    """An answer in a file.

    Attributes
    ----------
    case : str
        Home of the case that it is about.
    arguments : list of str
        The command, without the word ``toc``.
    folder : str
        In which it was asked.
    read : dict of str to str
        SHA-256 of each file that was read, by its path.
    versions : dict of str to str
    figures : dict
        As ``--json`` prints them.
    checksum : str
        SHA-256 of all the rest.
    """

    toc: Literal["answer"]
    case: str
    arguments: list[str] = Field(min_length=1)
    folder: str = Field(min_length=1)
    read: dict[str, Sha256]
    versions: dict[str, str]
    figures: dict[str, Any]
    checksum: Sha256


def read_kept(content: Content) -> Kept:
    """Read an answer that was kept.

    Raises
    ------
    InputError
        If the file is none, or holds something else than what was saved.
    """
    where = str(content.path)
    table = table_of(content.text, where)
    found = checked(Kept, table, where)
    if found.checksum != _checksum(table):
        raise InputError(f"{where}: no answer as it was saved: its checksum is that of other contents")
    return found


def _checksum(table: Mapping[str, Any]) -> str:
    rest = {key: value for key, value in table.items() if key != "checksum"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()


def home_of(case: Case) -> str:
    """Where a case is found, without the rivals that the command names itself."""
    return case.home.partition(WITH)[0]


# Keeping ------------------------------------------------------------------------------------------------------------

_ASKED_AGAIN: ContextVar[list[dict[str, Any]] | None] = ContextVar("_ASKED_AGAIN", default=None)


@contextmanager
def asked_again() -> Iterator[list[dict[str, Any]]]:
    """Take the figures of the command that is called meanwhile, in the place of printing or writing them.

    Yields
    ------
    list of dict
        The figures, once there are some.
    """
    found: list[dict[str, Any]] = []
    token = _ASKED_AGAIN.set(found)
    try:
        yield found
    finally:
        _ASKED_AGAIN.reset(token)


def keep(figures: Callable[[], Mapping[str, Any]]) -> bool:
    """Keep figures where that is asked for.

    Parameters
    ----------
    figures : callable
        Gives them, as ``--json`` prints them.

    Returns
    -------
    bool
        Whether the command was only asked again, so that nothing is to be shown.
    """
    context = click.get_current_context()
    if (again := _ASKED_AGAIN.get()) is not None:
        again.append(plain(figures()))
        return True
    if path := context.meta.get(KEPT_IN):
        _write(path, figures(), context)
    return False


def _write(path: Path, figures: Mapping[str, Any], context: click.Context) -> None:
    case = context.find_object(Case)
    with each_read_once() as read:
        table = {
            "toc": "answer",
            "case": home_of(case) if case else "",
            "arguments": asked(without_saving(context.meta[ARGUMENTS])),
            "folder": str(Path.cwd()),
            "read": {place: content.digest for place, content in sorted(read.items())},
            "versions": versions(),
            "figures": plain(figures),
        }
    text = json.dumps(table | {"checksum": _checksum(table)}, indent=1)
    write_text(path, text + "\n")


def plain(found: Any) -> Any:
    """Figures as JSON gives them back: lists for tuples, texts for keys and for what is no finite number."""
    if isinstance(found, Mapping):
        return {str(key): plain(value) for key, value in found.items()}
    if isinstance(found, list | tuple):
        return [plain(value) for value in found]
    if isinstance(found, float) and not math.isfinite(found):
        return str(float(found))
    return float(found) if isinstance(found, float) else found


def without_saving(arguments: list[str]) -> list[str]:
    """The words of a command but those that say where to keep its answer."""
    places = [place for place, word in enumerate(arguments) if word == OPTION]
    left_out = {*places, *(place + 1 for place in places)}
    return [word for place, word in enumerate(arguments) if place not in left_out and not word.startswith(f"{OPTION}=")]


def _asked_to_keep(context: click.Context, _option: click.Parameter, path: Path | None) -> None:
    if path is None:
        return
    if path.suffix != ENDING:
        raise InputError(f"{OPTION}: found {str(path)!r}; allowed: a name that ends in {ENDING}")
    claim_output(context, path)
    context.meta[KEPT_IN] = path


save_option = click.option(
    OPTION,
    type=click.Path(path_type=Path),
    expose_value=False,
    callback=_asked_to_keep,
    help="Keep figures, command and digests in this file (.json), for toc rerun.",
)
