"""How firm a box is: found again on resamples, judged on draws that it was not found on, and held against chance."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from toc_model.aliases import Floats, Progress
from toc_model.brief import Brief
from toc_model.errors import InputError
from toc_model.statistics import averages, decisions
from toc_model.statistics.boxes.discovery import PLAUSIBLE, Rule, prepared, search
from toc_model.statistics.boxes.peeling import Bounds, Said, Sorted, bounded
from toc_model.statistics.standard_errors import design_of
from toc_model.statistics.verdicts import Found, mean, ratio

RESAMPLES = 100
FEWEST = 2
"""Resamples without which nothing is known of how they differ."""
SHUFFLES = 99
FOLDS = 5
BLOCK = 10
"""Neighbouring draws that stay together in folds and shuffles, for those of a chain depend on each other."""


@dataclass(frozen=True, slots=True, repr=False)
class Firmness(Brief):
    """How firm a box is.

    Attributes
    ----------
    boxes : tuple of mapping of str to (float, float)
        Of each bootstrap resample of the draws, the inputs that its box limits, with the shares of all draws below the
        low and up to the high limit; 0 and 1 for a free end.
    denser : bool
        Whether it is so in more of the draws of the boxes below than in all draws, by more than the Monte Carlo error
        of the draws that judge: all error that there is where inputs tell nothing.
    coverage, density, mass : Found
        Of boxes found on four fifths of the draws and judged on the other fifth, all fifths together. Their errors are
        those of the draws that judge and those of the box, which is another in each resample; together rather too
        large than too small.
    chance : float
        Share of shuffles, the draws as they are among them, in which a box has as many hits beyond chance.
    shuffled : float
        Excess that the box of a shuffle reaches, the 95 % quantile.
    """

    boxes: tuple[Mapping[str, tuple[float, float]], ...]
    denser: bool
    coverage: Found
    density: Found
    mass: Found
    chance: float
    shuffled: float

    def limited(self, *inputs: str) -> float:
        """Share of resamples whose box limits any of some inputs."""
        return sum(any(name in box for name in inputs) for box in self.boxes) / len(self.boxes)

    @property
    def told(self) -> bool:
        """Whether boxes tell more than chance does: seldom is one of shuffles as good, and those judged are denser."""
        return self.denser and self.chance <= PLAUSIBLE

    def usual(self, name: str) -> tuple[float, float]:
        """Medians of an input's limits, as shares of draws, over the resamples that limit it; 0 and 1 if none does."""
        found = [box[name] for box in self.boxes if name in box] or [(0.0, 1.0)]
        low, high = np.median(np.array(found), axis=0).tolist()
        return low, high


def firmness(
    inputs: xr.DataArray,
    so: xr.DataArray,
    rule: Rule | None = None,
    *,
    resamples: int = RESAMPLES,
    shuffles: int = SHUFFLES,
    seed: int = 0,
    progress: Progress | None = None,
) -> Firmness:
    """Look for the box again, with the whole rule, on resampled, on left-out and on shuffled draws.

    Parameters
    ----------
    inputs : xarray.DataArray
        Dims ``(draw, entry)``.
    so : xarray.DataArray of bool
        Dims ``(draw,)``.
    rule : Rule, optional
    resamples, shuffles : int
        How many; 2 or more resamples, 1 or more shuffles.
    seed : int
        Of resamples, folds and shuffles.
    progress : callable, optional
        Called with the number of searches done and the number of all.

    Raises
    ------
    InputError
        As `discover` does, or if there are no resamples or shuffles.
    """
    if resamples < FEWEST or shuffles < 1:
        raise InputError(f"resamples, shuffles: found {resamples}, {shuffles}; allowed: {FEWEST} or more, 1 or more")
    data, hits, names = prepared(inputs, so)
    rule, rng, done = rule or Rule(), np.random.default_rng(seed), _Counter(progress, resamples + FOLDS + shuffles)
    said = Said.of_all(hits.values, averages.weights_of(hits))
    found = search(data, said, rule)[0]
    weights = design_of(hits).resamples(hits.values, resamples, seed).astype(float)
    again = [_found(data, said.counted(weight, hits.values), rule, done) for weight in weights]
    inside = hits.copy(data=_judged(data, said, hits.values, rule, rng, done))
    chance = np.array([_shuffled(data, said, hits.values, rule, rng, done) for _ in range(shuffles)])
    density = _share("density", inside * hits, inside)
    fits = [bounded(data, said, box.low, box.high).fit for box in again]
    return Firmness(
        tuple(_limits(data, said, box, names) for box in again),
        density.value - decisions.AS_GOOD * density.error > found.fit.share,
        _varied(_share("coverage", inside * hits, hits), [fit.coverage for fit in fits]),
        _varied(density, [fit.density for fit in fits]),
        _varied(mean("mass", inside), [fit.mass for fit in fits]),
        (1 + int((chance >= found.fit.excess - 1e-12).sum())) / (1 + shuffles),
        float(np.quantile(chance, 0.95)),
    )


