"""What is said about the change against one variable of a lever."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import xarray as xr

from toc_model.naming import called
from toc_model.present import words
from toc_model.present.drawing import PANEL, picture
from toc_model.present.section import Cell, Number, Picture, Section, Table
from toc_model.questions.curve.figure import curve_figure
from toc_model.questions.whose import whose
from toc_model.statistics import decisions

if TYPE_CHECKING:
    from toc_model.questions.curve import Curve

SHOWN = 12
"""Values that the table has a row for, at the most."""


def section(found: "Curve", *, pictures: bool = False) -> Section:
    """The best values, and the curves as a table; pictures are drawn on request."""
    case, label = found.allocations.case, found.variable.label
    own = case.titles.get("curve") if found.variable == case.swept else None
    short, title = own or ("How much", f"What is the best {label}?")
    said = [least(found, place) for place in range(len(found.beliefs))]
    return Section(
        "curve",
        short,
        title,
        [" ".join([_varied(found), *said])],
        _pictures(found, said) if pictures else [],
        [_table(found)],
        [one.rests_on() for one in found.beliefs],
    )


def _varied(found: "Curve") -> str:
    adjusted = ", the others of its sum in proportion" if found.variable.lever.sums_over else ""
    quo = words.quoted(found.allocations.status_quo)
    return f"Only the {found.variable.label} is varied{adjusted}; all else is as under {quo}."


def least(found: "Curve", place: int) -> str:
    """Where the mean is best under one worldview, and what can't be told from it."""
    objective, best, change = found.objective, found.best[place], found.changes[place]
    scale = words.lever_measure(found.variable)
    also = ""
    if len(best.as_good) > 1:
        low, high = (words.with_unit(scale, end) for end in (min(best.as_good), max(best.as_good)))
        also = f" (from {low} to {high} these draws can't tell apart)"
    row = decisions.figures(change.sel(value=best.value))
    return (
        f"Under {whose(found.beliefs[place])} mean {objective.label} is {words.extreme(objective)} at "
        f"{words.with_unit(scale, best.value)}{also}, changed by {words.interval(objective.measure, row)} "
        f"{objective.measure.change_unit}."
    )


def _table(found: "Curve") -> Table:
    measure, scale = found.objective.measure, words.lever_measure(found.variable)
    values = _shown(found.changes[0])
    tables = [decisions.summary(change.sel(value=values)) for change in found.changes]
    rows: list[list[Cell]] = [
        [
            Number(words.with_unit(scale, value), value),
            *(words.change_cell(measure, decisions.row(table, value=value)) for table in tables),
        ]
        for value in values
    ]
    return Table(
        f"Change of {found.objective.label} by the {found.variable.label}, {measure.change_unit}: mean [5 %, 95 % of "
        "draws]",
        [found.variable.label, *(called(one.worldview) for one in found.beliefs)],
        rows,
        folded="The curves as a table",
    )


def _shown(change: xr.DataArray) -> list[float]:
    """All values, or every second, third ... of many."""
    values: list[float] = change["value"].values.tolist()
    return values[:: -(-len(values) // SHOWN)]


def _pictures(found: "Curve", said: Sequence[str]) -> list[Picture]:
    """A panel a worldview, all with the same scale."""
    panels = [curve_figure(found, [place]) for place in range(len(found.beliefs))]
    lowest, highest = zip(*(panel.axes[0].get_ylim() for panel in panels), strict=True)
    for panel in panels:
        panel.axes[0].set_ylim(min(lowest), max(highest))
    label = found.variable.label
    return [
        picture(
            f"curve-{place + 1}",
            panel,
            f"By {label}, under {words.named(found.beliefs[place].worldview)}",
            said[place],
            size=PANEL,
            caption="",
        )
        for place, panel in enumerate(panels)
    ]
