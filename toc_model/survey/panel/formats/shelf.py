"""Tables of SHELF, the R package by Jeremy Oakley: quantiles of several experts, or chips in bins.

What its apps write (R/elicitMultipleExperts.R and R/elicitSHELF.R of github.com/OakleyJ/SHELF, read for this):

- `elicitMultiple`, "Quantiles": ``write.csv`` of a matrix whose first column has the names of rows ``L``, the
  cumulative probabilities as they were entered (``0.25``, ``0.5``, ``0.75``) and ``U``, with a column an expert. The
  experts are ``A``, ``B``, ``C``, ...: the app knows no other names, so that either the panel or the header of the file
  has to say who they are.
- `elicitMultiple`, "Roulette": a row an expert (``A``, ``B``, ...) and a column a bin, ``(0-10]``, with whole numbers
  of chips; edges have three significant digits.
- `elicitSHELF`: a column an expert by name, with the rows ``L``, ``Q1``, ``M``, ``Q3``, ``U``, or ``L``, ``T1``, ``M``,
  ``T2``, ``U`` for tertiles; the second tertile is called ``T3`` once a table was edited.

Not found there: a table of quantiles with an expert a row, and values with judged probabilities of several experts
(the app has no such method). The first is read all the same, turned over, as are chips with an expert a column.

``L`` and ``U`` are the ends of an expert's plausible range. The documentation of `fitdist` says that they are no points
of the cumulative distribution: they bound the families that have bounds, and `fitdist` stops where a value lies beyond
them. Here they do not become quantiles nor bounds, for the bounds are the panel's; they are kept in the note. A table
that nobody has filled in holds 1, 2, 3, ... in each column, which the note says; chips that are all 0 are no answer.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from toc_model.errors import InputError
from toc_model.survey.documents.cells import Sign, answered, decimal_sign, read_cell
from toc_model.survey.documents.formulas import as_meant
from toc_model.survey.documents.sheets import Sheet, read_sheet
from toc_model.survey.documents.wide import Layout
from toc_model.survey.panel.formats.format import each_once, fail_if_form, fail_if_given
from toc_model.survey.panel.panel import Panel, Question
from toc_model.survey.panel.said import Said
from toc_model.survey.panel.sheets import below, cell_number

LOWER, UPPER = "L", "U"
LEVELS = {"Q1": 0.25, "M": 0.5, "Q3": 0.75, "T1": 1 / 3, "T2": 2 / 3, "T3": 2 / 3}
"""Names that `elicitSHELF` has for levels."""
NUMBER = r"[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?"
BIN = re.compile(rf"\(({NUMBER})-({NUMBER})\]")
ALLOWED = "L, U, a probability such as 0.25, Q1, M, Q3, T1 or T2, or bins such as (0-10]"

type Label = float | str | tuple[float, float]
"""A level, L or U, or a bin."""


@dataclass(frozen=True, slots=True)
class _Cell:
    where: str
    label: Label
    text: str


def read(
    path: Path, panel: Panel, *, round_: str = "", question: str = "", columns: Layout | None = None
) -> list[Said]:
    """Read a table of SHELF, which is about one question.

    Parameters
    ----------
    path : Path
        As `toc_model.survey.documents.sheets.read_sheet` takes it.
    panel : Panel
    round_ : str
    question : str
        What the table is about.
    columns : Layout, optional
        Not for this format.

    Returns
    -------
    list of Said
        One for each expert who answered; L and U are in its note.

    Raises
    ------
    InputError
        Naming row and column, if an expert, the question or the round is not the panel's, an expert or a level is there
        twice, a name of a row is not SHELF's, a cell is no number, L or U lies beyond the panel's bounds or inside the
        quantiles, or an answer can't be meant.
    """
    fail_if_given(path, "a table of SHELF has columns of its own", columns=columns)
    known = panel.who(round_) if round_ in panel.rounds else ()
    sheet = read_sheet(path, known, from_top=True)
    table = list(_experts(sheet))
    for expert, _ in table:
        panel.fail_if_unknown(question, expert, round_, str(path))
    asked = panel.question(question)
    sign = decimal_sign((cell.text for _, cells in table for cell in cells), sheet.separator)
    return each_once(
        (f"{path}: {expert}", said)
        for expert, cells in table
        if (said := _said(cells, asked, sign, round_, expert, f"{path}: {expert}"))
    )


# The table ----------------------------------------------------------------------------------------------------------


def _experts(sheet: Sheet) -> Iterator[tuple[str, list[_Cell]]]:
    """Each expert's cells, whether experts are columns or rows."""
    path = sheet.path
    if len(sheet.lines) < 2 or len(sheet.lines[0][1]) < 2:
        raise InputError(f"{path}: found no table; allowed: one with names in its first row and its first column")
    header = [as_meant(cell.strip()) for cell in sheet.lines[0][1]]
    for number, line in sheet.lines[1:]:
        if len(line) != len(header):
            raise InputError(f"{path}: row {number}: found {len(line)} cells; allowed: {len(header)}, as in the header")
    first = [as_meant(line[0].strip()) for _, line in sheet.lines[1:]]
    down = _share(first) >= _share(header[1:])
    _fail_if_twice(path, "column", header[1:])
    _fail_if_twice(path, "row", first)
    labels = [_label(text, f"{path}: {text}") for text in (first if down else header[1:])]
    _fail_if_twice(path, "column" if not down else "row", labels)
    cells = [
        [(f"{path}: row {number}: {name}", text) for name, text in zip(header[1:], line[1:], strict=True)]
        for number, line in sheet.lines[1:]
    ]
    names = header[1:] if down else first
    for expert, own in zip(names, zip(*cells, strict=True) if down else cells, strict=True):
        yield expert, [_Cell(where, label, text.strip()) for label, (where, text) in zip(labels, own, strict=True)]


