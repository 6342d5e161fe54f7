"""Small changes of a module's meaning, in a fixed order."""

import ast
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, zip_longest

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
PAIRS = (
    ("min", "max"),
    ("argmin", "argmax"),
    ("minimum", "maximum"),
    ("any", "all"),
    ("floor", "ceil"),
    ("logical_or", "logical_and"),
    ("startswith", "endswith"),
    ("cos", "sin"),
)
SWAPS = {one: other for pair in PAIRS for one, other in (pair, pair[::-1])}
SKIPPED = (ast.Raise, ast.Import, ast.ImportFrom, ast.TypeAlias, ast.JoinedStr)
SKIPPED_FIELDS = {"annotation", "returns", "decorator_list", "bases", "type_params"}
SHOWN = 15
"""Characters of code that a mutant's name shows at the least, so that a reader knows the place."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: of what kind, in which function, and what it makes of the code there."""

    kind: str
    where: str
    before: str
    after: str
    nth: int = 1

    @property
    def name(self) -> str:
        """What tells it from all others of its module; it does not hang on line numbers."""
        return f"{self.where}: {self.before} => {self.after}" + (f" #{self.nth}" if self.nth > 1 else "")


@dataclass(slots=True)
class Site:
    """A place in a tree, and the trees above it."""

    node: ast.AST
    above: tuple[ast.AST, ...]
    where: str
    field: str
    place: int | None

    def put(self, node: ast.AST) -> None:
        """Put another node in this place."""
        if self.place is None:
            setattr(self.above[-1], self.field, node)
        else:
            getattr(self.above[-1], self.field)[self.place] = node

    def shown(self) -> ast.AST:
        """The smallest piece of code around it that a reader recognises."""
        whole = self.node
        for outer in reversed(self.above):
            if len(ast.unparse(whole)) >= SHOWN or not isinstance(outer, ast.expr | ast.keyword | ast.Return):
                break
            whole = outer
        return whole


def mutants(source: str) -> list[Mutant]:
    """All mutants of a module, in the order of its text."""
    return list(_changes(ast.parse(source)))


def mutated(source: str, mutant: Mutant) -> str:
    """The module with one change.

    Raises
    ------
    ValueError
        If the module has no such mutant.
    """
    tree = ast.parse(source)
    for found in _changes(tree):
        if found == mutant:
            return ast.unparse(ast.fix_missing_locations(tree))
    raise ValueError(f"no mutant {mutant.name}")


def chosen[T: Mutant](every: list[T], count: int, seed: int) -> list[T]:
    """Draw so many, as evenly over kinds of change as there are enough of each."""
    by_kind: dict[str, list[T]] = defaultdict(list)
    for mutant in every:
        by_kind[mutant.kind].append(mutant)
    rng = random.Random(seed)  # noqa: S311
    for kind in sorted(by_kind):
        rng.shuffle(by_kind[kind])
    in_turn = chain.from_iterable(zip_longest(*(by_kind[kind] for kind in sorted(by_kind))))
    return [mutant for mutant in in_turn if mutant is not None][:count]


def _changes(tree: ast.AST) -> Iterator[Mutant]:
    """Every mutant; the tree is changed while it is yielded."""
    seen: Counter[tuple[str, str, str]] = Counter()
    for site in list(_sites(tree, (), "module")):
        for kind, other in _alternatives(site.node):
            shown = site.shown()
            before = ast.unparse(shown)
            site.put(other)
            after = ast.unparse(other if shown is site.node else shown)
            seen[site.where, before, after] += 1
            yield Mutant(kind, site.where, before, after, seen[site.where, before, after])
            site.put(site.node)


