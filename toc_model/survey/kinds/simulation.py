"""Surveys, simulated from the priors of all that is unknown: what planning and the test of recovery rest on.

Answers come from `toc_model.survey.kinds.kind.Kind.simulated`, as those that validation simulates from draws of a fit.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from toc_model.aliases import Floats
from toc_model.survey.kinds import KINDS
from toc_model.survey.kinds.kind import Circumstances, Form
from toc_model.survey.kinds.parameters import DEVIATION


def simulated_survey(
    form: Form,
    targets: Floats,
    many: int,
    circumstances: Circumstances,
    rng: np.random.Generator,
    spread: float | None = None,
) -> Floats:
    """Draw the shared bias, the question's parameters and the answers of surveys.

    Parameters
    ----------
    form : Form
        The question.
    targets : array of shape (surveys,)
        What each is about, on its natural scale.
    many : int
        How many answer.
    circumstances : callable
        As `toc_model.survey.kinds.kind.Kind.planned` gives them.
    rng : numpy.random.Generator
    spread : float, optional
        The deviation between respondents, for kinds that have one; drawn by default.

    Returns
    -------
    array of shape (surveys, many), or (surveys, many, points)
    """
    centre, of = _unknown(form, targets, rng, spread)
    return KINDS[form.kind].answers(form, centre, of, circumstances, many, rng)


def summarised_surveys(
    form: Form,
    targets: Floats,
    sizes: Sequence[int],
    circumstances: Circumstances,
    rng: np.random.Generator,
    spread: float | None = None,
) -> list[Floats]:
    """Draw summaries of such surveys, for several numbers of respondents.

    Parameters
    ----------
    form, targets, circumstances, rng, spread
        As `simulated_survey` takes them.
    sizes : sequence of int
        Numbers of respondents, rising; smaller surveys are the first respondents of larger ones.

    Returns
    -------
    list of array of shape (surveys, summaries)
        One for each size.
    """
    centre, of = _unknown(form, targets, rng, spread)
    return KINDS[form.kind].surveyed(form, centre, of, circumstances, sizes, rng)


def _unknown(
    form: Form, targets: Floats, rng: np.random.Generator, spread: float | None
) -> tuple[Floats, Mapping[str, Floats]]:
    """Centres of beliefs, with the bias that all respondents share, and the question's parameters."""
    declared = {parameter.name: parameter for parameter in KINDS[form.kind].parameters(form)}
    surveys = np.shape(targets)
    centre = targets + form.bias_sd * rng.standard_normal(surveys)
    # Drawn first and for every kind, so that all else is the same whether it is needed or given.
    deviation = declared.get(DEVIATION.name, DEVIATION).drawn(rng, surveys)
    of = {name: parameter.drawn(rng, surveys) for name, parameter in declared.items() if name != DEVIATION.name}
    if DEVIATION.name in declared:
        of[DEVIATION.name] = deviation if spread is None else np.full(surveys, spread)
    return centre, {**of, "reference": centre}
