"""Functions become a graph: what is read from them, how it is walked, and every way in which a story can be wrong."""

import math
import weakref
from collections.abc import Callable
from itertools import pairwise
from typing import Annotated, Any

import pytest
import xarray as xr

from tests.chapters import chapter
from toc_model.engine.checks import StoryError, fail_if_priors_differ
from toc_model.engine.declare import Indicator, Law, Lever, node, outcome
from toc_model.engine.interventions import cut, do, pin
from toc_model.engine.laws import Quantity, at, total
from toc_model.engine.story import Story, held_input
from toc_model.engine.units import Fraction, Logits, Over, Probability, Years
from toc_model.engine.units import Indicator as Mark
from toc_model.errors import InputError
from toc_model.essay.units import EACH_INTERVENTION, MedianFTE

DIMENSIONS = {"intervention": ("outreach", "evaluations"), "branch": ("no_pause", "pause")}
EFFORT = Lever("effort", unit="median FTE", dims=("allocation",), claims=("C01",), statement="Set by the analyst.")
PAUSED = Indicator("paused", dim="branch", values=(0.0, 1.0), statement="1 in a pause.")


@node(claims="C02")
def reach(effort: MedianFTE, half: MedianFTE) -> Fraction:
    """Effort reaches people (fraction of all; allocation)."""
    return effort / (effort + half)


@node(claims="C03 C06")
def concern(reach: Fraction, gain: Annotated[Logits, EACH_INTERVENTION]) -> Fraction:
    """Reach (and luck) make concern (fraction; allocation)."""
    return reach * total(gain, "intervention")


@node(claims="C04", dims="allocation branch")
def delay(concern: Fraction, paused: Mark, longest: Years) -> Years:
    """A pause is longer (years; allocation x branch)."""
    return concern * paused * longest


@outcome(claims="C05", undefined_where="nobody looks")
def doom(delay: Years, half: MedianFTE, baseline: Probability) -> Probability:
    """Delay saves (probability; allocation)."""
    return baseline / (1 + at(delay, branch=1) / half)


@node(claims="", dims="")
def hope(baseline: Probability) -> Probability:
    """There is some (probability; no dimension)."""
    return 1 - baseline


def story(*laws: Law, levers: tuple[Lever, ...] = (EFFORT,)) -> Story:
    return Story.of(
        [chapter("tiny", *laws)], levers=levers, indicators=[PAUSED], dimensions=DIMENSIONS, reference="now"
    )


def with_dims(dims: str) -> Law:
    @node(claims="", dims=dims)
    def spread(effort: MedianFTE) -> MedianFTE:
        """All of it (median FTE; allocation)."""
        return effort

    return spread


# What is read -----------------------------------------------------------------------------------------------------

TINY = story(reach, concern, delay, doom, hope)
PRIORS = {
    "half": "median FTE",
    "gain[outreach]": "logits",
    "gain[evaluations]": "logits",
    "longest": "years",
    "baseline": "probability",
}


def test_a_node_is_what_its_function_says() -> None:
    found = TINY.nodes["concern"]
    assert (found.unit, found.dims, found.claims) == ("fraction", ("allocation",), ("C03", "C06"))
    assert found.statement == "Reach (and luck) make concern."
    assert found.parents == ("reach", "gain")
    assert found.chapter == "tiny"
    assert TINY.outcomes == ("doom",)
    assert TINY.nodes["doom"].undefined_where == "nobody looks"


def test_arguments_that_name_nothing_are_parameters() -> None:
    assert set(TINY.parameters) == {"half", "gain", "longest", "baseline"}
    gain, half = TINY.parameters["gain"], TINY.parameters["half"]
    assert (gain.unit, gain.dims, gain.used_by) == ("logits", ("intervention",), ("concern",))
    assert (half.unit, half.dims, half.used_by) == ("median FTE", (), ("reach", "doom"))


def test_chapters_keep_their_titles_and_the_order_in_which_they_are_written() -> None:
    found = Story.of(
        [chapter("ends", doom, hope, delay), chapter("means", concern, reach)],
        levers=[EFFORT],
        indicators=[PAUSED],
        dimensions=DIMENSIONS,
        reference="now",
    )
    assert [(part.name, part.title, part.nodes) for part in found.chapters] == [
        ("ends", "all about ends", ("doom", "hope", "delay")),
        ("means", "all about means", ("concern", "reach")),
    ]
    assert tuple(found.nodes) == ("reach", "concern", "delay", "doom", "hope")


