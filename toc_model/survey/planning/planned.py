"""A survey that is only planned: what its answers might be in each draw, as summaries.

Answers come about as the update takes them to (`toc_model.survey.learning.observation`): in each draw the respondents'
beliefs are centred on the target plus one bias that they all share, deviate from person to person, and are rounded or
stated in the way of the question's kind. What the update does not know beforehand (the size of deviations, habits of
rounding) is drawn anew for each draw. More respondents never remove the shared bias, which is why a survey's value
levels off."""

from collections.abc import Sequence

import numpy as np
import xarray as xr

from toc_model.aliases import Floats
from toc_model.errors import InputError
from toc_model.survey.documents.mapping import Question
from toc_model.survey.kinds import KINDS
from toc_model.survey.kinds.natural import SCALES
from toc_model.survey.kinds.simulation import summarised_surveys

MOST = 100_000
"""Most experts whose answers are simulated."""
TOGETHER = 1000
"""Draws whose surveys are simulated together."""


def simulated_summaries(
    question: Question,
    target: Floats,
    experts: Sequence[int],
    *,
    spread: float | None = None,
    seed: int = 1,
) -> dict[int, xr.Dataset]:
    """Simulate a survey in each draw and summarise it.

    Parameters
    ----------
    question : Question
        Its kind, scale and shared bias.
    target : array of shape (draws,)
        What the question is about, in its own unit.
    experts : sequence of int
        Numbers of respondents; smaller surveys are the first respondents of the largest.
    spread : float, optional
        Standard deviation between respondents on the natural scale; unknown, as the update takes it, by default.
    seed : int

    Returns
    -------
    dict of int to xarray.Dataset
        For each number of respondents, summaries with the dims ``(draw,)``.

    Raises
    ------
    InputError
        If a number of respondents or the spread is not positive, or the target can't be put on its scale.
    """
    fail_if_no_survey(experts, spread)
    natural = _on_scale(question, target)
    circumstances = KINDS[question.kind].planned(natural, question.width)
    sizes = sorted(set(experts))
    rows = []
    for start in range(0, len(natural), TOGETHER):
        rng, here = np.random.default_rng([seed, start]), natural[start : start + TOGETHER]
        rows.append(summarised_surveys(question, here, sizes, circumstances, rng, spread))
    return {many: _dataset(np.concatenate(found)) for many, found in zip(sizes, zip(*rows, strict=True), strict=True)}


def fail_if_no_survey(experts: Sequence[int], spread: float | None = None) -> None:
    """Fail if a number of respondents or the spread between them is not one that can be simulated."""
    if not experts:
        raise InputError("experts: found none; allowed: a number or more")
    for many in experts:
        if not 1 <= many <= MOST:
            raise InputError(f"experts: found {many}; allowed: 1 to {MOST}")
    if spread is not None and not 0 < spread < np.inf:
        raise InputError(f"spread: found {spread:g}; allowed: more than 0")


def _on_scale(question: Question, target: Floats) -> Floats:
    scale = SCALES[question.scale]
    with np.errstate(divide="ignore", invalid="ignore"):
        natural = np.asarray(scale.to(np.asarray(target, float)))
    if not np.isfinite(natural).all():
        raise InputError(
            f"{question.target}: found a value that the scale {question.scale!r} does not have; allowed: {scale.values}"
        )
    return natural


def _dataset(rows: Floats) -> xr.Dataset:
    return xr.Dataset({f"summary{place}": ("draw", column) for place, column in enumerate(rows.T)})
