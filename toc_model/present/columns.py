"""Which columns of a table there is room for, and how wide each of them is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from toc_model.present.section import Table

NARROWEST, NAME = 18, 30
"""Least widths of a column of texts and of one of names, where there is no room for all that is in it."""
GAP = 2
"""What a column takes besides its texts."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that fit.

    Attributes
    ----------
    places : tuple of int
        Of those that are shown.
    widths : tuple of int
        Of each of them, in characters.
    left_out : tuple of str
        Headings of all others.
    """

    places: tuple[int, ...]
    widths: tuple[int, ...]
    left_out: tuple[str, ...]


def fitting(table: Table, headings: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> Columns:
    """Leave out columns until the others fit, and divide the room among these.

    Figures are never wrapped, their headings and texts are. The first column is always shown, and one beside it.

    Parameters
    ----------
    table : Table
        Which says what goes first; then columns go from the right.
    headings : sequence of str
    rows : sequence of sequence of str
        As they are printed.
    width : int
        Of the whole table, in characters.
    """
    columns = [[heading, *(row[place] for row in rows)] for place, heading in enumerate(headings)]
    least = [_least(place, column, table.numeric[place]) for place, column in enumerate(columns)]
    places = _kept(_order(table), least, width)
    most = [max(map(_length, column)) for column in columns]
    found = _divided([least[place] for place in places], [most[place] for place in places], width)
    left_out = [heading for place, heading in enumerate(headings) if place not in places]
    return Columns(tuple(places), tuple(found), tuple(filter(None, left_out)))


def _kept(order: Sequence[Sequence[int]], least: Sequence[int], width: int) -> list[int]:
    """Places of columns that fit together: what goes last is taken first, and smaller ones where there is room left."""
    kept = [0, *(order[-1] if order else ())]
    for places in reversed(order[:-1]):
        if _taken(least[one] for one in (*kept, *places)) <= width:
            kept += places
    return sorted(kept)


def _order(table: Table) -> list[list[int]]:
    """Places of columns in the order in which they go; of those with one heading the right one is meant first."""
    left = list(range(len(table.headings) - 1, 0, -1))
    order = []
    for together in table.goes:
        headings = (together,) if isinstance(together, str) else together
        places = [next((place for place in left if table.headings[place] == heading), None) for heading in headings]
        order.append([place for place in places if place is not None])
        left = [place for place in left if place not in places]
    return [*filter(None, order), *([place] for place in left)]


def _least(place: int, column: Sequence[str], is_numeric: bool) -> int:
    """The least width at which a column can be read."""
    heading, *cells = column
    widest = max(map(_length, cells), default=0)
    if not is_numeric:
        widest = min(widest, NAME if place == 0 else NARROWEST)
    return max(widest, *map(_length, heading.split() or [""]), 1)


def _taken(widths: Iterable[int]) -> int:
    return sum(width + GAP for width in widths)


def _divided(least: Sequence[int], most: Sequence[int], width: int) -> list[int]:
    """Widths between the least and the most, those that lack little first."""
    found, room = list(least), width - _taken(least)
    if room < 0:
        found[0] = max(1, found[0] + room)
    lacking = sorted(range(len(found)), key=lambda place: most[place] - least[place])
    for done, place in enumerate(lacking):
        more = max(0, min(most[place] - least[place], room // (len(found) - done)))
        found[place] += more
        room -= more
    return found


def _length(text: str) -> int:
    """Columns of a terminal that a text takes."""
    from rich.cells import cell_len

    return cell_len(text)
