"""The sheet that an expert fills in: a row a question, a column a level."""

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd

from toc_model.beliefs.distributions import quantile_level, quantile_name
from toc_model.errors import InputError
from toc_model.statistics.elicitation.chips import chips
from toc_model.survey.documents.cells import Sign, answered, decimal_sign, read_cell
from toc_model.survey.documents.formulas import as_meant
from toc_model.survey.documents.rows import rows_of
from toc_model.survey.documents.schema import write_columns
from toc_model.survey.documents.sheets import Sheet, read_sheet
from toc_model.survey.documents.units import Conversion, conversion, same
from toc_model.survey.panel.panel import Panel, Question
from toc_model.survey.panel.said import Said

SHEETS = "sheets"
FIRST = ("question", "wording", "unit", "lower", "upper")
LAST = ("argument", "expert", "round")
PROBABILITY, BINS, CHIPS = "probability", "bins", "chips"
NEEDED = ("question", "expert", "round")
NO_FILE = '/\\:*?"<>|'
"""Signs that no name of an expert or a round has whose sheets are written, for sheets are named by both."""


def columns_of(panel: Panel) -> list[str]:
    """Columns of a panel's sheets; those that are filled in stand behind what is read."""
    forms = {question.form for question in panel.questions}
    levels = [quantile_name(level / 100) for level in panel.levels] if "quantiles" in forms else []
    event = [PROBABILITY] if any(question.is_event for question in panel.questions) else []
    bins = [BINS, CHIPS] if "chips" in forms else []
    return [*FIRST, *levels, *event, *bins, *LAST]


def sheet_of(panel: Panel, round_: str, expert: str) -> pd.DataFrame:
    """A sheet to send; the right answers of seeds do not stand in it."""
    columns = columns_of(panel)
    rows = [
        dict.fromkeys(columns, "")
        | {
            "question": question.name,
            "wording": question.wording,
            "unit": question.counted or question.unit,
            "lower": _told(question.lower),
            "upper": _told(question.upper),
            "expert": expert,
            "round": round_,
        }
        | ({BINS: " | ".join(question.bins)} if question.form == "chips" else {})
        for question in panel.questions
    ]
    return pd.DataFrame(rows, columns=columns)


def _told(bound: float | None) -> str:
    return "" if bound is None else f"{bound:g}"


def write_sheets(panel: Panel, folder: Path) -> list[Path]:
    """Write a sheet for each expert in each round, ``sheets/round_1/expert_1.csv`` and so on; one for a consensus.

    Raises
    ------
    InputError
        If one can't be written, or a name of an expert or a round has a sign that no name of a file may have.
    """
    for what, names in (("experts", panel.experts), ("rounds", panel.rounds)):
        for name in names:
            if bad := "".join(sorted({sign for sign in name if sign in NO_FILE or not sign.isprintable()})):
                raise InputError(f"{what}: found {name!r}; allowed: names of files, without {bad!r}")
    places = [
        (round_, expert, folder / SHEETS / f"round_{round_}" / f"{expert}.csv")
        for round_ in panel.rounds
        for expert in panel.who(round_)
    ]
    for round_, expert, path in places:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_columns(sheet_of(panel, round_, expert), columns_of(panel), path)
    return [path for _, _, path in places]


def read_filled(path: Path, panel: Panel) -> list[Said]:
    """Read a sheet that was filled in.

    Parameters
    ----------
    path : Path
        A table, as `toc_model.survey.documents.sheets.read_sheet` takes it.
    panel : Panel

    Returns
    -------
    list of Said
        One for each question with an answer; none for a sheet that is empty.

    Raises
    ------
    InputError
        Naming row and column, if a column is no sheet's or there twice, a question, an expert or a round is not the
        panel's, a cell is no number, a unit can't be converted, or an answer can't be meant.
    """
    sheet = read_sheet(path, columns_of(panel))
    rows = rows_of(sheet, NEEDED, _also(sheet, panel))
    sign = _sign(sheet, [row for _, row in rows])
    found: list[Said] = []
    for number, row in rows:
        where = f"{path}: row {number}"
        said = _said({key: as_meant(cell.strip()) for key, cell in row.items()}, panel, sign, where)
        if said is None:
            continue
        if said.place in {one.place for one in found}:
            raise InputError(f"{where}: question: found {said.question!r} a second time; allowed: once")
        found.append(said)
    return found


def _also(sheet: Sheet, panel: Panel) -> list[str]:
    """Columns that may be there: those of the panel's sheets, and quantiles at other levels, each level once."""
    header = [cell.strip() for cell in sheet.lines[0][1]] if sheet.lines else []
    levels = dict(_levels(dict.fromkeys(header, ""), str(sheet.path)))
    first: dict[float, str] = {}
    for name, level in levels.items():
        if first.setdefault(level, name) != name:
            raise InputError(f"{sheet.path}: column {name!r}: found the level of {first[level]!r}; allowed: each once")
    return [*dict.fromkeys([*columns_of(panel), PROBABILITY, BINS, CHIPS, *levels])]


