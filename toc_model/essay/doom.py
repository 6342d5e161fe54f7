"""Chapter 7: P(doom), and the three ways there.

A pause happens only if the system would be dangerous, so all from `safe` on keeps accounts of what other chapters
compute, and no intervention touches it.
"""

from toc_model.engine.declare import node, outcome
from toc_model.engine.laws import Quantity, at, total, union
from toc_model.engine.units import Fraction, Indicator, Probability, Years
from toc_model.essay.dimensions import NO_PAUSE, PAUSE
from toc_model.essay.units import WHAT_TO_HOLD, YearsFromStart


def by_branch(paused: Indicator, no_pause: Quantity, pause: Quantity) -> Quantity:
    """One value without a pause, another with one."""
    return (1 - paused) * no_pause + paused * pause


@node(dims="allocation branch", claims="C68", label="P(leaders' AGI is safe)", instead=WHAT_TO_HOLD)
def safe(solved: Probability, adopted: Probability, aligned_by_default: Probability) -> Probability:
    """The leaders' AGI is safe by default, or because a solution exists and is adopted (probability; allocation x
    branch)."""
    return union(aligned_by_default, solved * adopted)


@node(claims="C84", label="P(laggard's AGI is safe)", instead=WHAT_TO_HOLD)
def safe_if_overtaken(
    solved: Probability, adopted: Probability, laggard_adoption: Fraction, aligned_by_default: Probability
) -> Probability:
    """A less cautious actor has no pause to use and adopts less of what is known (probability; allocation)."""
    without_pause = at(solved, branch=NO_PAUSE) * at(adopted, branch=NO_PAUSE)
    return union(aligned_by_default, without_pause * laggard_adoption)


@node(dims="allocation branch", claims="C28", label="P(branch)", instead=WHAT_TO_HOLD)
def branch_probability(pause_probability: Probability, safe: Probability, paused: Indicator) -> Probability:
    """There is a pause if the system would be dangerous, is caught, and the warning heeded (probability; allocation x
    branch)."""
    pause = pause_probability * (1 - at(safe, branch=NO_PAUSE))
    return by_branch(paused, 1 - pause, pause)


@node(dims="allocation branch", claims="C28 C91", label="P(branch, leaders unsafe)", instead=WHAT_TO_HOLD)
def leader_unsafe(pause_probability: Probability, safe: Probability, paused: Indicator) -> Probability:
    """The branch is taken and the leaders' system unsafe in it (probability; allocation x branch)."""
    return by_branch(paused, 1 - pause_probability, pause_probability) * (1 - safe)


@node(dims="allocation branch", claims="C84", label="P(branch, laggard unsafe)", instead=WHAT_TO_HOLD)
def laggard_unsafe(
    pause_probability: Probability, safe: Probability, safe_if_overtaken: Probability, paused: Indicator
) -> Probability:
    """The branch is taken and a less cautious actor's system unsafe in it (probability; allocation x branch)."""
    pause = pause_probability * (1 - at(safe, branch=NO_PAUSE))
    return by_branch(paused, 1 - safe_if_overtaken - pause, pause)


@node(dims="allocation branch", claims="C91", label="doom by leaders", instead=WHAT_TO_HOLD)
def doom_by_leader(
    leader_unsafe: Probability, overtaken: Probability, eventual_deployment: Probability, severity: Probability
) -> Probability:
    """The leaders are first, and their AGI is misaligned, deployed, and catastrophic (probability; allocation x
    branch)."""
    return leader_unsafe * (1 - overtaken) * eventual_deployment * severity


@node(dims="allocation branch", claims="C84", label="doom by a laggard", instead=WHAT_TO_HOLD)
def doom_by_laggard(
    laggard_unsafe: Probability, overtaken: Probability, laggard_deployment: Probability, severity: Probability
) -> Probability:
    """A less cautious actor is first, and its AGI is misaligned, deployed, and catastrophic (probability; allocation x
    branch)."""
    return laggard_unsafe * overtaken * laggard_deployment * severity


@outcome(claims="C01 C16 C17 C19 C22 C68 C81 C91 C101 C106", label="P(doom)", instead=WHAT_TO_HOLD)
def p_doom(doom_by_leader: Probability, doom_by_laggard: Probability) -> Probability:
    """Existential catastrophe from misaligned AGI, by the leaders or by whoever overtakes them (probability;
    allocation)."""
    return total(doom_by_leader + doom_by_laggard, "branch")


@node(dims="allocation branch", claims="C91", label="doom if nothing were solved", instead=WHAT_TO_HOLD)
def doom_unless_solved(
    pause_probability: Probability,
    overtaken: Probability,
    eventual_deployment: Probability,
    aligned_by_default: Probability,
    severity: Probability,
    paused: Indicator,
) -> Probability:
    """What the leaders would cause if nothing were solved: the weight that P(doom) is split by (probability;
    allocation x branch)."""
    branch = by_branch(paused, 1 - pause_probability, pause_probability)
    return branch * (1 - overtaken) * (1 - aligned_by_default) * eventual_deployment * severity


@outcome(claims="C91 C92", label="doom: no solution", instead=WHAT_TO_HOLD)
def doom_no_solution(doom_unless_solved: Probability, solved: Probability) -> Probability:
    """Doom by the leaders because no solution was found (probability; allocation)."""
    return total(doom_unless_solved * (1 - solved), "branch")


@outcome(claims="C92", label="doom: not adopted", instead=WHAT_TO_HOLD)
def doom_not_adopted(doom_unless_solved: Probability, solved: Probability, adopted: Probability) -> Probability:
    """Doom by the leaders because a solution was found and not adopted (probability; allocation)."""
    return total(doom_unless_solved * solved * (1 - adopted), "branch")


@outcome(claims="C84 C92", label="doom: overtaken", instead=WHAT_TO_HOLD)
def doom_overtaken(doom_by_laggard: Probability) -> Probability:
    """Doom by a less cautious actor who overtook the leaders (probability; allocation)."""
    return total(doom_by_laggard, "branch")


@node(claims="", label="expected arrival", instead=WHAT_TO_HOLD)
def expected_arrival(
    agi_arrival: YearsFromStart, branch_probability: Probability, pause_length: Years
) -> YearsFromStart:
    """Dangerous AGI comes when AGI does, or when a pause ends (years from late 2022, expected over the branches;
    allocation)."""
    return agi_arrival + at(branch_probability, branch=PAUSE) * pause_length
