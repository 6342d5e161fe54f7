"""What every drawing of the graph has in common: its arrows, its words and its colours."""

import textwrap

from toc_model.engine.declare import Chapter
from toc_model.engine.story import Story
from toc_model.naming import called
from toc_model.present.words import counted, listed

PALETTE = ("#0072B2", "#B06A00", "#007A5A", "#A8477F", "#3A86B8", "#C24A00", "#4D4D4D", "#7A7000")
"""A colour a chapter, told apart by colour-blind readers too: those of Okabe and Ito, darkened for thin lines."""

INK = "#222222"
GREY = "#555555"


def arrows(story: Story) -> tuple[tuple[str, str], ...]:
    """Pairs of cause and effect among levers and nodes, the effects in causal order."""
    drawn = {*story.levers, *story.nodes}
    return tuple((cause, name) for name in story.nodes for cause in story.causes(name) if cause in drawn)


def chapters(story: Story) -> tuple[Chapter, ...]:
    """Chapters that have nodes."""
    return tuple(chapter for chapter in story.chapters if chapter.nodes)


def changed_arrows(story: Story) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """Arrows that rivals brought into the story, and those that they took out of it."""
    has, had = arrows(story), arrows(story.written)
    return tuple(one for one in has if one not in had), tuple(one for one in had if one not in has)


def changes(story: Story) -> str:
    """What made the story out of the one that is written down, or "" where it is that."""
    told = [edit.text for edit in story.edits]
    if story.rivals:
        kinds = [(what, some) for what, some in zip(("new", "gone"), changed_arrows(story), strict=True) if some]
        moved = "".join(
            f"; arrows that are {what}: {', '.join(f'{cause}->{effect}' for cause, effect in some)}"
            for what, some in kinds
        )
        told.append(f"laws of {', '.join(story.rival_names)}{moved}")
    return f"Changed: {'; '.join(told)}." if told else ""


def in_chapter(story: Story, chapter: str) -> tuple[str, ...]:
    """Names of the nodes of a chapter, in causal order."""
    return tuple(name for name, found in story.nodes.items() if found.chapter == chapter)


def in_one_chapter(story: Story, cause: str, effect: str) -> bool:
    """Whether two nodes are of one chapter; a lever is of none."""
    return cause in story.nodes and story.nodes[cause].chapter == story.nodes[effect].chapter


def parameters_in_use(story: Story) -> int:
    """How many parameters the laws ask for, those of held nodes left out."""
    return len({parent for name in story.nodes for parent in story.causes(name)} & {*story.parameters})


def not_drawn(story: Story) -> str:
    """How many parameters and indicators there are, of which only texts tell."""
    kinds = [(parameters_in_use(story), "parameter"), (len(story.indicators), "indicator")]
    return listed([counted(number, noun) for number, noun in kinds if number or noun == "parameter"])


def colours(story: Story) -> dict[str, str]:
    """Colour of every chapter, from the palette in turn."""
    return {chapter.name: PALETTE[index % len(PALETTE)] for index, chapter in enumerate(story.chapters)}


def colour_of(story: Story, name: str) -> str:
    """Colour of a node, which is that of its chapter, or of a lever."""
    return colours(story)[story.nodes[name].chapter] if name in story.nodes else INK


def tint(colour: str, strength: float) -> str:
    """Mix a colour with white; a strength of 1 leaves it as it is, 0 gives white."""
    channels = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - channel) * strength):02x}" for channel in channels)


def label_of(story: Story, name: str) -> str:
    """What a node, a lever or a parameter is called."""
    return called(name, story.nodes[name].label if name in story.nodes else "")


def wrapped(text: str, width: int, lines: int) -> list[str]:
    """Break a text at spaces into at most so many lines, of this width if they can be."""
    while len(broken := textwrap.wrap(text, width, break_long_words=False)) > lines:
        width += 1
    return broken
