"""The graph as text: an outline for terminals, and Mermaid for pages that draw it."""

import textwrap
from collections.abc import Iterator, Mapping

from toc_model.engine.declare import Chapter, Indicator, Lever, Node
from toc_model.engine.story import Story
from toc_model.present.graph.parts import (
    INK,
    arrows,
    changed_arrows,
    changes,
    chapters,
    colour_of,
    colours,
    in_chapter,
    label_of,
    not_drawn,
    parameters_in_use,
    tint,
)
from toc_model.present.signs import visible, visible_lines
from toc_model.present.terminal import WIDTH
from toc_model.present.words import counted, listed

INDENT = "      "
LEGEND = (
    "<- depends on a node, lever or indicator; with: parameters, each with a prior; *: an outcome; --names: as typed"
)

MERMAID_CLASSES = (
    f"classDef lever fill:{INK},stroke:{INK},color:#ffffff",
    "classDef outcome fill:#ffffff,stroke-width:4px,color:#111111,font-weight:bold",
    "classDef main fill:#4D4D4D,stroke-width:4px,color:#ffffff,font-weight:bold",
    "classDef held stroke-dasharray:6 4",
)


def outline(story: Story, width: int = WIDTH) -> str:
    """Levers, then every node by chapter, with its unit and what it depends on.

    Parameters
    ----------
    story : Story
    width : int
        In characters.
    """
    column = 3 + max(len(label_of(story, name)) for name in (*story.levers, *story.indicators, *story.nodes))
    lines = textwrap.wrap(changes(story), width)
    lines += _roots("Levers", story, story.levers, column)
    lines += _roots("Indicators", story, story.indicators, column)
    for number, chapter in enumerate(story.chapters, start=1):
        lines += ["", *textwrap.wrap(f"{number} {chapter.name}: {chapter.title}", width)]
        for name in in_chapter(story, chapter.name):
            lines += _entry(story, story.nodes[name], column, width)
    return (
        visible_lines("\n".join([*lines, "", *_counts(story, width), *textwrap.wrap(LEGEND, width)]).lstrip("\n"))
        + "\n"
    )


def mermaid(story: Story, main: str) -> str:
    """Levers, nodes and the arrows among them as a Mermaid flowchart, a subgraph a chapter.

    Parameters
    ----------
    story : Story
    main : str
        Name of the node that is valued; a story without it has no such node drawn apart.

    Returns
    -------
    str
    """
    comments = [changes(story), f"Not drawn: {not_drawn(story)}."]
    lines = [f"%% {comment}" for comment in comments if comment]
    lines += [f'{name}[/"{label_of(story, name)}"/]:::lever' for name in story.levers]
    for number, chapter in enumerate(chapters(story), start=1):
        lines += _subgraph(story, main, chapter, number)
    lines += [f"{cause} --> {effect}" for cause, effect in arrows(story)]
    lines += [*_link_styles(story), *_new_links(story), *MERMAID_CLASSES, *_styles(story)]
    return "\n".join(["flowchart LR", *(f"  {line}" for line in lines)]) + "\n"


def _roots(heading: str, story: Story, roots: Mapping[str, Lever | Indicator], column: int) -> list[str]:
    entries = [
        f"  {label_of(story, name):<{column}}{root.unit}, for each {', '.join(root.dims)}"
        for name, root in roots.items()
    ]
    return ["", heading, *entries] if entries else []


def _entry(story: Story, found: Node, column: int, width: int) -> list[str]:
    mark = "* " if found.is_outcome else "  "
    held = "; held by an intervention" if found.is_held else ""
    with_priors = [label_of(story, parent) for parent in found.parents if parent in story.parameters]
    causes = [label_of(story, parent) for parent in found.parents if parent not in story.parameters]
    return [
        f"{mark}{label_of(story, found.name):<{column}}{found.unit}{held}",
        *_listed("<- ", causes, width),
        *_listed("with: ", with_priors, width),
        *_listed("undefined where ", [found.undefined_where] if found.undefined_where else [], width),
    ]


def _listed(start: str, names: list[str], width: int) -> list[str]:
    if not names:
        return []
    after = INDENT + " " * len(start)
    return textwrap.wrap(", ".join(names), width, initial_indent=INDENT + start, subsequent_indent=after)


def _counts(story: Story, width: int) -> list[str]:
    causes = sum(parent not in story.parameters for name in story.nodes for parent in story.causes(name))
    roots = [
        counted(len(kind), noun) for kind, noun in ((story.levers, "lever"), (story.indicators, "indicator")) if kind
    ]
    text = (
        f"{listed([*roots, counted(len(story.nodes), 'node')])} ({counted(len(story.outcomes), 'outcome')}) in "
        f"{counted(len(chapters(story)), 'chapter')}; {counted(causes, 'arrow')}; "
        f"{counted(parameters_in_use(story), 'parameter')}."
    )
    return textwrap.wrap(text, width)


def _subgraph(story: Story, main: str, chapter: Chapter, number: int) -> Iterator[str]:
    title = visible(chapter.title).replace('"', "#quot;")
    yield f'subgraph chapter_{chapter.name}["{number} {chapter.name}: {title}"]'
    for name in in_chapter(story, chapter.name):
        yield f"  {_mermaid_node(story, story.nodes[name], main)}"
    yield "end"


def _mermaid_node(story: Story, found: Node, main: str) -> str:
    label = label_of(story, found.name).replace('"', "#quot;")
    if found.name == main:
        shape, kind = f'{{{{"{label}"}}}}', "main"
    elif found.is_outcome:
        shape, kind = f'{{{{"{label}"}}}}', "outcome"
    else:
        shape, kind = f'("{label}")', f"of_{found.chapter}"
    return f"{found.name}{shape}:::{kind}"


def _link_styles(story: Story) -> Iterator[str]:
    for colour in dict.fromkeys(colour_of(story, cause) for cause, _ in arrows(story)):
        numbers = [str(index) for index, (cause, _) in enumerate(arrows(story)) if colour_of(story, cause) == colour]
        yield f"linkStyle {','.join(numbers)} stroke:{colour}"


def _new_links(story: Story) -> Iterator[str]:
    """Arrows that rivals brought are drawn thick."""
    new, _ = changed_arrows(story) if story.rivals else ((), ())
    numbers = [str(index) for index, arrow in enumerate(arrows(story)) if arrow in new]
    if numbers:
        yield f"linkStyle {','.join(numbers)} stroke-width:4px"


def _styles(story: Story) -> Iterator[str]:
    for chapter in chapters(story):
        colour = colours(story)[chapter.name]
        yield f"classDef of_{chapter.name} fill:#ffffff,stroke:{colour},color:#111111"
        yield f"style chapter_{chapter.name} fill:{tint(colour, 0.1)},stroke:{colour},color:{INK}"
    held = [name for name, found in story.nodes.items() if found.is_held]
    if held:
        yield f"class {','.join(held)} held"
