"""Beliefs in a file: what they were made from, and made again from it."""

from dataclasses import asdict
from typing import Any

import xarray as xr

from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.changed import Changed
from toc_model.beliefs.mixture import Member, in_order
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
            {"named": one.priors.named, "weight": one.weight, "digests": dict(one.priors.digests)}
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
    members = []
    for one in about.members:
        priors = documents.priors(one.named)
        if sorted(priors.digests.values()) != sorted(one.digests.values()):
            raise InputError(f"{where}: the documents of worldview {priors.worldview!r} have changed since")
        members.append(Member(priors, one.weight))
    mixture = documents.mixture(about.mixture) if about.mixture else None
    if about.mixture and (mixture is None or mixture.digest != about.mixture_digest):
        raise InputError(f"{where}: the document of the mixture {about.mixture!r} has changed since")
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
        mixture,
        about.origin,
    )
