"""Ordered categories."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from tests.survey.files import answers_in
from tests.survey.surveys import question, read, values_of, variables
from toc_model import InputError
from toc_model.survey.documents.schema import read_long
from toc_model.survey.kinds import KINDS
from toc_model.survey.kinds.kind import Form
from toc_model.survey.kinds.slips import OUTLIERS

KIND = KINDS["ordered"]
CUTS = np.array([-1.0, 0.2, 1.5])


def form(many: int, **changes: Any) -> Form:
    names = {"categories": list("abcdef"[:many]), "upper": float(many)}
    return question("ordered", **(names | changes))


def parameters(cuts: np.ndarray, reference: float = 0.0) -> dict[str, Any]:
    """Cut points, counted from a reference."""
    steps = xr.DataArray(np.diff(cuts), dims="step")
    return {"cut": cuts[0] - reference, "step": steps, "reference": reference}


def likely(cuts: np.ndarray, of: dict[str, Any], *, mood: Any = None) -> np.ndarray:
    """Log probability of each category for beliefs around 0.3."""
    many = len(cuts) + 1
    data = {"is_category": xr.DataArray(np.eye(many), dims=("pattern", "category_place"))}
    return values_of(KIND.log_density(form(many), 0.3, of, data, mood))


def test_the_probabilities_of_all_categories_add_up() -> None:
    inside = np.diff(stats.norm.cdf([-np.inf, -1.3, -0.1, 1.2, np.inf]))
    expected = (1 - OUTLIERS) * inside + OUTLIERS / 4
    np.testing.assert_allclose(np.exp(likely(CUTS, parameters(CUTS))), expected)
    np.testing.assert_allclose(np.exp(likely(CUTS, parameters(CUTS, reference=0.7))), expected)


def test_two_categories_have_one_cut_point() -> None:
    cuts = np.array([0.5])
    above = stats.norm.cdf(0.3 - 0.5)
    found = np.exp(likely(cuts, parameters(cuts)))
    np.testing.assert_allclose(found, (1 - OUTLIERS) * np.array([1 - above, above]) + OUTLIERS / 2)
    of = {"cut": np.array(0.5), "step": np.zeros(0), "reference": np.array(0.0)}
    drawn = KIND.simulated(form(2), np.full(100_000, 0.3), of, {}, np.random.default_rng(1))
    assert set(drawn) == {1.0, 2.0}
    assert np.mean(drawn == 2) == pytest.approx(found[1], abs=0.005)


def test_given_a_mood_the_unit_is_what_is_left_of_the_deviation() -> None:
    of = parameters(CUTS) | {"loading": 0.75}
    residual = 1 / np.hypot(1, 0.75)
    ends = (np.array([-np.inf, *CUTS, np.inf]) - 0.3 - 0.75 * residual * 2.0) / residual
    found = np.exp(likely(CUTS, of, mood=2.0))
    np.testing.assert_allclose(found, (1 - OUTLIERS) * np.diff(stats.norm.cdf(ends)) + OUTLIERS / 4)


@pytest.mark.parametrize(("sign", "expected"), [(1, [1, 3]), (-1, [1, 3])])
def test_a_higher_category_means_a_higher_target(sign: int, expected: list[int]) -> None:
    said = [1.0, 3.0, 3.0] if sign > 0 else [3.0, 1.0, 1.0]
    data = read("ordered", said, sign=sign).data
    np.testing.assert_array_equal(data["category"], expected)
    np.testing.assert_array_equal(data["count"], [1, 2])
    np.testing.assert_array_equal(data["is_category"], [[1, 0, 0], [0, 0, 1]])
    np.testing.assert_array_equal(KIND.observed(data), [1.0, 3.0])
    assert set(variables(data)) == {"category", "count", "framing", "group", "is_category"}


def test_cut_points_are_declared_from_the_second_category_on() -> None:
    cut, step = KIND.parameters(form(5))
    assert (cut.name, cut.scale, cut.location) == ("cut", 3.0, 0.0)
    assert (step.name, step.labels, step.location, step.scale) == ("step", (2, 3, 4), -0.5, 0.7)


@pytest.mark.parametrize(
    ("changes", "fragment"),
    [
        ({"categories": []}, "categories: found 0"),
        ({"upper": 4.0}, "lower, upper: allowed: 1 and 3"),
        ({"lower": None}, "lower, upper: allowed: 1 and 3"),
        ({"shift": 2.0}, "shift: found 2; allowed: for answers that are times"),
    ],
)
def test_categories_are_named_and_counted(changes: dict[str, Any], fragment: str) -> None:
    with pytest.raises(ValueError, match=fragment):
        question("ordered", **changes)


@pytest.mark.parametrize(
    ("row", "fragment"),
    [
        ({}, None),
        ({"upper": "2", "value": "1"}, None),
        ({"value": ""}, None),
        ({"lower": ""}, None),
        ({"upper": "1", "lower": ""}, "upper: found 1; allowed: the number of categories, 2 or more"),
        ({"upper": "2.5"}, "upper: found 2.5; allowed"),
        ({"lower": "2"}, "lower: found 2; allowed: 1 or nothing"),
        ({"level": "1"}, "level: found 1; allowed: nothing"),
    ],
)
def test_what_a_row_must_have(row: dict[str, str], fragment: str | None, tmp_path: Path) -> None:
    path = answers_in(tmp_path)({"kind": "ordered", "lower": "1", "upper": "3", "value": "2"} | row)
    if fragment:
        with pytest.raises(InputError, match=re.escape(fragment)):
            read_long(path)
    else:
        assert read_long(path)["flags"].iloc[0] == ""


def test_mean_and_spread_are_kept() -> None:
    answers = np.array([1.0, 3.0, 3.0])
    np.testing.assert_allclose(KIND.summaries(form(3), answers), [7 / 3, answers.std()])
    assert KIND.possible(np.nan, 5.0, ()) == (1.0, 5.0)
