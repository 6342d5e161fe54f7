"""The equation of a node, made from its law itself: the law is run once on values that keep their names."""

import string
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from html import escape

from toc_model.engine.program.arithmetic import CannotRecordError
from toc_model.engine.program.notations import NOT_IN_XML, Latex, Mathml, Notation, Plain
from toc_model.engine.program.symbolic import named, tree_of
from toc_model.engine.program.trees import Apply, Name, Over, Tree, dims_of, is_a, parts_of, rebuilt, walk, weight
from toc_model.engine.program.typesetting import FUNCTIONS, Typesetter
from toc_model.engine.story import Story

WIDE = 100
"""Characters that a line has at most, where parts of it can have letters."""
LEAST = 25
"""Characters that such a part has at least."""
LETTERS = "uvwxyzqrst"
STYLE = """math { font-family: "Latin Modern Math", "STIX Two Math", "Cambria Math", "DejaVu Math TeX Gyre", math; }
math .equation > mtr > mtd, math .cases > mtr > mtd { text-align: left; }
math .equation > mtr > mtd { padding-block: 0.4em; }
math .cases > mtr > mtd { padding-block: 0.15em; }
"""
"""What a page says of fonts whose brackets grow, and of tables, which have no such attributes in MathML Core."""


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
        """As an element ``math`` of MathML Core, with the same as a line of text; `STYLE` is for its tables."""
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
        if any(isinstance(one, Name) and one.of_reference for one in whole):
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
        What nodes, levers, parameters, dimensions and places are called; by default as nodes and levers say, or their
        names.

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
    levers = {name: lever.label for name, lever in story.levers.items() if lever.label and "{" not in lever.label}
    called = {**levers, **{name: one.label for name, one in story.nodes.items()}, **(labels or {})}
    tree, parts = _shared(tree, {*story.dims}, called)
    letters = _letters(story.dimensions)
    return Expression(Name(node, found.dims), tree, parts, called, story.dimensions, letters)


def _letters(dimensions: Collection[str]) -> dict[str, str]:
    """A letter for each dimension, its first one if that is free."""
    found: dict[str, str] = {}
    for dim in dimensions:
        own = [one for one in (*dim.lower(), *string.ascii_lowercase) if one in string.ascii_lowercase]
        free = (one for one in own if one not in found.values() and one not in {*LETTERS, "e"})
        found[dim] = next(free, dim)
    return found


def _shared(
    tree: Tree, taken: Collection[str], labels: Mapping[str, str]
) -> tuple[Tree, tuple[tuple[Name, Tree], ...]]:
    """Letters for parts that come twice, and for parts of what is too wide for a line."""
    whole, parts = Name(""), dict[Name, Tree]()
    trees: dict[Name, Tree] = {whole: tree}
    for chosen in (_repeated, partial(_long, labels=labels)):
        while (part := chosen(list(trees.values()))) is not None:
            letter = Name(f"{len(trees)}", dims_of(part))
            trees = {name: _replaced(one, part, letter) for name, one in trees.items()} | {letter: part}
    # In the order of their first use, but each after all that use it.
    names = (one for one in (*LETTERS, *(f"{a}{b}" for a in LETTERS for b in LETTERS)) if one not in taken)
    waiting = [whole]
    while waiting:
        name = waiting.pop(0)
        parts[name] = trees.pop(name)
        used = [one for found in parts.values() for one in walk(found) if isinstance(one, Name) and one in trees]
        later = {one for found in trees.values() for one in walk(found)}
        waiting = [one for one in dict.fromkeys(used) if one not in later]
    called = {name: replace(name, name=next(names)) for name in parts if name != whole}
    for old, new in called.items():
        parts = {name: _replaced(one, old, new) for name, one in parts.items()}
    return parts.pop(whole), tuple((called[name], one) for name, one in parts.items())


def _repeated(trees: Sequence[Tree]) -> Tree | None:
    """The heaviest part that comes so often that a letter for it saves something."""
    counts = Counter(one for tree in trees for one in walk(tree) if isinstance(one, Apply | Over))
    saving = (one for one, many in counts.items() if (many - 1) * (weight(one) - 1) > 1)
    return max(saving, key=weight, default=None)


def _long(trees: Sequence[Tree], labels: Mapping[str, str]) -> Tree | None:
    """The widest part that fits into a line, of a tree that does not."""
    width = partial(_width, labels=labels)
    for tree in trees:
        if width(tree) > WIDE:
            parts = (one for one in walk(tree) if isinstance(one, Apply | Over) and LEAST <= width(one) <= WIDE)
            return max(parts, key=width, default=None)
    return None


def _width(tree: Tree, labels: Mapping[str, str]) -> int:
    """About how many characters a tree takes in a line."""
    if isinstance(tree, Name):
        return len(labels.get(tree.name, tree.name)) + 2
    widths = [_width(part, labels) for part in parts_of(tree)]
    if is_a(tree, "divide"):
        return max(widths)
    return sum(widths) + (len(FUNCTIONS.get(tree.operation, "")) + 2 if isinstance(tree, Apply) else 3)


def _replaced(tree: Tree, part: Tree, letter: Name) -> Tree:
    return letter if tree == part else rebuilt(tree, lambda one: _replaced(one, part, letter))
