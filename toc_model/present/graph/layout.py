"""Where everything stands on the page, in inches from its top left corner."""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate

from toc_model.engine.declare import Chapter
from toc_model.engine.story import Story
from toc_model.present.graph.heights import BOX_HEIGHT, GAP_BETWEEN_BOXES, heights
from toc_model.present.graph.parts import changes, chapters, in_chapter, not_drawn, wrapped
from toc_model.present.graph.routes import Link, Routes, Stop
from toc_model.present.words import counted

BOX_WIDTH = 1.16
OUTER_GUTTER = 0.25
NARROW_GUTTER = 0.38
WIDE_GUTTER = 0.8
"""Of the two columns between which lines rise and fall most."""
GAP_BETWEEN_BANDS = 0.1
MARGIN = 0.17
PORT_DISTANCE = 0.1
TITLE = 0.62
LINE = 0.19
HEADING = 0.42
HEADING_LINE = 0.145
LEGEND = 0.62
SMALLEST_WIDTH = 14.2
CHARACTERS_PER_INCH = 13


@dataclass(frozen=True, kw_only=True)
class Band:
    """The background and the heading of one chapter."""

    chapter: Chapter
    number: int
    heading: tuple[str, ...]
    left: float
    right: float
    top: float


@dataclass(frozen=True, kw_only=True)
class Page:
    """A story laid out: the heights of all stops and ports, the bands, and the words above them."""

    routes: Routes
    left: tuple[float, ...]
    """Left edges of the boxes of every column."""
    height_of: Mapping[Stop, float]
    """Of the middle of a box or line, measured from the top of the page."""
    ports: Mapping[Link, float]
    bends: Mapping[Link, float]
    """Where between two columns a line rises or falls, as a fraction of the way."""
    bands: tuple[Band, ...]
    notes: tuple[str, ...]
    edits: tuple[str, ...]
    top: float
    bottom: float
    width: float

    @classmethod
    def of(cls, story: Story) -> "Page":
        """Lay out a story."""
        routes = Routes.of(story)
        headings = {chapter.name: _heading(story, routes, chapter) for chapter in chapters(story)}
        rooms = {name: _room(heading) for name, heading in headings.items()}
        below, depth = heights(routes, {name: rooms[found.chapter] for name, found in story.nodes.items()})
        left = _left_edges(routes, below)
        width = max(SMALLEST_WIDTH, _between(left, len(left) - 1) + MARGIN - GAP_BETWEEN_BANDS / 2)
        notes, edits = _broken(_summary(story), width), _broken(changes(story), width)
        top = TITLE + LINE * len(notes + edits)
        start = top + max(rooms.values())
        middle = {stop: start + height for stop, height in below.items()}
        return cls(
            routes=routes,
            left=left,
            height_of=middle,
            ports=_ports(routes, middle),
            bends=_bends(routes, middle),
            bands=_bands(story, routes, left, middle, headings, top),
            notes=notes,
            edits=edits,
            top=top,
            bottom=start + depth + GAP_BETWEEN_BOXES,
            width=width,
        )

    @property
    def height(self) -> float:
        """Height of the page, the legend included."""
        return self.bottom + LEGEND

    def left_of(self, stop: Stop) -> float:
        """Where lines reach a stop."""
        return self.left[stop[1]]

    def middle_of(self, stop: Stop) -> float:
        """The middle between its left and right."""
        return self.left[stop[1]] + BOX_WIDTH / 2

    def right_of(self, stop: Stop) -> float:
        """Where lines leave a stop."""
        return self.left[stop[1]] + BOX_WIDTH

    def band_behind(self, stop: Stop) -> Band | None:
        """The band on which a stop stands; None beside all of them."""
        left, y = self.left_of(stop), self.height_of[stop]
        below = [band for band in self.bands if band.left < left < band.right and band.top < y]
        return below[-1] if below else None

    def is_free_between(self, upper: Stop, lower: Stop) -> bool:
        """Whether nothing stands between two boxes of one column."""
        heights_here = [height for stop, height in self.height_of.items() if stop[1] == upper[1]]
        return not any(self.height_of[upper] < height < self.height_of[lower] for height in heights_here)


