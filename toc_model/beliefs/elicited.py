"""One parameter as a chapter's document has it."""

from datetime import date

from pydantic import Field

from toc_model.beliefs.families import FamilyName, Stated
from toc_model.documents import Document
from toc_model.statistics.elicitation.metalog import MOST


class Change(Document):
    """One line of a parameter's history."""

    date: date
    """When."""
    change: str = Field(min_length=1)
    """What was changed, and why."""


class Elicited(Document):
    """One parameter as it stands in a chapter's document."""

    family: FamilyName
    """What is fitted to the quantiles; a constant has a `value` instead."""
    unit: str = Field(min_length=1)
    """That in which the laws ask for it."""
    quantiles: dict[str, float] | None = None
    """By level, such as ``{ q05 = 1, q50 = 3, q95 = 9 }``, given that the effect is not nil."""
    lower: float | None = None
    """Least possible value, of a family that has one."""
    upper: float | None = None
    """Largest possible value, of a family that has one."""
    terms: int | None = Field(default=None, ge=2, le=MOST)
    """Of a metalog."""
    value: float | None = None
    """Of a constant."""
    nil: float = Field(default=0.0, ge=0, le=1)
    """Probability that the effect is 0; else it has the quantiles."""
    label: str = Field(default="", max_length=30)
    """What tables and figures call it; its name in words by default."""
    question: str = Field(min_length=1)
    """What experts would be asked: all that must be known to answer it."""
    claims: list[str]
    """Identifiers of the claims that it carries."""
    source: str = Field(min_length=1)
    """Where the numbers come from, and how they were made of it."""
    status: str
    """"published", "elicited", "assumption", or the name of the case: a belief of the theory itself."""
    history: list[Change] = Field(min_length=1)
    """All changes, the first first."""

    @property
    def stated(self) -> Stated:
        """What is said of the distribution beside its quantiles."""
        return Stated(self.lower, self.upper, self.terms)
