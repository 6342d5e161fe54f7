"""What is kept of work that was stopped: finished pieces, each in a file of its own, until all is done."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from toc_model.errors import InputError
from toc_model.work.pickling import opened, packed

ENDING = ".piece"
ABOUT = "about.txt"
TOLD = "Finished pieces of work that was stopped; --resume goes on from them. They may be deleted at any time.\n"
DIGEST = 64
"""Signs of a checksum."""


@dataclass(slots=True)
class Pieces:
    """A folder of finished pieces.

    A piece is found by the digest of its task, so that nothing that was made from other contents, or by other code, is
    ever taken for it.

    Attributes
    ----------
    folder : Path
    found, kept : int
        How many were taken from the folder and how many were added, since.
    """

    folder: Path
    found: int = field(default=0, init=False)
    kept: int = field(default=0, init=False)

    def __contains__(self, name: str) -> bool:
        return self._path(name).is_file()

    @property
    def is_empty(self) -> bool:
        """Whether there is none."""
        return not any(self.folder.glob(f"*{ENDING}"))

    def get(self, name: str) -> tuple[Any] | None:
        """What a piece holds, alone in a tuple; None where there is none, or it is damaged."""
        try:
            data = self._path(name).read_bytes()
        except OSError:
            return None
        checksum, content = data[:DIGEST], data[DIGEST:]
        if hashlib.sha256(content).hexdigest().encode() != checksum:
            return None
        self.found += 1
        return (opened(content),)

    def put(self, name: str, piece: Any) -> None:
        """Keep a piece.

        Raises
        ------
        InputError
            If it can't be written.
        """
        content = packed(piece)
        data = hashlib.sha256(content).hexdigest().encode() + content
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / ABOUT).write_text(TOLD, encoding="utf-8")
            _write(self._path(name), data)
        except OSError as error:
            raise InputError(f"{self.folder}: can't keep what is finished ({error.strerror or error})") from None
        self.kept += 1

    def clear(self) -> None:
        """Forget all; of a folder that holds something else, nothing more than the pieces."""
        for path in (*self.folder.glob(f"*{ENDING}"), *self.folder.glob(".piece-*"), self.folder / ABOUT):
            path.unlink(missing_ok=True)
        with suppress(OSError):
            self.folder.rmdir()

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}{ENDING}"


def _write(path: Path, data: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".piece-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)


_PIECES: ContextVar[Pieces | None] = ContextVar("_PIECES", default=None)


def kept_here() -> Pieces | None:
    """Where pieces of the work that is done are kept; None where they are not."""
    return _PIECES.get()


def forget() -> None:
    """Forget what is kept here, if anything is, where its outcome is written though not all went well."""
    if pieces := kept_here():
        pieces.clear()


@contextmanager
def keeping(folder: Path | str) -> Iterator[Pieces]:
    """Keep finished pieces of all work that is done meanwhile, and take up those that are there.

    When all went well the pieces are deleted; where something stopped the work they stay, for the same work to go on
    from.

    Parameters
    ----------
    folder : path
        Of its own; need not be there.

    Yields
    ------
    Pieces

    Raises
    ------
    InputError
        If there is something else at the place.
    """
    place = Path(folder)
    if place.exists() and not (place.is_dir() and ((place / ABOUT).is_file() or not any(place.iterdir()))):
        raise InputError(f"{place}: found something that is no folder of finished pieces; allowed: nothing, or one")
    found = Pieces(place)
    token = _PIECES.set(found)
    try:
        yield found
        found.clear()
    finally:
        _PIECES.reset(token)
        with suppress(OSError):
            place.rmdir()  # where nothing is kept


@contextmanager
def nothing_kept() -> Iterator[None]:
    """Keep nothing meanwhile: for work whose tasks keep what they finish by themselves."""
    token = _PIECES.set(None)
    try:
        yield
    finally:
        _PIECES.reset(token)
