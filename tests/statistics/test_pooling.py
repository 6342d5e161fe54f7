"""Pooled probabilities and distributions: known answers, laws, and zeros and ones, which are not clipped in silence."""

import itertools
import json
import math
from collections.abc import Callable
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings
from scipy import integrate, stats

from toc_model import InputError
from toc_model.statistics.elicitation import Metalog, member, metalog, quantiles
from toc_model.statistics.pooling import distributions, effective_number, probabilities, shares
from toc_model.statistics.pooling.distributions import Distribution

FOUR = [0.1, 0.2, 0.3, 0.9]
NORMALS = [member("normal", {"mean": 0, "sd": 1}), member("normal", {"mean": 2, "sd": 2})]
LEVELS = np.array([0.001, 0.05, 0.3, 0.5, 0.9, 0.999])

every_method = pytest.mark.parametrize("method", probabilities.METHODS)
every_pool = pytest.mark.parametrize("method", distributions.METHODS)
inner = st.floats(1e-6, 1 - 1e-6)
experts = st.lists(st.tuples(inner, st.floats(0.1, 5)), min_size=1, max_size=8)


# Known answers ----------------------------------------------------------------------------------------------------


def test_known_pools_of_probabilities() -> None:
    assert float(probabilities.linear(FOUR)) == pytest.approx(0.375, rel=1e-6)
    assert float(probabilities.geometric_odds(FOUR)) == pytest.approx(0.363918, rel=1e-6)
    assert float(probabilities.probit_mean(FOUR)) == pytest.approx(0.366362, rel=2e-6)
    assert float(probabilities.extremised(FOUR, 2.5)) == pytest.approx(0.198452, rel=2e-6)
    assert probabilities.neyman_factor(4) == pytest.approx(1.484641, rel=1e-6)
    assert float(probabilities.neyman(FOUR)) == pytest.approx(0.303852, rel=1e-6)


def test_known_pools_of_normals() -> None:
    logs = distributions.logarithmic(NORMALS)
    assert logs.moments() == pytest.approx((0.4, math.sqrt(1.6)), rel=1e-10)
    assert logs.quantile(LEVELS) == pytest.approx(stats.norm(0.4, math.sqrt(1.6)).ppf(LEVELS), rel=1e-10)
    assert distributions.linear(NORMALS).moments() == pytest.approx((1, math.sqrt(3.5)), rel=1e-10)
    assert float(distributions.linear(NORMALS).moments()[1]) == pytest.approx(1.870829, rel=1e-6)
    average = distributions.quantile_average(NORMALS)
    assert average.moments() == pytest.approx((1, 1.5), rel=1e-10)
    assert average.quantile(LEVELS) == pytest.approx(stats.norm(1, 1.5).ppf(LEVELS), rel=1e-10)


def test_a_log_pool_of_betas_is_a_beta() -> None:
    pool = distributions.logarithmic([member("beta", {"a": a, "b": b}, 0, 1) for a, b in ((2, 8), (6, 4))])
    x = np.linspace(0.02, 0.98, 9)
    assert pool.cdf(x) == pytest.approx(stats.beta(4, 6).cdf(x), rel=1e-10)
    assert pool.density(x) == pytest.approx(stats.beta(4, 6).pdf(x), rel=1e-10)
    assert pool.quantile(LEVELS) == pytest.approx(stats.beta(4, 6).ppf(LEVELS), rel=1e-10)


def test_correlated_experts_are_worth_fewer() -> None:
    assert effective_number(10, 0.5) == pytest.approx(20 / 11, rel=1e-12)
    assert (effective_number(10, 0), effective_number(10, 1), effective_number(1, 0.3)) == (10, 1, 1)
    for number, r in ((0, 0.5), (10, 1.1), (10, -0.2)):
        with pytest.raises(InputError):
            effective_number(number, r)


# Probabilities ----------------------------------------------------------------------------------------------------


