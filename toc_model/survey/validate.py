"""Whether the observation model describes the answers: scores of what was left out, and simulated answers.

Everything here is computed from the draws of a fit with the likelihoods of `toc_model.survey.likelihood`, in plain
xarray. Nothing is fitted again to leave an answer or a camp out: draws are weighted (PSIS), and where the Pareto k of
the weights is above `MAX_K` the score is not to be trusted without another fit.
"""

import importlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from scipy import stats

from toc_model.allocations import Allocations, load_allocations
from toc_model.distributions import Floats
from toc_model.errors import InputError
from toc_model.laws import log_sum_exp
from toc_model.posterior import flat, load_posterior
from toc_model.priors import Priors
from toc_model.story import STORY
from toc_model.survey import likelihood, rounding
from toc_model.survey.asking import plain_values
from toc_model.survey.likelihood import OUTLIERS, PLACES
from toc_model.survey.questions import Asked
from toc_model.survey.recovery import stated_from
from toc_model.survey.update import Settings, Update, _sampled, read_surveys

MAX_K = 0.7
"""Pareto k above which importance weights can't stand in for another fit."""
BLOCK = 4_000_000
"""Numbers in the largest array that is held at a time."""
MAX_DRAWS = 2000
"""More draws than these are thinned."""
REFERENCE = "reference"
"""Name of what the cut points of ordered answers are counted from."""
STEPS = 61
"""Places of the integral over what a camp shares."""
SIMULATIONS = 500
"""Surveys that are simulated to see how much heaping the model expects."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """Questions and the draws of a fit to their answers.

    Attributes
    ----------
    asked : tuple of Asked
    draws : xarray.Dataset
        Dims ``(draw, ...)``: parameters, biases and all else that the observation model has.
    priors : Priors
    allocations : Allocations
    problems : tuple of str
        Why the draws can't be trusted; empty for a good run.
    """

    asked: tuple[Asked, ...]
    draws: xr.Dataset
    priors: Priors
    allocations: Allocations
    problems: tuple[str, ...] = ()


def fitted(result: Update) -> Fitted:
    """What a fresh update has to say about its surveys."""
    return Fitted(result.surveys.asked, thinned(result.biases()), result.priors, result.allocations, result.problems)


def read_fitted(
    posterior: Path, files: Sequence[Path], maps: Sequence[str] = (), allocations: Path | None = None
) -> Fitted:
    """Read a posterior of ``toc update`` and the surveys that made it.

    Raises
    ------
    InputError
        If either can't be read, or the posterior rests on other answers.
    """
    about = load_posterior(posterior, STORY, even_if_bad=True)
    named = load_allocations(allocations)
    surveys = read_surveys(files, maps, about.priors, named.named)
    known = {record.digest for record in about.evidence}
    for record in surveys.evidence:
        if record.digest not in known:
            raise InputError(f"{posterior}: does not rest on these answers of {record.source_id!r}; run toc update")
    with xr.open_datatree(posterior, engine="h5netcdf") as tree:
        draws = flat(tree["posterior"].to_dataset().load())
    return Fitted(surveys.asked, thinned(draws), about.priors, named, about.problems)


def without_camps(fit: Fitted, settings: Settings) -> Fitted:
    """Fit the same answers once more, as those of one pool without camps."""
    asked = tuple(_pooled(question) for question in fit.asked)
    tree, problems = _sampled(fit.priors, fit.allocations, asked, settings, common_bias=True)
    return replace(fit, asked=asked, draws=thinned(flat(tree["posterior"].to_dataset())), problems=tuple(problems))


def _pooled(question: Asked) -> Asked:
    return replace(question, groups=("",), data=question.data.assign(group=xr.zeros_like(question.data["group"])))


def thinned(draws: xr.Dataset) -> xr.Dataset:
    """Keep at most `MAX_DRAWS` draws, evenly spaced."""
    many = draws.sizes["draw"]
    return draws.isel(draw=np.linspace(0, many - 1, min(many, MAX_DRAWS)).astype(int))


# Densities ------------------------------------------------------------------------------------------------------


def pointwise(fit: Fitted, question: Asked) -> xr.DataArray:
    """Log density of one answer of each pattern, draw by draw.

    Parameters
    ----------
    fit : Fitted
    question : Asked

    Returns
    -------
    xarray.DataArray
        Dims ``(draw, pattern)``; the coordinate ``count`` says how many gave the answer, so that the model's log
        likelihood of the question is the sum of ``count`` times this.
    """
    centre, draws = centres(fit, question), _with_reference(fit, question)
    blocks = _blocks(draws.sizes["draw"], question.data)
    found = [density(question, centre.isel(draw=block), draws.isel(draw=block)) for block in blocks]
    counts = question.data["count"].values
    return xr.concat(found, "draw").transpose("draw", "pattern").assign_coords(count=("pattern", counts))


def _blocks(many: int, data: xr.Dataset, times: int = 1) -> list[slice]:
    """Runs of draws that keep the largest array, that of all dimensions of the data, below `BLOCK`."""
    size = max(1, BLOCK // (times * math.prod(data.sizes.values())))
    return [slice(start, start + size) for start in range(0, many, size)]


def _with_reference(fit: Fitted, question: Asked) -> xr.Dataset:
    """The draws of a question, with the centre that the cut points of an ordered answer are counted from."""
    own = [name for name in fit.draws.data_vars if str(name).startswith(f"{question.name}_")]
    return fit.draws[own].assign({REFERENCE: centres(fit, question).isel(pattern=0)})


def centres(fit: Fitted, question: Asked, *, camps: bool = True) -> xr.DataArray:
    """Centre of beliefs of each pattern on the natural scale, dims ``(draw, pattern)``.

    Parameters
    ----------
    fit : Fitted
    question : Asked
    camps : bool
        Whether what camps share is added.
    """
    name, draws = question.name, fit.draws
    if f"{name}_centre" in draws:
        centre = _of_patterns(question, draws, f"{name}_centre", "framing")
    else:
        levers = fit.allocations.only([question.mapping.allocation]).levers()
        target = plain_values(STORY, question, draws[list(STORY.parameters)], levers)
        centre = xr.DataArray(question.natural(target)).drop_vars("allocation", errors="ignore")
        centre = centre.expand_dims(pattern=question.data.sizes["pattern"])
    if camps and f"{name}_camp" in draws:
        centre = centre + _of_patterns(question, draws, f"{name}_camp", "group")
    return centre.transpose("draw", "pattern")


def _of_patterns(question: Asked, draws: xr.Dataset, name: str, what: str) -> xr.DataArray:
    """The effect of each pattern's framing or camp."""
    effect = _plain(draws, name, {f"{question.name}_{what}s": "place"})
    return effect.isel(place=xr.DataArray(question.data[what].values, dims="pattern"))


