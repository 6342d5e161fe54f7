"""Patient rule induction: peel a little off one input's end at a time, and paste back what was peeled too eagerly.

Friedman and Fisher 1999, "Bump hunting in high-dimensional data". Of the ends that may be peeled the one is taken that
makes the box denser by most for each draw that it costs (the lenient criterion of Kwakkel and Jaxa-Rozen 2016), for an
end at which many draws tie, such as an effect that is nil, can only be peeled as a whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from toc_model.aliases import Floats
from toc_model.statistics.averages import effective
from toc_model.statistics.boxes.box import Fit
from toc_model.statistics.draws import ROUNDING

type Places = NDArray[np.int32]
"""Places of draws, shape (inputs, draws)."""

ALPHA = 0.05
"""Share of a box that is peeled or pasted at once."""
TOO_MUCH = 2
"""How many times that share is too much to peel at once where less can be."""


@dataclass(frozen=True, slots=True)
class Sorted:
    """Inputs with the order of their draws, made once for many searches.

    Attributes
    ----------
    values : array of shape (inputs, draws)
    order : array of int of shape (inputs, draws)
        Places of draws, that of the lowest value first.
    """

    values: Floats
    order: Places

    @classmethod
    def of(cls, values: Floats) -> Self:
        """Sort values, shape (inputs, draws)."""
        return cls(values, np.argsort(values, axis=1, kind="stable").astype(np.int32))


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of draws, and what each counts.

    Attributes
    ----------
    weight, hits : array of shape (draws,)
        How often a draw counts, and the same where it is so, 0 elsewhere.
    telling : float
        How much a draw tells of what is luck, beside draws that count alike: less where some stand for many.
    """

    weight: Floats
    hits: Floats
    telling: float = 1.0

    @classmethod
    def of_all(cls, hits: Floats, weight: Floats | None = None) -> Self:
        """Of draws that count once each, or by their weights."""
        if weight is None:
            return cls(np.ones(len(hits)), hits)
        return cls(weight, weight * hits, effective(weight, len(hits)) / float(weight.sum()))

    def counted(self, weight: Floats, hits: Floats) -> Self:
        """The same with other weights, or other draws in which it is so, 1 or 0, shape (draws,)."""
        return replace(self, weight=weight, hits=weight * hits)

    def of(self, inside: NDArray[np.bool_]) -> Fit:
        """What a box holds."""
        draws, so = float(self.weight.sum()), float(self.hits.sum())
        return Fit(draws, so, float(self.weight[inside].sum()), float(self.hits[inside].sum()))


@dataclass(frozen=True, slots=True)
class Bounds:
    """A box by place of the input, and what it holds.

    Attributes
    ----------
    low, high : array of shape (inputs,)
        Infinite where an end is free.
    fit : Fit
    """

    low: Floats
    high: Floats
    fit: Fit

    @property
    def restricted(self) -> NDArray[np.intp]:
        """Places of inputs of which an end is not free."""
        return np.flatnonzero(np.isfinite(self.low) | np.isfinite(self.high))

    def without(self, data: Sorted, said: Said, place: int, side: int | None = None) -> "Bounds":
        """The same with one input free, or one of its ends (0 the low, 1 the high)."""
        low, high = self.low.copy(), self.high.copy()
        if side != 1:
            low[place] = -np.inf
        if side != 0:
            high[place] = np.inf
        return bounded(data, said, low, high)

    def holds(self, data: Sorted) -> NDArray[np.bool_]:
        """Which draws lie in it, shape (draws,)."""
        return within(data, self.low, self.high)


def within(data: Sorted, low: Floats, high: Floats) -> NDArray[np.bool_]:
    """Which draws lie between bounds, shape (draws,)."""
    some = np.flatnonzero(np.isfinite(low) | np.isfinite(high))
    values = data.values[some]
    return np.asarray(((values >= low[some, None]) & (values <= high[some, None])).all(axis=0))


def bounded(data: Sorted, said: Said, low: Floats, high: Floats) -> Bounds:
    """A box with what it holds."""
    return Bounds(low, high, said.of(within(data, low, high)))


def free(data: Sorted, said: Said) -> Bounds:
    """The box of all draws."""
    inputs = len(data.values)
    return bounded(data, said, np.full(inputs, -np.inf), np.full(inputs, np.inf))


# Peeling ----------------------------------------------------------------------------------------------------------


def peeled(data: Sorted, said: Said, inputs: Sequence[int], *, support: float, alpha: float = ALPHA) -> list[Bounds]:
    """Boxes that peeling passes through, the box of all draws first.

    Parameters
    ----------
    data : Sorted
    said : Said
    inputs : sequence of int
        Places of those that may be peeled.
    support : float
        Least share of all draws that a box holds.
    alpha : float
        Share of the box that is peeled at once. Draws that tie go together; where that would be more than twice the
        share, those before them go alone if there are any.

    Returns
    -------
    list of Bounds
        Each denser than the one before, down to the least support, or until no peeling makes it denser.
    """
    trail = [free(data, said)]
    places = np.asarray(inputs, dtype=np.intp)
    columns, order = data.values[places], data.order[places]
    order = _among(order, said.weight > 0)
    while order.size and order.shape[1] > 1 and trail[-1].fit.density < 1:
        now = trail[-1].fit
        found = _best_peel(columns, order, said, now, support, alpha)
        if found is None:
            break
        row, side, bound = found
        low, high = trail[-1].low.copy(), trail[-1].high.copy()
        (high if side else low)[places[row]] = bound
        order = _among(order, columns[row] <= bound if side else columns[row] >= bound)
        inside, hits = float(said.weight[order[0]].sum()), float(said.hits[order[0]].sum())
        trail.append(Bounds(low, high, Fit(now.draws, now.so, inside, hits)))
    return trail


