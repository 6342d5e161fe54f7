"""A new panel: questions in the parameters' own wording, and seeds."""

import math
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from types import MappingProxyType

from toc_model.beliefs.latents import loadings_on
from toc_model.beliefs.priors import Priors
from toc_model.beliefs.shipped import Documents
from toc_model.documents import checked
from toc_model.engine.units import Unit
from toc_model.errors import InputError, unknown
from toc_model.survey.documents.cells import read_cell
from toc_model.survey.documents.rows import read_rows
from toc_model.survey.documents.subjects import Subject, question_id, subjects
from toc_model.survey.documents.units import counts_years
from toc_model.survey.panel.panel import ROUNDS, Panel, Question

NOTHING: Mapping[str, Sequence[float]] = MappingProxyType({})
SEED_COLUMNS = ("question", "wording", "unit", "truth")
SEED_MORE = ("lower", "upper", "scale")


def new_panel(
    documents: Documents,
    names: Sequence[str],
    priors: Priors,
    *,
    name: str = "panel",
    levels: Sequence[float] = (0.05, 0.5, 0.95),
    experts: Sequence[str] = ("expert_1",),
    rounds: Sequence[str] = ROUNDS,
    seeds: Sequence[Question] = (),
    conditions: Sequence[str] = ("",),
    pairs: Sequence[tuple[str, str]] = (),
    bins: Mapping[str, Sequence[float]] = NOTHING,
    population: str = "",
    made: date,
) -> Panel:
    """Make a panel.

    Parameters
    ----------
    documents : Documents
        Whose case the questions are about.
    names : sequence of str
        Parameters and nodes; of parameters quantiles are asked, of nodes that are probabilities one number.
    priors : Priors
        The beliefs before, in whose words parameters are asked about.
    name : str
        Of the panel.
    levels : sequence of float
        Of the quantiles, between 0 and 1, rising.
    experts, rounds : sequence of str
    seeds : sequence of Question
        As `read_seeds` gives them; they come first.
    conditions : sequence of str
        What nodes are asked under, "" for the status quo.
    pairs : sequence of (str, str)
        Parameters of which it is asked how probable it is that both lie on the same side of their medians.
    bins : mapping of str to sequence of float
        Edges of bins, by question that is answered with chips.
    population : str
        Who the experts are and how they were chosen.
    made : date

    Raises
    ------
    InputError
        If a name is unknown or a constant, or the panel does not fit its schema.
    """
    asked = [_question(documents, one) for one in subjects(documents, names, priors, conditions=conditions)]
    for question in bins:
        if question not in (known := [one.name for one in asked if not one.is_event]):
            raise InputError(f"chips: {unknown('question', question, known)}")
    asked = [_in_chips(one, bins[one.name]) if one.name in bins else one for one in asked]
    asked += [_pair(priors, *pair) for pair in pairs]
    as_of = documents.date
    stated = {
        "format": 1,
        "name": name,
        "case": documents.case.name,
        "worldview": priors.named or priors.worldview,
        "as_of": as_of.name if as_of else "",
        "made": made,
        "population": population,
        "experts": list(experts),
        "rounds": list(rounds),
        "levels": [round(100 * level, 9) for level in levels],
        "questions": [*seeds, *asked],
    }
    return checked(Panel, stated, name)


def _question(documents: Documents, subject: Subject) -> Question:
    story, as_of = documents.case.story, documents.date
    unit = story.units.get(subject.unit) or Unit(subject.unit)
    low, high = subject.lower, subject.upper
    if counts_years(subject.unit):
        high = math.nan
    if subject.is_parameter:
        possible = story.entries[subject.target].range
        low, high = max(_or(low, -math.inf), possible.lower), min(_or(high, math.inf), possible.upper)
    is_event = subject.unit == "probability" and not subject.is_parameter
    counted, wording, base = documents.unit(subject.unit), subject.wording, documents.at_base_date.date
    if counted != subject.unit and as_of and base:
        wording = wording.replace(base.label, as_of.label)
    return Question(
        name=subject.name,
        about=subject.target,
        condition=subject.condition,
        form="probability" if is_event else "quantiles",
        wording=wording,
        unit=subject.unit,
        counted="" if counted == subject.unit else counted,
        lower=_bound(low),
        upper=_bound(high),
        origin=as_of.year if as_of and unit.is_date else None,
    )


def _in_chips(question: Question, edges: Sequence[float]) -> Question:
    """The same question, answered by chips in bins."""
    stated = question.model_dump() | {"form": "chips", "edges": list(edges)}
    return checked(Question, stated, f"chips: {question.name}")


def _pair(priors: Priors, first: str, second: str) -> Question:
    for name in (first, second):
        if name not in priors.entries or priors[name].distribution.is_constant:
            known = [entry for entry, prior in priors.entries.items() if not prior.distribution.is_constant]
            raise InputError(f"pairs: {unknown('parameter', name, known)}")
        if shared := loadings_on(priors.factors, name):
            raise InputError(
                f"pairs: found {name}, which varies with {', '.join(shared)}; allowed: parameters without a factor"
            )
    asked = [f"({letter}) {priors[name].entry.question}" for letter, name in (("a", first), ("b", second))]
    stated = {
        "name": question_id(f"{first}_with_{second}", ""),
        "between": [first, second],
        "form": "concordance",
        "wording": f"{' '.join(asked)} How probable is it that both lie above your medians, or both below? One half "
        "where one says nothing of the other.",
        "unit": "probability",
        "lower": 0.0,
        "upper": 1.0,
    }
    return checked(Question, stated, "pairs")


def _or(value: float, other: float) -> float:
    return other if math.isnan(value) else value


def _bound(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def read_seeds(path: Path) -> list[Question]:
    """Read questions whose right answers are known.

    Parameters
    ----------
    path : Path
        A table with the columns question, wording, unit and truth; lower, upper and scale ("uniform" or "log") too, if
        it has them.

    Raises
    ------
    InputError
        If a column is missing or unknown, or a row is no such question.
    """
    found = []
    for number, row in read_rows(path, SEED_COLUMNS, SEED_MORE):
        where = f"{path}: row {number}"
        numbers = {
            key: _number(row.get(key, ""), row["unit"], f"{where}: {key}") for key in ("truth", "lower", "upper")
        }
        if numbers["truth"] is None:
            raise InputError(f"{where}: truth: found nothing; allowed: a number")
        texts = {key: row.get(key, "").strip() for key in ("wording", "unit", "scale")}
        texts["scale"] = texts["scale"] or "uniform"
        found.append(checked(Question, {"name": row["question"].strip()} | texts | numbers, where))
    return found


def _number(text: str, unit: str, where: str) -> float | None:
    cell = read_cell(text, unit)
    if not cell.is_clear:
        raise InputError(f"{where}: found {text!r}; allowed: a number, or nothing")
    return cell.value
