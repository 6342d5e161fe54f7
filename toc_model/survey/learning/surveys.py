"""Files of answers read, and what they ask of the model."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from toc_model.beliefs.posterior import fail_if_counted_twice
from toc_model.beliefs.priors import Evidence, Priors
from toc_model.beliefs.shipped import Documents
from toc_model.documents import as_number, digest
from toc_model.errors import InputError
from toc_model.files import TABLE, each_read_once, read
from toc_model.survey.documents.converting import in_target_units
from toc_model.survey.documents.mapping import (
    SurveyMapping,
    fail_if_answers_differ,
    fail_if_mapping_unknown,
    load_mapping,
    mapping_path,
)
from toc_model.survey.documents.schema import read_long
from toc_model.survey.documents.usable import Tally, fail_if_nothing_counts, tallies, verdicts
from toc_model.survey.learning.questions import Asked, prepare
from toc_model.survey.learning.widths import with_widths


@dataclass(frozen=True, slots=True)
class Surveys:
    """Answers that are ready to learn from, and where they come from.

    Attributes
    ----------
    asked : tuple of Asked
    evidence : tuple of Evidence
    unused : int
        Answers to questions that no mapping has.
    unusable : tuple of str
        Questions that were answered, but not in a way that can be used.
    tallies : tuple of Tally
        Whose answers to each question count, and why the others don't.
    files, mappings : mapping of str to str
        SHA-256 of what was read, by path.
    """

    asked: tuple[Asked, ...]
    evidence: tuple[Evidence, ...]
    unused: int
    unusable: tuple[str, ...] = ()
    tallies: tuple[Tally, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    mappings: Mapping[str, str] = field(default_factory=dict)


@each_read_once()
def read_surveys(
    documents: Documents,
    files: Sequence[Path],
    maps: Sequence[str],
    priors: Priors,
    named: Collection[str],
    *,
    bias_scale: float = 1.0,
) -> Surveys:
    """Read answers and say what they ask of the model.

    Parameters
    ----------
    documents : Documents
        Whose mapping documents serve sources without one of one's own.
    files : sequence of Path
        In the long format.
    maps : sequence of str
        Mapping documents of one's own.
    priors : Priors
        The worldview to be updated, which may already rest on surveys.
    named : collection of str
        Names of the allocations that questions may be about.
    bias_scale : float
        What to multiply the stated scales of common biases by; 0 denies them.

    Raises
    ------
    InputError
        If a file or mapping can't be read, a source has no mapping, answers are to questions put otherwise, the order
        of rounds is not known, no answer counts, or anything would be counted twice.
    """
    own = {load_mapping(documents, name).source_id: documents.survey_path(name) for name in maps}
    asked: list[Asked] = []
    evidence: list[Evidence] = []
    unusable: list[str] = []
    counted: list[Tally] = []
    unused = 0
    mappings: dict[str, str] = {}
    for path in files:
        answers = read_long(path)
        for source_id, stated in answers.groupby("source_id", sort=False):
            place = own.get(str(source_id)) or mapping_path(documents, str(source_id))
            mapping = load_mapping(documents, place)
            fail_if_mapping_unknown(documents.case, mapping, list(named))
            mapped = stated[stated["question_id"].isin(list(mapping.questions))]
            if len(mapped):
                fail_if_answers_differ(mapped, mapping, documents.case.status_quo)
            mappings[str(place.absolute())] = read(place).digest
            found = in_target_units(stated, documents, mapping)
            rows, mapping = found.frame, found.mapping or mapping
            evidence.append(_evidence(mapping, rows, bias_scale))
            scaled = _scaled(with_widths(documents, priors, mapping), bias_scale)
            counted += tallies(rows, verdicts(rows, {mapping.source_id: mapping}))
            ready = prepare(rows, scaled)
            unused += len(rows) - len(mapped)
            unusable += _without_answers(rows, scaled, ready)
            asked += ready
    fail_if_counted_twice(documents.case, evidence, priors.evidence)
    fail_if_nothing_counts(counted, ", ".join(map(str, files)))
    digests = {str(path.absolute()): read(path, TABLE).digest for path in files}
    return Surveys(tuple(asked), tuple(evidence), unused, tuple(unusable), tuple(counted), digests, mappings)


def _without_answers(rows: pd.DataFrame, mapping: SurveyMapping, ready: Sequence[Asked]) -> list[str]:
    """Mapped questions that have rows, and none that can be used."""
    put = {name: mapping.questions[name] for name in rows["question_id"].unique() if name in mapping.questions}
    return [
        f"{mapping.source_id}_{name}"
        for name, question in put.items()
        if not any(item.mapping is question for item in ready)
    ]


def fail_if_no_scale(bias_scale: float) -> None:
    """Fail if a common bias can't be multiplied by a number.

    Raises
    ------
    InputError
        If it is negative, infinite or no number.
    """
    if not 0 <= bias_scale < math.inf:
        raise InputError(f"bias scale: found {bias_scale:g}; allowed: 0 or more")


def scales_in(text: str) -> tuple[float, ...]:
    """Scales of common biases, joined by commas.

    Raises
    ------
    InputError
        If one of them is no scale.
    """
    found = tuple(as_number(word) for word in text.split(",") if word.strip())
    for scale in found:
        fail_if_no_scale(scale)
    return found


def _scaled(mapping: SurveyMapping, bias_scale: float) -> SurveyMapping:
    """The mapping with wider or narrower common biases; where they are denied, with the stated ones, unused."""
    factor = bias_scale or 1.0
    questions = {
        name: question.model_copy(update={"bias_sd": question.bias_sd * factor})
        for name, question in mapping.questions.items()
    }
    return mapping.model_copy(update={"questions": questions})


def _evidence(mapping: SurveyMapping, rows: pd.DataFrame, bias_scale: float) -> Evidence:
    return Evidence(
        source_id=mapping.source_id,
        digest=digest(rows.to_csv(index=False)),
        derived_from=list(mapping.derived_from),
        verified=mapping.verified,
        bias_scale=bias_scale,
    )
