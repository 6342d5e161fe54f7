"""``toc elicit new`` and ``read``: a folder with questions and sheets, and the sheets taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.posterior import is_posterior
from toc_model.beliefs.shipped import Documents
from toc_model.brief import Brief
from toc_model.errors import InputError
from toc_model.files import TABLE, read, write_text
from toc_model.questions.elicit.opened import Opened, today
from toc_model.questions.voi import voi
from toc_model.survey.documents.cells import answered
from toc_model.survey.documents.rows import read_rows
from toc_model.survey.documents.wide import Layout
from toc_model.survey.panel.checking import problems_in, with_problems
from toc_model.survey.panel.formats import format_of
from toc_model.survey.panel.panel import NAME, Panel, panel_text
from toc_model.survey.panel.records import Added, write_records
from toc_model.survey.panel.said import Said
from toc_model.survey.panel.sheets import BINS, FIRST, LAST, NEEDED, SHEETS, write_sheets


def documents_before(documents: Documents, worldview: str | None, *, is_dated: bool) -> tuple[Documents, str]:
    """Documents, and the worldview whose priors a panel may replace, at its date unless another is asked for.

    Raises
    ------
    InputError
        If it is a posterior or a mixture, which has no priors of its own.
    """
    named = worldview or documents.case.base
    dated = documents if is_dated else documents.at_date_of(named)
    if is_posterior(named) or dated.mixture(named) is not None:
        raise InputError(f"worldview: found {named!r}; allowed: one that is no posterior and no mixture")
    return dated, named


def save_new(panel: Panel, folder: Path, *, with_sheets: bool = True) -> list[Path]:
    """Write a new panel: its document and a sheet for each expert in each round.

    Raises
    ------
    InputError
        If there is a panel already, or a file can't be written.
    """
    path = folder / NAME
    if path.exists():
        raise InputError(f"{path}: found a panel there already; allowed: another folder")
    folder.mkdir(parents=True, exist_ok=True)
    sheets = write_sheets(panel, folder) if with_sheets else []
    write_text(path, panel_text(panel))
    return sheets


def most_valuable(beliefs: Beliefs, top: int) -> list[str]:
    """Parameters that are worth most to know to the choice between status quo and proposal, the first first.

    Parameters
    ----------
    beliefs : Beliefs
    top : int
        How many.

    Raises
    ------
    InputError
        If there are not so many.
    """
    documents = beliefs.documents
    found = voi(beliefs, documents.allocations(), claims={}, plans=[], ask_about=0)
    names = list(found.parameters)
    if not 1 <= top <= len(names):
        raise InputError(f"top: found {top}; allowed: 1 to {len(names)}")
    return names[:top]


def save_sheets(opened: Opened) -> list[Path]:
    """Write the sheets of a panel once more, after its document was changed.

    Raises
    ------
    InputError
        If something was said already, or a sheet was filled in.
    """
    if opened.records.said:
        raise InputError(f"{opened.folder}: found answers that were read; allowed: new sheets before that")
    for path in (opened.folder / SHEETS).glob("*/*.csv"):
        if path.is_file() and _is_filled(path):
            raise InputError(f"{path}: found answers in it; allowed: new sheets in the place of empty ones")
    return write_sheets(opened.panel, opened.folder)


def _is_filled(path: Path) -> bool:
    """Whether somebody wrote something into a sheet, whatever panel it is of."""
    given = {*FIRST, *LAST, BINS}
    return any(answered(cell) for _, row in read_rows(path, NEEDED) for name, cell in row.items() if name not in given)


@dataclass(frozen=True, slots=True, repr=False)
class Taken(Brief):
    """What was read back.

    Attributes
    ----------
    added : Added
    files : tuple of Path
        In which there were answers.
    blank : tuple of Path
        In which there were none.
    problems : tuple of str
        What somebody said that does not go together.
    """

    added: Added
    files: tuple[Path, ...]
    blank: tuple[Path, ...]
    problems: tuple[str, ...] = ()


def sheets_in(folder: Path) -> list[Path]:
    """The sheets of a panel's folder.

    Raises
    ------
    InputError
        If there are none.
    """
    found = sorted(path for path in (folder / SHEETS).glob("*/*") if path.is_file())
    if not found:
        raise InputError(f"{folder / SHEETS}: found no sheets; allowed: files that you name")
    return found


@dataclass(frozen=True, slots=True, repr=False)
class How(Brief):
    """How files are to be read.

    Attributes
    ----------
    format : str
        One of `toc_model.survey.panel.formats.FORMATS`; by the ending, or our own sheets, where none is named.
    round, question : str
        For formats that do not say them.
    columns : Layout, optional
        For a table of somebody's own.
    """

    format: str = ""
    round: str = ""
    question: str = ""
    columns: Layout | None = None

    def read(self, path: Path, panel: Panel) -> list[Said]:
        """Read a file."""
        reader = format_of(path, self.format).read
        return reader(path, panel, round_=self.round, question=self.question, columns=self.columns)


OWN = How()


def take(opened: Opened, files: Sequence[Path], how: How = OWN, *, replacing: bool = False) -> Taken:
    """Take sheets back, or files of other tools, and keep what they say in the panel's folder.

    Parameters
    ----------
    opened : Opened
    files : sequence of Path
        All sheets of the folder where there are none.
    how : How
    replacing : bool
        Whether other answers to the same questions in the same round take the place of those that were kept.

    Raises
    ------
    InputError
        If a sheet can't be read, nobody has filled one in, or there is another answer already.
    """
    said: list[Said] = []
    filled: list[Path] = []
    blank: list[Path] = []
    for path in files or sheets_in(opened.folder):
        found = how.read(path, opened.panel)
        (filled if found else blank).append(path)
        content = read(path, TABLE).digest
        said += [one.kept(path.name, content, today()) for one in found]
    if not said:
        raise InputError(f"{opened.folder}: found no sheet that is filled in; allowed: at least one answer")
    said = with_problems(opened.panel, said, opened.records.current)
    added = opened.records.with_(said, today(), replacing=replacing)
    write_records(added.records, opened.folder, opened.panel)
    return Taken(added, tuple(filled), tuple(blank), tuple(problems_in(said)))
