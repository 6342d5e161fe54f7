"""What is said about experts' scores and weights."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from toc_model.aliases import Floats
from toc_model.present import signs, words
from toc_model.present.section import Cell, Number, Section, Table
from toc_model.questions.elicit.weights.cautions import cautions
from toc_model.statistics.pooling.decision_makers import EQUAL, ITEM, KINDS

if TYPE_CHECKING:
    from toc_model.questions.elicit.weights import Weights
    from toc_model.statistics.pooling import LeftOut

SMALL = 1e-4
"""Ends of a range below it are shown as their power of ten."""
FIRST = 3
"""Experts of a question whose weights are shown."""
INFORMATION = (
    "Information is how narrow answers are, relative to a range of all answers, what came true and 10 % more: "
    "'inform.' on seeds, 'of all' on all questions. The score is calibration times information on seeds."
)
UNSEEN = (
    "'unseen' is the score where each seed is judged with the weights that the other seeds give, out of sample; that "
    "is somewhat hard on scored weights, for who was right about a seed has less weight without it."
)
POOL = (
    "Medians are those of the classical model, in which answers are straight between quantiles; 'toc elicit pool' "
    "pools fitted distributions by the same weights."
)


def section(found: "Weights") -> Section:
    """Experts, decision makers, and how robust they are."""
    return Section(
        "weights",
        "Weights",
        f"What the experts of {words.quoted(found.panel.name)} count for, by scores on seed questions",
        [_headline(found), *cautions(found, named)],
        tables=[
            _experts(found),
            _makers(found),
            _robust(found),
            _weights(found),
            _medians(found),
            _without("seed", found.without_seeds),
            _without("expert", found.without_experts),
            _by_question(found),
        ],
        notes=[_read(found), INFORMATION, *_unable(found), *([POOL] if found.medians else [])],
    )


def _headline(found: "Weights") -> str:
    study, score = found.study, {kind: float(made.scores.combined[0]) for kind, made in found.makers.items()}
    seeds = int(study.seeds.sum())
    counted = ", ".join(
        [
            words.counted(len(study.experts), "expert"),
            words.counted(seeds, "seed question"),
            words.counted(len(study.items) - seeds, "other question"),
        ]
    )
    return (
        f"Round {words.quoted(found.round)}: {counted}. With {found.kind} weights{_cutoff_text(found)}, weight lies on "
        f"{_shares(found, found.share(found.kind))}. Scores of the decision makers: "
        f"{words.listed([f'{words.sized(score[kind])} {kind}' for kind in KINDS])}."
    )


def _cutoff_text(found: "Weights") -> str:
    if found.kind == EQUAL:
        return ""
    cutoff = found.maker.cutoff
    return f" and a cut-off at a calibration of {words.sized(cutoff)}" if cutoff else " and no cut-off"


def _shares(found: "Weights", share: Floats) -> str:
    """Who has the most weight, and how much is left."""
    order = [int(k) for k in np.argsort(-share, kind="stable") if share[k] > 0]
    first = [f"{named(found.study.experts[k])} {words.percent(share[k])}" for k in order[:FIRST]]
    rest = order[FIRST:]
    more = [f"{words.counted(len(rest), 'other')} {words.percent(float(share[rest].sum()))}"] if rest else []
    return words.listed([*first, *more]) or "nobody"


def _read(found: "Weights") -> str:
    many = words.counted(found.study.fewest_seeds, "seed question")
    return (
        "Calibration is the probability that realisations lie as unevenly between somebody's quantiles as they do, "
        "were these right (Cooke 1991). In brackets: what it would be had one of them fallen into the next interval, "
        f"at worst and at best; that is how coarse it is. The most that can be reached with {many} is "
        f"{words.sized(found.largest_calibration)}."
    )


def named(name: str) -> str:
    """An expert or a question in a sentence, as records have it."""
    return words.isolated(signs.one_line(name))


# Tables -----------------------------------------------------------------------------------------------------------


def _experts(found: "Weights") -> Table:
    own, share = found.maker.experts, found.share(found.kind)
    low, high = found.coarse["experts"]
    seeds = int(found.study.seeds.sum())
    differ = any(many < seeds for many in found.answered)
    rows: list[Sequence[Cell]] = [
        [
            name,
            *([Number(f"{found.answered[k]}", found.answered[k])] if differ else []),
            _calibration(own.calibration[k], low[k], high[k]),
            _figure(own.information[k]),
            _figure(own.information_of_all[k]),
            _score(own.combined[k]),
            Number(words.percent(share[k]), share[k]) if np.isfinite(share[k]) else "",
        ]
        for k, name in enumerate(found.study.experts)
    ]
    answered = "" if differ else ", which all answered"
    mean = ", in the mean over the questions that are asked" if found.kind == ITEM else ""
    return Table(
        f"Experts, by {words.counted(seeds, 'seed question')}{answered}; {found.kind} weights{mean}",
        ["expert", *(["seeds"] if differ else []), "calibration", "inform.", "of all", "score", "weight"],
        rows,
    )


def _makers(found: "Weights") -> Table:
    own = found.maker.experts
    best = int(np.argmax(own.combined))
    low, high = found.coarse["experts"]
    rows: list[Sequence[Cell]] = []
    for kind in KINDS:
        made, ends = found.makers[kind], found.coarse[kind]
        one = made.scores
        cutoff: Cell = "" if kind == EQUAL else _score(made.cutoff)
        figures = [_figure(one.information[0]), _score(one.combined[0]), cutoff]
        unseen = _score(found.unseen[kind].scores.combined[0]) if kind in found.unseen else ""
        rows.append([kind, _calibration(one.calibration[0], ends[0][0], ends[1][0]), *figures, unseen])
    figures = [_figure(own.information[best]), _score(own.combined[best]), "", ""]
    rows.append(["best expert", _calibration(own.calibration[best], low[best], high[best]), *figures])
    return Table(
        "Decision makers, judged by the seeds that set their weights (in-sample)",
        ["weights", "calibration", "inform.", "score", "cut-off", "unseen"],
        rows,
        note=f"The best expert is {named(found.study.experts[best])}. {UNSEEN}",
        last_apart=True,
    )


def _robust(found: "Weights") -> Table:
    """The scores of the decision maker, and from where to where they move."""
    one = found.maker.scores
    whole = {"calibration": one.calibration[0], "information": one.information[0], "combined": one.combined[0]}
    names = {"calibration": "calibration", "information": "information", "combined": "score"}
    rows: list[Sequence[Cell]] = [
        [
            names[key],
            _score(value),
            *(_range([getattr(left, key) for left in some]) for some in (found.without_seeds, found.without_experts)),
        ]
        for key, value in whole.items()
    ]
    return Table(
        f"How the decision maker with {found.kind} weights moves when one is left out",
        ["", "as it is", "without a seed", "without an expert"],
        rows,
    )


def _weights(found: "Weights") -> Table:
    """What each expert counts for, and from where to where that moves."""
    share, (low, high) = found.share(found.kind), found.share_ends
    rows: list[Sequence[Cell]] = [
        [
            name,
            Number(words.percent(share[k], 1), share[k]),
            Number(f"{words.percent(low[k], 1)} to {words.percent(high[k], 1)}", low[k]),
        ]
        for k, name in enumerate(found.study.experts)
        if np.isfinite([share[k], low[k]]).all() and max(share[k], high[k]) > 0
    ]
    others = len(share) - len(rows)
    return Table(
        f"How {found.kind} weights move without a seed",
        ["expert", "weight", "without a seed"],
        rows if found.kind != EQUAL else [],
        note=f"{words.counted(others, 'other')} never count{'s' if others == 1 else ''}." if others else "",
        folded="How weights move without a seed",
    )


def _medians(found: "Weights") -> Table:
    unit = {question.name: question.unit for question in found.panel.questions}
    rows: list[Sequence[Cell]] = [
        [one.question, unit[one.question], _score(one.value), _range(one.without_seed), _range(one.without_expert)]
        for one in found.medians
    ]
    return Table(
        f"Its medians of the questions that are asked ({found.kind} weights)",
        ["question", "unit", "as it is", "without a seed", "without an expert"],
        rows,
    )


def _without(what: str, left: Sequence["LeftOut"]) -> Table:
    rows: list[Sequence[Cell]] = [
        [one.name, *map(_score, (one.calibration, one.information, one.combined, one.cutoff)), _most(one)]
        for one in left
    ]
    return Table(
        f"The decision maker without one {what}",
        [what, "calibration", "inform.", "score", "cut-off", "most weight"],
        rows,
        folded=f"Without one {what} at a time",
    )


def _most(one: "LeftOut") -> str:
    """Who has the most weight without one, or why there is no decision maker."""
    if one.made is None:
        return one.refused
    share = np.nansum(one.made.weights, 1)
    return one.made.study.experts[int(share.argmax())]


def _by_question(found: "Weights") -> Table:
    made = found.makers[ITEM]
    rows: list[Sequence[Cell]] = [
        [name, _shares(found, np.nan_to_num(made.weights[:, k]))] for k, name in enumerate(found.study.items)
    ]
    return Table(
        "Item weights, question by question",
        ["question", "weight lies on"],
        rows if len(found.study.experts) > 1 else [],
        folded="Weights of each question, of the decision maker with item weights",
    )


def _unable(found: "Weights") -> Iterator[str]:
    for reason in found.unable:
        yield f"Leaving one out is not possible: {reason}."
    refused = [one for one in (*found.without_seeds, *found.without_experts) if one.made is None]
    if refused:
        names = words.listed([named(one.name) for one in refused])
        yield f"Without {names} there is no such decision maker; ranges are of the others."


# Cells ------------------------------------------------------------------------------------------------------------


def _calibration(value: float, low: float, high: float) -> Number:
    ends = [f"{end:.1g}" if end < SMALL else f"{end:.2g}" for end in (low, high)]
    return Number(f"{words.sized(value)} [{ends[0]}, {ends[1]}]", float(value))


def _figure(value: float) -> Cell:
    return Number(f"{value:.2f}", float(value)) if np.isfinite(value) else ""


def _score(value: float) -> Cell:
    return Number(words.sized(float(value)), float(value)) if np.isfinite(value) else ""


def _range(values: Sequence[float]) -> Cell:
    some = [float(value) for value in values if np.isfinite(value)]
    if not some:
        return ""
    low, high = words.sized(min(some)), words.sized(max(some))
    return Number(low if low == high else f"{low} to {high}", min(some))
