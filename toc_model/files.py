"""Files on the disk: which can be read, which can be written, and writing them whole or not at all."""

import hashlib
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, replace
from pathlib import Path

from toc_model.errors import InputError
from toc_model.written import record

DOCUMENT, TABLE = 5_000_000, 300_000_000
"""Largest size of a document and of a table, in bytes; reading more than that would take minutes."""
GIVEN = re.compile(r"/dev/stdin|/dev/fd/\d+|/proc/self/fd/\d+")
"""Pipes that the caller has opened, and may be read; any other might wait for ever for somebody to write."""
WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


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
        """The bytes as UTF-8, without the mark of the encoding and with plain ends of lines.

        Raises
        ------
        InputError
            If they are not text.
        """
        try:
            text = self.data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise InputError(f"{self.path}: not UTF-8 text (byte {error.start})") from None
        return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


_KEPT: ContextVar[dict[str, Content] | None] = ContextVar("_KEPT", default=None)
_IDLE: ContextVar[bool] = ContextVar("_IDLE", default=False)


# Reading ------------------------------------------------------------------------------------------------------------


def fail_if_unreadable(path: Path, limit: int | None = None) -> None:
    """Fail if a path leads to nothing that can be read to its end.

    Parameters
    ----------
    path : Path
    limit : int, optional
        Largest size, in bytes; any by default.

    Raises
    ------
    InputError
        If there is no file, it is a folder, a device, a socket or a pipe (other than those of `is_given`), or larger.
    """
    try:
        found = path.stat()
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: can't be read ({_why(error)})") from None
    kind = _kind(found.st_mode)
    if kind and not (stat.S_ISFIFO(found.st_mode) and is_given(path)):
        raise InputError(f"{path}: can't be read ({kind})")
    if limit is not None and found.st_size > limit:
        raise _too_large(path, f"{found.st_size:,}", limit)


def is_given(path: Path | str) -> bool:
    """Whether a path names what the caller has opened, such as ``/dev/stdin``."""
    return GIVEN.fullmatch(str(path)) is not None


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


def read(path: Path, limit: int = DOCUMENT) -> Content:
    """Read a file whole: the one place in which the package opens what a user names.

    Parameters
    ----------
    path : Path
    limit : int
        Largest size, in bytes.

    Raises
    ------
    InputError
        As `fail_if_unreadable` does, or if it can't be read.
    """
    kept, place = _KEPT.get(), os.path.abspath(path)  # noqa: PTH100 (links are not followed)
    if kept is not None and place in kept:
        return replace(kept[place], path=path)
    fail_if_unreadable(path, limit)
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise InputError(f"{path}: can't be read ({_why(error)})") from None
    if len(data) > limit:
        raise _too_large(path, f"more than {limit:,}", limit)
    found = Content(path, data)
    if kept is not None:
        kept[place] = found
    return found


def _too_large(path: Path, found: str, limit: int) -> InputError:
    return InputError(f"{path}: found {found} bytes; allowed: {limit:,}")


def _kind(mode: int) -> str:
    """What a path leads to that is no regular file; empty for one that is."""
    kinds = (
        (stat.S_ISREG, ""),
        (stat.S_ISDIR, os.strerror(21)),
        (stat.S_ISFIFO, "it is a pipe"),
        (stat.S_ISSOCK, "it is a socket"),
    )
    return next((told for is_kind, told in kinds if is_kind(mode)), "it is a device")


def _why(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else "") or str(error)


# Writing ------------------------------------------------------------------------------------------------------------


def fail_if_unwritable(path: Path) -> None:
    """Fail if no file can be written at a path; to be asked before the work whose outcome goes there.

    A link leads to the file that is written; it stays a link.

    Raises
    ------
    InputError
        If the folder is missing or read-only, or there is something that is no file or read-only (also for those
        whom the system would let).
    """
    if path.name == "-" and path.parent == Path():
        raise InputError(f"{path}: found no name of a file; allowed: one ('-' for standard output is not known here)")
    why = "" if _IDLE.get() else _hindrance(path)
    if why:
        raise InputError(f"{path}: can't be written ({why})")


