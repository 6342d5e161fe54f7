"""What a quantity can be, at every door by which values enter."""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Toc
from tests.refused import assert_refused
from tests.shipped import DOCUMENTS, STORY, anchored, levers, load_beliefs
from tests.toy.case import CASE as VILLAGE
from toc_model.beliefs.loading import load_beliefs as load_any_beliefs
from toc_model.beliefs.loading import own_beliefs
from toc_model.engine.evaluate import evaluate
from toc_model.engine.interventions import do
from toc_model.engine.overrides import apply_overrides, fail_if_impossible, parse_override, parse_overrides
from toc_model.engine.ranges import ANYTHING, Range, fail_if_outside
from toc_model.errors import InputError
from toc_model.survey.documents.conditions import parse_condition

SHARE, POSITIVE, CORRELATION = Range(0.0, 1.0), Range(0.0), Range(-1.0, 1.0)
PLACES = ["technical_only", "recommended", "over_correction"]
LEVERS = DOCUMENTS.allocations().levers().sel(allocation=PLACES)
DRAWS = 20
BASE = load_beliefs("base", draws=DRAWS)


# The rule ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "allowed", "unit", "said"),
    [
        (90.0, SHARE, "probability", "x: found 90; allowed: 0 to 1 (probability); did you mean 0.9?"),
        (100.0, SHARE, "fraction", "x: found 100; allowed: 0 to 1 (fraction); did you mean 1?"),
        (-0.1, SHARE, "fraction", "x: found -0.1; allowed: 0 to 1 (fraction)"),
        (101.0, SHARE, "fraction", "x: found 101; allowed: 0 to 1 (fraction)"),
        (1.5, SHARE, "fraction", "x: found 1.5; allowed: 0 to 1 (fraction); did you mean 0.015?"),
        (1 + 1e-9, SHARE, "fraction", "x: found 1.000000001; allowed: 0 to 1 (fraction)"),
        (-1e-9, SHARE, "fraction", "x: found -1e-09; allowed: 0 to 1 (fraction)"),
        (90.0, CORRELATION, "correlation", "x: found 90; allowed: -1 to 1 (correlation)"),
        (-300.0, POSITIVE, "FTE", "x: found -300; allowed: 0 or more (FTE)"),
        (3.0, Range(upper=2.0), "-", "x: found 3; allowed: 2 or less"),
        (math.nan, ANYTHING, "logits", "x: found a value that is not a finite number"),
        (-math.inf, ANYTHING, "logits", "x: found a value that is not a finite number"),
        ([0.2, 1.5, 7.0, -2.0], SHARE, "ratio", "x: found 7, with 3 of 4 values outside; allowed: 0 to 1 (ratio)"),
    ],
)
def test_what_is_said(found: float | list[float], allowed: Range, unit: str, said: str) -> None:
    with pytest.raises(InputError) as refused:
        fail_if_outside(found, allowed, "x", unit)
    assert str(refused.value) == said


@given(
    st.lists(st.floats(-3, 3) | st.sampled_from([0.0, 1.0, -1.0, math.nan, math.inf]), max_size=6),
    st.sampled_from([SHARE, POSITIVE, CORRELATION, ANYTHING, Range(upper=0.5)]),
)
def test_a_value_passes_if_it_lies_within(values: list[float], allowed: Range) -> None:
    within = all(math.isfinite(value) and allowed.lower <= value <= allowed.upper for value in values)
    if within:
        fail_if_outside(values, allowed, "x")
    else:
        with pytest.raises(InputError):
            fail_if_outside(values, allowed, "x")


def test_what_a_parameter_can_be_is_what_its_unit_and_its_laws_allow() -> None:
    assert STORY.parameters["severity"].range == SHARE
    assert STORY.parameters["lead_now"].range == POSITIVE
    assert STORY.parameters["tax_spread"].range == POSITIVE
    assert STORY.parameters["hype"].range == ANYTHING
    assert STORY.parameters["screening_validity"].range == CORRELATION
    assert STORY.range_of(STORY.nodes["activity"]) == SHARE
    assert STORY.range_of(STORY.nodes["reach"]) == CORRELATION
    assert STORY.range_of(STORY.nodes["pause_length"]) == POSITIVE


def test_net_effects_may_be_below_nil() -> None:
    found = evaluate(STORY, BASE.parameters, anchored(LEVERS))
    for name in ("own_delay", "lead_spent", "intervention_effort"):
        assert STORY.range_of(STORY.nodes[name]) == ANYTHING
        assert float(found[name].min()) < 0


