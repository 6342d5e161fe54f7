"""How fast an update from a survey of thousands is, beside a plain model with one latent belief for each respondent.

Both rest on the same story, priors, centres and biases, and are sampled by NUTS (nutpie) with the same settings. The
plain model has a normal belief for each respondent, who states it, a quantile or points of a distribution around it
with a little noise. Run

    uv run python tests/benchmarks/survey_update.py ESPAI2023.csv
"""

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import arviz as az
import numpy as np
import pymc as pm
import pymc.dims as pmd
import xarray as xr

from tests.shipped import DOCUMENTS, STORY, load_allocations, load_priors
from toc_model.engine.laws import normal_cdf
from toc_model.essay.case import ESSAY
from toc_model.essay.readers.espai import read_espai
from toc_model.survey.documents.mapping import load_mapping
from toc_model.survey.kinds import KINDS
from toc_model.survey.kinds.scales import DEVIATION_LOG_SD, FRAMING_SD, NOISE_SD
from toc_model.survey.learning.model import (
    asked_values,
    build_survey_model,
    parameters_of_sources,
)
from toc_model.survey.learning.questions import Asked, prepare
from toc_model.survey.learning.sampling import sample
from toc_model.survey.learning.settings import Common

QUESTIONS = ("extinction", "extinction_100y", "extinction_control", "hlmi_cdf_point", "hlmi_quantile")
NOISE = 0.1
DRAWS = 500


def _people_who_state(question: Asked, centre: Any, model: pm.Model) -> None:
    """A latent belief for each respondent, and what is stated around it."""
    name, people = question.name, f"{question.name}_people"
    known = question.data
    if question.kind == "quantile":
        known = known.isel(pattern=np.isfinite(KINDS["quantile"].observed(known)))
    data = known.isel(pattern=np.repeat(np.arange(known.sizes["pattern"]), known["count"].values))
    data = data.rename(pattern=people)
    model.add_coord(people, range(data.sizes[people]))
    deviation = pmd.LogNormal(f"{name}_deviation", mu=0.0, sigma=DEVIATION_LOG_SD)
    belief = centre + deviation * pmd.Normal(f"{name}_belief", mu=0, sigma=1, dims=(people,))
    if question.kind == "cdf_point":
        data = data.where(data["given"].all("point"), 0.5)
        model.add_coord("point", range(data.sizes["point"]))
        spread = pmd.LogNormal(f"{name}_spread", mu=0.0, sigma=DEVIATION_LOG_SD)
        noise = pmd.HalfNormal(f"{name}_noise", sigma=NOISE_SD)
        thresholds = pmd.as_xtensor(data["threshold"].values, dims=(people, "point"))
        believed = normal_cdf((thresholds - belief) / spread)
        pmd.Normal(f"{name}_said", mu=believed, sigma=noise, observed=data["stated"].drop_vars(data.coords))
        return
    if question.kind == "quantile":
        said = KINDS["quantile"].observed(data.rename({people: "pattern"}))
    else:
        stated = np.clip(data["value"].values, 0.0005, 0.9995)
        said = np.log(stated / (1 - stated))
    pmd.Normal(f"{name}_said", mu=belief, sigma=NOISE, observed=xr.DataArray(said, dims=(people,)))


def plain_model(asked: Sequence[Asked]) -> pm.Model:
    """One latent belief for each respondent, and nothing integrated out."""
    priors, levers = load_priors(), load_allocations().only([]).levers()
    with pm.Model() as model:
        parameters = parameters_of_sources(STORY, priors, model)
        biases = {name: pmd.Normal(f"bias_{name}", mu=0, sigma=1) for name in {question.bias for question in asked}}
        for question in asked:
            anchor = asked_values(ESSAY, [question], parameters, levers)[question.name]
            anchor = anchor + question.mapping.bias_sd * biases[question.bias]
            _people_who_state(question, pmd.Normal(f"{question.name}_centre", mu=anchor, sigma=FRAMING_SD), model)
    return model


def measured(name: str, model: pm.Model) -> float:
    """Sample, print, and return seconds of sampling for each effective draw of the worst-sampled centre."""
    start = time.perf_counter()
    tree = sample(
        lambda: model, name, draws=DRAWS, tune=DRAWS, chains=2, seed=1, target_accept=0.95, progress=False
    ).tree
    total = time.perf_counter() - start
    stats = tree["sample_stats"]
    draws = tree["posterior"].to_dataset()[[f"espai2023_{question}_centre" for question in QUESTIONS]]
    ess = min(float(values.min()) for values in az.ess(draws.merge(tree["posterior"]["sources"])).data_vars.values())
    steps = float(stats["n_steps"].mean())
    print(f"{name}: {total:.0f} s with compilation, {steps:.0f} steps a draw")
    print(f"  least ESS {ess:.0f}: {total / ess:.3f} s for an effective draw")
    return total / ess


def main() -> None:
    """Time both and print the ratio."""
    mapping = load_mapping(DOCUMENTS, "espai2023")
    asked = [
        question
        for question in prepare(read_espai(Path(sys.argv[1]), mapping), mapping)
        if question.name.removeprefix("espai2023_") in QUESTIONS
    ]
    print(f"{sum(question.respondents for question in asked):,} respondents")
    model = build_survey_model(ESSAY, load_priors(), load_allocations().levers(), asked, Common())
    ours = measured("toc_model", model)
    plain = measured("plain model", plain_model(asked))
    print(f"ratio {plain / ours:.1f}")


if __name__ == "__main__":
    main()
