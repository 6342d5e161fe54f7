"""A program printed as JavaScript, for pages that compute what the laws say, without a second copy of any law."""

import math
import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from toc_model.engine.program.graph import ALLOCATION, BOTH, CONSTANT, DRAW, INPUT, Graph, Input
from toc_model.engine.program.program import Program

FORMS: Mapping[str, str] = {
    "add": "{}+{}",
    "subtract": "{}-{}",
    "multiply": "{}*{}",
    "divide": "{}/{}",
    "negative": "-{}",
    "absolute": "Math.abs({})",
    "exp": "Math.exp({})",
    "exp_less_1": "Math.expm1({})",
    "log": "Math.log({})",
    "logistic": "logistic({})",
    "logit": "logit({})",
    "normal_cdf": "normal_cdf({})",
    "normal_quantile": "normal_quantile({})",
    "arctan": "Math.atan({})",
    "smaller": "Math.min({},{})",
    "larger": "Math.max({},{})",
    "times": "times({},{})",
    "where": "{}?{}:{}",
    "equal": "{}==={}",
    "less": "{}<{}",
    "less_equal": "{}<={}",
}
"""How each operation is written."""
SPECIAL = ("times", "logistic", "logit", "normal_cdf", "normal_quantile")
"""What `special_functions` defines."""
KINDS = {0: "c", DRAW: "p", ALLOCATION: "l", BOTH: "b"}
"""Names of the arrays that go in, by what the numbers in them vary over."""
LOOP = "for(let k=0;k<n;k++)one(k);"
"""A function of one draw that is called for each is made fast by browsers sooner than a long loop is."""
TAKEN = {"do", "if", "in", "of", "as", *"nik", *KINDS.values()}
"""Words that are no names of numbers."""


@dataclass(frozen=True, slots=True)
class Output:
    """A number that comes out.

    Attributes
    ----------
    node : str
    place : tuple of int
        In the node's dimensions besides draws and allocations.
    of_reference : bool
        Whether it is that of the reference, where it differs between allocations.
    """

    node: str
    place: tuple[int, ...]
    of_reference: bool = False


@dataclass(frozen=True, slots=True)
class Javascript:
    """A program in JavaScript.

    Attributes
    ----------
    source : str
        An expression: a function that takes what `special_functions` defines and gives ``{before, after}``.

        ``before(n, c, p, out)`` computes, in n draws, all that does not vary over allocations, writes its outputs and
        returns what ``after`` needs of it. ``after(n, c, l, b, kept, out)`` computes the rest under one allocation and
        writes its outputs. All arrays are ``Float64Array``: ``c`` of the numbers that do not vary, ``p`` of those that
        vary over draws, ``l`` of those of the allocation and ``b`` of those that vary over both, each in the order of
        `inputs`. In ``p``, ``b`` and ``out`` a number has n places, one for each draw.
    inputs : dict of str to tuple of Input
        By the array that they go into: "c", "p", "l" and "b".
    before, after : tuple of Output
        In their order in ``out``. What does not vary over allocations is written by ``before``: numbers of the
        reference, where others are not the same, and numbers that all allocations share.
    """

    source: str
    inputs: Mapping[str, tuple[Input, ...]]
    before: tuple[Output, ...]
    after: tuple[Output, ...]


@cache
def special_functions() -> str:
    """The functions that JavaScript lacks, as a statement that defines ``special``."""
    return (resources.files("toc_model.engine.program") / "special.js").read_text(encoding="utf-8")


def javascript(program: Program) -> Javascript:
    """Print a program.

    Parameters
    ----------
    program : Program
        As `toc_model.engine.program.program.record` makes it.

    Returns
    -------
    Javascript
        Computes all its nodes. No name of the story stands in the source, so that none can break it.
    """
    graph, steps = program.graph, program.graph.steps
    outputs = dict(_outputs(program))
    late = {k: one for one, k in outputs.items() if steps[k].varies & ALLOCATION}
    after = [one for one, k in outputs.items() if k in late]
    before = [one for one in outputs if outputs[one] not in late]
    needed = graph.needed(list(outputs.values()))
    inputs = {kind: [k for k in needed if _is_input(graph, k, varies)] for varies, kind in KINDS.items()}
    kept = _kept(graph, needed)
    source = (
        f'(special)=>{{"use strict";const {{{",".join(SPECIAL)}}}=special;'
        + _before(graph, inputs, kept, [outputs[one] for one in before])
        + _after(graph, inputs, kept, [outputs[one] for one in after])
        + "return{before,after}}"
    )
    given = {kind: tuple(one for k in found if (one := steps[k].given)) for kind, found in inputs.items()}
    return Javascript(source, given, tuple(before), tuple(after))


