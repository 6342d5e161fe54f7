"""What every answer to a question can do: say itself as text, HTML or a table; nothing is computed for it."""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toc_model.errors import InputError
from toc_model.present import terminal
from toc_model.present.figures import save_figure
from toc_model.present.html import fragment
from toc_model.present.section import Section
from toc_model.present.signs import one_line, visible

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


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

    def plot(self) -> "Figure":
        """The picture of the answer, in the house style.

        Raises
        ------
        InputError
            If there is none for such an answer.
        """
        raise InputError(f"{type(self).__name__}: has no picture")

    def save_plot(self, path: Path | str) -> None:
        """Draw the picture to a file.

        Raises
        ------
        InputError
            If there is no picture, the name does not end in ``.svg`` or ``.png``, or the file can't be written.
        """
        save_figure(self.plot(), Path(path))

    def __repr__(self) -> str:
        return visible(one_line(f"<{type(self).__name__}: {self.about()}>"))

    def __str__(self) -> str:
        return terminal.text_of(self.section())

    def _repr_html_(self) -> str:
        return fragment(self.section())
