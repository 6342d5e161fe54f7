"""What is unknown of how answers came about, as standard normal variables, is as its priors have it."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from tests.survey.surveys import question, read
from toc_model.survey.kinds import KINDS
from toc_model.survey.kinds.scales import CAMP_SD
from toc_model.survey.learning.habits import FROM_NORMAL, Habits

MANY = 3000
CRITICAL = 1.95 * np.sqrt(2 / MANY)
"""What the distance of two samples from one distribution exceeds once in a thousand times (Kolmogorov and Smirnov)."""
WIDE: dict[str, Any] = {"spread": 40.0}


@pytest.mark.parametrize("kind", list(KINDS))
def test_habits_have_the_priors_from_which_surveys_are_simulated(kind: str) -> None:
    form = question(kind) if kind == "ordered" else question(kind, **WIDE)
    habits = Habits(KINDS[kind].parameters(form), 0, form.width)
    z = np.random.default_rng(3).standard_normal((MANY, habits.size))
    found, camps = habits.at(z)
    assert camps is None
    rng = np.random.default_rng(4)
    for parameter in habits.parameters:
        drawn = np.array([parameter.drawn(rng) for _ in range(MANY)]).reshape(MANY, -1)
        made = found[parameter.name].values.reshape(MANY, -1)
        assert made.shape == drawn.shape
        together = (np.arange(made.shape[1]) < 2).astype(float)
        for direction in (*np.eye(made.shape[1]), together):
            assert stats.ks_2samp(made @ direction, drawn @ direction).statistic < CRITICAL


def test_shares_are_shares_and_broken_off_in_order() -> None:
    grid = next(one for one in KINDS["probability"].parameters(question("probability")) if one.name == "grid")
    far = np.array([[0.0, 0.0, 0.0, 0.0], [9.0, 0.0, 0.0, 0.0], [-9.0, -9.0, -9.0, -9.0], [-9.0, 9.0, 1.0, 1.0]])
    found = FROM_NORMAL["dirichlet"](grid, far)
    np.testing.assert_allclose(found.sum(axis=1), 1)
    assert (found > 0).all()
    np.testing.assert_allclose(found[1:, [0, 4, 1]].diagonal(), 1, atol=1e-6)


def test_a_habit_rises_with_its_variable_as_far_as_numbers_go() -> None:
    (noise,) = (one for one in KINDS["cdf_point"].parameters(question("cdf_point")) if one.name == "noise")
    z = np.array([[-8.0], [-7.9], [-2.0], [0.0], [2.0], [7.9], [8.0]])
    found = FROM_NORMAL["half_normal"](noise, z)[:, 0]
    assert np.isfinite(found).all()
    assert (np.diff(found) > 0).all()
    np.testing.assert_allclose(stats.halfnorm.logcdf(found / noise.scale), stats.norm.logcdf(z[:, 0]), rtol=1e-9)
    far = FROM_NORMAL["half_normal"](noise, np.array([[-40.0], [40.0]]))[:, 0]
    assert ((far > 0) & np.isfinite(far)).all()


def test_camps_share_something_beside_the_others_and_nobody_s_camp_nothing() -> None:
    asked = read("duration", [0.2, 0.3, 0.4, 0.5], rows={"group": ["a", "b", "c", ""]}, **WIDE)
    habits = Habits.of(asked)
    assert (habits.camps, habits.size) == (3, 1 + 1 + 3)
    z = np.random.default_rng(5).standard_normal((MANY, habits.size))
    _, camps = habits.at(z)
    assert camps is not None
    assert camps.dims == ("place", "camp")
    assert (camps.values[:, 3] == 0).all()
    scale = CAMP_SD * WIDE["spread"]
    rng = np.random.default_rng(6)
    drawn = scale * abs(rng.standard_normal((MANY, 1))) * rng.standard_normal((MANY, 3))
    for direction in (*np.eye(3), np.array([1.0, 1.0, 1.0])):
        shared = camps.values[:, :3]
        assert stats.ks_2samp(shared @ direction, drawn @ direction).statistic < CRITICAL
    sizes = stats.spearmanr(abs(camps.values[:, 0]), abs(camps.values[:, 1])).statistic
    assert sizes == pytest.approx(stats.spearmanr(abs(drawn[:, 0]), abs(drawn[:, 1])).statistic, abs=0.07)


def test_one_camp_shares_nothing_that_the_question_does_not() -> None:
    assert Habits.of(read("duration", [0.2, 0.3], rows={"group": ["a", "a"]})).camps == 0
