"""A box of inputs, and what it holds of the draws in which something is so."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import xarray as xr

from toc_model.errors import InputError, unknown
from toc_model.labels import made_as


@dataclass(frozen=True, slots=True)
class Box:
    """Ranges of some inputs; all others may be anything.

    Attributes
    ----------
    limits : mapping of str to (float, float)
        Lowest and highest value by input, each within the box, in the input's unit; infinite for an end that is free.
    """

    limits: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def inside(self, inputs: xr.DataArray) -> xr.DataArray:
        """Which draws lie in the box.

        Parameters
        ----------
        inputs : xarray.DataArray
            Dims ``(draw, entry)``.

        Returns
        -------
        xarray.DataArray of bool
            Dims ``(draw,)``.

        Raises
        ------
        InputError
            If an input of the box is not among them.
        """
        names = [str(name) for name in inputs["entry"].values]
        within = xr.DataArray(np.ones(inputs.sizes["draw"], dtype=bool), dims="draw", coords=made_as(inputs))
        if "draw" in inputs.coords:
            within = within.assign_coords(draw=inputs["draw"])
        for name, (low, high) in self.limits.items():
            if name not in names:
                raise InputError(f"box: {unknown('input', name, names)}")
            values = inputs.isel(entry=names.index(name), drop=True)
            within = within & (values >= low) & (values <= high)
        return within


@dataclass(frozen=True, slots=True)
class Fit:
    """What a box holds, by weight of draws.

    Attributes
    ----------
    draws, so : float
        Draws in all, and those of them in which it is so.
    inside, hits : float
        The same within the box.
    """

    draws: float
    so: float
    inside: float
    hits: float

    @property
    def share(self) -> float:
        """Share of all draws in which it is so."""
        return self.so / self.draws

    @property
    def density(self) -> float:
        """Share of the box's draws in which it is so; NaN of an empty box."""
        return self.hits / self.inside if self.inside else math.nan

    @property
    def coverage(self) -> float:
        """Share of the draws in which it is so that lie in the box; NaN where it is never so."""
        return self.hits / self.so if self.so else math.nan

    @property
    def mass(self) -> float:
        """Share of all draws that lie in the box."""
        return self.inside / self.draws

    @property
    def excess(self) -> float:
        """Share of all draws that are hits of the box beyond those that its size would have by chance.

        Weighted relative accuracy (Lavrac, Flach and Zupan 1999): the mass times how much denser than all draws it is.
        """
        return (self.hits - self.inside * self.share) / self.draws

    def to_dict(self) -> dict[str, float]:
        """Coverage, density and mass."""
        return {"coverage": self.coverage, "density": self.density, "mass": self.mass}
