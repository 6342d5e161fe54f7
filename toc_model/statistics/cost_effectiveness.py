"""What options cost for what they gain: frontiers, incremental ratios, and which is best at what one would pay.

Names are those of health economics (Briggs, Claxton and Sculpher 2006; statuses as in dampack): an option is dominated
(D) if another gains no less for no more, and extended-dominated (ED) if two others, mixed, do. What is left (ND) is the
frontier; an option's ratio is what each unit more costs that it gains over the one before it there. As elsewhere in
`toc_model.statistics`, what is gained is handed over as losses (lower is better; the negative of effects).
"""

from collections.abc import Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from toc_model.aliases import Floats
from toc_model.errors import InputError
from toc_model.labels import aligned, in_label_order
from toc_model.statistics import averages, decisions
from toc_model.statistics.draws import ROUNDING, fail_if_unfit
from toc_model.statistics.resamples import RESAMPLES
from toc_model.statistics.standard_errors import design_of

STATUSES = ("ND", "ED", "D")
"""On the frontier, extended-dominated, dominated."""
LARGEST = 1e60
"""Of costs and losses, so that no square of a net benefit is beyond what a number can be."""


def frontier(loss: xr.DataArray, cost: xr.DataArray) -> xr.Dataset:
    """Which options are worth considering at some price of a unit of effect, and at which.

    Parameters
    ----------
    loss : xarray.DataArray
        The negative of effects, dims ``(draw, allocation)``, or ``(allocation,)`` for means.
    cost : xarray.DataArray
        In any unit, dims ``(allocation,)`` or ``(draw, allocation)``; negative for what saves.

    Returns
    -------
    xarray.Dataset
        Dims ``(allocation,)``: mean ``cost`` and ``effect``, ``status`` (ND, ED or D), and on the frontier
        ``extra_cost``, ``extra_effect`` and ``ratio`` (their quotient) against the option ``after`` which it comes,
        with the ratio's Monte Carlo error ``ratio_mcse`` (delta method; 0 without draws). NaN and "" where there is
        none: off the frontier, and for the cheapest option on it. Options that cost and gain the same have the same
        status. How sure a status is, `frontier_shares` says.

    Raises
    ------
    InputError
        If costs are of other options or draws than losses, an option is there twice, or a value is no finite number.
    """
    loss, cost = _together(loss, cost)
    effect = -loss
    means = [_mean(one).values for one in (cost, effect)]
    status, after = statuses(*means)
    names = loss["allocation"].values
    ratios = [
        _ratio(cost, effect, place, before) if before >= 0 else (np.nan,) * 4 for place, before in enumerate(after)
    ]
    extra_cost, extra_effect, ratio, error = np.array(ratios).T
    return xr.Dataset(
        {
            "cost": ("allocation", means[0]),
            "effect": ("allocation", means[1]),
            "status": ("allocation", status),
            "after": ("allocation", [str(names[before]) if before >= 0 else "" for before in after]),
            "extra_cost": ("allocation", extra_cost),
            "extra_effect": ("allocation", extra_effect),
            "ratio": ("allocation", ratio),
            "ratio_mcse": ("allocation", error),
        },
        coords={"allocation": names},
    )


def frontier_shares(
    loss: xr.DataArray, cost: xr.DataArray, *, resamples: int = RESAMPLES, seed: int = 0
) -> xr.DataArray:
    """In what share of bootstrap resamples of draws an option has each status.

    Parameters
    ----------
    loss : xarray.DataArray
        Dims ``(draw, allocation)``; draws are picked as wholes, so that costs and losses stay paired.
    cost : xarray.DataArray
        Dims ``(allocation,)`` or ``(draw, allocation)``.
    resamples : int
    seed : int
        Of the resamples.

    Returns
    -------
    xarray.DataArray
        Dims ``(status, allocation)``; adds up to one over statuses. `toc_model.statistics.resamples.told` says whether
        a share is enough.

    Raises
    ------
    InputError
        As `frontier` does, or if losses have no draws.
    """
    loss, cost = _together(in_label_order(loss), cost)
    if "draw" not in loss.dims:
        raise InputError("loss: found no draws; allowed: an array with the dim draw")
    values = [one.broadcast_like(loss).transpose("draw", "allocation").values.astype(float) for one in (cost, -loss)]
    picked = design_of(loss).resamples(values[1], resamples, seed) / loss.sizes["draw"]
    costs, effects = (picked @ one for one in values)
    found = np.array([statuses(*means)[0] for means in zip(costs, effects, strict=True)])
    shares = np.stack([(found == status).mean(axis=0) for status in STATUSES])
    names = loss["allocation"].values
    return xr.DataArray(shares, dims=("status", "allocation"), coords={"status": list(STATUSES), "allocation": names})