def _plain(draws: xr.Dataset, name: str, dims: dict[str, str]) -> xr.DataArray:
    """A variable under the names of dimensions that the likelihoods know, without labels."""
    return draws[name].rename(dims).drop_vars([*dims, *dims.values()], errors="ignore")


def density(question: Asked, centre: xr.DataArray, draws: xr.Dataset, patterns: Any = slice(None)) -> xr.DataArray:
    """Log density of one answer of each pattern, given the centres of beliefs.

    Parameters
    ----------
    question : Asked
    centre : xarray.DataArray
        Dims ``(draw, pattern, ...)``.
    draws : xarray.Dataset
        The draws that the centres belong to.
    patterns : indexer
        The patterns that the centres belong to; all by default.
    """
    data = question.data.isel(pattern=patterns)
    found: xr.DataArray = DENSITIES[question.kind](question, centre, draws, {str(k): v for k, v in data.items()})
    return found


def _probability(question: Asked, centre: xr.DataArray, draws: xr.Dataset, data: dict[str, xr.DataArray]) -> Any:
    grids, spikes = _shares(question, draws)
    return likelihood.rounded_probability(centre, draws[f"{question.name}_deviation"], grids, spikes, data)


def _shares(question: Asked, draws: xr.Dataset) -> tuple[xr.DataArray, xr.DataArray]:
    name = question.name
    return (
        _plain(draws, f"{name}_grid", {f"{name}_grids": "grid"}),
        _plain(draws, f"{name}_spike", {f"{name}_spikes": "spike"}),
    )


