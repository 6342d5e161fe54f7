"""A box of few inputs: the best one that peeling passes through, with no more inputs than a reader can hold in mind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy
import xarray as xr

from toc_model.brief import Brief
from toc_model.errors import InputError
from toc_model.labels import aligned, in_label_order, made_as
from toc_model.statistics.averages import weighed_alike, weights_of
from toc_model.statistics.boxes.box import Box, Fit
from toc_model.statistics.boxes.peeling import ALPHA, Bounds, Said, Sorted, pasted, peeled
from toc_model.statistics.draws import fail_if_no_draws, fail_if_not_so

SUPPORT = 0.05
MOST = 4
PLAUSIBLE = 0.05
"""Quasi-p-value above which an input's limits may be luck."""
PER_CENT = 100


@dataclass(frozen=True, slots=True)
class Rule:
    """How a box is looked for.

    Attributes
    ----------
    support : float
        Least share of all draws that a box holds, in (0, 1).
    most : int
        Largest number of inputs that it limits.
    density : float, optional
        How dense the box should be, in (0, 1]: of the boxes that peeling passes through the largest is taken that is so
        dense, or the densest. Without it, the one with the most hits beyond chance (`Fit.excess`), for those before it
        leave out little and those after it much.
    alpha : float
        Share of a box that is peeled at once.

    Raises
    ------
    InputError
        If one is out of its range.
    """

    support: float = SUPPORT
    most: int = MOST
    density: float | None = None
    alpha: float = ALPHA

    def __post_init__(self) -> None:
        for name in ("support", "density", "alpha"):
            _fail_if_no_share(name, getattr(self, name))
        if self.most < 1:
            raise InputError(f"most: found {self.most}; allowed: 1 or more inputs")

    def chosen(self, trail: Sequence[Bounds]) -> Bounds:
        """The box of those that peeling passes through."""
        if self.density is None:
            return max(trail, key=lambda one: one.fit.excess)
        return next((one for one in trail if one.fit.density >= self.density), trail[-1])


def _fail_if_no_share(name: str, value: float | None) -> None:
    if value is None or 0 < value < 1 or (name == "density" and value == 1):
        return
    meant = f"; did you mean {value / 100:g}?" if 2 <= value < PER_CENT else ""
    raise InputError(f"{name}: found {value:g}; allowed: a share between 0 and 1{meant}")


@dataclass(frozen=True, slots=True, repr=False)
class Discovery(Brief):
    """A box that was found, and how.

    Attributes
    ----------
    box : Box
        Without limits where no peeling makes a box denser.
    fit : Fit
        What it holds of the draws that it was found on.
    quasi_p : mapping of str to float
        By input of the box: how likely at least as many hits would be if its limits told nothing (Bryant and Lempert
        2010), on the draws that the box was found on; of draws with weights, on as many as they are in effect.
    trail : tuple of (Fit, tuple of str)
        Boxes that peeling passed through, all draws first, and the inputs that each limits.
    """

    box: Box
    fit: Fit
    quasi_p: Mapping[str, float]
    trail: tuple[tuple[Fit, tuple[str, ...]], ...]


def discover(inputs: xr.DataArray, so: xr.DataArray, rule: Rule | None = None) -> Discovery:
    """Look for a box of few inputs in which something is so more often than elsewhere.

    Of the boxes that peeling passes through one is taken, and pasted. Where it limits more inputs than the rule allows,
    those are freed that cost least, and the search is repeated with those that are left. An input is freed in the end
    if its quasi-p-value is above .05.

    Parameters
    ----------
    inputs : xarray.DataArray
        Dims ``(draw, entry)``, in any units; only the order of draws matters.
    so : xarray.DataArray of bool
        Dims ``(draw,)``.
    rule : Rule, optional

    Raises
    ------
    InputError
        If the two are not of the same draws, or an input is no finite number.
    """
    data, hits, names = prepared(inputs, so)
    said = Said.of_all(hits.values, weights_of(hits))
    found, trail = search(data, said, rule or Rule())
    limits = {names[place]: (float(found.low[place]), float(found.high[place])) for place in found.restricted}
    luck = quasi_p(data, said, found)
    told = tuple((one.fit, tuple(names[place] for place in one.restricted)) for one in trail)
    return Discovery(Box(limits), found.fit, {names[place]: p for place, p in luck.items()}, told)


def prepared(inputs: xr.DataArray, so: xr.DataArray) -> tuple[Sorted, xr.DataArray, list[str]]:
    """Inputs in order, hits of each draw as 0 or 1 with how draws were made, and names of the inputs.

    Raises
    ------
    InputError
        If the two are not of the same draws, or an input is no finite number.
    """
    fail_if_no_draws(inputs, "inputs", "entry")
    fail_if_no_draws(so, "what is so")
    fail_if_not_so(so, "what is so")
    inputs = in_label_order(inputs)
    names = ("what is so", "the inputs")
    so, inputs = weighed_alike(aligned(so, inputs, names, ["draw"]), inputs, names)
    made = made_as(so) or made_as(inputs)
    hits = xr.DataArray(so.values.astype(float), dims="draw", coords=made)
    values = np.ascontiguousarray(inputs.transpose("entry", "draw").values, dtype=float)
    return Sorted.of(values), hits, [str(name) for name in inputs["entry"].values]


def search(data: Sorted, said: Said, rule: Rule) -> tuple[Bounds, list[Bounds]]:
    """The box, and the boxes that the last peeling passed through."""
    places: Sequence[int] = range(len(data.values))
    found, trail = _best(data, said, places, rule)
    if len(found.restricted) > rule.most:
        found, trail = _best(data, said, _most_telling(data, said, found, rule.most), rule)
    return _without_luck(data, said, found), trail


def _best(data: Sorted, said: Said, places: Sequence[int], rule: Rule) -> tuple[Bounds, list[Bounds]]:
    """The box of a peeling that the rule takes, pasted."""
    trail = peeled(data, said, places, support=rule.support, alpha=rule.alpha)
    return pasted(data, said, rule.chosen(trail), alpha=rule.alpha), trail


def _most_telling(data: Sorted, said: Said, box: Bounds, most: int) -> list[int]:
    """Inputs of a box that are left when those are freed, one by one, that cost the fewest hits beyond chance."""
    while len(box.restricted) > most:
        box = max((box.without(data, said, int(place)) for place in box.restricted), key=lambda one: one.fit.excess)
    return [int(place) for place in box.restricted]


def _without_luck(data: Sorted, said: Said, box: Bounds) -> Bounds:
    """The box without inputs whose limits may be luck, the least telling freed first."""
    while len(box.restricted):
        luck = quasi_p(data, said, box)
        place = max(luck, key=luck.__getitem__)
        if luck[place] <= PLAUSIBLE:
            break
        box = box.without(data, said, place)
    return box


def quasi_p(data: Sorted, said: Said, box: Bounds) -> dict[int, float]:
    """How likely as many hits are, by place of each input, if the box without its limits is as dense throughout."""
    found = {}
    for place in box.restricted:
        wider = box.without(data, said, int(place)).fit
        hits, inside = (np.round(said.telling * one) for one in (box.fit.hits, box.fit.inside))
        found[int(place)] = float(scipy.stats.binom.sf(hits - 1, inside, wider.density))
    return found