def test_causal_order_keeps_the_order_of_a_chapter_where_causes_allow() -> None:
    assert tuple(story(hope, doom, reach, delay, concern).nodes) == ("hope", "reach", "concern", "delay", "doom")


def test_functions_from_elsewhere_are_no_nodes() -> None:
    own = chapter("own", hope)
    own.__dict__["reach"] = reach
    reach.__module__ = "elsewhere"
    assert tuple(Story.of([own], levers=[], indicators=[], dimensions=DIMENSIONS, reference="now").nodes) == ("hope",)


def test_levers_and_indicators_may_come_from_iterators() -> None:
    found = Story.of(
        iter([chapter("tiny", reach, concern, delay)]),
        levers=iter([EFFORT]),
        indicators=iter([PAUSED]),
        dimensions=DIMENSIONS,
        reference="now",
    )
    assert (list(found.levers), list(found.indicators)) == (["effort"], ["paused"])


# How it is walked -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "children", "descendants"),
    [
        ("effort", ("reach",), {"reach", "concern", "delay", "doom"}),
        ("half", ("reach", "doom"), {"reach", "concern", "delay", "doom"}),
        ("paused", ("delay",), {"delay", "doom"}),
        ("baseline", ("doom", "hope"), {"doom", "hope"}),
        ("concern", ("delay",), {"delay", "doom"}),
        ("doom", (), set()),
    ],
)
def test_children_and_descendants(name: str, children: tuple[str, ...], descendants: set[str]) -> None:
    assert TINY.children(name) == children
    assert TINY.descendants(name) == descendants


@pytest.mark.parametrize(
    ("targets", "needed"),
    [
        (["doom"], ("reach", "concern", "delay", "doom")),
        (["hope"], ("hope",)),
        (["hope", "reach"], ("reach", "hope")),
        ([], ()),
    ],
)
def test_only_what_is_above_the_targets_is_needed(targets: list[str], needed: tuple[str, ...]) -> None:
    assert TINY.needed_for(targets) == needed


def test_an_unknown_target_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(InputError, match=r"unknown node 'dom'; did you mean 'doom'\?"):
        TINY.needed_for(["dom"])


INPUTS: dict[str, Any] = {
    "effort": xr.DataArray([1.0, 3.0], dims="allocation"),
    "paused": xr.DataArray([0.0, 1.0], dims="branch"),
    "half": xr.DataArray(1.0),
    "gain": xr.DataArray([0.5, 0.3], dims="intervention"),
    "longest": xr.DataArray(5.0),
    "baseline": xr.DataArray(0.9),
}


def test_a_run_returns_the_targets_and_nothing_else() -> None:
    found: Any = TINY.run(INPUTS, ["doom", "reach"])
    assert list(found) == ["doom", "reach"]
    xr.testing.assert_allclose(found["reach"], xr.DataArray([0.5, 0.75], dims="allocation"))
    xr.testing.assert_allclose(found["doom"], xr.DataArray([0.3, 0.225], dims="allocation"))
    assert list(TINY.run(INPUTS)) == list(TINY.nodes)


@pytest.mark.parametrize(("targets", "kept"), [(["doom"], False), (["doom", "reach"], True)])
def test_a_run_forgets_what_it_needs_no_more_unless_it_is_a_target(targets: list[str], kept: bool) -> None:
    seen: dict[str, weakref.ref[Any]] = {}
    alive_at_the_end: list[bool] = []

    def watch(name: str, value: Quantity) -> Quantity:
        seen[name] = weakref.ref(value)
        if name == "doom":
            alive_at_the_end.append(seen["reach"]() is not None)
        return value

    TINY.run(INPUTS, targets, record=watch)
    assert list(seen) == ["reach", "concern", "delay", "doom"]
    assert alive_at_the_end == [kept]


def test_what_record_returns_is_used_from_there_on() -> None:
    found = TINY.run(INPUTS, ["reach", "doom"], record=lambda name, value: 0.0 if name == "reach" else value)
    assert found["reach"] == 0
    xr.testing.assert_allclose(found["doom"], xr.DataArray(0.9))


