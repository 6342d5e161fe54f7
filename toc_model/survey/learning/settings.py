"""How to learn from surveys: how common biases are taken, and how the posterior is found."""

import math
from dataclasses import dataclass
from typing import Literal, get_args

from toc_model.brief import Brief
from toc_model.documents import as_number
from toc_model.errors import InputError, unknown
from toc_model.survey.learning.questions import Asked

type Shape = Literal["normal", "student"]
type Sampler = Literal["auto", "weights", "nuts"]

SHAPES: tuple[str, ...] = get_args(Shape.__value__)
SAMPLERS: tuple[str, ...] = get_args(Sampler.__value__)


WIDEST = 100.0
"""By how much the stated scale of a common bias may be multiplied: wider ones leave nothing to learn."""


@dataclass(frozen=True, slots=True)
class Common:
    """How the biases that respondents share are taken.

    Attributes
    ----------
    scale : float
        What their stated scales are multiplied by; 0 denies them.
    shape : str
        "normal", or "student" for heavy tails: Student t with 4 degrees of freedom, of the same scale.

    Raises
    ------
    InputError
        If the scale is negative, more than `WIDEST` or no number, or the shape unknown.
    """

    scale: float = 1.0
    shape: Shape = "normal"

    def __post_init__(self) -> None:
        if not 0 <= self.scale <= WIDEST:
            raise InputError(f"bias scale: found {self.scale:g}; allowed: 0 to {WIDEST:g}")
        if self.shape not in SHAPES:
            raise InputError(f"bias shape: {unknown('shape', self.shape, SHAPES)}")

    def sd(self, question: Asked) -> float:
        """The scale of the bias of a question, on its natural scale."""
        return self.scale * question.mapping.bias_sd


def others(common: Common) -> tuple[Common, ...]:
    """What is shown beside an update: half and twice as wide common biases, and those of the other shape.

    No number of answers can tell their scale or shape. Beside denied ones stand the stated ones.
    """
    if not common.scale:
        return Common(), Common(1.0, "student")
    twice = min(2 * common.scale, WIDEST)
    other: Shape = "student" if common.shape == "normal" else "normal"
    return Common(common.scale / 2, common.shape), Common(twice, common.shape), Common(common.scale, other)


@dataclass(frozen=True, slots=True, repr=False)
class Settings(Brief):
    """How the posterior is found.

    Attributes
    ----------
    draws : int
        Of the prior, to be weighted; or, of a sampler, of all chains together.
    tune, chains, target_accept
        Of a sampler.
    seed : int
    sampler : str
        "auto" for weights, and a sampler where these can't be trusted; "weights" or "nuts" for one of the two.
    progress : bool
        Whether a sampler shows how far it is.
    """

    draws: int = 4000
    tune: int = 1000
    chains: int = 4
    seed: int = 1
    target_accept: float = 0.95
    sampler: Sampler = "auto"
    progress: bool = False

    def __post_init__(self) -> None:
        if self.sampler not in SAMPLERS:
            raise InputError(f"sampler: {unknown('sampler', self.sampler, SAMPLERS)}")

    @property
    def steps(self) -> int:
        """Draws, and those that a sampler makes before it keeps any."""
        return self.draws + (0 if self.sampler == "weights" else self.tune * self.chains)


def scales_in(text: str) -> tuple[float, ...]:
    """Scales of common biases, joined by commas.

    Raises
    ------
    InputError
        If one of them is no scale.
    """
    words = [word.strip() for word in text.split(",") if word.strip()]
    for word in words:
        if math.isnan(as_number(word)):
            raise InputError(f"bias scale: found {word!r}; allowed: numbers from 0 to {WIDEST:g}, joined by commas")
    return tuple(Common(as_number(word)).scale for word in words)
