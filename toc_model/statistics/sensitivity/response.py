"""How outcomes respond when one input moves over its range and the others are integrated over their draws."""

from collections.abc import Callable, Sequence

import numpy as np
import xarray as xr
from scipy import special

from toc_model.aliases import Floats, Progress
from toc_model.labels import aligned, made_as
from toc_model.statistics import averages
from toc_model.statistics.draws import ROUNDING, fail_if_no_draws
from toc_model.statistics.regression import on_one_thread, smooth
from toc_model.statistics.sensitivity.given_data import paired_outcomes
from toc_model.statistics.standard_errors import Design, design_of, error_of_mean

type Model = Callable[[xr.DataArray], xr.DataArray]
"""From inputs with dims ``(draw, entry)`` to outcomes with dims ``(draw, outcome)``."""

ENDS = (0.05, 0.95)
CROSSING_LEVELS = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
ROWS = 2**16
"""Rows that a model is run for at a time."""


def response_by_setting(
    inputs: xr.DataArray,
    model: Model,
    levels: Sequence[float] = ENDS,
    *,
    rows: xr.DataArray | None = None,
    progress: Progress | None = None,
) -> xr.Dataset:
    """Set one input at a time to quantiles of its draws, and keep those of the others: for independent inputs.

    Parameters
    ----------
    inputs : xarray.DataArray
        Dims ``(draw, entry)``, whose quantiles are taken.
    model : callable
        From such a table to outcomes, dims ``(draw, outcome)``.
    levels : sequence of float
        Between 0 and 1, rising.
    rows : xarray.DataArray, optional
        Fewer draws of the inputs, over which the others are integrated; all by default.
    progress : callable, optional
        Called with the number of batches done and the number of all.

    Returns
    -------
    xarray.Dataset
        ``value (entry, level)``; ``expected (entry, level, outcome)``, means over draws; ``swing (entry, outcome)``
        from the first level to the last, with its Monte Carlo ``error``; ``largest (entry)``, the largest move of any
        outcome in any draw between these levels.

    Raises
    ------
    InputError
        If an entry is there twice, the rows have other entries, or an input or an outcome is no finite number.
    """
    fail_if_no_draws(inputs, "inputs", "entry")
    if rows is not None:
        fail_if_no_draws(rows, "rows", "entry")
    rows = inputs if rows is None else aligned(rows, inputs, ("rows", "the table of inputs"), ["entry"])
    values = _values(inputs, levels, averages.weights_of(inputs))
    names = list(inputs["entry"].values)
    batch = max(1, ROWS // (len(levels) * rows.sizes["draw"]))
    batches = [names[first : first + batch] for first in range(0, len(names), batch)]
    found = []
    for done, chosen in enumerate(batches, start=1):
        found.append(_set(rows, model, values, chosen))
        if progress:
            progress(done, len(batches))
    y = xr.concat(found, dim="entry").assign_coords(made_as(rows))
    swing = y.isel(level=-1) - y.isel(level=0)
    return xr.Dataset(
        {
            "value": values,
            "expected": averages.mean(y),
            "swing": averages.mean(swing),
            "error": error_of_mean(swing),
            "largest": abs(averages.counting(swing)).max(["draw", "outcome"]),
        }
    )


def _set(rows: xr.DataArray, model: Model, values: xr.DataArray, chosen: Sequence[object]) -> xr.DataArray:
    """Outcomes with each of the chosen entries at each of its values, dims ``(entry, level, draw, outcome)``."""
    table = rows.transpose("draw", "entry").values
    names = list(rows["entry"].values)
    levels = values.sizes["level"]
    stacked = np.tile(table, (len(chosen), levels, 1, 1))
    for place, name in enumerate(chosen):
        stacked[place, :, :, names.index(name)] = values.sel(entry=name).values[:, None]
    asked = xr.DataArray(stacked.reshape(-1, len(names)), dims=("draw", "entry"), coords={"entry": names})
    y = model(asked)
    fail_if_no_draws(y, "outcomes", "outcome")
    return xr.DataArray(
        y.transpose("draw", "outcome").values.reshape(len(chosen), levels, len(table), -1),
        dims=("entry", "level", "draw", "outcome"),
        coords={"entry": list(chosen), "level": values["level"].values, "outcome": y["outcome"].values},
    )


@on_one_thread
def response_by_regression(inputs: xr.DataArray, outcomes: xr.DataArray, levels: Sequence[float] = ENDS) -> xr.Dataset:
    """Expectations of outcomes given one input: the others move along as far as they depend on it.

    Parameters
    ----------
    inputs : xarray.DataArray
        Dims ``(draw, entry)``.
    outcomes : xarray.DataArray
        Dims ``(draw, outcome)``.
    levels : sequence of float
        Between 0 and 1, rising.

    Returns
    -------
    xarray.Dataset
        As `response_by_setting` gives it, without ``largest``; ``error`` is the standard error of the regression.

    Raises
    ------
    InputError
        If there are too few draws, inputs and outcomes are of different ones, or an outcome does not vary.
    """
    outcomes = paired_outcomes(inputs, outcomes)
    y, design = outcomes.transpose("draw", "outcome").values, design_of(outcomes)
    values = _values(inputs, levels, design.weight)
    fits = [
        _fitted(inputs.sel(entry=name).values, y, values.sel(entry=name).values, design)
        for name in inputs["entry"].values
    ]
    expected, error = (np.stack(column) for column in zip(*fits, strict=True))
    places = {"entry": inputs["entry"].values, "level": list(levels), "outcome": outcomes["outcome"].values}
    mean = xr.DataArray(expected, dims=("entry", "level", "outcome"), coords=places)
    swing = mean.isel(level=-1, drop=True) - mean.isel(level=0, drop=True)
    return xr.Dataset({"value": values, "expected": mean, "swing": swing, "error": swing.copy(data=error)})


def _fitted(x: Floats, y: Floats, values: Floats, design: Design) -> tuple[Floats, Floats]:
    """Expected outcomes at some values of one input, and the standard error of the last less the first."""
    fits = smooth(x[:, None], y, design.weight)
    there = [fit.terms_at(values[:, None]) for fit in fits]
    expected = [fit.given(terms) for fit, terms in zip(fits, there, strict=True)]
    ends = [(fit, terms[-1], terms[0]) for fit, terms in zip(fits, there, strict=True)]
    errors = [
        fit.error_between(high, low) * float(design.inflation(fit.influence_between(high, low)))
        for fit, high, low in ends
    ]
    return np.column_stack(expected), np.array(errors)


def unmoved(inputs: xr.DataArray, model: Model) -> list[str]:
    """Inputs that no outcome depends on: none moves by more than rounding in any draw, from the 5 to the 95 %."""
    found = response_by_setting(inputs, model, rows=averages.counting(inputs).isel(draw=slice(50)))
    rounding = ROUNDING * float(abs(found["expected"]).max())
    return [str(name) for name in found["entry"].values if float(found["largest"].sel(entry=name)) <= rounding]


def crossings(response: xr.Dataset, mean: float, outcome: str) -> dict[str, float]:
    """Values of single inputs at which the expected outcome changes sign, the one nearest to the median of each.

    Parameters
    ----------
    response : xarray.Dataset
        Of `response_by_setting` or `response_by_regression`, at several levels.
    mean : float
        The expected outcome, all inputs integrated; a crossing leads to the other sign.
    outcome : str

    Returns
    -------
    dict of str to float
        Those inputs that have one between the first level and the last, in their own unit, on a straight line between
        two of the levels' values.
    """
    z = special.ndtri(response["level"].values)
    found = {}
    for name in response["entry"].values:
        y = response["expected"].sel(entry=name, outcome=outcome).values * np.sign(mean)
        places = [place for place in range(len(z) - 1) if (y[place] > 0) != (y[place + 1] > 0)]
        if places:
            nearest = min(places, key=lambda place: abs(_zero(z, y, place)))
            found[str(name)] = _zero(response["value"].sel(entry=name).values, y, nearest)
    return found


def _zero(x: Floats, y: Floats, place: int) -> float:
    """Where a straight line through two neighbouring points is zero."""
    return float(x[place] - y[place] * (x[place + 1] - x[place]) / (y[place + 1] - y[place]))


def _values(inputs: xr.DataArray, levels: Sequence[float], weights: Floats | None) -> xr.DataArray:
    """Quantiles of the inputs, dims ``(entry, level)``."""
    quantiles = averages.quantiles_of(inputs.transpose("draw", "entry").values, list(levels), weights).T
    return xr.DataArray(
        quantiles, dims=("entry", "level"), coords={"entry": inputs["entry"].values, "level": list(levels)}
    )
