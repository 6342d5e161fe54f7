"""Stated ranges: somebody says that a quantity, or a probability, lies between two bounds."""

from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from toc_model.aliases import Floats
from toc_model.engine.laws import Quantity
from toc_model.survey.kinds.beliefs import law_of
from toc_model.survey.kinds.kind import Form, Kind, Row, Values, shown
from toc_model.survey.kinds.natural import OPEN, bounds, off_scale
from toc_model.survey.kinds.parameters import DEVIATION, Parameter
from toc_model.survey.kinds.patterns import Collected, collapsed, dataset

NOTHING_SAID = "between the ends of the scale, which says nothing"
OFF_SCALE = "a bound beyond the end of the scale"


class Interval(Kind):
    """Stated ranges, such as "10-20 %": a belief that lies between two bounds, of which one may be open.

    A bound at the end of the scale, such as a 0 on a logit, is open too. Bounds are meant: what rounds to one is not
    counted in. Nobody is taken to have slipped, for tails are heavy where people differ most (`law_of`).

    Data: ``lower`` and ``upper`` bounds on the natural scale, dims ``(pattern,)``.
    """

    name = "interval"
    has_unit = True
    in_unit = ("lower", "upper")
    quantities = ("lower", "upper")
    is_range = True

    def check_answer(self, row: Row) -> None:
        """Fail if there is a level, or a number beside the bounds."""
        super().check_answer(row)
        if row.value is not None:
            raise ValueError(
                f"value: found {shown(row.value)}; allowed: nothing, for the kind {self.name!r}, whose answer is lower "
                "and upper"
            )

    def stated(self, answers: pd.DataFrame) -> "pd.Series[bool]":
        """A bound."""
        return answers["lower"].notna() | answers["upper"].notna()

    def ruled_out(self, answers: pd.DataFrame, form: Form) -> "pd.Series[bool]":
        """Bounds that leave nothing of the question's own, or that its scale does not have."""
        least, largest = (np.nan if bound is None else bound for bound in (form.lower, form.upper))
        outside = (answers["upper"] <= least) | (answers["lower"] >= largest)
        off = [off_scale(answers[side], form.scale, form.shift) for side in self.in_unit]
        return outside | off[0] | off[1]

    def faults(self, answers: pd.DataFrame, form: Form | None) -> "pd.Series[str]":
        """Of bounds that say nothing."""
        found = pd.Series("", index=answers.index)
        if form:
            lower, upper = bounds(answers, form.scale, form.shift)
            found[(lower <= -OPEN) & (upper >= OPEN)] = NOTHING_SAID
            found[(upper <= -OPEN) | (lower >= OPEN)] = OFF_SCALE
        return found

    def read(self, answers: pd.DataFrame, form: Form) -> Collected:
        """Bounds on the natural scale."""
        lower, upper = bounds(answers, form.scale, form.shift)
        table, members = collapsed(answers.assign(lower=lower, upper=upper), "lower", "upper")
        return Collected(dataset(table), members)

    def observed(self, data: xr.Dataset) -> Floats:
        """Nothing exact."""
        return np.full(data.sizes["pattern"], np.nan)

    def parameters(self, form: Form) -> tuple[Parameter, ...]:
        """The deviation."""
        return (DEVIATION.of_width(form.width),)

    def density(self, form: Form, centre: Any, shift: Any, of: Values, data: Values) -> Quantity:
        """Log probability of a belief between the bounds."""
        middle, deviation = centre + shift, of["deviation"]
        ends = [(data[side] - middle) / deviation for side in self.in_unit]
        return law_of(form.scale).log_between(*ends)

    def draw(self, form: Form, centre: Floats, of: Values, _data: Values, rng: np.random.Generator) -> Floats:
        """Beliefs on the natural scale, of which the bounds say in which range they lie."""
        return np.asarray(centre + of["deviation"] * law_of(form.scale).drawn(centre.shape, rng))

    def summaries(self, _: Form, answers: Floats) -> Floats:
        """Median, which heavy tails don't move, and spread."""
        return np.stack([np.median(answers, axis=-1), answers.std(axis=-1)], axis=-1)
