"""What respondents are wrong about together, integrated out: the marginal likelihood of targets, group by group.

Everybody whom a source asks about a topic shares a bias, ``sqrt(rho) B_population + sqrt(1 - rho) B_source``, times the
scale that each question states. Both parts are standard normal, or, heavy-tailed, Student t with `FREEDOM` degrees of
freedom together. Given the targets, groups are independent of each other.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy
from scipy import special

from toc_model.aliases import Floats
from toc_model.errors import InputError
from toc_model.survey.learning.likelihood import Table
from toc_model.survey.learning.questions import Asked
from toc_model.survey.learning.settings import Shape

FREEDOM = 4
"""Degrees of freedom of a heavy-tailed common bias."""
SHARES = 15
"""Places of the quadrature over how wide a heavy-tailed bias turns out."""
GAMMAS = 0.003, 18.0
"""Between what values of a gamma variable: biases are then up to 26 times, or a third, as wide as normal ones."""
REACH, FARTHEST = 7.0, 40.0
"""Standard deviations up to which biases are integrated; and at most, where answers are far from all draws."""
PER_WIDTH = 2.5
"""Places in the width of a likelihood."""
COARSEST, FINEST = 0.1, 0.004
"""Distances of places, in standard deviations of the bias."""
KNOTS, FEWEST = 1500, 100
"""Places at which a group that is about one target is tabulated, where there are more draws: at most, and at least."""
PER_BIAS = 12.0
"""Such places in the width of what a group says."""
BLOCK = 2_000_000
"""Numbers in the largest array that is held at a time."""


@dataclass(frozen=True, slots=True)
class Part:
    """A question as a group sees it: its table, the scale of its bias, and whose answers they are."""

    source: str
    table: Table
    bias_sd: float
    target: str
    """Name of what it is about; the same for questions about the same thing."""


def groups_of(asked: Sequence[Asked]) -> dict[str, list[Asked]]:
    """Questions by the bias that they share.

    Raises
    ------
    InputError
        If questions of one group state different correlations between sources.
    """
    found: dict[str, list[Asked]] = {}
    for question in asked:
        found.setdefault(question.bias, []).append(question)
    for name, group in found.items():
        stated = sorted({question.mapping.bias_rho for question in group})
        if len(stated) > 1:
            first, *_, last = (f"{rho:g}" for rho in stated)
            where = f"bias group {name!r}: bias_rho"
            raise InputError(f"{where}: found {first} and {last}; allowed: one for all its sources")
    return found


def wordings_of(asked: Sequence[Asked]) -> Counter[tuple[str, str]]:
    """How many wordings each source puts of what each group is about."""
    return Counter((question.source_id, question.bias) for question in asked for _ in question.framings)


def log_marginal(parts: Sequence[Part], targets: Mapping[str, Floats], rho: float, shape: Shape = "normal") -> Floats:
    """Log marginal likelihood of all answers of a group.

    Parameters
    ----------
    parts : sequence of Part
        The questions of the group.
    targets : mapping of str to array of shape (draws,)
        What the model says to each, on its natural scale.
    rho : float
        Correlation of the biases of two sources.
    shape : str
        "normal" or "student".

    Returns
    -------
    array of shape (draws,)
    """
    about = list(dict.fromkeys(part.target for part in parts))
    draws = len(targets[about[0]])
    if len(about) > 1 or draws <= KNOTS:
        return _in_blocks(parts, targets, rho, shape)
    values = targets[about[0]]
    at = np.linspace(values.min(), values.max(), _knots(parts, float(np.ptp(values))))
    if at[0] == at[-1]:
        return np.full(draws, _in_blocks(parts, {about[0]: at[:1]}, rho, shape)[0])
    return np.asarray(scipy.interpolate.CubicSpline(at, _in_blocks(parts, {about[0]: at}, rho, shape))(values))


def _knots(parts: Sequence[Part], apart: float) -> int:
    """How many places it takes to tabulate what a group says of its target; what is wider is smoother."""
    width = min(math.hypot(part.table.width, part.bias_sd) for part in parts) / math.sqrt(len(parts))
    return int(np.clip(PER_BIAS * apart / max(width, 1e-9), FEWEST, KNOTS))


def _in_blocks(parts: Sequence[Part], targets: Mapping[str, Floats], rho: float, shape: Shape) -> Floats:
    if shape == "normal":
        return _normal(parts, targets, rho)
    stretches, shares = _stretches()
    found = [_normal(_wider(parts, stretch), targets, rho) for stretch in stretches]
    return np.asarray(special.logsumexp(np.log(shares)[:, None] + np.stack(found), axis=0))


def _stretches() -> tuple[Floats, Floats]:
    """What a normal bias is stretched by to be heavy-tailed, and the shares of that.

    The square of the inverse is a gamma variable of as many degrees of freedom, whose logarithm is smooth.
    """
    low, high = GAMMAS
    log = np.linspace(math.log(low), math.log(high), SHARES)
    shares = np.exp(FREEDOM / 2 * log - np.exp(log))
    return np.sqrt(FREEDOM / 2) * np.exp(-log / 2), shares / shares.sum()


def _wider(parts: Sequence[Part], stretch: float) -> list[Part]:
    return [Part(part.source, part.table, part.bias_sd * stretch, part.target) for part in parts]


def _normal(parts: Sequence[Part], targets: Mapping[str, Floats], rho: float) -> Floats:
    sources = list(dict.fromkeys("" if rho == 1 else part.source for part in parts))
    of = {source: [part for part in parts if source in ("", part.source)] for source in sources}
    reach = _reach(parts, targets)
    at = _places(parts, 1.0, reach)
    size = max(1, BLOCK // len(at))
    draws = len(next(iter(targets.values())))
    found = []
    for start in range(0, draws, size):
        some = {name: values[start : start + size] for name, values in targets.items()}
        if len(sources) == 1:
            found.append(_over(_answers(parts, some, at), _log_weights(at)))
        else:
            found.append(_over_population(list(of.values()), some, rho, reach))
    return np.concatenate(found)


def _reach(parts: Sequence[Part], targets: Mapping[str, Floats]) -> float:
    """How far biases may have to go so that answers are of what the model says, at the draw that is nearest."""
    apart = [abs(part.table.middle - targets[part.target]).min() / part.bias_sd for part in parts if part.bias_sd]
    return float(np.clip(REACH + max(apart, default=0.0), REACH, FARTHEST))


def _places(parts: Sequence[Part], sd: float, reach: float) -> Floats:
    """Biases at which to integrate: as near to each other as the sharpest question needs."""
    sharpest = min((part.table.width / part.bias_sd for part in parts if part.bias_sd), default=COARSEST)
    step = float(np.clip(min(sharpest, sd) / PER_WIDTH, FINEST, COARSEST))
    return np.linspace(-reach, reach, 2 * math.ceil(reach / step) + 1)


def _log_weights(at: Floats) -> Floats:
    """Log weights of a standard normal variable at evenly spaced places."""
    return np.asarray(-(at**2) / 2 - special.logsumexp(-(at**2) / 2))


def _answers(parts: Sequence[Part], targets: Mapping[str, Floats], at: Floats) -> Floats:
    """Log likelihood of all answers given the bias, shape (draws, places)."""
    return np.asarray(sum(part.table(targets[part.target][:, None] + part.bias_sd * at) for part in parts))


def _over(log: Floats, log_weights: Floats) -> Floats:
    return np.asarray(special.logsumexp(log + log_weights, axis=-1))


def _over_population(
    sources: Sequence[Sequence[Part]], targets: Mapping[str, Floats], rho: float, reach: float
) -> Floats:
    """Integrate each source's bias given the population's, and then that."""
    own = math.sqrt(1 - rho)
    common = _places([], own / max(math.sqrt(rho), own), reach)
    total: Floats = np.zeros((len(next(iter(targets.values()))), len(common)))
    for parts in sources:
        at = _places(parts, own, reach)
        log = _answers(parts, targets, at)
        near = -(((at - math.sqrt(rho) * common[:, None]) / own) ** 2) / 2
        near = np.exp(near - special.logsumexp(near, axis=1, keepdims=True))
        top = log.max(axis=1, keepdims=True)
        total = total + np.log(np.maximum(np.exp(log - top) @ near.T, 1e-300)) + top
    return _over(total, _log_weights(common))
