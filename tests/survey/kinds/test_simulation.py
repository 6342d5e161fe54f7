"""Simulated answers: those of the likelihood, for all who simulate."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy import special, stats

from tests.shipped import load_priors
from tests.survey.surveys import ANSWERS, TARGET, asked_of_every_kind, question, read, values_of, variables
from toc_model.aliases import Floats
from toc_model.survey.kinds import KINDS, rounding
from toc_model.survey.kinds.mood import moods
from toc_model.survey.kinds.parameters import DEVIATION
from toc_model.survey.kinds.said import WHOLE_PER_CENTS, moments, on_scale
from toc_model.survey.kinds.simulation import simulated_survey, summarised_surveys
from toc_model.survey.kinds.slips import OUTLIERS
from toc_model.survey.learning.pointwise import by_themselves
from toc_model.survey.validation.predictions import simulated_answers
from toc_model.survey.validation.recovery import Setup, simulated

KNOWN: dict[str, Any] = {
    "deviation": 0.8,
    "loading": 0.75,
    "overconfidence": 0.2,
    "grid": xr.DataArray([1.0, *[0.0] * 6], dims="grid"),
    "near": xr.DataArray([0.9, 0.1], dims="near"),
    "spike": xr.DataArray([0.1, 0.05, 0.05, 0.8], dims="spike"),
    "reference": 0.1,
    "cut": -0.4,
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
    law: Any = KINDS[kind].log_density(item.mapping, centre, of, data, mood)
    likely = np.exp(by_themselves(xr.DataArray(law)).values)
    arrays = {name: np.asarray(value, float) for name, value in of.items()}
    found = simulated_answers(item, np.full(SIMULATED, 0.3), arrays, np.zeros(SIMULATED, int), np.random.default_rng(2))
    width = 1e-11 if kind in ("probability", "ordered") else 0.05
    for said, density_there in zip(KINDS[kind].observed(item.data), likely, strict=True):
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


# Against exact probabilities --------------------------------------------------------------------------------------

MANY = 40_000
CENTRE = 0.3
OF: dict[str, Any] = {
    "deviation": 0.8,
    "overconfidence": 0.2,
    "grid": xr.DataArray([0.1, 0.1, 0.2, 0.25, 0.05, 0.1, 0.2], dims="grid"),
    "near": xr.DataArray([0.7, 0.3], dims="near"),
    "spike": xr.DataArray([0.05, 0.04, 0.01, 0.9], dims="spike"),
    "reference": 0.1,
    "cut": -0.4,
    "step": xr.DataArray([0.9], dims="step"),
    "spread": 0.6,
    "noise": 0.03,
}


def drawn(kind: str, circumstances: dict[str, Floats]) -> Floats:
    """Answers with the parameters `OF`."""
    of = {name: np.asarray(value, float) for name, value in parameters(kind).items()}
    return KINDS[kind].simulated(question(kind), np.full(MANY, CENTRE), of, circumstances, np.random.default_rng(6))


def parameters(kind: str) -> dict[str, Any]:
    names = {"reference", *(parameter.name for parameter in KINDS[kind].parameters(question(kind)))}
    return {name: OF[name] for name in names}


def likely(kind: str, data: dict[str, xr.DataArray]) -> Floats:
    return np.exp(values_of(KINDS[kind].log_density(question(kind), CENTRE, parameters(kind), data)))


def misfit(counts: np.ndarray, probabilities: Floats) -> float:
    """P value of the chi-square over places that are expected often enough, and all others together."""
    often = probabilities * MANY > 10
    rest = max(1 - probabilities[often].sum(), 1e-9)
    found = [*counts[often], MANY - counts[often].sum()]
    expected = np.array([*probabilities[often], rest])
    return float(stats.chisquare(found, MANY * expected / expected.sum()).pvalue)


def test_stated_probabilities_have_exact_probabilities() -> None:
    said = np.unique(np.concatenate([np.round(WHOLE_PER_CENTS, 12), *rounding.SAID]))
    whole = np.isin(said, np.round(WHOLE_PER_CENTS, 12))
    data = read("probability", list(said)).data
    # The density grants a slip any answer; drawn ones are whole per cents.
    probabilities = likely("probability", variables(data)) - np.where(whole, 0.0, OUTLIERS / len(WHOLE_PER_CENTS))
    assert probabilities.sum() == pytest.approx(1)
    counts = (np.round(drawn("probability", {}), 12)[:, None] == said).sum(axis=0)
    assert counts.sum() == MANY
    assert misfit(counts, probabilities) > 0.001


def test_categories_have_exact_probabilities() -> None:
    data = read("ordered", [1.0, 2.0, 3.0]).data
    probabilities = likely("ordered", variables(data))
    assert probabilities.sum() == pytest.approx(1)
    counts = (drawn("ordered", {})[:, None] == [1, 2, 3]).sum(axis=0)
    assert misfit(counts, probabilities) > 0.001


@pytest.mark.parametrize(
    ("kind", "stated", "beside"), [("quantile", "middle", "spread"), ("duration", "stated", "censored")]
)
def test_numbers_have_exact_probabilities(kind: str, stated: str, beside: str) -> None:
    middle = np.linspace(-30, 30, 60_001)
    other = np.full(len(middle), 0.5 if kind == "quantile" else 0.0)
    data = {stated: xr.DataArray(middle, dims="pattern"), beside: xr.DataArray(other, dims="pattern")}
    rising = np.cumsum(likely(kind, data)) * (middle[1] - middle[0])
    found = drawn(kind, {name: np.array(0.5) for name in KINDS[kind].circumstances})
    assert stats.kstest(np.interp(found, middle, rising), "uniform").pvalue > 0.001


def test_points_of_a_distribution_have_exact_probabilities_together() -> None:
    """Those of dense quadrature, from which the likelihood's few places depart where points near 0 or 1 fall."""
    thresholds, width = np.array([-0.2, 0.9]), 0.02
    places = np.arange(-0.2, 1.2, width) + width / 2
    both = np.stack(np.meshgrid(places, places, indexing="ij"), axis=-1).reshape(-1, 2)
    exact = points_together(places, thresholds) * width**2
    probabilities = likely("cdf_point", points(both, thresholds)).reshape(exact.shape) * width**2
    assert exact.sum() == pytest.approx(1)
    assert abs(probabilities - exact).sum() / 2 < 0.015

    found = drawn("cdf_point", {"threshold": thresholds})
    ends = np.append(places - width / 2, places[-1] + width / 2)
    counts = np.histogram2d(found[:, 0], found[:, 1], bins=[ends, ends])[0]
    coarse = (10, len(places) // 10, 10, len(places) // 10)
    assert misfit(*(table.reshape(coarse).sum(axis=(1, 3)) for table in (counts, exact))) > 0.001


def points_together(places: Floats, thresholds: Floats) -> Floats:
    """Density of stating these at two thresholds, by dense quadrature over the middle."""
    middle = np.linspace(-12, 12, 4001)
    scale = np.hypot(OF["deviation"], np.exp(OF["overconfidence"]) * OF["spread"])
    weights = stats.norm.pdf(middle, CENTRE, scale) * (middle[1] - middle[0])
    first, second = (
        stats.norm.pdf(places[:, None], special.ndtr((threshold - middle) / OF["spread"]), OF["noise"])
        for threshold in thresholds
    )
    return np.asarray((first * weights) @ second.T)


def points(stated: Floats, thresholds: Floats) -> dict[str, xr.DataArray]:
    """Data of stated points, as they are read."""
    kind, form = KINDS["cdf_point"], question("cdf_point", scale="identity", unit="years")
    rows = pd.DataFrame(
        {
            "respondent_id": "r",
            "framing": 0,
            "group": 0,
            "level": thresholds,
            "value": [0.1, 0.2],
        }
    )
    data = kind.read(rows, form).data.isel(pattern=np.zeros(len(stated), int))
    probit = special.ndtri(np.clip(stated, 0.005, 0.995))
    changed = {"stated": stated, "probit": probit, "slope": stats.norm.pdf(probit)}
    return variables(data.assign({name: (("pattern", "point"), values) for name, values in changed.items()}))


# One simulator ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(ANSWERS))
def test_planning_validation_and_the_priors_simulate_alike(kind: str) -> None:
    """From one seed, the same answers: as planned, and as validation simulates them at the parameters drawn."""
    form, many, (law, targets) = question(kind), 40, (KINDS[kind], np.linspace(-1, 1, 5))
    planned = law.planned(targets)
    answers = simulated_survey(form, targets[2:3], many, planned, np.random.default_rng(9))[0]

    rng = np.random.default_rng(9)
    centre = targets[2] + form.bias_sd * rng.standard_normal()
    deviation, declared = DEVIATION.drawn(rng), law.parameters(form)
    of = {item.name: deviation if item == DEVIATION else item.drawn(rng) for item in declared}
    circumstances = planned((many,), rng)
    (asked,) = (item for item in asked_of_every_kind() if item.kind == kind)
    data = asked.data.isel(pattern=[0] * many)
    if kind == "quantile":
        data["spread"] = ("pattern", circumstances["spread"])
    if kind == "cdf_point":
        data = data.drop_dims("point").assign(threshold=(("pattern", "point"), [circumstances["threshold"]] * many))
    again = simulated_answers(
        replace(asked, data=data), np.full(many, centre), {**of, "reference": centre}, np.arange(many), rng
    )
    np.testing.assert_allclose(again, answers)


SIZES = (5, 150, 600)


@pytest.mark.parametrize("kind", list(ANSWERS))
def test_summaries_that_are_drawn_as_such_have_the_law_of_those_of_answers(kind: str) -> None:
    """Surveys of each size alike in distribution, and the sizes alike in how they hang together."""
    form, law, targets = question(kind), KINDS[kind], np.full(1500, 0.4)
    planned = law.planned(np.linspace(-1, 1, 5))
    answers = simulated_survey(form, targets, SIZES[-1], planned, np.random.default_rng(1))
    found = summarised_surveys(form, targets, SIZES, planned, np.random.default_rng(2))
    every = [law.summaries(form, answers[:, :size]) for size in SIZES]
    for one, other in zip(found, every, strict=True):
        assert one.shape == other.shape
        for here, there in zip(one.T, other.T, strict=True):
            if np.ptp(there) > 1e-9:
                assert stats.ks_2samp(np.round(here, 9), np.round(there, 9)).pvalue > 0.001
        assert np.isfinite(one).all()
    together, apart = (stats.spearmanr(np.concatenate(each, axis=1)).statistic for each in (found, every))
    np.testing.assert_allclose(together, apart, atol=0.1)


@pytest.mark.parametrize("scale", ["logit", "log", "identity"])
@pytest.mark.parametrize("centre", [-2.0, -0.3, 0.6])
def test_moments_of_what_is_stated_are_those_of_what_is_drawn(scale: str, centre: float) -> None:
    shares = {name: np.asarray(OF[name], float) for name in ("grid", "spike", "near")}
    known = moments(scale, np.array([centre]), np.array([0.8]), *(value[None] for value in shares.values()))
    of = {**shares, "deviation": np.array(0.8)}
    said = KINDS["probability"].draw(
        question("probability", scale=scale), np.full(SIMULATED, centre), of, {}, np.random.default_rng(3)
    )
    believed = on_scale(said[said > 0], scale)
    assert known.zero[0] == pytest.approx((said == 0).mean(), abs=0.003)
    for moment, power in zip((known.variance, known.third, known.fourth), (2, 3, 4), strict=True):
        powers = (believed - known.mean[0]) ** power
        assert moment[0] == pytest.approx(powers.mean(), abs=5 * powers.std() / np.sqrt(len(powers)))
    assert known.mean[0] == pytest.approx(believed.mean(), abs=5 * believed.std() / np.sqrt(len(believed)))


def test_recovery_simulates_alike() -> None:
    setup, prior = Setup(TARGET, questions=2, kinds=("probability",)), load_priors()[TARGET].distribution
    truth, asked = simulated(setup, prior, np.random.default_rng(5))
    rng = np.random.default_rng(5)
    assert truth == pytest.approx(prior.location + prior.scale * rng.standard_normal())
    for item in asked:
        (expected,) = simulated_survey(item.mapping, np.array([truth]), setup.respondents, lambda _shape, _rng: {}, rng)
        found = np.repeat(item.data["value"].values, item.data["count"].values)
        np.testing.assert_array_equal(np.sort(found), np.sort(expected))


def test_a_given_spread_changes_nothing_else() -> None:
    form, nothing = question("duration"), KINDS["duration"].planned(np.zeros(3))
    narrow, wide = (
        simulated_survey(form, np.array([0.5]), 20, nothing, np.random.default_rng(1), spread)[0]
        for spread in (0.5, 1.0)
    )
    centre = 2 * narrow - wide
    np.testing.assert_allclose(centre, centre[0])
    assert centre[0] == pytest.approx(0.5 + 0.7 * np.random.default_rng(1).standard_normal())


def test_surveys_vary_with_the_bias_and_what_else_is_unknown() -> None:
    form, nothing = question("duration"), KINDS["duration"].planned(np.zeros(3))
    surveys = simulated_survey(form, np.full(4000, 0.5), 200, nothing, np.random.default_rng(1))
    assert surveys.mean(axis=1).std() == pytest.approx(np.hypot(0.7, np.exp(0.7**2) / math.sqrt(200)), rel=0.04)
    assert np.log(surveys.std(axis=1)).std() == pytest.approx(np.hypot(0.7, 0.05), rel=0.04)


def test_categories_without_anchors_do_not_tell_the_level() -> None:
    form, nothing = question("ordered", bias_sd=1e-9), KINDS["ordered"].planned(np.zeros(3))
    here, there = (
        simulated_survey(form, np.full(300, level), 500, nothing, np.random.default_rng(1)) for level in (2.0, -7.0)
    )
    np.testing.assert_array_equal(here, there)
    assert here.mean(axis=1).std() > 0.5


@pytest.mark.parametrize("kind", ["probability", "ordered", "duration"])
def test_answers_have_the_shape_of_their_centres(kind: str) -> None:
    """Centres that lie far apart, beside many simulated answers each, with parameters of their own."""
    centre = np.array([-9.0, 0.0, 9.0])[:, None] + np.zeros((3, 1000))
    of = {name: np.asarray(value, float) for name, value in parameters(kind).items()}
    each = {name: np.broadcast_to(value, (*centre.shape, *value.shape)) for name, value in of.items()}
    found = KINDS[kind].simulated(question(kind), centre, each, {}, np.random.default_rng(1))
    assert found.shape == centre.shape
    assert (np.diff(np.median(found, axis=1)) > 0).all()
