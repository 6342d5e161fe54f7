"""The graph as data for a page that draws it itself: boxes, lines and bands in pixels, arrows by the lines they take."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from toc_model.engine.case import Case
from toc_model.engine.story import Story
from toc_model.present.graph import curves
from toc_model.present.graph.curves import Curve, Point
from toc_model.present.graph.heights import BOX_HEIGHT
from toc_model.present.graph.layout import BOX_WIDTH, MARGIN, OUTER_GUTTER, Page
from toc_model.present.graph.parts import (
    PALETTE,
    changed_arrows,
    chapters,
    in_chapter,
    in_one_chapter,
    in_words,
    wrapped,
)

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
    """A piece of line: whose it is, the box that it enters (or ""), and, through a column, where its name stands."""

    cause: str
    effect: str
    d: str
    within: bool
    name: Point | None
    behind: str
    """Chapter on whose band the name stands."""


@dataclass(frozen=True, slots=True)
class Ground:
    """The band of a chapter; the levers' has no number and no background."""

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
class Arrow:
    """A cause and its effect, and the numbers of the lines that lead from one to the other."""

    cause: str
    effect: str
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Rival:
    """What one rival mechanism changes in the drawn graph: nodes and arrows that it adds, arrows that it takes away."""

    name: str
    nodes: tuple[Mapping[str, str], ...]
    """Of each node that it adds: ``name``, ``label`` and ``chapter``."""
    anew: tuple[str, ...]
    """Drawn nodes whose law it gives anew."""
    new: tuple[tuple[str, str], ...]
    gone: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A story without rivals laid out in pixels, from its top left corner, and what rivals change in it."""

    width: float
    height: float
    box: tuple[float, float]
    """Width and height of every box."""
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
        What nodes and levers are called; by default their names in words.

    Returns
    -------
    Drawn
        Boxes in the order of the story. Colours are places in `PALETTE`.
    """
    story, called = case.story.written, labels or {}
    page = Page.of(story)
    right, down = _scales(page)
    lines, numbers = _lines(story, page, right, down)
    bottom = down(page.bottom)
    return Drawn(
        width=_rounded(right(_edge(page))),
        height=_rounded(bottom),
        box=(BOX, _rounded(DOWN * BOX_HEIGHT)),
        bands=(*_levers_band(story, page, right, down, bottom), *_bands(page, right, down, bottom)),
        boxes=tuple(
            Box(
                name,
                tuple(wrapped(called.get(name) or in_words(name), CHARACTERS, LINES)),
                _kind(story, name, case.objective.node),
                story.nodes[name].chapter if name in story.nodes else "",
                _rounded(right(page.middle_of((name, column)))),
                _rounded(down(page.height_of[name, column])),
            )
            for name, column in page.routes.home.items()
        ),
        lines=tuple(lines),
        arrows=tuple(
            Arrow(cause, effect, _taken(page, numbers, cause, effect)) for cause, effect in page.routes.arrows
        ),
        rivals=tuple(_rival(case, story, name, called) for name in case.rival_names),
    )


type Scale = Callable[[float], float]


def _scales(page: Page) -> tuple[Scale, Scale]:
    """From inches of a page to pixels: columns are as wide as their words need, gutters as their lines."""
    inches, pixels = [0.0], [0.0]
    for left in page.left:
        pixels.append(pixels[-1] + GUTTER * (left - inches[-1]))
        pixels.append(pixels[-1] + BOX)
        inches += [left, left + BOX_WIDTH]
    inches.append(_edge(page))
    pixels.append(pixels[-1] + GUTTER * (inches[-1] - inches[-2]))
    return lambda x: float(np.interp(x, inches, pixels)), lambda y: DOWN * (y - page.top)


def _edge(page: Page) -> float:
    return page.left[-1] + BOX_WIDTH + OUTER_GUTTER + MARGIN


def _kind(story: Story, name: str, main: str) -> str:
    if name in story.levers:
        return "lever"
    if name == main:
        return "objective"
    return "outcome" if story.nodes[name].is_outcome else "node"


def _levers_band(story: Story, page: Page, right: Scale, down: Scale, bottom: float) -> Iterator[Ground]:
    if story.levers:
        left, end = right(page.left[0] - OUTER_GUTTER), right(page.left[0] + BOX_WIDTH)
        x, y = _rounded(left), _rounded(down(page.top))
        yield Ground("", 0, CHOSEN, (CHOSEN,), -1, x, y, _rounded(end - left), _rounded(bottom - y))


def _bands(page: Page, right: Scale, down: Scale, bottom: float) -> Iterator[Ground]:
    for band in page.bands:
        x, y = _rounded(right(band.left)), _rounded(down(band.top))
        size = _rounded(right(band.right) - x), _rounded(bottom - y)
        yield Ground(band.chapter.name, band.number, band.chapter.title, band.heading, (band.number - 1) % len(PALETTE), x, y, *size)


def _lines(
    story: Story, page: Page, right: Scale, down: Scale
) -> tuple[Sequence[Line], Mapping[tuple[object, ...], int]]:
    """All pieces of line, and their numbers: of links, of stops that they pass, and of other arrows."""
    found, numbers = list[Line](), dict[tuple[object, ...], int]()

    def add(key: tuple[object, ...], cause: str, effect: str, curve: Curve, stop: tuple[str, int] | None = None) -> None:
        numbers[key] = len(found)
        name, behind = None, ""
        if stop is not None:
            name = _rounded(right(page.middle_of(stop))), _rounded(down(page.height_of[stop]))
            band = page.band_behind(stop)
            behind = band.chapter.name if band else ""
        inside = bool(effect) and in_one_chapter(story, cause, effect)
        found.append(Line(cause, effect, _path(curve, right, down), inside, name, behind))

    for link in page.routes.links:
        add(link, link[0][0], link[1][0] if page.routes.is_box(link[1]) else "", curves.of_link(page, link))
    for stop in page.height_of:
        if not page.routes.is_box(stop):
            add(stop, stop[0], "", curves.passing(page, stop), stop)
    for cause, effect in page.routes.within:
        add((cause, effect), cause, effect, curves.within(page, cause, effect))
    for cause, effect in page.routes.backward:
        add((cause, effect), cause, effect, curves.backward(page, cause, effect))
    return found, numbers


def _taken(page: Page, numbers: Mapping[tuple[object, ...], int], cause: str, effect: str) -> tuple[int, ...]:
    if (cause, effect) in numbers:
        return (numbers[cause, effect],)
    links = curves.links_of(page, cause, effect)
    return tuple(numbers[key] for link in links for key in (link[0], link) if key in numbers)


def _path(curve: Curve, right: Scale, down: Scale) -> str:
    start, *others = (f"{_rounded(right(x)):g} {_rounded(down(y)):g}" for x, y in curve)
    return f"M{start}C{' '.join(others)}"


def _rival(case: Case, written: Story, name: str, called: Mapping[str, str]) -> Rival:
    story = case.under([name]).story
    new, gone = changed_arrows(story)
    added = [one for chapter in chapters(story) for one in in_chapter(story, chapter.name) if one not in written.nodes]
    given = {found for found, node in story.nodes.items() if node.law is not getattr(written.nodes.get(found), "law", None)}
    return Rival(
        name,
        tuple({"name": one, "label": called.get(one) or in_words(one), "chapter": story.nodes[one].chapter} for one in added),
        tuple(one for one in written.nodes if one in given),
        new,
        gone,
    )


def _rounded(pixels: float) -> float:
    return round(pixels, 1)
