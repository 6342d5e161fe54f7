"""A worldview in which a panel's pools stand in the place of priors: a patch with what it rests on."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from toc_model.aliases import Entry
from toc_model.beliefs import misfit
from toc_model.beliefs.distributions import Distribution
from toc_model.beliefs.elicited import Elicited
from toc_model.beliefs.evidence import Evidence, fail_if_counted_twice
from toc_model.beliefs.families import KINDS, Stated, support_of
from toc_model.beliefs.latents import Correlation, fail_if_correlations_impossible
from toc_model.beliefs.patches import ELICITED, fitted
from toc_model.beliefs.priors import Prior, Priors
from toc_model.brief import Brief
from toc_model.documents import as_toml
from toc_model.engine.case import Case
from toc_model.errors import InputError, unknown
from toc_model.statistics.elicitation import correlation
from toc_model.survey.documents.units import same
from toc_model.survey.panel.panel import CONSENSUS
from toc_model.survey.panel.pool_document import PoolDocument, PooledQuestion, digest_of

AUTO, METALOG = "auto", "metalog"
CLOSE = 0.02
"""Misfit, in probability, up to which a family with two parameters is near enough to a pool."""
TERMS = (7, 6, 5, 4, 3)
"""Of a metalog that stands for a pool: with seven it meets all quantiles that are kept."""
DIGITS = 6
"""Of quantiles in the document."""


@dataclass(frozen=True, slots=True, repr=False)
class Replaced(Brief):
    """One entry's prior before, and the pool that stands in its place.

    Attributes
    ----------
    pool : PooledQuestion
    before : Prior
    entry : Elicited
        As the patch makes it.
    distribution : Distribution
        The member of a family that stands for the pool.
    misfit : float
        The largest difference, in probability, from the pool at the quantiles that are kept of it.
    """

    pool: PooledQuestion
    before: Prior
    entry: Elicited
    distribution: Distribution
    misfit: float

    def to_dict(self) -> dict[str, Any]:
        """Figures for JSON."""
        return {
            "parameter": self.pool.about,
            "family": self.entry.family,
            "quantiles": dict(self.pool.quantiles),
            "misfit": self.misfit,
            "nil": self.entry.nil,
            "before": {"family": self.before.entry.family, "quantiles": self.before.entry.quantiles},
            "experts": len(self.pool.experts),
            "method": self.pool.method,
            "weighting": self.pool.weighting,
        }


def fail_if_no_prior(case: Case, pool: PooledQuestion, where: str) -> None:
    """Fail if a pool is of no parameter: what nodes are follows from parameters."""
    name = Entry.parse(pool.about).name
    if name in case.story.nodes or name in case.targets:
        raise InputError(
            f"{where}: {pool.question}: {pool.about} is a node, which follows from parameters; allowed: its answers "
            "as those of a survey ('toc elicit answers', then 'toc update')"
        )


def replaced(case: Case, priors: Priors, pool: PooledQuestion, where: str, family: str = AUTO) -> Replaced:
    """Put a pool in the place of a prior.

    Parameters
    ----------
    case : Case
    priors : Priors
        Of the worldview that is changed.
    pool : PooledQuestion
    where : str
        The document, for messages.
    family : str
        Of the prior documents; "auto" is that with two parameters which is nearest to the pool, or, where none is
        within `CLOSE`, a metalog if one is nearer.

    Raises
    ------
    InputError
        If it is of no parameter, of another unit, or no family can stand for it.
    """
    fail_if_no_prior(case, pool, where)
    if pool.about not in priors.entries:
        raise InputError(f"{where}: {pool.question}: {unknown('parameter', pool.about, priors.entries)}")
    before = priors.entries[pool.about]
    if not same(pool.unit, before.entry.unit):
        raise InputError(f"{where}: {pool.question}: unit: found {pool.unit!r}; allowed: {before.entry.unit!r}")
    if family not in (known := (AUTO, *KINDS)):
        raise InputError(f"family: {unknown('family', family, known)}")
    place = f"{where}: {pool.question}"
    if family == METALOG:
        return _nearest(case, before, pool, [(METALOG, terms) for terms in TERMS], place)
    names = [name for name in KINDS if name != METALOG] if family == AUTO else [family]
    found = _nearest(case, before, pool, [(name, None) for name in names], place)
    if family != AUTO or found.misfit <= CLOSE:
        return found
    try:
        other = _nearest(case, before, pool, [(METALOG, terms) for terms in TERMS], place)
    except InputError:
        return found
    return min(found, other, key=lambda one: one.misfit)


def _nearest(
    case: Case, before: Prior, pool: PooledQuestion, tried: Sequence[tuple[str, int | None]], where: str
) -> Replaced:
    """That of several families, with so many terms, which is nearest to the pool."""
    found: list[Replaced] = []
    refused: list[str] = []
    for name, terms in tried:
        try:
            found.append(_as(case, before, pool, name, where, terms))
        except InputError as error:
            refused.append(str(error))
    if not found:
        raise InputError(refused[0])
    return min(found, key=lambda one: one.misfit)


def _as(case: Case, before: Prior, pool: PooledQuestion, family: str, where: str, terms: int | None = None) -> Replaced:
    change = {"family": family, "quantiles": _rounded(pool), "value": None, "status": ELICITED}
    lower, upper = (getattr(pool, side) if side in KINDS[family].says else None for side in ("lower", "upper"))
    stated = Stated(lower, upper, terms)
    entry = before.entry.model_copy(update=change | asdict(stated))
    possible, of_unit = case.story.entries[before.name].range, case.story.range_in(entry.unit)
    if not possible.covers(support_of(family, stated, of_unit)):
        raise InputError(f"{where}: found the family {family!r}; allowed: one of {possible.words}")
    distribution = fitted(entry, of_unit, where)
    return Replaced(pool, before, entry, distribution, misfit.largest(misfit.probabilities(distribution, pool.levels)))


def _rounded(pool: PooledQuestion) -> dict[str, float]:
    return {name: float(f"{value:.{DIGITS}g}") for name, value in pool.quantiles.items()}


def evidence_of(document: PoolDocument, pools: Sequence[PooledQuestion]) -> Evidence:
    """The record by which later updates know these judgements."""
    names = [pool.question for pool in pools]
    return Evidence(
        source_id=document.panel,
        digest=digest_of(document, names),
        as_prior=True,
        parts={pool.question: pool.digest for pool in pools},
        people={pool.question: pool.people for pool in pools if pool.people},
    )


def related(priors: Priors, pool: PooledQuestion, where: str) -> Correlation:
    """The correlation that a concordance makes, on the scale where entries are normal.

    Raises
    ------
    InputError
        If there is no probability, or the two lie always, or never, on the same side.
    """
    if pool.probability is None or not 0 < pool.probability < 1:
        told = "none" if pool.probability is None else f"{pool.probability:g}"
        raise InputError(f"{where}: {pool.question}: found the probability {told}; allowed: above 0 and below 1")
    first, second = pool.between
    for name in pool.between:
        if name not in priors.entries:
            raise InputError(f"{where}: {pool.question}: {unknown('parameter', name, priors.entries)}")
    return Correlation(
        between=[first, second],
        value=round(float(correlation(pool.probability)), DIGITS),
        reason=f"A panel holds it {100 * pool.probability:.3g} % probable that both lie on the same side of their "
        "medians.",
    )


def fail_if_impossible_together(priors: Priors, found: Sequence[Correlation], where: str) -> None:
    """Fail if correlations can't stand beside each other, those that are there, or factors."""
    new = {frozenset(one.between): one for one in found}
    every = {frozenset(one.between): one for one in priors.correlations} | new
    fail_if_correlations_impossible(list(every.values()), priors.factors, priors.entries, where)