# Doors ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("severity=90", "override 'severity=90': found 90; allowed: 0 to 1 (probability); did you mean 0.9?"),
        ("aligned_by_default=30", "found 30; allowed: 0 to 1 (probability); did you mean 0.3?"),
        ("researchers_now=-300", "found -300; allowed: 0 or more (FTE)"),
        ("screening_validity=2", "found 2; allowed: -1 to 1 (correlation)"),
        ("talent_correlation[outreach]=-1.5", "found -1.5, with 20 of 80 values outside; allowed: -1 to 1"),
        ("severity*=3", "values outside; allowed: 0 to 1 (probability)"),
        ("lead_now*=-1", "20 of 20 values outside; allowed: 0 or more (months)"),
        ("tax_spread=-1", "found -1; allowed: 0 or more (log units)"),
        ("severity=0.5; severity*=4", "override 'severity*=4': found 2; allowed: 0 to 1"),
        ("do(concern)=28", "do(concern): found 28; allowed: 0 to 1 (fraction); did you mean 0.28?"),
        ("do(pause_length)=-1", "do(pause_length): found -1; allowed: 0 or more (years)"),
        ("do(reach)=1.5", "do(reach): found 1.5; allowed: -1 to 1 (fraction)"),
        ("do(pace)=0", "not a finite number"),
        ("do(agi_arrival)=0", "not a finite number"),
    ],
)
def test_overrides(change: str, said: str) -> None:
    with pytest.raises(InputError) as refused:
        load_beliefs("base", draws=DRAWS, overrides=[change]).outcome(LEVERS)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    "limit", ["severity=1", "severity=0", "do(adopted)=1", "do(pause_length)=0", "buildup_years=0"]
)
def test_limits_stay_allowed(limit: str) -> None:
    found = load_beliefs("base", draws=DRAWS, overrides=[limit]).outcome(LEVERS)
    assert float(found.min()) >= 0
    assert float(found.max()) <= 1


def test_what_is_out_of_range_between_two_overrides_may_be_in_range_after_them() -> None:
    found = load_beliefs("base", draws=DRAWS, overrides=["severity*=3", "severity*=0.3"])
    usual = 0.9 * BASE.parameters["severity"]
    xr.testing.assert_allclose(found.parameters["severity"], usual)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("severity", 90.0, "parameters: severity: found 90; allowed: 0 to 1 (probability); did you mean 0.9?"),
        ("aligned_by_default", 12.0, "did you mean 0.12?"),
        ("researchers_now", -300.0, "parameters: researchers_now: found -300; allowed: 0 or more (FTE)"),
    ],
)
def test_draws_of_one_s_own(name: str, value: float, said: str) -> None:
    parameters = BASE.parameters.assign({name: xr.full_like(BASE.parameters[name], value)})
    with pytest.raises(InputError) as refused:
        own_beliefs(parameters, "mine", DOCUMENTS)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda x: x.assign(buying_time_share=100 * x["buying_time_share"]), "buying_time_share: found"),
        (lambda x: x.assign(buying_time_share=-x["buying_time_share"]), "allowed: 0 to 1 (fraction)"),
        (lambda x: x.assign(mix=0.5 * x["mix"]), "levers: mix: found a sum of 0.5; allowed: a sum of 1"),
        (lambda x: x.assign(mix=x["mix"] * math.nan), "levers: mix: found a value that is not a finite number"),
        (lambda x: x.drop_vars("mix"), "levers: missing 'mix'"),
        (lambda x: x.assign(mixture=x["mix"]), "levers: unknown lever 'mixture'; did you mean 'mix'?"),
    ],
)
def test_levers_from_python(change: Callable[[xr.Dataset], xr.Dataset], said: str) -> None:
    moved = anchored(LEVERS)
    with pytest.raises(InputError) as refused:
        evaluate(STORY, BASE.parameters, change(moved))
    assert said in str(refused.value)


def test_a_parameter_has_no_dims_but_its_own() -> None:
    wider = BASE.parameters.assign(severity=BASE.parameters["severity"].expand_dims(place=3))
    with pytest.raises(InputError, match="parameters: severity: found the dim place; allowed: draw, allocation"):
        evaluate(STORY, wider, anchored(LEVERS), ["p_doom"])


PATCHES = [
    (
        'family = "lognormal"\nquantiles = { q05 = 0.2, q95 = 0.9 }',
        "found family 'lognormal'; allowed for values of 0 to",
    ),
    ('family = "constant"\nvalue = 90', "severity: value: found 90; allowed: 0 to 1 (probability); did you mean 0.9?"),
    ("quantiles = { q05 = 20, q50 = 50, q95 = 90 }", "found q05 = 20; allowed for logit_normal"),
    ('family = "normal"\nquantiles = { q05 = 0.2, q95 = 0.9 }', "found family 'normal'; allowed for values of 0 to 1"),
]


@pytest.mark.parametrize(("patch", "said"), PATCHES)
def test_a_worldview_document(toc: Toc, tmp_path: Path, patch: str, said: str) -> None:
    path = tmp_path / "pct.toml"
    path.write_text(f'description = "per cent"\n[parameters.severity]\n{patch}\nreason = "90 %"\n', encoding="utf-8")
    assert_refused(toc("run", "--draws", DRAWS, "--worldview", path), said)


