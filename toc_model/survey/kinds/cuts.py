"""Cut points between ordered categories, and what is known of them beforehand.

A category may be anchored: its mapping says from which value of the target on people give it, and how uncertain that
is. The cut point of the surest anchor is normal around it. The others are counted from there in steps, which are
lognormal: between two anchors around an even share of their distance, which is as uncertain as both of them; elsewhere
as steps are without anchors. That leaves the level as uncertain as the surest anchor, however many there are, since
whoever is wrong about one is apt to be wrong about all in the same way.
"""

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from toc_model.errors import unknown
from toc_model.survey.kinds.kind import Form
from toc_model.survey.kinds.natural import SCALES, natural, open_ends
from toc_model.survey.kinds.parameters import DEVIATION, Parameter
from toc_model.survey.kinds.scales import CUT_SD, STEP_LOG_MEAN, STEP_LOG_SD


def fail_if_anchors_unfit(form: Form) -> None:
    """Fail if an anchor is of no category that has one before it, off the scale, or out of order.

    Raises
    ------
    ValueError
        What was found and what is allowed.
    """
    first, *others = form.categories
    for name, anchor in form.anchors.items():
        if name == first:
            raise ValueError(f"anchors: found {name!r}, the first category; allowed: those with one before them")
        if name not in others:
            raise ValueError(f"anchors: {unknown('category', name, others)}")
        if open_ends(anchor.start, form.scale)[0] != 0:
            raise ValueError(f"anchors: {name}: from: found {anchor.start:g}; allowed: {SCALES[form.scale].values}")
    listed = [(name, form.anchors[name].start) for name in others if name in form.anchors]
    for (before, one), (after, other) in pairwise(listed):
        if (other - one) * form.sign <= 0:
            way = "rising" if form.sign > 0 else "falling, since sign is -1"
            raise ValueError(f"anchors: found {one:g} for {before!r} and {other:g} for {after!r}; allowed: {way}")


def cut_parameters(form: Form) -> tuple[Parameter, ...]:
    """What is unknown of cut points: one of them (`pivot`), and the steps from each to the next.

    With anchors, all of it is on the natural scale, and so is the deviation between respondents, which is unknown too.
    Without, it is in deviations, and counted from the reference, so that nothing is said of the level. See `latent`.
    """
    labels = tuple(range(2, len(form.categories)))
    found = anchored(form)
    if not found:
        step = Parameter("step", "lognormal", STEP_LOG_SD, STEP_LOG_MEAN, labels=labels)
        return Parameter("cut", "normal", CUT_SD), step
    at, sd = found[pivot(form)]
    steps = [(STEP_LOG_MEAN + math.log(form.width), STEP_LOG_SD)] * len(labels)
    for (one, (low, low_sd)), (other, (high, high_sd)) in pairwise(sorted(found.items())):
        each, many = (high - low) / (other - one), other - one
        uncertain = math.hypot(low_sd, high_sd) / math.sqrt(many)
        steps[one:other] = [(math.log(each), math.sqrt(math.log1p((uncertain / each) ** 2)))] * many
    locations, scales = (tuple(part) for part in zip(*steps, strict=True)) if steps else ((), ())
    cut = Parameter("cut", "normal", sd, at, on_scale=True)
    return DEVIATION.of_width(form.width), cut, Parameter("step", "lognormal", scales, locations, labels=labels)


def anchored(form: Form) -> dict[int, tuple[float, float]]:
    """Anchor and its standard deviation on the natural scale, by place of the cut point, the lowest target first."""
    many = len(form.categories)
    found = {}
    for name, anchor in form.anchors.items():
        place = list(form.categories).index(name)
        found[place - 1 if form.sign > 0 else many - 1 - place] = float(natural(anchor.start, form.scale)), anchor.sd
    return found


def pivot(form: Form) -> int:
    """Place of the cut point that steps are counted from: of the surest anchor, or without any, the first."""
    found = anchored(form)
    return min(sorted(found), key=lambda place: found[place][1], default=0)


def cut_points(cut: Any, step: Callable[[int], Any], pivot: int, many: int) -> list[Any]:
    """All cut points in rising order.

    Parameters
    ----------
    cut : scalar or array
        The one at the place `pivot`.
    step : callable
        From a place to the step from its cut point to the next.
    pivot : int
    many : int
        How many there are.
    """
    found = [cut]
    for place in range(pivot, many - 1):
        found.append(found[-1] + step(place))
    for place in reversed(range(pivot)):
        found.insert(0, found[0] - step(place))
    return found


def latent(form: Form, centre: Any, reference: Any) -> Any:
    """Centres of beliefs as cut points are: on the natural scale; without anchors, in widths from the reference."""
    return centre if form.anchors else (centre - reference) / form.width
