"""All that a panel's experts have said, in one table: rounds are kept, and what was corrected stays."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from toc_model.brief import Brief
from toc_model.documents import as_number
from toc_model.errors import InputError, unknown
from toc_model.survey.documents.formulas import as_meant
from toc_model.survey.documents.rows import read_rows
from toc_model.survey.documents.schema import write_columns
from toc_model.survey.panel.panel import CONSENSUS, Panel
from toc_model.survey.panel.said import KINDS, PROBABILITY, Said

NAME = "judgements.csv"
COLUMNS = (
    "round",
    "expert",
    "question",
    "kind",
    "at",
    "value",
    "unit",
    "argument",
    "note",
    "file",
    "digest",
    "read",
    "replaced",
)


@dataclass(frozen=True, slots=True, repr=False)
class Records(Brief):
    """What was said, and what was said before it was corrected.

    Attributes
    ----------
    said : tuple of Said
        In the order in which they were read.
    """

    said: tuple[Said, ...] = ()

    @property
    def current(self) -> tuple[Said, ...]:
        """Without what was replaced in its own round."""
        return tuple(one for one in self.said if one.replaced is None)

    def rounds(self, panel: Panel) -> list[str]:
        """Rounds in which somebody has said something, in the panel's order."""
        have = {one.round for one in self.current}
        return [name for name in panel.rounds if name in have]

    def latest(self, panel: Panel, round_: str = "") -> tuple[Said, ...]:
        """What each expert says last about each question, up to a round; for a consensus, that alone.

        Parameters
        ----------
        panel : Panel
        round_ : str
            The last in which somebody said something by default.

        Returns
        -------
        tuple of Said
            In the order of questions, then of experts.

        Raises
        ------
        InputError
            If there is no such round, or nothing was said up to it.
        """
        have = self.rounds(panel)
        if not have:
            raise InputError(f"panel {panel.name!r}: found no judgements; allowed: after 'toc elicit read'")
        chosen = round_ or have[-1]
        panel.who(chosen)
        upto = [CONSENSUS] if chosen == CONSENSUS else [name for name in panel.individual if _upto(panel, name, chosen)]
        last: dict[tuple[str, str], Said] = {}
        for name in upto:
            last |= {(one.question, one.expert): one for one in self.current if one.round == name}
        if not last:
            raise InputError(f"round {chosen!r}: found no judgements; allowed: {', '.join(have)}")
        experts = [*panel.experts, CONSENSUS]
        return tuple(
            last[question, expert] for question in panel.names for expert in experts if (question, expert) in last
        )

    def with_(self, new: Iterable[Said], today: date, *, replacing: bool = False) -> "Added":
        """Add what was read.

        Parameters
        ----------
        new : iterable of Said
        today : date
        replacing : bool
            Whether another answer to the same question in the same round takes the place of what was kept.

        Raises
        ------
        InputError
            If there is another answer, and none is to be replaced.
        """
        said, added, known, replaced = list(self.said), 0, 0, 0
        for one in new:
            at = next((k for k, old in enumerate(said) if old.place == one.place and old.replaced is None), None)
            if at is None:
                added += 1
            elif _same(said[at], one):
                known += 1
                continue
            elif replacing:
                said[at] = replace(said[at], replaced=today)
                replaced += 1
            else:
                raise InputError(
                    f"{one.file}: {one.expert}, {one.question}, round {one.round}: found another answer than "
                    f"{said[at].file} gave; allowed: another round, or --replace, which keeps both"
                )
            said.append(one)
        return Added(Records(tuple(said)), added, known, replaced)


def _upto(panel: Panel, name: str, chosen: str) -> bool:
    return panel.rounds.index(name) <= panel.rounds.index(chosen)


def _same(one: Said, other: Said) -> bool:
    return (one.kind, dict(one.points), one.argument) == (other.kind, dict(other.points), other.argument)


