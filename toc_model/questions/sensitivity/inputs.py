"""What is asked: the outcome, and its paired change by an allocation, as a function of a table of inputs."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import scipy
import xarray as xr
from scipy import special

from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.changed import AS_GIVEN
from toc_model.beliefs.latents import Factor
from toc_model.beliefs.priors import assemble
from toc_model.engine.overrides import apply_overrides
from toc_model.errors import InputError
from toc_model.labels import made_as
from toc_model.statistics import averages

CHANGE = "change"
OF_ONE_PRIOR = frozenset({"tornado", "sobol", "flip"})
"""Methods that need the densities or quantiles of one prior."""


@dataclass(frozen=True)
class Inputs:
    """All that is uncertain in some beliefs, as tables, and what follows from such tables.

    Parameters that share a factor depend on each other. So what is set, sampled or searched is not these but their
    sources, which are independent: the factors, and each parameter's own part.

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
    def sources(self) -> xr.DataArray:
        """Draws of the sources of all entries that vary, each standard normal, dims ``(draw, entry)``.

        Raises
        ------
        InputError
            If there are no independent sources.
        """
        self.fail_if_dependent()
        priors, labels = self.beliefs.priors, self.beliefs.parameters["draw"]
        varying = {str(name) for name in self.table["entry"].values}
        names = varying | {factor.name for factor in priors.factors if varying & factor.loadings.keys()}
        drawn = priors.drawn_sources(int(labels.max()) + 1, self.beliefs.seed).sel(draw=labels)
        found = drawn.sel(source=[name for name in priors.sources if name in names]).rename(source="entry")
        for name in varying:
            if priors[name].distribution.method == AS_GIVEN:
                ranks = scipy.stats.rankdata(self.table.sel(entry=name).values)
                found.loc[{"entry": name}] = special.ndtri((ranks - 0.5) / len(ranks))
        return found

    @cached_property
    def outcomes(self) -> xr.DataArray:
        """The outcomes in the draws of the beliefs, dims ``(draw, outcome)``, in the outcome's unit."""
        return self.model(self.table)

    @property
    def mean_change(self) -> float:
        """The mean change over all draws, in the outcome's unit."""
        return float(averages.mean(self.outcomes.sel(outcome=CHANGE)))

    @property
    def dependence(self) -> str:
        """Why draws of the parameters depend on each other; empty where they do not."""
        if self.beliefs.label:
            return "a set of draws of your own"
        if len(self.beliefs.members) > 1:
            return "a mixture of worldviews"
        if self.beliefs.is_posterior:
            return "a posterior"
        if self.beliefs.kind == "camp":
            return "a camp"
        return "a worldview with correlations" if self.beliefs.members[0].priors.correlations else ""

    def fail_if_dependent(self) -> None:
        """Fail if draws of the parameters depend on each other, which Sobol' sampling would ignore."""
        if self.dependence:
            raise InputError(
                f"sobol: {self.beliefs.worldview} is {self.dependence}, and Sobol' sampling needs independent "
                "parameters; use --method given-data"
            )

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
        return self._outcomes(assemble(self.beliefs.story, columns)).assign_coords(made_as(table))

    def model_of_sources(self, sources: xr.DataArray) -> xr.DataArray:
        """The outcomes for given sources.

        Parameters
        ----------
        sources : xarray.DataArray
            Dims ``(draw, entry)``, the entries of `sources`.

        Returns
        -------
        xarray.DataArray
            Dims ``(draw, outcome)``, in the outcome's unit.
        """
        return self._outcomes(self._made_of(sources))

    def _made_of(self, sources: xr.DataArray) -> xr.Dataset:
        """Parameters that are made of sources; numbers that overrides set or scale come after.

        Draws that were given in a program share nothing with others.
        """
        beliefs, priors = self.beliefs, self.beliefs.priors
        every = sources.reindex(entry=list(priors.sources), fill_value=0.0).rename(entry="source")
        given = {
            name: prior.distribution.from_latent(every.sel(source=name).values)
            for name, prior in priors.entries.items()
            if prior.distribution.method == AS_GIVEN
        }
        changes = [override for override in beliefs.overrides if override.kind in ("set", "scale")]
        return apply_overrides(beliefs.story, priors.from_sources(beliefs.story, every, given), changes)[1]

    def _outcomes(self, parameters: xr.Dataset) -> xr.DataArray:
        labelled = parameters.assign_coords(draw=np.arange(parameters.sizes["draw"]))
        found = replace(self.beliefs, parameters=labelled).outcome(self.levers)
        now, then = (found.sel(allocation=name).values for name in (self.allocations.status_quo, self.allocation))
        both = np.stack([now, then - now], axis=-1)
        return xr.DataArray(both, dims=("draw", "outcome"), coords={"outcome": list(self.names)})

    def in_units(self, scores: xr.DataArray) -> xr.DataArray:
        """What an entry is where its source has some score and all others are at their medians.

        Parameters
        ----------
        scores : xarray.DataArray
            Dims ``(entry, ...)``, entries of `sources`.

        Returns
        -------
        xarray.DataArray
            The same dims, in the entry's unit; a factor is left in standard deviations.
        """
        names = [str(name) for name in scores["entry"].values]
        table = scores.transpose("entry", ...)
        rows = np.zeros((*table.shape, len(names)))
        for place in range(len(names)):
            rows[place, ..., place] = table.values[place]
        sources = xr.DataArray(rows.reshape(-1, len(names)), dims=("draw", "entry"), coords={"entry": names})
        every = self._every(self._made_of(sources))
        values = table.copy()
        for place, name in enumerate(names):
            if name in every["entry"].values:
                found = every.sel(entry=name).values.reshape(table.shape)
                values[place] = found[place]
        return values

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
            some = values[values != 0] if distribution.nil else values
            if some.size and not all(map(distribution.support.surrounds, (some.min(), some.max()))):
                raise InputError(
                    f"{name}: an override takes it out of the support of its prior, {distribution.family.name}"
                )
            found[:, place] = distribution.to_latent(values)
        return table.copy(data=found)

    def from_scores(self, scores: xr.DataArray) -> xr.DataArray:
        """The inverse of `scores`."""
        columns = [
            self.beliefs.priors[str(name)].distribution.from_latent(scores.values[:, place])
            for place, name in enumerate(scores["entry"].values)
        ]
        return scores.copy(data=np.stack(columns, axis=-1))

    @property
    def factors(self) -> tuple[Factor, ...]:
        """What parameters have in common, where this is known of one worldview."""
        return () if self.beliefs.label or len(self.beliefs.members) > 1 else self.beliefs.priors.factors

    def label(self, name: str) -> str:
        """What tables and figures call an entry or a factor."""
        return self.beliefs.label_of(name)

    def _every(self, parameters: xr.Dataset) -> xr.DataArray:
        """All entries of all parameters, dims ``(draw, entry)``."""
        story = self.beliefs.story
        names = [entry for name in story.parameters for entry in story.entries_of(name)]
        rows = parameters.sizes["draw"]
        columns = [parameters[name].transpose("draw", ...).values.reshape(rows, -1) for name in story.parameters]
        found = xr.DataArray(np.concatenate(columns, axis=1), dims=("draw", "entry"), coords={"entry": names})
        return found.assign_coords(made_as(parameters))
