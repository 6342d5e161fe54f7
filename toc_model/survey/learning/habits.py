"""What is unknown of how answers came about, as independent standard normal variables."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import xarray as xr
from scipy import special

from toc_model.aliases import Floats
from toc_model.survey.kinds import KINDS
from toc_model.survey.kinds.parameters import Family, Parameter
from toc_model.survey.kinds.scales import CAMP_SD
from toc_model.survey.learning.questions import Asked

LEAST = 1e-12
"""How near to 0 and 1 a share may come."""
FARTHEST = 8.0
"""Standard deviations up to which a half-normal variable rises with a normal one."""


@dataclass(frozen=True, slots=True)
class Habits:
    """The parameters of a question's answers, in order.

    Attributes
    ----------
    parameters : tuple of Parameter
    camps : int
        How many camps share something, each beside the others; 0 where there is one.
    width : float
        That of the question.
    many : int
        How many answer.
    sizes : array of shape (camps,)
        How many in each.
    fixed : tuple of float, optional
        A centre of beliefs, and a standard deviation of what camps share, that answers suggest: what lies on the scale
        then follows the centre (see `Camps`).
    """

    parameters: tuple[Parameter, ...]
    camps: int
    width: float
    many: int = 0
    sizes: Floats = field(default_factory=lambda: np.zeros(0))
    fixed: tuple[float, float] | None = None

    @classmethod
    def of(cls, question: Asked) -> "Habits":
        """Those of a question, without the mood that an expert's answers may share."""
        camps = len(question.groups) if len(question.groups) > 1 else 0
        group, count = (question.data[name].values for name in ("group", "count"))
        sizes = np.bincount(group, count, minlength=camps)[:camps]
        return cls(
            KINDS[question.kind].parameters(question.mapping),
            camps,
            question.mapping.width,
            question.respondents,
            sizes,
        )

    @property
    def size(self) -> int:
        """How many standard normal variables they are made of."""
        return sum(map(_size, self.parameters)) + (self.camps + 1 if self.camps else 0)

    @property
    def can_follow(self) -> bool:
        """Whether anything lies on the scale of the question beside the centre."""
        return bool(self.camps) or any(parameter.on_scale for parameter in self.parameters)

    def following(self, of: Mapping[str, xr.DataArray], centre: xr.DataArray) -> tuple[dict[str, xr.DataArray], Any]:
        """Parameters on the scale as they follow a centre, and the log ratio of their priors there and where fixed.

        Parameters
        ----------
        of : mapping of str to xarray.DataArray
            Parameters at some places.
        centre : xarray.DataArray
            Dims ``(centre,)``, or ``(place, centre)``.
        """
        found, log_ratio = dict(of), xr.DataArray(0.0)
        for parameter in self.parameters:
            if parameter.on_scale and self.fixed:
                sd = float(np.asarray(parameter.scale))
                moved = (centre - self.fixed[0]) * sd / (sd**2 + self.width**2 / max(self.many, 1))
                z = (of[parameter.name] - parameter.location) / sd
                log_ratio = log_ratio - moved * (z + moved / 2)
                found[parameter.name] = of[parameter.name] + sd * moved
        return found, log_ratio

    def at(self, z: Floats) -> tuple[dict[str, xr.DataArray], "Camps | None"]:
        """Parameters and what camps share, at some places.

        Parameters
        ----------
        z : array of shape (places, size)

        Returns
        -------
        parameters : dict of str to xarray.DataArray
            Dims ``(place,)`` and, for those with labels, one of their own name.
        camps : Camps or None
        """
        found, start = {}, 0
        for parameter in self.parameters:
            stop = start + _size(parameter)
            found[parameter.name] = _from_normal(parameter, z[:, start:stop])
            start = stop
        if not self.camps:
            return found, None
        scale = CAMP_SD * self.width * _half_normal(z[:, start])
        return found, Camps(z[:, start + 1 :], scale, self.width / np.sqrt(np.maximum(self.sizes, 1)), self.fixed)


