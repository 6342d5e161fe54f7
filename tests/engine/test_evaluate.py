"""Plain evaluation: blocks, memory, holding nodes, and what it refuses."""

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import xarray as xr

from tests.shipped import STORY
from toc_model.engine.evaluate import evaluate
from toc_model.engine.interventions import cut, do, pin
from toc_model.engine.overrides import apply_overrides, parse_override, parse_overrides
from toc_model.engine.story import Story, held_input
from toc_model.errors import InputError


@pytest.mark.parametrize("block", [2, 7, 1000, 10**7])
def test_the_result_does_not_depend_on_the_block(
    base_draws: xr.Dataset, two_allocations: xr.Dataset, block: int
) -> None:
    few = base_draws.isel(draw=slice(5))
    third = two_allocations.isel(allocation=[1]).assign_coords(allocation=["less"])
    third["buying_time_share"] = 0.9 * third["buying_time_share"]
    levers = xr.concat([two_allocations, third], dim="allocation", join="outer")
    whole = evaluate(STORY, few, levers, block=10**6)
    assert evaluate(STORY, few, levers, block=block).equals(whole)


def test_the_same_function_on_plain_floats() -> None:
    from toc_model.essay.doom import p_doom
    from toc_model.essay.slowdown import pause_probability

    assert pause_probability(0.5, 0.4) == 0.2
    assert p_doom(doom_by_leader=0.3, doom_by_laggard=0.2) == pytest.approx(0.5)


def floats_of(draws: xr.Dataset) -> dict[str, Any]:
    """One draw as floats, every place of a vector its first one's, with levers and marks."""
    one = {str(name): values.isel(draw=0).values for name, values in draws.items()}
    inputs: dict[str, Any] = {name: float(values.ravel()[0]) for name, values in one.items()}
    return inputs | {"buying_time_share": 0.2, "mix": 0.25, "is_researcher": 1.0, "paused": 0.0}


def test_a_whole_story_on_plain_floats_is_one_draw_of_the_reference(base_draws: xr.Dataset) -> None:
    inputs = floats_of(base_draws)
    values = STORY.run(
        inputs, ["concern", "agi_arrival", "detection", "race", "reach", "intervention_effort", "own_delay"]
    )
    for node, parameter in (("concern", "concern_now"), ("agi_arrival", "agi_year"), ("detection", "detection_now")):
        assert values[node] == pytest.approx(inputs[parameter])
    assert values["race"] == pytest.approx(inputs["race_now"])
    effort: Any = values["intervention_effort"]
    assert values["reach"] == pytest.approx(effort / (inputs["half_effort"] + abs(effort)))
    assert values["own_delay"] == 0


def test_what_labs_would_do_is_stated_at_its_points_of_reference(base_draws: xr.Dataset) -> None:
    inputs = floats_of(base_draws)
    states = ("concern", "solutions", "coordination", "race")
    at_points = inputs | {f"{state}_now": inputs[f"{state}_reference"] for state in states}
    values = STORY.run(at_points, ["heeding", "pause_coverage", "tax_tolerance", "deployment_risk", "laggard_adoption"])
    for node, parameter in (
        ("heeding", "heeding_reference"),
        ("pause_coverage", "pause_coverage_reference"),
        ("deployment_risk", "deployment_unchecked"),
        ("laggard_adoption", "laggard_adoption_reference"),
    ):
        assert values[node] == pytest.approx(inputs[parameter]), node
    assert values["tax_tolerance"] == pytest.approx(1)
    elsewhere = STORY.run(inputs, ["heeding", "tax_tolerance"])
    assert elsewhere["heeding"] != pytest.approx(inputs["heeding_reference"], rel=1e-3)
    assert elsewhere["tax_tolerance"] != pytest.approx(1, rel=1e-3)


