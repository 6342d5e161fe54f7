"""Mapping documents: what each question of a survey is about in the model, and why that is fair."""

from collections.abc import Collection, Hashable, Mapping
from pathlib import Path
from typing import Any, Literal

import pandas as pd
from pydantic import Field, model_validator

from toc_model.aliases import Entry
from toc_model.beliefs.claims import fail_if_override_impossible
from toc_model.beliefs.shipped import Documents
from toc_model.beliefs.stated import verified_as
from toc_model.documents import Document, checked, read_toml
from toc_model.engine.case import Case
from toc_model.errors import InputError, unknown
from toc_model.survey.documents.answers import KindName
from toc_model.survey.documents.conditions import condition_text, normal
from toc_model.survey.documents.targets import target_unit
from toc_model.survey.documents.units import conversion
from toc_model.survey.kinds import KINDS

FRACTIONS = ("probability", "fraction", "ratio")
"""Units of which a logit can be taken."""


class Question(Document):
    """One question and what it is about.

    Attributes
    ----------
    wording : str
        As it was put, or a paraphrase that says that it is one.
    target : str
        Node, parameter, ``name[index]`` or function of `toc_model.survey.documents.targets`.
    scale : str
        The natural scale of the target: "logit", "log" or "identity".
    kind : str
        Kind of the answers.
    framing_kinds : dict of str to str
        Framings whose answers are of another kind.
    unit : str
        Unit in which the answers are stated, where they don't name one of their own; converted to that of the target,
        as `toc_model.survey.documents.units` knows it. ``calendar year`` for a target that counts from a date.
    lower, upper : float, optional
        Least and largest possible quantity in `unit`; answers outside are impossible.
    shift : float
        Number to add to stated times, in `unit`, so that they count from the date that the target counts from. For
        calendar years: minus that date, if it is another than that of the beliefs.
    sign : int
        For ordered answers: 1 if a higher category means a higher target, -1 if a lower one.
    condition : list of str
        Overrides that the question holds under.
    allocation : str
        Allocation that the question holds under; empty for the status quo.
    spread : float, optional
        How far apart respondents typically are, on `scale`: what the priors of all deviations between them, and of
        wordings and camps, are multiples of. By default 1 on a logit or logarithm, and on identity the spread of the
        target's prior, half of its central 68 %.
    bias_sd : float
        Standard deviation, on `scale`, of the bias that all respondents share; an assumption, which must be stated.
    bias_reason : str
        Why it is of this size.
    bias_group : str
        Questions that name the same group share one bias, each on its own `bias_sd`; empty for a bias of its own. A
        group ``population:topic``, such as ``ml_researchers:extinction``, is shared by all sources that name it; any
        other by the questions of this source alone.
    bias_rho : float
        Correlation of the biases of two sources of one group ``population:topic``: what a population is wrong about
        together, whoever asks. All sources of a group state the same; 0.8 by default, an assumption.
    fair : str
        Why the mapping is fair, and where it is not.
    framings : list of str
        Names of the wordings that different respondents saw; empty where all saw one.
    categories : list of str
        Ordered answers, the lowest first.
    resolved : float, optional
        For a seed question: the true value, in the unit of the answers. The question then says nothing of its target,
        which may be any words, and all it teaches is the bias of its `bias_group`.
    column, crux : str
        Where a reader that follows its mapping finds the answers: column of the file, and crux that the row is about.
    """

    wording: str = Field(min_length=1)
    target: str = Field(min_length=1)
    scale: Literal["logit", "log", "identity"]
    kind: KindName
    framing_kinds: dict[str, KindName] = {}
    unit: str = Field(min_length=1)
    lower: float | None = None
    upper: float | None = None
    shift: float = 0.0
    sign: Literal[1, -1] = 1
    condition: list[str] = []
    allocation: str = ""
    spread: float | None = Field(default=None, gt=0)
    bias_sd: float = Field(gt=0)
    bias_reason: str = Field(min_length=1)
    bias_group: str = ""
    bias_rho: float = Field(default=0.8, ge=0, le=1)
    fair: str = Field(min_length=1)
    framings: list[str] = []
    categories: list[str] = []
    resolved: float | None = None
    column: str = ""
    crux: str = ""

    @model_validator(mode="after")
    def _fits_together(self) -> "Question":
        for framing in self.framing_kinds:
            if framing not in self.framings:
                raise ValueError(f"framing_kinds: {unknown('framing', framing, self.framings)}")
        parts = self.bias_group.split(":")
        if len(parts) > 2 or (len(parts) == 2 and not all(part.strip() for part in parts)):
            raise ValueError(f"bias_group: found {self.bias_group!r}; allowed: POPULATION:TOPIC, or one name")
        KINDS[self.kind].check_question(self)
        return self

    @property
    def condition_text(self) -> str:
        """The condition as answers carry it."""
        return normal(condition_text(self.allocation, self.condition))

    @property
    def width(self) -> float:
        """How far apart respondents typically are; 1 where nothing is said."""
        return self.spread or 1.0

    def kind_under(self, framing: str) -> str:
        """Return the kind of the answers under a framing."""
        return self.framing_kinds.get(framing, self.kind)


