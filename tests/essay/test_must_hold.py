"""The section "What must hold" of the design page, item by item, and the limits that its conventions state."""

import re
from functools import lru_cache

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from tests.shipped import DEFAULT_MIX, STORY, anchored, levers, load_allocations, load_beliefs, load_priors
from toc_model.beliefs.shipped import Documents
from toc_model.engine.evaluate import evaluate
from toc_model.engine.interventions import cut, do, pin
from toc_model.engine.overrides import apply_overrides, parse_overrides
from toc_model.engine.story import Story
from toc_model.errors import InputError
from toc_model.essay.case import ESSAY
from toc_model.essay.research import early_help, grown_years
from toc_model.essay.talent import buying_time_benefit, gross_effort, harm_done, technical_effort, technical_impact
from toc_model.questions.run.rates import rates
from toc_model.questions.run.stages import staged

DRAWS = 2000
WORLDVIEWS = ("base", "essay", "critic")
REFERENCE = STORY.reference
NO_TIME = "max_research_cut=1e-9; max_publishing_cut=1e-9; longest_pause=1e-9"
HOURS = "hours_bought_per_hour"
shares = st.floats(0, 1)


@lru_cache(maxsize=8)
def draws_of(worldview: str, draws: int = DRAWS, as_of: str | None = None) -> xr.Dataset:
    return Documents.of(ESSAY, as_of=as_of).priors(worldview).draw(STORY, draws, seed=11)


def allocations(*points: tuple[float, float]) -> xr.Dataset:
    """The reference, and the default mixes with these shares of researchers and builders."""
    names = [REFERENCE, *(f"f{f:g} fc{fc:g}" for f, fc in points)]
    return levers(names, np.array([(0.2, 0.1), *points]))


RECOMMENDED = allocations((0.5, 0.3))
SAME = allocations((0.2, 0.1))
FEW = draws_of("base", 20)


def nodes_of(parameters: xr.Dataset, where: xr.Dataset, overrides: str, *nodes: str) -> xr.Dataset:
    story, changed = apply_overrides(STORY, parameters, parse_overrides([overrides]))
    return evaluate(story, changed, where, nodes or None)


def p_doom(parameters: xr.Dataset, where: xr.Dataset = RECOMMENDED, overrides: str = "") -> xr.DataArray:
    return nodes_of(parameters, where, overrides, "p_doom")["p_doom"]


@lru_cache(maxsize=1)
def as_usual() -> xr.Dataset:
    return evaluate(STORY, FEW, RECOMMENDED)


def change(values: xr.DataArray) -> xr.DataArray:
    """From the reference, which equals the status quo, to the next allocation."""
    return (values - values.isel(allocation=0)).isel(allocation=1)


def mean_change(parameters: xr.Dataset, overrides: str = "") -> float:
    return float(change(p_doom(parameters, RECOMMENDED, overrides)).mean())


# 1 ----------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@settings(max_examples=8)
@given(shares, shares, st.permutations(range(4)))
def test_1_what_does_not_descend_from_a_lever_does_not_move(f: float, fc: float, order: list[int]) -> None:
    moved_share, moved_mix = allocations((f, fc)), allocations((0.2, 0.1))
    moved_mix["mix"][1] = DEFAULT_MIX[:, order]
    for lever, setting in (("buying_time_share", moved_share), ("mix", moved_mix)):
        nodes = evaluate(STORY, FEW, setting)
        for name in set(STORY.nodes) - STORY.descendants(lever) - {HOURS}:
            if "allocation" in nodes[name].dims:
                first, second = nodes[name].isel(allocation=0), nodes[name].isel(allocation=1)
                np.testing.assert_array_equal(first, second, err_msg=f"{lever} moved {name}")


HELD = [name for name, node in STORY.nodes.items() if not node.instead]
ACCOUNTS = [name for name, node in STORY.nodes.items() if node.instead]


