"""How far a mean over draws may be off by chance, whatever the draws are.

Every estimate here is a mean of what each draw adds to it (its influence), to first order: means and shares are, and
so are quantiles, CVaR and the value of information. So one function gives the error of all, from how draws were made
(`toc_model.labels.MADE`). Nothing said, they are independent. Draws of a chain depend on those before, and count for
as many as are effective (ArviZ; Vehtari et al. 2021, doi:10.1214/20-BA1221). The shares of a mixture's parts are given,
so that only what varies within parts is chance (Cochran 1977, chapter 5). Members of a camp are spread evenly over what
they say, in one order for all camps, so that only what varies beside their rank and part is (Hoeffding 1951,
doi:10.1214/aoms/1177729537); and a draw of the pool that is picked for several of them counts once. Where draws have
weights, what each adds is its weight times how far it is from the mean: the error of self-normalised importance
sampling (Geweke 1989, doi:10.2307/1913710), with the share of a part's weights given as shares of draws are.
"""

import importlib
import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy import special

from toc_model.aliases import Floats
from toc_model.errors import InputError
from toc_model.labels import made_as
from toc_model.statistics import averages
from toc_model.statistics.draws import fail_if_no_draws
from toc_model.statistics.groups import Groups, Labels

SHORTEST = 4
"""Draws of a chain from which its effective size is told."""
RUN = 50
"""Draws of a chain that are taken together where little but neighbours depends on each other."""
HIGH, TINY = 0.95, 1e-12
FEW = 3
"""Draws for each part of a mixture below which parts tell too little of what varies within them."""
NEIGHBOURS = 3
"""Draws from which is told what rank leaves open."""
BLOCKS = 10
"""Fewest blocks that a resample of chains is made of."""


def error_of_mean(influence: xr.DataArray) -> xr.DataArray:
    """Standard error of a mean over draws.

    Parameters
    ----------
    influence : xarray.DataArray
        What each draw adds, dims ``(draw, ...)``; coordinates along ``draw`` say how draws were made.

    Returns
    -------
    xarray.DataArray
        Without ``draw``, in the unit of the influence.

    Raises
    ------
    InputError
        If there are no draws, or a value is no finite number.
    """
    fail_if_no_draws(influence, str(influence.name or "draws"))
    one = influence.isel(draw=0, drop=True)
    values = influence.transpose("draw", *one.dims).values
    return one.copy(data=design_of(influence).error(values))


def quantile_error(x: xr.DataArray, level: float) -> float:
    """Monte Carlo error of a quantile: that of its rank, in units of x.

    Parameters
    ----------
    x : xarray.DataArray
        Dims ``(draw,)``.
    level : float
        In (0, 1).

    Raises
    ------
    InputError
        If the level is outside (0, 1), there are no draws, or a value is no finite number.
    """
    if not 0 < level < 1:
        raise InputError(f"level: found {level:g}; allowed: between 0 and 1")
    fail_if_no_draws(x, str(x.name or "draws"))
    at = averages.quantile(x, level)
    wider = float(design_of(x).inflation((x.values <= at).astype(float)))
    step = wider * math.sqrt(level * (1 - level) / x.size)
    below, above = averages.quantiles(x, np.clip([level - step, level + step], 0, 1).tolist()).tolist()
    return float(above - below) / 2


def design_of(x: xr.DataArray | xr.Dataset) -> "Design":
    """How the draws of some quantity were made, as coordinates say; those of a chain in the order of their labels."""
    said = made_as(x)
    if not said:
        return Design(x.sizes["draw"])
    arrays = tuple(labels for _, labels in said.values())
    if "chain" in said:
        arrays = (*arrays, x.indexes["draw"] if "draw" in x.indexes else np.arange(x.sizes["draw"]))
    key = (tuple(said), *map(id, arrays))
    if key not in _kept:
        while len(_kept) >= KEPT:
            _kept.pop(next(iter(_kept)))
        labels = {name: labels for name, (_, labels) in said.items() if name != averages.WEIGHT}
        _kept[key] = arrays, _made(x.sizes["draw"], labels, arrays[-1], averages.weights_of(x))
    return _kept[key][1]


