"""Answers made ready."""

from pathlib import Path

import numpy as np
import pandas as pd

from tests.shipped import DOCUMENTS
from tests.survey.surveys import DEMO_SURVEY, years_stated
from toc_model.survey.documents.mapping import load_mapping
from toc_model.survey.learning.questions import prepare


def test_a_change_of_mind_is_not_a_second_opinion(tmp_path: Path) -> None:
    (tmp_path / "map.toml").write_text(DEMO_SURVEY)
    rounds = [
        years_stated(np.array([5.0, 10.0])).assign(round="1"),
        years_stated(np.array([50.0, 50.0])).assign(round="2"),
    ]
    (asked,) = prepare(pd.concat(rounds), load_mapping(DOCUMENTS, tmp_path / "map.toml"))
    assert asked.respondents == 2
    np.testing.assert_allclose(asked.data["stated"], np.log(50.0))
