"""The document of a pool: what a panel believes in common of each question, how that was found, and of what."""

import json
import math
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from toc_model.beliefs.distributions import levels_of, quantile_name
from toc_model.documents import Document, as_toml, checked, digest, read_toml
from toc_model.errors import InputError, unknown
from toc_model.statistics.elicitation.judgements import judged
from toc_model.survey.panel.answers import digests_of, digests_of_experts
from toc_model.survey.panel.panel import Panel
from toc_model.survey.panel.pooled import EVENT_METHODS, METHODS, USER, WEIGHTINGS, Pooled


class PooledQuestion(Document):
    """One question's pool.

    Attributes
    ----------
    question, about, condition, wording, unit : str
        As the panel states them.
    between : list of str
        For a concordance, both parameters.
    lower, upper : float, optional
        Bounds of what was asked.
    rounds : list of str
        In which the answers were given; several where somebody did not answer again.
    experts : list of str
        Whose answers are pooled.
    method, weighting : str
        How they are pooled, and how the weights were found.
    weights : dict of str to float
        By expert.
    quantiles : dict of str to float
        Of the pool, such as ``q05``; none for an event.
    probability : float, optional
        Of an event, by the method and as it was said.
    treatments : dict of str to float
        An event's probability under each treatment of zeros and ones, by the same method, where it gives one.
    digest : str
        Of the answers.
    people : list of str
        Short digests of what each expert said.
    """

    question: str = Field(min_length=1)
    about: str = ""
    between: list[str] = []
    condition: str = ""
    wording: str = Field(min_length=1)
    unit: str = Field(min_length=1)
    lower: float | None = None
    upper: float | None = None
    rounds: list[str] = Field(min_length=1)
    experts: list[str] = Field(min_length=1)
    method: str = Field(min_length=1)
    weighting: str = Field(min_length=1)
    weights: dict[str, float] = Field(min_length=1)
    quantiles: dict[str, float] = {}
    probability: float | None = Field(default=None, ge=0, le=1)
    treatments: dict[str, float] = {}
    digest: str = Field(pattern="^[0-9a-f]{64}$")
    people: list[str] = []

    @model_validator(mode="after")
    def _fits_together(self) -> "PooledQuestion":
        low, high = (-math.inf if self.lower is None else self.lower), (math.inf if self.upper is None else self.upper)
        if not low < high:
            raise ValueError(f"lower: found {low:g} and upper {high:g}; allowed: a lower bound below the upper one")
        known = METHODS if self.quantiles else EVENT_METHODS
        if self.method not in known:
            raise ValueError(f"method: {unknown('method', self.method, known)}")
        if self.weighting not in (every := (*WEIGHTINGS, USER)):
            raise ValueError(f"weighting: {unknown('weighting', self.weighting, every)}")
        if sorted(self.weights) != sorted(self.experts):
            raise ValueError(f"weights: found those of {', '.join(self.weights)}; allowed: {', '.join(self.experts)}")
        if min(self.weights.values()) < 0 or not math.isclose(sum(self.weights.values()), 1, rel_tol=1e-6):
            raise ValueError(f"weights: found the sum {sum(self.weights.values()):g}; allowed: from 0, and 1 in all")
        if self.quantiles:
            points = sorted(self.levels.items())
            judged([x for _, x in points], [level for level, _ in points], low, high, "quantiles")
        return self

    @property
    def levels(self) -> dict[float, float]:
        """The quantiles by level."""
        return levels_of(self.quantiles)


