"""Learning from answers: what a posterior says, the floor that a shared bias sets, and sweeps."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy import special

from tests.conftest import Toc
from tests.shipped import load_priors
from tests.survey.surveys import SurveyFiles, learned
from toc_model.statistics.averages import mean, sd
from toc_model.survey.learning.floor import posterior_sd
from toc_model.survey.learning.settings import Common, Settings, scales_in
from toc_model.survey.learning.touched import touched
from toc_model.survey.learning.update import Learned


def test_known_answer_14_in_closed_form() -> None:
    assert posterior_sd(1.5, 1, 1.2, 661) == pytest.approx(0.8327, abs=5e-5)
    assert posterior_sd(1.5, 1, 1.2, math.inf) == pytest.approx(0.8321, abs=5e-5)
    assert posterior_sd(1.5, 0, 1.2, 661) == pytest.approx(0.0467, abs=5e-5)


def log_years(result: Learned) -> xr.DataArray:
    years = result.posterior.parameters["agi_year"]
    return years.copy(data=np.log(years.values))


def spread(result: Learned) -> float:
    return float(sd(log_years(result)))


def test_known_answer_14_by_the_observation_model(updated: Learned) -> None:
    assert updated.problems == ()
    assert spread(updated) == pytest.approx(0.8327, rel=0.06)
    (item,) = touched(updated)
    assert item.question.respondents == 661
    assert item.believed is not None
    assert item.believed["q50"] == pytest.approx(20, rel=0.1)
    assert item.posterior["q50"] == pytest.approx(10 * 2 ** (2.25 / 3.25), rel=0.1)


@pytest.mark.slow
def test_known_answer_14_by_a_sampler(survey: SurveyFiles, updated: Learned) -> None:
    sampled = learned(survey, settings=Settings(draws=2000, tune=500, chains=2, sampler="nuts"))
    assert (sampled.problems, sampled.found.method, updated.found.method) == ((), "nuts", "weights")
    assert spread(sampled) == pytest.approx(0.8327, rel=0.06)
    (item,), (weighed,) = touched(sampled), touched(updated)
    assert item.believed == pytest.approx(weighed.believed, rel=1e-4)
    assert item.posterior["q50"] == pytest.approx(weighed.posterior["q50"], rel=0.1)


def test_without_a_common_bias_many_answers_look_certain(survey: SurveyFiles) -> None:
    certain = learned(survey, common=Common(0.0))
    assert spread(certain) == pytest.approx(0.0467, rel=0.1)
    assert certain.posterior.label == "wide + demo (without common bias)"


def test_the_scale_of_the_common_bias_can_be_swept(survey: SurveyFiles) -> None:
    result = learned(survey, common=Common(2.0))
    assert spread(result) == pytest.approx(posterior_sd(1.5, 2, 1.2, 661), rel=0.06)
    wider = result.posterior
    assert wider.label == "wide + demo (common bias x2)"


def test_scales_to_sweep_are_checked_before_anything_is_fitted(survey: SurveyFiles, tmp_path: Path, toc: Toc) -> None:
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


def test_a_resolved_seed_question_tells_the_common_bias(survey: SurveyFiles, tmp_path: Path) -> None:
    """People who said 60 where 20 was true are believed less when they say 20."""
    path, mapping, worldview = survey
    asked = pd.read_csv(path, dtype=str, keep_default_na=False)
    said = [str(3 * float(value)) for value in asked["value"]]
    seed = asked.assign(question_id="seed", target="a quantity that is known by now", value=said, raw=said)
    pd.concat([asked, seed]).to_csv(tmp_path / "both.csv", index=False)
    shared = mapping.read_text().replace("bias_sd = 1.0\n", 'bias_sd = 1.0\nbias_group = "all"\n') + SEED
    (tmp_path / "map.toml").write_text(shared)
    result = learned((tmp_path / "both.csv", tmp_path / "map.toml", worldview))
    assert [item.question.name for item in touched(result)] == ["demo_years"]
    assert spread(result) < posterior_sd(1.5, 1, 1.2, math.inf) - 0.05
    assert float(mean(log_years(result))) < math.log(10)


def test_a_negative_bias_scale_is_refused(survey: SurveyFiles, tmp_path: Path, toc: Toc) -> None:
    code, _, err = toc("update", survey[0], "--map", survey[1], "--bias-scale", -1, "--out", tmp_path / "x.nc")
    assert code == 2
    assert "bias scale: found -1; allowed: 0 to 100" in err


def test_thirty_times_the_answers_do_not_go_below_the_floor(survey: SurveyFiles, tmp_path: Path) -> None:
    path, mapping, worldview = survey
    whole = pd.read_csv(path, dtype=str, keep_default_na=False)
    many = pd.concat([whole.assign(respondent_id=whole["respondent_id"] + f"_{k}") for k in range(30)])
    many.to_csv(tmp_path / "many.csv", index=False)
    result = learned((tmp_path / "many.csv", mapping, worldview))
    assert spread(result) == pytest.approx(posterior_sd(1.5, 1, 1.2, math.inf), rel=0.06)


def test_what_was_not_asked_keeps_its_prior(updated: Learned) -> None:
    severity = updated.posterior.parameters["severity"]
    z = severity.copy(data=special.logit(severity.values))
    prior = load_priors()["severity"].distribution
    effective = updated.found.trust["effective"] if updated.found.trust else 0.0
    assert float(mean(z)) == pytest.approx(prior.location, abs=5 * prior.scale / math.sqrt(effective))
    assert float(sd(z)) == pytest.approx(prior.scale, rel=0.1)
