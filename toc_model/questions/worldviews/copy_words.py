"""What is said about a worldview that was made of a posterior."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from toc_model.engine.measures import Measure
from toc_model.present import words
from toc_model.present.section import Cell, Number, Section, Table

if TYPE_CHECKING:
    from toc_model.questions.worldviews.copying import Copy


def section(found: "Copy") -> Section:
    """How well it reproduces the posterior, in what matters."""
    objective, quo = found.posterior.beliefs.case.objective, found.posterior.allocations.status_quo
    measure = objective.measure
    rows: list[list[Cell]] = []
    for name, row in found.to_dict()["allocations"].items():
        both = [row["posterior"], row["worldview"]]
        moved: list[Cell] = ["", ""]
        if name != quo:
            moved = [words.change_cell(measure, one["change"]) for one in both]
        rows.append([name, *(_value(measure, one[objective.node]) for one in both), *moved])
    table = Table(
        "",
        ["allocation", f"{objective.label}, posterior", "worldview", "change, posterior", "worldview"],
        rows,
        note=f"Mean [5 %, 95 %] in {measure.unit}; changes from {words.quoted(quo)} in {measure.change_unit}.",
    )
    title = f"{words.isolated(str(found.path))}: its figures beside those of the posterior"
    return Section("worldview", "Worldview", title, tables=[table])


def _value(measure: Measure, row: Mapping[str, Any]) -> Number:
    """Mean and interval, a digit finer than elsewhere: what is asked is how far two of them are apart."""
    low, high = (words.value(measure, row[key], measure.end_digits + 1) for key in ("q05", "q95"))
    return Number(f"{words.value(measure, row['mean'], measure.digits + 1)} [{low}, {high}]", row["mean"])