@every_method
@given(experts, st.randoms())
def test_the_order_of_experts_changes_nothing(method: str, said: list[tuple[float, float]], random: Any) -> None:
    shuffled = random.sample(said, len(said))
    pool = probabilities.METHODS[method]
    own, other = (float(pool(*map(np.array, zip(*one, strict=True)))) for one in (said, shuffled))
    assert own == pytest.approx(other, rel=1e-9)


@every_method
@given(inner, st.integers(1, 6))
def test_experts_who_agree_are_as_one(method: str, p: float, number: int) -> None:
    if method in {"extremised", "neyman"}:
        pool: Callable[..., Any] = probabilities.extremised
        assert float(pool([p] * number, 2.5, baseline=p)) == pytest.approx(p)
        assert float(probabilities.neyman([p])) == pytest.approx(p)
    else:
        assert float(probabilities.METHODS[method]([p] * number, None)) == pytest.approx(p)


@pytest.mark.parametrize("method", ["linear", "geometric_odds", "probit_mean", "trimmed", "extremised", "neyman"])
@given(experts)
def test_an_event_and_its_opposite_sum_to_one(method: str, said: list[tuple[float, float]]) -> None:
    p, weights = map(np.array, zip(*said, strict=True))
    pool = probabilities.METHODS[method]
    assert float(pool(p, weights) + pool(1 - p, weights)) == pytest.approx(1)


@every_method
@given(st.lists(inner, min_size=1, max_size=5), st.data())
def test_a_weight_of_two_is_two_experts(method: str, p: list[float], data: st.DataObject) -> None:
    if method == "neyman":
        return
    counts = data.draw(st.lists(st.integers(0, 3), min_size=len(p), max_size=len(p)).filter(any))
    repeated = [one for one, count in zip(p, counts, strict=True) for _ in range(count)]
    pool = probabilities.METHODS[method]
    assert float(pool(p, counts)) == pytest.approx(float(pool(repeated, None)))


def test_pools_by_hand() -> None:
    assert float(probabilities.mean_odds([0.5, 0.75])) == pytest.approx(2 / 3)
    assert float(probabilities.mean_odds([0.5, 0.75], [3, 1])) == pytest.approx(0.6)
    assert float(probabilities.mean_odds([1e-12, 1e-12])) == pytest.approx(1e-12)
    assert float(probabilities.geometric_odds([0.5, 0.9])) == pytest.approx(0.75)
    assert float(probabilities.extremised([0.9], 2, baseline=0.9)) == pytest.approx(0.9)
    assert float(probabilities.extremised([0.5], 2, baseline=0.1)) == pytest.approx(0.9)
    assert float(probabilities.neyman([0.5, 0.5], baseline=0.9)) == pytest.approx(1 / (1 + 9**0.2915026), rel=1e-6)
    assert [probabilities.neyman_factor(n) for n in (1, 2)] == pytest.approx([1, 2 * (7**0.5 - 2)])
    assert probabilities.neyman_factor(10**6) == pytest.approx(3**0.5, rel=1e-5)


def test_a_trimmed_mean_leaves_out_weight() -> None:
    p = np.linspace(0, 1, 11) ** 2
    assert float(probabilities.trimmed(p, 1 / 11)) == pytest.approx(stats.trim_mean(p, 1 / 11))
    assert float(probabilities.trimmed(p, 0)) == pytest.approx(p.mean())
    assert float(probabilities.trimmed([0.1, 0.2, 0.9], 0.4999)) == pytest.approx(0.2, abs=1e-3)
    # Of weights 1/2, 1/4, 1/4, a quarter off either end leaves 1/4 and 1/4.
    assert float(probabilities.trimmed([0.1, 0.2, 0.9], 0.25, [2, 1, 1])) == pytest.approx(0.15)


@every_method
def test_many_events_are_pooled_at_once(method: str) -> None:
    p = np.random.default_rng(0).uniform(0.01, 0.99, (5, 3, 2))
    pool, weights = probabilities.METHODS[method], [1, 2, 0, 1, 1]
    together = pool(p, weights)
    assert together.shape == (3, 2)
    for place in np.ndindex(3, 2):
        assert float(together[place]) == pytest.approx(float(pool(p[:, *place], weights)))


