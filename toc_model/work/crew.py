"""Workers: processes that Dask runs on this machine, or those of a scheduler that runs somewhere already."""

import ctypes
import importlib
import logging
import multiprocessing
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import Any

from toc_model.errors import InputError
from toc_model.work import worker
from toc_model.work.identity import code
from toc_model.work.pickling import opened, packed
from toc_model.work.processors import one_thread

EXTRA = "pip install 'toc-model[cluster]'"
GUARD = "allowed: in a script, below the line: if __name__ == '__main__':"
AHEAD = 4
"""Tasks that wait for each thread of the workers: more would only take memory."""
PATIENCE = 10
"""Seconds to wait for a scheduler, and for its first worker."""
OURS = "toc_model."
KEPT_FREE = 2**28
"""Bytes. Dask has its workers (by MALLOC_TRIM_THRESHOLD_) give freed memory back at once, which costs time."""
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
"""As malloc.h numbers them."""
LARGEST_MAPPED = 2**25


@dataclass(frozen=True, slots=True)
class Crew:
    """Workers of one scheduler.

    Attributes
    ----------
    client : distributed.Client
    address : str
        Of the scheduler, for messages.
    begun : tuple
        What they were told to begin with, which goes on while this is there.
    sent : list
        What tasks shared that were done last, and where workers have it.
    """

    client: Any
    address: str
    begun: tuple[Any, ...] = ()
    sent: list[tuple[Any, Any]] = field(default_factory=list)

    def done[S, T, R](self, do: Callable[[S, T], R], shared: S, tasks: Mapping[int, T]) -> Iterator[tuple[int, R]]:
        """Do tasks, and give their outcomes in the order in which they are finished.

        A task whose worker is lost is done by another.

        Raises
        ------
        InputError
            If the scheduler is lost, or workers can't do the tasks.
        """
        from distributed import as_completed

        waiting: dict[Any, int] = {}
        try:
            what = self._sent(shared)
            left = iter(tasks.items())
            finishing = as_completed(loop=self.client.loop)
            for place, task in islice(left, AHEAD * max(1, sum(self.client.nthreads().values()))):
                self._begin(do, what, place, task, waiting, finishing)
            for future in finishing:
                outcome = future.result()
                place = waiting.pop(future)
                for another, task in islice(left, 1):
                    self._begin(do, what, another, task, waiting, finishing)
                yield place, outcome
        except _lost() as error:
            raise InputError(f"lost the scheduler at {self.address} ({_told(error)})") from None
        except _dead() as error:
            raise InputError(
                f"workers died of a task, one after the other, perhaps for want of memory ({error})"
            ) from None
        except ModuleNotFoundError as error:
            raise InputError(f"workers of {self.address}: {error}; allowed: workers with this package") from None
        finally:
            for future in waiting:
                future.cancel()

    def _sent(self, shared: Any) -> Any:
        """What all tasks share, where workers open it once; what was sent last is not sent again."""
        if not self.sent or self.sent[0][0] is not shared:
            self.sent[:] = [(shared, self.client.submit(opened, packed(shared), pure=False))]
        return self.sent[0][1]

    def _begin(self, do: Any, what: Any, place: int, task: Any, waiting: dict[Any, int], finishing: Any) -> None:
        future = self.client.submit(_do, do, what, packed(task), code(), pure=False)
        waiting[future] = place
        finishing.add(future)


def _lost() -> tuple[type[BaseException], ...]:
    from asyncio import CancelledError

    from distributed.client import FutureCancelledError
    from distributed.comm import CommClosedError

    return CancelledError, FutureCancelledError, CommClosedError, TimeoutError


def _dead() -> type[Exception]:
    from distributed import KilledWorker

    found: type[Exception] = KilledWorker
    return found


def _told(error: BaseException) -> str:
    return str(error).partition("\n")[0] or type(error).__name__


# What workers do ----------------------------------------------------------------------------------------------------


def _do(do: Callable[[Any, Any], Any], shared: Any, task: bytes, expected: str) -> Any:
    """Do a task, in one thread."""
    if code() != expected:
        raise InputError("workers have another version of this package; allowed: the same everywhere")
    keep_freed_memory()
    with one_thread():
        return do(shared, opened(task))


def _import(modules: list[str]) -> None:
    """Import what this process has imported, while that goes on with its own work."""
    for name in modules:
        importlib.import_module(name)


