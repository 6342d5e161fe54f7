"""``toc run``: one move under each worldview, and the outcome under each allocation under one of them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xarray as xr

from toc_model.aliases import Progress
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.saved import described
from toc_model.beliefs.seal import write_sealed
from toc_model.documents import fail_if_not_netcdf
from toc_model.labels import SAVED_AS, without_draw_labels
from toc_model.present.result import Result
from toc_model.present.section import Section
from toc_model.present.words import labels
from toc_model.questions.run import words
from toc_model.questions.run.figure import answer_figure
from toc_model.questions.run.moves import Evaluated, Move, evaluated, moves_under
from toc_model.questions.run.rates import rates
from toc_model.questions.run.stages import Staged, staged
from toc_model.statistics import averages, decisions

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True, repr=False)
class Run(Result):
    """Beliefs evaluated under a set of allocations, and one move under other beliefs beside them.

    Attributes
    ----------
    found : Evaluated
        The outcomes of the story, the parts of the objective and what delay is counted in.
    to : str
        The allocation that `moves` and `stages` go to; empty where there is none but the status quo.
    moves : tuple of Move
        The same move under several worldviews; none where one was asked for.
    stages : Staged or None
        Through what the move changes the outcome, where that was asked for.
    rates : dict
        Figures by which the case describes the worldview, by node, where stages were asked for.
    """

    found: Evaluated
    to: str = ""
    moves: tuple[Move, ...] = ()
    stages: Staged | None = None
    rates: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def beliefs(self) -> Beliefs:
        """What the figures of all allocations rest on."""
        return self.found.beliefs

    @property
    def allocations(self) -> Allocations:
        """The allocations, the status quo first."""
        return self.found.allocations

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
        return self.found.node(name or self.beliefs.case.objective.node)

    def to_dict(self) -> dict[str, Any]:
        """All figures, as ``toc run --json`` prints them, in the unit of the outcome."""
        beside = {move.beliefs.worldview: move.to_dict() for move in self.moves}
        return {
            **({"to": self.to, "worldviews": beside} if beside else {}),
            "worldview": self.worldview,
            **({"as_of": date.name} if (date := self.beliefs.documents.date) else {}),
            **self.beliefs.counts,
            **self.beliefs.seeded,
            "overrides": [override.text for override in self.beliefs.overrides],
            **self._asked(),
            **({"reference": decisions.figures(elsewhere)} if (elsewhere := self.found.elsewhere) is not None else {}),
            "allocations": self._rows(),
            **({"steps": self.stages.to_dict(), "rates": self.rates} if self.stages else {}),
            "rests_on": self.rests_on(),
            "provenance": self.provenance(),
        }

    def _asked(self) -> dict[str, Any]:
        """The caller's own numbers, and what allocations that were asked for in words mean."""
        texts, changed = self.beliefs.documents.sets, self.beliefs.changed
        sets = {"sets": {"asked": list(texts), "means": {one.entry: one.to for one in changed}}} if texts else {}
        meant = {name: asdict(one) for name, one in self.allocations.meant.items()}
        return {**sets, **({"asked": meant} if meant else {})}

    def _rows(self) -> dict[str, dict[str, Any]]:
        """Figures of each allocation."""
        node, outcome = self.beliefs.case.objective.node, self.outcome()
        parts = {part: averages.mean(self.outcome(name)) for part, name in self.beliefs.case.objective.parts.items()}
        rows = {}
        for name in self.allocations.named:
            moved = self.found.move(name).to_dict()
            del moved[node]
            rows[name] = {
                "shares": self.allocations.shares(name),
                node: decisions.figures(outcome.sel(allocation=name)),
                **moved,
                "parts": {part: float(means.sel(allocation=name)) for part, means in parts.items()},
            }
        return rows

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each allocation: mean, interval and error of the outcome and its change, in the outcome's unit."""
        import pandas as pd

        return pd.DataFrame.from_dict(
            {
                name: {
                    **{key: row[self.beliefs.case.objective.node][key] for key in ("mean", "q05", "q95", "mcse")},
                    **{f"change_{key}": row["change"][key] for key in ("mean", "q05", "q95", "mcse")},
                    "relative": row["relative"]["mean"],
                    "share_better": row["share_better"],
                    **({"break_even": row["break_even"]["cost"]} if "break_even" in row else {}),
                    **row["parts"],
                }
                for name, row in self.to_dict()["allocations"].items()
            },
            orient="index",
        ).rename_axis("allocation")

    def section(self) -> Section:
        """The tables of worldviews and of allocations, and what they rest on."""
        return words.section(self)

    def plot(self) -> "Figure":
        """The change by the move under each worldview; where one was asked for, by each allocation under it.

        Raises
        ------
        InputError
            If there is none but the status quo.
        """
        objective, others = self.beliefs.case.objective, [*self.allocations.named][1:]
        if self.moves:
            changes = {move.beliefs.worldview: move.change for move in self.moves}
            return answer_figure(objective, changes, f"Change by '{self.to}'")
        if not others:
            return super(Run, self).plot()
        told = {label: self.found.move(name).change for name, label in zip(others, labels(others), strict=True)}
        return answer_figure(objective, told, "Change by each allocation", self.worldview)

    def about(self) -> str:
        """Allocations, worldview and draws."""
        many = len(self.allocations.named)
        return f"{many} allocations, worldview {self.worldview!r}, {self.beliefs.counted()}"

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
        prior = (
            prior.rename(SAVED_AS if "chain" in prior.coords else {})
            .expand_dims(chain=[0])
            .transpose("chain", "draw", ...)
        )
        about = {
            "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "rests_on": self.rests_on(),
            "provenance": json.dumps(self.provenance()),
            "run": json.dumps({"beliefs": described(self.beliefs), "allocations": self.allocations.to_dict()}),
        }
        groups = {"/": xr.Dataset(attrs=about), "/prior": prior, "/constant_data": levers}
        if self.beliefs.log_likelihood is not None:
            groups["/log_likelihood"] = without_draw_labels(self.beliefs.log_likelihood).expand_dims(chain=[0])
        return xr.DataTree.from_dict(groups)

    def save(self, path: Path | str) -> None:
        """Write all parameters and nodes to a netCDF file that ArviZ opens; other worldviews beside are left out.

        Raises
        ------
        InputError
            If the name does not end in ``.nc`` or the file can't be written.
        """
        fail_if_not_netcdf(Path(path))
        write_sealed(Path(path), self.to_datatree())


