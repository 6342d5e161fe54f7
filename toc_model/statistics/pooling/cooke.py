"""Cooke's classical model: how well experts know what they know, by questions whose answers are known.

References
----------
Cooke, R. M. (1991). Experts in Uncertainty: Opinion and Subjective Probability in Science. Oxford University Press.
't Hart, C. M. P., Leontaris, G. and Morales-Nápoles, O. (2019). Update (1.1) to ANDURIL: ANDURYL. SoftwareX 10, 100295.
Hanea, A. M. and Nane, G. F. (2021). An in-depth perspective on the classical model. In: Expert Judgement in Risk and
Decision Analysis, 225-256. Springer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import special

from toc_model.aliases import Floats
from toc_model.errors import InputError

OVERSHOOT = 0.1
"""By which share of its width a range of answers is made wider at either end."""
FEWEST = 8
"""Seed questions, below which scores hardly tell experts apart."""


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """Quantiles by experts for questions, of which some have answers that are known: the seeds.

    Attributes
    ----------
    experts, items : tuple of str
    levels : array of shape (q,)
    answers : array of shape (experts, items, q)
        NaN where an expert did not answer a question.
    realisations : array of shape (items,)
        What came true; NaN where that is not known.
    log_scale : array of shape (items,)
        Whether a question's background measure is uniform in logarithms.
    overshoot : float
    """

    experts: tuple[str, ...]
    items: tuple[str, ...]
    levels: Floats
    answers: Floats
    realisations: Floats
    log_scale: NDArray[np.bool_]
    overshoot: float = OVERSHOOT

    @property
    def seeds(self) -> NDArray[np.bool_]:
        """Which questions have answers that are known, of shape (items,)."""
        return np.isfinite(self.realisations)

    @property
    def answered(self) -> NDArray[np.bool_]:
        """Which expert answered which question, of shape (experts, items)."""
        return np.isfinite(self.answers[..., 0])

    @property
    def fewest_seeds(self) -> int:
        """The fewest seeds that any expert answered: all are scored with the power of so many."""
        return int(self.answered[:, self.seeds].sum(1).min())

    @property
    def shares(self) -> Floats:
        """The probability of each interval between quantiles, of shape (q + 1,)."""
        return np.diff(np.concatenate([[0.0], self.levels, [1.0]]))

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the scores can't be trusted for."""
        if self.fewest_seeds >= FEWEST:
            return ()
        return (f"found {self.fewest_seeds} seed questions; below {FEWEST}, calibration hardly tells experts apart",)

    def scaled(self, values: Floats) -> Floats:
        """Values on the scales where the background measures are uniform; the items are the last axis."""
        with np.errstate(invalid="ignore"):
            return np.where(self.log_scale, np.log(np.where(self.log_scale, values, 1.0)), values)

    def unscaled(self, values: Floats) -> Floats:
        """The inverse of `scaled`."""
        return np.where(self.log_scale, np.exp(np.where(self.log_scale, values, 0.0)), values)

    @property
    def ranges(self) -> tuple[Floats, Floats]:
        """The intrinsic range of each question on its scale: answers and realisation, and the overshoot."""
        every = np.concatenate([self.answers, np.broadcast_to(self.realisations[:, None], self.answers.shape)])
        every = self.scaled(np.moveaxis(every, 1, -1)).reshape(-1, len(self.items))
        low, high = np.nanmin(every, 0), np.nanmax(every, 0)
        more = self.overshoot * (high - low)
        return low - more, high + more

    def without_item(self, place: int) -> Self:
        """The study without one question."""
        keep = np.arange(len(self.items)) != place
        return replace(
            self,
            items=tuple(np.array(self.items, object)[keep]),
            answers=self.answers[:, keep],
            realisations=self.realisations[keep],
            log_scale=self.log_scale[keep],
        )

    def without_expert(self, place: int) -> Self:
        """The study without one expert, and without questions that nobody else answered."""
        keep = np.arange(len(self.experts)) != place
        rest = replace(self, experts=tuple(np.array(self.experts, object)[keep]), answers=self.answers[keep])
        for item in np.flatnonzero(~rest.answered.any(0))[::-1]:
            rest = rest.without_item(int(item))
        return rest


