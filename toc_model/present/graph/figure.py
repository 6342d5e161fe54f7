"""The graph as a figure: chapters from left to right, in each of them boxes from top to bottom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from toc_model.errors import InputError
from toc_model.files import write as write_file
from toc_model.present.graph import curves
from toc_model.present.graph.heights import BOX_HEIGHT
from toc_model.present.graph.layout import BOX_WIDTH, HEADING_LINE, LINE, MARGIN, TITLE, Band, Page
from toc_model.present.graph.parts import GREY, INK, colour_of, colours, in_one_chapter, label_of, tint, wrapped
from toc_model.present.graph.shapes import (
    BACKGROUNDS,
    LEVER,
    Look,
    draw_box,
    draw_curve,
    draw_named_line,
    draw_words_in_box,
    look_of,
    main_look,
    outcome_look,
    write,
)

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from toc_model.engine.story import Story
    from toc_model.present.graph.routes import Link, Stop

HEADLINE = "The theory of change as a causal graph"
SUFFIXES = (".svg", ".png")
DOTS_PER_INCH = 150
NAME_SIZE = 9.5
SMALL_SIZE = 8.0
THIN, THICK = 1.0, 1.7
STRENGTH_OF_BANDS = 0.1


def graph_figure(story: Story, main: str) -> Figure:
    """Draw a story.

    Levers are the column at the left. Chapters are coloured bands; a chapter that has all its causes further left
    may stand below another one. Arrows have the colour of the chapter that they come from, and bear the name of
    their cause where they pass other columns. Parameters and indicators are not drawn.

    Parameters
    ----------
    story : Story
        Nodes that an intervention holds are hatched; its edits are listed under the title.
    main : str
        Name of the node that is valued; a story without it has no such node drawn apart.

    Returns
    -------
    matplotlib.figure.Figure
    """
    from matplotlib.figure import Figure

    page = Page.of(story)
    figure = Figure((page.width, page.height), facecolor="white")
    ax = figure.add_axes((0, 0, 1, 1), xlim=(0, page.width), ylim=(page.height, 0))
    ax.set_axis_off()
    _draw_title(ax, page)
    _draw_bands(ax, story, page)
    for name in page.routes.home:
        _draw_lines_from(ax, story, page, name)
        _draw_node(ax, story, page, name, main)
    _draw_legend(ax, story, page, main)
    return figure


def save_graph(story: Story, main: str, path: Path) -> None:
    """Draw a story into a file; the same story gives the same file.

    Parameters
    ----------
    story : Story
    main : str
        Name of the node that is valued.
    path : pathlib.Path
        Its suffix, ``.svg`` or ``.png``, says in which format.

    Raises
    ------
    InputError
        If the suffix is another one, or the file can't be written.
    """
    import matplotlib as mpl

    if path.suffix not in SUFFIXES:
        raise InputError(f"{path}: found suffix {path.suffix!r}; a graph is saved as one of: {', '.join(SUFFIXES)}")
    metadata = {"Date": None} if path.suffix == ".svg" else {"Software": None}
    with mpl.rc_context({"svg.hashsalt": "toc_model", "svg.fonttype": "path"}):
        figure = graph_figure(story, main)
        form: Any = {"format": path.suffix[1:], "metadata": metadata}
        write_file(path, lambda part: figure.savefig(part, dpi=DOTS_PER_INCH, **form))


def _draw_title(ax: Axes, page: Page) -> None:
    write(ax, MARGIN, TITLE / 2, HEADLINE, 17, weight="bold")
    for index, line in enumerate([*page.notes, *page.edits]):
        colour = INK if index < len(page.notes) else "#B03000"
        write(ax, MARGIN, TITLE + LINE * (index - 0.1), line, NAME_SIZE, color=colour)


def _draw_bands(ax: Axes, story: Story, page: Page) -> None:
    if story.levers:
        _draw_heading(ax, page.left[0], page.top, ("levers", "what an analyst sets"), INK)
    for band in page.bands:
        _draw_band(ax, band, page.bottom, colours(story)[band.chapter.name])


def _draw_band(ax: Axes, band: Band, bottom: float, colour: str) -> None:
    from matplotlib.patches import FancyBboxPatch

    size = band.right - band.left, bottom - band.top
    shape = FancyBboxPatch((band.left, band.top), *size, "round,pad=0,rounding_size=0.08", zorder=BACKGROUNDS)
    shape.set(facecolor=tint(colour, STRENGTH_OF_BANDS), edgecolor="white", linewidth=3)
    ax.add_patch(shape)
    _draw_heading(ax, band.left + 0.1, band.top, (f"{band.number} {band.chapter.name}", *band.heading), colour)


def _draw_heading(ax: Axes, x: float, top: float, lines: tuple[str, ...], colour: str) -> None:
    write(ax, x, top + 0.17, lines[0].upper(), 10.5, weight="bold", color=colour)
    for index, line in enumerate(lines[1:]):
        write(ax, x, top + 0.37 + HEADING_LINE * index, line, SMALL_SIZE)


def _draw_node(ax: Axes, story: Story, page: Page, name: str, main: str) -> None:
    stop, look = (name, page.routes.home[name]), look_of(story, name, main)
    x, y = page.middle_of(stop), page.height_of[stop]
    size = NAME_SIZE + 3 * (name == main)
    draw_box(ax, look, (page.left_of(stop), y - BOX_HEIGHT / 2), (BOX_WIDTH, BOX_HEIGHT))
    draw_words_in_box(ax, look, (x, y), "\n".join(wrapped(label_of(story, name), 13, 3)), size)


def _draw_lines_from(ax: Axes, story: Story, page: Page, name: str) -> None:
    for link in page.routes.links:
        if link[0][0] == name:
            _draw_link(ax, story, page, link)
    for stop in page.height_of:
        if stop[0] == name and not page.routes.is_box(stop):
            _draw_passing(ax, story, page, stop)
    for cause, effect in page.routes.within:
        if cause == name:
            draw_curve(ax, curves.within(page, cause, effect), colour_of(story, cause), THICK)
    for cause, effect in page.routes.backward:
        if cause == name:
            draw_curve(ax, curves.backward(page, cause, effect), colour_of(story, cause), THIN)


def _draw_link(ax: Axes, story: Story, page: Page, link: Link) -> None:
    start, end = link
    into_box = page.routes.is_box(end)
    width = THICK if into_box and in_one_chapter(story, start[0], end[0]) else THIN
    draw_curve(ax, curves.of_link(page, link), colour_of(story, start[0]), width, head=into_box)


def _draw_passing(ax: Axes, story: Story, page: Page, stop: Stop) -> None:
    below = page.band_behind(stop)
    behind = tint(colours(story)[below.chapter.name], STRENGTH_OF_BANDS) if below else "white"
    draw_named_line(ax, curves.passing(page, stop), label_of(story, stop[0]), colour_of(story, stop[0]), behind)


def _draw_legend(ax: Axes, story: Story, page: Page, main: str) -> None:
    x, y = MARGIN, page.bottom + 0.32
    for label, look in _samples(story, main):
        draw_box(ax, look, (x, y - 0.15), (0.95, 0.3))
        draw_words_in_box(ax, look, (x + 0.475, y), label, SMALL_SIZE)
        x += 1.07
    for label, width in (("in a chapter", THICK), ("between chapters, in the colour of its cause", THIN)):
        draw_curve(ax, ((x + 0.1, y), (x + 0.2, y), (x + 0.4, y), (x + 0.5, y)), GREY, width)
        write(ax, x + 0.57, y, label, SMALL_SIZE)
        x += 0.6 + 0.066 * len(label)
    draw_named_line(ax, curves.level(x + 0.1, x + 1.0, y), "name", GREY, "white")
    write(ax, x + 1.07, y, "names its cause where it passes a chapter", SMALL_SIZE)


def _samples(story: Story, main: str) -> list[tuple[str, Look]]:
    node, held = Look(outline=GREY), Look(outline=GREY, is_hatched=True)
    outcomes = [("outcome", outcome_look(node))] if set(story.outcomes) - {main} else []
    outcomes += [("main outcome", main_look(node))] if main in story.nodes else []
    any_held = any(found.is_held for found in story.nodes.values())
    return [("lever", LEVER), ("node", node), *outcomes, *([("held", held)] if any_held else [])]
