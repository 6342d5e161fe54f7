"""What delay and effort cost in the village, by hand: two days a kilometre, and each takes a share of the harvest."""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest
import xarray as xr

import toc_model
from tests.conftest import Toc
from tests.refused import assert_refused
from tests.toy import CASE, by_hand
from tests.toy.conftest import DRAWS, Ask, AskJson
from toc_model.aliases import Floats
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.engine.case import Case
from toc_model.errors import InputError
from toc_model.questions.run.moves import Move
from toc_model.questions.run.words import sentence

LENGTHS = {"today": by_hand.TODAY, "plan": by_hand.PLAN, "all_round": by_hand.ALL_ROUND}
SHARE, DAYS, SACK = 0.01, 2.0, 0.05
WITHOUT_DELAY = replace(CASE, delay=None, home="")
WITHOUT_COST = replace(CASE, cost=None, home="")
WITHOUT_STEPS = replace(CASE, steps=(), home="")


def exactly(value: Any) -> Any:
    return pytest.approx(value, rel=1e-9, abs=1e-9)


def kept(beliefs: Beliefs, fence: float, valley: float) -> Floats:
    """The harvest less a hundredth of it for each day that it comes later than with one kilometre of fence."""
    found: Floats = by_hand.harvest(beliefs, fence, valley) * (1 - SHARE * DAYS * (fence - 1))
    return found


# compare --------------------------------------------------------------------------------------------------------------


def test_compare_counts_delay(almanac: Beliefs, farmer: Beliefs, figures: AskJson) -> None:
    found = figures("compare", "--also", "farmer", "--delay-cost", SHARE)["with_delay"]
    assert found["delay_cost"] == {"share": SHARE, "period": "day"}
    for beliefs in (almanac, farmer):
        by_draw = np.stack([kept(beliefs, *where) for where in LENGTHS.values()])
        best, today = by_draw.max(axis=0), by_draw[0]
        for row, own in zip(found["worldviews"][beliefs.worldview].values(), by_draw, strict=True):
            assert row["harvest"] == exactly(own.mean())
            assert row["change"]["mean"] == exactly((own - today).mean())
            assert row["change"]["q05"] == exactly(np.quantile(own - today, 0.05))
            assert row["change"]["mcse"] == exactly((own - today).std(ddof=1) / np.sqrt(DRAWS))
            assert row["share_better"] == exactly((own > today).mean())
            assert row["p_best"] == exactly((own == best).mean())
            assert row["opportunity_loss"] == exactly((best - own).mean())


def test_compare_weighs_regret_with_delay(almanac: Beliefs, farmer: Beliefs, figures: AskJson) -> None:
    found = figures("compare", "--also", "farmer", "--delay-cost", SHARE)
    means = np.array([[kept(one, *where).mean() for where in LENGTHS.values()] for one in (almanac, farmer)])
    regret = means.max(axis=1, keepdims=True) - means
    for name, own in zip(LENGTHS, regret.T, strict=True):
        assert found["with_delay"]["across"][name]["mean_regret"] == exactly(own.mean())
    assert found["with_delay"]["minimax_regret"] == list(LENGTHS)[int(regret.max(axis=0).argmin())]


def test_compare_has_the_break_even_of_every_move(almanac: Beliefs, figures: AskJson) -> None:
    """The change over what waits longer: ten days with the plan, four today, 22 with a fence all round."""
    rows = figures("compare", "--also", "farmer")["worldviews"]["almanac"]
    today, plan = by_hand.harvest(almanac, *by_hand.TODAY), by_hand.harvest(almanac, *by_hand.PLAN)
    gained, waits = plan - today, 10 * plan - 4 * today
    cost = gained.mean() / waits.mean()
    assert rows["plan"]["break_even"]["cost"] == exactly(cost)
    assert rows["plan"]["break_even"]["mcse"] == exactly(
        (gained - cost * waits).std(ddof=1) / np.sqrt(DRAWS) / waits.mean()
    )
    change = rows["all_round"]["change"]
    assert -1.96 * change["mcse"] < change["mean"] < 0
    assert rows["all_round"]["break_even"] == {"verdict": "unclear", "cost": None, "mcse": None}
    assert "with_delay" not in figures("compare", "--also", "farmer")


def test_at_the_break_even_the_plan_is_worth_nothing(almanac: Beliefs, figures: AskJson) -> None:
    cost = figures("compare", "--also", "farmer")["worldviews"]["almanac"]["plan"]["break_even"]["cost"]
    found = toc_model.compare(almanac, delay_cost=cost).to_dict()["with_delay"]["worldviews"]["almanac"]["plan"]
    assert found["change"]["mean"] == pytest.approx(0, abs=1e-9)


