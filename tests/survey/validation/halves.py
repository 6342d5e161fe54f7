"""How well a kind's law, learnt from one half of the answers to a question, predicts the other half.

The posterior of the centre and of the question's own parameters is weighted draws around its mode (a normal
approximation with heavier tails, then importance weights): a tenth of a second, where a sampler needs half a minute.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from scipy import optimize, stats

from tests.survey.surveys import question, read, values_of, variables
from toc_model.aliases import Floats
from toc_model.survey.kinds import KINDS

CENTRE_SD = 3.0
"""Prior standard deviation of the centre of beliefs, on the logit."""
DRAWS = 300
TAILS = 8

FORM = question("probability")
KIND = KINDS["probability"]


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


def by_the_law(first: Floats, seed: int = 0) -> Callable[[Floats], Floats]:
    """Log predictive of answers, from what some others say of all that is unknown."""
    data = read("probability", list(first)).data
    counts = data["count"].values

    def loss(z: Floats) -> Floats:
        of, log_prior = _parameters(z)
        return np.asarray(-log_prior - values_of(_density(of, data)) @ counts)

    mode, covariance = _mode(loss, _parameters(np.zeros((1, 30)))[0]["used"])
    rng = np.random.default_rng(seed)
    scores = rng.standard_normal((DRAWS, len(mode))) * np.sqrt(TAILS / rng.chisquare(TAILS, DRAWS))[:, None]
    drawn = mode + scores @ np.linalg.cholesky(covariance).T
    proposal = -(TAILS + len(mode)) / 2 * np.log1p((scores**2).sum(axis=1) / TAILS)
    log_weights = -loss(drawn) - proposal
    weights = np.exp(log_weights - log_weights.max())
    of = _parameters(drawn)[0]

    def log_probability(answers: Floats) -> Floats:
        distinct, which = np.unique(answers, return_inverse=True)
        each = np.exp(values_of(_density(of, read("probability", list(distinct)).data)))
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


def _density(of: dict[str, Any], data: xr.Dataset) -> xr.DataArray:
    found: Any = KIND.log_density(FORM, of["centre"], of, variables(data))
    return xr.DataArray(found).transpose("draw", "pattern")


def _parameters(z: Floats) -> tuple[dict[str, Any], Floats]:
    """Parameters at places of an unbounded space, dims ``(draw, ...)``, and their log prior density there."""
    of: dict[str, Any] = {"centre": xr.DataArray(CENTRE_SD * z[:, 0], dims="draw")}
    log_prior, used = -(z[:, 0] ** 2) / 2, 1
    for parameter in KIND.parameters(FORM):
        if parameter.family == "dirichlet":
            places = len(parameter.labels or ())
            logits = np.c_[z[:, used : used + places - 1], np.zeros(len(z))]
            shares = np.exp(logits - logits.max(axis=1, keepdims=True))
            shares /= shares.sum(axis=1, keepdims=True)
            of[parameter.name] = xr.DataArray(shares, dims=("draw", parameter.name))
            log_prior, used = log_prior + np.log(shares) @ np.array(parameter.weights), used + places - 1
        else:
            assert parameter.family == "lognormal"
            of[parameter.name] = xr.DataArray(np.exp(parameter.location + parameter.scale * z[:, used]), dims="draw")
            log_prior, used = log_prior - z[:, used] ** 2 / 2, used + 1
    return {**of, "used": used}, log_prior


def _mode(loss: Callable[[Floats], Floats], many: int) -> tuple[Floats, Floats]:
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
