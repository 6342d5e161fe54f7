"""Slopes of P(doom) from the compiled story, beside finite differences of the plain evaluation; and a whole optimum.

Run ``uv run python tests/benchmarks/optimise.py``.
"""

import statistics
import time
from collections.abc import Callable

import numpy as np

from toc_model.beliefs.levers import joined
from toc_model.beliefs.loading import load_beliefs
from toc_model.engine.program.outcome import record_outcome
from toc_model.essay.case import ESSAY
from toc_model.questions.optimise import optimise
from toc_model.questions.optimise.search import StoryLosses
from toc_model.questions.optimise.space import lever_space

PAIRS = 10
STEP = 1e-5


def seconds(job: Callable[[], object]) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def main() -> None:
    """Time both ways to all ten slopes in turn, then the whole optimisation."""
    beliefs = load_beliefs(ESSAY)
    named = beliefs.documents.allocations()
    space = lever_space(beliefs.story, [], named.named["status_quo"])
    x, weights = 0.9 * space.start + 0.02, np.full(beliefs.draws, 1 / beliefs.draws)
    start = time.perf_counter()
    compiled = record_outcome(beliefs.story, beliefs.parameters, beliefs.anchor, "p_doom")
    compiling = time.perf_counter() - start
    losses = StoryLosses(ESSAY.objective, space, (compiled,))
    base = named.levers().sel(allocation="status_quo", drop=True)

    points = [x + sign * STEP * row for row in np.eye(len(x)) for sign in (1, -1)]
    rows = joined(*(space.levers(point, base, f"point {place}") for place, point in enumerate(points)))

    def exact() -> object:
        return losses.slope(x, weights)

    def differences() -> object:
        return beliefs.outcome(rows)

    pairs = [(seconds(exact), seconds(differences)) for _ in range(PAIRS + 1)][1:]
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(b / a for a, b in pairs)
    print(
        f"ten slopes, {beliefs.draws:,} draws: exact {1e3 * ours:.0f} ms, central differences {1e3 * theirs:.0f} ms, "
    )
    print(f"median ratio of {PAIRS} pairs {ratio:.1f}; compiled once in {compiling:.1f} s")
    whole = seconds(lambda: optimise([beliefs], named))
    print(f"toc optimise with its defaults: {whole:.0f} s, {whole / theirs:.0f} such sets of differences")


if __name__ == "__main__":
    main()
