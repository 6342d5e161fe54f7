"""What to ask next: planned surveys, claims and the command ``toc voi``."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from scipy import special, stats

from tests.conftest import Toc
from tests.shipped import DOCUMENTS, load_allocations, load_beliefs
from toc_model.aliases import Floats
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.evidence import Evidence
from toc_model.errors import InputError
from toc_model.present.words import amount
from toc_model.questions.voi import Voi
from toc_model.questions.voi import voi as any_voi
from toc_model.questions.voi.figure import voi_figure
from toc_model.statistics.information import Estimate, evppi, evsi_regression
from toc_model.survey.documents.mapping import Question
from toc_model.survey.planning.planned import simulated_summaries
from toc_model.survey.planning.plans import ad_hoc_plan, plans_of, shipped_plans

DRAWS = 1024
SETTLED = np.array(special.ndtri(stats.qmc.Sobol(1, rng=1).random(DRAWS))[:, 0])
"""Standard normal draws, evenly spread."""


def question(**changes: Any) -> Question:
    plain: dict[str, Any] = {
        "wording": "What is it?",
        "target": "agi_year",
        "scale": "identity",
        "kind": "duration",
        "unit": "years",
        "bias_sd": 1.0,
        "bias_reason": "made for tests",
        "fair": "simulated",
    }
    return Question(**(plain | changes))


def choice(target: Floats) -> xr.DataArray:
    """Losses of doing nothing and of something that is good where the target is high."""
    return xr.DataArray(np.column_stack([np.zeros(len(target)), -target]), dims=("draw", "allocation"))


def values_of(asked: Question, target: Floats, experts: list[int], **how: Any) -> list[Estimate]:
    loss = choice(SETTLED - 0.5)
    limit = evppi(loss, xr.DataArray(target, dims="draw"))
    summaries = simulated_summaries(asked, target, experts, **how)
    return [*(evsi_regression(loss, summaries[many], limit=limit) for many in experts), limit]


# Planned surveys --------------------------------------------------------------------------------------------------


def test_a_survey_of_numbers_is_worth_what_normal_theory_says() -> None:
    """Prior sd 1, shared bias 1, between respondents 1.2: the mean afterwards has variance 1 / (1 + 1 + 1.44 / n)."""
    *found, _ = values_of(question(), SETTLED, [5, 50], spread=1.2)
    for many, value in zip((5, 50), found, strict=True):
        sd = 1 / np.sqrt(2 + 1.44 / many)
        exact = sd * stats.norm.pdf(0.5 / sd) - 0.5 * stats.norm.cdf(-0.5 / sd)
        assert value.value == pytest.approx(exact, abs=2 * value.se)
        assert value.se < 0.2 * exact


@pytest.mark.parametrize(("kind", "scale"), [("duration", "identity"), ("probability", "logit")])
def test_more_experts_never_remove_a_shared_bias(kind: str, scale: str) -> None:
    target = SETTLED if scale == "identity" else special.expit(SETTLED)
    biased = values_of(question(kind=kind, scale=scale), target, [10, 300, 600])
    free = values_of(question(kind=kind, scale=scale, bias_sd=0.001), target, [10, 300, 600])
    known = biased[-1].value
    assert biased[2].value < 0.75 * known
    assert abs(biased[2].value - biased[1].value) < 0.05 * known
    assert free[0].value < free[2].value
    assert free[2].value + free[2].se > 0.9 * known


def test_smaller_surveys_are_the_first_respondents_of_larger_ones() -> None:
    alone = simulated_summaries(question(), SETTLED, [7], seed=3)[7]
    beside = simulated_summaries(question(), SETTLED, [7, 7], seed=3)[7]
    xr.testing.assert_equal(alone, beside)
    assert not simulated_summaries(question(), SETTLED, [7], seed=4)[7].equals(alone)


THREE = {"categories": ["a", "b", "c"], "lower": 1.0, "upper": 3.0}


def test_categories_without_an_anchor_tell_nothing_of_the_target() -> None:
    found = simulated_summaries(question(kind="ordered", bias_sd=0.001, **THREE), SETTLED, [200])[200]
    assert abs(stats.spearmanr(found["summary0"].values, SETTLED).statistic) < 0.1


@pytest.mark.parametrize(
    ("kind", "more", "least"),
    [
        ("duration", {}, 0.95),
        ("quantile", {}, 0.95),
        ("cdf_point", {}, 0.88),  # over 24 seeds .900, standard deviation .006, as when each answer was drawn
        ("ordered", THREE | {"anchors": {"b": {"from": -0.5, "sd": 0.2, "reason": "a test"}}}, 0.6),
    ],
)
def test_answers_of_each_kind_tell_of_the_target(kind: str, more: dict[str, Any], least: float) -> None:
    found = simulated_summaries(question(kind=kind, bias_sd=0.001, **more), SETTLED, [200])[200]
    correlation = abs(stats.spearmanr(found["summary0"].values, SETTLED).statistic)
    assert correlation > least
    assert correlation < 0.9999


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"experts": []}, "experts: found none"),
        ({"experts": [10, 0]}, "experts: found 0; allowed: 1 to 100000"),
        ({"experts": [10**6]}, "experts: found 1000000; allowed: 1 to 100000"),
        ({"experts": [10], "spread": -1.0}, "spread: found -1; allowed: more than 0"),
    ],
)
def test_a_survey_of_nobody_is_refused(how: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        simulated_summaries(question(), SETTLED, **how)


def test_a_target_off_its_scale_is_refused() -> None:
    with pytest.raises(InputError, match="agi_year: found a value that the scale 'log' does not have"):
        simulated_summaries(question(scale="log"), SETTLED, [10])


# Plans ------------------------------------------------------------------------------------------------------------

ALLOCATIONS = load_allocations()


@pytest.fixture(scope="module")
def beliefs() -> Beliefs:
    return load_beliefs(draws=300)


def test_every_shipped_question_can_be_put_again(beliefs: Beliefs) -> None:
    plans = {plan.name: plan for plan in shipped_plans(beliefs, ALLOCATIONS)}
    assert {"espai2023:hlmi", "espai2023:alignment_difficulty", "fri_adversarial:extinction_2100"} <= set(plans)
    for plan in plans.values():
        found = simulated_summaries(plan.question, plan.target, [5])[5]
        assert all(np.isfinite(values).all() for values in found.data_vars.values())


def test_a_question_of_ones_own_has_a_scale_that_fits(beliefs: Beliefs) -> None:
    def how(target: str, bias_sd: float | None = None) -> tuple[str, str, float]:
        asked = ad_hoc_plan(beliefs, ALLOCATIONS, target, bias_sd).question
        return asked.scale, asked.kind, asked.bias_sd

    assert how("p_doom") == ("logit", "probability", 1.0)
    assert how("agi_arrival", 0.3) == ("log", "duration", 0.3)
    assert how("intervention_effort[outreach]", 0.3) == ("identity", "duration", 0.3)
    with pytest.raises(InputError, match="bias-sd: found none; allowed: a number in its unit \\(median FTE\\)"):
        how("intervention_effort[outreach]")
    p_doom = beliefs.outcome(ALLOCATIONS.only([]).levers()).values[:, 0]
    np.testing.assert_array_equal(ad_hoc_plan(beliefs, ALLOCATIONS, "p_doom").target, p_doom)


def test_a_mapping_of_ones_own(beliefs: Beliefs, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        """
source_id = "own"
title = "t"
citation = "c"
population = "p"
year = 2026
verified = "yes"
derived_from = []
[questions.seed]
wording = "w"
target = "anything"
scale = "logit"
kind = "probability"
unit = "probability"
bias_sd = 1.0
bias_reason = "r"
fair = "f"
resolved = 0.3
[questions.tax]
wording = "w"
target = "tax_learning"
scale = "log"
kind = "duration"
unit = "elasticity"
bias_sd = 0.4
bias_reason = "r"
fair = "f"
""",
        encoding="utf-8",
    )
    assert [plan.name for plan in plans_of(beliefs, ALLOCATIONS, str(path))] == ["own:tax"]
    assert plans_of(beliefs, ALLOCATIONS, f"{path}:tax")[0].with_bias(0.2, 0.5).question.bias_sd == 0.2
    with pytest.raises(InputError, match="seed question"):
        plans_of(beliefs, ALLOCATIONS, f"{path}:seed")


# The whole --------------------------------------------------------------------------------------------------------


def voi(beliefs: Beliefs, allocations: Allocations, **how: Any) -> Voi:
    """The choice between all allocations, with no claims and questions but those that are asked about."""
    return any_voi(beliefs, allocations, **({"between": list(allocations.named), "claims": {}, "plans": []} | how))


def text(found: Voi) -> str:
    return " ".join(str(found).split())


def test_a_claim_is_worth_what_its_parameters_are_together(beliefs: Beliefs) -> None:
    ledger = DOCUMENTS.claims()
    every = voi(beliefs, ALLOCATIONS, parameters=[], claims={name: ledger[name] for name in ("C85", "C23")})
    by_name = {claim: found for found in every.claims for claim in found.claims}
    assert by_name["C85"].parameters == ("lead_now",)
    assert len(by_name["C23"].parameters) == 6
    loss = beliefs.outcome(ALLOCATIONS.levers())
    assert by_name["C85"].value == evppi(loss, beliefs.parameters["lead_now"])
    assert by_name["C23"].value.value >= evppi(loss, beliefs.parameters["half_effort"]).value
    assert every.best == str(loss["allocation"].values[loss.mean("draw").values.argmin()])


def test_parameters_come_in_order_of_value_and_none_is_worth_more_than_all(beliefs: Beliefs) -> None:
    found = voi(beliefs, ALLOCATIONS, parameters=["buying_time_harm", "lead_now"])
    values = [value.value for value in found.parameters.values()]
    assert len(values) == 5
    assert values == sorted(values, reverse=True)
    assert 0 < values[0] <= found.evpi.value


def test_the_figure_leaves_out_what_noise_might_be(beliefs: Beliefs) -> None:
    names = ["buying_time_harm", "researchers_now"]
    found = voi(beliefs, ALLOCATIONS, parameters=names, plans=plans_of(beliefs, ALLOCATIONS, "espai2023:hlmi"))
    axes = voi_figure(found, 3).axes[0]
    shown = [label.get_text() for label in axes.get_yticklabels()]
    assert shown[0] == "everything"
    assert "micro-dooms" in axes.get_xlabel()
    worth = [name for name, value in found.parameters.items() if value.value > found.floors.parameters][:3]
    assert shown[1 : 1 + len(worth)] == list(map(beliefs.label_of, worth))


def test_noise_is_shown_as_noise(beliefs: Beliefs) -> None:
    """What has no value is below the floor and not zero, and its rank is any."""
    found = voi(beliefs, ALLOCATIONS, parameters=["buying_time_harm", "researchers_now", "technical_talent_spread"])
    floor = found.floors.parameters / found.beliefs.case.objective.small.size
    said = text(found)
    assert floor >= 0.1
    assert f"the noise floor of {amount(floor)} micro-dooms" in said
    noise = [name for name, value in found.parameters.items() if value.value <= found.floors.parameters]
    assert noise
    for name in noise:
        assert found.each.ranks[name][1] == len(found.parameters)
        high = found.in_small(found.parameters[name]).interval[1]
        assert f"{beliefs.label_of(name)} {rank(found, name)} below {amount(max(floor, high))} " in said
    assert " 0 [" not in said
    assert " 0.0 [" not in said


def rank(found: Voi, name: str) -> str:
    first, last = found.each.ranks[name]
    return f"{first}" if first == last else f"{first}-{last}"


def test_ranks_hold_the_places_and_say_how_many_draws_would_tell_them_apart(beliefs: Beliefs) -> None:
    found = voi(beliefs, ALLOCATIONS, parameters=["buying_time_harm", "lead_now"])
    for place, name in enumerate(found.parameters, start=1):
        first, last = found.each.ranks[name]
        assert first <= place <= last
    assert found.each.needed > found.beliefs.draws
    assert "can't be told apart from what follows by these draws; that would take" in text(found)
    figures = found.to_dict()
    assert figures["draws_to_tell_ranks"] == found.each.needed
    assert figures["parameters"]["lead_now"]["ranks"] == list(found.each.ranks["lead_now"])
    assert figures["noise_floor"]["quantile"] == 0.95
    few = replace(found, each=replace(found.each, needed=300.0))
    assert "The first 3 ranks can be told apart from what follows." in text(few)
    many = replace(found, each=replace(found.each, needed=np.inf))
    assert "that would take more than 1,000,000 draws" in text(many)
    assert many.to_dict()["draws_to_tell_ranks"] is None


def test_a_choice_that_nothing_could_change_is_worth_less_than_is_shown(beliefs: Beliefs) -> None:
    found = voi(beliefs, ALLOCATIONS, parameters=["lead_now"])
    nothing, floors = Estimate(0.0, 0.0), replace(found.floors, parameters=1e-7)
    said = text(replace(found, evpi=nothing, each=replace(found.each, values={"lead_now": nothing}), floors=floors))
    assert "Knowing everything would be worth below 0.1 micro-dooms" in said
    assert "Of 1 single parameter none is worth more than the noise floor of 0.1 micro-dooms" in said


# The command ------------------------------------------------------------------------------------------------------

SHORT = ("voi", "--draws", 200, "--claims", "C85", "--parameters", "buying_time_harm", "--experts", "5,20")


def test_the_command_says_what_it_rests_on(toc: Toc, tmp_path: Path) -> None:
    picture = tmp_path / "voi.svg"
    code, out, _ = toc(*SHORT, "--survey", "espai2023:extinction", "--ask", "lead_now", "--out", picture)
    assert code == 0
    for words in (
        "worldview 'panel'",
        "micro-dooms",
        "harm by outreach",
        "espai2023:extinction",
        "lead_now",
        "20 ex",
    ):
        assert words in out
    assert "FTE-years" in out
    assert "toc marginal has it" in " ".join(out.split())
    assert "These figures rest on the worldview 'panel'" in out.replace("\n", " ")
    assert "panel" in picture.read_text(encoding="utf-8")


def test_the_command_prints_json_with_provenance(toc: Toc) -> None:
    words = ("--survey", "none", "--ask", "buying_time_harm[evaluations]", "--fte-value", 2, "--cost", 0.1, "--json")
    code, out, _ = toc(*SHORT, *words)
    found = json.loads(out)
    assert code == 0
    assert found["worldview"] == "panel"
    assert found["allocations"] == ["status_quo", "recommended"]
    assert found["provenance"]["seed"] == 1
    assert found["evpi"]["fte_years"]["value"] == pytest.approx(found["evpi"]["micro_dooms"]["value"] / 2)
    asked = found["surveys"]["buying_time_harm[evaluations]"]
    assert set(asked["experts"]) == {"5", "20"}
    twenty = asked["experts"]["20"]
    assert twenty["net_benefit_fte_years"]["value"] == pytest.approx(twenty["fte_years"]["value"] - 2)
    assert 0 <= twenty["micro_dooms"]["value"] <= asked["known"]["micro_dooms"]["value"]


def test_a_cost_gives_the_net_benefit_at_the_best_size(toc: Toc) -> None:
    code, out, _ = toc(*SHORT, "--survey", "espai2023:hlmi", "--fte-value", 2, "--cost", 0.1)
    assert code == 0
    assert "net benefit at best" in out
    assert "5 experts" in out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--draws", 50), "loss: found 50 draws; allowed: 100 or more"),
        (("--parameters", "lead_naw"), "unknown uncertain parameter 'lead_naw'; did you mean 'lead_now'?"),
        (("--claims", "C8x"), "unknown claim 'C8x'"),
        (("--survey", "espai20233"), "unknown mapping 'espai20233'; did you mean 'espai2023'?"),
        (("--survey", "espai2023:hlm"), "unknown question 'hlm'; did you mean 'hlmi'?"),
        (("--ask", "p_dom"), "unknown target 'p_dom'; did you mean 'p_doom'?"),
        (("--ask", "p_doom", "--bias-sd", 0), "p_doom: bias-sd: found 0; allowed: more than 0"),
        (("--survey", "espai2023:hlmi", "--bias-sd", -1), "espai2023:hlmi: bias-sd: found -1"),
        (("--ask", "p_doom", "--spread", 0), "spread: found 0; allowed: more than 0"),
        (("--experts", "10,many"), "experts: found 'many'; allowed: whole numbers from 1"),
        (("--fte-value", 0), "worth of one FTE-year: found 0; allowed: more than 0"),
        (("--cost", -1, "--fte-value", 1), "cost: found -1; allowed: 0 or more FTE-years per expert"),
        (("--only", "recomended"), "unknown allocation 'recomended'; did you mean 'recommended'?"),
        (("--only", "status_quo"), "found 1 allocation; allowed: two or more"),
        (("--out", "voi.txt"), "found the ending '.txt'; allowed: '.svg' or '.png'"),
    ],
)
def test_bad_input_ends_with_one_line(toc: Toc, words: tuple[object, ...], message: str) -> None:
    code, out, err = toc(
        "voi", "--draws", 100, "--claims", "none", "--parameters", "lead_now", "--survey", "none", *words
    )
    assert code == 2
    assert out == ""
    assert message in err
    assert err.count("\n") == 1


def test_a_posterior_says_what_asking_again_meets_and_that_draws_of_chains_follow_each_other() -> None:
    beliefs = load_beliefs("base", draws=300)
    found = voi(beliefs, ALLOCATIONS, parameters=["lead_now"])
    updated = replace(found, beliefs=replace(beliefs, evidence=(Evidence(source_id="demo", digest="0"),)))
    assert "Asking again is taken to meet a new shared bias" in text(updated)
    assert "worldview 'base + demo'" in text(updated)
    chain = beliefs.parameters.assign_coords(chain=("draw", np.repeat([0, 1], 150)))
    in_chains = replace(updated, beliefs=replace(updated.beliefs, parameters=chain))
    assert "Draws of a chain follow each other" in text(in_chains)
    assert "follow each other" not in text(updated)
    assert "Asking again" not in text(found)
