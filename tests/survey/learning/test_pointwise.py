"""Densities of answers at draws: those of the model, in plain xarray."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pymc.dims as pmd
import pytest
import xarray as xr
from scipy import optimize, special, stats

from tests.shipped import STORY, load_priors
from tests.survey.surveys import ANSWERS, TARGET, answers_of, asked_of_every_kind, fit_of, mapping_of, question
from toc_model.beliefs.posterior import flat
from toc_model.survey.kinds import KINDS
from toc_model.survey.kinds.mood import moods
from toc_model.survey.learning.fitted import Fitted
from toc_model.survey.learning.observation import observe_answers
from toc_model.survey.learning.people import answers_together, people_of
from toc_model.survey.learning.pointwise import by_themselves, joint_density, log_likelihood
from toc_model.survey.learning.questions import Asked, prepare
from toc_model.survey.learning.settings import Common


def without_fit(asked: list[Asked], *, common_bias: bool, shared_bias: bool) -> tuple[Fitted, xr.Dataset]:
    """Draws of everything from its prior, and what the model makes of the answers there."""
    with pm.Model() as model:
        target = pmd.Normal("target", mu=0, sigma=1)
        common = Common(1.0 if common_bias else 0.0)
        observe_answers(asked, {item.name: target for item in asked}, common, shared_bias=shared_bias)
    fast: Any = {"mode": "FAST_COMPILE"}
    names = [variable.name for variable in (*model.free_RVs, *model.deterministics)]
    tree = pm.sample_prior_predictive(12, model=model, random_seed=1, var_names=names, compile_kwargs=fast)
    prior = tree["prior"].to_dataset()
    whole = pm.compute_log_likelihood(
        xr.DataTree.from_dict({"posterior": prior}), model=model, extend_inferencedata=False, progressbar=False
    )
    draws = flat(prior)
    parameters = load_priors().draw(STORY, draws.sizes["draw"], seed=1)
    parameters = parameters.assign({TARGET: ("draw", special.expit(draws["target"].values))})
    return fit_of(asked, draws.merge(parameters)), flat(whole)


def asked_in_every_way() -> list[Asked]:
    """Answers of every kind; and quantiles alone or at an end, numbers between bounds, anchored categories."""
    lone = answers_of("quantile").assign(question_id="lone", respondent_id=["r0", "r1", "r2"], value=[0.0, 0.4, 0.7])
    between = answers_of("duration").assign(question_id="between", flags="censored", lower=[0.2, 0.1], upper=[0.5, ""])
    anchored = answers_of("ordered").assign(question_id="anchored")
    anchors = {"middle": {"from": 0.3, "sd": 0.4, "reason": "?"}, "high": {"from": 0.6, "sd": 0.3, "reason": "?"}}
    forms = {
        "lone": question("quantile"),
        "between": question("duration"),
        "anchored": question("ordered", anchors=anchors),
    }
    others = pd.concat([lone, between, anchored], ignore_index=True)
    return [*asked_of_every_kind(), *prepare(others, mapping_of(forms))]


@pytest.mark.slow
def test_the_density_of_experts_adds_up_to_the_models() -> None:
    fit, whole = without_fit(asked_in_every_way(), common_bias=True, shared_bias=True)
    assert {item.kind for item in fit.asked} == set(ANSWERS)
    (people,) = people_of(fit.asked)
    assert people.together
    found = (joint_density(fit, people) * people.counts).sum("expert")
    np.testing.assert_allclose(found, whole["s_answers"], rtol=1e-8)
    assert_same_likelihood(log_likelihood(fit), whole)


@pytest.mark.slow
def test_without_a_shared_bias_answers_add_up_question_by_question() -> None:
    fit, whole = without_fit(asked_in_every_way(), common_bias=False, shared_bias=False)
    assert_same_likelihood(log_likelihood(fit), whole)


def assert_same_likelihood(found: xr.Dataset, whole: xr.Dataset) -> None:
    assert {f"{name}_answers" for name in found.data_vars} == set(whole.data_vars)
    for name, values in found.items():
        np.testing.assert_allclose(values, whole[f"{name}_answers"], rtol=1e-8, err_msg=str(name))


def test_without_a_bias_a_seed_question_is_answered_around_the_truth() -> None:
    seed = question("duration").model_copy(update={"resolved": 0.4})
    (asked,) = prepare(answers_of("duration"), mapping_of({"duration": seed}))
    fit = fit_of([asked], xr.Dataset({f"{asked.name}_deviation": ("draw", [0.5, 2.0])}))
    stated = special.logit([0.3, 0.6])
    expected = [stats.norm(special.logit(0.4), sd).logpdf(stated).sum() for sd in (0.5, 2.0)]
    np.testing.assert_allclose(log_likelihood(fit)[asked.name], expected)


SHARES = (0.8, 0.6, -0.5)
"""How much of each question's deviation is the respondent's own bias."""


def test_the_scale_of_a_bias_that_a_respondents_answers_share_is_found() -> None:
    rng = np.random.default_rng(8)
    mood = rng.standard_normal(500)
    frames = [
        answers_of("duration")
        .iloc[[0] * len(mood)]
        .assign(
            question_id=f"q{place}",
            respondent_id=[f"r{i}" for i in range(len(mood))],
            value=special.expit(1.2 * (share * mood + math.sqrt(1 - share**2) * rng.standard_normal(len(mood)))),
        )
        for place, share in enumerate(SHARES)
    ]
    asked = prepare(pd.concat(frames), mapping_of({f"q{place}": question("duration") for place in range(3)}))
    (people,) = people_of(asked)
    sizes = {item.name: item.data.sizes["pattern"] for item in asked}
    arrays = [{str(name): values for name, values in item.data.items()} for item in asked]
    places, law = xr.DataArray(moods()[0], dims="mood"), KINDS["duration"].log_density

    def misfit(values: np.ndarray) -> float:
        densities = {
            item.name: law(item.mapping, of[0], {"deviation": np.exp(of[1]), "loading": of[2]}, data, places)
            for item, of, data in zip(asked, np.reshape(values, (3, 3)), arrays, strict=True)
        }
        return -float((by_themselves(answers_together(people, densities, sizes)) * people.counts).sum())

    best = optimize.minimize(misfit, np.tile([0.0, 0.0, 0.5], 3), method="L-BFGS-B").x.reshape(3, 3)
    np.testing.assert_allclose(best[:, 2] / np.hypot(1, best[:, 2]), SHARES, atol=0.12)
    np.testing.assert_allclose(np.exp(best[:, 1]), 1.2, rtol=0.1)
