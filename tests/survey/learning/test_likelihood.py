"""The marginal likelihood of answers, tabulated, is what integration by brute force finds."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import xarray as xr
from scipy import special, stats

from tests.survey.surveys import read
from toc_model.aliases import Floats
from toc_model.survey.kinds import KINDS
from toc_model.survey.kinds.scales import (
    CAMP_SD,
    DEVIATION_LOG_SD,
    FRAMING_SD,
    OVERCONFIDENCE_SD,
)
from toc_model.survey.kinds.slips import OUTLIERS
from toc_model.survey.learning.likelihood import likelihood_of
from toc_model.survey.learning.questions import Asked

CLOSE, SEEN = (0.015, 0.1), (3.0, 6.0)
"""By how much a logarithm of a likelihood may miss, as far below its peak as this: 1,024 places do better."""
SCALES: dict[str, dict[str, Any]] = {
    "logit": {"scale": "logit"},
    "log": {"scale": "log", "unit": "years"},
    "identity": {"scale": "identity", "unit": "people", "spread": 25.0},
}
PLACES: dict[str, Callable[[Floats], Floats]] = {
    "logit": special.expit,
    "log": np.exp,
    "identity": lambda y: 300 + 25 * y,
}


type ByForce = Callable[[Floats], Floats]


def agrees(
    asked: Asked,
    by_force: ByForce,
    *,
    worded: bool = False,
    guide: tuple[float, float] = (0.0, 3.0),
    close: tuple[float, float] = CLOSE,
) -> None:
    """Compare where answers and guide, in widths from the middle of a scale, leave something."""
    middle = float(asked.natural(PLACES[asked.mapping.scale](np.zeros(1)))[0])
    place, spread = middle + guide[0] * asked.mapping.width, guide[1] * asked.mapping.width
    table = likelihood_of(asked, place, spread, worded=worded)
    assert table.trust.k_hat < 0.7
    y = np.linspace(table.at[0], table.at[-1], 8001)
    for tolerance, seen in zip(close, SEEN, strict=True):
        left = table(y) - ((y - place) / spread) ** 2 / 2
        near = y[left > left.max() - seen]
        some = np.linspace(near[0], near[-1], 21)
        np.testing.assert_allclose(table(some), by_force(some), atol=tolerance)


def stated(scale: str, many: int, seed: int = 2, spread: float = 1.0, middle: float = 0.3) -> Floats:
    """What people state who are about a width apart."""
    at = middle + spread * np.random.default_rng(seed).standard_normal(many)
    return PLACES[scale](at)


def quadrature(mean: float, sd: float, places: int = 201) -> tuple[Floats, Floats]:
    """Places and log weights for a normal variable."""
    z = np.linspace(-7, 7, places)
    return mean + sd * z, -(z**2) / 2 - special.logsumexp(-(z**2) / 2)


def over_wordings(inner: Callable[[int, Floats], Floats], wordings: int, sd: float, y: Floats) -> Floats:
    """Integrate centres of wordings around y; ``inner(wording, centres)`` has the shape (habits, centres)."""
    own, log_weights = quadrature(0.0, sd, 281)
    each = [
        np.stack([special.logsumexp(inner(w, at + own) + log_weights, axis=1) for at in y], axis=1)
        for w in range(wordings)
    ]
    return np.asarray(sum(each))


# Duration: one habit, in closed form ------------------------------------------------------------------------------


def of_durations(asked: Asked, centres: Floats, deviations: Floats, wording: int) -> Floats:
    """Log likelihood of exact numbers, which are all different, shape (deviations, centres)."""
    values = asked.data["stated"].values[asked.data["framing"].values == wording]
    spread, inside = deviations[:, None], ((values - values.mean()) ** 2).sum()
    of_mean = -(inside + len(values) * (values.mean() - centres) ** 2) / (2 * spread**2)
    return np.asarray(of_mean - len(values) * (np.log(spread) + np.log(2 * np.pi) / 2))


def by_deviations(asked: Asked, sd: float = 0.0) -> ByForce:
    """Integrate out the deviation, and what wordings add around what all share."""
    log_deviations, log_weights = quadrature(np.log(asked.mapping.width), DEVIATION_LOG_SD)

    def inner(wording: int, centres: Floats) -> Floats:
        return of_durations(asked, centres, np.exp(log_deviations), wording)

    def by_force(y: Floats) -> Floats:
        found = over_wordings(inner, len(asked.framings), sd, y) if sd else inner(0, y)
        return np.asarray(special.logsumexp(found + log_weights[:, None], axis=0))

    return by_force


@pytest.mark.parametrize("worded", [False, True])
@pytest.mark.parametrize("scale", list(SCALES))
@pytest.mark.parametrize("many", [1, 3, 60])
def test_durations(scale: str, many: int, worded: bool) -> None:
    asked = read("duration", list(stated(scale, many)), **SCALES[scale])
    width = asked.mapping.width
    agrees(asked, by_deviations(asked, FRAMING_SD * width if worded else 0.0), worded=worded)


def test_durations_under_three_wordings() -> None:
    """The deviation is the same for all wordings, whose centres lie around what they share."""
    values = np.concatenate([stated("log", 12, middle=middle, seed=int(9 + middle)) for middle in (-0.5, 0.2, 1.4)])
    asked = read("duration", list(values), rows={"framing": np.repeat(["a", "b", "c"], 12)}, **SCALES["log"])
    agrees(asked, by_deviations(asked, FRAMING_SD), worded=True)


@pytest.mark.parametrize("many", [6, 300])
def test_durations_of_two_camps_and_some_who_name_none(many: int) -> None:
    """Given deviation and scale of what camps share, answers of a camp are jointly normal."""
    camps = np.repeat(["a", "b", ""], [many, many, 2])
    values = np.exp([*stated_logs(many, -1.0, 2), *stated_logs(many, 1.0, 3), 0.1, 0.6])
    asked = read("duration", list(values), rows={"group": camps}, **SCALES["log"])
    log_deviations, log_weights = quadrature(0.0, DEVIATION_LOG_SD, 101 if many < 100 else 1501)
    scales = CAMP_SD * 0.04 * (np.arange(160) + 0.5)
    log_scales = stats.halfnorm(scale=CAMP_SD).logpdf(scales) + np.log(CAMP_SD * 0.04)
    natural, deviation = np.log(values), np.exp(log_deviations)[:, None]

    def by_force(y: Floats) -> Floats:
        found = []
        for centre in y:
            total = log_weights[:, None] + log_scales
            for camp in ("a", "b", ""):
                mine = natural[camps == camp]
                n, inside = len(mine), ((mine - mine.mean()) ** 2).sum()
                of_mean = np.sqrt((scales**2 if camp else 0.0) + deviation**2 / n)
                total = total + stats.norm.logpdf(mine.mean(), centre, of_mean) - inside / (2 * deviation**2)
                total = total - (n - 1) * (np.log(deviation) + np.log(2 * np.pi) / 2) - np.log(n) / 2
            found.append(special.logsumexp(total))
        return np.array(found)

    agrees(asked, by_force, close=(0.1, 0.15))


def stated_logs(many: int, middle: float, seed: int) -> Floats:
    return np.log(stated("log", many, seed, middle=middle))


# Quantiles: two habits ----------------------------------------------------------------------------------------------


def of_quantiles(asked: Asked, centres: Floats, deviations: Floats, errors: Floats) -> Floats:
    """Log likelihood of stated middles, shape (deviations, centres); Student t around the centre."""
    data = asked.data
    scale = np.hypot(deviations[:, None, None], errors[:, None, None] * data["spread"].values)
    each = stats.t(5).logpdf((data["middle"].values - centres[None, :, None]) / scale) - np.log(scale)
    return np.asarray((each * data["count"].values).sum(axis=-1))


def quantiles(scale: str, many: int, far: float = 0.0) -> Asked:
    """Tenths, medians and nine tenths of people who differ; one of them far away from all others."""
    middles = 0.3 + np.random.default_rng(4).standard_normal(many)
    middles[0] += far
    points = middles[:, None] + np.array([-1.0, 0.0, 1.0]) * np.linspace(0.4, 1.3, many)[:, None]
    rows = {"level": np.tile([0.1, 0.5, 0.9], many), "respondent_id": np.repeat([f"p{i}" for i in range(many)], 3)}
    return read("quantile", list(PLACES[scale](points.ravel())), rows=rows, **SCALES[scale])


def by_two_habits(asked: Asked) -> ByForce:
    """Integrate out deviation and overconfidence."""
    log_deviations, of_deviation = quadrature(np.log(asked.mapping.width), DEVIATION_LOG_SD, 51)
    ratios, of_ratio = quadrature(0.0, OVERCONFIDENCE_SD, 51)
    deviations, errors = (found.ravel() for found in np.meshgrid(np.exp(log_deviations), np.exp(ratios)))
    log_weights = (of_deviation + of_ratio[:, None]).ravel()

    def by_force(y: Floats) -> Floats:
        return np.asarray(special.logsumexp(of_quantiles(asked, y, deviations, errors) + log_weights[:, None], axis=0))

    return by_force


@pytest.mark.parametrize("far", [0.0, 9.0])
@pytest.mark.parametrize(("scale", "many"), [("logit", 1), ("identity", 3), ("log", 60)])
def test_quantiles(scale: str, many: int, far: float) -> None:
    asked = quantiles(scale, many, far)
    agrees(asked, by_two_habits(asked))


# Ordered answers: three habits --------------------------------------------------------------------------------------

ANCHORS: dict[str, Any] = {
    "anchors": {name: {"from": at, "sd": 0.4, "reason": "a test"} for name, at in (("middle", 0.3), ("high", 0.7))}
}


@pytest.mark.parametrize("many", [4, 400])
def test_ordered_answers_with_anchors(many: int) -> None:
    """Answers in three categories, of which 2 in 1,000 are slips."""
    asked = read("ordered", [1.0, 2.0, 2.0, 3.0] * (many // 4), **ANCHORS)
    grids = []
    for parameter in KINDS["ordered"].parameters(asked.mapping):
        mean, sd = float(np.ravel(parameter.location)[0]), float(np.ravel(parameter.scale)[0])
        at, log_weights = quadrature(mean, sd, 91)
        grids.append((np.exp(at) if parameter.family == "lognormal" else at, log_weights))
    (deviation, of_deviation), (cut, of_cut), (step, of_step) = grids
    log_weights = of_deviation[:, None, None] + of_cut[:, None] + of_step

    def by_force(y: Floats) -> Floats:
        found = []
        for centre in y:
            low = special.ndtr((cut[:, None] - centre) / deviation[:, None, None]) + 0 * step
            high = special.ndtr((cut[:, None] + step - centre) / deviation[:, None, None])
            chosen = [np.log((1 - OUTLIERS) * share + OUTLIERS / 3) for share in (low, high - low, 1 - high)]
            found.append(special.logsumexp(many / 4 * (chosen[0] + 2 * chosen[1] + chosen[2]) + log_weights))
        return np.array(found)

    agrees(asked, by_force, close=(0.25, 1.2))


def test_ordered_answers_without_anchors_say_nothing_of_the_level() -> None:
    rows = {"framing": ["a", "a", "b", "b"], "group": ["x", "y", "x", "y"]}
    table = likelihood_of(read("ordered", [1.0, 2.0, 2.0, 3.0], rows=rows), 0.4, 2.0, worded=True)
    np.testing.assert_array_equal(table(np.linspace(-50, 50, 11)), 0)


# The other kinds: habits drawn from their priors ---------------------------------------------------------------------


def by_monte_carlo(asked: Asked, many: int) -> ByForce:
    """The mean of the likelihood over habits as surveys are simulated with, one at a time."""
    rng = np.random.default_rng(11)
    kind, mapping = KINDS[asked.kind], asked.mapping
    of = {}
    for one in kind.parameters(mapping):
        drawn = np.array([one.drawn(rng) for _ in range(many)])
        of[one.name] = xr.DataArray(drawn, dims=("place",) if one.labels is None else ("place", one.name))
    data = {str(name): values for name, values in asked.data.data_vars.items()}

    def by_force(y: Floats) -> Floats:
        centre = xr.DataArray(y, dims="centre") * xr.ones_like(asked.data["count"], float)
        law: Any = kind.log_density(mapping, centre, {**of, "reference": 0.0}, data)
        whole = (xr.DataArray(law) * asked.data["count"]).sum("pattern").transpose("place", "centre").values
        return np.asarray(special.logsumexp(whole, axis=0) - np.log(many))

    return by_force


SMALL: dict[str, dict[str, Any]] = {
    "probability": {"values": [0.1, 0.1, 0.3, 0.0, 0.5]},
    "cdf_point": {
        "values": [0.2, 0.7, 0.1, 0.3],
        "rows": {"level": [0.3, 0.6, 0.3, 0.6], "respondent_id": ["a", "a", "b", "b"]},
    },
}


@pytest.mark.parametrize("kind", list(SMALL))
def test_other_kinds(kind: str) -> None:
    asked = read(kind, **SMALL[kind])
    agrees(asked, by_monte_carlo(asked, 12_000), close=(0.1, 0.7))


# What the guide does --------------------------------------------------------------------------------------------------


def by_open_end(asked: Asked) -> ByForce:
    log_deviations, log_weights = quadrature(0.0, DEVIATION_LOG_SD)
    least = asked.data["stated"].values[0]

    def by_force(y: Floats) -> Floats:
        beyond = stats.norm.logsf(least, y, np.exp(log_deviations)[:, None])
        return np.asarray(special.logsumexp(beyond + log_weights[:, None], axis=0))

    return by_force


@pytest.mark.parametrize("guide", [(0.0, 1.0), (4.0, 1.0), (-8.0, 2.0), (0.0, 20.0)])
def test_where_the_prior_lies_hardly_matters(guide: tuple[float, float]) -> None:
    """A table is of the answers alone; the guide says where it has to be good."""
    few, far = read("duration", list(stated("log", 3)), **SCALES["log"]), quantiles("logit", 3, far=9.0)
    open_end = read("duration", [np.nan], rows={"flags": "censored", "lower": 5.0}, **SCALES["log"])
    for asked, by_force in ((few, by_deviations), (far, by_two_habits), (open_end, by_open_end)):
        agrees(asked, by_force(asked), guide=guide, close=(0.1, 0.5))


def test_beyond_its_ends_a_table_goes_on() -> None:
    table = likelihood_of(quantiles("logit", 3), 0.0, 1.0, worded=False)
    far = np.array([0.0, 10.0, 100.0])
    for side, end in ((1, table.at[-1]), (-1, table.at[0])):
        assert np.isfinite(table(end + side * far)).all()
        assert (np.diff(table(end + side * far)) < 0).all()
