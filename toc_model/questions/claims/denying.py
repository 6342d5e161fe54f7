"""Denying claims: what becomes of an allocation's paired change when the model is changed as each denial says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import xarray as xr

from toc_model.aliases import Entry
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.claims import Claim
from toc_model.beliefs.levers import joined
from toc_model.brief import Brief
from toc_model.engine.case import Case
from toc_model.engine.declare import Lever, Variable
from toc_model.engine.overrides import Override, parse_overrides
from toc_model.errors import InputError
from toc_model.questions.curve import Best, best_of, grid, moved
from toc_model.statistics import averages, decisions


@dataclass(frozen=True, slots=True, repr=False)
class Consequence(Brief):
    """What follows from a set of beliefs, as they are or with claims denied.

    Attributes
    ----------
    outcome : xarray.DataArray
        The objective, dims ``(draw, allocation)``: under the status quo and under the allocation that is compared.
    best : Best
        Of the case's lever.
    """

    outcome: xr.DataArray
    best: Best

    @property
    def change(self) -> xr.DataArray:
        """Paired change of the objective by the allocation, dims ``(draw,)``."""
        return change_of(self.outcome)

    def to_dict(self, case: Case) -> dict[str, Any]:
        """Change and share of draws that are better; the objective under the status quo; the best value."""
        return {
            "change": decisions.figures(self.change),
            "share_better": float(averages.mean(case.objective.loss(self.change) < 0)),
            case.objective.node: decisions.figures(self.outcome.isel(allocation=0)),
            "optimum": _best(case.swept.lever, self.best),
        }


@dataclass(frozen=True, slots=True, repr=False)
class Denial(Brief):
    """One denial, of one claim or of several that are denied alike.

    Attributes
    ----------
    claims : tuple of str
    overrides : tuple of Override
    consequence : Consequence or None
        None where the denial leads to a value that is not defined.
    undefined : str
        Why, if so.
    """

    claims: tuple[str, ...]
    overrides: tuple[Override, ...]
    consequence: Consequence | None
    undefined: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Pair(Brief):
    """Two denials together; ``why_not`` says why they can't be, and then there are no figures."""

    claims: tuple[str, str]
    change: xr.DataArray | None
    interaction: xr.DataArray | None
    why_not: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Change with both denied, and by how much it differs from what the two single denials add up to."""
        return {
            "ids": list(self.claims),
            "change": None if self.change is None else decisions.figures(self.change),
            "interaction": None if self.interaction is None else decisions.figures(self.interaction),
            "why_not": self.why_not,
        }


@dataclass(frozen=True, slots=True)
class Compared:
    """What is evaluated for each denial.

    Attributes
    ----------
    levers : xarray.Dataset
        Of the status quo, of the allocation that is compared, and of the latter with the case's lever at each value.
    values : tuple of float
        Of that lever.
    """

    levers: xr.Dataset
    values: tuple[float, ...]

    @classmethod
    def of(cls, allocations: Allocations, allocation: str) -> "Compared":
        """The status quo, an allocation and a grid around it.

        Raises
        ------
        InputError
            If the allocation is unknown or the status quo.
        """
        case = allocations.case
        both = allocations.compared(allocation).levers()
        values = tried(case.swept)
        return cls(joined(both, moved(allocations, allocation, case.swept, values)), values)

    @property
    def both(self) -> xr.Dataset:
        """Levers of the status quo and the allocation."""
        return self.levers.isel(allocation=slice(2))


def tried(variable: Variable) -> tuple[float, ...]:
    """Values of the lever among which the best one is sought."""
    return tuple(float(f"{value:.9g}") for value in grid(variable))


def _best(lever: Lever, best: Best) -> dict[str, Any]:
    """As JSON has it: a fraction is a ``share``, anything else a ``value``."""
    return {"share" if lever.unit == "fraction" else "value": best.value, "as_good": list(best.as_good)}


def change_of(outcome: xr.DataArray) -> xr.DataArray:
    """The second allocation's outcome less the first's, draw by draw, dims ``(draw,)``."""
    return outcome.isel(allocation=1, drop=True) - outcome.isel(allocation=0, drop=True)


def consequence_of(beliefs: Beliefs, compared: Compared) -> Consequence:
    """Evaluate what is compared, and find the best value of the lever."""
    outcome = beliefs.outcome(compared.levers)
    losses = beliefs.case.objective.loss(outcome.isel(allocation=slice(2, None)))
    return Consequence(outcome.isel(allocation=slice(2)).copy(), best_of(losses, compared.values))


def alike(claims: Mapping[str, Claim]) -> list[tuple[str, ...]]:
    """Claims that can be denied, those together that are denied alike."""
    found: dict[tuple[str, ...], list[str]] = {}
    for name, claim in claims.items():
        if claim.denial:
            found.setdefault(tuple(sorted(claim.denial)), []).append(name)
    return [tuple(names) for names in found.values()]


def denied_together(
    beliefs: Beliefs, claims: Mapping[str, Claim], names: tuple[str, ...], compared: Compared
) -> Denial:
    """Deny claims that are denied alike."""
    overrides = parse_overrides(claims[names[0]].denial)
    try:
        return Denial(names, overrides, consequence_of(beliefs.with_overrides(overrides), compared))
    except InputError as error:
        return Denial(names, overrides, None, str(error))


def both_denied(
    beliefs: Beliefs, undenied: Consequence, pair: tuple[str, str], denials: tuple[Denial, Denial], levers: xr.Dataset
) -> Pair:
    """Deny two claims at once, and keep how far their joint effect differs from the sum of the single ones.

    Parameters
    ----------
    beliefs : Beliefs
    undenied : Consequence
    pair : (str, str)
    denials : (Denial, Denial)
        Of each alone.
    levers : xarray.Dataset
        Of the status quo and the allocation.
    """
    one, other = denials
    clash = _clash(one.overrides, other.overrides)
    if clash or one.consequence is None or other.consequence is None:
        return Pair(pair, None, None, clash or one.undefined or other.undefined)
    try:
        together = tuple(dict.fromkeys([*one.overrides, *other.overrides]))
        outcome = beliefs.with_overrides(together).outcome(levers)
    except InputError as error:
        return Pair(pair, None, None, str(error))
    change = change_of(outcome)
    alone = one.consequence.change + other.consequence.change - undenied.change
    return Pair(pair, change, change - alone)


def _clash(first: Iterable[Override], second: Iterable[Override]) -> str:
    """What two denials change in different ways, so that their joint effect would depend on their order."""
    for one in first:
        for other in second:
            same_place = one.target == other.target or (
                _base(one) == _base(other) and _base(one) in (one.target, other.target)
            )
            if same_place and one.text != other.text and not one.kind == other.kind == "cut":
                return f"one says {one.text}, the other {other.text}"
    return ""


def _base(override: Override) -> str:
    return Entry.parse(override.target).name
