"""Families fitted to judgements: published fits, laws, what is read back, and what is refused."""

import json
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings
from scipy import integrate, optimize, stats

from toc_model import InputError
from toc_model.statistics.elicitation import (
    FAMILIES,
    Fit,
    Judgements,
    Member,
    chips,
    fail_if_incoherent,
    fail_if_units_differ,
    fit,
    judged,
    member,
    quantiles,
    rank,
)

QUARTILES = (0.25, 0.5, 0.75)
FIVE = (0.05, 0.25, 0.5, 0.75, 0.95)
BETA = quantiles(dict(zip(QUARTILES, (25, 30, 40), strict=True)), 0, 100)
POSITIVE = quantiles(dict(zip(QUARTILES, (20, 30, 50), strict=True)), 0)

# Each with what SciPy calls it.
SAME: dict[str, tuple[dict[str, float], Any]] = {
    "normal": ({"mean": 1.0, "sd": 2.0}, stats.norm(1, 2)),
    "student_t": ({"location": 1.0, "scale": 2.0, "df": 3.0}, stats.t(3, 1, 2)),
    "skew_normal": ({"location": 1.0, "scale": 2.0, "shape": 3.0}, stats.skewnorm(3, 1, 2)),
    "lognormal": ({"mean_log": 1.0, "sd_log": 0.5}, stats.lognorm(0.5, -3, np.exp(1))),
    "log_t": ({"location": 1.0, "scale": 0.5, "df": 3.0}, None),
    "gamma": ({"shape": 2.0, "rate": 0.5}, stats.gamma(2, -3, 2)),
    "exponential": ({"rate": 0.5}, stats.expon(-3, 2)),
    "beta": ({"a": 2.0, "b": 5.0}, stats.beta(2, 5, -3, 13)),
    "logit_normal": ({"mean_logit": -0.5, "sd_logit": 0.8}, None),
    "mirror_lognormal": ({"mean_log": 1.0, "sd_log": 0.5}, None),
    "mirror_log_t": ({"location": 1.0, "scale": 0.5, "df": 3.0}, None),
    "mirror_gamma": ({"shape": 2.0, "rate": 0.5}, None),
}


def made(name: str) -> Member:
    """One of a family on the support -3 to 10, without the bounds that it does not have."""
    scale = FAMILIES[name].scale
    return member(name, SAME[name][0], -3.0 if scale.needs_lower else -np.inf, 10.0 if scale.needs_upper else np.inf)


# Published fits ---------------------------------------------------------------------------------------------------


def test_quartiles_on_an_interval_are_fitted_as_shelf_does() -> None:
    found = fit(BETA, "beta")
    assert [found.parameters[side] for side in "ab"] == pytest.approx([5.45213, 11.6056], rel=1e-4)
    assert found.distribution.quantile([0.05, 0.95]) == pytest.approx([15.173, 51.224], rel=1e-4)


@pytest.mark.parametrize(
    ("family", "parameters"),
    [("lognormal", [3.43075, 0.68203]), ("gamma", [2.35525, 0.0644657]), ("normal", [32.863, 23.031])],
)
def test_quartiles_above_a_bound_are_fitted_as_shelf_does(family: str, parameters: list[float]) -> None:
    assert list(fit(POSITIVE, family).parameters.values()) == pytest.approx(parameters, rel=1e-4)