@pytest.mark.parametrize("name", [name for name in HELD if name != HOURS])
def test_1_a_node_moves_its_children_and_nothing_but_its_descendants(name: str) -> None:
    usual = as_usual()
    bare = usual[name].drop_vars(list(usual[name].coords))
    moved = evaluate(do(STORY, name, bare * 0.9), FEW, RECOMMENDED)
    changed = {
        other for other in STORY.nodes if not moved[other].broadcast_equals(usual[other] + xr.zeros_like(moved[other]))
    }
    children = [child for child in STORY.children(name) if "allocation" in STORY.nodes[child].dims]
    assert {name, *children} <= changed <= {name, *STORY.descendants(name)}


def in_reference(values: xr.DataArray) -> xr.DataArray:
    return values.sel(allocation=REFERENCE, drop=True) if "allocation" in values.dims else values


def fail_if_the_reference_moved(story: Story) -> None:
    usual, found = as_usual(), evaluate(story, FEW, RECOMMENDED)
    for name in STORY.nodes:
        here, there = in_reference(usual[name]), in_reference(found[name])
        np.testing.assert_array_equal(there.transpose(*here.dims), here, err_msg=f"{story.edits}: {name}")


@settings(max_examples=2)
@given(level=st.floats(0, 1))
@pytest.mark.parametrize("name", HELD)
def test_1_the_reference_world_is_the_same_whatever_is_held(name: str, level: float) -> None:
    fail_if_the_reference_moved(do(STORY, name, float(as_usual()[name].quantile(level, skipna=True))))


@pytest.mark.parametrize("name", HELD)
def test_1_the_reference_world_is_the_same_whatever_is_pinned(name: str) -> None:
    fail_if_the_reference_moved(pin(STORY, name))


ARROWS = {
    effect: causes
    for effect in HELD
    if (causes := [cause for cause in STORY.nodes[effect].parents if cause in HELD or cause in STORY.levers])
}


@pytest.mark.parametrize("effect", ARROWS)
def test_1_the_reference_world_is_the_same_whatever_is_cut(effect: str) -> None:
    story = STORY
    for cause in ARROWS[effect]:
        story = cut(story, cause, effect)
    fail_if_the_reference_moved(story)


@st.composite
def interventions(draw: st.DrawFn) -> Story:
    """The story with a few nodes held or pinned and a few arrows cut, in any order."""
    story = STORY
    for kind in draw(st.lists(st.sampled_from(["do", "pin", "cut"]), min_size=2, max_size=5)):
        name = draw(st.sampled_from([name for name in ARROWS if name != HOURS]))
        if kind == "cut":
            story = cut(story, draw(st.sampled_from(ARROWS[name])), name)
        else:
            story = do(story, name, draw(st.floats(0.1, 0.9))) if kind == "do" else pin(story, name)
    return story


@pytest.mark.slow
@settings(max_examples=10)
@given(interventions())
def test_1_the_reference_world_is_the_same_under_any_set_of_interventions(story: Story) -> None:
    fail_if_the_reference_moved(story)


def test_1_one_place_of_a_cause_may_be_cut() -> None:
    story = cut(STORY, "reach[outreach]", "concern")
    fail_if_the_reference_moved(story)
    without = evaluate(story, draws_of("base"), RECOMMENDED, ["concern"])["concern"]
    pinned = nodes_of(draws_of("base"), RECOMMENDED, "concern_gain[outreach]=0", "concern")["concern"]
    xr.testing.assert_equal(without, pinned)


# Accounts -----------------------------------------------------------------------------------------------------------


def test_nodes_that_keep_accounts_are_those_from_safe_on_and_three_more() -> None:
    (doom,) = (chapter for chapter in STORY.chapters if chapter.name == "doom")
    assert doom.nodes[0] == "safe"
    assert set(ACCOUNTS) == {*doom.nodes, "arrived", "averaged", "reference_research"}


INSTEAD = "only keeps accounts of other nodes; allowed: solved, adopted, overtaken or pause_probability"


INTO = [
    f"cut({cause}->{name})"
    for name in ACCOUNTS
    for cause in STORY.nodes[name].parents
    if cause in STORY.nodes or cause in STORY.levers
]
OUT_OF = [f"cut({name}->{child})" for name in ACCOUNTS for child in STORY.children(name)]
HOLDING = [f"do({name})={value}" for name in ACCOUNTS for value in ("0.5", "reference")]


