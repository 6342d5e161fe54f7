"""What is said about worldviews beside each other."""

from typing import TYPE_CHECKING

from toc_model.present import words
from toc_model.present.section import Section
from toc_model.questions.run import words as run_words
from toc_model.questions.run.rates import rate_tables

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
        f"Whose beliefs there are{when} ({beliefs.counted('paired draws')}, seed {beliefs.seed})",
        tables=[
            run_words.moves(found.moves, found.allocations, found.to),
            *rate_tables([move.beliefs for move in found.moves], found.rates),
        ],
        points=[
            (f"{words.isolated(move.beliefs.worldview)} ({move.beliefs.kind})", move.beliefs.description)
            for move in found.moves
        ],
        notes=["toc worldviews new NAME --based-on ONE writes a document of your own to edit; check reads it."],
    )
