"""Probabilities stated for several thresholds: points of a respondent's own distribution."""

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from scipy import special

from toc_model.aliases import Floats
from toc_model.engine.laws import Quantity, log, log_sum_exp, normal_cdf, power, total
from toc_model.survey.kinds.densities import around, normal_log_density
from toc_model.survey.kinds.kind import Circumstances, Form, Kind, Row, Values
from toc_model.survey.kinds.natural import natural, open_ends
from toc_model.survey.kinds.parameters import DEVIATION, OVERCONFIDENCE, Parameter
from toc_model.survey.kinds.patterns import FALLING, RESPONDENT, Collected, by_level, collapsed, dataset, falling
from toc_model.survey.kinds.scales import DEVIATION_LOG_SD, NOISE_SD

KNOTS = 15
"""Places of Gauss-Hermite quadrature."""
PROBIT_ENDS = 0.005, 0.995
"""Stated probabilities are brought between these where the places of the quadrature are found."""
PLANNED_AT = (0.25, 0.5, 0.75)
"""A planned survey asks at these quantiles of what the model says."""

OFF_SCALE = "about a threshold at the end of the scale"

SPREAD = Parameter("spread", "lognormal", DEVIATION_LOG_SD)
"""Standard deviation of a respondent's own distribution, in widths of the question."""
NOISE = Parameter("noise", "half_normal", NOISE_SD)
"""Standard deviation of what is stated around what is believed, on the axis of probability."""


class CdfPoint(Kind):
    """Probabilities stated for several thresholds.

    A respondent's own distribution is normal around a middle, which is normal around the centre; what is stated of it
    has normal noise on the axis of probability, and is not clipped there: the noise stands for all that makes answers
    depart from a normal distribution, and a clipped density would need a mass at 0 and 1 for each point. So simulated
    points may lie a little outside of 0 and 1, and whoever compares or averages them takes them as they are.

    Data: ``threshold`` on the natural scale, ``stated`` probability, its ``probit``, the ``slope`` of the normal cdf
    there, and ``given`` (0 or 1), dims ``(pattern, point)``; ``place`` and ``log_weight``, dims ``(knot,)``, as `knots`
    gives them.
    """

    name = "cdf_point"
    is_probability = True
    has_unit = True
    in_unit = ("level", "lower", "upper")
    quantities = ("level",)
    has_levels = True
    circumstances = ("threshold",)

    def check_answer(self, row: Row) -> None:
        """Fail if there is no threshold."""
        if row.level is None:
            raise ValueError("level: found nothing; allowed: a number, the threshold that the probability is about")

    def possible(self, _lower: float, _upper: float, _flags: Sequence[str]) -> tuple[float, float]:
        """From 0 to 1."""
        return 0.0, 1.0

    def faults(self, answers: pd.DataFrame, form: Form | None) -> "pd.Series[str]":
        """Of people whose probabilities fall with the threshold, and of thresholds that the scale does not have."""
        found = pd.Series("", index=answers.index)
        if form:
            found[open_ends(answers["level"], form.scale, form.shift)[0] != 0] = OFF_SCALE
        on_scale = answers[found == ""]
        found[on_scale.index[falling(on_scale, RESPONDENT)]] = FALLING
        return found

    def read(self, answers: pd.DataFrame, form: Form) -> Collected:
        """Points by threshold."""
        wide = by_level(answers)
        levels: list[Hashable] = list(wide.columns)
        table, members = collapsed(wide.reset_index(), *levels)
        data = dataset(table[["framing", "group", "count"]])
        stated = table[levels].to_numpy(float)
        thresholds = natural(np.array(levels, float), form.scale, form.shift)
        data["threshold"] = (("pattern", "point"), np.broadcast_to(thresholds, stated.shape).copy())
        data["given"] = (("pattern", "point"), np.isfinite(stated).astype(float))
        data["stated"] = (("pattern", "point"), np.nan_to_num(stated))
        probit = special.ndtri(np.clip(np.nan_to_num(stated, nan=0.5), *PROBIT_ENDS))
        data["probit"] = (("pattern", "point"), probit)
        data["slope"] = (("pattern", "point"), np.exp(-(probit**2) / 2) / np.sqrt(2 * np.pi))
        places, log_weights = knots()
        data = data.assign(place=("knot", places), log_weight=("knot", log_weights))
        return Collected(data, members)

    def observed(self, data: xr.Dataset) -> Floats:
        """The stated probabilities."""
        return np.where(data["given"].values > 0, data["stated"].values, np.nan)

    def parameters(self, form: Form) -> tuple[Parameter, ...]:
        """The spread of own distributions, how far errors exceed it, the deviation of biases, and the noise."""
        return SPREAD.of_width(form.width), OVERCONFIDENCE, DEVIATION.of_width(form.width), NOISE

    def density(self, _: Form, centre: Any, shift: Any, of: Values, data: Values) -> Quantity:
        """Log density of all points of a respondent.

        The middle that they share is integrated out by quadrature around the middle that the points suggest, to first
        order. The places of the quadrature don't follow the shift, so that the answers are computed once for all
        shifts.
        """
        spread, noise = of["spread"], of["noise"]
        scale = around(of["deviation"], of["overconfidence"], spread)
        precision = data["given"] * power(data["slope"] / (spread * noise), 2.0)
        total_precision = total(precision, "point") + 1 / (scale * scale)
        suggested = total(precision * (data["threshold"] - spread * data["probit"]), "point")
        width = power(total_precision, -0.5)
        middle = (suggested + centre / (scale * scale)) / total_precision + width * data["place"]
        believed = normal_cdf((data["threshold"] - middle) / spread)
        answers = total(data["given"] * normal_log_density(data["stated"], believed, noise), "point")
        whole = answers + normal_log_density(middle, centre + shift, scale) + data["log_weight"]
        return log_sum_exp(whole, "knot") + log(width)

    def draw(self, _: Form, centre: Floats, of: Values, data: Values, rng: np.random.Generator) -> Floats:
        """Points, a last axis."""
        scale = around(of["deviation"], of["overconfidence"], of["spread"])
        middle = np.asarray(centre + scale * rng.standard_normal(centre.shape))
        spread, noise = (np.asarray(of[name])[..., None] for name in ("spread", "noise"))
        believed = special.ndtr((data["threshold"] - middle[..., None]) / spread)
        return np.asarray(believed + noise * rng.standard_normal(believed.shape))

    def planned(self, targets: Floats, width: float = 1.0) -> Circumstances:
        """Thresholds spread over what the model says, the same for all."""
        del width
        thresholds = np.quantile(targets, PLANNED_AT)
        return lambda _shape, _rng: {"threshold": thresholds}

    def summaries(self, _: Form, answers: Floats) -> Floats:
        """Mean at each threshold; noise beyond 0 and 1 averages out, which clipping would turn into a bias."""
        return np.asarray(answers.mean(axis=-2))


def knots() -> tuple[Floats, Floats]:
    """Places and log weights for the integral of a function that is near to a standard normal density."""
    places, weights = np.polynomial.hermite_e.hermegauss(KNOTS)
    return places, np.log(weights) + places**2 / 2