def test_delay_for_nothing_changes_nothing(almanac: Beliefs) -> None:
    found = toc_model.compare(almanac, delay_cost=0.0).to_dict()
    free, counted = found["worldviews"]["almanac"], found["with_delay"]["worldviews"]["almanac"]
    assert {name: row["harvest"] for name, row in counted.items()} == {
        name: row["harvest"] for name, row in free.items()
    }


def test_compare_says_what_was_chosen_and_by_whom(ask: Ask) -> None:
    text = " ".join(ask("compare", "--draws", DRAWS, "--delay-cost", "1%").split())
    assert "A day of delay costs 1 % of what there is to lose, as you say; the model assumes nothing about it" in text
    assert "mean harvest with delay is largest for “plan”" in text
    assert "as you say" not in ask("compare", "--draws", DRAWS)


def test_the_table_has_the_break_even(almanac: Beliefs) -> None:
    found = toc_model.compare(almanac)
    table = found.to_dataframe()
    assert table.loc[("almanac", "plan"), "break_even"] == found.break_evens()[0]["plan"].cost


# optimise -------------------------------------------------------------------------------------------------------------


def best_fence(beliefs: Beliefs) -> float:
    """Where the mean of (sown + gain x - toil x^2)(1 - 2 c x) is largest, x the kilometres above the first."""
    has = by_hand.values(beliefs)
    mean = np.polynomial.Polynomial(
        [has["sown_before"].mean(), (has["fence_gain"] * (1 - has["jumped"])).mean(), -has["toil"].mean()]
    )
    slope = (mean * np.polynomial.Polynomial([1, -DAYS * SHARE])).deriv()
    return 1 + float(np.min(slope.roots()))


def test_the_best_fence_is_shorter_where_delay_costs(figures: AskJson, almanac: Beliefs) -> None:
    found = figures("optimise", "--free", "fence", "--delay-cost", "1%")
    halves = [replace(almanac, parameters=almanac.parameters.isel(draw=slice(place, None, 2))) for place in (0, 1)]
    assert found["optimum"]["fence"] == pytest.approx(best_fence(halves[0]), abs=0.01)
    assert best_fence(halves[0]) < by_hand.best_fence(halves[0]) - 1
    judged, best = found["with_delay"]["judged"]["almanac"], found["optimum"]["fence"]
    change = kept(halves[1], best, 0.5) - kept(halves[1], *by_hand.TODAY)
    assert judged["change"]["mean"] == exactly(change.mean())
    assert found["gain"]["judged"] == pytest.approx(change.mean(), abs=1e-6)
    plain = by_hand.harvest(halves[1], best, 0.5) - by_hand.harvest(halves[1], *by_hand.TODAY)
    assert found["judged"]["almanac"]["change"]["mean"] == exactly(plain.mean())


def test_optimise_says_what_it_is_the_best_of(ask: Ask) -> None:
    text = " ".join(ask("optimise", "--draws", 200, "--free", "fence", "--delay-cost", SHARE).split())
    assert "largest mean harvest with delay; a day of delay costs 1 % of what there is to lose, as you say" in text
    assert "it changes harvest with delay from" in text


# marginal -------------------------------------------------------------------------------------------------------------


def test_a_sack_has_a_price(almanac: Beliefs, figures: AskJson) -> None:
    """What a day of work costs over the sacks that it brings in; dear where it brings in few."""
    found = figures("marginal", "--unit-cost", 100)["worldviews"]["almanac"]["prices"]
    gained = (by_hand.harvest(almanac, 3.02, 0.5) - by_hand.harvest(almanac, *by_hand.TODAY)) / SACK
    assert (found["unit"], found["unit_cost"], found["currency"]) == ("day of work", 100, "the caller's")
    assert found["per"] == "sacks brought in"
    row, error = found["by_work"]["building"], gained.std(ddof=1) / np.sqrt(DRAWS)
    assert row["verdict"] == "price"
    assert row["mean"] == pytest.approx(100 / gained.mean())
    assert row["mcse"] == pytest.approx(100 * error / gained.mean() ** 2)
    assert row["at_q95_of_gain"] == pytest.approx(100 / np.quantile(gained, 0.95))
    assert row["at_q05_of_gain"] == pytest.approx(100 / np.quantile(gained, 0.05))
    assert row["share_gaining"] == exactly((gained > 0).mean())
    assert "prices" not in figures("marginal")["worldviews"]["almanac"]


def test_what_does_harm_has_no_price(figures: AskJson) -> None:
    """All round, a day more of building takes more from the sowing than the fence spares."""
    row = figures("marginal", "--at", "all_round", "--unit-cost", 100)["worldviews"]["almanac"]["prices"]["by_work"]
    assert row["building"]["verdict"] == "none"
    assert (row["building"]["mean"], row["building"]["at_q05_of_gain"]) == (None, None)


