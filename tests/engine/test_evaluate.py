"""Plain evaluation: blocks, memory, holding nodes, and what it refuses."""

import subprocess
import sys

import numpy as np
import pytest
import xarray as xr

from tests.shipped import STORY
from toc_model.engine.evaluate import evaluate
from toc_model.engine.interventions import cut, do, pin
from toc_model.engine.overrides import apply_overrides, parse_override, parse_overrides
from toc_model.errors import InputError


@pytest.mark.parametrize("block", [2, 7, 1000, 10**7])
def test_the_result_does_not_depend_on_the_block(
    neutral_draws: xr.Dataset, two_allocations: xr.Dataset, block: int
) -> None:
    few = neutral_draws.isel(draw=slice(5))
    third = (two_allocations.isel(allocation=[1]) * 0.9).assign_coords(allocation=["less"])
    levers = xr.concat([two_allocations, third], dim="allocation", join="outer")
    whole = evaluate(STORY, few, levers, block=10**6)
    assert evaluate(STORY, few, levers, block=block).equals(whole)


def test_the_same_function_on_plain_floats() -> None:
    from toc_model.essay.doom import p_doom
    from toc_model.essay.slowdown import pause_probability

    assert pause_probability(0.5, 0.4) == 0.2
    assert p_doom(branch_probability=1.0, overtaken=0.25, doom_by_leader=0.4, doom_by_laggard=0.8) == pytest.approx(0.5)


def test_a_whole_story_on_plain_floats_is_one_draw_of_the_status_quo(neutral_draws: xr.Dataset) -> None:
    one = {name: values.isel(draw=0).values for name, values in neutral_draws.items()}
    inputs = {str(name): float(value) if value.ndim == 0 else float(value[0]) for name, value in one.items()}
    inputs |= {"buying_time_share": 0.2, "mix": 0.25, "is_researcher": 1.0, "paused": 0.0}
    values = STORY.run(inputs, ["concern", "agi_arrival", "pause_probability"])
    assert values["concern"] == pytest.approx(inputs["concern_now"])
    assert values["agi_arrival"] == pytest.approx(inputs["agi_year"])
    assert values["pause_probability"] == pytest.approx(inputs["detection_now"] * inputs["heeding_now"])


def test_labels_may_come_in_any_order(neutral_draws: xr.Dataset, two_allocations: xr.Dataset) -> None:
    usual = evaluate(STORY, neutral_draws, two_allocations, ["p_doom"])
    turned = evaluate(
        STORY, neutral_draws.isel(intervention=[3, 1, 0, 2]), two_allocations.isel(pool=[1, 0]), ["p_doom"]
    )
    assert turned.equals(usual)


def test_nodes_say_their_unit_and_claim(neutral_draws: xr.Dataset, two_allocations: xr.Dataset) -> None:
    nodes = evaluate(STORY, neutral_draws, two_allocations)
    assert nodes["lead"].attrs == {"unit": "months", "long_name": STORY.nodes["lead"].statement}
    assert nodes["pool_effort"].dims == ("draw", "allocation", "pool", "intervention")
    assert nodes["laggard_deployment"].dims == ("draw",)


@pytest.mark.parametrize(
    ("change", "fragments"),
    [
        ({"severity": np.nan}, ["severity", "not a finite number"]),
        ({"severty": 0.5}, ["severty", "did you mean 'severity'"]),
        ({"solutions_now": 0.0}, ["node coordination", "limit"]),
    ],
)
def test_impossible_parameters_are_refused(
    neutral_draws: xr.Dataset, two_allocations: xr.Dataset, change: dict[str, float], fragments: list[str]
) -> None:
    with pytest.raises(InputError) as error:
        evaluate(STORY, neutral_draws.assign(change), two_allocations)
    assert all(fragment in str(error.value) for fragment in fragments)


def test_a_missing_parameter_is_refused(neutral_draws: xr.Dataset, two_allocations: xr.Dataset) -> None:
    with pytest.raises(InputError, match="missing 'tax_now'"):
        evaluate(STORY, neutral_draws.drop_vars("tax_now"), two_allocations)


# Interventions ----------------------------------------------------------------------------------------------------


