"""Workers: processes that Dask runs on this machine, or those of a scheduler that runs somewhere already."""

import ctypes
import importlib
import logging
import multiprocessing
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
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
    """

    client: Any
    address: str

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
            what = self.client.submit(opened, packed((do, shared)), pure=False)
            left = iter(tasks.items())
            finishing = as_completed(loop=self.client.loop)
            for place, task in islice(left, AHEAD * max(1, sum(self.client.nthreads().values()))):
                self._begin(what, place, task, waiting, finishing)
            for future in finishing:
                outcome = future.result()
                place = waiting.pop(future)
                for another, task in islice(left, 1):
                    self._begin(what, another, task, waiting, finishing)
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

    def _begin(self, what: Any, place: int, task: Any, waiting: dict[Any, int], finishing: Any) -> None:
        future = self.client.submit(_do, what, packed(task), code(), pure=False)
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


def _do(what: tuple[Callable[[Any, Any], Any], Any], task: bytes, expected: str) -> Any:
    """Do a task, in one thread."""
    if code() != expected:
        raise InputError("workers have another version of this package; allowed: the same everywhere")
    keep_freed_memory()
    do, shared = what
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

_CREW: ContextVar[Crew | None] = ContextVar("_CREW", default=None)


def hired() -> Crew | None:
    """The workers that do tasks; None where these are done here."""
    return _CREW.get()


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
def _started(count: int) -> Iterator[Crew]:
    """Processes on this machine."""
    if getattr(multiprocessing.current_process(), "_inheriting", False):
        sys.exit(1)  # a worker that begins with the script that starts it: the script's own process says so
    import dask
    from distributed import Client, LocalCluster

    single = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "MKL", "OPENBLAS")}
    with tempfile.TemporaryDirectory(prefix="toc-workers-") as folder, ExitStack() as opened_here:
        how = {
            "distributed.nanny.pre-spawn-environ": single,
            "distributed.worker.preload": [worker.__name__],
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
        ours = [name for name in sys.modules if name.startswith(OURS)]
        begun = [client.submit(_import, ours, workers=[one], pure=False) for one in client.nthreads()]
        yield Crew(client, cluster.scheduler_address)
        del begun


@contextmanager
def _joined(address: str) -> Iterator[Crew]:
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
        yield Crew(client, address)
