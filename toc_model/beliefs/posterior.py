"""A posterior: draws with what made them, in memory and in a file; any worldview's place can be taken by one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from toc_model.beliefs.evidence import Evidence
from toc_model.beliefs.priors import Priors
from toc_model.beliefs.provenance import story_digest
from toc_model.beliefs.schema import (
    SavedPosterior,
    checked_draws,
    checked_likelihood,
    checked_weights,
    fail_if_earlier_format,
)
from toc_model.beliefs.seal import Sealed, read_sealed
from toc_model.brief import Brief
from toc_model.documents import checked, table_of
from toc_model.errors import InputError

if TYPE_CHECKING:
    from toc_model.beliefs.shipped import Documents

WHAT = "posterior of toc update"
SUFFIX = ".nc"
"""What a posterior's file ends in, by which a worldview is told to be one."""


@dataclass(frozen=True, slots=True, repr=False)
class Kept(Brief):
    """The usable answers of a source, as they were learnt from.

    Attributes
    ----------
    source_id : str
    rows : str
        In the long format, in the units of their targets.
    mapping : str
        The mapping document that they went by, as JSON.
    """

    source_id: str
    rows: str
    mapping: str


@dataclass(frozen=True, slots=True, repr=False)
class Posterior(Brief):
    """Draws of the parameters given surveys.

    Attributes
    ----------
    priors : Priors
        The worldview that was updated.
    evidence : tuple of Evidence
        The surveys, and those that the worldview already rested on.
    problems : tuple of str
        Why the draws can't be trusted; empty for a good run.
    parameters : xarray.Dataset
        Dims ``(draw, ...)``. Draws of the priors have a coordinate ``weight`` along ``draw``; those of a sampler one
        that says of which ``chain`` each is.
    log_likelihood : xarray.Dataset or None
        Dims ``(draw,)``, one variable a bias group: log marginal likelihood of all its answers.
    origin : mapping
        How the draws were made, and the digest of the file that they come from, ready for JSON.
    answers : tuple of Kept
        That it rests on, so that a source can be added or taken out.
    file : str
        That it was read from; empty for one that was not saved.
    """

    priors: Priors
    evidence: tuple[Evidence, ...]
    problems: tuple[str, ...]
    parameters: xr.Dataset
    log_likelihood: xr.Dataset | None = None
    origin: Mapping[str, Any] = field(default_factory=dict)
    answers: tuple[Kept, ...] = ()
    file: str = ""

    @property
    def label(self) -> str:
        """The worldview and what it was updated on, for titles and sentences."""
        return f"{self.priors.worldview} + {' + '.join(record.label for record in self.evidence)}"

    @property
    def as_priors(self) -> Priors:
        """The same as a worldview, to be drawn, mixed and compared."""
        found = replace(self.priors, worldview=self.label, evidence=self.evidence, learnt=self)
        if not self.file:
            return found
        return replace(found, named=self.file, digests={**self.priors.digests, **self._digest})

    @property
    def _digest(self) -> dict[str, str]:
        return {self.file: str(self.origin["sha256"])} if "sha256" in self.origin else {}

    def drawn(self, draws: int) -> xr.Dataset:
        """So many of the draws, for a mixture.

        Those of a sampler are taken at even distances. Of weighted ones the first are, which are independent.

        Raises
        ------
        InputError
            If there are not so many.
        """
        own = self.parameters.sizes["draw"]
        if own < draws:
            where = self.file or self.label
            raise InputError(f"{where}: found {own} draws; allowed: {draws} or more, as the mixture has")
        places = np.arange(own)[:: own // draws][:draws] if "chain" in self.parameters.coords else np.arange(draws)
        return self.parameters.isel(draw=places)


def is_posterior(worldview: str) -> bool:
    """Whether the file of a posterior stands for a worldview."""
    return worldview.endswith(SUFFIX)


def load_posterior(path: Path, documents: "Documents") -> Posterior:
    """Read a posterior.

    Parameters
    ----------
    path : Path
    documents : Documents
        Of the case, the folder, the date and the numbers that it was learnt with; see `learnt_with`.

    Raises
    ------
    InputError
        If it is no posterior of this story and of the worldview as it stands, or the run was not good.
    """
    return posterior_in(read_sealed(path, WHAT), documents)


def posterior_in(saved: Sealed, documents: "Documents") -> Posterior:
    """The posterior of a file that was read; see `load_posterior`."""
    path, case, about = saved.path, documents.case, about_update(saved)
    if about.story != story_digest(case.story):
        raise InputError(f"{path}: a posterior of another version of the story; run toc update again")
    _fail_if_other_documents(about, documents, path)
    drawn = saved.group(about.group, WHAT)
    parameters = checked_draws(case.story, drawn, str(path))
    likelihood = checked_likelihood(saved.group("log_likelihood", WHAT), drawn, str(path))
    in_a_row = flat
    if about.method == "weights":
        if drawn.sizes["chain"] != 1:
            raise InputError(f"{path}: prior: found {drawn.sizes['chain']} chains; allowed: 1")
        weight = checked_weights(saved.group("importance", WHAT), drawn, str(path))
        parameters, in_a_row = parameters.assign_coords(weight=weight), _of_one_chain
    priors = documents.priors(about.worldview)
    if sorted(priors.digests.values()) != sorted(about.digests.values()):
        told = f"the documents of worldview {about.worldview!r} in {documents.folder} have changed since"
        raise InputError(f"{path}: {told}; allowed: those that it was learnt with (--priors), or to update again")
    if about.problems and not about.accepted:
        told = "; ".join(about.problems)
        raise InputError(f"{path}: not a good run: {told}; allowed: a good one, or toc update --accept-problems")
    return Posterior(
        priors=priors,
        evidence=tuple(about.evidence),
        problems=tuple(about.problems),
        parameters=in_a_row(parameters),
        log_likelihood=in_a_row(likelihood),
        origin=_origin(saved, about),
        answers=_answers(saved),
        file=str(path.resolve()),
    )


def _fail_if_other_documents(about: SavedPosterior, documents: "Documents", path: Path) -> None:
    """Fail if the date of documents or the caller's own numbers are not those that a posterior was learnt with."""
    case = documents.case
    if documents.date and documents.date.name != case.date:
        raise InputError(f"{path}: a posterior as of {case.date}; found beliefs as of {documents.date.name}")
    if tuple(about.sets) != documents.sets:
        raise InputError(
            f"sets: found {', '.join(documents.sets) or 'none'} beside {path}, which was learnt with "
            f"{', '.join(about.sets) or 'none'}; allowed: to set numbers where it is learnt"
        )


def about_update(saved: Sealed) -> SavedPosterior:
    """What a file says of the update that made it.

    Raises
    ------
    InputError
        If it is no posterior, or one of an earlier format.
    """
    if "update" not in saved.tree.attrs:
        raise InputError(f"{saved.path}: no {WHAT} (found {'a run' if 'run' in saved.tree.attrs else 'another file'})")
    where = f"{saved.path}: update"
    stated = table_of(saved.tree.attrs["update"], where)
    fail_if_earlier_format(stated, str(saved.path))
    return checked(SavedPosterior, stated, where)


def learnt_with(path: Path) -> SavedPosterior:
    """What a posterior's file says of how it was made, for its documents to be found."""
    return about_update(read_sealed(path, WHAT))


def _origin(saved: Sealed, about: SavedPosterior) -> dict[str, Any]:
    whole = {} if saved.vouched_for else {"checksum": "none"}
    return {"file": str(saved.path), "sha256": saved.content.digest, **whole, **about.origin()}


def _answers(saved: Sealed) -> tuple[Kept, ...]:
    group = saved.group("answers", WHAT)
    columns = []
    for name in ("source_id", "rows", "mapping"):
        if name not in group.data_vars or group[name].dims != ("source",):
            raise InputError(f"{saved.path}: answers: found no {name} by source; run toc update again")
        columns.append([str(text) for text in group[name].values])
    return tuple(Kept(*texts) for texts in zip(*columns, strict=True))


def answers_group(answers: Sequence[Kept]) -> xr.Dataset:
    """Answers as a group of a file."""
    return xr.Dataset(
        {
            name: ("source", np.array([getattr(one, name) for one in answers], dtype=object))
            for name in ("source_id", "rows", "mapping")
        }
    )


def _of_one_chain(draws: xr.Dataset) -> xr.Dataset:
    """Independent draws, which are saved as those of one chain."""
    return draws.isel(chain=0, drop=True).transpose("draw", ...)


def flat(draws: xr.Dataset) -> xr.Dataset:
    """Put all chains one after another: dims ``(draw, ...)``; a coordinate ``chain`` says of which a draw is."""
    stacked = draws.stack(sample=("chain", "draw")).drop_vars(["sample", "chain", "draw"])
    flat = stacked.rename(sample="draw").transpose("draw", ...).assign_coords(draw=np.arange(stacked.sizes["sample"]))
    return flat.assign_coords(chain=("draw", np.repeat(np.arange(draws.sizes["chain"]), draws.sizes["draw"])))
