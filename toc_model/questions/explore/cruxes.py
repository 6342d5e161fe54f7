"""The beliefs that a page shows first: those on which the change hangs most, and about which worldviews differ."""

import math

from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.distributions import Distribution
from toc_model.beliefs.parts import Part
from toc_model.questions.explore.worlds import Worlds
from toc_model.questions.sensitivity import sensitivity
from toc_model.questions.sensitivity.inputs import CHANGE

MOST = 8
BETWEEN = 2 * 1.6448536269514722
"""Standard deviations between the 5 % and the 95 % quantile."""


def cruxes(worlds: Worlds, allocations: Allocations, allocation: str) -> list[str]:
    """Names of entries, the greatest crux first.

    An entry weighs as much as the change moves over its range, and as much again for each such range by which medians
    of worldviews lie apart.

    Parameters
    ----------
    worlds : Worlds
    allocations : Allocations
    allocation : str
        To which the move is.
    """
    base = worlds.loaded(worlds.case.base, worlds.dates[0])
    found = sensitivity(base, allocations, allocation=allocation)
    own = worlds.base[worlds.dates[0]]
    swings = {
        name: abs(float(found.table["swing"].sel(entry=name, outcome=CHANGE)))
        for name in found.entries
        if name in own and not own[name].distribution.is_constant
    }
    weights = {name: swing * (1 + _apart(worlds, name) / BETWEEN) for name, swing in swings.items()}
    return sorted(weights, key=lambda name: -weights[name])[:MOST]


def _apart(worlds: Worlds, entry: str) -> float:
    """How far medians of worldviews lie apart on the scale of the base, in its standard deviations."""
    date = worlds.dates[0]
    own = worlds.base[date][entry].distribution
    proper = [name for name in worlds.names if worlds.kind(name) in ("base", "patch")]
    places = [_place(own, worlds.entries(Part(name), date)[entry].distribution) for name in proper]
    return max(places) - min(places)


def _place(own: Distribution, other: Distribution) -> float:
    """Where the median of another distribution stands on the scale of one's own."""
    median = float(other.given_some(0.5)) if not other.is_constant else other.location
    if not own.support.surrounds(median):
        return 0.0
    place = (float(own.family.to_normal(median)) - own.location) / own.scale
    return place if math.isfinite(place) else 0.0