KEPT = 16
"""Designs that are kept, for many figures are asked of the same draws."""
_kept: dict[tuple[Any, ...], tuple[tuple[Any, ...], "Design"]] = {}
"""By the identity of the labels, which are kept with each."""


def _made(draws: int, said: dict[str, Any], names: Any, weight: Floats | None) -> "Design":
    made = {name: np.asarray(np.unique(labels, return_inverse=True)[1]) for name, labels in said.items()}
    if "chain" in made:
        own = np.asarray(names)
        made["order"] = np.lexsort((own if own.dtype.kind in "iuf" else np.arange(len(own)), made["chain"]))
    return Design(draws, **made, weight=weight)


@dataclass(frozen=True, eq=False)
class Design:
    """How draws were made, as far as errors depend on it; independently where nothing is said.

    Attributes
    ----------
    draws : int
    chain, order : array of shape (draws,), optional
        Of which chain a draw is, and the rows of one chain after another, each in its order.
    mixture_part, camp_rank, pool_member : array of shape (draws,), optional
        As in `toc_model.labels.MADE`.
    weight : array of shape (draws,), optional
        How much each draw counts, with a mean of 1.
    """

    draws: int
    chain: Labels | None = None
    order: Labels | None = None
    mixture_part: Labels | None = None
    camp_rank: Labels | None = None
    pool_member: Labels | None = None
    weight: Floats | None = None

    @property
    def is_independent(self) -> bool:
        """Whether draws tell nothing of each other."""
        return self.chain is None and self.mixture_part is None and self.camp_rank is None

    @cached_property
    def unweighted(self) -> "Design":
        """The same of draws that count alike, for what already holds their weights."""
        return self if self.weight is None else replace(self, weight=None)

    @property
    def effective(self) -> float:
        """Draws that count alike and would tell as much, were all independent: fewer where weights differ."""
        return averages.effective(self.weight, self.draws)

    def mean(self, values: Floats) -> Floats:
        """Mean over draws, by their weights; shapes (draws, ...) and (...)."""
        return averages.mean_of(values, self.weight)

    def contributions(self, influence: Floats) -> Floats:
        """What each draw adds, with the same mean where all count alike; shape (draws, ...).

        Where draws have weights, that is the mean, and by weight how far the draw is from that of its part.
        """
        if self.weight is None:
            return influence
        columns = np.asarray(influence, float).reshape(self.draws, -1)
        mean = self.mean(columns)
        middle = mean if self._parts is None else self._part_means(columns, self._parts)
        return np.asarray(mean + self.weight[:, None] * (columns - middle)).reshape(influence.shape)

    def _part_means(self, columns: Floats, parts: Groups) -> Floats:
        weight = np.ones(self.draws) if self.weight is None else self.weight
        totals = parts.totals(weight)[:, None]
        means = parts.totals(weight[:, None] * columns) / np.where(totals > 0, totals, 1.0)
        return np.asarray(means[self.mixture_part])

    @cached_property
    def _parts(self) -> Groups | None:
        return None if self.mixture_part is None else Groups.of(self.mixture_part)

    @cached_property
    def _picked(self) -> Groups | None:
        return None if self.pool_member is None else Groups.of(self.pool_member)

    @cached_property
    def _by_rank(self) -> Labels:
        return np.argsort(self.camp_rank, kind="stable") if self.camp_rank is not None else np.arange(self.draws)

    def error(self, influence: Floats) -> Floats:
        """Standard error of the mean over draws; shapes (draws, ...) and (...)."""
        influence = self.contributions(influence)
        if self.is_independent:
            return np.asarray(influence.std(axis=0, ddof=1) / np.sqrt(self.draws))
        columns = np.asarray(influence, float).reshape(self.draws, -1)
        found = self._of_parts(columns) if self.chain is None else self._of_chains(columns)
        return found.reshape(influence.shape[1:])

    def inflation(self, influence: Floats) -> Floats:
        """The standard error over that of as many independent draws that count alike; shape (...).

        Where nothing varies it is 1, or what weights alone come to.
        """
        if self.is_independent and self.weight is None:
            return np.ones(influence.shape[1:])
        naive = averages.sd_of(influence, self.weight, ddof=1) / np.sqrt(self.draws)
        alone = np.sqrt(self.draws / self.effective)
        return np.where(naive > 0, self.error(influence) / np.where(naive > 0, naive, 1.0), alone)

    def left(self, columns: Floats) -> list[tuple[float, Floats]]:
        """Arrays that are linear in columns, whose squares times their factors add up to that of the error."""
        parts = 1 if self._parts is None else len(self._parts.sizes)
        if self.is_independent or self.draws <= max(FEW * parts, 0 if self.camp_rank is None else NEIGHBOURS):
            return [(1 / (self.draws * (self.draws - 1)), columns - columns.mean(axis=0))]
        left, lost = self._beside_part(columns), 1 / (self.draws * (self.draws - parts))
        if self.camp_rank is None:
            return [(lost, left)]
        left, own = self._beside_rank(left), 1 / (1.5 * (1 - 2 / self.draws))
        if self._picked is None:
            return [(lost * own, left)]
        return [(lost * (own - 1), left), (lost, self._picked.totals(left))]

    def _of_parts(self, columns: Floats) -> Floats:
        """The error of what part and rank leave open; where that is nothing, for so few draws, of independent ones."""
        squares = sum(factor * (left**2).sum(axis=0) for factor, left in self.left(columns))
        return np.asarray(np.sqrt(np.maximum(squares, 0.0)))

    def _beside_part(self, columns: Floats) -> Floats:
        """What is left beside the means of parts."""
        if self._parts is None:
            return columns - columns.mean(axis=0)
        means = self._parts.totals(columns) / self._parts.sizes[:, None]
        return np.asarray(columns - means[self.mixture_part])

    def _beside_rank(self, columns: Floats) -> Floats:
        """What is left beside the line between neighbours in rank: of 1.5 times the variance; nothing at the ends."""
        order, left = self._by_rank, np.zeros_like(columns)
        ordered = columns[order]
        left[order[1:-1]] = ordered[1:-1] - (ordered[:-2] + ordered[2:]) / 2
        return left

    def _of_chains(self, columns: Floats) -> Floats:
        """The error of as many independent draws as are effective."""
        spread, rows = columns.std(axis=0, ddof=1), self._rows()
        error = np.asarray(spread / np.sqrt(self.draws))
        varying = np.flatnonzero(spread > 0)
        if len(varying) == 0 or rows.shape[1] < SHORTEST:
            return error
        arrays: Any = importlib.import_module("arviz_stats.base").array_stats
        series = ((columns[:, varying] - columns[:, varying].mean(axis=0)) / spread[varying])[rows]
        share = arrays.ess(series, chain_axis=0, draw_axis=1, method="mean") / rows.size
        error[varying] *= _unsure(series) / np.sqrt(np.where(np.isfinite(share), share, 1.0))
        return error

    def _rows(self) -> Labels:
        """Rows of each chain in their order, all as long as the shortest; shape (chains, length)."""
        several = np.split(self._ordered, np.cumsum(np.bincount(self._chains))[:-1])
        return np.stack([rows[: min(map(len, several))] for rows in several])

    @property
    def _chains(self) -> Labels:
        return np.zeros(self.draws, np.int64) if self.chain is None else self.chain

    @property
    def _ordered(self) -> Labels:
        return np.argsort(self._chains, kind="stable") if self.order is None else self.order

    # Resamples ------------------------------------------------------------------------------------------------------

    def resamples(self, values: Floats, many: int, seed: int) -> Floats | NDArray[np.int64]:
        """How much each draw counts in each of many resamples, shape (many, draws): how often, times its weight.

        Each resample adds up to the number of draws, and each part of a mixture to what it has in all.

        Draws of chains are picked in blocks of neighbours, as long as the slowest quantity needs (Politis and White
        2004, doi:10.1081/ETC-120028836, for an autoregression of the first order); those of a mixture within its parts.

        Parameters
        ----------
        values : array of shape (draws, ...)
            What is resampled.
        many, seed : int
        """
        counts = self._counts(values, many, np.random.default_rng(seed))
        return counts if self.weight is None else self._weighed(counts, self.weight)

    def _weighed(self, counts: NDArray[np.int64], weight: Floats) -> Floats:
        """Counts times weights, in each part as large in sum as the weights, or these where none picked has any."""
        found = counts * weight
        part = np.zeros(self.draws, np.int64) if self.mixture_part is None else self.mixture_part
        for one in range(int(part.max()) + 1):
            mine = part == one
            totals = found[:, mine].sum(axis=1, keepdims=True)
            sized = found[:, mine] * (weight[mine].sum() / np.where(totals > 0, totals, 1.0))
            found[:, mine] = np.where(totals > 0, sized, weight[mine])
        return found

    def _counts(self, values: Floats, many: int, rng: np.random.Generator) -> NDArray[np.int64]:
        """How often each draw is picked."""
        if self.chain is not None:
            return self._of_blocks(self._block(values), many, rng)
        if self._parts is None:
            return rng.multinomial(self.draws, np.full(self.draws, 1 / self.draws), many)
        counts = np.zeros((many, self.draws), np.int64)
        for start, size in zip(self._parts.starts, self._parts.sizes, strict=True):
            mine = self._parts.order[start : start + size]
            counts[:, mine] = rng.multinomial(size, np.full(size, 1 / size), many)
        return counts

    def _block(self, values: Floats) -> int:
        """Draws of a block: for the slowest of all options and their differences from the first."""
        columns = values.reshape(self.draws, -1)
        every = self.contributions(np.column_stack([columns, columns - columns[:, :1]]))
        longest = max(1.0, float(self.unweighted.inflation(every).max()) ** 2)
        length = (1.5 * ((longest**2 - 1) / (2 * longest)) ** 2 * self.draws) ** (1 / 3)
        return int(np.clip(np.ceil(length), 1, max(1, self.draws // BLOCKS)))

    def _of_blocks(self, block: int, many: int, rng: np.random.Generator) -> NDArray[np.int64]:
        starts = rng.integers(0, self.draws, (many, -(-self.draws // block), 1))
        picked = ((starts + np.arange(block)) % self.draws).reshape(many, -1)[:, : self.draws]
        counts = np.zeros((many, self.draws), np.int64)
        counts[:, self._ordered] = np.stack([np.bincount(one, minlength=self.draws) for one in picked])
        return counts


def _unsure(series: Floats) -> Floats:
    """By how much to widen errors that rest on few draws in effect, or on rare ones, so that they are not sure either.

    That is Student's quantile over the normal one, with the freedom of a variance from runs of draws of such a kurtosis
    (after Satterthwaite 1946, doi:10.2307/3002019).

    Parameters
    ----------
    series : array of shape (chains, length, columns)
    """
    several, length, many = series.shape
    run = RUN if length >= 2 * RUN else 1
    means = series[:, : length // run * run].reshape(several * (length // run), run, many).mean(axis=1)
    squares = (means - means.mean(axis=0)) ** 2
    peaked = (squares**2).mean(axis=0) / np.maximum(squares.mean(axis=0) ** 2, TINY)
    freedom = 2 * len(means) / np.maximum(peaked - 1, TINY)
    return np.asarray(special.stdtrit(freedom, HIGH) / special.ndtri(HIGH))