def test_a_held_node_has_no_causes_and_keeps_its_law_for_the_reference() -> None:
    held = do(TINY, "reach", 0.5)
    assert held.nodes["reach"].is_held
    assert held.causes("reach") == ()
    assert held.nodes["reach"].parents == ("effort", "half")
    assert held.children("effort") == ()
    assert held.descendants("effort") == frozenset()
    assert held.children("half") == ("doom",)
    assert held.needed_for(["concern"]) == ("reach", "concern")
    free = xr.DataArray([True, False], dims="allocation")
    inputs = {held_input("reach", "free"): free, held_input("reach", "value"): xr.DataArray(0.9)}
    found: Any = held.run(INPUTS | inputs, ["reach", "concern"])
    xr.testing.assert_allclose(found["reach"], xr.DataArray([0.5, 0.9], dims="allocation"))
    xr.testing.assert_allclose(found["concern"], xr.DataArray([0.4, 0.72], dims="allocation"))
    assert TINY.causes("reach") == ("effort", "half")
    assert not TINY.nodes["reach"].is_held


def test_a_node_that_is_held_at_one_place_keeps_its_causes() -> None:
    held = do(TINY, "delay[pause]", 0.5)
    assert not held.nodes["delay"].is_held
    assert held.causes("delay") == TINY.causes("delay") == ("concern", "paused", "longest")
    assert held.descendants("concern") == {"delay", "doom"}


def test_a_node_is_held_at_all_places_or_none_where_the_story_says_so() -> None:
    parts: dict[str, Any] = {"levers": [EFFORT], "indicators": [PAUSED], "dimensions": DIMENSIONS, "reference": "now"}
    strict = Story.of([chapter("tiny", reach, concern, delay, doom, hope)], whole=["branch"], **parts)
    edits: list[Callable[[], Story]] = [
        lambda: do(strict, "delay[pause]", 0.5),
        lambda: pin(strict, "delay[pause]"),
    ]
    for edit in edits:
        with pytest.raises(InputError) as refusal:
            edit()
        assert str(refusal.value) == "do(delay[pause]): found one branch, 'pause'; allowed: do(delay), in all of them"
    assert do(strict, "delay", 0.5).nodes["delay"].is_held


def test_a_known_node_needs_nothing_above_it() -> None:
    assert TINY.needed_for(["doom"], known=["concern"]) == ("delay", "doom")
    assert TINY.needed_for(["doom", "concern"], known=["concern"]) == ("delay", "doom")
    found: Any = TINY.run(INPUTS | {"concern": xr.DataArray(0.0)}, ["doom", "concern"])
    xr.testing.assert_allclose(found["doom"], xr.DataArray(0.9))
    assert found["concern"] == 0


# Bounds -----------------------------------------------------------------------------------------------------------


@node(claims="", bounds=(-1.0, 1.0), attained=(True, False))
def tilt(effort: MedianFTE) -> MedianFTE:
    """Either way (median FTE; allocation)."""
    return effort


@node(claims="")
def balance(tilt: MedianFTE) -> Fraction:
    """Upright (fraction; allocation)."""
    return tilt


@node(claims="")
def ledger(balance: Fraction) -> Fraction:
    """An account of it (fraction; allocation)."""
    return balance


@node(claims="", instead="balance")
def single(ledger: Fraction) -> Fraction:
    """Another (fraction; allocation)."""
    return ledger


@node(claims="", instead="tilt balance ledger")
def several(single: Fraction) -> Fraction:
    """One more (fraction; allocation)."""
    return single


BOUNDED = story(tilt, balance, ledger, single, several)


@pytest.mark.parametrize(
    ("name", "value", "held"),
    [
        ("tilt", -1.0, -1.0),
        ("tilt", 1.0, 1 - 1e-9),
        ("tilt", 0.4, 0.4),
        ("balance", 0.0, 1e-9),
        ("balance", 1.0, 1 - 1e-9),
        ("balance", 5e-10, 1e-9),
    ],
)
def test_a_bound_that_is_not_attained_stands_for_a_value_beside_it(name: str, value: float, held: float) -> None:
    found = do(BOUNDED, name, value).nodes[name].held_at
    assert found is not None
    assert float(found) == held


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("tilt", -1.1, "do(tilt): found -1.1; allowed: -1 to 1 (median FTE)"),
        ("tilt", 1.1, "do(tilt): found 1.1; allowed: -1 to 1 (median FTE)"),
        ("balance", -0.5, "do(balance): found -0.5; allowed: 0 to 1 (fraction)"),
        ("balance", math.nan, "do(balance): found a value that is not a finite number"),
    ],
)
def test_a_value_out_of_bounds_is_refused(name: str, value: float, message: str) -> None:
    for held in (value, xr.DataArray([0.5, value], dims="allocation")):
        with pytest.raises(InputError) as refusal:
            do(BOUNDED, name, held)
        assert str(refusal.value).replace(", with 1 of 2 values outside", "") == message


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda: do(BOUNDED, "single", 0.5), "do(single): single only keeps accounts of other nodes; allowed: balance"),
        (
            lambda: pin(BOUNDED, "several"),
            "do(several): several only keeps accounts of other nodes; allowed: tilt, balance or ledger",
        ),
        (
            lambda: cut(BOUNDED, "ledger", "single"),
            "cut(ledger->single): single only keeps accounts of other nodes; allowed: balance",
        ),
        (
            lambda: cut(BOUNDED, "single", "several"),
            "cut(single->several): single only keeps accounts of other nodes; allowed: balance",
        ),
    ],
)
def test_what_only_keeps_accounts_says_what_to_hold_instead(edit: Callable[[], Story], message: str) -> None:
    with pytest.raises(InputError) as refusal:
        edit()
    assert str(refusal.value) == message


