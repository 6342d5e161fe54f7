"""What is said about the best allocation."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from toc_model.engine.declare import Variable
from toc_model.naming import called
from toc_model.present import words
from toc_model.present.section import Cell, Number, Section, Table
from toc_model.questions.whose import whose

if TYPE_CHECKING:
    from toc_model.questions.optimise import BestAllocation

AS_GOOD = (
    "As good: between these, other levers adjusted, allocations were found that can't be told from the best within "
    "1.96 standard errors of the paired difference; the true region may be larger."
)


def section(found: "BestAllocation") -> Section:
    """The optimum with all that is as good, the gain, the optimiser's curse, and what it rests on."""
    figures = found.to_dict()
    gains = [_gain(found, worldview, judged) for worldview, judged in figures["judged"].items()]
    if found.cost:
        counted = figures["with_delay"]["judged"]
        gains += [_gain(found, name, judged, found.cost.label) for name, judged in counted.items()]
    return Section(
        "optimise",
        "The best allocation",
        f"The best allocation: {found.description}",
        [*gains, _curse(found)],
        tables=[_table(found)],
        notes=[_starts(found), *figures["rests_on"]],
    )


def best_of(found: "BestAllocation") -> str:
    """What the optimum is the best of."""
    label, extreme = found.cost.label if found.cost else found.objective.label, words.extreme(found.objective)
    wanted = {
        "mean": f"{extreme} mean {label}",
        "cvar": f"{extreme} mean of the worst {100 * (1 - found.level):.3g} % of draws of {label}",
        "worst": f"{extreme} mean {label} in the worst worldview",
        "regret": "least regret in the worldview where it is largest",
    }
    names = ", ".join(words.named(beliefs.worldview) for beliefs in found.beliefs)
    delay = f"; {words.cost_of_delay(found.cost)}" if found.cost else ""
    return f"{wanted[found.kind]}{delay}; worldview{'s' if len(found.beliefs) > 1 else ''} {names}"


def _table(found: "BestAllocation") -> Table:
    space = found.space
    values = zip(space.variables, space.values(space.start), space.values(found.fit.x), strict=True)
    rows: list[list[Cell]] = []
    for variable, now, best in values:
        if variable.name in found.fit.idle:
            rest: list[Cell] = ["any", "nothing hangs on it"]
        else:
            low, high = found.fit.extent[variable.name]
            rest = [_set(variable, best), Number(f"{_plain(variable, low)} to {_set(variable, high).text}", low)]
        rows.append([called(variable.name, variable.label), _set(variable, now), *rest])
    return Table("", ["lever", called(found.base), "best", "as good"], rows, note=AS_GOOD)


def _plain(variable: Variable, value: float) -> str:
    """A value of a lever without its unit, with a digit more than elsewhere."""
    scale = words.lever_measure(variable)
    return words.value(scale, value, scale.digits + 1)


def _set(variable: Variable, value: float) -> Number:
    scale = words.lever_measure(variable)
    return Number(words.with_unit(scale, value, scale.digits + 1), value)


def _gain(found: "BestAllocation", worldview: str, judged: Mapping[str, Any], label: str = "") -> str:
    measure, change, label = found.objective.measure, judged["change"], label or found.objective.label
    now = judged[found.objective.node][found.base]
    worth = f" worth {judged['effective_draws']:,.0f} by their weights" if "effective_draws" in judged else ""
    error = f"{measure.factor * change['mcse']:.{measure.change_digits}f}"
    return (
        f"Under {_whose(found, worldview)}, on the {judged['draws']:,} draws{worth} that did not choose it, it "
        f"changes {label} from that of {words.quoted(found.base)}, {words.with_unit(measure, now)}, by "
        f"{words.interval(measure, change)} {measure.change_unit} (Monte Carlo error {error}), and is better in "
        f"{words.percent(judged['share_better'])} of draws."
    )


def _whose(found: "BestAllocation", worldview: str) -> str:
    return next(whose(beliefs) for beliefs in found.beliefs if beliefs.worldview == worldview)


def _curse(found: "BestAllocation") -> str:
    measure, fit = found.objective.measure, found.fit
    fitted, judged = (words.value(measure, gain, measure.change_digits) for gain in (fit.gain_fitted, fit.gain_judged))
    return (
        f"The objective improves by {fitted} {measure.change_unit} on the draws that chose it and by {judged} on the "
        f"others; {words.value(measure, fit.curse, measure.change_digits + 1)} of it was the optimiser's curse (mean "
        "over both ways of halving the draws)."
    )


def _starts(found: "BestAllocation") -> str:
    limits = []
    if found.limits["at_most_moved"] is not None:
        limits.append(f"at most {_budget(found)} moved")
    for name, (low, high) in found.limits["bounds"].items():
        variable = found.space.story.variable(name)
        limits.append(f"{name} from {_plain(variable, low)} to {_set(variable, high).text}")
    within = f" Limits: {'; '.join(limits)}." if limits else ""
    return f"{found.fit.agreeing} of {found.fit.starts} starts led to an allocation that is as good.{within}"


def _budget(found: "BestAllocation") -> str:
    """What may move, in the unit of the levers that it is about."""
    alone = [variable for variable in found.space.variables if not variable.lever.sums_over]
    amount = found.limits["at_most_moved"]
    if not alone:
        return f"{amount:g}"
    scale = words.lever_measure(alone[0])
    return f"{scale.factor * amount:g} {scale.change_unit}"