def test_the_price_is_in_the_caller_s_currency(ask: Ask) -> None:
    text = " ".join(ask("marginal", "--draws", DRAWS, "--unit-cost", 100, "--also", "farmer").split())
    assert "What one sack brought in costs in your currency, at 100 for one more day of work" in text
    assert "under “farmer”" in text
    assert "your figure; none is assumed" in text


# report ---------------------------------------------------------------------------------------------------------------


def test_the_report_counts_delay(almanac: Beliefs) -> None:
    found = toc_model.report(almanac, sections=["answer", "curve"], delay_cost=SHARE)
    change = kept(almanac, *by_hand.PLAN) - kept(almanac, *by_hand.TODAY)
    row = found.to_dict()["worldviews"]["almanac"]["with_delay"]
    assert row["change"]["mean"] == exactly(change.mean())
    assert row["share_better"] == exactly((change > 0).mean())
    assert found.to_dict()["delay_cost"] == {"share": SHARE, "period": "day"}
    page = found.markdown()
    assert "Change of harvest with delay by “plan”, with a day of delay at 1 % of what there is to lose" in page
    assert "All allocations: break-even cost of delay, from “today”" in page


# What is refused ------------------------------------------------------------------------------------------------------


@pytest.fixture
def toc_village(toc: Toc) -> Toc:
    """The command about the village."""
    return partial(toc, "--case", "tests.toy:CASE")


def without(almanac: Beliefs, case: Case) -> Beliefs:
    return replace(almanac, documents=replace(almanac.documents, case=case))


@pytest.mark.parametrize("question", [toc_model.compare, toc_model.optimise, toc_model.report])
@pytest.mark.parametrize("share", [-0.01, float("nan"), float("inf"), 1.01])
def test_what_is_no_share_is_refused(question: Any, share: float, almanac: Beliefs) -> None:
    with pytest.raises(InputError, match=r"delay cost: found .*; allowed: a share from 0 to 1"):
        question(almanac, delay_cost=share)


@pytest.mark.parametrize("question", [toc_model.compare, toc_model.optimise, toc_model.report])
def test_a_case_without_delay_refuses_its_cost(question: Any, almanac: Beliefs) -> None:
    bare = without(almanac, WITHOUT_DELAY)
    named = replace(bare.documents.allocations(), case=WITHOUT_DELAY)
    with pytest.raises(InputError, match=r"found 0\.01; allowed: none, for the village does not count delay"):
        question(bare, named, delay_cost=0.01)


def test_a_case_without_delay_is_compared_without_it(almanac: Beliefs) -> None:
    bare = without(almanac, WITHOUT_DELAY)
    found = toc_model.compare(bare, replace(bare.documents.allocations(), case=WITHOUT_DELAY))
    assert "break_even" not in found.to_dict()["worldviews"]["almanac"]["plan"]
    assert "break-even" not in str(found)


@pytest.mark.parametrize("amount", [0.0, -1.0, float("nan"), float("inf")])
def test_what_is_no_amount_is_refused(amount: float, almanac: Beliefs) -> None:
    with pytest.raises(InputError, match=r"cost of one day of work: found .*; allowed: more than 0, in any currency"):
        toc_model.marginal(almanac, unit_cost=amount)


@pytest.mark.parametrize(
    ("case", "message"), [(WITHOUT_COST, "has no unit of cost"), (WITHOUT_STEPS, "no step of the village is by unit")]
)
def test_a_case_without_units_has_no_prices(case: Case, message: str, almanac: Beliefs) -> None:
    bare = without(almanac, case)
    with pytest.raises(InputError, match=message):
        toc_model.marginal(bare, replace(bare.documents.allocations(), case=case), unit_cost=100.0)


@pytest.mark.parametrize("command", ["compare", "optimise", "report"])
@pytest.mark.parametrize(
    ("text", "message"),
    [("nan", "'nan'"), ("a lot", "'a lot'"), ("%", "'%'"), ("-1%", "found -0.01"), ("101%", "found 1.01")],
)
def test_the_commands_refuse_in_one_line(command: str, text: str, message: str, toc_village: Toc) -> None:
    out = ("--out", "x.md") if command == "report" else ()
    assert_refused(toc_village(command, "--delay-cost", text, *out), message, "allowed: a share")


def test_a_change_from_nothing_is_told_as_no_share_of_it(almanac: Beliefs, allocations: Allocations) -> None:
    nil, change = xr.DataArray(np.zeros(4), dims="draw"), xr.DataArray([1.0, 1.0, 1.0, 2.0], dims="draw")
    found = sentence(Move(almanac, nil, change, None), allocations, "plan")
    assert "raises mean harvest from 0.00 t by 1.25 ±0.25 tonnes; it is better in 100 % of draws." in found
