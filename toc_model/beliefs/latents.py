"""What varies together: independent sources, and the standard normal score of each entry that is made of them.

Every uncertain entry has a source of its own, and so has every factor that several entries share. Two entries go
together because they load on one factor, or because a worldview states their correlation.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from math import sqrt
from typing import Any

import numpy as np
from pydantic import Field
from scipy import special

from toc_model.aliases import Entry, Floats
from toc_model.documents import Document
from toc_model.errors import InputError, unknown


class Correlation(Document):
    """Correlation of two parameters on the latent normal scale."""

    between: list[str] = Field(min_length=2, max_length=2)
    """Two entries without a factor."""
    value: float = Field(gt=-1, lt=1)
    """The correlation."""
    reason: str = Field(min_length=1)
    """Why it is believed."""


class Factor(Document):
    """What several parameters have in common: a standard normal variable that each loads on."""

    name: str = Field(min_length=1)
    """One of its own, that no parameter has."""
    reason: str = Field(min_length=1)
    """Why they vary together."""
    loadings: dict[str, float] = Field(min_length=1)
    """By entry: its correlation with the factor on the latent normal scale."""

    @property
    def label(self) -> str:
        """What it is called in tables, beside the labels of entries."""
        return f"{self.name.replace('_', ' ')} (shared)"

    def on(self, entries: Collection[str]) -> "Factor":
        """The same on some of its entries."""
        if self.loadings.keys() <= set(entries):
            return self
        return self.model_copy(update={"loadings": {name: x for name, x in self.loadings.items() if name in entries}})


class Factors(Document):
    """All factors of a folder of documents."""

    factors: list[Factor] = []
    """Each a table of its own: ``[[factors]]``."""


def loadings_on(factors: Iterable[Factor], entry: str) -> dict[str, float]:
    """The loadings of one entry, by factor; those of 0 are left out."""
    return {factor.name: loading for factor in factors if (loading := factor.loadings.get(entry, 0.0))}


def own_part(loadings: Mapping[str, float]) -> float:
    """The weight of an entry's own source beside its loadings."""
    return sqrt(1 - sum(loading**2 for loading in loadings.values()))


def latents(
    entries: Iterable[str], sources: Mapping[str, Any], factors: Sequence[Factor], correlations: Sequence[Correlation]
) -> dict[str, Any]:
    """Standard normal scores of entries, from independent standard normal variables.

    Parameters
    ----------
    entries : iterable of str
        None has both a factor and a correlation.
    sources : mapping of str to value
        By entry and by factor; plain or symbolic.
    factors : sequence of Factor
    correlations : sequence of Correlation
        All entries that they name have sources.

    Returns
    -------
    dict of str to value
        By entry.
    """
    weighed = source_weights(entries, factors, correlations)
    return {entry: _weighed(weights, sources) for entry, weights in weighed.items()}


def source_weights(
    entries: Iterable[str], factors: Sequence[Factor], correlations: Sequence[Correlation]
) -> dict[str, dict[str, float]]:
    """By entry, the sources that its score is made of, and their weights, whose squares add up to one.

    Parameters and entries that are returned are those of `latents`: also those that a correlation names alone.
    """
    found = {entry: _own_weights(entry, loadings_on(factors, entry)) for entry in entries}
    names, matrix = correlation_matrix(correlations)
    if not names:
        return found
    return found | {
        name: {other: float(weight) for weight, other in zip(row, names, strict=True) if weight}
        for name, row in zip(names, np.linalg.cholesky(matrix), strict=True)
    }


def _own_weights(entry: str, loadings: Mapping[str, float]) -> dict[str, float]:
    return {**loadings, entry: own_part(loadings)} if loadings else {entry: 1.0}


def _weighed(weights: Mapping[str, float], sources: Mapping[str, Any]) -> Any:
    if list(weights.values()) == [1.0]:
        return sources[next(iter(weights))]
    return sum(weight * sources[name] for name, weight in weights.items())


