"""The ledger of claims as text."""

import textwrap
from collections import Counter
from collections.abc import Mapping

from toc_model.beliefs.claims import Claim, Contradiction, Status
from toc_model.errors import InputError, unknown
from toc_model.present.terminal import WIDTH

MARKS: dict[Status, str] = {"represented": "●", "partly": "◐", "not represented": "○", "documentation": "·"}


def claim_ledger(claims: Mapping[str, Claim]) -> str:
    """Every claim: whether the model represents it, its text, and by what."""
    lines = []
    for name, claim in claims.items():
        lines += textwrap.wrap(
            claim.text, WIDTH, initial_indent=f"{MARKS[claim.status]} {name:<5}", subsequent_indent=" " * 7
        )
        if claim.elements:
            lines += textwrap.wrap(
                " ".join(claim.elements), WIDTH, initial_indent=" " * 9 + "→ ", subsequent_indent=" " * 11
            )
    counts = Counter(claim.status for claim in claims.values())
    legend = ", ".join(f"{mark} {status} {counts[status]}" for status, mark in MARKS.items())
    return "\n".join([*lines, "", f"{len(claims)} claims: {legend}. One in full: toc claims ID."]) + "\n"


def claim_page(claims: Mapping[str, Claim], contradictions: Mapping[str, Contradiction], name: str) -> str:
    """One claim, or one contradiction, in full.

    Raises
    ------
    InputError
        If it is unknown.
    """
    if name in contradictions:
        found = contradictions[name]
        return _page(name, {"essay": found.text, "reading": found.resolution})
    if name not in claims:
        raise InputError(unknown("claim", name, [*claims, *contradictions]))
    claim = claims[name]
    return _page(
        name,
        {
            "claim": claim.text,
            "kind": claim.kind,
            "status": claim.status + (f": {claim.note}" if claim.note else ""),
            "elements": " ".join(claim.elements) or "none",
            "denial": "; ".join(claim.denial) or "can't be denied by changing the model",
            "check": claim.check or "none",
        },
    )


def _page(name: str, facts: Mapping[str, str]) -> str:
    lines = [name, ""]
    for label, text in facts.items():
        lines += textwrap.wrap(text, WIDTH, initial_indent=f"  {label:<11}", subsequent_indent=" " * 13)
    return "\n".join(lines) + "\n"
