"""Sample information: what a study would be worth, and whether that is more than it costs."""

from dataclasses import replace

import numpy as np
import xarray as xr

from toc_model.aliases import Floats
from toc_model.errors import InputError
from toc_model.labels import aligned, in_label_order
from toc_model.statistics.averages import mean_of
from toc_model.statistics.draws import fail_if_unfit
from toc_model.statistics.information.columns import Inputs, columns_like, paired_losses, weighed_as
from toc_model.statistics.information.estimates import Estimate
from toc_model.statistics.information.gains import gain_by, gains
from toc_model.statistics.information.perfect import evpi, evppi
from toc_model.statistics.regression import on_one_thread, smooth
from toc_model.statistics.standard_errors import design_of

FEWEST_STUDIES = 20
FEWEST_EFFECTIVE = 20
"""Fewest draws, in effect, that a simulated study's posterior may rest on, in the middle of studies."""
REPEATS = 100
"""Times that studies are drawn again, for their share of the standard error."""


def evsi_regression(loss: xr.DataArray, statistics: Inputs, *, limit: Estimate | None = None) -> Estimate:
    """Expected value of sample information, by regression on what a study would report.

    In each draw a study is simulated and summarised; paired differences of losses are regressed on the summaries
    (Strong, Oakley, Brennan and Breeze 2015, doi:10.1177/0272989X15575286). What summaries leave out counts as not
    learnt.

    Parameters
    ----------
    loss : xarray.DataArray
        Dims ``(draw, allocation)``; lower is better.
    statistics : xarray.DataArray or xarray.Dataset
        Dims ``(draw, ...)``: summaries of the study simulated from that draw.
    limit : Estimate, optional
        Value of knowing what the study is about, which it can't exceed.

    Raises
    ------
    InputError
        As `toc_model.statistics.information.evppi` does.
    """
    found = evppi(loss, statistics)
    return found.at_most(limit) if limit else found


@on_one_thread
def evsi_moment_matching(loss: xr.DataArray, inputs: Inputs, weights: xr.DataArray) -> Estimate:
    """Expected value of sample information, by moment matching (Heath, Manolopoulou and Baio 2018).

    Expected losses given the inputs are drawn together towards their mean until they vary as much as their means after
    the study: by the variance now less the mean variance after it (doi:10.1177/0272989X17738515).

    Parameters
    ----------
    loss : xarray.DataArray
        Dims ``(draw, allocation)``; lower is better.
    inputs : xarray.DataArray or xarray.Dataset
        What the study is about, dims ``(draw, ...)``.
    weights : xarray.DataArray
        Dims ``(study, draw)``: for each of some studies, simulated from draws of the inputs, the posterior weights of
        all draws (their likelihoods, in any unit). Thirty to fifty studies are enough. Where draws have weights of
        their own, studies are simulated from draws picked by these.

    Raises
    ------
    InputError
        As `toc_model.statistics.information.evppi` does; if there are fewer than 20 studies, or weights are not of
        these draws, or not positive numbers or zero, or rest on too few draws.
    """
    loss = weighed_as(weights.rename("weights"), weighed_as(inputs, in_label_order(loss)))
    losses, design = paired_losses(loss), design_of(loss)
    shares = _shares(weights, loss, design.weight)
    fits = smooth(np.column_stack(list(columns_like(inputs, loss).values())), losses, design.weight)
    expected = np.column_stack([fit.expected for fit in fits])
    held_out = np.column_stack([fit.held_out for fit in fits])
    after = _variances(expected, shares)
    mean = after.mean(axis=0)
    turned_out, seen, unseen = (
        _drawn_together(these, expected, mean, design.weight) for these in (losses, expected, held_out)
    )
    found = gain_by(turned_out, seen, unseen, design).estimate
    se = float(np.hypot(found.se, _of_other_studies(expected, after, design.weight).std(ddof=1)))
    return replace(found, se=se).at_most(evppi(loss, inputs)).at_most(evpi(loss))