def correlation_matrix(correlations: Iterable[Correlation]) -> tuple[list[str], Floats]:
    """Names of all correlated entries and their correlation matrix on the latent scale."""
    stated = list(correlations)
    names = sorted({name for correlation in stated for name in correlation.between})
    matrix = np.eye(len(names))
    for correlation in stated:
        i, j = (names.index(name) for name in correlation.between)
        matrix[i, j] = matrix[j, i] = correlation.value
    return names, matrix


def factor_correlations(factors: Sequence[Factor], names: Sequence[str]) -> Floats:
    """Correlations that factors make between entries on the latent scale, shape ``(names, names)``."""
    loadings = np.array([[factor.loadings.get(name, 0.0) for factor in factors] for name in names])
    matrix = loadings @ loadings.T
    np.fill_diagonal(matrix, 1.0)
    return np.asarray(matrix)


def fail_if_factors_impossible(factors: Sequence[Factor], entries: Mapping[str, bool], where: str) -> None:
    """Fail if a factor's name is taken, or an entry can't load on factors as they say.

    Parameters
    ----------
    factors : sequence of Factor
    entries : mapping of str to bool
        Whether it is a constant, by entry.
    where : str
        The document, for the message.

    Raises
    ------
    InputError
        Naming factor and entry.
    """
    parameters = {Entry.parse(entry).name for entry in entries}
    for place, factor in enumerate(factors):
        if factor.name in {other.name for other in factors[:place]}:
            raise InputError(f"{where}: factors: found the name {factor.name!r} twice")
        if factor.name in parameters or factor.name in entries:
            raise InputError(f"{where}: {factor.name}: found the name of a parameter; allowed: one of its own")
        for entry in factor.loadings:
            if entry not in entries:
                raise InputError(f"{where}: {factor.name}: loadings: {unknown('entry', entry, entries)}")
            if entries[entry]:
                raise InputError(f"{where}: {factor.name}: loadings: {entry} is a constant, which varies with nothing")
    for entry in dict.fromkeys(entry for factor in factors for entry in factor.loadings):
        squares = sum(loading**2 for loading in loadings_on(factors, entry).values())
        if squares >= 1:
            raise InputError(
                f"{where}: loadings of {entry}: found squares that add up to {squares:.3g}; allowed: less than 1"
            )


def fail_if_correlations_impossible(
    correlations: Sequence[Correlation], factors: Sequence[Factor], entries: Collection[str], where: str
) -> None:
    """Fail if correlations are not those of entries without a factor, each pair once, or of no distribution at all.

    Raises
    ------
    InputError
        Naming the entries.
    """
    pairs = set()
    for correlation in correlations:
        for name in correlation.between:
            if name not in entries:
                raise InputError(f"{where}: correlations: {unknown('parameter', name, entries)}")
            if loads := loadings_on(factors, name):
                raise InputError(
                    f"{where}: correlations: found {name}, which varies with {', '.join(loads)}; "
                    "allowed: entries without a factor"
                )
        pair = frozenset(correlation.between)
        if len(pair) < 2 or pair in pairs:
            raise InputError(f"{where}: correlations: found {correlation.between} twice; a pair of two is named once")
        pairs.add(pair)
    names, matrix = correlation_matrix(correlations)
    smallest = float(np.linalg.eigvalsh(matrix)[0]) if names else 1.0
    if smallest < 1e-10:
        raise InputError(
            f"{where}: correlations: not positive definite (least eigenvalue {smallest:.3g}) over {', '.join(names)}; "
            "no distribution has these correlations together"
        )


def reranked(latents: Mapping[str, Floats], entries: frozenset[str]) -> dict[str, Floats]:
    """Latent scores of some entries made standard normal among these draws, in the order that they have.

    Parameters
    ----------
    latents : mapping of str to array of shape (draw,)
    entries : frozenset of str

    Returns
    -------
    dict of str to array of shape (draw,)
        The others as they are.
    """
    return {name: _standard(z) if name in entries else z for name, z in latents.items()}


def _standard(z: Floats) -> Floats:
    ranks = np.empty(len(z))
    ranks[np.argsort(z, kind="stable")] = np.arange(len(z))
    return np.asarray(special.ndtri((ranks + 0.5) / len(z)))