@cache
def keep_freed_memory() -> None:
    """Let a worker keep some of the memory that it frees, whatever Dask has set, for arrays come and go."""
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        library.mallopt(M_MMAP_THRESHOLD, LARGEST_MAPPED)
        library.mallopt(M_TRIM_THRESHOLD, KEPT_FREE)


# Who they are -------------------------------------------------------------------------------------------------------

_CREW: ContextVar[Callable[[], Crew] | None] = ContextVar("_CREW", default=None)


def hired() -> Crew | None:
    """The workers that do tasks, once they are there; None where these are done here."""
    crew = _CREW.get()
    return crew() if crew else None


@contextmanager
def workers(count: int | None = None, *, scheduler: str | None = None) -> Iterator[None]:
    """Let workers do meanwhile what can be done in parts: sweeps, designs, simulated surveys, fits, worldviews.

    Outcomes are the same as without them, to the last bit.

    Parameters
    ----------
    count : int, optional
        Start so many processes on this machine, with one thread each.
    scheduler : str, optional
        Address of a Dask scheduler that runs already, such as ``tcp://10.0.0.1:8786``, with workers of its own.

    Raises
    ------
    InputError
        If both are given, Dask is not installed, or there is no such scheduler, or none of its workers.
    """
    if count is not None and scheduler is not None:
        raise InputError("workers: found both a number and a scheduler; allowed: one of them")
    if count is None and scheduler is None:
        yield
        return
    if count is not None and count < 1:
        raise InputError(f"workers: found {count}; allowed: 1 or more")
    try:
        import distributed  # noqa: F401
    except ImportError:
        raise InputError(f"workers: Dask is not installed; allowed: {EXTRA}, or none") from None
    _quieten()
    with _started(count) if count is not None else _joined(scheduler or "") as crew:
        token = _CREW.set(crew)
        try:
            yield
        finally:
            _CREW.reset(token)


def _quieten() -> None:
    """Let Dask say nothing: what matters to the user is told as an error of this package."""
    for name in logging.root.manager.loggerDict:
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


@contextmanager
def _started(count: int) -> Iterator[Callable[[], Crew]]:
    """Processes on this machine, which start while this one goes on with its own work."""
    if getattr(multiprocessing.current_process(), "_inheriting", False):
        sys.exit(1)  # a worker that begins with the script that starts it: the script's own process says so
    with (
        tempfile.TemporaryDirectory(prefix="toc-workers-") as folder,
        ExitStack() as opened_here,
        ThreadPoolExecutor(1) as pool,
    ):
        starting = pool.submit(_crew, count, folder, opened_here)
        yield starting.result
        starting.result()


def _crew(count: int, folder: str, opened_here: ExitStack) -> Crew:
    """Start processes, which are ended where the stack is closed."""
    import dask
    from distributed import Client, LocalCluster

    single = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "MKL", "OPENBLAS")}
    how = {
        "distributed.nanny.pre-spawn-environ": {**single, "MALLOC_ARENA_MAX": "1"},
        "distributed.worker.preload": [worker.__name__],
        "distributed.worker.profile.enabled": False,
        "distributed.admin.tick.interval": "1s",
        "temporary-directory": folder,
    }
    opened_here.enter_context(dask.config.set(how))
    try:
        cluster = opened_here.enter_context(
            LocalCluster(
                n_workers=count,
                threads_per_worker=1,
                processes=True,
                host="127.0.0.1",
                dashboard_address="127.0.0.1:0",
                silence_logs=logging.CRITICAL,
            )
        )
    except RuntimeError as error:
        raise InputError(f"workers: can't be started ({error}); {GUARD}") from None
    client = opened_here.enter_context(Client(cluster, set_as_default=False))
    ours = [name for name in list(sys.modules) if name.startswith(OURS)]
    begun = tuple(client.submit(_import, ours, workers=[one], pure=False) for one in client.nthreads())
    return Crew(client, cluster.scheduler_address, begun)


@contextmanager
def _joined(address: str) -> Iterator[Callable[[], Crew]]:
    """Workers of a scheduler that runs already."""
    from distributed import Client

    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise InputError(f"scheduler {address!r}: can't be reached ({_told(error)})") from None
    with client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            raise InputError(f"scheduler {address!r}: found no workers; allowed: one or more") from None
        found = Crew(client, address)
        yield lambda: found
