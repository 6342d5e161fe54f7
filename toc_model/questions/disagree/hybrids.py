"""Hybrids of two worldviews: any parameters of the one with the rest of the other, on the same random numbers."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from toc_model.aliases import Entry, Floats
from toc_model.beliefs.beliefs import Beliefs
from toc_model.errors import InputError
from toc_model.labels import made_as

TOGETHER = 2**16
"""Draws, of several hybrids, that are evaluated together."""

type Swapped = NDArray[np.bool_]
"""Which parameters are the second worldview's, dims ``(draw, parameter)``, or ``(parameter,)`` for all draws."""


class Hybrids:
    """Results of hybrids of two worldviews: some parameters are the second's, the others the first's.

    Attributes
    ----------
    first, second : Beliefs
        Single worldviews with the same draws, seed and overrides.
    compared : xarray.Dataset
        Levers of the status quo and one other allocation.
    measures : (str, str)
        What is compared: the objective under the status quo, and its paired change by the allocation.
    parameters : list of str
        Those that the two draw differently.
    chapters : dict of str to list of str
        The same by chapter.
    """

    def __init__(self, first: Beliefs, second: Beliefs, compared: xr.Dataset) -> None:
        self.first, self.second, self.compared = first, second, compared
        self.measures = measures_of(first)
        self.parameters = [
            str(name) for name in first.parameters if not first.parameters[name].equals(second.parameters[name])
        ]
        if not self.parameters:
            raise InputError(f"{first.worldview!r} and {second.worldview!r} draw all parameters alike")
        chapter_of = {Entry.parse(entry).name: prior.chapter for entry, prior in first.priors.entries.items()}
        order = dict.fromkeys(chapter_of[name] for name in self.parameters)
        self.chapters = {
            chapter: [name for name in self.parameters if chapter_of[name] == chapter] for chapter in order
        }

    def swapped(self, chapters: Iterable[str]) -> Swapped:
        """All parameters of some chapters are the second worldview's."""
        return self.mark(name for chapter in chapters for name in self.chapters[chapter])

    def mark(self, names: Iterable[str]) -> Swapped:
        """These parameters are the second worldview's."""
        chosen = set(names)
        return np.array([name in chosen for name in self.parameters])

    def values(self, sets: Iterable[Swapped]) -> Floats:
        """Results of hybrids, several evaluated together; dims ``(set, draw, measure)``."""
        draws = self.first.draws
        wanted = [np.broadcast_to(chosen, (draws, len(self.parameters))) for chosen in sets]
        size = max(1, TOGETHER // draws)
        batches = [wanted[start : start + size] for start in range(0, len(wanted), size)]
        found = np.concatenate([self._outcome(np.concatenate(some), len(some)) for some in batches])
        both = np.stack([found[:, 0], found[:, 1] - found[:, 0]], axis=1)
        return both.reshape(len(wanted), draws, len(self.measures))

    def _outcome(self, swapped: Swapped, copies: int) -> Floats:
        """The objective of stacked copies of all draws, dims ``(copies * draw, allocation)``."""
        stacked = {}
        for name, values in self.first.parameters.data_vars.items():
            own = np.concatenate([values.values] * copies)
            if name in self.parameters:
                other = np.concatenate([self.second.parameters[name].values] * copies)
                taken = swapped[:, self.parameters.index(str(name))]
                own = np.where(taken.reshape(-1, *[1] * (own.ndim - 1)), other, own)
            stacked[name] = (values.dims, own)
        coords = {dim: place for dim, place in self.first.parameters.coords.items() if dim != "draw"}
        parameters = xr.Dataset(stacked, coords={name: c for name, c in coords.items() if "draw" not in c.dims})
        return np.asarray(replace(self.first, parameters=parameters).outcome(self.compared).values)

    def labelled(self, values: Floats) -> xr.DataArray:
        """Results with dims ``(draw, measure)``."""
        made = made_as(self.first.parameters) | made_as(self.second.parameters)
        return xr.DataArray(values, dims=("draw", "measure"), coords={"measure": list(self.measures), **made})


def measures_of(beliefs: Beliefs) -> tuple[str, str]:
    """The objective, under the status quo, and its change by an allocation."""
    return beliefs.case.objective.node, "change"
