"""Tables of the IDEA protocol: the lowest, the highest and the best guess, and how sure an expert is of the interval.

The columns are ``expert``, ``question``, ``lowest``, ``highest`` and ``best``; ``confidence`` where quantities are
asked for (the four-step form); and if there are, ``round``, ``unit`` and ``argument``. A probability has the three-step
form: the best guess is the answer, and the bounds around it are kept in the note.

That an interval holds with confidence c is read as the quantiles (1 - c) / 2 and (1 + c) / 2, and the best guess as the
median. Both are readings of what IDEA asks in other words, and the note says so.

References
----------
Hemming, V., Burgman, M. A., Hanea, A. M., McBride, M. F. and Wintle, B. C. (2018). A practical guide to structured
expert elicitation using the IDEA protocol. Methods in Ecology and Evolution 9, 169-180.
"""

from collections.abc import Mapping
from pathlib import Path

from toc_model.errors import InputError
from toc_model.survey.documents.cells import Sign, answered, decimal_sign, read_cell
from toc_model.survey.documents.formulas import as_meant
from toc_model.survey.documents.rows import rows_of
from toc_model.survey.documents.sheets import read_sheet
from toc_model.survey.documents.units import same
from toc_model.survey.documents.wide import Layout
from toc_model.survey.panel.formats.format import each_once, fail_if_form, fail_if_given, round_of
from toc_model.survey.panel.panel import Panel, Question
from toc_model.survey.panel.said import Said
from toc_model.survey.panel.sheets import cell_number, unit_change

LOWEST, HIGHEST, BEST, CONFIDENCE = "lowest", "highest", "best", "confidence"
STEPS = (LOWEST, HIGHEST, BEST)
NEEDED = ("expert", "question", *STEPS)
ALSO = (CONFIDENCE, "round", "unit", "argument")
LEAST = 0.5
"""The least confidence that IDEA asks for."""


def read(
    path: Path, panel: Panel, *, round_: str = "", question: str = "", columns: Layout | None = None
) -> list[Said]:
    """Read a table of IDEA.

    Parameters
    ----------
    path : Path
        As `toc_model.survey.documents.sheets.read_sheet` takes it.
    panel : Panel
    round_ : str
        Of all rows, where there is no column for it.
    question : str
        Not for this format.
    columns : Layout, optional
        Not for this format.

    Returns
    -------
    list of Said
        One for each row with an answer; the note says how it was understood.

    Raises
    ------
    InputError
        Naming row and column, if an expert, a question or a round is not the panel's or answered twice, a cell is
        missing or no number, a confidence is below 50 or not below 100 per cent, a unit can't be converted, or an
        answer can't be meant.
    """
    fail_if_given(path, "a table of IDEA names its questions", question=question, columns=columns)
    sheet = read_sheet(path, [*NEEDED, *ALSO])
    rows = [
        (f"{path}: row {number}", {name: as_meant(cell.strip()) for name, cell in row.items()})
        for number, row in rows_of(sheet, NEEDED, ALSO)
    ]
    sign = decimal_sign((row.get(name, "") for _, row in rows for name in (*STEPS, CONFIDENCE)), sheet.separator)
    return each_once(
        (where, _said(row, panel, sign, round_of(row.get("round", ""), round_, where), where))
        for where, row in rows
        if any(answered(row.get(name, "")) for name in (*STEPS, CONFIDENCE))
    )


def extrapolated(lowest: float, highest: float, best: float, confidence: float, wanted: float) -> tuple[float, float]:
    """An interval at a standard confidence, by straight lines from the best guess.

    So Hemming et al. (2018) make intervals of several experts comparable. Readers do not use it, for the quantiles of
    the confidence that was stated say all that was said. An end may fall beyond the bounds of a quantity.

    Parameters
    ----------
    lowest, highest, best : float
    confidence : float
        That was stated, above 0.
    wanted : float
        In the same measure.

    Returns
    -------
    lowest, highest : float

    Raises
    ------
    InputError
        If a confidence is not above 0, or the best guess lies outside the interval.
    """
    if not (confidence > 0 and wanted > 0):
        raise InputError(f"confidence: found {confidence:g} and {wanted:g}; allowed: above 0")
    if not lowest <= best <= highest:
        raise InputError(f"best: found {best:g}; allowed: {lowest:g} to {highest:g}, inside the interval")
    ratio = wanted / confidence
    return best - (best - lowest) * ratio, best + (highest - best) * ratio


