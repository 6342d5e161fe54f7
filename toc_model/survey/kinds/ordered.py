"""Ordered categories, such as "not important" to "among the most important"."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from toc_model.aliases import Floats
from toc_model.engine.laws import Quantity, normal_cdf, total
from toc_model.survey.kinds.kind import Form, Kind, Row, Values, shown
from toc_model.survey.kinds.parameters import Parameter
from toc_model.survey.kinds.patterns import Collected, collapsed, dataset
from toc_model.survey.kinds.scales import CUT_SD, STEP_LOG_MEAN, STEP_LOG_SD
from toc_model.survey.kinds.slips import log_with_slips, with_slips

FIRST_CUT = Parameter("first_cut", "normal", CUT_SD, below_reference=True)
"""The first cut point."""


class Ordered(Kind):
    """Ordered categories.

    The unit is the deviation between respondents, which is normal. Cut points are unknown, within `CUT_SD` of zero, so
    the level of the node is hardly seen; they are counted from the reference, which answers fix.

    Data: ``category`` from 1, a higher one for a higher target, dims ``(pattern,)``; ``is_category`` (0 or 1), dims
    ``(pattern, category_place)``.
    """

    name = "ordered"
    in_unit = ()
    is_counted = True

    def check_answer(self, row: Row) -> None:
        """Fail if there is a level, or the value is no category of so many."""
        super().check_answer(row)
        if row.upper is None or row.upper < 2 or row.upper % 1:
            raise ValueError(f"upper: found {shown(row.upper)}; allowed: the number of categories, 2 or more")
        if row.lower not in (None, 1):
            raise ValueError(f"lower: found {shown(row.lower)}; allowed: 1 or nothing, for ordered categories")
        if row.value is not None and row.value % 1:
            raise ValueError(f"value: found {shown(row.value)}; allowed: a category, a whole number")

    def check_question(self, form: Form) -> None:
        """Fail if the categories are not all named and counted, or anything is to be added to them."""
        many = len(form.categories)
        if not many:
            raise ValueError(f"categories: found {many}; allowed: for ordered answers only, all of them")
        if (form.lower, form.upper) != (1, many):
            raise ValueError(f"lower, upper: allowed: 1 and {many}, the number of categories")
        if form.shift:
            raise ValueError(f"shift: found {form.shift:g}; allowed: for answers that are times")

    def possible(self, _lower: float, upper: float, _flags: Sequence[str]) -> tuple[float, float]:
        """From 1 to the number of categories."""
        return 1.0, upper

    def read(self, answers: pd.DataFrame, form: Form) -> Collected:
        """Categories, turned round where a higher one means a lower target."""
        highest = len(form.categories)
        rank = answers["value"].astype(int)
        given = answers.assign(category=rank if form.sign > 0 else highest + 1 - rank)
        table, members = collapsed(given, "category")
        data = dataset(table)
        is_category = data["category"].values[:, None] == np.arange(1, highest + 1)
        return Collected(data.assign(is_category=(("pattern", "category_place"), is_category.astype(float))), members)

    def observed(self, data: xr.Dataset) -> Floats:
        """The category."""
        return np.asarray(data["category"].values, float)

    def parameters(self, form: Form) -> tuple[Parameter, ...]:
        """The first cut point, and the steps from one to the next."""
        labels = tuple(range(2, len(form.categories)))
        return FIRST_CUT, Parameter("step", "lognormal", STEP_LOG_SD, STEP_LOG_MEAN, labels=labels)

    def density(self, form: Form, centre: Any, shift: Any, of: Values, data: Values) -> Quantity:
        """Log probability of the category."""
        first, steps, highest = of["first_cut"], of["step"], len(form.categories)
        cuts = [first, *(first + total(steps.isel(step=slice(0, k)), "step") for k in range(1, highest - 1))]
        latent = ((centre - of["reference"]) / form.width + shift) / of["deviation"]
        below: list[Quantity] = [0.0, *(normal_cdf(cut / of["deviation"] - latent) for cut in cuts), 1.0]
        chosen: Quantity = 0.0
        for k in range(highest):
            chosen = chosen + data["is_category"].isel(category_place=k) * (below[k + 1] - below[k])
        return log_with_slips(chosen, highest)

    def draw(self, form: Form, centre: Floats, of: Values, _: Values, rng: np.random.Generator) -> Floats:
        """Categories."""
        latent = (centre - of["reference"]) / form.width + of["deviation"] * rng.standard_normal(centre.shape)
        first = np.asarray(of["first_cut"])[..., None]
        cuts = np.concatenate([first, first + np.cumsum(of["step"], axis=-1)], axis=-1)
        chosen = 1.0 + (latent[..., None] > cuts).sum(axis=-1)
        return with_slips(chosen, np.arange(1.0, len(form.categories) + 1), rng)

    def summaries(self, _: Form, answers: Floats) -> list[float]:
        """Mean and spread."""
        return [float(answers.mean()), float(answers.std())]
