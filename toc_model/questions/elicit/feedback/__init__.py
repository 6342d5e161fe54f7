"""``toc elicit feedback``: what a panel said, for its experts to see between rounds, without who said what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toc_model.beliefs.priors import Prior, Priors, in_words
from toc_model.beliefs.shipped import Documents
from toc_model.errors import InputError
from toc_model.files import write_text
from toc_model.present import html, terminal
from toc_model.present.result import Result
from toc_model.present.section import Section
from toc_model.questions.elicit.feedback import words
from toc_model.questions.elicit.feedback.asked import Asked, Told, asked_of
from toc_model.questions.elicit.feedback.figure import question_figure
from toc_model.questions.elicit.opened import Opened
from toc_model.survey.panel.fitted import Fitted, fit_all
from toc_model.survey.panel.panel import Panel, Question
from toc_model.survey.panel.pooled import EQUAL, USER, pool_all
from toc_model.survey.panel.records import Records

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

ENDING = ".html"


@dataclass(frozen=True, slots=True, repr=False)
class Feedback(Result):
    """What a panel said up to a round. It holds nobody's name.

    Attributes
    ----------
    panel, population : str
    round : str
        That it is about.
    round_before : str
        What it is compared with; empty where there is none.
    worldview : str
        Whose beliefs the prior is.
    documents : Documents
        Of the prior, at the panel's date.
    method : str
        Of pooling, as it was asked for; empty for the usual ones.
    weighting : str
    asked : tuple of Asked
        Question by question.
    """

    panel: str
    population: str
    round: str
    round_before: str
    worldview: str
    documents: Documents
    method: str
    weighting: str
    asked: tuple[Asked, ...]

    def html(self) -> str:
        """The page, which needs nothing else."""
        return html.page(words.head(self), words.sections(self))

    def save(self, path: Path | str) -> None:
        """Write the page to a file.

        Raises
        ------
        InputError
            If the name does not end in ``.html``, or the file can't be written.
        """
        fail_if_no_page(Path(path))
        write_text(Path(path), self.html())

    def question(self, name: str | None = None) -> Asked:
        """One question by its name; the first by default.

        Raises
        ------
        InputError
            If there is none of this name.
        """
        names = [one.question.name for one in self.asked]
        if name is not None and name not in names:
            raise InputError(f"question: found {name!r}; allowed: {', '.join(names)}")
        return self.asked[names.index(name) if name is not None else 0]

    def section(self) -> Section:
        """The first question's."""
        return words.section(self, 0)

    def to_dict(self) -> dict[str, Any]:
        """Answers by letters, pools and priors, in the unit of each question."""
        date = self.documents.date
        return {
            "panel": self.panel,
            "round": self.round,
            "round_before": self.round_before,
            "population": self.population,
            "worldview": self.worldview,
            **({"as_of": date.name} if date else {}),
            "method": self.method,
            "weighting": self.weighting,
            "questions": {one.question.name: one.to_dict() for one in self.asked},
        }

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each question and letter, pool and prior: ends of the range, median, family and misfit."""
        import pandas as pd

        rows = []
        for one in self.asked:
            more = [("pool", one.pool), ("prior", one.prior)]
            beliefs = [*((answer.letter, answer.belief) for answer in one.answers), *more]
            back = {answer.letter: answer.read_back for answer in one.answers}
            for who, belief in beliefs:
                if belief is None:
                    continue
                read = back.get(who)
                figures = (belief.low, belief.median, belief.high)
                fitted = (read.family, read.misfit) if read else (None, None)
                rows.append((one.question.name, who, *figures, *fitted))
        columns = ["question", "who", "low", "median", "high", "family", "misfit"]
        return pd.DataFrame(rows, columns=columns).set_index(["question", "who"])

    def plot(self, *, question: str | None = None) -> "Figure":
        """Ranges and densities of one question; of an event, probabilities.

        Parameters
        ----------
        question : str, optional
            By its name; the first by default.

        Raises
        ------
        InputError
            If there is none of this name, or nobody answered it.
        """
        found = self.question(question)
        if not found.answers:
            raise InputError(f"{found.question.name}: found no answers to draw")
        return question_figure(found)

    def about(self) -> str:
        """The panel, the round and how many questions."""
        number = len(self.asked)
        return f"panel {self.panel!r}, round {self.round}, {number} question{'s' * (number != 1)}"

    def __str__(self) -> str:
        return terminal.page(words.head(self), words.sections(self, drawn=False))

    def _repr_html_(self) -> str:
        return html.fragment(*words.sections(self))


def fail_if_no_page(path: Path) -> None:
    """Fail if the name of a page does not end in ``.html``."""
    if path.suffix != ENDING:
        raise InputError(f"{path}: found the ending {path.suffix!r}; allowed: {ENDING!r}")


def feedback(
    opened: Opened,
    *,
    round_: str = "",
    families: Mapping[str, str] | None = None,
    method: str = "",
    weighting: str = EQUAL,
    weights: Mapping[str, float] | None = None,
    cutoff: float | None = None,
    seeds: bool = False,
) -> Feedback:
    """Put together what experts are shown between rounds.

    Parameters
    ----------
    opened : Opened
        A panel, what was said so far, and the beliefs before.
    round_ : str
        Up to which; the last in which somebody said something by default.
    families : mapping of str to str, optional
        By question, as `toc_model.survey.panel.fitted.fit_all` takes them.
    method, weighting, weights, cutoff
        Of the pool, as `toc_model.survey.panel.pooled.pool_all` takes them.
    seeds : bool
        Whether seeds are shown too; never what is right.

    Raises
    ------
    InputError
        If nothing was said up to the round, or anything that was named can't be used.
    """
    panel, records = opened.panel, opened.records
    said = opened.latest(round_)
    chosen = round_ or records.rounds(panel)[-1]
    before = _before(panel, records, chosen)
    fits = fit_all(panel, said, families)
    how = {"method": method, "weighting": weighting, "weights": weights, "cutoff": cutoff, "seeds": seeds}
    now = _told(panel, chosen, fits, how)
    then = _told(panel, before, fit_all(panel, opened.latest(before), families), how) if before else None
    unit = opened.documents.unit
    asked = tuple(
        asked_of(panel, one, now, then, *_prior(opened.priors, one), unit(one.unit), _label(opened, one))
        for one in (panel.questions if seeds else panel.asked)
    )
    return Feedback(
        panel.name,
        panel.population,
        chosen,
        before,
        opened.priors.worldview,
        opened.documents,
        method,
        USER if weights is not None else weighting,
        asked,
    )


def _before(panel: Panel, records: Records, chosen: str) -> str:
    """The last round with answers before one; empty where there is none."""
    earlier = panel.rounds[: panel.rounds.index(chosen)]
    return next((name for name in reversed(records.rounds(panel)) if name in earlier), "")


def _told(panel: Panel, round_: str, fits: Sequence[Fitted], how: Mapping[str, Any]) -> Told:
    """Fits and pools by question; what nobody's answer gives a distribution of has no pool."""
    by_question = {name: tuple(one for one in fits if one.question.name == name) for name in panel.names}
    return Told(round_, by_question, {one.question.name: one for one in pool_all(panel, fits, **how)})


def _label(opened: Opened, question: Question) -> str:
    """What people call what is asked about, if questions can be told apart by it."""
    alike = [one for one in opened.panel.questions if one.about == question.about]
    if not question.about or len(alike) > 1:
        return in_words(question.name)
    objective = opened.documents.case.objective
    return objective.label if question.about == objective.node else opened.priors.label(question.about)


def _prior(priors: Priors, question: Question) -> tuple[Prior | None, str]:
    """The prior of the parameter that is asked about, or why there is none."""
    if question.about not in priors.entries:
        return None, ""
    prior = priors[question.about]
    if priors.camp or priors.learnt:
        return None, "these are draws, which were not elicited parameter by parameter"
    if prior.distribution.is_constant or prior.distribution.nil == 1:
        return None, "it is held to be a constant"
    if prior.entry.unit != question.unit:
        return None, f"it is in {prior.entry.unit}"
    return prior, ""
