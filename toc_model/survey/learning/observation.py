"""What respondents say, attached to the nodes of an open model; the story is not edited.

For respondent i in camp g, question q and framing f, on the node's natural scale h, a belief is centred on
``h(node) + B + phi_f + u_g`` and deviates by the respondent's bias and error, which the likelihoods integrate out.
``B`` is the bias common to everybody whom a source asks about a topic, of which sources that ask one population share a
part (`toc_model.survey.learning.biases`): a standard normal variable times a scale that the mapping document states,
for no number of answers can remove it or tell its size. ``b_i`` and the respondent's error
have one deviation between them. It is independent from question to question, or, with ``shared_bias``, partly one
standard normal variable (a mood) in all answers that a respondent gave to a source, times each question's own loading:
people whom AI worries expect it sooner, and think alignment harder. The mood is integrated out over all of a
respondent's answers together, by quadrature on the densities of patterns, so that there is no latent for each
respondent. Its sign is free; the first question's loading is positive. On ESPAI a step of
the sampler takes 2.8 times as long with it (1.8 and 0.65 ms), so it is not the default.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pymc as pm
import pymc.dims as pmd
import xarray as xr

from toc_model.engine.laws import Quantity, at, exp, log, log_sum_exp, total
from toc_model.survey.kinds import KINDS
from toc_model.survey.kinds.mood import moods
from toc_model.survey.kinds.parameters import Family, Parameter
from toc_model.survey.kinds.scales import CAMP_SD, LOADING_SD
from toc_model.survey.learning.biases import FREEDOM, groups_of, wordings_of
from toc_model.survey.learning.people import People, answers_together, people_of
from toc_model.survey.learning.questions import Asked
from toc_model.survey.learning.settings import Common

type Parameters = dict[str, Any]


def observe_answers(
    asked: Sequence[Asked], nodes: Mapping[str, Quantity], common: Common, *, shared_bias: bool = False
) -> None:
    """Add the answers to the open model.

    Parameters
    ----------
    asked : sequence of Asked
    nodes : mapping of question name to a scalar variable
        The quantity that each question asks about, on its natural scale.
    common : Common
        Whether respondents may share a bias; without it, which is wrong, many answers look certain. And its shape.
    shared_bias : bool
        Whether all answers of one respondent share a bias.
    """
    places = {question.name: _Place(nodes[question.name], spread) for question, spread in _spreads(asked)}
    for name, group in groups_of(asked).items():
        if common.scale:
            _add_bias(name, group, places, common)
    for people in people_of(asked):
        of_source = [question for question in asked if question.source_id == people.source_id]
        together = people.together if shared_bias else ()
        densities = {
            question.name: _density(
                question, _centre(question, places[question.name].anchor, places[question.name].spread), together
            )
            for question in of_source
        }
        _observe_people(people, together, of_source, densities)


@dataclass(slots=True)
class _Place:
    """Where the centres of a question's beliefs lie, and how far around."""

    anchor: Any
    spread: Any


def _spreads(asked: Sequence[Asked]) -> Iterator[tuple[Asked, float]]:
    """What wordings add where a source puts a matter in several ways."""
    wordings = wordings_of(asked)
    for question in asked:
        several = wordings[question.source_id, question.bias] > 1
        yield question, question.mapping.apart if several else 0.0


def _add_bias(name: str, group: Sequence[Asked], places: Mapping[str, _Place], common: Common) -> None:
    """Add what a group is wrong about together; a source that puts one question in one way has it in its centre."""
    sources = list(dict.fromkeys(question.source_id for question in group))
    stretch = _stretch(name, common)
    rho = group[0].mapping.bias_rho if len(sources) > 1 else 0.0
    shared = pmd.Normal(f"bias_{name}", mu=0, sigma=1) if rho else None
    for source in sources:
        asked = [question for question in group if question.source_id == source]
        alone = len(asked) == 1 and not places[asked[0].name].spread
        label = f"bias_{name}_{source}" if len(sources) > 1 else f"bias_{name}"
        own = None if alone or rho == 1 else pmd.Normal(label, mu=0, sigma=1)
        for question in asked:
            place, scale = places[question.name], question.mapping.bias_sd * stretch
            if shared is not None:
                place.anchor = place.anchor + rho**0.5 * scale * shared
            if own is not None:
                place.anchor = place.anchor + (1 - rho) ** 0.5 * scale * own
            elif rho < 1:
                place.spread = (1 - rho) ** 0.5 * scale