def acceptability(loss: xr.DataArray, cost: xr.DataArray, willingness: Sequence[float]) -> xr.Dataset:
    """Which option is best, and how surely, at what one would pay for a unit of effect.

    Parameters
    ----------
    loss : xarray.DataArray
        The negative of effects, dims ``(draw, allocation)``.
    cost : xarray.DataArray
        Dims ``(allocation,)`` or ``(draw, allocation)``.
    willingness : sequence of float
        Units of cost for a unit of effect, 0 or more.

    Returns
    -------
    xarray.Dataset
        Dims ``(willingness, allocation)``: ``p_best`` (the acceptability curve), ``opportunity_loss`` (in units of
        cost; that of the option that is best in the mean is the value of perfect information), each with its Monte
        Carlo error (``_mcse``), and ``as_good``, whether the mean net benefit can't be told from the best one. Dims
        ``(willingness,)``: ``best`` in the mean, with its ``p_frontier`` and ``p_frontier_mcse`` (the acceptability
        frontier).

    Raises
    ------
    InputError
        As `toc_model.statistics.decisions.p_best_curve` does, or if a willingness is negative.
    """
    if any(not 0 <= price < np.inf for price in willingness):
        raise InputError(f"willingness: found {', '.join(f'{one:g}' for one in willingness)}; allowed: 0 or more")
    loss, cost = _together(loss, cost)
    whole = cost.broadcast_like(loss).transpose(*loss.dims)
    at_each = [_at(net) for net in decisions.priced(whole, loss, willingness)]
    return xr.concat(at_each, dim="willingness").assign_coords(willingness=list(willingness))


def _at(net: xr.DataArray) -> xr.Dataset:
    """What is best at one willingness, from net losses in units of cost."""
    best, lost = decisions.summary(decisions.is_best(net)), decisions.summary(decisions.regret(net))
    first = str(averages.mean(net).idxmin("allocation").item())
    return xr.Dataset(
        {
            "p_best": best["mean"],
            "p_best_mcse": best["mcse"],
            "opportunity_loss": lost["mean"],
            "opportunity_loss_mcse": lost["mcse"],
            "as_good": decisions.as_good_as_best(net),
            "best": first,
            "p_frontier": best["mean"].sel(allocation=first, drop=True),
            "p_frontier_mcse": best["mcse"].sel(allocation=first, drop=True),
        }
    )


# Statuses ---------------------------------------------------------------------------------------------------------


def statuses(cost: Floats, effect: Floats) -> tuple[NDArray[np.str_], list[int]]:
    """The status of each option, and the place of the one before it on the frontier.

    Parameters
    ----------
    cost, effect : array of shape (options,)

    Returns
    -------
    array of shape (options,)
        Of `STATUSES`.
    list of int
        -1 off the frontier and for the cheapest option on it.
    """
    slack = [ROUNDING * (np.abs(one) + np.abs(one).mean()) for one in (cost, effect)]
    dominated = _dominated(cost, effect, *slack)
    status = np.where(dominated, "D", "ED")
    corners = _hull(_groups(np.flatnonzero(~dominated), cost, effect, slack), cost, effect, slack)
    after = [-1] * len(cost)
    for place, group in enumerate(corners):
        status[group] = "ND"
        for option in group:
            after[option] = corners[place - 1][0] if place else -1
    return status, after


