"""Several judgements as one: pooled probabilities and distributions, and weights by performance.

`probabilities` pools those of one event, `distributions` those of one quantity, `cooke` scores experts by questions
whose answers are known, `decision_makers` pools them by these scores and `left_out` does so without some.
"""

from toc_model.statistics.pooling.cooke import FEWEST, OVERSHOOT, Scores, Study, attainable, grain, scores, study
from toc_model.statistics.pooling.decision_makers import KINDS, DecisionMaker, decision_maker
from toc_model.statistics.pooling.left_out import LeftOut, by_other_seeds, without_each_expert, without_each_seed
from toc_model.statistics.pooling.weights import effective_number, shares

__all__ = [
    "FEWEST",
    "KINDS",
    "OVERSHOOT",
    "DecisionMaker",
    "LeftOut",
    "Scores",
    "Study",
    "attainable",
    "by_other_seeds",
    "decision_maker",
    "effective_number",
    "grain",
    "scores",
    "shares",
    "study",
    "without_each_expert",
    "without_each_seed",
]
