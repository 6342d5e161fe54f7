"""Rounds: what somebody said later replaces what they said before, wherever the order of rounds is known."""

import math
import re
from collections.abc import Collection, Sequence

import pandas as pd

from toc_model.documents import as_number
from toc_model.errors import InputError, unknown
from toc_model.survey.kinds import KINDS
from toc_model.survey.kinds.patterns import falling

NUMBERED = re.compile(r"([^\W\d_]*[ _#]*)(\d+)")
"""Labels such as "R1" and "round 10"."""
GIVEN = ["respondent_id", "question_id", "framing", "kind"]
"""What somebody may have been asked in several rounds."""


def fail_if_round_unknown(labels: Collection[str], stated: Sequence[str], where: str) -> None:
    """Fail if rounds have a stated order and one is not among them; an answer of no round may stand beside them."""
    for label in labels:
        if stated and label and label not in stated:
            raise InputError(f"{where}: {unknown('round', label, stated)}")


def order_of(labels: Collection[str], stated: Sequence[str] = ()) -> dict[str, float] | None:
    """Put rounds in order: as stated, or by their numbers.

    Parameters
    ----------
    labels : collection of str
    stated : sequence of str
        The first first.

    Returns
    -------
    dict of str to float, or None
        A rising number for each label; None where nothing says which of two comes first.
    """
    if stated:
        found = {label: float(stated.index(label)) if label in stated else math.nan for label in labels}
    else:
        found = _numbers(labels)
    is_known = all(map(math.isfinite, found.values())) and len(set(found.values())) == len(found)
    return found if is_known else None


def _numbers(labels: Collection[str]) -> dict[str, float]:
    """The numbers that labels are, or that stand behind the one word of all of them; NaN for other labels."""
    named = {label: match for label in labels if (match := NUMBERED.fullmatch(label))}
    if len(named) == len(labels) and len({match[1].strip().casefold() for match in named.values()}) == 1:
        return {label: float(match[2]) for label, match in named.items()}
    return {label: as_number(label) for label in labels}


def with_several_rounds(answers: pd.DataFrame) -> "pd.Series[bool]":
    """Mark the answers of people who answered a question in more than one round."""
    return answers.groupby(GIVEN, sort=False)["round"].transform("nunique") > 1


def superseded(answers: pd.DataFrame, order: dict[str, float]) -> "pd.Series[bool]":
    """Mark the answers of one source that a later round replaced.

    An answer replaces that of the same person at the same level, so that somebody may revise one quantile. Where what
    is left would fall, what was said in the last round stands alone.

    Parameters
    ----------
    answers : pandas.DataFrame
        Possible answers in the long format.
    order : dict of str to float
        A rising number for each round.
    """
    turn = answers["round"].map(order)
    place = [answers[name] for name in GIVEN]
    replaced = turn < turn.groupby([*place, answers["level"].fillna(math.inf)]).transform("max")
    points = answers[~replaced & answers["kind"].isin([name for name, kind in KINDS.items() if kind.has_levels])]
    torn = points.index[falling(points, GIVEN)]
    last = turn.groupby(place).transform("max")
    return replaced | (answers.index.isin(torn) & (turn < last))