# Families ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name, (_, other) in SAME.items() if other is not None])
def test_families_are_what_scipy_calls_them(name: str) -> None:
    own, other = made(name), SAME[name][1]
    x = np.array([-2.9, -1.0, 0.4, 3.0, 9.0])
    assert own.cdf(x) == pytest.approx(other.cdf(x), rel=1e-9, abs=1e-14)
    assert own.density(x) == pytest.approx(other.pdf(x), rel=1e-9)
    assert own.moments() == pytest.approx((other.mean(), other.std()), rel=1e-9)


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_is_a_distribution(name: str) -> None:
    own = made(name)
    levels = np.array([1e-3, 0.01, 0.3, 0.5, 0.9, 0.999])
    assert own.cdf(own.quantile(levels)) == pytest.approx(levels, rel=1e-9)
    low, high = (float(own.quantile(level)) for level in (0.2, 0.8))
    assert integrate.quad(lambda x: float(own.density(x)), low, high)[0] == pytest.approx(0.6, abs=1e-8)
    ends = own.quantile([0, 1])
    assert own.cdf(ends).tolist() == [0, 1]
    assert own.cdf([-1e300, 1e300]) == pytest.approx([0, 1], abs=1e-8)
    assert (own.density(ends[np.isfinite(ends)] * 2) == 0).all()
    with pytest.raises(InputError, match=r"level: found 1\.1; allowed: 0 to 1"):
        own.quantile([0.2, 1.1])
    mean, sd = own.moments()
    draws = own.quantile((np.arange(200_000) + 0.5) / 200_000)
    if "log_t" in name:
        assert not np.isfinite(mean)
        assert np.isinf(sd)
    else:
        assert mean == pytest.approx(draws.mean(), abs=0.01)
        assert sd == pytest.approx(draws.std(), rel=0.02)


@pytest.mark.parametrize("name", [name for name in FAMILIES if name.startswith("mirror_")])
def test_mirror_forms_are_those_of_the_distance_to_the_upper_bound(name: str) -> None:
    plain = member(name.removeprefix("mirror_"), SAME[name][0], 0.0, np.inf)
    x = np.array([-4.0, 2.0, 9.0])
    assert made(name).cdf(x) == pytest.approx(1 - plain.cdf(10 - x))
    said = judged(x[1:], [0.3, 0.8], -3, 10)
    mirrored = judged((10 - x[1:])[::-1], [0.2, 0.7], 0, np.inf)
    own, other = fit(said, name), fit(mirrored, name.removeprefix("mirror_"))
    for one, same in zip(own.parameters.values(), other.parameters.values(), strict=True):
        assert one == pytest.approx(same, rel=1e-6)


@pytest.mark.parametrize("name", FAMILIES)
def test_a_member_is_found_again(name: str) -> None:
    own = made(name)
    found = fit(judged(own.quantile(FIVE), FIVE, own.lower, own.upper), name)
    assert {key: float(value) for key, value in found.parameters.items()} == pytest.approx(SAME[name][0], rel=1e-5)
    assert float(found.misfit) < 1e-8


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize(
    "values", [[1.0, 2.0, 2.5, 4.0, 8.5], [0.37, 0.78, 9.11, 9.21, 9.57], [0.032, 0.039, 0.044, 1.43, 6.54]]
)
def test_no_other_member_has_smaller_squares(name: str, values: list[float]) -> None:
    """Simplex searches from the fit and from elsewhere find nothing better, though some end in other dips."""
    said = judged(values, FIVE, 0.0, 10.0)
    found = fit(said, name)
    free = FAMILIES[name].parameters[: FAMILIES[name].free]
    best = np.array([float(found.parameters[key]) for key in free])

    def squares(u: np.ndarray) -> float:
        parameters = found.parameters | dict(zip(free, map(np.asarray, u), strict=True))
        with np.errstate(all="ignore"):
            other = Member(FAMILIES[name], parameters, said.lower, said.upper).cdf(said.values)
        value = float(((other - said.probabilities) ** 2).sum())
        return value if np.isfinite(value) else 1e9

    assert squares(best) == pytest.approx(float(found.squares))
    rng = np.random.default_rng(0)
    for width in (0.0, 0.3, 0.3, 1.0, 1.0, 2.0, 2.0):
        start = best * np.exp(width * rng.normal(size=len(best))) + width * rng.normal() * (len(best) > 1)
        other = optimize.minimize(squares, start, method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-13})
        assert other.fun > float(found.squares) - 1e-8