def _quantile(question: Asked, centre: xr.DataArray, draws: xr.Dataset, data: dict[str, xr.DataArray]) -> Any:
    name = question.name
    return likelihood.stated_quantiles(centre, draws[f"{name}_deviation"], draws[f"{name}_overconfidence"], data)


def _cdf_point(question: Asked, centre: xr.DataArray, draws: xr.Dataset, data: dict[str, xr.DataArray]) -> Any:
    deviation, overconfidence, spread, noise = (
        draws[f"{question.name}_{what}"] for what in ("deviation", "overconfidence", "spread", "noise")
    )
    return likelihood.stated_cdf_points(centre, deviation, overconfidence, spread, noise, data)


def _duration(question: Asked, centre: xr.DataArray, draws: xr.Dataset, data: dict[str, xr.DataArray]) -> Any:
    return likelihood.stated_duration(centre, draws[f"{question.name}_deviation"], data)


def _ordered(question: Asked, centre: xr.DataArray, draws: xr.Dataset, data: dict[str, xr.DataArray]) -> Any:
    """The model counts cut points from the first pattern's centre; here they stand where they are."""
    first = draws[f"{question.name}_first_cut"] + draws[REFERENCE]
    steps = _plain(draws, f"{question.name}_step", {f"{question.name}_steps": "step"})
    highest = len(question.mapping.categories)
    cuts = [first, *(first + steps.isel(step=slice(0, k)).sum("step") for k in range(1, highest - 1))]
    return likelihood.stated_category(
        centre, cuts, [data["is_category"].isel(category_place=k) for k in range(highest)]
    )


DENSITIES: dict[str, Callable[..., Any]] = {
    "probability": _probability,
    "quantile": _quantile,
    "cdf_point": _cdf_point,
    "duration": _duration,
    "ordered": _ordered,
}


# Scores ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Score:
    """How well what was left out was predicted.

    Attributes
    ----------
    question : str
    camp : str
        The camp that was left out; empty where one answer at a time was.
    answers : int
    total : float
        Expected log score: of each answer without itself, summed, or of all the camp's answers together.
    worst_k : float
        The largest Pareto k.
    above : int
        How many weights have a Pareto k above `MAX_K`.
    each : numpy.ndarray
        The score of one answer of each pattern; empty for a camp.
    """

    question: str
    camp: str
    answers: int
    total: float
    worst_k: float
    above: int
    each: Floats


def leave_one_expert_out(question: Asked, log_density: xr.DataArray) -> Score:
    """Score each answer by what all the others predict (PSIS).

    The model has no latent that one person's answers to several questions share, so a person is one answer here.

    Parameters
    ----------
    question : Asked
    log_density : xarray.DataArray
        Of `pointwise`.
    """
    weights, k = left_out_weights(log_density)
    each = log_sum_exp_of(weights + log_density).values
    counts = question.data["count"].values
    above = int(counts[k > MAX_K].sum())
    return Score(question.name, "", int(counts.sum()), float(each @ counts), float(k.max()), above, each)


