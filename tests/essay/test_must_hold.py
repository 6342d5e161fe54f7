"""The section "What must hold" of the design page, item by item."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from tests.shipped import DEFAULT_MIX, STORY, levers, load_priors
from toc_model.beliefs.distributions import Distribution
from toc_model.engine.evaluate import evaluate
from toc_model.engine.interventions import do
from toc_model.engine.overrides import apply_overrides, parse_overrides
from toc_model.essay.research import early_help, grown_years
from toc_model.essay.talent import buying_time_impact, pool_effort, technical_effort, technical_impact

DRAWS = 2000
WORLDVIEWS = ("neutral", "essay", "outside")
shares = st.floats(0, 1)


def draws_of(worldview: str, draws: int = DRAWS) -> xr.Dataset:
    return load_priors(worldview).draw(STORY, draws, seed=11)


def allocations(*points: tuple[float, float]) -> xr.Dataset:
    everyone = [(0.2, 0.1), *points]
    names = ["status_quo", *(f"f{f:g} fc{fc:g}" for f, fc in points)]
    return levers(names, np.array(everyone))


RECOMMENDED = allocations((0.5, 0.3))


def p_doom(parameters: xr.Dataset, where: xr.Dataset = RECOMMENDED, *overrides: str) -> xr.DataArray:
    story, changed = apply_overrides(STORY, parameters, parse_overrides(overrides))
    return evaluate(story, changed, where, ["p_doom"])["p_doom"]


def change(values: xr.DataArray) -> xr.DataArray:
    return (values - values.isel(allocation=0)).isel(allocation=1)


# 1 ----------------------------------------------------------------------------------------------------------------


@settings(max_examples=15)
@given(shares, shares, st.permutations(range(4)))
def test_1_what_does_not_descend_from_a_lever_does_not_move(f: float, fc: float, order: list[int]) -> None:
    parameters = draws_of("neutral", 5)
    moved_share, moved_mix = allocations((f, fc)), allocations((0.2, 0.1))
    moved_mix["mix"][1] = DEFAULT_MIX[:, order]
    for lever, setting in (("buying_time_share", moved_share), ("mix", moved_mix)):
        nodes = evaluate(STORY, parameters, setting)
        for name in set(STORY.nodes) - STORY.descendants(lever) - {"hours_bought_per_hour"}:
            if "allocation" in nodes[name].dims:
                first, second = nodes[name].isel(allocation=0), nodes[name].isel(allocation=1)
                np.testing.assert_array_equal(first, second, err_msg=f"{lever} moved {name}")


@pytest.mark.parametrize("name", [name for name in STORY.nodes if name != "hours_bought_per_hour"])
def test_1_a_node_moves_its_children_and_nothing_but_its_descendants(name: str) -> None:
    parameters = draws_of("neutral", 5)
    usual = evaluate(STORY, parameters, RECOMMENDED)
    held = usual[name].drop_vars(list(usual[name].coords)) * xr.DataArray([0.98, 0.9], dims="allocation")
    if "allocation" not in usual[name].dims:
        held = held.isel(allocation=1)
    moved = evaluate(do(STORY, name, held), parameters, RECOMMENDED)
    changed = {other for other in STORY.nodes if not moved[other].equals(usual[other])}
    assert {name, *STORY.children(name)} <= changed <= {name, *STORY.descendants(name)}


# 2 ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("worldview", WORLDVIEWS)
def test_2_a_year_at_the_end_is_worth_more_by_exactly_this_much(worldview: str) -> None:
    p = draws_of(worldview)
    nodes = evaluate(STORY, p, RECOMMENDED)
    before, after = nodes["research"].sel(branch="no_pause"), nodes["research"].sel(branch="pause")
    start = nodes["technical_effort"].isel(allocation=0)
    scale = start * (nodes["technical_effort"] / start) ** p["parallelization"]
    rate = p["parallelization"] * nodes["field_growth_rate"]
    growth = np.exp(rate * np.minimum(nodes["agi_arrival"], p["growth_horizon"]))
    early = 1 + p["assistant_differential"] * (p["assistant_multiplier"] - 1)
    found = (after - before) / nodes["pause_length"] / (scale * growth * early)
    learning = (before / nodes["reference_research"]) ** p["stock_learning"]
    np.testing.assert_allclose(
        found, p["assistant_multiplier"] * p["architecture_multiplier"] * learning / early, rtol=1e-10
    )
    assert float((found > 1).mean()) > 0.99


@given(st.floats(0.1, 40), st.floats(-0.05, 0.5), st.floats(1, 30))
def test_2_research_is_the_integral_of_its_flow(years: float, rate: float, horizon: float) -> None:
    t = np.linspace(0, years, 20001)
    flow = np.exp(rate * np.minimum(t, horizon))
    assert grown_years(years, rate, horizon) == pytest.approx(np.trapezoid(flow, t), rel=1e-6)
    assert early_help(0.0, 7.0) == 1


# 3 ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "missing",
    [
        "solutions_now=1e-9; solutions_gain=0; solutions_from_research=0",
        "concern_now=1e-9; concern_gain=0",
    ],
)
def test_3_neither_concern_nor_solutions_alone_buy_early_time(missing: str) -> None:
    def years_bought(overrides: str) -> float:
        story, parameters = apply_overrides(STORY, draws_of("neutral"), parse_overrides([overrides, "hype=0"]))
        return float(change(evaluate(story, parameters, RECOMMENDED, ["agi_arrival"])["agi_arrival"]).mean())

    assert abs(years_bought(missing)) < 0.01 * years_bought("")


# 4 ----------------------------------------------------------------------------------------------------------------

SAME = allocations((0.2, 0.1))


@pytest.mark.parametrize(("lead_now", "sign"), [(3, 1), (48, -1)])
def test_4_the_leaders_own_delay_raises_doom_when_the_lead_is_short(lead_now: float, sign: int) -> None:
    overrides = parse_overrides([f"lead_now={lead_now}; field_wide_share=0; max_publishing_cut=0"])
    story, parameters = apply_overrides(STORY, draws_of("neutral"), overrides)
    usual = evaluate(story, parameters, SAME, ["less_capabilities_research"])["less_capabilities_research"]
    slower = usual.drop_vars(["draw", "allocation"]) + xr.DataArray([0.0, 0.03], dims="allocation")
    held = do(story, "less_capabilities_research", slower)
    mean = float(change(evaluate(held, parameters, SAME, ["p_doom"])["p_doom"]).mean())
    assert np.sign(mean) == sign


@pytest.mark.parametrize("worldview", WORLDVIEWS)
def test_4_delay_that_binds_everyone_never_raises_doom(worldview: str) -> None:
    story, parameters = apply_overrides(STORY, draws_of(worldview), parse_overrides(["lead_erosion=0"]))
    later = parameters["agi_year"].drop_vars("draw") + xr.DataArray([0.0, 3.0], dims="allocation")
    moved = change(evaluate(do(story, "agi_arrival", later), parameters, SAME, ["p_doom"])["p_doom"])
    assert float(moved.max()) <= 1e-12
    assert float(moved.min()) < -1e-3


# 5 to 7 -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("worldview", WORLDVIEWS)
@pytest.mark.parametrize("harm", [1.0, 2.0])
def test_5_movers_who_are_harmful_on_balance_make_it_worse(worldview: str, harm: float) -> None:
    assert float(change(p_doom(draws_of(worldview), RECOMMENDED, f"buying_time_harm={harm}")).mean()) > 0


@pytest.mark.parametrize("worldview", ["neutral", "essay"])
def test_6_over_correction(worldview: str) -> None:
    grid = np.linspace(0.2, 0.999, 30)
    means = p_doom(draws_of(worldview), allocations(*((f, 0.3) for f in grid))).mean("draw").values[1:]
    best = int(means.argmin())
    assert 0 < best < len(grid) - 1
    assert means[-1] > means[best] + 0.005


@given(st.floats(0.05, 0.95), st.floats(0.05, 0.9), st.floats(0.01, 0.09), st.floats(0.5, 2.5), st.floats(0, 0.3))
def test_7_better_screening_loses_less(f: float, validity: float, more: float, spread: float, harm: float) -> None:
    def lost(v: float) -> float:
        share = xr.DataArray([[0.0, 0.0], [f, 0.0]], dims=("allocation", "pool"))
        effort = technical_effort(share, 300.0, spread, v, harm)
        assert isinstance(effort, xr.DataArray)
        return 1 - float(effort[1] / effort[0])

    assert lost(validity + more) < lost(validity)


# 8 ----------------------------------------------------------------------------------------------------------------


@settings(max_examples=25)
@given(shares, shares, st.integers(0, 50))
def test_8_the_parts_add_up_and_probabilities_are_probabilities(f: float, fc: float, seed: int) -> None:
    parameters = load_priors(WORLDVIEWS[seed % 3]).draw(STORY, 20, seed)
    nodes = evaluate(STORY, parameters, allocations((f, fc)))
    parts = nodes["doom_no_solution"] + nodes["doom_not_adopted"] + nodes["doom_overtaken"]
    np.testing.assert_allclose(parts, nodes["p_doom"], rtol=0, atol=1e-12)
    for name, node in STORY.nodes.items():
        if node.unit in ("probability", "fraction") and name != "reach":
            assert float(nodes[name].min()) >= 0, name
            assert float(nodes[name].max()) <= 1, name


ENTRIES = load_priors().entries


@pytest.mark.parametrize("entry", [name for name, prior in ENTRIES.items() if not prior.distribution.is_constant])
def test_8_no_parameter_is_dead(entry: str) -> None:
    distribution: Distribution = ENTRIES[entry].distribution
    parameters = draws_of("neutral", 50)
    low, high = (p_doom(parameters, RECOMMENDED, f"{entry}={distribution.quantile(level)}") for level in (0.05, 0.95))
    assert float(abs(high - low).max()) > 1e-6


# 9 ----------------------------------------------------------------------------------------------------------------


def test_9_the_essay_worldview_is_consistent_with_the_essay() -> None:
    parameters = draws_of("essay", 20_000)
    nodes = evaluate(STORY, parameters, allocations((0.22, 0.1), (0.5, 0.1), (0.5, 0.3)))
    hours = nodes["hours_bought_per_hour"].mean("draw").values[1:3]
    assert (hours > 1.5).all()
    assert (hours < 5).all()
    parts = [float(nodes[name].isel(allocation=0).mean()) for name in STORY.outcomes if name.startswith("doom_")]
    assert float(nodes["doom_no_solution"].isel(allocation=0).mean()) == max(parts)
    fall = -float((nodes["p_doom"].isel(allocation=3) - nodes["p_doom"].isel(allocation=0)).mean())
    no_time = p_doom(parameters, RECOMMENDED, "max_research_cut=0; max_publishing_cut=0; longest_pause=1e-9")
    assert fall > 0
    assert -float(change(no_time).mean()) < fall / 2


def test_9_under_the_neutral_worldview_most_of_the_fall_remains_without_time() -> None:
    parameters = draws_of("neutral", 20_000)
    no_time = p_doom(parameters, RECOMMENDED, "max_research_cut=0; max_publishing_cut=0; longest_pause=1e-9")
    assert -float(change(no_time).mean()) > -float(change(p_doom(parameters)).mean()) / 2


# Talent -----------------------------------------------------------------------------------------------------------


@given(st.floats(0.05, 0.95), st.floats(0.1, 0.9), st.floats(0.1, 0.9), st.floats(0.5, 1.8), st.floats(0, 0.6))
def test_efforts_add_up_the_impact_of_single_people(
    share: float, validity: float, correlation: float, spread: float, harm: float
) -> None:
    """The closed forms are integrals of the two curves of the essay's Figure 1 over those who stay and who move."""
    z = np.linspace(-9, 14, 40001)
    density, cutoff = np.exp(-z * z / 2) / np.sqrt(2 * np.pi), special.ndtri(share)
    stays = special.ndtr((validity * z - cutoff) / np.sqrt(1 - validity**2))
    kept = np.trapezoid(density * stays * technical_impact(z, spread, harm), z)
    assert technical_effort(share, 300.0, spread, validity, harm) == pytest.approx(300 * kept, rel=1e-6)
    r = correlation * validity
    moves = special.ndtr((cutoff - r * z) / np.sqrt(1 - r * r))
    moved = np.trapezoid(density * moves * buying_time_impact(z, spread, 0.6, 1.7, harm), z)
    found = pool_effort(share, 1.0, 1.0, 300.0, 100.0, spread, 0.6, correlation, validity, 1.7, 0.35, harm)
    assert found == pytest.approx(300 * moved, rel=1e-6, abs=1e-6)


