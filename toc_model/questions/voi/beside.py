"""What is said about the value of information under several worldviews: a column each."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from toc_model.naming import called
from toc_model.present import words
from toc_model.present.section import Cell, Number, Section, Table
from toc_model.questions.voi.first import first_to_ask
from toc_model.questions.voi.names import experts_text
from toc_model.questions.voi.words import TITLE, WHY, bias_text, headline, net_at_best, net_text, notes, unit_text
from toc_model.questions.voi.worth import worth_text
from toc_model.statistics.information import Estimate

if TYPE_CHECKING:
    from toc_model.questions.voi import Voi

type Values = Mapping[str, Estimate]


def section(results: Sequence["Voi"], *, top: int) -> Section:
    """What to find out next under each worldview.

    Parameters
    ----------
    results : sequence of Voi
        One a worldview, of the same choice.
    top : int
        Most parameters and claims that are listed.
    """
    return Section(
        "information",
        "What next",
        TITLE,
        [WHY, *(f"{headline(found)} {first_to_ask(found)}" for found in results)],
        tables=[_all(results), *_parameters(results, top), _claims(results, top), *_surveys(results)],
        notes=notes(results),
    )


def _worldviews(results: Sequence["Voi"]) -> list[str]:
    return [called(found.beliefs.worldview) for found in results]


def _all(results: Sequence["Voi"]) -> Table:
    """What is best now, and what knowing everything would be worth."""
    objective = results[0].beliefs.case.objective
    rows: list[list[Cell]] = [
        [
            called(found.beliefs.worldview),
            called(found.best),
            Number(words.with_unit(objective.measure, found.mean), found.mean),
            Number(worth_text(found, found.evpi), found.evpi.value),
        ]
        for found in results
    ]
    return Table(
        f"Knowing everything, {unit_text(results[0])}",
        ["worldview", "the better now", f"mean {objective.label}", "everything"],
        rows,
    )


def _parameters(results: Sequence["Voi"], top: int) -> list[Table]:
    """What single parameters are worth, and what they mean; blank where one is certain."""
    values = [found.parameters for found in results]
    names = _first(values, top)
    said: dict[str, str] = {}
    for found in results:
        entries = found.beliefs.members[0].priors.entries if found.beliefs.members else {}
        said = {name: entries[name].entry.question for name in names if name in entries} | said
    label = results[0].beliefs.label_of
    table = Table(
        f"Knowing a parameter, {unit_text(results[0])}",
        ["parameter", *_worldviews(results)],
        [[label(name), *_row(results, values, name, lambda one: one.floors.parameters)] for name in names],
        note=_more(values, names, "the largest value under any worldview first."),
    )
    meanings = Table(
        "What these parameters mean",
        ["parameter", "the question it answers"],
        [[label(name), said[name]] for name in names if name in said],
        folded="What these parameters mean",
    )
    return [table, *([meanings] if meanings.rows else [])]


def _claims(results: Sequence["Voi"], top: int) -> Table:
    values = [{one.label: one.value for one in found.claims} for found in results]
    names = _first(values, top)
    return Table(
        f"Knowing all parameters of a claim, {unit_text(results[0])}",
        ["claim", *_worldviews(results)],
        [[name, *_row(results, values, name, lambda one: one.floors.claims)] for name in names],
        note=_more(values, names, "the largest value under any worldview first."),
        folded="What settling a claim would be worth",
    )


def _surveys(results: Sequence["Voi"]) -> list[Table]:
    """What asking as many experts as are planned at most would be worth, and what is asked."""
    asked = {one.plan.name: one.plan for found in results for one in found.surveys}
    sizes = [max(one.experts) for found in results for one in found.surveys if one.experts]
    if not sizes:
        return []
    values = [{one.plan.name: one.experts[max(one.experts)] for one in found.surveys} for found in results]
    return [
        Table(
            f"Asking {experts_text(max(sizes))}, {unit_text(results[0])}",
            ["question", *_worldviews(results)],
            [[name, *_row(results, values, name, lambda one: one.floors.surveys)] for name in asked],
            note="Blank: a question about one of the most valuable parameters of another worldview."
            if any(name not in of_one for of_one in values for name in asked)
            else "",
        ),
        *_net(results, asked),
        Table(
            "What is asked, and the bias that all who answer share",
            ["question", "about", "shared bias"],
            [[name, plan.question.target, bias_text(plan)] for name, plan in asked.items()],
            folded="What these questions ask",
        ),
    ]


def _net(results: Sequence["Voi"], names: Iterable[str]) -> list[Table]:
    """Net benefit of asking as many experts as are best."""
    cost = results[0].beliefs.case.cost
    if cost is None or results[0].cost is None:
        return []
    told = [{asked.plan.name: net_at_best(found, asked) for asked in found.surveys} for found in results]
    rows: list[list[Cell]] = []
    for name in names:
        best = [of_one.get(name) for of_one in told]
        rows.append([name, *(Number(f"{one[0]}: {one[1].text}", one[1].value) if one else "" for one in best)])
    caption = f"{net_text(results[0], cost)} [90 % interval of the estimate]"
    return [Table(caption, ["question", *_worldviews(results)], rows)]


def _first(values: Sequence[Values], top: int) -> list[str]:
    """Names of what is worth most under any worldview, the most valuable first."""
    most: dict[str, float] = {}
    for of_one in values:
        for name, value in of_one.items():
            most[name] = max(most.get(name, 0.0), value.value)
    return sorted(most, key=lambda name: -most[name])[:top]


def _more(values: Sequence[Values], shown: Sequence[str], order: str) -> str:
    more = len({name for of_one in values for name in of_one} - set(shown))
    return f"{words.begun(order)}{f' {more} more.' if more else ''}" if shown else ""


def _row(results: Sequence["Voi"], values: Sequence[Values], name: str, floor: Callable[["Voi"], float]) -> list[Cell]:
    """What one thing is worth under each worldview."""
    return [
        Number(worth_text(found, of_one[name], floor(found)), of_one[name].value) if name in of_one else ""
        for found, of_one in zip(results, values, strict=True)
    ]