def confidence_of(text: str, sign: Sign, where: str) -> float:
    """The confidence that a cell states, such as "80", "80 %" or "0.8": as a fraction.

    Raises
    ------
    InputError
        If it is no number, below a half, or 1 and more.
    """
    in_ones, in_percent = (read_cell(text, unit, sign).value for unit in ("probability", "percent"))
    if in_ones is None or in_percent is None:
        raise InputError(f"{where}: found {text!r}; allowed: a number from 50 to below 100, in per cent")
    is_bare_percent = in_ones == in_percent and in_ones > 1
    found = in_ones / 100 if is_bare_percent else in_ones
    if not LEAST <= found < 1:
        raise InputError(
            f"{where}: found {text!r}; allowed: 50 % to below 100 %, for an interval that holds for certain has no "
            "quantiles for ends"
        )
    return found


def _said(row: Mapping[str, str], panel: Panel, sign: Sign, round_: str, where: str) -> Said:
    panel.fail_if_unknown(row["question"], row["expert"], round_, where)
    question = panel.question(row["question"])
    stated = row.get("unit", "")
    change = unit_change(stated, question, f"{where}: unit")
    low, high, best = (
        float(change.of(cell_number(row[name], stated or question.unit, sign, f"{where}: {name}"))) for name in STEPS
    )
    place, said_in = (round_, row["expert"]), [] if same(stated or question.unit, question.unit) else [stated]
    units = [f"said in {unit}" for unit in said_in]
    if question.form == "probability":
        _fail_if_steps(row, (low, high, best), where)
        note = "; ".join([f"best guess of three steps, lowest {low:g}, highest {high:g}", *units])
        said = Said.of_probability(*place, question.name, best, note)
    else:
        fail_if_form(question, "quantiles", where)
        said = _interval(question, place, (low, high, best), row.get(CONFIDENCE, ""), sign, units, where)
    said.fail_if_impossible(question, f"{where}: {question.name}")
    return Said(*said.place, said.kind, said.points, row.get("argument", ""), said.note)


def _interval(
    question: Question,
    place: tuple[str, str],
    steps: tuple[float, float, float],
    text: str,
    sign: Sign,
    units: list[str],
    where: str,
) -> Said:
    low, high, best = steps
    sure = confidence_of(text, sign, f"{where}: {CONFIDENCE}")
    ends = round((1 - sure) / 2, 12), round((1 + sure) / 2, 12)
    note = f"interval of {100 * sure:g} % confidence as its quantiles, best guess as the median"
    return Said.of_quantiles(*place, question.name, {ends[0]: low, 0.5: best, ends[1]: high}, "; ".join([note, *units]))


def _fail_if_steps(row: Mapping[str, str], steps: tuple[float, float, float], where: str) -> None:
    """Fail if the three steps of a probability are none, or it has a fourth."""
    low, high, best = steps
    for name, value in zip(STEPS, steps, strict=True):
        if not 0 <= value <= 1:
            raise InputError(f"{where}: {name}: found {value:g}; allowed: 0 to 1, a probability")
    if not low <= best <= high:
        raise InputError(f"{where}: best: found {best:g}; allowed: {low:g} to {high:g}, from the lowest to the highest")
    if answered(row.get(CONFIDENCE, "")):
        raise InputError(
            f"{where}: {CONFIDENCE}: found {row[CONFIDENCE]!r}; allowed: nothing, for a probability has three steps"
        )
