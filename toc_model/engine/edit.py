"""Interventions on a story, as they are told and made again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from toc_model.engine.story import Story


@dataclass(frozen=True, slots=True)
class Edit:
    """One intervention on a story: how it reads, and what makes it again.

    Attributes
    ----------
    text : str
    function : callable
        From a story and the arguments to the changed story.
    arguments : tuple
    adds : tuple of str
        Names of levers that it adds.
    """

    text: str
    function: Callable[..., "Story"]
    arguments: tuple[Any, ...]
    adds: tuple[str, ...] = ()
