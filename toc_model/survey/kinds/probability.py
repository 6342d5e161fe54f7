"""Stated probabilities: rounded, or a stock answer, or a slip."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from toc_model.aliases import Floats
from toc_model.engine.laws import Quantity, total
from toc_model.survey.kinds.densities import TAILS, student_cdf
from toc_model.survey.kinds.kind import Circumstances, Form, Kind, Values
from toc_model.survey.kinds.natural import OPEN, SCALES, natural
from toc_model.survey.kinds.parameters import DEVIATION, Parameter
from toc_model.survey.kinds.patterns import Collected, collapsed, dataset
from toc_model.survey.kinds.rounding import DIGITS, GRIDS, NEXT_TO_NOTHING, SPIKES, STOCK, cells, principled, rounded
from toc_model.survey.kinds.said import WHOLE_PER_CENTS, Sums, moments, sums_of
from toc_model.survey.kinds.slips import log_with_slips, with_slips

MANY = 64
"""People from whom on sums over them are drawn as such."""

GRID = Parameter("grid", "dirichlet", labels=tuple(GRIDS), weights=(1.0,) * len(GRIDS))
"""Share of respondents who round to each grid."""
SPIKE = Parameter("spike", "dirichlet", labels=tuple(SPIKES), weights=tuple(SPIKES.values()))
"""Shares who say 0 or 1 on principle, 50 % for want of an opinion, and none of these (last)."""
NEAR = Parameter("near", "dirichlet", labels=("exactly", "nearly"), weights=(9.0, 1.0))
"""Of those who say 0 or 1 on principle, shares who say just that, and who say a number next to it."""


class Probability(Kind):
    """Stated probabilities.

    A belief is Student-t on the scale of the question; it is stated as the nearest place of the grid that the
    respondent uses (`toc_model.survey.kinds.rounding`), so an answer stands for the cells of all grids that it lies on,
    and those of 0 and 1 are open.

    Data: ``value``; ``lower`` and ``upper`` edges of cells on the natural scale, dims ``(pattern, grid)``, equal where
    the answer is no place of the grid; ``exactly`` and ``nearly``, dims ``(pattern, spike)``, whose last place is 1
    everywhere and stands for beliefs, as ``is_belief``, dims ``(spike,)``, says.
    """

    name = "probability"
    is_probability = True
    is_rounded = True

    def possible(self, _lower: float, _upper: float, _flags: Sequence[str]) -> tuple[float, float]:
        """From 0 to 1."""
        return 0.0, 1.0

    def read(self, answers: pd.DataFrame, form: Form) -> Collected:
        """The cells that each answer stands for."""
        table, members = collapsed(answers, "value")
        stated = table["value"].to_numpy()
        data = dataset(table)
        for side, edge in zip(("lower", "upper"), cells(stated), strict=True):
            open_end = np.where(edge <= 0, -OPEN, np.where(edge >= 1, OPEN, 0.0))
            data[side] = (("pattern", "grid"), np.where(open_end, open_end, natural(edge, form.scale)))
        for name, said in zip(NEAR.labels or (), principled(stated), strict=True):
            data[str(name)] = (("pattern", "spike"), said)
        is_belief = [float(name == "belief") for name in SPIKES]
        return Collected(data.assign(is_belief=("spike", is_belief)), members)

    def observed(self, data: xr.Dataset) -> Floats:
        """The stated probability."""
        return np.asarray(data["value"].values, float)

    def parameters(self, form: Form) -> tuple[Parameter, ...]:
        """The deviation, and habits of rounding."""
        return DEVIATION.of_width(form.width), GRID, SPIKE, NEAR

    def density(self, _: Form, centre: Any, shift: Any, of: Values, data: Values) -> Quantity:
        """Log probability of the answer."""
        middle, deviation = centre + shift, of["deviation"]
        inside = student_cdf((data["upper"] - middle) / deviation) - student_cdf((data["lower"] - middle) / deviation)
        believed = total(of["grid"] * inside, "grid")
        is_belief, near = data["is_belief"], of["near"]
        said = near.isel(near=0) * data["exactly"] + near.isel(near=1) * data["nearly"]
        stated = total(of["spike"] * said * ((1 - is_belief) + is_belief * believed), "spike")
        return log_with_slips(stated, len(WHOLE_PER_CENTS))

    def draw(self, form: Form, centre: Floats, of: Values, _: Values, rng: np.random.Generator) -> Floats:
        """Probabilities. Beliefs beyond 0 and 1, which other scales than the logit have, are stated as these."""
        belief = SCALES[form.scale].back(centre + of["deviation"] * rng.standard_t(TAILS, centre.shape))
        return stated_probabilities(np.asarray(belief), of, rng)

    def summaries(self, form: Form, answers: Floats) -> Floats:
        """Mean and spread of the answers but zeros, on the natural scale, and the share of zeros."""
        return sums_of(answers, form.scale).summaries(form.scale)

    def surveyed(
        self,
        form: Form,
        centre: Floats,
        of: Values,
        circumstances: Circumstances,
        sizes: Sequence[int],
        rng: np.random.Generator,
    ) -> list[Floats]:
        """The same by sums over people; who are few answer one by one."""
        of_one = moments(form.scale, centre, of["deviation"], of["grid"], of["spike"], of["near"])
        sums: Sums | None = None
        found = []
        for before, size in pairwise([0, *sizes]):
            if size - before < MANY:
                more = sums_of(self.answers(form, centre, of, circumstances, size - before, rng), form.scale)
            else:
                more = of_one.sums(size - before, rng)
            sums = sums.joined(more) if sums else more
            found.append(sums.summaries(form.scale))
        return found


def stated_probabilities(belief: Floats, of: Values, rng: np.random.Generator) -> Floats:
    """Draw what is stated by people who believe a probability: rounded, a stock answer, or a slip.

    Parameters
    ----------
    belief : array
        What lies beyond 0 and 1 is stated as these.
    of : mapping of name to array
        Shares ``grid``, ``spike`` and ``near``: arrays with one more axis, along which they sum to one.
    rng : numpy.random.Generator
    """
    is_near, which, grid = (_places(of[name], belief.shape, rng) for name in ("near", "spike", "grid"))
    missing = is_near * rng.choice(NEXT_TO_NOTHING, belief.shape)
    nothing, half, certain = STOCK
    said = np.choose(which, [nothing + missing, half, np.round(certain - missing, DIGITS), rounded(belief, grid)])
    return with_slips(said, WHOLE_PER_CENTS, rng)


def _places(shares: Floats, shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Draw places along the last axis of shares that sum to one along it."""
    rising = np.cumsum(shares, axis=-1)[..., :-1]
    return np.asarray((rng.random(shape)[..., None] > rising).sum(axis=-1))
