"""The graph as data for a page that draws it itself: boxes, bands and lines in pixels, and arrows."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from toc_model.engine.case import Case
from toc_model.engine.story import Story
from toc_model.present.graph import curves
from toc_model.present.graph.curves import Curve, Point
from toc_model.present.graph.heights import BOX_HEIGHT
from toc_model.present.graph.layout import BOX_WIDTH, MARGIN, OUTER_GUTTER, Page
from toc_model.present.graph.parts import PALETTE, changed_arrows, colours, in_one_chapter, label_of, wrapped
from toc_model.present.graph.routes import Stop

BOX, GUTTER, DOWN = 124.0, 52.0, 94.0
"""Width of a box in pixels, and pixels to an inch of the layout between boxes and downwards."""
CHARACTERS, LINES = 16, 2
"""Of the words in a box."""
CHOSEN = "what people choose"


@dataclass(frozen=True, slots=True)
class Box:
    """A lever or node: the middle of its box, its words, and its chapter (empty for a lever)."""

    name: str
    lines: tuple[str, ...]
    kind: str
    chapter: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of line, as a path of SVG.

    Attributes
    ----------
    cause : str
        Whose line it is.
    effect : str
        The box that it enters; empty for one that leads on.
    d : str
    within : bool
        Whether it joins two nodes of one chapter.
    name : (float, float) or None
        The middle of where it bears the name of its cause, as it does where it passes a column.
    behind : str
        Chapter on whose band the name stands; empty for none.
    """

    cause: str
    effect: str
    d: str
    within: bool
    name: Point | None = None
    behind: str = ""