@pytest.mark.parametrize("edit", [*HOLDING, *INTO, *OUT_OF])
def test_a_node_that_keeps_accounts_can_be_neither_held_nor_pinned_nor_cut(edit: str) -> None:
    with pytest.raises(InputError, match=f"{re.escape(edit.partition('=')[0])}: [a-z_]+ {INSTEAD}"):
        apply_overrides(STORY, FEW, parse_overrides([edit]))


@pytest.mark.parametrize("place", ["safe[pause]", "doom_by_leader[no_pause]"])
def test_nor_can_one_branch_of_it(place: str) -> None:
    with pytest.raises(InputError, match=INSTEAD):
        do(STORY, place, 0.5)


@pytest.mark.parametrize(
    "edit", ["do(solved[pause])=0.5", "do(adopted[no_pause])=0.5", "do(research[pause])=reference"]
)
def test_a_whole_node_is_held_and_never_one_branch_of_it(edit: str) -> None:
    with pytest.raises(InputError, match=r"found one branch, '(no_)?pause'; allowed: do\([a-z]+\), in all of them"):
        apply_overrides(STORY, FEW, parse_overrides([edit]))


# Limits -------------------------------------------------------------------------------------------------------------

BETWEEN_0_AND_1 = [
    "insight",
    "concern",
    "solutions",
    "response",
    "coordination",
    "race",
    "less_capabilities_research",
    "less_publishing",
    "detection",
    "heeding",
    "pause_probability",
    "pause_coverage",
    "solved",
    "adopted",
    "deployment_risk",
    "eventual_deployment",
    "overtaken",
    "laggard_adoption",
    "laggard_deployment",
]


def held_at(value: float, *names: str) -> dict[str, set[float]]:
    """What nodes that are held at a number are outside the reference."""
    edits = "; ".join(f"do({name})={value}" for name in names)
    found = nodes_of(FEW, RECOMMENDED, edits, *names).isel(allocation=1)
    return {name: set(found[name].values.ravel().tolist()) for name in names}


@pytest.mark.parametrize(("value", "clipped"), [(0, 1e-9), (1, 1 - 1e-9), (0.25, 0.25)])
def test_a_number_for_a_node_between_0_and_1_is_clipped(value: float, clipped: float) -> None:
    assert held_at(value, *BETWEEN_0_AND_1) == {name: {clipped} for name in BETWEEN_0_AND_1}


def test_those_are_all_nodes_between_0_and_1_that_can_be_held() -> None:
    found = {
        name
        for name in HELD
        if (node := STORY.nodes[name]).bounds is None
        and (STORY.units[node.unit].lower, STORY.units[node.unit].upper) == (0, 1)
    }
    assert found == set(BETWEEN_0_AND_1)


def test_reach_and_activity_have_limits_of_their_own() -> None:
    assert held_at(-1, "reach") == {"reach": {-1 + 1e-9}}
    assert held_at(1, "reach", "activity") == {"reach": {1 - 1e-9}, "activity": {1 - 1e-9}}
    assert held_at(0, "reach", "activity") == {"reach": {0}, "activity": {0}}


@pytest.mark.parametrize(
    "edit",
    [
        *(f"do({name})={value}" for name in BETWEEN_0_AND_1 for value in (-0.01, 1.01)),
        "do(reach)=1.01",
        "do(reach)=-1.01",
        "do(reach[outreach])=-1.01",
        "do(activity)=-0.01",
        "do(activity)=1.01",
        "do(agi_arrival)=-1",
    ],
)
def test_a_number_out_of_range_is_refused(edit: str) -> None:
    with pytest.raises(InputError, match=r"do\(.+\): found -?[0-9.]+; allowed: (-1|0) (to 1|or more) \(\w+"):
        apply_overrides(STORY, FEW, parse_overrides([edit]))


@pytest.mark.parametrize(("year", "why"), [(0, "not a finite number"), (-1, "found -1; allowed: 0 or more")])
def test_agi_does_not_come_before_the_start(year: int, why: str) -> None:
    with pytest.raises(InputError, match=why):
        p_doom(FEW, RECOMMENDED, f"agi_year={year}")


