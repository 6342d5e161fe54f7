"""Published figures beside what the model implies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.essay.external import figure, words
from toc_model.essay.external.check import Check
from toc_model.essay.external.checks import external_checks
from toc_model.essay.external.costs import costs
from toc_model.present.result import Result
from toc_model.present.section import Section

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True, repr=False)
class External(Result):
    """Published figures and what the model implies for them, under some worldviews.

    Attributes
    ----------
    beliefs : tuple of Beliefs
    checks : mapping of str to tuple of Check
        By worldview.
    """

    beliefs: tuple[Beliefs, ...]
    checks: Mapping[str, tuple[Check, ...]]

    def to_dict(self) -> dict[str, Any]:
        """All figures, by worldview."""
        return {
            "worldviews": {name: [check.to_dict() for check in found] for name, found in self.checks.items()},
            "rests_on": [one.rests_on() for one in self.beliefs],
            "provenance": [one.provenance() for one in self.beliefs],
        }

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each worldview and check."""
        import pandas as pd

        rows = [{"worldview": name} | check.to_dict() for name, found in self.checks.items() for check in found]
        return pd.DataFrame(rows).set_index("worldview")

    def section(self) -> Section:
        """The table of all worldviews' checks, and a headline."""
        return words.section(self)

    def headline(self) -> str:
        """How many figures that no prior has seen lie within the model's central 90 %, by worldview."""
        return words.headline(self.checks)

    def plot(self) -> "Figure":
        """Distance of each check in standard deviations, a mark a worldview."""
        return figure.external_figure(self.checks)

    def about(self) -> str:
        """Checks and worldviews."""
        return f"{len(next(iter(self.checks.values())))} checks, worldviews {', '.join(self.checks)}"


def external(
    beliefs: Sequence[Beliefs], allocations: Allocations, data: Path | str, *, fte_cost: float | None = None
) -> External:
    """Put published figures beside what the model implies under the status quo.

    Parameters
    ----------
    beliefs : sequence of Beliefs
    allocations : Allocations
    data : path
        Folder of the published figures.
    fte_cost : float, optional
        Dollars that an FTE-year costs, for what a micro-doom costs; left out without it, for nothing is assumed.

    Raises
    ------
    InputError
        If a file of the folder is missing or lacks a row, or a cost is no amount.
    """
    levers = allocations.only([]).levers()
    checks = {
        one.worldview: (
            *external_checks(one, levers, Path(data)),
            *(costs(one, allocations, fte_cost) if fte_cost is not None else ()),
        )
        for one in beliefs
    }
    return External(tuple(beliefs), checks)
