"""Texts with a folder of files beside them, written whole or not at all, and replaced only where they were written."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from toc_model.errors import InputError
from toc_model.files import fail_if_unwritable, is_idle, write_text

LIST = "contents.txt"
"""Lists what a folder was written with, by which it is known to be ours."""
ABOUT = "Written with the text beside this folder, and replaced with it. The files:"


def folder_beside(path: Path) -> Path:
    """Where the files that belong to a text are, such as ``report_files`` for ``report.md``."""
    whole = path.resolve()
    return whole.with_name(f"{whole.stem}_files")


def write_with_files(path: Path, text: str, files: Mapping[str, str]) -> None:
    """Write a text, and files that it refers to into a folder beside it; the folder of an earlier one is replaced.

    Parameters
    ----------
    path : Path
        Of the text.
    text : str
    files : mapping of str to str
        By name; without any there is no folder.

    Raises
    ------
    InputError
        If either can't be written, or the folder holds what was not written here. All is then as it was.
    """
    if is_idle():
        return
    folder = folder_beside(path)
    fail_if_unwritable(path)
    has_old = _is_ours(folder) if files or not os.path.lexists(folder) else _may_go(folder)
    try:
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".toc-") as name:
            new, old = Path(name) / "new", Path(name) / "old"
            new.mkdir()
            for file, content in {**files, LIST: "\n".join([ABOUT, *files, ""])}.items():
                (new / file).write_text(content, encoding="utf-8")
            if has_old:
                folder.rename(old)
            if files:
                new.rename(folder)
            try:
                write_text(path, text)
            except BaseException:
                if files:
                    shutil.rmtree(folder)
                if has_old:
                    old.rename(folder)
                raise
    except OSError as error:
        raise InputError(f"{folder}: can't be written ({error.strerror or error})") from None


def fail_if_folder_taken(path: Path) -> None:
    """Fail if what is beside a text, where its files would go, was not written here; to be asked before the work."""
    _is_ours(folder_beside(path))


def _may_go(folder: Path) -> bool:
    """Whether a folder that is no longer needed is ours; somebody else's is let be."""
    try:
        return _is_ours(folder)
    except InputError:
        return False


def _is_ours(folder: Path) -> bool:
    """Whether there is such a folder, all of which was written here.

    Raises
    ------
    InputError
        If there is something else.
    """
    if not os.path.lexists(folder):
        return False
    allowed = "allowed: nothing there, or the folder of an earlier report"
    if folder.is_symlink() or not folder.is_dir():
        raise InputError(f"{folder}: found something that is no folder; {allowed}")
    found = sorted(file.name for file in folder.iterdir())
    about, *known = _listed(folder / LIST)
    others = [name for name in found if name not in {*known, LIST}]
    if about != ABOUT or others:
        raise InputError(f"{folder}: found {', '.join(others[:3]) or 'no list'}, which no report wrote; {allowed}")
    return True


def _listed(path: Path) -> list[str]:
    """Lines of a folder's list; an empty one where there is none."""
    try:
        return path.read_text(encoding="utf-8").splitlines() or [""]
    except (OSError, UnicodeDecodeError):
        return [""]
