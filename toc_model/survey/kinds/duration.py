"""Stated numbers, such as times, some of which had not ended."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from toc_model.aliases import Floats
from toc_model.engine.laws import Quantity, larger, log, normal_cdf
from toc_model.survey.kinds.densities import normal_log_density
from toc_model.survey.kinds.kind import Form, Kind, Values
from toc_model.survey.kinds.natural import natural
from toc_model.survey.kinds.parameters import DEVIATION, Parameter
from toc_model.survey.kinds.patterns import Collected, collapsed, dataset

CENSORED = "censored"
"""The flag of a time that had not ended: it is longer than its lower bound."""
SMALLEST = 1e-300
"""Stands for a probability of zero."""


class Duration(Kind):
    """Stated numbers, normal on the scale of the question; of right-censored ones, what lies above.

    Data: ``stated`` on the natural scale and ``censored`` (0 or 1), dims ``(pattern,)``.
    """

    name = "duration"
    has_unit = True
    own_flags = (CENSORED,)

    def possible(self, lower: float, upper: float, flags: Sequence[str]) -> tuple[float, float]:
        """From 0, unless the question says otherwise; a censored one may be of any length."""
        least, largest = super().possible(lower, upper, flags)
        return (0.0, np.inf) if CENSORED in flags else (0.0 if np.isnan(lower) else least, largest)

    def read(self, answers: pd.DataFrame, form: Form) -> Collected:
        """Numbers, and lower bounds of those that are censored."""
        censored = answers["flags"].str.contains(CENSORED)
        stated = answers["value"].where(~censored, answers["lower"])
        given = answers.assign(stated=natural(stated, form.scale, form.shift), censored=censored.astype(float))
        table, members = collapsed(given, "stated", "censored")
        return Collected(dataset(table), members)

    def observed(self, data: xr.Dataset) -> Floats:
        """The number on the natural scale; NaN where it is censored."""
        return np.where(data["censored"].values > 0, np.nan, data["stated"].values)

    def parameters(self, _: Form) -> tuple[Parameter, ...]:
        """The deviation."""
        return (DEVIATION,)

    def density(self, _: Form, centre: Any, shift: Any, of: Values, data: Values) -> Quantity:
        """Log density of the number, or log probability of lying above it where it is right-censored."""
        middle, deviation = centre + shift, of["deviation"]
        exact = normal_log_density(data["stated"], middle, deviation)
        above = log(larger(normal_cdf((middle - data["stated"]) / deviation), SMALLEST))
        is_censored: Quantity = data["censored"]
        return is_censored * above + (1 - is_censored) * exact

    def draw(self, _: Form, centre: Floats, of: Values, _data: Values, rng: np.random.Generator) -> Floats:
        """Numbers on the natural scale, none censored."""
        return np.asarray(centre + of["deviation"] * rng.standard_normal(centre.shape))

    def summaries(self, _: Form, answers: Floats) -> list[float]:
        """Mean and spread."""
        return [float(answers.mean()), float(answers.std())]
