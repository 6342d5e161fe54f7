"""``toc survey check``: what each question of a file is about, how many answered, and what is odd."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.shipped import Documents
from toc_model.present.result import Result
from toc_model.present.section import Section
from toc_model.questions.survey import check_words as words
from toc_model.survey.documents.camps import Camps, camps_of
from toc_model.survey.documents.converting import Change
from toc_model.survey.documents.counts import Counts, counts_of, impossible
from toc_model.survey.documents.fits import fail_if_answers_differ, fail_if_mapping_unknown
from toc_model.survey.documents.mapping import SurveyMapping, load_mapping
from toc_model.survey.documents.reading import Reading
from toc_model.survey.documents.usable import Tally, tallies, verdicts


@dataclass(frozen=True, slots=True, repr=False)
class Check(Result):
    """What is in a file of answers.

    Attributes
    ----------
    sources : tuple of str
        Surveys that the answers come from.
    counts : tuple of Counts
        A row a question and wording.
    impossible : mapping of str to (int, tuple of str)
        By question, how many answers are impossible, and how they stand in the file.
    rows, usable : int
        All rows, and those that can be learned from.
    tallies : tuple of Tally
        Whose answers to each question count, and why the others don't: what an update with this mapping uses.
    mapping : SurveyMapping or None
        What the questions are about, where that is known.
    camps : Camps or None
    reading : Reading or None
        What was understood of the file.
    changes : tuple of Change
        Answers that were converted to the units of their targets, or left out since they are years of the calendar.
    """

    sources: tuple[str, ...]
    counts: tuple[Counts, ...]
    impossible: Mapping[str, tuple[int, tuple[str, ...]]]
    rows: int
    usable: int
    tallies: tuple[Tally, ...]
    mapping: SurveyMapping | None = None
    camps: Camps | None = None
    reading: Reading | None = None
    changes: tuple[Change, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """All counts, as ``toc survey check --json`` prints them."""
        mapped = self.mapping.questions.items() if self.mapping else ()
        return {
            "sources": list(self.sources),
            "questions": [asdict(row) for row in self.counts],
            "impossible": {name: {"answers": many, "raw": list(raw)} for name, (many, raw) in self.impossible.items()},
            "rows": self.rows,
            "usable": self.usable,
            "tally": [tally.to_dict() for tally in self.tallies],
            "camps": asdict(self.camps) if self.camps else None,
            "reading": _reading(self.reading) if self.reading else None,
            "changes": [asdict(change) for change in self.changes],
            "mapping": {
                name: {
                    "wording": question.wording,
                    "scale": question.scale,
                    "bias_sd": question.bias_sd,
                    "bias_reason": question.bias_reason,
                    "fair": question.fair,
                    "informs_level": question.informs_level,
                }
                for name, question in mapped
            },
        }

    def to_dataframe(self) -> pd.DataFrame:
        """A row for each question and wording."""
        return pd.DataFrame([asdict(row) for row in self.counts]).set_index("question")

    def section(self) -> Section:
        """The table of questions, the mapping, and what is odd."""
        return words.section(self)

    def about(self) -> str:
        """How many answers, and to how many questions."""
        return f"{self.rows:,} rows, {len({row.question for row in self.counts})} questions"


def _reading(reading: Reading) -> dict[str, Any]:
    return asdict(reading) | {"path": str(reading.path), "sign": reading.sign.value}


def check(
    frame: pd.DataFrame,
    mapping: SurveyMapping | None = None,
    *,
    reading: Reading | None = None,
    changes: Sequence[Change] = (),
) -> Check:
    """Say what each question of a survey is about, how many answered, and what is odd.

    Parameters
    ----------
    frame : pandas.DataFrame
        In the long format, in the units of the targets.
    mapping : SurveyMapping, optional
        For the scale and the common bias of its questions, and the order of rounds.
    reading : Reading, optional
        What was understood of the file.
    changes : sequence of Change
        What was converted.

    Raises
    ------
    InputError
        If a mapping is given, and the order of rounds is not known.
    """
    sources = tuple(str(source) for source in frame["source_id"].unique())
    found = verdicts(frame, {mapping.source_id: mapping} if mapping else {})
    return Check(
        sources,
        tuple(counts_of(frame, found)),
        impossible(frame),
        len(frame),
        int((found == "").sum()),
        tallies(frame, found),
        mapping,
        camps_of(frame),
        reading,
        tuple(changes),
    )


def mapping_for(
    frame: pd.DataFrame, documents: Documents, allocations: Allocations, name: str | None = None
) -> SurveyMapping | None:
    """The mapping document of some answers, checked against the case and the answers.

    Parameters
    ----------
    frame : pandas.DataFrame
        In the long format.
    documents : Documents
        Whose mapping documents may be named.
    allocations : Allocations
        That questions may be about.
    name : str, optional
        A name, or a path that ends in ``.toml``; by default the document that is called as the one source.

    Returns
    -------
    SurveyMapping or None
        None where no document is named or called so.

    Raises
    ------
    InputError
        If it can't be read, is about what the case does not have, or the answers are to other questions.
    """
    sources = set(frame["source_id"])
    chosen = name or next((own for own in documents.surveys() if sources == {own}), None)
    if chosen is None:
        return None
    found = load_mapping(documents, chosen)
    fail_if_mapping_unknown(documents.case, found, list(allocations.named))
    fail_if_answers_differ(frame, found, documents.case.status_quo)
    return found
