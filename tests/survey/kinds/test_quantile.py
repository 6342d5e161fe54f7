"""Stated quantiles."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy import special, stats

from tests.survey.files import answers_in
from tests.survey.surveys import mapping_of, question, values_of, variables
from toc_model.aliases import Floats
from toc_model.errors import InputError
from toc_model.survey.documents.answers import COLUMNS
from toc_model.survey.documents.schema import read_long
from toc_model.survey.kinds import KINDS
from toc_model.survey.kinds.densities import TAILS
from toc_model.survey.kinds.quantile import LEAST_SPREAD, NOTHING_SAID, TOO_FAR
from toc_model.survey.learning.questions import Asked, prepare

KIND = KINDS["quantile"]
FORM = question("quantile", scale="log", unit="years", shift=1.0)


def stated(*people: dict[float, float], kind: str = "quantile", **changes: Any) -> Asked:
    """Points of each person's distribution, by level."""
    rows = [
        dict.fromkeys(COLUMNS, "")
        | {"source_id": "s", "question_id": "q", "kind": kind, "respondent_id": f"r{place}", "round": 1}
        | {"level": level, "value": value}
        for place, person in enumerate(people)
        for level, value in person.items()
    ]
    form = FORM.model_copy(update={"kind": kind, **changes})
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
    far, nowhere = {0.1: np.exp(20), 0.2: np.exp(39)}, [{0.1: -1.0, 0.9: 1e30}, {0.5: 1e30}]
    asked = stated({0.1: 3.0, 0.5: 5.0}, *falling, far, *nowhere, {0.5: -3.0})
    assert asked.left_out == {"incoherent": 2, TOO_FAR: 1, NOTHING_SAID: 2, "impossible": 1}
    assert list(asked.members.index) == ["r0"]


# Answers of one number, and open ends ---------------------------------------------------------------------------------


def density_of(asked: Asked, person: str, centre: float = 2.0) -> float:
    of = {"deviation": 0.7, "overconfidence": 0.3}
    return float(values_of(KIND.log_density(FORM, centre, of, variables(asked.data)))[asked.members[person]])


def over_spreads(law: Callable[[Floats], Floats]) -> float:
    """Log of the mean of a density over spreads that nobody stated, by dense quadrature."""
    score = np.linspace(-8, 8, 4001)
    spread = np.exp(0.7 * score)
    return float(np.log(np.trapezoid(law(spread) * stats.norm.pdf(score), score)))


def student(spread: Floats) -> Any:
    return stats.t(TAILS, 2.0, np.hypot(0.7, np.exp(0.3) * spread))


@pytest.mark.parametrize("level", [0.5, 0.9, 0.05])
def test_one_quantile_is_an_answer_of_unknown_spread(level: float) -> None:
    asked, z = stated({0.1: 3.0, 0.5: 5.0}, {level: 9.0}), special.ndtri(level)
    expected = over_spreads(lambda spread: student(spread).pdf(np.log(10) - z * spread))
    assert density_of(asked, "r1") == pytest.approx(expected, abs=0.01)
    assert asked.left_out == {}


def test_who_states_a_spread_is_told_apart_from_who_does_not() -> None:
    alone, beside = (stated({0.1: 3.0, 0.5: 5.0}, *others) for others in ([], [{0.5: 9.0}]))
    assert "knot" not in alone.data.dims
    assert density_of(beside, "r0") == pytest.approx(density_of(alone, "r0"))
    np.testing.assert_allclose(KIND.observed(beside.data)[list(beside.members)], [np.log(6), np.log(10)])
    (lone,) = KIND.observed(stated({0.9: 9.0}).data)
    assert np.isnan(lone)


@pytest.mark.parametrize(("end", "scale"), [(-1.0, "log"), (0.0, "logit"), (1.0, "logit")])
def test_a_quantile_at_the_end_of_the_scale_is_open(end: float, scale: str) -> None:
    form: dict[str, Any] = {"scale": scale, "shift": 1.0 if scale == "log" else 0.0}
    points, level = {0.2: 0.3, 0.5: 0.4, 0.6: 0.6}, 0.9 if end == 1 else 0.1
    with_end, without = (stated(person, **form) for person in (points | {level: end}, points))
    xr.testing.assert_equal(with_end.data, without.data)


def test_whose_quantiles_are_all_at_one_end_lies_beyond_what_rounds_to_it() -> None:
    z = special.ndtri(0.9)
    for person, limit, side in (({0.1: 0.0, 0.9: 0.0}, 0.005, -1), ({0.1: 1.0, 0.9: 1.0}, 0.995, 1)):
        asked = stated(person, scale="logit", shift=0.0)
        place = special.logit(limit)
        beyond = over_spreads(lambda spread: student(spread).cdf(place - z * spread))  # noqa: B023
        above = over_spreads(lambda spread: student(spread).sf(place + z * spread))  # noqa: B023
        assert density_of(asked, "r0") == pytest.approx(beyond if side < 0 else above, abs=0.02)
        assert np.isnan(KIND.observed(asked.data)).all()


def test_simulated_middles_have_the_spreads_that_nobody_stated() -> None:
    data = {"spread": stated({0.5: 9.0}).data["spread"].values[np.zeros((200, 1), int)]}
    of = {"deviation": np.array(0.7), "overconfidence": np.array(0.3)}
    found = KIND.simulated(FORM, np.full((200, 500), 2.0), of, data, np.random.default_rng(1))
    below = np.exp(over_spreads(lambda spread: student(spread).cdf(1.0)))
    assert (found < 1).mean() == pytest.approx(below, abs=0.005)


@pytest.mark.parametrize("level", ["0", "1", "-0.1", ""])
def test_a_level_lies_between_0_and_1(level: str, tmp_path: Path) -> None:
    row = {"kind": "quantile", "unit": "years", "value": "3", "level": level}
    with pytest.raises(InputError, match="allowed: between 0 and 1, the level of the quantile"):
        read_long(answers_in(tmp_path)(row))


def test_planned_spreads_differ_between_respondents_as_deviations_do() -> None:
    data = KIND.planned(np.zeros(5))((100_000,), np.random.default_rng(1))
    assert set(data) == set(KIND.circumstances)
    logs = np.log(data["spread"])
    assert logs.mean() == pytest.approx(0, abs=0.01)
    assert logs.std() == pytest.approx(0.7, rel=0.01)


def test_the_median_is_kept() -> None:
    np.testing.assert_allclose(KIND.summaries(FORM, np.array([1.0, 2.0, 9.0])), [2.0, np.std([1, 2, 9])])


@pytest.mark.parametrize(("kind", "expected"), [("quantile", (0.1, 0.5, 0.9)), ("probability", (None,))])
def test_a_new_survey_asks_at_levels(kind: str, expected: tuple[float | None, ...]) -> None:
    assert KINDS[kind].asked_at == expected
