"""How often 90 % intervals hold the truth: values of information among many options, and shares of variance.

Prints a row for each case: the truth, the mean estimate, the share of 90 % intervals that hold the truth, and how often
they lie above zero. The truth is exact or from a fine grid. Run

    uv run python tests/benchmarks/coverage_information.py [RUNS]
"""

import sys
from collections.abc import Callable, Sequence

import numpy as np
import xarray as xr
from scipy import special, stats

from toc_model.aliases import Floats
from toc_model.statistics.information import evpi, evppi
from toc_model.statistics.sensitivity.given_data import first_order, shapley_effects

DRAWS, FEW = 4000, 1000
OPTIONS = 10
SLOPES, NEARLY = np.random.default_rng(5).normal(size=OPTIONS), -0.01 * np.arange(OPTIONS)
WEIGHTS = np.array([0, 1, 4.5, 9, 99, 99, 99, 99])

type Found = tuple[float, float, float]
"""An estimate and the ends of its interval."""


# Values of information --------------------------------------------------------------------------------------------


def near_tied(seed: int, effect: float, inputs: int = 1) -> tuple[xr.DataArray, xr.DataArray]:
    """Losses of ten near-tied options with noise of their own, and inputs of which the first matters."""
    rng = np.random.default_rng(seed)
    x, noise = rng.normal(size=(FEW, inputs)), rng.normal(size=(FEW, OPTIONS))
    gains = effect * SLOPES * x[:, :1] + NEARLY + noise
    return xr.DataArray(-gains, dims=("draw", "allocation")), xr.DataArray(x, dims=("draw", "place"), name="x")


def worth(effect: float) -> float:
    """What knowing the first input is worth."""
    x = special.ndtri((np.arange(10**5) + 0.5) / 10**5)
    return float((effect * SLOPES * x[:, None] + NEARLY).max(axis=1).mean() - NEARLY.max())


def worth_of_all() -> float:
    """What knowing everything is worth where no input matters."""
    grid = np.linspace(-8, 8, 4001)
    below = stats.norm.cdf(grid[:, None] - NEARLY).prod(axis=1)
    return float(np.trapezoid((grid > 0) - below, grid) - NEARLY.max())


def of_one(seed: int, effect: float, inputs: int = 1) -> list[Found]:
    """The estimated value of the inputs."""
    found = evppi(*near_tied(seed, effect, inputs))
    return [(found.value, *found.interval)]


def of_all(seed: int) -> list[Found]:
    """The estimated value of everything."""
    found = evpi(near_tied(seed, 0)[0])
    return [(found.value, *found.interval)]


# Shares of variance -----------------------------------------------------------------------------------------------


def ishigami(u: Floats) -> Floats:
    """With the parameters 7 and 0.1."""
    a, b, c = (np.pi * (2 * u - 1)).T
    return np.asarray(np.sin(a) + 7 * np.sin(b) ** 2 + 0.1 * c**4 * np.sin(a))


def g_function(u: Floats) -> Floats:
    """With as many weights as there are inputs."""
    weights = WEIGHTS[: u.shape[1]]
    return np.asarray(((abs(4 * u - 2) + weights) / (1 + weights)).prod(axis=1))


def g_shares(inputs: int) -> tuple[Floats, Floats]:
    """First-order indices and Shapley effects of the g-function."""
    parts = 1 / 3 / (1 + WEIGHTS[:inputs]) ** 2
    total = float(np.prod(1 + parts)) - 1
    effects = []
    for place, own in enumerate(parts):
        by_size = np.ones(1)
        for other in np.delete(parts, place):
            by_size = np.convolve(by_size, [1, other])
        effects.append(own * (by_size / np.arange(1, len(by_size) + 1)).sum())
    return parts / total, np.array(effects) / total


def shares(
    seed: int, index: Callable[..., xr.Dataset], function: Callable[[Floats], Floats], inputs: int
) -> list[Found]:
    """Estimated shares of each input, which is handed over as normal scores."""
    u = np.random.default_rng(seed).random((DRAWS, inputs))
    names = [f"x{place + 1}" for place in range(inputs)]
    x = xr.DataArray(special.ndtri(u), dims=("draw", "entry"), coords={"entry": names})
    y = xr.DataArray(function(u)[:, None], dims=("draw", "outcome"), coords={"outcome": ["y"]})
    found = index(x, y).isel(outcome=0)
    ends = (found[key].values.tolist() for key in ("index", "low", "high"))
    return list(zip(*ends, strict=True))


# The table --------------------------------------------------------------------------------------------------------


def row(name: str, runs: int, estimate: Callable[[int], list[Found]], truths: Sequence[float]) -> None:
    """Print a line for each of the figures that a run gives."""
    found = np.array([estimate(seed) for seed in range(runs)])
    for place, truth in enumerate(truths):
        value, low, high = found[:, place].T
        held = np.mean((low <= truth) & (truth <= high))
        label = f"{name}, x{place + 1}" if len(truths) > 1 else name
        print(f"{label:44} {truth:8.4f} {value.mean():8.4f} {held:6.2f} {np.mean(low > 0):6.2f}", flush=True)


def main() -> None:
    """Print the table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    print(f"{'case':44} {'truth':>8} {'mean':>8} {'held':>6} {'> 0':>6}")
    row("irrelevant parameter, ten near-tied options", runs, lambda seed: of_one(seed, 0), [0])
    row("five irrelevant together, ten near-tied", runs // 5, lambda seed: of_one(seed, 0, 5), [0])
    for effect in (0.03, 0.1, 0.5):
        row(f"ten near-tied options, effect {effect}", runs, lambda seed: of_one(seed, effect), [worth(effect)])  # noqa: B023
    row("everything, ten near-tied options", runs, of_all, [worth_of_all()])
    firsts, effects = [0.313905, 0.442411, 0], [0.435747, 0.442411, 0.121842]
    row("Ishigami, first order", runs // 2, lambda seed: shares(seed, first_order, ishigami, 3), firsts)
    row(
        "g-function, first order",
        runs // 2,
        lambda seed: shares(seed, first_order, g_function, 8),
        g_shares(8)[0].tolist(),
    )
    row("Ishigami, Shapley", runs // 5, lambda seed: shares(seed, shapley_effects, ishigami, 3), effects)
    row(
        "g-function of four, Shapley",
        runs // 10,
        lambda seed: shares(seed, shapley_effects, g_function, 4),
        g_shares(4)[1].tolist(),
    )


if __name__ == "__main__":
    main()
