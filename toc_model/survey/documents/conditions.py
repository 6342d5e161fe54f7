"""Under what an answer holds: the status quo, a named allocation, or a changed model."""

from collections.abc import Sequence
from dataclasses import dataclass

from toc_model.beliefs.allocations import STATUS_QUO
from toc_model.engine.interventions import Override, parse_overrides
from toc_model.errors import InputError

ALLOCATION = "allocation="


@dataclass(frozen=True, slots=True)
class Condition:
    """What an answer is conditional on.

    Attributes
    ----------
    allocation : str
        Name of an allocation.
    overrides : tuple of Override
        Changes of the model; none for the model as it stands.
    """

    allocation: str = STATUS_QUO
    overrides: tuple[Override, ...] = ()


def parse_condition(text: str) -> Condition:
    """Read a condition: parts joined by ``;``, each ``allocation=NAME`` or an override; empty for the status quo.

    Raises
    ------
    InputError
        If two allocations are named, or a part is neither.
    """
    parts = [part.strip() for part in text.split(";") if part.strip()]
    named = [part.removeprefix(ALLOCATION).strip() for part in parts if part.startswith(ALLOCATION)]
    if len(named) > 1 or "" in named:
        raise InputError(f"condition {text!r}: found {len(named)} allocations; allowed: one, by its name")
    overrides = parse_overrides(part for part in parts if not part.startswith(ALLOCATION))
    return Condition(named[0] if named else STATUS_QUO, overrides)


def condition_text(allocation: str, overrides: Sequence[str]) -> str:
    """Write a condition as the long answer format has it; empty for the status quo."""
    named = [] if allocation == STATUS_QUO else [ALLOCATION + allocation]
    return "; ".join([*named, *overrides])


def normal(text: str) -> str:
    """Write a condition in its usual form: the allocation first, no spaces but after semicolons."""
    found = parse_condition(text)
    return condition_text(found.allocation, [override.text for override in found.overrides])
