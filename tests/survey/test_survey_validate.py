"""Validation of the observation model: densities as in the model, calibrated predictions, recovery of the truth."""

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pymc.dims as pmd
import pytest
import xarray as xr
from scipy import optimize, special, stats

from tests.conftest import Toc
from toc_model.beliefs.posterior import flat
from toc_model.beliefs.shipped import Documents
from toc_model.essay.case import ESSAY
from toc_model.questions.survey import Recovered, Validated
from toc_model.survey.documents.answers import COLUMNS
from toc_model.survey.documents.mapping import Question, SurveyMapping
from toc_model.survey.kinds.densities import log_density
from toc_model.survey.kinds.likelihood import TAILS, moods
from toc_model.survey.kinds.questions import Asked, prepare
from toc_model.survey.kinds.simulation import observed, stated_probabilities
from toc_model.survey.kinds.simulation import simulated as simulated_answers
from toc_model.survey.learning.fitted import Fitted
from toc_model.survey.learning.observation import observe_answers
from toc_model.survey.learning.people import NONE, answers_together, people_of
from toc_model.survey.learning.pointwise import (
    by_themselves,
    centres,
    density,
    joint_density,
    log_likelihood,
    pointwise,
)
from toc_model.survey.validation.camps import camp_density, leave_one_camp_out
from toc_model.survey.validation.experts import leave_one_expert_out
from toc_model.survey.validation.heaping import heaping
from toc_model.survey.validation.predictions import Pit, predicted, randomised_pit
from toc_model.survey.validation.recovery import RANKS, Recovery, Setup, calibration, padded, simulated
from toc_model.survey.validation.scores import Score
from toc_model.survey.validation.weights import chosen_draws
from toc_model.survey.validation.whole import Validation, validate

STORY, SHIPPED = ESSAY.story, Documents.of(ESSAY)
TARGET = ESSAY.recovery
SMALL = Setup(TARGET, questions=1, respondents=30, draws=300, tune=300)
GROUPS = {"probability": ["a", "b"], "ordered": ["a", "b"]}
ANSWERS: dict[str, list[tuple[float, float]]] = {
    "probability": [(np.nan, p) for p in (0.0, 0.1, 0.1, 0.37, 0.5, 0.0004, 1.0)],
    "quantile": [(0.1, 0.2), (0.5, 0.4), (0.9, 0.7)],
    "cdf_point": [(0.3, 0.2), (0.6, 0.8)],
    "duration": [(np.nan, 0.3), (np.nan, 0.6)],
    "ordered": [(np.nan, 1.0), (np.nan, 2.0), (np.nan, 3.0), (np.nan, 3.0)],
}


def question(kind: Any) -> Question:
    categories = ["low", "middle", "high"] if kind == "ordered" else []
    bounds: dict[str, Any] = {"lower": 1.0, "upper": 3.0} if categories else {}
    return Question(
        wording="?",
        target=TARGET,
        scale="logit",
        kind=kind,
        unit="probability",
        bias_sd=0.7,
        bias_reason="a test",
        fair="a test",
        categories=categories,
        **bounds,
    )


def answers_of(kind: str) -> pd.DataFrame:
    levels_apart = kind in ("quantile", "cdf_point")
    rows = [
        dict.fromkeys(COLUMNS, "")
        | {
            "source_id": "s",
            "respondent_id": "r1" if levels_apart else f"r{place}",
            "question_id": kind,
            "kind": kind,
            "group": GROUPS.get(kind, [""])[place % len(GROUPS.get(kind, [""]))],
            "level": level,
            "value": value,
            "round": 1,
        }
        for place, (level, value) in enumerate(ANSWERS[kind])
    ]
    return pd.DataFrame(rows)


def asked_of_every_kind() -> list[Asked]:
    mapping = mapping_of({kind: question(kind) for kind in ANSWERS})
    return prepare(pd.concat([answers_of(kind) for kind in ANSWERS], ignore_index=True), mapping)


