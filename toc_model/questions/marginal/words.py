"""What is said about values at the margin."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from toc_model.engine.case import Case
from toc_model.engine.story import Story
from toc_model.present import words
from toc_model.present.section import Cell, Number, Picture, Section, Table
from toc_model.questions.marginal.slopes import step_of
from toc_model.statistics import decisions

if TYPE_CHECKING:
    from toc_model.questions.marginal import Marginal

SIZE = 5.6
"""Width of the picture on a page, in inches."""


def section(results: Sequence["Marginal"], *, pictures: bool = False) -> Section:
    """What small changes are worth: one result, or several of different worldviews side by side.

    The case's first step names the section and asks its question, for it is what the case wants to know.
    """
    every = zip(*(found.findings for found in results), strict=True)
    steps: list[Section] = [findings[0].section(findings[1:], pictures=pictures) for findings in every]
    first = steps[0] if steps else Section("margin", "At the margin", "What is a little more of each thing worth?")
    drawn = [picture for step in steps for picture in step.pictures]
    return Section(
        first.name,
        first.short,
        first.title,
        [paragraph for step in steps for paragraph in step.text],
        [_picture(results)] if pictures and not drawn else drawn,
        [*(table for step in steps for table in step.tables), _levers(results)],
        [*(note for step in steps for note in step.notes), _reading(results[0]), *_rests_on(results)],
    )


def gained(case: Case) -> str:
    """What values at the margin are in, such as "micro-dooms averted"."""
    return f"{case.objective.small.name} {case.objective.small.gained}"


def headed(story: Story, name: str) -> str:
    """A variable of a lever and the step that is told about, such as "fence, one km more"."""
    return f"{name.replace('_', ' ')}, one {step_of(story.variable(name))[1]} more"


def _levers(results: Sequence["Marginal"]) -> Table:
    """What a step of each variable gains, a column a worldview."""
    first = results[0]
    story = first.beliefs.case.story
    rows: list[list[Cell]] = []
    for name in map(str, first.levers["variable"].values):
        now = first.allocations.named[first.allocation].at(story, name)
        found = [_gain(decisions.figures(one.levers.sel(variable=name))) for one in results]
        rows.append([name, Number(words.sized(now), now), step_of(story.variable(name))[1], *found])
    heads = ["gained"] if len(results) == 1 else [one.beliefs.worldview for one in results]
    return Table(
        f"What one more of each thing that can be set would gain at the margin of {words.quoted(first.allocation)}, "
        f"{gained(first.beliefs.case)}: mean ± Monte Carlo error [5 %, 95 % of draws]",
        ["what is set", "now", "one more", *heads],
        rows,
    )


def _gain(row: Mapping[str, float]) -> Number:
    mean, error, low, high = (words.amount(row[key]) for key in ("mean", "mcse", "q05", "q95"))
    return Number(f"{mean} ±{error} [{low}, {high}]", row["mean"])


def _reading(found: "Marginal") -> str:
    objective = found.beliefs.case.objective
    together = any(variable.lever.sums_over for variable in found.beliefs.case.story.variables)
    expense = " What adds up to one grows at the expense of the others, in proportion." if together else ""
    small = objective.small
    return (
        f"What one more gains is the slope of {objective.label} there, from a small difference on both sides, or on "
        f"one at a bound.{expense} {small.name[:1].upper()}{small.name[1:]} are {small.explained}; less than zero is for "
        "the worse."
    )


def _rests_on(results: Sequence["Marginal"]) -> list[str]:
    return [results[0].beliefs.rests_on()] if len(results) == 1 else []


def _picture(results: Sequence["Marginal"]) -> Picture:
    """What all levers gain, where no step of the case has a picture."""
    from toc_model.present.drawing import picture
    from toc_model.questions.marginal.figure import slopes_figure

    first = results[0]
    means = {str(name): float(first.levers.sel(variable=name).mean()) for name in first.levers["variable"].values}
    figure = slopes_figure(results)
    return picture(
        "margin",
        figure,
        f"What one more of each thing gains, {gained(first.beliefs.case)}",
        f"Under {words.named(first.beliefs.worldview)}: "
        + "; ".join(f"{headed(first.beliefs.case.story, name)}: {words.amount(mean)}" for name, mean in means.items())
        + ".",
        size=(SIZE, figure.get_figheight()),
        caption="Bars: means; lines: 90 % of draws. Right of zero is better.",
    )
