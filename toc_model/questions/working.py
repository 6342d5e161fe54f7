"""Options of long work: who does it, and what is kept where it is stopped."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import click

from toc_model.files import is_idle
from toc_model.present.streams import say_line
from toc_model.questions.commands import ARGUMENTS
from toc_model.work.crew import workers
from toc_model.work.identity import fingerprint
from toc_model.work.pieces import Pieces, keeping, nothing_kept

RESUME = "--resume"
HERE = ("--workers", "--scheduler", RESUME)
"""Options that say nothing of what is asked."""
GOES_ON = f"what is finished is kept: the same command with {RESUME} goes on"
"""A note on what ended a command early."""


def takes_workers[**P, T](command: Callable[P, T]) -> Callable[P, T]:
    """Add the options that let workers do what can be done in parts."""

    @click.option(
        "--workers", type=click.IntRange(1), metavar="N", help="Let N processes on this machine do it (Dask)."
    )
    @click.option("--scheduler", metavar="ADDRESS", help="Let the workers of a Dask scheduler that runs already do it.")
    @wraps(command)
    def employed(*args: P.args, **options: P.kwargs) -> T:
        how: dict[str, Any] = options
        with workers(how.pop("workers"), scheduler=how.pop("scheduler")):
            return command(*args, **options)

    return employed


def takes_resume[**P, T](command: Callable[P, T]) -> Callable[P, T]:
    """Add the option to go on with work that was stopped; what is finished is kept whether or not it is given."""

    @click.option(RESUME, is_flag=True, help="Go on where the same command was stopped, from what it had finished.")
    @wraps(command)
    def resumed(*args: P.args, **options: P.kwargs) -> T:
        how: dict[str, Any] = options
        with _unfinished(resume=how.pop("resume")):
            return command(*args, **options)

    return resumed


@contextmanager
def _unfinished(*, resume: bool) -> Iterator[None]:
    """Keep what is finished in a folder of this command's, and take up what is there if that is asked for."""
    if is_idle():  # asked once more, which must neither rest on pieces nor take them from whoever was stopped
        with nothing_kept():
            yield
        return
    folder = _folder()
    if resume and not any(folder.glob("*")):
        say_line("nothing is kept of this work; it begins anew", err=True)
    if not resume:
        Pieces(folder).clear()
    if not _can_write(folder):
        yield
        return
    with keeping(folder) as pieces:
        try:
            yield
        except BaseException as error:
            if not pieces.is_empty:
                error.add_note(GOES_ON)
            raise


def _folder() -> Path:
    """Where the pieces of this command are: the same for the same words in the same folder."""
    from platformdirs import user_cache_path

    words = asked(click.get_current_context().meta[ARGUMENTS])
    return user_cache_path("toc-model") / "unfinished" / fingerprint(words, Path.cwd())[:16]


def asked(arguments: Sequence[str]) -> list[str]:
    """The words of a command but those that say who does the work, and from where it goes on."""
    found, skip = [], False
    for word in arguments:
        name, has_value, _ = word.partition("=")
        if not skip and name not in HERE:
            found.append(word)
        skip = not skip and name in HERE and name != RESUME and not has_value
    return found


def _can_write(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return True