def _dominated(cost: Floats, effect: Floats, in_cost: Floats, in_effect: Floats) -> NDArray[np.bool_]:
    """Whether another option gains no less for no more, and one of the two is better by more than rounding."""
    dearer, poorer = cost[:, None] - cost, effect - effect[:, None]
    no_better = (dearer >= -in_cost[:, None]) & (poorer >= -in_effect[:, None])
    worse = (dearer > in_cost[:, None]) | (poorer > in_effect[:, None])
    return np.asarray((no_better & worse).any(axis=1))


def _groups(options: NDArray[np.intp], cost: Floats, effect: Floats, slack: list[Floats]) -> list[list[int]]:
    """Options that cost and gain the same but for rounding, the cheapest first; none of them is dominated."""
    groups: list[list[int]] = []
    for option in options[np.argsort(cost[options], kind="stable")].tolist():
        last = groups[-1][0] if groups else option
        alike = all(abs(one[option] - one[last]) <= few[last] for one, few in zip((cost, effect), slack, strict=True))
        if groups and alike:
            groups[-1].append(option)
        else:
            groups.append([option])
    return groups


def _hull(groups: list[list[int]], cost: Floats, effect: Floats, slack: list[Floats]) -> list[list[int]]:
    """Those groups, in order of cost, between which no mixture of two others is better."""
    corners: list[list[int]] = []
    for group in groups:
        while len(corners) > 1 and _mixed_better(corners[-2][0], corners[-1][0], group[0], cost, effect, slack):
            corners.pop()
        corners.append(group)
    return corners


def _mixed_better(first: int, middle: int, last: int, cost: Floats, effect: Floats, slack: list[Floats]) -> bool:
    """Whether the way from the first to the middle one costs more for a unit than the way from there to the last."""
    dear = (cost[middle] - cost[first]) * (effect[last] - effect[middle])
    cheap = (cost[last] - cost[middle]) * (effect[middle] - effect[first])
    allowed = slack[0][middle] * (effect[last] - effect[first]) + slack[1][middle] * (cost[last] - cost[first])
    return bool(dear - cheap > allowed)


# Means ------------------------------------------------------------------------------------------------------------


def _together(loss: xr.DataArray, cost: xr.DataArray) -> tuple[xr.DataArray, xr.DataArray]:
    """Losses and costs of the same options and draws, in one order."""
    fail_if_unfit(loss, "loss")
    fail_if_unfit(cost, "cost")
    for name, one in (("loss", loss), ("cost", cost)):
        if "allocation" not in one.dims or set(one.dims) - {"draw", "allocation"}:
            found = ", ".join(map(str, one.dims)) or "no dims"
            raise InputError(f"{name}: found {found}; allowed: the dim allocation, and draw")
        if float(abs(one).max()) > LARGEST:
            raise InputError(
                f"{name}: found {float(abs(one).max()):g}; allowed: up to {LARGEST:g}, for sums to be told"
            )
    if "draw" in cost.dims and "draw" not in loss.dims:
        raise InputError("cost: found draws; allowed: none, for the loss has none")
    if "allocation" not in loss.coords:
        loss = loss.assign_coords(allocation=cost["allocation"].values)
    names = ("cost", "the loss")
    cost, loss = averages.weighed_alike(aligned(cost, loss, names), loss, names)
    return loss, cost


def _mean(values: xr.DataArray) -> xr.DataArray:
    return averages.mean(values) if "draw" in values.dims else values


def _ratio(cost: xr.DataArray, effect: xr.DataArray, place: int, before: int) -> tuple[float, float, float, float]:
    """What an option costs and gains more than another, the quotient of the means, and its Monte Carlo error."""
    dearer, more = (one.isel(allocation=place) - one.isel(allocation=before, drop=True) for one in (cost, effect))
    extra_cost, extra_effect = float(_mean(dearer)), float(_mean(more))
    ratio = extra_cost / extra_effect
    away = (dearer - ratio * more).drop_vars("allocation", errors="ignore")
    error = float(decisions.summary(away)["mcse"]) / abs(extra_effect) if "draw" in away.dims else 0.0
    return extra_cost, extra_effect, ratio, error
