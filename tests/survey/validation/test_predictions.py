"""Simulated answers beside true ones, and where these fall."""

from dataclasses import replace

import numpy as np
import pytest

from tests.survey.validation.known import known
from toc_model.survey.learning.fitted import Fitted
from toc_model.survey.learning.pointwise import centres, density
from toc_model.survey.validation.experts import leave_one_expert_out
from toc_model.survey.validation.predictions import Pit, predicted, randomised_pit


def pit_of(fit: Fitted) -> Pit:
    rng = np.random.default_rng(1)
    (found,) = leave_one_expert_out(fit, rng).predictions
    return randomised_pit(found, rng)


def test_pit_is_uniform_for_answers_of_the_model() -> None:
    pit = pit_of(known(700))
    assert len(pit.values) == 1400
    assert pit.distance[1] > 0.01, pit.bins
    assert pit.bins.sum() == pytest.approx(1)


def test_pit_sees_a_wrong_deviation() -> None:
    fit = known(700)
    narrow = fit.draws.assign({"s_q1_deviation": fit.draws["s_q1_deviation"] / 2})
    pit = pit_of(replace(fit, draws=narrow))
    assert pit.distance[1] < 1e-6
    assert pit.bins[[0, 9]].sum() > 0.25


def test_simulated_answers_are_those_of_the_likelihood() -> None:
    fit = known(300)
    item = fit.asked[0]
    many = np.zeros((1, 200_000), int)
    found = predicted(fit, item, centres(fit, item), np.array([0]), many, np.random.default_rng(2)).ensemble[0]
    same_camp = np.flatnonzero(item.data["group"].values == item.data["group"].values[0])
    said = item.data["value"].values[same_camp]
    likely = np.exp(density(item, centres(fit, item), fit.draws).values[0, same_camp])
    shares = np.array([(abs(found - place) < 1e-11).mean() for place in said])
    np.testing.assert_allclose(shares, likely, atol=0.004)
    assert likely.sum() > 0.9
