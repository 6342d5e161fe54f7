"""The document of a panel: what is asked, of whom, and in which order of rounds."""

import math
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from toc_model.documents import Document, as_toml, checked, read_toml
from toc_model.errors import InputError, unknown
from toc_model.statistics.pooling.cooke import FEWEST

NAME = "panel.toml"
CONSENSUS = "consensus"
"""The round in which all say one thing, and who says it."""
ROUNDS = ("1", "2", CONSENSUS)


class Question(Document):
    """One question of a panel.

    Attributes
    ----------
    name : str
        By which sheets and records know it.
    about : str
        Parameter or node, with its place; empty for a seed and for a concordance.
    between : list of str
        For a concordance, both parameters.
    condition : str
        What a node is asked under; empty for the status quo.
    form : str
        "quantiles" of a quantity, the "probability" of an event, "chips" in bins, or "concordance": how probable it is
        that two quantities lie on the same side of their medians.
    wording : str
        As it is put.
    unit : str
        That in which it is answered.
    counted : str
        The unit as sheets have it, where it counts from the date of the panel and its own name says another; else
        empty.
    lower, upper : float, optional
        Bounds of what is possible, in the unit.
    edges : list of float
        Of the bins, for chips.
    origin : float, optional
        The calendar year, with its fraction, that the unit counts from.
    truth : float, optional
        For a seed: what is known to be right, in the unit. It stands in no sheet.
    scale : str
        For a seed: whether its background measure is uniform, or uniform in logarithms ("log").
    """

    name: str = Field(min_length=1)
    about: str = ""
    between: list[str] = []
    condition: str = ""
    form: Literal["quantiles", "probability", "chips", "concordance"] = "quantiles"
    wording: str = Field(min_length=1)
    unit: str = Field(min_length=1)
    counted: str = ""
    lower: float | None = None
    upper: float | None = None
    edges: list[float] = []
    origin: float | None = None
    truth: float | None = None
    scale: Literal["uniform", "log"] = "uniform"

    @model_validator(mode="after")
    def _fits_together(self) -> "Question":
        low, high = self.support
        if not low < high:
            raise ValueError(f"lower: found {low:g} and upper {high:g}; allowed: a lower bound below the upper one")
        if (self.form == "chips") != bool(self.edges):
            raise ValueError(f"edges: found {len(self.edges)} for {self.form}; allowed: those of the bins of chips")
        if any(a >= b for a, b in zip(self.edges, self.edges[1:], strict=False)) or len(self.edges) == 1:
            raise ValueError(f"edges: found {', '.join(f'{x:g}' for x in self.edges)}; allowed: two or more that rise")
        if self.truth is not None and (self.is_event or not low <= self.truth <= high):
            raise ValueError(f"truth: found {self.truth:g}; allowed: a quantity that the bounds allow")
        if (self.form == "concordance") != (len(set(self.between)) == 2):
            raise ValueError(f"between: found {', '.join(self.between) or 'nothing'}; allowed: two for a concordance")
        if self.truth is None and not self.about and not self.between:
            raise ValueError("about: found nothing; allowed: a parameter or a node, or a seed with its truth")
        return self

    @property
    def support(self) -> tuple[float, float]:
        """Its bounds, infinite where there is none."""
        return (-math.inf if self.lower is None else self.lower, math.inf if self.upper is None else self.upper)

    @property
    def is_event(self) -> bool:
        """Whether it is answered by one probability."""
        return self.form in ("probability", "concordance")

    @property
    def is_seed(self) -> bool:
        """Whether the right answer is known."""
        return self.truth is not None

    @property
    def bins(self) -> tuple[str, ...]:
        """The bins of chips, in words."""
        return tuple(f"{a:g} to {b:g}" for a, b in zip(self.edges, self.edges[1:], strict=False))


class Conditional(Document):
    """Probabilities of events that must go together: P(A) is that given B or not B, weighed with P(B)."""

    whole: str
    """The question for P(A)."""
    condition: str
    """That for P(B)."""
    given: str
    """That for P(A given B)."""
    given_not: str
    """That for P(A given not B)."""

    @property
    def names(self) -> tuple[str, str, str, str]:
        """The questions, in this order."""
        return self.whole, self.condition, self.given, self.given_not


