"""Learning from answers: the likelihoods, the floor that a shared bias sets, and posteriors as files."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from tests.conftest import Toc
from toc_model.aliases import Floats
from toc_model.beliefs.beliefs import beliefs_of, load_beliefs
from toc_model.beliefs.posterior import Posterior, fail_if_counted_twice, load_posterior
from toc_model.beliefs.priors import Evidence
from toc_model.beliefs.shipped import Documents
from toc_model.errors import InputError
from toc_model.essay.case import ESSAY
from toc_model.essay.readers.espai import read_espai
from toc_model.questions.run import run
from toc_model.survey.documents.mapping import load_mapping
from toc_model.survey.kinds import likelihood as law
from toc_model.survey.kinds import rounding
from toc_model.survey.kinds.questions import prepare
from toc_model.survey.learning.floor import posterior_sd
from toc_model.survey.learning.surveys import scales_in
from toc_model.survey.learning.touched import touched
from toc_model.survey.learning.update import Learned, Settings, update
from toc_model.survey.validation.fit import fitted, read_fitted
from toc_model.survey.validation.whole import validate

STORY, SHIPPED = ESSAY.story, Documents.of(ESSAY)
MAPPING = """
source_id = "demo"
title = "A survey made for tests"
citation = "none"
population = "simulated"
year = 2026
verified = "yes"
derived_from = ["older"]
[questions.years]
wording = "How many years?"
target = "agi_year"
scale = "log"
kind = "duration"
unit = "years"
lower = 0.0
bias_sd = 1.0
bias_reason = "as in the known answer"
fair = "simulated"
"""


def answers(values: Floats) -> pd.DataFrame:
    table = {
        "source_id": "demo",
        "respondent_id": [f"r{i}" for i in range(len(values))],
        "group": "",
        "question_id": "years",
        "target": "agi_year",
        "framing": "",
        "kind": "duration",
        "level": "",
        "value": values,
        "unit": "years",
        "lower": 0.0,
        "upper": "",
        "round": "",
        "condition": "",
        "raw": [f"{value}" for value in values],
        "flags": "",
    }
    return pd.DataFrame(table)


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """Known answer 14: 661 answers with a spread of 1.2 about a quantity with a prior of 1.5, on the log scale."""
    folder = tmp_path_factory.mktemp("survey")
    (folder / "map.toml").write_text(MAPPING)
    spread = np.exp(1.2 * special.ndtri((np.arange(661) + 0.5) / 661))
    answers(20 * spread).to_csv(folder / "answers.csv", index=False)
    quantiles = [10 * math.exp(z * 1.5) for z in (-1.6448536269514722, 0, 1.6448536269514722)]
    values = ", ".join(f"{name} = {value!r}" for name, value in zip(("q05", "q50", "q95"), quantiles, strict=True))
    (folder / "wide.toml").write_text(
        f'description = "wide"\n[parameters.agi_year]\nquantiles = {{ {values} }}\nreason = "a test"\n'
    )
    return folder / "answers.csv", folder / "map.toml", folder / "wide.toml"


def learned(survey: tuple[Path, Path, Path], *, bias_scale: float = 1.0) -> Learned:
    path, mapping, worldview = survey
    settings = Settings(draws=1500, tune=500, chains=2)
    return update(SHIPPED, [path], str(worldview), maps=[str(mapping)], bias_scale=bias_scale, settings=settings)


@pytest.fixture(scope="module")
def updated(survey: tuple[Path, Path, Path]) -> Learned:
    return learned(survey)


def test_known_answer_14_in_closed_form() -> None:
    assert posterior_sd(1.5, 1, 1.2, 661) == pytest.approx(0.8327, abs=5e-5)
    assert posterior_sd(1.5, 1, 1.2, math.inf) == pytest.approx(0.8321, abs=5e-5)
    assert posterior_sd(1.5, 0, 1.2, 661) == pytest.approx(0.0467, abs=5e-5)


@pytest.mark.slow
def test_known_answer_14_by_the_observation_model(updated: Learned) -> None:
    assert updated.problems == ()
    assert float(np.log(updated.posterior.parameters["agi_year"]).std()) == pytest.approx(0.8327, rel=0.06)
    (item,) = touched(updated)
    assert item.question.respondents == 661
    assert np.median(item.believed) == pytest.approx(20, rel=0.1)
    assert np.median(item.posterior) == pytest.approx(10 * 2 ** (2.25 / 3.25), rel=0.1)


@pytest.mark.slow
def test_without_a_common_bias_many_answers_look_certain(survey: tuple[Path, Path, Path]) -> None:
    certain = learned(survey, bias_scale=0)
    assert float(np.log(certain.posterior.parameters["agi_year"]).std()) == pytest.approx(0.0467, rel=0.1)
    assert certain.posterior.label == "wide + demo (without common bias)"


@pytest.mark.slow
def test_the_scale_of_the_common_bias_can_be_swept(survey: tuple[Path, Path, Path]) -> None:
    wider = learned(survey, bias_scale=2.0).posterior
    assert float(np.log(wider.parameters["agi_year"]).std()) == pytest.approx(posterior_sd(1.5, 2, 1.2, 661), rel=0.06)
    assert wider.label == "wide + demo (common bias x2)"


@pytest.mark.slow
def test_a_saved_posterior_is_validated_as_it_was_fitted(
    updated: Learned, survey: tuple[Path, Path, Path], tmp_path: Path, toc: Toc
) -> None:
    answered, mapping, _ = survey
    path = tmp_path / "posterior.nc"
    updated.save(path)
    fit, fresh = read_fitted(ESSAY, path, [answered], [str(mapping)]), fitted(updated)
    xr.testing.assert_allclose(fit.draws, fresh.draws)
    assert (fit.bias_scale, fit.problems, fit.priors) == (1.0, (), updated.priors)
    found = validate(fit)
    assert [score.answers for score in found.experts] == [661]
    assert found.pits[0].distance[0] < 0.05
    assert found.without_pit == []

    fewer = tmp_path / "fewer.csv"
    fewer.write_text("".join(answered.read_text().splitlines(keepends=True)[:-1]))
    with pytest.raises(InputError, match="does not rest on these answers of 'demo'"):
        read_fitted(ESSAY, path, [fewer], [str(mapping)])
    words = ["survey", "validate", answered, "--map", mapping, "--posterior", path, "--bias-scale", 2]
    assert "names its own priors and bias scale" in toc(*words)[2]


def test_scales_to_sweep_are_checked_before_anything_is_fitted(
    survey: tuple[Path, Path, Path], tmp_path: Path, toc: Toc
) -> None:
    assert scales_in("0.5, 1,2") == (0.5, 1.0, 2.0)
    words = ["update", survey[0], "--map", survey[1], "--out", tmp_path / "x.nc", "--bias-sweep"]
    for sweep in ("1,-2", "1,x"):
        code, _, err = toc(*words, sweep)
        assert code == 2
        assert "bias scale: found" in err


SEED = """
[questions.seed]
wording = "How many years did it take?"
target = "a quantity that is known by now"
scale = "log"
kind = "duration"
unit = "years"
lower = 0.0
bias_sd = 1.0
bias_group = "all"
bias_reason = "the same people"
fair = "simulated"
resolved = 20.0
"""


@pytest.mark.slow
def test_a_resolved_seed_question_tells_the_common_bias(survey: tuple[Path, Path, Path], tmp_path: Path) -> None:
    """People who said 60 where 20 was true are believed less when they say 20."""
    path, mapping, worldview = survey
    asked = pd.read_csv(path, dtype=str, keep_default_na=False)
    said = [str(3 * float(value)) for value in asked["value"]]
    seed = asked.assign(question_id="seed", target="a quantity that is known by now", value=said, raw=said)
    pd.concat([asked, seed]).to_csv(tmp_path / "both.csv", index=False)
    shared = mapping.read_text().replace("bias_sd = 1.0\n", 'bias_sd = 1.0\nbias_group = "all"\n') + SEED
    (tmp_path / "map.toml").write_text(shared)
    result = learned((tmp_path / "both.csv", tmp_path / "map.toml", worldview))
    years = np.log(result.posterior.parameters["agi_year"])
    assert [item.question.name for item in touched(result)] == ["demo_years"]
    assert float(years.std()) < posterior_sd(1.5, 1, 1.2, math.inf) - 0.05
    assert float(years.mean()) < math.log(10)


def test_a_negative_bias_scale_is_refused(survey: tuple[Path, Path, Path], tmp_path: Path, toc: Toc) -> None:
    code, _, err = toc("update", survey[0], "--map", survey[1], "--bias-scale", -1, "--out", tmp_path / "x.nc")
    assert code == 2
    assert "bias scale: found -1; allowed: 0 or more" in err


@pytest.mark.slow
def test_thirty_times_the_answers_do_not_go_below_the_floor(survey: tuple[Path, Path, Path], tmp_path: Path) -> None:
    path, mapping, worldview = survey
    whole = pd.read_csv(path, dtype=str, keep_default_na=False)
    many = pd.concat([whole.assign(respondent_id=whole["respondent_id"] + f"_{k}") for k in range(30)])
    many.to_csv(tmp_path / "many.csv", index=False)
    spread = float(np.log(learned((tmp_path / "many.csv", mapping, worldview)).posterior.parameters["agi_year"]).std())
    assert spread == pytest.approx(posterior_sd(1.5, 1, 1.2, math.inf), rel=0.06)


@pytest.mark.slow
def test_what_was_not_asked_keeps_its_prior(updated: Learned) -> None:
    z = special.logit(updated.posterior.parameters["severity"])
    prior = SHIPPED.priors()["severity"].distribution
    assert float(z.mean()) == pytest.approx(prior.location, abs=5 * prior.scale / math.sqrt(1500))
    assert float(z.std()) == pytest.approx(prior.scale, rel=0.1)


@pytest.mark.slow
def test_a_posterior_holds_the_log_likelihood_of_its_draws(updated: Learned, tmp_path: Path, toc: Toc) -> None:
    path, old = tmp_path / "posterior.nc", tmp_path / "old.nc"
    updated.save(path)
    found = load_posterior(path, ESSAY)[0].log_likelihood
    assert found is not None
    draws = updated.biases()
    centre, deviation = (draws[f"demo_years_{name}"].values.reshape(-1) for name in ("centre", "deviation"))
    stated = np.log(20) + 1.2 * special.ndtri((np.arange(661) + 0.5) / 661)
    expected = stats.norm(centre[:, None], deviation[:, None]).logpdf(stated).sum(axis=1)
    np.testing.assert_allclose(found["demo_years"], expected, rtol=1e-6)

    updated.tree.drop_nodes("log_likelihood").to_netcdf(old, engine="h5netcdf")
    assert load_posterior(old, ESSAY)[0].log_likelihood is None
    text = " ".join(toc("sensitivity", "--method", "power-scaling", "--posterior", path)[1].split())
    assert "demo_years" in text
    assert "ArviZ's diagnosis" in text


@pytest.mark.slow
def test_a_posterior_is_a_file_that_later_commands_rest_on(
    updated: Learned, survey: tuple[Path, Path, Path], tmp_path: Path, toc: Toc
) -> None:
    path = tmp_path / "posterior.nc"
    updated.save(path)
    found, documents = load_posterior(path, ESSAY)
    assert found.label == "wide + demo"
    xr.testing.assert_allclose(found.parameters, updated.posterior.parameters)
    assert beliefs_of(found, documents).log_likelihood is found.log_likelihood
    figures = json.loads(toc("run", "--posterior", path, "--only", "recommended", "--json")[1])
    assert figures["worldview"] == "wide + demo"
    assert figures["provenance"]["evidence"][0]["source_id"] == "demo"
    assert "those of the posterior" in figures["rests_on"]

    worldview = tmp_path / "mine.toml"
    code, out, _ = toc("worldview", "from-posterior", path, "--out", worldview)
    assert code == 0
    assert "posterior" in out
    copied = SHIPPED.priors(str(worldview))
    assert copied["agi_year"].reason == "Posterior of wide + demo."
    exact = float(np.log(found.parameters["agi_year"]).std())
    assert copied["agi_year"].distribution.scale == pytest.approx(exact, rel=0.01)

    words = ["update", survey[0], "--map", survey[1], "--worldview", worldview, "--out", tmp_path / "again.nc"]
    code, _, err = toc(*words)
    assert (code, (tmp_path / "again.nc").exists()) == (2, False)
    assert "the same source as demo, which was already counted" in err

    survey[2].write_text(survey[2].read_text() + "# changed\n")
    code, _, err = toc("run", "--posterior", path)
    assert code == 2
    assert "have changed since" in err


EVIDENCE = Evidence(source_id="a", digest="1", derived_from=["b"])


@pytest.mark.parametrize(
    ("record", "fragment"),
    [
        ({"source_id": "a", "digest": "2"}, "the same source as a"),
        ({"source_id": "c", "digest": "1"}, "the same source as a"),
        ({"source_id": "b", "digest": "3"}, "an overlapping source as a"),
        ({"source_id": "d", "digest": "4", "derived_from": ["a"]}, "an overlapping source as a"),
        ({"source_id": "d", "digest": "4", "derived_from": ["b"]}, "an overlapping source as a"),
        ({"source_id": "e", "digest": "5", "verified": "essay"}, "can't be evidence"),
    ],
)
def test_nothing_is_counted_twice(record: dict[str, object], fragment: str) -> None:
    with pytest.raises(InputError, match=fragment):
        fail_if_counted_twice(ESSAY, [Evidence.model_validate(record)], [EVIDENCE])


def test_independent_sources_are_both_counted() -> None:
    fail_if_counted_twice(ESSAY, [Evidence(source_id="c", digest="2", derived_from=["d"])], [EVIDENCE])


def test_a_file_that_is_no_posterior_is_refused(tmp_path: Path, toc: Toc) -> None:
    run(load_beliefs(ESSAY, draws=10), SHIPPED.allocations()).save(tmp_path / "run.nc")
    for path in (tmp_path / "run.nc", tmp_path / "absent.nc", Path(__file__)):
        code, out, err = toc("run", "--posterior", path)
        assert (code, out) == (2, "")
        assert "no posterior of toc update" in err


def test_a_run_on_a_posterior_names_what_it_rests_on() -> None:
    parameters = SHIPPED.priors().draw(STORY, 20, 1)
    beliefs = beliefs_of(Posterior(SHIPPED.priors(), (EVIDENCE,), (), parameters), SHIPPED)
    result = run(beliefs, SHIPPED.allocations())
    assert result.worldview == "neutral + a"
    assert "those of the posterior" in result.rests_on()


# Likelihoods ------------------------------------------------------------------------------------------------------


def plain(value: Any) -> Floats:
    return np.asarray(value, float)


def cells_of(values: Floats) -> dict[str, xr.DataArray]:
    rows = answers(values).assign(
        question_id="doom", kind="probability", target="p_doom", unit="probability", upper=1.0
    )
    mapping = load_mapping(SHIPPED, "espai2023").model_copy(update={"source_id": "demo"})
    question = mapping.questions["extinction"]
    (asked,) = prepare(rows, mapping.model_copy(update={"questions": {"doom": question}}))
    return {str(name): found for name, found in asked.data.data_vars.items()}


@pytest.mark.parametrize("grid", range(5))
def test_the_probabilities_of_all_rounded_answers_add_up(grid: int) -> None:
    width = rounding.GRIDS[grid]
    cells = cells_of(rounding.places(width))
    weights = xr.DataArray(np.eye(5)[grid], dims="grid")
    spikes = xr.DataArray([0.1, 0.05, 0.02, 0.83], dims="spike")
    stated = np.exp(plain(law.rounded_probability(-1.0, 1.5, weights, spikes, cells))) - law.OUTLIERS / law.PLACES
    assert float(stated.sum()) == pytest.approx(1 - law.OUTLIERS)


@given(st.floats(0, 1), st.integers(0, 4))
def test_a_belief_lies_in_the_cell_of_what_is_stated_and_in_no_other(belief: float, grid: int) -> None:
    stated = rounding.rounded(np.array([belief]), np.array([grid]))
    lower, upper = (found[0, grid] for found in rounding.cells(stated))
    assert lower <= belief <= upper
    assert lower < upper
    assert (
        rounding.places(rounding.GRIDS[grid])[np.searchsorted(rounding.places(rounding.GRIDS[grid]), stated)] == stated
    )
    others = [place for place in rounding.places(rounding.GRIDS[grid]) if place != stated]
    low, high = (found[:, grid] for found in rounding.cells(np.array(others)))
    assert not ((low < belief) & (belief < high)).any()


@pytest.mark.parametrize(("stated", "width"), [(3e-11, 1e-11), (0.0005, 1e-4), (0.0314, 0.01), (0.9994, 1e-4)])
def test_an_answer_on_no_grid_stands_for_its_first_significant_figure(stated: float, width: float) -> None:
    lower, upper = rounding.cells(np.array([stated]))
    assert upper[0, 0] - lower[0, 0] == pytest.approx(width, rel=1e-3)
    assert (lower[0, 1:] == upper[0, 1:]).all()


@pytest.mark.parametrize(
    ("belief", "grid", "stated"),
    [
        (0.04, 0.1, 0.05),
        (0.08, 0.1, 0.1),
        (0.003, 0.05, 0.001),
        (0.02, 0.05, 0.01),
        (0.02, 0.01, 0.02),
        (0.97, 0.5, 0.95),
        (0.0004, 0.001, 0.0001),
        (3e-10, 0.1, 0.0),
        (0.42, 0.05, 0.4),
    ],
)
def test_no_grid_calls_small_beliefs_zero(belief: float, grid: float, stated: float) -> None:
    assert rounding.rounded(np.array([belief]), np.array([rounding.GRIDS.index(grid)]))[0] == pytest.approx(stated)


def test_zero_and_one_are_open_cells() -> None:
    cells = cells_of(np.array([0.0, 1.0]))
    weights = xr.DataArray(np.eye(5)[1], dims="grid")
    spikes = xr.DataArray([0.0, 0.0, 0.0, 1.0], dims="spike")
    found = np.exp(plain(law.rounded_probability(-1.0, 1.5, weights, spikes, cells)))
    below = stats.t(law.TAILS, -1, 1.5).cdf(special.logit(5e-10))
    above = stats.t(law.TAILS, -1, 1.5).sf(special.logit(1 - 5e-10))
    expected = (1 - law.OUTLIERS) * np.array([below, above]) + law.OUTLIERS / law.PLACES
    np.testing.assert_allclose(found, expected, rtol=1e-9)


@given(st.floats(-50, 50))
def test_the_student_cdf_is_that_of_five_degrees(x: float) -> None:
    assert plain(law.student_cdf(x)) == pytest.approx(stats.t(law.TAILS).cdf(x), abs=1e-12)


def test_stated_quantiles_are_student_t_around_the_centre() -> None:
    beliefs = {
        name: xr.DataArray(values, dims="pattern") for name, values in (("middle", [1.0, 3.0]), ("spread", [0.5, 2.0]))
    }
    found = plain(law.stated_quantiles(2.0, 0.7, 0.3, beliefs))
    scale = np.hypot(0.7, np.exp(0.3) * np.array([0.5, 2.0]))
    np.testing.assert_allclose(found, stats.t(law.TAILS, 2.0, scale).logpdf([1.0, 3.0]))


THRESHOLDS = np.log([11.0, 21.0, 41.0])


@pytest.mark.parametrize("stated", [[0.1, 0.5, 0.9], [0.05, 0.2, 0.6], [0.3, 0.4, 0.5], [0.0, 0.2, 0.7]])
@pytest.mark.parametrize(("spread", "noise"), [(0.7, 0.07), (1.2, 0.03)])
def test_cdf_points_agree_with_dense_quadrature(stated: list[float], spread: float, noise: float) -> None:
    place, weight = law.knots()
    probit = special.ndtri(np.clip(stated, 0.005, 0.995))
    columns: dict[str, Any] = {
        "threshold": THRESHOLDS,
        "stated": stated,
        "probit": probit,
        "slope": stats.norm.pdf(probit),
        "given": 1.0,
    }
    points = {
        name: xr.DataArray(np.broadcast_to(values, (1, 3)), dims=("pattern", "point"))
        for name, values in columns.items()
    }
    points |= {"place": xr.DataArray(place, dims="knot"), "log_weight": xr.DataArray(weight, dims="knot")}
    found = float(plain(law.stated_cdf_points(3.0, 0.8, 0.1, spread, noise, points))[0])
    middle = np.linspace(-8, 14, 200_001)
    each = [
        stats.norm.logpdf(p, stats.norm.cdf((t - middle) / spread), noise)
        for p, t in zip(stated, THRESHOLDS, strict=True)
    ]
    around = stats.norm.pdf(middle, 3.0, np.hypot(0.8, np.exp(0.1) * spread))
    assert found == pytest.approx(np.log(np.trapezoid(np.exp(sum(each)) * around, middle)), abs=0.02)


def test_censored_durations_count_as_longer() -> None:
    durations = {
        "stated": xr.DataArray([1.0, 1.0], dims="pattern"),
        "censored": xr.DataArray([0.0, 1.0], dims="pattern"),
    }
    found = plain(law.stated_duration(0.5, 2.0, durations))
    np.testing.assert_allclose(found, [stats.norm(0.5, 2).logpdf(1), stats.norm(0.5, 2).logsf(1)])


def test_the_probabilities_of_all_categories_add_up() -> None:
    is_category = [xr.DataArray(row, dims="pattern") for row in np.eye(4)]
    found = plain(law.stated_category(0.3, [-1.0, 0.2, 1.5], is_category))
    inside = np.diff(stats.norm.cdf([-np.inf, -1.3, -0.1, 1.2, np.inf]))
    np.testing.assert_allclose(np.exp(found), (1 - law.OUTLIERS) * inside + law.OUTLIERS / 4)


# Answers made ready -----------------------------------------------------------------------------------------------


def test_espai_is_made_ready(shared: Path) -> None:
    frame = read_espai(shared / "data" / "espai2023_individual.csv", load_mapping(SHIPPED, "espai2023"))
    asked = {question.name: question for question in prepare(frame, load_mapping(SHIPPED, "espai2023"))}
    assert asked["espai2023_extinction"].respondents == 1318
    assert asked["espai2023_extinction"].left_out == {"impossible or empty": 2}
    assert {question.bias for name, question in asked.items() if "extinction" in name} == {"espai2023_extinction"}
    assert asked["espai2023_hlmi_quantile"].bias == asked["espai2023_hlmi_cdf_point"].bias
    assert asked["espai2023_extinction"].data.sizes["pattern"] < 60


def test_a_change_of_mind_is_not_a_second_opinion(tmp_path: Path) -> None:
    (tmp_path / "map.toml").write_text(MAPPING)
    rounds = [answers(np.array([5.0, 10.0])).assign(round="1"), answers(np.array([50.0, 50.0])).assign(round="2")]
    (asked,) = prepare(pd.concat(rounds), load_mapping(SHIPPED, tmp_path / "map.toml"))
    assert asked.respondents == 2
    np.testing.assert_allclose(asked.data["stated"], np.log(50.0))
