"""Priors: elicited entries with their distributions, what varies together, and draws."""

import re
import zlib
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from toc_model.aliases import Floats
from toc_model.beliefs import misfit
from toc_model.beliefs.distributions import Distribution, quantile_level
from toc_model.beliefs.elicited import Elicited
from toc_model.beliefs.evidence import Evidence
from toc_model.beliefs.families import fail_if_wider
from toc_model.beliefs.latents import Correlation, Factor, latents, reranked
from toc_model.beliefs.parts import Over, Part
from toc_model.brief import Brief
from toc_model.engine import checks
from toc_model.engine.ranges import Range, fail_if_outside
from toc_model.engine.story import Story
from toc_model.errors import InputError, unknown
from toc_model.labels import made_as

if TYPE_CHECKING:
    from toc_model.beliefs.camps import Camp
    from toc_model.beliefs.posterior import Posterior


@dataclass(frozen=True, slots=True, repr=False)
class Prior(Brief):
    """One parameter's prior under a worldview, and where it comes from.

    Attributes
    ----------
    entry : Elicited
        The document's entry, quantiles and value as patched.
    distribution : Distribution
        What was fitted to the quantiles.
    chapter : str
        Name of the chapter's document.
    reason : str
        Why the worldview departs from the base; empty where it does not.
    """

    name: str
    entry: Elicited
    distribution: Distribution
    chapter: str
    reason: str = ""
    dated: bool = False
    """Whether it is a date that departs from the base."""

    @property
    def label(self) -> str:
        """What tables and figures call it: the document's label, or its name in words."""
        return self.entry.label or in_words(self.name)

    @property
    def family_in_words(self) -> str:
        """The family, with its bounds and parameters where it has any that documents don't show."""
        found = self.distribution.family
        return found.words if found.name == self.entry.family else self.entry.family

    @property
    def quantiles(self) -> dict[float, float]:
        """The elicited quantiles by level, given that the effect is not nil; none for a constant."""
        return {quantile_level(name): value for name, value in (self.entry.quantiles or {}).items()}

    @property
    def probabilities(self) -> dict[float, float]:
        """What the fit gives the values below each elicited quantile, by the level that was said."""
        return misfit.probabilities(self.distribution, self.quantiles)

    @property
    def misfit(self) -> float:
        """The largest difference of these from what was said."""
        return misfit.largest(self.probabilities)

    @property
    def missed(self) -> str:
        """Where the fit misses what was said, in words; empty where it does not."""
        return misfit.missed_in_words(self.distribution, self.quantiles)


