"""Published figures of many people's answers, made ready: in which cells order statistics lie, and means."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from toc_model.aliases import Floats
from toc_model.survey.kinds.kind import Form
from toc_model.survey.kinds.natural import OPEN, SCALES, bounds, natural
from toc_model.survey.kinds.patterns import people
from toc_model.survey.kinds.rounding import GRIDS, cells

ROUNDED = 1 / 12
"""Variance of what is lost by rounding, in square steps."""
HEAPED = "half per cents", "per cents", "fives"
"""The person at a level has rounded, too: most stated probabilities are places of the last of these grids."""
END = 0.005
"""A published 0 or 1 stands for what rounds to it in whole per cents: nobody published more digits of it."""
DIGITS = 10
"""Of a published mean, at most."""


class Published(NamedTuple):
    """Summaries, one a pattern.

    Attributes
    ----------
    framing, group : array of shape (patterns,)
    people : array of shape (patterns,)
        How many each summarises.
    levels : array of shape (patterns, points)
        Of order statistics, rising; NaN behind the last.
    cells : array of shape (patterns, points, 2)
        Their ends on the natural scale.
    mean, mean_step : array of shape (patterns,)
        NaN where there is none; what it was rounded to.
    seen : array of shape (patterns, points + 1)
        Middles of cells, and the mean, on the natural scale; NaN where there is nothing exact.
    members : pandas.Series
        By respondent, the place of their pattern.
    """

    framing: np.ndarray
    group: np.ndarray
    people: Floats
    levels: Floats
    cells: Floats
    mean: Floats
    mean_step: Floats
    seen: Floats
    members: "pd.Series[int]"


def cells_of(answers: pd.DataFrame, form: Form) -> tuple[Floats, Floats]:
    """Where what was rounded to each figure lies on the natural scale; NaN where nothing says it.

    Stated bounds hold; of those of an order statistic, one may be open. Of a probability on a logit without them, an
    order statistic stands for what the person at its level may have believed, who rounds to the widest grid of `HEAPED`
    that has the figure, and to the finest else; a mean for what rounds to its last digit.
    """
    low, high = bounds(answers, form.scale, form.shift)
    is_mean = answers["level"].isna().to_numpy()
    neither, either = (answers[["lower", "upper"]].isna().agg(how, axis=1).to_numpy() for how in ("all", "any"))
    beyond = (form.scale == "log") & (high >= OPEN)
    unsaid = np.where(is_mean, either | beyond, neither)
    if not unsaid.any():
        return low, high
    if form.scale != "logit":
        return np.where(unsaid, np.nan, low), np.where(unsaid, np.nan, high)
    stated = answers["value"].to_numpy(float)
    low_edge, high_edge = _edges(np.where(unsaid, stated, 0.5))
    edges = np.where(stated == 1, 1 - END, low_edge), np.where(stated == 0, END, high_edge)
    half = _step(stated) / 2
    ends = [np.where(is_mean, stated + sign * half, edge) for sign, edge in zip((-1, 1), edges, strict=True)]
    found = [np.where(end <= 0, -OPEN, np.where(end >= 1, OPEN, natural(end, form.scale))) for end in ends]
    return np.where(unsaid, found[0], low), np.where(unsaid, found[1], high)


def _edges(stated: Floats) -> tuple[Floats, Floats]:
    """Ends of the cell of the widest grid of `HEAPED` that a probability is a place of."""
    lower, upper = cells(stated)
    width = np.where([name in HEAPED for name in GRIDS], upper - lower, -1.0)
    widest = width.argmax(axis=1)[:, None]
    return np.take_along_axis(lower, widest, 1)[:, 0], np.take_along_axis(upper, widest, 1)[:, 0]


def _step(stated: Floats) -> Floats:
    """One in the last digit of a figure."""
    texts = [f"{value:.{DIGITS}f}".rstrip("0") for value in stated]
    return np.array([10.0 ** -len(text.partition(".")[2]) for text in texts])


def published(answers: pd.DataFrame, form: Form) -> Published:
    """Bring together the rows of each summary.

    Parameters
    ----------
    answers : pandas.DataFrame
        Usable answers in the long format, without faults; ``framing`` and ``group`` as numbers.
    form : Form
    """
    low, high = cells_of(answers, form)
    rows = answers.assign(low=low, high=high, many=people(answers))
    whole = [(key, some) for key, some in rows.groupby(["respondent_id", "framing"], sort=False)]
    most = max(int(some["level"].notna().sum()) for _, some in whole)
    levels, ends = np.full((len(whole), most), np.nan), np.full((len(whole), most, 2), np.nan)
    mean, step = np.full(len(whole), np.nan), np.full(len(whole), np.nan)
    for place, (_, some) in enumerate(whole):
        points = some[some["level"].notna()].sort_values("level")
        levels[place, : len(points)] = points["level"]
        ends[place, : len(points)] = points[["low", "high"]]
        for value, *edges in some.loc[some["level"].isna(), ["value", "low", "high"]].to_numpy(float):
            mean[place], step[place] = value + form.shift, np.ptp(SCALES[form.scale].back(np.array(edges)))
    first = pd.DataFrame([some.iloc[0] for _, some in whole])
    middles = np.where(np.abs(ends).max(axis=2) < OPEN, ends.mean(axis=2), np.nan)
    with np.errstate(invalid="ignore"):
        of_mean = np.where(np.isfinite(mean), natural(mean, form.scale), np.nan)
    return Published(
        framing=first["framing"].to_numpy(),
        group=first["group"].to_numpy(),
        people=first["many"].to_numpy(float),
        levels=levels,
        cells=ends,
        mean=mean,
        mean_step=step,
        seen=np.concatenate([middles, of_mean[:, None]], axis=1),
        members=pd.Series(np.arange(len(whole)), index=pd.Index(first["respondent_id"], name="respondent_id")),
    )
