"""A process of its own for each contestant, so that none pays for another's memory or caches.

It gets ready, says how long that took, and then does as it is told, line by line.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.speed.contestants import way
from tests.benchmarks.speed.inputs import made, read, saved


def peak() -> int:
    """Bytes that this process has had at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def timed(work: Callable[[], object], times: int = 1) -> dict[str, float]:
    """Wall and processor time of some work, done so many times."""
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(times):
        work()
    return {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}


def serve(name: str, path: Path) -> None:
    """Get ready, then run (so many times), save results, or say how far they are from saved ones."""
    out, sys.stdout = sys.stdout, sys.stderr
    get_ready = way(name)
    before, inputs = peak(), read(path)
    ready = []
    took = timed(lambda: ready.append(get_ready(inputs)))
    (run,) = ready

    def say(**facts: float) -> None:
        print(json.dumps(facts), file=out, flush=True)

    say(**took)
    for line in sys.stdin:
        word, what = line.split(maxsplit=1)
        if word == "run":
            say(**timed(run, int(what)))
        elif word == "save":
            results: dict[str, Any] = dict(run())
            np.savez(what.rstrip(), **results)
            say()
        elif word == "far":
            with np.load(what.rstrip()) as expected:
                found = run()
                say(far=max(float(np.abs(found[key] - expected[key]).max()) for key in expected.files))
        else:
            more = peak() - before
            say(size=more, share=more / inputs.bytes)


if __name__ == "__main__":
    task, *about = sys.argv[1:]
    if task == "make":
        saved(made(int(about[0]), int(about[1])), Path(about[2]))
    else:
        serve(task, Path(about[0]))
