"""What is said about a disagreement of two worldviews."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from toc_model.engine.facets import Objective
from toc_model.engine.measures import Measure
from toc_model.naming import called
from toc_model.present import words
from toc_model.present.drawing import picture
from toc_model.present.section import Cell, Number, Picture, Section, Table
from toc_model.questions.disagree import agreement_words
from toc_model.questions.disagree.figure import disagree_figure
from toc_model.questions.whose import whose

if TYPE_CHECKING:
    from toc_model.questions.disagree import Disagreement

CLOSEST = 3
"""Beliefs that are named as bringing two worldviews closest, for each result."""
BARS = 8
"""Cruxes in the picture of a page."""


def section(results: Sequence["Disagreement"], *, pictures: bool = False) -> Section:
    """Why worldviews differ: one pair, or several one after another; pictures are drawn on request."""
    asked = [found for found in results if found.experts is not None]
    return Section(
        "worldviews",
        "Which worldview",
        "Why do the worldviews differ?",
        text=[*map(_apart, results), *map(agreement_words.closing, asked)],
        pictures=[_picture(found, place) for place, found in enumerate(results, start=1)] if pictures else [],
        tables=[table for found in results for table in _tables(found)],
        notes=[*_how(results), *agreement_words.reading(asked), *_rests_on(results)],
    )


def _tables(found: "Disagreement") -> list[Table]:
    figures = found.to_dict()
    objective = found.first.case.objective
    return [
        _results(found, figures, objective),
        _cruxes(found, figures, objective),
        _beliefs(found, figures),
        _reasons(found, figures),
        _closest(found, figures, objective),
        *agreement_words.tables(found),
    ]


def between(found: "Disagreement") -> str:
    """Both worldviews, in words."""
    return f"{words.named(found.first.worldview)} and {words.named(found.second.worldview)}"


def digits_of(found: "Disagreement") -> dict[str, int]:
    """Decimals of differences in the objective and in its change, by measure."""
    measure = found.first.case.objective.measure
    return dict(zip(found.measures, (measure.digits, measure.change_digits), strict=True))


def _apart(found: "Disagreement") -> str:
    case, figures = found.first.case, found.to_dict()
    measure, (outcome, change) = case.objective.measure, found.measures
    moved = {name: figures["difference"][name]["mean"] for name in found.measures}
    chapter, crux = figures["chapters"][0], figures["cruxes"][0]
    question = next(iter(crux["believed"].values()))["question"]
    others = [f"“{name}”" for name in found.as_large_as_first(outcome)]
    tied = f", which these draws can't tell from that of {words.listed(others)}" if others else ""
    return (
        f"From {words.named(found.first.worldview)} to {whose(found.second)}, {case.objective.label} "
        f"under {words.quoted(case.status_quo)} moves by {words.signed(measure, moved[outcome], measure.digits)} "
        f"{measure.change_unit}, and its change by {words.quoted(found.allocation)} by "
        f"{words.signed(measure, moved[change])}. Beliefs of the chapter “{chapter['chapter']}” make the largest part "
        f"of the former, {words.signed(measure, chapter[outcome]['mean'], measure.digits)}{tied}. The first crux is "
        f"{found.called(crux)}: {words.isolated(question)}"
    )


def _results(found: "Disagreement", figures: dict[str, Any], objective: Objective) -> Table:
    measure, (outcome, change) = objective.measure, found.measures
    rows: list[list[Cell]] = []
    for name in figures["worldviews"]:
        result = {key: figures["results"][name][key]["mean"] for key in found.measures}
        rows.append(
            [
                called(name),
                Number(words.value(measure, result[outcome]), result[outcome]),
                Number(words.signed(measure, result[change]), result[change]),
            ]
        )
    rows.append(["difference", *_parts(found, figures["difference"])])
    rows += [[f"chapter {chapter['chapter']}", *_parts(found, chapter)] for chapter in figures["chapters"]]
    return Table(
        f"Results of {between(found)}, and each chapter's part of the difference",
        ["worldview, chapter", objective.label, "change"],
        rows,
        note=f"{objective.label}: {measure.unit}, under {words.quoted(found.allocations.status_quo)}. Change: by "
        f"{words.quoted(found.allocation)} from it, in {measure.change_unit}. Chapters: exact Shapley values, which "
        "add up to the difference; ± Monte Carlo error.",
        folded=f"Results of {between(found)}, and chapters, as a table",
    )


def _parts(found: "Disagreement", figures: dict[str, Any]) -> list[Cell]:
    measure = found.first.case.objective.measure
    return [
        Number(
            f"{words.signed(measure, figures[name]['mean'], digits)} "
            f"±{words.value(measure, figures[name]['mcse'], digits)}",
            figures[name]["mean"],
        )
        for name, digits in digits_of(found).items()
    ]


def _cruxes(found: "Disagreement", figures: dict[str, Any], objective: Objective) -> Table:
    """What each adds to the difference, and the gap that knowing it leaves."""
    sampled = [chapter["chapter"] for chapter in figures["chapters"] if chapter["sampled_within"]]
    how = f"within {', '.join(sampled)} over drawn orders" if sampled else "exact"
    shown = figures["cruxes"][: found.top]
    rows: list[list[Cell]] = [
        [found.called(crux), *_parts(found, crux), *_gaps(found, crux["gap_if_known"])] for crux in shown
    ]
    unit = objective.measure.change_unit
    return Table(
        f"Cruxes between {between(found)}: {len(shown)} of {words.counted(len(figures['cruxes']), 'parameter')} on "
        "which they differ",
        ["parameter", objective.label, "change", "gap left", "in change"],
        rows,
        note=f"{objective.label} and change: part of the difference, {unit} (Owen values, {how}). Gap left: expected "
        f"distance of their results in {objective.label}, and in the change, if both knew the parameter, {unit}.",
        folded=f"Cruxes between {between(found)} as a table",
    )


def _gaps(found: "Disagreement", gaps: dict[str, float]) -> list[Cell]:
    measure = found.first.case.objective.measure
    return [Number(words.value(measure, gaps[name], digits), gaps[name]) for name, digits in digits_of(found).items()]


def _beliefs(found: "Disagreement", figures: dict[str, Any]) -> Table:
    """What both believe about the cruxes."""
    both = figures["worldviews"]
    rows: list[list[Cell]] = [
        [found.first.label_of(entry), *(_belief(believed[name]) for name in both)]
        for crux in figures["cruxes"][: found.top]
        for entry, believed in crux["believed"].items()
    ]
    return Table(
        f"What {between(found)} believe about these cruxes: median [5 %, 95 %]",
        ["parameter", *map(called, both)],
        rows,
        folded=f"Beliefs of {between(found)} about these cruxes",
    )


def _reasons(found: "Disagreement", figures: dict[str, Any]) -> Table:
    """Why each departs from the base, for the first place of each crux."""
    rows: list[list[Cell]] = []
    for crux in figures["cruxes"][: found.top]:
        entry, believed = next(iter(crux["believed"].items()))
        label, both = found.first.label_of(entry), figures["worldviews"]
        rows += [[label, called(name), believed[name]["reason"]] for name in both if believed[name]["reason"]]
    return Table(
        f"Why {between(found)} believe it, where they depart from the base",
        ["parameter", "worldview", "why"],
        rows,
        folded=f"Reasons of {between(found)} for these beliefs",
    )


def _belief(belief: dict[str, Any]) -> str:
    median, low, high = (words.level(belief[key]).text for key in ("q50", "q05", "q95"))
    return f"{median} [{low}, {high}]"


def _closest(found: "Disagreement", figures: dict[str, Any], objective: Objective) -> Table:
    """For each result, which answers would bring the two worldviews closest."""
    measure = objective.measure
    now = {name: abs(figures["difference"][name]["mean"]) for name in found.measures}
    rows: list[list[Cell]] = []
    for name, digits in digits_of(found).items():
        ranked = sorted(figures["cruxes"], key=lambda crux: float(crux["gap_if_known"][name]))
        closer = [crux for crux in ranked[:CLOSEST] if crux["gap_if_known"][name] < now[name]]
        rows += [[_heading(objective, name), *_answer(found, crux, name, measure, digits)] for crux in closer]
    apart = " and ".join(
        f"{words.value(measure, now[name], digits)} in {_heading(objective, name)}"
        for name, digits in digits_of(found).items()
    )
    return Table(
        f"What would bring {between(found)} closest if both learned the answer (now {apart} apart, "
        f"{measure.change_unit})",
        ["in", "parameter", "gap left", "the question"],
        rows,
        folded=f"What would bring {between(found)} closest",
    )


def _heading(objective: Objective, measure: str) -> str:
    return objective.label if measure == objective.node else measure


def _answer(found: "Disagreement", crux: dict[str, Any], name: str, measure: Measure, digits: int) -> list[Cell]:
    entry, believed = next(iter(crux["believed"].items()))
    surveys = found.surveys.get(crux["parameter"])
    asked = f" Asked in {', '.join(surveys)}." if surveys else ""
    left = crux["gap_if_known"][name]
    label = found.first.label_of(entry)
    return [label, Number(words.value(measure, left, digits), left), f"{believed['question']}{asked}"]


def _picture(found: "Disagreement", place: int) -> Picture:
    objective = found.first.case.objective
    measure = objective.measure
    one, other = (words.named(each.worldview) for each in (found.first, found.second))
    parts = "; ".join(
        f"{chapter['chapter']} {words.signed(measure, chapter[objective.node]['mean'], measure.digits)}"
        for chapter in found.to_dict()["chapters"]
    )
    return picture(
        f"worldviews-{place}",
        disagree_figure(found, BARS),
        f"From {one} to {other}: what chapters and single beliefs add to the difference",
        f"Parts of the difference of {objective.label} under {words.quoted(found.allocations.status_quo)}, in "
        f"{measure.change_unit}, by chapter: {parts}.",
        caption="Upper bars: chapters. Lower bars: the parameters with the largest parts. Lines: two sampling errors.",
    )


def _how(results: Sequence["Disagreement"]) -> list[str]:
    samples = {found.first.sample for found in results}
    return [f"Differences are shared out on {' and on '.join(sorted(samples))}."] if samples else []


def _rests_on(results: Sequence["Disagreement"]) -> list[str]:
    every = [one.rests_on() for found in results for one in (found.first, found.second)]
    return list(dict.fromkeys(every))
