"""What information would be worth, as text."""

import textwrap

from rich.box import SIMPLE_HEAD
from rich.table import Table

from toc_model.present.terminal import WIDTH, as_text, sized
from toc_model.questions.voi.result import OfSurvey, Voi, in_micro_dooms
from toc_model.statistics.information import Estimate
from toc_model.survey.planning.plans import Plan

type Row = tuple[str, list[str], Estimate]

UNIT = """Micro-dooms: millionths of P(doom), by which the choice would be better in the mean; [5 %, 95 %] is the
error of the estimate, and what lies within it of zero is not told apart from zero. Nothing counts what information is
worth to other decisions."""
KNOWING = """Knowing a parameter, or all of a claim's parameters: by regression on these draws (splines, and a Gaussian
process for what several do together), which holds for correlated draws too. No value is let exceed that of knowing
more, nor fall below zero."""
ASKING = """Asking experts: answers are simulated in each draw, with the bias that all respondents share, their spread
and their rounding, and the choice is regressed on summaries of them. More experts never remove the shared bias."""
CHAIN = """Draws of a chain follow each other, so that errors are somewhat larger than stated. Asking again is taken to
meet a new shared bias, which flatters a survey of the people whose answers the posterior rests on."""


def voi_text(result: Voi, top: int) -> str:
    """Tables of parameters, claims and surveys, and what they rest on.

    Parameters
    ----------
    result : Voi
    top : int
        Most parameters and claims that are listed.
    """
    beliefs = result.beliefs
    notes = [
        UNIT,
        *([_rate(result)] if result.fte_value else []),
        KNOWING,
        *([ASKING] if result.surveys else []),
        *([CHAIN] if beliefs.is_posterior else []),
    ]
    return "\n".join([_headline(result), *_tables(result, top), *map(_wrapped, [*notes, beliefs.rests_on()])])


def _wrapped(text: str) -> str:
    return textwrap.fill(" ".join(text.split()), WIDTH) + "\n"


def _headline(result: Voi) -> str:
    beliefs = result.beliefs
    return _wrapped(
        f"What to ask before choosing between {options_text(result)}, worldview "
        f"'{beliefs.worldview}' ({beliefs.draws:,} paired draws, seed {beliefs.seed}). Chosen now: {result.best}, mean "
        f"P(doom) {100 * result.mean:.1f} %. Knowing everything would be worth {worth_text(result.evpi)} micro-dooms"
        + (f", {_fte(result, result.evpi)} FTE-years." if result.fte_value else ".")
    )


def _rate(result: Voi) -> str:
    return (
        f"An FTE-year is taken to avert {sized(result.fte_value or 0)} micro-dooms elsewhere (by default what a year "
        "of an average technical researcher does under these beliefs, as toc marginal has it; --fte-value changes it)."
    )


def options_text(result: Voi) -> str:
    """What the choice is between, in words."""
    *others, last = result.allocations.named
    return f"{', '.join(others)} and {last}" if len(others) < 4 else f"{len(others) + 1} allocations"


def worth_text(value: Estimate) -> str:
    """A value in micro-dooms with its interval."""
    micro = in_micro_dooms(value)
    low, high = micro.interval
    return f"{_whole(micro.value)} [{_whole(low)}, {_whole(high)}]" if high > 0 else "0"


def _whole(micro: float) -> str:
    return f"{micro:,.0f}" if micro >= 0.5 or micro == 0 else "<1"


def _fte(result: Voi, value: Estimate) -> str:
    worth = result.in_fte_years(value)
    return sized(worth.value) if worth else ""


def _tables(result: Voi, top: int) -> list[str]:
    tables = []
    if result.parameters:
        rows: list[Row] = [(name, [], value) for name, value in result.parameters.items()]
        tables.append(_listing(result, "parameter", [], rows, top))
    if result.claims:
        claims: list[Row] = [(found.label, [", ".join(found.parameters)], found.value) for found in result.claims]
        tables.append(_listing(result, "claim's parameters", ["parameters"], claims, top))
    if result.surveys:
        tables.append(_surveys(result))
    return tables


def _listing(result: Voi, what: str, more: list[str], rows: list[Row], top: int) -> str:
    shown = [row for row in rows if row[2].value > 0][:top]
    rest, nothing = len(rows) - len(shown), sum(row[2].value == 0 for row in rows)
    if not shown:
        return _wrapped(f"Knowing a {what} would not change the choice, for none of {nothing} that were valued.")
    table = _table(f"Knowing a {what}")
    table.caption = f"{rest} more; knowing any one of {nothing} would not change the choice." if rest else None
    table.add_column(what, no_wrap=True)
    for heading in ["micro-dooms", *(["FTE-years"] if result.fte_value else []), "share of all"]:
        table.add_column(heading, justify="right", no_wrap=True)
    for heading in more:
        table.add_column(heading, max_width=46)
    for name, texts, value in shown:
        share = f"{100 * value.value / result.evpi.value:.0f} %"
        fte = [_fte(result, value)] if result.fte_value else []
        table.add_row(name, worth_text(value), *fte, share, *texts)
    return as_text(table)


def _table(title: str) -> Table:
    return Table(title=title, box=SIMPLE_HEAD, title_justify="left", caption_justify="left")


def _surveys(result: Voi) -> str:
    table = _table("Asking experts (micro-dooms)")
    table.add_column("question", no_wrap=True)
    table.add_column("about", no_wrap=True)
    sizes = list(result.surveys[0].experts)
    for heading in ["shared bias", "its answer known", *map(experts_text, sizes)]:
        table.add_column(heading, justify="right", no_wrap=True)
    if result.cost is not None:
        table.add_column("net benefit at best", justify="right", no_wrap=True)
    for found in result.surveys:
        values = [worth_text(value) for value in found.experts.values()]
        net = [_net(result, found)] if result.cost is not None else []
        table.add_row(
            found.plan.name, found.plan.question.target, bias_text(found.plan), worth_text(found.limit), *values, *net
        )
    return as_text(table)


def experts_text(many: int) -> str:
    """A number of experts."""
    return f"{many:,} expert{'s' if many > 1 else ''}"


def bias_text(plan: Plan) -> str:
    """The shared bias of a question and its scale."""
    scale = {"logit": "logits", "log": "log units", "identity": plan.question.unit}[plan.question.scale]
    return f"{plan.question.bias_sd:g} {scale}"


def _net(result: Voi, found: OfSurvey) -> str:
    every = {many: net for many, value in found.experts.items() if (net := result.net_benefit(value, many))}
    best = max(every, key=lambda many: every[many].value)
    low, high = every[best].interval
    return f"{sized(every[best].value)} [{sized(low)}, {sized(high)}] FTE-years ({experts_text(best)})"
