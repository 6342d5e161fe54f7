"""Functions of nodes that surveys ask about: laws like those of the story."""

from toc_model.engine.declare import Law
from toc_model.engine.laws import Quantity, at
from toc_model.engine.units import Probability
from toc_model.essay.dimensions import NO_PAUSE, PAUSE


def p_doom_given_pause(
    doom_by_leader: Probability, doom_by_laggard: Probability, branch_probability: Probability
) -> Probability:
    """Existential catastrophe if there is a pause, which there is only before a dangerous system (probability;
    allocation)."""
    return _doom_in(PAUSE, doom_by_leader, doom_by_laggard, branch_probability)


def p_doom_given_no_pause(
    doom_by_leader: Probability, doom_by_laggard: Probability, branch_probability: Probability
) -> Probability:
    """Existential catastrophe if there is no pause (probability; allocation)."""
    return _doom_in(NO_PAUSE, doom_by_leader, doom_by_laggard, branch_probability)


def _doom_in(
    branch: int, doom_by_leader: Quantity, doom_by_laggard: Quantity, branch_probability: Quantity
) -> Quantity:
    return at(doom_by_leader + doom_by_laggard, branch=branch) / at(branch_probability, branch=branch)


TARGETS: dict[str, Law] = {law.__name__: law for law in (p_doom_given_pause, p_doom_given_no_pause)}