def left_out_weights(log_density: xr.DataArray) -> tuple[xr.DataArray, Floats]:
    """Log weights of the draws that leave each place out (dims ``(draw, ...)``, summing to one), and Pareto k.

    Where the largest weights are all alike, as for an answer that only a slip explains, there is no tail to smooth and
    k is 0.

    Parameters
    ----------
    log_density : xarray.DataArray
        Dims ``(draw, place)``: log density of what is to be left out.
    """
    array_stats: Any = importlib.import_module("arviz_stats.base").array_stats
    raw = -log_density.values.reshape(len(log_density), -1)
    weights, k = raw.copy(), np.zeros(raw.shape[1])
    tail = math.ceil(min(len(raw) / 5, 3 * math.sqrt(len(raw))))
    has_tail = np.ptp(np.sort(raw, axis=0)[-tail:], axis=0) > 1e-9
    for place in np.flatnonzero(has_tail):
        weights[:, place], k[place] = array_stats.psislw(raw[:, place])
    found = log_density.copy(data=weights.reshape(log_density.shape))
    return found - log_sum_exp_of(found), k


def log_sum_exp_of(x: xr.DataArray) -> xr.DataArray:
    """Logarithm of the sum of exponentials over draws."""
    found: Any = log_sum_exp(x, "draw")
    return xr.DataArray(found)


def leave_one_camp_out(fit: Fitted) -> list[Score]:
    """Score all answers of a camp to a question by what the other camps' answers predict.

    What the camp shares is integrated out question by question, in the weights as well as in the score, so that the
    weights need not undo what its own answers said about it. The camp is left out of all questions of its survey.
    """
    found = []
    for source in dict.fromkeys(question.source_id for question in fit.asked):
        asked = [question for question in fit.asked if question.source_id == source and len(question.groups) > 1]
        densities = {question.name: camp_density(fit, question) for question in asked}
        for camp in dict.fromkeys(camp for question in asked for camp in question.groups):
            of_camp = [question for question in asked if camp in question.groups]
            own = {question.name: densities[question.name].sel(camp=camp) for question in of_camp}
            joint = xr.DataArray(sum(own.values()))
            weights, k = left_out_weights(joint.expand_dims(place=1).transpose("draw", "place"))
            for question in of_camp:
                total = float(log_sum_exp_of(weights.isel(place=0) + own[question.name]))
                answers = int(question.data["count"].values[_in_camp(question, camp)].sum())
                worst = float(k.max())
                found.append(Score(question.name, camp, answers, total, worst, int(worst > MAX_K), np.empty(0)))
    return found


def _in_camp(question: Asked, camp: str) -> np.ndarray:
    return np.flatnonzero(question.data["group"].values == question.groups.index(camp))


def camp_density(fit: Fitted, question: Asked) -> xr.DataArray:
    """Log density of all answers of each camp, with what it shares integrated out, dims ``(draw, camp)``.

    The integral runs over evenly spaced places that cover the posterior of what the camp shares.
    """
    effect = _plain(fit.draws, f"{question.name}_camp", {f"{question.name}_groups": "place"})
    found = [_one_camp(fit, question, camp, effect.isel(place=place)) for place, camp in enumerate(question.groups)]
    return xr.concat(found, "camp").assign_coords(camp=list(question.groups)).transpose("draw", "camp")


def _one_camp(fit: Fitted, question: Asked, camp: str, effect: xr.DataArray) -> xr.DataArray:
    patterns = _in_camp(question, camp)
    reach = np.linspace(-8, 8, STEPS) * float(effect.std())
    shared = xr.DataArray(float(effect.mean()) + reach, dims="step")
    centre, draws = centres(fit, question, camps=False).isel(pattern=patterns), _with_reference(fit, question)
    counts = xr.DataArray(question.data["count"].values[patterns], dims="pattern")
    whole = []
    for block in _blocks(draws.sizes["draw"], question.data.isel(pattern=patterns), times=STEPS):
        some = draws.isel(draw=block)
        answers = density(question, centre.isel(draw=block) + shared, some, patterns)
        prior: Any = likelihood.normal_log_density(shared, 0.0, some[f"{question.name}_camp_sd"])
        whole.append(log_sum_exp((counts * answers).sum("pattern") + prior, "step"))
    return xr.concat([xr.DataArray(found) for found in whole], "draw") + math.log(reach[1] - reach[0])


