"""Decision makers of Cooke's classical model without one seed or one expert, and judged by seeds they have not seen.

References
----------
Colson, A. R. and Cooke, R. M. (2017). Cross validation for the classical model of structured expert judgment.
Reliability Engineering and System Safety 163, 109-120.
"""

from dataclasses import dataclass

import numpy as np

from toc_model.errors import InputError
from toc_model.statistics.pooling.cooke import Study, scores
from toc_model.statistics.pooling.decision_makers import (
    EQUAL,
    GLOBAL,
    DecisionMaker,
    decision_maker,
    fail_if_unknown,
)


@dataclass(frozen=True, slots=True, eq=False)
class LeftOut:
    """A decision maker without one seed or one expert.

    Attributes
    ----------
    name : str
        Of what was left out.
    made : DecisionMaker or None
        None where there is none, such as with a cutoff that nobody reaches any more.
    refused : str
        Why there is none.
    """

    name: str
    made: DecisionMaker | None
    refused: str = ""

    @property
    def calibration(self) -> float:
        """Of the decision maker; NaN where there is none."""
        return float(self.made.scores.calibration[0]) if self.made else np.nan

    @property
    def information(self) -> float:
        """On seeds."""
        return float(self.made.scores.information[0]) if self.made else np.nan

    @property
    def information_of_all(self) -> float:
        """On all questions."""
        return float(self.made.scores.information_of_all[0]) if self.made else np.nan

    @property
    def combined(self) -> float:
        """Calibration times information on seeds."""
        return self.calibration * self.information

    @property
    def cutoff(self) -> float:
        """The least calibration of experts who count."""
        return self.made.cutoff if self.made else np.nan


def without_each_seed(asked: Study, weights: str = GLOBAL, cutoff: float | None = None) -> tuple[LeftOut, ...]:
    """Score decision makers that lack one seed question each.

    Parameters are those of `decision_maker`, with weights that are no one's own.

    Raises
    ------
    InputError
        If the kind of weights is unknown, or an expert answered no other seed.
    """
    fail_if_unknown(weights)
    seeds = np.flatnonzero(asked.seeds)
    if asked.fewest_seeds < 2:
        raise InputError(f"seeds: found {asked.fewest_seeds} that an expert answered; allowed: at least 2")
    return tuple(_left_out(asked.items[k], asked.without_item(int(k)), weights, cutoff) for k in seeds)


def without_each_expert(asked: Study, weights: str = GLOBAL, cutoff: float | None = None) -> tuple[LeftOut, ...]:
    """Score decision makers that lack one expert each, on the ranges of the others' answers.

    Parameters are those of `decision_maker`, with weights that are no one's own.

    Raises
    ------
    InputError
        If the kind of weights is unknown, or there is one expert.
    """
    fail_if_unknown(weights)
    if len(asked.experts) < 2:
        raise InputError(f"experts: found {len(asked.experts)}; allowed: at least 2")
    return tuple(_left_out(name, asked.without_expert(k), weights, cutoff) for k, name in enumerate(asked.experts))


def _left_out(name: str, rest: Study, weights: str, cutoff: float | None) -> LeftOut:
    try:
        return LeftOut(name, decision_maker(rest, weights, cutoff))
    except InputError as error:
        return LeftOut(name, None, str(error))


def by_other_seeds(asked: Study, weights: str = GLOBAL, cutoff: float | None = None) -> DecisionMaker:
    """A decision maker that has for each seed the weights that the other seeds give: how it does on what is unseen.

    It has nothing to say of questions that are no seeds. Who was right about a seed has less weight without it, so that
    this is hard on weights by scores.

    Parameters are those of `decision_maker`, with weights that are no one's own.

    Raises
    ------
    InputError
        If the kind of weights is unknown, or an expert answered no other seed.
    """
    each = scores(asked).information_by_item
    held = np.zeros(each.shape)
    if weights == EQUAL:
        held[:, asked.seeds] = 1.0
        return decision_maker(asked, held)
    for one in without_each_seed(asked, weights, cutoff):
        if one.made is not None:
            item = asked.items.index(one.name)
            information = one.made.experts.information if weights == GLOBAL else np.nan_to_num(each[:, item])
            held[:, item] = np.where(one.made.counting, one.made.experts.calibration, 0.0) * information
    return decision_maker(asked, held)
