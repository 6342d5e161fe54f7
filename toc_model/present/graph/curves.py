"""Which way lines go between the boxes of a page: Bézier curves of four points, in inches."""

from collections.abc import Sequence
from itertools import pairwise

from toc_model.present.graph.heights import BOX_HEIGHT
from toc_model.present.graph.layout import Page
from toc_model.present.graph.routes import Link, Stop

type Point = tuple[float, float]
type Curve = tuple[Point, Point, Point, Point]


def of_link(page: Page, link: Link) -> Curve:
    """From a box or a passing line to the next column."""
    start, end = link
    x0, y0, x1, y1 = page.right_of(start), page.height_of[start], page.left_of(end), page.ports[link]
    before, after = 1.1 * page.bends[link] * (x1 - x0), 1.1 * (1 - page.bends[link]) * (x1 - x0)
    return (x0, y0), (x0 + before, y0), (x1 - after, y1), (x1, y1)


def passing(page: Page, stop: Stop) -> Curve:
    """Through a column, level."""
    return level(page.left_of(stop), page.right_of(stop), page.height_of[stop])


def level(left: float, right: float, y: float) -> Curve:
    """A straight line to the right."""
    third = (right - left) / 3
    return (left, y), (left + third, y), (right - third, y), (right, y)


def within(page: Page, cause: str, effect: str) -> Curve:
    """Down a column: straight where nothing stands between, and around what does."""
    upper, lower = (cause, page.routes.home[cause]), (effect, page.routes.home[effect])
    start, end = page.height_of[upper], page.height_of[lower]
    if page.is_free_between(upper, lower):
        return _straight_down(page.middle_of(upper), start + BOX_HEIGHT / 2, end - BOX_HEIGHT / 2)
    return _around(page.right_of(upper), start + 0.15, end - 0.17)


def backward(page: Page, cause: str, effect: str) -> Curve:
    """From a later column to an earlier one."""
    start, end = (cause, page.routes.home[cause]), (effect, page.routes.home[effect])
    x0, y0, x1, y1 = page.left_of(start), page.height_of[start], page.right_of(end), page.height_of[end] + 0.1
    return (x0, y0), (x0 - 0.5, y0), (x1 + 0.5, y1), (x1, y1)


def links_of(page: Page, cause: str, effect: str) -> Sequence[Link]:
    """The pieces of line that an arrow to a column further right is made of, in order."""
    first, last = page.routes.home[cause], page.routes.home[effect]
    stops = [*((cause, column) for column in range(first, last)), (effect, last)]
    return [*pairwise(stops)]


def _straight_down(x: float, start: float, end: float) -> Curve:
    third = (end - start) / 3
    return (x, start), (x, start + third), (x, end - third), (x, end)


def _around(x: float, start: float, end: float) -> Curve:
    out = x + min(0.14 + 0.06 * (end - start), 0.4)
    return (x, start), (out, start), (out, end), (x, end)
