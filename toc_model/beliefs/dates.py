"""Dates: what another year changes in the beliefs, the reference allocation of that year, and where years start."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field

from toc_model.beliefs.allocations import Allocation, allocation_of
from toc_model.beliefs.patches import Patch
from toc_model.brief import Brief
from toc_model.documents import Document, checked, toml_of
from toc_model.engine.case import Case
from toc_model.errors import InputError, unknown
from toc_model.files import read


class DateDocument(Document):
    """A date as its document states it."""

    description: str = Field(min_length=1)
    """What date it is, and what changes."""
    label: str = Field(min_length=1)
    """Behind "as of", for sentences."""
    year: float = Field(ge=1000, le=9999)
    """The calendar year, with its fraction, that years are counted from."""
    wins: list[str] = []
    """Entries in which the date has the last word over a worldview that states none."""
    parameters: dict[str, Patch] = {}
    """What it changes in the base, by entry."""
    reference: dict[str, Any]
    """The allocation of the reference world, as a document of allocations states it."""


@dataclass(frozen=True, slots=True, repr=False)
class Date(Brief):
    """A date of beliefs.

    Attributes
    ----------
    name, label, description : str
    year : float
        The calendar year, with its fraction, that years are counted from.
    wins : frozenset of str
        Entries in which the date has the last word over a worldview that states none.
    patches : mapping of str to Patch
        What it changes in the base.
    reference : Allocation
        Of the reference world.
    path : Path
    digest : str
        SHA-256 of the document.
    """

    name: str
    label: str
    description: str
    year: float
    wins: frozenset[str]
    patches: Mapping[str, Patch]
    reference: Allocation
    path: Path
    digest: str

    def calendar(self, years: float) -> str:
        """The calendar year in which something comes that is so many years away."""
        return str(math.floor(self.year + years))


def date_names(folder: Path) -> tuple[str, ...]:
    """Names of the dates in a folder of prior documents."""
    return tuple(sorted(path.stem for path in (folder / "dates").glob("*.toml")))


def read_date(case: Case, folder: Path, name: str) -> Date | None:
    """Read a date of a folder.

    Parameters
    ----------
    case : Case
    folder : Path
        Of prior documents.
    name : str
        Empty for the case's own.

    Returns
    -------
    Date or None
        None where neither the user nor the case names one.

    Raises
    ------
    InputError
        If there is no such date, or its document does not fit its schema or the case's story.
    """
    chosen = name or case.date
    if not chosen:
        return None
    known = date_names(folder)
    if not known and not any(folder.glob("*.toml")):
        raise InputError(f"{folder}: found no prior documents (*.toml)")
    if not known:
        raise InputError(f"{folder / 'dates'}: found no dates; allowed: documents of them, {chosen}.toml among these")
    if chosen not in known:
        raise InputError(f"{folder / 'dates'}: {unknown('date', chosen, known)}")
    path = folder / "dates" / f"{chosen}.toml"
    content = read(path)
    found = checked(DateDocument, toml_of(content), str(path))
    for entry in found.wins:
        if entry not in found.parameters:
            raise InputError(f"{path}: wins: found {entry!r}; allowed: {', '.join(found.parameters)}")
    return Date(
        chosen,
        found.label,
        found.description,
        found.year,
        frozenset(found.wins),
        found.parameters,
        allocation_of(case.story, found.reference, f"{path}: reference"),
        path,
        content.digest,
    )
