"""What the readers of response files share."""

import math
from typing import Any

from toc_model.errors import InputError, unknown
from toc_model.survey.documents.mapping import SurveyMapping


def number(text: str) -> float | None:
    """Read a finite number; None if it is none."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def answer_row(
    mapping: SurveyMapping, question_id: str, respondent: str, raw: str, value: float | None, **more: Any
) -> dict[str, Any]:
    """Make an answer to a mapped question; one that is no number is flagged as impossible and keeps its text.

    Parameters
    ----------
    mapping : SurveyMapping
    question_id, respondent, raw : str
    value : float, optional
        None where `raw` is not a number.
    **more
        Other columns: ``group``, ``framing``, ``level``, ``round``, ``flags``.
    """
    question = mapping.question(question_id)
    bare = {"group": "", "framing": "", "level": None, "round": "", "flags": "impossible" if value is None else ""}
    return (
        bare
        | more
        | {
            "source_id": mapping.source_id,
            "respondent_id": respondent,
            "question_id": question_id,
            "target": question.target,
            "kind": question.kind_under(more.get("framing", "")),
            "value": value,
            "unit": question.unit,
            "lower": question.lower,
            "upper": question.upper,
            "condition": question.condition_text,
            "raw": raw,
        }
    )


def fail_if_not_read(mapping: SurveyMapping, known: tuple[str, ...], reader: str) -> None:
    """Fail if a mapping has a question that a reader can't find in its file."""
    for name in mapping.questions:
        if name not in known:
            raise InputError(f"survey {mapping.source_id!r}: {unknown(f'question of {reader}', name, known)}")