def mapping_of(questions: dict[str, Question]) -> SurveyMapping:
    return SurveyMapping(
        source_id="s",
        title="t",
        citation="c",
        population="p",
        year=2025,
        verified="yes",
        derived_from=[],
        questions=questions,
    )


def fit_of(asked: list[Asked], draws: xr.Dataset) -> Fitted:
    return Fitted(tuple(asked), draws, SHIPPED.priors(), SHIPPED, SHIPPED.allocations())


def without_fit(asked: list[Asked], *, common_bias: bool, shared_bias: bool) -> tuple[Fitted, xr.Dataset]:
    """Draws of everything from its prior, and what the model makes of the answers there."""
    with pm.Model() as model:
        target = pmd.Normal("target", mu=0, sigma=1)
        observe_answers(asked, {item.name: target for item in asked}, common_bias=common_bias, shared_bias=shared_bias)
    fast: Any = {"mode": "FAST_COMPILE"}
    names = [variable.name for variable in (*model.free_RVs, *model.deterministics)]
    tree = pm.sample_prior_predictive(12, model=model, random_seed=1, var_names=names, compile_kwargs=fast)
    prior = tree["prior"].to_dataset()
    whole = pm.compute_log_likelihood(
        xr.DataTree.from_dict({"posterior": prior}), model=model, extend_inferencedata=False, progressbar=False
    )
    draws = flat(prior)
    parameters = SHIPPED.priors().draw(STORY, draws.sizes["draw"], seed=1)
    parameters = parameters.assign({TARGET: ("draw", special.expit(draws["target"].values))})
    return fit_of(asked, draws.merge(parameters)), flat(whole)


@pytest.mark.slow
def test_the_density_of_experts_adds_up_to_the_models() -> None:
    fit, whole = without_fit(asked_of_every_kind(), common_bias=True, shared_bias=True)
    assert {item.kind for item in fit.asked} == set(ANSWERS)
    (people,) = people_of(fit.asked)
    assert people.together
    found = (joint_density(fit, people) * people.counts).sum("expert")
    np.testing.assert_allclose(found, whole["s_answers"], rtol=1e-8)
    assert_same_likelihood(log_likelihood(fit), whole)


@pytest.mark.slow
def test_without_a_shared_bias_answers_add_up_question_by_question() -> None:
    fit, whole = without_fit(asked_of_every_kind(), common_bias=False, shared_bias=False)
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
    places = xr.DataArray(moods()[0], dims="mood")

    def misfit(values: np.ndarray) -> float:
        densities = {
            item.name: log_density(item, of[0], {"deviation": np.exp(of[1]), "loading": of[2]}, data, places)
            for item, of, data in zip(asked, np.reshape(values, (3, 3)), arrays, strict=True)
        }
        return -float((by_themselves(answers_together(people, densities, sizes)) * people.counts).sum())

    best = optimize.minimize(misfit, np.tile([0.0, 0.0, 0.5], 3), method="L-BFGS-B").x.reshape(3, 3)
    np.testing.assert_allclose(best[:, 2] / np.hypot(1, best[:, 2]), SHARES, atol=0.12)
    np.testing.assert_allclose(np.exp(best[:, 1]), 1.2, rtol=0.1)


def test_experts_are_brought_together_over_questions_and_framings() -> None:
    asked = asked_of_every_kind()
    (people,) = people_of(asked)
    assert people.counts.sum() == 7
    assert people.together == tuple(item.name for item in asked)
    row = people.patterns[(people.patterns != NONE).sum(axis=1) == 5]
    assert len(row) == 1
    said = {item.name: item.data.isel(pattern=place) for item, place in zip(asked, row[0], strict=True)}
    assert float(said["s_probability"]["value"]) == 0.1
    assert float(said["s_duration"]["stated"]) == pytest.approx(special.logit(0.6))
    assert float(said["s_ordered"]["category"]) == 2
    alone = people.only(["s_ordered"])
    assert alone.counts.sum() == 4
    assert people.sample(3, np.random.default_rng(0)).counts.sum() == 3


