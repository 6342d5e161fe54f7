"""One parameter as a chapter's document has it."""

from datetime import date

from pydantic import Field

from toc_model.beliefs.families import FamilyName, Stated
from toc_model.documents import Document
from toc_model.statistics.elicitation.metalog import MOST


class Change(Document):
    """One line of a parameter's history."""

    date: date
    change: str = Field(min_length=1)


class Elicited(Document):
    """One parameter as it stands in a chapter's document."""

    family: FamilyName
    unit: str = Field(min_length=1)
    quantiles: dict[str, float] | None = None
    lower: float | None = None
    upper: float | None = None
    """Bounds of a family that has them."""
    terms: int | None = Field(default=None, ge=2, le=MOST)
    """Of a metalog."""
    value: float | None = None
    nil: float = Field(default=0.0, ge=0, le=1)
    """Probability that the effect is 0; else it has the quantiles."""
    label: str = Field(default="", max_length=30)
    question: str = Field(min_length=1)
    claims: list[str]
    source: str = Field(min_length=1)
    status: str
    history: list[Change] = Field(min_length=1)

    @property
    def stated(self) -> Stated:
        """What is said of the distribution beside its quantiles."""
        return Stated(self.lower, self.upper, self.terms)
