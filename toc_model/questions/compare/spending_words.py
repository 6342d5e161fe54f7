"""What is said about allocations that cost the caller something."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from toc_model.beliefs.beliefs import Beliefs
from toc_model.naming import called
from toc_model.present import words
from toc_model.present.section import Cell, Number, Table
from toc_model.questions.compare.spending import NOT_TOLD, Spending
from toc_model.questions.whose import whose
from toc_model.statistics.resamples import HIGH, RESAMPLES

if TYPE_CHECKING:
    from toc_model.questions.compare import Comparison

HUGE = 1e12
NEVER = 1e300
"""Where an option without a ratio stands among ratios."""


def frontiers(found: "Comparison") -> list[str]:
    """Which allocations are on the frontier under each worldview; nothing where nothing is said of costs."""
    return [_frontier(found, beliefs, one) for beliefs, one in _pairs(found)]


def tables(found: "Comparison") -> list[Table]:
    """What allocations cost for what they gain, and which is best at what one would pay, two tables a worldview."""
    made = []
    for place, (beliefs, one) in enumerate(_pairs(found)):
        made += [_costs(found, beliefs, one, told=not place), _choices(found, beliefs, one, told=not place)]
    return made


def _pairs(found: "Comparison") -> list[tuple[Beliefs, Spending]]:
    return list(zip(found.beliefs, found.spending, strict=bool(found.spending)))


def _frontier(found: "Comparison", beliefs: Beliefs, one: Spending) -> str:
    small = found.objective.small
    names = [name for name in one.order if one.table["status"].sel(allocation=name) == "ND"]
    ratios = [
        f"{words.quoted(name)} ({_ratio(row)} for each {small.one} more)"
        for name in names
        if (row := one.row(name))["ratio"] is not None
    ]
    cheapest = words.quoted(names[0])
    told = f"{cheapest} and, in order of cost, {words.listed(ratios)}" if ratios else f"{cheapest} alone"
    unsure = [words.quoted(name) for name in one.order if one.frontier_verdict(name) == NOT_TOLD]
    also = f"; whether {words.listed(unsure)} belong{'s' * (len(unsure) == 1)} there is {NOT_TOLD}" if unsure else ""
    return f"At these costs, as you say, the cost-effectiveness frontier under {whose(beliefs)} is {told}{also}."


def _amount(value: float) -> str:
    """An amount of money with three significant digits, and no exponent unless it is huge."""
    return f"{float(f'{value:.3g}'):,.0f}" if 100 <= abs(value) < HUGE else f"{value:.3g}"


def _ratio(row: Mapping[str, Any]) -> str:
    """A ratio with its error, to the decimals of the ratio where these show it."""
    shown, error = _amount(row["ratio"]), row["ratio_mcse"]
    if "e" not in shown:
        rounded = f"{error:,.{len(shown.partition('.')[2])}f}"
        return f"{shown} ±{rounded if float(rounded.replace(',', '')) or not error else f'{error:.1g}'}"
    return f"{shown} ±{_amount(error)}"


def _costs(found: "Comparison", beliefs: Beliefs, one: Spending, *, told: bool) -> Table:
    small = found.objective.small
    rows: list[list[Cell]] = []
    for name in one.order:
        row = one.row(name)
        gained, ratio, status = row["gained"], row["ratio"], row["verdict"]
        shown = Number("", NEVER) if ratio is None else Number(_ratio(row), ratio)
        more = f"{words.amount(gained['mean'])} ±{words.amount(gained['mcse'])}"
        on = row["status_shares"]["ND"]
        rows.append(
            [
                called(name),
                Number(_amount(row["cost"]), row["cost"]),
                Number(more, gained["mean"]),
                shown,
                status,
                words.share(on),
            ]
        )
    return Table(
        f"What allocations cost for what they gain, {_sample(beliefs)}",
        ["allocation", "cost", f"{small.name} {small.gained}", "ratio", "status", "frontier"],
        rows,
        note=_how(found) if told else "",
    )


def _how(found: "Comparison") -> str:
    """How to read what allocations cost for what they gain."""
    small, quo = found.objective.small, words.quoted(found.allocations.status_quo)
    of = f" of {found.cost.label}" if found.cost else ""
    return (
        f"Your currency; {small.name} ({small.explained}){of} {small.gained} over {quo}, with Monte Carlo errors. "
        "Ratio: what each one more costs over the one before it on the frontier. ND: on the frontier. D: dominated, "
        "another gains no less for no more. ED: dominated by a mixture of two others. Frontier: share of "
        f"{RESAMPLES} resamples of the draws in which it is there; a status is told if it holds in more than "
        f"{words.percent(HIGH, 1)} of them."
    )


def _choices(found: "Comparison", beliefs: Beliefs, one: Spending, *, told: bool) -> Table:
    small = found.objective.small
    rows: list[list[Cell]] = []
    choices = one.to_dict()
    for row, after in zip(choices, [*choices[1:], None], strict=True):
        upto = f"to {_amount(after['from'])}" if after else "or more"
        others = [words.named(name) for name in row["as_good"] if name != row["best"]]
        chance = f"{words.percent(row['p_best'])} ±{words.percent(row['p_best_mcse'])}"
        rows.append(
            [
                f"{_amount(row['from'])} {upto}",
                called(row["best"]),
                Number(chance, row["p_best"]),
                ", ".join(others) or "none",
            ]
        )
    note = (
        "Best in the mean net benefit. P(best): share of draws in which it is the best of all, ± Monte Carlo error, at "
        "the middle of the range (the acceptability frontier). As good: whose mean can't be told from the best there."
    )
    return Table(
        f"Which to choose by what one {small.one} is worth to you, {_sample(beliefs)}",
        [f"one {small.one}", "best", "P(best)", "as good"],
        rows,
        note=note if told else "",
    )


def _sample(beliefs: Beliefs) -> str:
    return f"worldview '{words.named(beliefs.worldview)}'"