# What is wrong with a story ---------------------------------------------------------------------------------------


def refused(*laws: Law, levers: tuple[Lever, ...] = (EFFORT,)) -> str:
    with pytest.raises(StoryError) as refusal:
        story(*laws, levers=levers)
    message = str(refusal.value)
    assert "\n" not in message
    return message


def test_a_cycle_is_named_in_the_direction_of_causes() -> None:
    @node(claims="")
    def reach(doom: Probability) -> Fraction:
        """Doom reaches people (fraction; allocation)."""
        return doom

    message = refused(reach, concern, delay, doom)
    assert message.startswith("cycle: ")
    assert message.endswith("; a cause can't be its own effect")
    loop = message.removeprefix("cycle: ").partition(";")[0].split(" -> ")
    assert set(pairwise(loop)) == {("reach", "concern"), ("concern", "delay"), ("delay", "doom"), ("doom", "reach")}


def test_a_law_that_is_its_own_parent_is_a_cycle() -> None:
    @node(claims="")
    def echo(echo: Fraction) -> Fraction:
        """Itself (fraction; allocation)."""
        return echo

    assert "cycle: echo -> echo" in refused(echo)


def test_two_nodes_of_one_name() -> None:
    @node(claims="", dims="")
    def hope_again(baseline: Probability) -> Probability:
        """There is more (probability; no dimension)."""
        return baseline

    hope_again.__name__ = "hope"
    with pytest.raises(StoryError, match=r"'hope' is declared 2 times \(chapters: first, third\); names are unique"):
        Story.of(
            [chapter("first", hope), chapter("second", reach), chapter("third", hope_again)],
            levers=[EFFORT],
            indicators=[],
            dimensions=DIMENSIONS,
            reference="now",
        )


def test_a_node_and_a_lever_of_one_name() -> None:
    lever = Lever("hope", unit="probability", dims=("allocation",), claims=(), statement="Set.")
    message = refused(reach, hope, levers=(EFFORT, lever))
    assert "'hope' is declared 2 times (chapters: tiny)" in message


def test_an_arrow_has_one_unit_at_both_ends() -> None:
    @node(claims="")
    def late(reach: Years) -> Years:
        """Reach delays (years; allocation)."""
        return reach

    assert refused(reach, late) == "unit clash: tiny.late takes 'reach' in 'years', which declares 'fraction'"


def test_a_lever_has_the_unit_that_laws_take_it_in() -> None:
    lever = Lever("effort", unit="years", dims=("allocation",), claims=(), statement="Set.")
    assert refused(reach, levers=(lever,)) == (
        "unit clash: tiny.reach takes 'effort' in 'median FTE', which declares 'years'"
    )


def test_laws_that_share_a_parameter_agree_on_its_unit() -> None:
    @node(claims="", dims="")
    def other(half: Years) -> Years:
        """Another half (years; no dimension)."""
        return half

    assert refused(reach, other) == "unit clash: tiny.other takes 'half' in 'years', which elsewhere has 'median FTE'"


def test_laws_that_share_a_parameter_agree_on_its_dimensions() -> None:
    @node(claims="", dims="")
    def other(gain: Logits) -> Logits:
        """Another gain (logits; no dimension)."""
        return gain

    message = refused(reach, concern, other)
    assert message.startswith("dimension clash: tiny.other takes 'gain' over ()")
    assert "over ('intervention',)" in message


def test_an_unknown_dimension_of_a_node() -> None:
    assert refused(with_dims("allocation brunch")) == "spread: unknown dimension 'brunch'; did you mean 'branch'?"


