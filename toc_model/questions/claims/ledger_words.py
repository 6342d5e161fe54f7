"""What is said about the ledger of claims."""

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from toc_model.beliefs.claims import Claim, Status
from toc_model.naming import called
from toc_model.present.section import Section
from toc_model.present.words import counted, isolated

if TYPE_CHECKING:
    from toc_model.questions.claims.ledger import Ledger

MARKS: dict[Status, str] = {"represented": "●", "partly": "◐", "not represented": "○", "documentation": "·"}


def section(found: "Ledger") -> Section:
    """Every claim: whether the model represents it, its text, and by what."""
    status = Counter(claim.status for claim in found.claims.values())
    legend = ", ".join(f"{mark} {name} {status[name]}" for name, mark in MARKS.items())
    return Section(
        "ledger",
        "The claims",
        f"What does {found.theory} claim, and what of it does the model represent?",
        points=[(f"{MARKS[claim.status]} {name}", _brief(claim)) for name, claim in found.claims.items()],
        notes=[f"{counted(len(found.claims), 'claim')}: {legend}. One in full: toc claims ID."],
    )


def _brief(claim: Claim) -> str:
    by = f" → {', '.join(map(called, claim.elements))}" if claim.elements else ""
    return f"{isolated(claim.text)}{by}"


def counts(theory: str, claims: Mapping[str, Claim]) -> str:
    """How many claims there are, and how many of them the model represents."""
    status = Counter(claim.status for claim in claims.values())
    rest = "; the rest only document it" if status["documentation"] else ""
    return (
        f"The ledger has {counted(len(claims), 'claim')} of {theory}. The model represents "
        f"{status['represented']} of them, {status['partly']} in part and {status['not represented']} not{rest}."
    )


def page(found: "Ledger") -> Section:
    """One claim or contradiction in full."""
    facts = _contradiction(found) if found.one in found.contradictions else _claim(found.claims[found.one])
    points = [(label, isolated(text)) for label, text in facts.items()]
    return Section("claim", found.one, found.one, points=points)


def _contradiction(found: "Ledger") -> dict[str, str]:
    one = found.contradictions[found.one]
    return {found.theory: one.text, "reading": one.resolution}


def _claim(claim: Claim) -> dict[str, str]:
    return {
        "claim": claim.text,
        "kind": claim.kind,
        "status": claim.status + (f": {claim.note}" if claim.note else ""),
        "elements": " ".join(claim.elements) or "none",
        "denial": "; ".join(claim.denial) or "can't be denied by changing the model",
        **({"granting it": "; ".join(claim.if_right)} if claim.if_right else {}),
        "check": claim.check or "none",
    }
