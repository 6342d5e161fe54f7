"""``toc disagree``: why two worldviews come to different results, and what would bring them together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from toc_model.aliases import Entry, Progress
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.brief import Brief
from toc_model.errors import InputError
from toc_model.present.result import Result
from toc_model.present.section import Section
from toc_model.questions.disagree import words
from toc_model.questions.disagree.agreement import EXPERTS, Probe, what_to_ask
from toc_model.questions.disagree.figure import disagree_figure
from toc_model.questions.disagree.hybrids import Hybrids, measures_of
from toc_model.questions.disagree.sharing import gaps_if_known, within
from toc_model.questions.enough import fail_if_few
from toc_model.statistics import averages, decisions
from toc_model.statistics.draws import difference
from toc_model.statistics.information import FEWEST
from toc_model.statistics.shapley import MOST_PLAYERS, shapley, subsets
from toc_model.survey.documents.mapping import questions_about
from toc_model.survey.planning.planned import fail_if_no_survey

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

MOST_EXACT = 5
"""Parameters in a chapter whose every set is evaluated; where more differ, orders of joining are drawn."""
CRUXES = 10
"""Cruxes that are told of by default."""
STEPS = 1000
"""Into which the progress of each of the two halves of the work is divided."""


@dataclass(frozen=True, slots=True, repr=False)
class Crux(Brief):
    """A parameter on which two worldviews differ.

    Attributes
    ----------
    parameter, chapter : str
    share : xarray.DataArray
        Its part of the difference, dims ``(draw, measure)``.
    gap_if_known : xarray.DataArray
        Expected distance between the two results once both know its value, dims ``(measure,)``.
    """

    parameter: str
    chapter: str
    share: xr.DataArray
    gap_if_known: xr.DataArray


@dataclass(frozen=True, slots=True, repr=False)
class Disagreement(Result):
    """Two worldviews' results, and what each chapter and parameter adds to the difference.

    Attributes
    ----------
    first, second : Beliefs
    allocations : Allocations
    allocation : str
    results : mapping of str to DataArray
        By worldview, dims ``(draw, measure)``: the objective under the status quo, and its change by the allocation.
    chapters : mapping of str to DataArray
        Shapley value of each chapter in which they differ, dims ``(draw, measure)``; they add up to the difference.
    cruxes : tuple of Crux
        First those that have the largest part in either measure; those of a chapter add up to its value.
    sampled : tuple of str
        Chapters in which so many parameters differ that orders of joining were drawn.
    surveys : mapping of str to sequence of str
        Questions of surveys that ask about a crux, by parameter.
    experts : int or None
        How many would answer the questions; None if none was planned.
    probes : tuple of Probe
        What might be asked, first what leaves the smallest gap in the objective.
    top : int
        How many cruxes are told of.
    """

    first: Beliefs
    second: Beliefs
    allocations: Allocations
    allocation: str
    results: Mapping[str, xr.DataArray]
    chapters: Mapping[str, xr.DataArray]
    cruxes: tuple[Crux, ...]
    sampled: tuple[str, ...]
    surveys: Mapping[str, Sequence[str]]
    experts: int | None = None
    probes: tuple[Probe, ...] = ()
    top: int = CRUXES

    @property
    def measures(self) -> tuple[str, str]:
        """The objective, under the status quo, and its change by the allocation."""
        return measures_of(self.first)

    @property
    def difference(self) -> xr.DataArray:
        """The second worldview's results less the first's, draw by draw, dims ``(draw, measure)``."""
        return self.results[self.second.worldview] - self.results[self.first.worldview]

    def believed(self, crux: Crux) -> dict[str, Any]:
        """What both believe about a crux, by entry: median, interval and reason; and the question that elicits it.

        Entries that both believe alike are left out, unless they differ by correlations alone.
        """
        one, other = self.first.priors.entries, self.second.priors.entries
        own = [entry for entry in one if Entry.parse(entry).name == crux.parameter]
        return {
            entry: {
                "question": one[entry].entry.question,
                "unit": one[entry].entry.unit,
                **{beliefs.worldview: _belief(beliefs, entry) for beliefs in (self.first, self.second)},
            }
            for entry in [name for name in own if one[name].distribution != other[name].distribution] or own
        }

    def called(self, crux: Mapping[str, Any]) -> str:
        """What tables and figures call a crux: the parameter, or its only place on which the two differ.

        Parameters
        ----------
        crux : mapping
            As in `to_dict`.
        """
        first, *rest = crux["believed"]
        return self.first.label_of(str(crux["parameter"] if rest else first))

    def as_large_as_first(self, measure: str) -> list[str]:
        """Chapters whose part of a difference these draws can't tell from that of the first, by its size."""
        sizes = {
            name: values.sel(measure=measure, drop=True) * np.sign(float(averages.mean(values.sel(measure=measure))))
            for name, values in self.chapters.items()
        }
        first, *others = sizes
        apart = {name: decisions.figures(difference(sizes[first], sizes[name])) for name in others}
        return [name for name, row in apart.items() if row["mean"] <= decisions.still_as_good(0.0, row["mcse"])]

    def to_dict(self) -> dict[str, Any]:
        """All figures, as ``toc disagree --json`` prints them, in the unit of the outcome."""
        asked = {"experts": self.experts, "questions": [probe.to_dict() for probe in self.probes]}
        return {
            "worldviews": [self.first.worldview, self.second.worldview],
            **self.first.counts,
            "seed": self.first.seed,
            "allocation": self.allocation,
            "baseline": self.allocations.status_quo,
            "results": {name: self._by_measure(values) for name, values in self.results.items()},
            "difference": self._by_measure(self.difference),
            "chapters": [
                {"chapter": name, "sampled_within": name in self.sampled, **self._by_measure(values)}
                for name, values in self.chapters.items()
            ],
            "cruxes": [
                {
                    "parameter": crux.parameter,
                    "chapter": crux.chapter,
                    **self._by_measure(crux.share),
                    "gap_if_known": {name: float(crux.gap_if_known.sel(measure=name)) for name in self.measures},
                    "believed": self.believed(crux),
                }
                for crux in self.cruxes
            ],
            "rests_on": [self.first.rests_on(), self.second.rests_on()],
            "surveys": dict(self.surveys),
            **({} if self.experts is None else {"what_to_ask": asked}),
            "provenance": [
                beliefs.provenance(allocations=dict(self.allocations.digests)) for beliefs in (self.first, self.second)
            ],
        }

    def _by_measure(self, x: xr.DataArray) -> dict[str, dict[str, float]]:
        found = decisions.summary(x)
        return {name: decisions.row(found, measure=name) for name in self.measures}

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each crux: its part of the difference and the gap once it is known, in the outcome's unit."""
        import pandas as pd

        rows = {
            crux["parameter"]: {
                "chapter": crux["chapter"],
                **{f"{name}_{key}": crux[name][key] for name in self.measures for key in ("mean", "mcse")},
                **{f"{name}_gap_if_known": crux["gap_if_known"][name] for name in self.measures},
            }
            for crux in self.to_dict()["cruxes"]
        }
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("parameter")

    def section(self) -> Section:
        """Results, chapters, cruxes, and what would bring the two together."""
        return words.section([self])

    def plot(self) -> "Figure":
        """What chapters and cruxes add to the difference."""
        return disagree_figure(self)

    def about(self) -> str:
        """Worldviews, cruxes and draws."""
        return (
            f"{self.first.worldview!r} and {self.second.worldview!r}, {len(self.cruxes)} cruxes, {self.first.counted()}"
        )


