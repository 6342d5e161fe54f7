"""Under what an answer holds: the status quo, a named allocation, or a changed model."""

from collections.abc import Sequence
from dataclasses import dataclass

from toc_model.engine.overrides import BETWEEN, Override, parse_overrides
from toc_model.errors import InputError

ALLOCATION = "allocation="


@dataclass(frozen=True, slots=True)
class Condition:
    """What an answer is conditional on.

    Attributes
    ----------
    allocation : str
        Name of an allocation; empty for the status quo.
    overrides : tuple of Override
        Changes of the model; none for the model as it stands.
    """

    allocation: str = ""
    overrides: tuple[Override, ...] = ()


def parse_condition(text: str) -> Condition:
    """Read a condition: parts joined by ``;``, each ``allocation=NAME`` or an override; empty for the status quo.

    Raises
    ------
    InputError
        If two allocations are named, or a part is neither.
    """
    parts = [part.strip() for part in BETWEEN.split(text) if part.strip()]
    named = [part.removeprefix(ALLOCATION).strip() for part in parts if part.startswith(ALLOCATION)]
    if len(named) > 1 or "" in named:
        raise InputError(f"condition {text!r}: found {len(named)} allocations; allowed: one, by its name")
    overrides = parse_overrides(part for part in parts if not part.startswith(ALLOCATION))
    return Condition(named[0] if named else "", overrides)


def condition_text(allocation: str, overrides: Sequence[str]) -> str:
    """Write a condition as the long answer format has it; empty for the status quo."""
    named = [ALLOCATION + allocation] if allocation else []
    return "; ".join([*named, *overrides])


def normal(text: str, status_quo: str = "") -> str:
    """Write a condition in its usual form: the allocation first, no spaces but after semicolons.

    Parameters
    ----------
    text : str
    status_quo : str
        Name of the allocation that goes without saying.
    """
    found = parse_condition(text)
    allocation = "" if found.allocation == status_quo else found.allocation
    return condition_text(allocation, [override.text for override in found.overrides])
