"""What is unknown of how answers to a question come about, declared: names, priors and labels.

Nothing here opens PyMC. `toc_model.survey.learning.observation` makes random variables of the declarations,
`toc_model.survey.learning.pointwise` reads them back from draws, and simulations draw them with NumPy.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from toc_model.aliases import Floats
from toc_model.survey.kinds.scales import DEVIATION_LOG_SD, OVERCONFIDENCE_SD

type Family = Literal["normal", "half_normal", "lognormal", "dirichlet"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a question and its prior.

    Attributes
    ----------
    name : str
        As the density knows it.
    family : str
        "normal", "half_normal", "lognormal" or "dirichlet".
    scale : float, or tuple of float
        Standard deviation, of the logarithm for "lognormal"; unused for "dirichlet". A tuple has one a label.
    location : float, or tuple of float
        Mean, of the logarithm for "lognormal"; unused for the others. A tuple has one a label.
    labels : tuple, optional
        Of its places; None for a scalar.
    weights : tuple of float
        For "dirichlet", one a label.
    on_scale : bool
        Whether it lies on the scale of the question, so that answers tell its distance from their centre; it is normal.
    """

    name: str
    family: Family
    scale: float | tuple[float, ...] = 1.0
    location: float | tuple[float, ...] = 0.0
    labels: tuple[object, ...] | None = None
    weights: tuple[float, ...] = ()
    on_scale: bool = False

    def variable(self, question: str) -> str:
        """Its name in a posterior, for a question by name."""
        return f"{question}_{self.name}"

    def dim(self, question: str) -> str:
        """The dimension of its places in a posterior."""
        return f"{self.variable(question)}s"

    def of_width(self, width: float) -> "Parameter":
        """The same for a question whose respondents are so far apart; itself where that is 1."""
        moved = np.asarray(self.location) + math.log(width)
        return replace(self, location=tuple(moved.tolist()) if moved.ndim else float(moved))

    def drawn(self, rng: np.random.Generator, draws: tuple[int, ...] = ()) -> Floats:
        """Draw it from its prior so often: an array of the shape of the draws, and a last axis for labels."""
        shape = draws if self.labels is None else (*draws, len(self.labels))
        return np.asarray(DRAWN[self.family](self, shape, rng))


def _normal(of: Parameter, shape: tuple[int, ...], rng: np.random.Generator) -> Floats:
    return np.asarray(of.location) + np.asarray(of.scale) * rng.standard_normal(shape)


def _half_normal(of: Parameter, shape: tuple[int, ...], rng: np.random.Generator) -> Floats:
    return np.asarray(of.scale) * abs(rng.standard_normal(shape))


def _lognormal(of: Parameter, shape: tuple[int, ...], rng: np.random.Generator) -> Floats:
    return np.asarray(np.exp(_normal(of, shape, rng)))


def _dirichlet(of: Parameter, shape: tuple[int, ...], rng: np.random.Generator) -> Floats:
    return rng.dirichlet(of.weights, shape[:-1])


DRAWN: dict[Family, Callable[[Parameter, tuple[int, ...], np.random.Generator], Floats]] = {
    "normal": _normal,
    "half_normal": _half_normal,
    "lognormal": _lognormal,
    "dirichlet": _dirichlet,
}

DEVIATION = Parameter("deviation", "lognormal", DEVIATION_LOG_SD)
"""Spread between respondents, in widths of the question."""
OVERCONFIDENCE = Parameter("overconfidence", "normal", OVERCONFIDENCE_SD)
"""Logarithm of the ratio of errors to stated spreads; zero for calibrated respondents."""
