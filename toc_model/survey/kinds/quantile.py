"""Stated quantiles of a respondent's own distribution, of which the middle and the spread are kept."""

from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from scipy import special

from toc_model.aliases import Floats
from toc_model.engine.laws import Quantity, log_sum_exp
from toc_model.survey.kinds.densities import TAILS, around, log_student_beyond, student_log_density
from toc_model.survey.kinds.kind import Circumstances, Form, Kind, Row, Values, shown
from toc_model.survey.kinds.natural import SCALES, off_scale, open_ends
from toc_model.survey.kinds.parameters import DEVIATION, OVERCONFIDENCE, Parameter
from toc_model.survey.kinds.patterns import FALLING, RESPONDENT, Collected, by_level, collapsed, dataset, falling
from toc_model.survey.kinds.scales import DEVIATION_LOG_SD

LEAST_SPREAD = 1e-3
"""Who states one number at all levels is taken to be this uncertain, in widths of the question."""
SPREADS = 7
"""Places of the quadrature over a spread that somebody did not state."""
NOTHING_SAID = "nothing but open ends, on both sides or without a bound"
TOO_FAR = "infinitely far out"


class Quantile(Kind):
    """Quantiles of a respondent's own distribution.

    Its middle is Student-t around the centre, with the scale of biases and calibrated errors together. A quantile at
    the end of the scale, such as a 0 on a logit, is open: any small number could stand there, so the others make the
    line. Who has one other has a spread that is unknown, as those of a planned survey, and who has none a middle
    beyond what rounds to that end.

    Data: ``middle`` and ``spread`` of each stated distribution on the natural scale, dims ``(pattern,)``. If anybody's
    spread is unknown they have the dims ``(pattern, knot)``, ``log_weight`` has ``(knot,)``, and ``side`` is -1 or 1
    for patterns whose middle lies below or above the one given, else 0.
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

    def ruled_out(self, answers: pd.DataFrame, form: Form) -> "pd.Series[bool]":
        """Quantities beyond the question's bounds or its scale."""
        return super().ruled_out(answers, form) | off_scale(answers["value"], form.scale, form.shift)

    def faults(self, answers: pd.DataFrame, form: Form | None) -> "pd.Series[str]":
        """Of distributions that fall, say nothing, or lie infinitely far out."""
        found = pd.Series("", index=answers.index)
        found[falling(answers, RESPONDENT)] = FALLING
        left = answers[found == ""]
        if form and len(left):
            lines = _lines(left, form).set_index(list(RESPONDENT))
            silent, far = lines["middle"].isna(), lines["middle"].abs() >= SCALES[form.scale].far
            places = pd.MultiIndex.from_frame(left[list(RESPONDENT)])
            found[left.index] = np.select([silent[places], far[places]], [NOTHING_SAID, TOO_FAR], "")
        return found

    def read(self, answers: pd.DataFrame, form: Form) -> Collected:
        """Middles and spreads."""
        table, members = collapsed(_lines(answers, form), "middle", "spread", "z", "side")
        data = dataset(table.drop(columns=["z", "side"]))
        unknown = table["spread"].isna().to_numpy()
        if unknown.any():
            scores, log_weights = spreads()
            drawn = form.width * np.exp(DEVIATION_LOG_SD * scores)
            spread = np.where(unknown[:, None], drawn, table["spread"].to_numpy()[:, None])
            middle = table["middle"].to_numpy()[:, None] - np.where(unknown, table["z"], 0.0)[:, None] * spread
            data = data.assign(spread=(("pattern", "knot"), spread), middle=(("pattern", "knot"), middle))
            data = data.assign(log_weight=("knot", log_weights), side=("pattern", table["side"].to_numpy()))
        return Collected(data, members)

    def observed(self, data: xr.Dataset) -> Floats:
        """The middle, on the natural scale; NaN where only another point or an open end was stated."""
        middle = data["middle"]
        if "knot" not in middle.dims:
            return np.asarray(middle.values, float)
        is_known = (middle == middle.isel(knot=0)).all("knot") & (data["side"] == 0)
        return np.asarray(middle.isel(knot=0).where(is_known).values, float)

    def parameters(self, form: Form) -> tuple[Parameter, ...]:
        """How far errors exceed stated spreads, and the deviation of biases."""
        return OVERCONFIDENCE, DEVIATION.of_width(form.width)

    def density(self, _: Form, centre: Any, shift: Any, of: Values, data: Values) -> Quantity:
        """Log density of the middle, over all spreads where it is unknown; or log probability of lying beyond it."""
        scale = around(of["deviation"], of["overconfidence"], data["spread"])
        exact = student_log_density(data["middle"], centre + shift, scale)
        if "log_weight" not in data:
            return exact
        side: Quantity = data["side"]
        beyond = log_student_beyond((data["middle"] - (centre + shift)) / scale, side)
        is_open = side * side
        return log_sum_exp(is_open * beyond + (1 - is_open) * exact + data["log_weight"], "knot")

    def draw(self, _: Form, centre: Floats, of: Values, data: Values, rng: np.random.Generator) -> Floats:
        """Middles; of whom has an unknown spread, with one of those that it may be."""
        spread = np.asarray(data["spread"])
        if spread.ndim > centre.ndim:
            which = rng.choice(SPREADS, size=centre.shape, p=np.exp(spreads()[1]))
            whole = np.broadcast_to(spread, (*centre.shape, SPREADS))
            spread = np.take_along_axis(whole, which[..., None], axis=-1)[..., 0]
        scale = around(of["deviation"], of["overconfidence"], spread)
        return np.asarray(centre + scale * rng.standard_t(TAILS, centre.shape))

    def planned(self, _: Floats, width: float = 1.0) -> Circumstances:
        """Spreads that differ between respondents as deviations differ between questions."""
        return lambda shape, rng: {"spread": width * np.exp(DEVIATION_LOG_SD * rng.standard_normal(shape))}

    def summaries(self, _: Form, answers: Floats) -> Floats:
        """Median, which heavy tails don't move, and spread."""
        return np.stack([np.median(answers, axis=-1), answers.std(axis=-1)], axis=-1)


