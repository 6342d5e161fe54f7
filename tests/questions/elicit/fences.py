"""A panel about the village's fence, and what its experts said, for tests of what experts are shown."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from tests.toy import CASE
from toc_model.beliefs.shipped import Documents
from toc_model.questions.elicit.opened import Opened
from toc_model.survey.panel.making import new_panel
from toc_model.survey.panel.panel import Panel, Question
from toc_model.survey.panel.records import Records
from toc_model.survey.panel.said import Said

NAMES = ("Wilhelmina", "zz_ploughman", "Bartholomew", "Kunigunde", "Eadgyth")
GAIN, JUMPED = "fence_gain", "jumped"
WOLVES = Question(name="wolves", about="forest", wording="How many wolves come in a year?", unit="wolves", lower=0.0)
STORM = Question(
    name="storm",
    about="sky",
    form="probability",
    wording="Will there be a storm?",
    unit="probability",
    lower=0,
    upper=1,
)
SEED = Question(name="elbow", wording="How long is an elbow?", unit="cm", truth=57.5, lower=0.0)
DOCUMENTS = Documents.of(CASE)


def panel_of(experts: Sequence[str] = NAMES, more: Sequence[Question] = (), **changes: object) -> Panel:
    """A panel about two parameters of the village, and more."""
    made = new_panel(
        DOCUMENTS, [GAIN, JUMPED], DOCUMENTS.priors(), name="fences", experts=experts, made=date(2026, 11, 30)
    )
    return made.model_copy(update={"questions": [*made.questions, *more], **changes})


def said(expert: str, question: str, *values: float, round_: str = "1", argument: str = "") -> Said:
    """The 5, 50 and 95 % quantiles; or the probability of an event."""
    found = (
        Said.of_probability(round_, expert, question, values[0])
        if len(values) == 1
        else Said.of_quantiles(round_, expert, question, dict(zip((0.05, 0.5, 0.95), values, strict=True)))
    )
    return replace(found, argument=argument, file=f"sheet of {expert}.csv", digest=f"digest-{expert}")


def levels(expert: str, question: str, values: Mapping[float, float], round_: str = "1") -> Said:
    """Quantiles at levels of one's own."""
    return Said.of_quantiles(round_, expert, question, values)


def gains(experts: Sequence[str] = NAMES, round_: str = "1", step: float = 0.3) -> list[Said]:
    """Of the fence's gain, from the last expert's, which is the least, to the first one's."""
    found = []
    for place, expert in enumerate(reversed(experts)):
        middle = 1.0 + step * place
        found.append(said(expert, GAIN, middle - 0.7, middle, middle + 0.8, round_=round_, argument=f"Reason {place}."))
    return found


def opened(panel: Panel, *several: Said) -> Opened:
    """A panel with what was read, and the beliefs before."""
    documents = Documents.of(CASE, as_of=panel.as_of)
    return Opened(Path(), panel, Records(tuple(several)), documents, documents.priors(panel.worldview))
