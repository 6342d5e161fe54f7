"""What is done inside a process: evaluations and slopes, beside other ways to have them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.benchmarks.speed.measure import Contestant, Field, LeftOutError, Taken, Worker, in_turn, seconds
from tests.benchmarks.speed.table import Row

TOLERANCE = 1e-12
MAIN = 1000, 4000
COMPARED = {"numpy": "NumPy by hand, in blocks", "jax": "JAX by hand", "plain": "xarray"}
SIZES = {(2, 4000): ("numpy", "jax", "plain"), (4000, 100): ("numpy", "jax", "plain"), (11, 10**6): ("numpy", "jax")}
BY_DRAWS = tuple((11, 10**power) for power in range(3, 7))
BY_ALLOCATIONS = tuple((10**power, 1000) for power in range(5))
SLOW = 2
"""Repetitions of what takes a hundred times as long as all others."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the caller wants.

    Attributes
    ----------
    field : Field
    repetitions : int
    before : Path or None
        A checkout of an earlier state.
    commit : str
        What that state is called.
    """

    field: Field
    repetitions: int
    before: Path | None
    commit: str


def told(allocations: int, draws: int) -> str:
    """A size in words."""
    return f"{allocations:,} allocation{'s' * (allocations > 1)} x {draws:,} draws"


def main_job(asked: Asked) -> Iterator[Row]:
    """P(doom) and its parts under a thousand allocations."""
    others = {COMPARED[name]: Contestant(name, *MAIN) for name in COMPARED}
    if asked.before:
        others[f"evaluate of {asked.commit}"] = Contestant("evaluate", *MAIN, asked.before)
    yield from _beside(asked, told(*MAIN), Contestant("evaluate", *MAIN), others)


def sizes(asked: Asked) -> Iterator[Row]:
    """Few allocations, few draws, and many draws."""
    for size, names in SIZES.items():
        others = {COMPARED[name]: Contestant(name, *size) for name in names}
        yield from _beside(asked, told(*size), Contestant("evaluate", *size), others)


def _beside(asked: Asked, job: str, ours: Contestant, others: dict[str, Contestant]) -> Iterator[Row]:
    """Workers that do the same, timed in turn; results are held to those of ours."""
    with ExitStack() as stack:
        kept = asked.field.folder / "results.npz"
        mine = stack.enter_context(asked.field.worker(ours))
        runs, peaks = {"": _often(mine)}, {"": mine.peak()}
        mine.save(kept)
        workers: dict[str, Worker] = {}
        for name, other in others.items():
            try:
                worker = stack.enter_context(asked.field.worker(other))
                runs[name], peaks[name] = _often(worker), worker.peak()
                _fail_if_far(worker, kept)
            except LeftOutError as error:
                runs.pop(name, None)
                yield Row.left_out(job, name, str(error))
                continue
            workers[name] = worker
        kept.unlink()
        taken = in_turn(runs, asked.repetitions)
        for name, worker in workers.items():
            ready = f"; ready after {seconds([worker.ready])}" if worker.ready.cpu > 1 else ""
            remark = f"memory {peaks['']} and {peaks[name]}{ready}"
            yield Row.of(job, name, taken[""], taken[name], remark)


def _fail_if_far(worker: Worker, kept: Path) -> None:
    if (far := worker.far(kept)) > TOLERANCE:
        raise LeftOutError(f"differs by {far:.1e}")


def libraries(asked: Asked) -> Iterator[Row]:
    """The whole model for a thousand allocations beside libraries for models, by allocation and draw."""
    besides = {
        "`pm.do` and forward sampling, for each allocation": (Contestant("pymc", 1, 4000), SLOW),
        "squigglepy, the effort of outreach alone": (Contestant("squigglepy", 100, 4000), asked.repetitions),
    }
    ours = Contestant("evaluate", *MAIN)
    for name, (other, repetitions) in besides.items():
        job = "an allocation in a draw"
        try:
            with asked.field.worker(ours) as mine, asked.field.worker(other) as theirs:
                mine.run()
                first = theirs.run()
                taken = in_turn({"": mine.run, name: theirs.run}, repetitions)
        except LeftOutError as error:
            yield Row.left_out(job, name, str(error))
            continue
        over = {"": ours.points, name: other.points}
        by_point = {key: [one.over(over[key]) for one in some] for key, some in taken.items()}
        remark = f"the first {seconds([first])}; whole {seconds(taken[name])}"
        yield Row.of(job, name, by_point[""], by_point[name], remark)


def slopes(asked: Asked) -> Iterator[Row]:
    """P(doom) and its ten slopes, ready and from nothing."""
    job, ours, differences = "P(doom) and ten slopes, 4,000 draws", Contestant("slopes", 1, 4000), "central differences"
    with asked.field.worker(ours) as mine, asked.field.worker(Contestant("evaluate", 20, 4000)) as theirs:
        taken = in_turn({"": _often(mine), differences: _often(theirs)}, asked.repetitions)
    yield Row.of(job, differences, taken[""], taken[differences])
    if asked.before:
        earlier = Contestant("slopes", 1, 4000, asked.before)
        yield from _beside(asked, job, ours, {f"{asked.commit}, compiled before": earlier})
        ways = {"": ours, "earlier": earlier}
        taken = in_turn({name: partial(_from_nothing, asked, way) for name, way in ways.items()}, asked.repetitions)
        yield Row.of(f"{job}, from nothing", f"{asked.commit}, with its compilation", taken[""], taken["earlier"])


def _often(worker: Worker) -> Callable[[], Taken]:
    return partial(worker.run, worker.often_enough())


def _from_nothing(asked: Asked, contestant: Contestant) -> Taken:
    with asked.field.worker(contestant) as worker:
        first = worker.run()
        return Taken(worker.ready.wall + first.wall, worker.ready.cpu + first.cpu)


def growth(asked: Asked) -> Iterator[Row]:
    """How cost grows with draws and with allocations."""
    for many in (BY_DRAWS, BY_ALLOCATIONS):
        for size in many:
            contestant = Contestant("evaluate", *size)
            with asked.field.worker(contestant) as worker:
                often = worker.often_enough()
                taken = [worker.run(often) for _ in range(asked.repetitions)]
                each = seconds([one.over(contestant.points / 1e6) for one in taken])
                remark = f"{each} for a million points; memory {worker.peak()}"
            yield Row.alone(told(*size), taken, remark)
