"""Draws that count unequally: figures are those of draws repeated in proportion, or weights are refused."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.statistics.test_numbers import CASES, INPUTS, LOSS, OUTCOMES, SO, N, Side, model
from toc_model import InputError
from toc_model.statistics import averages, decisions, dominance, verdicts
from toc_model.statistics.boxes import firmness
from toc_model.statistics.information import evppi_nested, expected_gap
from toc_model.statistics.information.columns import paired_losses
from toc_model.statistics.information.gains import gain_of_all
from toc_model.statistics.near_optimal import NearOptimal
from toc_model.statistics.optimise import Criterion, Objective, minimise
from toc_model.statistics.region import Region
from toc_model.statistics.regression import normal_scores, on_one_thread, smooth
from toc_model.statistics.regression.several import product_basis
from toc_model.statistics.resamples import dominance_shares
from toc_model.statistics.sensitivity.sobol import sobol_indices
from toc_model.statistics.standard_errors import design_of, error_of_mean

type Figures = dict[str, Any]

SEEDS = (0, 1)
SURE = 3.0
"""Standard errors within which figures agree that chance has a part in."""


def counts(seed: int, total: int = N) -> np.ndarray:
    """How often each draw stands for itself: some never, some often, on average once."""
    rng = np.random.default_rng(seed)
    return rng.multinomial(total, rng.dirichlet(np.ones(N)))


def weighed(side: Side, weight: np.ndarray) -> Side:
    return side.assign_coords(weight=("draw", weight)) if side.sizes.get("draw") == len(weight) else side


def repeated(side: Any, often: np.ndarray) -> Any:
    """Each draw as often as it counts, with labels of its own."""
    if side.sizes.get("draw") != len(often):
        return side
    found = side.isel(draw=np.repeat(np.arange(len(often)), often))
    return found.drop_vars("weight", errors="ignore").assign_coords(draw=np.arange(found.sizes["draw"]))


def of_weighed(name: str, weight: np.ndarray) -> Any:
    call, sides = CASES[name]
    return call(*(weighed(side, weight) for side in sides))


def of_repeated(name: str, often: np.ndarray) -> Any:
    call, sides = CASES[name]
    return call(*(repeated(side, often) for side in sides))


def fields(*names: str) -> Callable[[Any], Figures]:
    """Some figures of a table, or of a dict."""
    return lambda found: {name: found[name] for name in names}


def whole(found: Any) -> Figures:
    return {"": found}


def of(*names: str) -> Callable[[Any], Figures]:
    """Some attributes."""
    return lambda found: {name: getattr(found, name) for name in names}


def half(found: xr.Dataset) -> Figures:
    """Of a 90 % interval."""
    return {"index": (found["high"] - found["low"]) / 2}


SAME: dict[str, Callable[[Any], Figures]] = {
    "decisions.summary": fields("mean"),
    "decisions.figures": fields("mean"),
    "decisions.paired_effect": fields("mean", "share_better"),
    "decisions.p_best": whole,
    "decisions.p_best_curve": whole,
    "decisions.expected_opportunity_loss": whole,
    "decisions.cvar": whole,
    "dominance.mean_variance": fields("mean", "sd", "efficient"),
    "dominance.dominance": fields("statewise", "first_order", "second_order"),
    "cost_effectiveness.frontier": fields("cost", "effect", "status", "after", "extra_cost", "extra_effect", "ratio"),
    "cost_effectiveness.acceptability": fields("p_best", "opportunity_loss", "best", "p_frontier"),
    "discovery.discover": of("trail"),
    "break_even.break_even": fields("verdict", "cost"),
    "break_even.relative_change": lambda found: {"": found[0]},
    "price.price": fields("verdict", "mean", "share_gaining"),
    "verdicts.mean": fields("value"),
    "verdicts.ratio": fields("value"),
    "response.unmoved": whole,
    "power.diagnoses": whole,
}
"""Estimates that are the same to rounding, each with its figures besides errors and quantiles."""

DRAWN = {
    "decisions.paired_change",
    "decisions.is_best",
    "decisions.regret",
    "decisions.priced",
    "discovery.prepared",
    "draws.difference",
    "given_data.paired_outcomes",
    "information.columns_of",
    "shapley.shapley",
}
"""What gives draws back: the same in each, with its weight."""

QUANTILES: dict[str, Callable[[Any], Figures]] = {
    "decisions.summary": fields("q05", "q95"),
    "decisions.figures": fields("q05", "q95"),
    "verdicts.quantile": fields("value"),
    "price.price": fields("at_q95_of_gain", "at_q05_of_gain"),
    "response.response_by_setting": fields("value", "expected", "swing"),
}
"""Quantiles, and what is set to some: those of repeated draws lie between neighbours, which here are a draw."""

FOLDS = "judged on folds, which are other ones where draws are repeated; smoother, for fewer draws in effect"
FOLLOWS = "repeated draws pass for independent ones, whose noise a regression on several follows"
RESAMPLES = "other resamples, and of draws in effect, where repeated ones look like more"
SHIFTS = "draws are shifted by other ones"
TAILS = "ratios at either end are smoothed together, and there are more of them where draws are repeated"

CHANCE: dict[str, tuple[Callable[[Any], Figures], Callable[[Any], Figures] | float, str]] = {
    "information.evpi": (of("value"), lambda found: {"value": found.se}, FOLDS),
    "information.evppi": (of("value"), lambda found: {"value": found.se}, FOLDS),
    "information.evppi_of_each": (fields("value"), lambda found: {"value": found["se"]}, FOLDS),
    "information.evsi_regression": (of("value"), lambda found: {"value": found.se}, FOLDS),
    "information.evsi_moment_matching": (of("value"), lambda found: {"value": found.se}, FOLDS),
    "information.expected_gap": (fields("gap"), lambda found: {"gap": found["se"]}, FOLDS),
    "information.noise_floor": (whole, 0.03, SHIFTS),
    "given_data.first_order": (fields("index"), half, FOLDS),
    "given_data.explained_together": (fields("index"), 0.06, FOLLOWS),
    "given_data.shapley_effects": (fields("index"), 0.06, FOLLOWS),
    "response.response_by_regression": (fields("swing"), lambda found: {"swing": found["error"]}, FOLDS),
    "power.power_scaling": (fields("sensitivity"), 0.04, TAILS),
    "power.by_chance": (whole, 0.1, SHIFTS),
    "firmness.firmness": (
        lambda found: {name: getattr(found, name).value for name in ("coverage", "density", "mass")},
        lambda found: {name: getattr(found, name).error for name in ("coverage", "density", "mass")},
        FOLDS,
    ),
    "resamples.dominance_shares": (fields("share"), 0.2, RESAMPLES),
    "resamples.frontier_shares": (whole, 0.2, RESAMPLES),
    "cost_effectiveness.frontier_shares": (whole, 0.2, RESAMPLES),
    "firsts.first_shares": (fields("mean", "largest"), 0.2, RESAMPLES),
}
"""Estimates that chance has a part in, with their error, or a third of what they may differ by, and why."""

OTHERS = {
    "decisions.as_good_as_best": "whether errors allow it",
    "decisions.regret_across": "of worldviews, which have weights of their own",
    "decisions.cvar_error": "an error",
    "standard_errors.error_of_mean": "an error",
    "standard_errors.quantile_error": "an error",
    "information.evppi_nested": "refuses weights",
    "flip.flips": "of one point",
}
"""What is no estimate from draws."""


def test_every_function_of_arrays_is_tried_with_weights() -> None:
    assert {*SAME, *DRAWN, *QUANTILES, *CHANCE, *OTHERS} == set(CASES)


def same(found: Any, expected: Any, rtol: float = 1e-9, atol: float = 1e-11) -> None:
    """The same but for rounding, whatever it is made of."""
    if isinstance(expected, xr.Dataset | dict):
        assert set(found) == set(expected)
        for key in expected:
            same(found[key], expected[key], rtol, atol)
    elif isinstance(expected, list | tuple):
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            same(one, other, rtol, atol)
    elif hasattr(expected, "__dataclass_fields__"):
        for name in expected.__dataclass_fields__:
            same(getattr(found, name), getattr(expected, name), rtol, atol)
    elif isinstance(expected, xr.DataArray | np.ndarray | float) and np.asarray(expected).dtype.kind == "f":
        np.testing.assert_allclose(np.asarray(found), np.asarray(expected), rtol=rtol, atol=atol)
    elif isinstance(expected, xr.DataArray | np.ndarray):
        np.testing.assert_array_equal(np.asarray(found), np.asarray(expected))
    else:
        assert found == expected


# Repeated in proportion -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", SAME)
def test_estimates_are_those_of_draws_repeated(name: str, seed: int) -> None:
    often = counts(seed)
    same(SAME[name](of_weighed(name, often)), SAME[name](of_repeated(name, often)))


@pytest.mark.parametrize(
    "name", [name for name in SAME if name not in {"discovery.discover", "dominance.mean_variance"}]
)
def test_estimates_hang_on_proportions_alone(name: str) -> None:
    """All but counts of draws, and a spread that is corrected for how many there are."""
    often = counts(3, total=3 * N)
    same(SAME[name](of_weighed(name, often / 7.0)), SAME[name](of_repeated(name, often)))


@pytest.mark.parametrize("name", sorted(DRAWN))
def test_draws_come_back_with_their_weights(name: str) -> None:
    often = counts(0)
    plain, found = of_repeated(name, np.ones(N, int)), of_weighed(name, often)
    if name == "discovery.prepared":
        plain, found = plain[1], found[1]
    elif name in {"decisions.priced", "shapley.shapley"}:
        plain, found = (next(iter(one.values() if isinstance(one, dict) else one)) for one in (plain, found))
    elif name == "information.columns_of":
        same(found, plain)
        return
    np.testing.assert_array_equal(found.transpose(*plain.dims).values, plain.values)
    np.testing.assert_array_equal(found["weight"].values, often)


@pytest.mark.parametrize("name", QUANTILES)
def test_quantiles_lie_between_neighbours_of_those_of_draws_repeated(name: str) -> None:
    often = counts(0)
    found, expected = QUANTILES[name](of_weighed(name, often)), QUANTILES[name](of_repeated(name, often))
    for key, value in expected.items():
        np.testing.assert_allclose(found[key], value, rtol=0.1, atol=0.15)


@pytest.mark.parametrize("level", [0.05, 0.5, 0.9, 1.0])
def test_quantiles_are_the_least_draw_up_to_which_there_is_so_much(level: float) -> None:
    often = counts(5)
    one = CASES["decisions.figures"][1][0]
    found = averages.quantile(weighed(one, often), level)
    assert found == np.quantile(np.repeat(one.values, often), level, method="inverted_cdf")


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", CHANCE)
def test_estimates_that_chance_has_a_part_in_agree_within_their_error(name: str, seed: int) -> None:
    often = counts(seed)
    value, error, _ = CHANCE[name]
    one, other = of_weighed(name, often), of_repeated(name, often)
    for key, expected in value(other).items():
        allowed = error if isinstance(error, float) else np.asarray(error(one)[key])
        if isinstance(expected, dict):
            assert set(expected) == set(value(one)[key])
            pairs = [(np.asarray(value(one)[key][label]), np.asarray(expected[label])) for label in expected]
        else:
            pairs = [(np.asarray(value(one)[key]), np.asarray(expected))]
        for mine, theirs in pairs:
            assert (abs(mine - theirs) <= SURE * allowed).all(), (mine, theirs, allowed)


@pytest.mark.parametrize("turned", [False, True])
def test_choices_made_from_the_same_draws_gain_what_they_gain_on_draws_repeated(turned: bool) -> None:
    """What folds have no part in; also where weights make another option the best of all draws."""
    often = counts(0)
    if turned:
        often = np.where(LOSS.sel(allocation="b") > 1, often + 2, 0)
        assert int(averages.mean(weighed(LOSS, often)).argmin("allocation")) != 1
    mine, theirs = weighed(LOSS, often), repeated(LOSS, often)
    gains = [gain_of_all(paired_losses(loss), design_of(loss)) for loss in (mine, theirs)]
    assert gains[0].seen == pytest.approx(gains[1].seen, rel=1e-12)
    assert gains[0].by_others == pytest.approx(gains[1].by_others, abs=SURE * gains[0].estimate.se)


@pytest.mark.parametrize("columns", [1, 2])
def test_a_regression_knows_nothing_of_draws_that_count_for_nothing(columns: int) -> None:
    """Where the others count alike it is theirs, to the place of each draw; but for centres that are picked anew."""
    often = (np.arange(N) % 3 > 0).astype(float)
    x, y = INPUTS.values[:, :columns], OUTCOMES.values
    spoilt = np.where(often[:, None] > 0, x, 50 * x)
    weights = averages.weights_of(weighed(INPUTS, often))
    kept = often > 0
    mine, theirs = on_one_thread(smooth)(spoilt, y, weights), on_one_thread(smooth)(x[kept], y[kept])
    for one, other in zip(mine, theirs, strict=True):
        np.testing.assert_allclose(one.expected[kept], other.expected, atol=1e-6 if columns == 1 else 0.15)
        assert one.kept.sum() == pytest.approx(other.kept.sum(), rel=1e-6 if columns == 1 else 0.3)


def test_a_regression_on_weighted_draws_is_that_on_draws_repeated_where_nothing_is_smoothed() -> None:
    often = counts(2)
    which = (np.arange(N) % 4).astype(float)
    outcome = OUTCOMES.values[:, 0] + which**2
    (found,) = smooth((which > 1).astype(float)[:, None], outcome[:, None], averages.weights_of(weighed(INPUTS, often)))
    (expected,) = smooth((which > 1).astype(float).repeat(often)[:, None], outcome.repeat(often)[:, None])
    np.testing.assert_allclose(found.expected.repeat(often), expected.expected, rtol=1e-9)
    assert np.isfinite(found.held_out).all()
    errors = [fit.error_between(*fit.terms_at(np.array([[0.0], [1.0]]))) for fit in (found, expected)]
    many = averages.effective(often, N)
    assert errors[0] == pytest.approx(errors[1] * np.sqrt(many / (many - 2) * (N - 2) / N), rel=1e-9)


def test_terms_of_a_regression_are_those_of_draws_repeated() -> None:
    often = counts(2)
    weights = averages.weights_of(weighed(INPUTS, often))
    x, again = INPUTS.values / 3, np.repeat(INPUTS.values / 3, often, axis=0)
    np.testing.assert_allclose(product_basis(x, weights)(x[:9]), product_basis(again)(x[:9]), rtol=1e-7, atol=1e-9)
    for column in x.T:
        scores = normal_scores(column, weights)(column[often > 0])
        np.testing.assert_allclose(scores, normal_scores(column.repeat(often))(column[often > 0]), atol=1e-12)


# All alike, and in any order --------------------------------------------------------------------------------------

RUN = [name for name in CASES if name != "information.evppi_nested"]


@pytest.mark.parametrize("name", RUN)
def test_draws_that_all_count_alike_are_as_if_nothing_were_said(name: str) -> None:
    call, sides = CASES[name]
    same(of_weighed(name, np.full(N, 2.5)), call(*sides), rtol=0, atol=0)


STEPS = {"discovery.discover": "peels whole draws", "response.response_by_regression": "is read at quantiles"}
NEARLY = [name for name in {**SAME, **CHANCE} if name not in STEPS]


@pytest.mark.parametrize("name", NEARLY)
def test_draws_that_nearly_count_alike_give_nearly_the_same(name: str) -> None:
    """What is computed by weights is what is computed without; the regressions on several pick other centres."""
    call, sides = CASES[name]
    estimates = SAME[name] if name in SAME else CHANCE[name][0]
    nearly = 2.5 * (1 + 1e-9 * np.random.default_rng(0).standard_normal(N))
    several = name in {
        "information.evppi",
        "information.evsi_regression",
        "information.evsi_moment_matching",
        "information.expected_gap",
        "information.noise_floor",
        "given_data.explained_together",
        "given_data.shapley_effects",
    }
    tolerance = 0.02 if several else 1e-5
    same(estimates(of_weighed(name, nearly)), estimates(call(*sides)), rtol=tolerance, atol=tolerance)


UNORDERED = {
    "power.by_chance": "shifts draws as they stand",
    "discovery.prepared": "gives orders of draws",
    "decisions.priced": "gives draws back",
    "shapley.shapley": "gives draws back",
    "given_data.paired_outcomes": "gives draws back",
    "information.columns_of": "gives draws back",
    "information.noise_floor": "shifts draws as they stand",
    "response.unmoved": "looks at the first draws",
    "information.expected_gap": "varies fits by signs of the rows",
}


@pytest.mark.parametrize("name", [name for name in RUN if name not in UNORDERED])
def test_draws_in_any_order_with_their_weights_give_the_same(name: str) -> None:
    call, sides = CASES[name]
    weight = np.random.default_rng(4).gamma(1.0, size=N)
    order = np.random.default_rng(5).permutation(N)
    given = [weighed(side, weight) for side in sides]
    mixed = [side.isel(draw=order) if side.sizes.get("draw") == N else side for side in given]
    expected, found = call(*given), call(*mixed)
    if isinstance(expected, xr.DataArray) and "draw" in expected.dims:
        found = found.sel(draw=expected["draw"])
    same(found, expected, rtol=1e-6, atol=1e-9)


# Either side says it, or both alike -------------------------------------------------------------------------------

PAIRS = [
    name
    for name, (_, sides) in CASES.items()
    if len([side for side in sides if side.sizes.get("draw") == N]) == 2 and name in SAME
]


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("place", [0, 1])
def test_weights_that_one_side_states_are_those_of_both(name: str, place: int) -> None:
    call, sides = CASES[name]
    weight = counts(1)
    given = [weighed(side, weight) if which == place else side for which, side in enumerate(sides)]
    same(SAME[name](call(*given)), SAME[name](of_weighed(name, weight)))


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("name", [name for name in SAME if name.startswith("cost_effectiveness")])
def test_costs_that_vary_share_the_weights_of_losses(name: str, place: int) -> None:
    call, _ = CASES[name]
    cost = 0.4 + 0.1 * abs(LOSS)
    sides, weight = (LOSS, cost), counts(1)
    given = [weighed(side, weight) if which == place else side for which, side in enumerate(sides)]
    same(SAME[name](call(*given)), SAME[name](call(*(repeated(side, weight) for side in sides))))
    with pytest.raises(InputError, match="weights of draws: found others for cost than for the loss"):
        call(weighed(LOSS, weight), weighed(cost, counts(0)))


@pytest.mark.parametrize(
    "name",
    [
        name
        for name, (_, sides) in CASES.items()
        if len(sides) > 1 and all(side.sizes.get("draw") == N for side in sides) and name != "firsts.first_shares"
    ],
)
def test_two_sides_with_different_weights_are_refused(name: str) -> None:
    call, sides = CASES[name]
    given = [weighed(side, counts(place)) for place, side in enumerate(sides)]
    with pytest.raises(InputError, match="weights of draws: found others for"):
        call(*given)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [(np.nan, "found nan"), (-1.0, "found -1"), (np.inf, "found inf")],
)
def test_weights_that_are_none_are_refused(wrong: float, said: str) -> None:
    weight = np.ones(N)
    weight[3] = wrong
    with pytest.raises(InputError, match=f"weights of draws: {said}; allowed: finite numbers, 0 or more"):
        decisions.summary(weighed(LOSS, weight))
    with pytest.raises(InputError, match="weights of draws: found 0 for all 240; allowed: above 0 for one or more"):
        decisions.summary(weighed(LOSS, np.zeros(N)))


def test_what_cannot_weigh_draws_refuses() -> None:
    with pytest.raises(InputError, match="losses_given: found draws with weights"):
        evppi_nested(lambda _: weighed(LOSS, counts(0)), 100)
    with pytest.raises(InputError, match="sobol: found draws with weights"):
        sobol_indices(
            ["a", "b"],
            lambda u: xr.DataArray(u, dims=("draw", "entry"), coords={"entry": ["a", "b"]}),
            lambda rows: model(rows).assign_coords(weight=("draw", np.arange(rows.sizes["draw"]) + 1.0)),
            base_samples=16,
        )


# What else is said of them ----------------------------------------------------------------------------------------


def test_shares_of_draws_count_by_weight() -> None:
    often = counts(1)
    mine, theirs = weighed(SO > 0, often), repeated(SO > 0, often)
    for figure in (verdicts.share, verdicts.always, verdicts.sometimes):
        assert figure("x", mine).value == pytest.approx(figure("x", theirs).value)
    rare = weighed(SO * 0, np.where(np.arange(N) == 3, 1e-3, 1.0)).copy(data=np.arange(N) == 3)
    assert verdicts.sometimes("x", rare).verdict == "held"
    assert verdicts.sometimes("x", rare.copy(data=np.zeros(N, bool))).verdict == "not held"


def test_a_share_of_few_draws_in_effect_is_not_sure_where_it_is_nil() -> None:
    weight = np.where(np.arange(N) < 4, 1.0, 1e-6)
    assert verdicts.share("x", weighed(SO * 0, weight)).error > 0.1
    assert verdicts.share("x", SO * 0).error < 0.01


def test_criteria_weigh_draws() -> None:
    often = counts(0)
    design, losses = design_of(weighed(LOSS, often)), LOSS.values[:, 1]
    reference = LOSS.values[:, 2]
    for level in (0.0, 0.8):
        mine = Criterion("x", level=level, reference=reference, design=design)
        theirs = Criterion("x", level=level, reference=reference.repeat(often))
        assert mine.value(losses) == pytest.approx(theirs.value(losses.repeat(often)), rel=1e-12)
        assert mine.weights(losses).sum() == pytest.approx(1)
        assert float(mine.influence(losses).mean()) == pytest.approx(mine.value(losses), rel=0.05)
        spread = mine.influence(losses).std(ddof=1) / np.sqrt(N)
        assert spread == pytest.approx(float(design.error(_added(mine, losses))), rel=1e-9)


def _added(criterion: Criterion, losses: np.ndarray) -> np.ndarray:
    bare = Criterion("x", level=criterion.level, reference=criterion.reference)
    if not criterion.level:
        return bare.influence(losses)
    threshold = criterion.threshold(losses)
    return np.asarray(threshold + np.maximum(losses - threshold, 0) / (1 - criterion.level) - criterion.reference)


class Bowl:
    """Losses that grow with the distance of a point from where each draw would have it."""

    def __init__(self, middles: np.ndarray) -> None:
        self.middles = middles

    def value(self, x: np.ndarray) -> np.ndarray:
        return np.asarray(((x - self.middles) ** 2).sum(axis=1))

    def slope(self, x: np.ndarray, weights: np.ndarray) -> np.ndarray:
        return np.asarray(2 * weights @ (x - self.middles))


@pytest.mark.parametrize("level", [0.0, 0.7])
def test_the_best_point_is_that_of_draws_repeated_and_the_points_as_good_reach_further(level: float) -> None:
    often = counts(0)
    none = (np.zeros((0, 2)), np.zeros(0))
    region = Region(("a", "b"), np.full(2, -9.0), np.full(2, 9.0), none, none)
    middles, design = INPUTS.values, design_of(weighed(INPUTS, often))
    mine = Objective(Bowl(middles), (Criterion("x", level=level, design=design),))
    theirs = Objective(Bowl(middles.repeat(often, axis=0)), (Criterion("x", level=level),))
    one, other = (minimise(objective, region, [np.zeros(2)]) for objective in (mine, theirs))
    assert one.value == pytest.approx(other.value, rel=1e-6)
    np.testing.assert_allclose(one.x, other.x, atol=0.02)
    reach = [NearOptimal(objective, one.x).furthest(region, 0, -1)[0] - one.x[0] for objective in (mine, theirs)]
    assert reach[0] > 1.1 * reach[1] > 0


def test_slopes_of_errors_of_weighted_draws_are_those_of_small_steps() -> None:
    rng = np.random.default_rng(0)
    losses, other = rng.normal(size=N), rng.normal(size=N)
    mine = Criterion("x", design=design_of(weighed(LOSS, rng.gamma(1.0, size=N))))

    def squares(values: np.ndarray) -> float:
        return float(((away := mine.influence(values) - other) - away.mean()) @ (away - away.mean())) / 2

    found, step = mine.pull(mine.influence(losses) - other), 1e-5
    for place in range(0, N, 40):
        moved = np.eye(N)[place] * step
        slope = (squares(losses + moved) - squares(losses - moved)) / (2 * step)
        assert found[place] == pytest.approx(slope, rel=1e-5, abs=1e-7)


def test_draws_dealt_by_width_count_about_as_before() -> None:
    rng = np.random.default_rng(1)
    weight = rng.gamma(2.0, size=4000)
    weight /= weight.mean()
    order = rng.permutation(4000)
    value = np.where(rng.random(4000) < 0.3, 1.0, 0.0)
    dealt = averages.dealt(order, weight)
    assert weight @ value[dealt] == pytest.approx(weight @ value, rel=0.05)
    np.testing.assert_array_equal(averages.dealt(order, np.ones(4000)), order)


def test_two_views_may_weigh_their_draws_each_in_its_own_way() -> None:
    one, other = counts(0), counts(1)
    measures = LOSS.rename(allocation="measure")

    def gap(made: Callable[[Side, np.ndarray], Side]) -> xr.Dataset:
        return expected_gap((made(measures, one), made(measures**2, other)), (made(INPUTS, one), made(INPUTS, other)))

    found, apart = gap(weighed), gap(repeated)
    assert (abs(found["gap"] - apart["gap"]) <= SURE * found["se"]).all()
    assert float(found["beyond"]) == pytest.approx(float(apart["beyond"]))


def test_how_far_views_stay_apart_is_by_weight() -> None:
    """One view says nil and the other what is told, whose mean is that of the draws by their weights."""
    z = np.random.default_rng(0).standard_normal(1000)
    told = xr.DataArray(np.exp(0.5 * z), dims="draw", coords={"weight": ("draw", np.exp(z))})
    result = told.expand_dims(measure=["m"]).transpose("draw", "measure")
    found = expected_gap((0 * result, result), (told.rename("x"), told.rename("x")))
    assert float(found["gap"].item()) == pytest.approx(float(averages.mean(told)), rel=0.02)
    assert float(averages.mean(told)) > 1.3 * float(told.mean())
    assert float(found["se"].item()) == pytest.approx(float(error_of_mean(told)), rel=0.1)


# What needs small cases to be seen --------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**6), st.integers(3, 12))
def test_dominance_of_a_few_draws_is_that_of_draws_repeated(seed: int, draws: int) -> None:
    rng = np.random.default_rng(seed)
    often = rng.multinomial(draws, rng.dirichlet(np.full(draws, 0.7)))
    base = rng.normal(size=draws)
    spread = np.column_stack([base, 1.3 * base, rng.permutation(base) + 0.05, base + rng.choice([0.0, 0.1], draws)])
    loss = xr.DataArray(spread, dims=("draw", "allocation"), coords={"allocation": list("abcd")})
    found = dominance.dominance(loss.assign_coords(weight=("draw", 0.3 * often)))
    xr.testing.assert_equal(found, dominance.dominance(repeated(loss, often)))


def test_a_mean_of_the_worst_draws_is_by_how_much_they_count() -> None:
    """Averse to risk one takes b, whose worst draw counts for little; by draws alone neither is better."""
    loss = xr.DataArray(
        [[1.0, 0.0], [1.0, 1.0], [1.0, 1.5]], dims=("draw", "allocation"), coords={"allocation": ["a", "b"]}
    )
    steps = loss.assign_coords(weight=("draw", [1.0, 3.0, 0.0]))
    assert dominance.dominance(steps)["second_order"].sel(allocation="b", other="a")
    assert not dominance.dominance(loss)["second_order"].any()


def test_what_is_so_in_every_draw_hangs_on_light_draws_too() -> None:
    values = np.column_stack([np.zeros(60), np.where(np.arange(60) == 7, -1.0, 1.0)])
    weight = np.where(np.arange(60) == 7, 0.01, 1.0)
    loss = xr.DataArray(values, dims=("draw", "allocation"), coords={"weight": ("draw", weight)})
    share = dominance_shares(loss.assign_coords(allocation=["a", "b"]), resamples=400)["share"]
    found = float(share.sel(kind="statewise", allocation="a", other="b"))
    assert found == pytest.approx((1 - 1 / 60) ** 60, abs=0.08)


def test_losses_are_paired_with_the_best_by_weight() -> None:
    turned = weighed(LOSS, np.where(LOSS.sel(allocation="b") > 1, 2.0, 0.5))
    weights = averages.weights_of(turned)
    assert (averages.mean_of(paired_losses(turned), weights) >= 0).all()
    assert not (paired_losses(turned).mean(axis=0) >= 0).all()


def test_points_as_good_of_weighted_chains_reach_as_far_as_weights_and_chains_say_once() -> None:
    rng = np.random.default_rng(0)
    weight, chain = rng.gamma(0.4, size=1200), {"chain": ("draw", np.arange(1200) // 300)}
    losses, best = Bowl(rng.normal(size=(1200, 2))), np.zeros(2)
    one = xr.DataArray(np.zeros(1200), dims="draw", coords={"weight": ("draw", weight)})

    def room(x: Side) -> float:
        near = NearOptimal(Objective(losses, (Criterion("x", design=design_of(x)),)), best)
        point = np.array([0.4, 0.0])
        mean = near.objective.value(best) - near.objective.value(point)
        return float(near.slack(point)[0]) - mean

    assert room(one.assign_coords(chain)) == pytest.approx(room(one), rel=0.35)


def test_boxes_of_folds_are_of_draws_that_count() -> None:
    """It hangs on one input in the draws that count, and on another in three times as many that hardly do."""
    rng = np.random.default_rng(0)
    values, heavy = rng.random((800, 2)), np.arange(800) % 4 == 0
    inputs = xr.DataArray(values, dims=("draw", "entry"), coords={"entry": ["a", "b"]})
    so = xr.DataArray(np.where(heavy, values[:, 0] > 0.7, values[:, 1] > 0.7), dims="draw")
    found = firmness(inputs, weighed(so, np.where(heavy, 1.0, 1e-6)), resamples=2, shuffles=9)
    assert found.density.value > 0.9
    assert found.coverage.value > 0.8
    assert found.limited("a") == 1
    bare = firmness(inputs, so, resamples=2, shuffles=1)
    assert bare.density.value < 0.9
