"""What is unknown of how answers came about, as standard normal variables, is as its priors have it."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import xarray as xr
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
    habits = Habits(KINDS[kind].parameters(form), camps=0, width=form.width)
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
            assert stats.ks_2samp(np.round(made @ direction, 9), np.round(drawn @ direction, 9)).statistic < CRITICAL


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
    added, log_ratio = camps.added(xr.DataArray([0.0], dims="centre"))
    shared = added.values[..., 0]
    assert float(abs(log_ratio).max()) == pytest.approx(0, abs=1e-12)
    assert (shared[:, 3] == 0).all()
    scale = CAMP_SD * WIDE["spread"]
    rng = np.random.default_rng(6)
    drawn = scale * abs(rng.standard_normal((MANY, 1))) * rng.standard_normal((MANY, 3))
    for direction in (*np.eye(3), np.array([1.0, 1.0, 1.0])):
        assert stats.ks_2samp(shared[:, :3] @ direction, drawn @ direction).statistic < CRITICAL
    sizes = stats.spearmanr(abs(shared[:, 0]), abs(shared[:, 1])).statistic
    assert sizes == pytest.approx(stats.spearmanr(abs(drawn[:, 0]), abs(drawn[:, 1])).statistic, abs=0.07)


@pytest.mark.parametrize("centre", [-30.0, 0.0, 55.0])
def test_where_camps_follow_a_centre_their_prior_stays(centre: float) -> None:
    """Drawn around another place and weighted by the log ratio, what is shared has the distribution it had."""
    asked = read("duration", [0.2, 0.3, 0.4, 0.5], rows={"group": ["a", "b", "b", ""]}, **WIDE)
    plain = Habits.of(asked)
    follows = replace(plain, fixed=(10.0, 20.0))
    z = np.random.default_rng(5).standard_normal((100_000, plain.size))
    at = xr.DataArray([centre], dims="centre")
    (_, one), (_, other) = plain.at(z), follows.at(z)
    assert one is not None
    assert other is not None
    (free, _), (led, log_ratio) = one.added(at), other.added(at)
    weights = np.exp(log_ratio.values[:, 0])
    assert weights.mean() == pytest.approx(1, abs=0.1)
    for camp in range(2):
        for bound in (-40.0, -10.0, 0.0, 10.0, 40.0):
            share = (weights * (led.values[:, camp, 0] < bound)).mean()
            assert share == pytest.approx((free.values[:, camp, 0] < bound).mean(), abs=0.05)
    assert (led.values[:, 2, 0] == 0).all()


def test_one_camp_shares_nothing_that_the_question_does_not() -> None:
    assert Habits.of(read("duration", [0.2, 0.3], rows={"group": ["a", "a"]})).camps == 0
