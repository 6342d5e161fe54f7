"""What respondents say, attached to the nodes of an open model; the story is not edited.

For respondent i in camp g, question q and framing f, on the node's natural scale h, a belief is centred on
``h(node) + B + phi_f + u_g`` and deviates by the respondent's bias and error, which the likelihoods integrate out.
``B`` is the bias common to everybody whom a source asks about a quantity: a standard normal variable times a scale that
the mapping document states, for no number of answers can remove it or tell its size. ``b_i`` and the respondent's error
have one deviation between them. It is independent from question to question, or, with ``shared_bias``, partly one
standard normal variable (a mood) in all answers that a respondent gave to a source, times each question's own loading:
people whom AI worries expect it sooner, and think alignment harder. The mood is integrated out over all of a
respondent's answers together, by quadrature on the densities of patterns, so that there is no latent for each
respondent. Its sign is free; the first question's loading is positive. On ESPAI a step of
the sampler takes 2.8 times as long with it (1.8 and 0.65 ms), so it is not the default.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pymc as pm
import pymc.dims as pmd
import xarray as xr

from toc_model.engine.laws import Quantity, at, log_sum_exp, total
from toc_model.survey.kinds import likelihood
from toc_model.survey.kinds.densities import log_density
from toc_model.survey.kinds.questions import Asked
from toc_model.survey.kinds.rounding import GRIDS, SPIKES
from toc_model.survey.kinds.scales import (
    CAMP_SD,
    CUT_SD,
    DEVIATION_LOG_SD,
    FRAMING_SD,
    LOADING_SD,
    NOISE_SD,
    OVERCONFIDENCE_SD,
    STEP_LOG_MEAN,
    STEP_LOG_SD,
)
from toc_model.survey.learning.people import People, answers_together, people_of

type Parameters = dict[str, Any]


def observe_answers(
    asked: Sequence[Asked], nodes: Mapping[str, Quantity], *, common_bias: bool = True, shared_bias: bool = False
) -> None:
    """Add the answers to the open model.

    Parameters
    ----------
    asked : sequence of Asked
    nodes : mapping of question name to a scalar variable
        The quantity that each question asks about, on its natural scale.
    common_bias : bool
        Whether respondents may share a bias; without it, which is wrong, many answers look certain.
    shared_bias : bool
        Whether all answers of one respondent share a bias.
    """
    wordings = Counter(question.bias for question in asked for _ in question.framings)
    shared = {
        name: pmd.Normal(f"bias_{name}", mu=0, sigma=1) for name, many in wordings.items() if common_bias and many > 1
    }
    for people in people_of(asked):
        of_source = [question for question in asked if question.source_id == people.source_id]
        together = people.together if shared_bias else ()
        densities = {}
        for question in of_source:
            anchor, spread = nodes[question.name], FRAMING_SD
            if question.bias in shared:
                anchor = anchor + question.mapping.bias_sd * shared[question.bias]
            elif wordings[question.bias] == 1:
                spread = question.mapping.bias_sd if common_bias else 0.0
            densities[question.name] = _density(question, _centre(question, anchor, spread), together)
        _observe_people(people, together, of_source, densities)


def _density(question: Asked, centre: Any, together: Sequence[str]) -> Quantity:
    """Log density of each pattern; given an expert's mood, if there is anything that it could share it with."""
    parameters, data = _parameters(question, centre), _symbolic(question)
    if question.name not in together:
        return log_density(question, centre, parameters, data)
    first = question.name == together[0]
    kind = pmd.HalfNormal if first else pmd.Normal
    loading = kind(f"{question.name}_loading", sigma=LOADING_SD)
    places = pmd.as_xtensor(likelihood.moods()[0], dims=("mood",))
    return log_density(question, centre, {**parameters, "loading": loading}, data, places)


def _observe_people(
    people: People, together: Sequence[str], asked: Sequence[Asked], densities: Mapping[str, Any]
) -> None:
    """Count each question's patterns; where experts answered several together, count experts."""
    for question in asked:
        if question.name not in together:
            counts = _symbolic(question)["count"]
            _observe(f"{question.name}_answers", total(counts * densities[question.name], "pattern"))
    if together:
        own = people.only(together)
        sizes = {question.name: question.data.sizes["pattern"] for question in asked}
        log_weights = pmd.as_xtensor(likelihood.moods()[1], dims=("mood",))
        whole = log_sum_exp(log_weights + answers_together(own, densities, sizes), "mood")
        counts = pmd.as_xtensor(own.counts, dims=("expert",))
        _observe(f"{people.source_id}_answers", total(counts * whole, "expert"))


