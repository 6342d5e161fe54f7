"""Patches: what a worldview or a date believes of an entry instead of that which it stands on, and the fit of both."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from pydantic import Field

from toc_model.beliefs.distributions import Distribution, constant, levels_of, with_nil
from toc_model.beliefs.elicited import Elicited
from toc_model.beliefs.families import NOTHING, FamilyName, Stated, fail_if_not_had, fit
from toc_model.beliefs.priors import Prior
from toc_model.documents import Document
from toc_model.engine.case import Case
from toc_model.engine.ranges import Range
from toc_model.errors import InputError, unknown
from toc_model.statistics.elicitation.metalog import MOST

OF_FAMILY = ("family", "quantiles", "lower", "upper", "terms", "value")
"""What a patch says of a distribution, beside the probability of no effect."""

ELICITED = "elicited"
"""The status of what a panel of experts said for this purpose."""


class Patch(Document):
    """What a worldview believes instead of that which it is based on, and why.

    One that names a family says all of it anew; else it keeps family and bounds, of which it may state others.
    """

    family: FamilyName | None = None
    """Another family; then nothing is kept of the entry's distribution."""
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
    nil: float | None = Field(default=None, ge=0, le=1)
    """Probability that the effect is 0; alone, it keeps the rest."""
    source: str | None = Field(default=None, min_length=1)
    """Where the numbers come from."""
    status: str | None = None
    """Of the source; published by default. What has no source is an assumption."""
    reason: str = Field(min_length=1)
    """Why it is believed."""


def patched(
    case: Case, entries: Mapping[str, Prior], parameters: Mapping[str, Patch], path: Path, *, dated: bool = False
) -> dict[str, Prior]:
    """Entries that patches change, as they are after it.

    Parameters
    ----------
    case : Case
    entries : mapping of str to Prior
    parameters : mapping of str to Patch
    path : Path
        Of the document, for messages.
    dated : bool
        Whether they are those of a date.

    Raises
    ------
    InputError
        If an entry is unknown, or can't be what its patch says.
    """
    found = {}
    for name, patch in parameters.items():
        if name not in entries:
            raise InputError(f"{path}: parameters: {unknown('parameter', name, entries)}")
        where = f"{path}: parameters.{name}"
        entry = entries[name].entry.model_copy(update=_change(case, entries[name].entry, patch, where))
        distribution = fitted(entry, case.story.range_in(entry.unit), where)
        found[name] = replace(entries[name], entry=entry, distribution=distribution, reason=patch.reason, dated=dated)
    return found


def _change(case: Case, entry: Elicited, patch: Patch, where: str) -> dict[str, Any]:
    """What a patch changes of an entry: quantiles or a value, if it has any, and whom these are from."""
    if patch.status is not None and patch.source is None:
        raise InputError(f"{where}: found a status without a source; without one it is an assumption")
    status = patch.status or ("published" if patch.source else "assumption")
    fail_if_no_status(case.name, status, where)
    about = {"source": patch.source or patch.reason, "status": status}
    family = patch.family or entry.family
    if patch.nil is not None and all(getattr(patch, name) is None for name in OF_FAMILY):
        return {**about, "nil": patch.nil}
    kept = 0.0 if family == "constant" else entry.nil
    nil = kept if patch.nil is None else patch.nil
    stated = Stated(patch.lower, patch.upper, patch.terms).over(NOTHING if patch.family else entry.stated)
    found = {"family": family, "quantiles": patch.quantiles, "value": patch.value, "nil": nil}
    return {**about, **found, **asdict(stated)}


def fail_if_no_status(theory: str, status: str, where: str) -> None:
    """Fail if a status is none that priors can have: published, elicited from a panel, the theory's own, assumed."""
    if status not in (statuses := ("published", ELICITED, theory, "assumption")):
        raise InputError(f"{where}: {unknown('status', status, statuses)}")


def fitted(entry: Elicited, possible: Range, where: str) -> Distribution:
    """The distribution of an entry.

    Parameters
    ----------
    entry : Elicited
    possible : Range
        What its unit allows.
    where : str
        Document and entry, for messages.

    Raises
    ------
    InputError
        If it has no quantiles that its family can have, or a constant no value, or says what its family does not
        have, or the effect can't be nil.
    """
    try:
        fail_if_not_had(entry.family, entry.stated)
    except InputError as error:
        raise InputError(f"{where}: {error}") from None
    if entry.family == "constant":
        if entry.value is None or entry.quantiles is not None:
            raise InputError(f"{where}: a constant has a 'value' and no 'quantiles'")
        return _with_nil(constant(entry.value), entry.nil, where)
    if entry.quantiles is None or entry.value is not None:
        raise InputError(f"{where}: the family {entry.family!r} has 'quantiles' and no 'value'")
    try:
        found = fit(entry.family, levels_of(entry.quantiles), entry.stated, possible)
    except InputError as error:
        raise InputError(f"{where}: quantiles: {error}") from None
    return _with_nil(found, entry.nil, where)


def _with_nil(distribution: Distribution, nil: float, where: str) -> Distribution:
    try:
        return with_nil(distribution, nil)
    except InputError as error:
        raise InputError(f"{where}: {error}") from None
