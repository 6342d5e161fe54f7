"""Every function of arrays refuses what is no number, and chains; the order of draws changes nothing."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

import toc_model.statistics
from toc_model import InputError
from toc_model.statistics import (
    boxes,
    break_even,
    cost_effectiveness,
    decisions,
    dominance,
    draws,
    firsts,
    information,
    price,
    resamples,
    signs,
    standard_errors,
    verdicts,
)
from toc_model.statistics import shapley as values_of
from toc_model.statistics.boxes import discovery
from toc_model.statistics.information.floor import noise_floor
from toc_model.statistics.sensitivity import flip, given_data, power, response

N = 240
RNG = np.random.default_rng(5)
A, B = RNG.normal(1, 1, N), RNG.normal(0, 2, N)
DRAW = {"draw": np.arange(N)}

type Side = xr.DataArray


def table(columns: list[np.ndarray], dim: str, names: list[str]) -> Side:
    return xr.DataArray(np.column_stack(columns), dims=("draw", dim), coords=DRAW | {dim: names})


ONE = xr.DataArray(A, dims="draw", coords=DRAW)
OTHER = xr.DataArray(3 + 0.2 * B, dims="draw", coords=DRAW)
LOSS = table([np.zeros(N), B - A, B + 0.3], "allocation", ["a", "b", "c"])
LATER = table([A, B, A - B], "allocation", ["a", "b", "c"])
COST = xr.DataArray([0.0, 0.4, 0.1], dims="allocation", coords={"allocation": ["a", "b", "c"]})
INPUTS = table([A, B], "entry", ["a", "b"])
SO = xr.DataArray((A + B > 1).astype(float), dims="draw", coords=DRAW)
OUTCOMES = table([A + B**2, B - A], "outcome", ["level", "change"])
MEASURES = LOSS.rename(allocation="measure")
MEANS = LOSS[:3].rename(draw="worldview").assign_coords(worldview=["u", "v", "w"])
WEIGHTS = xr.DataArray([1.0, 5.0, 2.0], dims="worldview", coords={"worldview": ["u", "v", "w"]})
STUDIES = xr.DataArray(np.exp(-((A[:25, None] - A) ** 2)), dims=("study", "draw"), coords=DRAW)
START = xr.DataArray([0.5, 0.1], dims="entry", coords={"entry": ["a", "b"]})


def model(rows: Side) -> Side:
    a, b = (rows.sel(entry=name).values for name in ("a", "b"))
    return xr.DataArray(np.column_stack([a - 2 * b]), dims=("draw", "outcome"), coords={"outcome": ["level"]})


def densities(side: Side) -> xr.Dataset:
    return side.to_dataset("entry")


CASES: dict[str, tuple[Callable[..., Any], tuple[Side, ...]]] = {
    "decisions.summary": (decisions.summary, (LOSS,)),
    "decisions.figures": (decisions.figures, (ONE,)),
    "decisions.paired_change": (lambda x: decisions.paired_change(x, "b"), (LOSS,)),
    "decisions.paired_effect": (decisions.paired_effect, (LOSS,)),
    "decisions.as_good_as_best": (decisions.as_good_as_best, (LOSS,)),
    "decisions.is_best": (decisions.is_best, (LOSS,)),
    "decisions.p_best": (decisions.p_best, (LOSS,)),
    "decisions.p_best_curve": (lambda x, y: decisions.p_best_curve(x, y, [0, 1]), (LOSS, COST)),
    "decisions.regret": (decisions.regret, (LOSS,)),
    "decisions.expected_opportunity_loss": (decisions.expected_opportunity_loss, (LOSS,)),
    "decisions.regret_across": (decisions.regret_across, (MEANS, WEIGHTS)),
    "decisions.cvar": (decisions.cvar, (LOSS,)),
    "decisions.cvar_error": (decisions.cvar_error, (LOSS,)),
    "standard_errors.error_of_mean": (standard_errors.error_of_mean, (LOSS,)),
    "standard_errors.quantile_error": (lambda x: standard_errors.quantile_error(x, 0.5), (ONE,)),
    "dominance.mean_variance": (dominance.mean_variance, (LOSS,)),
    "dominance.dominance": (dominance.dominance, (LOSS,)),
    "resamples.dominance_shares": (lambda x: resamples.dominance_shares(x, resamples=5), (LOSS,)),
    "resamples.frontier_shares": (lambda x: resamples.frontier_shares(x, resamples=5), (LOSS,)),
    "cost_effectiveness.frontier": (cost_effectiveness.frontier, (LOSS, COST)),
    "cost_effectiveness.frontier_shares": (
        lambda x, y: cost_effectiveness.frontier_shares(x, y, resamples=5),
        (LOSS, COST),
    ),
    "cost_effectiveness.acceptability": (lambda x, y: cost_effectiveness.acceptability(x, y, [0, 1]), (LOSS, COST)),
    "decisions.priced": (lambda x, y: list(decisions.priced(x, y, [0, 1])), (LOSS, COST)),
    "discovery.discover": (boxes.discover, (INPUTS, SO)),
    "discovery.prepared": (discovery.prepared, (INPUTS, SO)),
    "firmness.firmness": (lambda x, y: boxes.firmness(x, y, resamples=2, shuffles=1), (INPUTS, SO)),
    "firsts.first_shares": (lambda x, y: firsts.first_shares([x, y], [1, 2], resamples=5), (LOSS, LATER)),
    "break_even.break_even": (lambda x, y: break_even.break_even(x, y).to_dict(), (-OTHER, ONE)),
    "break_even.relative_change": (break_even.relative_change, (OTHER, ONE)),
    "price.price": (lambda x: price.price(x, 10.0).to_dict(), (OTHER,)),
    "draws.difference": (draws.difference, (LOSS, LATER)),
    "verdicts.mean": (lambda x: verdicts.mean("x", x).to_dict(), (ONE,)),
    "verdicts.ratio": (lambda x, y: verdicts.ratio("x", x, y).to_dict(), (ONE, OTHER)),
    "verdicts.quantile": (lambda x: verdicts.quantile("x", x, 0.5).to_dict(), (ONE,)),
    "information.evpi": (information.evpi, (LOSS,)),
    "information.evppi": (information.evppi, (LOSS, INPUTS)),
    "information.evppi_of_each": (information.evppi_of_each, (LOSS, INPUTS)),
    "information.evsi_regression": (information.evsi_regression, (LOSS, INPUTS)),
    "information.evsi_moment_matching": (information.evsi_moment_matching, (LOSS, INPUTS, STUDIES)),
    "information.evppi_nested": (lambda x: information.evppi_nested(lambda _: x, 100), (LOSS,)),
    "information.expected_gap": (
        lambda x, y, a, b: information.expected_gap((x, y), (a, b)),
        (MEASURES, MEASURES**2, INPUTS, INPUTS),
    ),
    "information.noise_floor": (lambda x, y: noise_floor(x, [y], shifts=20), (LOSS, INPUTS)),
    "information.columns_of": (lambda x: information.columns_of(x, N), (INPUTS,)),
    "given_data.first_order": (given_data.first_order, (INPUTS, OUTCOMES)),
    "given_data.explained_together": (given_data.explained_together, (INPUTS, OUTCOMES)),
    "given_data.shapley_effects": (given_data.shapley_effects, (INPUTS, OUTCOMES)),
    "given_data.paired_outcomes": (given_data.paired_outcomes, (INPUTS, OUTCOMES)),
    "response.response_by_regression": (response.response_by_regression, (INPUTS, OUTCOMES)),
    "response.response_by_setting": (lambda x: response.response_by_setting(x, model), (INPUTS,)),
    "response.unmoved": (lambda x: response.unmoved(x, model), (INPUTS,)),
    "flip.flips": (lambda x: flip.flips(x, model, "level"), (START,)),
    "power.power_scaling": (lambda x, y: power.power_scaling("prior", densities(x), y), (-(INPUTS**2), OUTCOMES)),
    "power.by_chance": (lambda x, y: power.by_chance("prior", densities(x), y, seed=1), (-(INPUTS**2), OUTCOMES)),
    "power.diagnoses": (lambda x, y: power.diagnoses(densities(x), densities(x), y), (-(INPUTS**2), OUTCOMES)),
    "shapley.shapley": (lambda x: values_of.shapley(["i", "j"], lambda chosen: x * len(chosen)), (LOSS,)),
}
SIDES = [(name, place) for name, (_, sides) in CASES.items() for place in range(len(sides))]
every_side = pytest.mark.parametrize(("name", "place"), SIDES, ids=[f"{name}-{place}" for name, place in SIDES])

ELSEWHERE = {
    "alike": "of two arrays that go together already",
    "rounding": "what a figure may differ by",
    "design_of": "of what is checked",
    "quantiles": "of what is checked",
    "sd": "of what is checked",
    "shifted": "of what is checked",
    "variance": "of what is checked",
    "weighed_as": "part of evppi",
    "weights_of": "the rule itself",
    "fail_if_unfit": "the rule itself",
    "fail_if_no_draws": "the rule itself",
    "fail_if_not_finite": "the rule itself",
    "fail_if_not_so": "the rule itself",
    "fail_if_constant": "of outcomes that are checked",
    "nearly_nil": "of what is checked",
    "row": "of tables of figures",
    "effect_figures": "of tables of figures",
    "rivals": "of shares",
    "crossings": "of tables of figures",
    "log_prior": "what it gives is checked where it is used",
    "share": "of what is so or not",
    "always": "of what is so or not",
    "sometimes": "of what is so or not",
    "fail_if_no_losses": "part of evpi",
    "paired_losses": "part of evpi",
    "columns_like": "part of evppi",
    "sobol_indices": "of functions alone",
}
"""Functions that have arrays and are not tried here, and why."""


def functions() -> Iterator[str]:
    """Public functions of the package that are given arrays."""
    for found in pkgutil.walk_packages(toc_model.statistics.__path__, "toc_model.statistics."):
        module = importlib.import_module(found.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if name.startswith("_") or function.__module__ != found.name:
                continue
            if any(word in str(inspect.signature(function)) for word in ("DataArray", "Dataset", "Inputs")):
                yield name


def test_every_function_of_arrays_is_tried() -> None:
    tried = {name.partition(".")[2] for name in CASES}
    assert set(functions()) - tried == set(ELSEWHERE)


@every_side
@pytest.mark.parametrize("strange", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_is_refused(name: str, place: int, strange: float) -> None:
    call, sides = CASES[name]
    given_sides = list(sides)
    spoilt = sides[place].copy(deep=True)
    spoilt.values.flat[min(17, spoilt.size - 1)] = strange
    given_sides[place] = spoilt
    with pytest.raises(InputError, match="not a finite number") as refused:
        call(*given_sides)
    assert "\n" not in str(refused.value)


@every_side
def test_chains_are_refused_in_one_line(name: str, place: int) -> None:
    call, sides = CASES[name]
    for chained in (sides[place].expand_dims(chain=2), _in_chains(sides[place])):
        given_sides = list(sides)
        given_sides[place] = chained
        with pytest.raises(InputError, match="found the dim chain; allowed: draws in one row") as refused:
            call(*given_sides)
        assert "\n" not in str(refused.value)


def _in_chains(side: Side) -> Side:
    """Half of the draws, or of what there is, in either of two chains."""
    dim = "draw" if "draw" in side.dims else str(side.dims[0])
    half = side.sizes[dim] // 2
    parts = [side.isel({dim: slice(start, start + half)}).drop_vars(dim, errors="ignore") for start in (0, half)]
    return xr.concat(parts, "chain")


ORDERED = {
    "decisions.paired_change",
    "draws.difference",
    "decisions.is_best",
    "decisions.regret",
    "information.columns_of",
}
"""What gives draws back, in the order that it was given them."""
QUICK = [
    name
    for name, (_, sides) in CASES.items()
    if name.partition(".")[0] in {"decisions", "dominance", "break_even", "price", "verdicts"}
    and name not in ORDERED
    and all("draw" in side.dims for side in sides)
]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_draws_in_any_order_give_the_same_or_are_refused(data: st.DataObject) -> None:
    """Each side is shuffled by itself, and some have a value that is no number or a strange label."""
    name = data.draw(st.sampled_from(QUICK))
    call, sides = CASES[name]
    expected = call(*sides)
    shuffled, bad = [], False
    for side in sides:
        order = np.random.default_rng(data.draw(st.integers(0, 99))).permutation(N)
        other = side.isel(draw=order).copy(deep=True)
        spoil = data.draw(st.sampled_from(["", "", "", "nan", "inf", "chain", "twice"]))
        bad |= bool(spoil)
        if spoil in {"nan", "inf"}:
            other.values.flat[data.draw(st.integers(0, other.size - 1))] = float(spoil)
        elif spoil == "chain":
            other = other.expand_dims(chain=1)
        elif spoil == "twice":
            other = other.assign_coords(draw=[*other["draw"].values[1:], other["draw"].values[1]])
        shuffled.append(other)
    if bad:
        with pytest.raises(InputError):
            call(*shuffled)
        return
    _same(call(*shuffled), expected)


RESAMPLED = [
    "resamples.dominance_shares",
    "resamples.frontier_shares",
    "cost_effectiveness.frontier_shares",
    "firsts.first_shares",
]


@pytest.mark.parametrize("name", RESAMPLED)
def test_draws_in_any_order_are_resampled_alike(name: str) -> None:
    call, sides = CASES[name]
    order = np.random.default_rng(3).permutation(N)
    close = [side * 0.1 if "draw" in side.dims else side for side in sides]
    _same(call(*(side.isel(draw=order) if "draw" in side.dims else side for side in close)), call(*close))


@pytest.mark.parametrize("strange", [0.5, 1e9, -1.0])
def test_what_is_so_is_true_or_false(strange: float) -> None:
    so = SO.copy(deep=True)
    so[3] = strange
    for call in (lambda: verdicts.share("x", so), lambda: boxes.discover(INPUTS, so)):
        with pytest.raises(InputError, match="allowed: true or false, 1 or 0"):
            call()


NEEDS_OPTIONS = [
    name
    for name, (_, sides) in CASES.items()
    if "allocation" in sides[0].dims and name not in {"decisions.paired_change", "shapley.shapley"}
]


@pytest.mark.parametrize("name", NEEDS_OPTIONS)
def test_no_options_are_refused(name: str) -> None:
    call, sides = CASES[name]
    none = [side.isel(allocation=slice(0)) if "allocation" in side.dims else side for side in sides]
    with pytest.raises(InputError, match=r"found no allocations|found 0 allocation"):
        call(*none)


def _same(found: Any, expected: Any) -> None:
    if isinstance(expected, dict):
        assert set(found) == set(expected)
        for key, value in expected.items():
            assert found[key] == (pytest.approx(value, rel=1e-9, abs=1e-12) if isinstance(value, float) else value)
    elif isinstance(expected, tuple):
        assert found == pytest.approx(expected, rel=1e-9)
    else:
        xr.testing.assert_allclose(found, expected)


# The cases that failed --------------------------------------------------------------------------------------------


def test_failed_runs_of_one_option_are_told_with_their_number() -> None:
    rng = np.random.default_rng(0)
    loss = xr.DataArray(rng.normal(size=(4000, 3)), dims=("draw", "allocation"), coords={"allocation": ["a", "b", "c"]})
    loss[:200, 1] = np.nan
    for call in (
        decisions.p_best,
        decisions.expected_opportunity_loss,
        decisions.summary,
        decisions.cvar,
        information.evpi,
    ):
        with pytest.raises(InputError, match="in 200 of 4000 draws of b; allowed: none"):
            call(loss)


def test_a_cost_that_lacks_an_option_drops_none() -> None:
    cost = xr.DataArray([0.0, 1.0], dims="allocation", coords={"allocation": ["a", "b"]})
    with pytest.raises(InputError, match="cost: found 2 allocations; allowed: 3, as the loss has"):
        decisions.p_best_curve(LOSS, cost, [0.0, 1.0])


@pytest.fixture(scope="module")
def known() -> tuple[xr.DataArray, xr.Dataset, np.ndarray]:
    """Known answer 7: two options, 0 and p1 - p2."""
    rng = np.random.default_rng(0)
    p1, p2 = rng.normal(1, 1, 4000), rng.normal(0, 2, 4000)
    draw = {"draw": np.arange(4000)}
    loss = xr.DataArray(np.c_[np.zeros(4000), p2 - p1], dims=("draw", "allocation"), coords=draw)
    return loss, xr.Dataset({"p1": ("draw", p1), "p2": ("draw", p2)}, coords=draw), rng.permutation(4000)


def test_shuffled_parameters_are_worth_what_they_are_in_order(
    known: tuple[xr.DataArray, xr.Dataset, np.ndarray],
) -> None:
    loss, parameters, order = known
    expected = information.evppi_of_each(loss, parameters)["value"].values
    np.testing.assert_allclose(expected, [0.0833155, 0.3955931], rtol=0.06)
    found = information.evppi_of_each(loss, parameters.isel(draw=order))["value"].values
    np.testing.assert_allclose(found, expected, rtol=1e-9)
    with pytest.raises(InputError, match="found the draw 2000; allowed: the draws of the loss"):
        information.evppi_of_each(loss[:2000], parameters.isel(draw=slice(2000, 4000)))


def test_shuffled_outcomes_hang_on_what_they_do_in_order() -> None:
    """Of 1 x + 2 y: a fifth and four fifths."""
    draw = {"draw": np.arange(1000)}
    x = xr.DataArray(
        np.random.default_rng(1).normal(size=(1000, 2)), dims=("draw", "entry"), coords=draw | {"entry": ["a", "b"]}
    )
    y = xr.DataArray(x.values @ [[1.0], [2.0]], dims=("draw", "outcome"), coords=draw | {"outcome": ["y"]})
    for inputs in (x, x.isel(draw=np.random.default_rng(0).permutation(1000))):
        found = given_data.first_order(inputs, y)["index"].values.ravel()
        np.testing.assert_allclose(found, [0.17, 0.8], atol=0.02)


# Rounding and signs -----------------------------------------------------------------------------------------------


def test_what_is_computed_is_compared_but_for_rounding() -> None:
    one, other = (xr.DataArray([value, 0.7], dims="draw") for value in (0.3 - 0.1, 0.2))
    assert (one != other).any()
    assert draws.alike(one, other).all()
    assert not draws.difference(one, other).any()
    assert not draws.alike(one, other + 1e-9).any()
    assert draws.nearly_nil(np.array([0.1, 0.2, -0.3]))
    assert not draws.nearly_nil(np.array([0.1, 0.2, -0.3 + 1e-9]))
    assert draws.varies(np.array([[0.3, 1.0], [0.1 + 0.2, 2.0]])).tolist() == [False, True]


def test_a_sign_of_no_number_is_no_sign() -> None:
    for change in ({"mean": np.nan, "mcse": 0.1}, {"mean": 1.0, "mcse": np.nan}):
        with pytest.raises(InputError, match="not a finite number"):
            signs.direction(change)


@pytest.mark.parametrize(
    ("change", "delay", "verdict"),
    [
        ([-1.0, -1.1], [2.0, 2.1], "cost"),
        ([1.0, 1.1], [2.0, 2.1], "none"),
        ([0.0, 0.0], [2.0, 2.1], "none"),
        ([-1.0, -1.1], [-2.0, -2.1], "any"),
        ([-1.0, -1.1], [0.0, 0.0], "any"),
        ([-1.0, 1.1], [2.0, 2.1], "unclear"),
        ([-1.1, 1.0], [-2.0, -2.1], "unclear"),
        ([-1.0, -1.1], [-2.0, 2.1], "unclear"),
    ],
)
def test_a_break_even_that_the_seed_could_turn_is_unclear(
    change: list[float], delay: list[float], verdict: str
) -> None:
    sides = (xr.DataArray(np.tile(values, 20), dims="draw") for values in (change, delay))
    found = break_even.break_even(*sides)
    assert found.verdict == verdict
    assert np.isfinite(found.cost) == (verdict == "cost")
