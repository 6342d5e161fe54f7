"""What to do, and how surely."""

from collections.abc import Mapping, Sequence
from typing import Literal, Unpack, overload

from toc_model.aliases import Progress
from toc_model.beliefs.loading import beside
from toc_model.errors import InputError
from toc_model.facade.given import Drawn, Held, Options, one, several
from toc_model.files import each_read_once
from toc_model.questions import compare as _compare
from toc_model.questions import curve as _curve
from toc_model.questions import marginal as _marginal
from toc_model.questions import optimise as _optimise
from toc_model.questions import run as _run
from toc_model.questions import voi as _voi
from toc_model.questions import worldviews as _worldviews
from toc_model.questions.compare.spending import Costs
from toc_model.questions.voi import several as _several
from toc_model.statistics.information import in_units_of_cost
from toc_model.statistics.sampling import Sampling, Study, enbs


@each_read_once()
def run(
    beliefs: Held | None = None,
    allocations: Options | None = None,
    *,
    to: str | None = None,
    steps: bool = False,
    progress: Progress | None = None,
    **drawn: Unpack[Drawn],
) -> _run.Run:
    """One move under each worldview, and the outcome under each allocation with its paired change from the status quo.

    Parameters
    ----------
    beliefs : str, path or Beliefs, optional
        By default the case's default worldview, with the same move under all others beside it.
    allocations : path, mapping or Allocations, optional
        Those of the documents by default.
    to : str, optional
        The allocation of the move; the case's proposal by default.
    steps : bool
        Whether to split the change by the move over the stages of the case.
    progress : callable, optional
        Called with the number of evaluations done and the number of all.
    **drawn
        As `beliefs` takes it.

    Raises
    ------
    InputError
        If anything that was given can't be used.
    """
    held, options = one(beliefs, allocations, drawn)
    alone = beliefs is not None
    return _run.run(held, options, beside=() if alone else beside(held), to=to, steps=steps, progress=progress)


@each_read_once()
def compare(
    beliefs: Held | Sequence[Held] | None = None,
    allocations: Options | None = None,
    *,
    weights: Sequence[float] | None = None,
    delay_cost: float | None = None,
    costs: Costs | None = None,
    unit_cost: float | None = None,
    progress: Progress | None = None,
    **drawn: Unpack[Drawn],
) -> _compare.Comparison:
    """Allocations by P(best), regret, risk and dominance, under one worldview or several.

    Parameters
    ----------
    beliefs : one or a sequence of str, path or Beliefs, optional
    allocations, progress, **drawn
        As for `run`.
    weights : sequence of float, optional
        Of the worldviews, for mean regret; equal by default.
    delay_cost : float, optional
        Share of what there is to lose that a period of delay costs, such as .0078; nothing is assumed without it.
    costs : mapping or xarray.DataArray, optional
        What each allocation costs you, in your currency, by name: amounts, or draws of them (dims ``allocation`` and
        ``draw``); 0 for the status quo unless it says otherwise. The answer then has the cost-effectiveness frontier.
    unit_cost : float, optional
        In place of costs: what a unit that the case counts as moved costs you.

    Raises
    ------
    InputError
        If anything that was given can't be used.
    """
    held, options = several(beliefs, allocations, drawn)
    return _compare.compare(
        held,
        options,
        weights=weights,
        delay_cost=delay_cost,
        costs=costs,
        unit_cost=unit_cost,
        progress=progress,
    )


@each_read_once()
def curve(
    beliefs: Held | Sequence[Held] | None = None,
    allocations: Options | None = None,
    *,
    lever: str | None = None,
    values: Sequence[float] | None = None,
    progress: Progress | None = None,
    **drawn: Unpack[Drawn],
) -> _curve.Curve:
    """The change of the outcome as one variable of a lever goes through a range, all else as under the status quo.

    Parameters
    ----------
    beliefs, allocations, progress, **drawn
        As for `compare`.
    lever : str, optional
        A variable of a lever, such as ``researchers``; the case's main one by default.
    values : sequence of float, optional
        Twenty from the lower bound on by default.

    Raises
    ------
    InputError
        If anything that was given can't be used.
    """
    held, options = several(beliefs, allocations, drawn)
    return _curve.curve(held, options, lever=lever, values=values, progress=progress)


@each_read_once()
def optimise(
    beliefs: Held | Sequence[Held] | None = None,
    allocations: Options | None = None,
    *,
    kind: Literal["mean", "cvar", "worst", "regret"] = "mean",
    level: float = 0.95,
    free: Sequence[str] = (),
    bounds: Mapping[str, tuple[float, float]] | None = None,
    at_most_moved: float | None = None,
    base: str | None = None,
    starts: int = 4,
    delay_cost: float | None = None,
    progress: Progress | None = None,
    **drawn: Unpack[Drawn],
) -> _optimise.BestAllocation:
    """The best allocation, all that is as good, and how much of the gain was the optimiser's curse.

    Parameters
    ----------
    beliefs, allocations, progress, **drawn
        As for `compare`; random starts have the seed of the draws.
    kind : str
        What is to be best: the mean, the mean of the worst draws ("cvar"), the worst worldview, or the largest regret.
    level : float
        Share of draws that are not among the worst, for "cvar".
    free : sequence of str
        Groups of variables that may change; all by default.
    bounds : mapping of str to (low, high), optional
    at_most_moved : float, optional
        Largest sum of changes of variables without a sum.
    base : str, optional
        The allocation to improve; the status quo by default.
    starts : int
        Random starts, besides the base.
    delay_cost : float, optional
        As for `compare`; what is made best is then the outcome with what its delay costs.

    Raises
    ------
    InputError
        If anything that was given can't be used.
    """
    held, options = several(beliefs, allocations, drawn)
    return _optimise.optimise(
        held,
        options,
        kind=kind,
        level=level,
        free=free,
        bounds=bounds,
        at_most_moved=at_most_moved,
        base=base,
        starts=starts,
        seed=held[0].seed,
        delay_cost=delay_cost,
        progress=progress,
    )


