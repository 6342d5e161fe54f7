"""What is said about values at the margin."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from toc_model.engine.case import Case
from toc_model.engine.facets import Cost
from toc_model.naming import called
from toc_model.present import words
from toc_model.present.drawing import picture
from toc_model.present.section import Cell, Number, Picture, Section, Table
from toc_model.questions.marginal.figure import slopes_figure
from toc_model.questions.marginal.names import gained, headed
from toc_model.questions.marginal.slopes import step_of
from toc_model.statistics import averages, decisions
from toc_model.statistics.price import Price

if TYPE_CHECKING:
    from toc_model.questions.marginal import Marginal

NEVER = 1e300
"""Where what can't be bought stands among prices."""


def section(found: "Marginal", *, pictures: bool = False) -> Section:
    """What small changes are worth, worldviews side by side; pictures are drawn on request.

    The case's first step names the section and asks its question, for it is what the case wants to know.
    """
    every = zip(*(one.findings for one in found.margins), strict=True)
    steps: list[Section] = [findings[0].section(findings[1:], pictures=pictures) for findings in every]
    first = steps[0] if steps else Section("margin", "At the margin", "What is a little more of each thing worth?")
    drawn = [picture for step in steps for picture in step.pictures]
    return Section(
        first.name,
        first.short,
        first.title,
        [paragraph for step in steps for paragraph in step.text],
        [_picture(found)] if pictures and not drawn else drawn,
        [*(table for step in steps for table in step.tables), *_prices(found), _levers(found)],
        [
            *(note for step in steps for note in step.notes),
            _reading(found.case),
            *(one.beliefs.rests_on() for one in found.margins),
        ],
    )


def _levers(found: "Marginal") -> Table:
    """What a step of each variable gains, a column a worldview."""
    several = len(found.margins) > 1
    return Table(
        f"What one more of each thing that can be set would gain at the margin of {words.quoted(found.allocation)}, "
        f"{gained(found.case)}: mean ± Monte Carlo error [5 %, 95 % of draws]",
        ["what is set", "now", "one more", *(_worldviews(found) if several else ["gained"])],
        [
            [
                called(variable.name, variable.label),
                Number(words.with_unit(words.lever_measure(variable), found.now(variable)), found.now(variable)),
                step_of(variable)[1],
                *(_gain(decisions.figures(one.gained.sel(variable=variable.name))) for one in found.margins),
            ]
            for variable in found.variables
        ],
        goes=[*_worldviews(found)[:0:-1], "one more", "now"],
    )


def _prices(found: "Marginal") -> list[Table]:
    """What a small amount of the outcome costs, a table a worldview; none where nobody says what effort costs."""
    spent, cost, small = found.unit_cost, found.case.cost, found.case.objective.small
    if spent is None or cost is None:
        return []
    return [
        Table(
            f"What one {small.one} {small.gained} costs in your currency, at {words.sized(spent)} for one more "
            f"{cost.unit}, at the margin of {words.quoted(found.allocation)}, under "
            f"{words.quoted(one.beliefs.worldview)}",
            ["work", f"cost of one {small.one}", "at the 95 % gain", "at the 5 % gain", "gains in"],
            [[name, *_price(row)] for name, row in one.prices(spent).items()],
            note="" if place else _priced(spent, cost),
        )
        for place, one in enumerate(found.margins)
    ]


def _priced(spent: float, cost: Cost) -> str:
    """How to read what is paid."""
    return (
        f"{words.sized(spent)} (your figure; none is assumed) over the mean gain of one {cost.unit} ± Monte Carlo "
        "error, and over the gain at its 95 % and 5 % quantiles over draws. None: on average nothing is gained, or "
        "something lost, at any price. Unclear: the mean can't be told from zero with these draws. Gains in: share of "
        "draws in which anything is gained."
    )


def _price(found: Price) -> list[Cell]:
    """Cells under the headings of `_prices`."""
    mean = f"{words.sized(found.mean)} ±{_rounded(found.error)}" if found.verdict == "price" else found.verdict
    ends = [
        Number(_rounded(end), end) if math.isfinite(end) else Number("none", NEVER) for end in (found.low, found.high)
    ]
    return [Number(mean, found.mean if found.verdict == "price" else NEVER), *ends, words.share(found.gaining)]


def _rounded(value: float) -> str:
    """An amount with two significant digits and no exponent."""
    return f"{float(f'{value:.2g}'):,.0f}" if value >= 10 else f"{value:.2g}"


def _worldviews(found: "Marginal") -> Sequence[str]:
    return [called(one.beliefs.worldview) for one in found.margins]


def _gain(row: Mapping[str, float]) -> Number:
    mean, error, low, high = (words.amount(row[key]) for key in ("mean", "mcse", "q05", "q95"))
    return Number(f"{mean} ±{error} [{low}, {high}]", row["mean"])


def _reading(case: Case) -> str:
    objective, small = case.objective, case.objective.small
    together = any(variable.lever.sums_over for variable in case.story.variables)
    expense = " What adds up to one grows at the expense of the others, in proportion." if together else ""
    return (
        f"What one more gains is the slope of {objective.label} there, from a small difference on both sides, or on "
        f"one at a bound.{expense} {words.begun(small.name)} are {small.explained}; less than zero is for the worse."
    )


def _picture(found: "Marginal") -> Picture:
    """What all levers gain, where no step of the case has a picture."""
    first = found.margins[0]
    means = [
        (headed(variable), float(averages.mean(first.gained.sel(variable=variable.name))))
        for variable in found.variables
    ]
    figure = slopes_figure(found)
    return picture(
        "margin",
        figure,
        f"What one more of each thing gains, {gained(found.case)}",
        f"Under {words.named(first.beliefs.worldview)}: "
        + "; ".join(f"{name}: {words.amount(mean)}" for name, mean in means)
        + ".",
        caption="Bars: means; lines: 90 % of draws. Right of zero is better.",
    )
