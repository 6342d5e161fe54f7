"""How long 100 experts' judgements of 70 parameters take to fit and to pool, over a plain loop of SciPy's optimisers.

Run ``uv run python tests/benchmarks/elicitation.py``.
"""

import time
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from scipy import integrate, optimize, special

from toc_model.aliases import Floats
from toc_model.statistics.elicitation import fit, judged
from toc_model.statistics.pooling import distributions

EXPERTS, PARAMETERS = 100, 70
LEVELS = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
UPPER = 1000.0

type Members = Sequence[distributions.Distribution]


def seconds(work: Callable[[], object]) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def judgements() -> Floats:
    """Five quantiles by each expert of each parameter, near those of lognormals."""
    rng = np.random.default_rng(0)
    location = rng.normal(2, 0.3, (EXPERTS, PARAMETERS, 1))
    spread = np.exp(rng.normal(-1, 0.3, (EXPERTS, PARAMETERS, 1)))
    noise = np.sort(special.ndtri(LEVELS) + rng.normal(0, 0.05, (EXPERTS, PARAMETERS, 5)), -1)
    return np.asarray(np.exp(location + spread * noise))


def loop_of_fits(values: Floats, cdf: Callable[[Floats, Floats], Floats], starts: Floats) -> Floats:
    """One call of SciPy's least squares for each set of judgements."""

    def one(x: Floats, start: Floats) -> Floats:
        def misfit(u: Floats) -> Floats:
            return np.asarray(cdf(x, u) - LEVELS)

        return np.asarray(optimize.least_squares(misfit, start).x)

    return np.stack([one(x, start) for x, start in zip(values.reshape(-1, 5), starts, strict=True)])


def loop_of_pools(located: Floats, cdf: Callable[[float, Floats, Floats], float]) -> Floats:
    """One call of SciPy's root finder for each quantile of each parameter's pool of lognormals."""

    def missed(x: float, mean: Floats, sd: Floats, level: float) -> float:
        return cdf(x, mean, sd) - level

    rows = located.reshape(EXPERTS, PARAMETERS, 2).swapaxes(0, 1)
    return np.array(
        [
            [optimize.brentq(missed, 0.01, 1e3, (row[:, 0], np.exp(row[:, 1]), level), rtol=1e-12) for level in LEVELS]
            for row in rows
        ]
    )


def quantiles_of(pool: Callable[[Members, None], distributions.Pool], members: Members) -> Floats:
    """All quantiles of the experts' pools."""
    return pool(members, None).quantile(LEVELS)


def linear_cdf(x: float, mean: Floats, sd: Floats) -> float:
    """The mean of lognormal cdfs."""
    return float(special.ndtr((np.log(x) - mean) / sd).mean())


def logarithmic_cdf(x: float, mean: Floats, sd: Floats) -> float:
    """The integral of the geometric mean of lognormal densities, by SciPy's quadrature over logarithms."""

    def product(y: float) -> float:
        return float(np.exp(-(((y - mean) / sd) ** 2).mean() / 2 - y))

    centre, spread = float(mean.mean()), float(sd.max())
    ends = centre - 10 * spread, min(np.log(x), centre + 10 * spread)
    if ends[1] <= ends[0]:
        return 0.0
    whole = integrate.quad(lambda y: product(y) * np.exp(y), ends[0], centre + 10 * spread, epsabs=1e-12)[0]
    return float(integrate.quad(lambda y: product(y) * np.exp(y), *ends, epsabs=1e-12)[0] / whole)


def main() -> None:
    """Time each once and print the ratios."""
    values = judgements()
    said = judged(values, LEVELS, 0.0, UPPER)
    logs = np.log(values.reshape(-1, 5))
    located = np.stack([logs.mean(-1), np.log(logs.std(-1))], -1)
    shares = values.reshape(-1, 5).mean(-1) / UPPER
    odds = np.stack([np.log(10 * shares), np.log(10 * (1 - shares))], -1)
    fits: dict[str, tuple[Callable[[Floats, Floats], Floats], Floats]] = {
        "lognormal": (lambda x, u: special.ndtr((np.log(x) - u[0]) / np.exp(u[1])), located),
        "beta": (lambda x, u: special.betainc(np.exp(u[0]), np.exp(u[1]), x / UPPER), odds),
    }
    for name, (cdf, starts) in fits.items():
        ours = seconds(partial(fit, said, name))
        plain = seconds(partial(loop_of_fits, values, cdf, starts))
        print(
            f"fit of {EXPERTS} x {PARAMETERS}, {name}: {ours:.2f} s, {ours / plain:.2f} times a loop of least_squares"
        )
    fitted = fit(said, "lognormal").distribution
    members = [fitted.at(k) for k in range(EXPERTS)]
    loops: dict[str, Callable[[], object]] = {
        "linear": lambda: loop_of_pools(located, linear_cdf),
        "quantile_average": lambda: [[member.quantile(LEVELS) for member in row] for row in each],
        "logarithmic": lambda: loop_of_pools(located, logarithmic_cdf),
    }
    each = [[member.at(k) for member in members] for k in range(PARAMETERS)]
    for name, pool in distributions.METHODS.items():
        ours = seconds(partial(quantiles_of, pool, members))
        plain = seconds(loops[name])
        print(f"{name} pool of {EXPERTS} x {PARAMETERS}: {ours:.3f} s, {ours / plain:.2f} times a loop")


if __name__ == "__main__":
    main()