@given(st.lists(st.floats(0, 1e6), min_size=1).filter(any))
def test_weights_sum_to_one(weights: list[float]) -> None:
    found = shares(weights, len(weights))
    assert found.sum() == pytest.approx(1)
    assert (found >= 0).all()


@pytest.mark.parametrize(
    ("p", "weights", "message"),
    [
        ([], None, "found no experts"),
        (0.5, None, "found one number; allowed: one for each expert"),
        ([0.1, 1.2], None, "found 1.2; allowed: 0 to 1"),
        ([0.1, np.nan], None, "found nan; allowed: 0 to 1"),
        ([0.1, 0.2], [1], "weights: found 1; allowed: 2, one for each expert"),
        ([0.1, 0.2], [1, -1], "weights: found -1; allowed: numbers from 0"),
        ([0.1, 0.2], [1, np.inf], "weights: found inf"),
        ([0.1, 0.2], [0, 0], "weights: found 0 for all experts"),
    ],
)
def test_what_cannot_be_pooled(p: Any, weights: Any, message: str) -> None:
    for pool in probabilities.METHODS.values():
        with pytest.raises(InputError, match=message):
            pool(p, weights)


@pytest.mark.parametrize(
    "call",
    [
        lambda: probabilities.trimmed(FOUR, 0.5),
        lambda: probabilities.extremised(FOUR, 0),
        lambda: probabilities.extremised(FOUR, baseline=1),
        lambda: probabilities.neyman_factor(0),
        lambda: probabilities.pools([FOUR, FOUR]),
        lambda: probabilities.pools(FOUR, replacements=[0.5]),
    ],
)
def test_settings_that_mean_nothing(call: Callable[[], Any]) -> None:
    with pytest.raises(InputError, match=r"found .*; allowed: "):
        call()


# Zeros and ones ---------------------------------------------------------------------------------------------------


def test_a_zero_decides_or_is_told() -> None:
    assert float(probabilities.geometric_odds([0, 0.5])) == 0
    assert float(probabilities.geometric_odds([1, 0.5])) == 1
    assert float(probabilities.geometric_odds([0, 0.5], [0, 1])) == pytest.approx(0.5)
    assert float(probabilities.mean_odds([1, 0.5])) == 1
    for pool in (probabilities.geometric_odds, probabilities.probit_mean, probabilities.extremised):
        with pytest.raises(InputError, match="found 0 and 1; allowed: one of them"):
            pool([0, 1])
    with pytest.raises(InputError, match="found 0 and 1 for 1 of 2 events"):
        probabilities.geometric_odds([[0, 0.5], [1, 0.5]])


def test_treatments_of_zeros_stand_side_by_side() -> None:
    found = probabilities.pools([0, 0.2, 0.5])
    assert (found.zeros, found.ones) == (1, 0)
    row = found.values["geometric_odds"]
    assert list(row) == ["as said", "left out", "0.01", "0.001", "0.0001"]
    assert row["as said"] == 0
    assert row["left out"] == pytest.approx(1 / 3)
    for small in (0.01, 0.001, 0.0001):
        odds = (small / (1 - small) * 0.25 * 1) ** (1 / 3)
        assert row[f"{small:g}"] == pytest.approx(odds / (1 + odds))
    assert found.values["linear"]["as said"] == pytest.approx(0.7 / 3)


def test_what_is_not_defined_is_no_number() -> None:
    found = probabilities.pools([0, 1])
    assert math.isnan(found.values["geometric_odds"]["as said"])
    assert math.isnan(found.values["linear"]["left out"])
    assert found.values["linear"]["as said"] == 0.5
    assert found.values["probit_mean"]["0.01"] == pytest.approx(0.5)
    assert found.to_dict()["values"]["geometric_odds"]["as said"] is None
    json.dumps(found.to_dict(), allow_nan=False)


