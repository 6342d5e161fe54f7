"""The text files of EXCALIBUR, Roger Cooke's software: assessments (.dtt) and realisations (.rls).

Both are of fixed width, as files of the TU Delft data base and the readers of ANDURYL have them. A .dtt begins with
``* CLASS ASCII OUTPUT FILE. NQ=   3   QU=   5  50  95``; then each expert has a line for each item::

    ----+----1----+----2----+----3----+----4----+----5----+----6----+----7----+----8----
        1    Exp01    2  VEE mortality log  2.00000E+0000  1.00000E+0001  2.00000E+0001      the question in words

that is, the number of the expert in 5 signs, a blank, the name in 8, a blank, the number of the item in 4, a blank, the
name in 14, a blank, the scale (UNI or LOG, in any letters), and quantiles between blanks; the words stand behind them
in some lines. A .rls has the number of the item in 5 signs, a blank, the name in 14, the realisation, the scale and the
words. -999.5 and -999.6 say that nothing is known.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from toc_model.errors import InputError
from toc_model.files import TABLE, read
from toc_model.survey.documents.cells import Sign, decimal_sign
from toc_model.survey.documents.sheets import text_of
from toc_model.survey.panel.sheets import cell_number

EXPERT_WIDTH, ITEM_WIDTH = 8, 14
HEAD = re.compile(r"\*\s*CLASS ASCII OUTPUT FILE\.\s*NQ=\s*(?P<number>\d+)\s+QU=(?P<levels>.*)", re.IGNORECASE)
SCALES = {"uni": "uniform", "log": "log"}
MISSING = frozenset((-999.5, -999.6))
END = "\x1a"
"""With which DOS ended a text."""


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a study: its name, its scale ("uniform" or "log") and, if there are any, words."""

    name: str
    scale: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Assessments:
    """What a .dtt holds.

    Attributes
    ----------
    levels : tuple of float
        Of the quantiles, between 0 and 1, rising.
    experts : tuple of str
    items : tuple of Item
    values : dict of (str, str) to tuple of float
        By expert and item, for each pair; NaN where nothing was said.
    places : dict of (str, str) to str
        Where each stands, for messages.
    """

    levels: tuple[float, ...]
    experts: tuple[str, ...]
    items: tuple[Item, ...]
    values: dict[tuple[str, str], tuple[float, ...]]
    places: dict[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Realisation:
    """What came true.

    Attributes
    ----------
    item : Item
    value : float
    rounding : float
        Half a unit of its last digit.
    where : str
        For messages.
    """

    item: Item
    value: float
    rounding: float
    where: str


@dataclass(frozen=True, slots=True)
class _Line:
    where: str
    expert: tuple[str, str]
    item: tuple[str, str]
    scale: str
    cells: tuple[str, ...]
    words: str


def read_assessments(path: Path) -> Assessments:
    """Read a .dtt.

    Parameters
    ----------
    path : Path

    Raises
    ------
    InputError
        Naming the line, if it is not laid out so, a number is none, two experts or items have one name or number, or an
        expert has no line, or several, for an item.
    """
    numbered = _lines(path)
    levels = _levels(numbered[0][1], f"{path}: line {numbered[0][0]}")
    lines = [_line(text, len(levels), f"{path}: line {number}") for number, text in numbered[1:]]
    if not lines:
        raise InputError(f"{path}: found a header and no assessments; allowed: a line for each expert and item")
    experts = _named(path, "expert", [line.expert for line in lines])
    names = _named(path, "item", [line.item for line in lines])
    sign = decimal_sign((cell for line in lines for cell in line.cells), " ")
    values, places = {}, {}
    for line in lines:
        pair = line.expert[1], line.item[1]
        if pair in values:
            raise InputError(f"{line.where}: found {pair[0]}'s {pair[1]!r} a second time; allowed: once")
        values[pair], places[pair] = tuple(_value(cell, sign, line.where) for cell in line.cells), line.where
    for expert in experts:
        for name in names:
            if (expert, name) not in values:
                raise InputError(f"{path}: found no line for {expert}'s {name!r}; allowed: one for each item")
    return Assessments(levels, experts, _items(lines, names), values, places)


def read_realisations(path: Path) -> list[Realisation]:
    """Read a .rls; items whose realisation is not known are left out.

    Raises
    ------
    InputError
        Naming the line, if it is not laid out so, a number is none, or an item is there twice.
    """
    rows = []
    for number, text in _lines(path):
        where = f"{path}: line {number}"
        index, name, rest = text[:5].strip(), text[6:20].strip(), text[20:].split(None, 2)
        fits = index.isdigit() and name and not (text[5:6] + text[20:21]).strip()
        if not fits or len(rest) < 2 or rest[1].casefold() not in SCALES:
            raise InputError(f"{where}: found {_short(text)}; allowed: number, item, realisation, UNI or LOG")
        words = rest[2].strip() if len(rest) > 2 else ""
        rows.append((where, (index, name), rest[0], Item(name, SCALES[rest[1].casefold()], words)))
    _named(path, "item", [item for _, item, _, _ in rows])
    for name, times in Counter(item.name for _, _, _, item in rows).items():
        if times > 1:
            raise InputError(f"{path}: item {name!r}: found {times} times; allowed: once")
    sign = decimal_sign((cell for _, _, cell, _ in rows), " ")
    found = [Realisation(item, _value(cell, sign, where), _rounding(cell), where) for where, _, cell, item in rows]
    return [one for one in found if not math.isnan(one.value)]


def realisations_beside(path: Path) -> Path | None:
    """The .rls that stands beside a .dtt, if there is one."""
    return next((beside for ending in (".rls", ".RLS") if (beside := path.with_suffix(ending)).exists()), None)


def _lines(path: Path) -> list[tuple[int, str]]:
    text = text_of(read(path, TABLE))[0].rstrip(END + "\n ")
    found = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    if not found:
        raise InputError(f"{path}: found nothing; allowed: a file of EXCALIBUR")
    return found


def _levels(head: str, where: str) -> tuple[float, ...]:
    found = HEAD.fullmatch(head.strip())
    if found is None:
        raise InputError(
            f"{where}: found {_short(head)}; allowed: '* CLASS ASCII OUTPUT FILE. NQ=   3   QU=   5  50  95'"
        )
    levels = tuple(
        round(cell_number(text, "per cent", Sign.POINT, f"{where}: QU") / 100, 12) for text in found["levels"].split()
    )
    if len(levels) != int(found["number"]):
        raise InputError(f"{where}: QU: found {len(levels)} levels; allowed: {found['number']}, as NQ says")
    if not all(0 < level < 1 for level in levels) or list(levels) != sorted(set(levels)) or not levels:
        raise InputError(
            f"{where}: QU: found {found['levels'].strip()}; allowed: per cents above 0 and below 100 that rise"
        )
    return levels


def _line(text: str, number: int, where: str) -> _Line:
    expert, item = (text[:5].strip(), text[6:14].strip()), (text[15:19].strip(), text[20:34].strip())
    scale, cells = text[35:38].casefold(), text[38:].split(None, number)
    fits = expert[0].isdigit() and expert[1] and item[0].isdigit() and item[1] and scale in SCALES
    if not fits or any(text[place : place + 1].strip() for place in (5, 14, 19, 34, 38)):
        raise InputError(
            f"{where}: found {_short(text)}; allowed: the expert's number and name, the item's number and name, UNI or "
            f"LOG, and {number} quantiles, each in its place"
        )
    if len(cells) < number:
        raise InputError(f"{where}: found {len(cells)} quantiles; allowed: {number}")
    return _Line(where, expert, item, SCALES[scale], tuple(cells[:number]), " ".join(cells[number:]).strip())


def _named(path: Path, what: str, numbered: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """The names, in their order; each has one number, and each number one name."""
    different = list(dict.fromkeys(numbered))
    for place in (0, 1):
        for key, times in Counter(pair[place] for pair in different).items():
            if times > 1:
                others = ", ".join(pair[1 - place] for pair in different if pair[place] == key)
                raise InputError(f"{path}: {what} {key!r}: found {others}; allowed: one name for each number")
    return tuple(name for _, name in different)


def _items(lines: Sequence[_Line], names: Sequence[str]) -> tuple[Item, ...]:
    scales: dict[str, str] = {}
    words: dict[str, str] = {}
    for line in lines:
        name = line.item[1]
        if scales.setdefault(name, line.scale) != line.scale:
            raise InputError(f"{line.where}: found the scale {line.scale}; allowed: {scales[name]}, as above")
        words[name] = words.get(name) or line.words
    return tuple(Item(name, scales[name], words[name]) for name in names)


def _value(cell: str, sign: Sign, where: str) -> float:
    value = cell_number(cell, "the item's unit", sign, where)
    return math.nan if value in MISSING else value


def _rounding(cell: str) -> float:
    try:
        exponent = Decimal(cell.replace(",", ".")).as_tuple().exponent
    except InvalidOperation:
        return 0.0
    return 0.5 * 10.0**exponent if isinstance(exponent, int) else 0.0


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")
