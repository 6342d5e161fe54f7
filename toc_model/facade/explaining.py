"""Why, and what is learnt."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from toc_model.aliases import Progress
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.loading import default_first
from toc_model.beliefs.shipped import Documents
from toc_model.engine.case import Case
from toc_model.errors import InputError, unknown
from toc_model.essay.case import ESSAY
from toc_model.facade.given import Drawn, Held, Options, one, one_prior, several
from toc_model.files import each_read_once, fail_if_unwritable
from toc_model.questions import channels as _channels
from toc_model.questions import claims as _claims
from toc_model.questions import disagree as _disagree
from toc_model.questions import explore as _explore
from toc_model.questions import report as _report
from toc_model.questions import sensitivity as _sensitivity
from toc_model.questions import update as _update
from toc_model.survey.documents.mapping import load_mapping
from toc_model.survey.documents.schema import write_long
from toc_model.survey.documents.wide import read_layout, read_wide
from toc_model.survey.learning.settings import Settings, Shape
from toc_model.survey.learning.update import common_of

if TYPE_CHECKING:
    import pandas as pd

WIDE = "wide"
"""The reader that every case has."""


@each_read_once()
def channels(
    beliefs: Held | None = None,
    allocations: Options | None = None,
    *,
    allocation: str | None = None,
    progress: Progress | None = None,
    **drawn: Unpack[Drawn],
) -> _channels.Channels:
    """What a change goes through: Shapley values over cuts of arrows.

    Parameters
    ----------
    beliefs, allocations, progress, **drawn
        As for `run`.
    allocation : str, optional
        What is compared with the status quo; the case's proposal by default.

    Raises
    ------
    InputError
        If anything that was given can't be used.
    """
    held, options = one(beliefs, allocations, drawn)
    return _channels.channels(held, options, allocation=allocation, progress=progress)


@each_read_once()
def sensitivity(
    beliefs: Held | None = None,
    allocations: Options | None = None,
    *,
    allocation: str | None = None,
    method: str = "tornado",
    progress: Progress | None = None,
    **drawn: Unpack[Drawn],
) -> _sensitivity.Analysis:
    """Which parameters the outcome and its change hang on.

    Parameters
    ----------
    beliefs, allocations, allocation, progress, **drawn
        As for `channels`.
    method : str
        "tornado", "sobol", "given-data", "flip" or "power-scaling".

    Raises
    ------
    InputError
        If anything that was given can't be used.
    """
    needs_prior = method in _sensitivity.OF_ONE_PRIOR
    held, options = (one_prior if needs_prior else one)(beliefs, allocations, drawn)
    return _sensitivity.sensitivity(held, options, allocation=allocation, method=method, progress=progress)


@each_read_once()
def claims(
    beliefs: Held | None = None,
    allocations: Options | None = None,
    *,
    allocation: str | None = None,
    deny: Sequence[str] | None = None,
    pairs: Sequence[tuple[str, str]] = (),
    top: int | None = None,
    progress: Progress | None = None,
    **drawn: Unpack[Drawn],
) -> _claims.Denials:
    """What follows without each claim of the theory.

    Parameters
    ----------
    beliefs, allocations, allocation, progress, **drawn
        As for `channels`.
    deny : sequence of str, optional
        Claims; all that can be denied by default.
    pairs : sequence of (str, str)
        Claims to be denied together.
    top : int, optional
        How many claims are told; all by default.

    Raises
    ------
    InputError
        If anything that was given can't be used.
    """
    held, options = one(beliefs, allocations, drawn)
    return _claims.claims(held, options, allocation=allocation, deny=deny, pairs=pairs, top=top, progress=progress)


@each_read_once()
def disagree(
    beliefs: Sequence[Held] | None = None,
    allocations: Options | None = None,
    *,
    allocation: str | None = None,
    exact: bool = False,
    experts: int | None = 100,
    progress: Progress | None = None,
    **drawn: Unpack[Drawn],
) -> _disagree.Disagreement:
    """Why two worldviews come to different results, and what to ask to bring them closer.

    Parameters
    ----------
    beliefs : two of str, path or Beliefs, optional
        The first two worldviews of the case by default.
    allocations, allocation, progress, **drawn
        As for `channels`.
    exact : bool
        Whether to evaluate all sets of a chapter's parameters, not drawn orders; slow.
    experts : int, optional
        Respondents of the surveys that might be made.

    Raises
    ------
    InputError
        If anything that was given can't be used.
    """
    held, options = several(drawn.get("case", ESSAY).worldviews[:2] if beliefs is None else beliefs, allocations, drawn)
    return _disagree.disagree(held, options, allocation=allocation, exact=exact, experts=experts, progress=progress)


@each_read_once()
def report(
    beliefs: Held | Sequence[Held] | None = None,
    allocations: Options | None = None,
    *,
    allocation: str | None = None,
    sections: Sequence[str] | None = None,
    delay_cost: float | None = None,
    page: _explore.Explored | None = None,
    progress: Progress | None = None,
    **drawn: Unpack[Drawn],
) -> _report.Report:
    """The whole analysis on one page.

    Parameters
    ----------
    beliefs, allocations, allocation, progress, **drawn
        As for `compare` and `channels`; without beliefs, all worldviews that the case shows.
    sections : sequence of str, optional
        Names of the sections to make; all by default.
    delay_cost : float, optional
        Share of what there is to lose that a period of delay costs, such as .0078; nothing is assumed without it.
    page : Explored, optional
        What `explore` gives, to stand at the end of the report.

    Raises
    ------
    InputError
        If anything that was given can't be used.
    """
    held, options = several(beliefs, allocations, drawn)
    if beliefs is None:
        held = default_first(held[0])
    return _report.report(
        held,
        options,
        allocation=allocation,
        sections=sections,
        delay_cost=delay_cost,
        page=page,
        progress=progress,
    )


@each_read_once()
def explore(
    beliefs: Held | None = None,
    allocations: Options | None = None,
    *,
    to: str | None = None,
    progress: Progress | None = None,
    **drawn: Unpack[Drawn],
) -> _explore.Explored:
    """A page on which a reader changes who does what and what to believe; ``save`` writes it.

    Parameters
    ----------
    beliefs, allocations, progress, **drawn
        As for `run`; of these beliefs the page carries 1,000 draws by default.
    to : str, optional
        The allocation that the page opens with; the case's proposal by default.

    Raises
    ------
    InputError
        If anything that was given can't be used.
    """
    if not isinstance(beliefs, Beliefs):
        drawn.setdefault("draws", _explore.DRAWS)
    held, options = one(beliefs, allocations, drawn)
    return _explore.explore(held, options, to=to, progress=progress)


@each_read_once()
def update(
    surveys: Sequence[Path | str] | Path | str,
    beliefs: Held | None = None,
    allocations: Options | None = None,
    *,
    maps: Sequence[str] = (),
    without: Collection[str] = (),
    bias_scale: float | None = None,
    bias_shape: Shape | None = None,
    shared_bias: bool = False,
    settings: Settings | None = None,
    **drawn: Unpack[Drawn],
) -> _update.Update:
    """Update a worldview from surveys, or a posterior from more or fewer, and see what becomes of the allocations.

    Parameters
    ----------
    surveys : one or a sequence of path
        Files of answers in the long format.
    beliefs, allocations, **drawn
        As for `run`.
    maps : sequence of str
        Mapping documents of one's own.
    without : collection of str
        Sources that a posterior rests on, to be taken out.
    bias_scale : float, optional
        What to multiply the stated scales of common biases by, 1 by default; 0 denies them, for comparison.
    bias_shape : str, optional
        "normal", which is the default, or "student" for heavy tails. A posterior that is updated keeps both.
    shared_bias : bool
        Whether all answers of one respondent to a source share a bias.
    settings : Settings, optional
        How the posterior is found.

    Raises
    ------
    InputError
        If anything that was given can't be used.
    """
    held, options = one_prior(beliefs, allocations, drawn)
    files = [surveys] if isinstance(surveys, str | Path) else surveys
    return _update.update(
        held,
        files,
        maps=maps,
        allocations=options,
        without=without,
        common=common_of(held, bias_scale, bias_shape),
        shared_bias=shared_bias,
        settings=settings,
    )


@each_read_once()
def import_survey(
    file: Path | str,
    reader: str,
    out: Path | str,
    *,
    columns: Path | str | None = None,
    mapping: Path | str | None = None,
    priors: Path | str | None = None,
    case: Case = ESSAY,
) -> "pd.DataFrame":
    """Bring a file of responses into the long format of answers, and write it.

    Parameters
    ----------
    file : path
        Of responses, as the reader knows it.
    reader : str
        One of the case's, or "wide" for a table with a row for each respondent, or a column.
    out : path
        The file of answers to write (CSV).
    columns : path, optional
        The document that says what stands where in a wide table.
    mapping : str or path, optional
        The mapping document, by name or path; the reader's own by default, which a wide table has not.
    priors : path, optional
        A folder of documents in place of those that ship with the case.
    case : Case

    Returns
    -------
    pandas.DataFrame
        What was written.

    Raises
    ------
    InputError
        If there is no such reader, the file is not one that it reads, or a wide table lacks a document.
    """
    if reader not in {*case.readers, WIDE}:
        raise InputError(unknown("reader", reader, [*case.readers, WIDE]))
    if (reader == WIDE) != (columns is not None) or (reader == WIDE and mapping is None):
        raise InputError(f"reader {reader!r}: allowed: columns and mapping with {WIDE!r}, no columns with all others")
    fail_if_unwritable(Path(out))
    answers: pd.DataFrame
    documents = Documents.of(case, priors)
    if columns is not None:
        answers = read_wide(Path(file), read_layout(Path(columns)), load_mapping(documents, mapping or ""))[0]
    else:
        found = case.readers[reader]
        answers = found.read(Path(file), load_mapping(documents, mapping or found.mapping))
    write_long(answers, Path(out))
    return answers
