"""A worldview's document made of a posterior: normal margins and correlations on the scale of its priors."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

import numpy as np
import xarray as xr
from scipy import special

from toc_model.aliases import Floats
from toc_model.beliefs.distributions import Distribution, quantile_name
from toc_model.beliefs.elicited import Elicited
from toc_model.beliefs.families import KINDS
from toc_model.beliefs.latents import loadings_on
from toc_model.beliefs.patches import fitted
from toc_model.beliefs.posterior import Posterior
from toc_model.beliefs.priors import Prior, Priors
from toc_model.documents import as_toml
from toc_model.engine.ranges import Range
from toc_model.engine.story import Story
from toc_model.errors import InputError
from toc_model.statistics.elicitation.metalog import MOST

MOVED = 0.05
"""How far, in prior standard deviations, a median moves (or a spread changes) before a patch names the parameter."""
PLACES = {"q05": -1.6448536269514722, "q50": 0.0, "q95": 1.6448536269514722}
"""Of the quantiles of a patch, on the normal scale."""
CORRELATED = 0.05
"""Smallest correlation that a patch names."""


def latent_scores(story: Story, priors: Priors, parameters: xr.Dataset) -> dict[str, Floats]:
    """Every uncertain entry's draws as standard normal scores of its prior.

    An entry that is nil in a draw has there the median score of all that make it so.
    """
    return {
        entry: priors[entry].distribution.to_latent(values)
        for entry, values in _by_entry(story, parameters).items()
        if not priors[entry].distribution.is_constant
    }


def _by_entry(story: Story, parameters: xr.Dataset) -> dict[str, Floats]:
    found: dict[str, Floats] = {}
    for name, parameter in story.parameters.items():
        values = parameters[name].transpose("draw", ...).values.reshape(parameters.sizes["draw"], -1)
        found |= {entry: values[:, place] for place, entry in enumerate(story.entries_of(parameter.name))}
    return found


def worldview_document(story: Story, posterior: Posterior, description: str) -> str:
    """A worldview that approximates a posterior: normal margins and correlations on the latent scale.

    Lost are the shapes of margins that are not normal there; what entries with a factor have to do with others beyond
    their prior loadings, which stay; and part of the correlations of entries that may be nil, whose scores are all one
    where they are. An entry that may be nil gets the share of draws in which it is, and quantiles of the rest.

    Parameters
    ----------
    story : Story
    posterior : Posterior
    description : str

    Returns
    -------
    str
        A TOML document: the patches of the worldview that was updated, those entries that moved, their correlations,
        and the evidence, which later updates refuse to count again.
    """
    priors, label = posterior.priors, f"Posterior of {posterior.label}."
    draws, weights = _by_entry(story, posterior.parameters), shares_of(posterior.parameters)
    scores = latent_scores(story, priors, posterior.parameters)
    moved = [entry for entry in scores if _has_moved(priors[entry].distribution, draws[entry], weights)]
    lines = [f"description = {as_toml(description)}", ""]
    for record in posterior.evidence:
        lines += ["[[evidence]]", *(f"{key} = {as_toml(value)}" for key, value in record.model_dump().items()), ""]
    for entry, prior in priors.entries.items():
        if entry in moved:
            learned = _learned(prior, draws[entry], weights, story.range_in(prior.entry.unit))
            lines += _patch(entry, learned.model_copy(update={"source": label}), label)
        elif prior.reason:
            lines += _patch(entry, prior.entry, prior.reason)
    before = {name for correlation in priors.correlations for name in correlation.between}
    related = [entry for entry in scores if entry in before or entry in moved]
    alone = [entry for entry in related if not loadings_on(priors.factors, entry)]
    for one, other, value in _correlations({entry: scores[entry] for entry in alone}, weights):
        lines += ["[[correlations]]", f"between = {as_toml([one, other])}", f"value = {value:.3f}"]
        lines += [f"reason = {as_toml(label)}", ""]
    return "\n".join(lines)


def shares_of(parameters: xr.Dataset) -> Floats:
    """How much each draw counts, adding up to one."""
    draws = parameters.sizes["draw"]
    weights = parameters["weight"].values if "weight" in parameters.coords else np.ones(draws)
    return np.asarray(weights / weights.sum())


def _has_moved(distribution: Distribution, values: Floats, weights: Floats) -> bool:
    """Whether draws differ from a prior in their share of nil, or in what they are else."""
    nil = float(weights @ (values == 0))
    if abs(nil - distribution.nil) > MOVED * np.sqrt(distribution.nil * (1 - distribution.nil)) > 0:
        return True
    z, shares = _scores_of_some(distribution, values, weights)
    if len(z) < 2:
        return False
    median = float(np.quantile(z, 0.5, weights=shares, method="inverted_cdf"))
    return abs(median) > MOVED or abs(_mean_sd(z, shares)[1] - 1) > MOVED


def _scores_of_some(distribution: Distribution, values: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Scores, in the family, of those values that are not nil, and how much each counts."""
    some = np.ones(len(values), bool) if distribution.nil == 0 else values != 0
    some = some & (weights > 0)
    if not some.any():
        return np.empty(0), np.empty(0)
    return replace(distribution, nil=0.0).to_latent(values[some]), weights[some] / weights[some].sum()


