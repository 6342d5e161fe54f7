"""Beliefs from what stands for them: a worldview, a posterior, or draws of the user's own."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import xarray as xr

from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.mixture import Member, in_order, mixed, weights_of
from toc_model.beliefs.posterior import Posterior, flat, is_posterior, learnt_with
from toc_model.beliefs.priors import Priors
from toc_model.beliefs.shipped import Documents
from toc_model.engine.case import Case
from toc_model.engine.inputs import checked_parameters
from toc_model.engine.overrides import parse_overrides
from toc_model.errors import InputError
from toc_model.files import each_read_once
from toc_model.labels import in_label_order, made_as, without_draw_labels

DRAWS, SEED = 4000, 1


def own_beliefs(parameters: xr.Dataset, label: str, documents: Documents) -> Beliefs:
    """Draws of the user's own as beliefs.

    Parameters
    ----------
    parameters : xarray.Dataset
        A variable a parameter of the story, dims ``(draw, ...)`` or ``(chain, draw, ...)``; a coordinate ``chain``
        along ``draw`` says of which chain a draw is, as well.
    label : str
        What they are, which every output then says in the place of a worldview.
    documents : Documents
        Of the case that they are about.

    Raises
    ------
    InputError
        If there is no label, there are no draws or one stands twice, or a parameter is missing, unknown, not finite or
        of other dimensions.
    """
    if not label.strip():
        raise InputError("label: found none; allowed: a name for draws of your own")
    if label.strip() in documents.worldviews():
        raise InputError(f"label: found {label!r}, which is a worldview's name; allowed: one that is none")
    story = documents.case.story
    parameters = flat(parameters) if {"chain", "draw"} <= set(parameters.dims) else parameters
    if "draw" not in parameters.dims:
        raise InputError("parameters: found none with the dim draw; allowed: one or more draws")
    checked_parameters(story, parameters)
    return Beliefs(documents, story, (), (), 0, _labelled(parameters), documents.anchor(), label=label)


def _labelled(parameters: xr.Dataset) -> xr.Dataset:
    """The draws with labels and in their order: their own where they have plain ones, or else their places."""
    own = parameters.indexes.get("draw")
    if own is not None and own.nlevels == 1:
        if own.hasnans or own.inferred_type.startswith("mixed"):
            raise InputError("parameters: found labels of draws of several kinds, or none; allowed: numbers, or texts")
        return in_label_order(parameters)
    bare = without_draw_labels(parameters)
    return bare.assign_coords({**made_as(parameters), "draw": np.arange(bare.sizes["draw"])})


@each_read_once()
def load_beliefs(
    case: Case,
    worldview: str | None = None,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
    priors: Path | str | None = None,
    overrides: Sequence[str] = (),
    sets: Sequence[str] = (),
    as_of: str | None = None,
) -> Beliefs:
    """Draw the parameters of a worldview, or take the draws of a posterior, and apply overrides.

    Parameters
    ----------
    case : Case
    worldview : str, optional
        A name, the path of a worldview's document or of a posterior's file (``.nc``), or a mixture such as
        ``"0.7*one + 0.3*other"``; the case's default if None.
    draws, seed : int
        Draws of the parameters; worldviews share their random numbers, parameter by parameter. A posterior alone has
        its own, of which a mixture takes as many as it is drawn with.
    priors : path, optional
        A folder of documents; those that ship with the case, or that a posterior rests on, by default.
    overrides : sequence of str
        Changes of the model, such as ``"do(node)=0.4"`` or ``"parameter*=2"``.
    sets : sequence of str
        Numbers of the caller's own in place of elicited ones, such as ``"parameter=4..20"``; under every worldview
        that is read for these beliefs.
    as_of : str, optional
        A date of the folder; by default that which the worldview states, or the case's own.

    Raises
    ------
    InputError
        If anything that was given can't be used.
    """
    for name, found, least in (("draws", draws, 2), ("seed", seed, 0)):
        if found < least:
            raise InputError(f"{name}: found {found}; allowed: {least} or more")
    changes = parse_overrides(overrides, case.reference)
    name = worldview or case.default
    documents = _documents_of(case, name, priors, as_of, sets)
    weights = weights_of(name, documents.weights)
    members = in_order([Member(documents.priors(*part), weight) for part, weight in weights.items()])
    if len(members) == 1 and (learnt := members[0].priors.learnt):
        return beliefs_of(learnt, documents, seed=seed).with_overrides(changes)
    drawn = mixed(case.story, members, draws, seed)
    evidence = members[0].priors.evidence if len(members) == 1 else ()
    mixture = documents.mixture(name) if "*" not in name else None
    changed = documents.changes(*(member.priors for member in members))
    believed = Beliefs(
        documents,
        case.story,
        members,
        (),
        seed,
        drawn,
        documents.anchor(),
        evidence,
        changed=changed,
        mixture=mixture,
    )
    return believed.with_overrides(changes)


def _documents_of(
    case: Case, worldview: str, priors: Path | str | None, as_of: str | None, sets: Sequence[str]
) -> Documents:
    """The documents that a worldview is read from; by default those that a posterior rests on, if it names one."""
    pieces = worldview.split("+") if "*" in worldview else [worldview]
    parts = (piece.rpartition("*")[2].strip() for piece in pieces)
    if files := [part for part in parts if is_posterior(part)]:
        about = learnt_with(Path(files[0]))
        return Documents.of(case, priors or about.priors or None, as_of, sets or about.sets)
    documents = Documents.of(case, priors, as_of, sets)
    return documents if as_of else documents.at_date_of(worldview)


def beliefs_on(documents: Documents, priors: Priors, parameters: xr.Dataset, *, seed: int = SEED) -> Beliefs:
    """Draws of the priors of one worldview as beliefs.

    Parameters
    ----------
    documents : Documents
    priors : Priors
    parameters : xarray.Dataset
        Drawn from them, dims ``(draw, ...)``.
    seed : int
    """
    return Beliefs(
        documents,
        documents.case.story,
        (Member(priors),),
        (),
        seed,
        parameters,
        documents.anchor(),
        priors.evidence,
        changed=documents.changes(priors),
    )


def beliefs_of(posterior: Posterior, documents: Documents, *, seed: int = SEED) -> Beliefs:
    """The draws of a posterior as beliefs."""
    return Beliefs(
        documents,
        documents.case.story,
        (Member(posterior.as_priors),),
        (),
        seed,
        posterior.parameters,
        documents.anchor(),
        posterior.evidence,
        posterior.log_likelihood,
        changed=documents.changes(posterior.priors),
        origin=posterior.origin,
    )


def drawn_alike(beliefs: Beliefs, worldview: str, draws: int | None = None) -> Beliefs:
    """Another worldview, drawn as these beliefs are: of the same documents, date and numbers, under their overrides.

    Parameters
    ----------
    beliefs : Beliefs
    worldview : str
    draws : int, optional
        As many as these beliefs have by default.
    """
    documents = beliefs.documents
    found = load_beliefs(
        beliefs.case,
        worldview,
        draws=draws or beliefs.draws,
        seed=beliefs.seed,
        priors=documents.folder,
        sets=documents.sets,
        as_of=documents.date.name if documents.date else None,
    )
    return found.with_overrides(beliefs.overrides)


@each_read_once()
def beside(beliefs: Beliefs, *, camps: bool = True) -> list[Beliefs]:
    """All worldviews that the case tells beside each other, as these beliefs are drawn; they themselves among them.

    Those that the folder lacks are left out; overrides apply to all.

    Parameters
    ----------
    beliefs : Beliefs
    camps : bool
        Whether camps and mixtures are among them.
    """
    documents = beliefs.documents
    return [
        beliefs if name == beliefs.worldview else drawn_alike(beliefs, name)
        for name in documents.told_beside()
        if camps or documents.has_density(name)
    ]


def default_first(beliefs: Beliefs, *, camps: bool = True) -> list[Beliefs]:
    """All worldviews that the case tells beside each other, as `beside` has them, these beliefs first."""
    return [beliefs, *(one for one in beside(beliefs, camps=camps) if one is not beliefs)]


def fail_if_twice(beliefs: Sequence[Beliefs]) -> None:
    """Fail if two worldviews have the same name: tables go by names."""
    names = [found.worldview for found in beliefs]
    if len(set(names)) < len(names):
        raise InputError(f"worldviews: found one twice in {', '.join(names)}")
