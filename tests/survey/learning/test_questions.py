"""Answers made ready."""

from pathlib import Path

import numpy as np
import pandas as pd

from tests.shipped import DOCUMENTS, load_priors
from tests.survey.surveys import DEMO_SURVEY, years_stated
from toc_model.survey.documents.mapping import load_mapping
from toc_model.survey.learning.questions import prepare
from toc_model.survey.learning.surveys import read_surveys


def test_a_change_of_mind_is_not_a_second_opinion(tmp_path: Path) -> None:
    (tmp_path / "map.toml").write_text(DEMO_SURVEY)
    rounds = [
        years_stated(np.array([5.0, 10.0])).assign(round="1"),
        years_stated(np.array([50.0, 50.0])).assign(round="2"),
    ]
    (asked,) = prepare(pd.concat(rounds), load_mapping(DOCUMENTS, tmp_path / "map.toml"))
    assert asked.respondents == 2
    np.testing.assert_allclose(asked.data["stated"], np.log(50.0))


def test_a_question_without_a_usable_answer_is_left_out_and_named(tmp_path: Path) -> None:
    mapping = DEMO_SURVEY.replace('kind = "duration"', 'kind = "quantile"')
    other = "[questions.other]" + DEMO_SURVEY.partition("[questions.years]")[2]
    (tmp_path / "map.toml").write_text(mapping + other)
    falling = [years_stated(np.array([value])).assign(level=level) for level, value in ((0.1, 9.0), (0.9, 5.0))]
    rows = pd.concat(falling).assign(kind="quantile")
    pd.concat([rows, years_stated(np.array([5.0])).assign(question_id="other")]).to_csv(tmp_path / "a.csv", index=False)
    maps = [str(tmp_path / "map.toml")]
    found = read_surveys(DOCUMENTS, [tmp_path / "a.csv"], maps, load_priors(), ["status_quo"])
    assert [item.name for item in found.asked] == ["demo_other"]
    assert found.unusable == ("demo_years",)
