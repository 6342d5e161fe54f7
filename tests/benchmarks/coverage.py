"""How often 90 % intervals cover what is true, for figures from independent draws and from chains.

Draws are those of an autoregression, four chains of 1,000, whose neighbours are correlated by 0, .5 or .9; what is true
of them is known. Each study is a function from a generator to one figure, its standard error and the truth; add one to
`STUDIES`. Run ``uv run python -m tests.benchmarks.coverage [RUNS]``.
"""

import sys
from collections.abc import Callable

import numpy as np
import xarray as xr
from scipy import special, stats

from tests.statistics.autoregressive import chains, labelled
from toc_model.statistics import decisions, information, standard_errors

RUNS = 500
RHOS = (0.0, 0.5, 0.9)
NORMAL_90 = float(special.ndtri(0.95))
AHEAD = 0.1
"""By how much the first of two options is better on average; their losses have a standard deviation of 1."""

type Covered = tuple[float, float, float]
"""A figure, its standard error, and what is true."""
type Study = Callable[[np.random.Generator, float], Covered]


def one(rng: np.random.Generator, rho: float) -> xr.DataArray:
    """Standard normal draws."""
    return labelled(chains(rho, rng, 1)[:, 0])


def two(rng: np.random.Generator, rho: float) -> xr.DataArray:
    """Losses of two options that have nothing to do with each other."""
    losses = labelled(chains(rho, rng, 2) + np.array([0.0, AHEAD]), "allocation")
    return losses.assign_coords(allocation=["first", "second"])


def mean(rng: np.random.Generator, rho: float) -> Covered:
    """Of one quantity."""
    found = decisions.figures(one(rng, rho))
    return found["mean"], found["mcse"], 0.0


def quantile(level: float) -> Study:
    """Of one quantity, at a level."""

    def study(rng: np.random.Generator, rho: float) -> Covered:
        x = one(rng, rho)
        return float(x.quantile(level)), standard_errors.quantile_error(x, level), float(special.ndtri(level))

    return study


def p_best(rng: np.random.Generator, rho: float) -> Covered:
    """Of the better of two options."""
    found = decisions.row(decisions.summary(decisions.is_best(two(rng, rho))), allocation="first")
    return found["mean"], found["mcse"], float(special.ndtr(AHEAD / np.sqrt(2)))


def cvar(rng: np.random.Generator, rho: float) -> Covered:
    """The mean of the worst twentieth."""
    x = one(rng, rho)
    return float(decisions.cvar(x)), float(decisions.cvar_error(x)), float(20 * stats.norm.pdf(special.ndtri(0.95)))


def evpi(rng: np.random.Generator, rho: float) -> Covered:
    """Of two options."""
    found, apart = information.evpi(two(rng, rho)), AHEAD / np.sqrt(2)
    return found.value, found.se, float(np.sqrt(2) * (stats.norm.pdf(apart) - apart * stats.norm.sf(apart)))


STUDIES: dict[str, Study] = {
    "mean": mean,
    "5 % quantile": quantile(0.05),
    "median": quantile(0.5),
    "95 % quantile": quantile(0.95),
    "P(best)": p_best,
    "CVaR 95 %": cvar,
    "EVPI": evpi,
}


def coverage(study: Study, rho: float, runs: int) -> float:
    """In what share of runs a 90 % interval holds what is true."""
    held = 0
    for run in range(runs):
        value, error, true = study(np.random.default_rng([run, round(10 * rho)]), rho)
        held += abs(value - true) <= NORMAL_90 * error
    return held / runs


def main() -> None:
    """Print a row for each figure and a column for each correlation."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    print(f"coverage of 90 % intervals, {runs} runs, 4 chains of 1,000 draws; correlation of neighbours:")
    print(f"{'':16}" + "".join(f"{rho:>8g}" for rho in RHOS))
    for name, study in STUDIES.items():
        print(f"{name:16}" + "".join(f"{coverage(study, rho, runs):8.3f}" for rho in RHOS))


if __name__ == "__main__":
    main()
