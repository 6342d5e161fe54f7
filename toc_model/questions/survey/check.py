"""What is in a file of answers: a line a question, and what is odd about its answers."""

import textwrap
from collections.abc import Iterator

import pandas as pd
from rich.box import SIMPLE_HEAD
from rich.table import Table

from toc_model.present.terminal import WIDTH, as_text
from toc_model.survey.documents.flags import has_flag, is_multiple
from toc_model.survey.documents.mapping import Question, SurveyMapping
from toc_model.survey.documents.schema import usable
from toc_model.survey.kinds import KINDS

COUNTS = ("respondents", "answers", "missing", "impossible", "of 5 %", "of 10 %", "zero", "one", "incoherent")
EXAMPLES = 8


def survey_check(frame: pd.DataFrame, mapping: SurveyMapping | None = None) -> str:
    """Say what each question of a survey is about, how many answered, and what is odd.

    Parameters
    ----------
    frame : pandas.DataFrame
        In the long format.
    mapping : SurveyMapping, optional
        For the scale and the common bias of its questions.

    Returns
    -------
    str
        A table and notes.
    """
    table = Table(box=SIMPLE_HEAD, title=f"Answers of {_sources(frame)}", title_justify="left")
    for heading in ("question", "framing", "target", "under", "kind"):
        table.add_column(heading, no_wrap=True)
    for heading in COUNTS:
        table.add_column(heading, justify="right", no_wrap=True)
    for rows in _by_question(frame):
        first = rows.iloc[0]
        under = first["condition"] or "status quo"
        table.add_row(first["question_id"], first["framing"], first["target"], under, first["kind"], *_counts(rows))
    notes = [textwrap.fill(note, WIDTH) for note in [*_impossible(frame), _closing(frame)]]
    pages = [_page(name, question) for name, question in mapping.questions.items()] if mapping else []
    return as_text(table) + "".join(f"\n{note}\n" for note in [*pages, *notes])


def _by_question(frame: pd.DataFrame) -> Iterator[pd.DataFrame]:
    for _, of_question in frame.groupby(["source_id", "question_id"], sort=False):
        yield from (rows for _, rows in of_question.groupby("framing"))


def _sources(frame: pd.DataFrame) -> str:
    return ", ".join(repr(str(source)) for source in frame["source_id"].unique())


def _counts(rows: pd.DataFrame) -> list[str]:
    given = rows[_is_given(rows)]
    counts = [
        given[["source_id", "respondent_id"]].drop_duplicates().shape[0],
        len(given),
        _missing(rows, given),
        int(has_flag(rows, "impossible").sum()),
    ]
    good = usable(rows)
    is_probability = KINDS[rows["kind"].iloc[0]].is_probability
    heaped = [_share(good, step) if is_probability else "" for step in (0.05, 0.1)]
    marks = [int(has_flag(good, flag).sum()) for flag in ("zero", "one", "incoherent")]
    return [*(f"{count:,}" for count in counts), *heaped, *(str(mark) for mark in marks)]


def _is_given(rows: pd.DataFrame) -> "pd.Series[bool]":
    return rows["value"].notna() | (rows["raw"] != "")


def _missing(rows: pd.DataFrame, given: pd.DataFrame) -> int:
    """Blank rows, and levels that somebody left out who answered at others."""
    levels = rows["level"].nunique(dropna=False)
    answered = given.groupby(["source_id", "respondent_id", "round"])["level"].nunique(dropna=False)
    left_out = int((levels - answered).sum())
    blank = rows[~_is_given(rows)]
    counted = blank["respondent_id"].isin(given["respondent_id"])
    return left_out + int((~counted).sum())


def _share(rows: pd.DataFrame, step: float) -> str:
    if rows.empty:
        return ""
    return f"{sum(is_multiple(float(value), step) for value in rows['value']) / len(rows):.0%}"


def _impossible(frame: pd.DataFrame) -> Iterator[str]:
    marked = frame[has_flag(frame, "impossible")]
    for question, rows in marked.groupby("question_id", sort=False):
        raws = list(rows["raw"].drop_duplicates())
        more = f" and {len(raws) - EXAMPLES} others" if len(raws) > EXAMPLES else ""
        shown = ", ".join(raws[:EXAMPLES])
        yield f"{question}: {len(rows)} impossible, left out and not repaired; in the file: {shown}{more}."


def _page(name: str, question: Question) -> str:
    facts = {
        "wording": question.wording,
        "bias": f"sd {question.bias_sd:g} on the {question.scale} scale, for all respondents. {question.bias_reason}",
        "fair": question.fair,
    }
    lines = [name]
    for label, text in facts.items():
        lines += textwrap.wrap(text, WIDTH, initial_indent=f"  {label:<9}", subsequent_indent=" " * 11)
    return "\n".join(lines)


def _closing(frame: pd.DataFrame) -> str:
    used = len(usable(frame))
    return (
        f"{used:,} of {len(frame):,} rows can be used; {len(frame) - used:,} are blank or impossible. 'missing' counts "
        "blank rows and points that somebody left out who gave others of the same question; 'of 5 %' and 'of 10 %' "
        "are the shares of stated probabilities that are multiples of these, zeros and ones with them."
    )
