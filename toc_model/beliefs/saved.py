"""Beliefs in a file: what they were made from, and made again from it."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import xarray as xr

from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.changed import Changed
from toc_model.beliefs.mixture import Member
from toc_model.beliefs.priors import Evidence
from toc_model.beliefs.provenance import story_digest
from toc_model.beliefs.shipped import Documents
from toc_model.engine.case import load_case
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
    }


def restored(
    about: Mapping[str, Any], parameters: xr.Dataset, log_likelihood: xr.Dataset | None, where: str
) -> Beliefs:
    """Beliefs from their description and their draws.

    Parameters
    ----------
    about : mapping
        As `described` gives it.
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
    where_from = about["folder"] or None, about["as_of"] or None
    documents = Documents.of(load_case(about["case"]), *where_from, about.get("sets", ()))
    if about["story"] != story_digest(documents.case.story):
        raise InputError(f"{where}: made with another version of the story")
    members = []
    for one in about["members"]:
        priors = documents.priors(one["named"])
        if list(priors.digests.values()) != list(one["digests"].values()):
            raise InputError(f"{where}: the documents of worldview {priors.worldview!r} have changed since")
        members.append(Member(priors, one["weight"]))
    overrides = parse_overrides(about["overrides"])
    interventions = [override for override in overrides if override.kind not in ("set", "scale")]
    story, _ = apply_overrides(documents.case.story, xr.Dataset(), interventions)
    return Beliefs(
        documents,
        story,
        tuple(members),
        overrides,
        about["seed"],
        parameters,
        documents.anchor(),
        tuple(Evidence(**record) for record in about["evidence"]),
        log_likelihood,
        about["label"],
        tuple(Changed(**change) for change in about["changed"]),
        documents.mixture(about["mixture"]) if about["mixture"] else None,
    )
