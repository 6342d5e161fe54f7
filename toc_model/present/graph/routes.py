"""Into which column a box goes, and through which columns an arrow passes on its way.

Levers are the first column, chapters follow in the order of the story, the outcomes of a chapter in a column of
their own. All arrows from a box to columns further right share one line, which passes the columns in between at a
free place and branches behind them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from toc_model.engine.story import Story
from toc_model.present.graph.parts import arrows, chapters, in_chapter

type Stack = tuple[str, ...]
type Stop = tuple[str, int]
"""A name and a column: its box if the column is its own, and its line on the way to others otherwise."""
type Link = tuple[Stop, Stop]


@dataclass(frozen=True)
class Routes:
    """Columns of boxes, a stack a chapter, and the arrows between boxes."""

    columns: tuple[tuple[Stack, ...], ...]
    arrows: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, story: Story) -> "Routes":
        """Give every lever and node of a story its column."""
        columns: list[tuple[Stack, ...]] = [(tuple(story.levers),)] if story.levers else []
        causes = arrows(story)
        tallest = max(len(stack) for chapter in chapters(story) for stack in _stacks(story, chapter.name))
        for chapter in chapters(story):
            stacks = _stacks(story, chapter.name)
            below = [index for index in range(1, len(columns)) if _fits_below(stacks, columns, index, causes, tallest)]
            if below:
                columns[below[0]] += tuple(stacks)
            else:
                columns += [(stack,) for stack in stacks]
        return cls(tuple(columns), causes)

    @cached_property
    def home(self) -> dict[str, int]:
        """The column of every box."""
        return {name: index for index, stacks in enumerate(self.columns) for name in _flat(stacks)}

    @cached_property
    def stops(self) -> tuple[tuple[Stop, ...], ...]:
        """Boxes and passing lines of every column, in the order of the story."""
        last = {name: max(map(self.home.__getitem__, self.effects(name)), default=0) for name in self.home}
        return tuple(
            tuple((name, index) for name, home in self.home.items() if home == index or home < index < last[name])
            for index in range(len(self.columns))
        )

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Pieces of line between neighbouring columns."""
        return tuple(
            ((name, index), target)
            for index, (here, there) in enumerate(pairwise(self.stops))
            for name, _ in here
            for target in there
            if target[0] == name or (self.is_box(target) and (name, target[0]) in self.arrows)
        )

    @cached_property
    def within(self) -> tuple[tuple[str, str], ...]:
        """Arrows between two boxes of one column."""
        return tuple((cause, effect) for cause, effect in self.arrows if self.home[cause] == self.home[effect])

    @cached_property
    def backward(self) -> tuple[tuple[str, str], ...]:
        """Arrows from a later column to an earlier one."""
        return tuple((cause, effect) for cause, effect in self.arrows if self.home[cause] > self.home[effect])

    def effects(self, name: str) -> tuple[str, ...]:
        """Names that arrows lead to from here."""
        return tuple(effect for cause, effect in self.arrows if cause == name)

    def is_box(self, stop: Stop) -> bool:
        """Whether a stop is a box, rather than a line that passes."""
        return self.home[stop[0]] == stop[1]

    def stack(self, stop: Stop) -> int:
        """Which stack of its column a box belongs to, counted from the top."""
        name, column = stop
        return next(index for index, stack in enumerate(self.columns[column]) if name in stack)


def _stacks(story: Story, chapter: str) -> list[Stack]:
    names = in_chapter(story, chapter)
    on_the_way = tuple(name for name in names if not story.nodes[name].is_outcome)
    outcomes = tuple(name for name in names if story.nodes[name].is_outcome)
    return [stack for stack in (on_the_way, outcomes) if stack]


def _fits_below(
    stacks: list[Stack], columns: list[tuple[Stack, ...]], index: int, arrows: Iterable[tuple[str, str]], tallest: int
) -> bool:
    """Whether a chapter of one stack has all its causes further left, and the column room for it."""
    placed = {name: place for place, column in enumerate(columns) for name in _flat(column)}
    new = {*_flat(stacks)}
    met = {cause if effect in new else effect for cause, effect in arrows if (cause in new) != (effect in new)}
    further_left = all(placed.get(name, index) < index for name in met)
    return len(stacks) == 1 and further_left and len(new) + len([*_flat(columns[index])]) < tallest


def _flat(stacks: Iterable[Stack]) -> Iterator[str]:
    return (name for stack in stacks for name in stack)
