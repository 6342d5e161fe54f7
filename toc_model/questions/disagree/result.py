"""Why two worldviews disagree: the difference of their results, shared out over chapters and parameters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from math import comb
from typing import Any

import numpy as np
import xarray as xr

from toc_model.aliases import Entry, Progress
from toc_model.beliefs.allocations import STATUS_QUO
from toc_model.beliefs.beliefs import Beliefs
from toc_model.errors import InputError, unknown
from toc_model.questions.disagree.hybrids import MEASURES, TOGETHER, Hybrids, Swapped, labelled
from toc_model.statistics import decisions
from toc_model.statistics.regression import on_one_thread, smooth
from toc_model.statistics.shapley import MOST_PLAYERS, shapley, subsets

MOST_EXACT = 5
"""Parameters in a chapter whose every set is evaluated; where more differ, orders of joining are drawn."""

type Values = Mapping[frozenset[str], xr.DataArray]
"""Results by the set of chapters that are the other worldview's, dims ``(draw, measure)``."""


@dataclass(frozen=True, slots=True)
class Crux:
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


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two worldviews' results, and what each chapter and parameter adds to the difference.

    Attributes
    ----------
    first, second : Beliefs
    allocation : str
    results : mapping of str to DataArray
        By worldview, dims ``(draw, measure)``.
    chapters : mapping of str to DataArray
        Shapley value of each chapter in which they differ, dims ``(draw, measure)``; they add up to the difference.
    cruxes : tuple of Crux
        First those that have the largest part in either measure; those of a chapter add up to its value.
    sampled : tuple of str
        Chapters in which so many parameters differ that orders of joining were drawn.
    """

    first: Beliefs
    second: Beliefs
    allocation: str
    results: Mapping[str, xr.DataArray]
    chapters: Mapping[str, xr.DataArray]
    cruxes: tuple[Crux, ...]
    sampled: tuple[str, ...]

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

    def to_dict(self) -> dict[str, Any]:
        """All figures, as ``toc disagree --json`` prints them; probabilities and changes are fractions."""
        return {
            "worldviews": [self.first.worldview, self.second.worldview],
            "draws": self.first.draws,
            "seed": self.first.seed,
            "allocation": self.allocation,
            "baseline": STATUS_QUO,
            "results": {name: _by_measure(values) for name, values in self.results.items()},
            "difference": _by_measure(self.difference),
            "chapters": [
                {"chapter": name, "sampled_within": name in self.sampled, **_by_measure(values)}
                for name, values in self.chapters.items()
            ],
            "cruxes": [
                {
                    "parameter": crux.parameter,
                    "chapter": crux.chapter,
                    **_by_measure(crux.share),
                    "gap_if_known": {name: float(crux.gap_if_known.sel(measure=name)) for name in MEASURES},
                    "believed": self.believed(crux),
                }
                for crux in self.cruxes
            ],
            "rests_on": [self.first.rests_on(), self.second.rests_on()],
        }


def disagree(
    first: Beliefs,
    second: Beliefs,
    named: xr.Dataset,
    allocation: str = "recommended",
    *,
    exact: bool = False,
    progress: Progress | None = None,
) -> Disagreement:
    """Share out the difference of two worldviews' results over chapters and over the parameters in them.

    A set of parameters takes the second worldview's draws and the others keep the first's. Both have the same random
    numbers, so that all is paired. Chapters get their exact Shapley values. Within a chapter, a parameter gets its
    Owen value: the Shapley value over the chapter's parameters, in the game in which the other chapters join whole.
    It is exact for up to `MOST_EXACT` parameters. For more, one order of joining is drawn for each draw and each set
    of other chapters, so that the values are unbiased, their Monte Carlo error includes that of the orders, and they
    still add up to the chapter's. Where a worldview correlates parameters, each keeps its draws, so that a hybrid has
    such a correlation only between parameters that are both that worldview's.

    Parameters
    ----------
    first, second : Beliefs
        Of single worldviews, with the same draws, seed and overrides.
    named : xarray.Dataset
        Levers, dims ``(allocation, ...)``, the status quo first.
    allocation : str
    exact : bool
        Evaluate every set of up to `toc_model.statistics.shapley.MOST_PLAYERS` parameters, which takes minutes.
    progress : callable, optional
        Called with the number of steps done and the number of all.

    Raises
    ------
    InputError
        If the worldviews are one, draw no parameter differently, or are mixtures or posteriors; or if the allocation
        is unknown.

    Notes
    -----
    Owen, G. (1977), Values of games with a priori unions.
    """
    _fail_if_no_two_worldviews(first, second)
    names = [str(name) for name in named["allocation"].values]
    if allocation not in names[1:]:
        raise InputError(unknown("allocation", allocation, names[1:]))
    most_exact = MOST_PLAYERS if exact else MOST_EXACT
    game = Hybrids(first, second, named.sel(allocation=[names[0], allocation]))
    steps = len(game.chapters) + 2

    def step(done: int) -> None:
        if progress:
            progress(done, steps)

    sets = list(subsets(list(game.chapters)))
    values = dict(zip(sets, map(labelled, game.values(map(game.swapped, sets))), strict=True))
    chapters = shapley(list(game.chapters), values.__getitem__)
    step(1)
    shares: dict[str, xr.DataArray] = {}
    for done, chapter in enumerate(game.chapters, start=2):
        shares |= _within(game, chapter, values, most_exact)
        step(done)
    known = _gaps_if_known(game)
    step(steps)
    chapter_of = {name: chapter for chapter, inside in game.chapters.items() for name in inside}
    cruxes = [Crux(name, chapter_of[name], share, known[name]) for name, share in shares.items()]
    return Disagreement(
        first,
        second,
        allocation,
        {first.worldview: values[frozenset()], second.worldview: values[frozenset(game.chapters)]},
        dict(sorted(chapters.items(), key=lambda item: -_size(item[1]))),
        tuple(sorted(cruxes, key=lambda crux: -_weight(crux, shares))),
        tuple(chapter for chapter, inside in game.chapters.items() if len(inside) > most_exact),
    )


def _within(game: Hybrids, chapter: str, values: Values, most_exact: int) -> dict[str, xr.DataArray]:
    """Owen values of a chapter's parameters; they add up to the chapter's Shapley value."""
    others = [other for other in game.chapters if other != chapter]
    contexts = [(context, 1 / (len(game.chapters) * comb(len(others), len(context)))) for context in subsets(others)]
    players = game.chapters[chapter]
    if len(players) > most_exact:
        return _by_drawn_orders(game, players, chapter, contexts, values)

    weights = [weight for _, weight in contexts]
    values_of: dict[frozenset[str], xr.DataArray] = {}
    for some in batched(subsets(players), max(1, TOGETHER // (len(contexts) * game.first.draws)), strict=False):
        found = game.values(game.swapped(context) | game.mark(chosen) for chosen in some for context, _ in contexts)
        by_context = found.reshape(len(some), len(contexts), *found.shape[1:])
        values_of |= dict(zip(some, map(labelled, np.einsum("c,sc...->s...", weights, by_context)), strict=True))
    return shapley(players, values_of.__getitem__)


def _by_drawn_orders(
    game: Hybrids,
    players: Sequence[str],
    chapter: str,
    contexts: Sequence[tuple[frozenset[str], float]],
    values: Values,
) -> dict[str, xr.DataArray]:
    draws = game.first.draws
    random = np.random.default_rng([game.first.seed, len(players)])
    columns = np.array([game.parameters.index(name) for name in players])
    shares = {name: np.zeros((draws, len(MEASURES))) for name in players}
    for context, weight in contexts:
        places = random.permuted(np.tile(np.arange(len(players)), (draws, 1)), axis=1)
        joining = [np.tile(game.swapped(context), (draws, 1)) for _ in players[1:]]
        for joined, swapped in enumerate(joining, start=1):
            swapped[:, columns] = places < joined
        path = [values[context].values, *game.values(joining), values[context | {chapter}].values]
        added = np.diff(path, axis=0)
        for column, name in enumerate(players):
            shares[name] += weight * added[places[:, column], np.arange(draws)]
    return {name: labelled(share) for name, share in shares.items()}


@on_one_thread
def _gaps_if_known(game: Hybrids) -> dict[str, xr.DataArray]:
    """Expected distance of both results once both know a parameter, its truth drawn from either worldview.

    The value is given to both, while all else stays as each believes it. Draws of the difference are regressed on the
    parameter, and the mean size of what they are expected to be is what remains of the gap.
    """
    draws = game.first.draws
    truth_is_second = np.random.default_rng([game.first.seed, draws]).permutation(draws) % 2 == 1
    own: list[Swapped] = []
    for column in range(len(game.parameters)):
        for worldview in (False, True):
            swapped = np.full((draws, len(game.parameters)), worldview)
            swapped[:, column] = truth_is_second
            own.append(swapped)
    found = game.values(own)
    gaps = {}
    for place, name in enumerate(game.parameters):
        told = [beliefs.parameters[name].values.reshape(draws, -1) for beliefs in (game.first, game.second)]
        truth = np.where(truth_is_second[:, None], told[1], told[0])
        apart = found[2 * place + 1] - found[2 * place]
        expected = np.column_stack([fit.expected for fit in smooth(truth, apart)])
        gaps[name] = labelled(abs(expected)).mean("draw")
    return gaps


def _fail_if_no_two_worldviews(first: Beliefs, second: Beliefs) -> None:
    for beliefs in (first, second):
        if len(beliefs.members) != 1 or beliefs.is_posterior:
            kinds = {0: "a set of draws of your own", 1: "a posterior"}
            kind = kinds.get(len(beliefs.members), "a mixture")
            raise InputError(
                f"disagree: {beliefs.worldview!r} is {kind}; allowed: two single worldviews "
                "(toc worldview from-posterior makes one of a posterior)"
            )
    if first.worldview == second.worldview:
        raise InputError(f"disagree: found {first.worldview!r} twice; allowed: two different worldviews")


def _size(share: xr.DataArray) -> float:
    return abs(float(share.sel(measure="p_doom").mean()))


def _weight(crux: Crux, shares: Mapping[str, xr.DataArray]) -> float:
    """The part of a crux in the measure in which it is larger, of what all parameters move that measure by."""
    sizes = {name: abs(share.mean("draw")).values for name, share in shares.items()}
    whole = np.maximum(np.sum(list(sizes.values()), axis=0), np.finfo(float).tiny)
    return float(np.max(sizes[crux.parameter] / whole))


def _belief(beliefs: Beliefs, entry: str) -> dict[str, Any]:
    prior = beliefs.priors[entry]
    low, median, high = (float(prior.distribution.quantile(level)) for level in (0.05, 0.5, 0.95))
    return {"q05": low, "q50": median, "q95": high, "reason": prior.reason}


def _by_measure(x: xr.DataArray) -> dict[str, dict[str, float]]:
    found = decisions.summary(x)
    return {name: decisions.row(found, measure=name) for name in MEASURES}