def _levels(row: Mapping[str, str], where: str) -> Iterator[tuple[str, float]]:
    """Columns of quantiles, with their levels."""
    for name in row:
        if name[:1] == "q" and name[1:2].isdigit():
            try:
                yield name, quantile_level(name)
            except InputError as error:
                raise InputError(f"{where}: column {name}: {error}") from None


def _sign(sheet: Sheet, rows: list[dict[str, str]]) -> Sign:
    cells = [row[name] for row in rows for name in row if name == PROBABILITY or name[1:2].isdigit()]
    return decimal_sign(cells, sheet.separator)


def _said(row: Mapping[str, str], panel: Panel, sign: Sign, where: str) -> Said | None:
    """What a row says; None where it says nothing."""
    levels = dict(_levels(row, where))
    filled = [name for name in (*levels, PROBABILITY, CHIPS) if answered(row.get(name, ""))]
    if not filled:
        return None
    panel.fail_if_unknown(row["question"], row["expert"], row["round"], where)
    question = panel.question(row["question"])
    allowed = [PROBABILITY] if question.is_event else {"quantiles": list(levels), "chips": [CHIPS]}[question.form]
    for name in filled:
        if name not in allowed:
            raise InputError(f"{where}: {name}: found {row[name]!r} for {question.name}; allowed: {question.form}")
    if question.counted and row.get("unit", ""):
        row = {**row, "unit": _undated(row["unit"], question, f"{where}: unit")}
    change = unit_change(row.get("unit", ""), question, f"{where}: unit")
    said = _answered(row, question, levels, change, sign, where)
    said.fail_if_impossible(question, f"{where}: {question.name}")
    return Said(*said.place, said.kind, said.points, row.get("argument", ""), _note(row, question))


def _undated(stated: str, question: Question, where: str) -> str:
    """The unit's own name for the one that counts from the panel's date; another date is refused."""
    if stated == question.counted:
        return question.unit
    if same(stated, question.unit):
        raise InputError(f"{where}: found {stated!r}; allowed: {question.counted!r}, or 'calendar year'")
    return stated


def _note(row: Mapping[str, str], question: Question) -> str:
    unit = row.get("unit", "")
    converted = [f"said in {unit}"] if unit and not same(unit, question.unit) else []
    counted = [f"chips {row[CHIPS]}"] if question.form == "chips" else []
    other = row.get("wording", question.wording) not in ("", question.wording)
    reworded = ["answered to other words than the panel's"] if other else []
    return "; ".join([*reworded, *converted, *counted])


def _answered(
    row: Mapping[str, str], question: Question, levels: Mapping[str, float], change: Conversion, sign: Sign, where: str
) -> Said:
    place = row["round"], row["expert"], question.name
    if question.form == "chips":
        return Said.of_cdf(*place, below=counted(row[CHIPS], question, f"{where}: {CHIPS}"))
    unit = row.get("unit", "") or question.unit

    def number(name: str) -> float:
        return float(change.of(cell_number(row[name], unit, sign, f"{where}: {name}")))

    if question.is_event:
        return Said.of_probability(*place, probability=number(PROBABILITY))
    return Said.of_quantiles(*place, values={at: number(name) for name, at in levels.items() if answered(row[name])})


def cell_number(text: str, unit: str, sign: Sign, where: str) -> float:
    """The number in a cell that has one.

    Raises
    ------
    InputError
        If it is unclear.
    """
    cell = read_cell(text, unit, sign)
    if cell.value is None or not math.isfinite(cell.value):
        raise InputError(f"{where}: found {text!r}; allowed: a number in {unit}")
    return cell.value


def unit_change(stated: str, question: Question, where: str) -> Conversion:
    """How to turn what an expert says into the unit of the question.

    Raises
    ------
    InputError
        If it is of another kind.
    """
    if not stated:
        return Conversion()
    try:
        return conversion(stated, question.unit, origin=question.origin)
    except InputError as error:
        raise InputError(f"{where}: {error}") from None


def counted(text: str, question: Question, where: str) -> dict[float, float]:
    """Probabilities of at most each edge, of chips in bins such as "0 2 5 3".

    Raises
    ------
    InputError
        If there is not a whole number for each bin, or chips in fewer than two.
    """
    counts = text.replace(",", " ").replace("|", " ").replace(";", " ").split()
    if len(counts) != len(question.bins) or not all(count.isdigit() for count in counts):
        raise InputError(
            f"{where}: found {text!r}; allowed: {len(question.bins)} whole numbers, one for each bin, such as "
            f"{' '.join('1' for _ in question.bins)!r}"
        )
    return below([int(count) for count in counts], question, where)


def below(counts: Sequence[int], question: Question, where: str) -> dict[float, float]:
    """Probabilities of at most each edge, of chips in the bins of a question.

    Raises
    ------
    InputError
        As `toc_model.statistics.elicitation.chips.chips` does.
    """
    low, high = question.support
    points = chips(question.edges, counts, low, high, where)
    return dict(zip(points.values.tolist(), points.probabilities.tolist(), strict=True))
