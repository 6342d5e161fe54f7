"""What the tests of surveys share: files, and one fitted posterior."""

import math
from pathlib import Path

import numpy as np
import pytest
from scipy import special

from tests.survey.files import Write, answers_in, demo_in
from tests.survey.surveys import DEMO_SURVEY, SurveyFiles, learned, years_stated
from toc_model.survey.learning.update import Learned


@pytest.fixture
def answers(tmp_path: Path) -> Write:
    return answers_in(tmp_path)


@pytest.fixture
def demo(tmp_path: Path) -> Write:
    return demo_in(tmp_path)


@pytest.fixture(scope="session")
def survey(tmp_path_factory: pytest.TempPathFactory) -> SurveyFiles:
    """Known answer 14: 661 answers with a spread of 1.2 about a quantity with a prior of 1.5, on the log scale."""
    folder = tmp_path_factory.mktemp("survey")
    (folder / "map.toml").write_text(DEMO_SURVEY)
    spread = np.exp(1.2 * special.ndtri((np.arange(661) + 0.5) / 661))
    years_stated(20 * spread).to_csv(folder / "answers.csv", index=False)
    quantiles = [10 * math.exp(z * 1.5) for z in (-1.6448536269514722, 0, 1.6448536269514722)]
    values = ", ".join(f"{name} = {value!r}" for name, value in zip(("q05", "q50", "q95"), quantiles, strict=True))
    (folder / "wide.toml").write_text(
        f'description = "wide"\n[parameters.agi_year]\nquantiles = {{ {values} }}\nreason = "a test"\n'
    )
    return folder / "answers.csv", folder / "map.toml", folder / "wide.toml"


@pytest.fixture(scope="session")
def updated(survey: SurveyFiles) -> Learned:
    return learned(survey)
