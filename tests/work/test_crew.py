"""Workers: the same outcomes, whoever is lost, and one clear error where they can't go on."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import dask
import pytest

from tests.conftest import Toc
from tests.refused import assert_refused
from tests.stores import assert_same
from tests.toy import CASE
from toc_model.beliefs.loading import DRAWS, load_beliefs
from toc_model.beliefs.shipped import Documents
from toc_model.errors import InputError
from toc_model.questions.sweep import Sweep, axis_of, sweep
from toc_model.work.crew import Crew, hired, workers
from toc_model.work.processors import processors
from toc_model.work.tasks import each

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]
TRIM = "MALLOC_TRIM_THRESHOLD_"
"""What Dask sets, and slows array code down by."""
ROOT = Path(__file__).parents[2]
MANY = 5 * DRAWS
VILLAGE = ("--case", "tests.toy:CASE")


def told(factor: int, task: int) -> tuple[int, int, str | None, int]:
    """A task, by whom it was done, and what Dask and this package have set there."""
    time.sleep(0.05)
    return factor * task, os.getpid(), os.environ.get(TRIM), processors()


def refusing(_: None, task: int) -> int:
    if task == 2:
        raise InputError("task: found 2; allowed: others")
    return task


def deaf(_: None, task: int) -> bool:
    """Whether who does this leaves Ctrl-C to others."""
    return task >= 0 and signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def dying(_: None, task: int) -> int:
    if task == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return task


def kill_one(crew: Crew) -> int:
    """Kill a worker as the system does for want of memory; which process it was."""
    found: int = next(iter(crew.client.run(os.getpid).values()))
    os.kill(found, signal.SIGKILL)
    return found


def crew() -> Crew:
    found = hired()
    assert found
    return found


@pytest.fixture(scope="module")
def two() -> Iterator[None]:
    """Workers that the tests of this file share."""
    with workers(2):
        yield


# Tasks --------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("two")
def test_tasks_are_done_by_both_in_one_thread_each() -> None:
    found = each(told, 10, list(range(12)))
    assert [one[0] for one in found] == list(range(0, 120, 10))
    assert len({one[1] for one in found}) == 2
    assert os.getpid() not in {one[1] for one in found}
    assert {one[2:] for one in found} == {(None, 1)}


@pytest.mark.usefixtures("two")
def test_workers_leave_an_interruption_to_whoever_started_them() -> None:
    assert each(deaf, None, [1, 2]) == [True, True]
    kill_one(crew())
    assert each(deaf, None, [1, 2, 3]) == [True, True, True]


@pytest.mark.usefixtures("two")
def test_what_a_task_refuses_is_refused_here() -> None:
    with pytest.raises(InputError, match="task: found 2; allowed: others"):
        each(refusing, None, [1, 2, 3])
    assert [one[0] for one in each(told, 1, [4, 5])] == [4, 5]


# Sweeps -------------------------------------------------------------------------------------------------------------


def swept(path: Path, *, resume: bool = False, progress: Any = None) -> Sweep:
    beliefs = [load_beliefs(CASE, name, draws=DRAWS) for name in ("almanac", "council")]
    axes = (axis_of(CASE.story, "fence", "0:12:0.1"),)
    named = Documents.of(CASE).allocations({"more": "fence:9.05"})
    return sweep(beliefs, named, path, axes=axes, draws=MANY, resume=resume, progress=progress)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As one process makes it."""
    return swept(tmp_path_factory.mktemp("sweep") / "whole.zarr").path


@pytest.mark.usefixtures("two")
def test_a_sweep_by_workers_is_the_same_to_the_last_bit(whole: Path, tmp_path: Path) -> None:
    assert_same(swept(tmp_path / "s.zarr").path, whole)


@pytest.mark.usefixtures("two")
def test_a_sweep_outlives_its_workers(whole: Path, tmp_path: Path) -> None:
    lost, calls = [], count(1)

    def progress(_done: int, _all: int) -> None:
        if next(calls) in {1, 4}:
            lost.append(kill_one(crew()))

    found = swept(tmp_path / "s.zarr", progress=progress)
    assert len(set(lost)) == 2
    assert_same(found.path, whole)


@pytest.mark.usefixtures("two")
def test_a_task_that_kills_its_workers_is_told() -> None:
    crew().client.run_on_scheduler(once_is_enough)
    with pytest.raises(InputError, match="workers died of a task"):
        each(dying, None, [0, 1, 2])


# Schedulers ---------------------------------------------------------------------------------------------------------


def once_is_enough(dask_scheduler: Any = None) -> None:
    """Let a scheduler give up a task of which one worker died."""
    dask_scheduler.allowed_failures = 0


