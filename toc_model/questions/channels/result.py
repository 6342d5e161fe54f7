"""Channels: how much of a change in an outcome goes through what, by cutting arrows of the graph.

A channel is a set of arrows. Cut, each lets its effect see its cause as under the status quo. The cause still has its
other effects, so every path from a lever to the outcome runs through exactly the channels that it crosses; with all
channels cut nothing changes. What each contributes is its Shapley value over all sets of channels, draw by draw.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr

from toc_model.aliases import Progress
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.engine.declare import Channel
from toc_model.engine.evaluate import evaluate
from toc_model.engine.interventions import switched
from toc_model.engine.story import Story
from toc_model.errors import InputError
from toc_model.statistics import decisions
from toc_model.statistics.shapley import shapley, subsets

type Arrow = tuple[str, str]


def attribute(
    story: Story,
    parameters: xr.Dataset,
    levers: xr.Dataset,
    channels: Sequence[Channel] = CHANNELS,
    outcome: str = "p_doom",
    *,
    progress: Progress | None = None,
) -> xr.Dataset:
    """Attribute the paired change of an outcome to channels.

    Parameters
    ----------
    story : Story
    parameters : xarray.Dataset
        Dims ``(draw, ...)``.
    levers : xarray.Dataset
        Two allocations: the status quo and the one that it is compared with.
    channels : sequence of Channel
        An arrow into a node that is held at a value carries nothing and is passed over.
    outcome : str
        A node.
    progress : callable, optional
        Called with the number of blocks done and the number of all.

    Returns
    -------
    xarray.Dataset
        In the unit of the outcome: ``change (draw)`` with all channels open and ``uncovered (draw)`` with none;
        ``attribution (draw, channel)``, Shapley values, which add up to the difference of these two; ``alone (draw,
        channel)``, the change with this channel open and all others cut; ``lost (draw, channel)``, the change with all
        open less that with this one cut.

    Raises
    ------
    InputError
        If there are not two allocations, or a channel has an arrow that the story does not have.
    """
    if levers.sizes["allocation"] != 2:
        raise InputError(f"channels: found {levers.sizes['allocation']} allocations; allowed: 2")
    names = [channel.name for channel in channels]
    changes = _changes(story, parameters, levers, channels, outcome, progress)
    everything, nothing = frozenset(names), frozenset[str]()
    per_channel = {
        "attribution": shapley(names, changes.__getitem__),
        "alone": {name: changes[frozenset({name})] for name in names},
        "lost": {name: changes[everything] - changes[everything - {name}] for name in names},
    }
    axis = xr.DataArray(names, dims="channel", name="channel")
    arrays = {key: xr.concat(list(found.values()), dim=axis) for key, found in per_channel.items()}
    return xr.Dataset({"change": changes[everything], "uncovered": changes[nothing], **arrays}).transpose("draw", ...)


def _changes(
    story: Story,
    parameters: xr.Dataset,
    levers: xr.Dataset,
    channels: Sequence[Channel],
    outcome: str,
    progress: Progress | None,
) -> dict[frozenset[str], xr.DataArray]:
    """The paired change for every set of open channels, all from one evaluation: each set is an allocation."""
    names = [channel.name for channel in channels]
    sets = list(subsets(names))
    switches = {name: f"cut_{name}" for name in names}
    for channel in channels:
        story = switched(story, switches[channel.name], _present(story, channel.arrows))
    cases = levers.isel(allocation=[0] + [1] * len(sets)).assign_coords(allocation=range(len(sets) + 1))
    is_cut = {
        switch: ("allocation", np.array([0.0, *(float(name not in opened) for opened in sets)]))
        for name, switch in switches.items()
    }
    found = evaluate(story, parameters, cases.assign(is_cut), [outcome], progress=progress)[outcome]
    whole = found.broadcast_like(parameters["draw"]).broadcast_like(cases["allocation"])
    moved = whole - whole.isel(allocation=0, drop=True)
    return {opened: moved.isel(allocation=place, drop=True) for place, opened in enumerate(sets, start=1)}


def _present(story: Story, arrows: Sequence[Arrow]) -> list[Arrow]:
    """All arrows but those into nodes that are held at a value."""
    return [(cause, effect) for cause, effect in arrows if story.node(effect).held_at is None]


def channel_figures(
    beliefs: Beliefs, allocations: Allocations, allocation: str, *, progress: Progress | None = None
) -> dict[str, Any]:
    """All figures that ``toc channels --json`` prints; changes of P(doom) are fractions.

    Parameters
    ----------
    beliefs : Beliefs
    allocations : Allocations
    allocation : str
        Which to compare with the status quo.
    progress : callable, optional

    Raises
    ------
    InputError
        If the allocation is unknown or the status quo.
    """
    chosen = allocations.compared(allocation)
    found = attribute(beliefs.story, beliefs.parameters, chosen.levers(), progress=progress)
    means = found["attribution"].mean("draw")
    total = float(means.sum())
    return {
        "worldview": beliefs.worldview,
        "allocation": allocation,
        "draws": beliefs.draws,
        "seed": beliefs.seed,
        "change": decisions.figures(found["change"]),
        "uncovered": float(abs(found["uncovered"]).max()),
        "channels": {
            channel.name: {
                "label": channel.label,
                "arrows": [list(arrow) for arrow in channel.arrows],
                "attribution": decisions.figures(found["attribution"].sel(channel=channel.name)),
                "share": float(means.sel(channel=channel.name)) / total if total else None,
                "alone": decisions.figures(found["alone"].sel(channel=channel.name)),
                "lost": decisions.figures(found["lost"].sel(channel=channel.name)),
            }
            for channel in CHANNELS
        },
        "time_share": float(means.sel(channel=list(TIME)).sum()) / total if total else None,
        "rests_on": beliefs.rests_on(),
        "provenance": beliefs.provenance(allocations=dict(chosen.digests)),
    }
