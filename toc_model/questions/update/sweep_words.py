"""What is said about common biases of other scales and shapes."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from toc_model.engine.measures import Measure
from toc_model.present import words
from toc_model.present.section import Cell, Number, Section, Table
from toc_model.survey.learning.settings import Common

if TYPE_CHECKING:
    from toc_model.questions.update.sweep import BiasSweep


def in_words(common: Common) -> str:
    """How common biases are taken."""
    if not common.scale:
        return "denied"
    scale = "as stated" if common.scale == 1 else f"{common.scale:g} times as wide"
    return scale if common.shape == "normal" else f"{scale}, heavy-tailed"


def table(found: "BiasSweep") -> Table:
    """How common biases move an allocation's change."""
    objective, quo = found.beliefs.case.objective, found.status_quo
    measure, name = objective.measure, found.allocation
    return Table(
        "If respondents' common biases were others",
        ["common biases", f"{objective.label}, {words.named(quo)}", f"change by {words.named(name)}", "better in"],
        [
            _row(measure, objective.node, row, in_words(swept.common))
            for row, swept in zip(found.to_dict()["scales"], found.rows, strict=True)
        ],
        note=f"Mean [5 %, 95 %] in {measure.unit}; the change is from {words.quoted(quo)}, paired, in "
        f"{measure.change_unit}. Heavy tails are Student's t with 4 degrees of freedom, of the stated scale.",
    )


def section(found: "BiasSweep") -> Section:
    """How common biases move an allocation's change."""
    return Section(
        "bias",
        "Common biases",
        f"Scale and shape of common biases, and what becomes of {words.quoted(found.allocation)}",
        tables=[table(found)],
        notes=bad(found),
    )


def bad(found: "BiasSweep") -> list[str]:
    """Lines that can't be trusted, and why."""
    return [f"! {in_words(row.common)}: {'; '.join(row.problems)}." for row in found.rows if row.problems]


def _row(measure: Measure, node: str, row: Mapping[str, Any], name: str) -> list[Cell]:
    mean, low, high = (words.value(measure, row[node][key], measure.end_digits) for key in ("mean", "q05", "q95"))
    moved = [words.signed(measure, row["change"][key]) for key in ("mean", "q05", "q95")]
    return [
        name + (" !" if row["problems"] else ""),
        Number(f"{mean} [{low}, {high}]", row[node]["mean"]),
        Number(f"{moved[0]} [{moved[1]}, {moved[2]}]", row["change"]["mean"]),
        words.share(row["share_better"]),
    ]
