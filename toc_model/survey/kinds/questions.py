"""Answers, grouped by question and made ready for the likelihoods: one array a quantity, one place a pattern."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from scipy import special

from toc_model.engine import laws
from toc_model.survey.documents.mapping import Question, SurveyMapping
from toc_model.survey.documents.schema import usable
from toc_model.survey.kinds import rounding
from toc_model.survey.kinds.likelihood import knots

FAR = 40.0
"""Stands for infinity on a natural scale, where gradients must stay finite."""
OPEN = 1e4
"""Stands for infinity as the end of an open cell, which even heavy tails don't reach."""

SCALES: dict[str, Callable[[Any], Any]] = {"logit": laws.logit, "log": laws.log, "identity": lambda x: x}
INVERSES: dict[str, Callable[[Any], Any]] = {"logit": laws.logistic, "log": laws.exp, "identity": lambda y: y}


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with all answers of one kind.

    Attributes
    ----------
    name : str
        ``SOURCE_QUESTION``, and the kind where framings ask for different kinds.
    source_id : str
    kind : str
        Kind of the answers: probability, quantile, cdf_point, ordered or duration.
    mapping : Question
        What the question asks of the model, and its scale.
    bias : str
        Questions with the same name here share their common bias, each on its own scale.
    framings, groups : tuple of str
        Labels of the places that ``framing`` and ``group`` in ``data`` point to.
    data : xarray.Dataset
        Dims ``(pattern, ...)``: what the likelihood of the kind takes, with ``count``, ``framing`` and ``group``.
    members : pandas.Series
        For each answer, by respondent, the place of its pattern.
    left_out : dict of str to int
        How many respondents do not, by reason.
    """

    name: str
    source_id: str
    kind: str
    mapping: Question
    bias: str
    framings: tuple[str, ...]
    groups: tuple[str, ...]
    data: xr.Dataset
    members: "pd.Series[int]"
    left_out: dict[str, int]

    @property
    def respondents(self) -> int:
        """How many answers count, as respondents."""
        return int(self.data["count"].sum())

    @property
    def truth(self) -> float | None:
        """For a seed question, the true value on the natural scale."""
        known = self.mapping.resolved
        return None if known is None else float(_natural(known, self.mapping, self.mapping.shift))

    def natural(self, value: Any) -> Any:
        """A value of the node on its natural scale."""
        return SCALES[self.mapping.scale](value)

    def from_natural(self, y: Any) -> Any:
        """A value on the natural scale, in the node's unit."""
        return INVERSES[self.mapping.scale](y)


def prepare(answers: pd.DataFrame, mapping: SurveyMapping) -> list[Asked]:
    """Group the answers of one source by question and kind.

    Parameters
    ----------
    answers : pandas.DataFrame
        In the long format.
    mapping : SurveyMapping
        The document that says what the questions ask of the model; answers to other questions are not used.

    Returns
    -------
    list of Asked
        In the order of the document; questions without a usable answer are left out.
    """
    asked = []
    for name, question in mapping.questions.items():
        rows = answers[answers["question_id"] == name]
        kinds = list(dict.fromkeys(rows["kind"]))
        for kind in kinds:
            of_kind = rows[rows["kind"] == kind]
            suffix = f"_{kind}" if len(kinds) > 1 else ""
            if len(usable(of_kind)):
                asked.append(_asked(mapping.source_id, f"{name}{suffix}", kind, question, of_kind, name))
    return asked


def _asked(source_id: str, name: str, kind: str, question: Question, rows: pd.DataFrame, identifier: str) -> Asked:
    good = _latest(usable(rows))
    framings, groups = (tuple(sorted(good[column].unique())) for column in ("framing", "group"))
    placed = good.assign(framing=good["framing"].map(framings.index), group=good["group"].map(groups.index))
    found = READERS[kind](placed, question)
    lost = rows["respondent_id"].nunique() - good["respondent_id"].nunique()
    return Asked(
        name=f"{source_id}_{name}",
        source_id=source_id,
        kind=kind,
        mapping=question,
        bias=f"{source_id}_{question.bias_group or identifier}",
        framings=framings,
        groups=groups,
        data=found.data,
        members=found.members,
        left_out={reason: n for reason, n in (("impossible or empty", lost), ("incoherent", found.incoherent)) if n},
    )


def _latest(rows: pd.DataFrame) -> pd.DataFrame:
    """Keep what each respondent said in the last round; a change of mind is not a second opinion."""
    last = rows.groupby(["respondent_id", "framing"])["round"].transform("max")
    return rows[rows["round"] == last]


@dataclass(frozen=True, slots=True)
class Collected:
    """Distinct answers; for each respondent, which of them is theirs; and how many were left out as incoherent."""

    data: xr.Dataset
    members: "pd.Series[int]"
    incoherent: int = 0


def _collapsed(table: pd.DataFrame) -> "tuple[pd.DataFrame, pd.Series[int]]":
    """One row a distinct answer (by framing and group), with its count; and each respondent's place among them."""
    columns = list(table.columns)
    members = table.groupby(columns, dropna=False).ngroup()
    distinct = table.assign(place=members).drop_duplicates("place").sort_values("place")[columns]
    return distinct.assign(count=np.bincount(members)), members


