"""How a value of information is written, beside what noise reaches."""

from typing import TYPE_CHECKING

from toc_model.present import words
from toc_model.statistics.information import Estimate

if TYPE_CHECKING:
    from toc_model.questions.voi import Voi

LEAST = 0.1
"""Least small amount of the outcome that is told from none."""


def floor_of(found: "Voi", floor: float) -> float:
    """A noise floor in small amounts of the outcome."""
    return floor / found.beliefs.case.objective.small.size


def worth_text(found: "Voi", value: Estimate, floor: float = 0.0) -> str:
    """A value in small amounts of the outcome with its interval, or what it is below where noise reaches as far."""
    small = found.in_small(value)
    low, high = small.interval
    if value.value > floor:
        return f"{words.amount(small.value)} [{words.amount(low)}, {words.amount(high)}]"
    most = min(high, found.in_small(found.evpi).interval[1])
    return f"below {words.amount(max(most, floor_of(found, floor), LEAST))}"