@pytest.mark.parametrize("free", [True, False])
def test_a_node_is_held_among_floats_but_not_in_the_reference(base_draws: xr.Dataset, free: bool) -> None:
    inputs = floats_of(base_draws)
    held = {held_input("concern", "free"): free, held_input("concern", "value"): 0.6}
    values = do(STORY, "concern", 0.6).run(inputs | held, ["concern", "response"])
    assert values["concern"] == pytest.approx(inputs["concern_now"] if free else 0.6)
    usual = STORY.run(inputs, ["response"])["response"]
    assert bool(values["response"] == pytest.approx(usual)) is free


def test_pins_and_cuts_of_floats_change_nothing_for_floats_are_the_reference(base_draws: xr.Dataset) -> None:
    inputs = floats_of(base_draws)
    changed = cut(pin(pin(STORY, "concern"), "reach[outreach]"), "coordination", "race")
    masked = {name: value for name, value in inputs.items() if name != "mix"}
    names = ["race", "pause_length", "solved"]
    assert changed.run(masked | {"mix": 0.25}, names) == STORY.run(inputs, names)


def test_labels_may_come_in_any_order(base_draws: xr.Dataset, two_allocations: xr.Dataset) -> None:
    usual = evaluate(STORY, base_draws, two_allocations, ["p_doom"])
    turned = evaluate(STORY, base_draws.isel(intervention=[3, 1, 0, 2]), two_allocations.isel(pool=[1, 0]), ["p_doom"])
    assert turned.equals(usual)


def test_nodes_say_their_unit_and_claim(base_draws: xr.Dataset, two_allocations: xr.Dataset) -> None:
    nodes = evaluate(STORY, base_draws, two_allocations)
    assert nodes["lead"].attrs == {"unit": "months", "long_name": STORY.nodes["lead"].statement}
    assert nodes["gross_effort"].dims == ("draw", "allocation", "pool", "intervention")
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
    base_draws: xr.Dataset, two_allocations: xr.Dataset, change: dict[str, float], fragments: list[str]
) -> None:
    with pytest.raises(InputError) as error:
        evaluate(STORY, base_draws.assign(change), two_allocations)
    assert all(fragment in str(error.value) for fragment in fragments)


def test_a_missing_parameter_is_refused(base_draws: xr.Dataset, two_allocations: xr.Dataset) -> None:
    with pytest.raises(InputError, match="missing 'tax_spread'"):
        evaluate(STORY, base_draws.drop_vars("tax_spread"), two_allocations)


# Interventions ----------------------------------------------------------------------------------------------------


def change_of(story_edit: str, draws: xr.Dataset, levers: xr.Dataset, node: str) -> xr.DataArray:
    story, parameters = apply_overrides(STORY, draws, parse_overrides([story_edit]))
    values = evaluate(story, parameters, levers, [node])[node]
    return values - values.isel(allocation=0) if "allocation" in values.dims else values * 0


def test_do_holds_a_node_outside_the_reference_and_severs_it_from_its_causes(
    base_draws: xr.Dataset, two_allocations: xr.Dataset
) -> None:
    story = do(STORY, "concern", 0.3)
    usual, nodes = (evaluate(one, base_draws, two_allocations) for one in (STORY, story))
    assert nodes["concern"].dims == ("draw", "allocation")
    assert (nodes["concern"].sel(allocation="recommended") == 0.3).all()
    assert nodes.sel(allocation="reference").equals(usual.sel(allocation="reference"))
    assert story.nodes["concern"].is_held
    assert story.causes("concern") == ()
    assert STORY.causes("concern") == ("reach", "concern_now", "concern_gain")


def test_a_held_node_without_allocations_differs_between_the_reference_and_others(
    base_draws: xr.Dataset, two_allocations: xr.Dataset
) -> None:
    usual = evaluate(STORY, base_draws, two_allocations, ["laggard_deployment"])["laggard_deployment"]
    held = evaluate(do(STORY, "laggard_deployment", 0.3), base_draws, two_allocations, ["laggard_deployment"])
    assert usual.dims == ("draw",)
    found = held["laggard_deployment"].transpose("draw", "allocation")
    np.testing.assert_array_equal(found[:, 0], usual)
    np.testing.assert_array_equal(found[:, 1], 0.3)


