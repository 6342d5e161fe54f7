"""Stated quantiles."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy import special, stats

from tests.survey.files import answers_in
from tests.survey.surveys import mapping_of, question, values_of
from toc_model.errors import InputError
from toc_model.survey.documents.answers import COLUMNS
from toc_model.survey.documents.schema import read_long
from toc_model.survey.kinds import KINDS
from toc_model.survey.kinds.densities import TAILS
from toc_model.survey.kinds.quantile import LEAST_SPREAD
from toc_model.survey.learning.questions import Asked, prepare

KIND = KINDS["quantile"]
FORM = question("quantile", scale="log", unit="years", shift=1.0)


def stated(*people: dict[float, float], kind: str = "quantile") -> Asked:
    """Points of each person's distribution, by level."""
    rows = [
        dict.fromkeys(COLUMNS, "")
        | {"source_id": "s", "question_id": "q", "kind": kind, "respondent_id": f"r{place}", "round": 1}
        | {"level": level, "value": value}
        for place, person in enumerate(people)
        for level, value in person.items()
    ]
    form = FORM.model_copy(update={"kind": kind})
    (asked,) = prepare(pd.DataFrame(rows), mapping_of({"q": form}))
    return asked


def test_stated_quantiles_are_student_t_around_the_centre() -> None:
    beliefs = {
        name: xr.DataArray(values, dims="pattern") for name, values in (("middle", [1.0, 3.0]), ("spread", [0.5, 2.0]))
    }
    found = values_of(KIND.log_density(FORM, 2.0, {"deviation": 0.7, "overconfidence": 0.3}, beliefs))
    scale = np.hypot(0.7, np.exp(0.3) * np.array([0.5, 2.0]))
    np.testing.assert_allclose(found, stats.t(TAILS, 2.0, scale).logpdf([1.0, 3.0]))
    moved = values_of(KIND.density(FORM, 1.6, 0.4, {"deviation": 0.7, "overconfidence": 0.3}, beliefs))
    np.testing.assert_allclose(moved, found)


def test_middle_and_spread_are_those_of_a_normal_distribution_on_the_natural_scale() -> None:
    z = special.ndtri([0.1, 0.5, 0.9])
    person = dict(zip((0.1, 0.5, 0.9), np.exp(2.0 + 0.6 * z) - 1, strict=True))
    asked = stated(person, {0.1: 4.0, 0.9: 30.0}, {0.5: 9.0, 0.9: 9.0})
    data = asked.data.sortby("spread", ascending=False)
    half = (np.log(31) - np.log(5)) / (2 * special.ndtri(0.9))
    np.testing.assert_allclose(data["spread"], [half, 0.6, LEAST_SPREAD])
    np.testing.assert_allclose(data["middle"], [(np.log(31) + np.log(5)) / 2, 2.0, np.log(10)])
    np.testing.assert_array_equal(KIND.observed(data), data["middle"])
    assert LEAST_SPREAD == 1e-3


def test_what_is_no_distribution_is_left_out_and_counted() -> None:
    falling = [{0.1: 5.0, 0.5: 3.0}, {0.1: 3.0, 0.5: 5.0, 0.9: 4.0}]
    far = [{0.1: 3.0, 0.9: 1e30}, {0.1: -2.0, 0.5: 4.0}, {0.1: np.exp(20), 0.2: np.exp(39)}]
    asked = stated({0.1: 3.0, 0.5: 5.0}, {0.5: 4.0}, *falling, *far)
    assert asked.left_out == {"incoherent": 6}
    assert list(asked.members.index) == ["r0"]


@pytest.mark.parametrize("level", ["0", "1", "-0.1", ""])
def test_a_level_lies_between_0_and_1(level: str, tmp_path: Path) -> None:
    row = {"kind": "quantile", "unit": "years", "value": "3", "level": level}
    with pytest.raises(InputError, match="allowed: between 0 and 1, the level of the quantile"):
        read_long(answers_in(tmp_path)(row))


def test_planned_spreads_differ_between_respondents_as_deviations_do() -> None:
    data = KIND.planned(np.zeros(5))(100_000, np.random.default_rng(1))
    assert set(data) == set(KIND.circumstances)
    logs = np.log(data["spread"])
    assert logs.mean() == pytest.approx(0, abs=0.01)
    assert logs.std() == pytest.approx(0.7, rel=0.01)


def test_the_median_is_kept() -> None:
    assert KIND.summaries(FORM, np.array([1.0, 2.0, 9.0])) == [2.0, pytest.approx(np.std([1, 2, 9]))]


@pytest.mark.parametrize(("kind", "expected"), [("quantile", (0.1, 0.5, 0.9)), ("probability", (None,))])
def test_a_new_survey_asks_at_levels(kind: str, expected: tuple[float | None, ...]) -> None:
    assert KINDS[kind].asked_at == expected