def test_without_zeros_there_is_nothing_to_treat() -> None:
    found = probabilities.pools(FOUR)
    assert {tuple(row) for row in found.values.values()} == {("as said",)}
    assert found.values["neyman"]["as said"] == pytest.approx(0.303852, rel=1e-5)
    assert probabilities.pools([0, 0.3, 0.4], [0, 1, 1]).zeros == 0


# Distributions ----------------------------------------------------------------------------------------------------

MIXED: list[Distribution] = [
    member("gamma", {"shape": 2, "rate": 0.5}, 0, 20),
    metalog(quantiles({0.1: 2, 0.5: 5, 0.9: 12}, 0, 20)),
    member("beta", {"a": 2, "b": 3}, 0, 20),
    member("gamma", {"shape": 5, "rate": 1}, 0, 20),
]


@every_pool
@pytest.mark.parametrize("weights", [None, [1, 2, 3, 4]])
def test_a_pool_is_a_distribution(method: str, weights: list[float] | None) -> None:
    pool = distributions.METHODS[method](MIXED, weights)
    assert pool.cdf(pool.quantile(LEVELS)) == pytest.approx(LEVELS, abs=1e-9)
    assert float(pool.quantile(0.3)) == pytest.approx(pool.quantile(LEVELS)[2])
    low, high = (float(pool.quantile(level)) for level in (0.2, 0.8))
    x = np.linspace(low, high, 1001)
    assert integrate.simpson(pool.density(x), x) == pytest.approx(0.6, abs=1e-6)
    draws = pool.quantile((np.arange(2000) + 0.5) / 2000)
    assert pool.moments() == pytest.approx((draws.mean(), draws.std()), rel=0.002)
    assert pool.density(-1.0) == 0
    assert pool.cdf([-1.0, 0.0, 1e9]) == pytest.approx([0, 0, 1])


@every_pool
def test_the_order_of_distributions_changes_nothing(method: str) -> None:
    pool = distributions.METHODS[method]
    expected = pool(MIXED, [1, 2, 3, 4]).quantile(LEVELS)
    for order in itertools.islice(itertools.permutations(range(4)), 1, 24, 5):
        other = pool([MIXED[k] for k in order], [1 + k for k in order])
        assert other.quantile(LEVELS) == pytest.approx(expected, rel=1e-9)


@every_pool
@pytest.mark.parametrize("own", MIXED[:3])
def test_a_pool_of_experts_who_agree_is_that_expert(method: str, own: Distribution) -> None:
    pool = distributions.METHODS[method]([own] * 3, [1, 2, 3])
    assert pool.quantile(LEVELS) == pytest.approx(own.quantile(LEVELS), rel=1e-9)
    assert pool.cdf([1.0, 5.0, 15.0]) == pytest.approx(own.cdf([1.0, 5.0, 15.0]), rel=1e-9)
    assert pool.density([1.0, 5.0, 15.0]) == pytest.approx(own.density([1.0, 5.0, 15.0]), rel=1e-7)
    assert np.array(pool.moments()) == pytest.approx(np.array(own.moments()), rel=1e-7)


@every_pool
def test_a_weight_of_nothing_is_nobody(method: str) -> None:
    pool = distributions.METHODS[method]
    assert pool(MIXED, [1, 0, 0, 1]).quantile(LEVELS) == pytest.approx(pool(MIXED[::3], None).quantile(LEVELS))


@every_pool
@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.floats(-5, 5), st.floats(0.2, 4), st.floats(0.1, 3)), min_size=1, max_size=5), st.floats(0, 9)
)
def test_pools_of_normals_by_formula(method: str, said: list[tuple[float, float, float]], x: float) -> None:
    mean, sd, weights = map(np.array, zip(*said, strict=True))
    share = weights / weights.sum()
    members = [member("normal", {"mean": m, "sd": s}) for m, s in zip(mean, sd, strict=True)]
    found = float(distributions.METHODS[method](members, weights).cdf(x))
    if method == "linear":
        expected = share @ stats.norm(mean, sd).cdf(x)
    elif method == "logarithmic":
        precision = (share / sd**2).sum()
        expected = stats.norm((share * mean / sd**2).sum() / precision, precision**-0.5).cdf(x)
    else:
        expected = stats.norm(share @ mean, share @ sd).cdf(x)
    assert found == pytest.approx(expected, abs=1e-9)


