"""What is said about a sweep."""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from toc_model.engine.declare import Variable
from toc_model.naming import called
from toc_model.present import words
from toc_model.present.section import Cell, Number, Section, Table

if TYPE_CHECKING:
    from toc_model.questions.sweep import Sweep

SHOWN = 12
"""Allocations that the table of changes has a row for, at the most."""
MILLION = 1e6


def section(found: "Sweep") -> Section:
    """The best allocations, and the changes as a table."""
    return Section(
        "sweep",
        "Sweep",
        f"{words.begun(found.objective.label)} over many allocations",
        [_swept(found), *_bests(found)],
        [],
        [_best_table(found), *([_changes(found)] if len(found.variables) < 2 else [])],
        list(found.facts["rests_on"]),
    )


def _swept(found: "Sweep") -> str:
    sizes, facts = found.table["mean"].sizes, found.facts
    moved = " and ".join(f"the {one.label}" for one in found.variables)
    varied = f" ({words.counted(sizes['allocation'] - len(facts['named']), 'combination')} of {moved})" if moved else ""
    many = found.computed
    told = f"{many / MILLION:,.3g} million" if many >= MILLION else f"{many:,}"
    allocations, worldviews, mechanisms = (
        words.counted(sizes[dim], dim) for dim in ("allocation", "worldview", "mechanism")
    )
    return (
        f"{allocations}{varied} under {worldviews} and {mechanisms}, {facts['draws']:,} paired draws each, seed "
        f"{facts['seed']}: {told} outcomes, in {words.isolated(found.path.name)}. All else is as under "
        f"{words.quoted(facts['changes_from'])}."
    )


def _bests(found: "Sweep") -> list[str]:
    """A sentence a worldview, with the laws as they are written down."""
    return [_best(found, place) for place in range(found.table.sizes["worldview"])]


def _best(found: "Sweep", place: int) -> str:
    objective, row = found.objective, found.table.isel(worldview=place, mechanism=0)
    best = best_of(found, row)
    figures = change_row(row.isel(allocation=best))
    return (
        f"Under {found.facts['whose'][place]} mean {objective.label} is {words.extreme(objective)} at "
        f"{at(found, row, best)}{_as_good(found, row, best)}, changed by "
        f"{words.interval(objective.measure, figures, error=True)} {objective.measure.change_unit}."
    )


def best_of(found: "Sweep", row: xr.Dataset) -> int:
    """The place of the allocation with the best mean."""
    return int(np.asarray(found.objective.loss(row["mean"].values)).argmin())


def change_row(row: xr.Dataset) -> dict[str, float]:
    """Figures of the change at one place, as words take them."""
    names = {"mean": "change", "mcse": "change_mcse", "q05": "change_q05", "q95": "change_q95"}
    return {key: float(row[name]) for key, name in names.items()}


def at(found: "Sweep", row: xr.Dataset, place: int) -> str:
    """An allocation in words: by its name, or by what moves."""
    if place < len(found.facts["named"]):
        return words.quoted(str(row["allocation"].values[place]))
    return ", ".join(
        f"{_short(one, found)}{words.with_unit(words.lever_measure(one), float(row[one.name].values[place]))}"
        for one in found.variables
    )


def _short(variable: Variable, found: "Sweep") -> str:
    """What stands before a value: nothing where only one variable moves."""
    return "" if len(found.variables) == 1 else f"{words.named(variable.name)} "


def _as_good(found: "Sweep", row: xr.Dataset, best: int) -> str:
    good = np.flatnonzero(row["as_good"].values)
    others = len(good) - 1
    if not others:
        return ""
    grid = good[good >= len(found.facts["named"])]
    if len(found.variables) == 1 and len(grid) > 1 and best in grid:
        (one,) = found.variables
        scale, values = words.lever_measure(one), row[one.name].values[grid]
        low, high = (words.with_unit(scale, float(end)) for end in (values.min(), values.max()))
        return f" (from {low} to {high} these draws can't tell apart)"
    return f" (which these draws can't tell from {words.counted(others, 'other')})"


def _best_table(found: "Sweep") -> Table:
    objective, table = found.objective, found.table
    several = table.sizes["mechanism"] > 1
    rows: list[list[Cell]] = []
    for worldview in table["worldview"].values:
        for mechanism in table["mechanism"].values:
            row = table.sel(worldview=worldview, mechanism=mechanism)
            best = best_of(found, row)
            figures = row.isel(allocation=best)
            now = float(row["mean"][0])
            rows.append(
                [
                    called(str(worldview)),
                    *([called(str(mechanism))] if several else []),
                    Number(words.value(objective.measure, now), now),
                    at(found, row, best),
                    words.change_cell(objective.measure, change_row(figures), error=True),
                    words.share(float(figures["share_better"])),
                    Number(f"{int(row['as_good'].sum()):,}", float(row["as_good"].sum())),
                ]
            )
    headings = ["worldview", *(["mechanism"] if several else []), "now", "best", "change", "better in", "as good"]
    return Table(
        f"The allocation with the {words.extreme(objective)} mean {objective.label}",
        headings,
        rows,
        f"{words.begun(objective.measure.change_unit)}: change from the status quo with its Monte Carlo error and "
        "[5 %, 95 % of draws]; as good: allocations that paired draws can't tell from the best, itself included.",
        goes=("as good", "better in"),
    )


def _changes(found: "Sweep") -> Table:
    """Changes under the laws as they are written down, allocations by worldviews; of many every second, third ..."""
    objective, table = found.objective, found.table.isel(mechanism=0)
    many = table.sizes["allocation"]
    named = len(found.facts["named"])
    places = [*range(1, named), *range(named, many, -(-max(many - named, 1) // SHOWN))]
    rows: list[list[Cell]] = [
        [
            at(found, table.isel(worldview=0), place),
            *(
                words.change_cell(objective.measure, change_row(table.isel(worldview=one, allocation=place)))
                for one in range(table.sizes["worldview"])
            ),
        ]
        for place in places
    ]
    return Table(
        f"Change of {objective.label}, {objective.measure.change_unit}: mean [5 %, 95 % of draws]",
        ["allocation", *(called(str(name)) for name in table["worldview"].values)],
        rows,
        folded="Changes as a table",
        goes=[called(str(name)) for name in table["worldview"].values[:0:-1]],
    )
