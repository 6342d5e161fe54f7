"""What is said about allocations compared."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import xarray as xr

from toc_model.beliefs.beliefs import Beliefs
from toc_model.engine.value import DelayCost
from toc_model.naming import called
from toc_model.present import words
from toc_model.present.drawing import picture
from toc_model.present.section import Cell, Number, Picture, Section, Table
from toc_model.questions.compare.figure import TITLE, p_best_figure
from toc_model.questions.compare.spending_words import frontiers
from toc_model.questions.compare.spending_words import tables as spent
from toc_model.questions.run.words import cost_cell, how_cost
from toc_model.questions.whose import whose
from toc_model.statistics import averages, decisions
from toc_model.statistics.firsts import rivals
from toc_model.statistics.resamples import HIGH, LOW, RESAMPLES

if TYPE_CHECKING:
    from toc_model.questions.compare import Comparison

NAMED = 3
"""Allocations that are named where more can't be told apart."""
KINDS = {"statewise": "in every draw", "first_order": "at every quantile", "second_order": "for all who avoid risk"}
WIDEST = "second_order"
"""The kind of dominance that all others imply."""


def section(found: "Comparison", *, pictures: bool = False) -> Section:
    """Two tables a worldview, one across worldviews, and what they rest on; pictures are drawn on request."""
    figures = found.to_dict()
    tables = []
    for place, (beliefs, rows) in enumerate(zip(found.beliefs, figures["worldviews"].values(), strict=True)):
        how = _how(found) if not place else ("", "")
        tables += [_changes(found, beliefs, rows, how[0]), _choices(found, beliefs, rows, how[1])]
    several = len(found.beliefs) > 1
    return Section(
        "compare",
        "Allocations",
        "Which allocation is best, and how surely?",
        [best(found), *([matters(found)] if several else []), *delayed(found), *frontiers(found)],
        [_picture(found)] if pictures else [],
        [*tables, *([_across(found, figures)] if several else []), *counted_tables(found), *spent(found)],
        figures["rests_on"],
    )


def _how(found: "Comparison") -> tuple[str, str]:
    """How to read the two tables of a worldview; said once."""
    measure, quo = found.objective.measure, words.quoted(found.allocations.status_quo)
    changes = (
        f"{words.begun(measure.unit)}; paired changes from {quo} in {measure.change_unit}, with their "
        f"Monte Carlo error and [5 %, 95 %]{how_cost(found.allocations.case, _costs(found))}."
    )
    choices = (
        "P(best): share of draws in which nothing else is better, ties shared. Regret: how much worse than the best "
        f"of the draw, in the mean and at the 95 % quantile. Worst 5 %: mean {found.objective.label} of the worst "
        f"draws (CVaR). Frontier: share of {RESAMPLES} resamples of the draws in which none of the others has a better "
        f"mean and less spread; from {words.percent(LOW, 1)} to {words.percent(HIGH, 1)} they are not told apart. "
    )
    return changes, choices


def _sample(beliefs: Beliefs) -> str:
    return f"worldview '{words.named(beliefs.worldview)}' ({beliefs.sample})"


def _changes(found: "Comparison", beliefs: Beliefs, rows: dict[str, Any], how: str) -> Table:
    objective = found.objective
    measure = objective.measure
    headings = ["change", "better in", *(["break-even"] if found.later else [])]
    cells: list[list[Cell]] = []
    for name, row in rows.items():
        moved: list[Cell] = [""] * len(headings)
        if name != found.allocations.status_quo:
            moved = [words.change_cell(measure, row["change"], error=True), words.share(row["share_better"])]
            moved += [cost_cell(row["break_even"])] if found.later else []
        mean = row[objective.node]
        cells.append([called(name), Number(words.value(measure, mean), mean), *moved])
    return Table(
        f"{words.begun(objective.label)} and its change, {_sample(beliefs)}",
        ["allocation", objective.label, *headings],
        cells,
        note=how,
    )


def _choices(found: "Comparison", beliefs: Beliefs, rows: dict[str, Any], how: str) -> Table:
    measure = found.objective.measure
    cells: list[list[Cell]] = [
        [
            called(name),
            words.share(row["p_best"]),
            Number(words.value(measure, row["opportunity_loss"], measure.change_digits), row["opportunity_loss"]),
            Number(words.value(measure, row["regret_q95"]), row["regret_q95"]),
            Number(words.value(measure, row["cvar95"]), row["cvar95"]),
            Number(words.value(measure, row["sd"]), row["sd"]),
            words.share(row["efficient_share"]),
        ]
        for name, row in rows.items()
    ]
    return Table(
        f"P(best), regret and risk, {_sample(beliefs)}",
        ["allocation", "P(best)", "regret", "95 %", "worst 5 %", "spread (sd)", "frontier"],
        cells,
        note=f"{how}{_dominated(rows)}",
    )


