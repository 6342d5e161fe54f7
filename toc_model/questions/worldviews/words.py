"""What is said about worldviews beside each other."""

from typing import TYPE_CHECKING

from toc_model.present import words
from toc_model.present.section import Cell, Number, Section, Table
from toc_model.questions.run import words as run_words

if TYPE_CHECKING:
    from toc_model.questions.worldviews import Worldviews


def section(found: "Worldviews") -> Section:
    """The table of the move, the rates, and what each worldview is."""
    date = found.moves[0].beliefs.documents.date
    when = f", as of {date.label}" if date else ""
    beliefs = found.moves[0].beliefs
    return Section(
        "worldviews",
        "Worldviews",
        f"Whose beliefs there are{when} ({beliefs.draws:,} paired draws, seed {beliefs.seed})",
        tables=[run_words.moves(found.moves, found.allocations, found.to), *_rates(found)],
        points=[
            (f"{words.isolated(move.beliefs.worldview)} ({move.beliefs.kind})", move.beliefs.description)
            for move in found.moves
        ],
        notes=["toc worldviews new NAME --based-on ONE writes a document of your own to edit; check reads it."],
    )


def _rates(found: "Worldviews") -> list[Table]:
    """One table for each rate of the case."""
    tables = []
    for rate in found.allocations.case.rates:
        rows: list[list[Cell]] = []
        for move, figures in zip(found.moves, found.rates, strict=True):
            row = figures[rate.node]
            rows.append(
                [
                    move.beliefs.worldview,
                    Number(f"{words.sized(row['mean'])} ±{words.sized(row['mcse'])}", row["mean"]),
                    Number(words.sized(row["median"]), row["median"]),
                    words.share(row["below"]),
                ]
            )
        tables.append(
            Table(
                f"{words.begun(rate.label)}: if {words.percent(rate.by)} more of {rate.variable} move ",
                ["worldview", "mean", "median", f"below {rate.least:g}"],
                rows,
                note=f"{words.begun(rate.unit)}; {rate.published}.",
            )
        )
    return tables
