"""Numbers that are to be computed, each as one operation on others; what is the same is there once."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from toc_model.engine.program.operations import OPERATIONS

DRAW, ALLOCATION = 1, 2
"""What a number varies over, as marks that add up."""
BOTH = DRAW | ALLOCATION
CONSTANT, INPUT = "constant", "input"


@dataclass(frozen=True, slots=True)
class Input:
    """A number that goes in.

    Attributes
    ----------
    name : str
        Of a lever, a parameter, a known node, or what holds one.
    place : tuple of int
        In its dimensions besides draws and allocations.
    of_reference : bool
        Whether it is that of the reference, where it differs between allocations.
    """

    name: str
    place: tuple[int, ...]
    of_reference: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One number.

    Attributes
    ----------
    operation : str
        One of `toc_model.engine.program.operations.OPERATIONS`, "constant" or "input".
    arguments : tuple of int
        Places of the numbers that go in.
    value : float or None
        Of a constant.
    given : Input or None
    varies : int
        `DRAW`, `ALLOCATION`, both or neither.
    """

    operation: str
    arguments: tuple[int, ...] = ()
    value: float | bool | None = None
    given: Input | None = None
    varies: int = 0


@dataclass(slots=True)
class Graph:
    """All numbers, in an order in which they can be computed."""

    steps: list[Step] = field(default_factory=list)
    known: dict[Any, int] = field(default_factory=dict)

    def constant(self, value: float | bool) -> int:
        """A number that is known."""
        plain = bool(value) if isinstance(value, bool | np.bool_) else float(value)
        key = (CONSTANT, type(plain), math.copysign(1.0, plain), repr(plain))
        return self._placed(key, Step(CONSTANT, value=plain))

    def given(self, one: Input, varies: int) -> int:
        """A number that goes in."""
        return self._placed((INPUT, one), Step(INPUT, given=one, varies=varies))

    def apply(self, operation: str, *arguments: int) -> int:
        """The result of an operation; computed now where all that goes in is known."""
        steps = [self.steps[k] for k in arguments]
        if all(step.operation == CONSTANT for step in steps):
            with np.errstate(all="ignore"):
                return self.constant(OPERATIONS[operation].plain(*(step.value for step in steps)))
        if (same := self._simpler(operation, arguments, steps)) is not None:
            return same
        varies = 0
        for step in steps:
            varies |= step.varies
        return self._placed((operation, arguments), Step(operation, arguments, varies=varies))

    def _placed(self, key: Any, step: Step) -> int:
        if key not in self.known:
            self.known[key] = len(self.steps)
            self.steps.append(step)
        return self.known[key]

    def _simpler(self, operation: str, arguments: Sequence[int], steps: Sequence[Step]) -> int | None:
        """What an operation with marks of 0 and 1, or a known test, comes to without computing it."""
        if operation == "where":
            return self._chosen(arguments, steps[0])
        if len(arguments) != 2:
            return None
        first, second = (step.value if step.operation == CONSTANT else None for step in steps)
        zero = operation in ("multiply", "times") and 0.0 in (first, second)
        if zero or (operation == "divide" and first == 0.0):
            return self.constant(0.0)
        if (operation == "add" and first == 0.0) or (operation in ("multiply", "times") and first == 1.0):
            return arguments[1]
        is_second = second == 0.0 if operation in ("add", "subtract") else second == 1.0
        if is_second and operation in ("add", "subtract", "multiply", "times", "divide"):
            return arguments[0]
        return self.apply("negative", arguments[1]) if operation == "subtract" and first == 0.0 else None

    def _chosen(self, arguments: Sequence[int], step: Step) -> int | None:
        """What a choice comes to where the test is known, or a number of which all but 0 is true."""
        test, x, y = arguments
        if step.operation == CONSTANT:
            return x if step.value else y
        if step.operation == INPUT or not OPERATIONS[step.operation].is_test:
            return self.apply("where", self.apply("equal", test, self.constant(0.0)), y, x)
        return None

    def needed(self, targets: Sequence[int]) -> list[int]:
        """Places of all numbers that some rest on, in order."""
        found: set[int] = set()
        open_ = list(targets)
        while open_:
            k = open_.pop()
            if k not in found:
                found.add(k)
                open_ += self.steps[k].arguments
        return sorted(found)
