"""What a posterior and a saved run must hold; checked like any other input when they come back from a file."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import numpy as np
import xarray as xr
from pydantic import Field, StringConstraints

from toc_model.beliefs.evidence import Evidence
from toc_model.beliefs.mixture import TOLERANCE
from toc_model.documents import Document
from toc_model.engine.declare import Parameter
from toc_model.engine.ranges import fail_if_outside
from toc_model.engine.story import Story
from toc_model.errors import InputError
from toc_model.labels import listed, placed

type Sha256 = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]

DRAWN = ("chain", "draw")


class Sampling(Document):
    """How a posterior was sampled."""

    draws: int = Field(ge=1)
    tune: int = Field(ge=0)
    chains: int = Field(ge=1)
    sampler: Literal["auto", "weights", "nuts"]
    seed: int = Field(ge=0)
    target_accept: float = Field(gt=0, lt=1)
    progress: bool = False


class Trust(Document):
    """How far weights can be trusted."""

    k_hat: float | None
    effective: float


class SavedPosterior(Document):
    """What a posterior's file says of how it was made."""

    versions: dict[str, str]
    story: Sha256
    case: str
    home: str = ""
    worldview: str = Field(min_length=1)
    priors: str
    digests: dict[str, Sha256]
    sets: list[str] = []
    allocations: dict[str, str]
    evidence: list[Evidence] = Field(min_length=1)
    surveys: dict[str, Sha256] = {}
    mappings: dict[str, Sha256] = {}
    format: Literal[2]
    method: Literal["weights", "nuts"]
    bias_scale: float = Field(ge=0)
    bias_shape: Literal["normal", "student"]
    shared_bias: bool
    sampling: Sampling
    trust: Trust | None = None
    problems: list[str]
    accepted: bool

    @property
    def group(self) -> str:
        """Where the file has the draws of parameters."""
        return "prior" if self.method == "weights" else "posterior"

    def origin(self) -> dict[str, Any]:
        """How the draws were made, ready for JSON."""
        told = {"versions", "surveys", "mappings", "method", "bias_scale", "bias_shape", "shared_bias", "sampling"}
        accepted = {"problems"} if self.problems else set()
        return self.model_dump(include=told | accepted | ({"trust"} if self.trust else set()))


def fail_if_earlier_format(stated: Mapping[str, Any], where: str) -> None:
    """Fail, saying what to do, if a posterior was saved before its answers were kept beside it."""
    if "format" not in stated:
        raise InputError(
            f"{where}: a posterior of the first format, without the answers that it rests on; allowed: one of the "
            "second (run toc update again on the same files)"
        )


class SavedMember(Document):
    """One worldview of those that draws come from."""

    named: str = Field(min_length=1)
    over: str = ""
    """The worldview on a mixture whose patches it has, as a part of this."""
    weight: float = Field(gt=0, le=1 + TOLERANCE)
    digests: dict[str, Sha256]


class SavedChange(Document):
    """What was put in place of an elicited prior."""

    entry: str
    to: str
    reason: str


class SavedBeliefs(Document):
    """What a run's file says of the beliefs behind it."""

    case: str = Field(min_length=1)
    folder: str
    members: list[SavedMember]
    overrides: list[str]
    seed: int = Field(ge=0)
    evidence: list[Evidence]
    label: str
    changed: list[SavedChange]
    story: Sha256
    as_of: str
    sets: list[str]
    mixture: str
    mixture_digest: str
    origin: dict[str, Any]
    versions: dict[str, str]

    def fail_if_impossible(self, where: str) -> None:
        """Fail if the draws come from nowhere, or weights do not add up."""
        if not self.members and not self.label:
            raise InputError(f"{where}: members: found none; allowed: one or more, or draws of the user's own")
        if self.members and abs(sum(one.weight for one in self.members) - 1) > TOLERANCE:
            raise InputError(f"{where}: members: found weights that do not add up to 1")


class SavedAllocations(Document):
    """What a run's file says of its allocations."""

    tables: dict[str, dict[str, Any]] = Field(min_length=1)
    source: str
    digests: dict[str, str]
    own: list[str] = []


