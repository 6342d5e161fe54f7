"""Anchors of ordered answers, as mapping documents state them."""

from pydantic import Field

from toc_model.documents import Document


class Anchor(Document):
    """Where a category begins: ``"agree" = { from = 0.5, sd = 0.5, reason = "..." }``.

    Attributes
    ----------
    start : float
        ``from`` in the document: the value of the target, in its own unit, between the category before this one and
        this one. With ``sign = -1`` the category holds what is below.
    sd : float
        How uncertain that is, as a standard deviation on the question's scale.
    reason : str
        Why.
    """

    start: float = Field(alias="from")
    sd: float = Field(gt=0)
    reason: str = Field(min_length=1)