def study(
    answers: Any,
    realisations: Any,
    levels: Any = (0.05, 0.5, 0.95),
    *,
    log_scale: Any = False,
    overshoot: float = OVERSHOOT,
    experts: Sequence[str] | None = None,
    items: Sequence[str] | None = None,
) -> Study:
    """Check the answers of a study.

    Parameters
    ----------
    answers : array of shape (experts, items, q)
        Quantiles; all NaN where an expert did not answer a question.
    realisations : array of shape (items,)
        What came true; NaN for the questions that the study is about.
    levels : array of shape (q,)
        Of the quantiles.
    log_scale : bool or array of shape (items,)
        Whether a question's background measure is uniform in logarithms.
    overshoot : float
        By which share of its width a range of answers is made wider at either end.
    experts, items : sequence of str, optional
        Names; numbers from 1 where they are left out.

    Raises
    ------
    InputError
        If shapes or names do not go together, levels or answers do not rise, an expert answered in part or no seed,
        nobody answered a question, or a question on a logarithmic scale has a value that is not above 0.
    """
    said, true, at = np.asarray(answers, float), np.asarray(realisations, float), np.asarray(levels, float)
    if said.ndim != 3 or said.shape[1:] != (len(true), len(at)) or 0 in said.shape:
        raise InputError(
            f"answers: found the shape {said.shape}; allowed: experts, {len(true)} items and {len(at)} levels"
        )
    if not ((at > 0) & (at < 1)).all() or not (np.diff(at) > 0).all():
        told = ", ".join(f"{level:g}" for level in at)
        raise InputError(f"levels: found {told}; allowed: between 0 and 1, rising")
    if not 0 < overshoot < np.inf:
        raise InputError(f"overshoot: found {overshoot:g}; allowed: above 0")
    logs = np.broadcast_to(np.asarray(log_scale, bool), true.shape)
    found = Study(
        _names(experts, said.shape[0], "expert"), _names(items, len(true), "item"), at, said, true, logs, overshoot
    )
    _fail_if_unfit(found)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """How well answers did; a larger figure is better.

    Attributes
    ----------
    calibration : array of shape (experts,)
        The probability of frequencies as far from the levels, were these right.
    information_by_item : array of shape (experts, items)
        Relative to the background measure; NaN where a question was not answered.
    information, information_of_all : array of shape (experts,)
        Mean over the seeds, and over all questions.
    """

    calibration: Floats
    information_by_item: Floats
    information: Floats
    information_of_all: Floats

    @property
    def combined(self) -> Floats:
        """Calibration times information on seeds, of shape (experts,)."""
        return self.calibration * self.information


def scores(asked: Study, answers: Floats | None = None) -> Scores:
    """Score answers to a study's questions.

    Calibration is the upper tail of a chi-square with as many degrees of freedom as there are levels, at 2 N I(s, p),
    where N is the fewest seeds that any expert of the study answered, s the shares of seeds between quantiles and p
    what they should be. A realisation that equals a quantile lies below it.

    Parameters
    ----------
    asked : Study
    answers : array of shape (sets, items, q), optional
        Such as a decision maker's, scored on the ranges of the experts' answers; the experts' own where left out.
    """
    said = asked.answers if answers is None else answers
    p, calibration = asked.shares, _calibration(asked, counts_of(asked, said))
    seeds = asked.seeds
    low, high = asked.ranges
    scaled = np.moveaxis(asked.scaled(np.moveaxis(said, 1, -1)), -1, 1)
    ends = [np.broadcast_to(end[None, :, None], (*said.shape[:2], 1)) for end in (low, high)]
    widths = np.diff(np.concatenate([ends[0], scaled, ends[1]], -1), axis=-1)
    information = np.log(high - low) + (p * np.log(p / widths)).sum(-1)
    return Scores(calibration, information, _mean(information[:, seeds]), _mean(information))


def counts_of(asked: Study, answers: Floats) -> Floats:
    """In how many seeds the realisation lies in each interval between quantiles, of shape (sets, q + 1)."""
    done = np.isfinite(answers).all(-1)
    place = (asked.realisations[None, :, None] > np.where(done[..., None], answers, np.inf)).sum(-1)
    inside = np.arange(len(asked.levels) + 1) == place[..., None]
    return np.asarray((inside & (done & asked.seeds)[..., None]).sum(1), float)


