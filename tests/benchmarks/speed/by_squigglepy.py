"""What squigglepy can say: products of distributions that each come up once.

A distribution that stands in two places is drawn twice, so that nothing can be said of a change from the reference
world, nor of what meets itself again further down the graph. Left out are therefore all chapters but the first, harm
done, and parameters that vary together; what stays is the effort that an allocation puts into outreach.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import squigglepy as sq
from scipy import special

from tests.benchmarks.speed.inputs import SEED, WORLDVIEW, Inputs
from toc_model.aliases import Floats
from toc_model.beliefs.shipped import Documents
from toc_model.essay.case import ESSAY


def efforts(inputs: Inputs) -> Callable[[], dict[str, Floats]]:
    """A loop over allocations."""
    believed = _believed()
    shares, mixes = inputs.levers["buying_time_share"], inputs.levers["mix"]

    def run() -> dict[str, Floats]:
        sq.set_seed(SEED)
        rows = [
            (believed["by_researchers"](cutoff) * mix[0, 0] + believed["by_builders"] * (fc * mix[1, 0])) @ inputs.draws
            for cutoff, fc, mix in zip(special.ndtri(shares[:, 0]), shares[:, 1], mixes, strict=True)
        ]
        return {"effort": np.array(rows)}

    return run


def _believed() -> dict[str, Any]:
    """The distributions of the documents."""
    priors = Documents.of(ESSAY).priors(WORLDVIEW)

    def one(entry: str) -> Any:
        found = priors[entry].distribution
        normal = sq.norm(mean=found.location, sd=found.scale)
        return sq.dist_fn(normal, fn={"lognormal": np.exp, "logit_normal": special.expit}[found.family.name])

    spread = one("technical_talent_spread") * one("buying_time_spread_ratio[outreach]")
    shift = spread * one("talent_correlation[outreach]") * one("screening_validity")
    researchers = one("researchers_now") * one("buying_time_productivity")

    def by_researchers(cutoff: float) -> Any:
        return researchers * sq.dist_fn(shift, fn=lambda x: special.ndtr(cutoff - x))

    return {"by_researchers": by_researchers, "by_builders": one("builders_now") * one("builder_productivity")}