@dataclass(frozen=True, slots=True)
class Arrow:
    """A cause and its effect, and the numbers of the lines that lead from one to the other; the last is its own."""

    cause: str
    effect: str
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """The band of a chapter, its colour a place in the palette; that of the levers has neither number nor colour."""

    chapter: str
    number: int
    title: str
    heading: tuple[str, ...]
    colour: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Rival:
    """What one rival mechanism changes in the drawn graph.

    Attributes
    ----------
    name : str
    nodes : tuple of mapping
        ``name``, ``label`` and ``chapter`` of each node that it adds.
    anew : tuple of str
        Drawn nodes whose law it gives anew.
    new, gone : tuple of (cause, effect)
        Arrows that it adds, and those that it takes away.
    """

    name: str
    nodes: tuple[Mapping[str, str], ...]
    anew: tuple[str, ...]
    new: tuple[tuple[str, str], ...]
    gone: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A story without rivals laid out in pixels from its top left corner, and what rivals change in it.

    Attributes
    ----------
    width, height : float
    box : (float, float)
        Width and height of every box.
    bands : tuple of Ground
    boxes : tuple of Box
        Column by column, in each of them in the order of the story.
    lines : tuple of Line
    arrows : tuple of Arrow
    rivals : tuple of Rival
    """

    width: float
    height: float
    box: tuple[float, float]
    bands: tuple[Ground, ...]
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    arrows: tuple[Arrow, ...]
    rivals: tuple[Rival, ...]

    def to_dict(self) -> dict[str, Any]:
        """The same for JSON."""
        return asdict(self)


def drawn(case: Case, labels: Mapping[str, str] | None = None) -> Drawn:
    """Lay out the story of a case for a page.

    Rival mechanisms are left out, whether the case has them or not: one layout can't serve every set of them. What
    each of them adds and takes away is told beside it.

    Parameters
    ----------
    case : Case
    labels : mapping of str to str, optional
        What nodes and levers are called; by default as the story says.

    Returns
    -------
    Drawn
        In pixels, to a tenth.
    """
    story, called = case.story.written, labels or {}
    page = Page.of(story)
    paper = Paper.of(page)
    lines = dict(_lines(story, page, paper))
    return Drawn(
        width=paper.right(paper.edge),
        height=paper.down(page.bottom),
        box=(BOX, _tenth(DOWN * BOX_HEIGHT)),
        bands=(*_levers_band(story, page, paper), *_bands(story, page, paper)),
        boxes=tuple(_box(case, page, paper, stop, called) for stop in page.routes.home.items()),
        lines=tuple(lines.values()),
        arrows=tuple(_arrow(page, [*lines], cause, effect) for cause, effect in page.routes.arrows),
        rivals=tuple(_rival(case, name, called) for name in case.rival_names),
    )


@dataclass(frozen=True, slots=True)
class Paper:
    """From inches of a page to pixels: columns are as wide as their words need, gutters as their lines.

    Attributes
    ----------
    right, down : callable
        From inches to pixels.
    edge : float
        Where the page ends at the right, in inches.
    """

    right: Callable[[float], float]
    down: Callable[[float], float]
    edge: float

    @classmethod
    def of(cls, page: Page) -> "Paper":
        """That on which a page goes; what stands above the bands is left out."""
        inches, pixels = [0.0], [0.0]
        for left in page.left:
            start = pixels[-1] + GUTTER * (left - inches[-1])
            pixels += [start, start + BOX]
            inches += [left, left + BOX_WIDTH]
        edge = inches[-1] + OUTER_GUTTER + MARGIN
        pixels.append(pixels[-1] + GUTTER * (edge - inches[-1]))
        inches.append(edge)
        return cls(lambda x: _tenth(float(np.interp(x, inches, pixels))), lambda y: _tenth(DOWN * (y - page.top)), edge)

    def path(self, curve: Curve) -> str:
        """A curve as a path of SVG."""
        start, *others = (f"{self.right(x):g} {self.down(y):g}" for x, y in curve)
        return f"M{start}C{' '.join(others)}"


def _tenth(pixels: float) -> float:
    return round(pixels, 1)


def _box(case: Case, page: Page, paper: Paper, stop: Stop, called: Mapping[str, str]) -> Box:
    name, node = stop[0], case.story.written.nodes.get(stop[0])
    kind = "lever"
    if node:
        kind = "objective" if name == case.objective.node else "outcome" if node.is_outcome else "node"
    return Box(
        name,
        tuple(wrapped(called.get(name) or label_of(case.story.written, name), CHARACTERS, LINES)),
        kind,
        node.chapter if node else "",
        paper.right(page.middle_of(stop)),
        paper.down(page.height_of[stop]),
    )


def _levers_band(story: Story, page: Page, paper: Paper) -> Iterator[Ground]:
    if story.levers:
        x, end = paper.right(page.left[0] - OUTER_GUTTER), paper.right(page.left[0] + BOX_WIDTH)
        yield Ground("", 0, CHOSEN, (CHOSEN,), -1, x, 0.0, _tenth(end - x), paper.down(page.bottom))


def _bands(story: Story, page: Page, paper: Paper) -> Iterator[Ground]:
    for band in page.bands:
        x, y = paper.right(band.left), paper.down(band.top)
        size = _tenth(paper.right(band.right) - x), _tenth(paper.down(page.bottom) - y)
        colour = PALETTE.index(colours(story)[band.chapter.name])
        yield Ground(band.chapter.name, band.number, band.chapter.title, band.heading, colour, x, y, *size)


type Place = tuple[object, object]
"""What a line is: a link of two stops, a stop that it passes, or an arrow by its names."""


def _lines(story: Story, page: Page, paper: Paper) -> Iterator[tuple[Place, Line]]:
    routes = page.routes
    for link in routes.links:
        cause, effect = link[0][0], link[1][0] if routes.is_box(link[1]) else ""
        within = bool(effect) and in_one_chapter(story, cause, effect)
        yield link, Line(cause, effect, paper.path(curves.of_link(page, link)), within)
    for stop, height in page.height_of.items():
        if not routes.is_box(stop):
            middle, band = (paper.right(page.middle_of(stop)), paper.down(height)), page.band_behind(stop)
            path = paper.path(curves.passing(page, stop))
            yield stop, Line(stop[0], "", path, False, middle, band.chapter.name if band else "")
    for arrow in routes.within:
        yield arrow, Line(*arrow, paper.path(curves.within(page, *arrow)), in_one_chapter(story, *arrow))
    for arrow in routes.backward:
        yield arrow, Line(*arrow, paper.path(curves.backward(page, *arrow)), in_one_chapter(story, *arrow))


def _arrow(page: Page, places: list[Place], cause: str, effect: str) -> Arrow:
    if (cause, effect) in places:
        return Arrow(cause, effect, (places.index((cause, effect)),))
    ways: list[Place] = [one for link in curves.links_of(page, cause, effect) for one in (link[0], link)]
    return Arrow(cause, effect, tuple(places.index(one) for one in ways if one in places))


def _rival(case: Case, name: str, called: Mapping[str, str]) -> Rival:
    story, drawn_nodes = case.under([name]).story, case.story.written.nodes
    new, gone = changed_arrows(story)
    added = [story.nodes[one] for one in story.anew if one not in drawn_nodes]
    return Rival(
        name,
        tuple(
            {"name": node.name, "label": called.get(node.name) or label_of(story, node.name), "chapter": node.chapter}
            for node in added
        ),
        tuple(one for one in drawn_nodes if one in story.anew),
        new,
        gone,
    )
