"""Checks of the essay's claims: all that the ledger states are run, and a denied claim does not hold."""

import pytest

import toc_model as toc
from tests.shipped import DOCUMENTS, load_allocations, load_beliefs
from toc_model.essay.checks import CHECKS
from toc_model.questions.claims.world import World
from toc_model.statistics.verdicts import joint

MAY_BE_UNDECIDED = {"C19", "C24", "C33", "C48", "C63", "C74", "C81", "C109"}
"""Their figures are so near a bound that a thousand draws can't tell."""


def test_every_check_of_the_ledger_can_be_run() -> None:
    assert set(CHECKS) == {name for name, claim in DOCUMENTS.claims().items() if claim.check}


def test_the_ledger_holds_but_for_what_is_known() -> None:
    found = toc.check_claims(draws=1000)
    wrong = {(name, view) for name in found.claims for view in found.under(name, "not held")}
    assert wrong == {("C09", "base")}
    assert {name for name in found.claims if found.verdict(name) == "undecided"} <= MAY_BE_UNDECIDED
    assert found.counts["not checked"] == 19


@pytest.mark.parametrize(
    ("name", "denial"),
    [
        ("C13", "buying_time_spread_ratio=1"),
        ("C24", "agi_year=30"),
        ("C45", "talent_correlation=0"),
        ("C56", "longest_pause=0.25"),
        ("C68", "severity=0"),
        ("C85", "lead_now=3"),
        ("C91", "solved_by_reference=0.8"),
    ],
)
def test_a_denied_claim_does_not_hold(name: str, denial: str) -> None:
    world = World(load_beliefs("essay", draws=300, overrides=[denial]), load_allocations())
    assert joint([one.verdict for one in CHECKS[name].run(world)]) == "not held"