def run(
    beliefs: Beliefs,
    allocations: Allocations,
    *,
    beside: Sequence[Beliefs] = (),
    to: str | None = None,
    steps: bool = False,
    progress: Progress | None = None,
) -> Run:
    """Evaluate the outcome under each allocation, and one move under other beliefs.

    Parameters
    ----------
    beliefs : Beliefs
    allocations : Allocations
    beside : sequence of Beliefs
        Worldviews under which to show the same move; none for the beliefs alone.
    to : str, optional
        The allocation of that move; the case's proposal by default.
    steps : bool
        Whether to split the change by the move over the stages of the case.
    progress : callable, optional
        Called with the number of evaluations done and the number of all.

    Raises
    ------
    InputError
        If there is no such allocation, or stages are asked for and the case has none.
    """
    alone = len(allocations.named) == 1
    if to is None and alone and not steps:
        return Run(evaluated(beliefs, allocations, told(beliefs), progress=progress))
    chosen = to or allocations.proposal
    allocations.fail_if_unknown(chosen)
    found = evaluated(beliefs, allocations, told(beliefs), progress=None if beside else progress)
    others = [other for other in beside if other is not beliefs]
    rows = {id(move.beliefs): move for move in moves_under(others, allocations, chosen, progress=progress)}
    rows[id(beliefs)] = found.move(chosen)
    moves = [rows[id(one)] for one in beside]
    if not steps:
        return Run(found, chosen, tuple(moves))
    return Run(found, chosen, tuple(moves), staged(beliefs, allocations, chosen), rates(beliefs))


def told(beliefs: Beliefs) -> tuple[str, ...]:
    """Names of the nodes that a run tells: all outcomes, and the parts of the one that is valued."""
    return tuple(dict.fromkeys([*beliefs.story.outcomes, *beliefs.case.objective.parts.values()]))
