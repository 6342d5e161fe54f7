"""Functions of nodes that surveys ask about: laws like those of the story."""

from toc_model.engine.declare import Law
from toc_model.engine.laws import Quantity, at
from toc_model.engine.units import Probability
from toc_model.essay.dimensions import NO_PAUSE, PAUSE


def p_doom_given_pause(
    overtaken: Probability, doom_by_leader: Probability, doom_by_laggard: Probability
) -> Probability:
    """Existential catastrophe if there is a pause (probability; allocation)."""
    return _doom_in(PAUSE, overtaken, doom_by_leader, doom_by_laggard)


def p_doom_given_no_pause(
    overtaken: Probability, doom_by_leader: Probability, doom_by_laggard: Probability
) -> Probability:
    """Existential catastrophe if there is no pause (probability; allocation)."""
    return _doom_in(NO_PAUSE, overtaken, doom_by_leader, doom_by_laggard)


def _doom_in(branch: int, overtaken: Quantity, doom_by_leader: Quantity, doom_by_laggard: Quantity) -> Quantity:
    lost = at(overtaken, branch=branch)
    return (1 - lost) * at(doom_by_leader, branch=branch) + lost * doom_by_laggard


TARGETS: dict[str, Law] = {law.__name__: law for law in (p_doom_given_pause, p_doom_given_no_pause)}
