"""What every drawing of the graph has in common: its arrows, its words and its colours."""

import textwrap

from toc_model.graph import Story

PALETTE = ("#0072B2", "#B06A00", "#007A5A", "#A8477F", "#3A86B8", "#C24A00", "#4D4D4D", "#7A7000")
"""A colour a chapter, told apart by colour-blind readers too: those of Okabe and Ito, darkened for thin lines."""

INK = "#222222"


def arrows(story: Story) -> tuple[tuple[str, str], ...]:
    """Pairs of cause and effect among levers and nodes, the effects in causal order."""
    drawn = {*story.levers, *story.nodes}
    return tuple((cause, name) for name, found in story.nodes.items() for cause in found.parents if cause in drawn)


def parameters_of(story: Story, name: str) -> tuple[str, ...]:
    """Names of the parameters that the law of a node asks for."""
    return tuple(parent for parent in story.nodes[name].parents if parent in story.parameters)


def in_chapter(story: Story, chapter: str) -> tuple[str, ...]:
    """Names of the nodes of a chapter, in causal order."""
    return tuple(name for name, found in story.nodes.items() if found.chapter == chapter)


def colours(story: Story) -> dict[str, str]:
    """Colour of every chapter, from the palette in turn."""
    return {chapter.name: PALETTE[index % len(PALETTE)] for index, chapter in enumerate(story.chapters)}


def tint(colour: str, strength: float) -> str:
    """Mix a colour with white; a strength of 1 leaves it as it is, 0 gives white."""
    channels = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - channel) * strength):02x}" for channel in channels)


def in_words(name: str) -> str:
    """Return a name as words: underscores are spaces."""
    return name.replace("_", " ")


def wrapped(text: str, width: int, lines: int) -> list[str]:
    """Break a text at spaces into at most so many lines, of this width if they can be."""
    while len(broken := textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)) > lines:
        width += 1
    return broken


def counted(number: int, noun: str) -> str:
    """Return a number with its noun in the singular or plural."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