def change_of(story_edit: str, draws: xr.Dataset, levers: xr.Dataset, node: str) -> xr.DataArray:
    story, parameters = apply_overrides(STORY, draws, parse_overrides([story_edit]))
    values = evaluate(story, parameters, levers, [node])[node]
    return values - values.isel(allocation=0) if "allocation" in values.dims else values * 0


def test_do_holds_a_node_and_severs_it_from_its_causes(neutral_draws: xr.Dataset, two_allocations: xr.Dataset) -> None:
    story = do(STORY, "concern", 0.3)
    nodes = evaluate(story, neutral_draws, two_allocations)
    assert nodes["concern"].dims == ()
    assert float(nodes["concern"]) == 0.3
    assert story.nodes["concern"].parents == ()
    assert STORY.nodes["concern"].parents == ("reach", "concern_now", "concern_gain")


def test_do_takes_a_value_per_allocation(neutral_draws: xr.Dataset, two_allocations: xr.Dataset) -> None:
    held = xr.DataArray([0.3, 0.6], dims="allocation")
    nodes = evaluate(do(STORY, "concern", held), neutral_draws, two_allocations, ["concern", "p_doom"])
    np.testing.assert_array_equal(nodes["concern"], [0.3, 0.6])
    with pytest.raises(InputError, match="concern: found 3 places along allocation; allowed: 2"):
        evaluate(do(STORY, "concern", xr.DataArray([0.1] * 3, dims="allocation")), neutral_draws, two_allocations)


def test_one_place_is_held_at_one_number() -> None:
    with pytest.raises(InputError, match=r"do\(reach\[outreach\]\): found an array; allowed with an index: one number"):
        do(STORY, "reach[outreach]", xr.DataArray([0.1, 0.2], dims="allocation"))


def test_do_on_one_place_leaves_the_others(neutral_draws: xr.Dataset, two_allocations: xr.Dataset) -> None:
    usual = evaluate(STORY, neutral_draws, two_allocations, ["reach"])["reach"]
    held = evaluate(do(STORY, "reach[outreach]", 0.4), neutral_draws, two_allocations, ["reach"])["reach"]
    assert (held.sel(intervention="outreach") == 0.4).all()
    assert held.drop_sel(intervention="outreach").equals(usual.drop_sel(intervention="outreach"))


def test_interventions_on_a_held_node_add_up(neutral_draws: xr.Dataset, two_allocations: xr.Dataset) -> None:
    twice = do(do(STORY, "reach", 0.5), "reach[outreach;convening]", 1.0)
    reach = evaluate(twice, neutral_draws, two_allocations, ["reach"])["reach"]
    np.testing.assert_array_equal(reach, [1.0, 0.5, 0.5, 1.0])
    pinned = pin(do(STORY, "concern", xr.DataArray([0.3, 0.6], dims="allocation")), "concern")
    assert float(evaluate(pinned, neutral_draws, two_allocations, ["concern"])["concern"]) == 0.3


def test_one_place_of_a_node_with_two_dimensions(neutral_draws: xr.Dataset, two_allocations: xr.Dataset) -> None:
    overrides = parse_overrides(["do(pool_effort[researchers;outreach])=7; severity=0.5"])
    assert [override.kind for override in overrides] == ["do", "set"]
    story, parameters = apply_overrides(STORY, neutral_draws, overrides)
    effort = evaluate(story, parameters, two_allocations, ["pool_effort"])["pool_effort"]
    assert (effort.sel(pool="researchers", intervention="outreach") == 7).all()
    assert not (effort.sel(pool="builders") == 7).any()
    assert not (effort.sel(intervention="evaluations") == 7).any()


def test_pinning_every_cause_leaves_no_change(neutral_draws: xr.Dataset, two_allocations: xr.Dataset) -> None:
    pins = "; ".join(f"do({name})=status_quo" for name in ("reach", "technical_effort", "insight", "field_growth_rate"))
    assert float(abs(change_of(pins, neutral_draws, two_allocations, "p_doom")).max()) == 0


def test_pinning_all_places_one_by_one_is_pinning_the_node(
    neutral_draws: xr.Dataset, two_allocations: xr.Dataset
) -> None:
    places = "; ".join(f"do(reach[{place}])=status_quo" for place in STORY.dimensions["intervention"])
    whole = change_of("do(reach)=status_quo", neutral_draws, two_allocations, "p_doom")
    np.testing.assert_allclose(change_of(places, neutral_draws, two_allocations, "p_doom"), whole, atol=1e-15)