@dataclass(frozen=True, slots=True, repr=False)
class Added(Brief):
    """Records after something was read.

    Attributes
    ----------
    records : Records
    added, known, replaced : int
        How many answers are new, were there already, and took another's place.
    """

    records: Records
    added: int
    known: int
    replaced: int


def write_records(records: Records, folder: Path, panel: Panel) -> None:
    """Write the table of a panel's folder.

    Raises
    ------
    InputError
        If it can't be written.
    """
    rows = [row for one in records.said for row in _rows(one, panel.question(one.question).unit)]
    write_columns(pd.DataFrame(rows, columns=list(COLUMNS)), COLUMNS, folder / NAME)


def _rows(one: Said, unit: str) -> list[dict[str, str]]:
    about = {
        "round": one.round,
        "expert": one.expert,
        "question": one.question,
        "kind": one.kind,
        "unit": unit,
        "argument": one.argument,
        "note": one.note,
        "file": one.file,
        "digest": one.digest,
        "read": _day(one.read),
        "replaced": _day(one.replaced),
    }
    return [
        about | {"at": "" if one.kind == PROBABILITY else repr(at), "value": repr(value)} for at, value in one.ordered
    ]


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def read_records(folder: Path, panel: Panel) -> Records:
    """Read the table of a panel's folder; nothing where there is none yet.

    Raises
    ------
    InputError
        Naming the row, if it is not as `write_records` writes it.
    """
    path = folder / NAME
    if not path.exists():
        return Records()
    found: dict[tuple[str, ...], Said] = {}
    for number, cells in read_rows(path, COLUMNS, ()):
        where = f"{path}: row {number}"
        row = {name: as_meant(cell) for name, cell in cells.items()}
        panel.fail_if_unknown(row["question"], row["expert"], row["round"], where)
        if row["kind"] not in KINDS:
            raise InputError(f"{where}: kind: {unknown('kind', row['kind'], KINDS)}")
        if row["unit"] != (unit := panel.question(row["question"]).unit):
            raise InputError(
                f"{where}: unit: found {row['unit']!r}; allowed: {unit!r}, that of the panel, which stays as it "
                "was when answers were read"
            )
        one = _from_row(row, where)
        key = (*one.place, row["digest"], row["replaced"])
        for at, value in one.points.items():
            if key in found and found[key].points.get(at, value) != value:
                raise InputError(
                    f"{where}: value: found {value:g}; allowed: {found[key].points[at]:g}, as in a row above"
                )
        points = {**found[key].points, **one.points} if key in found else one.points
        found[key] = replace(one, points=MappingProxyType(dict(points)))
    for one in found.values():
        one.fail_if_impossible(panel.question(one.question), f"{path}: {one.expert}: {one.question}")
    standing = Counter(one.place for one in found.values() if one.replaced is None)
    for (round_, expert, question), times in standing.items():
        if times > 1:
            raise InputError(
                f"{path}: {expert}, {question}, round {round_}: found {times} answers that stand; allowed: one, and a "
                "date under 'replaced' for others"
            )
    return Records(tuple(found.values()))


def _from_row(row: Mapping[str, str], where: str) -> Said:
    at = 0.0 if row["kind"] == PROBABILITY else _number(row["at"], f"{where}: at")
    points = MappingProxyType({at: _number(row["value"], f"{where}: value")})
    texts = (row["argument"], row["note"], row["file"], row["digest"])
    days = (_date(row[name], f"{where}: {name}") for name in ("read", "replaced"))
    return Said(row["round"], row["expert"], row["question"], row["kind"], points, *texts, *days)


def _number(text: str, where: str) -> float:
    value = as_number(text)
    if not math.isfinite(value):
        raise InputError(f"{where}: found {text!r}; allowed: a finite number")
    return value


def _date(text: str, where: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InputError(f"{where}: found {text!r}; allowed: a date, such as 2026-05-17") from None


def of_question(said: Sequence[Said], name: str) -> list[Said]:
    """What is said about one question."""
    return [one for one in said if one.question == name]
