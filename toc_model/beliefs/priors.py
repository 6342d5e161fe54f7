"""Priors: elicited entries with their distributions, correlations and draws."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
import xarray as xr
from pydantic import Field

from toc_model.aliases import Floats
from toc_model.beliefs.distributions import Distribution, quantile_level
from toc_model.documents import Document
from toc_model.engine import checks
from toc_model.engine.story import Story
from toc_model.errors import InputError, unknown


class Change(Document):
    """One line of a parameter's history."""

    date: date
    change: str = Field(min_length=1)


class Elicited(Document):
    """One parameter as it stands in a chapter's document."""

    family: Literal["lognormal", "logit_normal", "lognormal_above_1", "normal", "constant"]
    unit: str = Field(min_length=1)
    quantiles: dict[str, float] | None = None
    value: float | None = None
    question: str = Field(min_length=1)
    claims: list[str]
    source: str = Field(min_length=1)
    status: str
    history: list[Change] = Field(min_length=1)


class Correlation(Document):
    """Correlation of two parameters on the latent normal scale."""

    between: list[str] = Field(min_length=2, max_length=2)
    value: float = Field(gt=-1, lt=1)
    reason: str = Field(min_length=1)


class Evidence(Document):
    """A survey that a worldview already rests on, so that it is not counted twice."""

    source_id: str = Field(min_length=1)
    digest: str
    derived_from: list[str] = []
    verified: str = "yes"
    bias_scale: float = 1.0
    """What the stated scale of the bias that respondents share was multiplied by; 0 denies it."""

    @property
    def label(self) -> str:
        """The source, and how its common bias was taken if not as stated."""
        if self.bias_scale == 1:
            return self.source_id
        how = f"common bias x{self.bias_scale:g}" if self.bias_scale else "without common bias"
        return f"{self.source_id} ({how})"


@dataclass(frozen=True, slots=True)
class Prior:
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

    @property
    def quantiles(self) -> dict[float, float]:
        """The elicited quantiles by level; none for a constant."""
        return {quantile_level(name): value for name, value in (self.entry.quantiles or {}).items()}


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
    """

    worldview: str
    description: str
    entries: Mapping[str, Prior]
    correlations: tuple[Correlation, ...]
    source: str
    digests: Mapping[str, str]
    evidence: tuple[Evidence, ...] = ()
    named: str = ""

    def __repr__(self) -> str:
        return f"<Priors {self.worldview!r}: {len(self.entries)} entries, from {self.source}>"

    def __getitem__(self, name: str) -> Prior:
        if name not in self.entries:
            raise InputError(f"{self.source}: {unknown('parameter', name, self.entries)}")
        return self.entries[name]

    def draw(self, story: Story, draws: int, seed: int, given: Mapping[str, Floats] | None = None) -> xr.Dataset:
        """Draw parameters.

        Each entry has a random stream of its own, named by seed and entry: worldviews share their random numbers,
        and a new parameter does not change the draws of the others.

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
        StoryError
            If a parameter of the story has no prior, a prior no parameter, or units differ.
        """
        self.fail_if_differ(story)
        scores = {entry: _stream(seed, entry, draws) for entry in self.entries}
        return self._assembled(story, scores, given or {}).assign_coords(draw=np.arange(draws))

    def from_scores(self, story: Story, scores: xr.DataArray) -> xr.Dataset:
        """Parameters from draws of independent standard normal scores.

        Parameters
        ----------
        story : Story
        scores : xarray.DataArray
            Dims ``(chain, draw, entry)``; every entry that is no constant.

        Returns
        -------
        xarray.Dataset
            A variable a parameter, dims ``(chain, draw, ...)``.
        """
        chains = [
            self._assembled(story, {str(name): chain.sel(entry=name).values for name in scores["entry"].values})
            for chain in scores.transpose("chain", "draw", "entry")
        ]
        return xr.concat(chains, dim="chain").assign_coords(chain=scores["chain"], draw=scores["draw"])

    def _assembled(
        self, story: Story, scores: dict[str, Floats], given: Mapping[str, Floats] | None = None
    ) -> xr.Dataset:
        latent = correlated(scores, self.correlations)
        draws = len(next(iter(scores.values())))
        values = {
            name: np.broadcast_to(prior.distribution.from_latent(latent.get(name, 0.0)), draws)
            for name, prior in self.entries.items()
        }
        return assemble(story, {**values, **(given or {})})

    def fail_if_differ(self, story: Story) -> None:
        """Fail if the parameters of a story and these priors are not the same."""
        units = {name: prior.entry.unit for name, prior in self.entries.items()}
        checks.fail_if_priors_differ(story.entries, units, [*story.nodes, *story.levers], self.source)


def assemble(story: Story, values: Mapping[str, Floats]) -> xr.Dataset:
    """Put entries (``name`` or ``name[index]``, each of shape ``(draw,)``) together as the story's parameters."""
    variables = {}
    for name, parameter in story.parameters.items():
        columns = [values[entry] for entry in story.entries_of(name)]
        stacked = np.stack(columns, axis=-1) if parameter.dims else columns[0]
        variables[name] = xr.DataArray(stacked, dims=("draw", *parameter.dims), attrs={"unit": parameter.unit})
    coords = {dim: list(places) for dim, places in story.dimensions.items()}
    used = {dim for variable in variables.values() for dim in variable.dims}
    return xr.Dataset(variables, coords={dim: places for dim, places in coords.items() if dim in used})


def _stream(seed: int, entry: str, draws: int) -> Floats:
    return np.random.default_rng([seed, zlib.crc32(entry.encode())]).standard_normal(draws)


def correlated(latent: dict[str, Any], correlations: tuple[Correlation, ...]) -> dict[str, Any]:
    """Mix independent standard normal variables, plain or symbolic, so that they are correlated as a worldview says.

    Parameters
    ----------
    latent : dict of str to value
        By entry.
    correlations : tuple of Correlation
    """
    names, matrix = correlation_matrix(correlations)
    if not names:
        return latent
    return latent | {
        name: sum(float(weight) * latent[other] for weight, other in zip(row, names, strict=True) if weight)
        for name, row in zip(names, np.linalg.cholesky(matrix), strict=True)
    }


def correlation_matrix(correlations: tuple[Correlation, ...]) -> tuple[list[str], Floats]:
    """Names of all correlated entries and their correlation matrix on the latent scale."""
    names = sorted({name for correlation in correlations for name in correlation.between})
    matrix = np.eye(len(names))
    for correlation in correlations:
        i, j = (names.index(name) for name in correlation.between)
        matrix[i, j] = matrix[j, i] = correlation.value
    return names, matrix
