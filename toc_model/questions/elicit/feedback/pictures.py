"""A question's figures as drawings of a page."""

import math

from toc_model.present import words
from toc_model.present.drawing import picture
from toc_model.present.section import Picture
from toc_model.questions.elicit.feedback.asked import Asked
from toc_model.questions.elicit.feedback.figure import (
    densities_figure,
    goes_beyond,
    has_curves,
    is_cut,
    ranges_figure,
    strip_figure,
)


def pictures(name: str, found: Asked) -> list[Picture]:
    """The figures of a question.

    Parameters
    ----------
    name : str
        Of its section, with which their names begin.
    found : Asked
        With answers.
    """
    if found.is_event:
        return [_strip(name, found)]
    return [_ranges(name, found), *([_densities(name, found)] if has_curves(found) else [])]


def _strip(name: str, found: Asked) -> Picture:
    squares = any(one.belief.median in (0, 1) for one in found.answers)
    told = ["A dot for each expert."]
    told += ["White squares are answers of exactly 0 or 1."] if squares else []
    told += [_line_of_pool(found)] if found.pool else []
    return picture(
        f"{name}-strip",
        strip_figure(found),
        "Probabilities",
        _described(found, "A strip of dots"),
        caption=" ".join(told),
    )


def _line_of_pool(found: Asked) -> str:
    if found.pool and not math.isnan(found.pool.median):
        return f"The line is the pool ({words.named(found.method)}), of answers as they were said."
    return f"There is no line for the pool: {words.named(found.method)} is not defined where some say 0 and others 1."


def _ranges(name: str, found: Asked) -> Picture:
    told = [f"{_ends(found)}; the sign between is the median."]
    told += ["Of chips, both are read off the curve."] if found.question.form == "chips" else []
    told += ["An arrow: the range goes on beyond the axis."] if goes_beyond(found) else []
    return picture(
        f"{name}-ranges",
        ranges_figure(found),
        "What was said",
        _described(found, "A row for each expert"),
        caption=" ".join(told),
    )


def _ends(found: Asked) -> str:
    """Between which levels ranges are, and which are others."""
    pairs = [one.belief.ends for one in found.answers]
    usual = found.pool.ends if found.pool else max(pairs, key=pairs.count)
    others = [f"{one.letter} {_levels(one.belief.ends)}" for one in found.answers if one.belief.ends != usual]
    differing = f" ({', '.join(others)})" if others else ""
    return f"Ranges are {_levels(usual)}{differing}"


def _levels(ends: tuple[float, float]) -> str:
    low, high = (words.percent_of(level) for level in ends)
    return f"a single value at {low}" if low == high else f"{low} to {high}"


def _densities(name: str, found: Asked) -> Picture:
    several = len(found.answers) > 1
    told = ["Thin grey: each expert's curve." if several else "Dark: the answer's curve."]
    told += ["Thick: the pool."] if found.pool else []
    told += ["Dashed: the prior."] if found.prior else []
    if found.drawn and found.drawn.axis.is_log:
        told.append("On this scale, areas are probabilities too.")
    if is_cut(found):
        told.append("A triangle at the top: the curve is higher, and cut so that it does not flatten the others.")
    return picture(
        f"{name}-densities",
        densities_figure(found),
        "As curves",
        _described(found, "Densities"),
        caption=" ".join(told),
    )


def _described(found: Asked, what: str) -> str:
    """What a drawing shows, for those who can't see it."""
    beliefs = [*((one.letter, one.belief) for one in found.answers), ("pool", found.pool), ("prior", found.prior)]
    parts = [f"{who} {words.sized(one.median)}" for who, one in beliefs if one and not math.isnan(one.median)]
    return f"{what}; medians in {found.unit}: {', '.join(parts)}."
