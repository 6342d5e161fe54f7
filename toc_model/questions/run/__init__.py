"""``toc run``: the outcome under each allocation, and its paired change from the status quo."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xarray as xr

from toc_model.aliases import Progress
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs, everywhere
from toc_model.beliefs.saved import described
from toc_model.documents import fail_if_not_netcdf, write_netcdf
from toc_model.present.result import Result
from toc_model.present.section import Section
from toc_model.questions.run import words
from toc_model.statistics import decisions

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, repr=False)
class Run(Result):
    """Beliefs evaluated under a set of allocations.

    Attributes
    ----------
    beliefs : Beliefs
    allocations : Allocations
    nodes : xarray.Dataset
        The outcomes of the story and the parts of the objective, dims ``(draw, allocation)``.
    """

    beliefs: Beliefs
    allocations: Allocations
    nodes: xr.Dataset

    @property
    def worldview(self) -> str:
        """Name of the worldview that the figures rest on, with the surveys that it was updated on."""
        return self.beliefs.worldview

    @property
    def parameters(self) -> xr.Dataset:
        """Draws of the parameters, dims ``(draw, ...)``."""
        return self.beliefs.parameters

    def outcome(self, name: str | None = None) -> xr.DataArray:
        """An outcome, by default the objective; dims ``(draw, allocation)``, also where an override took one away."""
        node = name or self.beliefs.case.objective.node
        return everywhere(self.nodes[node], self.parameters, self.allocations.levers())

    def to_dict(self) -> dict[str, Any]:
        """All figures, as ``toc run --json`` prints them, in the unit of the outcome."""
        objective, quo = self.beliefs.case.objective, self.allocations.status_quo
        outcome = self.outcome()
        tables = {
            objective.node: decisions.summary(outcome),
            "change": decisions.summary(decisions.paired_change(outcome, quo)),
        }
        effect = decisions.paired_effect(decisions.paired_change(objective.loss(outcome), quo))
        parts = {part: self.outcome(node).mean("draw") for part, node in objective.parts.items()}
        return {
            "worldview": self.worldview,
            "draws": self.beliefs.draws,
            "seed": self.beliefs.seed,
            "overrides": [override.text for override in self.beliefs.overrides],
            "allocations": {
                name: {
                    **{key: decisions.row(table, allocation=name) for key, table in tables.items()},
                    "share_better": float(effect["share_better"].sel(allocation=name)),
                    "parts": {part: float(means.sel(allocation=name)) for part, means in parts.items()},
                }
                for name in self.allocations.named
            },
            "rests_on": self.rests_on(),
            "provenance": self.provenance(),
        }

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each allocation: mean, interval and error of the outcome and its change, in the outcome's unit."""
        import pandas as pd

        return pd.DataFrame.from_dict(
            {
                name: {
                    **{key: row[self.beliefs.case.objective.node][key] for key in ("mean", "q05", "q95", "mcse")},
                    **{f"change_{key}": row["change"][key] for key in ("mean", "q05", "q95", "mcse")},
                    "share_better": row["share_better"],
                    **row["parts"],
                }
                for name, row in self.to_dict()["allocations"].items()
            },
            orient="index",
        ).rename_axis("allocation")

    def section(self) -> Section:
        """The table of allocations, and what it rests on."""
        return words.section(self)

    def about(self) -> str:
        """Allocations, worldview and draws."""
        many = len(self.allocations.named)
        return f"{many} allocations, worldview {self.worldview!r}, {self.beliefs.draws:,} draws"

    def rests_on(self) -> str:
        """One sentence that says what the figures rest on."""
        return self.beliefs.rests_on()

    def provenance(self) -> dict[str, Any]:
        """Versions, seed and digests of all that went in."""
        return self.beliefs.provenance(allocations=dict(self.allocations.digests))

    def to_datatree(self) -> xr.DataTree:
        """All parameters and nodes in groups that ArviZ reads: ``prior`` and ``constant_data`` (the levers)."""
        levers = self.allocations.levers()
        nodes = self.beliefs.nodes(levers)
        prior = xr.merge([self.parameters, nodes], join="outer", compat="no_conflicts", combine_attrs="drop")
        prior = prior.expand_dims(chain=[0]).transpose("chain", "draw", ...)
        about = {
            "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "rests_on": self.rests_on(),
            "provenance": json.dumps(self.provenance()),
            "run": json.dumps({"beliefs": described(self.beliefs), "allocations": self.allocations.to_dict()}),
        }
        groups = {"/": xr.Dataset(attrs=about), "/prior": prior, "/constant_data": levers}
        if self.beliefs.log_likelihood is not None:
            groups["/log_likelihood"] = self.beliefs.log_likelihood.expand_dims(chain=[0])
        return xr.DataTree.from_dict(groups)

    def save(self, path: Path | str) -> None:
        """Write all parameters and nodes to a netCDF file that ArviZ opens.

        Raises
        ------
        InputError
            If the name does not end in ``.nc`` or the file can't be written.
        """
        fail_if_not_netcdf(Path(path))
        write_netcdf(Path(path), self.to_datatree())


def run(beliefs: Beliefs, allocations: Allocations, *, progress: Progress | None = None) -> Run:
    """Evaluate the outcome under each allocation.

    Parameters
    ----------
    beliefs : Beliefs
    allocations : Allocations
    progress : callable, optional
        Called with the number of blocks done and the number of all.
    """
    return Run(beliefs, allocations, beliefs.nodes(allocations.levers(), told(beliefs), progress=progress))


def told(beliefs: Beliefs) -> tuple[str, ...]:
    """Names of the nodes that a run tells: all outcomes, and the parts of the one that is valued."""
    return tuple(dict.fromkeys([*beliefs.story.outcomes, *beliefs.case.objective.parts.values()]))
