"""The ledger of claims: what a theory says, and what of it the model represents."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from toc_model.beliefs.claims import Claim, Contradiction, fail_if_claims_differ
from toc_model.beliefs.shipped import Documents
from toc_model.errors import InputError, unknown
from toc_model.present.result import Result
from toc_model.present.section import Section
from toc_model.questions.claims import ledger_words as words

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, repr=False)
class Ledger(Result):
    """All claims of a theory and the places where it pulls against itself, or one of them in full.

    Attributes
    ----------
    theory : str
        What the theory is called in a sentence.
    claims : mapping of str to Claim
    contradictions : mapping of str to Contradiction
    one : str
        Name of the claim or contradiction that is told in full; empty for all.
    """

    theory: str
    claims: Mapping[str, Claim]
    contradictions: Mapping[str, Contradiction]
    one: str = ""

    def to_dict(self) -> dict[str, Any]:
        """All claims, or the one claim or contradiction, as ``toc claims --json`` prints them."""
        if self.one in self.contradictions:
            return {"contradictions": [{"id": self.one, **self.contradictions[self.one].model_dump()}]}
        return {
            "claims": [
                {"id": name, **claim.model_dump()} for name, claim in self.claims.items() if self.one in ("", name)
            ]
        }

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each claim, or for the one."""
        import pandas as pd

        (rows,) = self.to_dict().values()
        return pd.DataFrame(rows).set_index("id")

    def section(self) -> Section:
        """The ledger, or the one in full."""
        return words.page(self) if self.one else words.section(self)

    def about(self) -> str:
        """How many claims, or which one."""
        return self.one or f"{len(self.claims)} claims of {self.theory}"


def ledger(documents: Documents, one: str = "") -> Ledger:
    """Read the ledger of claims.

    Parameters
    ----------
    documents : Documents
    one : str, optional
        The claim or contradiction to be told in full; all in brief by default.

    Raises
    ------
    InputError
        If a document can't be read, the ledger and the story disagree, or there is none of this name.
    """
    claims, contradictions = checked_claims(documents), documents.contradictions()
    if one and one not in claims and one not in contradictions:
        raise InputError(unknown("claim", one, [*claims, *contradictions]))
    return Ledger(documents.case.theory, claims, contradictions, one)


def checked_claims(documents: Documents) -> dict[str, Claim]:
    """The claims, which name only what the story has as it is written down; what rivals change has claims of its own.

    Raises
    ------
    InputError
        If they can't be read, or the ledger and the story disagree.
    """
    claims = documents.claims()
    fail_if_claims_differ(documents.case.story.written, claims, str(documents.folder / "claims.toml"))
    return claims
