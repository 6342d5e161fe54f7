"""Answers as people sent them, on which a first version failed: what an update makes of them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.shipped import DOCUMENTS
from toc_model.errors import InputError
from toc_model.survey.learning.settings import Settings
from toc_model.survey.learning.touched import touched
from toc_model.survey.learning.update import Learned, update


@pytest.fixture
def cases(shared: Path) -> Path:
    return shared / "cases"


def learnt(cases: Path, answers: str, mapping: str = "", **how: Any) -> Learned:
    place = cases / answers
    mapped = place.parent / (mapping or "mapping.toml")
    return update(DOCUMENTS, [place], maps=[str(mapped)], settings=Settings(draws=1000, sampler="weights", **how))


def median(found: Learned) -> float:
    (item,) = touched(found)
    return item.posterior["q50"]


def test_the_later_judgement_counts_and_an_order_that_is_not_known_is_refused(cases: Path) -> None:
    """Ten people said about .9 before they talked, and about .1 after."""
    assert median(learnt(cases, "03/r1_r2.csv")) < 0.2
    with pytest.raises(InputError, match="found 'post', 'pre', whose order is not known"):
        learnt(cases, "03/pre_post.csv")


def test_times_between_bounds_are_as_those_in_the_middle(cases: Path) -> None:
    between, exact = (median(learnt(cases, f"04/{name}.csv")) for name in ("answers", "exact"))
    assert 1.2 < between < 2.2
    assert between == pytest.approx(exact, rel=0.1)


def test_units_are_converted_or_refused(cases: Path) -> None:
    months, years = learnt(cases, "05/answers.csv"), learnt(cases, "05/years.csv", "years.toml")
    assert median(months) == pytest.approx(median(years), rel=1e-6)
    percent = learnt(cases, "05/percent.csv", "percent.toml")
    assert percent.surveys.asked[0].respondents == 6
    assert median(percent) < 0.06
    with pytest.raises(InputError, match="unit: found 'furlongs'"):
        learnt(cases, "05/furlongs.csv", "furlongs.toml")


def test_bounds_of_0_and_lone_medians_are_used(cases: Path) -> None:
    assert learnt(cases, "06/idea.csv", "idea.toml").surveys.asked[0].respondents == 4
    lone = learnt(cases, "06/median.csv", "median.toml")
    assert lone.surveys.asked[0].respondents == 3
    (item,) = touched(lone)
    width, before = (item.posterior["q95"] / item.posterior["q05"], item.prior["q95"] / item.prior["q05"])
    assert width < before


def test_years_of_the_calendar_are_left_out_and_told(cases: Path) -> None:
    stated, meant = learnt(cases, "14/answers.csv"), learnt(cases, "14/meant.csv")
    (asked,) = stated.surveys.asked
    assert (asked.respondents, sum(asked.left_out.values())) == (2, 3)
    assert median(stated) == pytest.approx(median(meant), rel=0.1)


def test_who_names_no_camp_is_in_none_and_a_blank_behind_a_name_is_no_other_camp(cases: Path) -> None:
    (asked,) = learnt(cases, "22/answers.csv").surveys.asked
    assert asked.groups == ("Skeptic", "skeptic")
    assert asked.data["group"].values.tolist() == [0, 1, 1, 2]


FORM = """
source_id = "demo"
title = "t"
citation = "c"
population = "p"
year = 2026
verified = "yes"
derived_from = []
[questions.concern]
wording = "How much concern?"
target = "concern"
scale = "logit"
kind = "quantile"
unit = "fraction"
lower = 0.0
upper = 1.0
bias_sd = 0.5
bias_reason = "a test"
fair = "a test"
"""


def test_one_answer_is_one_answer_however_its_file_was_saved(cases: Path, tmp_path: Path) -> None:
    (tmp_path / "form.toml").write_text(FORM)

    def weights(name: str) -> np.ndarray:
        found = learnt(cases, f"13/x_{name}.csv", str(tmp_path / "form.toml"))
        return np.asarray(found.posterior.parameters["weight"].values)

    expected = weights("ok")
    assert np.ptp(expected) > 0.1
    for name in ("blank", "bom", "cp", "semi", "semidec", "tab", "trail", "u16", "ws"):
        np.testing.assert_array_equal(weights(name), expected, err_msg=name)
    with pytest.raises(InputError, match="found no usable answer"):
        weights("na")
    with pytest.raises(InputError, match="malformed workbook"):
        learnt(cases, "13/x.xlsx", str(tmp_path / "form.toml"))
