"""Values of levers as people write them: per cent or a fraction, or a number in the lever's own unit."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from toc_model.engine.declare import Variable
from toc_model.engine.story import Story
from toc_model.errors import InputError

NUMBER = re.compile(r"([+-]?(?:\d+(?:\.\d+)?|\.\d+))\s*(.*)", re.ASCII)


def amount_of(variable: Variable, text: str, where: str) -> float:
    """The value that a text states.

    Of a fraction, a number above 1 is per cent, one below 1 a fraction, and one with the sign "%" per cent; 1 itself
    may be either and is refused. Any other lever is in its unit, which may be named.

    Parameters
    ----------
    variable : Variable
    text : str
    where : str
        For messages.

    Raises
    ------
    InputError
        If it states none, more than one, or none that the lever can have.
    """
    found = NUMBER.fullmatch(text.strip())
    lever = variable.lever
    is_share = lever.unit == "fraction"
    if not found or found[2] not in (("", "%") if is_share else ("", lever.unit)):
        sayable = "per cent or a fraction, such as 30, 30% or 0.3" if is_share else f"a number of {lever.unit}"
        raise InputError(f"{where}: {variable.name}: found {text!r}; allowed: {sayable}")
    number = float(found[1])
    if is_share and not found[2] and number == 1:
        raise InputError(f"{where}: {variable.name}: found {text!r}, which may be 1 % or all; allowed: 1% or 100%")
    value = number / 100 if is_share and (found[2] or number > 1) else number
    if not lever.allows(value):
        ends = f"{said(variable, lever.lower)} to {said(variable, lever.upper)}"
        raise InputError(f"{where}: {variable.name}: found {text!r}; allowed: {ends}")
    return value


def said(variable: Variable, value: float) -> str:
    """A value of a lever in words: a fraction in per cent, any other in its unit."""
    if variable.lever.unit == "fraction":
        return f"{100 * value:.4g} %"
    return f"{value:.4g} {variable.lever.unit}"


@dataclass(frozen=True, slots=True)
class Meant:
    """What an allocation that was asked for in words means.

    Attributes
    ----------
    text : str
        As it was asked for, values by variable.
    values : mapping of str to float
        What was stated, by variable.
    scaled : mapping of str to float
        What follows, by variable, for shares to add up to one.
    """

    text: str
    values: Mapping[str, float]
    scaled: Mapping[str, float]

    def told(self, story: Story) -> str:
        """What is meant, in words."""
        stated = self._listed(story, self.values)
        return f"{stated}; in proportion {self._listed(story, self.scaled)}" if self.scaled else stated

    def _listed(self, story: Story, values: Mapping[str, float]) -> str:
        return ", ".join(f"{name} {said(story.variable(name), value)}" for name, value in values.items())
