"""The allocations of a sweep: named ones, and every combination of values of some variables of levers."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from toc_model.aliases import Floats
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.amounts import amount_of
from toc_model.beliefs.levers import joined, levers_at, with_others
from toc_model.engine.declare import Variable
from toc_model.engine.story import Story
from toc_model.errors import InputError

MOST = 1_000_000
"""Allocations of a sweep."""
ROUNDING = 1e-9
"""By how much the last step of a range may miss its end."""
NUMBER = r"\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+))\s*(%?)\s*"
RANGE = re.compile(":".join([NUMBER] * 3), re.ASCII)


@dataclass(frozen=True, slots=True)
class Axis:
    """Values that a variable of a lever goes through.

    Attributes
    ----------
    variable : Variable
    values : tuple of float
        Distinct, in the lever's unit.
    """

    variable: Variable
    values: tuple[float, ...]

    @property
    def is_share(self) -> bool:
        """Whether its values are told in per cent."""
        return self.variable.lever.unit == "fraction"

    def told(self, value: float) -> str:
        """A value as a move has it: ``NAME:VALUE``."""
        return f"{self.variable.name}:{100 * value:.10g}%" if self.is_share else f"{self.variable.name}:{value:.10g}"


def axis_of(story: Story, name: str, values: str | Sequence[float]) -> Axis:
    """The values that a variable goes through.

    Parameters
    ----------
    story : Story
    name : str
        Of a variable of a lever.
    values : str or sequence of float
        In the lever's unit; or a text, ``FROM:TO:STEP`` or values joined by commas. Of a fraction, numbers are per
        cent where one of them is above 1 or has the sign "%".

    Raises
    ------
    InputError
        If there is no such variable, a value is none that it can have or stands twice, or a text can't be read.
    """
    where = "lever"
    try:
        variable = story.variable(name)
    except InputError as error:
        raise InputError(f"{where}: {error}") from None
    found = _read(variable, values) if isinstance(values, str) else [float(value) for value in values]
    if not found:
        raise InputError(f"{where} {name}: found no values; allowed: one or more")
    if outside := [value for value in found if not variable.lever.allows(value)]:
        limits = variable.lever.range
        raise InputError(f"{where} {name}: {limits.refusal(outside[0], variable.lever.unit)}")
    if len(set(found)) < len(found):
        raise InputError(f"{where} {name}: found a value twice; allowed: each once")
    return Axis(variable, tuple(found))


def _read(variable: Variable, text: str) -> list[float]:
    stated = RANGE.fullmatch(text)
    if not stated:
        if ":" in text:
            raise InputError(
                f"lever {variable.name}: found {text!r}; allowed: FROM:TO:STEP, or values joined by commas"
            )
        words = [word.strip() for word in text.split(",") if word.strip()]
        return [amount_of(variable, word, "lever") for word in _alike(variable, words)]
    first, last, step = (float(stated[place]) for place in (1, 3, 5))
    share = variable.lever.unit == "fraction"
    if not share and any(stated[place] for place in (2, 4, 6)):
        raise InputError(f"lever {variable.name}: found {text!r}; allowed: numbers of {variable.lever.unit}")
    if step <= 0 or last < first:
        raise InputError(f"lever {variable.name}: found {text!r}; allowed: FROM:TO:STEP that rises, by more than 0")
    steps = math.floor((last - first) / step + ROUNDING)
    if steps >= MOST:
        raise InputError(f"lever {variable.name}: found {steps + 1:,} values; allowed: {MOST:,} or fewer")
    in_cents = share and (any(stated[place] for place in (2, 4, 6)) or max(last, step) > 1)
    if share and not in_cents and last == 1 and step == 1:
        raise InputError(f"lever {variable.name}: found {text!r}, which may be 1 % or all; allowed: with the sign %")
    return [(first + step * place) / (100 if in_cents else 1) for place in range(steps + 1)]


def _alike(variable: Variable, words: Sequence[str]) -> list[str]:
    """Values of a fraction all in per cent where one of them is."""
    if variable.lever.unit != "fraction":
        return list(words)
    plain = [word.removesuffix("%").strip() for word in words]
    in_cents = any(word.endswith("%") or _above_one(word) for word in words)
    return [f"{word}%" for word in plain] if in_cents else list(words)


def _above_one(word: str) -> bool:
    try:
        return float(word) > 1
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Grid:
    """Named allocations, the status quo first, and then every combination of values of some variables.

    In those all else is as under the status quo; where values of a lever add up to one, the others keep their
    proportions. They are made part by part, so that millions of them take no room.

    Attributes
    ----------
    allocations : Allocations
        Those that have names.
    axes : tuple of Axis
    """

    allocations: Allocations
    axes: tuple[Axis, ...] = ()

    def __post_init__(self) -> None:
        names = [axis.variable.name for axis in self.axes]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise InputError(f"lever: found {twice!r} twice; allowed: once")
        if self.size > MOST:
            raise InputError(f"lever: found {self.size:,} allocations; allowed: {MOST:,} or fewer")
        if self.axes:
            self._moved(self._corner())

    @property
    def shape(self) -> tuple[int, ...]:
        """How many values each variable goes through."""
        return tuple(len(axis.values) for axis in self.axes)

    @property
    def size(self) -> int:
        """How many allocations there are."""
        return len(self.allocations.named) + (math.prod(self.shape) if self.axes else 0)

    @property
    def story(self) -> Story:
        """Whose levers are set."""
        return self.allocations.case.story

    def labels(self, part: slice) -> list[str]:
        """Names of a part of the allocations: those of the grid are what ``--move`` reads."""
        return [*self._names(part), *self._texts(self._values(part))]

    def values(self, part: slice) -> dict[str, Floats]:
        """Values of the variables that move, by name, under a part of the allocations."""
        named = [self.allocations.named[name] for name in self._names(part)]
        moved = self._values(part)
        return {
            name: np.concatenate([[one.at(self.story, name) for one in named], moved[name]]).astype(float)
            for name in moved
        }

    def levers(self, part: slice) -> xr.Dataset:
        """All levers under a part of the allocations, dims ``(allocation, ...)``."""
        every, names = self.allocations.levers(), self._names(part)
        values = self._values(part)
        labels = self._texts(values)
        parts = [every.sel(allocation=names)] if names else []
        if labels:
            quo = every.sel(allocation=self.allocations.status_quo, drop=True)
            parts.append(levers_at(self.story, quo, self._moved(values), labels))
        return joined(*parts)

    def _names(self, part: slice) -> list[str]:
        return list(self.allocations.named)[part.start : part.stop]

    def _values(self, part: slice) -> dict[str, Floats]:
        """Values of the variables that move, of the combinations of a part; the last variable moves first."""
        named = len(self.allocations.named)
        numbers = np.arange(max(part.start - named, 0), max(min(part.stop, self.size) - named, 0))
        places: Any = np.unravel_index(numbers, self.shape or (1,))
        return {
            axis.variable.name: np.array(axis.values)[place] for axis, place in zip(self.axes, places, strict=False)
        }

    def _texts(self, values: Mapping[str, Floats]) -> list[str]:
        told = [map(axis.told, values[axis.variable.name]) for axis in self.axes]
        return [",".join(words) for words in zip(*told, strict=True)] if told else []

    def _moved(self, values: Mapping[str, Floats]) -> dict[str, Floats]:
        quo = self.allocations.named[self.allocations.status_quo]
        return with_others(self.story, {one.name: quo.at(self.story, one.name) for one in self.story.variables}, values)

    def _corner(self) -> dict[str, Floats]:
        """The combination of all largest values, in which sums are largest."""
        return {axis.variable.name: np.array([max(axis.values)]) for axis in self.axes}
