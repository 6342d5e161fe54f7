"""Signals that tell the program to end."""

import gc
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.signals import SIGNALS, signals_as_in_a_terminal
from toc_model.work import stopping
from toc_model.work.stopping import WORDS, Stopped, stoppable


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    with signals_as_in_a_terminal():
        yield


@pytest.mark.parametrize(("number", "word"), list(zip(SIGNALS, WORDS.values(), strict=True)))
def test_a_signal_stops_what_is_done_and_the_next_one_the_program(number: int, word: str) -> None:
    with pytest.raises(Stopped) as stopped, stoppable():
        signal.raise_signal(number)
    assert (stopped.value.word, stopped.value.code) == (word, 128 + number)
    assert {signal.getsignal(each) for each in SIGNALS} == {signal.SIG_DFL}


def test_nothing_is_changed_where_no_signal_came() -> None:
    before = [signal.getsignal(number) for number in SIGNALS]
    with stoppable():
        assert [signal.getsignal(number) for number in SIGNALS] != before
    with pytest.raises(ValueError, match="else"), stoppable():
        raise ValueError("else")
    assert [signal.getsignal(number) for number in SIGNALS] == before


def test_what_is_ignored_stays_so() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with stoppable():
        signal.raise_signal(signal.SIGHUP)
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


@contextmanager
def putting_away(done: list[str]) -> Iterator[None]:
    """Something to be put away, which takes so long that there is another signal."""
    try:
        yield
    finally:
        signal.raise_signal(signal.SIGINT)
        done.append("all")


def test_a_second_signal_does_not_end_the_putting_away() -> None:
    put_away: list[str] = []
    with pytest.raises(Stopped) as stopped, stoppable(), putting_away(put_away):
        signal.raise_signal(signal.SIGTERM)
    assert put_away == ["all"]
    assert stopped.value.word == "terminated"


def test_whoever_waits_long_may_tell_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "IMPATIENT", 0.0)
    with pytest.raises(Stopped) as stopped, stoppable(), putting_away([]):
        signal.raise_signal(signal.SIGTERM)
    assert stopped.value.word == "interrupted"


def _collect_and_wait() -> None:
    gc.collect()
    time.sleep(20)
    pytest.fail("the signal is lost")


def test_a_signal_that_comes_while_garbage_is_collected_is_not_lost() -> None:
    came: list[bool] = []

    def collecting(_phase: str, _about: Any) -> None:
        if not came:
            came.append(True)
            signal.raise_signal(signal.SIGTERM)

    gc.callbacks.append(collecting)
    try:
        with pytest.raises(Stopped), stoppable():
            _collect_and_wait()
    finally:
        gc.callbacks.remove(collecting)


def test_another_thread_is_left_alone() -> None:
    before = signal.getsignal(signal.SIGTERM)
    seen: list[Any] = []

    def elsewhere() -> None:
        with stoppable():
            seen.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert seen == [before]