def _fail_if_twice(path: Path, what: str, names: Sequence[Label]) -> None:
    for name, times in Counter(names).items():
        if times > 1:
            raise InputError(f"{path}: {what} {name!r}: found {times} times; allowed: once")


def _share(names: Sequence[str]) -> float:
    """How many of the names are SHELF's own."""
    return sum(_labelled(name) is not None for name in names) / len(names)


def _label(text: str, where: str) -> Label:
    found = _labelled(text)
    if found is None:
        raise InputError(f"{where}: found {text!r}; allowed: {ALLOWED}")
    return found


def _labelled(text: str) -> Label | None:
    """What a name of a row says; None where it is none of SHELF's."""
    if text in (LOWER, UPPER):
        return text
    if text in LEVELS:
        return LEVELS[text]
    if ends := BIN.fullmatch(text):
        return float(ends[1]), float(ends[2])
    level = read_cell(text, "probability").value
    return level if level is not None and 0 < level < 1 else None


# An answer ----------------------------------------------------------------------------------------------------------


def _said(cells: Sequence[_Cell], question: Question, sign: Sign, round_: str, expert: str, where: str) -> Said | None:
    """What one expert said; None for nothing."""
    if not any(answered(cell.text) for cell in cells):
        return None
    bins = [cell for cell in cells if isinstance(cell.label, tuple)]
    if len(bins) not in {0, len(cells)}:
        raise InputError(f"{where}: found bins beside quantiles; allowed: either of them")
    if bins:
        return _of_chips(bins, question, sign, (round_, expert), where)
    fail_if_form(question, "quantiles", where)
    stated = {
        cell.label: cell_number(cell.text, question.unit, sign, cell.where) for cell in cells if answered(cell.text)
    }
    values = {level: value for level, value in stated.items() if isinstance(level, float)}
    said = Said.of_quantiles(round_, expert, question.name, values, _note(stated))
    said.fail_if_impossible(question, where)
    _fail_if_limits(stated, question, where)
    return said


def _note(stated: Mapping[Label, float]) -> str:
    limits = " to ".join(f"{stated[end]:g}" if end in stated else "?" for end in (LOWER, UPPER))
    untouched = list(stated.values()) == [1.0 + k for k in range(len(stated))]
    return "; ".join(
        [
            *([f"plausible limits {limits} (L and U of SHELF)"] if {LOWER, UPPER} & set(stated) else []),
            *(["1, 2, 3, ..., as in a table that is not filled in"] if untouched else []),
        ]
    )


def _fail_if_limits(stated: Mapping[Label, float], question: Question, where: str) -> None:
    """Fail if L or U lies beyond the bounds of the question, or inside the quantiles."""
    low, high = question.support
    lower, upper = stated.get(LOWER, -math.inf), stated.get(UPPER, math.inf)
    values = [value for level, value in stated.items() if isinstance(level, float)]
    if LOWER in stated and not low <= lower:
        raise InputError(f"{where}: L: found {lower:g}; allowed: {low:g} or more, the bound of {question.name!r}")
    if UPPER in stated and not upper <= high:
        raise InputError(f"{where}: U: found {upper:g}; allowed: {high:g} or less, the bound of {question.name!r}")
    if lower > min(values):
        raise InputError(f"{where}: L: found {lower:g}; allowed: {min(values):g} or less, the lowest quantile")
    if upper < max(values):
        raise InputError(f"{where}: U: found {upper:g}; allowed: {max(values):g} or more, the highest quantile")


def _of_chips(bins: Sequence[_Cell], question: Question, sign: Sign, who: tuple[str, str], where: str) -> Said | None:
    fail_if_form(question, "chips", where)
    _fail_if_bins_differ([cell.label for cell in bins], question, where)
    counts = [cell_number(cell.text, "chips", sign, cell.where) for cell in bins]
    for cell, count in zip(bins, counts, strict=True):
        if count < 0 or count % 1:
            raise InputError(f"{cell.where}: found {cell.text!r}; allowed: a whole number of chips")
    if not any(counts):
        return None
    whole = [int(count) for count in counts]
    note = f"chips {' '.join(map(str, whole))}"
    return Said.of_cdf(*who, question.name, below(whole, question, where), note)


def _fail_if_bins_differ(bins: Sequence[Label], question: Question, where: str) -> None:
    """Fail if bins are not those of the question, give or take SHELF's three digits."""
    wanted = list(zip(question.edges, question.edges[1:], strict=False))
    same = len(bins) == len(wanted) and all(
        isinstance(found, tuple) and all(map(_is_edge, found, edges)) for found, edges in zip(bins, wanted, strict=True)
    )
    if not same:
        told = " ".join(f"({found[0]:g}-{found[1]:g}]" for found in bins if isinstance(found, tuple))
        allowed = " ".join(f"({low:g}-{high:g}]" for low, high in wanted)
        raise InputError(f"{where}: found the bins {told}; allowed: {allowed}, those of {question.name!r}")


def _is_edge(found: float, edge: float) -> bool:
    return found in {edge, float(f"{edge:.3g}")}
