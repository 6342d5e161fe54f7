"""Slopes of a number by others, by reverse accumulation: more numbers of the same graph."""

import math
from collections.abc import Callable, Collection, Mapping, Sequence

from toc_model.engine.program.graph import ALLOCATION, BOTH, INPUT, Graph, Input

type Share = Callable[["Chain", int, tuple[int, ...], int], tuple[int | None, ...]]
"""Of a chain, the slope by a result, its arguments and itself: what each argument contributes; None for nothing."""
ADJOINT = "slope by"
"""Name of an input that stands for the slope by a number of levers alone, summed over draws."""


class Chain:
    """Slopes that are being accumulated, as numbers of a graph."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.slopes: dict[int, int] = {}

    def __call__(self, operation: str, *arguments: float) -> int:
        """A number of the graph; floats are constants."""
        return self.graph.apply(
            operation, *(self.graph.constant(one) if isinstance(one, float) else one for one in arguments)
        )

    def add(self, number: int, share: int | None) -> None:
        """Add to the slope by a number."""
        if share is not None:
            before = self.slopes.get(number)
            self.slopes[number] = share if before is None else self("add", before, share)


def _divide(do: Chain, slope: int, of: tuple[int, ...], result: int) -> tuple[int, int]:
    by_first = do("divide", slope, of[1])
    return by_first, do("negative", do("multiply", by_first, result))


def _times(do: Chain, slope: int, of: tuple[int, ...], _: int) -> tuple[int, int]:
    effect, x = of
    by_effect = do("where", do("equal", effect, 0.0), 0.0, do("multiply", slope, x))
    return by_effect, do("multiply", slope, effect)


def _absolute(do: Chain, slope: int, of: tuple[int, ...], _: int) -> tuple[int]:
    (x,) = of
    signed = do("where", do("less", x, 0.0), do("negative", slope), slope)
    return (do("where", do("equal", x, 0.0), 0.0, signed),)


def _smaller(do: Chain, slope: int, of: tuple[int, ...], _: int) -> tuple[int, int]:
    test = do("less_equal", *of)
    return do("where", test, slope, 0.0), do("where", test, 0.0, slope)


def _larger(do: Chain, slope: int, of: tuple[int, ...], _: int) -> tuple[int, int]:
    test = do("less_equal", of[1], of[0])
    return do("where", test, slope, 0.0), do("where", test, 0.0, slope)


def _where(do: Chain, slope: int, of: tuple[int, ...], _: int) -> tuple[None, int, int]:
    return None, do("where", of[0], slope, 0.0), do("where", of[0], 0.0, slope)


def _density(do: Chain, x: int) -> int:
    """Of a standard normal variable."""
    return do("multiply", do("exp", do("multiply", do("multiply", x, x), -0.5)), 1 / math.sqrt(2 * math.pi))


def _logistic(do: Chain, slope: int, _: tuple[int, ...], result: int) -> tuple[int]:
    return (do("multiply", slope, do("multiply", result, do("subtract", 1.0, result))),)


def _logit(do: Chain, slope: int, of: tuple[int, ...], _: int) -> tuple[int]:
    return (do("divide", slope, do("multiply", of[0], do("subtract", 1.0, of[0]))),)


SHARES: Mapping[str, Share] = {
    "add": lambda _do, slope, _of, _result: (slope, slope),
    "subtract": lambda do, slope, _of, _result: (slope, do("negative", slope)),
    "multiply": lambda do, slope, of, _result: (do("multiply", slope, of[1]), do("multiply", slope, of[0])),
    "divide": _divide,
    "times": _times,
    "negative": lambda do, slope, _of, _result: (do("negative", slope),),
    "absolute": _absolute,
    "exp": lambda do, slope, _of, result: (do("multiply", slope, result),),
    "exp_less_1": lambda do, slope, _of, result: (do("multiply", slope, do("add", result, 1.0)),),
    "log": lambda do, slope, of, _result: (do("divide", slope, of[0]),),
    "logistic": _logistic,
    "logit": _logit,
    "normal_cdf": lambda do, slope, of, _result: (do("multiply", slope, _density(do, of[0])),),
    "normal_quantile": lambda do, slope, _of, result: (do("divide", slope, _density(do, result)),),
    "arctan": lambda do, slope, of, _result: (do("divide", slope, do("add", 1.0, do("multiply", of[0], of[0]))),),
    "smaller": _smaller,
    "larger": _larger,
    "where": _where,
}
"""What arguments contribute, by operation; tests have no slope."""


def slopes_of(
    graph: Graph, outcome: int, weight: int, inputs: Collection[str]
) -> tuple[dict[int, int], dict[Input, int]]:
    """Slopes of an outcome, weighed and summed over draws, by some inputs that are levers of one allocation.

    Parameters
    ----------
    graph : Graph
        More numbers are put into it.
    outcome : int
    weight : int
        What each draw counts for, times what the outcome is to be multiplied with.
    inputs : collection of str
        Names of levers.

    Returns
    -------
    by_levers : dict of int to int
        For numbers that rest on levers alone: the slope in each draw, to be summed over draws and put in as the input
        `adjoint` of that number.
    by_inputs : dict of Input to int
        Slopes by the places of levers, which rest on those sums.
    """
    active = _active(graph, outcome, inputs)
    chain = Chain(graph)
    chain.add(outcome, weight)
    late = [k for k in active if graph.steps[k].varies == BOTH]
    _accumulate(chain, sorted(late, reverse=True), set(active))
    early = sorted((k for k in active if graph.steps[k].varies != BOTH), reverse=True)
    by_levers = {k: chain.slopes[k] for k in early if k in chain.slopes}
    chain.slopes = {k: graph.given(adjoint(k), ALLOCATION) for k in by_levers}
    _accumulate(chain, early, set(active))
    places = {k: graph.steps[k].given for k in early if graph.steps[k].operation == INPUT}
    return by_levers, {one: chain.slopes[k] for k, one in places.items() if one and k in chain.slopes}


def adjoint(number: int) -> Input:
    """The input that stands for the sum over draws of slopes by a number."""
    return Input(ADJOINT, (number,))


def _active(graph: Graph, outcome: int, inputs: Collection[str]) -> list[int]:
    """Numbers that the outcome rests on and that rest on a lever."""
    found: set[int] = set()
    for k in graph.needed([outcome]):
        step = graph.steps[k]
        is_lever = step.given is not None and step.given.name in inputs and not step.given.of_reference
        if is_lever or found.intersection(step.arguments):
            found.add(k)
    return sorted(found)


def _accumulate(chain: Chain, order: Sequence[int], active: Collection[int]) -> None:
    for k in order:
        step, slope = chain.graph.steps[k], chain.slopes.get(k)
        if slope is None or step.operation not in SHARES:
            continue
        shares = SHARES[step.operation](chain, slope, step.arguments, k)
        for argument, share in zip(step.arguments, shares, strict=True):
            if argument in active:
                chain.add(argument, share)
