"""Labels are meant: every function of two labelled arrays takes them in any order, and refuses what does not match."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from toc_model import InputError
from toc_model.labels import aligned, effective_draws
from toc_model.statistics import decisions
from toc_model.statistics.boxes import Discovery, discover
from toc_model.statistics.cost_effectiveness import acceptability, frontier, frontier_shares
from toc_model.statistics.information import (
    evpi,
    evppi,
    evppi_nested,
    evppi_of_each,
    evsi_moment_matching,
    evsi_regression,
    expected_gap,
    noise_floor,
)
from toc_model.statistics.sensitivity.given_data import explained_together, first_order, shapley_effects
from toc_model.statistics.sensitivity.power import by_chance, diagnoses, power_scaling
from toc_model.statistics.sensitivity.response import response_by_regression, response_by_setting
from toc_model.statistics.shapley import shapley

N = 240
RNG = np.random.default_rng(1)
A, B = RNG.normal(1, 1, N), RNG.normal(0, 2, N)
DRAW = {"draw": np.arange(N) + 7}

LOSS = xr.DataArray(
    np.column_stack([np.zeros(N), B - A, B + 0.3]),
    dims=("draw", "allocation"),
    coords=DRAW | {"allocation": ["a", "b", "c"]},
)
PARAMETERS = xr.Dataset({"p": ("draw", A), "q": (("draw", "place"), np.column_stack([A * B, B]))}, coords=DRAW)
PARAMETERS = PARAMETERS.assign_coords(place=["x", "y"])
TABLE = xr.DataArray(np.column_stack([A, B]), dims=("draw", "entry"), coords=DRAW | {"entry": ["a", "b"]})
OUTCOMES = xr.DataArray(
    np.column_stack([A + B**2, B - A]), dims=("draw", "outcome"), coords=DRAW | {"outcome": ["level", "change"]}
)
DENSITIES = xr.Dataset({"one": ("draw", -(A**2)), "two": ("draw", -(B**2))}, coords=DRAW)
WEIGHTS = xr.DataArray(np.exp(-((A[:25, None] - A) ** 2)), dims=("study", "draw"), coords=DRAW)
COST = xr.DataArray([0.0, 0.4, 0.1], dims="allocation", coords={"allocation": ["a", "b", "c"]})
MEANS = xr.DataArray(
    RNG.normal(size=(3, 3)),
    dims=("worldview", "allocation"),
    coords={"worldview": ["u", "v", "w"], "allocation": ["a", "b", "c"]},
)
IMPORTANCE = xr.DataArray([1.0, 5.0, 2.0], dims="worldview", coords={"worldview": ["u", "v", "w"]})
RESULTS = LOSS.rename(allocation="measure")


def model(table: xr.DataArray) -> xr.DataArray:
    a, b = (table.sel(entry=name).values for name in ("a", "b"))
    return xr.DataArray(
        np.column_stack([a + b**2, b - a]), dims=("draw", "outcome"), coords={"outcome": ["level", "change"]}
    )


def nested(other: xr.DataArray) -> xr.Dataset:
    found = evppi_nested(lambda place: LOSS if not place else other + 0.01 * place * A[place], 100)
    return xr.Dataset({"value": found.value, "se": found.se})


def estimate(found: object) -> xr.Dataset:
    return xr.Dataset({name: getattr(found, name) for name in ("value", "se")})


def game(other: xr.DataArray) -> xr.Dataset:
    found = shapley(["i", "j"], lambda chosen: LOSS if not chosen else other * len(chosen))
    return xr.Dataset(dict(found))


def boxed(found: Discovery) -> xr.Dataset:
    return xr.Dataset({f"{name}_{end}": limit[end] for name, limit in found.box.limits.items() for end in (0, 1)})


type Side = xr.DataArray | xr.Dataset


@dataclass(frozen=True)
class Pairing:
    """A function of one side that has to go with another, along a dim."""

    side: Side
    dim: str
    call: Callable[..., object]


PAIRINGS = {
    "p_best_curve": Pairing(COST, "allocation", lambda cost: decisions.p_best_curve(LOSS, cost, [0, 1, 5])),
    "p_best_curve, costs by draw": Pairing(
        COST * (1 + abs(LOSS)), "draw", lambda cost: decisions.p_best_curve(LOSS, cost, [0, 1, 5])
    ),
    "frontier": Pairing(COST, "allocation", lambda cost: frontier(LOSS, cost)),
    "frontier_shares, costs by draw": Pairing(
        COST * (1 + abs(LOSS)), "draw", lambda cost: frontier_shares(LOSS, cost, resamples=5)
    ),
    "acceptability": Pairing(COST, "allocation", lambda cost: acceptability(LOSS, cost, [0, 1, 5])),
    "discover": Pairing(abs(LOSS[:, 1]), "draw", lambda so: boxed(discover(TABLE, so > 1))),
    "regret_across": Pairing(IMPORTANCE, "worldview", lambda weights: decisions.regret_across(MEANS, weights)),
    "evppi": Pairing(PARAMETERS, "draw", lambda inputs: estimate(evppi(LOSS, inputs))),
    "evppi of one": Pairing(PARAMETERS["p"], "draw", lambda inputs: estimate(evppi(LOSS, inputs))),
    "evppi_of_each": Pairing(PARAMETERS, "draw", lambda inputs: evppi_of_each(LOSS, inputs)),
    "evsi_regression": Pairing(PARAMETERS, "draw", lambda inputs: estimate(evsi_regression(LOSS, inputs))),
    "evsi_moment_matching": Pairing(
        PARAMETERS["p"], "draw", lambda inputs: estimate(evsi_moment_matching(LOSS, inputs, WEIGHTS))
    ),
    "evsi_moment_matching, weights": Pairing(
        WEIGHTS, "draw", lambda weights: estimate(evsi_moment_matching(LOSS, PARAMETERS["p"], weights))
    ),
    "evppi_nested": Pairing(LOSS, "allocation", nested),
    "noise_floor": Pairing(
        PARAMETERS, "draw", lambda inputs: xr.Dataset({"floor": noise_floor(LOSS, [inputs], shifts=3)})
    ),
    "expected_gap, told": Pairing(
        PARAMETERS, "draw", lambda told: expected_gap((RESULTS, RESULTS + 1), (PARAMETERS, told))
    ),
    "expected_gap, told places": Pairing(
        PARAMETERS, "place", lambda told: expected_gap((RESULTS, RESULTS + 1), (PARAMETERS, told))
    ),
    "expected_gap, results": Pairing(
        RESULTS**2, "draw", lambda results: expected_gap((RESULTS, results), (PARAMETERS, PARAMETERS))
    ),
    "expected_gap, measures": Pairing(
        RESULTS**2, "measure", lambda results: expected_gap((RESULTS, results), (PARAMETERS, PARAMETERS))
    ),
    "first_order": Pairing(OUTCOMES, "draw", lambda outcomes: first_order(TABLE, outcomes)),
    "shapley_effects": Pairing(OUTCOMES, "draw", lambda outcomes: shapley_effects(TABLE, outcomes)),
    "explained_together": Pairing(OUTCOMES, "draw", lambda outcomes: explained_together(TABLE, outcomes)),
    "response_by_regression": Pairing(OUTCOMES, "draw", lambda outcomes: response_by_regression(TABLE, outcomes)),
    "response_by_setting": Pairing(
        TABLE[:20], "entry", lambda rows: response_by_setting(TABLE, model, rows=rows)
    ),
    "power_scaling": Pairing(DENSITIES, "draw", lambda densities: power_scaling("prior", densities, OUTCOMES)),
    "by_chance": Pairing(
        DENSITIES, "draw", lambda densities: xr.Dataset(by_chance("likelihood", densities, OUTCOMES, seed=1))
    ),
    "diagnoses, prior": Pairing(
        DENSITIES, "draw", lambda densities: xr.Dataset(diagnoses(densities, DENSITIES, OUTCOMES))
    ),
    "diagnoses, likelihood": Pairing(
        DENSITIES, "draw", lambda densities: xr.Dataset(diagnoses(DENSITIES, densities, OUTCOMES))
    ),
    "shapley": Pairing(LOSS**2, "draw", game),
}  # fmt: skip
every_pairing = pytest.mark.parametrize("pairing", PAIRINGS.values(), ids=list(PAIRINGS))


def shuffled(side: Side, dim: str) -> Side:
    order = np.random.default_rng(3).permutation(side.sizes[dim])
    return side.isel({dim: np.roll(order, 1) if (order == np.arange(len(order))).all() else order})


@every_pairing
def test_the_order_of_labels_changes_nothing(pairing: Pairing) -> None:
    found, expected = (pairing.call(side) for side in (shuffled(pairing.side, pairing.dim), pairing.side))
    xr.testing.assert_allclose(found, expected, rtol=1e-9)


@every_pairing
def test_other_labels_are_refused(pairing: Pairing) -> None:
    other = pairing.side.assign_coords({pairing.dim: [f"strange {i}" for i in range(pairing.side.sizes[pairing.dim])]})
    with pytest.raises(InputError, match="strange 0") as refused:
        pairing.call(other)
    assert "\n" not in str(refused.value)


@every_pairing
def test_a_label_that_stands_twice_is_refused(pairing: Pairing) -> None:
    labels = pairing.side[pairing.dim].values.copy()
    labels[-1] = labels[0]
    with pytest.raises(InputError, match=r"twice|allowed: the same for both views"):
        pairing.call(pairing.side.assign_coords({pairing.dim: labels}))


@every_pairing
def test_another_number_is_refused_with_and_without_labels(pairing: Pairing) -> None:
    fewer = pairing.side.isel({pairing.dim: slice(1, None)})
    for side in (fewer, fewer.drop_vars(pairing.dim)):
        with pytest.raises(InputError, match=r"found .*; allowed: "):
            pairing.call(side)


LABELLED = {"expected_gap, told places", "response_by_setting"}
"""What names the places of one side needs labels of the other."""


@pytest.mark.parametrize("name", [name for name in PAIRINGS if name not in LABELLED])
def test_without_labels_places_decide(name: str) -> None:
    pairing = PAIRINGS[name]
    found = pairing.call(pairing.side.drop_vars(pairing.dim))
    xr.testing.assert_allclose(found, pairing.call(pairing.side), rtol=1e-9)


@settings(max_examples=20)
@given(st.permutations(range(5)), st.permutations(range(5)))
def test_values_follow_their_labels(one: list[int], other: list[int]) -> None:
    side = xr.DataArray(10.0 * np.array(one), dims="draw", coords={"draw": one})
    model = xr.DataArray(np.zeros(5), dims="draw", coords={"draw": other})
    found = aligned(side, model, ("one", "the other"))
    assert found["draw"].values.tolist() == other
    assert found.values.tolist() == [10.0 * label for label in other]


@pytest.mark.parametrize(
    ("dims", "labels", "message"),
    [
        (None, [1, 2, 3], "one: found the draw 3; allowed: the draws of the other, in any order"),
        (["draw"], [0, 0, 1], "one: found the draw 0 twice; allowed: every label once"),
        (None, [0, 1], "one: found 2 draws; allowed: 3, as the other has"),
    ],
)
def test_errors_say_what_was_found_and_what_is_allowed(dims: list[str] | None, labels: list[int], message: str) -> None:
    side, other = (xr.DataArray(np.zeros(len(own)), dims="draw", coords={"draw": own}) for own in (labels, [0, 1, 2]))
    with pytest.raises(InputError) as refused:
        aligned(side, other, ("one", "the other"), dims)
    assert str(refused.value) == message


def test_only_the_named_dims_have_to_match() -> None:
    some = TABLE[:10, ::-1]
    found = aligned(some, TABLE, ("some", "all"), ["entry"])
    assert found.sizes["draw"] == 10
    assert found["entry"].values.tolist() == ["a", "b"]


def test_a_baseline_is_known_and_there_once() -> None:
    with pytest.raises(InputError, match="baseline: unknown allocation 'd'"):
        decisions.paired_change(LOSS, "d")
    with pytest.raises(InputError, match="loss: found the allocation a twice"):
        decisions.paired_change(LOSS.assign_coords(allocation=["a", "a", "b"]), "a")


def test_both_sides_shuffled_alike_say_the_same() -> None:
    order = np.random.default_rng(0).permutation(N)
    found = evppi_of_each(LOSS[order], PARAMETERS.isel(draw=order))
    same = evppi_of_each(LOSS, PARAMETERS)
    for key in ("value", "se", "first", "last"):
        np.testing.assert_allclose(found[key], same[key], rtol=1e-9)
    together = (evppi(LOSS[order], PARAMETERS.isel(draw=order)), evppi(LOSS, PARAMETERS))
    assert together[0].value == pytest.approx(together[1].value, rel=1e-9)
    assert evpi(LOSS[order]).value == pytest.approx(evpi(LOSS).value, rel=1e-9)


# Draws that count for more or less than one -----------------------------------------------------------------------

UNEQUAL = st.lists(st.floats(0.01, 100), min_size=2, max_size=30)


def weighed(weights: list[float]) -> xr.Dataset:
    return xr.Dataset({"x": ("draw", np.arange(len(weights)))}, coords={"weight": ("draw", weights)})


@given(UNEQUAL, st.floats(0.1, 10), st.integers(1, 5))
def test_what_weighted_draws_are_worth_is_told_relative_to_each_other(
    weights: list[float], scale: float, many: int
) -> None:
    found = effective_draws(weighed(weights))
    if found is None:
        assert len(set(weights)) == 1
        return
    assert 1 <= found <= len(weights) * (1 + 1e-12)
    assert effective_draws(weighed([scale * weight for weight in weights])) == pytest.approx(found)
    assert effective_draws(weighed(weights * many)) == pytest.approx(many * found)
    assert effective_draws(weighed([*weights, 0.0])) == pytest.approx(found)


@given(st.integers(1, 30), st.floats(0.1, 10))
def test_draws_that_count_alike_are_worth_their_number_and_others_those_that_count(many: int, weight: float) -> None:
    assert effective_draws(weighed([weight] * many)) is None
    assert effective_draws(weighed([weight] * many).drop_vars("weight")) is None
    assert effective_draws(weighed([weight] * many + [0.0])) == pytest.approx(many)
