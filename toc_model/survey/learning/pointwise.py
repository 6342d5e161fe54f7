"""Densities of answers at the draws of a fit: the likelihoods of the observation model, in plain xarray.

On the 4,000 draws of ESPAI the log likelihood takes a fifth of the time that PyMC needs to compile and compute it.
"""

from collections.abc import Callable
from typing import Any

import xarray as xr

from toc_model.engine.laws import log_sum_exp
from toc_model.survey.kinds import KINDS
from toc_model.survey.kinds.mood import MOODS, moods
from toc_model.survey.kinds.parameters import Parameter
from toc_model.survey.learning.asking import plain_values
from toc_model.survey.learning.fitted import Fitted
from toc_model.survey.learning.people import People, answers_together, people_of
from toc_model.survey.learning.questions import Asked

BLOCK = 4_000_000
"""Numbers in the largest array that is held at a time."""
REFERENCE = "reference"
"""Name of what the cut points of ordered answers are counted from."""


def log_likelihood(fit: Fitted) -> xr.Dataset:
    """Log likelihood of all answers, draw by draw.

    Parameters
    ----------
    fit : Fitted

    Returns
    -------
    xarray.Dataset
        Dims ``(draw,)``: one variable a question, of all answers to it; where the answers of an expert to a source
        share a mood, they make up one variable, which has the name of the source.
    """
    found = {}
    for people in people_of(fit.asked):
        together = [name for name in people.together if f"{name}_loading" in fit.draws]
        for question in fit.asked:
            if question.source_id == people.source_id and question.name not in together:
                found[question.name] = _sum(pointwise(fit, question), question.data["count"].values, "pattern")
        if together:
            own = people.only(together)
            found[people.source_id] = _sum(joint_density(fit, own), own.counts, "expert")
    return xr.Dataset(found)


def _sum(found: xr.DataArray, counts: Any, dim: str) -> xr.DataArray:
    """The sum over all answers, without labels."""
    return (found * xr.DataArray(counts, dims=dim)).sum(dim).reset_coords(drop=True)


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
    found = _at_each_draw(fit, question, density)
    counts = question.data["count"].values
    return found.transpose("draw", "pattern").assign_coords(count=("pattern", counts))


def pointwise_by_mood(fit: Fitted, question: Asked) -> xr.DataArray:
    """Like `pointwise`, but with a dimension ``mood`` where an expert's answers share one."""
    return _at_each_draw(fit, question, moody_density)