def _sites(node: ast.AST, above: tuple[ast.AST, ...], where: str) -> Iterator[Site]:
    for field, value in ast.iter_fields(node):
        if field in SKIPPED_FIELDS or (isinstance(node, ast.ClassDef) and field == "keywords"):
            continue
        children = value if isinstance(value, list) else [value]
        for place, child in enumerate(children):
            if not isinstance(child, ast.AST) or isinstance(child, SKIPPED) or _says_nothing(child):
                continue
            inner = where
            if isinstance(child, ast.FunctionDef | ast.ClassDef):
                inner = child.name if where == "module" else f"{where}.{child.name}"
            yield Site(child, (*above, node), where, field, place if isinstance(value, list) else None)
            yield from _sites(child, (*above, node), inner)


def _says_nothing(node: ast.AST) -> bool:
    """Whether a node is a docstring, an ellipsis, or the ``strict`` of a zip, which asserts what holds anyway."""
    match node:
        case ast.Expr(ast.Constant()) | ast.keyword("strict"):
            return True
        case _:
            return False


def _alternatives(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """What may stand in a node's place, with the kind of the change."""
    if isinstance(node, ast.expr):
        yield from _other_expressions(node)
    else:
        yield from _other_statements(node)


def _other_expressions(node: ast.expr) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.Compare(left, ops, comparators):
            for place, op in enumerate(ops):
                for other in COMPARISONS[type(op)]:
                    yield "comparison", ast.Compare(left, [*ops[:place], other(), *ops[place + 1 :]], comparators)
        case ast.BinOp(left, op, right) if type(op) in ARITHMETIC:
            yield "arithmetic", ast.BinOp(left, ARITHMETIC[type(op)](), right)
        case ast.UnaryOp(op, operand):
            yield "boolean" if isinstance(op, ast.Not) else "sign", operand
        case ast.BoolOp(op, values):
            yield "boolean", ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
        case ast.Constant(value):
            yield from (("constant", ast.Constant(other)) for other in _other_constants(value))
        case ast.Call():
            yield from _other_calls(node)
        case ast.IfExp(test, one, other):
            yield "boolean", ast.IfExp(_turned(test), one, other)


def _other_statements(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.AugAssign(target, op, value):
            if type(op) in ARITHMETIC:
                yield "arithmetic", ast.AugAssign(target, ARITHMETIC[type(op)](), value)
            yield "statement", ast.Pass()
        case ast.Return(value) if value is not None and not _is_none(value):
            yield "return", ast.Return(ast.Constant(None))
            if isinstance(value, ast.BinOp | ast.Name | ast.Call):
                yield "sign", ast.Return(ast.UnaryOp(ast.USub(), value))
        case ast.Expr(ast.Call()) | ast.If(_, [ast.Raise()], []):
            yield "statement", ast.Pass()
        case ast.If(test, body, orelse):
            yield "boolean", ast.If(_turned(test), body, orelse)
        case ast.comprehension(target, iterator, conditions, is_async) if conditions:
            yield "boolean", ast.comprehension(target, iterator, [], is_async)


def _turned(test: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.Not(), test)


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _other_constants(value: object) -> tuple[bool | float, ...]:
    match value:
        case bool():
            return (not value,)
        case int():
            return (value + 1, value - 1)
        case float():
            return (value + 1, *((1.5 * value,) if abs(value) >= 0.01 else ()))
        case _:
            return ()


def _other_calls(call: ast.Call) -> Iterator[tuple[str, ast.AST]]:
    function, own, named = call.func, call.args, call.keywords
    for place, keyword in enumerate(named):
        if keyword.arg == "strict":
            continue
        yield "argument", ast.Call(function, own, [*named[:place], *named[place + 1 :]])
    if len(own) > 1:
        yield "argument", ast.Call(function, own[:-1], named)
    match function:
        case ast.Attribute(value, name) if name in SWAPS:
            yield "function", ast.Call(ast.Attribute(value, SWAPS[name], ast.Load()), own, named)
        case ast.Name(name) if name in SWAPS:
            yield "function", ast.Call(ast.Name(SWAPS[name], ast.Load()), own, named)