def _dominated(rows: dict[str, Any]) -> str:
    """Which allocations are told to be worse than another, by the strictest kind of dominance that is told of them."""
    verdicts = {name: {kind: row["dominance"][kind]["verdict"] for kind in KINDS} for name, row in rows.items()}
    strictest = {name: next((kind for kind in KINDS if one[kind] == "yes"), None) for name, one in verdicts.items()}
    said = [
        f"worse than another {text}: {_names(names)}"
        for kind, text in KINDS.items()
        if (names := [name for name, found in strictest.items() if found == kind])
    ]
    widest = {name: row["dominance"][WIDEST] for name, row in rows.items() if not strictest[name]}
    if left := [name for name, found in widest.items() if found["verdict"] == "no"]:
        said.append(f"not dominated: {_names(left)}")
    unclear = {name: found["share"] for name, found in widest.items() if found["verdict"] == "not told apart"}
    if unclear:
        shares = ", ".join(f"{words.named(name)} ({words.percent(share)})" for name, share in unclear.items())
        said.append(f"not told apart (worse {KINDS[WIDEST]} in so many resamples): {shares}")
    return f"Dominance, told where it holds in more than {words.percent(HIGH, 1)} of resamples: {'; '.join(said)}."


def _names(names: list[str]) -> str:
    return ", ".join(map(words.named, names))


def _across(found: "Comparison", figures: dict[str, Any]) -> Table:
    weights = ", ".join(
        f"{words.named(name)} {weight:g}"
        for name, weight in zip(figures["worldviews"], figures["weights"], strict=True)
    )
    table, firsts = regrets(found), found.firsts()
    rows = [
        [*row, called(one["worst_worldview"])] for row, one in zip(table.rows, figures["across"].values(), strict=True)
    ]
    return Table(
        table.caption,
        [*table.headings, "largest under"],
        rows,
        goes=table.goes,
        note=f"Weights for the mean: {weights}. Least mean regret: {words.named(figures['least_mean_regret'])}"
        f"{_surely(firsts['mean'], figures['least_mean_regret'])}; least largest regret (minimax): "
        f"{words.named(figures['minimax_regret'])}{_surely(firsts['largest'], figures['minimax_regret'])}.",
    )


def _surely(shares: xr.DataArray, name: str) -> str:
    """In how many resamples of the draws an allocation is the first, and which others are; nothing where it is told."""
    others = [one for one in rivals(shares) if one != name]
    if not others:
        return ""
    share = words.percent(float(shares.sel(allocation=name)))
    return f" (in {share} of {RESAMPLES} resamples of the draws: not told apart from {_some(others)})"


def _some(names: Sequence[str]) -> str:
    """A few names, and how many more there are."""
    more = [f"{len(names) - NAMED} more"] if len(names) > NAMED else []
    return words.listed([*map(words.quoted, names[:NAMED]), *more])


# With what delay costs --------------------------------------------------------------------------------------------


def delayed(found: "Comparison") -> list[str]:
    """Which allocation is best when delay is counted at what the caller says that it costs."""
    if found.cost is None or found.with_delay is None:
        return []
    return [f"{words.chosen_delay(found.cost)} {best(found.with_delay, found.cost.label)}"]


def counted_tables(found: "Comparison") -> list[Table]:
    """A table a worldview of the outcome with its delay; none where nothing is said of what delay costs."""
    counted, cost = found.with_delay, found.cost
    if counted is None or cost is None:
        return []
    tables = [
        _counted(counted, beliefs, rows, cost)
        for beliefs, rows in zip(found.beliefs, counted.effects().values(), strict=True)
    ]
    return [*tables, *([regrets(counted, cost.label)] if len(found.beliefs) > 1 else [])]


def _counted(found: "Comparison", beliefs: Beliefs, rows: dict[str, Any], cost: DelayCost) -> Table:
    measure = found.objective.measure
    cells: list[list[Cell]] = []
    for name, row in rows.items():
        moved: list[Cell] = ["", ""]
        if name != found.allocations.status_quo:
            moved = [words.change_cell(measure, row["change"], error=True), words.share(row["share_better"])]
        mean, lost = row[found.objective.node], row["opportunity_loss"]
        regret = Number(words.value(measure, lost, measure.change_digits), lost)
        cells.append(
            [called(name), Number(words.value(measure, mean), mean), *moved, words.share(row["p_best"]), regret]
        )
    return Table(
        f"{words.begun(cost.label)}, {_sample(beliefs)}",
        ["allocation", cost.label, "change", "better in", "P(best)", "regret"],
        cells,
        goes=["better in", "P(best)"],
        note=f"As above, with {found.objective.label} made worse by {words.percent_of(cost.share)} of what is left to "
        f"lose for each {cost.delay.period} by which it comes later than in the reference.",
    )


