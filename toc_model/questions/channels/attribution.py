"""What each channel contributes to a change, by cutting arrows of the graph.

A channel is a set of arrows. Cut, each lets its effect see its cause as in the reference world. The cause still has its
other effects, so every path from a lever to the outcome runs through exactly the channels that it crosses; with all
channels cut nothing changes. What each contributes is its Shapley value over all sets of channels, draw by draw.
"""

from collections.abc import Sequence

import numpy as np
import xarray as xr

from toc_model.aliases import Progress
from toc_model.engine.declare import Channel
from toc_model.engine.evaluate import evaluate
from toc_model.engine.interventions import switched
from toc_model.engine.story import Story
from toc_model.errors import InputError
from toc_model.statistics.shapley import shapley, subsets

type Arrow = tuple[str, str]
type Opened = frozenset[str]


def attribute(
    story: Story,
    parameters: xr.Dataset,
    levers: xr.Dataset,
    channels: Sequence[Channel],
    outcome: str,
    *,
    baseline: str | None = None,
    progress: Progress | None = None,
) -> xr.Dataset:
    """Attribute the paired change of an outcome to channels.

    Parameters
    ----------
    story : Story
    parameters : xarray.Dataset
        Dims ``(draw, ...)``.
    levers : xarray.Dataset
        The baseline and the allocation that is compared with it; beside them the story's reference, if it is neither.
    channels : sequence of Channel
        An arrow into a node that is held at a value carries nothing and is passed over.
    outcome : str
        A node.
    baseline : str, optional
        Name of the allocation that the change is measured from; the story's reference by default.
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
        If it is not clear which allocation is compared, or a channel has an arrow that the story does not have.
    """
    names = [channel.name for channel in channels]
    changes = _changes(story, parameters, levers, channels, outcome, baseline or story.reference, progress)
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
    baseline: str,
    progress: Progress | None,
) -> dict[Opened, xr.DataArray]:
    """The paired change for every set of open channels, all from one evaluation: each set is an allocation.

    The baseline too is seen through the channels that are open, but where it is the reference they change nothing.
    """
    sets = list(subsets([channel.name for channel in channels]))
    switches = {channel.name: f"cut_{channel.name}" for channel in channels}
    for channel in channels:
        story = switched(story, switches[channel.name], _present(story, channel.arrows))
    compared = _compared(levers, baseline, story.reference)
    seen = [compared] if baseline == story.reference else [compared, baseline]
    cases = [(name, opened) for name in seen for opened in sets]
    labels = [f"{story.reference} {place}" for place in range(len(cases))]
    chosen = levers.sel(allocation=[story.reference, *(name for name, _ in cases)])
    is_cut = {
        switch: ("allocation", np.array([0.0, *(float(name not in opened) for _, opened in cases)]))
        for name, switch in switches.items()
    }
    every = chosen.assign_coords(allocation=[story.reference, *labels]).assign(is_cut)
    found = evaluate(story, parameters, every, [outcome], progress=progress)[outcome]
    whole = found.broadcast_like(parameters["draw"]).broadcast_like(every["allocation"])
    by_case = {case: whole.sel(allocation=label, drop=True) for case, label in zip(cases, labels, strict=True)}
    anchor = whole.sel(allocation=story.reference, drop=True)
    return {opened: by_case[compared, opened] - by_case.get((baseline, opened), anchor) for opened in sets}


def _compared(levers: xr.Dataset, baseline: str, reference: str) -> str:
    """The allocation that is neither the baseline nor, unless it is the only other one, the reference."""
    names = [str(name) for name in levers["allocation"].values]
    for name in (baseline, reference):
        if name not in names:
            raise InputError(f"channels: found no allocation {name!r} among {', '.join(names)}")
    others = [name for name in names if name != baseline]
    others = [name for name in others if name != reference] or others
    if len(others) != 1:
        raise InputError(f"channels: found {len(others)} allocations beside {baseline!r}; allowed: 1")
    return others[0]


def _present(story: Story, arrows: Sequence[Arrow]) -> list[Arrow]:
    """All arrows but those into nodes that are held at a value."""
    return [(cause, effect) for cause, effect in arrows if not story.node(effect).is_held]