def _outputs(program: Program) -> Iterator[tuple[Output, int]]:
    """All that comes out, with its number."""
    for name, node in program.nodes.items():
        for place in np.ndindex(node.pairs.shape):
            anywhere, of_reference = node.pairs[place]
            yield Output(name, place), anywhere
            if of_reference != anywhere:
                yield Output(name, place, of_reference=True), of_reference


def _is_input(graph: Graph, k: int, varies: int) -> bool:
    return graph.steps[k].operation == INPUT and graph.steps[k].varies == varies


def _kept(graph: Graph, needed: Sequence[int]) -> list[int]:
    """Numbers that vary over draws alone and go into what varies over allocations too."""
    used = {j for k in needed if graph.steps[k].varies == BOTH for j in graph.steps[k].arguments}
    return sorted(k for k in used if graph.steps[k].varies == DRAW)


def _before(graph: Graph, inputs: Mapping[str, Sequence[int]], kept: Sequence[int], outputs: Sequence[int]) -> str:
    """The function of what does not vary over allocations."""
    writer, needed = _Writer(graph), graph.needed([*kept, *outputs])
    in_all = _const([*writer.read("c", inputs, needed), *writer.computed(needed, 0)])
    in_each = _const([*writer.read("p", inputs, needed), *writer.computed(needed, DRAW)])
    keep = "".join(f"kept[i++]={writer[k]};" for k in kept)
    return (
        f"const before=(n,c,p,out)=>{{const kept=new Float64Array(n*{len(kept)});{in_all}"
        f"const one=(k)=>{{let i=k*{len(kept)};{in_each}{keep}{writer.written(outputs)}}};{LOOP}return kept}};"
    )


def _after(graph: Graph, inputs: Mapping[str, Sequence[int]], kept: Sequence[int], outputs: Sequence[int]) -> str:
    """The function of what varies over allocations."""
    writer, needed = _Writer(graph), graph.needed(outputs)
    in_all = [*writer.read("c", inputs, needed), *writer.read("l", inputs, needed)]
    in_all += [*writer.computed(needed, 0), *writer.computed(needed, ALLOCATION)]
    in_each = [f"{writer.named(k)}=kept[i++]" for k in kept]
    in_each += [*writer.read("b", inputs, needed), *writer.computed(needed, BOTH)]
    return (
        f"const after=(n,c,l,b,kept,out)=>{{{_const(in_all)}"
        f"const one=(k)=>{{let i=k*{len(kept)};{_const(in_each)}{writer.written(outputs)}}};{LOOP}}};"
    )


def _const(definitions: Sequence[str]) -> str:
    return f"const {','.join(definitions)};" if definitions else ""


class _Writer:
    """Writes definitions of one function, with a short name for each number."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.names: dict[int, str] = {}
        self.fresh = _short_names()

    def __getitem__(self, k: int) -> str:
        step = self.graph.steps[k]
        return literal(step.value) if step.operation == CONSTANT else self.names[k]

    def named(self, k: int) -> str:
        """A new name for a number."""
        self.names[k] = next(self.fresh)
        return self.names[k]

    def read(self, kind: str, inputs: Mapping[str, Sequence[int]], needed: Iterable[int]) -> Iterator[str]:
        """Take numbers out of an array that goes in."""
        wanted = set(needed)
        for j, k in enumerate(inputs[kind]):
            if k in wanted:
                yield f"{self.named(k)}={kind}[{j}]" if kind in "cl" else f"{self.named(k)}={kind}[{_offset(j)}k]"

    def computed(self, needed: Iterable[int], varies: int) -> Iterator[str]:
        """Compute numbers that vary over so much."""
        for k in needed:
            step = self.graph.steps[k]
            if step.varies == varies and step.operation not in (CONSTANT, INPUT):
                value = FORMS[step.operation].format(*(self[j] for j in step.arguments))
                yield f"{self.named(k)}={value}"

    def written(self, outputs: Sequence[int]) -> str:
        """Put numbers into the array that comes out."""
        return "".join(f"out[{_offset(j)}k]={self[k]};" for j, k in enumerate(outputs))


def _offset(j: int) -> str:
    """Where the numbers of one kind begin in an array."""
    return f"{j}*n+" if j else ""


def literal(value: Any) -> str:
    """A number as JavaScript reads it back, to the last bit."""
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "(-Infinity)"
    text = repr(float(value)).removesuffix(".0")
    return f"({text})" if text.startswith("-") else text


def _short_names() -> Iterator[str]:
    """Names of one letter, then of two and three."""
    first, later = string.ascii_letters, string.ascii_letters + string.digits
    yield from (one for one in first if one not in TAKEN)
    yield from (two for one in first for two in (one + other for other in later) if two not in TAKEN)
    yield from (f"_{a}{b}{c}" for a in later for b in later for c in later)
