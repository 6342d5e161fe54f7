"""Rival, false_reassurance: evaluations that a system passes make it trusted."""

from toc_model.engine.declare import node
from toc_model.engine.laws import at, change, moved, times
from toc_model.engine.units import Fraction, Indicator, Logits, LogitsPerLogit, Probability
from toc_model.essay.deployment import unless_stopped
from toc_model.essay.dimensions import EVALUATIONS


@node(dims="allocation branch", claims="C22 C69")
def deployment_risk(
    concern: Fraction,
    paused: Indicator,
    activity: Fraction,
    deployment_unchecked: Probability,
    deployment_concern: LogitsPerLogit,
    deployment_caught: Fraction,
    concern_reference: Fraction,
    reassurance: Logits,
) -> Probability:
    """The more is evaluated, the likelier what passes is trusted, and a misaligned system deployed by the leaders
    (probability; allocation x branch)."""
    wary = unless_stopped(concern, deployment_unchecked, deployment_concern, concern_reference)
    trusted = moved(wary, times(reassurance, change(at(activity, intervention=EVALUATIONS))))
    return trusted * (1 - paused * deployment_caught)
