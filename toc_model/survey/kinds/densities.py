"""The log density of answers to a question, from its parameters by name: the same for a model and for its draws."""

from collections.abc import Callable, Mapping
from typing import Any

from toc_model.engine.laws import Quantity, exp, log, total
from toc_model.survey.kinds import likelihood
from toc_model.survey.kinds.questions import Asked

type Values = Mapping[str, Any]


def log_density(question: Asked, centre: Any, of: Values, data: Values, mood: Any = None) -> Quantity:
    """Log density of one answer of each pattern.

    Parameters
    ----------
    question : Asked
    centre : dims ``(pattern, ...)``
        Centre of beliefs on the natural scale.
    of : mapping of name to value
        The question's parameters: ``deviation``, ``loading`` and what else the likelihood of the kind takes; for
        ordered answers ``reference``, the centre that cut points are counted from.
    data : mapping of name to array
        As `Asked.data` has them.
    mood : dims ``(mood,)``, optional
        What an expert's answers share, in standard deviations; the density is conditional on it.
    """
    shift, residual = (0.0, of.get("deviation", 1.0)) if mood is None else split(of, mood)
    return DENSITIES[question.kind](
        centre, shift, {**of, "deviation": residual, "categories": len(question.mapping.categories)}, data
    )


def split(of: Values, mood: Any) -> tuple[Any, Any]:
    """What an expert's own bias adds to the centre, and what is left of the deviation.

    Their variances add up to the square of ``deviation`` (1 for ordered answers), whatever the ``loading``.
    """
    whole = exp(log(1 + of["loading"] * of["loading"]) / -2)
    residual = of.get("deviation", 1.0) * whole
    return of["loading"] * residual * mood, residual


def _probability(centre: Any, shift: Any, of: Values, data: Values) -> Quantity:
    return likelihood.rounded_probability(centre + shift, of["deviation"], of["grid"], of["spike"], data)


def _quantile(centre: Any, shift: Any, of: Values, data: Values) -> Quantity:
    return likelihood.stated_quantiles(centre + shift, of["deviation"], of["overconfidence"], data)


def _cdf_point(centre: Any, shift: Any, of: Values, data: Values) -> Quantity:
    return likelihood.stated_cdf_points(
        centre, of["deviation"], of["overconfidence"], of["spread"], of["noise"], data, shift
    )


def _duration(centre: Any, shift: Any, of: Values, data: Values) -> Quantity:
    return likelihood.stated_duration(centre + shift, of["deviation"], data)


def _ordered(centre: Any, shift: Any, of: Values, data: Values) -> Quantity:
    """Cut points are counted from the reference."""
    first, steps = of["first_cut"], of["step"]
    highest = of["categories"]
    cuts = [first, *(first + total(steps.isel(step=slice(0, k)), "step") for k in range(1, highest - 1))]
    is_category = [data["is_category"].isel(category_place=k) for k in range(highest)]
    return likelihood.stated_category(
        (centre - of["reference"] + shift) / of["deviation"], [cut / of["deviation"] for cut in cuts], is_category
    )


DENSITIES: dict[str, Callable[[Any, Any, Values, Values], Quantity]] = {
    "probability": _probability,
    "quantile": _quantile,
    "cdf_point": _cdf_point,
    "duration": _duration,
    "ordered": _ordered,
}
