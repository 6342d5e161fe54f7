"""The value of information on plain arrays: known answers, errors that cover, and what must always hold."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from toc_model import InputError
from toc_model.aliases import Floats
from toc_model.statistics.information import (
    Estimate,
    evpi,
    evppi,
    evppi_nested,
    evppi_of_each,
    evsi_moment_matching,
    evsi_regression,
    in_units_of_cost,
    net_benefit,
    noise_floor,
)
from toc_model.statistics.information.columns import paired_losses
from toc_model.statistics.information.gains import gain_of
from toc_model.statistics.regression import smooth
from toc_model.statistics.standard_errors import design_of

DRAWS = 2**14
P1, P2 = 0.0833155, 0.3955931
EVSI = {10: 0.0723251, 100: 0.0821176}


def losses(*payoffs: Floats) -> xr.DataArray:
    """Losses of allocations, which are the negatives of pay-offs."""
    return xr.DataArray(-np.column_stack(payoffs), dims=("draw", "allocation"))


def column(values: Floats) -> xr.DataArray:
    return xr.DataArray(values, dims="draw")


def example(draws: int, seed: int) -> tuple[xr.DataArray, xr.Dataset]:
    """Options 0 and p1 - p2, and something that does not matter."""
    rng = np.random.default_rng(seed)
    p1, p2, nothing = rng.normal(1, 1, draws), rng.normal(0, 2, draws), rng.normal(size=draws)
    inputs = {"p1": column(p1), "p2": column(p2), "nothing": column(nothing)}
    return losses(np.zeros(draws), p1 - p2), xr.Dataset(inputs)


@pytest.fixture(scope="module")
def large() -> tuple[xr.DataArray, xr.Dataset]:
    """The example on evenly spread draws, with an error of the study."""
    z = special.ndtri(stats.qmc.Sobol(4, rng=1).random(DRAWS)).T
    p1, p2 = 1 + z[0], 2 * z[1]
    inputs = {"p1": column(p1), "p2": column(p2), "nothing": column(z[2]), "error": column(z[3])}
    return losses(np.zeros(DRAWS), p1 - p2), xr.Dataset(inputs)


# Known answers ----------------------------------------------------------------------------------------------------


def test_two_normal_parameters(large: tuple[xr.DataArray, xr.Dataset]) -> None:
    loss, inputs = large
    assert evpi(loss).value == pytest.approx(0.4798107, rel=0.05)
    each = evppi_of_each(loss, inputs)
    assert each["value"].sel(parameter="p1").item() == pytest.approx(P1, rel=0.05)
    assert each["value"].sel(parameter="p2").item() == pytest.approx(P2, rel=0.05)
    assert each["value"].sel(parameter="nothing").item() <= each["se"].sel(parameter="nothing").item()


@pytest.mark.parametrize("many", [10, 100])
def test_a_study_of_a_normal_parameter(large: tuple[xr.DataArray, xr.Dataset], many: int) -> None:
    loss, inputs = large
    p1 = inputs["p1"].values
    mean = p1 + inputs["error"].values / np.sqrt(many)
    assert evsi_regression(loss, column(mean)).value == pytest.approx(EVSI[many], rel=0.05)
    weights = np.exp(-many / 2 * (mean[:50, None] - p1) ** 2)
    matched = evsi_moment_matching(loss, inputs["p1"], xr.DataArray(weights, dims=("study", "draw")))
    assert matched.value == pytest.approx(EVSI[many], rel=0.05)


def test_three_independent_options() -> None:
    rng = np.random.default_rng(1)
    payoffs = [rng.normal(mean, sd, 200_000) for mean, sd in ((0, 1), (0.5, 1), (0.25, 2))]
    found = evpi(losses(*payoffs))
    assert found.value == pytest.approx(0.947176, rel=0.01)
    few = losses(*(payoff[:4000] for payoff in payoffs))
    known = evppi(few, xr.Dataset({f"p{i}": column(payoff[:4000]) for i, payoff in enumerate(payoffs)}))
    assert known.value == pytest.approx(evpi(few).value, rel=0.05)


def test_a_table_of_payoffs_and_a_signal() -> None:
    """Exactly as many draws of each state and signal as their probabilities say."""
    state = np.repeat([True, False], 500)
    signal = np.concatenate([np.repeat([True, False], [400, 100]), np.repeat([True, False], [150, 350])])
    loss = losses(np.where(state, 200.0, -180.0), np.where(state, 100.0, -20.0), np.zeros(1000))
    assert evpi(loss).value == pytest.approx(60)
    assert evppi(loss, column(state.astype(float))).value == pytest.approx(60)
    assert evsi_regression(loss, column(signal.astype(float))).value == pytest.approx(16)


def test_nested_simulation_agrees() -> None:
    rng = np.random.default_rng(3)
    p1 = rng.normal(1, 1, 4000)

    def given_p1(place: int) -> xr.DataArray:
        return losses(np.zeros(60), p1[place] - rng.normal(0, 2, 60))

    found = evppi_nested(given_p1, 4000)
    assert found.value == pytest.approx(P1, abs=2 * found.se)
    assert found.se < 0.1 * P1


# What a surrogate must see ----------------------------------------------------------------------------------------


def test_a_parameter_that_matters_only_through_its_square() -> None:
    rng = np.random.default_rng(4)
    x, noise = rng.normal(size=(2, 4000))
    loss = losses(np.zeros(4000), x**2 - 1.2 + noise)
    exact = np.maximum(np.random.default_rng(5).normal(size=10**6) ** 2 - 1.2, 0).mean()
    found = evppi(loss, column(x))
    assert found.value == pytest.approx(exact, abs=3 * found.se)
    assert found.se < 0.1 * exact


def test_parameters_that_matter_only_together() -> None:
    rng = np.random.default_rng(6)
    x, y, noise = rng.normal(size=(3, 4000))
    loss = losses(np.zeros(4000), x * y - 0.5 + noise)
    product = np.prod(np.random.default_rng(7).normal(size=(2, 10**6)), axis=0)
    exact = np.maximum(product - 0.5, 0).mean()
    found = evppi(loss, xr.Dataset({"x": column(x), "y": column(y)}))
    assert found.value == pytest.approx(exact, abs=3 * found.se)
    assert evppi(loss, column(x)).value < 0.1 * exact


def test_a_rising_function_of_an_input_is_worth_as_much() -> None:
    loss, inputs = example(1000, 8)
    stretched = inputs["p2"].copy(data=np.exp(3 * inputs["p2"].values))
    assert evppi(loss, stretched).value == pytest.approx(evppi(loss, inputs["p2"]).value)


def test_an_input_that_is_there_twice_is_worth_no_more() -> None:
    loss, inputs = example(1000, 8)
    twice = xr.Dataset({"one": inputs["p2"], "two": 2 * inputs["p2"], "fixed": inputs["p2"] * 0})
    assert evppi(loss, twice).value == pytest.approx(evppi(loss, inputs["p2"]).value, rel=0.05)


# Errors -----------------------------------------------------------------------------------------------------------

REPLICATIONS = 120


def coverage(estimate: Callable[[int], Estimate], truth: float) -> float:
    """Share of 90 % intervals that hold the truth."""
    intervals = [estimate(seed).interval for seed in range(REPLICATIONS)]
    return float(np.mean([low <= truth <= high for low, high in intervals]))


def study(seed: int) -> tuple[xr.DataArray, xr.DataArray, xr.DataArray]:
    loss, inputs = example(600, seed)
    p1 = inputs["p1"]
    mean = p1 + np.random.default_rng([seed, 1]).normal(size=600) / np.sqrt(10)
    weights = np.exp(-5 * (mean.values[:30, None] - p1.values) ** 2)
    return loss, mean, xr.DataArray(weights, dims=("study", "draw"))


def nested(seed: int) -> Estimate:
    rng = np.random.default_rng(seed)
    p1 = rng.normal(1, 1, 200)
    draws = rng.normal(0, 2, (200, 40))
    return evppi_nested(lambda i: losses(np.zeros(40), p1[i] - draws[i]), 200)


def uneven(seed: int) -> Estimate:
    """Noise that grows with the parameter."""
    rng = np.random.default_rng(seed)
    x, noise = rng.normal(size=(2, 600))
    return evppi(losses(np.zeros(600), x - 0.5 + noise * np.exp(0.8 * x)), column(x))


@pytest.mark.parametrize(
    ("estimate", "truth"),
    [
        (lambda seed: evpi(example(600, seed)[0]), 0.4798107),
        (lambda seed: evppi(example(600, seed)[0], example(600, seed)[1]["p1"]), P1),
        (lambda seed: evppi(example(600, seed)[0], example(600, seed)[1][["p2", "nothing"]]), P2),
        (lambda seed: evsi_regression(*study(seed)[:2]), EVSI[10]),
        (lambda seed: evsi_moment_matching(study(seed)[0], example(600, seed)[1]["p1"], study(seed)[2]), EVSI[10]),
        (nested, P1),
        (uneven, 0.1977966),
    ],
    ids=["evpi", "evppi", "evppi of several", "evsi", "moment matching", "nested", "uneven noise"],
)
def test_intervals_cover(estimate: Callable[[int], Estimate], truth: float) -> None:
    assert 0.8 <= coverage(estimate, truth) <= 0.98


def test_what_does_not_matter_is_not_told_apart_from_nothing() -> None:
    """Also where options are equally good in the mean, when any noise would change the choice."""
    rng = np.random.default_rng(1)
    told_apart = []
    for _ in range(300):
        noise, x = rng.normal(size=(2, 400))
        told_apart.append(evppi(losses(np.zeros(400), noise), column(x)).interval[0] > 0)
    assert np.mean(told_apart) <= 0.12


def ten_options(seed: int, effect: float, draws: int = 500) -> tuple[xr.DataArray, xr.DataArray]:
    """Ten near-tied options, each with noise of its own, and a parameter that changes them all a little."""
    rng = np.random.default_rng(seed)
    x, noise = rng.normal(size=draws), rng.normal(size=(draws, 10))
    return losses(*(effect * SLOPES * x[:, None] + NEARLY + noise).T), column(x)


SLOPES, NEARLY = np.random.default_rng(5).normal(size=10), -0.01 * np.arange(10)


def worth_of_ten(effect: float) -> float:
    """What knowing the parameter is worth, by an even grid of its quantiles."""
    x = special.ndtri((np.arange(10**5) + 0.5) / 10**5)
    return float((effect * SLOPES * x[:, None] + NEARLY).max(axis=1).mean() - NEARLY.max())


def test_what_does_not_matter_among_ten_near_tied_options_is_not_told_apart_from_nothing() -> None:
    told_apart = [evppi(*ten_options(seed, 0)).interval[0] > 0 for seed in range(80)]
    assert np.mean(told_apart) <= 0.1


@pytest.mark.parametrize("effect", [0.05, 0.3])
def test_intervals_cover_among_ten_near_tied_options(effect: float) -> None:
    found = [evppi(*ten_options(seed, effect)) for seed in range(60)]
    truth = worth_of_ten(effect)
    assert np.mean([low <= truth <= high for low, high in (one.interval for one in found)]) >= 0.85
    assert np.mean([one.value for one in found]) == pytest.approx(truth, abs=0.03)


def test_everything_among_ten_near_tied_options_is_neither_flattered_nor_the_reverse() -> None:
    grid = np.linspace(-8, 8, 4001)
    below = stats.norm.cdf(grid[:, None] - NEARLY).prod(axis=1)
    truth = float(np.trapezoid((grid > 0) - below, grid)) - NEARLY.max()
    found = [evpi(ten_options(seed, 0)[0]) for seed in range(200)]
    assert np.mean([one.value for one in found]) == pytest.approx(truth, abs=0.01)
    assert np.mean([low <= truth <= high for low, high in (one.interval for one in found)]) >= 0.85


def test_choices_gain_more_on_draws_that_they_were_made_from() -> None:
    every = [
        gain_of(smooth(x.values[:, None], paired_losses(loss)), design_of(loss)) for loss, x in map(tied, range(40))
    ]
    assert np.mean([one.seen for one in every]) > 0.02
    assert abs(np.mean([one.unseen.mean() for one in every])) < 0.02


def tied(seed: int) -> tuple[xr.DataArray, xr.DataArray]:
    return ten_options(seed, 0)


# Ranks and noise --------------------------------------------------------------------------------------------------


def test_ranks_that_noise_cant_tell_apart_are_ranges() -> None:
    """The second and the third are one parameter and what is nearly the same; the last two don't matter."""
    rng = np.random.default_rng(2)
    a, b, c, d = rng.normal(size=(4, 2000))
    inputs = {"much": a, "little": b, "alike": b + 0.01 * rng.normal(size=2000), "nothing": c, "neither": d}
    loss = losses(np.zeros(2000), 2 * a + b - 0.1)
    found = evppi_of_each(loss, xr.Dataset({name: column(values) for name, values in inputs.items()}))
    ranks = dict(zip(inputs, zip(found["first"].values, found["last"].values, strict=True), strict=True))
    assert ranks["much"] == (1, 1)
    assert ranks["little"] == ranks["alike"] == (2, 3)
    assert ranks["nothing"] == ranks["neither"] == (4, 5)
    assert float(found["needed"]) > 10 * 2000
    without = evppi_of_each(loss, xr.Dataset({name: column(inputs[name]) for name in ("much", "little", "nothing")}))
    assert float(without["needed"]) == 2000


