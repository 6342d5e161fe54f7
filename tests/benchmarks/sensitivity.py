"""How long the tornado and the channels take, over one evaluation of P(doom) under the shipped allocations.

Run ``uv run python tests/benchmarks/sensitivity.py``.
"""

import statistics
import time
from collections.abc import Callable

from toc_model.beliefs.loading import load_beliefs
from toc_model.essay.case import ESSAY
from toc_model.questions.channels import channels
from toc_model.questions.sensitivity import sensitivity

RUNS = 5


def seconds(work: Callable[[], object]) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    """Time each beside an evaluation and print the median ratios."""
    beliefs = load_beliefs(ESSAY)
    allocations = beliefs.documents.allocations()
    jobs: dict[str, Callable[[], object]] = {
        "tornado (80 parameters, 2 ends, 1,000 draws)": lambda: sensitivity(beliefs, allocations),
        "channels (128 sets, 4,000 draws)": lambda: channels(beliefs, allocations),
    }
    for name, job in jobs.items():
        pairs = [(seconds(job), seconds(lambda: beliefs.outcome(allocations.levers()))) for _ in range(RUNS + 1)][1:]
        ours, beside = (statistics.median(column) for column in zip(*pairs, strict=True))
        ratio = statistics.median(a / b for a, b in pairs)
        print(f"{name}: {ours:.2f} s, evaluation {beside:.2f} s, median ratio of {RUNS} pairs {ratio:.1f}")


if __name__ == "__main__":
    main()