@dataclass(frozen=True, slots=True)
class Camps:
    """What camps share at some places in the space of habits.

    Where many answer, answers fix the centre of a camp: what it shares moves against the centre of all, and by as much
    however different camps are. So that a place is good for all centres, that is followed as far as it would be in a
    normal model, and made up for in the prior.

    Attributes
    ----------
    z : array of shape (places, camps)
        What is shared, in standard deviations where `fixed` has it.
    scale : array of shape (places,)
        Standard deviation of what camps share.
    errors : array of shape (camps,)
        How well answers fix the centre of a camp, about.
    fixed : tuple of float or None
        The centre and the standard deviation to which `z` belongs; None where nothing is followed.
    """

    z: Floats
    scale: Floats
    errors: Floats
    fixed: tuple[float, float] | None

    def follow(self, scale: Any) -> Floats:
        """What part of the way of a centre camps lag behind, if they differ by so much; shape (..., camps)."""
        squared = np.asarray(scale)[..., None] ** 2
        return np.asarray(squared / (squared + self.errors**2) * (self.fixed is not None))

    def shared(self) -> tuple[Floats, Floats]:
        """What is shared at the fixed centre, and the logarithm of how much more room there is; (places, camps)."""
        if self.fixed is None:
            return self.scale[:, None] * self.z, np.zeros_like(self.z)
        room = self.follow(self.fixed[1]) * np.log(self.fixed[1] / self.scale)[:, None]
        return self.scale[:, None] * np.exp(room) * self.z, room

    def added(self, centre: xr.DataArray) -> tuple[xr.DataArray, xr.DataArray]:
        """What camps add to a centre, and the log ratio of the prior of that and a normal one of `z`.

        Parameters
        ----------
        centre : xarray.DataArray
            Dims ``(centre,)``, or ``(place, centre)``.

        Returns
        -------
        added : xarray.DataArray
            Dims ``(place, camp, ...)``; the last camp is nobody's, and shares nothing.
        log_ratio : xarray.DataArray
            Dims ``(place, centre)``.
        """
        nobody = np.zeros((len(self.z), 1))
        at_fixed, room = self.shared()
        z, lag, shared, more = (
            xr.DataArray(np.hstack([of, nobody]), dims=("place", "camp"))
            for of in (self.z, self.follow(self.scale), at_fixed, room)
        )
        added = shared - lag * (centre - (self.fixed or (0.0,))[0])
        return added, (z * z / 2 - (added / xr.DataArray(self.scale, dims="place")) ** 2 / 2 + more).sum("camp")


def _size(parameter: Parameter) -> int:
    if parameter.labels is None:
        return 1
    return len(parameter.labels) - (parameter.family == "dirichlet")


def _from_normal(parameter: Parameter, z: Floats) -> xr.DataArray:
    values = FROM_NORMAL[parameter.family](parameter, z)
    if parameter.labels is None:
        return xr.DataArray(values[:, 0], dims="place")
    return xr.DataArray(values, dims=("place", parameter.name))


def _half_normal(z: Floats) -> Floats:
    """A half-normal variable that rises with a normal one; positive, as far as numbers go."""
    z = np.clip(z, -FARTHEST, FARTHEST)
    found = np.where(z < 0, special.erfinv(special.ndtr(np.minimum(z, 0))), special.erfcinv(special.ndtr(-z)))
    return np.asarray(math.sqrt(2) * found)


def _shares(of: Parameter, z: Floats) -> Floats:
    """Shares that add up to one, broken off a stick one after another, which makes each Beta of what is left."""
    weights, left, found = np.array(of.weights), np.ones(len(z)), []
    for place in range(z.shape[1]):
        part = special.betaincinv(weights[place], weights[place + 1 :].sum(), special.ndtr(z[:, place]))
        part = np.clip(part, LEAST, 1 - LEAST)
        found.append(left * part)
        left = left * (1 - part)
    return np.column_stack([*found, left])


FROM_NORMAL: dict[Family, Callable[[Parameter, Floats], Floats]] = {
    "normal": lambda of, z: np.asarray(of.location) + np.asarray(of.scale) * z,
    "half_normal": lambda of, z: np.asarray(of.scale) * _half_normal(z),
    "lognormal": lambda of, z: np.exp(np.asarray(of.location) + np.asarray(of.scale) * z),
    "dirichlet": _shares,
}
