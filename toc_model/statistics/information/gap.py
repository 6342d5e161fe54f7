"""How far apart two views stay once both are told something: each learns by its own lights."""

from collections.abc import Hashable
from functools import lru_cache

import numpy as np
import xarray as xr

from toc_model.aliases import Floats
from toc_model.errors import InputError
from toc_model.labels import aligned
from toc_model.statistics.averages import mean_of
from toc_model.statistics.draws import fail_if_no_draws
from toc_model.statistics.information.columns import FEWEST, Inputs, columns_like, weighed_as
from toc_model.statistics.regression import Fit, on_one_thread, smooth
from toc_model.statistics.standard_errors import RUN, Design, design_of

VIEWS = 2
REPEATS = 100
"""Times that a fit is varied, for its share of the standard error."""


@on_one_thread
def expected_gap(results: tuple[xr.DataArray, xr.DataArray], told: tuple[Inputs, Inputs]) -> xr.Dataset:
    """Expected distance of two views' expected results once both are told the same.

    Each view regresses its results on what it would be told, within its own draws. What is told comes from either view
    with equal weight; both regressions are read there, and the distance is averaged. Where one view is told what none
    of its draws held possible, it is taken to be told the nearest that one did, input by input, so that what is far
    from its beliefs moves it less than it should.

    Parameters
    ----------
    results : pair of xarray.DataArray
        Dims ``(draw, measure)``; both views have as many draws, which may be paired, and go together by their labels.
    told : pair of xarray.DataArray or xarray.Dataset
        Dims ``(draw, ...)``: what each view's draws would have it told, named alike.

    Returns
    -------
    xarray.Dataset
        ``gap`` and ``se``, its standard error (of the draws and of the regressions together), dims ``(measure,)``; and
        ``beyond``, the share of what is told that lies beyond the draws of one of the views.

    Raises
    ------
    InputError
        If there are fewer than 100 draws, or inputs have other draws, or others for each view, or a value that is not
        finite, or results are of other measures.
    """
    for view, result in zip(("first", "second"), results, strict=True):
        fail_if_no_draws(result, f"results of the {view} view")
    draws = results[0].sizes["draw"]
    if draws < FEWEST:
        raise InputError(f"results: found {draws} draws; allowed: {FEWEST} or more")
    results = results[0], aligned(results[1], results[0], ("results of the second view", "the first"))
    results = weighed_as(told[0], results[0], "its results"), weighed_as(told[1], results[1], "its results")
    own = [columns_like(inputs, result, "its results") for inputs, result in zip(told, results, strict=True)]
    if set(own[0]) != set(own[1]):
        raise InputError(f"told: found {', '.join(own[0])} and {', '.join(own[1])}; allowed: the same for both views")
    inputs = [np.column_stack([columns[name] for name in own[0]]) for columns in own]
    places = np.concatenate(inputs)
    values = [result.transpose(*results[0].dims).transpose("draw", ...).values.reshape(draws, -1) for result in results]
    designs = [design_of(result) for result in results]
    fits = [smooth(x, y, design.weight) for x, y, design in zip(inputs, values, designs, strict=True)]
    both = design_of(results[0] - results[1]).unweighted
    found = [_gap(pair, places, designs, both) for pair in zip(*fits, strict=True)]
    strange = np.logical_or(*(_is_beyond(places, *sides) for sides in zip(inputs, designs, strict=True)))
    beyond = mean_of(strange, _weights_of_places(designs))
    measure: Hashable = next(dim for dim in results[0].dims if dim != "draw")
    gaps, errors = np.transpose(found)
    return xr.Dataset(
        {"gap": (measure, gaps), "se": (measure, errors), "beyond": float(beyond)},
        coords={measure: results[0][measure].values},
    )


def _gap(fits: tuple[Fit, Fit], places: Floats, designs: list[Design], both: Design) -> tuple[float, float]:
    """Mean distance of two fits and its standard error; the first half of places is the first view's.

    Draws of both views are paired, and how they were made is told by one design, while each counts by its own weights.
    """
    signs = signs_for(both)
    terms = [fit.terms_at(places) for fit in fits]
    one, other = (fit.given(own) for fit, own in zip(fits, terms, strict=True))
    one_error, other_error = (fit.errors(signs, own) for fit, own in zip(fits, terms, strict=True))
    apart = other - one
    varied = mean_of(abs(apart[:, None] + other_error - one_error), _weights_of_places(designs))
    halves = zip(designs, np.split(abs(apart), VIEWS), strict=True)
    by_draw = np.stack([design.contributions(half) for design, half in halves]).mean(axis=0)
    return float(by_draw.mean()), float(np.sqrt(both.error(by_draw) ** 2 + varied.var(ddof=1)))


def _weights_of_places(designs: list[Design]) -> Floats | None:
    """How much each place counts: those of a view by the weights of its draws; None where all count alike."""
    if all(design.weight is None for design in designs):
        return None
    return np.concatenate([np.ones(one.draws) if one.weight is None else one.weight for one in designs])


def _is_beyond(places: Floats, inputs: Floats, design: Design) -> np.ndarray:
    inputs = inputs if design.weight is None else inputs[design.weight > 0]
    return np.asarray(((places < inputs.min(axis=0)) | (places > inputs.max(axis=0))).any(axis=1))


def signs_for(design: Design) -> Floats:
    """Signs by which fits are varied, alike for draws of a chain that follow each other; shape (draws, repeats)."""
    signs = random_signs(design.draws)
    if design.order is None:
        return signs
    alike = np.empty_like(signs)
    alike[design.order] = signs[np.arange(design.draws) // RUN]
    return alike


@lru_cache(maxsize=2)
def random_signs(draws: int) -> Floats:
    """Signs by which fits are varied, the same for all fits of as many draws; shape (draws, repeats)."""
    return np.asarray(np.random.default_rng(0).choice([-1.0, 1.0], (draws, REPEATS)), float)