def test_the_draws_that_ranks_need_are_those_at_which_they_are_told_apart() -> None:
    """Two parameters whose values differ by a tenth: with as many draws as are said to be needed, they mostly do."""
    rng = np.random.default_rng(4)

    def drawn(draws: int) -> xr.Dataset:
        a, b = rng.normal(size=(2, draws))
        loss = losses(np.zeros(draws), 1.1 * a + b)
        return evppi_of_each(loss, xr.Dataset({"a": column(a), "b": column(b)}))

    needed = float(np.median([float(drawn(500)["needed"]) for _ in range(15)]))
    assert 500 < needed < 10_000
    told = [int(drawn(int(2 * needed))["last"].sel(parameter="a")) == 1 for _ in range(8)]
    assert np.mean(told) > 0.6


def test_the_noise_floor_is_what_parameters_reach_that_do_not_matter() -> None:
    loss, x = ten_options(1, 0.5)
    floor = noise_floor(loss, [x], seed=1)
    assert 0 < floor < 0.3 * evppi(loss, x).value
    nulls = [evppi(loss, column(np.random.default_rng(seed).normal(size=500))).value for seed in range(100)]
    assert floor == pytest.approx(np.quantile(nulls, 0.95), rel=0.5)


def test_the_noise_floor_is_the_same_for_draws_in_another_order() -> None:
    draw = np.arange(500)
    loss, x = (array.assign_coords(draw=draw) for array in ten_options(1, 0.5))
    order = np.random.default_rng(0).permutation(500)
    assert noise_floor(loss, [x.isel(draw=order)], shifts=5) == pytest.approx(noise_floor(loss, [x], shifts=5))


