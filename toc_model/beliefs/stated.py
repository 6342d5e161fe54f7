"""What the documents of worldviews have: patches, what a group says, or parts."""

from functools import lru_cache

from pydantic import Field

from toc_model.beliefs.camps import Says
from toc_model.beliefs.evidence import Evidence
from toc_model.beliefs.latents import Correlation
from toc_model.beliefs.patches import Patch
from toc_model.documents import Document, checked, toml_of
from toc_model.errors import InputError, unknown
from toc_model.files import Content


class Worldview(Document):
    """A named patch on the base, on another worldview, or over each part of a mixture.

    On a mixture it has patches alone, no correlations and no evidence: parts keep their own.
    """

    description: str = Field(min_length=1)
    """What it is, and who holds it."""
    phrase: str = ""
    """Whose beliefs it has, behind "under", for sentences."""
    based_on: str | None = None
    """A worldview of the folder, also a mixture; the base where none is named."""
    as_of: str | None = None
    """A date whose last word it takes; a worldview without one stands between the date and what the date wins."""
    evidence: list[Evidence] = []
    """Surveys and panels that it rests on already, so that no update counts them twice."""
    parameters: dict[str, Patch] = {}
    """What it believes instead, by entry: a parameter, or ``name[place]`` in quotation marks."""
    correlations: list[Correlation] = []
    """Of entries that have no factor."""


class CampDocument(Document):
    """A worldview conditioned on what a group says."""

    description: str = Field(min_length=1)
    """Which group it is."""
    phrase: str = ""
    """Whose beliefs it has, behind "under", for sentences."""
    based_on: str | None = None
    """The worldview that is conditioned; the base where none is named."""
    says: Says
    """What its members say."""


class MixtureDocument(Document):
    """Worldviews in parts."""

    description: str = Field(min_length=1)
    """What it mixes, and why so."""
    phrase: str = ""
    """Whose beliefs it has, behind "under", for sentences."""
    parts: dict[str, float] = Field(min_length=1)
    """Weights by worldview, in any unit: each draw comes from one of them."""


type Stated = Worldview | CampDocument | MixtureDocument


@lru_cache(maxsize=64)
def document_of(theory: str, content: Content) -> Stated:
    """A worldview's document, by what it has: parts, what a group says, or patches."""
    path, table = content.path, toml_of(content)
    if "parts" in table:
        return checked(MixtureDocument, table, str(path))
    if "says" in table:
        return checked(CampDocument, table, str(path))
    patch = checked(Worldview, table, str(path))
    for record in patch.evidence:
        if record.verified not in (allowed := verified_as(theory)):
            raise InputError(f"{path}: evidence: {unknown('verified', record.verified, allowed)}")
    return patch


def verified_as(theory: str) -> tuple[str, ...]:
    """How a survey may be verified: at its source, second hand, from other figures, or not but by the theory itself."""
    return ("yes", "secondary", "derived", theory)
