"""Worldviews: named patches on the base, read from a folder of prior documents."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from toc_model.beliefs.distributions import FAMILIES, Distribution, constant, fit, quantile_level, with_nil
from toc_model.beliefs.latents import (
    Correlation,
    Factor,
    Factors,
    fail_if_correlations_impossible,
    fail_if_factors_impossible,
)
from toc_model.beliefs.priors import Elicited, Evidence, Prior, Priors
from toc_model.documents import Document, checked, digest, read_text, read_toml
from toc_model.engine.case import Case
from toc_model.errors import InputError, unknown

FACTORS = "factors.toml"
NOT_CHAPTERS = frozenset({"claims.toml", "contradictions.toml", "allocations.toml", FACTORS})


class Patch(Document):
    """What a worldview believes instead of that which it is based on, and why."""

    family: Literal["lognormal", "logit_normal", "lognormal_above_1", "normal", "constant"] | None = None
    quantiles: dict[str, float] | None = None
    value: float | None = None
    nil: float | None = Field(default=None, ge=0, le=1)
    source: str | None = Field(default=None, min_length=1)
    status: str | None = None
    """Of the source; published by default. What has no source is an assumption."""
    reason: str = Field(min_length=1)


class Worldview(Document):
    """A named patch on the base, or on another worldview."""

    description: str = Field(min_length=1)
    based_on: str | None = None
    evidence: list[Evidence] = []
    parameters: dict[str, Patch] = {}
    correlations: list[Correlation] = []


def worldview_names(case: Case, folder: Path) -> tuple[str, ...]:
    """Names of the worldviews in a folder of prior documents, the base first."""
    found = {path.stem for path in (folder / "worldviews").glob("*.toml")}
    return (case.base, *sorted(found - {case.base}))


def read_priors(case: Case, folder: Path, worldview: str) -> Priors:
    """Read the priors of a worldview.

    Parameters
    ----------
    case : Case
    folder : Path
        Of prior documents.
    worldview : str
        A name in the folder's ``worldviews/``, or the path of a patch (ending in ``.toml``).

    Raises
    ------
    InputError
        If a document is missing, malformed or does not fit its schema, quantiles or factors are not possible,
        correlations are not those of any distribution, or worldviews are based on each other in a circle.
    """
    entries, factors, documents = _read_folder(case, folder)
    chain = _chain(case, folder, worldview)
    correlations: dict[frozenset[str], Correlation] = {}
    evidence: list[Evidence] = []
    for path, patch in chain:
        entries |= _patched(case, entries, patch, path)
        fail_if_correlations_impossible(patch.correlations, factors, entries, str(path))
        correlations |= {frozenset(stated.between): stated for stated in patch.correlations}
        fail_if_correlations_impossible(list(correlations.values()), factors, entries, str(path))
        evidence += patch.evidence
    return Priors(
        worldview=Path(worldview).stem if worldview.endswith(".toml") else worldview,
        description=chain[-1][1].description if chain else "",
        entries=entries,
        correlations=tuple(correlations.values()),
        evidence=tuple(evidence),
        source=str(folder),
        named=str(Path(worldview).resolve()) if worldview.endswith(".toml") else worldview,
        digests={
            str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path): digest(read_text(path))
            for path in (*documents, *(path for path, _ in chain))
        },
        factors=factors,
    )


def _read_folder(case: Case, folder: Path) -> tuple[dict[str, Prior], tuple[Factor, ...], list[Path]]:
    """All entries of a folder's chapters, its factors, and the documents that these are in."""
    chapters = sorted(path for path in folder.glob("*.toml") if path.name not in NOT_CHAPTERS)
    if not chapters:
        raise InputError(f"{folder}: found no prior documents (*.toml)")
    entries: dict[str, Prior] = {}
    labelled: dict[str, str] = {}
    for path in chapters:
        for name, prior in _read_chapter(case, path).items():
            if name in entries:
                raise InputError(f"{path}: {name}: a second prior; the first is in {entries[name].chapter}.toml")
            if (other := labelled.setdefault(prior.label, name)) != name:
                raise InputError(f"{path}: {name}: label: found {prior.label!r}, which is that of {other}")
            entries[name] = prior
    path = folder / FACTORS
    if not path.exists():
        return entries, (), chapters
    factors = tuple(checked(Factors, read_toml(path), str(path)).factors)
    constant_or_not = {name: prior.distribution.is_constant for name, prior in entries.items()}
    fail_if_factors_impossible(factors, constant_or_not, str(path))
    return entries, factors, [*chapters, path]


