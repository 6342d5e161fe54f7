"""Answers as text on standard output."""

import click

from toc_model.present.section import Section
from toc_model.present.streams import say
from toc_model.present.terminal import standard_output, text_of
from toc_model.questions.looks import WIDE


def say_section(section: Section) -> None:
    """Print a section, on a terminal as it fits there."""
    wide = bool(click.get_current_context().meta.get(WIDE))
    say(text_of(section, standard_output(wide=wide)), end="")