def test_all_answers_of_an_expert_are_left_out_together() -> None:
    """Weights of an expert with two answers are those of both densities, not of one."""
    asked = [item for item in asked_of_every_kind() if item.kind in ("probability", "ordered")]
    (people,) = people_of(asked)
    densities = {item.name: xr.DataArray(np.arange(10.0)[None], dims=("draw", "pattern")) for item in asked}
    both = answers_together(people, densities, {item.name: 10 for item in asked})
    expected = [sum(float(place) for place in row if place != NONE) for row in people.patterns]
    np.testing.assert_allclose(both.transpose("draw", "expert").values[0], expected)


def test_draws_are_chosen_by_their_weights() -> None:
    log_weights = np.log(np.array([[0.1, 0.7], [0.9, 0.3]]))
    chosen = chosen_draws(log_weights, 1000, np.random.default_rng(1))
    np.testing.assert_allclose(chosen.mean(axis=1), [0.9, 0.3], atol=0.01)


KNOWN: dict[str, Any] = {
    "deviation": 0.8,
    "loading": 0.75,
    "overconfidence": 0.2,
    "grid": xr.DataArray([1.0, 0.0, 0.0, 0.0, 0.0], dims="grid"),
    "spike": xr.DataArray([0.1, 0.05, 0.05, 0.8], dims="spike"),
    "reference": 0.1,
    "first_cut": -0.4,
    "step": xr.DataArray([0.9], dims="step"),
    "spread": 0.6,
    "noise": 0.01,
}
SIMULATED = 400_000


@pytest.mark.parametrize("kind", ["probability", "quantile", "duration", "ordered"])
def test_every_kind_of_answer_is_simulated_as_its_likelihood_has_it(kind: str) -> None:
    (item,) = (item for item in asked_of_every_kind() if item.kind == kind)
    of = {name: value for name, value in KNOWN.items() if (kind, name) != ("ordered", "deviation")}
    centre = xr.DataArray(np.full(item.data.sizes["pattern"], 0.3), dims="pattern")
    data = {str(name): values for name, values in item.data.items()}
    mood = xr.DataArray(moods()[0], dims="mood")
    likely = np.exp(by_themselves(xr.DataArray(log_density(item, centre, of, data, mood))).values)
    arrays = {name: np.asarray(value, float) for name, value in of.items()}
    found = simulated_answers(item, np.full(SIMULATED, 0.3), arrays, np.zeros(SIMULATED, int), np.random.default_rng(2))
    width = 1e-11 if kind in ("probability", "ordered") else 0.05
    for said, density_there in zip(observed(item), likely, strict=True):
        if said != 0.0004:  # stands for more than itself
            share = (abs(found - said) < width).mean() / (1 if width < 0.01 else 2 * width)
            assert share == pytest.approx(density_there, abs=0.012), said


def test_points_of_a_stated_distribution_are_simulated_around_those_of_the_middle_respondent() -> None:
    (item,) = (item for item in asked_of_every_kind() if item.kind == "cdf_point")
    arrays = {name: np.full(SIMULATED, value) for name, value in KNOWN.items() if isinstance(value, float)}
    found = simulated_answers(item, np.full(SIMULATED, 0.3), arrays, np.zeros(SIMULATED, int), np.random.default_rng(2))
    around = np.sqrt(0.8**2 + (math.exp(0.2) * 0.6) ** 2 + 0.6**2)
    expected = special.ndtr((item.data["threshold"].values[0] - 0.3) / around)
    np.testing.assert_allclose(found.mean(axis=0), expected, atol=0.003)


# A survey simulated from known values of everything -------------------------------------------------------------


CAMPS = (-1.2, 1.2)


