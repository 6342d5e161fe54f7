"""A case that is imported when something is asked of it; it knows no more than a help needs, and imports nothing."""

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from toc_model.engine.case import Case


@dataclass(frozen=True, slots=True)
class LaterCase:
    """Where a case is found, and what its command says before it is.

    Attributes
    ----------
    home : str
        ``MODULE:NAME`` of a module that can be imported; unlike `toc_model.engine.case.load_case` the current folder is
        not searched.
    question : str
        What the case asks, in a sentence.
    """

    home: str
    question: str

    def opened(self) -> "Case":
        """Import it."""
        module, _, name = self.home.partition(":")
        found: Case = getattr(importlib.import_module(module), name)
        return found