def _hindrance(path: Path) -> str:
    """Why a file can't be written; empty if nothing is known that hinders it."""
    try:
        there = _mode(path)
        place = path.resolve()
        folder = _mode(place.parent)
    except (OSError, RuntimeError, ValueError) as error:
        return _why(error)
    if there is not None and not stat.S_ISREG(there):
        return "it is a folder" if stat.S_ISDIR(there) else "it is no regular file"
    if there is not None and not (there & WRITABLE and os.access(place, os.W_OK)):
        return "it is read-only"
    if folder is None:
        return "no such folder"
    if not stat.S_ISDIR(folder):
        return os.strerror(20)
    if not (folder & WRITABLE and os.access(place.parent, os.W_OK | os.X_OK)):
        return "its folder is read-only"
    return ""


def _mode(path: Path) -> int | None:
    """Kind and permissions of what stands at a path; None if nothing does."""
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None


@contextmanager
def nothing_written() -> Iterator[None]:
    """Leave all files as they are while this lasts: what is asked once more has written its files already."""
    token = _IDLE.set(True)
    try:
        yield
    finally:
        _IDLE.reset(token)


def is_idle() -> bool:
    """Whether files are left as they are; see `nothing_written`."""
    return _IDLE.get()


def write(path: Path, save: Callable[[Path], object]) -> None:
    """Write a file by a function that is given a temporary path; nothing half-written is left behind.

    Permissions of a file that is overwritten stay as they are.

    Raises
    ------
    InputError
        If it can't be written; what stood there before is untouched.
    """
    if is_idle():
        return
    fail_if_unwritable(path)
    with _replacing(path, path.resolve()) as temporary:
        save(temporary)
    if (kept := _KEPT.get()) is not None:
        kept.pop(str(path.resolve()), None)


def write_text(path: Path, text: str) -> None:
    """Write a text as UTF-8; what is no character (half of a pair) is written as its number."""
    write_bytes(path, text.encode("utf-8", "backslashreplace"))


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, see `write`."""
    write(path, lambda temporary: temporary.write_bytes(content))


@contextmanager
def _replacing(told: Path, path: Path) -> Iterator[Path]:
    """Give a temporary file beside ``path`` to write to, and move it into place when all went well."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".toc-")
        os.close(handle)
    except OSError as error:
        raise InputError(f"{told}: can't be written ({_why(error)})") from None
    temporary = Path(name)
    try:
        yield temporary
        _like(temporary, path)
        record(told, temporary)
        temporary.replace(path)
    except OSError as error:
        raise InputError(f"{told}: can't be written ({_why(error)})") from None
    finally:
        temporary.unlink(missing_ok=True)


def _like(temporary: Path, path: Path) -> None:
    """Give a file the owner and permissions of the one that it replaces, or those of a new one."""
    if not path.exists():
        temporary.chmod(0o666 & ~_umask())
        return
    old, new = path.stat(), temporary.stat()
    if (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
        with suppress(PermissionError):  # one becomes the owner of another's file, which one may write
            os.chown(temporary, old.st_uid, old.st_gid)
    temporary.chmod(stat.S_IMODE(old.st_mode))


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def copy_folder(source: Path, target: Path) -> None:
    """Copy a folder to where there is none yet, whole or not at all.

    Raises
    ------
    InputError
        If there is something at the place, or it can't be written.
    """
    if os.path.lexists(target):
        raise InputError(f"{target}: can't be written ({os.strerror(17)})")
    fail_if_unwritable(target)
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".toc-") as temporary:
            copied = shutil.copytree(source, Path(temporary) / target.name)
            record(target, copied)
            copied.rename(target)
    except OSError as error:
        raise InputError(f"{target}: can't be written ({_why(error)})") from None