class _Counter:
    def __init__(self, progress: Progress | None, steps: int) -> None:
        self.progress, self.steps, self.done = progress, steps, 0

    def tick(self) -> None:
        self.done += 1
        if self.progress:
            self.progress(self.done, self.steps)


def _found(data: Sorted, said: Said, rule: Rule, done: _Counter) -> Bounds:
    """The box of draws of which so much is said."""
    found = search(data, said, rule)[0]
    done.tick()
    return found


def _judged(data: Sorted, said: Said, hits: Floats, rule: Rule, rng: np.random.Generator, done: _Counter) -> Floats:
    """Whether each draw lies in the box that was found without its fold, shape (draws,)."""
    blocks = _blocks(len(hits))
    fold = (rng.permutation(blocks[-1] + 1) % FOLDS)[blocks]
    inside = np.zeros(len(hits))
    for left_out in range(FOLDS):
        judged = fold == left_out
        box = _found(data, said.counted(said.weight * ~judged, hits), rule, done)
        inside[judged] = box.holds(data)[judged]
    return inside


def _shuffled(data: Sorted, said: Said, hits: Floats, rule: Rule, rng: np.random.Generator, done: _Counter) -> float:
    """Excess of the box where what is said of draws is shuffled."""
    blocks = _blocks(len(hits))
    parts = np.split(np.arange(len(hits)), np.flatnonzero(np.diff(blocks)) + 1)
    order = np.concatenate([parts[place] for place in rng.permutation(len(parts))])
    mixed = hits[averages.dealt(order, said.weight)]
    return _found(data, said.counted(said.weight, mixed), rule, done).fit.excess


def _blocks(draws: int) -> np.ndarray:
    """The block of each draw; single draws where there are too few for blocks."""
    return np.arange(draws) // max(1, min(BLOCK, draws // (20 * FOLDS)))


def _limits(data: Sorted, said: Said, box: Bounds, names: list[str]) -> dict[str, tuple[float, float]]:
    """The limits of a box as shares of draws below the low and up to the high one."""
    found = {}
    for place in box.restricted:
        column = data.values[place]
        below, up_to = (
            float(averages.mean_of(so, said.weight)) for so in (column < box.low[place], column <= box.high[place])
        )
        found[names[place]] = (below, up_to)
    return found


def _varied(judged: Found, by_box: list[float]) -> Found:
    """A measure with the error that comes from the box added: how it varies over boxes of resamples, on all draws."""
    return replace(judged, error=math.hypot(judged.error, float(np.std(by_box, ddof=1))))


def _share(what: str, part: xr.DataArray, whole: xr.DataArray) -> Found:
    """A share with its error; not defined where the whole is empty."""
    return ratio(what, part, whole) if float(whole.sum()) else Found(what, float("nan"), float("nan"))
