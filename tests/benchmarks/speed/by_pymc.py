"""What PyMC alone offers: an intervention, and forward samples under it."""

import logging
from collections.abc import Callable

import pymc as pm

from tests.benchmarks.speed.inputs import OUTCOMES, SEED, WORLDVIEW, Inputs, labelled
from toc_model.aliases import Floats
from toc_model.beliefs.pymc_model import build_model
from toc_model.beliefs.shipped import Documents
from toc_model.essay.case import ESSAY


def sampled(inputs: Inputs) -> Callable[[], dict[str, Floats]]:
    """Build the model once; then a loop over allocations, each with draws of its own."""
    logging.getLogger("pymc").setLevel(logging.ERROR)
    _, levers = labelled(inputs)
    model = build_model(ESSAY.story, Documents.of(ESSAY).priors(WORLDVIEW), levers.isel(allocation=[0, 1]))

    def run() -> dict[str, Floats]:
        found: dict[str, Floats] = {}
        for k in range(1, inputs.allocations + 1):
            moved = {str(name): values.isel(allocation=[0, k]).values for name, values in levers.items()}
            with pm.do(model, moved):
                tree = pm.sample_prior_predictive(inputs.draws, var_names=list(OUTCOMES), random_seed=SEED)
            found |= {f"{name} {k}": tree.prior[name].values[0, :, 1] for name in OUTCOMES}
        return found

    return run
