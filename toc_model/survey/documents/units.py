"""Units of answers: which can be turned into which, by what number, and how people write them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from toc_model.errors import InputError

ONE = Fraction(1)
SHARES = {
    **dict.fromkeys(("probability", "fraction", "ratio", "share", "proportion", "-", "0 or 1", "correlation"), ONE),
    "percent": ONE / 100,
    "per mille": ONE / 1000,
}
"""Numbers without a dimension, in ones."""
DAY = ONE * 4 / 1461
TIMES = {"years": ONE, "months": ONE / 12, "weeks": 7 * DAY, "days": DAY, "decades": ONE * 10, "centuries": ONE * 100}
"""Times, in years."""
RATES = {"1/year": ONE, "percent per year": ONE / 100, "1/month": ONE * 12}
"""Rates, in ones a year."""
FAMILIES: tuple[Mapping[str, Fraction], ...] = (SHARES, TIMES, RATES)
CALENDAR = "calendar year"
"""A year of our calendar, which becomes a time from the date that the target counts from."""
TOLD = ("probability", "fraction", "percent", "years", "months", "weeks", "days", "1/year", "percent per year")
"""Units that are offered in errors."""
OTHER_NAMES = {
    **dict.fromkeys(("%", "per cent", "pct", "percentage", "percents", "in %", "in percent", "in per cent"), "percent"),
    **dict.fromkeys(("permille", "per mil", "‰"), "per mille"),
    **dict.fromkeys(("probabilities", "prob"), "probability"),
    **dict.fromkeys(("fractions", "decimal", "shares", "fraction of 1"), "fraction"),
    **dict.fromkeys(("year", "yr", "yrs", "y", "in years", "yrs."), "years"),
    **dict.fromkeys(("month", "mo", "mos", "mths", "in months"), "months"),
    **dict.fromkeys(("week", "wk", "wks"), "weeks"),
    **dict.fromkeys(("day", "d"), "days"),
    **dict.fromkeys(("decade",), "decades"),
    **dict.fromkeys(("century",), "centuries"),
    **dict.fromkeys(("per year", "a year", "/year", "per annum"), "1/year"),
    **dict.fromkeys(("per month", "a month", "/month"), "1/month"),
    **dict.fromkeys(
        ("% per year", "%/year", "percent/year", "percent a year", "per cent per year"), "percent per year"
    ),
    **dict.fromkeys(("calendar years", "calendar-year", "calendar_year", "year ad", "year (ad)", "ad", "ce"), CALENDAR),
}
SINCE = re.compile(r"(?P<unit>\S+) (?:from|after|since) (?P<date>.+)")
"""A time that counts from a date."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """From one unit to another: times a ratio, and then what is to be added.

    Attributes
    ----------
    ratio : Fraction
    offset : float
        In the unit that is wanted.
    """

    ratio: Fraction = ONE
    offset: float = 0.0

    @property
    def is_needed(self) -> bool:
        """Whether it changes anything."""
        return self != Conversion()

    def of(self, values: Any) -> Any:
        """Convert numbers; divided by whole numbers, so that 57 per cent are .57."""
        return values * self.ratio.numerator / self.ratio.denominator + self.offset


@dataclass(frozen=True, slots=True)
class _Read:
    """A unit's usual name, and the date that it counts from; empty for none."""

    name: str
    date: str = ""


def usual(unit: str) -> str:
    """A unit's usual name: ``%`` is percent, ``Month`` is months; one that is not known stays, in small letters."""
    name = " ".join(unit.casefold().split())
    return OTHER_NAMES.get(name, name)


def is_calendar(unit: str) -> bool:
    """Whether a unit is that of calendar years."""
    return usual(unit) == CALENDAR


def counts_years(unit: str) -> bool:
    """Whether a unit is that of years, of a time that lasts or from a date."""
    return _read(unit).name == "years"


def names_date(unit: str) -> bool:
    """Whether a unit says which date it counts from, such as "years from May"."""
    return bool(_read(unit).date)


def same(one: str, other: str) -> bool:
    """Whether two texts name one unit and one date that it counts from."""
    return _read(one) == _read(other)


def conversion(stated: str, wanted: str, *, origin: float | None = None, shifted: bool = False) -> Conversion:
    """How to turn numbers in one unit into those of another.

    Parameters
    ----------
    stated, wanted : str
    origin : float, optional
        The calendar year, with its fraction, that `wanted` counts from, where it counts from a date.
    shifted : bool
        Whether a mapping states how far the stated date is from the wanted one, so that they may differ.

    Raises
    ------
    InputError
        If they are not of one kind: what was found, and what is allowed.
    """
    own, other = _read(stated), _read(wanted)
    if own == other:
        return Conversion()
    if own.name == CALENDAR and origin is not None and other.name in TIMES:
        ratio = 1 / TIMES[other.name]
        return Conversion(ratio, -float(origin * ratio.numerator / ratio.denominator))
    differ = own.date and own.date != other.date and not shifted
    for family in FAMILIES:
        if own.name in family and other.name in family and not differ:
            return Conversion(family[own.name] / family[other.name])
    hint = " (or a shift in the mapping, from one date to the other)" if own.name in TIMES and differ else ""
    raise InputError(f"found {stated!r}; allowed: {', '.join(allowed(wanted, dated=origin is not None))}{hint}")


def allowed(wanted: str, *, dated: bool = False) -> tuple[str, ...]:
    """The units that are offered for one that is wanted."""
    name = _read(wanted).name
    family = next((family for family in FAMILIES if name in family), {})
    offered = (wanted, *(unit for unit in TOLD if unit in family), *((CALENDAR,) if dated else ()))
    return tuple(dict.fromkeys(offered))


def _read(unit: str) -> _Read:
    name = usual(unit)
    found = SINCE.fullmatch(name)
    if found and usual(found["unit"]) in TIMES:
        return _Read(usual(found["unit"]), found["date"])
    return _Read(name)
