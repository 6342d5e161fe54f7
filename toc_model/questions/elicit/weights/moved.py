"""How a decision maker's medians move when a seed or an expert is left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from toc_model.statistics.pooling import DecisionMaker, LeftOut


@dataclass(frozen=True, slots=True)
class Moved:
    """The median of one question that is asked.

    Attributes
    ----------
    question : str
    value : float
        Of the decision maker; NaN where nobody who counts answered.
    without_seed, without_expert : tuple of float
        Its least and largest when one is left out; empty where there is none.
    """

    question: str
    value: float
    without_seed: tuple[float, ...]
    without_expert: tuple[float, ...]

    def to_dict(self) -> dict[str, Any]:
        """Figures for JSON, None where there are none."""
        return {
            "value": self.value if np.isfinite(self.value) else None,
            "without_seed": list(self.without_seed) or None,
            "without_expert": list(self.without_expert) or None,
        }


def moved(made: DecisionMaker, seeds: Sequence[LeftOut], experts: Sequence[LeftOut]) -> tuple[Moved, ...]:
    """The medians of questions that are asked, and their ends without one seed and without one expert."""
    medians = made.medians
    targets = [int(k) for k in np.flatnonzero(~made.study.seeds)]
    sides = [[_by_name(one) for one in left] for left in (seeds, experts)]
    found = []
    for item in targets:
        name = made.study.items[item]
        ends = [_ends([median[name] for median in side if name in median]) for side in sides]
        found.append(Moved(name, float(medians[item]), ends[0], ends[1]))
    return tuple(found)


def _by_name(one: LeftOut) -> dict[str, float]:
    return dict(zip(one.made.study.items, one.made.medians.tolist(), strict=True)) if one.made else {}


def _ends(values: Sequence[float]) -> tuple[float, ...]:
    some = [value for value in values if np.isfinite(value)]
    return (min(some), max(some)) if some else ()
