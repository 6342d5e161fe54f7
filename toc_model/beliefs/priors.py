"""Priors as documents: reading, worldview patches, correlations and draws."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

import numpy as np
import xarray as xr
from pydantic import Field

from toc_model.aliases import Floats
from toc_model.beliefs.distributions import FAMILIES, Distribution, constant, fit, quantile_level
from toc_model.documents import Document, checked, digest, read_text, read_toml, shipped_folder
from toc_model.engine import checks
from toc_model.engine.story import Story
from toc_model.errors import InputError, unknown

BASE = "neutral"
NOT_CHAPTERS = frozenset({"claims.toml", "contradictions.toml", "allocations.toml"})


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
    status: Literal["published", "essay", "assumption"]
    history: list[Change] = Field(min_length=1)


class Patch(Document):
    """What a worldview believes instead of the base, and why."""

    family: Literal["lognormal", "logit_normal", "lognormal_above_1", "normal", "constant"] | None = None
    quantiles: dict[str, float] | None = None
    value: float | None = None
    reason: str = Field(min_length=1)


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
    verified: Literal["yes", "secondary", "derived", "essay"] = "yes"
    bias_scale: float = 1.0
    """What the stated scale of the bias that respondents share was multiplied by; 0 denies it."""

    @property
    def label(self) -> str:
        """The source, and how its common bias was taken if not as stated."""
        if self.bias_scale == 1:
            return self.source_id
        how = f"common bias x{self.bias_scale:g}" if self.bias_scale else "without common bias"
        return f"{self.source_id} ({how})"


class Worldview(Document):
    """A named patch on the base."""

    description: str = Field(min_length=1)
    evidence: list[Evidence] = []
    parameters: dict[str, Patch] = {}
    correlations: list[Correlation] = []


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
    """

    worldview: str
    description: str
    entries: Mapping[str, Prior]
    correlations: tuple[Correlation, ...]
    source: str
    digests: Mapping[str, str]
    evidence: tuple[Evidence, ...] = ()

    def __getitem__(self, name: str) -> Prior:
        if name not in self.entries:
            raise InputError(f"{self.source}: {unknown('parameter', name, self.entries)}")
        return self.entries[name]

    def draw(self, story: Story, draws: int, seed: int) -> xr.Dataset:
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

        Returns
        -------
        xarray.Dataset
            A variable a parameter, dims ``(draw,)`` or ``(draw, intervention)``.

        Raises
        ------
        StoryError
            If a parameter of the story has no prior, a prior no parameter, or units differ.
        """
        self.fail_if_differ(story)
        scores = {entry: _stream(seed, entry, draws) for entry in self.entries}
        return self._assembled(story, scores).assign_coords(draw=np.arange(draws))

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

    def _assembled(self, story: Story, scores: dict[str, Floats]) -> xr.Dataset:
        latent = correlated(scores, self.correlations)
        draws = len(next(iter(scores.values())))
        values = {
            name: np.broadcast_to(prior.distribution.from_latent(latent.get(name, 0.0)), draws)
            for name, prior in self.entries.items()
        }
        return assemble(story, values)

    def fail_if_differ(self, story: Story) -> None:
        """Fail if the parameters of a story and these priors are not the same."""
        checks.fail_if_priors_differ(story, {k: prior.entry.unit for k, prior in self.entries.items()}, self.source)


def assemble(story: Story, values: Mapping[str, Floats]) -> xr.Dataset:
    """Put entries (``name`` or ``name[index]``, each of shape ``(draw,)``) together as the story's parameters."""
    variables = {}
    for name, parameter in story.parameters.items():
        columns = [values[entry] for entry in checks.entries_of(story, name)]
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


def worldview_names(folder: Path | None = None) -> tuple[str, ...]:
    """Names of the worldviews in a folder of prior documents, the base first."""
    found = {path.stem for path in ((folder or shipped_folder()) / "worldviews").glob("*.toml")}
    return (BASE, *sorted(found - {BASE}))


