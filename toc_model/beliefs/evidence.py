"""What beliefs rest on besides priors: surveys and panels, each counted once."""

from collections.abc import Iterable, Sequence
from typing import Literal

from pydantic import Field

from toc_model.documents import Document
from toc_model.engine.case import Case
from toc_model.errors import InputError


class Evidence(Document):
    """A survey, or a panel, that a worldview already rests on, so that it is not counted twice."""

    source_id: str = Field(min_length=1)
    """The survey's identifier, or the panel's."""
    digest: str
    """Of the answers."""
    derived_from: list[str] = []
    """Identifiers of sources that it overlaps with or summarises."""
    verified: str = "yes"
    """As in a survey's mapping: "yes", "secondary", "derived", or the name of the case."""
    bias_scale: float = 1.0
    """What the stated scale of the bias that respondents share was multiplied by; 0 denies it."""
    bias_shape: Literal["normal", "student"] = "normal"
    """That of the bias: normal, or heavy-tailed."""
    as_prior: bool = False
    """Whether the judgements took the place of priors; else they updated them."""
    parts: dict[str, str] = {}
    """Digest of the answers to each question, by its identifier."""
    people: dict[str, list[str]] = {}
    """Of judgements that took the place of priors: a short digest of what each person said about each question."""

    def is_again(self, other: "Evidence") -> bool:
        """Whether another record is of the same answers.

        A source is one piece of evidence. Of judgements that took the place of priors, other questions may still be
        learnt from.
        """
        if self.digest == other.digest or set(self.parts.values()) & set(other.parts.values()):
            return True
        if any(_are_shared(mine, theirs) for mine in self.people.values() for theirs in other.people.values()):
            return True
        if self.source_id != other.source_id:
            return False
        by_question = (self.as_prior or other.as_prior) and self.parts and other.parts
        return not by_question or bool(self.parts.keys() & other.parts.keys())

    @property
    def label(self) -> str:
        """The source, and how its common bias was taken if not as stated."""
        if self.as_prior:
            return f"{self.source_id} (as prior)"
        if not self.bias_scale:
            return f"{self.source_id} (without common bias)"
        how = [f"common bias x{self.bias_scale:g}"] * (self.bias_scale != 1)
        how += ["heavy-tailed common bias"] * (self.bias_shape == "student")
        return f"{self.source_id} ({', '.join(how)})" if how else self.source_id


def _are_shared(mine: Sequence[str], theirs: Sequence[str]) -> bool:
    """Whether half of the people that are in either list, or more, are in both."""
    fewer = min(len(mine), len(theirs))
    return fewer > 0 and 2 * len({*mine} & {*theirs}) >= fewer


def fail_if_counted_twice(case: Case, new: Sequence[Evidence], known: Iterable[Evidence]) -> None:
    """Fail if a survey, or one that it overlaps with, has already been used, or is no evidence at all.

    Raises
    ------
    InputError
        Naming both sources.
    """
    used = list(known)
    for record in new:
        if record.verified == case.name:
            raise InputError(f"{record.source_id}: {case.theory}'s own figures can't be evidence for it")
        for other in used:
            same = record.is_again(other)
            overlap = record.source_id in other.derived_from or other.source_id in record.derived_from
            if same or overlap or set(record.derived_from) & set(other.derived_from):
                if same and (record.as_prior or other.as_prior):
                    raise InputError(_used_twice(record, other))
                how = "the same source" if same else "an overlapping source"
                raise InputError(f"{record.source_id}: {how} as {other.source_id}, which was already counted")
        used.append(record)


def _used_twice(record: Evidence, other: Evidence) -> str:
    """That the same judgements would replace a prior and update it, or do either twice."""
    before = "replaced priors" if other.as_prior else "updated beliefs"
    wanted = "replace priors" if record.as_prior else "update beliefs"
    shared = [
        name
        for name, content in record.parts.items()
        if name in other.parts
        or content in other.parts.values()
        or any(_are_shared(record.people.get(name, ()), theirs) for theirs in other.people.values())
    ]
    about = f" about {', '.join(shared)}" if shared else ""
    return (
        f"{record.source_id}: found answers{about} that {before} already (as {other.source_id}), and would {wanted}; "
        "allowed: one of both, once"
    )
