"""What answers say, whoever's names and whatever order of rows they come in: by this a copy is known."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from toc_model.documents import digest
from toc_model.errors import InputError
from toc_model.survey.documents.schema import read_long
from toc_model.survey.kinds.patterns import people

SAID = ["target", "condition", "framing", "kind", "level", "value", "lower", "upper"]
"""Columns that say what somebody answered; names of sources, people, camps and questions do not."""
FEW = 5
"""Answers, or people, below which two surveys may say the same by chance."""


DIGITS = 6
"""Of numbers that are taken for the same."""


def content_of(rows: pd.DataFrame) -> str:
    """What answers say, person by person, in an order of its own."""
    said: dict[str, list[str]] = {}
    table = rows[SAID].assign(people=people(rows))
    for who, row in zip(rows["respondent_id"], table.itertuples(index=False, name=None), strict=True):
        if who:
            said.setdefault(who, []).append(repr(row))
    return "\n".join(sorted("; ".join(sorted(answers)) for answers in said.values()))


def digest_of_content(rows: pd.DataFrame, source: str) -> str:
    """SHA-256 of what answers say; of a few, which others may give too, with the name of their source."""
    return digest(f"{source}\n{content_of(rows)}" if _are_few(rows) else content_of(rows))


def digests_of_questions(rows: pd.DataFrame, source: str) -> dict[str, str]:
    """`digest_of_content` of the answers to each question, by its identifier."""
    return {
        str(name): digest_of_content(part, source) for name, part in rows.groupby("question_id", sort=False) if name
    }


def digests_of_people(rows: pd.DataFrame) -> dict[str, list[str]]:
    """A short digest of what each person said about each question, to `DIGITS`, by the question's identifier.

    Only of who stated two numbers or more: others may state one and the same by chance. It knows answers when some of
    their people are left out.
    """
    found: dict[str, list[str]] = {}
    for (question, who), part in rows.groupby(["question_id", "respondent_id"], sort=False):
        if question and who and len(part) > 1:
            told = part[["target", "condition", "kind"]].astype(str).agg("|".join, axis=1)
            numbers = [
                f"{about}|{level:.{DIGITS}g}|{value:.{DIGITS}g}"
                for about, level, value in zip(told, part["level"], part["value"], strict=True)
            ]
            found.setdefault(str(question), []).append(digest("; ".join(sorted(numbers)))[:16])
    return {question: sorted(digests) for question, digests in found.items()}


def _are_few(rows: pd.DataFrame) -> bool:
    return max(len(rows), people(rows).max()) < FEW if len(rows) else True


def fail_if_copied(files: Sequence[Path]) -> None:
    """Fail if two files have the same answers, under whatever names and in whatever order.

    Raises
    ------
    InputError
        Naming both.
    """
    seen: dict[str, Path] = {}
    for path in files if len(files) > 1 else ():
        rows = read_long(path)
        found = content_of(rows)
        if found in seen and not _are_few(rows):
            raise InputError(f"{path}: found the same answers as in {seen[found]}; allowed: each once")
        seen[found] = path
