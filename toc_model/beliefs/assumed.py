"""Numbers of the caller's own in place of elicited ones, in words: ``NAME=VALUE``, a range, or a calendar year."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from toc_model.beliefs.changed import Changed
from toc_model.beliefs.dates import Date
from toc_model.beliefs.distributions import quantile_name
from toc_model.beliefs.elicited import Elicited
from toc_model.beliefs.families import NOTHING
from toc_model.beliefs.patches import fitted
from toc_model.beliefs.priors import Prior, Priors
from toc_model.engine.ranges import fail_if_outside
from toc_model.engine.story import Story
from toc_model.engine.units import FIRST_YEAR, Unit
from toc_model.errors import InputError, unknown

CALLER = "an assumption of the caller"
NUMBER = r"[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?"
FORM = re.compile(rf"({NUMBER})\s*(%?)(?:\s*\.\.\s*({NUMBER})\s*(%?))?", re.ASCII)
SAYABLE = "a number, or LOW..HIGH for the 5 and 95 % quantiles"


@dataclass(frozen=True, slots=True)
class Assumed:
    """One number of the caller's own, as written.

    Attributes
    ----------
    text : str
        All of it.
    name : str
        A parameter, or ``name[place]``.
    values : tuple of float
        One, or the 5 and 95 % quantiles; in the unit of the parameter or as calendar years.
    in_percent : bool
        Whether they were written in per cent.
    """

    text: str
    name: str
    values: tuple[float, ...]
    in_percent: bool

    @classmethod
    def parse(cls, text: str) -> "Assumed":
        """Read one.

        Raises
        ------
        InputError
            If it is not ``NAME=VALUE``, the value neither a number nor a range, or the range does not rise.
        """
        name, equals, value = (part.strip() for part in text.partition("="))
        if not (name and equals):
            raise InputError(f"set {text!r}: allowed: NAME=VALUE, the value {SAYABLE}")
        found = FORM.fullmatch(value)
        if not found:
            raise InputError(f"set {text!r}: found {value!r}; allowed: {SAYABLE}")
        low, first, high, last = found.groups()
        if high is not None and first and not last:
            raise InputError(f"set {text!r}: found {value!r}; allowed: both ends in per cent, or none")
        values = tuple(float(number) for number in (low, high) if number is not None)
        if not all(map(math.isfinite, values)):
            raise InputError(f"set {text!r}: found {value!r}; allowed: finite numbers")
        if len(values) == 2 and not values[0] < values[1]:
            raise InputError(f"set {text!r}: found the range {value}; allowed: one that rises, LOW..HIGH")
        return cls(text, name, values, bool(first or last))

    def entries(self, story: Story, entries: Mapping[str, Prior]) -> tuple[str, ...]:
        """The entries that it is about: one, or those of all places of a parameter.

        Raises
        ------
        InputError
            If there is no such parameter.
        """
        if self.name in entries:
            return (self.name,)
        if self.name in story.parameters:
            return tuple(entry for entry in story.entries_of(self.name) if entry in entries)
        raise InputError(f"set {self.text!r}: {unknown('parameter', self.name, entries)}{self._instead(story)}")

    def _instead(self, story: Story) -> str:
        """What can be done with a node."""
        if self.name not in story.nodes:
            return ""
        if instead := story.nodes[self.name].instead:
            return f"; it is a node that only keeps accounts of others: {', '.join(instead)}, which overrides can hold"
        return f"; it is a node: hold it with the override do({self.name})=VALUE"

    def in_unit(self, unit: Unit, date: Date | None) -> tuple[float, ...]:
        """The values in the unit of a parameter.

        Calendar years are counted from the date, a whole one to its middle; per cent become fractions.

        Raises
        ------
        InputError
            If they are no calendar years and per cent that the unit knows.
        """
        values = self.values
        if self.in_percent:
            if not unit.range.is_share:
                raise InputError(f"set {self.text!r}: found per cent; allowed: values in the unit {unit.name!r}")
            values = tuple(value / 100 for value in values)
        return self._from(date, values) if unit.is_date and date else values

    def _from(self, date: Date, values: tuple[float, ...]) -> tuple[float, ...]:
        """Years from a date."""
        are_years = [value >= FIRST_YEAR for value in values]
        if not any(are_years):
            return values
        if not all(are_years):
            raise InputError(f"set {self.text!r}: found a calendar year beside a number of years; allowed: one kind")
        counted = tuple((value + 0.5 if value.is_integer() else value) - date.year for value in values)
        if counted[0] < 0:
            raise InputError(f"set {self.text!r}: found {values[0]:g}, before {date.label}; allowed: a later year")
        return counted


def assumed(story: Story, date: Date | None, priors: Priors, texts: Iterable[str]) -> Priors:
    """Priors with numbers of the caller's own in some entries, as a patch of a worldview would change them.

    A range keeps the family with its bounds and the probability of nil; a number is certain. Draws of a camp keep their
    order.

    Parameters
    ----------
    story : Story
    date : Date, optional
        That calendar years are counted from.
    priors : Priors
    texts : iterable of str
        Such as ``"gain=4..20"`` or ``"gain[place]=0.5"``.

    Raises
    ------
    InputError
        If one can't be read, is of no parameter, is named twice, or is none that the parameter can have.
    """
    changed: dict[str, Prior] = {}
    for one in map(Assumed.parse, texts):
        for name in one.entries(story, priors.entries):
            if name in changed:
                raise InputError(f"set {one.text!r}: found {name} a second time; allowed: once")
            changed[name] = _changed(priors.entries[name], one, story, date)
    if not changed:
        return priors
    return replace(priors, entries={**priors.entries, **changed}, reranked=priors.reranked.union(changed))


def _changed(prior: Prior, one: Assumed, story: Story, date: Date | None) -> Prior:
    where, entry = f"set {one.text!r}", prior.entry
    unit = story.units.get(entry.unit) or Unit(entry.unit)
    values = one.in_unit(unit, date)
    for value in values:
        fail_if_outside(value, story.entries[prior.name].range, where, entry.unit)
    change: dict[str, object] = {"source": CALLER, "status": "assumption"}
    if len(values) == 1:
        _fail_if_outside(prior, values[0], where)
        change |= {"family": "constant", "value": values[0], "quantiles": None, "nil": 0.0}
        change |= asdict(NOTHING)
    elif entry.family == "constant":
        raise InputError(f"{where}: {prior.name} is a constant under this worldview; allowed: one number")
    else:
        low, high = values
        change |= {"quantiles": {"q05": low, "q95": high}, "terms": None}
    found: Elicited = entry.model_copy(update=change)
    return replace(prior, entry=found, distribution=fitted(found, unit.range, where), reason=CALLER, dated=False)


def _fail_if_outside(prior: Prior, value: float, where: str) -> None:
    """Fail if a number lies beyond all that the family of the belief before can be."""
    if not prior.distribution.is_constant:
        fail_if_outside(value, prior.distribution.support, where, prior.distribution.family.name)


def changes(story: Story, date: Date | None, members: Sequence[Priors], texts: Iterable[str]) -> tuple[Changed, ...]:
    """What was put in place of elicited priors, in words; under each worldview where they differ.

    Parameters
    ----------
    story : Story
    date : Date, optional
    members : sequence of Priors
        As `assumed` gives them.
    texts : iterable of str
    """
    found = []
    for one in map(Assumed.parse, texts):
        for name in one.entries(story, members[0].entries):
            told = {priors.worldview: _told(priors.entries[name], story, date) for priors in members}
            one_for_all = len(set(told.values())) == 1
            to = (
                next(iter(told.values()))
                if one_for_all
                else ", ".join(f"{what} ({whose})" for whose, what in told.items())
            )
            found.append(Changed(name, to, CALLER))
    return tuple(found)


def _told(prior: Prior, story: Story, date: Date | None) -> str:
    """What an entry is now: a number, or its family with quantiles; with the calendar years of a date."""
    unit = story.units.get(prior.entry.unit)

    def shown(value: float) -> str:
        return f"{value:.4g}" + (f" ({date.calendar(value)})" if date and unit and unit.is_date else "")

    if prior.entry.value is not None:
        return shown(prior.entry.value)
    levels = {level: float(prior.distribution.given_some(level)) for level in (0.05, 0.5, 0.95)}
    quantiles = ", ".join(f"{quantile_name(level)} {shown(value)}" for level, value in levels.items())
    nil = f", and nil with probability {prior.entry.nil:g}" if prior.entry.nil else ""
    return f"{prior.entry.family} with {quantiles}{nil}"
