"""A validation as text: scores, where answers fall in their predictions, heaping, and recovery."""

import math
import textwrap
from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.table import Table

from toc_model.present.terminal import WIDTH, as_text
from toc_model.survey.validation.heaping import Heap
from toc_model.survey.validation.predictions import Pit
from toc_model.survey.validation.recovery import Recovery
from toc_model.survey.validation.scores import Score
from toc_model.survey.validation.weights import MAX_K
from toc_model.survey.validation.whole import Validation


def validation_text(found: Validation) -> str:
    """The tables and sentences that ``toc survey validate`` prints about the answers."""
    parts = [as_text(_experts(found))]
    if found.camps:
        parts.append(as_text(_camps(found.camps)))
    parts += [_note(note) for note in _warnings([*found.experts, *found.camps])]
    parts.append(as_text(_pits(found.pits)))
    if found.without_pit:
        parts.append(_note(f"No PIT, for want of an exact answer: {', '.join(found.without_pit)}."))
    if found.heaps:
        parts.append(as_text(_heaps(found.heaps)))
    else:
        parts.append(_note("No question has bare probabilities for answers: nothing to say of heaping."))
    return "\n".join(parts)


def recovery_text(found: Sequence[Recovery]) -> str:
    """The table of simulated surveys."""
    setup = found[0].setup
    caption = (
        f"Each survey: {setup.questions} questions about {setup.parameter}, {setup.respondents} people each, common "
        f"bias sd {setup.bias_sd:g} logits; all else drawn from the priors of the observation model and fitted. The "
        "chi-square is of the truth's ranks among draws; a small p says that the fit is not calibrated."
    )
    table = _table("Recovery: how often 90 % intervals hold the truth in simulated surveys", caption)
    _columns(table, ["common bias"], ["surveys", "coverage", "95 % interval", "chi-square", "p"])
    for item in found:
        low, high = item.coverage_interval
        statistic, p = item.chi_square
        table.add_row(
            "modelled" if item.common_bias else "switched off",
            str(len(item.covered)),
            f"{item.coverage:.0%}",
            f"{low:.0%} to {high:.0%}",
            f"{statistic:.1f}",
            f"{p:.2g}",
        )
    return as_text(table)


def _table(title: str, caption: str) -> Table:
    return Table(box=SIMPLE_HEAD, title=title, title_justify="left", caption=caption, caption_justify="left")


def _columns(table: Table, texts: Sequence[str], numbers: Sequence[str]) -> None:
    for heading in texts:
        table.add_column(heading, no_wrap=True)
    for heading in numbers:
        table.add_column(heading, justify="right", no_wrap=True)


def _note(text: str) -> str:
    return textwrap.fill(text, WIDTH) + "\n"


def _experts(found: Validation) -> Table:
    caption = (
        "All answers of one respondent to all questions of a source are left out together and predicted from all other "
        "respondents' (PSIS). Log score of each answer, summed, higher is better; a source's own row has all of an "
        "expert's answers together. CRPS is the mean over answers, smaller is better: in probabilities, categories, or "
        "the natural scale (log) of years."
    )
    headings = ["answers", "log score", "per answer", "CRPS", "worst k"]
    if found.pooled:
        headings += ["without camps", "better by", "CRPS"]
        caption += (
            " 'Without camps' is that of a fit to the same answers as one pool; 'better by' is how much the camps add, "
            "and its standard error."
        )
    table = _table("Leave one expert out", caption)
    _columns(table, ["question"], headings)
    for score in found.experts:
        table.add_row(score.question, *_cells(score), *_compared(found, score.question))
    return table


def _cells(score: Score) -> tuple[str, ...]:
    each, crps = score.total / score.answers, "" if math.isnan(score.crps) else f"{score.crps:.3f}"
    return f"{score.answers:,}", f"{score.total:.1f}", f"{each:.2f}", crps, f"{score.worst_k:.2f}"


def _compared(found: Validation, question: str) -> tuple[str, ...]:
    if question not in found.pooled:
        return ()
    pooled, better, error = found.pooled[question]
    return f"{pooled.total:.1f}", f"{better:+.1f} ± {error:.1f}", f"{pooled.crps:.3f}"


def _camps(scores: Sequence[Score]) -> Table:
    caption = (
        "Joint log score of a camp's answers to a question, predicted from the other camps; what the camp shares is "
        "integrated out."
    )
    table = _table("Leave one camp out", caption)
    _columns(table, ["question", "camp"], ["answers", "log score", "per answer", "CRPS", "k"])
    for score in scores:
        table.add_row(score.question, score.camp, *_cells(score))
    return table


def _warnings(scores: Sequence[Score]) -> list[str]:
    return [
        f"{score.question}{', ' + score.camp if score.camp else ''}: Pareto k {score.worst_k:.2f} is above {MAX_K:g} "
        f"({score.above} of the weights): this score needs a refit without what was left out, and is not to be trusted."
        for score in scores
        if score.above
    ]


def _pits(pits: Sequence[Pit]) -> Table:
    caption = (
        "Per cent of answers in each tenth of what the other experts predict, at random among equal answers; 10 "
        "everywhere if the model is right. A hump in the middle: predictions too wide; two at the ends: too narrow. D "
        "is the Kolmogorov-Smirnov distance from uniform; its p takes answers as independent, which the points of one "
        "person's distribution are not. Stated quantiles are placed by their middle, given their spread."
    )
    table = _table("Randomised PIT", caption)
    _columns(table, ["question"], [*(f"{place / 10:.1f}" for place in range(1, 11)), "D", "p"])
    for pit in pits:
        distance, p = pit.distance
        table.add_row(pit.question, *(f"{100 * share:.0f}" for share in pit.bins), f"{distance:.2f}", f"{p:.2g}")
    return table


def _heaps(heaps: Sequence[Heap]) -> Table:
    caption = "Share of answers, and its 90 % interval in surveys of as many people, simulated from the posterior."
    table = _table("Heaping: observed and predicted", caption)
    _columns(table, ["question", "answers that are"], ["observed", "predicted", ""])
    for heap in heaps:
        low, _, high = heap.predicted
        verdict = "" if low - 1e-9 <= heap.observed <= high + 1e-9 else "outside"
        table.add_row(heap.question, heap.what, f"{heap.observed:.1%}", f"{low:.1%} to {high:.1%}", verdict)
    return table
