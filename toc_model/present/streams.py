"""What is printed: whatever the encoding of a terminal is, and whoever has closed the other end."""

import codecs
import json
import math
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, TextIO

from toc_model.present.signs import number_of, one_line, visible, visible_lines

READABLE = {
    **dict(zip("±→…−✓✗·○◐●─┴", ["+/-", "->", "...", *"-+x.o/*-+"], strict=True)),  # noqa: RUF001
    **dict(zip("“”▁▂▃▄▅▆▇█", '""___==###', strict=True)),
}
"""What stands for signs of ours that an encoding lacks; any other is shown as its number."""


def _readable(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    signs = error.object[error.start : error.end]
    return "".join(READABLE.get(sign) or number_of(sign) for sign in signs), error.end


codecs.register_error("toc-readable", _readable)


def prepare() -> None:
    """Make sure that there are standard streams, and that they take any text.

    Where the caller has closed one, what is printed there is lost, and no file that is opened later takes its place.
    """
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(number)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream: TextIO | None = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115
        elif mode == "w" and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="toc-readable")


def say(text: str, *, end: str = "\n", err: bool = False) -> None:
    """Print a text whose own signs are all shown, see `toc_model.present.signs.visible`.

    Parameters
    ----------
    text : str
    end : str
        What is printed behind it.
    err : bool
        Whether to standard error.
    """
    stream = sys.stderr if err else sys.stdout
    stream.write(visible_lines(text) + end)
    stream.flush()


def say_line(text: str, *, err: bool = False) -> None:
    """Print a text as one line, whatever ends of lines are in it."""
    say(visible(one_line(text.strip())), err=err)


def say_json(found: Any) -> None:
    """Print figures as JSON, which knows no infinite number and none that is not one: null stands for them."""
    say(json.dumps(_without_holes(found), indent=2, allow_nan=False))


def _without_holes(found: Any) -> Any:
    if isinstance(found, Mapping):
        return {key: _without_holes(value) for key, value in found.items()}
    if isinstance(found, list | tuple):
        return [_without_holes(value) for value in found]
    return None if isinstance(found, float) and not math.isfinite(found) else found


def give_up(stream: TextIO) -> None:
    """Let what was not yet printed to a stream be lost, so that nothing complains when the program ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
