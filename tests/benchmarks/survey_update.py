"""How fast an update from a survey of thousands is, beside a plain model with one latent belief for each respondent.

Both rest on the same story, priors, centres and biases, and are sampled by NUTS (nutpie) with the same settings. The
plain model has a normal belief for each respondent, who states it with a little noise. Run

    uv run python tests/benchmarks/survey_update.py ESPAI2023.csv
"""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

import arviz as az
import numpy as np
import pymc as pm
import pymc.dims as pmd
import xarray as xr

from toc_model import STORY, inference, load_allocations, load_priors
from toc_model.survey import load_mapping, read_espai
from toc_model.survey.questions import Asked, prepare
from toc_model.survey.scales import DEVIATION_LOG_SD, FRAMING_SD

QUESTIONS = ("extinction", "extinction_100y", "extinction_control")
NOISE = 0.1
DRAWS = 500


def plain_model(asked: Sequence[Asked]) -> pm.Model:
    """One latent belief for each respondent, and nothing integrated out."""
    priors, levers = load_priors(), load_allocations().only([]).levers()
    entries = inference.uncertain_entries(priors)
    with pm.Model(coords={"entry": entries}) as model:
        z = pmd.Normal("latent", mu=0, sigma=1, dims=("entry",))
        parameters = inference._from_latent(STORY, priors, {name: z.isel(entry=i) for i, name in enumerate(entries)})
        bias = pmd.Normal("bias", mu=0, sigma=1)
        for question in asked:
            stated = np.repeat(question.data["value"].values, question.data["count"].values)
            people = f"{question.name}_people"
            model.add_coord(people, range(len(stated)))
            anchor = inference._asked_value(STORY, question, parameters, levers) + question.mapping.bias_sd * bias
            centre = pmd.Normal(f"{question.name}_centre", mu=anchor, sigma=FRAMING_SD)
            deviation = pmd.LogNormal(f"{question.name}_deviation", mu=0.0, sigma=DEVIATION_LOG_SD)
            belief = centre + deviation * pmd.Normal(f"{question.name}_belief", mu=0, sigma=1, dims=(people,))
            said = np.log(np.clip(stated, 0.0005, 0.9995) / (1 - np.clip(stated, 0.0005, 0.9995)))
            pmd.Normal(f"{question.name}_said", mu=belief, sigma=NOISE, observed=xr.DataArray(said, dims=(people,)))
    return model


def measured(name: str, model: pm.Model) -> float:
    """Sample, print, and return seconds of sampling for each effective draw of the worst-sampled centre."""
    start = time.perf_counter()
    tree = inference.sample(model, draws=DRAWS, tune=DRAWS, chains=2, seed=1, target_accept=0.9, progress=False)
    total = time.perf_counter() - start
    stats = tree["sample_stats"]
    draws = tree["posterior"].to_dataset()[[f"espai2023_{question}_centre" for question in QUESTIONS]]
    ess = min(float(values.min()) for values in az.ess(draws.merge(tree["posterior"]["latent"])).data_vars.values())
    steps = float(stats["n_steps"].mean())
    print(f"{name}: {total:.0f} s with compilation, {steps:.0f} steps a draw")
    print(f"  least ESS {ess:.0f}: {total / ess:.3f} s for an effective draw")
    return total / ess


def main() -> None:
    """Time both and print the ratio."""
    mapping = load_mapping("espai2023")
    asked = [
        question
        for question in prepare(read_espai(Path(sys.argv[1])), mapping)
        if question.name.removeprefix("espai2023_") in QUESTIONS
    ]
    print(f"{sum(question.respondents for question in asked):,} respondents")
    ours = measured("toc_model", inference.build_survey_model(STORY, load_priors(), load_allocations().levers(), asked))
    plain = measured("plain model", plain_model(asked))
    print(f"ratio {plain / ours:.1f}")


if __name__ == "__main__":
    main()
