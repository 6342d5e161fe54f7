"""What information would be worth under several worldviews, each valued by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from toc_model.aliases import Progress
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.claims import Claim
from toc_model.beliefs.loading import fail_if_twice
from toc_model.present.result import Result
from toc_model.present.section import Section
from toc_model.questions.voi import Voi, beside, voi
from toc_model.questions.voi.figure import figure_of_several
from toc_model.questions.voi.words import TOP
from toc_model.survey.planning.plans import Plan
from toc_model.work.tasks import each

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


class Wanted(TypedDict, total=False):
    """What is to be valued; see `toc_model.questions.voi.voi`."""

    between: Sequence[str] | None
    parameters: Sequence[str] | None
    claims: Mapping[str, Claim] | None
    experts: Sequence[int]
    ask_about: int | None
    worth: float | None
    cost: float | None


@dataclass(frozen=True, slots=True, repr=False)
class VoiOfSeveral(Result):
    """What information would be worth to the same choice under several worldviews.

    Attributes
    ----------
    found : tuple of Voi
        One a worldview.
    """

    found: tuple[Voi, ...]

    def to_dict(self) -> dict[str, Any]:
        """All figures by worldview, as ``toc voi --also`` prints them with ``--json``."""
        return {"worldviews": {one.beliefs.worldview: one.to_dict() for one in self.found}}

    def to_dataframe(self) -> "pd.DataFrame":
        """The rows of each, by worldview."""
        import pandas as pd

        tables = {one.beliefs.worldview: one.to_dataframe() for one in self.found}
        return pd.concat(tables, names=["worldview"])

    def plot(self, top: int = TOP) -> "Figure":
        """Bars of what knowing everything and single parameters would be worth, beside each other."""
        return figure_of_several(self.found, top)

    def section(self, top: int = TOP) -> Section:
        """What to find out next, a column a worldview: the first parameters and claims, and all questions."""
        return beside.section(self.found, top=top)

    def about(self) -> str:
        """The worldviews."""
        return f"worldviews {', '.join(repr(one.beliefs.worldview) for one in self.found)}"


def voi_of_several(
    beliefs: Sequence[Beliefs],
    allocations: Allocations,
    *,
    plans: Sequence[Sequence[Plan]] | None = None,
    progress: Progress | None = None,
    **wanted: Unpack[Wanted],
) -> VoiOfSeveral:
    """Say what information would be worth to the choice between allocations under several worldviews.

    Parameters
    ----------
    beliefs : sequence of Beliefs
        One a worldview, each a task of its own.
    allocations : Allocations
    plans : sequence of sequence of Plan, optional
        Questions to experts, in the order of the worldviews; by default those of all mapping documents.
    progress : callable, optional
        Called with the number of worldviews done and of all.
    **wanted
        As `toc_model.questions.voi.voi` takes it.

    Raises
    ------
    InputError
        If two worldviews have one name, or anything that was given can't be used.
    """
    fail_if_twice(beliefs)
    tasks = [(held, plans[place] if plans else None) for place, held in enumerate(beliefs)]
    found = each(_valued, (allocations, wanted), tasks, progress=progress)
    return VoiOfSeveral(tuple(replace(one, beliefs=held) for one, held in zip(found, beliefs, strict=True)))


def _valued(shared: tuple[Allocations, Wanted], task: tuple[Beliefs, Sequence[Plan] | None]) -> Voi:
    (allocations, wanted), (beliefs, plans) = shared, task
    return voi(beliefs, allocations, plans=plans, **wanted)
