"""What is said first: which parameters and questions are worth more than noise is, and whether ranks are known."""

from typing import TYPE_CHECKING

from toc_model.present import words
from toc_model.questions.voi.names import experts_text
from toc_model.questions.voi.worth import floor_of, worth_text
from toc_model.statistics.information import FIRST

if TYPE_CHECKING:
    from toc_model.questions.voi import Voi

MANY_DRAWS = 1_000_000
"""More draws than these are not counted."""


def first_to_ask(found: "Voi") -> str:
    """A paragraph on parameters, claims and questions."""
    return " ".join([*_of_parameters(found), *_of_claims(found), *_of_questions(found)])


def _of_parameters(found: "Voi") -> list[str]:
    """Which parameters are worth more than noise is, and whether their ranks are known."""
    if not found.parameters:
        return []
    many, unit = words.counted(len(found.parameters), "single parameter"), found.beliefs.case.objective.small.name
    worth = [name for name, value in found.parameters.items() if value.value > found.floors.parameters]
    floor = f"the noise floor of {words.amount(floor_of(found, found.floors.parameters))} {unit}"
    if not worth:
        return [f"Of {many} none is worth more than {floor}."]
    first = worth[0]
    return [
        f"Of {many} {len(worth)} {'is' if len(worth) == 1 else 'are'} worth more than {floor}.",
        f"The largest value is that of {found.beliefs.label_of(first)}, {worth_text(found, found.parameters[first])}.",
        *([_ranks_told(found)] if len(found.parameters) > 1 else []),
    ]


def _ranks_told(found: "Voi") -> str:
    """Whether the first ranks are told apart, or how many draws that would take."""
    few, needed = min(FIRST, len(found.parameters) - 1), found.each.needed
    ranks = f"The first {few} ranks" if few > 1 else "The first rank"
    if needed <= found.beliefs.draws:
        return f"{ranks} can be told apart from what follows."
    takes = f"about {float(f'{needed:.1g}'):,.0f} draws" if needed <= MANY_DRAWS else f"more than {MANY_DRAWS:,} draws"
    return f"{ranks} can't be told apart from what follows by these draws; that would take {takes} (--draws)."


def _of_claims(found: "Voi") -> list[str]:
    if not found.claims or any(one.value.value > found.floors.claims for one in found.claims):
        return []
    return ["Knowing all parameters of any claim is worth no more than noise is."]


def _of_questions(found: "Voi") -> list[str]:
    if not found.surveys:
        return []
    best = max(found.surveys, key=lambda asked: asked.most)
    many = max(best.experts, key=lambda number: best.experts[number].value)
    questions = words.counted(len(found.surveys), "question")
    if best.most <= found.floors.surveys:
        return [f"Putting any of {questions} to experts is worth no more than noise is."]
    worth = worth_text(found, best.experts[many])
    put = f"that about {best.plan.name}, put to {experts_text(many)}"
    return [f"Of {questions} that experts may be asked, {put}, is worth most, {worth}."]
