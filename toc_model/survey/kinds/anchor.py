"""What kinds need to know of an anchor of ordered answers."""

from typing import Protocol


class Anchor(Protocol):
    """Where a category begins; `toc_model.survey.documents.anchors.Anchor` has it."""

    @property
    def start(self) -> float:
        """Value of the target, in its own unit, between the category before and this one."""

    @property
    def sd(self) -> float:
        """How uncertain that is, on the natural scale."""