NO_RESPONSE = "heeding_from_response=0; audit_spread=0; coordination_from_response=0"
NOTHING_OF_THE_INFINITE = [
    f"concern_now=0; tolerance_concern=0; deployment_concern=0; {NO_RESPONSE}",
    f"solutions_now=0; tolerance_solutions=0; {NO_RESPONSE}",
    "race_now=1; tolerance_race=0; heeding_race_penalty=0",
    "coordination_now=0; race_calming=0; pause_coverage_coordination=0",
    "serial_weight=0; do(serial_years)=0",
    "serial_weight=1; tax_learning=0; do(research)=0",
    "solved_elasticity=0; tax_learning=0; do(research)=0",
    "solutions_from_research=0; solved_elasticity=0; tax_learning=0; do(technical_effort)=0",
]


def test_values_of_the_reference_are_not_clipped() -> None:
    """At a concern of 0 today a pin holds it at 0 and not beside it."""
    found = nodes_of(FEW, RECOMMENDED, f"{NOTHING_OF_THE_INFINITE[0]}; do(concern)=reference")
    assert (found["concern"] == 0).all()


@pytest.mark.parametrize("f", [0.0, 1.0])
def test_the_share_of_researchers_is_kept_off_its_ends(f: float) -> None:
    near = min(max(f, 1e-6), 1 - 1e-6)
    at_end, beside = (evaluate(STORY, FEW, allocations((one, 0.1))) for one in (f, near))
    for name in ("technical_effort", "insight", "gross_effort"):
        np.testing.assert_allclose(at_end[name], beside[name], rtol=1e-15, err_msg=name)


MEANS = {
    0: lambda x, y: np.sqrt(x * y),
    -1: lambda x, y: (x + y) / 2,
    1: lambda x, y: 2 * x * y / (x + y),
}


@pytest.mark.parametrize("complementarity", MEANS)
def test_the_response_is_the_mean_that_its_complementarity_says(complementarity: int) -> None:
    found = nodes_of(draws_of("base"), RECOMMENDED, f"complementarity={complementarity}")
    expected = MEANS[complementarity](found["concern"], found["solutions"])
    np.testing.assert_allclose(found["response"], expected, rtol=1e-12)
    assert np.isfinite(found["p_doom"]).all()


@pytest.mark.parametrize("past_years", [0, 4])
def test_research_of_a_field_that_does_not_grow_is_its_effort_times_its_years(past_years: int) -> None:
    p = draws_of("base")
    found = nodes_of(p, RECOMMENDED, f"field_growth=0; recruits_from_concern=0; past_years={past_years}")
    start, years = found["technical_effort"].isel(allocation=0), found["agi_arrival"]
    scale = start * (found["technical_effort"] / start) ** p["parallelization"]
    help_early = p["assistant_differential"] * (p["assistant_multiplier"] - 1)
    expected = start * past_years + scale * (years + help_early * np.minimum(p["assistant_years"], years))
    np.testing.assert_allclose(found["research"].sel(branch="no_pause"), expected, rtol=1e-12)
    nearly = nodes_of(p, RECOMMENDED, f"field_growth=1e-9; recruits_from_concern=0; past_years={past_years}")
    np.testing.assert_allclose(nearly["research"], found["research"], rtol=1e-6)


@pytest.mark.parametrize("overrides", NOTHING_OF_THE_INFINITE)
def test_an_effect_of_nothing_makes_nothing_of_what_is_infinite(overrides: str) -> None:
    found = p_doom(FEW, RECOMMENDED, overrides)
    assert ((found >= 0) & (found <= 1)).all()


def test_where_builders_do_not_matter_all_may_leave() -> None:
    where = allocations((0.5, 1.0))
    found = nodes_of(FEW, where, "builder_elasticity=0; recruits_from_concern=0", "field_growth_rate")
    assert (change(found["field_growth_rate"]) == 0).all()


