"""What is said about one move under several worldviews, and about allocations under one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from toc_model.beliefs.beliefs import Beliefs
from toc_model.engine.case import Case
from toc_model.engine.measures import Measure
from toc_model.naming import called
from toc_model.present import words
from toc_model.present.section import Cell, Number, Section, Table
from toc_model.questions.run.rates import rate_tables
from toc_model.questions.whose import whose
from toc_model.statistics.decisions import AS_GOOD

if TYPE_CHECKING:
    from toc_model.beliefs.allocations import Allocations
    from toc_model.questions.run import Run
    from toc_model.questions.run.moves import Move
    from toc_model.questions.run.stages import Staged

LEAST_SHOWN = 0.0005
"""A share that one decimal of a per cent shows."""
NONE, UNCLEAR, ANY = -2.0, -1.0, 1e6
"""Where a move that pays at no cost of delay, or at any, stands among costs."""


def section(found: "Run") -> Section:
    """What the move does under each worldview, all allocations under one, and what that rests on."""
    figures = found.to_dict()
    tables = [moves(found.moves, found.allocations, found.to)] if found.moves else []
    tables.append(_allocations(found, figures))
    if found.stages:
        tables += [steps(found.stages), *rate_tables([found.beliefs], [found.rates])]
    return Section(
        "run",
        "Allocations",
        f"{found.beliefs.case.objective.label} by allocation{_of(found)}",
        [sentence(move, found.allocations, found.to) for move in _first(found)],
        tables=tables,
        notes=[*_elsewhere(found, figures), *_read(found), figures["rests_on"]],
    )


def _first(found: "Run") -> "Sequence[Move]":
    """The move under the worldview that the figures rest on."""
    return [found.found.move(found.to)] if found.to else []


def _of(found: "Run") -> str:
    many = "worldviews" if found.moves else f"worldview '{found.worldview}'"
    return f", {many}{found.beliefs.documents.dated} ({found.beliefs.sample})"


# In a sentence ----------------------------------------------------------------------------------------------------


def sentence(move: "Move", allocations: "Allocations", to: str) -> str:
    """What the move does under one worldview: whose beliefs, as of when, how much, and how sure."""
    case, figures = move.beliefs.case, move.to_dict()
    measure, objective = case.objective.measure, case.objective
    before, change = figures[objective.node]["mean"], figures["change"]
    under = f"Under {whose(move.beliefs, move.beliefs.phrase)}"
    moving = f"moving from {words.quoted(allocations.status_quo)} ({allocations.told(allocations.status_quo)}) to "
    moving += f"{words.quoted(to)} ({allocations.told(to)})"
    if abs(change["mean"]) <= AS_GOOD * change["mcse"]:
        return (
            f"{under}, {moving} leaves mean {objective.label}, {words.with_unit(measure, before)}, where it is, as far "
            f"as {move.beliefs.counted()} can tell: {words.signed(measure, change['mean'])} ±"
            f"{_error(measure, change)} {measure.change_unit}."
        )
    verb = "raises" if change["mean"] > 0 else "lowers"
    size = words.value(measure, abs(change["mean"]), measure.change_digits)
    return (
        f"{under}, {moving} {verb} mean {objective.label} from {words.with_unit(measure, before)} by {size} ±"
        f"{_error(measure, change)} {measure.change_unit}{_relative(figures)}; it is better in "
        f"{words.percent(figures['share_better'])} of draws{_cost(case, figures)}."
    )


def _relative(figures: Mapping[str, Any]) -> str:
    """The change as a share of the mean before, if there is any."""
    relative = figures["relative"]["mean"]
    return "" if relative is None else f", {words.percent(abs(relative), 1)} of it"


def _error(measure: Measure, row: Mapping[str, float]) -> str:
    return f"{measure.factor * row['mcse']:.{measure.change_digits}f}"


def _cost(case: Case, figures: Mapping[str, Any]) -> str:
    cost = figures.get("break_even")
    if not case.delay or not cost or cost["verdict"] in {"none", "unclear"}:
        return ""
    if cost["verdict"] == "any":
        return f", whatever a {case.delay.period} of delay costs"
    return f", and pays while a {case.delay.period} of delay costs less than {_share(cost)} of what there is to lose"


# Tables -----------------------------------------------------------------------------------------------------------


def moves(found: "Sequence[Move]", allocations: "Allocations", to: str) -> Table:
    """One move, a row a worldview."""
    case = allocations.case
    measure, label = case.objective.measure, case.objective.label
    rows: list[list[Cell]] = []
    costs = [move.break_even for move in found]
    how = how_cost(case, [cost.verdict for cost in costs if cost])
    for move in found:
        figures = move.to_dict()
        before = figures[case.objective.node]["mean"]
        rows.append(
            [called(move.beliefs.worldview), Number(words.value(measure, before), before), *_moved(case, figures)]
        )
    return Table(
        f"From {words.quoted(allocations.status_quo)} to {words.quoted(to)} under each worldview",
        ["worldview", label, *_headings(case)],
        rows,
        goes=["relative"],
        note=f"{words.begun(measure.unit)}: mean {label} before; paired change in {measure.change_unit} with its Monte "
        "Carlo error and [5 %, 95 % of draws]; the same as a share of the mean before; share of draws in which it is "
        f"better{how}. A worldview is a set of beliefs, a camp what a group says; none of them is known to "
        "be right.",
    )


def _allocations(found: "Run", figures: Mapping[str, Any]) -> Table:
    """A row an allocation, under one worldview."""
    case = found.beliefs.case
    measure, label = case.objective.measure, case.objective.label
    columns = _headings(case, "relative")
    free = {variable.name: words.lever_measure(variable) for variable in case.story.variables}
    rows: list[list[Cell]] = []
    for name, row in figures["allocations"].items():
        shares = [Number(words.with_unit(free[key], value), value) for key, value in row["shares"].items()]
        is_status_quo = name == found.allocations.status_quo
        moved: list[Cell] = [""] * len(columns) if is_status_quo else _moved(case, row, "relative")
        mean = row[case.objective.node]["mean"]
        rows.append([called(name), *shares, Number(words.value(measure, mean), mean), *moved])
    held = [called(name) for name in next(iter(figures["allocations"].values()))["shares"]]
    return Table(
        f"Each allocation under {words.quoted(found.worldview)}",
        ["allocation", *held, label, *columns],
        rows,
        goes=[tuple(held), "break-even"],
        note=f"What an allocation holds, then {label} in {measure.unit} and its change from "
        f"{words.quoted(found.allocations.status_quo)} in {measure.change_unit}, same draws; mean [5 %, 95 %].",
    )


def _headings(case: Case, *without: str) -> list[str]:
    names = ["change", "relative", "better in", *(["break-even"] if case.delay else [])]
    return [name for name in names if name not in without]


def _moved(case: Case, figures: Mapping[str, Any], *without: str) -> list[Cell]:
    """Cells on a change, under `_headings`."""
    relative = figures["relative"]["mean"]
    cells: dict[str, Cell] = {
        "change": words.change_cell(case.objective.measure, figures["change"], error=True),
        "relative": Number("none", NONE) if relative is None else Number(f"{100 * relative:+z.1f} %", relative),
        "better in": words.share(figures["share_better"]),
        **({"break-even": cost_cell(figures["break_even"])} if case.delay else {}),
    }
    return [cells[name] for name in _headings(case, *without)]


def cost_cell(cost: Mapping[str, Any]) -> Cell:
    """What a period of delay may cost, with its error; "none", "any" or "unclear" where there is no such cost."""
    if cost["verdict"] != "cost":
        return Number(cost["verdict"], {"none": NONE, "unclear": UNCLEAR, "any": ANY}[cost["verdict"]])
    return Number(_share(cost), cost["cost"])


def _share(cost: Mapping[str, Any]) -> str:
    """A break-even cost with its error, to one decimal of a per cent where that shows the error."""
    digits = 1 if cost["cost"] >= 0.01 and cost["mcse"] >= LEAST_SHOWN else 2
    return f"{100 * cost['cost']:.{digits}f} ±{100 * cost['mcse']:.{digits}f} %"


def how_cost(case: Case, verdicts: Iterable[str]) -> str:
    """What a break-even is, behind a semicolon; empty where the case does not count delay.

    Parameters
    ----------
    case : Case
    verdicts : iterable of str
        How each of those that are shown came out.
    """
    if not case.delay:
        return ""
    published = f" (a published figure: {case.delay.published})" if case.delay.published else ""
    unclear = ", unclear where these draws can't tell" if "unclear" in verdicts else ""
    return (
        f"; break-even: the share of what is at stake that a {case.delay.period} of delay may cost before the move "
        f"stops paying, none where it does not pay at no cost, any where nothing is delayed{unclear}{published}"
    )


def steps(found: "Staged") -> Table:
    """The stages before and after, and the change split over them; the arrival in calendar years."""
    case = found.beliefs.case
    measure = case.objective.measure
    figures = found.to_dict()
    labels = {stage.node: stage.label for stage in case.stages}
    rows: list[list[Cell]] = []
    for name, row in figures["stages"].items():
        rows.append(
            [labels[name], *_ends(found.beliefs, name, row), words.change_cell(measure, row["change"], error=True)]
        )
    rows += [["expected arrival", *_ends(found.beliefs, name, row), ""] for name, row in figures["arrival"].items()]
    return Table(
        f"Through what {words.quoted(found.allocation)} changes {case.objective.label}, under "
        f"{words.quoted(found.beliefs.worldview)}{found.beliefs.documents.dated}",
        ["step", "before", "after", f"part of the change, {measure.change_unit}"],
        rows,
        goes=["before"],
        note="Means over draws. Parts are Shapley values over holding each step at its value under the status quo, and "
        "add up to the change; mean ± Monte Carlo error [5 %, 95 % of draws].",
    )


def _ends(beliefs: Beliefs, node: str, row: Mapping[str, Any]) -> list[Cell]:
    """Means before and after: in per cent of what can be, or in the node's unit with the calendar year of a date."""
    unit = beliefs.story.units[beliefs.story.node(node).unit]
    means = [row[end]["mean"] for end in ("before", "after")]
    if (unit.lower, unit.upper) == (0.0, 1.0):
        return [Number(words.percent(mean, 1), mean) for mean in means]
    name = beliefs.case.delay.period + "s" if unit.is_date and beliefs.case.delay else unit.name
    return [Number(f"{mean:.2f} {name}{beliefs.documents.calendar(unit.name, mean)}", mean) for mean in means]


def _elsewhere(found: "Run", figures: Mapping[str, Any]) -> list[str]:
    """What the outcome is in the reference world, where changes are reported from another allocation."""
    if "reference" not in figures:
        return []
    case, anchor = found.beliefs.case, found.beliefs.anchor.isel(allocation=0, drop=True)
    free = [variable for variable in case.story.variables if not variable.lever.sums_over]
    at = {variable: float(anchor[variable.lever.name].sel(variable.at)) for variable in free}
    held = ", ".join(f"{name.name} {words.with_unit(words.lever_measure(name), value)}" for name, value in at.items())
    mean = words.with_unit(case.objective.measure, figures["reference"]["mean"])
    there = f"mean {case.objective.label} there is {mean}"
    return [f"The beliefs are about the reference ({held}), which is not the status quo here: {there}."]


def _read(found: "Run") -> list[str]:
    """What to mind about these figures, where the case says so."""
    return list(found.beliefs.case.marked("run"))
