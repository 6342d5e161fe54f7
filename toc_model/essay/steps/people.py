"""What one more person is worth: the essay's Figure 1 in decision units.

A person of some percentile of talent adds effort to one kind of work, and harm (`toc_model.essay.talent` has the
curves): both move what reaches labs, the effort also how much is going on. What these are worth is the slope of
P(doom), draw by draw, at an allocation. One person now stands for a person who stays until AGI and for that person's
share of the field's growth, so the slope is divided by the years of work that this is. Values are micro-dooms averted
(10^-6 of P(doom)) per FTE-year; positive is good.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, override

import numpy as np
import xarray as xr
from scipy import special

from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.brief import Brief
from toc_model.engine.case import Finding
from toc_model.essay.dimensions import RESEARCHERS
from toc_model.essay.steps import words
from toc_model.essay.steps.figure import figure_one
from toc_model.essay.steps.worth import (
    BUYING_TIME,
    TECHNICAL,
    average_of,
    buying_time,
    each_intervention,
    mixes_of,
    slopes_of,
    technical_work,
)
from toc_model.labels import made_as, without_draw_labels
from toc_model.present.section import Section
from toc_model.statistics import averages, decisions

if TYPE_CHECKING:
    from matplotlib.figure import Figure

UNIT = "micro-dooms averted per FTE-year"
PERCENTILES = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999)
TALENTS = np.linspace(-3.1, 4.3, 371)
"""Latent talents at which technical work and buying time are compared, from the 0.1th to the 99.999th percentile."""


@dataclass(frozen=True, slots=True, repr=False)
class People(Brief, Finding):
    """The value of one more person at an allocation.

    Attributes
    ----------
    beliefs : Beliefs
    allocation : str
        Where the margin is.
    by_percentile : xarray.DataArray
        Micro-dooms averted per FTE-year of a researcher, dims ``(draw, work, percentile)``: technical work, each
        intervention, and ``buying_time``, their mix. The percentile is that of talent for the work itself.
    one_person : xarray.DataArray
        The same of one person, dims ``(draw, work, percentile)``: technical work, and ``buying_time`` with the talent
        for it that people of this technical talent have on average. The percentile is that of technical talent.
    average : xarray.DataArray
        What is averted per FTE-year by the average person, dims ``(draw, work)``; for builders too, whose work has a
        prefix.
    crossing : xarray.DataArray
        Dims ``(draw,)``: percentile of technical talent above which technical work is better than buying time, with
        the talent for buying time that such people have on average; 0 where it is better for all, 1 where buying time
        is better even at the top.
    best_for : xarray.DataArray
        Dims ``(percentile,)``: share of draws in which buying time is better for a person of this technical talent.
    reversed : float
        Share of draws in which technical work is better for some of those below the crossing too: people of little
        talent may do less harm there.
    """

    beliefs: Beliefs
    allocation: str
    by_percentile: xr.DataArray
    one_person: xr.DataArray
    average: xr.DataArray
    crossing: xr.DataArray
    best_for: xr.DataArray
    reversed: float

    @property
    def cut(self) -> dict[str, float]:
        """Median and 90 % interval of the crossing: what the text says and the figure marks."""
        levels = {"median": 0.5, "q05": decisions.LOW, "q95": decisions.HIGH}
        return {name: averages.quantile(self.crossing, level) for name, level in levels.items()}

    def to_dict(self) -> dict[str, Any]:
        """All figures, as ``toc marginal --json`` prints them."""
        return {
            "worldview": self.beliefs.worldview,
            "allocation": self.allocation,
            "unit": UNIT,
            "average": {
                str(work): decisions.figures(self.average.sel(work=work)) for work in self.average["work"].values
            },
            "by_percentile": _by_work(self.by_percentile),
            "by_technical_percentile": _by_work(self.one_person),
            "technical_work_is_better_above_percentile": {
                **{name: 100 * at for name, at in self.cut.items()},
                "not_at_the_top": float(averages.mean(self.crossing == 1)),
                "for_all": float(averages.mean(self.crossing == 0)),
                "for_some_below_too": self.reversed,
            },
            "buying_time_is_better_in": {
                f"{100 * p:g}": float(self.best_for.sel(percentile=p)) for p in self.best_for["percentile"].values
            },
            "rests_on": self.beliefs.rests_on(),
            "provenance": self.beliefs.provenance(),
        }

    def section(self, beside: Sequence["People"] = (), *, pictures: bool = False) -> Section:
        """What a person is worth by work and talent, and who should buy time."""
        return words.people([self, *beside], pictures=pictures)

    @property
    @override
    def per_unit(self) -> Mapping[str, xr.DataArray]:
        """Micro-dooms averted by a year of the average person's work, dims ``(draw,)``, by kind of work."""
        works = map(str, self.average["work"].values)
        return {work.replace("_", " "): self.average.sel(work=work, drop=True) for work in works}

    @property
    def draw(self) -> "Callable[[Sequence[People]], Figure]":
        """The essay's Figure 1 in micro-dooms, a panel a worldview."""
        return figure_one


