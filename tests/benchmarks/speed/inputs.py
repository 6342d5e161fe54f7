"""What goes in: draws of the parameters, and allocations that differ in everything."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from toc_model.aliases import Floats
from toc_model.beliefs.loading import load_beliefs
from toc_model.essay.case import ESSAY

OUTCOMES = ("p_doom", "doom_no_solution", "doom_not_adopted", "doom_overtaken")
"""P(doom) and its parts."""
WORLDVIEW = "base"
SEED = 1


@dataclass(frozen=True, slots=True)
class Inputs:
    """Numbers alone, as a program by hand would take them.

    Attributes
    ----------
    parameters : mapping of str to array
        Along draws, along draws and places, or a number.
    reference, levers : mapping of str to array
        Of one allocation and of the others: along allocations, pools and, for a mix, interventions.
    """

    parameters: Mapping[str, Floats]
    reference: Mapping[str, Floats]
    levers: Mapping[str, Floats]

    @property
    def draws(self) -> int:
        """How many draws there are."""
        return max(len(values) for values in self.parameters.values() if values.shape)

    @property
    def allocations(self) -> int:
        """How many allocations there are besides the reference."""
        return len(self.levers["mix"])

    @property
    def bytes(self) -> int:
        """Of all that goes in and comes out."""
        inside = sum(values.nbytes for values in (*self.parameters.values(), *self.levers.values()))
        return inside + 8 * len(OUTCOMES) * self.draws * self.allocations


def made(allocations: int, draws: int) -> Inputs:
    """Draws of the base, and allocations by chance."""
    beliefs = load_beliefs(ESSAY, WORLDVIEW, draws=draws, seed=SEED)
    chance = np.random.default_rng(SEED)
    levers = {
        "buying_time_share": chance.uniform(0.02, 0.9, (allocations, 2)),
        "mix": chance.dirichlet(np.ones(4), (allocations, 2)),
    }
    parameters = {str(name): values.values for name, values in beliefs.parameters.items()}
    reference = {str(name): values.values for name, values in beliefs.anchor.items()}
    return Inputs(parameters, reference, levers)


def saved(inputs: Inputs, path: Path) -> None:
    """Keep them in a file."""
    kinds = {"parameters": inputs.parameters, "reference": inputs.reference, "levers": inputs.levers}
    arrays: dict[str, Any] = {f"{kind} {name}": one for kind, some in kinds.items() for name, one in some.items()}
    np.savez(path, **arrays)


def read(path: Path) -> Inputs:
    """Read them from there."""
    kinds: dict[str, dict[str, Floats]] = {"parameters": {}, "reference": {}, "levers": {}}
    with np.load(path) as file:
        for key in file.files:
            kind, name = key.split()
            kinds[kind][name] = file[key]
    return Inputs(**kinds)


def labelled(inputs: Inputs) -> tuple[xr.Dataset, xr.Dataset]:
    """Parameters and levers as `evaluate` takes them, the reference first."""
    story = ESSAY.story
    parameters = {
        name: (("draw", *story.parameters[name].dims) if values.ndim else (), values)
        for name, values in inputs.parameters.items()
    }
    names = [story.reference, *(f"a{k}" for k in range(inputs.allocations))]
    levers = {
        name: (story.levers[name].dims, np.concatenate([inputs.reference[name], values]))
        for name, values in inputs.levers.items()
    }
    places: dict[str, Any] = {dim: list(found) for dim, found in story.dimensions.items()}
    labels = {"draw": np.arange(inputs.draws), **{dim: places[dim] for dim in ("intervention",)}}
    return (
        xr.Dataset(parameters, coords=labels),
        xr.Dataset(levers, coords={"allocation": names, **{dim: places[dim] for dim in ("pool", "intervention")}}),
    )