# 2 ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("worldview", WORLDVIEWS)
def test_2_the_flow_in_a_pause_is_this_many_times_that_before_agi(worldview: str) -> None:
    p = draws_of(worldview)
    nodes = evaluate(STORY, p, RECOMMENDED)
    before, after = nodes["research"].sel(branch="no_pause"), nodes["research"].sel(branch="pause")
    start = nodes["technical_effort"].isel(allocation=0)
    scale = start * (nodes["technical_effort"] / start) ** p["parallelization"]
    rate = p["parallelization"] * nodes["field_growth_rate"]
    growth = np.exp(rate * np.minimum(nodes["agi_arrival"], p["growth_horizon"]))
    early = 1 + p["assistant_differential"] * (p["assistant_multiplier"] - 1)
    found = (after - before) / (scale * growth * early)
    times = p["assistant_multiplier"] * p["architecture_multiplier"] / early
    np.testing.assert_allclose(found, times * nodes["pause_length"], rtol=1e-8, atol=1e-12)
    assert float((times > 1).mean()) > 0.95


@given(st.floats(0.1, 40), st.floats(-0.05, 0.5), st.floats(1, 30))
def test_2_research_is_the_integral_of_its_flow(years: float, rate: float, horizon: float) -> None:
    t = np.linspace(0, years, 20001)
    flow = np.exp(rate * np.minimum(t, horizon))
    assert grown_years(years, rate, horizon) == pytest.approx(np.trapezoid(flow, t), rel=1e-6)
    assert early_help(0.0, 7.0) == 1


def points_per_year(worldview: str, draws: int, as_of: str | None = None) -> tuple[float, float]:
    """What an expected year of pause, and an early year that binds everyone, change in P(doom) under the status quo."""
    p, where = draws_of(worldview, draws, as_of), SAME if as_of is None else anchored_at(as_of)
    wanted = ("p_doom", "branch_probability", "pause_length", "agi_arrival")
    usual, longer = (nodes_of(p, where, override, *wanted) for override in ("", "longest_pause*=1.2"))
    at_end = [
        (one["branch_probability"].sel(branch="pause") * one["pause_length"]).isel(allocation=1)
        for one in (usual, longer)
    ]
    pause = (longer["p_doom"] - usual["p_doom"]).isel(allocation=1).mean() / (at_end[1] - at_end[0]).mean()
    year_later = usual["agi_arrival"].drop_vars(["draw", "allocation"]) + 1
    later = evaluate(do(STORY, "agi_arrival", year_later), p, where, ["p_doom"])["p_doom"]
    early = (later - usual["p_doom"]).isel(allocation=1).mean()
    return 100 * float(pause), 100 * float(early)


