"""Where weights of prior draws can't be trusted that is said, and a sampler goes on."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.survey.surveys import SurveyFiles, learned
from toc_model.statistics.averages import mean, sd
from toc_model.survey.learning.settings import Common, Settings
from toc_model.survey.learning.update import Learned

FAR = 3000.0
"""How many times longer than in known answer 14 people say that it takes: 5.8 standard deviations of the prior."""
CERTAIN = Common(0.0)


@pytest.fixture
def far(survey: SurveyFiles, tmp_path: Path) -> SurveyFiles:
    path, mapping, worldview = survey
    answers = pd.read_csv(path, dtype=str, keep_default_na=False)
    said = [str(FAR * float(value)) for value in answers["value"]]
    answers.assign(value=said, raw=said).to_csv(tmp_path / "far.csv", index=False)
    return tmp_path / "far.csv", mapping, worldview


def log_years(result: Learned) -> tuple[float, float]:
    stated = result.after.parameters["agi_year"]
    years = stated.copy(data=np.log(stated.values))
    return float(mean(years)), float(sd(years))


def test_weights_of_draws_that_are_all_far_off_say_so(far: SurveyFiles) -> None:
    result = learned(far, common=CERTAIN, settings=Settings(draws=1000, sampler="weights"))
    assert result.found.method == "weights"
    assert any("effective draws; allowed: 400 or more" in problem for problem in result.problems)


@pytest.mark.slow
def test_a_sampler_goes_on_where_no_draw_is_near(far: SurveyFiles) -> None:
    """With the common bias denied, what respondents say is believed, however unlikely it was."""
    result = learned(far, common=CERTAIN, settings=Settings(draws=3000, tune=900, chains=2))
    assert (result.found.method, result.problems) == ("nuts", ())
    assert any("allowed" in reason for reason in result.found.went_on)
    middle, spread = log_years(result)
    shrunk = 1.5**2 / (1.5**2 + 1.2**2 / 661)
    assert middle == pytest.approx(np.log(10) + shrunk * np.log(FAR * 2), abs=0.02)
    assert spread == pytest.approx(0.0467, rel=0.15)
