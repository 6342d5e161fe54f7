"""Stated probabilities."""

import numpy as np
import pytest
import xarray as xr
from scipy import special, stats

from tests.survey.surveys import question, read, values_of, variables
from toc_model.aliases import Floats
from toc_model.survey.kinds import KINDS, rounding
from toc_model.survey.kinds.densities import TAILS
from toc_model.survey.kinds.probability import FINEST, WHOLE_PER_CENTS, stated_probabilities
from toc_model.survey.kinds.slips import OUTLIERS

KIND = KINDS["probability"]
FORM = question("probability")
FLOOR = OUTLIERS / len(WHOLE_PER_CENTS)


def likely(stated: Floats, grid: int, spikes: list[float]) -> Floats:
    """Probability of answers by people who all round to one grid and believe around -1."""
    of = {
        "deviation": 1.5,
        "grid": xr.DataArray(np.eye(5)[grid], dims="grid"),
        "spike": xr.DataArray(spikes, dims="spike"),
    }
    asked = read("probability", list(stated))
    return np.exp(values_of(KIND.log_density(FORM, -1.0, of, variables(asked.data))))


@pytest.mark.parametrize("grid", range(5))
def test_the_probabilities_of_all_rounded_answers_add_up(grid: int) -> None:
    stated = likely(rounding.places(rounding.GRIDS[grid]), grid, [0.1, 0.05, 0.02, 0.83]) - FLOOR
    assert float(stated.sum()) == pytest.approx(1 - OUTLIERS)


def test_zero_and_one_are_open_cells() -> None:
    found = likely(np.array([0.0, 1.0]), 1, [0.0, 0.0, 0.0, 1.0])
    below = stats.t(TAILS, -1, 1.5).cdf(special.logit(5e-10))
    above = stats.t(TAILS, -1, 1.5).sf(special.logit(1 - 5e-10))
    np.testing.assert_allclose(found, (1 - OUTLIERS) * np.array([below, above]) + FLOOR, rtol=1e-9)


def test_stock_answers_are_said_whatever_is_believed() -> None:
    spikes = [0.1, 0.05, 0.02, 0.83]
    found = likely(np.array([0.0, 0.2, 0.5, 1.0]), 1, spikes)
    believed = likely(np.array([0.0, 0.2, 0.5, 1.0]), 1, [0.0, 0.0, 0.0, 1.0]) - FLOOR
    stock = (1 - OUTLIERS) * np.array([0.1, 0.0, 0.05, 0.02])
    np.testing.assert_allclose(found, stock + 0.83 * believed + FLOOR, rtol=1e-9)


def test_a_slip_may_say_any_whole_per_cent() -> None:
    belief, spikes = np.full(2_000_000, 0.5), np.array([0.0, 0.0, 0.0, 1.0])
    found = stated_probabilities(belief, np.eye(5)[4], spikes, np.random.default_rng(1))
    slips = found[found != 0.5]
    assert len(slips) / len(found) == pytest.approx(OUTLIERS * 100 / 101, rel=0.05)
    counts = np.bincount(np.rint(100 * slips).astype(int), minlength=101)
    assert stats.chisquare(np.delete(counts, 50)).pvalue > 0.001
    np.testing.assert_allclose(np.unique(slips), np.delete(WHOLE_PER_CENTS, 50))


def test_beliefs_beyond_0_and_1_are_stated_as_these() -> None:
    form = question("probability", scale="log", unit="ratio")
    of = {"deviation": np.array(0.1), "grid": np.eye(5)[1], "spike": np.array([0.0, 0.0, 0.0, 1.0])}
    found = KIND.simulated(form, np.full(1000, 3.0), of, {}, np.random.default_rng(1))
    assert np.mean(found == 1) > 0.99
    form = question("probability", scale="identity")
    found = KIND.simulated(form, np.full(1000, -3.0), of, {}, np.random.default_rng(1))
    assert np.mean(found == 0) > 0.99


def test_answers_are_summarised_on_the_natural_scale_beside_the_share_of_zeros() -> None:
    mean, sd, zeros = KIND.summaries(FORM, np.array([0.0, 0.2, 0.5, 0.0, 1.0]))
    y = special.logit([0.2, 0.5, 1 - FINEST])
    np.testing.assert_allclose([mean, sd, zeros], [y.mean(), y.std(), 0.4])
    np.testing.assert_allclose(KIND.summaries(FORM, np.zeros(3)), [special.logit(FINEST), 0.0, 1.0], atol=1e-12)
    assert FINEST == 0.0005


def test_cells_of_answers_lie_on_the_scale_of_the_question() -> None:
    data = read("probability", [0.25, 0.25, 0.3, 0.5]).data
    np.testing.assert_array_equal(data["value"], [0.25, 0.3, 0.5])
    np.testing.assert_array_equal(data["count"], [2, 1, 1])
    np.testing.assert_allclose(data["lower"][1], special.logit([0.2995, 0.295, 0.275, 0.25, 0.3])[[0, 1, 2, 3, 4]], 1)
    np.testing.assert_allclose(data["upper"][1, 1], special.logit(0.305))
    np.testing.assert_array_equal(data["at_spike"], [[0, 0, 0, 1], [0, 0, 0, 1], [0, 1, 0, 1]])
    np.testing.assert_array_equal(KIND.observed(data), [0.25, 0.3, 0.5])
