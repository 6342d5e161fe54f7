"""What a case says of its outcome, and of how changes are told: small declarations, most of them optional."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from toc_model.brief import Brief
from toc_model.engine.measures import Measure, Small


@dataclass(frozen=True, slots=True, repr=False)
class Objective(Brief):
    """The outcome that is valued.

    Attributes
    ----------
    node : str
        Its name in the story, and in JSON.
    label : str
        What people read.
    lower_is_better : bool
    measure : Measure
    small : Small
    parts : mapping of str to str
        Nodes that the outcome is the sum of, by what they are called in JSON (underscores are spaces for people).
    """

    node: str
    label: str
    lower_is_better: bool
    measure: Measure
    small: Small
    parts: Mapping[str, str] = field(default_factory=dict)

    def loss(self, outcome: Any) -> Any:
        """The outcome, or its negative where more is better: what decisions make small."""
        return outcome if self.lower_is_better else -outcome

    def worse(self, outcome: Any, loss: Any) -> Any:
        """The outcome after a loss of so much: more of it where less is better."""
        return outcome + loss if self.lower_is_better else outcome - loss


@dataclass(frozen=True, slots=True)
class Group:
    """Channels that are told together, such as all by which time is bought."""

    name: str
    label: str
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cost:
    """What effort is counted in, and what a unit of it is worth elsewhere.

    Attributes
    ----------
    unit : str
        Such as "day of work".
    worth : callable
        From beliefs and allocations to the mean value of one unit in small amounts of the outcome, at the status quo.
    explained : str
        Where that value comes from, in words.
    plural : str
        What several units are called; with an s behind the unit by default.
    """

    unit: str
    worth: Callable[[Any, Any], float]
    explained: str
    plural: str = ""

    @property
    def units(self) -> str:
        """What several units are called."""
        return self.plural or f"{self.unit}s"


@dataclass(frozen=True, slots=True)
class Moving:
    """What it takes to move from the status quo to an allocation, for gains to be held against.

    Attributes
    ----------
    unit : str
        What is counted, in the singular, such as "moved person".
    amount : callable
        From beliefs and allocations to the number of units, dims ``(allocation,)``.
    """

    unit: str
    amount: Callable[[Any, Any], Any]


@dataclass(frozen=True, slots=True)
class Delay:
    """What a delay of the good is counted in.

    Attributes
    ----------
    node : str
        When what is valued comes.
    kept : callable
        From the outcome to the share of the value that is left to be delayed.
    published : str
        A figure that others give for what a period costs, in words; empty for none. It is never a default.
    period : str
        The unit of the node, in the singular.
    """

    node: str
    kept: Callable[[Any], Any]
    published: str = ""
    period: str = "year"

    def later(self, comes: Any, since: Any, outcome: Any) -> Any:
        """Periods by which what is left of the value comes later than it would have.

        Parameters
        ----------
        comes, since : array
            When what is valued comes, and when it would have come.
        outcome : array
        """
        return (comes - since) * self.kept(outcome)


@dataclass(frozen=True, slots=True)
class Stage:
    """A node between levers and outcome by which a change of the outcome is told.

    Attributes
    ----------
    node : str
        What is held at its values under the status quo, to see what its change does.
    label : str
        What people read, such as "P(solved)".
    weights : str
        Node whose values weigh its places when they are shown as one; empty for a node without places.
    """

    node: str
    label: str
    weights: str = ""


@dataclass(frozen=True, slots=True)
class Rate:
    """An outcome of a small move of one variable, by which a worldview is described.

    Attributes
    ----------
    node, label, unit : str
    variable : str
        Of a lever, moved from its value in the reference world, all else as there.
    by : float
    least : float
        What the outcome must reach for the move to pay.
    published : str
        A figure that others give, in words.
    """

    node: str
    label: str
    unit: str
    variable: str
    by: float
    least: float
    published: str
