"""What a panel said as answers to a survey, for what is to be updated and not replaced; and by what it is known."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from toc_model.documents import digest
from toc_model.errors import InputError
from toc_model.survey.documents.answers import COLUMNS
from toc_model.survey.documents.reading import WORDING
from toc_model.survey.documents.schema import checked_frame
from toc_model.survey.documents.skeleton import mapping_text
from toc_model.survey.learning.contents import digests_of_people, digests_of_questions
from toc_model.survey.panel.panel import Panel, Question
from toc_model.survey.panel.said import CDF_POINT, PROBABILITY, Said


def answers_of(panel: Panel, said: Sequence[Said]) -> pd.DataFrame:
    """What experts said in the long format of answers, without seeds and concordances.

    Parameters
    ----------
    panel : Panel
    said : sequence of Said
        As `toc_model.survey.panel.records.Records.latest` gives them.

    Raises
    ------
    InputError
        If nothing was said about the panel's own questions, or one was answered in quantiles and in probabilities.
    """
    own = [one for one in said if _is_own(panel.question(one.question))]
    if not own:
        raise InputError(f"panel {panel.name!r}: found no answers about parameters or nodes; allowed: at least one")
    for question in panel.asked:
        kinds = sorted({one.kind for one in own if one.question == question.name})
        if len(kinds) > 1:
            raise InputError(f"{question.name}: found answers of the kinds {' and '.join(kinds)}; allowed: one kind")
    rows = [row for one in own for row in _rows(panel, one, panel.question(one.question))]
    return checked_frame([(f"{row['respondent_id']}: {row['question_id']}", row) for row in rows])


def _is_own(question: Question) -> bool:
    return bool(question.about) and not question.is_seed


def _rows(panel: Panel, one: Said, question: Question) -> list[dict[str, Any]]:
    about: dict[str, Any] = dict.fromkeys(COLUMNS, "") | {
        "source_id": panel.name,
        "respondent_id": one.expert,
        "question_id": question.name,
        "target": question.about,
        "kind": one.kind,
        "unit": question.unit,
        "lower": question.lower,
        "upper": question.upper,
        "condition": question.condition,
    }
    return [
        about | {"level": None if one.kind == PROBABILITY else at, "value": value, "raw": f"{value:g}"}
        for at, value in one.ordered
        if one.kind != CDF_POINT or 0 < value < 1
    ]


def mapping_of(panel: Panel, frame: pd.DataFrame, status_quo: str) -> str:
    """The mapping document that goes with answers; what only a person can state of biases is left to be stated.

    Parameters
    ----------
    panel : Panel
    frame : pandas.DataFrame
        As `answers_of` gives them.
    status_quo : str
        Name of the allocation that questions are about where they name none.
    """
    known = {
        "title": f"Panel {panel.name}",
        "citation": f"A panel of {len(panel.experts)} experts, made {panel.made.isoformat()}",
        "population": panel.population,
        "year": panel.made.year,
    }
    worded = frame.assign(**{WORDING: [panel.question(name).wording for name in frame["question_id"]]})
    return mapping_text(worded, status_quo, known)


def digests_of(panel: Panel, said: Sequence[Said]) -> dict[str, str]:
    """Digests of what was said about each question: those that its answers have when they update a worldview."""
    own = any(_is_own(panel.question(one.question)) for one in said)
    found = digests_of_questions(answers_of(panel, said), panel.name) if own else {}
    others: dict[str, list[float]] = {}
    for one in said:
        if one.question not in found:
            others.setdefault(one.question, []).append(one.probability)
    return found | {name: digest(repr((panel.question(name).between, sorted(p)))) for name, p in others.items()}


def digests_of_experts(panel: Panel, said: Sequence[Said]) -> dict[str, list[str]]:
    """Short digests of what each expert said, by question, by which answers are known that are not all there."""
    own = any(_is_own(panel.question(one.question)) for one in said)
    return digests_of_people(answers_of(panel, said)) if own else {}