def anchored_at(as_of: str) -> xr.Dataset:
    documents = Documents.of(ESSAY, as_of=as_of)
    return anchored(documents.allocations().levers(), documents).sel(allocation=[REFERENCE, "status_quo"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("worldview", "pause", "early"), [("base", -0.3, -0.3), ("essay", -2.0, -0.9), ("critic", None, None)]
)
def test_2_a_year_of_pause_and_an_early_year_are_worth_so_much(
    worldview: str, pause: float | None, early: float | None
) -> None:
    at_end, before = points_per_year(worldview, 20_000)
    if pause is None or early is None:
        assert at_end > 1
        assert before < 0
    else:
        assert at_end == pytest.approx(pause, abs=0.2)
        assert before == pytest.approx(early, abs=0.1)


@pytest.mark.slow
def test_2_under_the_essay_a_year_at_the_end_is_worth_most() -> None:
    at_end, before = points_per_year("essay", 20_000)
    assert at_end < 2 * before < 0


@pytest.mark.slow
def test_2_by_late_2026_a_longer_pause_does_harm_under_base() -> None:
    at_end, _ = points_per_year("base", 20_000, "late_2026")
    assert at_end > 0


# 3 ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("worldview", WORLDVIEWS)
@pytest.mark.parametrize(
    "missing",
    ["solutions_now=1e-9; solutions_gain=0; solutions_from_research=0", "concern_now=1e-9; concern_gain=0"],
)
def test_3_neither_concern_nor_solutions_alone_buy_early_time(worldview: str, missing: str) -> None:
    def years_bought(overrides: str) -> float:
        found = nodes_of(draws_of(worldview), RECOMMENDED, f"hype=0; {overrides}", "agi_arrival")
        return float(change(found["agi_arrival"]).mean())

    assert abs(years_bought(missing)) < 0.01 * abs(years_bought(""))


# 4 ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("lead_now", "sign"), [(3, 1), (48, -1)])
def test_4_the_leaders_own_delay_raises_doom_when_the_lead_is_short(lead_now: float, sign: int) -> None:
    overrides = parse_overrides([f"lead_now={lead_now}; field_wide_share=0; max_publishing_cut=0"])
    story, parameters = apply_overrides(STORY, draws_of("base"), overrides)
    usual = evaluate(story, parameters, SAME, ["less_capabilities_research"])["less_capabilities_research"]
    held = do(story, "less_capabilities_research", usual.drop_vars(["draw", "allocation"]) + 0.03)
    mean = float(change(evaluate(held, parameters, SAME, ["p_doom"])["p_doom"]).mean())
    assert np.sign(mean) == sign


@pytest.mark.parametrize("worldview", WORLDVIEWS)
@pytest.mark.parametrize("where", [SAME, RECOMMENDED], ids=["status quo", "recommended"])
def test_4_delay_that_binds_everyone_never_raises_doom(worldview: str, where: xr.Dataset) -> None:
    held = "lead_erosion=0; do(technical_effort)=reference; do(insight)=reference; do(own_delay)=reference"
    story, parameters = apply_overrides(STORY, draws_of(worldview), parse_overrides([held]))
    found = []
    for years in (0.0, 3.0):
        later = do(story, "agi_arrival", parameters["agi_year"].drop_vars("draw") + years)
        found.append(evaluate(later, parameters, where, ["p_doom"])["p_doom"].isel(allocation=1))
    moved = found[1] - found[0]
    assert float(moved.max()) <= 1e-12
    assert float(moved.min()) < -1e-3


# 5 to 7 -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("worldview", WORLDVIEWS)
@pytest.mark.parametrize("harm", [1.0, 2.0])
def test_5_movers_who_are_harmful_on_balance_make_it_worse(worldview: str, harm: float) -> None:
    assert mean_change(draws_of(worldview), f"buying_time_harm={harm}") > 0


@pytest.mark.parametrize("worldview", ["base", "essay"])
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

PRIORS = [load_priors(worldview) for worldview in WORLDVIEWS]


@pytest.mark.slow
@settings(max_examples=15)
@given(shares, shares, st.integers(0, 50))
def test_8_the_parts_add_up_and_probabilities_are_probabilities(f: float, fc: float, seed: int) -> None:
    parameters = PRIORS[seed % 3].draw(STORY, 20, seed)
    nodes = evaluate(STORY, parameters, allocations((f, fc)))
    parts = nodes["doom_no_solution"] + nodes["doom_not_adopted"] + nodes["doom_overtaken"]
    np.testing.assert_allclose(parts, nodes["p_doom"], rtol=0, atol=1e-12)
    np.testing.assert_allclose(nodes["branch_probability"].sum("branch"), 1, rtol=0, atol=1e-12)
    for name, node in STORY.nodes.items():
        if node.unit in ("probability", "fraction") and name != "reach":
            assert float(nodes[name].min()) >= 0, name
            assert float(nodes[name].max()) <= 1, name


@pytest.mark.parametrize("worldview", WORLDVIEWS)
@pytest.mark.parametrize("overrides", [(), ("do(concern)=0.95",), ("longest_pause*=3", "do(lead)=2")])
def test_8_shapley_parts_add_up_to_the_change_in_each_draw(worldview: str, overrides: tuple[str, ...]) -> None:
    beliefs = load_beliefs(worldview, draws=300, overrides=overrides)
    named = load_allocations()
    found = staged(beliefs, named, "recommended")
    outcome = beliefs.outcome(named.only(["recommended"]).levers())
    moved = outcome.sel(allocation="recommended") - outcome.sel(allocation="status_quo")
    assert set(found.split) == {stage.node for stage in ESSAY.stages}
    np.testing.assert_allclose(sum(found.split.values()), moved, rtol=0, atol=1e-12)


ENTRIES = PRIORS[0].entries


@pytest.fixture(scope="module")
def moved_by() -> dict[str, float]:
    """The largest change of an outcome as one entry goes from its lower to its upper end, by entry."""
    parameters, ends = draws_of("base", 50), []
    for entry, prior in ENTRIES.items():
        low, high = (prior.distribution.quantile(level) for level in (0.05, 0.95))
        overrides = [f"{entry}={end}" for end in (low, low + 0.1 if prior.distribution.is_constant else high)]
        ends += [apply_overrides(STORY, parameters, parse_overrides([override]))[1] for override in overrides]
    together = xr.concat(ends, dim="draw").assign_coords(draw=range(50 * len(ends)))
    outcomes = evaluate(STORY, together, RECOMMENDED, STORY.outcomes)
    values = np.stack([outcomes[name].values.reshape(len(ENTRIES), 2, 50, 2) for name in STORY.outcomes])
    moved = np.nanmax(abs(values[:, :, 1] - values[:, :, 0]), axis=(0, 2, 3))
    return dict(zip(ENTRIES, moved.tolist(), strict=True))


@pytest.mark.parametrize("entry", ENTRIES)
def test_8_no_parameter_is_dead(moved_by: dict[str, float], entry: str) -> None:
    assert moved_by[entry] > 1e-6


# 9 ----------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_9_the_essay_worldview_is_consistent_with_the_essay() -> None:
    nodes = evaluate(STORY, draws_of("essay", 20_000), allocations((0.22, 0.1), (0.5, 0.3)), STORY.outcomes)
    hours = nodes[HOURS].isel(allocation=1)
    assert 1.5 < float(hours.mean()) < 5
    assert float(hours.median()) < 1
    now = nodes.isel(allocation=0)
    parts = {name: float(now[name].mean()) for name in STORY.outcomes if name.startswith("doom_")}
    assert max(parts, key=lambda name: parts[name]) == "doom_no_solution"
    assert float((nodes["p_doom"].isel(allocation=2) - now["p_doom"]).mean()) < 0


def lost_without_time(worldview: str, overrides: str = "") -> float:
    """The share of the fall that is lost when no time can be bought."""
    p = draws_of(worldview, 20_000)
    return 1 - mean_change(p, f"{overrides}; {NO_TIME}") / mean_change(p, overrides)


@pytest.mark.slow
def test_9_under_the_essay_about_half_of_the_fall_is_time() -> None:
    assert 0.4 < lost_without_time("essay") < 0.55
    assert lost_without_time("essay", "adoption_reference=0.4") == pytest.approx(0.6, abs=0.03)


@pytest.mark.slow
def test_9_under_base_bought_time_costs_more_than_a_quarter_of_the_fall() -> None:
    p = draws_of("base", 100_000)
    usual = mean_change(p)
    without = mean_change(p, NO_TIME)
    assert usual == pytest.approx(-0.0029, abs=0.00015)
    assert without == pytest.approx(-0.0038, abs=0.00025)
    assert without < 1.25 * usual < 0


@pytest.mark.slow
def test_9_under_critic_bought_time_makes_no_difference() -> None:
    assert abs(lost_without_time("critic")) < 0.02


@pytest.mark.slow
def test_9_by_late_2026_time_carries_less_of_the_fall_under_the_essay() -> None:
    beliefs = [load_beliefs("essay", draws=20_000, as_of="late_2026", overrides=o) for o in ((), (NO_TIME,))]
    found = [one.outcome(one.documents.allocations().only(["recommended"]).levers()) for one in beliefs]
    usual, without = (float((one.isel(allocation=1) - one.isel(allocation=0)).mean()) for one in found)
    assert 1 - without / usual < lost_without_time("essay")


# 10 and 11 ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("worldview", WORLDVIEWS)
def test_10_concern_lowers_doom_under_every_allocation(worldview: str) -> None:
    where = anchored(load_allocations().levers())
    usual, concerned = (p_doom(draws_of(worldview), where, override) for override in ("", "do(concern)=0.95"))
    moved = (concerned - usual).mean("draw")
    assert float(moved.sel(allocation=REFERENCE)) == 0
    assert (moved.drop_sel(allocation=REFERENCE) < -0.005).all()


@pytest.mark.slow
@pytest.mark.parametrize("worldview", WORLDVIEWS)
def test_10_the_concern_of_today_matters_little(worldview: str) -> None:
    parameters = draws_of(worldview, 50_000)
    now = p_doom(parameters, SAME.isel(allocation=[0])).isel(allocation=0)
    found = stats.spearmanr(parameters["concern_now"].values, now.values).statistic
    assert -0.1 < found < -0.015


ONLY_BY_EFFECTS = [
    "concern",
    "race",
    "detection",
    "heeding",
    "pause_probability",
    "tax_tolerance",
    "deployment_risk",
    "pause_coverage",
    "laggard_adoption",
]


@pytest.mark.parametrize("worldview", WORLDVIEWS)
def test_11_without_any_effect_labs_do_not_move_and_doom_rises(worldview: str) -> None:
    nil = [name for name, prior in load_priors(worldview).entries.items() if prior.distribution.nil]
    assert len(nil) == 19
    found = nodes_of(draws_of(worldview), RECOMMENDED, "; ".join(f"{name}=0" for name in nil))
    for name in ONLY_BY_EFFECTS:
        before, after = (found[name].isel(allocation=place) for place in (0, 1))
        np.testing.assert_array_equal(after, before, err_msg=name)
    assert float(change(found["p_doom"]).mean()) > 1e-3


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
    moved = np.trapezoid(density * moves * (buying_time_benefit(z, spread, 0.6) - harm), z)
    gross = gross_effort(share, 1.0, 1.0, 300.0, 100.0, spread, 0.6, correlation, validity, 1.7, 0.35)
    harmful = harm_done(share, 1.0, 1.0, 300.0, 100.0, 1.7, 0.35, harm)
    assert gross - harmful == pytest.approx(300 * 1.7 * moved, rel=1e-6, abs=1e-6)


# Hours ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("worldview", WORLDVIEWS)
def test_rates_tell_the_hours_that_a_small_move_of_researchers_buys(worldview: str) -> None:
    beliefs = load_beliefs(worldview, draws=500)
    p, nodes = beliefs.parameters, evaluate(STORY, beliefs.parameters, allocations((0.22, 0.1)))
    now, moved = nodes.isel(allocation=0), nodes.isel(allocation=1)
    years, rate, end = now["agi_arrival"], now["field_growth_rate"], p["growth_horizon"]
    growing = np.minimum(years, end)
    field = p["researchers_now"] * np.exp(rate * growing)
    work = p["researchers_now"] * (np.expm1(rate * growing) / rate + np.exp(rate * end) * np.maximum(years - end, 0))
    pauses = [one["branch_probability"].sel(branch="pause") * one["pause_length"] for one in (now, moved)]
    quality = p["assistant_multiplier"] * p["architecture_multiplier"]
    bought = moved["agi_arrival"] - years + quality * (pauses[1] - pauses[0])
    expected = (field * (1 - 0.22) * bought / (0.02 * work)).values
    np.testing.assert_allclose(moved[HOURS], expected, rtol=1e-9)
    found = rates(beliefs)[HOURS]
    assert found["mean"] == pytest.approx(expected.mean(), rel=1e-9)
    assert found["median"] == pytest.approx(np.median(expected), rel=1e-9)
    assert found["below"] == pytest.approx((expected < 1).mean())
    assert "1.5 to 5" in found["published"]


def test_rates_at_another_date_move_researchers_from_its_reference() -> None:
    beliefs = load_beliefs("base", draws=200, as_of="late_2026")
    shares_there = np.array([(0.4, 0.2), (0.42, 0.2)])
    where = levers([REFERENCE, "moved"], shares_there)
    expected = evaluate(STORY, beliefs.parameters, where, [HOURS])[HOURS].isel(allocation=1)
    assert rates(beliefs)[HOURS]["mean"] == pytest.approx(float(expected.mean()), rel=1e-12)
