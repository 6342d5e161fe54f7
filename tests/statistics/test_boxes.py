"""Boxes of inputs: known ones are found, none is found in noise, and laws of peeling hold."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from scipy import stats

from toc_model import InputError
from toc_model.statistics.boxes import Box, Fit, Rule, discover, firmness
from toc_model.statistics.boxes.discovery import prepared, search
from toc_model.statistics.boxes.peeling import Said, peeled


def inputs(values: np.ndarray) -> xr.DataArray:
    return xr.DataArray(values, dims=("draw", "entry"), coords={"entry": [f"x{i}" for i in range(values.shape[1])]})


def draws(so: np.ndarray) -> xr.DataArray:
    return xr.DataArray(np.asarray(so, dtype=bool), dims="draw")


def known_box(count: int = 2000, columns: int = 12, seed: int = 1) -> tuple[xr.DataArray, xr.DataArray]:
    """So in nine tenths of the draws with x0 above .5 and x1 between .2 and .7, and in a tenth of all others."""
    rng = np.random.default_rng(seed)
    values = rng.random((count, columns))
    inside = (values[:, 0] > 0.5) & (values[:, 1] > 0.2) & (values[:, 1] < 0.7)
    return inputs(values), draws(rng.random(count) < np.where(inside, 0.9, 0.1))


def test_a_known_box_is_found() -> None:
    table, so = known_box()
    found = discover(table, so)
    assert set(found.box.limits) == {"x0", "x1"}
    low, high = found.box.limits["x0"]
    assert low == pytest.approx(0.5, abs=0.03)
    assert high == np.inf
    assert found.box.limits["x1"] == pytest.approx((0.2, 0.7), abs=0.04)
    assert found.fit.density == pytest.approx(0.9, abs=0.04)
    assert found.fit.coverage == pytest.approx(0.225 / 0.3, abs=0.05)
    assert all(p < 1e-6 for p in found.quasi_p.values())


def test_a_quasi_p_value_is_that_of_as_many_hits_or_more_without_the_limit() -> None:
    rng = np.random.default_rng(4)
    values = rng.random((300, 1))
    found = discover(inputs(values), draws(rng.random(300) < np.where(values[:, 0] > 0.6, 0.8, 0.3)))
    expected = stats.binom.sf(found.fit.hits - 1, found.fit.inside, found.fit.so / found.fit.draws)
    assert found.quasi_p == {"x0": pytest.approx(float(expected), rel=1e-9, abs=0)}


@pytest.mark.parametrize("of", ["inputs", "so"])
def test_how_draws_were_made_is_taken_from_either_side(of: str) -> None:
    table, so = known_box(40, 2)
    chain = {"chain": ("draw", np.arange(40) // 20)}
    sides = (table.assign_coords(chain), so) if of == "inputs" else (table, so.assign_coords(chain))
    assert prepared(*sides)[1]["chain"].values.tolist() == chain["chain"][1].tolist()


def test_a_known_box_is_firm_and_as_good_on_draws_that_it_was_not_found_on() -> None:
    table, so = known_box()
    found = firmness(table, so, resamples=20, shuffles=19)
    assert (found.limited("x0"), found.limited("x1")) == (1.0, 1.0)
    assert max(found.limited(f"x{i}") for i in range(2, 12)) <= 0.2
    assert found.usual("x1") == pytest.approx((0.2, 0.7), abs=0.05)
    for judged, truth in ((found.density, 0.9), (found.coverage, 0.75), (found.mass, 0.25)):
        assert abs(judged.value - truth) < 4 * judged.error
    assert found.chance == 1 / 20
    assert found.told
    assert found.denser
    assert not replace(found, denser=False).told
    assert not replace(found, chance=0.06).told
    assert found.shuffled < discover(table, so).fit.excess / 4


def test_where_nothing_tells_harm_apart_a_box_is_no_better_than_chance() -> None:
    """At most one in ten of data sets without any structure has a box that is told from chance at one in twenty."""
    told = 0
    for seed in range(30):
        rng = np.random.default_rng(seed)
        table, so = inputs(rng.standard_normal((200, 4))), draws(rng.random(200) < 0.3)
        if discover(table, so).box.limits:
            told += firmness(table, so, resamples=2, shuffles=39, seed=seed).told
    assert told <= 3


def test_left_out_draws_see_through_boxes_of_noise() -> None:
    """Of 20 inputs that tell nothing some box looks dense; judged on other draws it is as dense as all of them."""
    dense, seen, judged = Rule(density=0.9), [], []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        table, so = inputs(rng.standard_normal((100, 20))), draws(rng.random(100) < 0.4)
        found = discover(table, so, dense)
        if found.box.limits:
            left_out = firmness(table, so, dense, resamples=2, shuffles=1, seed=seed).density
            seen.append(found.fit.density - found.fit.share)
            judged.append(left_out.value - found.fit.share)
            assert left_out.value - found.fit.share < 3 * left_out.error
    assert len(seen) >= 4
    assert np.mean(seen) > 0.15
    assert abs(np.mean(judged)) < 0.06


def test_errors_on_left_out_draws_cover_what_the_box_truly_holds() -> None:
    """Of boxes in samples of 400, judged with 90 % intervals, against the density of each in the whole population."""
    covered = []
    for seed in range(30):
        rng = np.random.default_rng(seed)
        values = rng.random((400, 3))
        so = rng.random(400) < chance_of(values)
        found = discover(inputs(values), draws(so))
        judged = firmness(inputs(values), draws(so), resamples=10, shuffles=1, seed=seed).density
        population = rng.random((20_000, 3))
        truth = chance_of(population)[found.box.inside(inputs(population)).values].mean()
        covered.append(abs(judged.value - truth) < 1.645 * judged.error)
    assert np.mean(covered) >= 0.8


def chance_of(values: np.ndarray) -> np.ndarray:
    return np.where((values[:, 0] > 0.5) & (values[:, 1] > 0.3), 0.7, 0.25)


def test_an_effect_that_is_nil_is_peeled_as_a_whole() -> None:
    """Half of the draws tie at 0, and it is so where the effect is not nil."""
    rng = np.random.default_rng(2)
    values = np.where(rng.random((1000, 1)) < 0.5, 0.0, rng.random((1000, 1)) + 1)
    found = discover(inputs(values), draws(values[:, 0] > 0))
    assert found.box.limits == {"x0": (values[values > 0].min(), np.inf)}
    assert (found.fit.density, found.fit.coverage) == (1.0, 1.0)
    other = discover(inputs(values), draws(values[:, 0] == 0))
    assert other.box.limits == {"x0": (-np.inf, 0.0)}


def test_no_more_inputs_are_limited_than_the_rule_allows() -> None:
    rng = np.random.default_rng(3)
    values = rng.random((2000, 6))
    so = draws((values[:, :4] > 0.3).all(axis=1))
    assert set(discover(inputs(values), so).box.limits) == {"x0", "x1", "x2", "x3"}
    values[:, 3] = rng.random(2000) * 0.1 + values[:, 0]
    assert len(discover(inputs(values), so, Rule(most=2)).box.limits) == 2
    assert len(discover(inputs(values), so, Rule(most=1)).box.limits) == 1


def test_a_dense_box_is_the_largest_that_is_so_dense() -> None:
    rng = np.random.default_rng(4)
    values = rng.random((4000, 3))
    so = draws(rng.random(4000) < values[:, 0])
    found = discover(inputs(values), so, Rule(density=0.8))
    assert 0.8 <= found.fit.density < 0.83
    assert found.box.limits["x0"][0] == pytest.approx(0.6, abs=0.05)
    out_of_reach = discover(inputs(values), so, Rule(density=1.0, support=0.2))
    assert out_of_reach.fit.mass >= 0.2
    assert out_of_reach.fit.density == pytest.approx(0.9, abs=0.04)


def test_figures_of_a_box_by_hand() -> None:
    fit = Fit(draws=100, so=20, inside=25, hits=15)
    assert (fit.share, fit.density, fit.coverage, fit.mass) == (0.2, 0.6, 0.75, 0.25)
    assert fit.excess == pytest.approx(0.25 * (0.6 - 0.2))
    assert np.isnan(Fit(100, 0, 0, 0).density)
    assert np.isnan(Fit(100, 0, 0, 0).coverage)


def test_quasi_p_is_that_of_the_box_without_one_input() -> None:
    table, so = known_box()
    found = discover(table, so)
    wider = Box({name: limits for name, limits in found.box.limits.items() if name != "x1"}).inside(table)
    inside = found.box.inside(table)
    expected = stats.binom.sf(int((inside & so).sum()) - 1, int(inside.sum()), float(so[wider].mean()))
    assert found.quasi_p["x1"] == pytest.approx(expected)
    assert found.fit.hits == int((inside & so).sum())


def test_a_draw_that_counts_twice_is_two_draws() -> None:
    table, so = known_box(300, 4)
    data, counted, _ = prepared(table, so)
    hits = counted.values
    weight = np.random.default_rng(0).integers(0, 3, 300).astype(float)
    weighted, _ = search(data, Said(weight, weight * hits), Rule())
    place = np.repeat(np.arange(300), weight.astype(int))
    again, hits_again, _ = prepared(table.isel(draw=place), so.isel(draw=place))
    repeated, _ = search(again, Said.of_all(hits_again.values), Rule())
    assert weighted.fit == repeated.fit
    np.testing.assert_array_equal(weighted.low, repeated.low)


cases = st.tuples(st.integers(30, 120), st.integers(1, 4), st.integers(0, 1000))


def anything(case: tuple[int, int, int]) -> tuple[xr.DataArray, xr.DataArray]:
    """Inputs with ties, and something that goes with the first of them."""
    many, columns, seed = case
    rng = np.random.default_rng(seed)
    values = rng.standard_normal((many, columns)).round(1)
    return inputs(values), draws(rng.random(many) < stats.norm.cdf(values[:, 0]))


@given(cases)
@settings(max_examples=40, deadline=None)
def test_each_peel_makes_the_box_smaller_and_denser(case: tuple[int, int, int]) -> None:
    table, so = anything(case)
    data, hits, _ = prepared(table, so)
    said = Said.of_all(hits.values)
    trail = peeled(data, said, range(case[1]), support=0.1)
    assert trail[0].fit.mass == 1
    for one, other in pairwise(trail):
        assert other.fit.density > one.fit.density
        assert 0.1 <= other.fit.mass < one.fit.mass
    for one in trail:
        assert one.fit == said.of(one.holds(data))


@given(cases)
@settings(max_examples=40, deadline=None)
def test_only_the_order_of_draws_matters(case: tuple[int, int, int]) -> None:
    table, so = anything(case)
    found = discover(table, so)
    other_unit = table.copy(data=np.exp(table.values / 3))
    stretched = discover(other_unit, so)
    assert found.fit == stretched.fit
    np.testing.assert_array_equal(found.box.inside(table), stretched.box.inside(other_unit))
    other_order = np.random.default_rng(0).permutation(case[0])
    shuffled = discover(table.isel(draw=other_order), so.isel(draw=other_order))
    assert shuffled.fit == found.fit


@given(cases)
@settings(max_examples=40, deadline=None)
def test_what_a_box_says_is_what_it_holds(case: tuple[int, int, int]) -> None:
    table, so = anything(case)
    found = discover(table, so)
    inside = found.box.inside(table)
    assert found.fit == Fit(case[0], float(so.sum()), float(inside.sum()), float((inside & so).sum()))
    assert found.fit.excess >= 0
    assert found.trail[0] == (Fit(case[0], float(so.sum()), case[0], float(so.sum())), ())


def test_draws_go_together_by_their_labels() -> None:
    table, so = known_box(400, 3)
    labelled = table.assign_coords(draw=np.arange(400))
    turned = so.assign_coords(draw=np.arange(400)).isel(draw=slice(None, None, -1))
    assert discover(labelled, turned) == discover(table, so)
    with pytest.raises(InputError, match="what is so: found the draw 400; allowed: the draws of the inputs"):
        discover(labelled, so.assign_coords(draw=np.arange(1, 401)))
    with pytest.raises(InputError, match="what is so: found 399 draws; allowed: 400"):
        discover(table, so[1:])


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: Rule(support=0), "support: found 0; allowed: a share between 0 and 1"),
        (lambda: Rule(support=5), "support: found 5; allowed: a share between 0 and 1; did you mean 0.05?"),
        (lambda: Rule(density=60), "density: found 60; allowed: a share between 0 and 1; did you mean 0.6?"),
        (lambda: Rule(density=float("nan")), "density: found nan"),
        (lambda: Rule(alpha=1), "alpha: found 1"),
        (lambda: Rule(most=0), "most: found 0; allowed: 1 or more inputs"),
        (lambda: Box({"y": (0, 1)}).inside(known_box(20)[0]), "box: unknown input 'y'"),
        (
            lambda: firmness(*known_box(50, 2), resamples=0),
            "resamples, shuffles: found 0, 99; allowed: 2 or more, 1 or more",
        ),
        (lambda: discover(known_box(20)[0] * np.nan, known_box(20)[1]), "inputs: found a value that is not a finite"),
    ],
)
def test_what_can_not_be_searched_is_refused(ask: Any, message: str) -> None:
    with pytest.raises(InputError) as error:
        ask()
    assert message in str(error.value)


@pytest.mark.parametrize("so", [np.zeros(60), np.ones(60)])
def test_what_is_never_or_always_so_has_no_box(so: np.ndarray) -> None:
    table = known_box(60, 2)[0]
    assert discover(table, draws(so)).box.limits == {}


def test_no_inputs_have_no_box() -> None:
    assert discover(inputs(np.empty((50, 0))), draws(np.arange(50) < 20)).box.limits == {}


def test_steps_are_counted() -> None:
    seen: list[tuple[int, int]] = []
    firmness(*known_box(100, 2), resamples=2, shuffles=3, progress=lambda done, all_: seen.append((done, all_)))
    assert seen == [(place, 10) for place in range(1, 11)]
