"""``toc channels``: what a change goes through."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import xarray as xr

from toc_model.aliases import Progress
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.levers import joined
from toc_model.engine.facets import Group
from toc_model.errors import InputError
from toc_model.present.result import Result
from toc_model.present.section import Section
from toc_model.questions.channels import words
from toc_model.questions.channels.attribution import attribute
from toc_model.questions.channels.figure import channels_figure
from toc_model.statistics import averages, decisions
from toc_model.statistics.signs import direction

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True, repr=False)
class Channels(Result):
    """A paired change of the outcome, divided among the case's channels.

    Attributes
    ----------
    beliefs : Beliefs
    allocations : Allocations
        The status quo and the one that is compared with it.
    allocation : str
        The latter.
    parts : xarray.Dataset
        As `toc_model.questions.channels.attribution.attribute` gives it.
    """

    beliefs: Beliefs
    allocations: Allocations
    allocation: str
    parts: xr.Dataset

    def to_dict(self) -> dict[str, Any]:
        """All figures, as ``toc channels --json`` prints them; changes are in the unit of the outcome."""
        case = self.beliefs.case
        return {
            "worldview": self.beliefs.worldview,
            "allocation": self.allocation,
            **self.beliefs.counts,
            **self.beliefs.seeded,
            "change": decisions.figures(self.parts["change"]),
            "uncovered": float(abs(self.parts["uncovered"]).max()),
            "channels": {
                channel.name: {
                    "label": channel.label,
                    "arrows": [list(arrow) for arrow in channel.arrows],
                    "attribution": decisions.figures(self.parts["attribution"].sel(channel=channel.name)),
                    "share": self._share((channel.name,)),
                    "alone": decisions.figures(self.parts["alone"].sel(channel=channel.name)),
                    "lost": decisions.figures(self.parts["lost"].sel(channel=channel.name)),
                }
                for channel in case.channels
            },
            **{f"{group.name}_share": self._share(group.channels) for group in case.groups},
            "rests_on": self.beliefs.rests_on(),
            "provenance": self.beliefs.provenance(allocations=dict(self.allocations.digests)),
        }

    def _share(self, names: tuple[str, ...]) -> float | None:
        """What part of the mean change some channels make together; None where that can't be told from zero."""
        if not direction(decisions.figures(self.parts["change"])):
            return None
        means = averages.mean(self.parts["attribution"])
        return float(means.sel(channel=list(names)).sum()) / float(means.sum())

    def at_end(self, sign: int) -> tuple[str, ...]:
        """The channel whose mean part is the lowest (sign 1) or highest (-1), and those that can't be told from it."""
        parts = sign * self.parts["attribution"]
        means = averages.mean(parts)
        good = decisions.as_good_as_best(parts, "channel")
        ordered = means.sortby(means)["channel"].values
        return tuple(str(name) for name in ordered if bool(good.sel(channel=name)))

    def of(self, group: Group) -> float:
        """What channels that are told together contribute to the mean change, in the unit of the outcome."""
        return float(averages.mean(self.parts["attribution"].sel(channel=list(group.channels))).sum())

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each channel: contribution with interval and error, share, alone and lost if cut."""
        import pandas as pd

        rows = {
            name: {
                **row["attribution"],
                "share": row["share"],
                "alone": row["alone"]["mean"],
                "lost": row["lost"]["mean"],
            }
            for name, row in self.to_dict()["channels"].items()
        }
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("channel")

    def plot(self) -> "Figure":
        """Bars of what each channel contributes."""
        return channels_figure(self)

    def section(self) -> Section:
        """What the change goes through, and what the channels are."""
        return words.section([self])

    def about(self) -> str:
        """Allocation, channels and worldview."""
        many = self.parts.sizes["channel"]
        return f"change by {self.allocation!r} in {many} channels, worldview {self.beliefs.worldview!r}"


def channels(
    beliefs: Beliefs, allocations: Allocations, *, allocation: str | None = None, progress: Progress | None = None
) -> Channels:
    """Divide the change of the outcome by an allocation among the channels that the case declares.

    Parameters
    ----------
    beliefs : Beliefs
    allocations : Allocations
    allocation : str, optional
        Which to compare with the status quo; the case's proposal by default.
    progress : callable, optional
        Called with the number of blocks done and the number of all.

    Raises
    ------
    InputError
        If the case has no channels, or the allocation is unknown or the status quo.
    """
    case = beliefs.case
    if not case.channels:
        raise InputError(f"channels: the case {case.name!r} declares none")
    name = allocation or allocations.proposal
    chosen = allocations.compared(name)
    levers = chosen.levers()
    if case.reference not in chosen.named:
        levers = joined(beliefs.anchor, levers)
    parts = attribute(
        beliefs.story,
        beliefs.parameters,
        levers,
        case.channels,
        case.objective.node,
        baseline=chosen.status_quo,
        progress=progress,
    )
    return Channels(beliefs, chosen, name, parts)
