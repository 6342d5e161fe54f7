"""The adversarial collaboration on AI risk of the Forecasting Research Institute: from its file to the long format."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from toc_model.errors import InputError, unknown
from toc_model.survey.documents.cells import answered
from toc_model.survey.documents.mapping import Question, SurveyMapping
from toc_model.survey.documents.rows import read_rows
from toc_model.survey.documents.schema import checked_frame
from toc_model.survey.documents.sources import answer_row, number

ULTIMATE, OF_CRUX, GIVEN_CRUX = "p_u", "p_crux", "p_u_given_crux"
COLUMNS = ("person_alias", "camp", "crux", ULTIMATE, OF_CRUX, GIVEN_CRUX)
ROUNDING = 1e-9

type Rows = Sequence[tuple[int, Mapping[str, str]]]


def read_fri(path: Path | str, mapping: SurveyMapping) -> pd.DataFrame:
    """Read the individual forecasts of the adversarial collaboration.

    Parameters
    ----------
    path : Path
        The file ``fri_adversarial_collab_forecasts.csv``.
    mapping : SurveyMapping
        Each question names its ``column`` and, for ``p_crux`` and ``p_u_given_crux``, its ``crux``.

    Returns
    -------
    pandas.DataFrame
        In the long format; camps are groups. ``p_u`` stands beside every crux and is one statement copied, so each
        value that a person stated is one row; the rounds number them in the order of the file, which has no dates.
        A conditional that no probability given the crux's failure could make up for is flagged as incoherent.

    Raises
    ------
    InputError
        If the file can't be read or lacks a column, or a question names a column or crux that it does not have.
    """
    path = Path(path)
    rows = read_rows(path, COLUMNS)
    _fail_if_not_found(mapping, {row["crux"] for _, row in rows}, str(path))
    answers = [found for name in mapping.questions for found in _answers(rows, name, mapping)]
    return checked_frame([(f"{path}: row {line}", answer) for line, answer in answers])


def _fail_if_not_found(mapping: SurveyMapping, cruxes: set[str], path: str) -> None:
    for name, question in mapping.questions.items():
        where = f"survey {mapping.source_id!r}: {name}"
        if question.column not in (ULTIMATE, OF_CRUX, GIVEN_CRUX):
            raise InputError(f"{where}: {unknown('column', question.column, [ULTIMATE, OF_CRUX, GIVEN_CRUX])}")
        if question.column != ULTIMATE and question.crux not in cruxes:
            raise InputError(f"{where}: {unknown('crux', question.crux, sorted(cruxes))} in {path}")


def _answers(rows: Rows, name: str, mapping: SurveyMapping) -> Iterator[tuple[int, dict[str, Any]]]:
    question = mapping.questions[name]
    if question.column == ULTIMATE:
        chosen = list(_distinct(rows))
    else:
        chosen = [(line, "", row) for line, row in rows if row["crux"] == question.crux]
    for line, turn, row in chosen:
        raw = row[question.column]
        if answered(raw):
            value = number(raw)
            more = {"group": row["camp"], "round": turn, "flags": _flags(question, row, value)}
            yield line, answer_row(mapping, name, row["person_alias"], raw, value, **more)


def _distinct(rows: Rows) -> Iterator[tuple[int, str, Mapping[str, str]]]:
    """Yield the first row of each value of ``p_u`` that a person stated, with its number among that person's values."""
    seen: dict[str, list[object]] = {}
    for line, row in rows:
        stated = seen.setdefault(row["person_alias"], [])
        value = number(row[ULTIMATE]) if number(row[ULTIMATE]) is not None else row[ULTIMATE]
        if answered(row[ULTIMATE]) and value not in stated:
            stated.append(value)
            yield line, str(len(stated)), row


def _flags(question: Question, row: Mapping[str, str], value: float | None) -> str:
    if value is None:
        return "impossible"
    return "incoherent" if question.column == GIVEN_CRUX and is_incoherent(row) else ""


def is_incoherent(row: Mapping[str, str]) -> bool:
    """Whether a row's three probabilities leave none for the ultimate question if the crux fails."""
    ultimate, of_crux, given_crux = (number(row[column]) for column in (ULTIMATE, OF_CRUX, GIVEN_CRUX))
    if ultimate is None or of_crux is None or given_crux is None:
        return False
    joint = of_crux * given_crux
    return joint > ultimate * (1 + ROUNDING) or ultimate - joint > (1 - of_crux) * (1 + ROUNDING)