def _chain(case: Case, folder: Path, worldview: str, above: tuple[str, ...] = ()) -> list[tuple[Path, Worldview]]:
    """The documents of a worldview with their paths, first that which stands on the base."""
    path = _worldview_path(case, worldview, folder)
    if path is None:
        return []
    patch, names = _read_patch(case, path), (*above, worldview)
    below = patch.based_on or case.base
    if below == case.base:
        return [(path, patch)]
    if below in names:
        raise InputError(f"{path}: based_on: found a circle: {' on '.join([*names, below])}")
    if below not in (known := worldview_names(case, folder)):
        raise InputError(f"{path}: based_on: {unknown('worldview', below, known)}")
    return [*_chain(case, folder, below, names), (path, patch)]


def _read_patch(case: Case, path: Path) -> Worldview:
    patch = checked(Worldview, read_toml(path), str(path))
    for record in patch.evidence:
        if record.verified not in (allowed := verified_as(case)):
            raise InputError(f"{path}: evidence: {unknown('verified', record.verified, allowed)}")
    return patch


def verified_as(case: Case) -> tuple[str, ...]:
    """How a survey may be verified: at its source, second hand, from other figures, or not but by the theory itself."""
    return ("yes", "secondary", "derived", case.name)


def _read_chapter(case: Case, path: Path) -> dict[str, Prior]:
    priors = {}
    for name, table in read_toml(path).items():
        entry = checked(Elicited, table, f"{path}: {name}")
        _fail_if_no_status(case, entry.status, f"{path}: {name}")
        priors[name] = Prior(name, entry, fitted(entry, f"{path}: {name}"), path.stem)
    return priors


def _fail_if_no_status(case: Case, status: str, where: str) -> None:
    if status not in (statuses := ("published", case.name, "assumption")):
        raise InputError(f"{where}: {unknown('status', status, statuses)}")


def fitted(entry: Elicited, where: str) -> Distribution:
    """The distribution of an entry.

    Raises
    ------
    InputError
        If it has no quantiles that its family can have, or a constant no value, or the effect can't be nil.
    """
    if entry.family == "constant":
        if entry.value is None or entry.quantiles is not None:
            raise InputError(f"{where}: a constant has a 'value' and no 'quantiles'")
        return _with_nil(constant(entry.value), entry.nil, where)
    if entry.quantiles is None or entry.value is not None:
        raise InputError(f"{where}: the family {entry.family!r} has 'quantiles' and no 'value'")
    try:
        found = fit(FAMILIES[entry.family], _by_level(entry.quantiles))
    except InputError as error:
        raise InputError(f"{where}: quantiles: {error}") from None
    return _with_nil(found, entry.nil, where)


def _with_nil(distribution: Distribution, nil: float, where: str) -> Distribution:
    try:
        return with_nil(distribution, nil)
    except InputError as error:
        raise InputError(f"{where}: {error}") from None


def _by_level(quantiles: Mapping[str, float]) -> dict[float, float]:
    names: dict[float, str] = {}
    for name in quantiles:
        first = names.setdefault(quantile_level(name), name)
        if first != name:
            raise InputError(f"found {first} and {name}, which are the same quantile")
    return {level: quantiles[name] for level, name in names.items()}


def _worldview_path(case: Case, worldview: str, folder: Path) -> Path | None:
    if worldview.endswith(".toml"):
        return Path(worldview)
    path = folder / "worldviews" / f"{worldview}.toml"
    known = worldview_names(case, folder)
    if worldview not in known:
        raise InputError(f"{folder / 'worldviews'}: {unknown('worldview', worldview, known)}")
    return path if path.exists() else None


def _patched(case: Case, entries: Mapping[str, Prior], worldview: Worldview, path: Path) -> dict[str, Prior]:
    patched = {}
    for name, patch in worldview.parameters.items():
        if name not in entries:
            raise InputError(f"{path}: parameters: {unknown('parameter', name, entries)}")
        where = f"{path}: parameters.{name}"
        entry = entries[name].entry.model_copy(update=_change(case, entries[name].entry, patch, where))
        patched[name] = replace(entries[name], entry=entry, distribution=fitted(entry, where), reason=patch.reason)
    return patched


def _change(case: Case, entry: Elicited, patch: Patch, where: str) -> dict[str, Any]:
    """What a patch changes of an entry: quantiles or a value, if it has any, and whom these are from."""
    if patch.status is not None and patch.source is None:
        raise InputError(f"{where}: found a status without a source; without one it is an assumption")
    status = patch.status or ("published" if patch.source else "assumption")
    _fail_if_no_status(case, status, where)
    about = {"source": patch.source or patch.reason, "status": status}
    family = patch.family or entry.family
    if patch.family is None and patch.quantiles is None and patch.value is None and patch.nil is not None:
        return {**about, "nil": patch.nil}
    kept = 0.0 if family == "constant" else entry.nil
    nil = kept if patch.nil is None else patch.nil
    return {**about, "family": family, "quantiles": patch.quantiles, "value": patch.value, "nil": nil}
