"""Decision makers of Cooke's classical model: experts pooled by how well they did on seed questions.

References
----------
Cooke, R. M. (1991). Experts in Uncertainty: Opinion and Subjective Probability in Science. Oxford University Press.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from toc_model.aliases import Floats
from toc_model.errors import InputError, unknown
from toc_model.statistics.pooling.cooke import Scores, Study, scores
from toc_model.statistics.pooling.weights import shares

GLOBAL, ITEM, EQUAL = "global", "item", "equal"
KINDS = (GLOBAL, ITEM, EQUAL)
"""Weights by calibration and mean information, by calibration and the information of each question, and alike."""
SAME = 1e-9
"""Relative difference of calibrations that are one: realisations in other intervals of the same probability."""


@dataclass(frozen=True, slots=True, eq=False)
class DecisionMaker:
    """What the experts of a study believe together, and how well that does.

    Attributes
    ----------
    study : Study
    experts : Scores
        Of the experts.
    weights : array of shape (experts, items)
        For each question they sum to one over experts; NaN where nobody with a weight answered it.
    cutoff : float
        The least calibration of experts who count; 0 where all do.
    curves : tuple of pair of array
        By question, values from the lower to the upper end of its range and the probability of at most each; straight
        between them on the question's scale.
    quantiles : array of shape (items, q)
        At the study's levels; NaN where there are none.
    scores : Scores
        Of the decision maker, arrays with one set of answers.
    """

    study: Study
    experts: Scores
    weights: Floats
    cutoff: float
    curves: tuple[tuple[Floats, Floats], ...]
    quantiles: Floats
    scores: Scores

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the scores can't be trusted for."""
        return self.study.warnings

    @property
    def counting(self) -> NDArray[np.bool_]:
        """Whose calibration reaches the cutoff, of shape (experts,)."""
        return _reach(self.experts, self.cutoff)

    @property
    def medians(self) -> Floats:
        """Of all questions, of shape (items,); NaN where there are none."""
        found = np.full(len(self.curves), np.nan)
        for item, ((values, below), logs) in enumerate(zip(self.curves, self.study.log_scale, strict=True)):
            if np.isfinite(self.quantiles[item]).all():
                scale, back = (np.log, np.exp) if logs else (np.positive, np.positive)
                found[item] = back(np.interp(0.5, below, scale(values)))
        return found

    def to_dict(self) -> dict[str, Any]:
        """Figures for JSON, None where there is none."""
        return {
            "experts": {
                name: _figures(self.experts, k) | {"weight": _numbers(self.weights[k])}
                for k, name in enumerate(self.study.experts)
            },
            "decision_maker": _figures(self.scores, 0),
            "cutoff": self.cutoff,
            "items": list(self.study.items),
            "levels": self.study.levels.tolist(),
            "quantiles": [_numbers(row) for row in self.quantiles],
            "warnings": list(self.warnings),
        }


def decision_maker(asked: Study, weights: Any = GLOBAL, cutoff: float | None = None) -> DecisionMaker:
    """Pool the experts of a study, linearly and question by question.

    Parameters
    ----------
    asked : Study
    weights : str or array of shape (experts,) or (experts, items)
        "global", "item" or "equal" weights, or any of one's own, for which there is no cutoff.
    cutoff : float, optional
        The least calibration of experts who count; where it is left out, that of an expert with which the decision
        maker's calibration times information is largest.

    Raises
    ------
    InputError
        If the kind of weights is unknown, no expert has the calibration, or weights of one's own are not to be used.
    """
    experts = scores(asked)
    if not isinstance(weights, str) or weights == EQUAL:
        if cutoff is not None:
            raise InputError(f"cutoff: found {cutoff:g} for equal or own weights; allowed: none")
        if np.ndim(weights) == 2:
            return _made(asked, experts, [_by_item(asked, weights)], [0.0])
        own = shares(None if isinstance(weights, str) else weights, len(asked.experts))
        return _made(asked, experts, [np.tile(own[:, None], len(asked.items))], [0.0])
    fail_if_unknown(weights)
    best = float(experts.calibration.max())
    if cutoff is not None and not 0 <= cutoff <= best:
        raise InputError(f"cutoff: found {cutoff:g}; allowed: 0 to {best:.4g}, the best expert's calibration")
    if not (experts.combined > 0).any():
        raise InputError("experts: found calibration times information of 0 for all; allowed: one above 0")
    each = experts.information_by_item
    information = np.tile(experts.information[:, None], each.shape[1]) if weights == GLOBAL else each
    cutoffs = [float(one) for one in np.unique(experts.calibration)] if cutoff is None else [cutoff]
    calibrated = [np.where(_reach(experts, least), experts.calibration, 0.0) for least in cutoffs]
    return _made(asked, experts, [one[:, None] * information for one in calibrated], cutoffs)


