"""A posterior as a file: draws, what made them, whether they can be used; and a worldview made of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from scipy import special

from toc_model.aliases import Floats
from toc_model.beliefs.distributions import Distribution
from toc_model.beliefs.latents import loadings_on
from toc_model.beliefs.priors import Elicited, Evidence, Prior, Priors
from toc_model.beliefs.provenance import story_digest
from toc_model.beliefs.schema import SavedPosterior, checked_draws, checked_likelihood, fail_if_any_not_finite
from toc_model.beliefs.seal import Sealed, read_sealed
from toc_model.beliefs.shipped import Documents
from toc_model.documents import as_toml, checked, table_of
from toc_model.engine.case import Case
from toc_model.engine.story import Story
from toc_model.errors import InputError

WHAT = "posterior of toc update"

MOVED = 0.05
"""How far, in prior standard deviations, a median moves (or a spread changes) before a patch names the parameter."""
PLACES = {"q05": -1.6448536269514722, "q50": 0.0, "q95": 1.6448536269514722}
"""Of the quantiles of a patch, on the normal scale."""
CORRELATED = 0.05
"""Smallest correlation that a patch names."""


@dataclass(frozen=True, slots=True)
class Posterior:
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
        Dims ``(draw, ...)``, all chains one after another; ``chain (draw)`` says which.
    log_likelihood : xarray.Dataset or None
        Dims ``(draw,)``, one variable a question, or a source whose answers share a bias: the log density of all
        answers. None for files of older versions.
    origin : mapping
        How the draws were made, and the digest of the file that they come from, ready for JSON.
    """

    priors: Priors
    evidence: tuple[Evidence, ...]
    problems: tuple[str, ...]
    parameters: xr.Dataset
    log_likelihood: xr.Dataset | None = None
    origin: Mapping[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The worldview and what it was updated on, for titles and sentences."""
        return f"{self.priors.worldview} + {' + '.join(record.label for record in self.evidence)}"


def load_posterior(
    path: Path, case: Case, folder: Path | str | None = None, *, even_if_bad: bool = False
) -> tuple[Posterior, Documents]:
    """Read a posterior, and the documents that it rests on.

    Parameters
    ----------
    path : Path
    case : Case
    folder : Path, optional
        Of prior documents; that which the posterior names by default.
    even_if_bad : bool
        Whether to read one whose run was not good, too.

    Raises
    ------
    InputError
        If it is no posterior of this story and of the worldview as it stands, or the run was not good.
    """
    return posterior_in(read_sealed(path, WHAT), case, folder, even_if_bad=even_if_bad)


def posterior_in(
    saved: Sealed, case: Case, folder: Path | str | None = None, *, even_if_bad: bool = False
) -> tuple[Posterior, Documents]:
    """The posterior of a file that was read, and the documents that it rests on; see `load_posterior`."""
    path = saved.path
    about = about_update(saved)
    if about.story != story_digest(case.story):
        raise InputError(f"{path}: a posterior of another version of the story; run toc update again")
    drawn = all_draws(saved)
    parameters = checked_draws(case.story, drawn, str(path))
    likelihood = saved.group("log_likelihood", WHAT) if "log_likelihood" in saved.tree.children else None
    documents = Documents.of(case, folder or about.priors or None, sets=about.sets)
    priors = documents.priors(about.worldview)
    if sorted(priors.digests.values()) != sorted(about.digests.values()):
        raise InputError(f"{path}: the documents of worldview {about.worldview!r} have changed since; update again")
    if about.problems and not even_if_bad:
        raise InputError(f"{path}: not a good run: {'; '.join(about.problems)}")
    found = Posterior(
        priors=priors,
        evidence=tuple(about.evidence),
        problems=tuple(about.problems),
        parameters=flat(parameters),
        log_likelihood=None if likelihood is None else flat(checked_likelihood(likelihood, drawn, str(path))),
        origin=_origin(saved, about),
    )
    return found, documents


def about_update(saved: Sealed) -> SavedPosterior:
    """What a file says of the update that made it.

    Raises
    ------
    InputError
        If it is no posterior.
    """
    if "update" not in saved.tree.attrs:
        raise InputError(f"{saved.path}: no {WHAT} (found {'a run' if 'run' in saved.tree.attrs else 'another file'})")
    where = f"{saved.path}: update"
    return checked(SavedPosterior, table_of(saved.tree.attrs["update"], where), where)


def all_draws(saved: Sealed) -> xr.Dataset:
    """All draws of a posterior's file, those of biases among them; dims ``(chain, draw, ...)``, finite."""
    drawn = saved.group("posterior", WHAT)
    fail_if_any_not_finite(drawn, str(saved.path))
    return drawn


def _origin(saved: Sealed, about: SavedPosterior) -> dict[str, Any]:
    whole = {} if saved.vouched_for else {"checksum": "none"}
    return {"file": str(saved.path), "sha256": saved.content.digest, **whole, **about.origin()}


def flat(draws: xr.Dataset) -> xr.Dataset:
    """Put all chains one after another: dims ``(draw, ...)``; a coordinate ``chain`` says of which a draw is."""
    stacked = draws.stack(sample=("chain", "draw")).drop_vars(["sample", "chain", "draw"])
    flat = stacked.rename(sample="draw").transpose("draw", ...).assign_coords(draw=np.arange(stacked.sizes["sample"]))
    return flat.assign_coords(chain=("draw", np.repeat(np.arange(draws.sizes["chain"]), draws.sizes["draw"])))


def fail_if_counted_twice(case: Case, new: Sequence[Evidence], known: Iterable[Evidence]) -> None:
    """Fail if a survey, or one that it overlaps with, has already been used, or is no evidence at all.

    Raises
    ------
    InputError
        Naming both sources.
    """
    used = list(known)
    for record in new:
        if record.verified == case.name:
            raise InputError(f"{record.source_id}: {case.theory}'s own figures can't be evidence for it")
        for other in used:
            same = record.source_id == other.source_id or record.digest == other.digest
            overlap = record.source_id in other.derived_from or other.source_id in record.derived_from
            if same or overlap or set(record.derived_from) & set(other.derived_from):
                how = "the same source" if same else "an overlapping source"
                raise InputError(f"{record.source_id}: {how} as {other.source_id}, which was already counted")
        used.append(record)


def latent_scores(story: Story, priors: Priors, parameters: xr.Dataset) -> dict[str, Floats]:
    """Every uncertain entry's draws as standard normal scores of its prior.

    An entry that is nil in a draw has there the median score of all that make it so.
    """
    return {
        entry: priors[entry].distribution.to_latent(values)
        for entry, values in _by_entry(story, parameters).items()
        if not priors[entry].distribution.is_constant
    }


def _by_entry(story: Story, parameters: xr.Dataset) -> dict[str, Floats]:
    found: dict[str, Floats] = {}
    for name, parameter in story.parameters.items():
        values = parameters[name].transpose("draw", ...).values.reshape(parameters.sizes["draw"], -1)
        found |= {entry: values[:, place] for place, entry in enumerate(story.entries_of(parameter.name))}
    return found


def worldview_document(story: Story, posterior: Posterior, description: str) -> str:
    """A worldview that approximates a posterior: normal margins and correlations on the latent scale.

    Lost are the shapes of margins that are not normal there; what entries with a factor have to do with others beyond
    their prior loadings, which stay; and part of the correlations of entries that may be nil, whose scores are all one
    where they are. An entry that may be nil gets the share of draws in which it is, and quantiles of the rest.

    Parameters
    ----------
    story : Story
    posterior : Posterior
    description : str

    Returns
    -------
    str
        A TOML document: the patches of the worldview that was updated, those entries that moved, their correlations,
        and the evidence, which later updates refuse to count again.
    """
    priors, label = posterior.priors, f"Posterior of {posterior.label}."
    draws = _by_entry(story, posterior.parameters)
    scores = latent_scores(story, priors, posterior.parameters)
    moved = [entry for entry in scores if _has_moved(priors[entry].distribution, draws[entry])]
    lines = [f"description = {as_toml(description)}", ""]
    for record in posterior.evidence:
        lines += ["[[evidence]]", *(f"{key} = {as_toml(value)}" for key, value in record.model_dump().items()), ""]
    for entry, prior in priors.entries.items():
        if entry in moved:
            learned = _learned(prior, draws[entry])
            lines += _patch(entry, learned.model_copy(update={"source": label}), label)
        elif prior.reason:
            lines += _patch(entry, prior.entry, prior.reason)
    before = {name for correlation in priors.correlations for name in correlation.between}
    related = [entry for entry in scores if entry in before or entry in moved]
    alone = [entry for entry in related if not loadings_on(priors.factors, entry)]
    for one, other, value in _correlations({entry: scores[entry] for entry in alone}):
        lines += ["[[correlations]]", f"between = {as_toml([one, other])}", f"value = {value:.3f}"]
        lines += [f"reason = {as_toml(label)}", ""]
    return "\n".join(lines)


def _has_moved(distribution: Distribution, values: Floats) -> bool:
    """Whether draws differ from a prior in their share of nil, or in what they are else."""
    if abs(np.mean(values == 0) - distribution.nil) > MOVED * np.sqrt(distribution.nil * (1 - distribution.nil)) > 0:
        return True
    z = _scores_of_some(distribution, values)
    return len(z) > 1 and bool(abs(np.median(z)) > MOVED or abs(np.std(z) - 1) > MOVED)


def _scores_of_some(distribution: Distribution, values: Floats) -> Floats:
    """Scores, in the family, of those values that are not nil."""
    some = values if distribution.nil == 0 else values[values != 0]
    return replace(distribution, nil=0.0).to_latent(some)


def _learned(prior: Prior, values: Floats) -> Elicited:
    """An entry with quantiles of the normal distribution that has the scores' mean and standard deviation."""
    z = _scores_of_some(prior.distribution, values)
    nil = float(np.mean(values == 0)) if prior.distribution.nil else 0.0
    if len(z) < 2:
        return prior.entry.model_copy(update={"nil": nil})
    levels = {name: special.ndtr(z.mean() + place * z.std()) for name, place in PLACES.items()}
    quantiles = {name: float(prior.distribution.given_some(level)) for name, level in levels.items()}
    return prior.entry.model_copy(update={"nil": nil, "quantiles": quantiles})


def _patch(name: str, entry: Elicited, reason: str) -> list[str]:
    if entry.quantiles is None:
        values = [f"value = {entry.value!r}"]
    else:
        quantiles = ", ".join(f"{quantile} = {value!r}" for quantile, value in entry.quantiles.items())
        values = [f"quantiles = {{ {quantiles} }}", f"nil = {entry.nil!r}"]
    return [
        f"[parameters.{as_toml(name)}]",
        f"family = {as_toml(entry.family)}",
        *values,
        f"source = {as_toml(entry.source)}",
        f"status = {as_toml(entry.status)}",
        f"reason = {as_toml(reason)}",
        "",
    ]


def _correlations(scores: Mapping[str, Floats]) -> list[tuple[str, str, float]]:
    """Correlations worth naming, shrunk together until they are those of a distribution."""
    names = list(scores)
    if len(names) < 2:
        return []
    matrix = np.corrcoef(np.stack(list(scores.values())))
    kept = np.where(np.abs(matrix) >= CORRELATED, matrix, 0.0)
    while np.linalg.eigvalsh(kept)[0] < 1e-3:
        kept = np.where(np.eye(len(names)) == 1, 1.0, 0.95 * kept)
    return [(a, b, kept[i, j]) for i, a in enumerate(names) for j, b in enumerate(names) if i < j and kept[i, j]]