def _shares(weights: xr.DataArray, loss: xr.DataArray, own: Floats | None) -> Floats:
    """What part of each study's posterior each draw is, shape (studies, draws)."""
    fail_if_unfit(weights, "weights")
    if set(weights.dims) != {"study", "draw"}:
        raise InputError(f"weights: found the dims {tuple(map(str, weights.dims))}; allowed: study and draw")
    weights = aligned(weights, loss, ("weights", "the loss"), ["draw"])
    if weights.sizes["study"] < FEWEST_STUDIES:
        raise InputError(f"weights: found {weights.sizes['study']} studies; allowed: {FEWEST_STUDIES} or more")
    values = weights.transpose("study", "draw").values.astype(float)
    values = values if own is None else values * own
    totals = values.sum(axis=1, keepdims=True)
    if (values < 0).any() or (totals == 0).any():
        raise InputError("weights: allowed: positive numbers or zero, and in no study all of them zero")
    shares = np.asarray(values / totals)
    usual = float(np.median(1 / (shares**2).sum(axis=1)))
    if usual < FEWEST_EFFECTIVE:
        raise InputError(
            f"weights: found posteriors that rest on {usual:.0f} draws in effect; allowed: {FEWEST_EFFECTIVE} or "
            "more (take more draws, or regress on summaries of the study)"
        )
    return shares


def _variances(expected: Floats, shares: Floats) -> Floats:
    """Covariance of expected losses after each study, shape (studies, losses, losses)."""
    means = shares @ expected
    squares = np.einsum("sn,nk,nl->skl", shares, expected, expected, optimize=True)
    return np.asarray(squares - means[:, :, None] * means[:, None, :])


def _drawn_together(these: Floats, expected: Floats, after: Floats, weights: Floats | None) -> Floats:
    """Expected losses, drawn towards their mean as much as a study leaves open.

    Parameters
    ----------
    these : array of shape (some draws, losses)
        What to draw together.
    expected : array of shape (draws, losses)
        What has the covariance of now.
    after : array of shape (losses, losses)
        Mean covariance after the study.
    weights : array of shape (draws,) or None
        How much each draw counts.
    """
    now = np.atleast_2d(np.cov(expected.T, bias=True, aweights=weights))
    middle = mean_of(these, weights)
    return np.asarray(middle + (these - middle) @ _root(now, -0.5) @ _root(now - after, 0.5))


def _root(matrix: Floats, power: float) -> Floats:
    """A power of a symmetric matrix, in which what is not positive counts as zero."""
    sizes, directions = np.linalg.eigh(matrix)
    positive = sizes > 1e-12 * max(sizes.max(), np.finfo(float).tiny)
    powers = np.where(positive, np.where(positive, sizes, 1.0) ** power, 0.0)
    return np.asarray(directions * powers @ directions.T)


def _of_other_studies(expected: Floats, after: Floats, weights: Floats | None) -> Floats:
    """The value with studies drawn again, shape (repeats,)."""
    rng = np.random.default_rng(1)
    picked = rng.integers(0, len(after), (REPEATS, len(after)))
    drawn = (_drawn_together(expected, expected, after[one].mean(axis=0), weights) for one in picked)
    return np.array([mean_of(gains(one, weights), weights) for one in drawn])


def net_benefit(value: Estimate, experts: float, *, cost_per_expert: float, exchange_rate: float) -> Estimate:
    """Expected net benefit of asking experts.

    Parameters
    ----------
    value : Estimate
        Of the survey, in the unit of the loss.
    experts : float
        How many are asked.
    cost_per_expert : float
        Of asking one, all in, in any unit of cost.
    exchange_rate : float
        Loss that a unit of cost averts elsewhere.

    Returns
    -------
    Estimate
        In units of cost; negative where the survey costs more than it is worth.

    Raises
    ------
    InputError
        If the cost is negative, or the exchange rate or the number of experts is not positive.
    """
    if not 0 <= cost_per_expert < np.inf:
        raise InputError(f"cost per expert: found {cost_per_expert:g}; allowed: 0 or more")
    if not 0 < experts < np.inf:
        raise InputError(f"experts: found {experts:g}; allowed: more than 0")
    return in_units_of_cost(value, exchange_rate).less(experts * cost_per_expert)


def in_units_of_cost(value: Estimate, exchange_rate: float) -> Estimate:
    """What a value in the unit of the loss is worth where a unit of cost averts so much of it.

    Raises
    ------
    InputError
        If the exchange rate is not positive.
    """
    if not 0 < exchange_rate < np.inf:
        raise InputError(f"exchange rate: found {exchange_rate:g}; allowed: more than 0")
    return value.times(1 / exchange_rate)
