"""What is said about outcomes under allocations."""

from typing import TYPE_CHECKING

from toc_model.present import words
from toc_model.present.section import Cell, Number, Section, Table

if TYPE_CHECKING:
    from toc_model.questions.run import Run


def section(found: "Run") -> Section:
    """The table of allocations, and what it rests on."""
    objective = found.beliefs.case.objective
    measure = objective.measure
    rows: list[list[Cell]] = []
    figures = found.to_dict()
    for name, row in figures["allocations"].items():
        moved: list[Cell] = ["", ""]
        if name != found.allocations.status_quo:
            moved = [words.change_cell(measure, row["change"]), words.share(row["share_better"])]
        means = [Number(words.value(measure, mean), mean) for mean in row["parts"].values()]
        rows.append([name, words.value_cell(measure, row[objective.node]), *moved, *means])
    parts = [part.replace("_", " ") for part in objective.parts]
    table = Table(
        "", ["allocation", objective.label, "change", "better in", *parts], rows, note=_note(found, len(parts))
    )
    sample = f"{figures['draws']:,} paired draws, seed {figures['seed']}"
    return Section(
        "run",
        "Allocations",
        f"{objective.label} by allocation, worldview '{found.worldview}' ({sample})",
        tables=[table],
        notes=[figures["rests_on"]],
    )


def _note(found: "Run", parts: int) -> str:
    objective = found.beliefs.case.objective
    unit = objective.measure.unit
    added = f"; the last {_number(parts)} columns add up to {objective.label}" if parts else ""
    return (
        f"{unit[:1].upper()}{unit[1:]}; changes from {words.quoted(found.allocations.status_quo)} in "
        f"{objective.measure.change_unit}, same draws; [5 %, 95 %]{added}."
    )


def _number(count: int) -> str:
    return {2: "two", 3: "three", 4: "four"}.get(count, str(count))
