"""Files that a command is to write: named once, and refused before any work where they can't be written."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from toc_model.errors import InputError
from toc_model.files import fail_if_unwritable

OUTPUTS = "files to write"
"""Where a context keeps those that options have named."""


def claim_output(context: click.Context, path: Path) -> None:
    """Fail if a file can't be written, or another option names it too.

    Raises
    ------
    InputError
        Naming the file.
    """
    fail_if_unwritable(path)
    named: set[Path] = context.meta.setdefault(OUTPUTS, set())
    if path.resolve() in named:
        raise InputError(f"{path}: found it twice among files to write; allowed: another for each")
    named.add(path.resolve())


def fail_if_input(out: Path | None, *inputs: Path) -> None:
    """Fail if a file to write is one that the command reads.

    Raises
    ------
    InputError
        Naming the file.
    """
    if out is not None and out.resolve() in {path.resolve() for path in inputs}:
        raise InputError(f"{out}: found a file that is read here; allowed: another to write")


def out_option(
    what: str, *flags: str, fits: Callable[[Path], object] | None = None, **how: Any
) -> Callable[[Any], Any]:
    """Add an option that names a file to write; one that can't be written is refused before anything is computed.

    Parameters
    ----------
    what : str
        For the help.
    *flags : str
        ``--out`` by default; a word without dashes is the name of the argument.
    fits : callable, optional
        Fails for names that don't fit what is written.
    **how
        As `click.option` takes it.
    """

    def checked(context: click.Context, _option: click.Parameter, path: Path | None) -> Path | None:
        if path is not None:
            if fits:
                fits(path)
            claim_output(context, path)
        return path

    return click.option(*(flags or ("--out",)), type=click.Path(path_type=Path), callback=checked, help=what, **how)