def test_an_unknown_dimension_of_a_parameter() -> None:
    @node(claims="", dims="")
    def other(gain: Annotated[Logits, Over(("interventions",))]) -> Logits:
        """A gain (logits; no dimension)."""
        return total(gain, "interventions")

    assert refused(other) == "gain: unknown dimension 'interventions'; did you mean 'intervention'?"


@pytest.mark.parametrize("dims", ["", "branch", "allocation branch"])
def test_a_law_gives_the_dimensions_that_it_declares(dims: str) -> None:
    message = refused(with_dims(dims))
    assert message == f"spread: declares dimensions {tuple(dims.split())}, its law gives ('allocation',)"


@pytest.mark.parametrize(
    ("name", "what"), [("effort", "argument 'effort'"), ("half", "argument 'half'"), ("return", "its result")]
)
@pytest.mark.parametrize("annotation", [Quantity, None])
def test_everything_has_a_unit(name: str, what: str, annotation: object) -> None:
    @node(claims="")
    def bare(effort: MedianFTE, half: MedianFTE) -> MedianFTE:
        """Sum (median FTE; allocation)."""
        return effort + half

    del bare.__annotations__[name]
    if annotation:
        bare.__annotations__[name] = annotation
    assert refused(bare) == f"tiny.bare: {what} has no unit; annotate it with one of toc_model.engine.units"


def test_a_law_states_its_claim() -> None:
    @node(claims="")
    def silent(effort: MedianFTE) -> MedianFTE:
        return effort

    assert refused(silent) == "tiny.silent: found no docstring; a law states its claim in one sentence"


@node(claims="")
def free_form(effort: MedianFTE, *others: MedianFTE) -> MedianFTE:
    """All (median FTE; allocation)."""
    return effort + others[0]


@node(claims="")
def open_ended(effort: MedianFTE, **others: MedianFTE) -> MedianFTE:
    """All (median FTE; allocation)."""
    return effort + others["half"]


@node(claims="")
def defaulted(effort: MedianFTE, half: MedianFTE = 2.0) -> MedianFTE:
    """All (median FTE; allocation)."""
    return effort + half


@node(claims="")
def unnamed(effort: MedianFTE, /) -> MedianFTE:
    """All (median FTE; allocation)."""
    return effort


@pytest.mark.parametrize(
    ("law", "argument"),
    [(free_form, "*others"), (open_ended, "**others"), (defaulted, "half"), (unnamed, "effort")],
)
def test_arguments_are_plain_names(law: Law, argument: str) -> None:
    message = refused(law)
    assert message.startswith(f"tiny.{law.__name__}: argument ")
    assert argument in message
    assert "not a plain name; a law's arguments are its parents" in message


# What is wrong with its priors ------------------------------------------------------------------------------------


def priors_refused(found: Story, units: dict[str, str]) -> str:
    with pytest.raises(StoryError) as refusal:
        fail_if_priors_differ(found.entries, units, [*found.nodes, *found.levers], "my/priors")
    message = str(refusal.value)
    assert message.startswith("my/priors: ")
    assert "\n" not in message
    return message


def test_priors_that_fit_are_accepted() -> None:
    fail_if_priors_differ(TINY.entries, PRIORS, [*TINY.nodes, *TINY.levers], "my/priors")


def test_a_misspelt_parent_is_a_parameter_without_a_prior() -> None:
    @node(claims="")
    def misspelt(reach: Fraction, consern: Fraction) -> Fraction:
        """Concern matters (fraction; allocation)."""
        return reach * consern

    message = priors_refused(story(reach, concern, delay, doom, hope, misspelt), PRIORS)
    assert message == "my/priors: no prior for 'consern', which misspelt asks for; did you mean 'concern'?"


def test_a_place_without_a_prior() -> None:
    units = {name: unit for name, unit in PRIORS.items() if name != "gain[evaluations]"}
    assert "no prior for 'gain[evaluations]', which concern asks for" in priors_refused(TINY, units)


def test_a_prior_that_no_law_asks_for() -> None:
    message = priors_refused(TINY, PRIORS | {"longst": "years"})
    assert message == "my/priors: surplus prior 'longst', which no law asks for; did you mean 'longest'?"


def test_a_prior_in_another_unit() -> None:
    message = priors_refused(TINY, PRIORS | {"longest": "months"})
    assert message == "my/priors: longest: found unit 'months', its law asks for 'years'"
