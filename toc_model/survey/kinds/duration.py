"""Stated numbers, such as times, some of which are only known to lie between bounds."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from toc_model.aliases import Floats
from toc_model.engine.laws import Quantity
from toc_model.survey.kinds.densities import log_normal_between, normal_log_density
from toc_model.survey.kinds.kind import Circumstances, Form, Kind, Values
from toc_model.survey.kinds.natural import OPEN, bounds, off_scale, open_ends
from toc_model.survey.kinds.parameters import DEVIATION, Parameter
from toc_model.survey.kinds.patterns import Collected, collapsed, dataset

CENSORED = "censored"
"""The flag of a number that is only known to lie between its bounds, of which one may be empty."""
NO_BOUND = "censored without a bound"
NOTHING_SAID = "censored between the ends of the scale, which says nothing"
UNFLAGGED = f"empty between bounds, without the flag {CENSORED!r}"
OFF_SCALE = "a bound beyond the end of the scale"
TOO_LARGE = "too large for its scale"


class Duration(Kind):
    """Stated numbers, normal on the scale of the question; of censored ones, what lies between their bounds.

    Data: ``stated`` on the natural scale, of censored ones their lower bound; ``censored`` (0 or 1); and, where
    anybody has one, the ``upper`` bound, dims ``(pattern,)``. A stated end of the scale, such as a 0 on a logarithm, is
    censored where others round to it.
    """

    name = "duration"
    has_unit = True
    own_flags = (CENSORED,)

    def possible(self, lower: float, upper: float, flags: Sequence[str]) -> tuple[float, float]:
        """From 0, unless the question says otherwise; of a censored one, between its bounds."""
        least, largest = super().possible(lower, upper, flags)
        return (0.0 if np.isnan(lower) else least), largest

    def stated(self, answers: pd.DataFrame) -> "pd.Series[bool]":
        """A number, or bounds that it is known to lie between."""
        return answers["value"].notna() | (_is_censored(answers) & _has_bound(answers))

    def blank(self, answers: pd.DataFrame, form: Form) -> "pd.Series[str]":
        """A row with other bounds than the question has may mean an interval, and does not say so."""
        found = super().blank(answers, form)
        for name, own in (("lower", 0.0 if form.lower is None else form.lower), ("upper", form.upper)):
            same = np.isclose(answers[name], np.nan if own is None else own)
            found[answers[name].notna() & ~same & (answers["respondent_id"] != "")] = UNFLAGGED
        return found

    def ruled_out(self, answers: pd.DataFrame, form: Form) -> "pd.Series[bool]":
        """Numbers beyond the question's bounds or its scale; of censored ones, bounds that leave nothing of these."""
        least, largest = (np.nan if bound is None else bound for bound in (form.lower, form.upper))
        outside = (answers["upper"] <= least) | (answers["lower"] >= largest)
        beyond = super().ruled_out(answers, form) | off_scale(answers["value"], form.scale, form.shift)
        return beyond.where(~_is_censored(answers), outside)

    def faults(self, answers: pd.DataFrame, form: Form | None) -> "pd.Series[str]":
        """Of bounds that say nothing or are not there, and of numbers that the scale does not have."""
        found, censored = pd.Series("", index=answers.index), _is_censored(answers)
        found[censored & ~_has_bound(answers)] = NO_BOUND
        if form:
            lower, upper = bounds(answers, form.scale, form.shift)
            found[censored & (found == "") & (lower <= -OPEN) & (upper >= OPEN)] = NOTHING_SAID
            found[censored & ((upper <= -OPEN) | (lower >= OPEN))] = OFF_SCALE
            found[~censored & np.isnan(open_ends(answers["value"], form.scale, form.shift)[1])] = TOO_LARGE
        return found

    def read(self, answers: pd.DataFrame, form: Form) -> Collected:
        """Numbers, and the bounds of those that are censored."""
        side, place = open_ends(answers["value"], form.scale, form.shift)
        is_censored, (lower, upper) = _is_censored(answers).to_numpy(), bounds(answers, form.scale, form.shift)
        given = answers.assign(
            stated=np.where(is_censored, lower, np.where(side < 0, -OPEN, place)),
            upper=np.where(is_censored, upper, np.where(side < 0, place, OPEN)),
            censored=(is_censored | (side != 0)).astype(float),
        )
        table, members = collapsed(given, "stated", "upper", "censored")
        data = dataset(table)
        return Collected(data if (data["upper"] < OPEN).any() else data.drop_vars("upper"), members)

    def observed(self, data: xr.Dataset) -> Floats:
        """The number on the natural scale; NaN where it is censored."""
        return np.where(data["censored"].values > 0, np.nan, data["stated"].values)

    def parameters(self, form: Form) -> tuple[Parameter, ...]:
        """The deviation."""
        return (DEVIATION.of_width(form.width),)

    def density(self, _: Form, centre: Any, shift: Any, of: Values, data: Values) -> Quantity:
        """Log density of the number, or log probability of lying between the bounds where it is censored."""
        middle, deviation = centre + shift, of["deviation"]
        exact = normal_log_density(data["stated"], middle, deviation)
        upper: Quantity = data.get("upper", OPEN)
        between = log_normal_between((data["stated"] - middle) / deviation, (upper - middle) / deviation)
        is_censored: Quantity = data["censored"]
        return is_censored * between + (1 - is_censored) * exact

    def draw(self, _: Form, centre: Floats, of: Values, _data: Values, rng: np.random.Generator) -> Floats:
        """Numbers on the natural scale, none censored."""
        return np.asarray(centre + of["deviation"] * rng.standard_normal(centre.shape))

    def summaries(self, _: Form, answers: Floats) -> Floats:
        """Mean and spread."""
        return np.stack([answers.mean(axis=-1), answers.std(axis=-1)], axis=-1)

    def surveyed(
        self,
        _: Form,
        centre: Floats,
        of: Values,
        _circumstances: Circumstances,
        sizes: Sequence[int],
        rng: np.random.Generator,
    ) -> list[Floats]:
        """Mean and spread of normal numbers, which are independent: normal, and as a root of chi-square is."""
        found = []
        mean, squares = np.zeros_like(centre), np.zeros_like(centre)
        for before, size in pairwise([0, *sizes]):
            more = size - before
            own = rng.standard_normal(centre.shape) / np.sqrt(more)
            squares += rng.chisquare(more - 1, centre.shape) if more > 1 else 0.0
            squares += before * more / size * (own - mean) ** 2
            mean = mean + more / size * (own - mean)
            found.append(np.column_stack([centre + of["deviation"] * mean, of["deviation"] * np.sqrt(squares / size)]))
        return found


def _is_censored(answers: pd.DataFrame) -> "pd.Series[bool]":
    return answers["flags"].str.contains(CENSORED).astype(bool)


def _has_bound(answers: pd.DataFrame) -> "pd.Series[bool]":
    return answers["lower"].notna() | answers["upper"].notna()
