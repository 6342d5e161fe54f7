"""Answers, grouped by question and made ready for the likelihoods: one array a quantity, one place a pattern."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from scipy import special

from toc_model import laws
from toc_model.survey import rounding
from toc_model.survey.likelihood import knots
from toc_model.survey.mapping import Question, SurveyMapping
from toc_model.survey.schema import usable

FAR = 40.0
"""Stands for infinity on a natural scale, where gradients must stay finite."""

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
    respondents : int
        How many answers count, as respondents.
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
    respondents: int
    left_out: dict[str, int]

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
    data, incoherent = READERS[kind](placed, question)
    lost = rows["respondent_id"].nunique() - good["respondent_id"].nunique()
    return Asked(
        name=f"{source_id}_{name}",
        source_id=source_id,
        kind=kind,
        mapping=question,
        bias=f"{source_id}_{question.bias_group or identifier}",
        framings=framings,
        groups=groups,
        data=data,
        respondents=int(data["count"].sum()),
        left_out={reason: n for reason, n in (("impossible or empty", lost), ("incoherent", incoherent)) if n},
    )


def _latest(rows: pd.DataFrame) -> pd.DataFrame:
    """Keep what each respondent said in the last round; a change of mind is not a second opinion."""
    last = rows.groupby(["respondent_id", "framing"])["round"].transform("max")
    return rows[rows["round"] == last]


def _collapsed(table: pd.DataFrame) -> pd.DataFrame:
    """One row a distinct answer (by framing and group), with its count."""
    return table.value_counts(sort=False, dropna=False).rename("count").reset_index()


def _dataset(table: pd.DataFrame) -> xr.Dataset:
    return xr.Dataset({str(name): ("pattern", table[name].to_numpy()) for name in table})


def _natural(values: Any, question: Question, shift: float = 0.0) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        y = np.asarray(SCALES[question.scale](np.asarray(values, float) + shift))
        return np.asarray(np.clip(np.nan_to_num(y, nan=-FAR), -FAR, FAR))


def _probabilities(answers: pd.DataFrame, question: Question) -> tuple[xr.Dataset, int]:
    table = _collapsed(answers[["framing", "group", "value"]])
    stated = table["value"].to_numpy()
    lower, upper, on_grid = rounding.cells(stated)
    loose = ~on_grid.any(axis=1)
    half = 0.5 * 10 ** np.floor(np.log10(np.where(loose, stated, 1.0)))
    lower[loose, 0], upper[loose, 0] = (stated - half)[loose], (stated + half)[loose]
    on_grid[loose, 0] = True
    cells = _dataset(table[["framing", "group", "count", "value"]])
    for side, edge in (("lower", lower), ("upper", upper)):
        cells[side] = (("pattern", "grid"), _natural(edge, question))
    cells["on_grid"] = (("pattern", "grid"), on_grid.astype(float))
    spikes = [stated == 0, stated == 0.5, np.ones(len(stated), bool)]
    cells["at_spike"] = (("pattern", "spike"), np.stack(spikes, axis=-1).astype(float))
    return cells.assign(is_belief=("spike", [0.0, 0.0, 1.0])), 0


def _wide(answers: pd.DataFrame) -> pd.DataFrame:
    return answers.pivot_table(index=["respondent_id", "framing", "group"], columns="level", values="value").sort_index(
        axis=1
    )


def _quantiles(answers: pd.DataFrame, question: Question) -> tuple[xr.Dataset, int]:
    wide = _wide(answers)
    z = special.ndtri(wide.columns.to_numpy(float))
    y = _natural(wide.to_numpy(), question, question.shift)
    given = wide.notna().to_numpy()
    fits = [_line(z[some], row[some]) for row, some in zip(y, given, strict=True)]
    table = pd.DataFrame(fits, columns=["middle", "spread"], index=wide.index).reset_index()
    coherent = table["spread"].notna() & (table["middle"].abs() < FAR)
    kept = table.loc[coherent, ["framing", "group", "middle", "spread"]].assign(count=1)
    return _dataset(kept), int((~coherent).sum())


def _line(z: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Middle and spread of a stated distribution; NaN where it is not one."""
    if len(z) < 2 or (np.diff(y) < 0).any() or np.abs(y).max() >= FAR:
        return np.nan, np.nan
    spread, middle = np.polyfit(z, y, 1)
    return float(middle), float(max(spread, 1e-3))


def _cdf_points(answers: pd.DataFrame, question: Question) -> tuple[xr.Dataset, int]:
    wide = _wide(answers)
    falling = pd.Series((wide.ffill(axis=1).diff(axis=1) < 0).any(axis=1), index=wide.index)
    levels: list[Hashable] = list(wide.columns)
    table = _collapsed(wide[~falling].reset_index()[["framing", "group", *levels]])
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
    return data.assign(place=("knot", places), log_weight=("knot", log_weights)), int(falling.sum())


def _durations(answers: pd.DataFrame, question: Question) -> tuple[xr.Dataset, int]:
    censored = answers["flags"].str.contains("censored")
    stated = answers["value"].where(~censored, answers["lower"])
    table = answers[["framing", "group"]].assign(
        stated=_natural(stated, question, question.shift), censored=censored.astype(float)
    )
    return _dataset(_collapsed(table)), 0


def _categories(answers: pd.DataFrame, question: Question) -> tuple[xr.Dataset, int]:
    highest = len(question.categories)
    rank = answers["value"].astype(int)
    table = answers[["framing", "group"]].assign(category=rank if question.sign > 0 else highest + 1 - rank)
    data = _dataset(_collapsed(table))
    is_category = data["category"].values[:, None] == np.arange(1, highest + 1)
    return data.assign(is_category=(("pattern", "category_place"), is_category.astype(float))), 0


READERS: dict[str, Callable[[pd.DataFrame, Question], tuple[xr.Dataset, int]]] = {
    "probability": _probabilities,
    "quantile": _quantiles,
    "cdf_point": _cdf_points,
    "duration": _durations,
    "ordered": _categories,
}
