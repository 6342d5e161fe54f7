"""A panel's folder, opened: its document, all that was said, and the beliefs before."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from toc_model.beliefs.priors import Prior, Priors
from toc_model.beliefs.shipped import Documents
from toc_model.brief import Brief
from toc_model.engine.case import Case
from toc_model.errors import InputError
from toc_model.survey.panel.panel import NAME as PANEL
from toc_model.survey.panel.panel import Panel, panel_path, read_panel
from toc_model.survey.panel.records import NAME as RECORDS
from toc_model.survey.panel.records import Records, read_records
from toc_model.survey.panel.said import Said


@dataclass(frozen=True, slots=True, repr=False)
class Opened(Brief):
    """A panel and what belongs to it.

    Attributes
    ----------
    folder : Path
    panel : Panel
    records : Records
    documents : Documents
        At the date of the panel.
    priors : Priors
        Of the panel's worldview: the beliefs before.
    """

    folder: Path
    panel: Panel
    records: Records
    documents: Documents
    priors: Priors

    @property
    def paths(self) -> tuple[Path, Path]:
        """The document and the table of what was said."""
        return self.folder / PANEL, self.folder / RECORDS

    @property
    def before(self) -> str:
        """Whose beliefs those before are, and as of when."""
        return f"{self.panel.worldview}{self.documents.dated}"

    def prior(self, question: str) -> Prior | None:
        """The prior of what a question is about; None for a node, a seed and a constant."""
        found = self.priors.entries.get(self.panel.question(question).about)
        return None if found is None or found.distribution.is_constant else found

    def latest(self, round_: str = "") -> tuple[Said, ...]:
        """What each expert says last, up to a round."""
        return self.records.latest(self.panel, round_)


def opened(case: Case, folder: Path | str, priors: Path | str | None = None) -> Opened:
    """Open a panel.

    Parameters
    ----------
    case : Case
    folder : Path
        Of the panel, or its document.
    priors : Path, optional
        A folder of documents in place of those that ship.

    Raises
    ------
    InputError
        If it is no panel, or that of another theory of change, or a document can't be read.
    """
    path = panel_path(Path(folder))
    panel = read_panel(path)
    fail_if_other_case(case, panel.case, str(path))
    documents = Documents.of(case, priors, panel.as_of or None)
    return Opened(path.parent, panel, read_records(path.parent, panel), documents, documents.priors(panel.worldview))


def fail_if_other_case(case: Case, named: str, where: str) -> None:
    """Fail if a panel or a pool is about another theory of change."""
    if named != case.name:
        raise InputError(f"{where}: case: found {named!r}; allowed: {case.name!r}, or --case for another")


def today() -> date:
    """The day of the machine."""
    return date.today()  # noqa: DTZ011 (the day where the facilitator is)
