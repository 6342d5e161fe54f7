"""The documents that a run rests on: the one place that knows where documents lie."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xarray as xr

from toc_model.beliefs.allocations import (
    Allocation,
    Allocations,
    allocation_of,
    allocations_of,
    levers_of,
    read_allocations,
)
from toc_model.beliefs.assumed import assumed, changes
from toc_model.beliefs.changed import Changed
from toc_model.beliefs.choice import Choice, moved, parse_values, together
from toc_model.beliefs.claims import Claim, Contradiction, read_claims, read_contradictions
from toc_model.beliefs.dates import Date, read_date
from toc_model.beliefs.naming import worldview_names
from toc_model.beliefs.parts import Part
from toc_model.beliefs.posterior import is_posterior, load_posterior
from toc_model.beliefs.priors import Priors
from toc_model.beliefs.worldviews import Mixture, read_mixture, read_priors, stated_date
from toc_model.documents import read_toml
from toc_model.engine.case import Case
from toc_model.errors import InputError, unknown
from toc_model.files import each_read_once, is_given

type Stated = Mapping[str, Any] | str
"""What a document says of an allocation, or how it differs from the status quo, such as ``"lever:30,other:10"``."""


@dataclass(frozen=True, slots=True)
class Documents:
    """A case, the folder of documents that figures rest on, and the date of the beliefs.

    Attributes
    ----------
    case : Case
    folder : Path
        Chapters of priors, ``factors.toml``, ``worldviews/``, ``dates/``, ``claims.toml``, ``contradictions.toml``,
        ``allocations.toml`` and ``surveys/``.
    date : Date or None
        None for a case without dates.
    sets : tuple of str
        Numbers of the caller's own that every worldview is read with; see `toc_model.beliefs.assumed`.
    """

    case: Case
    folder: Path
    date: Date | None
    sets: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, case: Case, folder: Path | str | None = None, as_of: str | None = None, sets: Sequence[str] = ()
    ) -> "Documents":
        """Those of a folder, or those that ship with the case, at a date of theirs or the case's own."""
        chosen = Path(folder) if folder else case.documents
        return cls(case, chosen, read_date(case, chosen, as_of or ""), tuple(sets))

    def at_date_of(self, worldview: str) -> "Documents":
        """The same at the date that a worldview of one's own states, if it states one."""
        if is_posterior(worldview):
            return self
        stated = stated_date(self.case, self.folder, worldview)
        return Documents.of(self.case, self.folder, stated, self.sets) if stated else self

    @property
    def at_base_date(self) -> "Documents":
        """The same at the date of the base."""
        at_base = not self.date or self.date.name == self.case.date
        return self if at_base else Documents.of(self.case, self.folder, sets=self.sets)

    @property
    def dated(self) -> str:
        """The date of the beliefs, behind the name of a worldview; empty for a case without dates."""
        return f" as of {self.date.label}" if self.date else ""

    @property
    def are_shipped(self) -> bool:
        """Whether they are those that ship with the case."""
        return self.folder == self.case.documents

    def __repr__(self) -> str:
        return f"<Documents of {self.case.name!r} in {self.folder}>"

    def priors(self, worldview: str | None = None, over: str = "") -> Priors:
        """The priors of a worldview that is no mixture, by name or path; of the base by default.

        Those of a part of a mixture may have the patches of a worldview over them that is based on the mixture.
        """
        if worldview and is_posterior(worldview):
            return load_posterior(Path(worldview), self).as_priors
        found = read_priors(self.case, self.folder, worldview or self.case.base, self.date, over)
        return assumed(self.case.story, self.date, found, self.sets)

    def changes(self, *members: Priors) -> tuple[Changed, ...]:
        """What the caller's own numbers put in place of elicited priors of some worldviews, in words."""
        return changes(self.case.story, self.date, members, self.sets)

    def mixture(self, worldview: str) -> Mixture | None:
        """The mixture that a name or path stands for; None for any other worldview."""
        return None if is_posterior(worldview) else read_mixture(self.case, self.folder, worldview)

    def weights(self, worldview: str) -> Mapping[Part, float] | None:
        """What a mixture's document mixes, with weights that add up to one; None for any other worldview."""
        found = self.mixture(worldview)
        over = worldview if found and found.has_patches else ""
        return {Part(name, over): weight for name, weight in found.weights.items()} if found else None

    def has_density(self, worldview: str) -> bool:
        """Whether a worldview is neither a mixture nor a camp nor a posterior."""
        if self.mixture(worldview) is not None:
            return False
        found = self.priors(worldview)
        return not (found.camp or found.learnt)

    def worldviews(self) -> tuple[str, ...]:
        """Names of the worldviews, the base first and then as the case tells them."""
        found = worldview_names(self.case, self.folder)
        told = self.told_beside()
        return (*told, *(name for name in found if name not in told))

    def told_beside(self) -> tuple[str, ...]:
        """Names of the worldviews that the case tells beside each other, but for those that the folder lacks."""
        found = worldview_names(self.case, self.folder)
        return tuple(name for name in self.case.worldviews if name in found)

    def unit(self, name: str) -> str:
        """A unit as people read it: one that counts years from the base's date names the date of these beliefs."""
        found = self.case.story.units.get(name)
        base = self.at_base_date.date
        return name.replace(base.label, self.date.label) if found and found.is_date and self.date and base else name

    def calendar(self, unit: str, value: float) -> str:
        """The calendar year of a value in a unit that counts years from the date, in brackets; empty for any other."""
        found = self.case.story.units.get(unit)
        return f" ({self.date.calendar(value)})" if found and found.is_date and self.date else ""

    def claims(self) -> dict[str, Claim]:
        """The ledger of claims; a story that declares none needs none."""
        path, story = self.folder / "claims.toml", self.case.story
        declared = any(thing.claims for things in (story.levers, story.nodes) for thing in things.values())
        return read_claims(path) if declared or path.exists() else {}

    def contradictions(self) -> dict[str, Contradiction]:
        """Where the theory pulls against itself; empty where the folder does not say."""
        path = self.folder / "contradictions.toml"
        return read_contradictions(path) if path.exists() else {}

    @each_read_once()
    def allocations(self, options: Path | str | Mapping[str, Stated] | Choice | None = None) -> Allocations:
        """Those of a document of one's own, of what one would say, or of the folder; the status quo first.

        What is asked for beside those of the folder comes before them.
        """
        if isinstance(options, Choice):
            return together(options, self._read(self._allocations), self._own(options))
        if isinstance(options, Mapping):
            return allocations_of(self.case, self._tables(options), self.status_quo)
        return self._read(Path(options) if options else self._allocations)

    def _read(self, path: Path) -> Allocations:
        return read_allocations(self.case, path, self.status_quo)

    def _own(self, asked: Choice) -> Allocations | None:
        return self._read(asked.document) if asked.document else None

    def _tables(self, options: Mapping[str, Stated]) -> dict[str, Mapping[str, Any]]:
        """What a document would say of each allocation, also of those that are asked for in words."""
        tables = {name: stated for name, stated in options.items() if not isinstance(stated, str)}
        quo = allocations_of(self.case, tables, self.status_quo).named[self.case.status_quo]
        return {
            name: self._table(quo, name, stated) if isinstance(stated, str) else stated
            for name, stated in options.items()
        }

    def _table(self, quo: Allocation, name: str, stated: str) -> dict[str, Any]:
        where = f"allocations: {name}"
        found, _ = moved(self.case, quo, parse_values(stated, where), where)
        return {"description": found.description, **found.values}

    @property
    def _allocations(self) -> Path:
        return self.folder / "allocations.toml"

    def status_quo(self) -> Allocation:
        """The allocation from which changes are reported: as the folder states it, or the reference of the date.

        Raises
        ------
        InputError
            If the folder has neither.
        """
        name = self.case.status_quo
        tables = read_toml(self._allocations)
        if name in tables:
            return allocation_of(self.case.story, tables[name], f"{self._allocations}: {name}")
        if self.date is None:
            raise InputError(f"{self._allocations}: found no allocation {name!r}, from which changes are reported")
        return self.date.reference

    def anchor(self) -> xr.Dataset:
        """Levers of the reference, the world in which the priors were elicited; dims ``(allocation, ...)``, one place.

        Raises
        ------
        InputError
            If neither a date nor the folder's allocations have it.
        """
        if self.date is None and self.case.reference != self.case.status_quo:
            raise InputError(f"case {self.case.name}: has no date, which would say what {self.case.reference!r} is")
        found = self.date.reference if self.date else self.status_quo()
        return levers_of(self.case.story, {self.case.reference: found})

    def surveys(self) -> tuple[str, ...]:
        """Names of the mapping documents of surveys."""
        return tuple(sorted(path.stem for path in (self.folder / "surveys").glob("*.toml")))

    def survey_path(self, path_or_name: Path | str) -> Path:
        """Where a mapping document is, given its path (ending in ``.toml``) or its name.

        Raises
        ------
        InputError
            If there is no document of this name.
        """
        if str(path_or_name).endswith(".toml") or is_given(path_or_name):
            return Path(path_or_name)
        names, folder = self.surveys(), self.folder / "surveys"
        if str(path_or_name) not in names:
            raise InputError(f"{folder}: {unknown('mapping', str(path_or_name), names)}, or the path of a .toml file")
        return folder / f"{path_or_name}.toml"
