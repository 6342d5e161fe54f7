"""An answer that was kept by ``--save``: its command is asked once more."""

import contextlib
import io
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from toc_model.beliefs.provenance import versions
from toc_model.engine.case import Case
from toc_model.errors import InputError
from toc_model.files import TABLE, Content, each_read_once, nothing_written, read
from toc_model.questions.commands import commands_of
from toc_model.questions.keeping import OPTION, Kept, asked_again, home_of, read_kept
from toc_model.questions.rerun.differing import Compared, differing, split


def again(path: Path, case: Case) -> tuple[str, Compared]:
    """The command in words, and its figures beside those that come out now.

    Raises
    ------
    InputError
        If the file is no answer, is damaged, is about another case, or its command can't be asked again.
    """
    kept = read_kept(read(path, TABLE))
    _fail_if_other_case(kept, case, path)
    figures, contents = _asked(kept, case, path)
    before, rested_on = split(kept.figures)
    now, rests_on = split(figures)
    digests = {place: content.digest for place, content in contents.items()}
    inputs = (*differing(kept.read, digests), *differing(rested_on, rests_on))
    found = Compared(len(before), differing(before, now), inputs, differing(kept.versions, versions()))
    return shlex.join(["toc", *kept.arguments]), found


def _fail_if_other_case(kept: Kept, case: Case, path: Path) -> None:
    if kept.case != home_of(case):
        raise InputError(f"{path}: case: found {kept.case!r}; allowed: {home_of(case)!r} (or toc --case ... rerun)")


def _asked(kept: Kept, case: Case, path: Path) -> tuple[dict[str, Any], dict[str, Content]]:
    """The figures of a command that is asked once more in its folder, and all that it read; nothing is written."""
    _fail_if_no_question(kept.arguments, case, path)
    if not Path(kept.folder).is_dir():
        raise InputError(f"{path}: folder: found {kept.folder!r}, which is not there any more")
    with (
        contextlib.chdir(kept.folder),
        contextlib.redirect_stdout(io.StringIO()),
        nothing_written(),
        each_read_once(anew=True) as contents,
        asked_again() as found,
    ):
        try:
            commands_of(case).main(kept.arguments, prog_name="toc", standalone_mode=False)
        except (InputError, click.ClickException) as error:
            if not found:
                message = error.format_message() if isinstance(error, click.ClickException) else str(error)
                raise InputError(f"{path}: can't be asked again: {message}") from None
    if not found:
        raise InputError(f"{path}: arguments: found {shlex.join(kept.arguments)!r}, which gives no figures")
    return found[-1], contents


def _fail_if_no_question(arguments: Sequence[str], case: Case, path: Path) -> None:
    """Fail if the words are none of a command whose answer can be kept; no other is called."""
    command: click.Command | None = commands_of(case)
    context = click.Context(commands_of(case), obj=case)
    for word in arguments:
        if not isinstance(command, click.Group) or (word.startswith("-") and command.invoke_without_command):
            break
        command = command.get_command(context, word)
    if command is None or not any(OPTION in param.opts for param in command.params):
        raise InputError(f"{path}: arguments: found {arguments[0]!r}; allowed: a command that has {OPTION}")