def test_a_value_is_at_least_that_of_a_part_and_proves_no_more() -> None:
    whole, part = Estimate(0.1, 0.05), Estimate(0.3, 0.1)
    found = whole.at_least(part)
    assert found.value == 0.3
    assert found.interval[0] == pytest.approx(whole.interval[0])
    assert whole.value - 1.6448536 * found.se < 0
    assert part.at_least(whole) == part


# What must always hold --------------------------------------------------------------------------------------------


@settings(max_examples=15)
@given(seed=st.integers(0, 10**6), options=st.integers(2, 4))
def test_more_information_is_never_worth_less(seed: int, options: int) -> None:
    rng = np.random.default_rng(seed)
    inputs = rng.normal(size=(3, 150))
    payoffs = [rng.normal(size=3) @ inputs + rng.normal(size=150) + 0.3 * inputs[0] ** 2 for _ in range(options)]
    loss = losses(*payoffs)
    one, two = column(inputs[0]), xr.Dataset({"a": column(inputs[0]), "b": column(inputs[1])})
    signal = one + rng.normal(size=150)
    values = [
        evsi_regression(loss, signal, limit=evppi(loss, one)).value,
        evppi(loss, one).value,
        evppi(loss, two).value,
        evpi(loss).value,
    ]
    assert values[0] >= 0
    assert values == sorted(values)