def _by_person(answers: pd.DataFrame) -> pd.DataFrame:
    return answers.set_index("respondent_id")


def _dataset(table: pd.DataFrame) -> xr.Dataset:
    return xr.Dataset({str(name): ("pattern", table[name].to_numpy()) for name in table})


def _natural(values: Any, question: Question, shift: float = 0.0) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        y = np.asarray(SCALES[question.scale](np.asarray(values, float) + shift))
        return np.asarray(np.clip(np.nan_to_num(y, nan=-FAR), -FAR, FAR))


def _probabilities(answers: pd.DataFrame, question: Question) -> Collected:
    table, members = _collapsed(_by_person(answers)[["framing", "group", "value"]])
    stated = table["value"].to_numpy()
    cells = _dataset(table)
    for side, edge in zip(("lower", "upper"), rounding.cells(stated), strict=True):
        open_end = np.where(edge <= 0, -OPEN, np.where(edge >= 1, OPEN, 0.0))
        cells[side] = (("pattern", "grid"), np.where(open_end, open_end, _natural(edge, question)))
    spikes = [*(stated == said for said in rounding.STOCK), np.ones(len(stated), bool)]
    cells["at_spike"] = (("pattern", "spike"), np.stack(spikes, axis=-1).astype(float))
    is_belief = [float(name == "belief") for name in rounding.SPIKES]
    return Collected(cells.assign(is_belief=("spike", is_belief)), members)


def _wide(answers: pd.DataFrame) -> pd.DataFrame:
    return answers.pivot_table(index=["respondent_id", "framing", "group"], columns="level", values="value").sort_index(
        axis=1
    )


def _quantiles(answers: pd.DataFrame, question: Question) -> Collected:
    wide = _wide(answers)
    z = special.ndtri(wide.columns.to_numpy(float))
    y = _natural(wide.to_numpy(), question, question.shift)
    given = wide.notna().to_numpy()
    fits = [_line(z[some], row[some]) for row, some in zip(y, given, strict=True)]
    table = pd.DataFrame(fits, columns=["middle", "spread"], index=wide.index).reset_index()
    coherent = table["spread"].notna() & (table["middle"].abs() < FAR)
    kept, members = _collapsed(_by_person(table[coherent])[["framing", "group", "middle", "spread"]])
    return Collected(_dataset(kept), members, int((~coherent).sum()))


def _line(z: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Middle and spread of a stated distribution; NaN where it is not one."""
    if len(z) < 2 or (np.diff(y) < 0).any() or np.abs(y).max() >= FAR:
        return np.nan, np.nan
    spread, middle = np.polyfit(z, y, 1)
    return float(middle), float(max(spread, 1e-3))


def _cdf_points(answers: pd.DataFrame, question: Question) -> Collected:
    wide = _wide(answers)
    falling = pd.Series((wide.ffill(axis=1).diff(axis=1) < 0).any(axis=1), index=wide.index)
    levels: list[Hashable] = list(wide.columns)
    table, members = _collapsed(_by_person(wide[~falling].reset_index())[["framing", "group", *levels]])
    data = _dataset(table[["framing", "group", "count"]])
    stated = table[levels].to_numpy(float)
    thresholds = _natural(np.array(levels, float), question, question.shift)
    data["threshold"] = (("pattern", "point"), np.broadcast_to(thresholds, stated.shape).copy())
    data["given"] = (("pattern", "point"), np.isfinite(stated).astype(float))
    data["stated"] = (("pattern", "point"), np.nan_to_num(stated))
    probit = special.ndtri(np.clip(np.nan_to_num(stated, nan=0.5), 0.005, 0.995))
    data["probit"] = (("pattern", "point"), probit)
    data["slope"] = (("pattern", "point"), np.exp(-(probit**2) / 2) / np.sqrt(2 * np.pi))
    places, log_weights = knots()
    data = data.assign(place=("knot", places), log_weight=("knot", log_weights))
    return Collected(data, members, int(falling.sum()))


def _durations(answers: pd.DataFrame, question: Question) -> Collected:
    censored = answers["flags"].str.contains("censored")
    stated = answers["value"].where(~censored, answers["lower"])
    given = answers.assign(stated=_natural(stated, question, question.shift), censored=censored.astype(float))
    table, members = _collapsed(_by_person(given)[["framing", "group", "stated", "censored"]])
    return Collected(_dataset(table), members)


def _categories(answers: pd.DataFrame, question: Question) -> Collected:
    highest = len(question.categories)
    rank = answers["value"].astype(int)
    given = answers.assign(category=rank if question.sign > 0 else highest + 1 - rank)
    table, members = _collapsed(_by_person(given)[["framing", "group", "category"]])
    data = _dataset(table)
    is_category = data["category"].values[:, None] == np.arange(1, highest + 1)
    return Collected(data.assign(is_category=(("pattern", "category_place"), is_category.astype(float))), members)


READERS: dict[str, Callable[[pd.DataFrame, Question], Collected]] = {
    "probability": _probabilities,
    "quantile": _quantiles,
    "cdf_point": _cdf_points,
    "duration": _durations,
    "ordered": _categories,
}
