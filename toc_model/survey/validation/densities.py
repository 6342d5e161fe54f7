"""Densities of answers at the draws of a fit: the likelihoods of the observation model, in plain xarray."""

import math
from collections.abc import Callable
from typing import Any

import xarray as xr

from toc_model.story import STORY
from toc_model.survey import likelihood
from toc_model.survey.asking import plain_values
from toc_model.survey.questions import Asked
from toc_model.survey.validation.fit import Fitted

BLOCK = 4_000_000
"""Numbers in the largest array that is held at a time."""
REFERENCE = "reference"
"""Name of what the cut points of ordered answers are counted from."""


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
    centre, draws = centres(fit, question), own_draws(fit, question)
    found = [
        density(question, centre.isel(draw=block), draws.isel(draw=block))
        for block in blocks(draws.sizes["draw"], question.data)
    ]
    counts = question.data["count"].values
    return xr.concat(found, "draw").transpose("draw", "pattern").assign_coords(count=("pattern", counts))


def blocks(many: int, data: xr.Dataset, times: int = 1) -> list[slice]:
    """Runs of draws that keep the largest array, that of all dimensions of the data, below `BLOCK`."""
    size = max(1, BLOCK // (times * math.prod(data.sizes.values())))
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
        levers = fit.allocations.only([question.mapping.allocation]).levers()
        target = plain_values(STORY, question, draws[list(STORY.parameters)], levers)
        centre = xr.DataArray(question.natural(target)).drop_vars("allocation", errors="ignore")
        centre = centre.expand_dims(pattern=question.data.sizes["pattern"])
    if camps and f"{name}_camp" in draws:
        centre = centre + _of_patterns(question, draws, f"{name}_camp", "group")
    return centre.transpose("draw", "pattern")


def _of_patterns(question: Asked, draws: xr.Dataset, name: str, what: str) -> xr.DataArray:
    """The effect of each pattern's framing or camp."""
    effect = plain(draws, name, {f"{question.name}_{what}s": "place"})
    return effect.isel(place=xr.DataArray(question.data[what].values, dims="pattern"))


def plain(draws: xr.Dataset, name: str, dims: dict[str, str]) -> xr.DataArray:
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
        plain(draws, f"{name}_grid", {f"{name}_grids": "grid"}),
        plain(draws, f"{name}_spike", {f"{name}_spikes": "spike"}),
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
    steps = plain(draws, f"{question.name}_step", {f"{question.name}_steps": "step"})
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
