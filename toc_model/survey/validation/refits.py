"""Fits without an expert or a camp, where weights of draws can't stand in for them: leave-one-out as it is meant."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from toc_model.aliases import Progress
from toc_model.survey.learning.fitted import Fitted
from toc_model.survey.learning.people import People, people_of
from toc_model.survey.learning.questions import Asked
from toc_model.survey.learning.settings import Settings
from toc_model.survey.validation.camps import OfCamp, camp_predicted_without
from toc_model.survey.validation.experts import LeftOut, OfSource, predicted_without
from toc_model.survey.validation.fit import fitted_anew, has_shared_bias
from toc_model.work.pieces import nothing_kept
from toc_model.work.tasks import each


@dataclass(frozen=True, slots=True)
class Scored:
    """What was left out of fits, and predicted without it.

    Attributes
    ----------
    fits : tuple of Fitted
        With camps, and without them if that was fitted too.
    experts : tuple of LeftOut
        One a fit.
    camps : tuple of OfCamp
        Of the first fit.
    """

    fits: tuple[Fitted, ...]
    experts: tuple[LeftOut, ...]
    camps: tuple[OfCamp, ...]


@dataclass(frozen=True, slots=True)
class Absent:
    """An expert or a camp, to be left out.

    Attributes
    ----------
    fit : int
        Place of the fit.
    source : int
        Place of an expert's source among those of the fit; unused for a camp.
    place : int
        Of the expert in the source, or the camp among all.
    who : People or OfCamp
        The expert alone, or the camp.
    """

    fit: int
    source: int
    place: int
    who: People | OfCamp


@dataclass(frozen=True, slots=True)
class Refit:
    """What a fit without somebody predicts of them, and why it can't be trusted, if so."""

    found: OfSource | OfCamp
    problems: tuple[str, ...]


def untrusted(scored: Scored) -> list[Absent]:
    """All without whom weights can't predict, but a fit can."""
    experts = [
        Absent(fit, source, place, answered.people.alone(place))
        for fit, left_out in enumerate(scored.experts)
        for source, answered in enumerate(left_out.sources)
        for place in answered.untrusted
    ]
    camps = [Absent(0, 0, place, camp) for place, camp in enumerate(scored.camps) if camp.is_untrusted]
    return [one for one in (*experts, *camps) if _has_same_unknowns(scored.fits[one.fit], one.who)]


def refitted(
    scored: Scored, absent: Sequence[Absent], settings: Settings, progress: Progress | None = None
) -> tuple[Scored, tuple[str, ...]]:
    """Predict those who are left out by fits without them, each a task of its own.

    Parameters
    ----------
    scored : Scored
    absent : sequence of Absent
        As `untrusted` gives them.
    settings : Settings
        Of all fits; each has a seed of its own, made from theirs.
    progress : callable, optional
        Called with the fits done and in all.

    Returns
    -------
    scored : Scored
        With these predictions in place of those by weights.
    problems : tuple of str
        Why the fits can't be trusted; empty for good ones.
    """
    bare = tuple(replace(fit, draws=fit.draws.isel(draw=slice(0))) for fit in scored.fits)
    found = each(_refit, (bare, settings), list(enumerate(absent)), progress=progress)
    outcomes = list(zip(absent, found, strict=True))
    camps = list(scored.camps)
    for one, refit in outcomes:
        if isinstance(refit.found, OfCamp):
            camps[one.place] = refit.found
    experts = tuple(_with_refits(left_out, place, outcomes) for place, left_out in enumerate(scored.experts))
    return replace(scored, experts=experts, camps=tuple(camps)), tuple(_problems(found))


def _refit(shared: tuple[tuple[Fitted, ...], Settings], task: tuple[int, Absent]) -> Refit:
    """Fit without somebody, and predict what they said."""
    (fits, settings), (place, absent) = shared, task
    random = np.random.SeedSequence(settings.seed, spawn_key=(place,))
    how = replace(settings, seed=int(random.generate_state(1)[0]), progress=False)
    whole, rng = fits[absent.fit], np.random.default_rng(random)
    with nothing_kept():  # but all of it, when it is done
        left = fitted_anew(replace(whole, asked=without(whole.asked, absent.who)), how)
    predicting = replace(left, asked=whole.asked)
    if isinstance(absent.who, OfCamp):
        return Refit(camp_predicted_without(predicting, absent.who, rng), left.problems)
    return Refit(predicted_without(predicting, absent.who, rng), left.problems)


def without(asked: Sequence[Asked], who: People | OfCamp) -> tuple[Asked, ...]:
    """Questions without the answers of an expert, or of a camp to what other camps were asked too.

    All stays that is unknown of the questions, also where nobody is left who answered.
    """
    return tuple(
        question.without(_are_of(question, who)) if question.source_id == _source(who) else question
        for question in asked
    )


def _source(who: People | OfCamp) -> str:
    return who.source if isinstance(who, OfCamp) else who.source_id


def _are_of(question: Asked, who: People | OfCamp) -> np.ndarray:
    """Which answers to a question are theirs."""
    if isinstance(who, People):
        return np.asarray(question.members.index == who.names[0])
    if question.name not in who.middles:
        return np.zeros(len(question.members), bool)
    groups = question.data["group"].values[question.members.to_numpy()]
    return np.asarray(groups == question.groups.index(who.camp))


def _has_same_unknowns(fit: Fitted, who: People | OfCamp) -> bool:
    """Whether a fit without somebody still knows of all that answers of one respondent share.

    Nothing does where nobody else answered a question beside others.
    """
    if not has_shared_bias(fit):
        return True
    before, after = (
        {people.source_id: people.together for people in people_of(asked)}
        for asked in (fit.asked, without(fit.asked, who))
    )
    return before == after


def _with_refits(left_out: LeftOut, fit: int, outcomes: Iterable[tuple[Absent, Refit]]) -> LeftOut:
    sources = [dict[int, OfSource]() for _ in left_out.sources]
    for one, refit in outcomes:
        if one.fit == fit and isinstance(refit.found, OfSource):
            sources[one.source][one.place] = refit.found
    return LeftOut(tuple(source.refitted_with(own) for source, own in zip(left_out.sources, sources, strict=True)))


def _problems(found: Sequence[Refit]) -> Iterator[str]:
    bad = [refit.problems[0] for refit in found if refit.problems]
    if bad:
        yield f"{len(bad)} of {len(found)} fits without an expert or a camp, such as: {bad[0]}"
