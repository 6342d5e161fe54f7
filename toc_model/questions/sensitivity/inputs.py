"""What is asked: the outcome, and its paired change by an allocation, as a function of a table of inputs."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import xarray as xr

from toc_model.aliases import Floats
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.priors import assemble
from toc_model.engine.overrides import apply_overrides
from toc_model.errors import InputError

CHANGE = "change"


@dataclass(frozen=True)
class Inputs:
    """All that is uncertain in some beliefs, as a table, and what follows from such a table.

    Attributes
    ----------
    beliefs : Beliefs
    allocations : Allocations
        The status quo, and the one that is compared with it.
    allocation : str
        The latter.
    """

    beliefs: Beliefs
    allocations: Allocations
    allocation: str

    @property
    def names(self) -> tuple[str, str]:
        """The outcomes: the objective under the status quo, and its change by the allocation."""
        return self.beliefs.case.objective.node, CHANGE

    @cached_property
    def levers(self) -> xr.Dataset:
        """Levers of both allocations."""
        return self.allocations.levers()

    @cached_property
    def table(self) -> xr.DataArray:
        """Draws of all entries that vary, dims ``(draw, entry)``, each in its own unit."""
        every = self._every(self.beliefs.parameters)
        varying = every.max("draw") > every.min("draw")
        return every.isel(entry=np.flatnonzero(varying.values))

    @cached_property
    def outcomes(self) -> xr.DataArray:
        """The outcomes in the draws of the beliefs, dims ``(draw, outcome)``, in the outcome's unit."""
        return self.model(self.table)

    @property
    def mean_change(self) -> float:
        """The mean change over all draws, in the outcome's unit."""
        return float(self.outcomes.sel(outcome=CHANGE).mean())

    @property
    def dependence(self) -> str:
        """Why draws of the parameters depend on each other; empty where they do not."""
        if self.beliefs.label:
            return "a set of draws of your own"
        if len(self.beliefs.members) > 1:
            return "a mixture of worldviews"
        if self.beliefs.is_posterior:
            return "a posterior"
        return "a worldview with correlations" if self.beliefs.members[0].priors.correlations else ""

    def fail_if_dependent(self) -> None:
        """Fail if draws of the parameters depend on each other, which Sobol' sampling would ignore."""
        if self.dependence:
            raise InputError(
                f"sobol: {self.beliefs.worldview} is {self.dependence}, and Sobol' sampling needs independent "
                "parameters; use --method given-data"
            )

    def thinned(self, values: xr.DataArray, draws: int) -> xr.DataArray:
        """At most so many draws of inputs or outcomes, evenly spread."""
        return values.isel(draw=slice(None, None, -(-values.sizes["draw"] // draws)))

    def model(self, table: xr.DataArray) -> xr.DataArray:
        """The outcomes for given inputs.

        Parameters
        ----------
        table : xarray.DataArray
            Dims ``(draw, entry)``, the entries of `table`. All others stay where they are.

        Returns
        -------
        xarray.DataArray
            Dims ``(draw, outcome)``, in the outcome's unit.
        """
        rows = table.transpose("draw", "entry").values
        fixed = self._every(self.beliefs.parameters.isel(draw=[0]))
        values = zip(fixed["entry"].values, fixed.values[0], strict=True)
        columns = {str(name): np.full(len(rows), value) for name, value in values}
        columns |= {str(name): rows[:, place] for place, name in enumerate(table["entry"].values)}
        parameters = assemble(self.beliefs.story, columns).assign_coords(draw=np.arange(len(rows)))
        found = replace(self.beliefs, parameters=parameters).outcome(self.levers)
        now, then = (found.sel(allocation=name).values for name in (self.allocations.status_quo, self.allocation))
        both = np.stack([now, then - now], axis=-1)
        return xr.DataArray(both, dims=("draw", "outcome"), coords={"outcome": list(self.names)})

    def from_uniform(self, u: Floats) -> xr.DataArray:
        """Inputs at levels of their independent priors.

        Parameters
        ----------
        u : array of shape (n, entries)
            Between 0 and 1, one column for each entry of `table`.

        Returns
        -------
        xarray.DataArray
            Dims ``(draw, entry)``.

        Raises
        ------
        InputError
            If the inputs are not independent.
        """
        self.fail_if_dependent()
        story, priors = self.beliefs.story, self.beliefs.priors
        names = [str(name) for name in self.table["entry"].values]
        values = {
            name: np.full(len(u), prior.distribution.quantile(0.5))
            if name not in names
            else prior.distribution.quantile(np.clip(u[:, names.index(name)], 1e-9, 1 - 1e-9))
            for name, prior in priors.entries.items()
        }
        changes = [override for override in self.beliefs.overrides if override.kind in ("set", "scale")]
        return self._every(apply_overrides(story, assemble(story, values), changes)[1]).sel(entry=names)

    def scores(self, table: xr.DataArray) -> xr.DataArray:
        """Inputs in prior standard deviations from the prior median, on the scale on which a prior is normal.

        Raises
        ------
        InputError
            If there is no one prior, or an override took an input out of its prior's support.
        """
        found = np.empty(table.shape)
        for place, name in enumerate(map(str, table["entry"].values)):
            distribution = self.beliefs.priors[name].distribution
            values = table.values[:, place]
            if not all(map(distribution.family.contains, (values.min(), values.max()))):
                raise InputError(
                    f"{name}: an override takes it out of the support of its prior, {distribution.family.name}"
                )
            found[:, place] = (distribution.family.to_normal(values) - distribution.location) / distribution.scale
        return table.copy(data=found)

    def from_scores(self, scores: xr.DataArray) -> xr.DataArray:
        """The inverse of `scores`."""
        columns = [
            self.beliefs.priors[str(name)].distribution.from_latent(scores.values[:, place])
            for place, name in enumerate(scores["entry"].values)
        ]
        return scores.copy(data=np.stack(columns, axis=-1))

    def _every(self, parameters: xr.Dataset) -> xr.DataArray:
        """All entries of all parameters, dims ``(draw, entry)``."""
        story = self.beliefs.story
        names = [entry for name in story.parameters for entry in story.entries_of(name)]
        rows = parameters.sizes["draw"]
        columns = [parameters[name].transpose("draw", ...).values.reshape(rows, -1) for name in story.parameters]
        return xr.DataArray(np.concatenate(columns, axis=1), dims=("draw", "entry"), coords={"entry": names})
