"""The equation of a node, made from its law itself: the law is run once on values that keep their names."""

import string
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from toc_model.engine.program.arithmetic import CannotRecordError
from toc_model.engine.program.notations import NOT_IN_XML, Latex, Mathml, Notation, Plain
from toc_model.engine.program.symbolic import named, tree_of
from toc_model.engine.program.trees import Apply, Name, Over, Tree, dims_of, rebuilt, walk, weight
from toc_model.engine.program.typesetting import Typesetter
from toc_model.engine.story import Story

HEAVY = 5
"""Names and numbers from which a part that comes twice has a letter of its own."""
LETTERS = "uvwxyzqrst"
STYLE = """math .equation > mtr > mtd:first-child { text-align: right; padding-inline-end: 0; }
math .equation > mtr > mtd, math .cases > mtr > mtd { text-align: left; }
math .equation > mtr > mtd { padding-block: 0.4em; }
"""
"""What a page says about the tables in MathML, which has no such attributes of its own."""


@dataclass(frozen=True, slots=True)
class Expression:
    """The equation of a node.

    Attributes
    ----------
    node : Name
        The left side.
    tree : Tree
        The right side.
    parts : tuple of (Name, Tree)
        What letters in it and in each other mean; each rests on later ones alone.
    labels : mapping of str to str
    places : mapping of str to tuple of str
        Names of places by dimension.
    letters : mapping of str to str
        Indices by dimension.
    """

    node: Name
    tree: Tree
    parts: tuple[tuple[Name, Tree], ...]
    labels: Mapping[str, str] = field(repr=False)
    places: Mapping[str, tuple[str, ...]] = field(repr=False)
    letters: Mapping[str, str] = field(repr=False)

    def latex(self) -> str:
        """In LaTeX with amsmath, for a display."""
        return self._written(Latex())

    def mathml(self) -> str:
        """As an element ``math`` of MathML Core, with the same in words for who can't see it; `STYLE` sets its tables."""
        words = escape(NOT_IN_XML.sub("�", self.text()))
        namespace = "http://www.w3.org/1998/Math/MathML"
        return f'<math xmlns="{namespace}" display="block" alttext="{words}">{self._written(Mathml())}</math>'

    def text(self) -> str:
        """As a line of text."""
        return self._written(Plain())

    @property
    def notes(self) -> tuple[str, ...]:
        """What its signs mean, as sentences."""
        return tuple(self._notes())

    def _notes(self) -> Iterator[str]:
        whole = [one for tree in (self.tree, *(tree for _, tree in self.parts)) for one in walk(tree)]
        indices = {dim for one in whole for dim in dims_of(one) if dim in self.letters}
        for dim in self.letters:
            if dim in indices:
                yield f"{self.letters[dim]}: {self.labels.get(dim) or dim.replace('_', ' ')}."
        kinds = {one.operation for one in whole if isinstance(one, Apply)}
        if "change" in kinds or any(isinstance(one, Name) and one.of_reference for one in whole):
            yield "0: in the reference world."
        if "change" in kinds:
            yield "Δ: change from the reference world."
        if "growth_factor" in kinds:
            yield "growth(x) = (e^x − 1) / x, and 1 at 0."  # noqa: RUF001
        if kinds & {"normal_cdf", "normal_quantile"}:
            yield "Φ: the standard normal distribution."

    def _written(self, notation: Notation) -> str:
        rows = []
        local = frozenset(name.name for name, _ in self.parts)
        for name, tree in ((self.node, self.tree), *self.parts):
            setter = Typesetter(notation, self.labels, self.places, self.letters, local, name.dims)
            rows.append((setter.written(name), setter.written(tree)))
        return notation.lines(rows)


def equation(story: Story, node: str, labels: Mapping[str, str] | None = None) -> Expression:
    """The equation of a node's law.

    Parameters
    ----------
    story : Story
        Interventions that cut arrows are seen; one that holds the node is not, for it leaves the law as it is.
    node : str
    labels : mapping of str to str, optional
        What nodes, levers, parameters, dimensions and places are called; by default as their levers say, or their names.

    Raises
    ------
    InputError
        If there is no such node.
    CannotRecordError
        Naming the node, if its law branches on a value, or does what is no operation on numbers.
    """
    found, dims = story.node(node), story.dims
    parents = {name: named(name, dims.get(name, ()), story.sizes) for name in found.parents}
    try:
        tree = tree_of(found.law(**parents))
    except (CannotRecordError, TypeError, AttributeError, ValueError, NotImplementedError) as error:
        raise CannotRecordError(f"node {node}: {error}") from None
    called = {name: lever.label for name, lever in story.levers.items() if lever.label and "{" not in lever.label}
    tree, parts = _shared(tree, {*story.dims})
    letters = _letters(story.dimensions)
    return Expression(Name(node, found.dims), tree, parts, {**called, **(labels or {})}, story.dimensions, letters)


def _letters(dimensions: Collection[str]) -> dict[str, str]:
    """A letter for each dimension, its first one if that is free."""
    found: dict[str, str] = {}
    for dim in dimensions:
        own = [one for one in (*dim.lower(), *string.ascii_lowercase) if one in string.ascii_lowercase]
        free = (one for one in own if one not in found.values() and one not in {*LETTERS, "e"})
        found[dim] = next(free, dim)
    return found


def _shared(tree: Tree, taken: Collection[str]) -> tuple[Tree, tuple[tuple[Name, Tree], ...]]:
    """Letters for parts that come twice."""
    trees: list[tuple[Name | None, Tree]] = [(None, tree)]
    names = (one for one in (*LETTERS, *(f"{a}{b}" for a in LETTERS for b in LETTERS)) if one not in taken)
    while (part := _heaviest([one for _, one in trees])) is not None:
        letter = Name(next(names), dims_of(part))
        trees = [(name, _replaced(one, part, letter)) for name, one in trees]
        trees.append((letter, part))
    main, *rest = trees
    return main[1], tuple((name, one) for name, one in rest if name)


def _heaviest(trees: Sequence[Tree]) -> Tree | None:
    """The heaviest part that comes twice."""
    counts: dict[Tree, int] = {}
    for tree in trees:
        for one in walk(tree):
            if isinstance(one, Apply | Over) and weight(one) >= HEAVY:
                counts[one] = counts.get(one, 0) + 1
    return max((one for one, many in counts.items() if many > 1), key=weight, default=None)


def _replaced(tree: Tree, part: Tree, letter: Name) -> Tree:
    return letter if tree == part else rebuilt(tree, lambda one: _replaced(one, part, letter))
