"""``toc sensitivity``: what a change hangs on."""

from toc_model.aliases import Progress
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.errors import InputError, unknown
from toc_model.questions.sensitivity.analysis import Analysis
from toc_model.questions.sensitivity.inputs import OF_ONE_PRIOR, Inputs
from toc_model.questions.sensitivity.methods import METHODS

__all__ = ["METHODS", "OF_ONE_PRIOR", "Analysis", "Inputs", "inputs_of", "sensitivity"]


def sensitivity(
    beliefs: Beliefs,
    allocations: Allocations,
    *,
    allocation: str | None = None,
    method: str = "tornado",
    progress: Progress | None = None,
) -> Analysis:
    """Say which parameters the outcome and its paired change hang on.

    Parameters
    ----------
    beliefs : Beliefs
    allocations : Allocations
    allocation : str, optional
        Which to compare with the status quo; the case's proposal by default.
    method : str
        ``tornado`` (each parameter from its 5 % to its 95 % quantile), ``sobol`` (shares of variance, of independent
        parameters), ``given-data`` (the same from the draws as they are), ``flip`` (how little turns the sign of the
        change) or ``power-scaling`` (how much a posterior hangs on priors and answers).
    progress : callable, optional
        Called with the number of steps done and the number of all.

    Raises
    ------
    InputError
        If the method or the allocation is unknown, or the method does not fit the beliefs.
    """
    if method not in METHODS:
        raise InputError(unknown("method", method, METHODS))
    return METHODS[method](inputs_of(beliefs, allocations, allocation), progress)


def inputs_of(beliefs: Beliefs, allocations: Allocations, allocation: str | None = None) -> Inputs:
    """What is uncertain about the change from the status quo to one allocation, by default the case's proposal.

    Raises
    ------
    InputError
        If the allocation is unknown, or is the status quo.
    """
    name = allocation or allocations.proposal
    return Inputs(beliefs, allocations.compared(name), name)
