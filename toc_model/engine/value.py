"""What an outcome is worth where delay costs something: what a period costs is a choice of the caller, not a belief."""

from dataclasses import dataclass
from typing import Any

from toc_model.brief import Brief
from toc_model.engine.case import Case
from toc_model.engine.facets import Delay, Objective
from toc_model.errors import InputError

WHOLE = 1.0
"""No period costs more than all that there is to lose."""


@dataclass(frozen=True, slots=True, repr=False)
class DelayCost(Brief):
    """What a period of delay costs.

    Attributes
    ----------
    objective : Objective
        The outcome that is counted together with its delay.
    delay : Delay
    share : float
        Of the value that is left, lost by a period.
    """

    objective: Objective
    delay: Delay
    share: float

    @property
    def label(self) -> str:
        """What the outcome is called when its delay is counted."""
        return f"{self.objective.label} with delay"

    def counted(self, outcome: Any, later: Any) -> Any:
        """An outcome, or its change, made worse by what its delay costs.

        Parameters
        ----------
        outcome : array
            In its own unit and direction.
        later : array
            Periods by which what is left of the value comes later; see `Delay.later`.
        """
        return self.objective.worse(outcome, self.share * later)

    def to_dict(self) -> dict[str, Any]:
        """The choice, for JSON."""
        return {"share": self.share, "period": self.delay.period}


def delay_cost(case: Case, share: float | None) -> DelayCost | None:
    """What a period of delay costs under a case; None where nothing is said of it, for it is never assumed.

    Parameters
    ----------
    case : Case
    share : float or None
        Of the value that is left, lost by a period of the case's delay.

    Raises
    ------
    InputError
        If the share is not in [0, 1], or the case does not count delay.
    """
    if share is None:
        return None
    if case.delay is None:
        raise InputError(f"delay cost: found {share:g}; allowed: none, for {case.theory} does not count delay")
    if not 0 <= share <= WHOLE:
        raise InputError(
            f"delay cost: found {share:g}; allowed: a share from 0 to 1 of what there is to lose, for a "
            f"{case.delay.period}"
        )
    return DelayCost(case.objective, case.delay, share)