def _reach(experts: Scores, cutoff: float) -> NDArray[np.bool_]:
    """Which experts have a calibration; those that differ by rounding alone have it together."""
    return np.asarray(experts.calibration >= cutoff * (1 - SAME))


def fail_if_unknown(kind: str) -> None:
    """Fail if there are no such weights."""
    if kind not in KINDS:
        raise InputError(unknown("kind of weights", kind, KINDS))


def _by_item(asked: Study, weights: Any) -> Floats:
    """Weights of one's own for each question; where all are 0, there is no decision maker."""
    own = np.asarray(weights, float)
    if own.shape != (len(asked.experts), len(asked.items)):
        raise InputError(
            f"weights: found the shape {own.shape}; allowed: {len(asked.experts)} experts, {len(asked.items)} items"
        )
    if (bad := own[~(np.isfinite(own) & (own >= 0))]).size:
        raise InputError(f"weights: found {bad[0]:g}; allowed: numbers from 0")
    return own


def _made(asked: Study, experts: Scores, weights: list[Floats], cutoffs: list[float]) -> DecisionMaker:
    """The best of decision makers with several weights, of shape (experts, items) each."""
    held = np.where(asked.answered, np.stack(weights), 0.0)
    total = held.sum(1, keepdims=True)
    held = np.divide(held, total, out=np.full_like(held, np.nan), where=total > 0)
    pieces = _pieces(asked)
    levels = [held[:, :, item] @ known for item, (_, known) in enumerate(pieces)]
    quantiles = np.full((len(held), len(asked.items), len(asked.levels)), np.nan)
    for item, (knots, _) in enumerate(pieces):
        for k in np.flatnonzero(total[:, 0, item] > 0):
            quantiles[k, item] = np.interp(asked.levels, levels[item][k], knots)
    quantiles = np.moveaxis(asked.unscaled(np.moveaxis(quantiles, 1, -1)), -1, 1)
    found = scores(asked, quantiles)
    place = int(np.nanargmax(found.combined)) if len(held) > 1 else 0
    ways = zip(pieces, levels, asked.log_scale, strict=True)
    curves = tuple((np.exp(knots) if logs else knots, below[place]) for (knots, _), below, logs in ways)
    one = Scores(*(side[place][None] for side in _sides(found)))
    return DecisionMaker(asked, experts, held[place], cutoffs[place], curves, quantiles[place], one)


def _sides(found: Scores) -> tuple[Floats, ...]:
    return found.calibration, found.information_by_item, found.information, found.information_of_all


def _pieces(asked: Study) -> list[tuple[Floats, Floats]]:
    """By question, all experts' values on its scale, and the probability that each expert gives at most each.

    Between quantiles probability is uniform on the scale; experts who did not answer have 0.
    """
    low, high = asked.ranges
    scaled = np.moveaxis(asked.scaled(np.moveaxis(asked.answers, 1, -1)), -1, 1)
    ends = np.concatenate([[0.0], asked.levels, [1.0]])
    pieces = []
    for item in range(len(asked.items)):
        own = scaled[asked.answered[:, item], item]
        knots = np.concatenate([[low[item]], np.unique(own), [high[item]]])
        known = np.zeros((len(asked.experts), len(knots)))
        for expert, values in zip(np.flatnonzero(asked.answered[:, item]), own, strict=True):
            known[expert] = np.interp(knots, np.concatenate([[low[item]], values, [high[item]]]), ends)
        pieces.append((knots, known))
    return pieces


def _figures(found: Scores, k: int) -> dict[str, Any]:
    return {
        "calibration": _number(found.calibration[k]),
        "information": _number(found.information[k]),
        "information_of_all": _number(found.information_of_all[k]),
        "combined": _number(found.combined[k]),
        "information_by_item": _numbers(found.information_by_item[k]),
    }


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _numbers(values: Floats) -> list[float | None]:
    return [_number(value) for value in values]