def _left_edges(routes: Routes, height: Mapping[Stop, float]) -> tuple[float, ...]:
    """Columns stand further apart the more the lines between them rise and fall."""
    rise = [0.0] * (len(routes.columns) - 1)
    for start, end in routes.links:
        rise[start[1]] += abs(height[start] - height[end])
    gutters = [NARROW_GUTTER + (WIDE_GUTTER - NARROW_GUTTER) * total / max([*rise, 1.0]) for total in rise]
    return tuple(accumulate((BOX_WIDTH + gutter for gutter in gutters), initial=MARGIN + OUTER_GUTTER))


def _bends(routes: Routes, middle: Mapping[Stop, float]) -> dict[Link, float]:
    """Lines that go the same way bend one after the other, so that they run side by side."""
    bends: dict[Link, float] = {}
    for column in range(len(routes.columns) - 1):
        here = [link for link in routes.links if link[0][1] == column]
        falling = [link for link in here if middle[link[0]] < middle[link[1]]]
        rising = [link for link in here if link not in falling]
        bends |= _staggered(rising, sorted({start for start, _ in rising}, key=lambda stop: middle[stop]))
        bends |= _staggered(falling, sorted({start for start, _ in falling}, key=lambda stop: -middle[stop]))
    return bends


def _staggered(links: list[Link], starts: list[Stop]) -> dict[Link, float]:
    return {link: 0.3 + 0.4 * (starts.index(link[0]) + 0.5) / len(starts) for link in links}


def _broken(text: str, width: float) -> tuple[str, ...]:
    return tuple(textwrap.wrap(text, int(width * CHARACTERS_PER_INCH)))


def _summary(story: Story) -> str:
    return (
        f"{counted(len(story.levers), 'lever')} and {counted(len(story.nodes), 'node')} "
        f"({counted(len(story.outcomes), 'outcome')}) in {counted(len(chapters(story)), 'chapter')}. Arrows lead from "
        f"cause to effect: to the right, or downwards in a column. {not_drawn(story)} are not drawn."
    )


def _columns_of(story: Story, routes: Routes, chapter: Chapter) -> list[int]:
    return sorted({routes.home[name] for name in in_chapter(story, chapter.name)})


def _heading(story: Story, routes: Routes, chapter: Chapter) -> tuple[str, ...]:
    columns = len(_columns_of(story, routes, chapter))
    lines = textwrap.wrap(chapter.title, 22 + 28 * (columns - 1))
    return tuple(wrapped(chapter.title, 1, len(lines)))


def _room(heading: tuple[str, ...]) -> float:
    return HEADING + HEADING_LINE * len(heading)


def _bands(
    story: Story,
    routes: Routes,
    left: tuple[float, ...],
    middle: Mapping[Stop, float],
    headings: Mapping[str, tuple[str, ...]],
    top: float,
) -> tuple[Band, ...]:
    bands = []
    for number, chapter in enumerate(chapters(story), start=1):
        columns = _columns_of(story, routes, chapter)
        stops = [(name, routes.home[name]) for name in in_chapter(story, chapter.name)]
        first = min(middle[stop] for stop in stops) - BOX_HEIGHT / 2 - _room(headings[chapter.name])
        bands.append(
            Band(
                chapter=chapter,
                number=number,
                heading=headings[chapter.name],
                left=_between(left, columns[0] - 1) + GAP_BETWEEN_BANDS / 2,
                right=_between(left, columns[-1]) - GAP_BETWEEN_BANDS / 2,
                top=first if routes.stack(stops[0]) > 0 else top,
            )
        )
    return tuple(bands)


def _between(left: tuple[float, ...], column: int) -> float:
    """The middle of the gutter at the right of a column."""
    if column < 0:
        return left[0] - OUTER_GUTTER
    if column + 1 == len(left):
        return left[column] + BOX_WIDTH + OUTER_GUTTER
    return (left[column] + BOX_WIDTH + left[column + 1]) / 2


def _ports(routes: Routes, middle: Mapping[Stop, float]) -> dict[Link, float]:
    """Spread the arrows into a box over its left side, in the order in which they come."""
    ports = {link: middle[link[1]] for link in routes.links}
    for box in {end for _, end in routes.links if routes.is_box(end)}:
        incoming = sorted((link for link in routes.links if link[1] == box), key=lambda link: (middle[link[0]], link))
        distance = min(PORT_DISTANCE, 0.8 * BOX_HEIGHT / len(incoming))
        for index, link in enumerate(incoming):
            ports[link] += (index - (len(incoming) - 1) / 2) * distance
    return ports
