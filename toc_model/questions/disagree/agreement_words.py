"""What is said about questions to experts that would bring two worldviews closer."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from toc_model.engine.measures import Measure
from toc_model.present import words
from toc_model.present.section import Cell, Number, Table

if TYPE_CHECKING:
    from toc_model.questions.disagree import Disagreement
    from toc_model.questions.disagree.agreement import Probe

CLEAR = 2.0
"""Standard errors by which a question must close the gap to be named."""
READING = """Gap left: expected distance of the two results once both have learnt the answers, ± its standard error;
small gaps come out somewhat too large, by that error, and answers can also widen a gap. Truth is a draw of either
worldview, with equal weight. Answers are simulated with the bias that all respondents share, their spread and their
rounding; each worldview regresses its own results on their summaries within its own draws, and takes the same shared
bias. The two may also be far apart in what they expect the survey to find. Beyond: answers that no draw of one of them
would give; it is then taken to be told the nearest that one would, which moves it too little, so that the gap left is
rather too large. The gaps of cruxes need no such limit, for there the model is run at the value."""


def reading(asked: Sequence["Disagreement"]) -> list[str]:
    """How to read the tables of questions."""
    if not asked:
        return []
    objective = asked[0].first.case.objective
    deferring = (
        f" A question about {objective.node} asks for the result itself: who learns from it defers to the answers, and "
        "need not agree why."
    )
    targets = {probe.plan.question.target for found in asked for probe in found.probes}
    return [" ".join(READING.split()) + (deferring if objective.node in targets else "")]


def closing(found: "Disagreement") -> str:
    """Which question closes most of the gap in each result, if any does by more than its error."""
    objective = found.first.case.objective
    measure = objective.measure
    rows = [probe.to_dict() for probe in found.probes]
    now, clauses = _now(found), []
    for name, digits in zip(found.measures, (measure.digits, measure.change_digits), strict=True):
        label = objective.label if name == objective.node else name
        clauses.append(clause(rows, name, label, now[name], measure, digits))
    one, other = (words.named(each.worldview) for each in (found.first, found.second))
    return (
        f"Asked of {words.counted(found.experts or 0, 'expert')}, these questions bring {one} and {other} closest: "
        f"{'; '.join(clauses)}."
    )


def clause(rows: Iterable[dict[str, Any]], name: str, label: str, now: float, measure: Measure, digits: int) -> str:
    """The question that closes most of the gap in one result, or that none does.

    Parameters
    ----------
    rows : iterable of dict
        What `Probe.to_dict` gives.
    name, label : str
        Of the result.
    now : float
        The gap, in the unit of the outcome.
    measure : Measure
    digits : int
    """
    best = min(rows, key=lambda row: float(row["gap_left"][name]["gap"]), default=None)
    left = best["gap_left"][name] if best else {"gap": now, "se": 0.0}
    if best is None or now - left["gap"] <= CLEAR * left["se"]:
        return f"in {label}, none by more than the error of the estimate"
    told, gap, error = (words.value(measure, each, digits) for each in (now, left["gap"], left["se"]))
    return f"in {label}, “{words.isolated(best['question'])}” (from {told} to {gap} ±{error} {measure.change_unit})"


def tables(found: "Disagreement") -> list[Table]:
    """Gaps that answers to each question leave, and gaps if both knew what it is about."""
    return [_answered(found), _known(found)] if found.probes else []


def _answered(found: "Disagreement") -> Table:
    objective = found.first.case.objective
    now = _now(found)
    rows: list[list[Cell]] = [["(none: the gap now)", "", *_cells(objective.measure, now), ""]]
    rows += [
        [
            probe.plan.name,
            _bias(probe),
            *_with_errors(objective.measure, probe.to_dict()["gap_left"]),
            words.share(float(probe.left["beyond"])),
        ]
        for probe in found.probes
    ]
    return Table(
        f"What to ask: gap left after {words.counted(found.experts or 0, 'expert')}, {objective.measure.change_unit}",
        ["question", "shared bias", objective.label, "change", "beyond"],
        rows,
    )


def _known(found: "Disagreement") -> Table:
    """A row for each quantity, for several questions may be about one."""
    objective = found.first.case.objective
    askers: dict[str, list[Probe]] = {}
    for probe in found.probes:
        askers.setdefault(_about(probe), []).append(probe)
    rows: list[list[Cell]] = [
        [
            about,
            *_with_errors(objective.measure, same[0].to_dict()["gap_if_known"]),
            words.share(float(same[0].if_known["beyond"])),
            ", ".join(probe.plan.name for probe in same),
        ]
        for about, same in askers.items()
    ]
    return Table(
        f"The same if both were told what the question is about, {objective.measure.change_unit}",
        ["about", objective.label, "change", "beyond", "asked by"],
        rows,
        folded="Gaps left if both were told the truth itself",
    )


def _about(probe: "Probe") -> str:
    question = probe.plan.question
    return f"{question.target}, {question.condition_text}" if question.condition_text else question.target


def _now(found: "Disagreement") -> dict[str, float]:
    """How far apart the two are in each result."""
    return {name: abs(row["mean"]) for name, row in found.to_dict()["difference"].items()}


def _cells(measure: Measure, gaps: dict[str, float]) -> list[Cell]:
    digits = (measure.digits, measure.change_digits)
    return [Number(words.value(measure, gap, places), gap) for gap, places in zip(gaps.values(), digits, strict=True)]


def _with_errors(measure: Measure, gaps: dict[str, dict[str, float]]) -> list[Cell]:
    return [
        Number(f"{words.value(measure, row['gap'], places)} ±{words.value(measure, row['se'], places)}", row["gap"])
        for row, places in zip(gaps.values(), (measure.digits, measure.change_digits), strict=True)
    ]


def _bias(probe: "Probe") -> str:
    """The shared bias of a question and its scale."""
    question = probe.plan.question
    scale = {"logit": "logits", "log": "log units", "identity": question.unit}[question.scale]
    return f"{question.bias_sd:g} {scale}"
