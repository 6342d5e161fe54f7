"""A panel of experts, from a question to a changed prior; ``toc elicit`` has the same steps.

>>> import toc_model as toc
>>> toc.elicit.new("panel", ["severity"], experts=6)  # doctest: +SKIP
>>> toc.elicit.read("panel")  # doctest: +SKIP
>>> toc.elicit.pool("panel").save("pool.toml")  # doctest: +SKIP
>>> toc.elicit.worldview("pool.toml").save("mine.toml")  # doctest: +SKIP
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from toc_model.beliefs.loading import load_beliefs
from toc_model.beliefs.shipped import Documents
from toc_model.engine.case import Case
from toc_model.essay.case import ESSAY
from toc_model.files import each_read_once
from toc_model.questions.elicit.changed import Changed, changed
from toc_model.questions.elicit.feedback import Feedback
from toc_model.questions.elicit.feedback import feedback as shown
from toc_model.questions.elicit.fits import Fits, fit_panel
from toc_model.questions.elicit.opened import Opened, opened, today
from toc_model.questions.elicit.panels import How, Taken, documents_before, most_valuable, save_new, take
from toc_model.questions.elicit.pools import Pools, pool_panel
from toc_model.questions.elicit.weights import GLOBAL, Weights
from toc_model.questions.elicit.weights import weights as score
from toc_model.survey.documents.wide import read_layout
from toc_model.survey.panel.answers import answers_of
from toc_model.survey.panel.making import new_panel, read_seeds
from toc_model.survey.panel.panel import ROUNDS
from toc_model.survey.panel.pooled import EQUAL

LEVELS = (0.05, 0.5, 0.95)


@each_read_once()
def new(
    folder: Path | str,
    parameters: Sequence[str] = (),
    *,
    top: int | None = None,
    nodes: Sequence[str] = (),
    pairs: Sequence[tuple[str, str]] = (),
    bins: Mapping[str, Sequence[float]] | None = None,
    levels: Sequence[float] = LEVELS,
    experts: int | Sequence[str] = 1,
    rounds: Sequence[str] = ROUNDS,
    seeds: Path | str | None = None,
    name: str = "",
    population: str = "",
    worldview: str | None = None,
    as_of: str | None = None,
    priors: Path | str | None = None,
    case: Case = ESSAY,
) -> Opened:
    """Write a panel: questions in the parameters' own wording, and a sheet for each expert and round.

    Parameters
    ----------
    folder : path
        To make.
    parameters : sequence of str
        To ask for the distributions of.
    top : int, optional
        Ask for so many that are worth most to know, too.
    nodes : sequence of str
        To ask about for an update.
    pairs : sequence of (str, str)
        Parameters of which it is asked how they go together.
    bins : mapping of str to sequence of float, optional
        Edges of bins, by question that is answered with chips.
    levels : sequence of float
        Of the quantiles, between 0 and 1.
    experts : int or sequence of str
        How many, or their names.
    rounds : sequence of str
    seeds : path, optional
        A table of questions whose answers are known.
    name : str
        Of the panel; that of its folder by default.
    population : str
        Who the experts are and how they were chosen.
    worldview, as_of, priors, case
        The beliefs before, as for `toc_model.beliefs`.

    Raises
    ------
    InputError
        If anything that was given can't be used, or there is a panel already.
    """
    path = Path(folder)
    documents, before = documents_before(Documents.of(case, priors, as_of), worldview, is_dated=as_of is not None)
    valued = []
    if top is not None:
        valued = most_valuable(load_beliefs(case, before, priors=priors, as_of=as_of), top)
    panel = new_panel(
        documents,
        [*parameters, *valued, *nodes],
        documents.priors(before),
        name=name or path.resolve().name,
        levels=levels,
        experts=[f"expert_{number + 1}" for number in range(experts)] if isinstance(experts, int) else experts,
        rounds=rounds,
        seeds=read_seeds(Path(seeds)) if seeds else (),
        pairs=pairs,
        bins=bins or {},
        population=population,
        made=today(),
    )
    save_new(panel, path)
    return opened(case, path, priors)


@each_read_once()
def read(
    folder: Path | str,
    files: Sequence[Path | str] = (),
    *,
    format: str = "",  # noqa: A002 (what the option is called)
    round: str = "",  # noqa: A002 (what it is called on sheets and options)
    question: str = "",
    columns: Path | str | None = None,
    replace: bool = False,
    priors: Path | str | None = None,
    case: Case = ESSAY,
) -> Taken:
    """Take sheets back, or files of other tools; every round is kept.

    Parameters
    ----------
    folder : path
        Of the panel.
    files : sequence of path
        All sheets of the folder where there are none.
    format : str
        "sheet", "shelf", "excalibur", "idea" or "wide"; by the ending, or our own sheets, where none is named.
    round, question : str
        For formats that do not say them.
    columns : path, optional
        The document of columns of a table of one's own.
    replace : bool
        Whether other answers of a round take the place of those kept, which stay as such.
    priors, case
        As for `toc_model.beliefs`.

    Raises
    ------
    InputError
        If a sheet can't be read, or there is another answer already.
    """
    layout = read_layout(Path(columns)) if columns else None
    how = How("wide" if layout and not format else format, round, question, layout)
    return take(opened(case, folder, priors), [Path(file) for file in files], how, replacing=replace)


@each_read_once()
def fit(
    folder: Path | str,
    *,
    round: str = "",  # noqa: A002 (what it is called on sheets and options)
    families: Mapping[str, str] | None = None,
    priors: Path | str | None = None,
    case: Case = ESSAY,
) -> Fits:
    """Fit a distribution to what each expert said.

    Parameters
    ----------
    folder : path
        Of the panel.
    round : str
        Up to which answers count; the last by default.
    families : mapping of str to str, optional
        By question; that which fits best where none is named.
    priors, case
        As for `toc_model.beliefs`.

    Raises
    ------
    InputError
        If there are no answers, or a family that is named can't be fitted.
    """
    return fit_panel(opened(case, folder, priors), round, families)


@each_read_once()
def feedback(
    folder: Path | str,
    *,
    round: str = "",  # noqa: A002 (what it is called on sheets and options)
    families: Mapping[str, str] | None = None,
    method: str = "",
    weighting: str = EQUAL,
    weights: Mapping[str, float] | None = None,
    seeds: bool = False,
    priors: Path | str | None = None,
    case: Case = ESSAY,
) -> Feedback:
    """What was said, for the experts to see between rounds, without who said it; ``save`` writes the page.

    Parameters
    ----------
    folder, round, families, priors, case
        As for `fit`.
    method, weighting, weights
        Of the pool, as for `pool`.
    seeds : bool
        Whether seed questions are shown too.

    Raises
    ------
    InputError
        If there are no answers, or as `pool` does.
    """
    found = opened(case, folder, priors)
    more = {"method": method, "weighting": weighting}
    return shown(found, round_=round, families=families, weights=weights, seeds=seeds, **more)  # type: ignore[arg-type]


@each_read_once()
def weights(
    folder: Path | str,
    *,
    round: str = "",  # noqa: A002 (what it is called on sheets and options)
    kind: str = GLOBAL,
    cutoff: float | None = None,
    priors: Path | str | None = None,
    case: Case = ESSAY,
) -> Weights:
    """Score experts by the seeds: Cooke's classical model, and how firm its weights are.

    Parameters
    ----------
    folder, priors, case
        As for `fit`.
    round : str
        Up to which answers count; the last before a consensus by default.
    kind : str
        "global", "item" or "equal".
    cutoff : float, optional
        The least calibration of experts who count; the best by default.

    Raises
    ------
    InputError
        If there are no seeds, or an expert answered none of them.
    """
    found = opened(case, folder, priors)
    return score(found.panel, found.records, round_=round, kind=kind, cutoff=cutoff)


@each_read_once()
def pool(
    folder: Path | str,
    *,
    round: str = "",  # noqa: A002 (what it is called on sheets and options)
    families: Mapping[str, str] | None = None,
    method: str = "",
    weighting: str = EQUAL,
    weights: Mapping[str, float] | None = None,
    cutoff: float | None = None,
    priors: Path | str | None = None,
    case: Case = ESSAY,
) -> Pools:
    """Pool what experts said; ``save`` writes the document for `worldview`.

    Parameters
    ----------
    folder, round, families, priors, case
        As for `fit`.
    method : str
        "linear" (the default), "logarithmic" or "quantile_average"; for events "geometric_odds" (the default),
        "linear", "mean_odds", "probit_mean", "trimmed", "extremised" or "neyman".
    weighting : str
        "equal", or by scores on seeds "global" or "item".
    weights : mapping of str to float, optional
        Of one's own, by expert.
    cutoff : float, optional
        The least calibration of experts who count, for weights by scores; the best by default.

    Raises
    ------
    InputError
        If anything is unknown, weights can't be used, or there are no seeds to score by.
    """
    fits = fit(folder, round=round, families=families, priors=priors, case=case)
    return pool_panel(fits, method=method, weighting=weighting, weights=weights, cutoff=cutoff)


@each_read_once()
def worldview(
    path: Path | str,
    *,
    questions: Sequence[str] = (),
    families: Mapping[str, str] | None = None,
    based_on: str = "",
    priors: Path | str | None = None,
    case: Case = ESSAY,
) -> Changed:
    """Put pools in the place of priors; ``save`` writes the worldview.

    Parameters
    ----------
    path : path
        The document of pools.
    questions : sequence of str
        All that are about parameters where none are named.
    families : mapping of str to str, optional
        Of prior documents, by question; that which is nearest to the pool where none is named.
    based_on : str
        The worldview to change; that of the panel by default.
    priors, case
        As for `toc_model.beliefs`.

    Raises
    ------
    InputError
        If the document can't be read, is about no parameter, or the judgements are counted there already.
    """
    return changed(Documents.of(case, priors), Path(path), questions=questions, families=families, based_on=based_on)


@each_read_once()
def answers(
    folder: Path | str,
    *,
    round: str = "",  # noqa: A002 (what it is called on sheets and options)
    priors: Path | str | None = None,
    case: Case = ESSAY,
) -> pd.DataFrame:
    """What was said as answers of a survey, in the long format, for an update.

    Parameters
    ----------
    folder, round, priors, case
        As for `fit`.

    Raises
    ------
    InputError
        If there are none.
    """
    found = opened(case, folder, priors)
    return answers_of(found.panel, found.latest(round))