class SurveyMapping(Document):
    """A survey: who was asked what, and what each question is about.

    Attributes
    ----------
    source_id, title, citation, population : str
    year : int
    verified : str
        "yes" if read at its source, "secondary", "derived" from other figures, or the name of the case: the theory's
        own assumptions, which are no evidence.
    derived_from : list of str
        Identifiers of sources that this one overlaps with or summarises; they are not used together.
    rounds : list of str
        Labels of the rounds in which answers were given, the first first, as ``rounds = ["before", "after"]``: of what
        somebody said in several rounds the last counts. Numbers, and labels such as "R1", need no order.
    questions : dict of str to Question
        By the question's identifier.
    """

    source_id: str = Field(min_length=1)
    title: str = Field(min_length=1)
    citation: str = Field(min_length=1)
    population: str = Field(min_length=1)
    year: int
    verified: str
    derived_from: list[str]
    rounds: list[str] = []
    questions: dict[str, Question] = Field(min_length=1)

    @model_validator(mode="after")
    def _rounds_differ(self) -> "SurveyMapping":
        for label in self.rounds:
            if not label or self.rounds.count(label) > 1:
                raise ValueError(f"rounds: found {label!r} {self.rounds.count(label)} times; allowed: each label once")
        return self

    def question(self, name: str) -> Question:
        """Return a question by its identifier.

        Raises
        ------
        InputError
            If there is none of this name; the nearest one is suggested.
        """
        if name not in self.questions:
            raise InputError(f"survey {self.source_id!r}: {unknown('question', name, self.questions)}")
        return self.questions[name]


def load_mapping(documents: Documents, path_or_name: Path | str) -> SurveyMapping:
    """Read a mapping document.

    Parameters
    ----------
    documents : Documents
    path_or_name : Path or str
        A path that ends in ``.toml``, or the name of one of the documents.

    Raises
    ------
    InputError
        If it is unknown, malformed or does not fit its schema.
    """
    path = documents.survey_path(path_or_name)
    found = checked(SurveyMapping, read_toml(path), str(path))
    allowed = verified_as(documents.case.name)
    if found.verified not in allowed:
        raise InputError(f"{path}: {unknown('verified', found.verified, allowed)}")
    unsaid = {
        name: question.model_copy(update={"allocation": ""})
        for name, question in found.questions.items()
        if question.allocation == documents.case.status_quo
    }
    return found.model_copy(update={"questions": {**found.questions, **unsaid}})


def mapping_path(documents: Documents, source: str) -> Path:
    """Where the mapping document of a source is that answers name: in the folder, for a cell chooses no file to read.

    Raises
    ------
    InputError
        If the folder has none of this name.
    """
    if source not in (names := documents.surveys()):
        raise InputError(f"{documents.folder / 'surveys'}: {unknown('mapping', source, names)}, or --map FILE")
    return documents.survey_path(source)


