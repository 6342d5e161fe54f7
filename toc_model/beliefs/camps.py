"""Camps: the base conditioned on what a group says of an outcome in the reference world (Jeffrey's rule)."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from pydantic import Field
from scipy import special

from toc_model.aliases import Floats
from toc_model.beliefs.distributions import levels_of, quantile_name
from toc_model.brief import Brief
from toc_model.documents import Document
from toc_model.engine.evaluate import evaluate
from toc_model.engine.story import Story
from toc_model.engine.units import Unit
from toc_model.errors import InputError

if TYPE_CHECKING:
    from toc_model.beliefs.priors import Priors

LEAST_POOL, TIMES = 40_000, 10
"""Draws of the base that members are picked from: so many at least, and so many for each member."""
NEIGHBOURS = 20
"""On each side in rank, one of which stands for a member."""
LOWEST = 1e-4
"""How near to 0 and 1 what a member says of a probability is taken."""
POOLS = 2
"""Pools that are kept, so that camps of one base share the draws and their evaluation."""


class Says(Document):
    """What members of a group say of an outcome, as quantiles over members."""

    outcome: str = Field(min_length=1)
    """A node without places."""
    quantiles: dict[str, float] = Field(min_length=2)
    """Over members, by level; linear between them on a natural scale."""
    source: str = Field(min_length=1)
    """Who said it, and where it can be read."""
    verified: str
    """As in a survey's mapping: "yes", "secondary", "derived", or the name of the case."""
    note: str = Field(min_length=1)
    """How sure the source is."""

    @property
    def by_level(self) -> dict[float, float]:
        """The quantiles by level, in order."""
        return dict(sorted(levels_of(self.quantiles).items()))

    def fail_if_impossible(self, story: Story, where: str) -> None:
        """Fail if it is no outcome of the story's, or its quantiles fall or are none that the outcome can have.

        Raises
        ------
        InputError
        """
        try:
            found, by_level = story.node(self.outcome), self.by_level
        except InputError as error:
            raise InputError(f"{where}: says: {error}") from None
        if found.dims != ("allocation",):
            raise InputError(f"{where}: says: outcome: found {self.outcome!r}; allowed: a node without places")
        possible = story.range_of(found)
        for level, value in by_level.items():
            if not possible.lower < value < possible.upper:
                allowed = f"allowed: {possible.inside}{possible.meant(value)}"
                raise InputError(f"{where}: says: {quantile_name(level)}: found {value:g}; {allowed}")
        for (_, smaller), (level, value) in pairwise(by_level.items()):
            if value < smaller:
                found_here = f"{quantile_name(level)}: found {value:g} after {smaller:g}"
                raise InputError(f"{where}: says: {found_here}; allowed: values that do not fall")

    def quantile(self, level: Floats, unit: Unit) -> Floats:
        """What members at these levels say.

        Linear between quantiles in the normal quantile and, for a probability, log odds; for what is only positive,
        logarithms; slopes are continued beyond the ends.
        """
        to_line, from_line = _scale(unit)
        levels, values = (np.array(list(part)) for part in (self.by_level.keys(), self.by_level.values()))
        x, at, y = special.ndtri(levels), special.ndtri(level), to_line(values)
        place = np.clip(np.searchsorted(x, at) - 1, 0, len(x) - 2)
        slope = np.diff(y) / np.diff(x)
        return np.asarray(from_line(y[place] + slope[place] * (at - x[place])))


def _scale(unit: Unit) -> tuple[Callable[[Floats], Floats], Callable[[Floats], Floats]]:
    """To and from the scale on which quantiles are joined by lines."""
    if unit.range.is_share:
        return special.logit, lambda y: np.clip(special.expit(y), LOWEST, 1 - LOWEST)
    if unit.lower == 0.0:
        return np.log, np.exp
    return lambda x: x, lambda y: y


@dataclass(frozen=True, slots=True, repr=False)
class Camp(Brief):
    """A group, and what its draws are picked from.

    Attributes
    ----------
    name : str
    says : Says
    base : Priors
        That are conditioned, at the date of the base.
    anchor : xarray.Dataset
        Levers of the reference at that date, dims ``(allocation, ...)``, one place.
    """

    name: str
    says: Says
    base: "Priors"
    anchor: xr.Dataset

    def sources(self, story: Story, draws: int, seed: int) -> xr.DataArray:
        """Independent scores of members, picked from those of the base.

        Parameters
        ----------
        story : Story
            Without interventions. Rivals of its laws do not bear on who is picked.
        draws : int
        seed : int

        Returns
        -------
        xarray.DataArray
            Dims ``(draw, source)``; coordinates along ``draw`` say which draw of the base each is, and of which rank.

        Raises
        ------
        InputError
            If members say what no draw of the base comes to.
        """
        story = story.written
        pool = _pool(self, story, max(LEAST_POOL, TIMES * draws), seed)
        self._fail_if_out_of_reach(pool)
        rng = np.random.default_rng([seed, zlib.crc32(b"members of a camp")])
        unit = story.units[story.node(self.says.outcome).unit]
        order = rng.permutation(draws)
        said = self.says.quantile((order + 0.5) / draws, unit)
        rank = np.searchsorted(pool.ordered, said) + rng.integers(-NEIGHBOURS, NEIGHBOURS, draws)
        picked = pool.ranking[np.clip(rank, 0, len(pool.ranking) - 1)]
        found = pool.sources.isel(draw=picked).assign_coords(draw=np.arange(draws))
        return found.assign_coords(camp_rank=("draw", order), pool_member=("draw", picked))

    def _fail_if_out_of_reach(self, pool: "Pool") -> None:
        low, high = pool.ordered[0], pool.ordered[-1]
        for level, value in self.says.by_level.items():
            if not low <= value <= high:
                raise InputError(
                    f"worldview {self.name!r}: says: {quantile_name(level)}: found {value:g}; allowed: what draws of "
                    f"{self.base.worldview!r} come to, {low:.3g} to {high:.3g}"
                )


@dataclass(frozen=True, slots=True)
class Pool:
    """Draws of a base.

    Attributes
    ----------
    sources : xarray.DataArray
        Independent scores, dims ``(draw, source)``.
    ordered : array of shape (draw,)
        The outcome in the reference world, from the least on.
    ranking : array of shape (draw,)
        The draw of each rank.
    """

    sources: xr.DataArray
    ordered: Floats
    ranking: np.ndarray


_kept: dict[tuple[object, ...], Pool] = {}


def _pool(camp: Camp, story: Story, size: int, seed: int) -> Pool:
    """Draws of the camp's base by rank of the outcome; the last few pools are kept."""
    levers = tuple(float(value) for name in camp.anchor for value in camp.anchor[name].values.ravel())
    key = (story.modules, tuple(camp.base.digests.values()), levers, camp.says.outcome, size, seed)
    if key not in _kept:
        found = _made(camp, story, size, seed)
        while len(_kept) >= POOLS:
            _kept.pop(next(iter(_kept)))
        _kept[key] = found
    return _kept[key]


def _made(camp: Camp, story: Story, size: int, seed: int) -> Pool:
    sources = camp.base.drawn_sources(size, seed)
    parameters = camp.base.from_sources(story, sources)
    outcome = evaluate(story, parameters, camp.anchor, [camp.says.outcome])[camp.says.outcome]
    values = np.broadcast_to(outcome.values.reshape(len(outcome), -1)[:, 0], size)
    ranking = np.argsort(values, kind="stable")
    return Pool(sources, values[ranking], ranking)
