"""Stated probabilities."""

from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from tests.survey.surveys import question, read, values_of, variables
from toc_model.aliases import Floats
from toc_model.survey.kinds import KINDS
from toc_model.survey.kinds.densities import TAILS
from toc_model.survey.kinds.probability import stated_probabilities
from toc_model.survey.kinds.rounding import GRIDS, NEXT_TO_NOTHING, SAID, cells
from toc_model.survey.kinds.said import FINEST, WHOLE_PER_CENTS
from toc_model.survey.kinds.slips import OUTLIERS

KIND = KINDS["probability"]
FORM = question("probability")
FLOOR = OUTLIERS / len(WHOLE_PER_CENTS)
MANY = len(GRIDS)
FIVES, HALVES = (list(GRIDS).index(name) for name in ("fives", "halves"))


def likely(stated: Floats, grid: int, spikes: list[float], near: float = 0.0) -> Floats:
    """Probability of answers by people who all round to one grid and believe around -1."""
    of = {
        "deviation": 1.5,
        "grid": xr.DataArray(np.eye(MANY)[grid], dims="grid"),
        "spike": xr.DataArray(spikes, dims="spike"),
        "near": xr.DataArray([1 - near, near], dims="near"),
    }
    asked = read("probability", list(stated))
    return np.exp(values_of(KIND.log_density(FORM, -1.0, of, variables(asked.data))))


@pytest.mark.parametrize("grid", range(MANY))
@pytest.mark.parametrize("near", [0.0, 0.3])
def test_the_probabilities_of_all_rounded_answers_add_up(grid: int, near: float) -> None:
    stated = likely(SAID[grid], grid, [0.1, 0.05, 0.02, 0.83], near) - FLOOR
    assert float(stated.sum()) == pytest.approx(1 - OUTLIERS)


def test_zero_and_one_are_open_cells() -> None:
    found = likely(np.array([0.0, 1.0]), FIVES, [0.0, 0.0, 0.0, 1.0])
    below = stats.t(TAILS, -1, 1.5).cdf(special.logit(5e-13))
    above = stats.t(TAILS, -1, 1.5).sf(special.logit(1 - 5e-13))
    np.testing.assert_allclose(found, (1 - OUTLIERS) * np.array([below, above]) + FLOOR, rtol=1e-9)


def test_stock_answers_are_said_whatever_is_believed() -> None:
    spikes = [0.1, 0.05, 0.02, 0.83]
    found = likely(np.array([0.0, 0.2, 0.5, 1.0]), FIVES, spikes)
    believed = likely(np.array([0.0, 0.2, 0.5, 1.0]), FIVES, [0.0, 0.0, 0.0, 1.0]) - FLOOR
    stock = (1 - OUTLIERS) * np.array([0.1, 0.0, 0.05, 0.02])
    np.testing.assert_allclose(found, stock + 0.83 * believed + FLOOR, rtol=1e-9)


def test_some_say_a_number_next_to_zero_for_it_and_one_next_to_one() -> None:
    stated, spikes = np.array([0.0, 1e-12, 1e-4, 0.001, 0.999, 1 - 1e-4, 1.0]), [0.1, 0.05, 0.02, 0.83]
    more = likely(stated, FIVES, spikes, near=0.4) - likely(stated, FIVES, spikes)
    each = 0.4 / len(NEXT_TO_NOTHING)
    expected = [-0.4 * 0.1, each * 0.1, each * 0.1, 0.0, 0.0, each * 0.02, -0.4 * 0.02]
    np.testing.assert_allclose(more, (1 - OUTLIERS) * np.array(expected), atol=1e-12)


def test_a_slip_may_say_any_whole_per_cent() -> None:
    of = {"grid": np.eye(MANY)[HALVES], "spike": np.array([0.0, 0.0, 0.0, 1.0]), "near": np.array([0.0, 1.0])}
    found = stated_probabilities(np.full(2_000_000, 0.5), of, np.random.default_rng(1))
    slips = found[found != 0.5]
    assert len(slips) / len(found) == pytest.approx(OUTLIERS * 100 / 101, rel=0.05)
    counts = np.bincount(np.rint(100 * slips).astype(int), minlength=101)
    assert stats.chisquare(np.delete(counts, 50)).pvalue > 0.001
    np.testing.assert_allclose(np.unique(slips), np.delete(WHOLE_PER_CENTS, 50))


def test_beliefs_beyond_0_and_1_are_stated_as_these() -> None:
    form = question("probability", scale="log", unit="ratio")
    shares = {"grid": np.eye(MANY)[FIVES], "spike": np.array([0.0, 0.0, 0.0, 1.0]), "near": np.array([1.0, 0.0])}
    of = {"deviation": np.array(0.1), **shares}
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
    lower, upper = cells(np.array([0.25, 0.3, 0.5]))
    np.testing.assert_allclose(data["lower"], special.logit(lower))
    np.testing.assert_allclose(data["upper"], special.logit(upper))
    np.testing.assert_array_equal(data["exactly"], [[0, 0, 0, 1], [0, 0, 0, 1], [0, 1, 0, 1]])
    np.testing.assert_array_equal(data["nearly"], data["exactly"])
    np.testing.assert_array_equal(KIND.observed(data), [0.25, 0.3, 0.5])


@settings(max_examples=25)
@given(
    st.floats(-4, 4),
    st.floats(0.3, 3),
    st.sampled_from([*SAID[FIVES], *SAID[0][SAID[0] > 1e-6]]),
    st.integers(0, 1000),
)
def test_an_answer_and_what_it_lacks_to_one_are_alike(
    centre: float, deviation: float, stated: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    shares = {parameter.name: parameter.drawn(rng) for parameter in KIND.parameters(FORM)[1:]}
    named = {name: xr.DataArray(share, dims=name) for name, share in shares.items()}
    of: dict[str, Any] = {**named, "deviation": deviation}
    turned = of | {"spike": named["spike"][[2, 1, 0, 3]]}
    one = KIND.log_density(FORM, centre, of, variables(read("probability", [stated]).data))
    other = KIND.log_density(FORM, -centre, turned, variables(read("probability", [round(1 - stated, 12)]).data))
    np.testing.assert_allclose(values_of(one), values_of(other), atol=1e-4)
