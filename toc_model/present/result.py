"""What every answer to a question can do: say itself as text, HTML or a table; nothing is computed for it."""

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from toc_model.present import terminal
from toc_model.present.section import Section

if TYPE_CHECKING:
    import pandas as pd


class Result(ABC):
    """An answer to a question."""

    __slots__ = ()

    @abstractmethod
    def to_dict(self) -> dict[str, Any]:
        """All figures, as ``--json`` prints them."""

    @abstractmethod
    def to_dataframe(self) -> "pd.DataFrame":
        """The main table, a row for each thing that is compared; figures are in the units of the model."""

    @abstractmethod
    def section(self) -> Section:
        """What is said about it."""

    @abstractmethod
    def about(self) -> str:
        """What it is of, in a few words, for ``repr``."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.about()}>"

    def __str__(self) -> str:
        return terminal.text_of(self.section())

    def _repr_html_(self) -> str:
        from toc_model.present.html import fragment

        return fragment(self.section())