def _calibration(asked: Study, counts: Floats) -> Floats:
    """The upper tail at counts whose last axis are the intervals."""
    with np.errstate(invalid="ignore"):
        found = counts / counts.sum(-1, keepdims=True)
    distance = special.rel_entr(found, asked.shares).sum(-1)
    return np.asarray(special.chdtrc(len(asked.shares) - 1, 2 * asked.fewest_seeds * distance))


def grain(asked: Study, answers: Floats | None = None) -> tuple[Floats, Floats]:
    """The least and the largest calibration if one realisation lay in the next interval: how coarse it is.

    Parameters are those of `scores`.

    Returns
    -------
    tuple of array of shape (sets,)
    """
    counts = counts_of(asked, asked.answers if answers is None else answers)
    moved = [counts]
    for step in (-1, 1):
        for k in range(counts.shape[1]):
            if 0 <= k + step < counts.shape[1]:
                one = np.zeros(counts.shape[1])
                one[k], one[k + step] = -1, 1
                moved.append(np.where(counts[:, k : k + 1] > 0, counts + one, counts))
    found = _calibration(asked, np.stack(moved))
    return found.min(0), found.max(0)


def attainable(asked: Study) -> float:
    """The largest calibration that as many seeds allow as the expert with the fewest answered.

    Counts can't be as uneven as probabilities are: with three seeds and the levels 5, 50 and 95 % it is 0.81.
    """
    p, seeds = asked.shares, asked.fewest_seeds
    counts = np.zeros(len(p))
    for _ in range(seeds):
        # What one more in an interval adds to the distance, which is convex in each: the least is best.
        counts[np.argmin(special.xlogy(counts + 1, (counts + 1) / p) - special.xlogy(counts, counts / p))] += 1
    return float(_calibration(asked, counts[None])[0])


def _mean(values: Floats) -> Floats:
    """The mean of what there is along the last axis; NaN of nothing."""
    some = np.isfinite(values)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(some, values, 0.0).sum(-1) / some.sum(-1))


def _names(given: Sequence[str] | None, number: int, kind: str) -> tuple[str, ...]:
    names = tuple(given) if given is not None else tuple(f"{kind} {k + 1}" for k in range(number))
    if len(names) != number or len(set(names)) != number:
        raise InputError(f"{kind}s: found {len(names)} names; allowed: {number} different ones")
    return names


def _fail_if_unfit(found: Study) -> None:
    if np.isinf(found.answers).any() or np.isinf(found.realisations).any():
        raise InputError("study: found an infinite value; allowed: finite ones, and NaN where there is none")
    for (i, k), one in np.ndenumerate(np.isnan(found.answers).sum(-1)):
        where, quantiles = f"{found.experts[i]}, {found.items[k]}", found.answers[i, k]
        told = ", ".join(f"{value:g}" for value in quantiles)
        if one not in {0, len(found.levels)}:
            raise InputError(f"{where}: found {one} of {len(found.levels)} quantiles missing; allowed: none or all")
        if not one and not (np.diff(quantiles) > 0).all():
            raise InputError(f"{where}: found the quantiles {told}; allowed: values that rise")
        if found.log_scale[k] and (quantiles <= 0).any():
            raise InputError(f"{where}: found {told} on a logarithmic scale; allowed: above 0")
    for k in np.flatnonzero(found.log_scale & (found.realisations <= 0)):
        raise InputError(f"{found.items[k]}: found {found.realisations[k]:g} on a logarithmic scale; allowed: above 0")
    if (none := np.flatnonzero(~found.answered.any(0))).size:
        raise InputError(f"{found.items[none[0]]}: found no answer; allowed: at least one expert's")
    if not found.seeds.any():
        raise InputError("realisations: found none; allowed: at least one question whose answer is known")
    if (none := np.flatnonzero(~found.answered[:, found.seeds].any(1))).size:
        raise InputError(f"{found.experts[none[0]]}: found no answer to a seed question; allowed: at least one")
