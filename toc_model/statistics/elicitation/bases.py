"""Families on their own scale: what stays of a lognormal once logarithms are taken, and the like."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy import special

from toc_model.aliases import Floats
from toc_model.brief import Brief
from toc_model.statistics.elicitation.numeric import inverse

type Function = Callable[..., Floats]
"""Of values and then parameters, arrays of shapes that go together."""
FAR = 60.0
"""Standard scores beyond which a skew normal has no probability that numbers hold."""


@dataclass(frozen=True, slots=True, repr=False)
class Base(Brief):
    """A family of distributions on its own scale.

    Attributes
    ----------
    free : int
        Parameters that are fitted; what is left is given, such as degrees of freedom.
    cdf, log_density, quantile : callable
        Of a value inside the support (or a level) and all parameters; the cdf, of any value that the scale gives.
    moments : callable
        Of all parameters: mean and standard deviation, infinite where there is none.
    starts : callable
        From values and their probabilities, of shape (rows, m): starts of a search, each of shape (rows, free).
    natural : callable
        From what a search varies, of shape (rows, free), to the parameters; all real numbers are allowed there.
    located : bool
        Whether the first two parameters are a location and a scale.
    """

    free: int
    cdf: Function
    log_density: Function
    quantile: Function
    moments: Callable[..., tuple[Floats, Floats]]
    starts: Callable[[Floats, Floats], list[Floats]]
    natural: Callable[[Floats], list[Floats]]
    located: bool = False


def line(y: Floats, p: Floats) -> tuple[Floats, Floats]:
    """Mean and spread of the normal that meets values best on the scale of quantiles."""
    z = special.ndtri(p)
    away = z - z.mean(-1, keepdims=True)
    spread = (away * y).sum(-1) / np.maximum((away**2).sum(-1), 1e-12)
    least = 1e-9 * np.maximum(np.abs(y).max(-1), np.finfo(float).tiny)
    spread = np.maximum(spread, least)
    return y.mean(-1) - spread * z.mean(-1), spread


def lines(y: Floats, p: Floats) -> list[tuple[Floats, Floats]]:
    """The normals that meet all values best, and those that meet two neighbours.

    Squares of probabilities may be least where some values are met well and another is missed by far.
    """
    pairs = range(y.shape[-1] - 1) if y.shape[-1] > 2 else ()
    return [line(y, p), *(line(y[..., k : k + 2], p[..., k : k + 2]) for k in pairs)]


def _log(x: Floats) -> Floats:
    return np.log(np.maximum(x, np.finfo(float).tiny))


def _location_scale(y: Floats, p: Floats) -> list[Floats]:
    return [np.stack([mean, _log(spread)], -1) for mean, spread in lines(y, p)]


def _located(u: Floats) -> list[Floats]:
    return [u[:, 0], np.exp(np.clip(u[:, 1], -50, 50))]


def _normal_log_density(x: Floats, mean: Floats, sd: Floats) -> Floats:
    return np.asarray(-(((x - mean) / sd) ** 2) / 2 - np.log(sd * np.sqrt(2 * np.pi)))


NORMAL = Base(
    2,
    cdf=lambda x, mean, sd: special.ndtr((x - mean) / sd),
    log_density=_normal_log_density,
    quantile=lambda p, mean, sd: mean + sd * special.ndtri(p),
    moments=lambda mean, sd: (mean, sd),
    starts=_location_scale,
    natural=_located,
    located=True,
)


def _t_log_density(x: Floats, location: Floats, scale: Floats, df: Floats) -> Floats:
    constant = special.gammaln((df + 1) / 2) - special.gammaln(df / 2) - np.log(df * np.pi) / 2
    z = (x - location) / scale
    return np.asarray(constant - (df + 1) / 2 * np.log1p(z * z / df) - np.log(scale))


def _t_moments(location: Floats, scale: Floats, df: Floats) -> tuple[Floats, Floats]:
    variance = np.where(df > 2, df / np.where(df > 2, df - 2, 1.0), np.inf)
    return np.where(df > 1, location, np.nan), scale * np.sqrt(variance)


STUDENT = Base(
    2,
    cdf=lambda x, location, scale, df: special.stdtr(df, (x - location) / scale),
    log_density=_t_log_density,
    quantile=lambda p, location, scale, df: location + scale * special.stdtrit(df, p),
    moments=_t_moments,
    starts=_location_scale,
    natural=_located,
    located=True,
)


def _skew_cdf(x: Floats, location: Floats, scale: Floats, shape: Floats) -> Floats:
    z = (x - location) / scale
    return np.asarray(np.clip(special.ndtr(z) - 2 * special.owens_t(z, shape), 0.0, 1.0))


def _skew_quantile(p: Floats, location: Floats, scale: Floats, shape: Floats) -> Floats:
    zeros = np.zeros(np.broadcast_shapes(*(np.shape(one) for one in (p, location, shape))))
    standard = np.zeros(()), np.ones(())
    z = inverse(lambda z: _skew_cdf(z, *standard, shape), p, zeros - FAR, zeros + FAR)
    return np.asarray(location + scale * z)


def _skew_log_density(x: Floats, location: Floats, scale: Floats, shape: Floats) -> Floats:
    skewed = special.log_ndtr(shape * (x - location) / scale)
    return np.asarray(np.log(2) + _normal_log_density(x, location, scale) + skewed)


def _skew_moments(location: Floats, scale: Floats, shape: Floats) -> tuple[Floats, Floats]:
    shift = shape / np.sqrt(1 + shape**2) * np.sqrt(2 / np.pi)
    return location + scale * shift, scale * np.sqrt(1 - shift**2)


def _skew_starts(y: Floats, p: Floats) -> list[Floats]:
    """From skews of either sign: at none, slopes by skew and by location are the same."""
    starts = []
    for (mean, spread), shape in product(lines(y, p), (-8.0, -1.5, 1.5, 8.0)):
        shift, sd = _skew_moments(np.zeros(1), np.ones(1), np.array([shape]))
        scale = spread / sd
        starts.append(np.stack([mean - scale * shift, _log(scale), np.full_like(mean, shape)], -1))
    return starts


SKEW_NORMAL = Base(
    3,
    cdf=_skew_cdf,
    log_density=_skew_log_density,
    quantile=_skew_quantile,
    moments=_skew_moments,
    starts=_skew_starts,
    natural=lambda u: [*_located(u), u[:, 2]],
    located=True,
)


def _gamma_starts(y: Floats, p: Floats) -> list[Floats]:
    """From the mean and spread of a normal, and from those of logarithms."""
    mean, spread = line(y, p)
    starts = [(np.maximum(mean / spread, 0.3) ** 2, np.maximum(mean, y.min(-1)))]
    starts += [(1 / np.maximum(sd, 1e-6) ** 2, np.exp(np.clip(at, -600, 600))) for at, sd in lines(_log(y), p)]
    return [np.stack([_log(shape), _log(centre)], -1) for shape, centre in starts]


def _gamma_natural(u: Floats) -> list[Floats]:
    """Shape and rate from the logarithms of shape and mean, which hang together less."""
    shape = np.exp(np.clip(u[:, 0], -30, 30))
    return [shape, shape * np.exp(-np.clip(u[:, 1], -600, 600))]


def _gamma_log_density(x: Floats, shape: Floats, rate: Floats) -> Floats:
    return np.asarray(special.xlogy(shape - 1, x) - rate * x + special.xlogy(shape, rate) - special.gammaln(shape))


GAMMA = Base(
    2,
    cdf=lambda x, shape, rate: special.gammainc(shape, np.maximum(rate * x, 0.0)),
    log_density=_gamma_log_density,
    quantile=lambda p, shape, rate: np.asarray(special.gammaincinv(shape, p) / rate),
    moments=lambda shape, rate: (shape / rate, np.sqrt(shape) / rate),
    starts=_gamma_starts,
    natural=_gamma_natural,
)


def _beta_starts(y: Floats, p: Floats) -> list[Floats]:
    """From the mean and spread of a normal, and from those of log odds."""
    mean, spread = line(y, p)
    found = [(np.clip(mean, y.min(-1), y.max(-1)), spread)]
    for centre, scale in lines(special.logit(y), p):
        middle = special.expit(np.clip(centre, -700, 36))
        found.append((middle, scale * middle * (1 - middle)))
    starts = []
    for middle, sd in found:
        size = np.maximum(middle * (1 - middle) / np.maximum(sd, 1e-150) ** 2 - 1, 0.5)
        starts.append(np.stack([special.logit(middle), _log(size)], -1))
    return starts


def _beta_natural(u: Floats) -> list[Floats]:
    """Both parameters from the mean's log odds and the logarithm of their sum."""
    size = np.exp(np.clip(u[:, 1], -30, 30))
    return [size * special.expit(u[:, 0]), size * special.expit(-u[:, 0])]


def _beta_log_density(x: Floats, a: Floats, b: Floats) -> Floats:
    return np.asarray(special.xlogy(a - 1, x) + special.xlog1py(b - 1, -x) - special.betaln(a, b))


BETA = Base(
    2,
    cdf=lambda x, a, b: special.betainc(a, b, np.clip(x, 0.0, 1.0)),
    log_density=_beta_log_density,
    quantile=lambda p, a, b: np.asarray(special.betaincinv(a, b, p), float),
    moments=lambda a, b: (a / (a + b), np.sqrt(a * b / (a + b + 1)) / (a + b)),
    starts=_beta_starts,
    natural=_beta_natural,
)

EXPONENTIAL = Base(
    1,
    cdf=lambda x, rate: -np.expm1(-np.maximum(rate * x, 0.0)),
    log_density=lambda x, rate: np.log(rate) - rate * x,
    quantile=lambda p, rate: np.asarray(-np.log1p(-np.asarray(p)) / rate),
    moments=lambda rate: (1 / rate, 1 / rate),
    starts=lambda y, p: [_log(-np.log1p(-p) / y).mean(-1, keepdims=True)],
    natural=lambda u: list(np.exp(np.clip(u, -600, 600)).T),
)