def test_do_takes_a_value_per_allocation(base_draws: xr.Dataset, two_allocations: xr.Dataset) -> None:
    third = two_allocations.isel(allocation=[1]).assign_coords(allocation=["again"])
    levers = xr.concat([two_allocations, third], dim="allocation", join="outer")
    held = xr.DataArray([0.3, 0.6, 0.7], dims="allocation")
    concern = evaluate(do(STORY, "concern", held), base_draws, levers, ["concern"])["concern"]
    usual = evaluate(STORY, base_draws, levers, ["concern"])["concern"]
    assert concern.isel(allocation=0).equals(usual.isel(allocation=0))
    assert (concern.isel(allocation=[1, 2], draw=0).values == [0.6, 0.7]).all()
    with pytest.raises(InputError, match="concern: found 2 places along allocation; allowed: 3"):
        evaluate(do(STORY, "concern", held[:2]), base_draws, levers)
    with pytest.raises(InputError, match="concern: found 3 places along draw; allowed: 500"):
        evaluate(do(STORY, "concern", held.rename(allocation="draw")), base_draws, levers)


def test_one_place_is_held_at_one_number() -> None:
    with pytest.raises(InputError, match=r"do\(reach\[outreach\]\): found an array; allowed with an index: one number"):
        do(STORY, "reach[outreach]", xr.DataArray([0.1, 0.2], dims="allocation"))


def test_do_on_one_place_leaves_the_others(base_draws: xr.Dataset, two_allocations: xr.Dataset) -> None:
    usual = evaluate(STORY, base_draws, two_allocations, ["reach"])["reach"]
    story = do(STORY, "reach[outreach]", 0.4)
    held = evaluate(story, base_draws, two_allocations, ["reach"])["reach"]
    assert (held.sel(intervention="outreach", allocation="recommended") == 0.4).all()
    assert held.sel(allocation="reference").equals(usual.sel(allocation="reference"))
    assert held.drop_sel(intervention="outreach").equals(usual.drop_sel(intervention="outreach"))
    assert not story.nodes["reach"].is_held
    assert story.causes("reach") == STORY.causes("reach")


def recommended(story: Story, draws: xr.Dataset, levers: xr.Dataset, node: str) -> xr.DataArray:
    found = evaluate(story, draws, levers, [node])[node]
    return found.sel(allocation="recommended", drop=True) if "allocation" in found.dims else found


def test_interventions_on_a_held_node_add_up(base_draws: xr.Dataset, two_allocations: xr.Dataset) -> None:
    twice = do(do(STORY, "reach", 0.5), "reach[outreach;convening]", 0.9)
    assert twice.nodes["reach"].is_held
    reach = recommended(twice, base_draws, two_allocations, "reach")
    np.testing.assert_array_equal(reach.isel(draw=0), [0.9, 0.5, 0.5, 0.9])
    np.testing.assert_array_equal(recommended(do(twice, "reach", 0.1), base_draws, two_allocations, "reach"), 0.1)


def test_a_pin_takes_the_place_of_a_value(base_draws: xr.Dataset, two_allocations: xr.Dataset) -> None:
    pinned = pin(do(STORY, "concern", 0.6), "concern")
    assert not pinned.nodes["concern"].is_held
    usual = evaluate(STORY, base_draws, two_allocations, ["concern"])["concern"].sel(allocation="reference", drop=True)
    np.testing.assert_array_equal(recommended(pinned, base_draws, two_allocations, "concern"), usual)
    one_place = pin(do(STORY, "reach", 0.5), "reach[outreach]")
    reach = recommended(one_place, base_draws, two_allocations, "reach")
    first = evaluate(STORY, base_draws, two_allocations, ["reach"])["reach"].sel(allocation="reference", drop=True)
    np.testing.assert_array_equal(reach.sel(intervention="outreach"), first.sel(intervention="outreach"))
    np.testing.assert_array_equal(reach.drop_sel(intervention="outreach"), 0.5)


def test_a_value_takes_the_place_of_a_pin(base_draws: xr.Dataset, two_allocations: xr.Dataset) -> None:
    held = do(pin(STORY, "concern"), "concern", 0.6)
    np.testing.assert_array_equal(recommended(held, base_draws, two_allocations, "concern"), 0.6)


