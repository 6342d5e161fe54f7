"""Whose answers count, and why others don't, in words that checking and updating share."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from toc_model.present import words
from toc_model.present.section import Cell, Number, Table

if TYPE_CHECKING:
    from toc_model.survey.documents.usable import LeftOut, Tally

EXAMPLES = 4
"""People who are named of each reason."""


def tally_table(tallies: "Sequence[Tally]") -> Table:
    """A row for each question: people and answers that count, and what is left out, by reason."""
    return Table(
        "Which answers count",
        ["question", "people", "answers", "left out, never repaired"],
        [_row(tally, named=len({tally.source for tally in tallies}) > 1) for tally in tallies],
        note="An answer is a row. People whose answers are left out may count by others. Incoherent: values fall where "
        "levels rise.",
    )


def _row(tally: "Tally", *, named: bool) -> list[Cell]:
    """Of one question, with its source where there are several."""
    left_out = "; ".join(map(_left_out, tally.left_out))
    question = f"{tally.source}_{tally.question}" if named else tally.question
    return [question, _count(tally.respondents), _count(tally.answers), left_out]


def _count(many: int) -> Number:
    return Number(f"{many:,}", many)


def _left_out(found: "LeftOut") -> str:
    more = len(found.people) - EXAMPLES
    named = ", ".join(map(words.isolated, found.people[:EXAMPLES]))
    whose = f" ({named}{f' and {more:,} others' if more > 0 else ''})" if named else ""
    return f"{found.answers:,} {found.reason}{whose}"