def test_cutting_the_only_path_stops_the_effect(neutral_draws: xr.Dataset, two_allocations: xr.Dataset) -> None:
    assert float(abs(change_of("cut(reach->concern)", neutral_draws, two_allocations, "concern")).max()) == 0
    assert float(abs(change_of("cut(reach->concern)", neutral_draws, two_allocations, "solutions")).max()) > 0.01


def test_cutting_every_arrow_from_a_cause_is_pinning_it(neutral_draws: xr.Dataset, two_allocations: xr.Dataset) -> None:
    cuts = "; ".join(f"cut(race->{child})" for child in STORY.children("race"))
    pinned = change_of("do(race)=status_quo", neutral_draws, two_allocations, "p_doom")
    np.testing.assert_allclose(change_of(cuts, neutral_draws, two_allocations, "p_doom"), pinned, atol=1e-15)


def test_a_lever_can_be_cut_from_one_of_its_effects(neutral_draws: xr.Dataset, two_allocations: xr.Dataset) -> None:
    edit = "cut(buying_time_share->technical_effort)"
    assert float(abs(change_of(edit, neutral_draws, two_allocations, "technical_effort")).max()) == 0
    assert float(abs(change_of(edit, neutral_draws, two_allocations, "insight")).max()) > 0


@pytest.mark.parametrize(
    ("text", "kind", "target", "value"),
    [
        ("tax_now=0", "set", "tax_now", 0),
        (" half_effort *= .5 ", "scale", "half_effort", 0.5),
        ("concern_gain[outreach]=0", "set", "concern_gain[outreach]", 0),
        ("do(overtaken)=1e-3", "do", "overtaken", 1e-3),
    ],
)
def test_overrides_are_read(text: str, kind: str, target: str, value: float) -> None:
    found = parse_override(text)
    assert (found.kind, found.target, found.value) == (kind, target, value)


def test_setting_and_scaling_one_place_of_a_parameter(neutral_draws: xr.Dataset) -> None:
    _, changed = apply_overrides(STORY, neutral_draws, parse_overrides(["concern_gain[outreach]*=3; half_effort=7"]))
    ratio = changed["concern_gain"] / neutral_draws["concern_gain"]
    np.testing.assert_allclose(ratio.isel(draw=0), [3, 1, 1, 1])
    assert (changed["half_effort"] == 7).all()
    assert changed["concern_gain"].dims == neutral_draws["concern_gain"].dims


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("do(cocern)=1", "did you mean 'concern'"),
        ("concern=1", "it is a node: write do(concern)=1"),
        ("do(reach[outrech])=0", "did you mean 'outreach'"),
        ("cut(severity->p_doom)", "unknown cause 'severity'"),
        ("cut(concern->race)", "unknown cause 'concern'"),
        ("tax_now=lots", "a finite number"),
        ("tax_now", "allowed: parameter=value"),
    ],
)
def test_impossible_overrides_are_refused(neutral_draws: xr.Dataset, text: str, fragment: str) -> None:
    with pytest.raises(InputError) as error:
        apply_overrides(STORY, neutral_draws, parse_overrides([text]))
    assert fragment in str(error.value)


def test_a_story_says_what_was_done_to_it() -> None:
    story = cut(pin(do(STORY, "race", 0.5), "concern"), "reach[outreach]", "pace")
    assert tuple(edit.text for edit in story.edits) == (
        "do(race)=0.5",
        "do(concern)=status_quo",
        "cut(reach[outreach]->pace)",
    )
    assert STORY.edits == ()


# Size -------------------------------------------------------------------------------------------------------------

BIG = """
import resource
import numpy as np
from toc_model.engine.evaluate import evaluate
from tests.shipped import STORY, levers, load_priors
shares = np.column_stack([np.linspace(0.2, 0.6, 1000), np.linspace(0.1, 0.4, 1000)])
where = levers(["status_quo", *(str(i) for i in range(1, 1000))], shares)
doom = evaluate(STORY, load_priors().draw(STORY, 4000, 1), where, ["p_doom"])["p_doom"]
assert doom.shape == (4000, 1000)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@pytest.mark.slow
def test_a_thousand_allocations_stay_under_a_gigabyte() -> None:
    done = subprocess.run([sys.executable, "-c", BIG], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 1000
