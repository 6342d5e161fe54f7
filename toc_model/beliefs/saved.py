"""Beliefs in a file: what they were made from, and made again from it."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import xarray as xr

from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.changed import Changed
from toc_model.beliefs.loading import beliefs_of
from toc_model.beliefs.mixture import Member, in_order, mixed
from toc_model.beliefs.parts import Part
from toc_model.beliefs.posterior import load_posterior
from toc_model.beliefs.provenance import story_digest, versions
from toc_model.beliefs.schema import SavedBeliefs
from toc_model.beliefs.shipped import Documents
from toc_model.engine.case import loaded_case
from toc_model.engine.overrides import apply_overrides, parse_overrides
from toc_model.errors import InputError


def described(beliefs: Beliefs) -> dict[str, Any]:
    """What beliefs were made from, ready for JSON."""
    documents = beliefs.documents
    return {
        "case": documents.case.home,
        "folder": "" if documents.are_shipped else str(documents.folder.resolve()),
        "members": [
            {**one.priors.part._asdict(), "weight": one.weight, "digests": dict(one.priors.digests)}
            for one in beliefs.members
        ],
        "overrides": [override.text for override in beliefs.overrides],
        "seed": beliefs.seed,
        "evidence": [record.model_dump() for record in beliefs.evidence],
        "label": beliefs.label,
        "changed": [asdict(change) for change in beliefs.changed],
        "story": story_digest(documents.case.story),
        "as_of": documents.date.name if documents.date else "",
        "sets": list(documents.sets),
        "mixture": beliefs.mixture.named if beliefs.mixture else "",
        "mixture_digest": beliefs.mixture.digest if beliefs.mixture else "",
        "origin": dict(beliefs.origin),
        "versions": versions(),
    }


def documents_of(about: SavedBeliefs, where: str) -> Documents:
    """The documents that beliefs were read from, as they are now; of a case that is loaded already."""
    return Documents.of(loaded_case(about.case, where), about.folder or None, about.as_of or None, about.sets)


def restored(about: SavedBeliefs, parameters: xr.Dataset, log_likelihood: xr.Dataset | None, where: str) -> Beliefs:
    """Beliefs from their description and their draws.

    Parameters
    ----------
    about : SavedBeliefs
        What `described` gave.
    parameters : xarray.Dataset
        With overrides applied, dims ``(draw, ...)``.
    log_likelihood : xarray.Dataset, optional
    where : str
        The file, for messages.

    Raises
    ------
    InputError
        If the story, or a document that they were made from, is another by now.
    """
    documents = documents_of(about, where)
    if about.story != story_digest(documents.case.story):
        raise InputError(f"{where}: made with another version of the story")
    members = [Member(documents.priors(one.named, one.over), one.weight) for one in about.members]
    for one, member in zip(about.members, members, strict=True):
        if sorted(member.priors.digests.values()) != sorted(one.digests.values()):
            raise InputError(f"{where}: the documents of worldview {member.priors.worldview!r} have changed since")
    found = _with_draws(about, documents, members, parameters, log_likelihood)
    if about.mixture and (found.mixture is None or found.mixture.digest != about.mixture_digest):
        raise InputError(f"{where}: the document of the mixture {about.mixture!r} has changed since")
    return found


def _with_draws(
    about: SavedBeliefs,
    documents: Documents,
    members: Sequence[Member],
    parameters: xr.Dataset,
    log_likelihood: xr.Dataset | None = None,
) -> Beliefs:
    """Beliefs on draws as they are, to which overrides of parameters were applied before."""
    overrides = parse_overrides(about.overrides)
    interventions = [override for override in overrides if override.kind not in ("set", "scale")]
    story, _ = apply_overrides(documents.case.story, xr.Dataset(), interventions)
    return Beliefs(
        documents,
        story,
        in_order(members) if members else (),
        overrides,
        about.seed,
        parameters,
        documents.anchor(),
        tuple(about.evidence),
        log_likelihood,
        about.label,
        tuple(Changed(one.entry, one.to, one.reason) for one in about.changed),
        documents.mixture(about.mixture) if about.mixture else None,
        about.origin,
    )


# Made again ---------------------------------------------------------------------------------------------------------


def drawn_again(about: SavedBeliefs, documents: Documents, parameters: xr.Dataset) -> tuple[Beliefs, tuple[str, ...]]:
    """Beliefs whose parameters are drawn once more from documents as they are now.

    Parameters
    ----------
    about : SavedBeliefs
    documents : Documents
    parameters : xarray.Dataset
        The draws of the file, for beliefs of which nothing here can make draws.

    Returns
    -------
    beliefs : Beliefs
    taken : tuple of str
        What was taken from the file, with the reason.

    Raises
    ------
    InputError
        If a document can't be read any more, or has become impossible.
    """
    overrides = parse_overrides(about.overrides)
    if about.origin.get("file"):
        posterior = load_posterior(Path(about.members[0].named), documents)
        return beliefs_of(posterior, documents, seed=about.seed).with_overrides(overrides), ()
    weights = (documents.weights(about.mixture) or {}) if about.mixture else {}
    stated = weights or {Part(one.named, one.over): one.weight for one in about.members}
    members = [Member(documents.priors(*part), weight) for part, weight in stated.items()]
    changed = documents.changes(*(member.priors for member in members)) if members else ()
    if why := _why_taken(about, changed):
        return _with_draws(about, documents, members, parameters), (why,)
    drawn = mixed(documents.case.story, in_order(members), parameters.sizes["draw"], about.seed)
    asked = about.model_copy(update={"overrides": []})
    return _with_draws(asked, documents, members, drawn).with_overrides(overrides), ()


def _why_taken(about: SavedBeliefs, changed: Sequence[Changed]) -> str:
    """Why draws can't be made again: what made them is in no document; empty where they can be."""
    if about.label:
        return f"the draws, which are the user's own ({about.label!r})"
    if about.origin:
        return "the draws, those of a posterior that was never saved"
    if {(one.entry, one.to) for one in about.changed} != {(one.entry, one.to) for one in changed}:
        return "the draws, for which priors were changed in Python"
    return ""


def inputs_of(about: SavedBeliefs, now: Beliefs) -> tuple[dict[str, str], dict[str, str]]:
    """Digests of what beliefs were made from, as a file says, and as they are now; by name."""
    before = {"story": about.story} | {name: value for one in about.members for name, value in one.digests.items()}
    mine = described(now)
    after = {"story": mine["story"]} | {
        name: value for one in mine["members"] for name, value in one["digests"].items()
    }
    before |= {"mixture": about.mixture_digest} if about.mixture_digest else {}
    after |= {"mixture": mine["mixture_digest"]} if mine["mixture_digest"] else {}
    return before, after