def test_a_table_of_values_to_evaluate(toc: Toc, tmp_path: Path) -> None:
    entries = [name for name in STORY.entries if not DOCUMENTS.priors()[name].distribution.is_constant]
    row = {name: DOCUMENTS.priors()[name].distribution.given_some(0.5) for name in entries} | {"researchers_now": -300}
    path = tmp_path / "values.csv"
    path.write_text(",".join(row) + "\n" + ",".join(map(str, row.values())) + "\n", encoding="utf-8")
    result = toc("evaluate", path, "--out", tmp_path / "out.nc")
    assert_refused(result, "draw 0: researchers_now: found -300; allowed: 0 or more (FTE)")


def test_numbers_of_one_s_own_and_flags(toc: Toc) -> None:
    said = "set 'severity=90': found 90; allowed: 0 to 1 (probability); did you mean 0.9?"
    assert_refused(toc("run", "--draws", DRAWS, "--set", "severity=90"), said)
    assert_refused(toc("run", "--draws", DRAWS, "--set", "reference_years=-3"), "found -3; allowed: 0 or more (years)")
    assert_refused(toc("run", "--draws", DRAWS, "--researchers", "120%"), "found '120%'; allowed: 0 % to 100 %")


@pytest.mark.parametrize("condition", ["do(concern)=28", "do(pause_length)=-3", "severity=7", "do(p_doom)=0.3"])
def test_what_a_survey_asks_under(toc: Toc, tmp_path: Path, condition: str) -> None:
    out = tmp_path / "ask.csv"
    assert_refused(toc("survey", "template", "--nodes", "p_doom", "--under", condition, "--out", out), "allowed: ")
    assert not out.exists()


def test_a_condition_may_hold_several_places_at_once() -> None:
    found = parse_condition("allocation=plan; do(reach[outreach;convening])=0.3; severity=0.5")
    assert [one.text for one in found.overrides] == ["do(reach[outreach;convening])=0.3", "severity=0.5"]
    for override in found.overrides:
        fail_if_impossible(STORY, override)


# Laws -------------------------------------------------------------------------------------------------------------

NUMBERS = st.floats(-200, 200) | st.sampled_from([0.0, 1.0, -1.0, 0.5, 2.0, 90.0, 1e-9, 1e9])


def _fail_if_impossible(found: xr.Dataset) -> None:
    for name, node in STORY.nodes.items():
        assert np.isfinite(found[name].values).all() or node.undefined_where, name
        lower, upper = STORY.range_of(node)
        assert float(found[name].min()) >= lower - 1e-9, name
        assert float(found[name].max()) <= upper + 1e-9, name


@given(st.data())
def test_an_override_gives_possible_figures_or_is_refused(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["{}={}", "{}*={}", "do({})={}"]))
    names = sorted(STORY.nodes) if kind.startswith("do") else sorted(STORY.parameters)
    texts = [kind.format(data.draw(st.sampled_from(names)), repr(data.draw(NUMBERS)))]
    try:
        story, parameters = apply_overrides(STORY, BASE.parameters, parse_overrides(texts))
        found = evaluate(story, parameters, anchored(LEVERS))
    except InputError:
        return
    _fail_if_impossible(found)


@given(st.lists(NUMBERS, min_size=2, max_size=2), st.lists(NUMBERS, min_size=8, max_size=8), st.booleans())
def test_levers_give_possible_figures_or_are_refused(shares: list[float], mixes: list[float], sums: bool) -> None:
    mix = np.array(mixes).reshape(1, 2, 4)
    total = np.abs(mix).sum(axis=-1, keepdims=True)
    mix = np.abs(mix) / np.where(total, total, 1) if sums else mix
    try:
        found = evaluate(STORY, BASE.parameters, anchored(levers(["odd"], np.array([shares]), mix)))
    except InputError:
        return
    _fail_if_impossible(found)


@given(st.sampled_from(sorted(VILLAGE.story.parameters)), NUMBERS, st.sampled_from(["=", "*="]))
def test_the_village_s_parameters_stay_in_their_ranges(name: str, value: float, how: str) -> None:
    try:
        found = load_any_beliefs(VILLAGE, draws=DRAWS, overrides=[f"{name}{how}{value!r}"])
    except InputError:
        return
    allowed = VILLAGE.story.parameters[name].range
    assert float(found.parameters[name].min()) >= allowed.lower
    assert float(found.parameters[name].max()) <= allowed.upper


def test_an_array_is_held_within_the_range_too() -> None:
    with pytest.raises(InputError, match=r"do\(concern\): found 30, with 1 of 2 values outside; allowed: 0 to 1"):
        do(STORY, "concern", xr.DataArray([0.3, 30.0], dims="allocation"))
    assert parse_override("do(concern)=0.3").value == 0.3