def difference(one: Score, other: Score, question: Asked) -> tuple[float, float]:
    """How much better one fit's score of the same answers is than another's, and its standard error."""
    each = np.repeat(one.each - other.each, question.data["count"].values)
    return float(each.sum()), float(np.sqrt(len(each)) * each.std(ddof=1)) if len(each) > 1 else math.nan


# Randomised PIT -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pit:
    """Where answers fall in what the other answers predict.

    Attributes
    ----------
    question : str
    values : numpy.ndarray
        One an answer, uniform on [0, 1] if the model is right.
    """

    question: str
    values: Floats

    @property
    def bins(self) -> np.ndarray:
        """Share of answers in each tenth."""
        return np.asarray(np.histogram(self.values, bins=10, range=(0, 1))[0] / len(self.values))

    @property
    def distance(self) -> tuple[float, float]:
        """Kolmogorov-Smirnov distance from uniform, and its p value if answers were independent of the fit."""
        found = stats.kstest(self.values, "uniform")
        return float(found.statistic), float(found.pvalue)


def randomised_pit(fit: Fitted, question: Asked, log_density: xr.DataArray, rng: np.random.Generator) -> Pit:
    """Place each stated probability in its predictive distribution, randomised within the cell it was rounded to.

    Parameters
    ----------
    fit : Fitted
    question : Asked
        With probability answers.
    log_density : xarray.DataArray
        Of `pointwise`: each answer is left out of what predicts it.
    rng : numpy.random.Generator
    """
    weights, _ = left_out_weights(log_density)
    shares = np.exp(weights.values)
    sides = [(shares * _predicted(fit, question, upto=upto).values).sum(axis=0) for upto in (False, True)]
    below, upto = (np.repeat(side, question.data["count"].values) for side in sides)
    return Pit(question.name, np.clip(below + rng.random(len(below)) * (upto - below), 0, 1))


def _predicted(fit: Fitted, question: Asked, *, upto: bool) -> xr.DataArray:
    centre, draws = centres(fit, question), _with_reference(fit, question)
    blocks = _blocks(draws.sizes["draw"], question.data)
    pieces = [predictive_cdf(question, centre.isel(draw=block), draws.isel(draw=block), upto=upto) for block in blocks]
    return xr.concat(pieces, "draw")


def predictive_cdf(question: Asked, centre: xr.DataArray, draws: xr.Dataset, *, upto: bool) -> xr.DataArray:
    """Probability of stating less than each pattern's answer (or no more, if ``upto``), dims ``(draw, pattern)``.

    An answer that lies on no grid is placed in the cell that the likelihood gives it on the finest.
    """
    stated = question.data["value"]
    grids, spikes = _shares(question, draws)
    edge = question.data["upper" if upto else "lower"]
    cdf: Any = likelihood.student_cdf((edge - centre) / draws[f"{question.name}_deviation"])
    believed = (grids * cdf).sum("grid")
    passed = xr.concat([_step(stated, said, upto=upto) for said in rounding.STOCK], "spike")
    usual = (spikes.isel(spike=slice(0, -1)) * passed).sum("spike") + spikes.isel(spike=-1) * believed
    places = np.floor((PLACES - 1) * stated + 1e-9) + 1 if upto else np.ceil((PLACES - 1) * stated - 1e-9)
    return xr.DataArray((1 - OUTLIERS) * usual + OUTLIERS * places / PLACES).transpose("draw", "pattern")


def _step(stated: xr.DataArray, place: float, *, upto: bool) -> xr.DataArray:
    return (stated >= place if upto else stated > place).astype(float)


# Heaping --------------------------------------------------------------------------------------------------------

HEAPS: dict[str, Callable[[Floats], Any]] = {
    "multiples of 5 %": lambda stated: np.abs(20 * stated - np.rint(20 * stated)) < 1e-6,
    "multiples of 10 %": lambda stated: np.abs(10 * stated - np.rint(10 * stated)) < 1e-6,
    "exactly 0": lambda stated: stated == 0,
    "exactly 1": lambda stated: stated == 1,
}