def test_one_place_of_a_node_with_two_dimensions(base_draws: xr.Dataset, two_allocations: xr.Dataset) -> None:
    overrides = parse_overrides(["do(gross_effort[researchers;outreach])=7; severity=0.5"])
    assert [override.kind for override in overrides] == ["do", "set"]
    story, parameters = apply_overrides(STORY, base_draws, overrides)
    effort = evaluate(story, parameters, two_allocations, ["gross_effort"])["gross_effort"]
    effort = effort.sel(allocation="recommended")
    assert (effort.sel(pool="researchers", intervention="outreach") == 7).all()
    assert not (effort.sel(pool="builders") == 7).any()
    assert not (effort.sel(intervention="evaluations") == 7).any()


def test_pinning_every_cause_leaves_no_change(base_draws: xr.Dataset, two_allocations: xr.Dataset) -> None:
    pins = "; ".join(
        f"do({name})=reference" for name in ("reach", "activity", "technical_effort", "insight", "field_growth_rate")
    )
    assert float(abs(change_of(pins, base_draws, two_allocations, "p_doom")).max()) == 0


def test_pinning_all_places_one_by_one_is_pinning_the_node(base_draws: xr.Dataset, two_allocations: xr.Dataset) -> None:
    places = "; ".join(f"do(reach[{place}])=reference" for place in STORY.dimensions["intervention"])
    whole = change_of("do(reach)=reference", base_draws, two_allocations, "p_doom")
    np.testing.assert_allclose(change_of(places, base_draws, two_allocations, "p_doom"), whole, atol=1e-15)


def test_cutting_the_only_path_stops_the_effect(base_draws: xr.Dataset, two_allocations: xr.Dataset) -> None:
    assert float(abs(change_of("cut(reach->concern)", base_draws, two_allocations, "concern")).max()) == 0
    assert float(abs(change_of("cut(reach->concern)", base_draws, two_allocations, "solutions")).max()) > 0.01


def test_cutting_every_arrow_from_a_cause_is_pinning_it(base_draws: xr.Dataset, two_allocations: xr.Dataset) -> None:
    cuts = "; ".join(f"cut(race->{child})" for child in STORY.children("race"))
    pinned = change_of("do(race)=reference", base_draws, two_allocations, "p_doom")
    np.testing.assert_allclose(change_of(cuts, base_draws, two_allocations, "p_doom"), pinned, atol=1e-15)


def test_a_lever_can_be_cut_from_one_of_its_effects(base_draws: xr.Dataset, two_allocations: xr.Dataset) -> None:
    edit = "cut(buying_time_share->technical_effort)"
    assert float(abs(change_of(edit, base_draws, two_allocations, "technical_effort")).max()) == 0
    assert float(abs(change_of(edit, base_draws, two_allocations, "insight")).max()) > 0


@pytest.mark.parametrize(
    ("text", "kind", "target", "value"),
    [
        ("tax_spread=0", "set", "tax_spread", 0),
        (" half_effort *= .5 ", "scale", "half_effort", 0.5),
        ("concern_gain[outreach]=0", "set", "concern_gain[outreach]", 0),
        ("do(overtaken)=1e-3", "do", "overtaken", 1e-3),
    ],
)
def test_overrides_are_read(text: str, kind: str, target: str, value: float) -> None:
    found = parse_override(text)
    assert (found.kind, found.target, found.value) == (kind, target, value)


