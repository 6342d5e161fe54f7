"""What worldviews are called, and where their documents stand."""

import os
from pathlib import Path

from toc_model.engine.case import Case
from toc_model.errors import InputError, unknown
from toc_model.files import is_given


def worldview_names(case: Case, folder: Path) -> tuple[str, ...]:
    """Names of the worldviews in a folder of prior documents, the base first."""
    found = {path.stem for path in (folder / "worldviews").glob("*.toml")}
    return (case.base, *sorted(found - {case.base}))


def is_path(worldview: str) -> bool:
    """Whether the path of a document stands for a worldview, and not a name."""
    return worldview.endswith((".toml", ".nc")) or is_given(worldview)


def named(worldview: str) -> str:
    """A name, or the whole path of a document, by which it is found again from anywhere."""
    return str(Path(worldview).resolve()) if is_path(worldview) else worldview


def place_of(folder: Path, path: Path) -> str:
    """By what a document is named among digests: its place in the folder; the whole path of one of one's own."""
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else os.path.abspath(path)  # noqa: PTH100


def called(case: Case, folder: Path, worldview: str) -> str:
    """What a worldview is called: its name, or that of its file; the path where a worldview of the folder or of the
    case has this name, for nobody's own document is to be taken for it."""
    if not is_path(worldview):
        return worldview
    path = Path(worldview)
    taken = {name.casefold() for name in (*worldview_names(case, folder), *case.worldviews, *case.successors)}
    return path.stem if is_of(folder, path) or path.stem.strip().casefold() not in taken else str(path)


def is_of(folder: Path, path: Path) -> bool:
    """Whether a document is one of the folder's worldviews, by whatever path."""
    return path.resolve().parent == (folder / "worldviews").resolve()


def no_worldview(case: Case, name: str, known: tuple[str, ...]) -> str:
    """That there is no worldview of a name, and what one of an earlier model is called now."""
    if successor := case.successors.get(name.lower()):
        return f"found {name!r}, which is of an earlier model; allowed: {successor}"
    return unknown("worldview", name, known)


def worldview_path(case: Case, worldview: str, folder: Path) -> Path | None:
    """Where a worldview's document stands; None for a base without one.

    Raises
    ------
    InputError
        If it is no path and the folder has none of this name.
    """
    if is_path(worldview):
        return Path(worldview)
    path = folder / "worldviews" / f"{worldview}.toml"
    known = worldview_names(case, folder)
    if worldview not in known:
        where = "worldview" if worldview.lower() in case.successors else folder / "worldviews"
        meant = f"; did you mean the file {worldview}.toml?" if Path(f"{worldview}.toml").is_file() else ""
        raise InputError(f"{where}: {no_worldview(case, worldview, known)}{meant}")
    return path if path.exists() else None
