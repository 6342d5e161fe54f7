"""The command ``toc``: that of the essay, unless ``--case`` names another theory of change."""

import os
import sys
from collections.abc import Callable

import click

from toc_model.documents import each_read_once
from toc_model.engine.case import Case
from toc_model.errors import InputError
from toc_model.essay.case import ESSAY
from toc_model.questions.commands import commands_of


def command_line(case: Case) -> Callable[[], None]:
    """The command of a case; what a user can get wrong ends with one line and exit code 2."""
    commands = commands_of(case)

    def main() -> None:
        try:
            with each_read_once():
                code = commands.main(prog_name="toc", standalone_mode=False)
            if isinstance(code, int) and code:
                sys.exit(code)
        except InputError as error:
            _fail(str(error))
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.format_message(), err=True)
            sys.exit(2)
        except MemoryError as error:
            _fail(f"not enough memory: {error}")
        except click.ClickException as error:
            _fail(error.format_message())
        except (click.Abort, KeyboardInterrupt):
            click.echo("toc: interrupted; nothing was written", err=True)
            sys.exit(130)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(141)
        except OSError as error:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            _fail(f"can't write ({error.strerror or error})")

    return main


def _fail(message: str) -> None:
    click.echo("toc: " + " ".join(message.split()), err=True)
    sys.exit(2)


main = command_line(ESSAY)