def load_priors(worldview: str = BASE, folder: Path | None = None) -> Priors:
    """Read the priors of a worldview.

    Parameters
    ----------
    worldview : str
        A name in the folder's ``worldviews/``, or the path of a patch (ending in ``.toml``).
    folder : Path, optional
        Prior documents; those that ship with the package by default.

    Raises
    ------
    InputError
        If a document is missing, malformed or does not fit its schema, quantiles are not possible, or
        correlations are not those of any distribution.
    """
    folder = folder or shipped_folder()
    chapters = sorted(path for path in folder.glob("*.toml") if path.name not in NOT_CHAPTERS)
    if not chapters:
        raise InputError(f"{folder}: found no prior documents (*.toml)")
    entries: dict[str, Prior] = {}
    for path in chapters:
        for name, entry in _read_chapter(path).items():
            if name in entries:
                raise InputError(f"{path}: {name}: a second prior; the first is in {entries[name].chapter}.toml")
            entries[name] = entry
    patch_path = _worldview_path(worldview, folder)
    patch = checked(Worldview, read_toml(patch_path), str(patch_path)) if patch_path else None
    documents = [*chapters, *([patch_path] if patch_path else [])]
    if patch:
        entries |= _patched(entries, patch, patch_path)
        _fail_if_correlations_impossible(entries, patch, patch_path)
    return Priors(
        worldview=Path(worldview).stem if worldview.endswith(".toml") else worldview,
        description=patch.description if patch else "",
        entries=entries,
        correlations=tuple(patch.correlations) if patch else (),
        evidence=tuple(patch.evidence) if patch else (),
        source=str(folder),
        digests={
            str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path): digest(read_text(path))
            for path in documents
        },
    )


def _read_chapter(path: Path) -> dict[str, Prior]:
    priors = {}
    for name, table in read_toml(path).items():
        entry = checked(Elicited, table, f"{path}: {name}")
        priors[name] = Prior(name, entry, _fitted(entry, f"{path}: {name}"), path.stem)
    return priors


def _fitted(entry: Elicited, where: str) -> Distribution:
    if entry.family == "constant":
        if entry.value is None or entry.quantiles is not None:
            raise InputError(f"{where}: a constant has a 'value' and no 'quantiles'")
        return constant(entry.value)
    if entry.quantiles is None or entry.value is not None:
        raise InputError(f"{where}: the family {entry.family!r} has 'quantiles' and no 'value'")
    try:
        return fit(FAMILIES[entry.family], _by_level(entry.quantiles))
    except InputError as error:
        raise InputError(f"{where}: quantiles: {error}") from None


def _by_level(quantiles: Mapping[str, float]) -> dict[float, float]:
    names: dict[float, str] = {}
    for name in quantiles:
        first = names.setdefault(quantile_level(name), name)
        if first != name:
            raise InputError(f"found {first} and {name}, which are the same quantile")
    return {level: quantiles[name] for level, name in names.items()}


def _worldview_path(worldview: str, folder: Path) -> Path | None:
    if worldview.endswith(".toml"):
        return Path(worldview)
    path = folder / "worldviews" / f"{worldview}.toml"
    if worldview not in worldview_names(folder):
        raise InputError(f"{folder / 'worldviews'}: {unknown('worldview', worldview, worldview_names(folder))}")
    return path if path.exists() else None


def _patched(entries: Mapping[str, Prior], worldview: Worldview, path: Path | None) -> dict[str, Prior]:
    patched = {}
    for name, patch in worldview.parameters.items():
        if name not in entries:
            raise InputError(f"{path}: parameters: {unknown('parameter', name, entries)}")
        change = {
            "quantiles": patch.quantiles,
            "value": patch.value,
            "family": patch.family or entries[name].entry.family,
        }
        entry = entries[name].entry.model_copy(update=change)
        distribution = _fitted(entry, f"{path}: parameters.{name}")
        patched[name] = replace(entries[name], entry=entry, distribution=distribution, reason=patch.reason)
    return patched


def _fail_if_correlations_impossible(entries: Mapping[str, Prior], worldview: Worldview, path: Path | None) -> None:
    pairs = set()
    for correlation in worldview.correlations:
        for name in correlation.between:
            if name not in entries:
                raise InputError(f"{path}: correlations: {unknown('parameter', name, entries)}")
        pair = frozenset(correlation.between)
        if len(pair) < 2 or pair in pairs:
            raise InputError(f"{path}: correlations: found {correlation.between} twice; a pair of two is named once")
        pairs.add(pair)
    names, matrix = correlation_matrix(tuple(worldview.correlations))
    smallest = float(np.linalg.eigvalsh(matrix)[0]) if names else 1.0
    if smallest < 1e-10:
        raise InputError(
            f"{path}: correlations: not positive definite (least eigenvalue {smallest:.3g}) over {', '.join(names)}; "
            "no distribution has these correlations together"
        )
