"""A Dirichlet distribution of shares that sum to one, from judgements about each share by itself.

References
----------
Zapata-Vazquez, R., O'Hagan, A. and Bastos, L. S. (2014). Eliciting expert judgements about a set of proportions.
Journal of Applied Statistics 41(9), 1919-1933.
Oakley, J. (2024). SHELF: tools to support the Sheffield Elicitation Framework. R package, ``fitDirichlet``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from toc_model.aliases import Floats
from toc_model.errors import InputError, unknown
from toc_model.statistics.elicitation.families import Member, member
from toc_model.statistics.elicitation.fitting import Fit, fit
from toc_model.statistics.elicitation.judgements import Judgements


def _matching_spreads(size: Floats, variance: Floats) -> float:
    """The size whose standard deviations are nearest to those of the shares by themselves."""
    return float(((variance * (size + 1)).sum() / (variance * np.sqrt(size + 1)).sum()) ** 2 - 1)


SIZES: Mapping[str, Callable[[Floats, Floats], float]] = {
    "optimal": _matching_spreads,
    "smallest": lambda size, _: float(size.min()),
    "middle": lambda size, _: float((size.min() + size.max()) / 2),
    "mean": lambda size, _: float(size.mean()),
}
"""How the sum of parameters is made of those of the shares: matching their spreads, or the least sure share's."""


@dataclass(frozen=True, slots=True, eq=False)
class Dirichlet:
    """A Dirichlet distribution of shares, with the judgements that it was made of.

    Attributes
    ----------
    parameters : dict of str to float
        By the names of the shares.
    fits : dict of str to Fit
        The beta distribution of each share by itself.
    sum_of_means : float
        Of the shares by themselves; they were scaled by it, and far from 1 the judgements do not go together.
    """

    parameters: dict[str, float]
    fits: dict[str, Fit]
    sum_of_means: float

    @property
    def marginals(self) -> Member:
        """The beta distributions of the shares, of shape (shares,)."""
        a = np.array(list(self.parameters.values()))
        return member("beta", {"a": a, "b": a.sum() - a}, 0.0, 1.0)

    @property
    def misfit(self) -> dict[str, float]:
        """By share, the largest difference from a probability that was judged."""
        beta = self.marginals
        return {
            name: float(np.abs(beta.at(k).cdf(one.judgements.values) - one.judgements.probabilities).max())
            for k, (name, one) in enumerate(self.fits.items())
        }

    def to_dict(self) -> dict[str, Any]:
        """Figures for JSON: parameters, and what is read back of each share."""
        read = self.marginals.quantile(np.array([0.01, 1 / 3, 2 / 3, 0.99]))
        return {
            "parameters": dict(self.parameters),
            "sum_of_means": self.sum_of_means,
            "misfit": self.misfit,
            "read_back": {
                name: {"implied_01_99": [float(row[0]), float(row[3])], "tertiles": [float(row[1]), float(row[2])]}
                for name, row in zip(self.parameters, read, strict=True)
            },
        }


def dirichlet(shares: Mapping[str, Judgements], size: str = "optimal") -> Dirichlet:
    """Make a Dirichlet distribution of judgements about each share.

    Each share gets a beta distribution; their means are scaled to sum to one, and one size (the sum of parameters)
    is found for all.

    Parameters
    ----------
    shares : mapping of str to Judgements
        At least two, each of shape (m,) with the support 0 to 1.
    size : str
        How the size is found, one of `SIZES`.

    Raises
    ------
    InputError
        If there are fewer than two shares, one is not judged on 0 to 1 or too little, or the rule is unknown.
    """
    if size not in SIZES:
        raise InputError(unknown("size", size, SIZES))
    if len(shares) < 2:
        raise InputError(f"shares: found {len(shares)}; allowed: at least two")
    for name, one in shares.items():
        if one.shape or not (one.lower == 0 and one.upper == 1):
            raise InputError(f"{name}: found {_support(one)}; allowed: one set of judgements on a support from 0 to 1")
    fits = {name: fit(one, "beta") for name, one in shares.items()}
    a, b = (np.array([float(one.parameters[side]) for one in fits.values()]) for side in "ab")
    sizes, means = a + b, a / (a + b)
    whole = SIZES[size](sizes, means * (1 - means) / (sizes + 1))
    parameters = dict(zip(shares, (whole * means / means.sum()).tolist(), strict=True))
    return Dirichlet(parameters, fits, float(means.sum()))


def _support(one: Judgements) -> str:
    if one.shape:
        return f"{np.prod(one.shape)} sets of judgements"
    return f"a support from {float(one.lower):g} to {float(one.upper):g}"
