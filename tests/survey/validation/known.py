"""A survey simulated from known values of everything."""

import numpy as np
import pandas as pd
import xarray as xr
from scipy import special

from tests.shipped import load_priors
from tests.survey.surveys import TARGET, fit_of, mapping_of
from toc_model.survey.documents.answers import COLUMNS
from toc_model.survey.kinds.densities import TAILS
from toc_model.survey.kinds.probability import stated_probabilities
from toc_model.survey.learning.fitted import Fitted
from toc_model.survey.learning.questions import prepare
from toc_model.survey.validation.recovery import Setup, simulated

CAMPS = (-1.2, 1.2)


def known(respondents: int, seed: int = 5, draws: int = 60) -> Fitted:
    """Answers of two camps, and draws that all have the values that the answers were simulated from."""
    rng = np.random.default_rng(seed)
    setup = Setup(TARGET, questions=1, respondents=respondents)
    shares = {
        "grid": np.array([0.0, 0.2, 0.4, 0.2, 0.0, 0.1, 0.1]),
        "spike": np.array([0.03, 0.04, 0.01, 0.92]),
        "near": np.array([0.9, 0.1]),
    }
    values: list[float] = []
    for camp in CAMPS:
        belief = special.expit(camp - 1.0 + 1.1 * rng.standard_t(TAILS, respondents))
        values += list(stated_probabilities(belief, shares, rng))
    _, (template,) = simulated(setup, load_priors()[TARGET].distribution, rng)
    frame = pd.DataFrame([dict.fromkeys(COLUMNS, "")] * len(values)).assign(
        source_id="s",
        respondent_id=[f"r{i}" for i in range(len(values))],
        question_id="q1",
        kind="probability",
        group=["low"] * respondents + ["high"] * respondents,
        value=values,
        level=np.nan,
        round=1,
    )
    (item,) = prepare(frame, mapping_of({"q1": template.mapping}))
    of_group = [CAMPS[("low", "high").index(group)] for group in item.groups]
    jitter = 1e-3 * rng.standard_normal((draws, 2))
    deviation = 1.1 + 1e-3 * rng.standard_normal(draws)
    data = xr.Dataset(
        {
            f"{item.name}_centre": (("draw", f"{item.name}_framings"), np.full((draws, 1), -1.0)),
            f"{item.name}_camp": (("draw", f"{item.name}_groups"), of_group + jitter),
            f"{item.name}_camp_sd": ("draw", np.full(draws, 1.2)),
            f"{item.name}_deviation": ("draw", deviation),
        }
        | {
            f"{item.name}_{name}": (("draw", f"{item.name}_{name}s"), np.tile(share, (draws, 1)))
            for name, share in shares.items()
        }
    )
    return fit_of([item], data)