def _mean_sd(z: Floats, shares: Floats) -> tuple[float, float]:
    middle = float(shares @ z)
    return middle, float(np.sqrt(shares @ (z - middle) ** 2))


def _learned(prior: Prior, values: Floats, weights: Floats, possible: Range) -> Elicited:
    """An entry with quantiles of the normal distribution that has the scores' mean and standard deviation.

    A metalog has those of the levels that were elicited, which make its shape.
    """
    z, shares = _scores_of_some(prior.distribution, values, weights)
    nil = float(weights @ (values == 0)) if prior.distribution.nil else 0.0
    if len(z) < 2:
        return prior.entry.model_copy(update={"nil": nil})
    middle, spread = _mean_sd(z, shares)
    has_terms = "terms" in KINDS[prior.entry.family].says
    elicited = {quantile_name(level): float(special.ndtri(level)) for level in prior.quantiles}
    places = elicited if has_terms else PLACES
    levels = {name: special.ndtr(middle + place * spread) for name, place in places.items()}
    quantiles = {name: float(prior.distribution.given_some(level)) for name, level in levels.items()}
    learned = prior.entry.model_copy(update={"nil": nil, "quantiles": quantiles})
    return _with_terms(learned, possible) if has_terms else learned


def _with_terms(entry: Elicited, possible: Range) -> Elicited:
    """A metalog's entry with as many of its terms as make a distribution; two always do."""
    most = entry.terms or min(len(entry.quantiles or {}), MOST)
    for terms in range(most, 2, -1):
        fewer = entry.model_copy(update={"terms": terms})
        with suppress(InputError):
            fitted(fewer, possible, "")
            return fewer
    return entry.model_copy(update={"terms": 2})


def _patch(name: str, entry: Elicited, reason: str) -> list[str]:
    if entry.quantiles is None:
        values = [f"value = {entry.value!r}"]
    else:
        quantiles = ", ".join(f"{quantile} = {value!r}" for quantile, value in entry.quantiles.items())
        values = [f"quantiles = {{ {quantiles} }}", *entry.stated.lines, f"nil = {entry.nil!r}"]
    return [
        f"[parameters.{as_toml(name)}]",
        f"family = {as_toml(entry.family)}",
        *values,
        f"source = {as_toml(entry.source)}",
        f"status = {as_toml(entry.status)}",
        f"reason = {as_toml(reason)}",
        "",
    ]


def _correlations(scores: Mapping[str, Floats], weights: Floats) -> list[tuple[str, str, float]]:
    """Correlations worth naming, shrunk together until they are those of a distribution."""
    names = list(scores)
    if len(names) < 2:
        return []
    covariance = np.cov(np.stack(list(scores.values())), aweights=weights)
    sds = np.sqrt(np.diag(covariance))
    matrix = covariance / np.outer(sds, sds)
    kept = np.where(np.abs(matrix) >= CORRELATED, matrix, 0.0)
    while np.linalg.eigvalsh(kept)[0] < 1e-3:
        kept = np.where(np.eye(len(names)) == 1, 1.0, 0.95 * kept)
    return [(a, b, kept[i, j]) for i, a in enumerate(names) for j, b in enumerate(names) if i < j and kept[i, j]]
