"""The ledger as a user reads it."""

import json
import re

import pytest

from tests.conftest import Toc
from toc_model.beliefs.claims import load_claims, load_contradictions


def test_the_ledger_counts_what_it_shows(toc: Toc) -> None:
    code, out, _ = toc("claims")
    assert code == 0
    assert [name for name in load_claims() if not re.search(rf"^. {name} ", out, re.MULTILINE)] == []
    assert "112 claims: ● represented 62, ◐ partly 32, ○ not represented 8, · documentation 10" in out


def test_the_ledger_as_json(toc: Toc) -> None:
    claims = json.loads(toc("claims", "--json")[1])["claims"]
    assert [claim["id"] for claim in claims] == list(load_claims())
    assert set(claims[0]) == {"id", "kind", "text", "elements", "denial", "check", "status", "note"}


@pytest.mark.parametrize(
    ("name", "fragment"), [("C28", "do(pause_probability)=0.001"), ("X05", "The size of the lead"), ("C01", "See X13")]
)
def test_one_claim_or_contradiction(toc: Toc, name: str, fragment: str) -> None:
    code, out, _ = toc("claims", name)
    assert (code, out.splitlines()[0]) == (0, name)
    assert fragment in " ".join(out.split())


def test_an_unknown_claim_is_refused(toc: Toc) -> None:
    code, _, err = toc("claims", "C028")
    assert code == 2
    assert "unknown claim 'C028'" in err


def test_notes_refer_to_contradictions_that_exist() -> None:
    referred = {name for claim in load_claims().values() for name in re.findall(r"X\d\d", claim.note)}
    assert referred
    assert referred <= set(load_contradictions())