# What a report says elsewhere -------------------------------------------------------------------------------------


def best(found: "Comparison", label: str = "") -> str:
    """Which allocation has the best mean under each worldview, and how often it is the best of all."""
    parts = []
    for beliefs, loss in zip(found.beliefs, found.losses, strict=True):
        first = str(averages.mean(loss).idxmin("allocation").item())
        chance = float(decisions.p_best(loss).sel(allocation=first))
        good = decisions.as_good_as_best(loss)
        others = [str(name) for name in loss["allocation"].values[good.values] if str(name) != first]
        apart = f"; these draws can't tell it from {_some(others)}" if others else ""
        parts.append(
            f"{words.quoted(first)} under {whose(beliefs)} (the best of all in {words.percent(chance)} of draws{apart})"
        )
    objective = found.objective
    return (
        f"Of the {len(found.allocations.named)} allocations below, mean {label or objective.label} is "
        f"{words.extreme(objective)} for {words.listed(parts)}."
    )


def break_evens(found: "Comparison") -> list[Table]:
    """What a period of delay may cost for each allocation to pay, a column a worldview; none without delay."""
    if not found.later:
        return []
    costs, case = found.break_evens(), found.allocations.case
    others = [name for name in found.allocations.named if name != found.allocations.status_quo]
    return [
        Table(
            f"All allocations: break-even cost of delay, from {words.quoted(found.allocations.status_quo)}",
            ["allocation", *_worldviews(found)],
            [[called(name), *(cost_cell(one[name].to_dict()) for one in costs)] for name in others],
            note=f"With its Monte Carlo error{how_cost(case, _costs(found))}.",
        )
    ]


def _costs(found: "Comparison") -> list[str]:
    """How each break-even cost came out."""
    return [cost.verdict for costs in found.break_evens() for cost in costs.values()]


def changes(found: "Comparison") -> Table:
    """The change by each allocation, a column a worldview, and what the allocation is."""
    objective, quo = found.objective, found.allocations.status_quo
    tables = [decisions.summary(decisions.paired_change(outcome, quo)) for outcome in found.outcomes]
    rows: list[list[Cell]] = [
        [
            called(name),
            *(words.change_cell(objective.measure, decisions.row(table, allocation=name)) for table in tables),
            allocation.description,
        ]
        for name, allocation in found.allocations.named.items()
    ]
    return Table(
        f"All allocations: change of {objective.label} in {objective.measure.change_unit}, mean [5 %, 95 % of draws]",
        ["allocation", *_worldviews(found), "what it is"],
        rows,
    )


def _worldviews(found: "Comparison") -> list[str]:
    return [called(beliefs.worldview) for beliefs in found.beliefs]


def matters(found: "Comparison") -> str:
    """Which allocation has the least regret over worldviews that nobody can decide between."""
    across, firsts, measure = found.across(), found.firsts(), found.objective.measure
    least, safest = (str(across[key].idxmin("allocation").item()) for key in ("mean", "largest"))
    worst = float(across["largest"].sel(allocation=safest))
    also = (
        "which also has the least largest regret"
        if least == safest
        else f"and the largest regret is least for {words.quoted(safest)}"
    ) + _surely(firsts["largest"], safest)
    alike = ", each weighed alike," if len(set(found.weights)) == 1 else ", weighed as stated,"
    return (
        "Nobody can say which worldview is right. Regret is how much worse an allocation is than the best of its "
        f"worldview. Mean regret over these {len(found.beliefs)} worldviews{alike} is least for "
        f"{words.quoted(least)}{_surely(firsts['mean'], least)}, {also} "
        f"({words.value(measure, worst, measure.change_digits)} {measure.change_unit})."
    )


def regrets(found: "Comparison", label: str = "") -> Table:
    """Regret of each allocation under each worldview, its mean and its largest."""
    measure, each, across = found.objective.measure, found.regrets(), found.across()
    rows: list[list[Cell]] = []
    for name in found.allocations.named:
        row = [*each.sel(allocation=name).values.tolist()]
        row += [float(across[key].sel(allocation=name)) for key in ("mean", "largest")]
        rows.append(
            [called(name), *(Number(words.value(measure, value, measure.change_digits), value) for value in row)]
        )
    return Table(
        f"Regret of the mean {label or found.objective.label}, {measure.change_unit}",
        ["allocation", *_worldviews(found), "mean", "largest"],
        rows,
        goes=_worldviews(found)[::-1],
    )


def _picture(found: "Comparison") -> Picture:
    names = words.listed([words.named(one.worldview) for one in found.beliefs])
    return picture("compare", p_best_figure(found), f"{TITLE}, under {names}", best(found))
