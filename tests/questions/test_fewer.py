"""Fewer draws in the place of many: evenly spread, and weighted ones as their weights say."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.toy import CASE
from tests.weighed import weighed
from toc_model.beliefs.loading import load_beliefs
from toc_model.labels import effective_draws
from toc_model.questions.fewer import fewer
from toc_model.questions.harm import harm
from toc_model.questions.report.material import thinned
from toc_model.statistics import averages
from toc_model.statistics.boxes.firmness import FEWEST

MANY, FEW = 8000, 400


def drawn(weights: np.ndarray, seed: int = 0) -> xr.DataArray:
    values = np.random.default_rng(seed).normal(size=len(weights))
    return xr.DataArray(values, dims="draw", coords={"draw": np.arange(len(weights)), "weight": ("draw", weights)})


@given(st.integers(2, 60), st.integers(1, 80))
def test_draws_that_count_alike_are_evenly_spread(many: int, kept: int) -> None:
    x = xr.DataArray(np.arange(many), dims="draw")
    found = fewer(x, kept).values
    assert len(found) == min(many, kept)
    assert (np.diff(found) >= many // kept).all()


@settings(max_examples=50)
@given(st.lists(st.floats(0, 100), min_size=5, max_size=60).filter(lambda one: max(one) > 0), st.integers(1, 40))
def test_each_is_taken_as_often_as_its_weight_says(weights: list[float], kept: int) -> None:
    x = drawn(np.array(weights))
    found = fewer(x, kept)
    if len(weights) <= kept:
        assert found.identical(x)
        return
    if min(weights) == max(weights):
        assert found.size == kept
        return
    assert found["weight"].sum() == kept
    due = kept * np.array(weights) / np.sum(weights)
    taken = np.zeros(len(weights))
    taken[found["draw"].values] = found["weight"].values
    assert (abs(taken - due) < 1 + 1e-9).all()


def test_a_few_draws_that_count_for_much_stay_in() -> None:
    """Of 8,000 draws worth some hundreds, 400 at even steps would be worth twenty times less; those taken are not."""
    x = drawn(np.exp(3 * np.random.default_rng(1).normal(size=MANY).clip(-9, 2)))
    worths = [
        effective_draws(one) or one.size for one in (x, fewer(x, FEW), x.isel(draw=slice(None, None, MANY // FEW)))
    ]
    assert worths[1] > min(worths[0], FEW) / 2 > 2 * worths[2]
    error = float(averages.sd(x)) / np.sqrt(FEW)
    assert float(averages.mean(fewer(x, FEW))) == pytest.approx(float(averages.mean(x)), abs=2 * error)


def test_parts_of_a_mixture_keep_their_shares() -> None:
    part = np.random.default_rng(2).integers(0, 3, MANY)
    x = drawn(np.random.default_rng(3).exponential(size=MANY)).assign_coords(mixture_part=("draw", part))
    found = fewer(x, FEW)
    for one in range(3):
        shares = [
            float(side["weight"][side["mixture_part"] == one].sum() / side["weight"].sum()) for side in (x, found)
        ]
        assert shares[1] == pytest.approx(shares[0], abs=1.5 / FEW)


def test_a_box_and_sections_of_a_report_rest_on_draws_taken_by_weight(monkeypatch: pytest.MonkeyPatch) -> None:
    beliefs = weighed(load_beliefs(CASE, draws=2 * FEW), "fence_gain")
    some = thinned(beliefs, FEW // 2)
    assert some.parameters["weight"].sum() == FEW // 2
    assert some.worldview == beliefs.worldview
    monkeypatch.setattr("toc_model.questions.harm.SEARCHED", FEW)
    allocations = beliefs.documents.allocations()
    found = harm(beliefs, allocations, allocation="all_round", resamples=FEWEST)
    again = harm(
        replace(beliefs, parameters=fewer(beliefs.parameters, FEW)),
        allocations,
        allocation="all_round",
        resamples=FEWEST,
    )
    assert found.searched == again.beliefs.draws
    assert found.found == again.found
