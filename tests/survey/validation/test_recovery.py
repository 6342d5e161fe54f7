"""Whether the update finds the truth."""

from dataclasses import replace

import numpy as np
import pytest

from tests.shipped import load_priors
from tests.survey.surveys import TARGET
from tests.survey.validation.known import known
from toc_model.questions.survey import Recovered
from toc_model.survey.validation.recovery import RANKS, Recovery, Setup, calibration, padded

SMALL = Setup(TARGET, questions=1, respondents=30, draws=300, tune=300)


def test_padding_counts_for_nobody() -> None:
    fit = known(10)
    data = fit.asked[0].data
    more = padded(data, 40)
    assert more.sizes["pattern"] == 40
    assert more["count"].sum() == data["count"].sum()


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
