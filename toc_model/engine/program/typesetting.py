"""A tree in a notation: brackets where they are needed, and none where not."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from toc_model.engine.program.notations import PRIME, Notation
from toc_model.engine.program.trees import (
    TWO,
    Apply,
    Name,
    Number,
    Over,
    Table,
    Tree,
    is_a,
    parts_of,
    weight,
)

SUM, PRODUCT, FRACTION, POWER, CALL, ATOM = range(6)
"""How tightly a piece holds together."""
FUNCTIONS = {
    "log": "ln",
    "logit": "logit",
    "logistic": "logistic",
    "normal_cdf": "Φ",
    "arctan": "arctan",
    "growth_factor": "growth",
}
TESTS = {"equal": "=", "less": "<", "less_equal": "<="}
EXTREMES = {"smaller": "min", "larger": "max"}
SHORT = 3
"""Names and numbers up to which an exponent of e stands above it."""


class Piece(NamedTuple):
    """A text, how tightly it holds together, and whether more on its right would belong to it."""

    text: str
    level: int
    open: bool = False


@dataclass(frozen=True, slots=True)
class Typesetter:
    """Writes trees.

    Attributes
    ----------
    notation : Notation
    labels : mapping of str to str
        What names are called.
    places : mapping of str to tuple of str
        Names of places by dimension.
    letters : mapping of str to str
        Indices by dimension.
    locals : collection of str
        Names that are letters.
    free : tuple of str
        Dimensions of the equation and of the sums around.
    bound : mapping of str to str
        Indices of the sums around.
    is_small : bool
        Whether it is written in an exponent, where fractions lie on the line.
    """

    notation: Notation
    labels: Mapping[str, str]
    places: Mapping[str, Sequence[str]]
    letters: Mapping[str, str]
    locals: frozenset[str]
    free: tuple[str, ...]
    bound: Mapping[str, str] = field(default_factory=dict)
    is_small: bool = False

    def written(self, tree: Tree) -> str:
        """A tree by itself."""
        return self.piece(tree).text

    def piece(self, tree: Tree) -> Piece:
        """A tree as part of another."""
        if isinstance(tree, Name):
            return Piece(self._name(tree), ATOM)
        if isinstance(tree, Number):
            return self._number(tree.value)
        if isinstance(tree, Table):
            rows = [(self._number(x).text, self._at(tree.dim, [k])) for k, x in enumerate(tree.values)]
            return Piece(self.notation.cases(rows), PRODUCT, open=True)
        if isinstance(tree, Over):
            return self._over(tree)
        return self._applied(tree)

    def index(self, dim: str) -> str:
        """The letter of a dimension, with primes within sums over what is free around them."""
        return self.notation.letter(self.bound.get(dim, self.letters[dim]))

    def within(self, tree: Tree, level: int, *, last: bool = True) -> str:
        """A tree as part of another, in brackets if it holds together less than is needed or is open and not last."""
        piece = self.piece(tree)
        loose = piece.level < level or (piece.open and not last)
        return self.notation.bracketed(piece.text) if loose else piece.text

    def _name(self, tree: Name) -> str:
        below = [self.notation.number("0", "")] if tree.of_reference else []
        below += [self.notation.words(self._label(self.places[dim][place])) for dim, place in tree.at]
        below += [self.index(dim) for dim in tree.dims if dim != "allocation"]
        if tree.name in self.locals:
            return self.notation.letter(tree.name, below)
        return self.notation.name(self._label(tree.name), below)

    def _label(self, name: str) -> str:
        return self.labels.get(name) or name.replace("_", " ")

    def _number(self, value: float) -> Piece:
        if not math.isfinite(value):
            endless = self.notation.letter("∞")
            undefined = self.notation.words("undefined")
            limits = (Piece(endless, ATOM), Piece(self.notation.prefixed("-", endless), SUM))
            return Piece(undefined, ATOM) if math.isnan(value) else limits[value < 0]
        digits, _, exponent = repr(abs(float(value))).partition("e")
        exponent = str(int(exponent)) if exponent else ""
        written = self.notation.number(digits.removesuffix(".0"), exponent)
        if str(value).startswith("-"):
            return Piece(self.notation.prefixed("-", written), SUM)
        return Piece(written, PRODUCT if exponent else ATOM)

    def _over(self, tree: Over) -> Piece:
        index = self.letters[tree.dim] + PRIME * self.free.count(tree.dim)
        inner = replace(self, free=(*self.free, tree.dim), bound={**self.bound, tree.dim: index})
        sign = "sum" if tree.operation == "add" else "max"
        level = PRODUCT if tree.operation == "add" else ATOM
        return Piece(
            self.notation.over(sign, inner.index(tree.dim), inner.within(tree.body, level)), PRODUCT, open=True
        )

    def _applied(self, tree: Apply) -> Piece:
        kind = tree.operation
        if kind in FUNCTIONS:
            return Piece(self.notation.called(FUNCTIONS[kind], [self.written(x) for x in tree.arguments]), CALL)
        if kind in TESTS:
            return Piece(self.notation.bracketed(self._test(tree), "[]"), ATOM)
        if kind in EXTREMES:
            arguments = [self.written(one) for one in _flattened(tree, {kind})]
            return Piece(self.notation.called(EXTREMES[kind], arguments), CALL)
        return WRITE[kind](self, tree)

    def _test(self, tree: Tree) -> str:
        """A condition."""
        if isinstance(tree, Table):
            return self._at(tree.dim, [k for k, mark in enumerate(tree.values) if mark])
        if isinstance(tree, Apply) and tree.operation in TESTS:
            left, right = (self.within(one, SUM) for one in tree.arguments)
            return self.notation.infix(left, TESTS[tree.operation], right)
        return self.notation.infix(self.written(tree), "!=", self.notation.number("0", ""))

    def _at(self, dim: str, places: Sequence[int]) -> str:
        found = [self.notation.words(self._label(self.places[dim][k])) for k in places]
        if len(found) == 1:
            return self.notation.infix(self.index(dim), "=", found[0])
        listed = self.notation.words(", ".join(self._label(self.places[dim][k]) for k in places))
        return self.notation.infix(self.index(dim), "in", self.notation.bracketed(listed))

    # How each operation is written ------------------------------------------------------------------------------

    def add(self, tree: Apply) -> Piece:
        """A sum or a difference."""
        first, second = tree.arguments
        sign, level = ("+", SUM) if tree.operation == "add" else ("-", PRODUCT)
        right = self.piece(second)
        closed = right.text if right.level >= level else self.notation.bracketed(right.text)
        text = self.notation.infix(self.within(first, SUM, last=False), sign, closed)
        return Piece(text, SUM, open=right.open and right.level >= level)

    def multiply(self, tree: Apply) -> Piece:
        """A product, in which a factor that comes twice is squared."""
        factors = _flattened(tree, {"multiply", "times"})
        counts = {one: factors.count(one) for one in factors}
        order = [_power_of(one, many) for one, many in counts.items()]
        texts = [self.within(one, PRODUCT, last=one == order[-1]) for one in order]
        text = texts[0]
        for other in texts[1:]:
            text = self.notation.infix(text, "*", other)
        if len(order) == 1:
            return self.piece(order[0])
        return Piece(text, PRODUCT, open=self.piece(order[-1]).open)

    def divide(self, tree: Apply) -> Piece:
        """A fraction."""
        above, below = tree.arguments
        if self.notation.flat or self.is_small:
            left, right = self.within(above, PRODUCT, last=False), self.within(below, POWER)
            return Piece(self.notation.infix(left, "/", right), PRODUCT)
        return Piece(self.notation.fraction(self.written(above), self.written(below)), FRACTION)

    def negative(self, tree: Apply) -> Piece:
        """With a sign before."""
        if is_a(tree.arguments[0], "exp_less_1"):
            power = self.exp(Apply("exp", parts_of(tree.arguments[0])))
            return Piece(self.notation.infix(self.notation.number("1", ""), "-", power.text), SUM)
        inside = self.piece(tree.arguments[0])
        return Piece(self.notation.prefixed("-", self.within(tree.arguments[0], PRODUCT)), SUM, inside.open)

    def change(self, tree: Apply) -> Piece:
        """The change from the reference; brackets hold several words together."""
        (x,) = tree.arguments
        inside = self.within(x, CALL, last=False)
        if isinstance(x, Name) and " " in self._label(x.name):
            inside = self.notation.bracketed(inside)
        return Piece(self.notation.prefixed("change", inside), CALL)

    def absolute(self, tree: Apply) -> Piece:
        """Between bars."""
        return Piece(self.notation.bracketed(self.written(tree.arguments[0]), "|"), ATOM)

    def exp(self, tree: Apply) -> Piece:
        """A power of e, or a function where the exponent is long."""
        (x,) = tree.arguments
        if weight(x) > SHORT:
            return Piece(self.notation.called("exp", [self.written(x)]), CALL)
        return Piece(self.notation.power(self.notation.letter("e"), self._exponent(x)), POWER)

    def exp_less_1(self, tree: Apply) -> Piece:
        """A power of e, less 1."""
        first = self.exp(tree)
        return Piece(self.notation.infix(first.text, "-", self.notation.number("1", "")), SUM)

    def power(self, tree: Apply) -> Piece:
        """A power, or a root."""
        base, exponent = tree.arguments
        if exponent == Apply("divide", (Number(1.0), TWO)):
            return Piece(self.notation.root(self.written(base)), ATOM)
        return Piece(self.notation.power(self.within(base, ATOM), self._exponent(exponent)), POWER)

    def _exponent(self, tree: Tree) -> str:
        return self.within(tree, ATOM) if self.notation.flat else replace(self, is_small=True).written(tree)

    def where(self, tree: Apply) -> Piece:
        """Cases."""
        rows: list[tuple[str, str]] = []
        rest: Tree = tree
        while is_a(rest, "where"):
            test, x, rest = parts_of(rest)
            rows.append((self.written(x), self.notation.condition(self._test(test))))
        rows.append((self.written(rest), self.notation.words("otherwise")))
        return Piece(self.notation.cases(rows), ATOM if self.notation.flat else PRODUCT, open=not self.notation.flat)

    def quantile(self, tree: Apply) -> Piece:
        """The inverse of the normal distribution."""
        return Piece(self.notation.called("Φ", [self.written(tree.arguments[0])], inverse=True), CALL)


WRITE: Mapping[str, Callable[[Typesetter, Apply], Piece]] = {
    "add": Typesetter.add,
    "subtract": Typesetter.add,
    "multiply": Typesetter.multiply,
    "times": Typesetter.multiply,
    "divide": Typesetter.divide,
    "negative": Typesetter.negative,
    "change": Typesetter.change,
    "absolute": Typesetter.absolute,
    "exp": Typesetter.exp,
    "exp_less_1": Typesetter.exp_less_1,
    "power": Typesetter.power,
    "where": Typesetter.where,
    "normal_quantile": Typesetter.quantile,
}


def _flattened(tree: Tree, kinds: set[str]) -> list[Tree]:
    """All that an operation is applied to in the end, in order."""
    if isinstance(tree, Apply) and tree.operation in kinds:
        return [one for part in tree.arguments for one in _flattened(part, kinds)]
    return [tree]


def _power_of(tree: Tree, many: int) -> Tree:
    return tree if many == 1 else Apply("power", (tree, Number(float(many))))