@dataclass(frozen=True, slots=True)
class Heap:
    """How many answers are heaped, as observed and as the model would have it.

    Attributes
    ----------
    question, what : str
    observed : float
        Share of the answers.
    predicted : tuple of float
        The 5 %, 50 % and 95 % quantiles of that share in surveys simulated from the posterior.
    """

    question: str
    what: str
    observed: float
    predicted: tuple[float, float, float]


def heaping(fit: Fitted, question: Asked, rng: np.random.Generator) -> list[Heap]:
    """Compare the heaping of stated probabilities with that of simulated surveys of the same people.

    Parameters
    ----------
    fit : Fitted
    question : Asked
        With probability answers.
    rng : numpy.random.Generator
    """
    counts = question.data["count"].values
    observed = np.repeat(question.data["value"].values, counts)
    simulated = _simulations(fit, question, rng)
    found = []
    for what, is_heaped in HEAPS.items():
        shares = np.array([is_heaped(stated).mean() for stated in simulated])
        low, middle, high = (float(share) for share in np.quantile(shares, [0.05, 0.5, 0.95]))
        found.append(Heap(question.name, what, float(is_heaped(observed).mean()), (low, middle, high)))
    return found


def _simulations(fit: Fitted, question: Asked, rng: np.random.Generator) -> list[Floats]:
    draws = _with_reference(fit, question)
    centre = np.repeat(centres(fit, question).values, question.data["count"].values, axis=1)
    deviation = draws[f"{question.name}_deviation"].values
    grids, spikes = (shares.transpose("draw", ...).values for shares in _shares(question, draws))
    places = np.linspace(0, len(centre) - 1, min(SIMULATIONS, len(centre))).astype(int)
    return [_simulated(question, centre[i], deviation[i], grids[i], spikes[i], rng) for i in places]


def _simulated(
    question: Asked, centre: Floats, deviation: float, grids: Floats, spikes: Floats, rng: np.random.Generator
) -> Floats:
    beliefs = question.from_natural(centre + deviation * rng.standard_t(likelihood.TAILS, len(centre)))
    return stated_from(np.clip(beliefs, 0.0, 1.0), grids, spikes, rng)


# All of it ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Validation:
    """What `toc survey validate` found.

    Attributes
    ----------
    experts : list of Score
        Leave-one-expert-out, one a question.
    pooled : dict of str to tuple
        For questions with camps: score of the fit without camps, and by how much the camps are better, with its
        standard error.
    camps : list of Score
        Leave-one-camp-out, one a question and camp.
    pits : list of Pit
    heaps : list of Heap
    """

    experts: list[Score]
    pooled: dict[str, tuple[Score, float, float]]
    camps: list[Score]
    pits: list[Pit]
    heaps: list[Heap]


def has_camps(fit: Fitted) -> bool:
    """Whether any question was put to more than one camp."""
    return any(len(question.groups) > 1 for question in fit.asked)


def validate(
    fit: Fitted,
    baseline: Fitted | None = None,
    *,
    seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Validation:
    """Validate a fit against its own answers.

    Parameters
    ----------
    fit : Fitted
    baseline : Fitted, optional
        Of `without_camps`, to compare with.
    seed : int
        For the randomisation within cells and for simulated surveys.
    progress : callable, optional
        Called with the questions done and in all.
    """
    rng = np.random.default_rng(seed)
    found = Validation([], {}, leave_one_camp_out(fit), [], [])
    for place, question in enumerate(fit.asked):
        log_density = pointwise(fit, question)
        score = leave_one_expert_out(question, log_density)
        found.experts.append(score)
        if baseline and len(question.groups) > 1:
            other = baseline.asked[place]
            pooled = leave_one_expert_out(other, pointwise(baseline, other))
            found.pooled[question.name] = (pooled, *difference(score, pooled, question))
        if question.kind == "probability":
            found.pits.append(randomised_pit(fit, question, log_density, rng))
            found.heaps.extend(heaping(fit, question, rng))
        if progress:
            progress(place + 1, len(fit.asked))
    return found
