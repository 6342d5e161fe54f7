"""The village's checks, by hand."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import toc_model as toc
from tests.conftest import Toc
from tests.toy import CASE, by_hand
from tests.toy.checks import a_longer_fence_spares_grain
from tests.toy.conftest import DRAWS, Ask, AskJson
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.loading import load_beliefs
from toc_model.beliefs.shipped import Documents
from toc_model.engine.case import Case
from toc_model.errors import InputError
from toc_model.questions.claims import Checks, check
from toc_model.questions.claims.world import Check, World, collected, pooled
from toc_model.statistics.verdicts import Found


def test_one_claim_holds_and_one_does_not(almanac: Beliefs, forester: Beliefs, figures: AskJson) -> None:
    found = figures("claims", "--check")
    rows = {row["id"]: row for row in found["claims"]}
    assert found["counts"] == {"held": 1, "not held": 1, "undecided": 0, "not checked": 6}
    assert {name: row["verdict"] for name, row in rows.items() if row["verdict"]} == {"T1": "held", "T5": "not held"}
    for place, beliefs in enumerate((almanac, forester)):
        rises = by_hand.spared(beliefs, *by_hand.PLAN) > by_hand.spared(beliefs, *by_hand.TODAY)
        (share,) = rows["T1"]["worldviews"][place]["found"]
        assert share["value"] == pytest.approx(rises.mean(), abs=1e-12)
        change = by_hand.change(beliefs)
        (mean,) = rows["T5"]["worldviews"][place]["found"]
        assert mean["value"] == pytest.approx(change.mean(), rel=1e-9)
        assert mean["mcse"] == pytest.approx(change.std(ddof=1) / np.sqrt(DRAWS), rel=1e-9)
    verdicts = [trial["verdict"] for trial in rows["T5"]["worldviews"]]
    assert verdicts == ["held", "not held"]
    assert found["provenance"][0]["draws"] == DRAWS


def test_what_was_not_checked_says_why(figures: AskJson) -> None:
    why = {row["id"]: row["why_not_checked"] for row in figures("claims", "--check")["claims"]}
    assert [name for name, text in why.items() if not text] == ["T1", "T5"]
    assert "no function" in why["T2"]
    assert why["T6"] == "not represented; it has no check. There is no weather."


def test_the_page_says_what_was_found_where_it_did_not_hold(ask: Ask) -> None:
    text = " ".join(ask("claims", "--check", "--draws", DRAWS).split())
    assert "1 held under every worldview of which they are said, 1 did not (T5), and 0 can't be told" in text
    assert "T5 forester change of the harvest by" in text
    assert "T1 almanac" not in text
    one = " ".join(ask("claims", "T1", "--check", "--draws", DRAWS).split())
    assert "T1 almanac draws in which spared rises" in one
    assert "Check: From today to plan, spared rises in most draws." in one


def test_a_worldview_that_is_asked_for_takes_the_place_of_all(farmer: Beliefs, figures: AskJson) -> None:
    found = figures("claims", "T5", "--check", "--worldview", "farmer")
    (row,) = found["claims"]
    (trial,) = row["worldviews"]
    assert (trial["worldview"], trial["verdict"]) == ("farmer", "held")
    assert trial["found"][0]["value"] == pytest.approx(by_hand.change(farmer).mean(), rel=1e-9)


def test_a_bound_within_the_error_is_undecided(almanac: Beliefs, allocations: Allocations) -> None:
    """The toil is set so that the mean change is a tenth of its error above nil."""
    has, change = by_hand.values(almanac), by_hand.change(almanac)
    unbuilt = change + 21 * has["toil"]
    toil = (unbuilt.mean() - 0.1 * unbuilt.std(ddof=1) / np.sqrt(DRAWS)) / 21
    beliefs = load_beliefs(CASE, draws=DRAWS, overrides=[f"toil={float(toil)!r}"])
    found = toc.check_claims(beliefs, allocations, claim="T5", case=CASE)
    (trial,) = found.trials["T5"]
    assert 0 < trial.found[0].value < trial.found[0].error
    assert found.verdict("T5") == "undecided"


def test_a_program_checks_as_the_command_does(forester: Beliefs, allocations: Allocations) -> None:
    found = toc.check_claims([forester], allocations, case=CASE)
    assert found.counts == {"held": 1, "not held": 1, "undecided": 0, "not checked": 6}
    assert found.to_dataframe().loc[("T5", "forester"), "verdict"] == "not held"
    assert "held 1, not held 1" in repr(found)
    by_name = toc.check_claims(allocations=allocations, claim="T5", draws=DRAWS, case=CASE)
    assert by_name.under("T5", "not held") == ["forester"]


def test_pooled_worlds_are_the_worlds_alone(almanac: Beliefs, forester: Beliefs, allocations: Allocations) -> None:
    for world, beliefs in zip(pooled([almanac, forester], allocations), (almanac, forester), strict=True):
        alone = World(beliefs, allocations)
        for here, there in ((world, alone), (world.given("jumped=0.5"), alone.given("jumped=0.5"))):
            np.testing.assert_array_equal(here.now("harvest"), there.now("harvest"))
            np.testing.assert_array_equal(here.change("spared", {"fence": 4.0}), there.change("spared", {"fence": 4.0}))
            np.testing.assert_array_equal(here.then("harvest", "all_round"), there.then("harvest", "all_round"))
        np.testing.assert_allclose(alone.now("harvest"), by_hand.harvest(beliefs, *by_hand.TODAY))
        np.testing.assert_allclose(alone.then("harvest"), by_hand.harvest(beliefs, *by_hand.PLAN))


def test_a_held_node_is_held_in_every_draw(almanac: Beliefs, allocations: Allocations) -> None:
    world = World(almanac, allocations)
    twice = world.holding("spared", 2 * world.now("spared"))
    np.testing.assert_allclose(twice.now("harvest") - world.now("harvest"), world.now("spared"))


def without(checks: dict[str, Check] | None) -> Case:
    return replace(CASE, checks=None if checks is None else lambda: checks)


@pytest.mark.parametrize(
    ("case", "one", "fragment"),
    [
        (without(None), "", "case village: found no checks"),
        (without({"T9": Check("T9", ("almanac",), a_longer_fence_spares_grain.run)}), "", "unknown claim 'T9'"),
        (CASE, "T11", "unknown claim 'T11'"),
    ],
)
def test_what_can_not_be_checked_is_refused(
    case: Case, one: str, fragment: str, almanac: Beliefs, allocations: Allocations
) -> None:
    documents = replace(almanac.documents, case=case)
    with pytest.raises(InputError) as refusal:
        check(documents, lambda _: almanac, allocations, one=one)
    assert fragment in str(refusal.value)


def test_a_check_that_can_not_be_run_says_why_and_holds_nothing(almanac: Beliefs, allocations: Allocations) -> None:
    held = almanac.with_overrides(())

    def refuse(_: World) -> list[Found]:
        raise InputError("fence: is held")

    documents = replace(almanac.documents, case=without({"T1": Check("T1", ("almanac",), refuse)}))
    found = check(documents, lambda _: held, allocations)
    assert found.verdict("T1") == "undecided"
    assert found.to_dict()["claims"][0]["worldviews"][0]["why_not"] == "fence: is held"
    assert "fence: is held" in str(found)


def test_a_report_checks_under_the_numbers_that_the_caller_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also under worldviews that the report does not show."""
    from toc_model.questions.report import asked, report

    drawn: list[Beliefs] = []

    def found(documents: Documents, load: Callable[[str], Beliefs], named: Allocations, **how: Any) -> Checks:
        drawn.extend(load(name) for name in ("almanac", "forester"))
        return check(documents, load, named, **how)

    monkeypatch.setattr(asked, "check", found)
    beliefs = load_beliefs(CASE, "almanac", draws=40, sets=["jumped=0.9"], overrides=["toil*=2"])
    report([beliefs], beliefs.documents.allocations(), sections=["checks"])
    plain = load_beliefs(CASE, "forester", draws=40)
    for one in drawn:
        assert one.draws == 40
        np.testing.assert_array_equal(one.parameters["jumped"], 0.9)
    np.testing.assert_array_equal(drawn[1].parameters["toil"], 2 * plain.parameters["toil"])


def test_two_checks_of_one_claim_are_refused() -> None:
    class Other:
        again = Check("T1", ("almanac",), a_longer_fence_spares_grain.run)

    from tests.toy import checks

    with pytest.raises(InputError, match="a second one of claim T1"):
        collected([checks, Other])


@pytest.mark.parametrize(
    ("words", "fragment"),
    [
        (("--check", "--deny"), "found --deny and --check; allowed: one of them"),
        (("--check", "--top", 3), "--top needs --deny"),
        (("--draws", 50), "--draws needs --deny"),
        (("T9", "--check"), "unknown claim 'T9'"),
    ],
)
def test_bad_requests_are_one_line(toc: Toc, words: tuple[object, ...], fragment: str) -> None:
    code, out, err = toc("--case", "tests.toy:CASE", "claims", *words)
    assert (code, out) == (2, "")
    assert fragment in err
    assert err.count("\n") == 1