def test_of_each_is_one_at_a_time_and_names_places() -> None:
    loss, inputs = example(400, 1)
    both = xr.concat([inputs["p1"], inputs["p2"]], dim="place").assign_coords(place=["x", "y"])
    each = evppi_of_each(loss, xr.Dataset({"p": both, "fixed": xr.DataArray(3.0)}))
    assert list(each["parameter"].values) == ["p[x]", "p[y]", "fixed"]
    assert each["value"].values[:2] == pytest.approx([evppi(loss, inputs[name]).value for name in ("p1", "p2")])
    assert each["value"].values[2] == each["se"].values[2] == 0


def test_a_baseline_that_all_options_share_changes_nothing() -> None:
    loss, inputs = example(400, 1)
    shared = 100 * column(np.random.default_rng(0).normal(size=400))
    assert evppi(loss + shared, inputs["p2"]).value == pytest.approx(evppi(loss, inputs["p2"]).value)


@pytest.mark.parametrize("scale", [1e-9, 1e6])
def test_the_unit_of_the_loss_changes_nothing(scale: float) -> None:
    loss, inputs = example(400, 1)
    for known in (inputs["p2"], inputs):
        assert evppi(scale * loss, known).value == pytest.approx(scale * evppi(loss, known).value, rel=1e-6)


