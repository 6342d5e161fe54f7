"""The base: entries of all chapters of a folder, and the factors that they share."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from toc_model.beliefs.elicited import Elicited
from toc_model.beliefs.latents import Factor, Factors, fail_if_factors_impossible
from toc_model.beliefs.patches import fail_if_no_status, fitted
from toc_model.beliefs.priors import Prior
from toc_model.documents import checked, toml_of
from toc_model.engine.case import Case
from toc_model.engine.ranges import ANYTHING, Range
from toc_model.engine.units import Unit
from toc_model.errors import InputError
from toc_model.files import Content, read

FACTORS = "factors.toml"
RIVALS = "rivals"
"""Folder of the chapters of rival mechanisms."""
NOT_CHAPTERS = frozenset({"claims.toml", "contradictions.toml", "allocations.toml", FACTORS})


@dataclass(frozen=True, slots=True)
class Base:
    """What a folder says before any date or worldview.

    Attributes
    ----------
    entries : dict of str to Prior
    factors : tuple of Factor
    digests : dict of str to str
        SHA-256 of every document that was read, by file name.
    """

    entries: dict[str, Prior]
    factors: tuple[Factor, ...]
    digests: dict[str, str]


def read_base(case: Case, folder: Path) -> Base:
    """Read all chapters of a folder, those of the case's rival mechanisms, and the factors.

    Entries of rivals that are not switched on are among them, so that worldviews may speak of them.

    Raises
    ------
    InputError
        If a document is missing, malformed or does not fit its schema, an entry or a label is there twice, or
        quantiles or factors are not possible.
    """
    paths = sorted(path for path in folder.glob("*.toml") if path.name not in NOT_CHAPTERS)
    if not paths:
        raise InputError(f"{folder}: found no prior documents (*.toml)")
    rivals = [folder / RIVALS / f"{name}.toml" for name in case.rival_names]
    paths += [path for path in rivals if path.exists()]
    paths += [folder / FACTORS] if (folder / FACTORS).exists() else []
    units = tuple(case.story.units.values())
    return _base(case.name, units, tuple(read(path) for path in paths))


@lru_cache(maxsize=8)
def _base(theory: str, units: tuple[Unit, ...], contents: tuple[Content, ...]) -> Base:
    """The base of some documents; kept, since all worldviews of a run stand on it."""
    entries: dict[str, Prior] = {}
    labelled: dict[str, str] = {}
    factors: tuple[Factor, ...] = ()
    ranges = {unit.name: unit.range for unit in units}
    for content in contents:
        path = content.path
        if path.name == FACTORS:
            factors = _factors(content, entries)
            continue
        for name, prior in _read_chapter(theory, content, ranges).items():
            if name in entries:
                raise InputError(f"{path}: {name}: a second prior; the first is in {entries[name].chapter}.toml")
            if (other := labelled.setdefault(prior.label, name)) != name:
                raise InputError(f"{path}: {name}: label: found {prior.label!r}, which is that of {other}")
            entries[name] = prior
    return Base(entries, factors, {_place(content.path): content.digest for content in contents})


def _place(path: Path) -> str:
    return f"{RIVALS}/{path.name}" if path.parent.name == RIVALS else path.name


def _factors(content: Content, entries: dict[str, Prior]) -> tuple[Factor, ...]:
    path = content.path
    factors = tuple(checked(Factors, toml_of(content), str(path)).factors)
    constant_or_not = {name: prior.distribution.is_constant for name, prior in entries.items()}
    fail_if_factors_impossible(factors, constant_or_not, str(path))
    return factors


def _read_chapter(theory: str, content: Content, ranges: Mapping[str, Range]) -> dict[str, Prior]:
    path, priors = content.path, {}
    for name, table in toml_of(content).items():
        entry = checked(Elicited, table, f"{path}: {name}")
        fail_if_no_status(theory, entry.status, f"{path}: {name}")
        distribution = fitted(entry, ranges.get(entry.unit, ANYTHING), f"{path}: {name}")
        priors[name] = Prior(name, entry, distribution, path.stem)
    return priors
