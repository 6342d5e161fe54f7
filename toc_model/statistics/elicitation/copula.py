"""Correlations on the latent normal scale, from how probable it is that two quantities lie on the same side.

References
----------
Oakley, J. (2024). SHELF: tools to support the Sheffield Elicitation Framework. R package, ``copulaSample``.
Clemen, R. T., Fischer, G. W. and Winkler, R. L. (2000). Assessing dependence: some experimental results.
Management Science 46(8), 1100-1115.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from toc_model.aliases import Floats
from toc_model.errors import InputError, unknown

CONCORDANCE, QUADRANT = "concordance", "quadrant"
LARGEST = {CONCORDANCE: 1.0, QUADRANT: 0.5}
"""The most that a probability of each kind can be."""
LEAST = 1e-10
"""Of the eigenvalues of a matrix that is taken to be positive definite."""


def correlation(concordance: Any) -> Floats:
    """The correlation of normal scores that makes two quantities lie on the same side of their medians so often.

    Parameters
    ----------
    concordance : float or array
        P(both above or both below their medians); 1/2 for independence. It is twice the quadrant probability, which
        is that of both above.

    Returns
    -------
    array
        sin(pi (p - 1/2)), for a Gaussian copula and any marginals.
    """
    p = np.asarray(concordance, float)
    if (bad := p[~((p >= 0) & (p <= 1))]).size:
        raise InputError(f"concordance: found {bad[0]:g}; allowed: 0 to 1")
    return np.asarray(np.sin(np.pi * (p - 0.5)))


def concordance(correlations: Any) -> Floats:
    """The inverse of `correlation`: the probability that two quantities lie on the same side of their medians."""
    r = np.asarray(correlations, float)
    if (bad := r[~(np.abs(r) <= 1)]).size:
        raise InputError(f"correlation: found {bad[0]:g}; allowed: -1 to 1")
    return np.asarray(0.5 + np.arcsin(r) / np.pi)


@dataclass(frozen=True, slots=True, eq=False)
class Copula:
    """A Gaussian copula.

    Attributes
    ----------
    names : tuple of str
        Of the quantities.
    correlations : array of shape (quantity, quantity)
        Of their normal scores; positive definite.
    """

    names: tuple[str, ...]
    correlations: Floats

    def to_dict(self) -> dict[str, Any]:
        """Correlations and concordance probabilities of each pair, for JSON."""
        pairs = [(i, j) for i in range(len(self.names)) for j in range(i)]
        return {
            "pairs": [
                {
                    "between": [self.names[j], self.names[i]],
                    "correlation": float(self.correlations[i, j]),
                    "concordance": float(concordance(self.correlations[i, j])),
                }
                for i, j in sorted(pairs, key=lambda pair: pair[::-1])
            ]
        }


def copula(names: Sequence[str], said: Mapping[tuple[str, str], float], kind: str = CONCORDANCE) -> Copula:
    """Make a Gaussian copula of judgements about pairs.

    Parameters
    ----------
    names : sequence of str
        Of the quantities.
    said : mapping of pair of str to float
        For each pair, how probable it is that both lie on the same side of their medians ("concordance") or that both
        lie above ("quadrant"). Pairs that are left out are independent given the others' correlations of 0.
    kind : str
        "concordance" or "quadrant".

    Raises
    ------
    InputError
        If a name or the kind is unknown, a pair is of one quantity or said twice, a value is no such probability, or
        the correlations are not positive definite; then, what each pair alone could be changed to is told.
    """
    if kind not in LARGEST:
        raise InputError(unknown("kind of probability", kind, LARGEST))
    if len(set(names)) != len(names):
        raise InputError(f"names: found {', '.join(names)}; allowed: each once")
    found, seen = np.eye(len(names)), set()
    for (one, other), p in said.items():
        for name in (one, other):
            if name not in names:
                raise InputError(f"{kind}: {unknown('quantity', name, names)}")
        i, j = names.index(one), names.index(other)
        if i == j or frozenset((i, j)) in seen:
            raise InputError(f"{kind}: found the pair {one}, {other}; allowed: two different quantities, once")
        seen.add(frozenset((i, j)))
        if not 0 <= p <= LARGEST[kind]:
            raise InputError(f"{kind}: found {p:g} for {one}, {other}; allowed: 0 to {LARGEST[kind]:g}")
        found[i, j] = found[j, i] = correlation(p / LARGEST[kind])
    fail_if_not_positive_definite(found, names, kind)
    return Copula(tuple(names), found)


def fail_if_not_positive_definite(correlations: Floats, names: Sequence[str], kind: str = CONCORDANCE) -> None:
    """Refuse correlations that no quantities can have, and say to what each pair alone could be changed."""
    least = float(np.linalg.eigvalsh(correlations).min()) if len(names) else 1.0
    if least > LEAST:
        return
    changes = []
    for j in range(len(names)):
        for i in range(j):
            if (limits := _limits(correlations, i, j)) is not None:
                low, high = LARGEST[kind] * concordance(np.array(limits))
                changes.append(f"{names[i]}, {names[j]} between {low:.3g} and {high:.3g}")
    told = f"one of: {'; '.join(changes)}" if changes else "probabilities nearer to independence"
    raise InputError(
        f"{kind}: found correlations that are not positive definite (least eigenvalue {least:.3g}); allowed: {told}"
    )


def _limits(correlations: Floats, i: int, j: int) -> tuple[float, float] | None:
    """Between which values one correlation makes the matrix positive definite, if any does."""
    rest = [k for k in range(len(correlations)) if k not in {i, j}]
    for side in (i, j):
        part = np.ix_([*rest, side], [*rest, side])
        if np.linalg.eigvalsh(correlations[part]).min() <= LEAST:
            return None
    inner, sides = correlations[np.ix_(rest, rest)], correlations[np.ix_(rest, [i, j])]
    explained = sides.T @ np.linalg.solve(inner, sides)
    away = np.sqrt((1 - explained[0, 0]) * (1 - explained[1, 1]))
    return float(max(explained[0, 1] - away, -1.0)), float(min(explained[0, 1] + away, 1.0))
