"""What is said about the value of information."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from toc_model.engine.facets import Cost
from toc_model.present import words
from toc_model.present.drawing import picture
from toc_model.present.section import Cell, Number, Picture, Section, Table
from toc_model.questions.voi.figure import voi_figure
from toc_model.questions.voi.first import first_to_ask
from toc_model.questions.voi.names import experts_text, options_text
from toc_model.questions.voi.values import OfSurvey
from toc_model.questions.voi.worth import floor_of, worth_text
from toc_model.questions.whose import whose
from toc_model.statistics.information import FLOOR, Estimate
from toc_model.survey.planning.plans import Plan

if TYPE_CHECKING:
    from toc_model.questions.voi import Voi

TOP = 10
"""Parameters and claims that are shown."""
TITLE = "What should be found out next?"
WHY = "Information is worth something to this choice only if it could change it."
KNOWING = (
    "Knowing a parameter, or all of a claim's parameters: by regression on these draws, which holds for correlated "
    "draws too. What is then chosen is judged on the draws that it was chosen from, which flatters it, and on others, "
    "which does the reverse: the value is the middle, and its interval holds both. No value is let exceed that of "
    "knowing more, nor fall below zero."
)
ASKING = (
    "Asking experts: answers are simulated in each draw, with the bias that all respondents share, their spread and "
    "their rounding, and the choice is regressed on summaries of them. More experts never remove the shared bias."
)
CHAIN = "Draws of a chain follow each other; errors count those that are effective."
AGAIN = (
    "Asking again is taken to meet a new shared bias, which flatters a survey of the people whose answers the "
    "posterior rests on."
)


def section(found: "Voi", *, top: int = TOP, pictures: bool = False) -> Section:
    """What to find out next.

    Parameters
    ----------
    found : Voi
    top : int
        Most parameters and claims that are listed.
    pictures : bool
        Whether values are drawn, too.
    """
    return Section(
        "information",
        "What next",
        TITLE,
        [f"{WHY} {headline(found)}", first_to_ask(found)],
        [_picture(found, top)] if pictures else [],
        _tables(found, top),
        notes([found]),
    )


def notes(results: Sequence["Voi"]) -> list[str]:
    """How it was found, under one worldview or several."""
    small = results[0].beliefs.case.objective.small
    unit = (
        f"{words.begun(small.name)} are {small.explained}, by which the choice would be better in the "
        "mean; [5 %, 95 %] is the error of the estimate, and what lies within it of zero is not told apart from zero. "
        "Nothing counts what information is worth to other choices."
    )
    return [
        unit,
        *_noise(results),
        *_rates(results),
        KNOWING,
        *([ASKING] if any(found.surveys for found in results) else []),
        *([CHAIN] if any("chain" in found.beliefs.parameters.coords for found in results) else []),
        *([AGAIN] if any(found.beliefs.is_posterior for found in results) else []),
        *(found.beliefs.rests_on() for found in results),
    ]


def _noise(results: Sequence["Voi"]) -> list[str]:
    """What noise alone reaches, and how figures that do not say so are shown."""
    said = [f"{floors}{_under(found, results)}" for found in results if (floors := _floors(found))]
    if not said:
        return []
    ranks = (
        " A rank is shown as all that it may be: those of parameters that are told apart from it at 90 % are left out."
    )
    text = (
        "The noise floor is what knowing something would seem to be worth that has nothing to do with the outcome: "
        f"{'; '.join(said)}, the {words.percent(FLOOR)} quantile where draws are shifted against the outcome's. "
        "What is not above it is shown as below it, or as below the end of its interval where that is higher."
    )
    return [text + (ranks if len(results) == 1 else "")]


def _under(found: "Voi", results: Sequence["Voi"]) -> str:
    """Whose figures some are, where there are several worldviews."""
    return f" under {words.named(found.beliefs.worldview)}" if len(results) > 1 else ""


def _floors(found: "Voi") -> str:
    kinds = {"parameter": found.floors.parameters, "claim": found.floors.claims, "survey": found.floors.surveys}
    has = {"parameter": found.parameters, "claim": found.claims, "survey": found.surveys}
    return words.listed(
        [f"{words.amount(floor_of(found, floor))} for a {kind}" for kind, floor in kinds.items() if has[kind]]
    )


def _rates(results: Sequence["Voi"]) -> list[str]:
    """What a unit of cost is taken to be worth elsewhere."""
    cost, small = results[0].beliefs.case.cost, results[0].beliefs.case.objective.small
    said = [
        f"{words.sized(found.worth)} {small.name} elsewhere{_under(found, results)}"
        for found in results
        if found.worth is not None
    ]
    if cost is None or not said:
        return []
    return [
        f"One {cost.unit} is taken to be worth {words.listed(said)} (by default {cost.explained}; --worth changes it)."
    ]


def headline(found: "Voi") -> str:
    """What is best now, and what knowing everything would be worth."""
    beliefs, objective = found.beliefs, found.beliefs.case.objective
    sample = f"{beliefs.counted('paired draws')}, seed {beliefs.seed}"
    units = f", {_units(found, found.evpi)} {beliefs.case.cost.units}" if found.worth and beliefs.case.cost else ""
    return (
        f"Between {options_text(found)}, under {whose(beliefs)} ({sample}), the better now is "
        f"{words.quoted(found.best)}, with a mean {objective.label} of "
        f"{words.with_unit(objective.measure, found.mean)}. Knowing everything would be worth "
        f"{worth_text(found, found.evpi)} {objective.small.name} ({objective.small.explained}){units}."
    )


def bias_text(plan: Plan) -> str:
    """The shared bias of a question and its scale."""
    scale = {"logit": "logits", "log": "log units", "identity": plan.question.unit}[plan.question.scale]
    return f"{plan.question.bias_sd:g} {scale}"


# Tables -----------------------------------------------------------------------------------------------------------


def _tables(found: "Voi", top: int) -> list[Table]:
    return [
        *_parameters(found, top),
        *_claims(found, top),
        *(_surveys(found) if found.surveys else []),
    ]


def _parameters(found: "Voi", top: int) -> list[Table]:
    """What single parameters are worth, and what they mean."""
    entries = found.beliefs.members[0].priors.entries if found.beliefs.members else {}
    rows, floor = list(found.parameters.items()), found.floors.parameters
    shown = rows[:top]
    table = Table(
        f"Knowing a parameter, {unit_text(found)}",
        ["parameter", "rank", "worth", *_units_heading(found), "share of all"],
        [
            [found.beliefs.label_of(name), _rank(*found.each.ranks[name]), *_value(found, one, floor)]
            for name, one in shown
        ],
        note=_left_out(found, [value for _, value in rows[top:]], floor),
    )
    asked = [(name, entries[name].entry.question) for name, _ in shown if name in entries]
    meanings = Table(
        "What these parameters mean",
        ["parameter", "the question it answers"],
        [[found.beliefs.label_of(name), question] for name, question in asked],
        folded="What these parameters mean",
    )
    return [table, *([meanings] if asked else [])]


def _rank(first: int, last: int) -> Number:
    return Number(f"{first}" if first == last else f"{first}-{last}", first)


def _claims(found: "Voi", top: int) -> list[Table]:
    """What settling claims would be worth, and what they say."""
    shown, floor = found.claims[:top], found.floors.claims
    return [
        Table(
            f"Knowing all parameters of a claim, {unit_text(found)}",
            ["claim", "worth", *_units_heading(found), "share of all", "its parameters"],
            [
                [one.label, *_value(found, one.value, floor), ", ".join(map(found.beliefs.label_of, one.parameters))]
                for one in shown
            ],
            note=_left_out(found, [one.value for one in found.claims[top:]], floor),
            folded="What settling a claim would be worth",
        ),
        Table(
            "What these claims say",
            ["claim", "what it says"],
            [[name, text] for one in shown for name, text in zip(one.claims, one.says, strict=True)],
            folded="What these claims say",
        ),
    ]


def _left_out(found: "Voi", values: Sequence[Estimate], floor: float) -> str:
    """What is said of those that are not shown."""
    noise = sum(value.value <= floor for value in values)
    return f"{len(values)} more, {noise} of them not above {words.amount(floor_of(found, floor))}." if values else ""


def unit_text(found: "Voi") -> str:
    """What values are in."""
    small = found.beliefs.case.objective.small
    return f"{small.name} {small.gained} [90 % interval of the estimate]"


def _units_heading(found: "Voi") -> list[str]:
    cost = found.beliefs.case.cost
    return [cost.units] if cost and found.worth is not None else []


def _value(found: "Voi", value: Estimate, floor: float) -> list[Cell]:
    """A value in small amounts and in units of cost, and its share of that of knowing everything; blank for noise."""
    units, told = found.in_units(value), value.value > floor
    return [
        _worth(found, value, floor),
        *([Number(words.sized(units.value), units.value) if told else ""] if units else []),
        words.share(value.value / found.evpi.value) if told and found.evpi.value > 0 else "",
    ]


def _worth(found: "Voi", value: Estimate, floor: float) -> Number:
    return Number(worth_text(found, value, floor), value.value)


def _units(found: "Voi", value: Estimate) -> str:
    units = found.in_units(value)
    return words.sized(units.value) if units else ""


def _surveys(found: "Voi") -> list[Table]:
    """What asking would be worth, what it would earn after its cost, and what is asked."""
    sizes, floor = list(found.surveys[0].experts), found.floors.surveys
    values: list[list[Cell]] = [
        [asked.plan.name, *(_worth(found, one, floor) for one in (asked.limit, *map(asked.experts.get, sizes)) if one)]
        for asked in found.surveys
    ]
    return [
        Table(
            f"Asking experts, {unit_text(found)}; more experts never remove the bias that they share",
            ["question", "its answer known", *map(experts_text, sizes)],
            values,
        ),
        *([_net(found, found.beliefs.case.cost)] if found.cost is not None and found.beliefs.case.cost else []),
        Table(
            "What is asked, and the bias that all who answer share",
            ["question", "about", "shared bias"],
            [[asked.plan.name, asked.plan.question.target, bias_text(asked.plan)] for asked in found.surveys],
            folded="What these questions ask",
        ),
    ]


def _net(found: "Voi", cost: Cost) -> Table:
    """Net benefit of asking as many experts as are best."""
    rows: list[list[Cell]] = []
    for asked in found.surveys:
        many, told = net_at_best(found, asked)
        rows.append([asked.plan.name, many, told])
    return Table(
        f"{net_text(found, cost)} [90 % interval of the estimate]",
        ["question", "put to", "net benefit at best"],
        rows,
    )


def net_text(found: "Voi", cost: Cost) -> str:
    """What net benefits are of, and in."""
    return f"Net benefit at best, at {words.sized(found.cost or 0)} {cost.units} an expert, {cost.units}"


def net_at_best(found: "Voi", asked: OfSurvey) -> tuple[str, Number]:
    """As how many experts as are best, and the net benefit of asking them with its interval."""
    every = {many: net for many, value in asked.experts.items() if (net := found.net_benefit(value, many))}
    best = max(every, key=lambda many: every[many].value)
    low, high = every[best].interval
    told = f"{words.sized(every[best].value)} [{words.sized(low)}, {words.sized(high)}]"
    return experts_text(best), Number(told, every[best].value)


def _picture(found: "Voi", top: int) -> Picture:
    figure = voi_figure(found, top)
    figure.axes[0].set_title("", loc="left")
    floor = found.floors.parameters
    worth = [(name, value) for name, value in found.parameters.items() if value.value > floor][:top]
    return picture(
        "information",
        figure,
        f"What knowing more would be worth, under {words.named(found.beliefs.worldview)}",
        f"Everything: {worth_text(found, found.evpi)} {found.beliefs.case.objective.small.name}. "
        + "; ".join(f"{found.beliefs.label_of(name)}: {worth_text(found, value)}" for name, value in worth),
        caption="Lines: 90 % interval of the estimate. The table below says what the claims are.",
    )
