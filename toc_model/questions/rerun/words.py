"""What is said about an answer that was made again."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from toc_model.present import signs, words
from toc_model.present.section import Cell, Number, Section, Table
from toc_model.questions.rerun.differing import Differing

if TYPE_CHECKING:
    from toc_model.questions.rerun import Rerun

SHOWN = 20
"""Rows of a table, the largest differences first."""
SHORT = 12
"""Signs of a digest that a table shows."""


def section(found: "Rerun") -> Section:
    """The verdict, and tables of what differs."""
    compared = found.found
    tables = [
        _figures(compared.figures),
        _others("Files and settings that are not as they were", compared.inputs),
        _others("Versions that are not as they were", compared.versions),
    ]
    return Section(
        "rerun",
        "Once more",
        f"Is {words.isolated(found.path.name)} the same once more?",
        [_verdict(found), f"Asked: {words.isolated(found.asked)}.", *_taken(compared.taken)],
        tables=[table for table in tables if table.rows],
    )


def _verdict(found: "Rerun") -> str:
    compared = found.found
    if found.identical:
        other = [name for name, there in (("files", compared.inputs), ("versions", compared.versions)) if there]
        though = f", though {words.listed(other)} are others" if other else ""
        return f"Identical: all {compared.compared:,} figures are the same to the last digit{though}."
    largest = max((one.by for one in compared.figures if one.by is not None), default=None)
    by = f", numbers by at most {largest:.3g}" if largest is not None else ""
    why = "" if compared.inputs or compared.versions else ", with the same files and versions"
    return f"Not identical: {compared.apart:,} of {compared.compared:,} figures differ{by}{why}."


def _taken(taken: Sequence[str]) -> list[str]:
    return [f"Taken from the file and not made again: {words.isolated(what)}." for what in taken]


def _figures(every: Sequence[Differing]) -> Table:
    largest = sorted(every, key=lambda one: -1.0 if one.by is None else -_relative(one))[:SHOWN]
    rows: list[list[Cell]] = [
        [signs.visible(one.name), _cell(one.before), _cell(one.now), _by(one), Number(f"{one.many:,}", one.many)]
        for one in largest
    ]
    more = len(every) - len(rows)
    return Table(
        "Figures that differ",
        ["figure", "before", "now", "by", "values"],
        rows,
        note=f"The largest relative differences; {more:,} more in --json." if more else "",
    )


def _relative(one: Differing) -> float:
    size = max((abs(value) for value in (one.before, one.now) if isinstance(value, int | float)), default=0.0)
    return (one.by or 0.0) / size if size else 0.0


def _by(one: Differing) -> Cell:
    return "" if one.by is None else Number(f"{one.by:.3g}", one.by)


def _others(caption: str, every: Sequence[Differing]) -> Table:
    rows: list[list[Cell]] = [[signs.visible(one.name), _cell(one.before), _cell(one.now)] for one in every[:SHOWN]]
    return Table(caption, ["what", "before", "now"], rows)


def _cell(value: Any) -> Cell:
    if isinstance(value, float | int) and not isinstance(value, bool):
        return Number(f"{value:.12g}", float(value))
    text = "none" if value is None else signs.visible(str(value))
    return text if len(text) <= 2 * SHORT else f"{text[:SHORT]}..."
