"""What each expert counts for, and how that and medians move when a seed or an expert is left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from toc_model.aliases import Floats
from toc_model.statistics.pooling import DecisionMaker, LeftOut, Study
from toc_model.statistics.pooling.decision_makers import EQUAL, GLOBAL


def asked_in(study: Study) -> list[int]:
    """Places of the questions that a study is about; of the seeds where there is nothing else."""
    targets = np.flatnonzero(~study.seeds)
    return [int(k) for k in (targets if targets.size else np.flatnonzero(study.seeds))]


def share_of(made: DecisionMaker, kind: str) -> Floats:
    """What each expert counts for, of shape (experts,); they sum to one.

    Parameters
    ----------
    made : DecisionMaker
    kind : str
        Where it differs from question to question, as with "item", the mean over those that are asked; NaN if nobody
        who counts has answered any.
    """
    if kind == EQUAL:
        return np.full(len(made.study.experts), 1 / len(made.study.experts))
    if kind == GLOBAL:
        held = np.where(made.counting, made.experts.combined, 0.0)
        return np.asarray(held / held.sum())
    found = made.weights[:, asked_in(made.study)]
    some = np.isfinite(found).all(0)
    return np.asarray(found[:, some].mean(1) if some.any() else np.full(len(found), np.nan))


def share_ends(left: Sequence[LeftOut], kind: str, experts: int) -> tuple[Floats, Floats]:
    """The least and the largest that each expert counts for when one seed is left out; NaN where there is none."""
    found = np.array([share_of(one.made, kind) for one in left if one.made is not None]).reshape(-1, experts)
    found = found[np.isfinite(found).all(1)]
    if not len(found):
        return np.full(experts, np.nan), np.full(experts, np.nan)
    return found.min(0), found.max(0)


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
