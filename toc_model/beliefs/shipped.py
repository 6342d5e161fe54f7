"""The documents that a run rests on: the one place that knows where documents lie."""

from dataclasses import dataclass
from pathlib import Path

import xarray as xr

from toc_model.beliefs.allocations import Allocations, allocation_of, levers_of, read_allocations
from toc_model.beliefs.claims import Claim, Contradiction, read_claims, read_contradictions
from toc_model.beliefs.priors import Priors
from toc_model.beliefs.worldviews import read_priors, worldview_names
from toc_model.documents import read_toml
from toc_model.engine.case import Case
from toc_model.errors import InputError, unknown


@dataclass(frozen=True, slots=True)
class Documents:
    """A case and the folder of documents that figures rest on.

    Attributes
    ----------
    case : Case
    folder : Path
        Chapters of priors, ``worldviews/``, ``claims.toml``, ``contradictions.toml``, ``allocations.toml`` and
        ``surveys/``.
    """

    case: Case
    folder: Path

    @classmethod
    def of(cls, case: Case, folder: Path | str | None = None) -> "Documents":
        """Those of a folder, or those that ship with the case."""
        return cls(case, Path(folder) if folder else case.documents)

    @property
    def are_shipped(self) -> bool:
        """Whether they are those that ship with the case."""
        return self.folder == self.case.documents

    def __repr__(self) -> str:
        return f"<Documents of {self.case.name!r} in {self.folder}>"

    def priors(self, worldview: str | None = None) -> Priors:
        """The priors of a worldview, by name or path; of the base by default."""
        return read_priors(self.case, self.folder, worldview or self.case.base)

    def worldviews(self) -> tuple[str, ...]:
        """Names of the worldviews, the base first."""
        return worldview_names(self.case, self.folder)

    def claims(self) -> dict[str, Claim]:
        """The ledger of claims; a story that declares none needs none."""
        path, story = self.folder / "claims.toml", self.case.story
        declared = any(thing.claims for things in (story.levers, story.nodes) for thing in things.values())
        return read_claims(path) if declared or path.exists() else {}

    def contradictions(self) -> dict[str, Contradiction]:
        """Where the theory pulls against itself; empty where the folder does not say."""
        path = self.folder / "contradictions.toml"
        return read_contradictions(path) if path.exists() else {}

    def allocations(self, path: Path | str | None = None) -> Allocations:
        """Those of a document of one's own, or of the folder; the status quo first."""
        own = self.folder / "allocations.toml"
        return read_allocations(self.case, Path(path) if path else own, own)

    def anchor(self) -> xr.Dataset:
        """Levers of the reference, the world in which the priors were elicited; dims ``(allocation, ...)``, one place.

        Raises
        ------
        InputError
            If the folder's allocations lack it.
        """
        path, name = self.folder / "allocations.toml", self.case.reference
        tables = read_toml(path)
        if name not in tables:
            raise InputError(f"{path}: found no allocation {name!r}, which the laws are anchored to")
        found = allocation_of(self.case.story, tables[name], f"{path}: {name}")
        return levers_of(self.case.story, {name: found})

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
        if str(path_or_name).endswith(".toml"):
            return Path(path_or_name)
        names, folder = self.surveys(), self.folder / "surveys"
        if str(path_or_name) not in names:
            raise InputError(f"{folder}: {unknown('mapping', str(path_or_name), names)}, or the path of a .toml file")
        return folder / f"{path_or_name}.toml"