class SavedRun(Document):
    """What a run's file says of how it was made."""

    beliefs: SavedBeliefs
    allocations: SavedAllocations


def checked_draws(story: Story, drawn: xr.Dataset, where: str) -> xr.Dataset:
    """Draws of all parameters of a story, and nothing else.

    Parameters
    ----------
    story : Story
    drawn : xarray.Dataset
        Dims ``(chain, draw, ...)``; other variables are left out.
    where : str
        The file, for messages.

    Raises
    ------
    InputError
        If a parameter is missing, has other dims, labels or another unit than in the story, labels of draws are there
        twice, or a value is none that its unit has.
    """
    _fail_if_labels_differ(drawn, where)
    for name, parameter in story.parameters.items():
        if name not in drawn.data_vars:
            raise InputError(f"{where}: missing parameter {name!r}")
        _fail_if_other(story, parameter, drawn[name], f"{where}: {name}")
    return drawn[list(story.parameters)]


def checked_likelihood(found: xr.Dataset, drawn: xr.Dataset, where: str) -> xr.Dataset:
    """Log densities of answers, dims ``(chain, draw)``, with the labels of the draws.

    Raises
    ------
    InputError
        If dims or labels differ, or a value is not finite.
    """
    for name, values in found.data_vars.items():
        if set(values.dims) != set(DRAWN):
            raise InputError(
                f"{where}: log_likelihood: {name}: found the dims {listed(values.dims)}; allowed: {listed(DRAWN)}"
            )
        _fail_if_not_finite(values, f"{where}: log_likelihood: {name}")
    for dim in DRAWN:
        if not np.array_equal(found[dim].values, drawn[dim].values):
            raise InputError(f"{where}: log_likelihood: found other labels of {dim} than those of the draws")
    return found


def checked_weights(found: xr.Dataset, drawn: xr.Dataset, where: str) -> xr.DataArray:
    """How much each draw counts, dims ``(chain, draw)``, with the labels of the draws.

    Raises
    ------
    InputError
        If dims or labels differ, a weight is negative or not finite, or all are 0.
    """
    checked_likelihood(found, drawn, where)
    if "weight" not in found or bool((found["weight"] < 0).any()) or not float(found["weight"].sum()) > 0:
        raise InputError(f"{where}: importance: found no weights; allowed: numbers of 0 or more, not all of them 0")
    return found["weight"]


def _fail_if_labels_differ(drawn: xr.Dataset, where: str) -> None:
    for dim in DRAWN:
        if dim not in drawn.dims or dim not in drawn.coords or not drawn.sizes[dim]:
            raise InputError(f"{where}: found no labels of {dim}")
        labels = drawn[dim].values
        if labels.dtype.kind not in "iu" or len(np.unique(labels)) < len(labels):
            raise InputError(f"{where}: {dim}: found labels that are no whole numbers, or one twice")


def _fail_if_other(story: Story, parameter: Parameter, values: xr.DataArray, where: str) -> None:
    """Fail if the values of a parameter are not what the story has under its name."""
    wanted = {*DRAWN, *parameter.dims}
    if not {*parameter.dims} <= {*values.dims} <= wanted:
        raise InputError(f"{where}: found the dims {listed(values.dims)}; allowed: {listed([*DRAWN, *parameter.dims])}")
    for dim in parameter.dims:
        if dim not in values.coords:
            raise InputError(f"{where}: found no labels of {dim}")
        placed(values, dim, story.dimensions[dim], where)
    if (unit := values.attrs.get("unit", parameter.unit)) != parameter.unit:
        raise InputError(f"{where}: unit: found {unit!r}; allowed: {parameter.unit!r}")
    _fail_if_not_finite(values, where)
    fail_if_outside(values.values, parameter.range, where, parameter.unit)


def _fail_if_not_finite(values: xr.DataArray, where: str) -> None:
    if values.dtype.kind not in "fiub":
        raise InputError(f"{where}: found values of the type {values.dtype}; allowed: numbers")
    bad = ~np.isfinite(values.values)
    if bad.any():
        raise InputError(f"{where}: found {int(bad.sum())} of {bad.size} values that are not finite numbers")
