"""What a page may show of experts: letters in the place of names, ranges, curves and words."""

import math
import re
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice, product
from typing import Any

import numpy as np

from toc_model.brief import Brief
from toc_model.questions.elicit.feedback.curves import Axis, Curve, Curved, Extent, curve_of
from toc_model.survey.panel.fitted import Fitted
from toc_model.survey.panel.panel import CONSENSUS
from toc_model.survey.panel.said import PROBABILITY, QUANTILE

SOMEBODY = "[a name]"
"""Stands in an argument for the name of an expert."""
TELLING = 3
"""Signs of a name, with a letter among them, that may tell in a text who it is of."""


@dataclass(frozen=True, slots=True, repr=False)
class Belief(Brief):
    """A range that is drawn, and a density; of an event, one probability.

    Attributes
    ----------
    low, median, high : float
        In the question's unit; the median is NaN where neither words nor a fit say it.
    ends : (float, float)
        Levels of the low and the high end.
    curve : Curve or None
        None where there is no distribution.
    """

    low: float
    median: float
    high: float
    ends: tuple[float, float]
    curve: Curve | None = None

    def to_dict(self, *, is_event: bool) -> dict[str, Any]:
        """Figures for JSON; None for what there is not."""
        median = None if math.isnan(self.median) else self.median
        if is_event:
            return {"probability": median}
        return {"median": median, "quantiles": {f"{self.ends[0]:g}": self.low, f"{self.ends[1]:g}": self.high}}


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What the curve that was fitted to an answer says.

    Attributes
    ----------
    family : str
    misfit : float
        Largest difference from a probability that was judged.
    implied : (float, float)
        Its 1 and 99 % quantiles.
    tertiles : (float, float)
    """

    family: str
    misfit: float
    implied: tuple[float, float]
    tertiles: tuple[float, float]

    def to_dict(self) -> dict[str, Any]:
        """Figures for JSON; None for no finite number."""
        pairs = {"implied_01_99": self.implied, "tertiles": self.tertiles}
        return {"family": self.family, "misfit": self.misfit} | {
            key: [x if math.isfinite(x) else None for x in pair] for key, pair in pairs.items()
        }


@dataclass(frozen=True, slots=True, repr=False)
class Answer(Brief):
    """What one expert said about one question, without who it is.

    Attributes
    ----------
    letter : str
        What the page calls the expert in this question.
    said : tuple of (float, float)
        Level and value, rising; none of an event.
    belief : Belief
    read_back : ReadBack or None
    refused : str
        Why no curve could be fitted.
    argument : str
    is_carried : bool
        Whether it was said in an earlier round.
    """

    letter: str
    said: tuple[tuple[float, float], ...]
    belief: Belief
    read_back: ReadBack | None
    refused: str
    argument: str
    is_carried: bool

    def to_dict(self) -> dict[str, Any]:
        """Figures for JSON."""
        return {
            "said": [list(point) for point in self.said],
            **self.belief.to_dict(is_event=not self.said),
            "fit": self.read_back.to_dict() if self.read_back else None,
            "refused": self.refused,
            "argument": self.argument,
        }


def letters() -> Iterator[str]:
    """A to Z, AA, AB and so on."""
    for length in count(1):
        yield from map("".join, product(string.ascii_uppercase, repeat=length))


def lettered(fits: Sequence[Fitted], levels: tuple[float, float]) -> list[tuple[str, Fitted, Extent]]:
    """Experts' answers to one question with letters, from the lowest median to the highest.

    What has the same range is in the order of what else was said, so that the order never tells that of the panel.

    Parameters
    ----------
    fits : sequence of Fitted
    levels : (float, float)
        Of the ends of ranges that are read off a curve.
    """
    with_extent = [(one, extent_of(one, levels)) for one in fits]
    ordered = sorted(with_extent, key=lambda pair: _place(*pair))
    names = [CONSENSUS] if [one.said.expert for one in fits] == [CONSENSUS] else islice(letters(), len(fits))
    return [(letter, *pair) for letter, pair in zip(names, ordered, strict=True)]


def _place(one: Fitted, extent: Extent) -> tuple[Any, ...]:
    middle = (extent.low + extent.high) / 2 if math.isnan(extent.median) else extent.median
    return middle, extent.low, extent.high, one.said.ordered, one.said.argument


def extent_of(one: Fitted, levels: tuple[float, float]) -> Extent:
    """What was said of the ends and the median; what was not said of it, as fitted."""
    if one.said.kind == PROBABILITY:
        p = one.said.probability
        return Extent(p, p, p)
    curved = one.chosen.distribution if one.chosen else None
    values, probabilities = _judged(one)
    if one.said.kind != QUANTILE and curved is not None:
        low, high = curved.quantile(np.array(levels)).tolist()
    else:
        low, high = values[0], values[-1]
    median = next((x for x, p in zip(values, probabilities, strict=True) if abs(p - 0.5) < 1e-9), math.nan)
    if math.isnan(median) and curved is not None:
        median = float(curved.quantile(0.5))
    return Extent(low, median, high, curved)


def _judged(one: Fitted) -> tuple[list[float], list[float]]:
    judged = one.said.judgements(one.question)
    return judged.values.tolist(), judged.probabilities.tolist()


def answer_of(
    letter: str, one: Fitted, extent: Extent, axis: Axis | None, round_: str, names: Sequence[str], ends: Any
) -> Answer:
    """What the page may show of one answer.

    Parameters
    ----------
    letter : str
    one : Fitted
    extent : Extent
    axis : Axis or None
        On which its curve is drawn; None for an event.
    round_ : str
        That the page is about.
    names : sequence of str
        Of all experts, none of which is shown.
    ends : (float, float)
        Levels of a range that is read off a curve.
    """
    is_event = one.said.kind == PROBABILITY
    values, probabilities = ([], []) if is_event else _judged(one)
    levels = (probabilities[0], probabilities[-1]) if one.said.kind == QUANTILE else ends
    curve = curve_of(extent.curved, axis) if axis and extent.curved else None
    return Answer(
        letter,
        tuple(zip(probabilities, values, strict=True)),
        Belief(extent.low, extent.median, extent.high, levels, curve),
        _read_back(one),
        without_names(one.refused, names),
        without_names(one.said.argument, names),
        one.said.round != round_,
    )


def _read_back(one: Fitted) -> ReadBack | None:
    if one.chosen is None:
        return None
    fit = one.chosen
    low, high = fit.implied.tolist()
    third, two_thirds = fit.tertiles.tolist()
    return ReadBack(fit.name, float(fit.misfit), (low, high), (third, two_thirds))


def without_names(text: str, names: Sequence[str]) -> str:
    """A text in which no name of an expert stands as a word; a short name, or a number, tells nothing.

    A name that is written with a small letter is found with a capital one too, but not the other way round: Will is
    who, and will is not.
    """
    telling = [name for name in names if len(name) >= TELLING and any(sign.isalpha() for sign in name)]
    if not telling:
        return text
    written = {form for name in telling for form in (name, name.capitalize(), name.title(), name.upper())}
    longest_first = sorted(written, key=lambda name: (-len(name), name))
    return re.sub(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", SOMEBODY, text)


def belief_of(curved: Curved, levels: tuple[float, float], axis: Axis, members: Sequence[Curved] = ()) -> Belief:
    """The range of a distribution at levels, its median and its curve."""
    low, median, high = curved.quantile(np.array([levels[0], 0.5, levels[1]])).tolist()
    return Belief(low, median, high, levels, curve_of(curved, axis, members))