def _stretch(name: str, common: Common) -> Any:
    """What makes a normal bias heavy-tailed."""
    if common.shape == "normal":
        return 1.0
    variance = pmd.InverseGamma(f"stretch_{name}", alpha=FREEDOM / 2, beta=FREEDOM / 2)
    return exp(log(variance) / 2)


def _density(question: Asked, centre: Any, together: Sequence[str]) -> Quantity:
    """Log density of each pattern; given an expert's mood, if there is anything that it could share it with."""
    parameters, data = _parameters(question, centre), _symbolic(question)
    law = KINDS[question.kind].log_density
    if question.name not in together:
        return law(question.mapping, centre, parameters, data)
    first = question.name == together[0]
    family = pmd.HalfNormal if first else pmd.Normal
    loading = family(f"{question.name}_loading", sigma=LOADING_SD)
    places = pmd.as_xtensor(moods()[0], dims=("mood",))
    return law(question.mapping, centre, {**parameters, "loading": loading}, data, places)


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
        log_weights = pmd.as_xtensor(moods()[1], dims=("mood",))
        whole = log_sum_exp(log_weights + answers_together(own, densities, sizes), "mood")
        counts = pmd.as_xtensor(own.counts, dims=("expert",))
        _observe(f"{people.source_id}_answers", total(counts * whole, "expert"))


def _centre(question: Asked, anchor: Any, spread: Any) -> Any:
    """The centre of beliefs for each pattern, spread around what the node and shared biases make it.

    The spread is that of wordings, or of the common bias of a question that is put in one way. It is centred, against
    the habit for small groups: hundreds of answers fix the centre far better than the node does, and sampling it
    directly leaves the node and the biases free to move against each other.
    """
    name = question.name
    dim = _labels(f"{name}_framings", question.framings)
    if not (isinstance(spread, float) and spread == 0):
        anchor = pmd.Normal(f"{name}_centre", mu=anchor, sigma=spread, dims=(dim,))
        anchor = anchor.isel({dim: _place(question, "framing")})
    if len(question.groups) > 1:
        dim = _labels(f"{name}_groups", question.groups)
        scale = pmd.HalfNormal(f"{name}_camp_sd", sigma=CAMP_SD * question.mapping.width)
        camps = pmd.Deterministic(f"{name}_camp", scale * pmd.Normal(f"{name}_camp_z", mu=0, sigma=1, dims=(dim,)))
        group, last = _place(question, "group"), len(question.groups) - 1
        anchor = anchor + camps.isel({dim: group.clip(max=last)}) * pmd.as_xtensor(
            (group.values <= last).astype(float), dims=("pattern",)
        )
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


def _parameters(question: Asked, centre: Any) -> Parameters:
    """What the likelihood of the question's kind takes, as random variables, and the centre of the first pattern."""
    reference: Any = at(centre, pattern=0)
    declared = KINDS[question.kind].parameters(question.mapping)
    found = {parameter.name: _variable(question.name, parameter) for parameter in declared}
    return {"reference": reference, **found}


def _variable(question: str, parameter: Parameter) -> Any:
    """A parameter as a random variable, its places along a dimension that the likelihoods know."""
    name = parameter.variable(question)
    dims: tuple[str, ...] = ()
    if parameter.labels is not None:
        dims = (parameter.dim(question),)
        pm.modelcontext(None).add_coord(dims[0], list(parameter.labels))
    location, scale = (_placed(value, dims) for value in (parameter.location, parameter.scale))
    found = VARIABLES[parameter.family](name, parameter, location, scale, dims)
    return found.rename({dims[0]: parameter.name}) if dims else found


def _placed(value: float | tuple[float, ...], dims: tuple[str, ...]) -> Any:
    """One number for all places, or one for each."""
    return pmd.as_xtensor(np.array(value), dims=dims) if isinstance(value, tuple) else value


def _dirichlet(name: str, parameter: Parameter, _location: Any, _scale: Any, dims: tuple[str, ...]) -> Any:
    return pmd.Dirichlet(name, a=_placed(parameter.weights, dims), core_dims=dims[0])


VARIABLES: dict[Family, Callable[[str, Parameter, Any, Any, tuple[str, ...]], Any]] = {
    "normal": lambda name, _, location, scale, dims: pmd.Normal(name, mu=location, sigma=scale, dims=dims),
    "half_normal": lambda name, _, _location, scale, dims: pmd.HalfNormal(name, sigma=scale, dims=dims),
    "lognormal": lambda name, _, location, scale, dims: pmd.LogNormal(name, mu=location, sigma=scale, dims=dims),
    "dirichlet": _dirichlet,
}