def _among(order: Places, kept: NDArray[np.bool_]) -> Places:
    """Places in the same order, those alone that are kept; as many in each row."""
    found = order[kept[order]]
    return found.reshape(len(order), -1) if found.size else np.empty((len(order), 0), dtype=order.dtype)


def _best_peel(
    columns: Floats, order: Places, said: Said, now: Fit, support: float, alpha: float
) -> tuple[int, int, float] | None:
    """The row, end and bound that are left by the peel that gains most for what it costs; None where none does."""
    best, found = ROUNDING, None
    for side in (0, 1):
        lost, hits, bounds = _ends(columns, order[:, :: -1 if side else 1], said, alpha * now.inside)
        left = now.inside - lost
        with np.errstate(divide="ignore", invalid="ignore"):
            gain = ((now.hits - hits) / left - now.density) / (lost / now.inside)
        gain[left < max(support * now.draws, 1)] = -np.inf
        row = int(np.argmax(gain))
        if gain[row] > best:
            best, found = float(gain[row]), (row, side, float(bounds[row]))
    return found


def _ends(columns: Floats, order: Places, said: Said, least: float) -> tuple[Floats, Floats, Floats]:
    """What peeling so much off the first end of each row costs, in weight and hits, and the first value that is left.

    As many draws are looked at as are to be peeled; more only in rows where others tie with them.
    """
    many = order.shape[1]
    some = min(many, int(least) + 2)
    lost, hits, ends = _looked(columns, order[:, :some], said, least)
    beyond = np.flatnonzero(ends >= some)
    if some < many and len(beyond):
        lost[beyond], hits[beyond], ends[beyond] = _looked(columns[beyond], order[beyond], said, least)
    rows = np.arange(len(order))
    return lost, hits, columns[rows, order[rows, np.minimum(ends, many - 1)]]


def _looked(columns: Floats, order: Places, said: Said, least: float) -> tuple[Floats, Floats, NDArray[np.intp]]:
    """The same with the place of the first value that is left, among those draws that are looked at."""
    rows, last = np.arange(len(order)), order.shape[1] - 1
    values = np.take_along_axis(columns, order, axis=1)
    weights, hits = np.cumsum(said.weight[order], axis=1), np.cumsum(said.hits[order], axis=1)
    reached = weights >= least * (1 - ROUNDING)
    at = np.where(reached[:, last], reached.argmax(axis=1), last)
    tied = values == values[rows, at][:, None]
    begin, end = tied.argmax(axis=1), last - tied[:, ::-1].argmax(axis=1)
    end = np.where((weights[rows, end] > TOO_MUCH * least) & (begin > 0), begin - 1, end)
    return weights[rows, end], hits[rows, end], end + 1


# Pasting ----------------------------------------------------------------------------------------------------------


def pasted(data: Sorted, said: Said, box: Bounds, *, alpha: float = ALPHA) -> Bounds:
    """The box with ends moved back out as long as that does not make it less dense.

    Parameters
    ----------
    data : Sorted
    said : Said
    box : Bounds
    alpha : float
        Share of the box that is pasted at once, or as much more as ties with it.
    """
    while True:
        wider = [
            found
            for place in box.restricted
            for side in (0, 1)
            if (found := _pasted_one(data, said, box, int(place), side, alpha)) is not None
        ]
        best = max(wider, key=lambda one: (one.fit.density, one.fit.inside), default=None)
        if best is None or best.fit.density < box.fit.density:
            return box
        box = best


def _pasted_one(data: Sorted, said: Said, box: Bounds, place: int, side: int, alpha: float) -> Bounds | None:
    """The box with one end moved out by a share of its draws; free where none are left beyond it."""
    bound = (box.high if side else box.low)[place]
    if not np.isfinite(bound):
        return None
    opened = box.without(data, said, place, side)
    column = data.values[place]
    beyond = opened.holds(data) & (said.weight > 0) & (column > bound if side else column < bound)
    outside = np.flatnonzero(beyond)
    if not len(outside):
        return opened
    outside = outside[np.argsort(-column[outside] if not side else column[outside], kind="stable")]
    reached = np.cumsum(said.weight[outside]) >= alpha * box.fit.inside
    if not reached.any():
        return opened
    low, high = box.low.copy(), box.high.copy()
    (high if side else low)[place] = column[outside[int(reached.argmax())]]
    return bounded(data, said, low, high)
