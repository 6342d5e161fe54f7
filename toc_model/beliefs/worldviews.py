"""Worldviews: named patches on the base, read from a folder of prior documents."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field

from toc_model.beliefs.distributions import FAMILIES, Distribution, constant, fit, quantile_level
from toc_model.beliefs.priors import Correlation, Elicited, Evidence, Prior, Priors, correlation_matrix
from toc_model.documents import Document, checked, digest, read_text, read_toml
from toc_model.engine.case import Case
from toc_model.errors import InputError, unknown

NOT_CHAPTERS = frozenset({"claims.toml", "contradictions.toml", "allocations.toml"})


class Patch(Document):
    """What a worldview believes instead of the base, and why."""

    family: Literal["lognormal", "logit_normal", "lognormal_above_1", "normal", "constant"] | None = None
    quantiles: dict[str, float] | None = None
    value: float | None = None
    reason: str = Field(min_length=1)


class Worldview(Document):
    """A named patch on the base."""

    description: str = Field(min_length=1)
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
        If a document is missing, malformed or does not fit its schema, quantiles are not possible, or
        correlations are not those of any distribution.
    """
    chapters = sorted(path for path in folder.glob("*.toml") if path.name not in NOT_CHAPTERS)
    if not chapters:
        raise InputError(f"{folder}: found no prior documents (*.toml)")
    entries: dict[str, Prior] = {}
    for path in chapters:
        for name, entry in _read_chapter(case, path).items():
            if name in entries:
                raise InputError(f"{path}: {name}: a second prior; the first is in {entries[name].chapter}.toml")
            entries[name] = entry
    patch_path = _worldview_path(case, worldview, folder)
    patch = _read_patch(case, patch_path) if patch_path else None
    documents = [*chapters, *([patch_path] if patch_path else [])]
    if patch:
        entries |= _patched(entries, patch, patch_path)
        _fail_if_correlations_impossible(entries, patch, patch_path)
    return Priors(
        worldview=Path(worldview).stem if worldview.endswith(".toml") else worldview,
        description=patch.description if patch else "",
        entries=entries,
        correlations=tuple(patch.correlations) if patch else (),
        evidence=tuple(patch.evidence) if patch else (),
        source=str(folder),
        named=str(Path(worldview).resolve()) if worldview.endswith(".toml") else worldview,
        digests={
            str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path): digest(read_text(path))
            for path in documents
        },
    )


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
    statuses = ("published", case.name, "assumption")
    for name, table in read_toml(path).items():
        entry = checked(Elicited, table, f"{path}: {name}")
        if entry.status not in statuses:
            raise InputError(f"{path}: {name}: {unknown('status', entry.status, statuses)}")
        priors[name] = Prior(name, entry, fitted(entry, f"{path}: {name}"), path.stem)
    return priors


def fitted(entry: Elicited, where: str) -> Distribution:
    """The distribution of an entry.

    Raises
    ------
    InputError
        If it has no quantiles that its family can have, or a constant no value.
    """
    if entry.family == "constant":
        if entry.value is None or entry.quantiles is not None:
            raise InputError(f"{where}: a constant has a 'value' and no 'quantiles'")
        return constant(entry.value)
    if entry.quantiles is None or entry.value is not None:
        raise InputError(f"{where}: the family {entry.family!r} has 'quantiles' and no 'value'")
    try:
        return fit(FAMILIES[entry.family], _by_level(entry.quantiles))
    except InputError as error:
        raise InputError(f"{where}: quantiles: {error}") from None


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


def _patched(entries: Mapping[str, Prior], worldview: Worldview, path: Path | None) -> dict[str, Prior]:
    patched = {}
    for name, patch in worldview.parameters.items():
        if name not in entries:
            raise InputError(f"{path}: parameters: {unknown('parameter', name, entries)}")
        change = {
            "quantiles": patch.quantiles,
            "value": patch.value,
            "family": patch.family or entries[name].entry.family,
        }
        entry = entries[name].entry.model_copy(update=change)
        distribution = fitted(entry, f"{path}: parameters.{name}")
        patched[name] = replace(entries[name], entry=entry, distribution=distribution, reason=patch.reason)
    return patched


def _fail_if_correlations_impossible(entries: Mapping[str, Prior], worldview: Worldview, path: Path | None) -> None:
    pairs = set()
    for correlation in worldview.correlations:
        for name in correlation.between:
            if name not in entries:
                raise InputError(f"{path}: correlations: {unknown('parameter', name, entries)}")
        pair = frozenset(correlation.between)
        if len(pair) < 2 or pair in pairs:
            raise InputError(f"{path}: correlations: found {correlation.between} twice; a pair of two is named once")
        pairs.add(pair)
    names, matrix = correlation_matrix(tuple(worldview.correlations))
    smallest = float(np.linalg.eigvalsh(matrix)[0]) if names else 1.0
    if smallest < 1e-10:
        raise InputError(
            f"{path}: correlations: not positive definite (least eigenvalue {smallest:.3g}) over {', '.join(names)}; "
            "no distribution has these correlations together"
        )
