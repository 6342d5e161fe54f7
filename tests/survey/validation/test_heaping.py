"""Heaping: observed, and as the model has it."""

from dataclasses import replace

import numpy as np

from tests.survey.validation.known import known
from toc_model.survey.validation.heaping import heaping


def test_heaping_of_the_models_own_answers_is_expected() -> None:
    fit = known(1000)
    rng = np.random.default_rng(3)
    for heap in heaping(fit, fit.asked[0], rng):
        low, _, high = heap.predicted
        assert low - 0.02 <= heap.observed <= high + 0.02, heap
        assert high - low < 0.06


def test_heaping_that_the_model_does_not_expect_shows() -> None:
    fit = known(1000)
    fine = fit.draws["s_q1_grid"].copy(data=np.tile([0.5, 0.5, *[0.0] * 5], (fit.draws.sizes["draw"], 1)))
    found = heaping(replace(fit, draws=fit.draws.assign(s_q1_grid=fine)), fit.asked[0], np.random.default_rng(3))
    assert found[0].what == "multiples of 5 %"
    assert found[0].observed > 2 * found[0].predicted[2]
