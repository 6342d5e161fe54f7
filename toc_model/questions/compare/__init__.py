"""``toc compare``: allocations in every way that a choice needs, under one worldview or several."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from toc_model.aliases import Progress
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.loading import fail_if_twice
from toc_model.engine.facets import Objective
from toc_model.errors import InputError
from toc_model.present.result import Result
from toc_model.present.section import Section
from toc_model.questions.compare import words
from toc_model.questions.compare.figure import p_best_figure
from toc_model.statistics import decisions
from toc_model.statistics.resamples import dominance_shares, frontier_shares, told

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True, repr=False)
class Comparison(Result):
    """The outcome under some allocations and worldviews.

    Attributes
    ----------
    beliefs : tuple of Beliefs
    allocations : Allocations
    outcomes : tuple of xarray.DataArray
        The objective, dims ``(draw, allocation)``, one a worldview.
    weights : tuple of float
        Of the worldviews, for mean regret.
    moved : xarray.DataArray or None
        What moving to each allocation takes under the first worldview, dims ``(allocation,)``; None where the case
        does not count that.
    """

    beliefs: tuple[Beliefs, ...]
    allocations: Allocations
    outcomes: tuple[xr.DataArray, ...]
    weights: tuple[float, ...]
    moved: xr.DataArray | None = None

    @property
    def objective(self) -> Objective:
        """What is compared."""
        return self.allocations.case.objective

    @property
    def losses(self) -> tuple[xr.DataArray, ...]:
        """The outcomes as losses: less is better."""
        return tuple(self.objective.loss(outcome) for outcome in self.outcomes)

    def means(self) -> xr.DataArray:
        """Mean outcome, dims ``(worldview, allocation)``."""
        names = [beliefs.worldview for beliefs in self.beliefs]
        means = xr.concat([outcome.mean("draw") for outcome in self.outcomes], dim="worldview", coords="minimal")
        return means.assign_coords(worldview=names)

    def regrets(self) -> xr.DataArray:
        """How much worse each mean is than the best of its worldview, dims ``(worldview, allocation)``."""
        return decisions.regret(self.objective.loss(self.means()))

    def to_dict(self) -> dict[str, Any]:
        """All figures, as ``toc compare --json`` prints them, in the unit of the outcome."""
        across = self.across()
        tables = [_table(self.objective, self.allocations.status_quo, outcome) for outcome in self.outcomes]
        return {
            "worldviews": {found.worldview: table for found, table in zip(self.beliefs, tables, strict=True)},
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

    def across(self) -> xr.Dataset:
        """Regret across worldviews: see `toc_model.statistics.decisions.regret_across`."""
        return decisions.regret_across(self.objective.loss(self.means()), self.weights)

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each worldview and allocation, in the outcome's unit."""
        import pandas as pd

        rows = {
            (worldview, name): {
                **{key: value for key, value in row.items() if not isinstance(value, dict)},
                **{f"change_{key}": value for key, value in row["change"].items()},
            }
            for worldview, table in self.to_dict()["worldviews"].items()
            for name, row in table.items()
        }
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis(["worldview", "allocation"])

    def plot(self) -> "Figure":
        """P(best) of each allocation, against the price of moving where the case has one."""
        return p_best_figure(self)

    def section(self) -> Section:
        """Tables of all worldviews and of regret across them."""
        return words.section(self)

    def about(self) -> str:
        """Allocations, worldviews and draws."""
        names = ", ".join(repr(beliefs.worldview) for beliefs in self.beliefs)
        draws = self.beliefs[0].draws
        return f"{len(self.allocations.named)} allocations, worldviews {names}, {draws:,} draws"


def _table(objective: Objective, quo: str, outcome: xr.DataArray) -> dict[str, Any]:
    loss = objective.loss(outcome)
    change = decisions.summary(decisions.paired_change(outcome, quo))
    better = decisions.paired_effect(decisions.paired_change(loss, quo))["share_better"]
    best, lost = decisions.summary(decisions.is_best(loss)), decisions.summary(decisions.regret(loss))
    on_frontier = frontier_shares(loss)
    columns = {
        objective.node: outcome.mean("draw"),
        "sd": loss.std("draw", ddof=1),
        "efficient_share": on_frontier,
        "share_better": better,
        "p_best": best["mean"],
        "p_best_mcse": best["mcse"],
        "opportunity_loss": lost["mean"],
        "opportunity_loss_mcse": lost["mcse"],
        "regret_q95": lost["q95"],
        "cvar95": objective.loss(decisions.cvar(loss)),
        "cvar95_mcse": decisions.cvar_error(loss),
    }
    dominated = dominance_shares(loss)
    return {
        str(name): {
            **{key: column.sel(allocation=name).item() for key, column in columns.items()},
            "change": decisions.row(change, allocation=name),
            "efficient": told(float(on_frontier.sel(allocation=name))),
            **_dominance(dominated, str(name)),
        }
        for name in loss["allocation"].values
    }


def _dominance(shares: xr.Dataset, name: str) -> dict[str, Any]:
    """Which others are told to dominate an allocation, by kind, and in what share of resamples each does, and any."""
    by = {
        str(kind): {
            str(other): float(found.sel(allocation=other)) for other in found["allocation"].values if other != name
        }
        for kind in shares["kind"].values
        for found in [shares["share"].sel(kind=kind, other=name)]
    }
    of_any = {kind: float(shares["dominated"].sel(kind=kind, allocation=name)) for kind in by}
    return {
        "dominated_by": {
            kind: [one for one, share in others.items() if told(share) == "yes"] for kind, others in by.items()
        },
        "dominance": {kind: {"verdict": told(of_any[kind]), "share": of_any[kind], "by": by[kind]} for kind in by},
    }


def compare(
    beliefs: Sequence[Beliefs],
    allocations: Allocations,
    *,
    weights: Sequence[float] | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Evaluate the outcome for all worldviews and allocations.

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
    outcomes = []
    for done, found in enumerate(beliefs, start=1):
        outcomes.append(found.outcome(allocations.levers()))
        if progress:
            progress(done, len(names))
    moving = allocations.case.moving
    moved = moving.amount(beliefs[0], allocations) if moving else None
    return Comparison(tuple(beliefs), allocations, tuple(outcomes), weights, moved)
