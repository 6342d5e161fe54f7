"""Worldviews: named patches on the base or on a mixture, camps that condition it, and mixtures, read from documents."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from toc_model.aliases import Entry
from toc_model.beliefs.allocations import levers_of
from toc_model.beliefs.camps import Camp, Says
from toc_model.beliefs.chapters import RIVALS, Base, read_base
from toc_model.beliefs.dates import Date, date_names, read_date
from toc_model.beliefs.latents import Correlation, fail_if_correlations_impossible
from toc_model.beliefs.naming import (
    called,
    is_of,
    is_path,
    named,
    no_worldview,
    place_of,
    worldview_names,
    worldview_path,
)
from toc_model.beliefs.parts import Over
from toc_model.beliefs.patches import Patch, patched
from toc_model.beliefs.posterior import is_posterior
from toc_model.beliefs.priors import Prior, Priors
from toc_model.beliefs.stated import CampDocument, MixtureDocument, Stated, Worldview, document_of, verified_as
from toc_model.brief import Brief
from toc_model.engine.case import Case
from toc_model.errors import InputError, unknown
from toc_model.files import Content, read


@dataclass(frozen=True, slots=True)
class Link:
    """One document of those that a worldview is made of."""

    content: Content
    stated: Stated

    @property
    def path(self) -> Path:
        """Where it stands."""
        return self.content.path


@dataclass(frozen=True, slots=True, repr=False)
class Mixture(Brief):
    """A document that mixes worldviews, or one that is based on such a document and has patches over each part.

    Attributes
    ----------
    name, named, description, phrase : str
        Its name, and the name or path by which it was read.
    weights : mapping of str to float
        By name or path of a part. They add up to one.
    digest : str
        SHA-256 of the document.
    has_patches : bool
        Whether it has patches over each part.
    """

    name: str
    named: str
    description: str
    phrase: str
    weights: Mapping[str, float]
    digest: str
    has_patches: bool = False


def read_priors(case: Case, folder: Path, worldview: str, date: Date | None = None, over: str = "") -> Priors:
    """Read the priors of a worldview at a date.

    The date is applied first and the worldview over it; in the entries that the date wins it has the last word, but
    for worldviews that state its name themselves and those that are based on such.

    Parameters
    ----------
    case : Case
    folder : Path
        Of prior documents.
    worldview : str
        A name in the folder's ``worldviews/``, or the path of a document (ending in ``.toml``); no mixture.
    date : Date, optional
    over : str, optional
        The name or path of a worldview that is based on a mixture of which this is a part: its patches come last.

    Raises
    ------
    InputError
        If a document is missing, malformed or does not fit its schema, quantiles or factors are not possible,
        correlations are not those of any distribution, worldviews are based on each other in a circle, one of them
        states another date, or it is a mixture.
    """
    base = read_base(case, folder)
    below, above = _chain(case, folder, worldview), _chain(case, folder, over) if over else []
    if below and isinstance(below[0].stated, MixtureDocument):
        what = "a mixture" if len(below) == 1 else f"based on {below[0].path.stem!r}, and a mixture"
        raise InputError(f"{below[-1].path}: {what} has no one prior; allowed here: a worldview that is none")
    priors, chain = _of_chain(case, folder, worldview, base, below, date, above), [*below, *above]
    camps = [place for place, link in enumerate(chain) if isinstance(link.stated, CampDocument)]
    found = _as_camp(case, folder, base, chain, camps, priors) if camps else priors
    return replace(found, over=Over(called(case, folder, over), named(over), _moved(above))) if above else found


def _moved(chain: Sequence[Link]) -> frozenset[str]:
    return frozenset(name for link in chain for name in _parameters(link))


def _of_chain(
    case: Case,
    folder: Path,
    worldview: str,
    base: Base,
    chain: Sequence[Link],
    date: Date | None,
    above: Sequence[Link] = (),
) -> Priors:
    """Entries, correlations and evidence as the documents of a worldview state them, and those above it."""
    last, chain = chain[-1] if chain else None, [*chain, *above]
    entries = dict(base.entries)
    if date:
        entries |= patched(case, entries, date.patches, date.path, dated=True)
    first = next((place for place, link in enumerate(chain) if _as_of(link)), len(chain))
    for link in chain[:first]:
        entries |= patched(case, entries, _parameters(link), link.path)
    if date:
        entries |= patched(case, entries, {name: date.patches[name] for name in date.wins}, date.path, dated=True)
    for link in chain:
        _fail_if_other_date(link, date)
    for link in chain[first:]:
        entries |= patched(case, entries, _parameters(link), link.path)
    correlations = _correlations(base, chain, entries)
    used = {name: prior for name, prior in entries.items() if not _is_idle(case, prior)}
    read = {name: text for name, text in base.digests.items() if not _is_of_idle_rival(case, name)}
    digests = read | ({f"dates/{date.path.name}": date.digest} if date else {})
    return Priors(
        worldview=called(case, folder, worldview),
        description=last.stated.description if last else "",
        phrase=_phrase(case, folder, last) if last else "",
        entries=used,
        correlations=tuple(one for one in correlations if used.keys() >= {*one.between}),
        evidence=tuple(record for link in chain for record in getattr(link.stated, "evidence", ())),
        source=str(folder),
        named=named(worldview),
        digests=digests | {place_of(folder, link.path): link.content.digest for link in chain},
        factors=tuple(factor.on(used) for factor in base.factors),
    )


def _is_idle(case: Case, prior: Prior) -> bool:
    """Whether an entry is that of a rival that is not switched on, or of a parameter that rivals left without use."""
    if prior.chapter in case.rival_names:
        return prior.chapter not in case.switched
    parameter = Entry.parse(prior.name).name
    return parameter in case.story.written.parameters and parameter not in case.story.parameters


def _is_of_idle_rival(case: Case, document: str) -> bool:
    folder, _, name = document.rpartition("/")
    return folder == RIVALS and name.removesuffix(".toml") not in case.switched


def _parameters(link: Link) -> Mapping[str, Patch]:
    return link.stated.parameters if isinstance(link.stated, Worldview) else {}


def _as_of(link: Link) -> str | None:
    return link.stated.as_of if isinstance(link.stated, Worldview) else None


def _fail_if_other_date(link: Link, date: Date | None) -> None:
    stated = _as_of(link)
    if stated and (date is None or date.name != stated):
        asked = f"as of {date.name}" if date else "without a date"
        raise InputError(f"{link.path}: as_of: found {stated!r}, and was asked {asked}; allowed: --as-of {stated}")


def _correlations(base: Base, chain: Sequence[Link], entries: Mapping[str, Prior]) -> tuple[Correlation, ...]:
    found: dict[frozenset[str], Correlation] = {}
    conditioned = False
    for link in chain:
        conditioned = conditioned or isinstance(link.stated, CampDocument)
        stated = link.stated.correlations if isinstance(link.stated, Worldview) else []
        if stated and conditioned:
            raise InputError(
                f"{link.path}: correlations: found some on a camp, whose draws have their own; allowed: none"
            )
        fail_if_correlations_impossible(stated, base.factors, entries, str(link.path))
        found |= {frozenset(one.between): one for one in stated}
        fail_if_correlations_impossible(list(found.values()), base.factors, entries, str(link.path))
    return tuple(found.values())


# Camps ------------------------------------------------------------------------------------------------------------


def _as_camp(
    case: Case, folder: Path, base: Base, chain: Sequence[Link], camps: Sequence[int], priors: Priors
) -> Priors:
    """Priors whose draws are picked by what a group says; patches on the group keep its order of draws."""
    place = camps[0]
    link = chain[place]
    if len(camps) > 1:
        raise InputError(f"{chain[camps[1]].path}: based_on: found a camp that is based on a camp; allowed: a patch")
    for below in chain[:place]:
        if (stated := _as_of(below)) and stated != case.date:
            raise InputError(
                f"{link.path}: based_on: found {below.path.stem!r}, which is as of {stated}; "
                f"allowed: a worldview as of {case.date}, when members were asked"
            )
    says: Says = link.stated.says  # type: ignore[union-attr]
    says.fail_if_impossible(case.story, str(link.path))
    if says.verified not in (allowed := verified_as(case.name)):
        raise InputError(f"{link.path}: says: {unknown('verified', says.verified, allowed)}")
    date = read_date(case, folder, "")
    if date is None:
        raise InputError(f"{link.path}: says: the case has no date whose reference its members were asked about")
    under = chain[place - 1] if place else None
    conditioned = _of_chain(case, folder, under.path.stem if under else case.base, base, chain[:place], date)
    anchor = levers_of(case.story, {case.reference: date.reference})
    camp = Camp(called(case, folder, str(link.path)), says, conditioned, anchor)
    later = _moved(chain[place + 1 :]) & {name for name, prior in priors.entries.items() if not prior.dated}
    return replace(priors, camp=camp, reranked=later)


# Reading ----------------------------------------------------------------------------------------------------------


def _chain(case: Case, folder: Path, worldview: str, above: tuple[str, ...] = ()) -> list[Link]:
    """The documents of a worldview, first that which stands on the base, or the mixture that the others are over."""
    path = worldview_path(case, worldview, folder)
    if path is None:
        return []
    content = read(path)
    stated, names = document_of(case.name, content), (*above, worldview)
    if isinstance(stated, MixtureDocument):
        return [Link(content, stated)]
    below = stated.based_on or case.base
    if case.base in (below, worldview):
        first = [] if worldview == case.base else _chain(case, folder, case.base, names)
        return [*first, Link(content, stated)]
    if below in names:
        raise InputError(f"{path}: based_on: found a circle: {' on '.join([*names, below])}")
    if below not in (known := worldview_names(case, folder)):
        raise InputError(f"{path}: based_on: {no_worldview(case, below, known)}")
    found = [*_chain(case, folder, below, names), Link(content, stated)]
    if isinstance(found[0].stated, MixtureDocument):
        _fail_if_not_over_parts(found[-1], below)
    return found


def _fail_if_not_over_parts(link: Link, below: str) -> None:
    """Fail if a document says more than patches can say over each part of a mixture."""
    if isinstance(link.stated, CampDocument):
        raise InputError(
            f"{link.path}: based_on: found {below!r}, a mixture; allowed for a camp: a worldview that is none"
        )
    for entry in ("correlations", "evidence"):
        if getattr(link.stated, entry):
            raise InputError(
                f"{link.path}: {entry}: found some on {below!r}, a mixture, whose parts have their own; allowed: none"
            )


def read_mixture(case: Case, folder: Path, worldview: str) -> Mixture | None:
    """The mixture that a name or path stands for; None for any other worldview.

    Raises
    ------
    InputError
        If there is no such worldview, a part is none or a mixture itself, or is not a positive number.
    """
    chain = _chain(case, folder, worldview)
    if not chain or not isinstance(stated := chain[0].stated, MixtureDocument):
        return None
    path, last, known = chain[0].path, chain[-1], worldview_names(case, folder)
    for name, part in stated.parts.items():
        if not part > 0:
            raise InputError(f"{path}: parts: {name}: found {part:g}; allowed: a positive number")
        if name not in known and not is_path(name):
            raise InputError(f"{path}: parts: {no_worldview(case, name, known)}")
        inner = [] if is_posterior(name) else _chain(case, folder, name)
        if inner and isinstance(inner[0].stated, MixtureDocument):
            raise InputError(f"{path}: parts: found {name!r}, a mixture itself; allowed: worldviews that are none")
        if is_posterior(name) and last is not chain[0]:
            raise InputError(
                f"{last.path}: based_on: found the mixture {path.stem!r} with the posterior {name!r}, whose draws are "
                "taken as they are; allowed: one of worldviews alone"
            )
    whole = sum(sorted(stated.parts.values()))
    if not math.isfinite(whole):
        raise InputError(f"{path}: parts: found a sum of {whole:g}; allowed: a finite one")
    weights = {name: part / whole for name, part in stated.parts.items()}
    return Mixture(
        called(case, folder, worldview),
        named(worldview),
        last.stated.description,
        _phrase(case, folder, last),
        weights,
        last.content.digest,
        has_patches=last is not chain[0],
    )


def _phrase(case: Case, folder: Path, link: Link) -> str:
    """Whose beliefs a document's are, unless one's own says what one of the folder's says, of which it is a copy."""
    stated = link.stated.phrase
    if not stated or is_of(folder, link.path):
        return stated
    others = (place for name in worldview_names(case, folder) if (place := worldview_path(case, name, folder)))
    return "" if stated in {document_of(case.name, read(place)).phrase for place in others} else stated


def stated_date(case: Case, folder: Path, worldview: str) -> str | None:
    """The date that a worldview of one's own states, if it states one."""
    path = worldview_path(case, worldview, folder) if "*" not in worldview else None
    stated = document_of(case.name, read(path)) if path else None
    date = stated.as_of if isinstance(stated, Worldview) else None
    if date and date not in (known := date_names(folder)):
        raise InputError(f"{path}: as_of: {unknown('date', date, known)}")
    return date
