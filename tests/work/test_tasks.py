"""Tasks that don't depend on each other: what is finished is kept, and only the rest is done once more."""

import threading
import time
from pathlib import Path

import pytest

from toc_model.work import identity
from toc_model.work.pieces import Pieces, keeping
from toc_model.work.stopping import is_stopped
from toc_model.work.tasks import each, left

DONE: list[int] = []
"""Tasks in the order in which they were done, by this process."""


@pytest.fixture(autouse=True)
def _nothing_done() -> None:
    DONE.clear()


def squared(limit: int, task: int) -> int:
    """A task that can't be done from some number on."""
    if task >= limit:
        raise ValueError(task)
    DONE.append(task)
    return task**2


def cubed(_: int, task: int) -> int:
    DONE.append(task)
    return task**3


class Tool:
    """What has no digest."""

    def __call__(self, task: int) -> int:
        DONE.append(task)
        return -task


def used(tool: Tool, task: int) -> int:
    return tool(task)


TASKS = [3, 0, 2, 1, 4]


def stopped_after_three(folder: Path) -> None:
    """Tasks of which three are finished before one can't be done."""
    with pytest.raises(ValueError, match="4"), keeping(folder):
        each(squared, 4, [3, 0, 2, 4, 1])
    assert DONE == [3, 0, 2]
    DONE.clear()


def test_outcomes_come_in_the_order_of_tasks() -> None:
    told: list[tuple[int, int]] = []
    assert each(squared, 9, TASKS, progress=lambda *done: told.append(done)) == [9, 0, 4, 1, 16]
    assert told == [(done, 5) for done in range(1, 6)]
    assert each(squared, 9, [7], threads=1) == [49]
    assert each(squared, 9, []) == []


def test_what_is_finished_is_not_done_again(tmp_path: Path) -> None:
    stopped_after_three(tmp_path)
    assert len(list(tmp_path.glob("*.piece"))) == 3
    told: list[tuple[int, int]] = []
    with keeping(tmp_path):
        assert left(squared, 4, [3, 0, 2, 1]) == [1]
        assert each(squared, 4, [3, 0, 2, 1], progress=lambda *done: told.append(done)) == [9, 0, 4, 1]
    assert DONE == [1]
    assert told == [(3, 4), (4, 4)]
    assert not tmp_path.exists()


def test_a_damaged_piece_is_done_again(tmp_path: Path) -> None:
    stopped_after_three(tmp_path)
    next(iter(tmp_path.glob("*.piece"))).write_bytes(b"nothing")
    with keeping(tmp_path):
        assert each(squared, 4, [3, 0, 2]) == [9, 0, 4]
    assert len(DONE) == 1


@pytest.mark.parametrize("other", ["shared", "function", "code", "tasks"])
def test_pieces_of_other_work_are_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: str) -> None:
    stopped_after_three(tmp_path)
    if other == "code":
        monkeypatch.setattr(identity, "code", lambda: "other")
    shared = 5 if other == "shared" else 4
    tasks = [1, -1] if other == "tasks" else [3, 0, 2]
    with keeping(tmp_path):
        each(cubed if other == "function" else squared, shared, tasks)
    assert tasks == DONE


def test_all_is_done_where_nothing_is_kept() -> None:
    for _ in range(2):
        each(squared, 9, [1, 2])
    assert DONE == [1, 2, 1, 2]
    assert left(squared, 9, [1, 2]) == [1, 2]


def test_what_has_no_digest_is_done_but_not_kept(tmp_path: Path) -> None:
    with keeping(tmp_path) as pieces:
        for _ in range(2):
            assert each(used, Tool(), [1, 2]) == [-1, -2]
        assert left(used, Tool(), [1, 2]) == [1, 2]
        assert (pieces.found, pieces.kept) == (0, 0)
    assert DONE == [1, 2, 1, 2]


def waiting_for_another(meeting: threading.Barrier, task: int) -> int:
    meeting.wait(timeout=20)
    return task


def test_threads_work_at_the_same_time() -> None:
    assert each(waiting_for_another, threading.Barrier(3), [1, 2, 3], threads=3) == [1, 2, 3]


def kept_while(_: None, task: int) -> bool:
    del task
    return not is_stopped()


def lasting(_: None, task: int) -> str:
    """A task that fails at once, or goes on until nobody waits for it."""
    if task == 0:
        raise KeyboardInterrupt
    while not is_stopped():
        time.sleep(0.01)
    DONE.append(task)
    return "stopped"


def test_threads_are_told_that_nobody_waits_any_more() -> None:
    assert each(kept_while, None, [1, 2], threads=2) == [True, True]
    with pytest.raises(KeyboardInterrupt):
        each(lasting, None, [1, 0, 2], threads=2)
    assert DONE[:1] == [1]
    assert not is_stopped()


def test_threads_keep_what_they_finish(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="4"), keeping(tmp_path):
        each(squared, 4, [3, 0, 2, 4], threads=2)
    kept = len(list(tmp_path.glob("*.piece")))
    DONE.clear()
    with keeping(tmp_path) as pieces:
        assert each(squared, 4, [3, 0, 2], threads=2) == [9, 0, 4]
        assert pieces.found == kept
    assert len(DONE) == 3 - kept


def test_pieces_are_counted(tmp_path: Path) -> None:
    with keeping(tmp_path) as pieces:
        each(squared, 9, [1, 2])
        each(squared, 9, [1, 2, 3])
        assert (pieces.found, pieces.kept) == (2, 3)
    assert Pieces(tmp_path).is_empty
