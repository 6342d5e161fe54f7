"""Laws as trees of operations on things with names, put as people would write them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

type Tree = Name | Number | Table | Apply | Over


@dataclass(frozen=True, slots=True)
class Name:
    """A node, lever, indicator or parameter, or a part of an equation that has a letter of its own.

    Attributes
    ----------
    name : str
    dims : tuple of str
        Dimensions along which it still varies.
    at : tuple of (dimension, place)
        Where it was taken at one place.
    of_reference : bool
        Whether it is that of the reference world.
    """

    name: str
    dims: tuple[str, ...] = ()
    at: tuple[tuple[str, int], ...] = ()
    of_reference: bool = False


@dataclass(frozen=True, slots=True)
class Number:
    """A number that the law names itself."""

    value: float


@dataclass(frozen=True, slots=True)
class Table:
    """Numbers or marks that the law names itself, one for each place of a dimension."""

    dim: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Apply:
    """An operation.

    Attributes
    ----------
    operation : str
        One of `toc_model.engine.program.operations.OPERATIONS`, or "change" (from the reference), "power" or
        "growth_factor", as `toc_model.engine.laws` has them.
    arguments : tuple of Tree
    """

    operation: str
    arguments: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Over:
    """A sum ("add") or the largest ("larger") along a dimension."""

    operation: str
    dim: str
    body: Tree


ZERO, ONE, TWO = Number(0.0), Number(1.0), Number(2.0)


def dims_of(tree: Tree) -> tuple[str, ...]:
    """Dimensions along which a tree varies, ``allocation`` among them."""
    if isinstance(tree, Name):
        return tree.dims
    if isinstance(tree, Over):
        return tuple(dim for dim in dims_of(tree.body) if dim != tree.dim)
    if isinstance(tree, Table):
        return (tree.dim,)
    return tuple(dict.fromkeys(dim for one in parts_of(tree) for dim in dims_of(one)))


def parts_of(tree: Tree) -> tuple[Tree, ...]:
    """What an operation is applied to."""
    if isinstance(tree, Apply):
        return tree.arguments
    return (tree.body,) if isinstance(tree, Over) else ()


def walk(tree: Tree) -> Iterator[Tree]:
    """A tree and all in it."""
    yield tree
    for part in parts_of(tree):
        yield from walk(part)


def weight(tree: Tree) -> int:
    """How many names and numbers a tree has."""
    return sum(weight(part) for part in parts_of(tree)) or 1


def rebuilt(tree: Tree, change: Callable[[Tree], Tree]) -> Tree:
    """A tree whose parts are others."""
    if isinstance(tree, Apply):
        return Apply(tree.operation, tuple(change(one) for one in tree.arguments))
    return replace(tree, body=change(tree.body)) if isinstance(tree, Over) else tree


def placed(tree: Tree, dim: str, place: int) -> Tree:
    """A tree at one place along a dimension; along ``allocation`` in the reference world."""
    if dim not in dims_of(tree):
        return tree
    if isinstance(tree, Name):
        rest = tuple(one for one in tree.dims if one != dim)
        if dim == "allocation":
            return replace(tree, dims=rest, of_reference=True)
        return replace(tree, dims=rest, at=(*tree.at, (dim, place)))
    if isinstance(tree, Table):
        return Number(tree.values[place])
    if isinstance(tree, Apply):
        return applied(tree.operation, *(placed(one, dim, place) for one in tree.arguments))
    return rebuilt(tree, lambda part: placed(part, dim, place))


# What is put in another way, without another value ------------------------------------------------------------------


def applied(operation: str, *of: Tree) -> Tree:
    """An operation, as people write it: without double signs, products with 1 or choices that are made."""
    if operation == "change" and "allocation" not in dims_of(of[0]):
        return ZERO
    rule = RULES.get(operation)
    found = rule(of) if rule else None
    return Apply(operation, tuple(of)) if found is None else found


def is_a(tree: Tree, operation: str) -> bool:
    """Whether a tree is the result of an operation."""
    return isinstance(tree, Apply) and tree.operation == operation


def _negated(tree: Tree) -> Tree | None:
    """Of what a tree is the negative."""
    if isinstance(tree, Number) and tree.value < 0:
        return Number(-tree.value)
    return parts_of(tree)[0] if is_a(tree, "negative") else None


def _add(of: Sequence[Tree]) -> Tree | None:
    first, second = of
    if ZERO in of:
        return second if first == ZERO else first
    negated = _negated(second)
    return None if negated is None else applied("subtract", first, negated)


def _subtract(of: Sequence[Tree]) -> Tree | None:
    first, second = of
    if second == ZERO:
        return first
    if first == ZERO:
        return applied("negative", second)
    if first == second and isinstance(first, Name):
        return ZERO
    if "allocation" in dims_of(first) and second == placed(first, "allocation", 0):
        return Apply("change", (first,))
    if is_a(first, "add") and isinstance(second, Number) and parts_of(first)[0] == second:
        return parts_of(first)[1]
    negated = _negated(second)
    return None if negated is None else applied("add", first, negated)


def _negative(of: Sequence[Tree]) -> Tree | None:
    if isinstance(of[0], Number):
        return Number(-of[0].value)
    return _negated(of[0])


def _product(operation: str) -> Callable[[Sequence[Tree]], Tree | None]:
    def rule(of: Sequence[Tree]) -> Tree | None:
        first, second = of
        if ZERO in of:
            return ZERO
        if ONE in of:
            return second if first == ONE else first
        for place in (0, 1):
            negated = _negated(of[place])
            if negated is not None:
                return applied("negative", applied(operation, *((negated, second) if place == 0 else (first, negated))))
        return None

    return rule


def _divide(of: Sequence[Tree]) -> Tree | None:
    first, second = of
    if second == ONE:
        return first
    for place in (0, 1):
        negated = _negated(of[place])
        if negated is not None:
            return applied("negative", applied("divide", *((negated, second) if place == 0 else (first, negated))))
    return None


def _exp(of: Sequence[Tree]) -> Tree | None:
    """The exponential of a multiple of a logarithm is a power."""
    (x,) = of
    if negated := _negated(x):
        inverse = applied("exp", negated)
        if is_a(inverse, "power"):
            base, exponent = parts_of(inverse)
            return Apply("power", (base, applied("negative", exponent)))
        return None
    if is_a(x, "log"):
        return parts_of(x)[0]
    if is_a(x, "times") or is_a(x, "multiply"):
        effect, logarithm = parts_of(x)
        return Apply("power", (parts_of(logarithm)[0], effect)) if is_a(logarithm, "log") else None
    if not is_a(x, "divide"):
        return None
    above, below = parts_of(x)
    if is_a(above, "log"):
        return Apply("power", (parts_of(above)[0], applied("divide", ONE, below)))
    if is_a(above, "add") and all(is_a(one, "log") for one in parts_of(above)):
        product = applied("multiply", *(parts_of(one)[0] for one in parts_of(above)))
        return Apply("power", (product, applied("divide", ONE, below)))
    return None


def _where(of: Sequence[Tree]) -> Tree | None:
    """Within a choice its own test is known; and one choice is the factor of growth."""
    test, x, y = of
    x, y = _assumed(x, test, chosen=1), _assumed(y, test, chosen=2)
    if x == y:
        return x
    if is_a(test, "equal"):
        z, zero = parts_of(test)
        growth = Apply("divide", (Apply("exp_less_1", (z,)), z))
        inverse = applied("divide", applied("exp_less_1", z), z)
        if zero == ZERO and x == ONE and y in (growth, inverse):
            return Apply("growth_factor", (z,))
    return Apply("where", (test, x, y))


def _assumed(tree: Tree, test: Tree, *, chosen: int) -> Tree:
    if is_a(tree, "where") and parts_of(tree)[0] == test:
        return _assumed(parts_of(tree)[chosen], test, chosen=chosen)
    if isinstance(tree, Apply):
        return applied(tree.operation, *(_assumed(one, test, chosen=chosen) for one in tree.arguments))
    return tree


RULES: Mapping[str, Callable[[Sequence[Tree]], Tree | None]] = {
    "add": _add,
    "subtract": _subtract,
    "negative": _negative,
    "multiply": _product("multiply"),
    "times": _product("times"),
    "divide": _divide,
    "exp": _exp,
    "where": _where,
}
"""How operations are put more simply; None for as they are."""