def test_a_skew_normal_that_wants_all_skew_is_half_a_normal() -> None:
    values, levels = np.array([1.0, 3.0, 10.0]), np.array([0.05, 0.5, 0.95])

    def squares(u: np.ndarray) -> float:
        return float(((stats.halfnorm(u[0], np.exp(u[1])).cdf(values) - levels) ** 2).sum())

    half = optimize.minimize(squares, [0.8, 1.0], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-13})
    assert float(fit(judged(values, levels), "skew_normal").squares) == pytest.approx(half.fun, rel=1e-3)


# Laws -------------------------------------------------------------------------------------------------------------


@st.composite
def judgements(draw: st.DrawFn) -> Judgements:
    """Rising values inside a support, some close and some far apart."""
    steps = draw(st.lists(st.floats(0.05, 20), min_size=4, max_size=6))
    values = np.cumsum(steps[:-1])
    levels = np.linspace(0, 1, len(steps) + 1)[1:-1][: len(values)] ** draw(st.sampled_from([0.7, 1.0, 1.5]))
    return judged(values, levels, 0.0, float(np.sum(steps)))


@settings(max_examples=60, deadline=None)
@given(judgements(), st.sampled_from(sorted(FAMILIES)))
def test_judgements_come_back_within_the_stated_misfit(said: Judgements, family: str) -> None:
    found = fit(said, family)
    off = np.abs(found.distribution.cdf(said.values) - said.probabilities)
    assert off.max() <= float(found.misfit) + 1e-12
    below, above = said.probabilities - found.misfit, said.probabilities + found.misfit
    slack = 1e-6 * said.values[-1]
    assert (found.distribution.quantile(np.maximum(below, 0)) <= said.values + slack)[below > 1e-9].all()
    assert (found.distribution.quantile(np.minimum(above, 1)) >= said.values - slack)[above < 1 - 1e-9].all()
    assert float(found.misfit) <= 0.5


@settings(max_examples=30, deadline=None)
@given(judgements(), st.sampled_from([1e-9, 1e-3, 1e6]), st.sampled_from(sorted(FAMILIES)))
def test_the_unit_changes_nothing(said: Judgements, unit: float, family: str) -> None:
    other = judged(said.values * unit, said.probabilities, 0.0, said.upper * unit)
    own = fit(said, family)
    assert fit(other, family).probabilities == pytest.approx(own.probabilities, abs=2e-5)


def test_many_are_fitted_as_each_by_itself() -> None:
    rng = np.random.default_rng(1)
    values = np.sort(rng.uniform(1, 99, (2, 3, 4)), -1)
    levels, upper = np.array([0.1, 0.4, 0.6, 0.9]), np.array([[100.0, 200, 300], [100, 150, 100]])
    for name in FAMILIES:
        together = fit(judged(values, levels, 0.0, upper), name)
        assert together.misfit.shape == (2, 3)
        assert together.implied.shape == (2, 3, 2)
        for place in np.ndindex(2, 3):
            alone = fit(judged(values[place], levels, 0.0, upper[place]), name)
            assert together.probabilities[place] == pytest.approx(alone.probabilities, abs=1e-7)
            assert together.distribution.at(place).cdf(30.0) == pytest.approx(float(alone.distribution.cdf(30.0)))


def test_what_is_tight_beside_its_size_is_fitted() -> None:
    values = 1e6 + np.array([-1.0, 0.1, 2.0])
    for name in ("normal", "student_t", "lognormal", "gamma"):
        found = fit(judged(values, QUARTILES, 0.0), name)
        assert float(found.misfit) < 0.1


# What is read back ------------------------------------------------------------------------------------------------


def test_a_fit_is_read_back() -> None:
    found = fit(POSITIVE, "normal")
    normal = stats.norm(*(float(value) for value in found.parameters.values()))
    assert found.probabilities == pytest.approx(normal.cdf([20, 30, 50]))
    assert float(found.misfit) == pytest.approx(max(abs(normal.cdf([20, 30, 50]) - QUARTILES)))
    assert found.implied == pytest.approx(normal.ppf([0.01, 0.99]))
    assert found.tertiles == pytest.approx(normal.ppf([1 / 3, 2 / 3]))
    assert float(found.outside) == pytest.approx(normal.cdf(0))
    assert found.quantiles == pytest.approx(normal.ppf(QUARTILES))
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["family"] == "normal"