def known(respondents: int, seed: int = 5, draws: int = 60) -> Fitted:
    """Answers of two camps, and draws that all have the values that the answers were simulated from."""
    rng = np.random.default_rng(seed)
    setup = Setup(TARGET, questions=1, respondents=respondents)
    grids, spikes = np.array([0.0, 0.2, 0.4, 0.3, 0.1]), np.array([0.03, 0.04, 0.01, 0.92])
    values: list[float] = []
    for camp in CAMPS:
        belief = special.expit(camp - 1.0 + 1.1 * rng.standard_t(TAILS, respondents))
        values += list(stated_probabilities(belief, grids, spikes, rng))
    _, (template,) = simulated(setup, SHIPPED.priors()[TARGET].distribution, rng)
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
            f"{item.name}_grid": (("draw", f"{item.name}_grids"), np.tile(grids, (draws, 1))),
            f"{item.name}_spike": (("draw", f"{item.name}_spikes"), np.tile(spikes, (draws, 1))),
        }
    )
    return fit_of([item], data)


def pit_of(fit: Fitted) -> Pit:
    rng = np.random.default_rng(1)
    (found,) = leave_one_expert_out(fit, rng).predictions
    return randomised_pit(found, rng)


def test_pit_is_uniform_for_answers_of_the_model() -> None:
    pit = pit_of(known(700))
    assert len(pit.values) == 1400
    assert pit.distance[1] > 0.01, pit.bins
    assert pit.bins.sum() == pytest.approx(1)


def test_pit_sees_a_wrong_deviation() -> None:
    fit = known(700)
    narrow = fit.draws.assign({"s_q1_deviation": fit.draws["s_q1_deviation"] / 2})
    pit = pit_of(replace(fit, draws=narrow))
    assert pit.distance[1] < 1e-6
    assert pit.bins[[0, 9]].sum() > 0.25


def test_simulated_answers_are_those_of_the_likelihood() -> None:
    fit = known(300)
    item = fit.asked[0]
    many = np.zeros((1, 200_000), int)
    found = predicted(fit, item, centres(fit, item), np.array([0]), many, np.random.default_rng(2)).ensemble[0]
    same_camp = np.flatnonzero(item.data["group"].values == item.data["group"].values[0])
    said = item.data["value"].values[same_camp]
    likely = np.exp(density(item, centres(fit, item), fit.draws).values[0, same_camp])
    shares = np.array([(abs(found - place) < 1e-11).mean() for place in said])
    np.testing.assert_allclose(shares, likely, atol=0.004)
    assert likely.sum() > 0.9


def test_heaping_of_the_models_own_answers_is_expected() -> None:
    fit = known(1000)
    rng = np.random.default_rng(3)
    for heap in heaping(fit, fit.asked[0], rng):
        low, _, high = heap.predicted
        assert low - 0.02 <= heap.observed <= high + 0.02, heap
        assert high - low < 0.06


def test_heaping_that_the_model_does_not_expect_shows() -> None:
    fit = known(1000)
    fine = fit.draws["s_q1_grid"].copy(data=np.tile([0.5, 0.5, 0.0, 0.0, 0.0], (fit.draws.sizes["draw"], 1)))
    found = heaping(replace(fit, draws=fit.draws.assign(s_q1_grid=fine)), fit.asked[0], np.random.default_rng(3))
    assert found[0].what == "multiples of 5 %"
    assert found[0].observed > 2 * found[0].predicted[2]


