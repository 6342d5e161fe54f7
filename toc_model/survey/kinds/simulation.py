"""A survey, simulated from the priors of all that is unknown: what planning and the test of recovery rest on.

Answers come from `toc_model.survey.kinds.kind.Kind.simulated`, as those that validation simulates from draws of a fit.
"""

import numpy as np

from toc_model.aliases import Floats
from toc_model.survey.kinds import KINDS
from toc_model.survey.kinds.kind import Circumstances, Form
from toc_model.survey.kinds.parameters import DEVIATION


def simulated_survey(
    form: Form,
    target: float,
    many: int,
    circumstances: Circumstances,
    rng: np.random.Generator,
    spread: float | None = None,
) -> Floats:
    """Draw the shared bias, the question's parameters and the answers of one survey.

    Parameters
    ----------
    form : Form
        The question.
    target : float
        What it is about, on its natural scale.
    many : int
        How many answer.
    circumstances : callable
        As `toc_model.survey.kinds.kind.Kind.planned` gives them.
    rng : numpy.random.Generator
    spread : float, optional
        The deviation between respondents, for kinds that have one; drawn by default.

    Returns
    -------
    array of shape (many,), or (many, points)
    """
    kind = KINDS[form.kind]
    centre = target + form.bias_sd * rng.standard_normal()
    unknown = {parameter.name: parameter for parameter in kind.parameters(form)}
    # Drawn first and for every kind, so that all else is the same whether it is needed or given.
    deviation = unknown.get(DEVIATION.name, DEVIATION).drawn(rng)
    data = circumstances(many, rng)
    of = {name: parameter.drawn(rng) for name, parameter in unknown.items() if name != DEVIATION.name}
    if DEVIATION.name in unknown:
        of[DEVIATION.name] = deviation if spread is None else np.asarray(spread)
    return kind.simulated(form, np.full(many, centre), {**of, "reference": centre}, data, rng)
