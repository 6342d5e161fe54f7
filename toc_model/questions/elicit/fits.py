"""``toc elicit fit``: a distribution for what each expert said."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from toc_model.present.result import Result
from toc_model.present.section import Section
from toc_model.questions.elicit import fit_words
from toc_model.questions.elicit.opened import Opened
from toc_model.survey.panel.fitted import Fitted, fit_all

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, repr=False)
class Fits(Result):
    """What experts said, each with a distribution.

    Attributes
    ----------
    opened : Opened
    round : str
        Up to which answers count; the last by default.
    fits : tuple of Fitted
        By question, then by expert.
    """

    opened: Opened
    round: str
    fits: tuple[Fitted, ...]

    def to_dict(self) -> dict[str, Any]:
        """What was said, fitted and read back, and the families that were tried."""
        return {
            "panel": self.opened.panel.name,
            "round": self.round,
            "fits": [one.to_dict() for one in self.fits],
        }

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each expert and question, in the question's unit."""
        import pandas as pd

        return pd.DataFrame([fit_words.figures(one, self.opened.panel.levels) for one in self.fits]).set_index(
            ["question", "expert"]
        )

    def section(self) -> Section:
        """A table a question: what was said, the family, and what it implies."""
        return fit_words.section(self)

    def about(self) -> str:
        """How many, of which panel."""
        return f"{len(self.fits)} answers, panel {self.opened.panel.name!r}"


def fit_panel(opened: Opened, round_: str = "", families: Mapping[str, str] | None = None) -> Fits:
    """Fit what experts said.

    Parameters
    ----------
    opened : Opened
    round_ : str
        Up to which answers count; the last in which somebody said something by default.
    families : mapping of str to str, optional
        By question; that which fits best where none is named.

    Raises
    ------
    InputError
        If there are no answers, or a family that is named can't be fitted.
    """
    said = opened.latest(round_)
    chosen = round_ or opened.records.rounds(opened.panel)[-1]
    return Fits(opened, chosen, fit_all(opened.panel, said, families))