# Figures to expect ------------------------------------------------------------------------------------------------

FIGURES = {
    "neutral": (0.672, 0.650, -0.0217, -0.075, 0.005, 0.90, 1.05),
    "essay": (0.627, 0.603, -0.0243, -0.087, 0.007, 0.89, 2.30),
    "outside": (0.212, 0.207, -0.0049, -0.028, 0.009, 0.72, 0.21),
}
ROUNDING = (5e-4, 5e-4, 5e-5, 5e-4, 5e-4, 5e-3, 5e-3)


@pytest.mark.parametrize("worldview", WORLDVIEWS)
def test_figures_to_expect(worldview: str) -> None:
    draws = 100_000
    parameters = draws_of(worldview, draws)
    nodes = evaluate(STORY, parameters, allocations((0.5, 0.3), (0.22, 0.1)), ["p_doom", "hours_bought_per_hour"])
    doom, moved = nodes["p_doom"], change(nodes["p_doom"])
    hours = nodes["hours_bought_per_hour"].isel(allocation=2)
    low, high = np.quantile(moved, [0.05, 0.95])
    found = [
        *doom.mean("draw").values[:2],
        float(moved.mean()),
        low,
        high,
        float((moved < 0).mean()),
        float(hours.mean()),
    ]
    errors = [
        *doom.std("draw").values[:2],
        float(moved.std()),
        3 * float(moved.std()),
        3 * float(moved.std()),
        0.5,
        float(hours.std()),
    ]
    for value, expected, sd, rounding in zip(found, FIGURES[worldview], errors, ROUNDING, strict=True):
        assert value == pytest.approx(expected, abs=4 * sd / np.sqrt(draws) + rounding)