def disagree(
    beliefs: Sequence[Beliefs],
    allocations: Allocations,
    *,
    allocation: str | None = None,
    exact: bool = False,
    experts: int | None = EXPERTS,
    top: int = CRUXES,
    progress: Progress | None = None,
) -> Disagreement:
    """Share out the difference of two worldviews' results over chapters and over the parameters in them.

    A set of parameters takes the second worldview's draws and the others keep the first's. Both have the same random
    numbers, so that all is paired. Chapters get their exact Shapley values. Within a chapter, a parameter gets its
    Owen value: the Shapley value over the chapter's parameters, in the game in which the other chapters join whole.
    It is exact for up to `MOST_EXACT` parameters. For more, one order of joining is drawn for each draw and each set
    of other chapters, so that the values are unbiased, their Monte Carlo error includes that of the orders, and they
    still add up to the chapter's. Where a worldview correlates parameters, each keeps its draws, so that a hybrid has
    such a correlation only between parameters that are both that worldview's. The same holds for factors that several
    share: each parameter keeps them in its draws. Worldviews on one folder of documents have the same factors and the
    same draws of these, so that no part of a difference is a factor's.

    Parameters
    ----------
    beliefs : sequence of Beliefs
        Of two single worldviews, with the same draws, seed and overrides.
    allocations : Allocations
    allocation : str, optional
        What is compared with the status quo; the proposal by default.
    exact : bool
        Evaluate every set of up to `toc_model.statistics.shapley.MOST_PLAYERS` parameters, which takes minutes.
    experts : int or None
        How many would answer the questions that are tried; None to try none. See
        `toc_model.questions.disagree.agreement.what_to_ask`.
    top : int
        How many cruxes the result tells of.
    progress : callable, optional
        Called with the number of steps done and the number of all.

    Raises
    ------
    InputError
        If the worldviews are not two, draw no parameter differently, or are mixtures or posteriors; if the allocation
        is unknown; or if experts are to be asked and can't be simulated, or there are fewer than 100 draws.

    Notes
    -----
    Owen, G. (1977), Values of games with a priori unions.
    """
    if experts is not None:
        fail_if_no_survey([experts])
    first, second = _two_worldviews(beliefs)
    name = allocation or allocations.proposal
    game = Hybrids(first, second, allocations.compared(name).levers())
    if experts is not None:
        fail_if_few("results", first.draws, FEWEST)
    found = _shared_out(game, allocations, name, MOST_PLAYERS if exact else MOST_EXACT, _half(progress, 0))
    told = replace(found, surveys=questions_about(first.documents, [crux.parameter for crux in found.cruxes]), top=top)
    if experts is None:
        return told
    return replace(told, experts=experts, probes=what_to_ask(told, allocations, experts, progress=_half(progress, 1)))


