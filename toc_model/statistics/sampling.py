"""Whether a study pays, and how large it should be: the expected net benefit of sampling (ENBS).

What a study tells is worth its value to each one that the decision is about, for as long as the decision stands; from
that its cost is taken (Eckermann, Karnon and Willan 2010; as in the R package voi). Values, costs and benefits are in
one unit, whichever that is: `toc_model.statistics.information.in_units_of_cost` turns a value in the unit of a loss
into it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from toc_model.brief import Brief
from toc_model.errors import InputError
from toc_model.statistics.information import Estimate

NEAR = 0.05
"""Part of the largest net benefit within which a size is nearly as good."""
REPEATS = 4000
"""Times that values are varied by their errors."""
LOW, HIGH = 0.05, 0.95


PER_CENT = 100


def _fail_if_not(name: str, value: float, fits: bool, allowed: str) -> None:
    if not fits:
        raise InputError(f"{name}: found {value:g}; allowed: {allowed}")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Study(Brief):
    """What a study costs, and what hangs on it.

    Attributes
    ----------
    population : float
        How many the decision is about in each period, above 0.
    periods : float
        For how many periods the decision stands, above 0; may be infinite where there is a discount.
    discount : float
        Rate per period at which what comes later counts less, continuously; 0 or more.
    fixed : float
        What a study costs whatever its size, 0 or more.
    each : float
        What each respondent costs, 0 or more.

    Raises
    ------
    InputError
        If one is out of its range.
    """

    population: float
    periods: float
    discount: float
    fixed: float
    each: float

    def __post_init__(self) -> None:
        for name in ("population", "periods"):
            _fail_if_not(name, getattr(self, name), getattr(self, name) > 0, "more than 0")
        for name in ("population", "discount", "fixed", "each"):
            _fail_if_not(name, getattr(self, name), 0 <= getattr(self, name) < math.inf, "0 or more")
        meant = f"; did you mean {self.discount / 100:g}?" if 1 <= self.discount < PER_CENT else ""
        _fail_if_not("discount", self.discount, self.discount < 1, f"a rate from 0 to below 1{meant}")
        ends = self.discount > 0 or math.isfinite(self.periods)
        _fail_if_not("periods", self.periods, ends, "a number of them where nothing is discounted")

    @property
    def discounted(self) -> float:
        """The periods, each by what it counts: the integral of the discount over them."""
        return -math.expm1(-self.discount * self.periods) / self.discount if self.discount else self.periods

    def cost(self, size: float) -> float:
        """What a study with so many respondents costs."""
        return self.fixed + size * self.each

    def net_benefit(self, value: Estimate, size: float) -> Estimate:
        """What is left of a study's value to all that the decision is about.

        Parameters
        ----------
        value : Estimate
            To one of them in one period, in the unit of costs.
        size : float
            Number of respondents.
        """
        return value.times(self.population * self.discounted).less(self.cost(size))


@dataclass(frozen=True, slots=True, repr=False)
class Sampling(Brief):
    """Net benefits of a study by its size, and the size that is best.

    Attributes
    ----------
    benefits : mapping of int to Estimate
        By number of respondents, the smallest first.
    best : int
        The size with the largest net benefit.
    likely : (float, float)
        Where nine tenths of best sizes lie when values are varied by their errors, each by its own: wider than it is
        where the errors of sizes go together.
    near : (float, float)
        Least and largest size whose net benefit is within a twentieth of the largest.
    pays : float
        Probability that the best size has a net benefit above 0, by its error.
    """

    benefits: Mapping[int, Estimate]
    best: int
    likely: tuple[float, float]
    near: tuple[float, float]
    pays: float

    @property
    def at_end(self) -> bool:
        """Whether the best of these sizes is the least or the largest, so that another one may be better."""
        return self.best in (min(self.benefits), max(self.benefits))

    def to_dict(self) -> dict[str, Any]:
        """All figures, for JSON."""
        return {
            "best": {"size": self.best, "likely": list(self.likely), "near": list(self.near), "at_end": self.at_end},
            "pays": self.pays,
            "net_benefit": {
                f"{size:g}": {"value": found.value, "se": found.se, "q05": found.interval[0], "q95": found.interval[1]}
                for size, found in self.benefits.items()
            },
        }


def enbs(values: Mapping[int, Estimate], study: Study, *, seed: int = 0) -> Sampling:
    """Find the size of a study with the largest expected net benefit.

    Parameters
    ----------
    values : mapping of int to Estimate
        Expected value of sample information by number of respondents, to one of the population in one period, in the
        unit of costs, such as `toc_model.statistics.information.evsi_regression` gives.
    study : Study
    seed : int
        Of the varied values.

    Returns
    -------
    Sampling

    Raises
    ------
    InputError
        If there are no sizes, one is no positive number, or a value or an error is no finite number.
    """
    if not values:
        raise InputError("values: found none; allowed: one or more sizes of a study")
    for size, value in values.items():
        _fail_if_not("size", size, 0 < size < math.inf, "more than 0 respondents")
        if not (math.isfinite(value.value) and 0 <= value.se < math.inf):
            raise InputError(f"value at size {size:g}: found {value.value:g} ±{value.se:g}; allowed: finite numbers")
    benefits = {size: study.net_benefit(values[size], size) for size in sorted(values)}
    sizes = np.array(list(benefits), dtype=float)
    means, errors = np.array([[one.value, one.se] for one in benefits.values()]).T
    first = int(means.argmax())
    varied = means + errors * np.random.default_rng(seed).standard_normal((REPEATS, len(means)))
    low, high = np.quantile(sizes[varied.argmax(axis=1)], [LOW, HIGH], method="nearest").tolist()
    near = sizes[means >= means[first] - NEAR * abs(means[first])]
    pays = float(special.ndtr(means[first] / errors[first])) if errors[first] else float(means[first] > 0)
    return Sampling(benefits, list(benefits)[first], (low, high), (float(near.min()), float(near.max())), pays)
