"""What is said of a validation: scores, where answers fall in their predictions, heaping, and recovery."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from toc_model.present import words
from toc_model.present.section import Cell, Number, Section, Table
from toc_model.survey.validation.weights import MAX_K

if TYPE_CHECKING:
    from toc_model.questions.survey.validation import Recovered, Validated

type Row = Mapping[str, Any]

TENTHS = tuple(f"{place / 10:.1f}" for place in range(1, 11))


def section(found: "Validated") -> Section:
    """Scores, ranks and heaping."""
    figures = found.to_dict()
    tables = [_experts(figures["experts"]), _camps(figures["camps"]), _pits(figures["pit"]), _heaps(figures["heaping"])]
    return Section(
        "validate",
        "Validation",
        "Does the observation model describe the answers?",
        tables=tables,
        notes=list(_notes(figures)),
    )


def _notes(figures: Row) -> Iterator[str]:
    yield from (f"Not a good fit: {problem}." for problem in figures["problems"])
    advice = ", for which nobody else answered these questions beside others" if figures["refitted"] else " (--refit)"
    for score in (*figures["experts"], *figures["camps"]):
        camp = f", {words.isolated(score['camp'])}" if "camp" in score else ""
        about = f"{words.isolated(score['question'])}{camp}"
        if score["refits"]:
            yield f"{about}: this score rests on {words.counted(score['refits'], 'refit')} without what was left out."
        if score["above"]:
            worst = "" if score["worst_k"] is None else f"{score['worst_k']:.2f} "
            yield (
                f"{about}: Pareto k {worst}is above {MAX_K:g} ({score['above']} of the weights): this "
                f"score needs a refit without what was left out{advice}, and is not to be trusted."
            )
    if figures["without_pit"]:
        yield f"No PIT, for want of an exact answer: {', '.join(map(words.isolated, figures['without_pit']))}."
    if not figures["heaping"]:
        yield "No question has bare probabilities for answers: nothing to say of heaping."


def _experts(scores: Sequence[Row]) -> Table:
    note = (
        "All answers of one respondent to all questions of a source are left out together and predicted from all other "
        "respondents' (PSIS). Log score of each answer, summed, higher is better; a source's own row has all of an "
        "expert's answers together. CRPS is the mean over answers, smaller is better: in probabilities, categories, or "
        "on the natural scale of the quantity."
    )
    headings = ["question", "answers", "log score", "per answer", "CRPS", "worst k"]
    rows: list[list[Cell]] = [[score["question"], *_cells(score)] for score in scores]
    if any("without_camps" in score for score in scores):
        headings += ["without camps", "better by", "CRPS"]
        rows = [[*row, *_compared(score)] for row, score in zip(rows, scores, strict=True)]
        note += (
            " 'Without camps' is that of a fit to the same answers as one pool; 'better by' is how much the camps add, "
            "and its standard error."
        )
    return Table("Leave one expert out", headings, rows, note=note)


def _cells(score: Row) -> list[Cell]:
    crps = "" if score["crps"] is None else _number(score["crps"], ".3f")
    shown = [_number(score[key], form) for key, form in (("answers", ","), ("log_score", ".1f"), ("per_answer", ".2f"))]
    return [*shown, crps, "" if score["worst_k"] is None else _number(score["worst_k"], ".2f")]


def _compared(score: Row) -> list[Cell]:
    if "without_camps" not in score:
        return ["", "", ""]
    pooled = score["without_camps"]
    better = Number(f"{pooled['better_by']:+.1f} ± {pooled['error']:.1f}", pooled["better_by"])
    return [_number(pooled["log_score"], ".1f"), better, _number(pooled["crps"], ".3f")]


def _number(value: float, form: str) -> Number:
    return Number(format(value, form), value)


def _range(low: float, high: float, digits: int = 0) -> Number:
    return Number(f"{words.percent(low, digits)} to {words.percent(high, digits)}", low)


def _camps(scores: Sequence[Row]) -> Table:
    return Table(
        "Leave one camp out",
        ["question", "camp", "answers", "log score", "per answer", "CRPS", "k"],
        [[score["question"], score["camp"], *_cells(score)] for score in scores],
        note="Joint log score of a camp's answers to a question, predicted from the other camps; what the camp shares "
        "is integrated out.",
    )


def _pits(pits: Sequence[Row]) -> Table:
    note = (
        "Per cent of answers in each tenth of what the other experts predict, at random among equal answers; 10 "
        "everywhere if the model is right. A hump in the middle: predictions too wide; two at the ends: too narrow. D "
        "is the Kolmogorov-Smirnov distance from uniform; its p takes answers as independent, which the points of one "
        "person's distribution are not. Stated quantiles are placed by their middle, given their spread."
    )
    return Table(
        "Randomised PIT",
        ["question", *TENTHS, "D", "p"],
        [
            [
                pit["question"],
                *(Number(f"{100 * share:.0f}", share) for share in pit["shares"]),
                _number(pit["distance"], ".2f"),
                _number(pit["p"], ".2g"),
            ]
            for pit in pits
        ],
        note=note,
    )


def _heaps(heaps: Sequence[Row]) -> Table:
    return Table(
        "Heaping: observed and predicted",
        ["question", "answers that are", "observed", "predicted", ""],
        [
            [
                heap["question"],
                heap["what"],
                words.share(heap["observed"], 1),
                _range(heap["predicted"]["q05"], heap["predicted"]["q95"], 1),
                "" if heap["inside"] else "outside",
            ]
            for heap in heaps
        ],
        note="Share of answers, and its 90 % interval in surveys of as many people, simulated from the posterior.",
    )


def recovery_section(found: "Recovered") -> Section:
    """How often simulated surveys gave the truth away."""
    figures = found.to_dict()
    note = (
        f"Each survey: {figures['questions']} questions about {figures['parameter']}, {figures['respondents']} people "
        f"each, common bias sd {figures['bias_sd']:g} logits; all else drawn from the priors of the observation model "
        "and fitted. The chi-square is of the truth's ranks among draws; a small p says that the fit is not calibrated."
    )
    table = Table(
        "Recovery: how often 90 % intervals hold the truth in simulated surveys",
        ["common bias", "surveys", "coverage", "95 % interval", "chi-square", "p"],
        [_recovery(fit) for fit in figures["fits"]],
        note=note,
    )
    ranks = Table(
        "Ranks of the truth",
        ["common bias", *TENTHS],
        [[_modelled(fit), *(Number(f"{100 * share:.0f}", share) for share in fit["ranks"])] for fit in figures["fits"]],
        note="Per cent of surveys whose truth lies in each tenth of the posterior; 10 each, but for chance, if the "
        "fit is calibrated. A hump in the middle: posteriors too wide; two at the ends: too narrow.",
    )
    return Section("recovery", "Recovery", "Does an update find the truth?", tables=[table, ranks])


def _modelled(fit: Row) -> str:
    return "modelled" if fit["common_bias"] else "switched off"


def _recovery(fit: Row) -> list[Cell]:
    low, high = fit["coverage_interval"]
    return [
        _modelled(fit),
        _number(fit["surveys"], "d"),
        words.share(fit["coverage"]),
        _range(low, high),
        _number(fit["chi_square"], ".1f"),
        _number(fit["p"], ".2g"),
    ]