def test_a_tail_beyond_numbers_is_told_as_nothing() -> None:
    found = fit(judged([1e-250, 1, 1e250], (0.1, 0.5, 0.9), 0.0), "log_t").to_dict()
    assert found["implied_01_99"][1] is None
    json.dumps(found, allow_nan=False)


def test_families_are_ranked_beside_those_with_as_many_parameters() -> None:
    ranking = rank(BETA)
    assert {free: len(row) for free, row in ranking.fits.items()} == {1: 1, 2: 10, 3: 2}
    for row in ranking.fits.values():
        squares = [float(one.squares) for one in row]
        assert squares == sorted(squares)
    assert ranking.best(3).name == "metalog"
    assert ranking.best(2).name == "log_t"
    with pytest.raises(InputError, match="found 4 parameters; allowed: 1, 2, 3"):
        ranking.best(4)
    json.dumps(ranking.to_dict(), allow_nan=False)


def test_a_ranking_tells_what_could_not_be_fitted() -> None:
    ranking = rank(judged([2, 5], [0.2, 0.8], 0.0))
    assert set(ranking.refused) == {
        "skew_normal",
        "beta",
        "logit_normal",
        "mirror_lognormal",
        "mirror_log_t",
        "mirror_gamma",
        "metalog",
    }
    assert "found 2 judgements" in ranking.refused["skew_normal"]
    assert "finite upper bound" in ranking.refused["beta"]


def test_one_judgement_makes_an_exponential() -> None:
    found = fit(quantiles({0.5: 3}, 0), "exponential")
    assert float(found.parameters["rate"]) == pytest.approx(np.log(2) / 3)
    assert list(rank(quantiles({0.5: 3}, 0)).fits) == [1]


# Chips ------------------------------------------------------------------------------------------------------------


def test_chips_are_points_of_a_cdf() -> None:
    said = chips([0, 10, 20, 30, 40, 50], [0, 2, 5, 3, 0])
    assert said.values.tolist() == [20, 30]
    assert said.probabilities == pytest.approx([0.2, 0.7])
    assert (float(said.lower), float(said.upper)) == (0, 50)
    assert isinstance(fit(said, "beta"), Fit)
    assert float(chips([0, 1, 2], [1, 1], upper=np.inf).upper) == np.inf


def test_a_bin_between_others_may_be_empty() -> None:
    said = chips([0, 1, 2, 3], [4, 0, 4])
    assert said.probabilities.tolist() == [0.5, 0.5]
    assert float(fit(said, "normal").parameters["mean"]) == pytest.approx(1.5)


