"""What a page of feedback says: above all questions, and of each."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from toc_model.present import signs, words
from toc_model.present.section import Head, Section
from toc_model.questions.elicit.feedback.answers import SOMEBODY
from toc_model.questions.elicit.feedback.pictures import pictures
from toc_model.questions.elicit.feedback.tables import percent, read_back, rounds, treatments
from toc_model.survey.panel.panel import CONSENSUS
from toc_model.survey.panel.pooled import EQUAL, GLOBAL, ITEM, USER

if TYPE_CHECKING:
    from toc_model.questions.elicit.feedback import Feedback
    from toc_model.questions.elicit.feedback.answers import Answer
    from toc_model.questions.elicit.feedback.asked import Asked

METHODS = {
    "linear": "the mean of what experts say",
    "quantile_average": "the mean of experts' quantiles",
    "logarithmic": "the geometric mean of experts' densities",
    "geometric_odds": "the geometric mean of experts' odds",
    "mean_odds": "the mean of experts' odds",
    "probit_mean": "the mean of experts' normal scores",
    "trimmed": "the mean without the outermost tenths",
    "extremised": "the geometric mean of odds, made more extreme",
    "neyman": "the geometric mean of odds, made a little more extreme",
}
WEIGHTINGS = {
    EQUAL: "with all experts alike",
    USER: "with weights that the facilitator has stated",
    GLOBAL: "with weights by how well each expert did on seed questions",
    ITEM: "with weights by how well each expert did on seed questions, for each question by how much they say",
}


def head(result: Feedback) -> Head:
    """What the page is of, whose the prior is, and how to read it."""
    agreed = result.round == CONSENSUS
    title = "What the panel agreed on" if agreed else f"What the panel said in {_round(result.round)}"
    return Head(
        title,
        _about(result),
        [*_nobody(result), _how_to_read(result), _prior(result), *_pools(result), *_left_out(result)],
    )


def _round(name: str) -> str:
    return "the consensus" if name == CONSENSUS else f"round {words.isolated(name)}"


def _about(result: Feedback) -> str:
    number = words.counted(len(result.asked), "question")
    population = f" ({words.isolated(signs.one_line(result.population))})" if result.population else ""
    return f"Panel {words.quoted(result.panel)}{population}: {_round(result.round)}, {number}"


def _nobody(result: Feedback) -> list[str]:
    """That a round has no answers of its own."""
    given = [one.is_carried for found in result.asked for one in found.answers]
    if not given or not all(given):
        return []
    return [f"Nobody has answered in {_round(result.round)} so far; all answers are carried forward."]


def _how_to_read(result: Feedback) -> str:
    if result.round == CONSENSUS:
        return "Each question has one answer, which the panel gave together, beside the prior from before the panel."
    if all(len(found.answers) < 2 for found in result.asked):
        return "Each question has one answer, beside the prior from before the panel."
    return (
        "Each letter is one expert. Letters are given anew for each question, from the lowest median to the highest, "
        "so that none tells who it is, or what the same expert said elsewhere. You find yourself by your own figures: "
        "look who differs from you and why, and change your answer where a reason convinces you, not to be nearer to "
        "others."
    )


def _prior(result: Feedback) -> str:
    return (
        f"The prior is what was believed before the panel: that of {words.named(result.worldview)}"
        f"{result.documents.dated}, where it has a range for what is asked. It is one view beside the others."
    )


def _pools(result: Feedback) -> list[str]:
    """How answers are pooled, where some are."""
    methods = list(dict.fromkeys(one.method for one in result.asked if one.pool))
    if not methods:
        return []
    told = words.listed([f"{METHODS[name]} ({words.named(name)})" for name in methods])
    summed = "It sums up what was said; this page does not claim that it is nearer to the truth than any one answer."
    return [f"The pool is {told}, {WEIGHTINGS[result.weighting]}. {summed}"]


def _left_out(result: Feedback) -> list[str]:
    """That a name was taken out of an argument."""
    arguments = [one.argument for found in result.asked for one in found.answers]
    if any(SOMEBODY in argument for argument in arguments):
        return [f"“{SOMEBODY}” stands where an argument names an expert; all else is in the experts' own words."]
    return []


def sections(result: Feedback, *, drawn: bool = True) -> list[Section]:
    """A section for each question.

    Parameters
    ----------
    result : Feedback
    drawn : bool
        Whether with pictures.
    """
    return [section(result, place, drawn=drawn) for place in range(len(result.asked))]


def section(result: Feedback, place: int, *, drawn: bool = True) -> Section:
    """One question: its wording, figures, arguments and tables."""
    found = result.asked[place]
    name = f"question-{place + 1}"
    label = words.begun(signs.visible(signs.one_line(found.label)))
    return Section(
        name,
        words.isolated(_short(label)),
        words.isolated(label),
        [_wording(found), _answered(result, found), *_no_prior(found), *_changed(result, found)],
        pictures(name, found) if drawn and found.answers else (),
        [table for table in (rounds(found), treatments(found), read_back(found)) if table.rows],
        _notes(found),
        _arguments(found),
    )


def _short(label: str) -> str:
    return label if len(label) <= words.LONGEST else label[: words.LONGEST - 1] + "…"


def _wording(found: Asked) -> str:
    condition = found.question.condition
    under = f" Asked under: {words.isolated(signs.one_line(condition))}." if condition else ""
    return f"{words.isolated(found.question.wording)}{under}"


def _answered(result: Feedback, found: Asked) -> str:
    number, carried = len(found.answers), found.carried
    if result.round == CONSENSUS:
        told = "One answer was given by all together." if number else "No answer was given."
    else:
        told = f"{number} of {words.counted(found.asked, 'expert')} answered by {_round(result.round)}"
        told += f", {carried} of them in an earlier round, which is carried forward." if carried else "."
    return f"{_possible(found)} {told}"


def _possible(found: Asked) -> str:
    """The unit, and what was possible."""
    low, high = found.question.support
    sides = [f"{side} {words.sized(end)}" for side, end in (("above", low), ("below", high)) if math.isfinite(end)]
    bounds = "0 to 1" if found.is_event else words.listed(sides) or "any number"
    return f"Unit: {words.isolated(found.unit)}; possible: {bounds}."


def _no_prior(found: Asked) -> list[str]:
    if found.no_prior:
        return [f"No prior is shown, for {words.isolated(found.no_prior)}."]
    if found.prior and found.nil:
        nil = words.percent_of(found.nil)
        return [f"The prior also gives {nil} to no effect at all; range and curve are given that there is one."]
    return []


def _changed(result: Feedback, found: Asked) -> list[str]:
    if not found.rounds or result.round == CONSENSUS:
        return []
    return [f"{words.counted(found.changed, 'expert')} changed their answer since {_round(result.round_before)}."]


def _arguments(found: Asked) -> list[tuple[str, str]]:
    given = [one for one in found.answers if one.argument.strip()]
    return [(f"{_who(one)}{_said(found, one)}, in their own words", words.isolated(one.argument)) for one in given]


def _said(found: Asked, one: Answer) -> str:
    """What the argument is for, in short."""
    median = one.belief.median
    if math.isnan(median):
        return ""
    return f" ({percent(median)})" if found.is_event else f" (median {words.sized(median)})"


def _who(one: Answer) -> str:
    return "All" if one.letter == CONSENSUS else one.letter


def _notes(found: Asked) -> list[str]:
    return [
        f"{_who(one)}: no curve could be fitted, so that the answer is in no pool; {words.isolated(one.refused)}"
        for one in found.answers
        if one.refused
    ]