def joint_density(fit: Fitted, people: People) -> xr.DataArray:
    """Log density of all answers of each expert, dims ``(draw, expert)``, with the mood that they share integrated out.

    Parameters
    ----------
    fit : Fitted
    people : People
        The respondents to one source.
    """
    densities = {item.name: pointwise_by_mood(fit, item) for item in fit.asked if item.name in people.questions}
    many = fit.draws.sizes["draw"]
    sizes = {name: found.sizes["pattern"] for name, found in densities.items()}
    shared = any("mood" in found.dims for found in densities.values())
    if shared:
        mood = xr.zeros_like(xr.DataArray(moods()[0], dims="mood"))
        densities = {name: found + mood for name, found in densities.items()}
    size = max(1, BLOCK // (len(people.counts) * MOODS))
    pieces = []
    for start in range(0, many, size):
        some = {name: found.isel(draw=slice(start, start + size)) for name, found in densities.items()}
        answers = answers_together(people, some, sizes)
        pieces.append(by_themselves(answers) if shared else answers)
    return xr.concat(pieces, "draw").transpose("draw", "expert")


def _at_each_draw(fit: Fitted, question: Asked, law: Callable[..., xr.DataArray]) -> xr.DataArray:
    centre, draws = centres(fit, question), own_draws(fit, question)
    times = MOODS if f"{question.name}_loading" in draws else 1
    pieces = [
        law(question, centre.isel(draw=block), draws.isel(draw=block))
        for block in blocks(draws.sizes["draw"], times * KINDS[question.kind].size(question.data))
    ]
    return xr.concat(pieces, "draw")


def blocks(many: int, each: int) -> list[slice]:
    """Runs of draws that keep the largest array, which has so many numbers for each of them, below `BLOCK`."""
    size = max(1, BLOCK // each)
    return [slice(start, start + size) for start in range(0, many, size)]


def own_draws(fit: Fitted, question: Asked) -> xr.Dataset:
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
        centre = _asked_value(fit, question).expand_dims(pattern=question.data.sizes["pattern"])
    if camps and f"{name}_camp" in draws:
        centre = centre + _of_patterns(question, draws, f"{name}_camp", "group")
    return centre.transpose("draw", "pattern")


def _asked_value(fit: Fitted, question: Asked) -> xr.DataArray:
    """What the question asks about on its natural scale, dims ``(draw,)``."""
    if question.truth is not None:
        return xr.full_like(fit.draws["draw"], question.truth, float)
    about = question.mapping.allocation
    levers = fit.allocations.only([about] if about else []).levers()
    target = plain_values(fit.beliefs, question.mapping, levers)
    return xr.DataArray(question.natural(target)).drop_vars("allocation", errors="ignore")


def _of_patterns(question: Asked, draws: xr.Dataset, name: str, what: str) -> xr.DataArray:
    """The effect of each pattern's framing or camp; none at the place behind the last, that of no camp."""
    effect = plain(draws, name, {f"{question.name}_{what}s": "place"}).pad(place=(0, 1), constant_values=0.0)
    return effect.isel(place=xr.DataArray(question.data[what].values, dims="pattern"))


def plain(draws: xr.Dataset, name: str, dims: dict[str, str]) -> xr.DataArray:
    """A variable under the names of dimensions that the likelihoods know, without labels."""
    return draws[name].rename(dims).drop_vars([*dims, *dims.values()], errors="ignore")


def density(question: Asked, centre: xr.DataArray, draws: xr.Dataset, patterns: Any = slice(None)) -> xr.DataArray:
    """Log density of one answer of each pattern by itself, given the centres of beliefs.

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
    found = moody_density(question, centre, draws, patterns)
    return by_themselves(found) if "mood" in found.dims else found


def by_themselves(found: xr.DataArray) -> xr.DataArray:
    """Integrate out the mood of an expert."""
    log_weights = xr.DataArray(moods()[1], dims="mood")
    whole: Any = log_sum_exp(found + log_weights, "mood")
    return xr.DataArray(whole)


def moody_density(
    question: Asked, centre: xr.DataArray, draws: xr.Dataset, patterns: Any = slice(None)
) -> xr.DataArray:
    """Like `density`, but for each mood that the expert's other answers share, where they share one."""
    of = parameters_of(question, draws)
    mood = xr.DataArray(moods()[0], dims="mood") if "loading" in of else None
    data = {str(name): values for name, values in question.data.isel(pattern=patterns).items()}
    found: Any = KINDS[question.kind].log_density(question.mapping, centre, of, data, mood)
    return xr.DataArray(found)


def parameters_of(question: Asked, draws: xr.Dataset) -> dict[str, xr.DataArray]:
    """The parameters of a question's likelihood, under the names that it knows."""
    declared = KINDS[question.kind].parameters(question.mapping)
    found = {parameter.name: _drawn(question, parameter, draws) for parameter in declared}
    others = {"loading": f"{question.name}_loading", REFERENCE: REFERENCE}
    return found | {short: draws[name] for short, name in others.items() if name in draws}


def _drawn(question: Asked, parameter: Parameter, draws: xr.Dataset) -> xr.DataArray:
    name = parameter.variable(question.name)
    if parameter.labels is None:
        return draws[name]
    return plain(draws, name, {parameter.dim(question.name): parameter.name})