def spreads() -> tuple[Floats, Floats]:
    """Places and log weights for the integral over the logarithm of a spread, as a standard normal variable."""
    places, weights = np.polynomial.hermite_e.hermegauss(SPREADS)
    return places, np.log(weights / weights.sum())


def _lines(answers: pd.DataFrame, form: Form) -> pd.DataFrame:
    """Each respondent's ``middle``, ``spread`` (NaN if unknown), ``z`` of a lone point, and ``side`` of an open one."""
    wide = by_level(answers)
    z = special.ndtri(wide.columns.to_numpy(float))
    sides, places = open_ends(wide.to_numpy(), form.scale, form.shift)
    given = wide.notna().to_numpy()
    found = [
        _line(z[some], side[some], place[some], form.width)
        for some, side, place in zip(given, sides, places, strict=True)
    ]
    return pd.DataFrame(found, columns=["middle", "spread", "z", "side"], index=wide.index).reset_index()


def _line(z: Floats, side: Floats, place: Floats, width: float) -> tuple[float, float, float, float]:
    inside = side == 0
    if inside.sum() > 1:
        spread, middle = np.polyfit(z[inside], place[inside], 1)
        return float(middle), float(max(spread, LEAST_SPREAD * width)), 0.0, 0.0
    if inside.any():
        return float(place[inside][0]), np.nan, float(z[inside][0]), 0.0
    if (side != side[0]).any():
        return np.nan, np.nan, 0.0, 0.0
    strongest = -1 if side[0] < 0 else 0
    return float(place[strongest]), np.nan, float(z[strongest]), float(side[0])