def _centre(question: Asked, anchor: Any, spread: float) -> Any:
    """The centre of beliefs for each pattern, spread around what the node and shared biases make it.

    The spread is that of wordings, or of the common bias of a question that is put in one way. It is centred, against
    the habit for small groups: hundreds of answers fix the centre far better than the node does, and sampling it
    directly leaves the node and the biases free to move against each other.
    """
    name = question.name
    dim = _labels(f"{name}_framings", question.framings)
    if spread:
        anchor = pmd.Normal(f"{name}_centre", mu=anchor, sigma=spread, dims=(dim,))
        anchor = anchor.isel({dim: _place(question, "framing")})
    if len(question.groups) > 1:
        dim = _labels(f"{name}_groups", question.groups)
        scale = pmd.HalfNormal(f"{name}_camp_sd", sigma=CAMP_SD)
        camps = pmd.Deterministic(f"{name}_camp", scale * pmd.Normal(f"{name}_camp_z", mu=0, sigma=1, dims=(dim,)))
        anchor = anchor + camps.isel({dim: _place(question, "group")})
    return anchor


def _labels(dim: str, labels: tuple[str, ...]) -> str:
    pm.modelcontext(None).add_coord(dim, [label or "all" for label in labels])
    return dim


def _place(question: Asked, what: str) -> xr.DataArray:
    """For each pattern, the place of its framing or camp."""
    return xr.DataArray(question.data[what].values, dims="pattern")


def _observe(name: str, log_density: Any) -> None:
    """Add a log density as that of an observed zero: PyMC can't differentiate a potential with named dimensions."""
    pm.CustomDist(name, log_density.values, logp=lambda zero, total: total + 0 * zero, observed=np.zeros(()))


def _symbolic(question: Asked) -> dict[str, Any]:
    """The data of a question as symbolic constants."""
    data = question.data
    return {str(name): pmd.as_xtensor(values.values, dims=values.dims) for name, values in data.data_vars.items()}


def _probability(name: str) -> Parameters:
    pm.modelcontext(None).add_coords({f"{name}_grids": list(GRIDS), f"{name}_spikes": list(SPIKES)})
    return {
        "deviation": _deviation(name),
        "grid": _simplex(f"{name}_grid", np.ones(len(GRIDS)), f"{name}_grids", "grid"),
        "spike": _simplex(f"{name}_spike", np.array(list(SPIKES.values())), f"{name}_spikes", "spike"),
    }


def _simplex(name: str, weights: np.ndarray, dim: str, as_dim: str) -> Any:
    shares = pmd.Dirichlet(name, a=pmd.as_xtensor(weights, dims=(dim,)), core_dims=dim)
    return shares.rename({dim: as_dim})


def _deviation(name: str) -> Any:
    """Spread between respondents, on the natural scale."""
    return pmd.LogNormal(f"{name}_deviation", mu=0.0, sigma=DEVIATION_LOG_SD)


def _duration(name: str) -> Parameters:
    return {"deviation": _deviation(name)}


def _quantile(name: str) -> Parameters:
    overconfidence = pmd.Normal(f"{name}_overconfidence", mu=0, sigma=OVERCONFIDENCE_SD)
    return {"deviation": _deviation(name), "overconfidence": overconfidence}


def _cdf_point(name: str) -> Parameters:
    spread = pmd.LogNormal(f"{name}_spread", mu=0.0, sigma=DEVIATION_LOG_SD)
    return {**_quantile(name), "spread": spread, "noise": pmd.HalfNormal(f"{name}_noise", sigma=NOISE_SD)}


def _ordered(question: Asked, centre: Any) -> Parameters:
    """The unit is the deviation between respondents. Cut points are unknown, within `CUT_SD` of zero, so the level of
    the node is hardly seen; they are counted from the first pattern's centre, which answers fix."""
    name, highest = question.name, len(question.mapping.categories)
    dim = f"{name}_steps"
    pm.modelcontext(None).add_coord(dim, list(range(2, highest)))
    reference = at(centre, pattern=0)
    first = pmd.Normal(f"{name}_first_cut", mu=-reference, sigma=CUT_SD)
    steps = pmd.LogNormal(f"{name}_step", mu=STEP_LOG_MEAN, sigma=STEP_LOG_SD, dims=(dim,))
    return {"reference": reference, "first_cut": first, "step": steps.rename({dim: "step"})}


def _parameters(question: Asked, centre: Any) -> Parameters:
    """What the likelihood of the question's kind takes, as random variables."""
    if question.kind == "ordered":
        return _ordered(question, centre)
    return PARAMETERS[question.kind](question.name)


PARAMETERS: dict[str, Callable[[str], Parameters]] = {
    "probability": _probability,
    "quantile": _quantile,
    "cdf_point": _cdf_point,
    "duration": _duration,
}
