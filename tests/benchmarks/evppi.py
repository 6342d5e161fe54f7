"""What every single parameter is worth, beside a Gaussian process of scikit-learn for each.

Both regress the paired difference of two allocations on one parameter at a time. The cost of a Gaussian process grows
with the cube of draws, so that it is given a part of the draws and timed on a few parameters; the whole is their mean
times the number of parameters. Run

    uv run --group benchmarks python tests/benchmarks/evppi.py
"""

import time
import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel

from tests.shipped import load_allocations, load_beliefs
from toc_model.statistics.information import columns_of, evppi_of_each
from toc_model.statistics.regression import on_one_thread

DRAWS = 4000
TIMED = {500: 5, 1000: 3}
"""Draws, and how many parameters are fitted on so many."""
RUNS = 3


@on_one_thread
def process_seconds(x: np.ndarray, y: np.ndarray) -> float:
    """Seconds to fit a Gaussian process and to find the value of the parameter."""
    start = time.perf_counter()
    kernel = ConstantKernel(1.0) * RBF(1.0) + WhiteKernel(1.0)
    fit = GaussianProcessRegressor(kernel, normalize_y=True).fit((x[:, None] - x.mean()) / x.std(), y)
    expected = fit.predict((x[:, None] - x.mean()) / x.std())
    found = min(expected.mean(), 0) - np.minimum(expected, 0).mean()
    assert found >= 0
    return time.perf_counter() - start


def main() -> None:
    """Time both and print the ratio."""
    warnings.simplefilter("ignore", ConvergenceWarning)
    beliefs = load_beliefs(draws=DRAWS)
    loss = beliefs.outcome(load_allocations().only(["recommended"]).levers())
    columns = columns_of(beliefs.parameters, DRAWS)
    varying = [values for values in columns.values() if np.ptp(values) > 0]
    ours = []
    for _ in range(RUNS):
        start = time.perf_counter()
        evppi_of_each(loss, beliefs.parameters)
        ours.append(time.perf_counter() - start)
    best = min(ours)
    print(f"evppi_of_each: {len(columns)} parameters, {DRAWS:,} draws, standard errors included: {best:.2f} s")
    change = (loss[:, 1] - loss[:, 0]).values
    for draws, many in TIMED.items():
        each = float(np.mean([process_seconds(values[:draws], change[:draws]) for values in varying[:many]]))
        whole = each * len(varying)
        print(
            f"scikit-learn, {draws:,} draws: {each:.2f} s a parameter ({many} timed), {whole:.0f} s for all;", end=" "
        )
        print(f"ratio {whole / best:.0f}")


if __name__ == "__main__":
    main()
