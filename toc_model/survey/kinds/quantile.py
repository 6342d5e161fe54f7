"""Stated quantiles of a respondent's own distribution, of which the middle and the spread are kept."""

from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from scipy import special

from toc_model.aliases import Floats
from toc_model.engine.laws import Quantity
from toc_model.survey.kinds.densities import TAILS, around, student_log_density
from toc_model.survey.kinds.kind import Circumstances, Form, Kind, Row, Values, shown
from toc_model.survey.kinds.natural import SCALES, natural
from toc_model.survey.kinds.parameters import DEVIATION, OVERCONFIDENCE, Parameter
from toc_model.survey.kinds.patterns import Collected, by_level, collapsed, dataset
from toc_model.survey.kinds.scales import DEVIATION_LOG_SD

LEAST_SPREAD = 1e-3
"""Who states one number at all levels is taken to be this uncertain."""


class Quantile(Kind):
    """Quantiles of a respondent's own distribution.

    Its middle is Student-t around the centre, with the scale of biases and calibrated errors together.

    Data: ``middle`` and ``spread`` of each stated distribution on the natural scale, dims ``(pattern,)``.
    """

    name = "quantile"
    has_unit = True
    has_levels = True
    asked_at = (0.1, 0.5, 0.9)
    circumstances = ("spread",)

    def check_answer(self, row: Row) -> None:
        """Fail if the level is no probability."""
        if row.level is None or not 0 < row.level < 1:
            raise ValueError(f"level: found {shown(row.level)}; allowed: between 0 and 1, the level of the quantile")

    def read(self, answers: pd.DataFrame, form: Form) -> Collected:
        """Middles and spreads; distributions that fall, lie infinitely far out or have one point are left out."""
        wide = by_level(answers)
        z = special.ndtri(wide.columns.to_numpy(float))
        y = natural(wide.to_numpy(), form.scale, form.shift)
        given, far = wide.notna().to_numpy(), SCALES[form.scale].far
        fits = [_line(z[some], row[some], far) for row, some in zip(y, given, strict=True)]
        table = pd.DataFrame(fits, columns=["middle", "spread"], index=wide.index).reset_index()
        coherent = table["spread"].notna() & (table["middle"].abs() < far)
        kept, members = collapsed(table[coherent], "middle", "spread")
        return Collected(dataset(kept), members, int((~coherent).sum()))

    def observed(self, data: xr.Dataset) -> Floats:
        """The middle, on the natural scale."""
        return np.asarray(data["middle"].values, float)

    def parameters(self, _: Form) -> tuple[Parameter, ...]:
        """How far errors exceed stated spreads, and the deviation of biases."""
        return OVERCONFIDENCE, DEVIATION

    def density(self, _: Form, centre: Any, shift: Any, of: Values, data: Values) -> Quantity:
        """Log density of the middle."""
        scale = around(of["deviation"], of["overconfidence"], data["spread"])
        return student_log_density(data["middle"], centre + shift, scale)

    def draw(self, _: Form, centre: Floats, of: Values, data: Values, rng: np.random.Generator) -> Floats:
        """Middles."""
        scale = around(of["deviation"], of["overconfidence"], data["spread"])
        return np.asarray(centre + scale * rng.standard_t(TAILS, centre.shape))

    def planned(self, _: Floats) -> Circumstances:
        """Spreads that differ between respondents as deviations differ between questions."""
        return lambda many, rng: {"spread": np.exp(DEVIATION_LOG_SD * rng.standard_normal(many))}

    def summaries(self, _: Form, answers: Floats) -> list[float]:
        """Median, which heavy tails don't move, and spread."""
        return [float(np.median(answers)), float(answers.std())]


def _line(z: Floats, y: Floats, far: float) -> tuple[float, float]:
    """Middle and spread of a stated distribution; NaN where it is not one."""
    if len(z) < 2 or (np.diff(y) < 0).any() or np.abs(y).max() >= far:
        return np.nan, np.nan
    spread, middle = np.polyfit(z, y, 1)
    return float(middle), float(max(spread, LEAST_SPREAD))
