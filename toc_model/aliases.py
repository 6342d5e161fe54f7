"""Types that several layers share."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Progress = Callable[[int, int], None]
"""Called with the number of steps done and the number of all."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A quantity, or one place of it: ``name`` or ``name[place]``, with places along several dims joined by ``;``."""

    name: str
    places: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `str` writes; whether there is such a place is for others to say."""
        name, bracket, places = text.partition("[")
        return cls(name, tuple(places.removesuffix("]").split(";")) if bracket else ())

    def __str__(self) -> str:
        return f"{self.name}[{';'.join(self.places)}]" if self.places else self.name
