"""How well a kind's law, learnt from one half of the answers to a question, predicts the other half.

The posterior of the centre and of the question's own parameters is weighted draws around its mode (a normal
approximation with heavier tails, then importance weights): a tenth of a second, where a sampler needs half a minute.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from scipy import optimize, special, stats

from tests.survey.surveys import read, values_of, variables
from toc_model.aliases import Floats
from toc_model.survey.kinds import KINDS
from toc_model.survey.learning.questions import Asked

CENTRE_SD = 3.0
"""Prior standard deviation of the centre of beliefs, on the logit."""
DRAWS = 300
TAILS = 8

type Loss = Callable[[Floats], Floats]


@dataclass(frozen=True)
class Halves:
    """Answers to one question, split at random."""

    first: Floats
    second: Floats

    @classmethod
    def of(cls, stated: Floats, seed: int) -> "Halves":
        mixed = np.random.default_rng(seed).permutation(stated)
        return cls(mixed[: len(mixed) // 2], mixed[len(mixed) // 2 :])

    def score(self, log_probability: Callable[[Floats], Floats]) -> float:
        """Mean log predictive of the second half."""
        return float(log_probability(self.second).mean())


def learnt(asked: Asked) -> tuple[Loss, Floats, Floats]:
    """What answers say of the centre and the question's own parameters, each a standard normal variable beforehand.

    Returns
    -------
    loss : callable
        Less the log posterior of places, shape ``(draws, parameters)``; the first parameter is the centre.
    mode : array of shape (parameters,)
    covariance : array of shape (parameters, parameters)
        Of the normal approximation around the mode.
    """
    counts = asked.data["count"].values

    def loss(z: Floats) -> Floats:
        of, log_prior = parameters(asked, z)
        return np.asarray(-log_prior - values_of(_density(asked, of)) @ counts)

    return loss, *_mode(loss, parameters(asked, np.zeros((1, 30)))[0]["used"])


def by_the_law(first: Floats, seed: int = 0) -> Callable[[Floats], Floats]:
    """Log predictive of answers, from what some others say of all that is unknown."""
    asked = read("probability", list(first))
    loss, mode, covariance = learnt(asked)
    rng = np.random.default_rng(seed)
    scores = rng.standard_normal((DRAWS, len(mode))) * np.sqrt(TAILS / rng.chisquare(TAILS, DRAWS))[:, None]
    drawn = mode + scores @ np.linalg.cholesky(covariance).T
    proposal = -(TAILS + len(mode)) / 2 * np.log1p((scores**2).sum(axis=1) / TAILS)
    log_weights = -loss(drawn) - proposal
    weights = np.exp(log_weights - log_weights.max())
    of = parameters(asked, drawn)[0]

    def log_probability(answers: Floats) -> Floats:
        distinct, which = np.unique(answers, return_inverse=True)
        each = np.exp(values_of(_density(read("probability", list(distinct)), of)))
        return np.asarray(np.log(weights @ each / weights.sum())[which])

    return log_probability


def by_histogram(first: Floats, cells: Floats) -> Callable[[Floats], Floats]:
    """Log share of each cell among some answers, half a count added to each."""
    counts = np.bincount(np.searchsorted(cells, first), minlength=len(cells)) + 0.5
    return lambda answers: np.asarray(np.log(counts / counts.sum())[np.searchsorted(cells, answers)])


def by_beta(first: Floats, cells: Floats) -> Callable[[Floats], Floats]:
    """Log probability of each cell under the likeliest beta distribution of beliefs, stated as the nearest cell."""
    inside = np.clip(first, 1e-4, 1 - 1e-4)
    one, other, *_ = stats.beta.fit(inside, floc=0, fscale=1)
    masses = np.diff(stats.beta(one, other).cdf(_edges(cells)))
    return lambda answers: np.asarray(np.log(np.maximum(masses, 1e-12))[np.searchsorted(cells, answers)])


def by_linear_pool(first: Floats, cells: Floats) -> Callable[[Floats], Floats]:
    """Log probability of each cell in the even mixture of what all of them say, each with a tenth to either side.

    Everybody's opinion is a beta distribution around the answer, as strong as ten observations; stated as the nearest
    cell.
    """
    inside = np.clip(first, 1e-4, 1 - 1e-4)[:, None]
    masses = np.diff(stats.beta(10 * inside, 10 * (1 - inside)).cdf(_edges(cells)), axis=1).mean(axis=0)
    return lambda answers: np.asarray(np.log(np.maximum(masses, 1e-12))[np.searchsorted(cells, answers)])


def _edges(cells: Floats) -> Floats:
    return np.concatenate([[0.0], (cells[1:] + cells[:-1]) / 2, [1.0]])


def _density(asked: Asked, of: dict[str, Any]) -> xr.DataArray:
    found: Any = KINDS[asked.kind].log_density(asked.mapping, of["centre"], of, variables(asked.data))
    return xr.DataArray(found).transpose("draw", "pattern")


def parameters(asked: Asked, z: Floats) -> tuple[dict[str, Any], Floats]:
    """Parameters at places of an unbounded space, dims ``(draw, ...)``, and their log prior density there."""
    centre = CENTRE_SD * z[:, 0]
    of: dict[str, Any] = {"centre": xr.DataArray(centre, dims="draw")}
    log_prior, used = -(z[:, 0] ** 2) / 2, 1
    for parameter in KINDS[asked.kind].parameters(asked.mapping):
        many = 1 if parameter.labels is None else len(parameter.labels)
        if parameter.family == "dirichlet":
            many -= 1
            logits = np.c_[z[:, used : used + many], np.zeros(len(z))]
            shares = special.softmax(logits, axis=1)
            of[parameter.name] = xr.DataArray(shares, dims=("draw", parameter.name))
            log_prior = log_prior + np.log(shares) @ np.array(parameter.weights)
        else:
            scores = z[:, used : used + many]
            found = np.asarray(parameter.location) + np.asarray(parameter.scale) * scores
            whole = xr.DataArray(
                {"normal": found, "lognormal": np.exp(found)}[parameter.family], dims=("draw", parameter.name)
            )
            of[parameter.name] = whole.isel({parameter.name: 0}) if parameter.labels is None else whole
            log_prior = log_prior - (scores**2).sum(axis=1) / 2
        used += many
    return {**of, "reference": of["centre"], "used": used}, log_prior


def _mode(loss: Loss, many: int) -> tuple[Floats, Floats]:
    """Where a loss is least, and the inverse of its curvature there."""
    places = np.concatenate([np.zeros((1, many)), np.eye(many), -np.eye(many)])

    def with_slope(z: Floats) -> tuple[float, Floats]:
        found = loss(z + 1e-5 * places)
        return float(found[0]), np.asarray((found[1 : many + 1] - found[many + 1 :]) / 2e-5)

    found = optimize.minimize(with_slope, np.zeros(many), jac=True, method="BFGS", options={"gtol": 0.05})
    around = loss((found.x + 1e-3 * (places[1:, None] + places[1:])).reshape(-1, many)).reshape(2, many, 2, many)
    curvature = (around[0, :, 0] + around[1, :, 1] - around[0, :, 1] - around[1, :, 0]) / 4e-6
    sizes, axes = np.linalg.eigh((curvature + curvature.T) / 2)
    return found.x, np.asarray((axes / np.maximum(sizes, 0.01)) @ axes.T)
