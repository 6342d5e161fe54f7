"""Whether the update finds the truth."""

from dataclasses import replace

import numpy as np
import pytest

from tests.shipped import load_priors
from tests.survey.surveys import TARGET
from toc_model.questions.survey import Recovered
from toc_model.survey.validation.recovery import RANKS, Recovery, Setup, calibration

SMALL = Setup(TARGET, questions=1, respondents=30)


def test_even_ranks_pass_and_uneven_ones_fail() -> None:
    even = Recovery(Setup(TARGET), True, np.arange(RANKS), np.ones(RANKS, bool))
    uneven = replace(even, ranks=np.zeros(RANKS, int))
    assert even.chi_square[1] == pytest.approx(1)
    assert uneven.chi_square[1] < 1e-6


@pytest.mark.slow
def test_intervals_hold_the_truth_only_where_the_common_bias_is_modelled() -> None:
    modelled, switched_off = calibration(12, SMALL, load_priors(), seed=2)
    assert modelled.coverage >= 0.7
    assert switched_off.coverage <= modelled.coverage - 0.2
    assert "switched off" in str(Recovered((modelled, switched_off)))
