"""Cells of numbers as people fill them in: "30%", "0,3", "1,000", "NA" and "about 10"; read, or said to be unclear."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from toc_model.documents import as_number
from toc_model.errors import InputError
from toc_model.survey.documents.units import conversion

NO_ANSWER = frozenset(("", "na", "n/a", "n.a.", "nan", "null", "none", "-", "--", "–", "—", ".", "#n/a"))  # noqa: RUF001
"""Marks that nothing was answered, in small letters."""
GROUPS = re.compile("(?<=\\d)[ \u00a0\u2007\u2009\u202f'\u2019](?=\\d{3}(?!\\d))")
"""What stands between thousands and is no sign of decimals."""
BODY = re.compile(r"(?P<number>[-+]?(?:\d[\d.,]*|[.,]\d+)(?:[eE][-+]?\d+)?)\s*(?P<unit>\D*)")
"""A number, and a unit behind it."""
THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}(?:(?P<sign>[.,])\d{3})(?:(?P=sign)\d{3})*")
"""What may be thousands: groups of three digits behind signs that are all the same."""

RANGE = re.compile(r"(?P<lower>\d[^-–—]*?)\s*(?:-|–|—|\bto\b)\s*(?P<upper>[\d.,].*)")  # noqa: RUF001
"""A lower and an upper bound, of what is not negative."""
ONE_SIDED = re.compile(r"(?P<sign><=?|>=?|≤|≥)\s*(?P<number>.+)")
"""Only one of them."""


class Sign(Enum):
    """Of decimals: in a whole file, where its cells agree."""

    POINT = "."
    COMMA = ","
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell says.

    Attributes
    ----------
    value : float or None
        None where nothing was answered, or it is unclear.
    is_clear : bool
        Whether it is a number or a mark that nothing was answered.
    is_converted : bool
        Whether it is a number that is written otherwise than a program would write it.
    """

    value: float | None = None
    is_clear: bool = True
    is_converted: bool = False


UNCLEAR = Cell(is_clear=False)


def answered(text: str) -> bool:
    """Whether a cell holds anything but a mark that nothing was asked or answered."""
    return text.strip().casefold() not in NO_ANSWER


def decimal_sign(texts: Iterable[str], separator: str) -> Sign:
    """The sign of decimals of a file, from its cells of numbers that leave no doubt.

    Parameters
    ----------
    texts : iterable of str
    separator : str
        Of columns: where all cells leave a doubt, a comma is none of decimals in a file that has it between columns,
        and may be either in any other.
    """
    stated = [text.strip() for text in texts]
    found = {sign for text in stated if (sign := _only_decimal(text))}
    if len(found) == 1:
        return Sign(found.pop())
    doubtful = separator != "," and any("," in text for text in stated)
    return Sign.BOTH if found or doubtful else Sign.POINT


def _only_decimal(text: str) -> str:
    """The sign that can only be one of decimals; empty where there is none."""
    body = BODY.fullmatch(GROUPS.sub("", text))
    number = body["number"] if body else ""
    signs = [sign for sign in number if sign in ".,"]
    if not signs or THOUSANDS.fullmatch(number):
        return ""
    return signs[-1] if signs.count(signs[-1]) == 1 else ""


def read_cell(text: str, unit: str, sign: Sign = Sign.POINT) -> Cell:
    """Read a cell of a number.

    Parameters
    ----------
    text : str
    unit : str
        That the number is wanted in; one behind the number is converted, such as "30%" to .3 where a fraction is
        wanted.
    sign : Sign
        Of decimals, in the file.
    """
    text = text.strip()
    if not answered(text):
        return Cell()
    if _is_plain(text) and not (sign is not Sign.POINT and THOUSANDS.fullmatch(text)):
        value = as_number(text)
        return Cell(value) if math.isfinite(value) else UNCLEAR
    body = BODY.fullmatch(GROUPS.sub("", text.replace("−", "-")))  # noqa: RUF001
    digits = _digits(body["number"], sign) if body else ""
    value = as_number(digits)
    if body is None or not math.isfinite(value):
        return UNCLEAR
    return _in_unit(digits, body["unit"].strip(), unit)


def read_range(text: str, unit: str, sign: Sign = Sign.POINT) -> tuple[Cell, Cell] | None:
    """Read a range, such as "10-20 %", "10 to 20 %" or "<5 %".

    Parameters
    ----------
    text, unit, sign
        As `read_cell` takes them; a unit behind the upper bound is that of the lower one, too, if that has none.

    Returns
    -------
    tuple of Cell, or None
        Lower and upper bound, of which one may be empty; None where it is no range that is clear.
    """
    if one := ONE_SIDED.fullmatch(text.strip()):
        cell = read_cell(one["number"], unit, sign)
        ends = (cell, Cell()) if one["sign"][0] in ">≥" else (Cell(), cell)
        return ends if cell.is_clear and cell.value is not None else None
    if not (two := RANGE.fullmatch(text.strip())):
        return None
    behind = BODY.fullmatch(two["upper"])
    low = two["lower"] if not behind or re.search(r"[^\d.,\s]", two["lower"]) else two["lower"] + behind["unit"]
    lower, upper = (read_cell(end, unit, sign) for end in (low, two["upper"]))
    return (lower, upper) if all(cell.is_clear and cell.value is not None for cell in (lower, upper)) else None


def _is_plain(text: str) -> bool:
    return math.isfinite(as_number(text)) and "_" not in text


def _digits(number: str, sign: Sign) -> str:
    """The digits as a program writes them; empty where it is unclear what they are."""
    if "," not in number and "." not in number:
        return number
    if found := THOUSANDS.fullmatch(number):
        several = number.count(found["sign"]) > 1
        if sign is Sign.BOTH and not several:
            return ""
        if several or found["sign"] != sign.value:
            return number.replace(found["sign"], "")
    whole, decimal, rest = number.rpartition("," if number.rfind(",") > number.rfind(".") else ".")
    other = "." if decimal == "," else ","
    if decimal in whole or (other in whole and not THOUSANDS.fullmatch(whole)):
        return ""
    return whole.replace(other, "") + "." + rest


def _in_unit(digits: str, behind: str, unit: str) -> Cell:
    try:
        found = conversion(behind, unit) if behind else None
    except InputError:
        return UNCLEAR
    value = float(digits)
    return Cell(float(found.of(value)) if found else value, is_converted=True)