def _half(progress: Progress | None, which: int) -> Progress | None:
    """Progress within the first or the second half of the work."""
    if progress is None:
        return None
    return lambda done, total: progress(STEPS * which + STEPS * done // max(total, 1), 2 * STEPS)


def _shared_out(
    game: Hybrids, allocations: Allocations, allocation: str, most_exact: int, progress: Progress | None
) -> Disagreement:
    first, second, steps = game.first, game.second, len(game.chapters) + 2

    def step(done: int) -> None:
        if progress:
            progress(done, steps)

    sets = list(subsets(list(game.chapters)))
    values = dict(zip(sets, map(game.labelled, game.values(map(game.swapped, sets))), strict=True))
    chapters = shapley(list(game.chapters), values.__getitem__)
    step(1)
    shares: dict[str, xr.DataArray] = {}
    for done, chapter in enumerate(game.chapters, start=2):
        shares |= within(game, chapter, values, most_exact)
        step(done)
    known = gaps_if_known(game)
    step(steps)
    chapter_of = {name: chapter for chapter, inside in game.chapters.items() for name in inside}
    cruxes = [Crux(name, chapter_of[name], share, known[name]) for name, share in shares.items()]
    return Disagreement(
        first,
        second,
        allocations,
        allocation,
        {first.worldview: values[frozenset()], second.worldview: values[frozenset(game.chapters)]},
        dict(
            sorted(chapters.items(), key=lambda item: -abs(float(averages.mean(item[1].sel(measure=game.measures[0])))))
        ),
        tuple(sorted(cruxes, key=lambda crux: -_weight(crux, shares))),
        tuple(chapter for chapter, inside in game.chapters.items() if len(inside) > most_exact),
        {},
    )


def _two_worldviews(beliefs: Sequence[Beliefs]) -> tuple[Beliefs, Beliefs]:
    if len(beliefs) != 2:
        raise InputError(f"disagree: found {len(beliefs)} worldviews; allowed: two")
    first, second = beliefs
    for one in (first, second):
        if len(one.members) != 1 or one.is_posterior:
            kinds = {0: "a set of draws of your own", 1: "a posterior"}
            kind = kinds.get(len(one.members), "a mixture")
            raise InputError(
                f"disagree: {one.worldview!r} is {kind}; allowed: two single worldviews "
                "(toc worldviews from-posterior makes one of a posterior)"
            )
    if first.worldview == second.worldview:
        raise InputError(f"disagree: found {first.worldview!r} twice; allowed: two different worldviews")
    return first, second


def _weight(crux: Crux, shares: Mapping[str, xr.DataArray]) -> float:
    """The part of a crux in the measure in which it is larger, of what all parameters move that measure by."""
    sizes = {name: abs(averages.mean(share)).values for name, share in shares.items()}
    whole = np.maximum(np.sum(list(sizes.values()), axis=0), np.finfo(float).tiny)
    return float(np.max(sizes[crux.parameter] / whole))


def _belief(beliefs: Beliefs, entry: str) -> dict[str, Any]:
    prior = beliefs.priors[entry]
    low, median, high = (float(prior.distribution.quantile(level)) for level in (0.05, 0.5, 0.95))
    return {"q05": low, "q50": median, "q95": high, "reason": prior.reason}
