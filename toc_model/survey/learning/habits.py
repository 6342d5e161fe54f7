"""What is unknown of how answers came about, as independent standard normal variables."""

import math
from collections.abc import Callable
from dataclasses import dataclass

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
    """

    parameters: tuple[Parameter, ...]
    camps: int
    width: float

    @classmethod
    def of(cls, question: Asked) -> "Habits":
        """Those of a question, without the mood that an expert's answers may share."""
        camps = len(question.groups) if len(question.groups) > 1 else 0
        return cls(KINDS[question.kind].parameters(question.mapping), camps, question.mapping.width)

    @property
    def size(self) -> int:
        """How many standard normal variables they are made of."""
        return sum(map(_size, self.parameters)) + (self.camps + 1 if self.camps else 0)

    def at(self, z: Floats) -> tuple[dict[str, xr.DataArray], xr.DataArray | None]:
        """Parameters and what camps share, at some places.

        Parameters
        ----------
        z : array of shape (places, size)

        Returns
        -------
        parameters : dict of str to xarray.DataArray
            Dims ``(place,)`` and, for those with labels, one of their own name.
        camps : xarray.DataArray or None
            Dims ``(place, camp)``; the last camp is nobody's, and shares nothing.
        """
        found, start = {}, 0
        for parameter in self.parameters:
            stop = start + _size(parameter)
            found[parameter.name] = _from_normal(parameter, z[:, start:stop])
            start = stop
        if not self.camps:
            return found, None
        scale = CAMP_SD * self.width * _half_normal(z[:, start])
        shared = np.column_stack([scale[:, None] * z[:, start + 1 :], np.zeros(len(z))])
        return found, xr.DataArray(shared, dims=("place", "camp"))


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
