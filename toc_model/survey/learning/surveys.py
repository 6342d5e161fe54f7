"""Answers of sources that a posterior is to rest on: read from files, or kept by a posterior that rests on them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from toc_model.beliefs.evidence import Evidence, fail_if_counted_twice
from toc_model.beliefs.posterior import Kept
from toc_model.beliefs.priors import Priors
from toc_model.beliefs.shipped import Documents
from toc_model.brief import Brief
from toc_model.errors import InputError, unknown
from toc_model.files import TABLE, each_read_once, read
from toc_model.survey.documents.converting import in_target_units
from toc_model.survey.documents.fits import fail_if_answers_differ, fail_if_mapping_unknown
from toc_model.survey.documents.mapping import SurveyMapping, load_mapping, mapping_path
from toc_model.survey.documents.schema import read_files
from toc_model.survey.documents.usable import Tally, fail_if_nothing_counts, tallies, usable, verdicts
from toc_model.survey.learning.contents import (
    digest_of_content,
    digests_of_people,
    digests_of_questions,
    fail_if_copied,
)
from toc_model.survey.learning.keeping import from_kept, to_keep
from toc_model.survey.learning.questions import Asked, prepare
from toc_model.survey.learning.settings import Common
from toc_model.survey.learning.widths import with_widths


@dataclass(frozen=True, slots=True, repr=False)
class Source(Brief):
    """The answers of one source, and what they ask of the model.

    Attributes
    ----------
    mapping : SurveyMapping
        In the units of the targets, with the spread of every question.
    rows : pandas.DataFrame
        In the long format, in those units.
    digest : str
        Of what the answers that count say.
    parts : mapping of str to str
        The same for each question.
    place : str
        Of the mapping document; empty for answers that a posterior kept.
    """

    mapping: SurveyMapping
    rows: pd.DataFrame
    digest: str
    parts: Mapping[str, str]
    place: str = ""

    @classmethod
    def of(cls, mapping: SurveyMapping, rows: pd.DataFrame, place: str = "") -> "Source":
        """The answers of a source under its mapping."""
        counted = _usable(mapping, rows)
        digest = digest_of_content(counted, mapping.source_id)
        return cls(mapping, rows, digest, digests_of_questions(counted, mapping.source_id), place)

    def evidence(self, common: Common) -> Evidence:
        """As a worldview records it, with how common biases were taken."""
        mapping = self.mapping
        return Evidence(
            source_id=mapping.source_id,
            digest=self.digest,
            derived_from=list(mapping.derived_from),
            verified=mapping.verified,
            bias_scale=common.scale,
            bias_shape=common.shape,
            parts=dict(self.parts),
        )

    def to_compare(self) -> Evidence:
        """The record with what each person said, by which parts of it are known."""
        people = digests_of_people(_usable(self.mapping, self.rows))
        return self.evidence(Common()).model_copy(update={"people": people})

    @property
    def kept(self) -> Kept:
        """The answers that count, to be kept beside what is learnt from them."""
        return to_keep(self.mapping, _usable(self.mapping, self.rows))


def _usable(mapping: SurveyMapping, rows: pd.DataFrame) -> pd.DataFrame:
    mapped = rows[rows["question_id"].isin(list(mapping.questions))]
    return usable(mapped, {mapping.source_id: mapping})


@dataclass(frozen=True, slots=True, repr=False)
class Surveys(Brief):
    """Answers that are ready to learn from, and where they come from.

    Attributes
    ----------
    asked : tuple of Asked
        By source.
    sources : tuple of Source
        By name.
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
    sources: tuple[Source, ...]
    unused: int
    unusable: tuple[str, ...] = ()
    tallies: tuple[Tally, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    mappings: Mapping[str, str] = field(default_factory=dict)

    def evidence(self, common: Common) -> tuple[Evidence, ...]:
        """As a worldview records it, with how common biases were taken."""
        return tuple(source.evidence(common) for source in self.sources)


@each_read_once()
def read_surveys(
    documents: Documents,
    files: Sequence[Path],
    maps: Sequence[str],
    priors: Priors,
    named: Collection[str],
    *,
    kept: Sequence[Kept] = (),
    without: Collection[str] = (),
) -> Surveys:
    """Read answers and say what they ask of the model.

    Parameters
    ----------
    documents : Documents
        Whose mapping documents serve sources without one of one's own.
    files : sequence of Path
        In the long format. A source may be spread over several.
    maps : sequence of str
        Mapping documents of one's own.
    priors : Priors
        The worldview to be updated, which may already rest on surveys.
    named : collection of str
        Names of the allocations that questions may be about.
    kept : sequence of Kept
        Answers that a posterior rests on, which count with those of the files.
    without : collection of str
        Sources among these that are to be left out.

    Raises
    ------
    InputError
        If a file or mapping can't be read, a source has no mapping, answers are to questions put otherwise, the order
        of rounds is not known, no answer counts, a source to be left out is not there, or anything would be counted
        twice.
    """
    before = [source for source in _of_kept(kept, documents, named) if source.mapping.source_id not in without]
    _fail_if_not_kept(without, kept)
    new = _of_files(documents, files, maps, named)
    sources = sorted([*before, *new], key=lambda one: one.mapping.source_id)
    evidence = [source.to_compare() for source in [*before, *new]]
    if not sources:
        raise InputError("without: found all sources that the posterior rests on; allowed: to leave one or more")
    fail_if_counted_twice(documents.case, evidence, priors.evidence)
    asked: list[Asked] = []
    unusable: list[str] = []
    counted: list[Tally] = []
    unused = 0
    wide = [replace(one, mapping=with_widths(documents, priors, one.mapping)) for one in sources]
    for source in wide:
        rows, mapping = source.rows, source.mapping
        counted += tallies(rows, verdicts(rows, {mapping.source_id: mapping}))
        ready = prepare(rows, mapping)
        unused += int((~rows["question_id"].isin(list(mapping.questions))).sum())
        unusable += _without_answers(rows, mapping, ready)
        asked += ready
    read_now = {source.mapping.source_id for source in new or before}
    mine = [tally for tally in counted if tally.source in read_now]
    fail_if_nothing_counts(mine, ", ".join(map(str, files)) or "answers")
    digests = {str(path.absolute()): read(path, TABLE).digest for path in files}
    mappings = {source.place: read(Path(source.place)).digest for source in new}
    return Surveys(tuple(asked), tuple(wide), unused, tuple(unusable), tuple(counted), digests, mappings)


def _of_files(documents: Documents, files: Sequence[Path], maps: Sequence[str], named: Collection[str]) -> list[Source]:
    if not files:
        return []
    own = {load_mapping(documents, name).source_id: documents.survey_path(name) for name in maps}
    fail_if_copied(files)
    found = []
    for source_id, stated in read_files(files).groupby("source_id", sort=False):
        place = own.get(str(source_id)) or mapping_path(documents, str(source_id))
        mapping = load_mapping(documents, place)
        fail_if_mapping_unknown(documents.case, mapping, list(named))
        mapped = stated[stated["question_id"].isin(list(mapping.questions))]
        if len(mapped):
            fail_if_answers_differ(mapped, mapping, documents.case.status_quo)
        converted = in_target_units(stated, documents, mapping)
        found.append(Source.of(converted.mapping or mapping, converted.frame, str(place.absolute())))
    return found


def _of_kept(kept: Sequence[Kept], documents: Documents, named: Collection[str]) -> list[Source]:
    found = []
    for one in kept:
        mapping, rows = from_kept(one)
        fail_if_mapping_unknown(documents.case, mapping, list(named))
        found.append(Source.of(mapping, rows))
    return found


def _fail_if_not_kept(without: Collection[str], kept: Sequence[Kept]) -> None:
    known = [one.source_id for one in kept]
    for name in without:
        if name not in known:
            raise InputError(f"without: {unknown('source', name, known)}")


def _without_answers(rows: pd.DataFrame, mapping: SurveyMapping, ready: Sequence[Asked]) -> list[str]:
    """Mapped questions that have rows, and none that can be used."""
    put = {name: mapping.questions[name] for name in rows["question_id"].unique() if name in mapping.questions}
    return [
        f"{mapping.source_id}_{name}"
        for name, question in put.items()
        if not any(item.mapping is question for item in ready)
    ]