@dataclass(frozen=True, slots=True)
class Priors:
    """All priors under one worldview.

    Attributes
    ----------
    worldview, description : str
    entries : mapping of str to Prior
        By entry: a parameter's name, or ``name[index]``.
    correlations : tuple of Correlation
    source : str
        The folder they were read from.
    digests : mapping of str to str
        SHA-256 of every document that was read, by file name.
    evidence : tuple of Evidence
        Surveys that the worldview already rests on.
    named : str
        The name or the path by which it was read.
    factors : tuple of Factor
        What several entries have in common.
    phrase : str
        Whose beliefs they are, behind "under"; empty where the document does not say.
    camp : Camp or None
        The group that draws are picked for; None for priors proper.
    reranked : frozenset of str
        Entries whose draws keep their order within the camp but have the quantiles that are stated.
    learnt : Posterior or None
        What these priors have become given surveys, whose draws stand for theirs; None for priors proper.
    over : Over or None
        The worldview on a mixture whose patches lie over these, of a part of it; None for all others.
    """

    worldview: str
    description: str
    entries: Mapping[str, Prior]
    correlations: tuple[Correlation, ...]
    source: str
    digests: Mapping[str, str]
    evidence: tuple[Evidence, ...] = ()
    named: str = ""
    factors: tuple[Factor, ...] = ()
    phrase: str = ""
    camp: "Camp | None" = None
    reranked: frozenset[str] = frozenset()
    learnt: "Posterior | None" = None
    over: Over | None = None

    @property
    def part(self) -> Part:
        """By what they are read."""
        return Part(self.named, self.over.named if self.over else "")

    @property
    def told(self) -> str:
        """Name of the worldview, with that of the one whose patches lie over it."""
        return f"{self.worldview} ({self.over.worldview})" if self.over else self.worldview

    def __repr__(self) -> str:
        return f"<Priors {self.worldview!r}: {len(self.entries)} entries, from {self.source}>"

    def __getitem__(self, name: str) -> Prior:
        if name not in self.entries:
            raise InputError(f"{self.source}: {unknown('parameter', name, self.entries)}")
        return self.entries[name]

    def label(self, name: str) -> str:
        """What tables and figures call an entry, a factor or a parameter."""
        labels = {factor.name: factor.label for factor in self.factors}
        return self.entries[name].label if name in self.entries else labels.get(name, in_words(name))

    # Sources -------------------------------------------------------------------------------------------------------

    @property
    def uncertain(self) -> tuple[str, ...]:
        """Names of the entries that are no constants."""
        return tuple(name for name, prior in self.entries.items() if not prior.distribution.is_constant)

    @property
    def sources(self) -> tuple[str, ...]:
        """Names of the independent standard normal variables behind all entries.

        Each uncertain entry has one for its own part, by its name, and each factor one; so has a constant that a
        correlation names, for the others that are correlated with it.
        """
        correlated = {name for correlation in self.correlations for name in correlation.between}
        needed = correlated | set(self.uncertain)
        return (*(name for name in self.entries if name in needed), *(factor.name for factor in self.factors))

    def drawn_sources(self, draws: int, seed: int, only: Collection[str] | None = None) -> xr.DataArray:
        """Draw the sources.

        Each has a random stream of its own, named by seed and source: worldviews share their random numbers, and a new
        parameter does not change the draws of the others.

        Parameters
        ----------
        draws : int
        seed : int
            Not negative.
        only : collection of str, optional
            Those that are wanted; all by default.

        Returns
        -------
        xarray.DataArray
            Dims ``(draw, source)``.
        """
        names = [name for name in self.sources if only is None or name in only]
        drawn = np.stack([_stream(seed, name, draws) for name in names], axis=-1) if names else np.empty((draws, 0))
        return xr.DataArray(drawn, dims=("draw", "source"), coords={"draw": np.arange(draws), "source": names})

    def latents(self, sources: Mapping[str, Any]) -> dict[str, Any]:
        """The standard normal score of each uncertain entry.

        Parameters
        ----------
        sources : mapping of str to value
            All of `sources` by name: numbers, arrays or ``pymc.dims`` variables.

        Returns
        -------
        dict of str to value
            By entry.
        """
        return latents(self.uncertain, sources, self.factors, self.correlations)

    def from_sources(
        self, story: Story, sources: xr.DataArray, given: Mapping[str, Floats] | None = None
    ) -> xr.Dataset:
        """Parameters that draws of the sources make.

        Parameters
        ----------
        story : Story
        sources : xarray.DataArray
            Dims ``(..., source)``, with all of `sources`.
        given : mapping of str to array of shape (...), optional
            Draws of some entries, taken as they are.

        Returns
        -------
        xarray.Dataset
            A variable a parameter, dims ``(..., places)``.
        """
        table = sources.transpose(..., "source")
        dims, shape = table.dims[:-1], table.shape[:-1]
        columns = {str(name): table.values[..., place] for place, name in enumerate(table["source"].values)}
        scores = reranked(self.latents(columns), self.reranked if self.camp else frozenset())
        values = {
            name: np.broadcast_to(prior.distribution.from_latent(scores.get(name, 0.0)), shape)
            for name, prior in self.entries.items()
        }
        found = assemble(story, {**values, **(given or {})}, dims)
        return found.assign_coords({dim: table[dim] for dim in dims if dim in table.coords} | made_as(table))

    def draw(self, story: Story, draws: int, seed: int, given: Mapping[str, Floats] | None = None) -> xr.Dataset:
        """Draw parameters, from `drawn_sources` or those of them that are picked for a camp; of a posterior, its own.

        Parameters
        ----------
        story : Story
            Whose parameters to draw.
        draws : int
        seed : int
            Not negative.
        given : mapping of str to array of shape (draws,), optional
            Draws of some entries, taken as they are.

        Returns
        -------
        xarray.Dataset
            A variable a parameter, dims ``(draw, ...)``.

        Raises
        ------
        InputError
            If a parameter of the story has no prior, a prior no parameter, or units or ranges differ.
        """
        self.fail_if_differ(story)
        if self.learnt:
            return self.learnt.drawn(draws)
        sources = self.camp.sources(story, draws, seed) if self.camp else self.drawn_sources(draws, seed)
        return self.from_sources(story, sources, given)

    def fail_if_differ(self, story: Story) -> None:
        """Fail if the parameters of a story and these priors are not the same, or one is out of its unit's range."""
        units = {name: prior.entry.unit for name, prior in self.entries.items()}
        checks.fail_if_priors_differ(story.entries, units, [*story.nodes, *story.levers], self.source)
        for name, parameter in story.entries.items():
            prior = self.entries[name]
            where = f"worldview {self.worldview!r}" if prior.reason else f"{prior.chapter}.toml"
            _fail_if_calendar_year(story, prior, f"{self.source}: {where}: {name}")
            _fail_if_out_of_range(prior, parameter.range, f"{self.source}: {where}: {name}")


