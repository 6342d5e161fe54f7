"""What is said about one question: plain text, tables and drawn pictures, for terminal, HTML and Markdown alike."""

from collections.abc import Sequence
from dataclasses import dataclass

from toc_model.brief import Brief

type Cell = str | Number


@dataclass(frozen=True, slots=True)
class Number:
    """A figure as it is shown, and the value by which its column is sorted."""

    text: str
    value: float


@dataclass(frozen=True, slots=True, repr=False)
class Table(Brief):
    """A table: the first cell of a row names it; one without rows is not shown.

    Attributes
    ----------
    caption : str
        What it shows, above it.
    headings : sequence of str
    rows : sequence of sequence of Cell
    note : str
        How to read it, below it.
    folded : str
        What to click on to unfold a table that few will read; empty for one that is always shown.
    last_apart : bool
        Whether the last row stands apart from the others, as a sum does.
    goes : sequence of str or tuple of str
        Headings of columns that a narrow terminal may do without, what matters least first; a tuple of them goes
        together.
    """

    caption: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    folded: str = ""
    last_apart: bool = False
    goes: Sequence[str | tuple[str, ...]] = ()

    @property
    def numeric(self) -> tuple[bool, ...]:
        """Whether a column holds figures."""
        return tuple(
            all(isinstance(row[place], Number) or not row[place] for row in self.rows)
            and any(isinstance(row[place], Number) for row in self.rows)
            for place in range(len(self.headings))
        )


@dataclass(frozen=True, slots=True, repr=False)
class Picture(Brief):
    """A drawn figure.

    Attributes
    ----------
    name : str
        Unique on the page; begins every identifier in the drawing.
    title, caption : str
    description : str
        What the drawing shows, for those who can't see it.
    svg : str
        What is inside the drawing, to stand in HTML.
    width, height : float
        Natural size, in points.
    """

    name: str
    title: str
    caption: str
    description: str
    svg: str
    width: float
    height: float


@dataclass(frozen=True, slots=True, repr=False)
class Section(Brief):
    """One question, and what is known of its answer.

    Text, pictures, points, tables, notes and verbatim text are shown in this order. "-" stands before figures that are
    below zero, and names of somebody's own are marked with `toc_model.present.words.isolated`.

    Attributes
    ----------
    name : str
        As ``--sections`` takes it.
    short : str
        For the table of contents.
    title : str
        The question, or what the figures are of.
    text : sequence of str
        Paragraphs.
    pictures : sequence of Picture
    tables : sequence of Table
    notes : sequence of str
        How it was found.
    points : sequence of (str, str)
        Terms and what is to be said of them.
    verbatim : str
        Text to be shown as it is.
    folded : str
        What to click on to unfold the verbatim text; empty where it is always shown.
    """

    name: str
    short: str
    title: str
    text: Sequence[str] = ()
    pictures: Sequence[Picture] = ()
    tables: Sequence[Table] = ()
    notes: Sequence[str] = ()
    points: Sequence[tuple[str, str]] = ()
    verbatim: str = ""
    folded: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Head(Brief):
    """What stands above all sections of a page.

    Attributes
    ----------
    title : str
    about : str
        What the page is, and of what, in a line.
    text : sequence of str
        Paragraphs.
    link : str
        Address of a page to play with; empty for none.
    embedded : str
        Such a page itself, as HTML that needs nothing else; empty for none.
    """

    title: str
    about: str = ""
    text: Sequence[str] = ()
    link: str = ""
    embedded: str = ""


def shown(cell: Cell) -> str:
    """A cell as text."""
    return cell.text if isinstance(cell, Number) else cell
