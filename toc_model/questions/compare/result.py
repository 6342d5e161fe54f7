"""Allocations compared in every way that a recommendation needs, under one worldview or several."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from toc_model.aliases import Progress
from toc_model.beliefs.allocations import STATUS_QUO, Allocations, levers
from toc_model.beliefs.beliefs import Beliefs
from toc_model.errors import InputError, unknown
from toc_model.essay.dimensions import POOLS
from toc_model.statistics import decisions

OUTCOME = "p_doom"
SHARES = tuple(np.round(np.arange(0, 1, 0.05), 2).tolist())


@dataclass(frozen=True, slots=True)
class Comparison:
    """P(doom) under some allocations and worldviews.

    Attributes
    ----------
    beliefs : tuple of Beliefs
    allocations : Allocations
    losses : tuple of xarray.DataArray
        P(doom), dims ``(draw, allocation)``, one a worldview.
    weights : tuple of float
        Of the worldviews, for mean regret.
    """

    beliefs: tuple[Beliefs, ...]
    allocations: Allocations
    losses: tuple[xr.DataArray, ...]
    weights: tuple[float, ...]

    def means(self) -> xr.DataArray:
        """Mean P(doom), dims ``(worldview, allocation)``."""
        names = [beliefs.worldview for beliefs in self.beliefs]
        means = xr.concat([loss.mean("draw") for loss in self.losses], dim="worldview", coords="minimal")
        return means.assign_coords(worldview=names)

    def moved(self) -> xr.DataArray:
        """People who work elsewhere than under the status quo, dims ``(allocation,)``, in FTE at the start.

        Headcounts are the mean over draws of the first worldview.
        """
        shares = self.allocations.levers()["buying_time_share"]
        parameters = self.beliefs[0].parameters
        people = xr.DataArray([float(parameters[f"{pool}_now"].mean()) for pool in POOLS], dims="pool")
        return abs(shares - shares.isel(allocation=0, drop=True)).dot(people)

    def to_dict(self) -> dict[str, Any]:
        """All figures, as ``toc compare --json`` prints them; probabilities and changes are fractions."""
        across = decisions.regret_across(self.means(), self.weights)
        return {
            "worldviews": {
                beliefs.worldview: _table(loss) for beliefs, loss in zip(self.beliefs, self.losses, strict=True)
            },
            "across": {
                name: {
                    "mean_regret": float(across["mean"].sel(allocation=name)),
                    "largest_regret": float(across["largest"].sel(allocation=name)),
                    "worst_worldview": str(across["worst_worldview"].sel(allocation=name).item()),
                }
                for name in self.allocations.named
            },
            "weights": list(self.weights),
            "least_mean_regret": str(across["mean"].idxmin("allocation").item()),
            "minimax_regret": str(across["largest"].idxmin("allocation").item()),
            "rests_on": [beliefs.rests_on() for beliefs in self.beliefs],
            "provenance": [beliefs.provenance(allocations=dict(self.allocations.digests)) for beliefs in self.beliefs],
        }


def _table(loss: xr.DataArray) -> dict[str, Any]:
    effect = decisions.paired_effect(decisions.paired_change(loss, "status_quo"))
    best, lost = decisions.summary(decisions.is_best(loss)), decisions.summary(decisions.regret(loss))
    frontier = decisions.mean_variance(loss)
    columns = {
        "p_doom": frontier["mean"],
        "sd": frontier["sd"],
        "efficient": frontier["efficient"],
        "share_better": effect["share_better"],
        "p_best": best["mean"],
        "p_best_mcse": best["mcse"],
        "opportunity_loss": lost["mean"],
        "opportunity_loss_mcse": lost["mcse"],
        "regret_q95": lost["q95"],
        "cvar95": decisions.cvar(loss),
        "cvar95_mcse": decisions.cvar_error(loss),
    }
    kinds = decisions.dominance(loss)
    return {
        str(name): {
            **{key: column.sel(allocation=name).item() for key, column in columns.items()},
            "change": decisions.effect_figures(effect, allocation=name)["change"],
            "dominated_by": {
                str(kind): [
                    str(other) for other in kinds["allocation"].values if found.sel(allocation=other, other=name)
                ]
                for kind, found in kinds.data_vars.items()
            },
        }
        for name in loss["allocation"].values
    }


def compare(
    beliefs: Sequence[Beliefs],
    allocations: Allocations,
    *,
    weights: Sequence[float] | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Evaluate P(doom) for all worldviews and allocations.

    Parameters
    ----------
    beliefs : sequence of Beliefs
    allocations : Allocations
    weights : sequence of float, optional
        Of the worldviews, for mean regret; equal by default.
    progress : callable, optional

    Raises
    ------
    InputError
        If two worldviews have the same name, or weights are not one positive number for each.
    """
    fail_if_twice(beliefs)
    names = [found.worldview for found in beliefs]
    weights = tuple(weights) if weights else (1.0,) * len(names)
    if len(weights) != len(names) or not all(0 < weight < np.inf for weight in weights):
        raise InputError(f"weights: found {weights}; allowed: a positive number for each of {', '.join(names)}")
    losses = []
    for done, found in enumerate(beliefs, start=1):
        losses.append(found.outcome(allocations.levers(), OUTCOME))
        if progress:
            progress(done, len(names))
    return Comparison(tuple(beliefs), allocations, tuple(losses), weights)


def fail_if_twice(beliefs: Sequence[Beliefs]) -> None:
    """Fail if two worldviews have the same name: tables go by names."""
    names = [found.worldview for found in beliefs]
    if len(set(names)) < len(names):
        raise InputError(f"worldviews: found one twice in {', '.join(names)}")


def allocation_curve(
    beliefs: Beliefs,
    allocations: Allocations,
    pool: str = POOLS[0],
    shares: Sequence[float] = SHARES,
    *,
    base: str = STATUS_QUO,
) -> xr.DataArray:
    """Paired change of P(doom) as the share of one pool that buys time goes from none to nearly all.

    Parameters
    ----------
    beliefs : Beliefs
    allocations : Allocations
    pool : str
        "researchers" or "builders".
    shares : sequence of float
    base : str
        Allocation that holds all else; changes are from the status quo.

    Returns
    -------
    xarray.DataArray
        Change of P(doom), dims ``(draw, share)``.

    Raises
    ------
    InputError
        If the pool or allocation is unknown, or a share is outside [0, 1].
    """
    if pool not in POOLS:
        raise InputError(unknown("pool", pool, POOLS))
    if not all(0 <= share <= 1 for share in shares):
        raise InputError(f"shares: found {min(shares):g} to {max(shares):g}; allowed: 0 to 1")
    known = allocations.only([base]).levers()
    rows = known.sel(allocation=[STATUS_QUO] + [base] * len(shares))
    moved = rows["buying_time_share"].values.copy()
    moved[1:, POOLS.index(pool)] = shares
    swept = levers([str(row) for row in range(len(moved))], moved, rows["mix"].values)
    loss = beliefs.outcome(swept, OUTCOME)
    change = loss.isel(allocation=slice(1, None)) - loss.isel(allocation=0, drop=True)
    return change.rename(allocation="share").assign_coords(share=list(shares))
