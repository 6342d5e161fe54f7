"""The ledger as a user reads it."""

import json
import re

import pytest

from tests.conftest import Toc
from tests.toy import CASE
from toc_model.beliefs.shipped import Documents
from toc_model.essay.case import ESSAY
from toc_model.questions.claims import ledger

SHIPPED = Documents.of(ESSAY)


def test_the_ledger_counts_what_it_shows(toc: Toc) -> None:
    code, out, _ = toc("claims")
    assert code == 0
    assert [name for name in SHIPPED.claims() if not re.search(rf"^  . {name}: ", out, re.MULTILINE)] == []
    assert "112 claims: ● represented 66, ◐ partly 32, ○ not represented 4, · documentation 10" in out


def test_the_ledger_as_json(toc: Toc) -> None:
    claims = json.loads(toc("claims", "--json")[1])["claims"]
    assert [claim["id"] for claim in claims] == list(SHIPPED.claims())
    assert set(claims[0]) == {"id", "kind", "text", "elements", "denial", "check", "status", "note", "if_right"}


@pytest.mark.parametrize(
    ("name", "fragment"), [("C28", "do(pause_probability)=0.001"), ("X05", "The size of the lead"), ("C01", "See X13")]
)
def test_one_claim_or_contradiction(toc: Toc, name: str, fragment: str) -> None:
    code, out, _ = toc("claims", name)
    assert (code, out.splitlines()[0]) == (0, name)
    assert fragment in " ".join(out.split())


def test_one_claim_as_json_is_that_claim(toc: Toc) -> None:
    (claim,) = json.loads(toc("claims", "C28", "--json")[1])["claims"]
    assert claim["id"] == "C28"
    (contradiction,) = json.loads(toc("claims", "X05", "--json")[1])["contradictions"]
    assert set(contradiction) == {"id", "text", "resolution"}


def test_another_ledger_speaks_of_its_own_theory() -> None:
    found = ledger(Documents.of(CASE))
    assert "What does the village claim" in str(found)
    assert "8 claims: ● represented 5, ◐ partly 1, ○ not represented 2, · documentation 0" in str(found)
    assert "the village: The valley is said" in str(ledger(Documents.of(CASE), "Y1"))
    assert list(found.to_dataframe().index) == ["T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8"]


def test_an_objection_says_what_granting_it_means(toc: Toc) -> None:
    (claim,) = json.loads(toc("claims", "C84", "--json")[1])["claims"]
    assert claim["if_right"] == ["lead_now=3", "field_wide_share=0.2", "pause_coverage_reference=0.1"]
    granted = {name for name, claim in SHIPPED.claims().items() if claim.if_right}
    assert granted
    assert all(SHIPPED.claims()[name].kind == "objection" for name in granted)


def test_an_unknown_claim_is_refused(toc: Toc) -> None:
    code, _, err = toc("claims", "C028")
    assert code == 2
    assert "unknown claim 'C028'" in err


def test_notes_refer_to_contradictions_that_exist() -> None:
    referred = {name for claim in SHIPPED.claims().values() for name in re.findall(r"X\d\d", claim.note)}
    assert referred
    assert referred <= set(SHIPPED.contradictions())