def test_setting_and_scaling_one_place_of_a_parameter(base_draws: xr.Dataset) -> None:
    _, changed = apply_overrides(STORY, base_draws, parse_overrides(["concern_gain[outreach]*=3; half_effort=7"]))
    ratio = changed["concern_gain"] / base_draws["concern_gain"]
    np.testing.assert_allclose(ratio.isel(draw=0), [3, 1, 1, 1])
    assert (changed["half_effort"] == 7).all()
    assert changed["concern_gain"].dims == base_draws["concern_gain"].dims


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("do(cocern)=1", "did you mean 'concern'"),
        ("concern=1", "it is a node: write do(concern)=1"),
        ("do(reach[outrech])=0", "did you mean 'outreach'"),
        ("cut(severity->p_doom)", "unknown cause 'severity'"),
        ("cut(concern->race)", "unknown cause 'concern'"),
        ("tax_spread=lots", "a finite number"),
        ("tax_spread", "allowed: parameter=value"),
    ],
)
def test_impossible_overrides_are_refused(base_draws: xr.Dataset, text: str, fragment: str) -> None:
    with pytest.raises(InputError) as error:
        apply_overrides(STORY, base_draws, parse_overrides([text]))
    assert fragment in str(error.value)


def test_a_story_says_what_was_done_to_it() -> None:
    story = cut(pin(do(STORY, "race", 0.5), "concern"), "reach[outreach]", "solutions")
    assert tuple(edit.text for edit in story.edits) == (
        "do(race)=0.5",
        "do(concern)=reference",
        "cut(reach[outreach]->solutions)",
    )
    assert STORY.edits == ()


# Known nodes --------------------------------------------------------------------------------------------------------


def test_a_known_node_is_taken_as_it_is(base_draws: xr.Dataset, two_allocations: xr.Dataset) -> None:
    usual = evaluate(STORY, base_draws, two_allocations)
    known = usual[["concern", "laggard_deployment", "solved"]]
    found = evaluate(STORY, base_draws, two_allocations, ["p_doom"], known=known)["p_doom"]
    assert found.equals(usual["p_doom"])
    more = known.assign(concern=known["concern"] * 0.5)
    changed = evaluate(STORY, base_draws, two_allocations, ["concern", "p_doom"], known=more)
    assert changed["concern"].equals(more["concern"])
    assert not changed["p_doom"].sel(allocation="reference").equals(usual["p_doom"].sel(allocation="reference"))


def test_what_stands_above_known_nodes_is_not_computed(base_draws: xr.Dataset, two_allocations: xr.Dataset) -> None:
    branches = ("solved", "adopted", "overtaken", "eventual_deployment")
    names = [*branches, "pause_probability", "laggard_adoption", "laggard_deployment"]
    usual = evaluate(STORY, base_draws, two_allocations)
    assert STORY.needed_for(["p_doom"], known=names)[0] == "safe"
    found = evaluate(STORY, base_draws, two_allocations, ["p_doom"], known=usual[names], block=100)["p_doom"]
    assert found.equals(usual["p_doom"])


@pytest.mark.parametrize(
    ("cut_to", "fragment"),
    [({"draw": slice(3)}, "concern: found 3 places along draw; allowed: 500"),
     ({"allocation": [0]}, "concern: found 1 places along allocation; allowed: 2")],
)  # fmt: skip
def test_known_nodes_of_other_sizes_are_refused(
    base_draws: xr.Dataset, two_allocations: xr.Dataset, cut_to: dict[str, Any], fragment: str
) -> None:
    known = evaluate(STORY, base_draws, two_allocations, ["concern"]).isel(cut_to)
    with pytest.raises(InputError, match=fragment):
        evaluate(STORY, base_draws, two_allocations, ["p_doom"], known=known)


# Size -------------------------------------------------------------------------------------------------------------

BIG = """
import resource
import numpy as np
from toc_model.engine.evaluate import evaluate
from tests.shipped import STORY, levers, load_priors
shares = np.column_stack([np.linspace(0.2, 0.6, 1000), np.linspace(0.1, 0.4, 1000)])
where = levers(["reference", *(str(i) for i in range(1, 1000))], shares)
doom = evaluate(STORY, load_priors().draw(STORY, 4000, 1), where, ["p_doom"])["p_doom"]
assert doom.shape == (4000, 1000)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@pytest.mark.slow
def test_a_thousand_allocations_stay_under_a_gigabyte() -> None:
    done = subprocess.run([sys.executable, "-c", BIG], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 1000


def test_the_essay_s_laws_give_the_dimensions_that_they_are_declared_with() -> None:
    STORY.fail_if_dimensions_differ()
