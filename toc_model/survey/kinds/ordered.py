"""Ordered categories, such as "not important" to "among the most important"."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from toc_model.aliases import Floats
from toc_model.engine.laws import Quantity, normal_cdf
from toc_model.survey.kinds.cuts import cut_parameters, cut_points, fail_if_anchors_unfit, latent, pivot
from toc_model.survey.kinds.kind import Circumstances, Form, Kind, Row, Values, shown
from toc_model.survey.kinds.parameters import Parameter
from toc_model.survey.kinds.patterns import Collected, collapsed, dataset
from toc_model.survey.kinds.slips import log_with_slips, with_slips


class Ordered(Kind):
    """Ordered categories.

    Beliefs are normal, and the category tells which cut points (`toc_model.survey.kinds.cuts`) lie below them. Without
    anchors the unit is the deviation between respondents, and cut points are counted from the reference: answers then
    tell how respondents, camps and wordings differ, and nothing of the level of the node. Anchors are on the natural
    scale and make the level be seen.

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
        fail_if_anchors_unfit(form)

    def informs_level(self, form: Form) -> bool:
        """Only with anchors."""
        return bool(form.anchors)

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
        """One cut point, and the steps from each to the next; with anchors the deviation too."""
        return cut_parameters(form)

    def density(self, form: Form, centre: Any, shift: Any, of: Values, data: Values) -> Quantity:
        """Log probability of the category."""
        steps, highest = of["step"], len(form.categories)
        cuts = cut_points(of["cut"], lambda place: steps.isel(step=place), pivot(form), highest - 1)
        middle = (latent(form, centre, of["reference"]) + shift) / of["deviation"]
        below: list[Quantity] = [0.0, *(normal_cdf(cut / of["deviation"] - middle) for cut in cuts), 1.0]
        chosen: Quantity = 0.0
        for k in range(highest):
            chosen = chosen + data["is_category"].isel(category_place=k) * (below[k + 1] - below[k])
        return log_with_slips(chosen, highest)

    def draw(self, form: Form, centre: Floats, of: Values, _: Values, rng: np.random.Generator) -> Floats:
        """Categories."""
        steps, highest = np.asarray(of["step"]), len(form.categories)
        belief = latent(form, centre, of["reference"]) + of["deviation"] * rng.standard_normal(centre.shape)
        cuts = cut_points(np.asarray(of["cut"]), lambda place: steps[..., place], pivot(form), highest - 1)
        chosen = 1.0 + sum((belief > cut).astype(float) for cut in cuts)
        return with_slips(np.asarray(chosen), np.arange(1.0, highest + 1), rng)

    def summaries(self, _: Form, answers: Floats) -> Floats:
        """Mean and spread."""
        return np.stack([answers.mean(axis=-1), answers.std(axis=-1)], axis=-1)

    def surveyed(
        self,
        form: Form,
        centre: Floats,
        of: Values,
        _: Circumstances,
        sizes: Sequence[int],
        rng: np.random.Generator,
    ) -> list[Floats]:
        """Mean and spread, by how many say each category."""
        chances, categories = self._chances(form, centre, of), np.arange(1.0, len(form.categories) + 1)
        counts = np.zeros_like(chances)
        found = []
        for before, size in pairwise([0, *sizes]):
            counts += rng.multinomial(size - before, chances)
            mean = counts @ categories / size
            squares = (counts * (categories - mean[:, None]) ** 2).sum(axis=-1) / size
            found.append(np.column_stack([mean, np.sqrt(squares)]))
        return found

    def _chances(self, form: Form, centre: Floats, of: Values) -> Floats:
        """Probability of each category, shape (surveys, categories), as `density` has it."""
        dims = {"step": ("survey", "step")}
        named = {name: xr.DataArray(value, dims=dims.get(name, ("survey",))) for name, value in of.items()}
        each = xr.DataArray(np.eye(len(form.categories)), dims=("category", "category_place"))
        found: Any = self.log_density(form, xr.DataArray(centre, dims="survey"), named, {"is_category": each})
        chances = np.exp(found.transpose("survey", "category").values)
        return np.asarray(chances / chances.sum(axis=-1, keepdims=True))
