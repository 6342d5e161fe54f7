"""Mapping documents: what each question of a survey is about in the model, and why that is fair."""

from collections.abc import Collection
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from toc_model.aliases import Entry
from toc_model.beliefs.shipped import Documents
from toc_model.beliefs.stated import verified_as
from toc_model.documents import Document, checked, read_toml
from toc_model.errors import InputError, unknown
from toc_model.survey.documents.anchors import Anchor
from toc_model.survey.documents.answers import KindName
from toc_model.survey.documents.blanks import fail_if_blank
from toc_model.survey.documents.conditions import condition_text, normal
from toc_model.survey.kinds import KINDS
from toc_model.survey.kinds.scales import FRAMING_SD


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
    lower : float, optional
        Least possible quantity in `unit`; answers below are impossible.
    upper : float, optional
        Largest possible quantity in `unit`; answers above are impossible.
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
        Names of the wordings that different respondents saw; empty where all saw one. The waves of a survey that is
        repeated with other respondents are framings too, with a small `framing_sd`.
    framing_sd : float, optional
        How far apart framings lie, as a standard deviation on `scale` around what they share; by default half of the
        `spread`.
    categories : list of str
        Ordered answers, the lowest first.
    anchors : dict of str to Anchor
        For ordered answers, by category: ``from``, the value of the target, in the target's own unit, that lies between
        the category before and this one; ``sd``, how uncertain that is on `scale`; and ``reason``. They rise, or fall
        where `sign` is -1. Without any, answers tell how respondents and framings differ, and nothing of the target's
        level.
    resolved : float, optional
        For a seed question: the true value, in the unit of the answers. The question then says nothing of its target,
        which may be any words, and all it teaches is the bias of its `bias_group`.
    column : str
        For a reader that follows its mapping: the column of the file that holds the answers.
    crux : str
        For a reader that follows its mapping: the crux that rows with these answers are about.
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
    framing_sd: float | None = Field(default=None, gt=0)
    categories: list[str] = []
    anchors: dict[str, Anchor] = {}
    resolved: float | None = None
    column: str = ""
    crux: str = ""

    @model_validator(mode="after")
    def _fits_together(self) -> "Question":
        if self.framing_sd and not self.framings:
            raise ValueError(f"framing_sd: found {self.framing_sd:g}; allowed: where framings are named")
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

    @property
    def informs_level(self) -> bool:
        """Whether answers tell the level of the target, and not only how respondents, camps or wordings differ."""
        return any(KINDS[kind].informs_level(self) for kind in {self.kind, *self.framing_kinds.values()})

    @property
    def apart(self) -> float:
        """How far framings lie around what they share: a standard deviation on the scale."""
        return self.framing_sd or FRAMING_SD * self.width

    def kind_under(self, framing: str) -> str:
        """Return the kind of the answers under a framing."""
        return self.framing_kinds.get(framing, self.kind)


class SurveyMapping(Document):
    """A survey: who was asked what, and what each question is about.

    Attributes
    ----------
    source_id : str
        The survey's identifier, as its answers carry it.
    title : str
        What it is called.
    citation : str
        Where it can be read.
    population : str
        Who was asked, how they were chosen, and how many answered.
    year : int
        In which it was asked.
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
    year: int = Field(gt=0)
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
        If it is unknown, malformed, has blanks that a person must fill in, or does not fit its schema.
    """
    path = documents.survey_path(path_or_name)
    table = read_toml(path)
    fail_if_blank(SurveyMapping, table, path)
    found = checked(SurveyMapping, table, str(path))
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
