"""The command ``toc``: that of the essay, unless ``--case`` names another theory of change."""

import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from toc_model.engine.later import LaterCase
from toc_model.errors import InputError
from toc_model.essay.home import HOME
from toc_model.files import each_read_once
from toc_model.present import streams
from toc_model.questions.commands import commands_of
from toc_model.work.stopping import Stopped, stoppable
from toc_model.written import recording, written

if TYPE_CHECKING:
    from toc_model.engine.case import Case

LONGEST = 2000
"""Signs of a message."""


def command_line(case: "Case | LaterCase") -> Callable[[], None]:
    """The command of a case; what a user can get wrong ends with one line and exit code 2."""
    commands = commands_of(case)

    def main() -> None:
        streams.prepare()
        code = 0
        with recording():
            try:
                with stoppable():
                    code = _asked(commands)
            except Stopped as stop:
                _begin_line()
                _fail(_ended(stop.word, stop), stop.code)
            except click.exceptions.NoArgsIsHelpError as error:
                with suppress(OSError):
                    streams.say(error.format_message(), err=True)
                _leave(2)
            except (click.Abort, KeyboardInterrupt) as error:
                _fail(_ended("interrupted", error), 130)
            except (BrokenPipeError, SystemExit):  # click leaves by itself where the reader of its stream has left
                for stream in (sys.stdout, sys.stderr):
                    streams.give_up(stream)
                _leave(141)
            except (InputError, click.ClickException, MemoryError, OSError) as error:
                _fail(_said(error))
        if code:
            sys.exit(code)

    return main


def _asked(commands: click.Group) -> int:
    """Answer what the command line asks; what the system is to be told at the end."""
    with each_read_once():
        code = commands.main(prog_name="toc", standalone_mode=False)
    sys.stdout.flush()
    return code if isinstance(code, int) else 0


def _begin_line() -> None:
    """Begin a line behind the ^C that a terminal shows."""
    if sys.stderr.isatty():
        with suppress(OSError):
            streams.say("", err=True)


def _ended(word: str, error: BaseException) -> str:
    """What has become of a command that was told to end, in a line: what it wrote before, and what it kept."""
    if files := written():
        return "; ".join([word, f"written before: {', '.join(map(str, files))}", *_notes(error)])
    return f"{word}; {', '.join(['nothing was written', *_notes(error)])}"


def _notes(error: BaseException) -> list[str]:
    """What was noted on the way out, also on what click has made another error of."""
    found = [note for one in (error, error.__cause__) for note in getattr(one, "__notes__", ())]
    return list(dict.fromkeys(found))


def _said(error: Exception) -> str:
    """What went wrong, in a line."""
    if isinstance(error, click.ClickException):
        return error.format_message()
    if isinstance(error, MemoryError):
        return "; ".join([f"not enough memory: {error}", *_notes(error)])
    if isinstance(error, OSError):
        return "; ".join([f"can't write ({error.strerror or error})", *_notes(error)])
    return "; ".join([str(error), *_notes(error)])


def _fail(message: str, code: int = 2) -> None:
    """Leave with a line that says why."""
    with suppress(OSError):
        streams.say_line(f"toc: {_shortened(message)}", err=True)
    _leave(code)


def _shortened(message: str) -> str:
    """A message that quotes something endless without its middle."""
    return message if len(message) <= LONGEST else f"{message[: LONGEST // 2]} ... {message[-LONGEST // 2 :]}"


def _leave(code: int) -> None:
    """Leave without a word more, even where a stream does not take what was to be printed."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            streams.give_up(stream)
    sys.exit(code)


main = command_line(HOME)
