"""A penalised regression, and what is read off it."""

from dataclasses import dataclass

import numpy as np

from toc_model.aliases import Floats
from toc_model.statistics import averages
from toc_model.statistics.regression.bases import SMALL, Basis
from toc_model.statistics.regression.folds import FOLDS, folds_of

FELT = 0.01
"""Share of a coefficient from which on it is fitted anew without a fold."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A penalised regression of one outcome.

    Attributes
    ----------
    terms : array of shape (draws, terms)
        Orthonormal, where each draw counts by its weight.
    kept : array of shape (terms,)
        Share of each coefficient that the penalty leaves: one for a free term.
    outcome : array of shape (draws,)
    terms_at : callable
        The same terms at other inputs than the draws'.
    weights : array of shape (draws,), optional
        How much each draw counts, with a mean of 1.
    """

    terms: Floats
    kept: Floats
    outcome: Floats
    terms_at: Basis
    weights: Floats | None = None

    def mean(self, values: Floats) -> Floats:
        """Mean over draws, by their weights; shapes (draws, ...) and (...)."""
        return averages.mean_of(values, self.weights)

    def weighed(self, values: Floats) -> Floats:
        """Values times the weights of draws, shape (draws, ...)."""
        return weighed(values, self.weights)

    @property
    def _left(self) -> float:
        """Draws, in effect, less what coefficients took."""
        effective = averages.effective(self.weights, len(self.outcome))
        return max(effective - float(self.kept.sum()), 1.0)

    @property
    def expected(self) -> Floats:
        """Expected outcome given the inputs, shape (draws,)."""
        return self.given(self.terms)

    def given(self, terms: Floats) -> Floats:
        """Expected outcome at some places, shape (places,), from the terms there."""
        return np.asarray(terms @ (self.kept * (self.terms.T @ self.weighed(self.outcome))))

    @property
    def held_out(self) -> Floats:
        """Expected outcome of each draw, from a fit without the draws of its fold at the same penalty."""
        felt = self.kept > FELT
        terms, centred = self.terms[:, felt] * np.sqrt(self.kept[felt]), self.outcome - self.mean(self.outcome)
        counted = self.weighed(centred)
        found, fold, cross = np.empty(len(centred)), folds_of(len(centred)), terms.T @ counted
        for left_out in range(FOLDS):
            here = fold == left_out
            own = terms[here]
            heavy = weighed(own, None if self.weights is None else self.weights[here])
            system = (1 + SMALL) * np.eye(len(cross)) - own.T @ heavy
            found[here] = own @ np.linalg.solve(system, cross - own.T @ counted[here])
        return found + self.mean(self.outcome)

    def errors(self, signs: Floats, terms: Floats) -> Floats:
        """Errors that the expected outcome may have at some places, shape (places, repeats), by a wild bootstrap.

        It allows for residuals that are larger in some places than in others. Coefficients vary as much as under the
        penalty's own prior, which covers what the penalty distorts (Nychka 1988, doi:10.1080/01621459.1988.10478711).

        Parameters
        ----------
        signs : array of shape (draws, repeats)
            Independent, of mean zero and variance one.
        terms : array of shape (places, terms)
            The terms there.
        """
        many = averages.effective(self.weights, len(self.outcome))
        residuals = (self.outcome - self.expected) * np.sqrt(many / self._left)
        varied = self.terms.T @ (self.weighed(residuals)[:, None] * signs)
        return np.asarray(terms @ (np.sqrt(self.kept)[:, None] * varied))

    def influence_between(self, terms: Floats, others: Floats) -> Floats:
        """What each draw's residual adds to the expected outcome at one place less that at another, shape (draws,).

        Parameters
        ----------
        terms, others : array of shape (terms,)
            The terms at either place.
        """
        return np.asarray((self.terms @ (self.kept * (terms - others))) * (self.outcome - self.expected))

    def error_between(self, terms: Floats, others: Floats) -> float:
        """Standard error of the expected outcome at one place less that at another, where residuals are alike.

        Parameters
        ----------
        terms, others : array of shape (terms,)
            The terms at either place.
        """
        left = self.outcome - self.expected
        share = averages.effective(self.weights, len(left)) / len(left)
        variance = share * (self.weighed(left) @ left) / self._left
        return float(np.sqrt(variance * (self.kept * (terms - others) ** 2).sum()))


def weighed(values: Floats, weights: Floats | None) -> Floats:
    """Values times the weights of draws, or their roots, shape (draws, ...); as they are where all count alike."""
    return values if weights is None else np.asarray(weights.reshape(-1, *[1] * (values.ndim - 1)) * values)
