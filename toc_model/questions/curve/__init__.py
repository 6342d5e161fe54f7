"""``toc curve``: the change of the outcome against one variable of a lever."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from toc_model.aliases import Progress
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.levers import joined, levers_at, with_others
from toc_model.beliefs.loading import fail_if_twice
from toc_model.engine.declare import Variable
from toc_model.engine.facets import Objective
from toc_model.errors import InputError
from toc_model.present.result import Result
from toc_model.present.section import Section
from toc_model.questions.curve import words
from toc_model.questions.curve.figure import curve_figure
from toc_model.statistics import averages, decisions

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

STEPS = 20
"""Into which the range of a lever is divided by default."""


@dataclass(frozen=True, slots=True)
class Best:
    """The value with the best mean.

    Attributes
    ----------
    value : float
    as_good : tuple of float
        All values that paired draws can't tell from it, itself included.
    """

    value: float
    as_good: tuple[float, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Curve(Result):
    """What the outcome changes by as one variable of a lever moves and all else is as under the status quo.

    Attributes
    ----------
    beliefs : tuple of Beliefs
    allocations : Allocations
    variable : Variable
        What moves.
    changes : tuple of xarray.DataArray
        Paired change of the objective from the status quo, dims ``(draw, value)``, one a worldview.
    now : tuple of float
        Mean outcome under the status quo, one a worldview.
    best : tuple of Best
        One a worldview.
    """

    beliefs: tuple[Beliefs, ...]
    allocations: Allocations
    variable: Variable
    changes: tuple[xr.DataArray, ...]
    now: tuple[float, ...]
    best: tuple[Best, ...]

    @property
    def objective(self) -> Objective:
        """What changes."""
        return self.allocations.case.objective

    @property
    def marks(self) -> dict[str, float]:
        """Values of the variable under the status quo and the proposal, by the names of these."""
        found = self.allocations
        names = (found.status_quo, *((found.proposal,) if len(found.named) > 1 else ()))
        return {name: found.named[name].at(found.case.story, self.variable.name) for name in names}

    def to_dict(self) -> dict[str, Any]:
        """All figures, as ``toc curve --json`` prints them, in the units of the lever and the outcome."""
        tables = [decisions.summary(change) for change in self.changes]
        return {
            **_which(self.variable),
            "worldviews": {
                found.worldview: {
                    f"{value:g}": decisions.row(table, value=value) for value in table["value"].values.tolist()
                }
                for found, table in zip(self.beliefs, tables, strict=True)
            },
            "provenance": [found.provenance(allocations=dict(self.allocations.digests)) for found in self.beliefs],
        }

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each worldview and value: mean, interval and error of the change, in the outcome's unit."""
        import pandas as pd

        tables = [decisions.summary(change).to_dataframe() for change in self.changes]
        return pd.concat(tables, keys=[found.worldview for found in self.beliefs], names=["worldview"])

    def plot(self) -> "Figure":
        """The change against the variable, a panel a worldview."""
        return curve_figure(self)

    def section(self) -> Section:
        """The best values, and the curves as a table."""
        return words.section(self)

    def about(self) -> str:
        """The lever, worldviews and draws."""
        names = ", ".join(repr(found.worldview) for found in self.beliefs)
        many = self.changes[0].sizes["value"]
        return f"{many} values of {self.variable.name}, worldviews {names}, {self.beliefs[0].counted()}"


def _which(variable: Variable) -> dict[str, str]:
    """A variable by its places, and by its lever where these alone don't name it."""
    return ({"lever": variable.lever.name} if variable.lever.prefix != "" else {}) | variable.at