@every_pool
def test_many_quantities_are_pooled_at_once(method: str) -> None:
    rng = np.random.default_rng(3)
    means, sds = rng.normal(size=(4, 3)), np.exp(rng.normal(size=(4, 3)))
    pool = distributions.METHODS[method]
    together = pool([member("normal", {"mean": m, "sd": s}) for m, s in zip(means, sds, strict=True)], None)
    assert together.shape == (3,)
    assert together.quantile(LEVELS).shape == (3, 6)
    assert together.quantile(0.5).shape == together.cdf(0.5).shape == together.density(0.5).shape == (3,)
    for k in range(3):
        members = [member("normal", {"mean": m, "sd": s}) for m, s in zip(means[:, k], sds[:, k], strict=True)]
        alone = pool(members, None)
        assert together.quantile(LEVELS)[k] == pytest.approx(alone.quantile(LEVELS), rel=1e-9)
        assert float(together.cdf(0.5)[k]) == pytest.approx(float(alone.cdf(0.5)))
        assert float(together.density(0.5)[k]) == pytest.approx(float(alone.density(0.5)))
        assert float(together.moments()[1][k]) == pytest.approx(float(alone.moments()[1]))


def test_experts_far_apart_have_a_log_pool_between_them() -> None:
    far = [member("normal", {"mean": mean, "sd": 1}) for mean in (0, 60)]
    pool = distributions.logarithmic(far)
    assert pool.moments() == pytest.approx((30, 1), rel=1e-9)
    assert float(pool.overlap) == pytest.approx(math.exp(-450))
    assert float(distributions.logarithmic(far[:1] * 2).overlap) == pytest.approx(1)


def test_log_pools_of_what_excludes_each_other_are_refused() -> None:
    apart = [member("beta", {"a": 2, "b": 2}, low, low + 1) for low in (0, 5)]
    with pytest.raises(InputError, match="no value that all experts hold possible; allowed: supports that overlap"):
        distributions.logarithmic(apart)
    assert float(distributions.linear(apart).cdf(3)) == pytest.approx(0.5)
    narrow = distributions.logarithmic([apart[0], member("beta", {"a": 1, "b": 1}, 0.5, 1.5)])
    assert narrow.cdf([0.49, 1.01]) == pytest.approx([0, 1])
    assert narrow.density([0.49, 1.01]).tolist() == [0, 0]
    assert float(narrow.cdf(0.75)) == pytest.approx(
        integrate.quad(lambda x: math.sqrt(x * (1 - x)), 0.5, 0.75)[0]
        / integrate.quad(lambda x: math.sqrt(x * (1 - x)), 0.5, 1)[0]
    )


def test_what_has_no_moments_has_none_in_a_pool() -> None:
    heavy = member("log_t", {"location": 0, "scale": 1, "df": 3}, 0)
    light = member("gamma", {"shape": 2, "rate": 1}, 0)
    for pool in (distributions.linear, distributions.quantile_average):
        assert np.isposinf(pool([heavy, light]).moments()).all()
    same = distributions.logarithmic([heavy, heavy])
    assert np.isposinf(same.moments()).all()
    assert same.quantile(LEVELS) == pytest.approx(heavy.quantile(LEVELS), rel=1e-4)
    assert np.isfinite(distributions.logarithmic([heavy, light]).moments()).all()


def test_members_go_together() -> None:
    two = member("normal", {"mean": [0, 1], "sd": 1})
    for pool in distributions.METHODS.values():
        with pytest.raises(InputError, match=r"found arrays of the shapes \(\), \(2,\); allowed: one"):
            pool([two, NORMALS[0]], None)
        with pytest.raises(InputError, match="found no experts"):
            pool([], None)
    assert isinstance(MIXED[1], Metalog)
