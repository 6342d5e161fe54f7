"""Which questions might be put to experts, and what the model says to each now."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from toc_model.aliases import Floats
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.brief import Brief
from toc_model.errors import InputError
from toc_model.survey.documents.fits import FRACTIONS, fail_if_mapping_unknown
from toc_model.survey.documents.mapping import Question, load_mapping
from toc_model.survey.documents.targets import target_unit
from toc_model.survey.kinds import KINDS
from toc_model.survey.learning.asking import plain_values
from toc_model.survey.learning.widths import as_wide_as

AD_HOC_BIAS = 1.0
"""Standard deviation of the shared bias of a question that no mapping document has, in logits or log units."""


@dataclass(frozen=True, slots=True, repr=False)
class Plan(Brief):
    """A question that might be asked.

    Attributes
    ----------
    name : str
    question : Question
    target : array of shape (draws,)
        What it is about, in its own unit.
    spread : float, optional
        Standard deviation between respondents, on the question's scale; unknown by default.
    """

    name: str
    question: Question
    target: Floats
    spread: float | None = None

    def with_bias(self, bias_sd: float | None, spread: float | None) -> "Plan":
        """The plan with another shared bias, or another spread between respondents, where one is given.

        Raises
        ------
        InputError
            If the bias is not positive.
        """
        if bias_sd is None:
            return replace(self, spread=spread)
        _fail_if_no_bias(self.name, bias_sd)
        return replace(self, question=self.question.model_copy(update={"bias_sd": bias_sd}), spread=spread)


def _fail_if_no_bias(name: str, bias_sd: float) -> None:
    if not 0 < bias_sd < np.inf:
        raise InputError(f"{name}: bias-sd: found {bias_sd:g}; allowed: more than 0")


def shipped_plans(beliefs: Beliefs, allocations: Allocations) -> list[Plan]:
    """Every question of the mapping documents that the beliefs' folder has."""
    return [plan for name in beliefs.documents.surveys() for plan in plans_of(beliefs, allocations, name)]


def plans_of(beliefs: Beliefs, allocations: Allocations, text: str) -> list[Plan]:
    """The questions of a mapping document, or one of them.

    Parameters
    ----------
    beliefs : Beliefs
    allocations : Allocations
        Those that questions may be about.
    text : str
        ``MAPPING`` or ``MAPPING:QUESTION``; the mapping is one of the documents, by name, or the path of a ``.toml``
        file.

    Raises
    ------
    InputError
        If there is no such mapping or question, or it does not fit the story, or the question is a seed question.
    """
    path, _, name = text.rpartition(":") if ":" in text and not text.endswith(".toml") else (text, "", "")
    mapping = load_mapping(beliefs.documents, path)
    fail_if_mapping_unknown(beliefs.case, mapping, list(allocations.named))
    chosen = {name: mapping.question(name)} if name else mapping.questions
    if name and KINDS[chosen[name].kind].of_many:
        raise InputError(f"{text}: found the kind {chosen[name].kind!r}; allowed: questions to single people")
    return [
        _plan(f"{mapping.source_id}:{key}", question, target_values(beliefs, allocations, question))
        for key, question in chosen.items()
        if name or (question.resolved is None and not KINDS[question.kind].of_many)
    ]


def _plan(name: str, question: Question, values: Floats) -> Plan:
    return Plan(name, as_wide_as(question, values), values)


def ad_hoc_plan(beliefs: Beliefs, allocations: Allocations, target: str, bias_sd: float | None = None) -> Plan:
    """A plan to ask about a node or parameter directly.

    Fractions and probabilities are asked for as such, on the scale of logits; positive quantities as numbers on that of
    logarithms; others as numbers.

    Parameters
    ----------
    beliefs : Beliefs
    allocations : Allocations
        With the status quo, under which a node is asked about.
    target : str
        As in a mapping document.
    bias_sd : float, optional
        Standard deviation of the shared bias on that scale; `AD_HOC_BIAS` by default, but on the scale of the quantity
        itself it must be given.

    Raises
    ------
    InputError
        If there is no such target, or the bias is not positive, or not given where it must be.
    """
    unit = target_unit(beliefs.case, target)
    if bias_sd is not None:
        _fail_if_no_bias(target, bias_sd)
    about: dict[str, Any] = {"wording": f"What is {target}?", "target": target, "unit": unit, "fair": "Asked directly"}
    about |= {"bias_reason": "Stated for this plan", "bias_sd": bias_sd or AD_HOC_BIAS, "kind": "duration"}
    plain = Question(scale="identity", **about)
    values = target_values(beliefs, allocations, plain)
    if unit in FRACTIONS and ((values > 0) & (values < 1)).all():
        return Plan(target, plain.model_copy(update={"scale": "logit", "kind": "probability"}), values)
    if (values > 0).all():
        return Plan(target, plain.model_copy(update={"scale": "log"}), values)
    if bias_sd is None:
        raise InputError(
            f"{target}: bias-sd: found none; allowed: a number in its unit ({unit}), for it is not always positive"
        )
    return _plan(target, plain, values)


def target_values(beliefs: Beliefs, allocations: Allocations, question: Question) -> Floats:
    """What the model says to a question, draw by draw, in the target's unit.

    Raises
    ------
    InputError
        If it is a seed question, which is about nothing in the model, or about an unknown allocation.
    """
    if question.resolved is not None:
        raise InputError(f"{question.target}: a seed question, whose answer is known; it tells nothing of the model")
    levers = allocations.only([question.allocation] if question.allocation else []).levers()
    found = plain_values(beliefs, question, levers)
    return np.broadcast_to(found.values.astype(float), beliefs.draws)
