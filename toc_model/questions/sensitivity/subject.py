"""What is asked: P(doom), and its paired change between two allocations, as a function of a table of inputs."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import xarray as xr

from toc_model.aliases import Floats
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.priors import assemble
from toc_model.engine.checks import entries_of
from toc_model.engine.interventions import apply_overrides
from toc_model.errors import InputError

OUTCOMES = ("p_doom", "change")


@dataclass(frozen=True)
class Subject:
    """Beliefs, and an allocation that is compared with the status quo.

    Attributes
    ----------
    beliefs : Beliefs
    levers : xarray.Dataset
        The status quo and one other allocation.
    digests : mapping of str to str
        Of the document of allocations.
    """

    beliefs: Beliefs
    levers: xr.Dataset
    digests: Mapping[str, str]

    @property
    def allocation(self) -> str:
        """Name of the allocation that is compared with the status quo."""
        return str(self.levers["allocation"].values[1])

    @cached_property
    def inputs(self) -> xr.DataArray:
        """Draws of all entries that vary, dims ``(draw, entry)``, each in its own unit."""
        table = self._table(self.beliefs.parameters)
        varying = table.max("draw") > table.min("draw")
        return table.isel(entry=np.flatnonzero(varying.values))

    @cached_property
    def outcomes(self) -> xr.DataArray:
        """`OUTCOMES` in the draws of the beliefs, dims ``(draw, outcome)``, as fractions."""
        return self.model(self.inputs)

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

    def model(self, inputs: xr.DataArray) -> xr.DataArray:
        """`OUTCOMES` for given inputs.

        Parameters
        ----------
        inputs : xarray.DataArray
            Dims ``(draw, entry)``, the entries of `inputs`. All others stay where they are.

        Returns
        -------
        xarray.DataArray
            Dims ``(draw, outcome)``, fractions.
        """
        rows = inputs.transpose("draw", "entry").values
        fixed = self._table(self.beliefs.parameters.isel(draw=[0]))
        values = zip(fixed["entry"].values, fixed.values[0], strict=True)
        columns = {str(name): np.full(len(rows), value) for name, value in values}
        columns |= {str(name): rows[:, place] for place, name in enumerate(inputs["entry"].values)}
        parameters = assemble(self.beliefs.story, columns).assign_coords(draw=np.arange(len(rows)))
        p_doom = replace(self.beliefs, parameters=parameters).outcome(self.levers).values
        both = np.stack([p_doom[:, 0], p_doom[:, 1] - p_doom[:, 0]], axis=-1)
        return xr.DataArray(both, dims=("draw", "outcome"), coords={"outcome": list(OUTCOMES)})

    def from_uniform(self, u: Floats) -> xr.DataArray:
        """Inputs at levels of their independent priors.

        Parameters
        ----------
        u : array of shape (n, entries)
            Between 0 and 1, one column for each of `inputs`.

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
        names = [str(name) for name in self.inputs["entry"].values]
        values = {
            name: np.full(len(u), prior.distribution.quantile(0.5))
            if name not in names
            else prior.distribution.quantile(np.clip(u[:, names.index(name)], 1e-9, 1 - 1e-9))
            for name, prior in priors.entries.items()
        }
        changes = [override for override in self.beliefs.overrides if override.kind in ("set", "scale")]
        return self._table(apply_overrides(story, assemble(story, values), changes)[1]).sel(entry=names)

    def scores(self, inputs: xr.DataArray) -> xr.DataArray:
        """Inputs in prior standard deviations from the prior median, on the scale on which a prior is normal.

        Raises
        ------
        InputError
            If there is no one prior, or an override took an input out of its prior's support.
        """
        found = np.empty(inputs.shape)
        for place, name in enumerate(map(str, inputs["entry"].values)):
            distribution = self.beliefs.priors[name].distribution
            values = inputs.values[:, place]
            if not all(map(distribution.family.contains, (values.min(), values.max()))):
                raise InputError(
                    f"{name}: an override takes it out of the support of its prior, {distribution.family.name}"
                )
            found[:, place] = (distribution.family.to_normal(values) - distribution.location) / distribution.scale
        return inputs.copy(data=found)

    def from_scores(self, scores: xr.DataArray) -> xr.DataArray:
        """The inverse of `scores`."""
        columns = [
            self.beliefs.priors[str(name)].distribution.from_latent(scores.values[:, place])
            for place, name in enumerate(scores["entry"].values)
        ]
        return scores.copy(data=np.stack(columns, axis=-1))

    def _table(self, parameters: xr.Dataset) -> xr.DataArray:
        """All entries of all parameters, dims ``(draw, entry)``."""
        story = self.beliefs.story
        names = [entry for name in story.parameters for entry in entries_of(story, name)]
        rows = parameters.sizes["draw"]
        columns = [parameters[name].transpose("draw", ...).values.reshape(rows, -1) for name in story.parameters]
        return xr.DataArray(np.concatenate(columns, axis=1), dims=("draw", "entry"), coords={"entry": names})


def subject_of(beliefs: Beliefs, allocations: Allocations, allocation: str) -> Subject:
    """Ask about the change from the status quo to one allocation.

    Raises
    ------
    InputError
        If the allocation is unknown, or is the status quo.
    """
    chosen = allocations.compared(allocation)
    return Subject(beliefs, chosen.levers(), chosen.digests)
