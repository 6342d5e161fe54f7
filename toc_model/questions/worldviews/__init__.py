"""``toc worldviews``: whose beliefs there are, and what each says of the outcome and of one move."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from toc_model.aliases import Progress
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.present.result import Result
from toc_model.present.section import Section
from toc_model.questions.run.figure import answer_figure
from toc_model.questions.run.moves import Move, moves_under
from toc_model.questions.run.rates import rates
from toc_model.questions.worldviews import words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True, repr=False)
class Worldviews(Result):
    """Worldviews beside each other.

    Attributes
    ----------
    allocations : Allocations
    to : str
        The allocation of the move that is shown.
    moves : tuple of Move
        One a worldview.
    rates : tuple of dict
        Figures by which the case describes a worldview, by node; one a worldview.
    """

    allocations: Allocations
    to: str
    moves: tuple[Move, ...]
    rates: tuple[dict[str, dict[str, Any]], ...]

    def to_dict(self) -> dict[str, Any]:
        """By worldview: what it is, the outcome, its change and the rates, in the unit of the outcome."""
        date = self.moves[0].beliefs.documents.date
        return {
            "to": self.to,
            **({"as_of": date.name} if date else {}),
            "worldviews": {
                move.beliefs.worldview: {
                    "kind": move.beliefs.kind,
                    "description": move.beliefs.description,
                    **move.to_dict(),
                    "rates": found,
                }
                for move, found in zip(self.moves, self.rates, strict=True)
            },
            "rests_on": [move.beliefs.rests_on() for move in self.moves],
            "provenance": [move.beliefs.provenance() for move in self.moves],
        }

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each worldview."""
        import pandas as pd

        node = self.allocations.case.objective.node
        return pd.DataFrame.from_dict(
            {
                name: {
                    "kind": row["kind"],
                    "mean": row[node]["mean"],
                    **{f"change_{key}": value for key, value in row["change"].items()},
                    "relative": row["relative"]["mean"],
                    "share_better": row["share_better"],
                    **{rate: figures["mean"] for rate, figures in row["rates"].items()},
                }
                for name, row in self.to_dict()["worldviews"].items()
            },
            orient="index",
        ).rename_axis("worldview")

    def section(self) -> Section:
        """A table, and what each worldview is."""
        return words.section(self)

    def plot(self) -> "Figure":
        """The change by the move under each."""
        changes = {move.beliefs.worldview: move.change for move in self.moves}
        return answer_figure(self.allocations.case.objective, changes, f"Change by '{self.to}'")

    def about(self) -> str:
        """Their names."""
        return ", ".join(move.beliefs.worldview for move in self.moves)


def worldviews(
    beliefs: Sequence[Beliefs],
    allocations: Allocations,
    *,
    to: str | None = None,
    progress: Progress | None = None,
) -> Worldviews:
    """Put worldviews beside each other.

    Parameters
    ----------
    beliefs : sequence of Beliefs
    allocations : Allocations
    to : str, optional
        The allocation of the move that is shown; the case's proposal by default.
    progress : callable, optional
        Called with the number of worldviews done and the number of all.

    Raises
    ------
    InputError
        If there is no such allocation.
    """
    chosen = to or allocations.proposal
    moves, found = moves_under(beliefs, allocations, chosen), []
    for done, one in enumerate(beliefs, start=1):
        found.append(rates(one))
        if progress:
            progress(done, len(beliefs))
    return Worldviews(allocations.compared(chosen), chosen, tuple(moves), tuple(found))