@pytest.mark.parametrize(
    ("edges", "counts", "bounds", "message"),
    [
        ([0, 1, 2], [3], {}, "found 1 counts for 3 edges"),
        ([0, 2, 1], [3, 4], {}, "allowed: numbers that rise"),
        ([0, 1, 2], [3, -1], {}, r"found counts 3, -1; allowed: 0, 1, 2"),
        ([0, 1, 2], [3, 1.5], {}, "allowed: 0, 1, 2"),
        ([0, 1, 2], [3, 0], {}, "found chips in 1 bin; allowed: at least two"),
        ([0, 1, 2], [0, 0], {}, "found chips in 0 bins"),
        ([0, 1, 2], [1, 1], {"lower": 0.5}, "found chips from 0 to 2; allowed: from 0.5 to 2"),
    ],
)
def test_chips_that_cannot_be_meant(
    edges: list[float], counts: list[float], bounds: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        chips(edges, counts, **bounds)


# What is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "levels", "bounds", "message"),
    [
        ([], [], {}, "found no judgement"),
        ([3, 2], [0.1, 0.9], {}, "found 3 at 10 % and 2 at 90 %; allowed: values that rise"),
        ([2, 2], [0.1, 0.9], {}, "found 2 at 10 % and 2 at 90 %"),
        ([2, 3], [0.9, 0.1], {}, "found 2 at 90 % and 3 at 10 %"),
        ([2, 3], [0.1, 1.2], {}, "found the probability 1.2; allowed: above 0 and below 1"),
        ([2, 3], [0.0, 0.5], {}, "found the probability 0 of at most 2; .* said by the support"),
        ([2, 3], [0.1, 0.9], {"lower": 2}, "found 2 at 10 %; allowed: above 2, the support"),
        ([2, 30], [0.1, 0.9], {"lower": 0, "upper": 10}, "found 30 at 90 %; allowed: above 0 and below 10"),
        ([2, np.nan], [0.1, 0.9], {}, "found nan as a value; allowed: a finite number"),
        ([2, np.inf], [0.1, 0.9], {}, "found inf as a value"),
        ([2, 3], [0.1, 0.9], {"lower": 5, "upper": 5}, "found a support from 5 to 5"),
        ([2, 3], [0, 1], {"lower": 2, "upper": 3}, "found no judgement but the support"),
    ],
)
def test_judgements_that_cannot_be_meant(
    values: list[float], levels: list[float], bounds: dict[str, float], message: str
) -> None:
    with pytest.raises(InputError, match=message) as refused:
        judged(values, levels, **bounds, where="delay")
    assert str(refused.value).startswith("delay: ")
    assert "\n" not in str(refused.value)


def test_which_of_many_is_wrong_is_told() -> None:
    values = np.array([[[1.0, 2.0]], [[4.0, 3.0]]])
    with pytest.raises(InputError, match=r"^delay \[1, 0\]: found 4 at 10 % and 3 at 90 %"):
        judged(values, [0.1, 0.9], where="delay")


def test_bounds_among_judgements_say_nothing_new() -> None:
    said = judged([0, 20, 30, 50, 100], [0, 0.25, 0.5, 0.75, 1], 0, 100)
    assert said.number == 3
    with pytest.raises(InputError, match="a bound among the judgements of some sets"):
        judged([[0, 20], [10, 20]], [[0, 0.5], [0.2, 0.5]], 0, 100)


@pytest.mark.parametrize(
    ("said", "family", "message"),
    [
        (quantiles({0.5: 3}, 0), "gamma", "found 1 judgement for gamma; allowed: at least 2, or one of exponential"),
        (quantiles({0.2: 3, 0.5: 4}), "skew_normal", "found 2 judgements for skew_normal; allowed: at least 3"),
        (quantiles({0.2: 3, 0.5: 4}), "gamma", "support without a finite lower bound; allowed with it: normal"),
        (quantiles({0.2: 3, 0.5: 4}), "beta", "without a finite lower and upper bound"),
        (quantiles({0.2: 3, 0.5: 4}), "gama", "unknown family 'gama'; did you mean 'gamma'"),
    ],
)
def test_families_that_cannot_be_fitted(said: Judgements, family: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        fit(said, family)


def test_units_are_never_mixed() -> None:
    fail_if_units_differ(["years", "years"])
    with pytest.raises(InputError, match="delay: found the units 'years', 'months'; allowed: one unit for all"):
        fail_if_units_differ(["years", "months", "years"], "delay")


def test_conditionals_must_add_up() -> None:
    fail_if_incoherent(0.25, 0.5, 0.2, 0.3)
    fail_if_incoherent(0.26, 0.5, 0.2, 0.3)
    with pytest.raises(InputError, match=r"found P\(A\) = 0.4 where the conditional probabilities make it 0.25"):
        fail_if_incoherent(0.4, 0.5, 0.2, 0.3)
    with pytest.raises(InputError, match=r"found P\(A \| B\) = 1.2; allowed: 0 to 1"):
        fail_if_incoherent(0.4, 0.5, 1.2, 0.3)