def questions_about(documents: Documents, parameters: Collection[str]) -> dict[str, list[str]]:
    """Questions of the mapping documents whose target is a parameter or one place of it, by parameter."""
    found: dict[str, list[str]] = {name: [] for name in parameters}
    for mapping in (load_mapping(documents, name) for name in documents.surveys()):
        for name, question in mapping.questions.items():
            target = Entry.parse(question.target).name
            if target in found and question.resolved is None:
                found[target].append(f"{mapping.source_id}:{name}")
    return found


def fail_if_mapping_unknown(case: Case, mapping: SurveyMapping, allocations: Collection[str]) -> None:
    """Fail if a mapping is no evidence, or names what the model does not have.

    Parameters
    ----------
    case : Case
    mapping : SurveyMapping
    allocations : collection of str
        Names of the allocations that questions may be about.

    Raises
    ------
    InputError
        The first thing that is wrong, by source and question.
    """
    if mapping.verified == case.name:
        raise InputError(
            f"survey {mapping.source_id!r}: verified: found {case.name!r}; {case.theory}'s own assumptions are no "
            "evidence (allowed: yes, secondary, derived)"
        )
    for name, question in mapping.questions.items():
        _fail_if_question_unknown(case, question, allocations, f"survey {mapping.source_id!r}: {name}")


def _fail_if_question_unknown(case: Case, question: Question, allocations: Collection[str], where: str) -> None:
    if question.resolved is not None:
        return
    try:
        unit = target_unit(case, question.target)
    except InputError as error:
        raise InputError(f"{where}: target: {error}") from None
    if question.scale == "logit" and unit not in FRACTIONS:
        raise InputError(f"{where}: scale: found 'logit' for a target in {unit!r}; allowed: log, identity")
    _fail_if_unit_unknown(case, question, unit, where)
    for text in question.condition:
        fail_if_override_impossible(case.story, text, f"{where}: condition")
    if question.allocation and question.allocation not in allocations:
        raise InputError(f"{where}: {unknown('allocation', question.allocation, allocations)}")


def _fail_if_unit_unknown(case: Case, question: Question, wanted: str, where: str) -> None:
    found = case.story.units.get(wanted)
    origin = 0.0 if found and found.is_date else None  # whichever: only whether there is one matters here
    try:
        if KINDS[question.kind].in_unit:
            conversion(question.unit, wanted, origin=origin, shifted=bool(question.shift))
    except InputError as error:
        raise InputError(f"{where}: unit: {error}") from None


def fail_if_answers_differ(frame: pd.DataFrame, mapping: SurveyMapping, status_quo: str) -> None:
    """Fail if answers of a survey are to other questions than its mapping has, or to questions put otherwise.

    Their units may differ: `toc_model.survey.documents.converting.in_target_units` converts or refuses them.

    Parameters
    ----------
    frame : pandas.DataFrame
        In the long format.
    mapping : SurveyMapping
    status_quo : str
        Name of the allocation that goes without saying.

    Raises
    ------
    InputError
        The first answer that differs, by question.
    """
    own = frame[frame["source_id"] == mapping.source_id]
    if own.empty:
        raise InputError(
            f"survey {mapping.source_id!r}: {unknown('source', mapping.source_id, set(frame['source_id']))}"
        )
    columns = ["question_id", "target", "framing", "kind", "condition"]
    for row in own[columns].drop_duplicates().to_dict("records"):
        question = mapping.question(row["question_id"])
        row["condition"] = normal(row["condition"], status_quo)
        _fail_if_put_otherwise(row, question, f"survey {mapping.source_id!r}: {row['question_id']}")


def _fail_if_put_otherwise(row: Mapping[Hashable, Any], question: Question, where: str) -> None:
    framings = question.framings or [""]
    if row["framing"] not in framings:
        raise InputError(f"{where}: {unknown('framing', row['framing'], framings)}")
    expected = {
        "target": question.target,
        "kind": question.kind_under(row["framing"]),
        "condition": question.condition_text,
    }
    for column, allowed in expected.items():
        if row[column] != allowed:
            raise InputError(
                f"{where}: {column}: found {row[column]!r} in the answers; allowed: {allowed!r}, as in the mapping"
            )