def test_the_order_of_options_changes_nothing() -> None:
    loss, inputs = example(400, 1)
    turned = loss.isel(allocation=[1, 0])
    assert evppi(turned, inputs["p2"]).value == pytest.approx(evppi(loss, inputs["p2"]).value)


# Cost -------------------------------------------------------------------------------------------------------------


def test_net_benefit_is_in_units_of_cost() -> None:
    value = Estimate(50e-6, 10e-6)
    assert in_units_of_cost(value, 2e-6).value == pytest.approx(25)
    found = net_benefit(value, 100, cost_per_expert=0.3, exchange_rate=2e-6)
    assert found.value == pytest.approx(-5)
    assert found.se == pytest.approx(5)
    assert found.lowest == pytest.approx(-30)
    assert found.interval == pytest.approx((-5 - 1.6448536 * 5, -5 + 1.6448536 * 5))


# Bad input --------------------------------------------------------------------------------------------------------

LOSS, INPUTS = example(100, 1)
MANY = xr.DataArray(np.random.default_rng(0).normal(size=(100, 21)), dims=("draw", "place"), name="many")


def weights(values: Sequence[Sequence[float]]) -> xr.DataArray:
    return xr.DataArray(np.array(values), dims=("study", "draw"))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: evpi(LOSS[:99]), "loss: found 99 draws; allowed: 100 or more"),
        (lambda: evpi(LOSS[:, :1]), "found 1 allocation; allowed: two or more"),
        (lambda: evpi(LOSS.rename(draw="sample")), "found the dims .*sample.*; allowed: draw and allocation"),
        (lambda: evpi(LOSS * np.nan), "loss: found a value that is not a finite number"),
        (lambda: evppi(LOSS, INPUTS["p1"][:50]), "p1: found 50 draws; allowed: 100"),
        (lambda: evppi(LOSS, INPUTS["p1"] / 0), "p1: found a value that is not a finite number"),
        (lambda: evppi(LOSS, xr.Dataset()), "inputs: found none"),
        (lambda: evppi(LOSS, MANY[:, :2].assign_coords(place=["x", "x"])), "many: found the place x twice"),
        (lambda: evppi(LOSS, MANY), "inputs: found 21 for 100 draws; allowed: one for every 5 draws"),
        (lambda: evppi_nested(lambda _: LOSS, 99), "outer: found 99; allowed: 100"),
        (lambda: evppi_nested(lambda _: LOSS[:1], 100), "found 1 inner draws"),
        (lambda: evsi_moment_matching(LOSS, INPUTS["p1"], weights([[1] * 100])), "found 1 studies; allowed: 20"),
        (
            lambda: evsi_moment_matching(LOSS, INPUTS["p1"], weights([[1] * 99])),
            "weights: found 99 draws; allowed: 100",
        ),
        (lambda: evsi_moment_matching(LOSS, INPUTS["p1"], weights([[-1] * 100] * 20)), "positive numbers or zero"),
        (lambda: evsi_moment_matching(LOSS, INPUTS["p1"], weights([[1, *[0] * 99]] * 20)), "rest on 1 draws"),
        (lambda: net_benefit(Estimate(0, 0), 1, cost_per_expert=-1, exchange_rate=1), "cost per expert: found -1"),
        (lambda: net_benefit(Estimate(0, 0), 0, cost_per_expert=1, exchange_rate=1), "experts: found 0"),
        (lambda: in_units_of_cost(Estimate(0, 0), 0), "exchange rate: found 0; allowed: more than 0"),
    ],
)
def test_bad_input_is_refused(call: Callable[[], object], message: str) -> None:
    with np.errstate(divide="ignore"), pytest.raises(InputError, match=message):
        call()