def test_a_camp_is_integrated_out() -> None:
    """Against plain quadrature over a wide range, for a camp of few people."""
    fit = known(4)
    item = fit.asked[0]
    wide = fit.draws["s_q1_camp"] + 0.7 * np.random.default_rng(0).standard_normal(fit.draws["s_q1_camp"].shape)
    fit = replace(fit, draws=fit.draws.assign(s_q1_camp=wide))
    one = fit.draws.isel(draw=[0])
    patterns = np.flatnonzero(item.data["group"].values == 0)
    shared = xr.DataArray(np.linspace(-12, 12, 2001), dims="step")
    centre = xr.full_like(centres(fit, item).isel(draw=[0], pattern=patterns), -1.0)
    answers = density(item, centre + shared, one, patterns)
    counts = xr.DataArray(item.data["count"].values[patterns], dims="pattern")
    whole = np.exp((counts * answers).sum("pattern")) * stats.norm.pdf(shared.values, 0, 1.2)
    expected = np.log(whole.values.sum() * 24 / 2000)
    assert float(camp_density(fit, item)[0, 0]) == pytest.approx(expected, abs=0.01)


def test_leaving_out_scores_every_answer_and_camp() -> None:
    fit = known(40)
    item = fit.asked[0]
    rng = np.random.default_rng(4)
    (score,) = leave_one_expert_out(fit, rng).scores
    assert score.answers == 80
    assert 0 < score.crps < 0.3
    assert score.above == 0
    exact = pointwise(fit, item).mean("draw").values @ item.data["count"].values
    assert score.total == pytest.approx(exact, abs=0.1)
    assert [(camp.camp, camp.answers) for camp in leave_one_camp_out(fit, rng)] == [("high", 40), ("low", 40)]


def test_camps_beat_the_pool_and_the_text_says_so() -> None:
    fit = known(40)
    item = fit.asked[0]
    pooled_item = replace(item, groups=("",), data=item.data.assign(group=0 * item.data["group"]))
    pooled = fit.draws.drop_vars("s_q1_camp").assign(s_q1_deviation=0.5 + fit.draws["s_q1_deviation"])
    found = validate(fit, replace(fit, asked=(pooled_item,), draws=pooled))
    (_, better, error) = found.pooled[item.name]
    assert better > 2 * error > 0
    text = str(Validated(found))
    for words in (
        "Leave one expert out",
        "CRPS",
        "Leave one camp out",
        "Randomised PIT",
        "exactly 0",
        f"{better:+.1f}",
    ):
        assert words in text


def test_an_unreliable_weight_is_named() -> None:
    score = Score("q", "low", 10, -30.0, 0.2, 0.9, 1, np.empty(0))
    text = str(Validated(Validation([score], {}, [score], [], [], ["r"])))
    assert "No PIT, for want of an exact answer: r" in text
    assert "q, low: Pareto k 0.90 is above 0.7" in text
    assert "refit" in text


def test_what_is_no_posterior_is_refused(toc: Toc, tmp_path: Path) -> None:
    (tmp_path / "p.nc").write_text("nothing")
    code, out, err = toc("survey", "validate", tmp_path / "s.csv", "--posterior", tmp_path / "p.nc")
    assert (code, out) == (2, "")
    assert "no posterior of toc update" in err


# Recovery -------------------------------------------------------------------------------------------------------


def test_padding_counts_for_nobody() -> None:
    fit = known(10)
    data = fit.asked[0].data
    more = padded(data, 40)
    assert more.sizes["pattern"] == 40
    assert more["count"].sum() == data["count"].sum()


def test_even_ranks_pass_and_uneven_ones_fail() -> None:
    even = Recovery(Setup(TARGET), True, np.arange(RANKS), np.ones(RANKS, bool))
    uneven = replace(even, ranks=np.zeros(RANKS, int))
    assert even.chi_square[1] == pytest.approx(1)
    assert uneven.chi_square[1] < 1e-6


@pytest.mark.slow
def test_intervals_hold_the_truth_only_where_the_common_bias_is_modelled() -> None:
    modelled, switched_off = calibration(12, SMALL, SHIPPED.priors(), seed=2)
    assert modelled.coverage >= 0.7
    assert switched_off.coverage <= modelled.coverage - 0.2
    assert "switched off" in str(Recovered((modelled, switched_off)))