class Panel(Document):
    """A panel of experts.

    Attributes
    ----------
    format : int
        The version of this format.
    name : str
        Its identifier, under which its judgements are counted once.
    case, worldview, as_of : str
        What the questions are about, and the beliefs before.
    made : date
        When.
    population : str
        Who the experts are and how they were chosen.
    experts : list of str
        Names that sheets and pages have for them; the facilitator knows who they are.
    rounds : list of str
        In their order; in "consensus" all say one thing.
    levels : list of float
        Of the quantiles that are asked for, in per cent.
    questions : list of Question
        Each a table of its own: ``[[questions]]``.
    conditionals : list of Conditional
        Which questions for probabilities must go together.
    """

    format: Literal[1]
    name: str = Field(min_length=1, pattern=r"^[^\s/\\:]+$")
    case: str = Field(min_length=1)
    worldview: str = Field(min_length=1)
    as_of: str = ""
    made: date
    population: str = ""
    experts: list[str] = Field(min_length=1)
    rounds: list[str] = Field(min_length=1)
    levels: list[float] = Field(min_length=1)
    questions: list[Question] = Field(min_length=1)
    conditionals: list[Conditional] = []

    @model_validator(mode="after")
    def _fits_together(self) -> "Panel":
        for what, names in (("experts", self.experts), ("rounds", self.rounds), ("questions", self.names)):
            for name in names:
                if not name.strip() or names.count(name) > 1:
                    raise ValueError(f"{what}: found {name!r} {names.count(name)} times; allowed: each name once")
        if CONSENSUS in self.experts or self.rounds[:-1].count(CONSENSUS):
            raise ValueError(f"found {CONSENSUS!r} among experts or early rounds; allowed: as the last round")
        if not all(0 < level < 100 for level in self.levels) or sorted(set(self.levels)) != self.levels:
            raise ValueError("levels: allowed: per cents between 0 and 100 that rise")
        for conditional in self.conditionals:
            for name in conditional.names:
                if name not in self.names or self.question(name).form != "probability":
                    raise ValueError(f"conditionals: found {name!r}; allowed: questions for a probability")
        return self

    @model_validator(mode="after")
    def _each_pair_once(self) -> "Panel":
        pairs = [frozenset(question.between) for question in self.questions if question.between]
        for pair in pairs:
            if pairs.count(pair) > 1:
                raise ValueError(f"questions: found the pair {' and '.join(sorted(pair))} twice; allowed: once")
        return self

    @property
    def names(self) -> list[str]:
        """Of all questions, in their order."""
        return [question.name for question in self.questions]

    @property
    def seeds(self) -> list[Question]:
        """Questions whose right answer is known."""
        return [question for question in self.questions if question.is_seed]

    @property
    def asked(self) -> list[Question]:
        """Questions that the panel is about."""
        return [question for question in self.questions if not question.is_seed]

    @property
    def individual(self) -> list[str]:
        """Rounds in which each expert answers for themselves."""
        return [name for name in self.rounds if name != CONSENSUS]

    def question(self, name: str) -> Question:
        """One question.

        Raises
        ------
        InputError
            If there is none of this name.
        """
        for question in self.questions:
            if question.name == name:
                return question
        raise InputError(unknown("question", name, self.names))

    def who(self, round_: str) -> Sequence[str]:
        """Who answers in a round.

        Raises
        ------
        InputError
            If there is no such round.
        """
        if round_ not in self.rounds:
            raise InputError(unknown("round", round_, self.rounds))
        return (CONSENSUS,) if round_ == CONSENSUS else self.experts

    def fail_if_unknown(self, question: str, expert: str, round_: str, where: str) -> None:
        """Fail, naming the place, if a question, an expert or a round is not the panel's."""
        for what, name, known in (
            ("round", round_, self.rounds),
            ("expert", expert, self.who(round_) if round_ in self.rounds else ()),
            ("question", question, self.names),
        ):
            if name not in known:
                raise InputError(f"{where}: {unknown(what, name, known)}")

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the panel can't be trusted for."""
        few = len(self.seeds)
        if 0 < few < FEWEST:
            return (f"found {few} seed questions; below {FEWEST}, calibration hardly tells experts apart",)
        return ()


def panel_path(folder: Path) -> Path:
    """The document in a panel's folder; a document may be named itself."""
    return folder if folder.suffix == ".toml" else folder / NAME


def read_panel(folder: Path) -> Panel:
    """Read the document of a panel.

    Parameters
    ----------
    folder : Path
        The panel's folder, or the document itself.

    Raises
    ------
    InputError
        If it is missing, malformed or does not fit its schema.
    """
    path = panel_path(folder)
    return checked(Panel, read_toml(path), str(path))


def panel_text(panel: Panel) -> str:
    """The document of a panel as TOML."""
    head = [
        "# A panel of experts: what is asked, of whom, in which order. Change it before sheets are sent, not after.",
        *_entries(panel.model_dump(exclude={"questions", "conditionals"})),
    ]
    tables = [("questions", question) for question in panel.questions]
    more = [("conditionals", conditional) for conditional in panel.conditionals]
    lines = [line for key, one in [*tables, *more] for line in ("", f"[[{key}]]", *_entries(_stated(one)))]
    return "\n".join([*head, *lines]) + "\n"


def _stated(document: Document) -> dict[str, Any]:
    return document.model_dump(exclude_defaults=True)


def _entries(table: dict[str, Any]) -> Iterator[str]:
    for key, value in table.items():
        if value is not None:
            yield f"{key} = {value.isoformat() if isinstance(value, date) else as_toml(value)}"