@contextmanager
def process(*words: str) -> Iterator[subprocess.Popen[bytes]]:
    quiet = subprocess.DEVNULL
    with subprocess.Popen([sys.executable, "-m", *words], cwd=ROOT, stdout=quiet, stderr=quiet) as found:
        try:
            yield found
        finally:
            found.kill()


@contextmanager
def scheduler() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A scheduler of its own, and two workers, as somebody else starts them: with a nanny, and what Dask sets."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    served = ("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
    work = ("distributed.cli.dask_worker", address, "--nworkers", "2", "--nthreads", "1", "--no-dashboard")
    with process(*served) as first, process(*work, "--death-timeout", "60"):
        yield address, first


def test_a_sweep_goes_on_after_its_scheduler_died(whole: Path, tmp_path: Path) -> None:
    out = tmp_path / "s.zarr"
    with scheduler() as (address, first), workers(scheduler=address):
        assert {one[2:] for one in each(told, 1, [1, 2, 3])} == {("65536", 1)}

        calls = count(1)

        def progress(_done: int, _all: int) -> None:
            if next(calls) == 2:
                first.kill()

        with pytest.raises(InputError, match="lost the scheduler at tcp://") as lost:
            swept(out, progress=progress)
        assert "kept in s.zarr.unfinished: the same with --resume" in lost.value.__notes__[0]
        assert "scheduler" not in dask.config.config
    unfinished = tmp_path / "s.zarr.unfinished"
    kept = [path for path in (unfinished / "figures" / "c").rglob("*") if path.is_file()]
    assert 2 <= len(kept) < 10
    assert_same(swept(out, resume=True).path, whole)


# The command --------------------------------------------------------------------------------------------------------


def command(*words: object, cwd: Path, **environment: str) -> subprocess.Popen[str]:
    code = "from toc_model.cli import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", code, *VILLAGE, *map(str, words)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


OUT = ("--move", "more=fence:9.05", "--out", "s.zarr")
ASKED = ("sweep", "--lever", "fence=0:12:0.1", "--worldviews", "almanac,council", "--draws", MANY, *OUT)


def begun(folder: Path, asked: subprocess.Popen[str], many: int) -> None:
    """Wait until some chunks are finished."""
    figures = folder / "s.zarr.unfinished/figures/c"
    while asked.poll() is None and len([path for path in figures.rglob("0") if path.is_file()]) < many:
        time.sleep(0.01)


def test_a_command_that_is_killed_and_terminated_goes_on(
    whole: Path, toc: Toc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with command(*ASKED, "--workers", 2, cwd=tmp_path) as first:
        begun(tmp_path, first, 2)
        first.kill()
    assert first.returncode == -signal.SIGKILL
    assert_refused(toc(*VILLAGE, *ASKED), "found a sweep that was stopped", "--resume")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    with command(*ASKED, "--resume", "--workers", 2, cwd=tmp_path, TMPDIR=str(temporary)) as second:
        begun(tmp_path, second, 5)
        second.terminate()
        out, err = second.communicate()
    assert (second.returncode, out) == (143, "")
    assert err.startswith("toc: terminated; written before: ")
    assert err.endswith(
        "; what is finished is kept in s.zarr.unfinished: the same with --resume (resume=True) goes on\n"
    )
    assert list(temporary.iterdir()) == []
    code, _, err = toc(*VILLAGE, *ASKED, "--resume")
    assert (code, err) == (0, "")
    assert_same(tmp_path / "s.zarr", whole)
    assert {path.name for path in tmp_path.iterdir()} == {"s.zarr", "temporary"}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("--workers", "2", "--scheduler", "tcp://127.0.0.1:9"), "both a number and a scheduler"),
        (("--scheduler", "tcp://127.0.0.1:9"), "can't be reached"),
        (("--scheduler", "nonsense://x"), "can't be reached"),
    ],
)
def test_workers_that_can_not_be_had_are_refused(
    toc: Toc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], found: str
) -> None:
    monkeypatch.setattr("toc_model.work.crew.PATIENCE", 1)
    monkeypatch.chdir(tmp_path)
    assert_refused(toc(*VILLAGE, *ASKED, *words), found)
    assert list(tmp_path.iterdir()) == []


def test_a_script_that_starts_workers_as_it_is_imported_is_told_how(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("import toc_model as toc\nwith toc.workers(1):\n    pass\n")
    asked = subprocess.run(
        [sys.executable, script],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 1
    assert asked.stderr.count("Traceback") == 1
    assert asked.stderr.strip().endswith("allowed: in a script, below the line: if __name__ == '__main__':")
