"""Chapter 7: P(doom), and the three ways there."""

from toc_model.engine.declare import node, outcome
from toc_model.engine.laws import at, total, union
from toc_model.engine.units import Indicator, Probability, Ratio
from toc_model.essay.dimensions import NO_PAUSE


@node(dims="allocation branch", claims="C28")
def branch_probability(pause_probability: Probability, paused: Indicator) -> Probability:
    """Either there is a pause or there is none (probability; allocation x branch)."""
    return paused * pause_probability + (1 - paused) * (1 - pause_probability)


@node(dims="allocation branch", claims="C68")
def safe(solved: Probability, adopted: Probability, aligned_by_default: Probability) -> Probability:
    """The leaders' AGI is safe by default, or because a solution exists and is adopted (probability; allocation x
    branch)."""
    return union(aligned_by_default, solved * adopted)


@node(claims="C84")
def safe_if_overtaken(
    solved: Probability, adopted: Probability, laggard_adoption: Ratio, aligned_by_default: Probability
) -> Probability:
    """A less cautious actor has no pause to use and adopts less of what is known (probability; allocation)."""
    without_pause = at(solved, branch=NO_PAUSE) * at(adopted, branch=NO_PAUSE)
    return union(aligned_by_default, without_pause * laggard_adoption)


@node(dims="allocation branch", claims="C91")
def doom_by_leader(safe: Probability, eventual_deployment: Probability, severity: Probability) -> Probability:
    """The leaders' AGI is misaligned, deployed, and catastrophic (probability, given that they are first;
    allocation x branch)."""
    return (1 - safe) * eventual_deployment * severity


@node(claims="C84")
def doom_by_laggard(
    safe_if_overtaken: Probability, laggard_deployment: Probability, severity: Probability
) -> Probability:
    """A less cautious actor's AGI is misaligned, deployed, and catastrophic (probability, given that it is first;
    allocation)."""
    return (1 - safe_if_overtaken) * laggard_deployment * severity


@outcome(claims="C01 C16 C17 C19 C22 C68 C81 C91 C101 C106")
def p_doom(
    branch_probability: Probability,
    overtaken: Probability,
    doom_by_leader: Probability,
    doom_by_laggard: Probability,
) -> Probability:
    """Existential catastrophe from misaligned AGI, by the leaders or by whoever overtakes them (probability;
    allocation)."""
    in_branch = (1 - overtaken) * doom_by_leader + overtaken * doom_by_laggard
    return total(branch_probability * in_branch, "branch")


@node(dims="allocation branch", claims="C91")
def doom_unless_solved(
    branch_probability: Probability,
    overtaken: Probability,
    eventual_deployment: Probability,
    aligned_by_default: Probability,
    severity: Probability,
) -> Probability:
    """What the leaders would cause if nothing were solved: the weight that P(doom) is split by (probability;
    allocation x branch)."""
    return branch_probability * (1 - overtaken) * (1 - aligned_by_default) * eventual_deployment * severity


@outcome(claims="C91 C92")
def doom_no_solution(doom_unless_solved: Probability, solved: Probability) -> Probability:
    """Doom by the leaders because no solution was found (probability; allocation)."""
    return total(doom_unless_solved * (1 - solved), "branch")


@outcome(claims="C92")
def doom_not_adopted(doom_unless_solved: Probability, solved: Probability, adopted: Probability) -> Probability:
    """Doom by the leaders because a solution was found and not adopted (probability; allocation)."""
    return total(doom_unless_solved * solved * (1 - adopted), "branch")


@outcome(claims="C84 C92")
def doom_overtaken(
    branch_probability: Probability, overtaken: Probability, doom_by_laggard: Probability
) -> Probability:
    """Doom by a less cautious actor who overtook the leaders (probability; allocation)."""
    return total(branch_probability * overtaken * doom_by_laggard, "branch")