def _by_work(values: xr.DataArray) -> dict[str, Any]:
    return {
        str(work): {
            f"{100 * p:g}": decisions.figures(values.sel(work=work, percentile=p)) for p in values["percentile"].values
        }
        for work in values["work"].values
    }


def one_more_person(
    beliefs: Beliefs, allocations: Allocations, at: str, *, percentiles: Sequence[float] = PERCENTILES
) -> People:
    """Value one more person in each kind of work.

    Parameters
    ----------
    beliefs : Beliefs
    allocations : Allocations
    at : str
        Allocation at whose margin the person works.
    percentiles : sequence of float
        In (0, 1).

    Raises
    ------
    InputError
        If the allocation is unknown, or an override holds what a person would change.
    """
    named = allocations.one(at)
    slope = slopes_of(beliefs, named, at)
    p = without_draw_labels(beliefs.parameters)
    draws = {"draw": beliefs.parameters["draw"].values, **made_as(beliefs.parameters)}
    talent = xr.DataArray(special.ndtri(list(percentiles)), dims="percentile", coords={"percentile": list(percentiles)})
    mixes = mixes_of(named, at)
    technical = technical_work(p, slope, talent)
    each = each_intervention(p, slope, talent)
    parts = [technical.expand_dims(work=[TECHNICAL]), each.rename(intervention="work")]
    mixed = (each * mixes.isel(pool=RESEARCHERS, drop=True)).sum("intervention").expand_dims(work=[BUYING_TIME])
    known = xr.DataArray(TALENTS, dims="talent", coords={"talent": TALENTS})
    gap = (technical_work(p, slope, known) - buying_time(p, slope, known, mixes)).assign_coords(draws)
    given = buying_time(p, slope, talent, mixes)
    person = [technical.expand_dims(work=[TECHNICAL]), given.expand_dims(work=[BUYING_TIME])]
    return People(
        beliefs=beliefs,
        allocation=at,
        by_percentile=xr.concat([*parts, mixed], dim="work").assign_coords(draws).transpose("draw", "work", ...),
        one_person=xr.concat(person, dim="work").assign_coords(draws).transpose("draw", "work", ...),
        average=average_of(p, slope, mixes).assign_coords(draws),
        crossing=_crossing(gap),
        best_for=averages.mean(_at_talent(gap, talent) < 0),
        reversed=float(averages.mean(_reversed(gap))),
    )


def exchange_rate(beliefs: Beliefs, allocations: Allocations) -> float:
    """Mean micro-dooms averted by a year of an average technical researcher's work, at the status quo."""
    named = allocations.only([])
    slope = slopes_of(beliefs, named, named.status_quo)
    average = average_of(without_draw_labels(beliefs.parameters), slope, mixes_of(named, named.status_quo))
    return float(averages.mean(average.sel(work=TECHNICAL).assign_coords(made_as(beliefs.parameters))))


# Crossings ----------------------------------------------------------------------------------------------------------


def _crossing(gap: xr.DataArray) -> xr.DataArray:
    """Percentile above which the gap is positive for good; 1 if it is not at the top, 0 if it is everywhere."""
    values = gap.transpose("draw", "talent").values
    last = values.shape[1] - 1 - np.argmax(values[:, ::-1] <= 0, axis=1)
    percentile = special.ndtr(TALENTS[last])
    percentile = np.where(last == values.shape[1] - 1, 1.0, percentile)
    found = np.where((values > 0).all(axis=1), 0.0, percentile)
    return xr.DataArray(found, dims="draw", coords=made_as(gap))


def _reversed(gap: xr.DataArray) -> xr.DataArray:
    """Whether the gap is positive somewhere, then not, and at the top again or not."""
    positive = gap > 0
    falls = positive.isel(talent=slice(None, -1)).values & ~positive.isel(talent=slice(1, None)).values
    return xr.DataArray(falls, dims=positive.dims, coords=made_as(gap)).any("talent")


def _at_talent(gap: xr.DataArray, talent: xr.DataArray) -> xr.DataArray:
    return gap.sel(talent=talent.drop_vars("percentile"), method="nearest").assign_coords(
        percentile=talent["percentile"]
    )