@each_read_once()
def marginal(
    beliefs: Held | Sequence[Held] | None = None,
    allocations: Options | None = None,
    *,
    at: str | None = None,
    unit_cost: float | None = None,
    progress: Progress | None = None,
    **drawn: Unpack[Drawn],
) -> _marginal.Marginal:
    """What a little more of each thing is worth: every variable of a lever, and the steps that the case asks about.

    Parameters
    ----------
    beliefs, allocations, progress, **drawn
        As for `compare`.
    at : str, optional
        The allocation at whose margin it is; the status quo by default.
    unit_cost : float, optional
        What a unit of the case's cost, such as an FTE-year, costs you, in your currency; prices need it.

    Raises
    ------
    InputError
        If anything that was given can't be used.
    """
    return _marginal.marginal(*several(beliefs, allocations, drawn), at=at, unit_cost=unit_cost, progress=progress)


class _Valued(Drawn, total=False):
    """What is valued, and how beliefs are drawn."""

    between: Sequence[str] | None
    parameters: Sequence[str] | None
    experts: Sequence[int]
    worth: float | None
    cost: float | None
    progress: Progress | None


@overload
def voi(  # type: ignore[overload-overlap] # a text is a sequence of texts, too, and stands for one worldview
    beliefs: Held | None = None, allocations: Options | None = None, **how: Unpack[_Valued]
) -> _voi.Voi: ...
@overload
def voi(
    beliefs: Sequence[Held], allocations: Options | None = None, **how: Unpack[_Valued]
) -> _several.VoiOfSeveral: ...
@each_read_once()
def voi(
    beliefs: Held | Sequence[Held] | None = None,
    allocations: Options | None = None,
    *,
    between: Sequence[str] | None = None,
    parameters: Sequence[str] | None = None,
    experts: Sequence[int] = _voi.EXPERTS,
    worth: float | None = None,
    cost: float | None = None,
    progress: Progress | None = None,
    **drawn: Unpack[Drawn],
) -> _voi.Voi | _several.VoiOfSeveral:
    """What to ask next: the value of knowing parameters, settling claims and asking experts.

    Parameters
    ----------
    beliefs, allocations, progress, **drawn
        As for `compare`; a sequence of beliefs is answered by worldview, each valued by itself.
    between : sequence of str, optional
        What the status quo may be left for; the case's proposal by default.
    parameters : sequence of str, optional
        Names, or ``name[place]``; all uncertain ones by default.
    experts : sequence of int
        Numbers of respondents.
    worth, cost : float, optional
        What a unit of the case's cost is worth elsewhere, and how many of them asking one expert takes.

    Raises
    ------
    InputError
        If anything that was given can't be used.
    """
    wanted = _several.Wanted(between=between, parameters=parameters, experts=experts, worth=worth, cost=cost)
    if isinstance(beliefs, Sequence) and not isinstance(beliefs, str):
        every, options = several(beliefs, allocations, drawn)
        return _several.voi_of_several(every, options, progress=progress, **wanted)
    held, options = one(beliefs, allocations, drawn)
    return _voi.voi(held, options, progress=progress, **wanted)


def sampling(found: _voi.Voi, study: Study) -> dict[str, Sampling]:
    """How many to ask: the net benefit of each question that `voi` valued, by number of respondents, and the best one.

    Parameters
    ----------
    found : Voi
        What `voi` found for some numbers of ``experts``, where a unit of the case's cost has a worth.
    study : Study
        What asking costs, in units of the case's cost, and how many such decisions hang on it, for how long: one, for
        one period, where it is this choice alone.

    Returns
    -------
    dict of str to Sampling
        By question.

    Raises
    ------
    InputError
        If it is not known what a unit of cost is worth elsewhere.
    """
    if found.worth is None:
        raise InputError("sampling: found no worth of a unit of cost; allowed: what toc.voi(worth=...) found")
    rate = found.worth * found.beliefs.case.objective.small.size
    return {
        asked.plan.name: enbs({many: in_units_of_cost(value, rate) for many, value in asked.experts.items()}, study)
        for asked in found.surveys
    }


@each_read_once()
def worldviews(
    beliefs: Held | Sequence[Held] | None = None,
    allocations: Options | None = None,
    *,
    to: str | None = None,
    progress: Progress | None = None,
    **drawn: Unpack[Drawn],
) -> _worldviews.Worldviews:
    """Whose beliefs there are: the outcome, one move and what describes each.

    Parameters
    ----------
    beliefs, allocations, progress, **drawn
        As for `compare`; all that the case tells by default.
    to : str, optional
        The allocation of the move; the case's proposal by default.

    Raises
    ------
    InputError
        If anything that was given can't be used.
    """
    held, options = several(beliefs, allocations, drawn)
    return _worldviews.worldviews(beside(held[0]) if beliefs is None else held, options, to=to, progress=progress)
