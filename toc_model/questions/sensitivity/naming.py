"""What the methods call things alike."""

from typing import TYPE_CHECKING

from toc_model.present import words
from toc_model.questions.whose import whose

if TYPE_CHECKING:
    from toc_model.questions.sensitivity.analysis import Analysis

SHARED = (
    "What is called shared varies in several parameters together; beside it, each of these stands for its own part. "
    "Values of a parameter are those with all else at the median."
)


def asked(found: "Analysis") -> str:
    """Which change, and under which worldview."""
    inputs = found.inputs
    quo, moved = words.quoted(inputs.allocations.status_quo), words.quoted(inputs.allocation)
    return f"{quo} to {moved}, under {whose(inputs.beliefs)}"


def outcome_label(found: "Analysis") -> str:
    """What the outcome is called."""
    return found.inputs.beliefs.case.objective.label


def both(found: "Analysis") -> dict[str, str]:
    """What the change and the outcome are called, by their names."""
    node, change = found.inputs.names
    return {change: "change", node: outcome_label(found)}


def about_shared(found: "Analysis") -> list[str]:
    """What factors are, where the table is of sources."""
    return [SHARED] if found.inputs.factors and not found.inputs.dependence else []


def plain(value: float) -> str:
    """Three decimals, and no minus before a zero."""
    return f"{value:z.3f}"
