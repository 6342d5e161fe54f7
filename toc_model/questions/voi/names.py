"""What the choice and those who are asked are called."""

from typing import TYPE_CHECKING

from toc_model.present import words

if TYPE_CHECKING:
    from toc_model.questions.voi import Voi

NAMED = 4
"""Allocations that are named one by one."""


def experts_text(many: int) -> str:
    """A number of experts."""
    return words.counted(many, "expert")


def options_text(found: "Voi") -> str:
    """What the choice is between, in words."""
    names = list(found.allocations.named)
    return words.listed([words.quoted(name) for name in names]) if len(names) <= NAMED else f"{len(names)} allocations"