def worldview_text(
    case: Case,
    document: PoolDocument,
    found: Sequence[Replaced],
    correlations: Sequence[tuple[PooledQuestion, Correlation]],
    priors: Priors,
    base: str,
) -> str:
    """The worldview's document as TOML: patches, where each comes from, and the record of evidence.

    Parameters
    ----------
    case : Case
    document : PoolDocument
    found : sequence of Replaced
    correlations : sequence of PooledQuestion and Correlation
    priors : Priors
        Of the worldview that it is based on.
    base : str
        Its name.

    Raises
    ------
    InputError
        If that worldview rests on the same judgements already.
    """
    record = evidence_of(document, [*(one.pool for one in found), *(pool for pool, _ in correlations)])
    fail_if_counted_twice(case, [record], priors.evidence)
    labels = ", ".join([*(one.before.label for one in found), *(pool.question for pool, _ in correlations)])
    head: dict[str, Any] = {
        "description": f"Panel {document.panel} ({labels}) on the worldview {base}.",
        "based_on": base,
    }
    if document.as_of:
        head["as_of"] = document.as_of
    lines = [f"{key} = {as_toml(value)}" for key, value in head.items()]
    lines += ["", "[[evidence]]", *(f"{key} = {as_toml(value)}" for key, value in _stated(record).items())]
    for one in found:
        lines += ["", *_patch(document, one)]
    for pool, made in correlations:
        stated = made.model_dump() | {"reason": f"{made.reason} {source_of(document, pool)}"}
        lines += ["", "[[correlations]]", *(f"{key} = {as_toml(value)}" for key, value in stated.items())]
    return "\n".join(lines) + "\n"


def _stated(record: Evidence) -> dict[str, Any]:
    return record.model_dump(include={"source_id", "digest", "verified", "as_prior", "parts", "people"})


def _patch(document: PoolDocument, one: Replaced) -> list[str]:
    return [
        f"[parameters.{as_toml(one.pool.about)}]",
        f"family = {as_toml(one.entry.family)}",
        f"quantiles = {as_toml(one.entry.quantiles)}",
        *one.entry.stated.lines,
        f"source = {as_toml(source_of(document, one.pool))}",
        f"status = {as_toml(ELICITED)}",
        f"reason = {as_toml(reason_of(one))}",
    ]


def source_of(document: PoolDocument, pool: PooledQuestion) -> str:
    """Who said it, when, how it was asked and pooled, and the digest of the answers, in a line."""
    many = len(pool.experts)
    who = document.population or "who they are is not stated"
    days = " to ".join(day.isoformat() for day in document.asked)
    rounds = ", ".join(pool.rounds)
    whose = "a consensus" if pool.experts == [CONSENSUS] else f"{many} {'experts' if many > 1 else 'expert'}"
    how = f"{pool.method} pool, {pool.weighting} weights ({_shares(pool.weights)})" if many > 1 else "as it was said"
    return (
        f"Panel {document.panel}: {whose} ({who}), read {days}, round {rounds}; "
        f"{how}; asked: {pool.wording!r}; answers sha256 {pool.digest}"
    )


def _shares(weights: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {share:.3g}" for name, share in weights.items())


def reason_of(one: Replaced) -> str:
    """Why the worldview departs from what it is based on."""
    return (
        f"A panel was asked for this distribution; {one.entry.family} stands for its pool within "
        f"{100 * one.misfit:.1f} points of probability."
    )