def _fail_if_calendar_year(story: Story, prior: Prior, where: str) -> None:
    """Fail if a year of the calendar stands where years are counted from a date."""
    entry, unit = prior.entry, story.units.get(prior.entry.unit)
    stated = sorted([*(entry.quantiles or {}).values(), *([entry.value] if entry.value is not None else [])])
    # A far end may be a thousand years away, a middle is not.
    if unit and stated:
        unit.fail_if_calendar_year(stated[len(stated) // 2], where, " (--set takes years of the calendar)")


def _fail_if_out_of_range(prior: Prior, allowed: Range, where: str) -> None:
    """Fail if a parameter's range has no room for all values that an entry may have."""
    entry = prior.entry
    if entry.family != "constant":
        fail_if_wider(entry.family, entry.stated, prior.distribution, allowed, entry.unit, where)
    elif entry.value is not None:
        fail_if_outside(entry.value, allowed, f"{where}: value", entry.unit)


def in_words(name: str) -> str:
    """A name without underscores and brackets."""
    return re.sub(r"[_\[\];]+", " ", name).strip()


def assemble(story: Story, values: Mapping[str, Floats], dims: Sequence[Hashable] = ("draw",)) -> xr.Dataset:
    """Put entries (``name`` or ``name[index]``) together as the story's parameters.

    Parameters
    ----------
    story : Story
    values : mapping of str to array
        By entry; each has the dimensions.
    dims : sequence of str
        Those before a parameter's own.
    """
    variables = {}
    for name, parameter in story.parameters.items():
        columns = [values[entry] for entry in story.entries_of(name)]
        stacked = np.stack(columns, axis=-1) if parameter.dims else columns[0]
        variables[name] = xr.DataArray(stacked, dims=(*dims, *parameter.dims), attrs={"unit": parameter.unit})
    coords = {dim: list(places) for dim, places in story.dimensions.items()}
    used = {dim for variable in variables.values() for dim in variable.dims}
    return xr.Dataset(variables, coords={dim: places for dim, places in coords.items() if dim in used})


def _stream(seed: int, entry: str, draws: int) -> Floats:
    return np.random.default_rng([seed, zlib.crc32(entry.encode())]).standard_normal(draws)