def curve(
    beliefs: Sequence[Beliefs],
    allocations: Allocations,
    *,
    lever: str | None = None,
    values: Sequence[float] | None = None,
    progress: Progress | None = None,
) -> Curve:
    """Move one variable of a lever and leave all else as under the status quo.

    Where values of the lever add up to one, the others keep their proportions.

    Parameters
    ----------
    beliefs : sequence of Beliefs
    allocations : Allocations
        Has the status quo, from which changes are measured.
    lever : str, optional
        Name of the variable; the case's own by default.
    values : sequence of float, optional
        Distinct, in the lever's unit; by default `STEPS` from its lower bound to its upper one, and not to
        that itself where the lever keeps a margin from it.
    progress : callable, optional

    Raises
    ------
    InputError
        If two worldviews have the same name, there is no such lever, or a value is out of its bounds or there twice.
    """
    fail_if_twice(beliefs)
    case = allocations.case
    variable = case.story.variable(lever or case.lever)
    places = grid(variable) if values is None else _checked(variable, values)
    quo = allocations.only([]).levers()
    swept = joined(quo, moved(allocations, allocations.status_quo, variable, places))
    found = []
    for done, one in enumerate(beliefs, start=1):
        found.append(_curve(one, swept, allocations.status_quo, places))
        if progress:
            progress(done, len(beliefs))
    changes, now, best = zip(*found, strict=True)
    return Curve(tuple(beliefs), allocations, variable, changes, now, best)


def grid(variable: Variable) -> list[float]:
    """Values of a lever from its lower bound to its upper one, which is left out where the lever keeps away from it."""
    lever = variable.lever
    if not np.isfinite([lever.lower, lever.upper]).all():
        raise InputError(f"{variable.name}: found no bounds of lever {lever.name}; allowed: values of your own")
    steps = range(STEPS if lever.margin else STEPS + 1)
    return [lever.lower + (lever.upper - lever.lower) * step / STEPS for step in steps]


def _checked(variable: Variable, values: Sequence[float]) -> list[float]:
    lever, places = variable.lever, [float(value) for value in values]
    if not places or not all(map(lever.allows, places)):
        bad = next((value for value in places if not lever.allows(value)), None)
        found = "none" if bad is None else lever.range.shown(bad)
        meant = "" if bad is None else lever.range.meant(bad)
        raise InputError(f"values of {variable.name}: found {found}; {lever.range.allowed(lever.unit)}{meant}")
    if len(set(places)) < len(places):
        raise InputError(f"values of {variable.name}: found one twice in {', '.join(f'{v:g}' for v in places)}")
    return places


def moved(allocations: Allocations, name: str, variable: Variable, places: Sequence[float]) -> xr.Dataset:
    """Levers of an allocation with one variable at each place.

    Where values of the lever add up to one, the others keep their proportions.

    Parameters
    ----------
    allocations : Allocations
    name : str
        Of the allocation that holds all else.
    variable : Variable
    places : sequence of float

    Returns
    -------
    xarray.Dataset
        Dims ``(allocation, ...)``, an allocation a place.
    """
    story, own = allocations.case.story, allocations.named[name]
    now = {one.name: own.at(story, one.name) for one in story.variables if one.group == variable.group}
    values = with_others(story, now, {variable.name: np.asarray(places)})
    base = allocations.levers().sel(allocation=name, drop=True)
    return levers_at(story, base, values, [f"{variable.name} at place {place}" for place in range(len(places))])


def best_of(loss: xr.DataArray, places: Sequence[float]) -> Best:
    """The place with the least mean loss, and those that are as good on paired draws.

    Parameters
    ----------
    loss : xarray.DataArray
        Dims ``(draw, ...)``, along the other one a place each.
    places : sequence of float
    """
    (dim,) = (str(dim) for dim in loss.dims if dim != "draw")
    good = decisions.as_good_as_best(loss, dim).values
    best = places[int(averages.mean(loss).argmin(dim))]
    return Best(best, tuple(place for place, so in zip(places, good, strict=True) if so))


def _curve(beliefs: Beliefs, swept: xr.Dataset, quo: str, places: Sequence[float]) -> tuple[xr.DataArray, float, Best]:
    outcome = beliefs.outcome(swept)
    change = decisions.paired_change(outcome, quo).drop_sel(allocation=quo)
    change = change.rename(allocation="value").assign_coords(value=list(places))
    loss = beliefs.case.objective.loss(change)
    return change, float(averages.mean(outcome.sel(allocation=quo))), best_of(loss, list(places))