class PoolDocument(Document):
    """What a panel believes in common.

    Attributes
    ----------
    format : int
        The version of this format.
    panel, case, worldview, as_of, population : str
        As the panel states them.
    asked : list of date
        The first and the last day on which answers were read.
    pooled : date
        When.
    pools : list of PooledQuestion
        Each a table of its own: ``[[pools]]``.
    """

    format: Literal[1]
    panel: str = Field(min_length=1)
    case: str = Field(min_length=1)
    worldview: str = Field(min_length=1)
    as_of: str = ""
    population: str = ""
    asked: list[date] = Field(min_length=1, max_length=2)
    pooled: date
    pools: list[PooledQuestion] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_once(self) -> "PoolDocument":
        names = [one.question for one in self.pools]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"pools: found {name!r} {names.count(name)} times; allowed: each question once")
        return self

    def pool(self, name: str) -> PooledQuestion:
        """That of one question.

        Raises
        ------
        InputError
            If there is none of this name.
        """
        for one in self.pools:
            if one.question == name:
                return one
        raise InputError(unknown("question", name, [one.question for one in self.pools]))


def pool_document(panel: Panel, pools: Sequence[Pooled], today: date) -> PoolDocument:
    """The document of pools.

    Parameters
    ----------
    panel : Panel
    pools : sequence of Pooled
        Of the panel's own questions.
    today : date

    Raises
    ------
    InputError
        If a pool reaches beyond the bounds of its question, as one of a family that was named may.
    """
    said = [one.said for pooled in pools for one in pooled.fits]
    days = sorted({one.read for one in said if one.read}) or [today]
    digests, people = digests_of(panel, said), digests_of_experts(panel, said)
    return PoolDocument(
        format=1,
        panel=panel.name,
        case=panel.case,
        worldview=panel.worldview,
        as_of=panel.as_of,
        population=panel.population,
        asked=list(dict.fromkeys((days[0], days[-1]))),
        pooled=today,
        pools=[_question(one, digests[one.question.name], people.get(one.question.name, [])) for one in pools],
    )


def _question(one: Pooled, content: str, people: list[str]) -> PooledQuestion:
    question = one.question
    treated = one.event.values[one.method] if one.event else {}
    stated = {
        "question": question.name,
        "about": question.about,
        "between": list(question.between),
        "condition": question.condition,
        "wording": question.wording,
        "unit": question.unit,
        "lower": question.lower,
        "upper": question.upper,
        "rounds": list(dict.fromkeys(fitted.said.round for fitted in one.fits)),
        "experts": list(one.weights),
        "method": one.method,
        "weighting": one.weighting,
        "weights": dict(one.weights),
        "quantiles": {quantile_name(level): value for level, value in one.quantiles.items()},
        "probability": _number(one.probability),
        "treatments": {name: value for name, value in treated.items() if value == value},  # noqa: PLR0124 (no NaN)
        "digest": content,
        "people": people,
    }
    return checked(PooledQuestion, stated, question.name)


def _number(value: float | None) -> float | None:
    return value if value is not None and value == value else None  # noqa: PLR0124 (no NaN)


def pool_text(document: PoolDocument) -> str:
    """The document of a pool as TOML."""
    lines = [
        "# What a panel believes in common: 'toc elicit worldview' makes a worldview of it.",
        *_entries(document.model_dump(exclude={"pools"})),
    ]
    for one in document.pools:
        lines += ["", "[[pools]]", *_entries(one.model_dump(exclude_defaults=True))]
    return "\n".join(lines) + "\n"


def _entries(table: Mapping[str, Any]) -> list[str]:
    return [f"{key} = {_plain(value)}" for key, value in table.items() if value is not None]


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list) and value and isinstance(value[0], date):
        return f"[{', '.join(day.isoformat() for day in value)}]"
    return as_toml(value)


def read_pool(path: Path) -> PoolDocument:
    """Read the document of a pool.

    Raises
    ------
    InputError
        If it is missing, malformed or does not fit its schema.
    """
    found = checked(PoolDocument, read_toml(path), str(path))
    for one in found.pools:
        if bool(one.quantiles) == (one.probability is not None or bool(one.treatments)):
            raise InputError(f"{path}: {one.question}: found no quantiles and no probability; allowed: one of both")
        levels_of(one.quantiles)
    return found


def digest_of(document: PoolDocument, names: Sequence[str]) -> str:
    """One digest of the answers to some of the questions."""
    return digest(json.dumps({name: document.pool(name).digest for name in sorted(names)}))
