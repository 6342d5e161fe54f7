"""Published summaries of many people's answers: their median, other quantiles, and their mean."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from scipy import special

from toc_model.aliases import Floats
from toc_model.engine.laws import Quantity, larger, log, power, smaller
from toc_model.survey.kinds.beliefs import law_of
from toc_model.survey.kinds.kind import Circumstances, Form, Kind, Row, Values, shown
from toc_model.survey.kinds.means import mean_data, shares, strata
from toc_model.survey.kinds.natural import OPEN, SCALES, natural, open_ends
from toc_model.survey.kinds.order import gaps, log_order, order_data, resolved
from toc_model.survey.kinds.parameters import DEVIATION, Parameter
from toc_model.survey.kinds.patterns import FALLING, PEOPLE, RESPONDENT, Collected, falling, people
from toc_model.survey.kinds.published import ROUNDED, Published, cells_of, published

UNEVEN = "of different numbers of people"
TOO_MANY = "more quantiles than so few people have"
NOTHING_SAID = "between the ends of the scale, which says nothing"
OFF_SCALE = "a bound beyond the end of the scale"
AT_THE_END = "a mean at the end of the scale"
NOT_ROUNDED = "without the bounds (lower, upper) of what was rounded to it"


class Summary(Kind):
    """A published median, other quantiles, or the mean, of the answers of so many people.

    Rows of one respondent, who is a group of people, are one summary. A row with a level is an order statistic: people
    at that level believe what was rounded to its value (`toc_model.survey.kinds.order`). A row without one is the mean
    (`toc_model.survey.kinds.means`). What a published figure stands for lies between the row's bounds; for a
    probability they need not be stated (`toc_model.survey.kinds.published`). The law of beliefs is that of `law_of`.
    People's own habits of rounding and stock answers, which a summary does not show, are not in it.

    Data, dims ``(pattern,)`` and more: ``people``; ``level`` with ``(pattern, point)``, NaN where there is none; what
    `toc_model.survey.kinds.order.log_order` takes; and, where anybody has one, the ``mean``, as `_mean_data` says.
    """

    name = "summary"
    has_unit = True
    has_levels = True
    of_many = True
    circumstances = (PEOPLE, "level")
    quantities = ("value", "lower", "upper")

    def check_answer(self, row: Row) -> None:
        """Fail if the level is no share of people."""
        if row.level is not None and not 0 <= row.level <= 1:
            raise ValueError(
                f"level: found {shown(row.level)}; allowed: from 0 to 1, the share of people below the quantile, or "
                "nothing, for the mean"
            )

    def stated(self, answers: pd.DataFrame) -> "pd.Series[bool]":
        """A number, or, for a quantile, a bound."""
        bounded = answers["lower"].notna() | answers["upper"].notna()
        return answers["value"].notna() | (bounded & answers["level"].notna())

    def faults(self, answers: pd.DataFrame, form: Form | None) -> "pd.Series[str]":
        """Of summaries that contradict themselves, or say nothing."""
        found = pd.Series("", index=answers.index)
        who = [answers[name] for name in RESPONDENT]
        found[people(answers).groupby(who).transform("nunique") > 1] = UNEVEN
        found[falling(answers, RESPONDENT)] = FALLING
        crowded = [
            where for _, where in answers.groupby(list(RESPONDENT)).groups.items() if _is_crowded(answers, where)
        ]
        for where in crowded:
            found[where] = TOO_MANY
        if form:
            low, high = cells_of(answers, form)
            found[(found == "") & np.isnan(low)] = NOT_ROUNDED
            found[(found == "") & (low <= -OPEN) & (high >= OPEN)] = NOTHING_SAID
            found[answers["level"].isna() & (open_ends(answers["value"], form.scale, form.shift)[0] != 0)] = AT_THE_END
            found[(found == "") & ((high <= -OPEN) | (low >= OPEN) | (low >= high))] = OFF_SCALE
        return found

    def people(self, answers: pd.DataFrame) -> int:
        """Each group once."""
        groups = [answers[name] for name in ("source_id", "respondent_id")]
        return int(people(answers).groupby(groups).first().sum())

    def read(self, answers: pd.DataFrame, form: Form) -> Collected:
        """Cells of order statistics by level, and means."""
        whole = published(answers, form)
        many = np.array([resolved(cell, n, form.width) for cell, n in zip(whole.cells, whole.people, strict=True)])
        data = order_data(whole.cells, whole.levels, many, form.width).assign(
            framing=("pattern", whole.framing),
            group=("pattern", whole.group),
            count=("pattern", np.ones(len(many), int)),
            people=("pattern", whole.people),
            level=(("pattern", "point"), whole.levels),
            seen=(("pattern", "statistic"), whole.seen),
        )
        if np.isfinite(whole.mean).any():
            data = data.merge(_mean_data(whole, form))
        return Collected(data, whole.members)

    def observed(self, data: xr.Dataset) -> Floats:
        """The middles of the cells of order statistics, and the mean, a last column, on the natural scale."""
        return np.asarray(data["seen"].values, float)

    def size(self, data: xr.Dataset) -> int:
        """Of two neighbouring cells' places, or of the strata's."""
        knots = [1, *(size for dim, size in data.sizes.items() if str(dim).startswith("knot"))]
        pairs = [one * other for one, other in pairwise(knots)]
        return int(data.sizes["pattern"] * max([*pairs, data.sizes.get("node_place", 1)]))

    def parameters(self, form: Form) -> tuple[Parameter, ...]:
        """The deviation."""
        return (DEVIATION.of_width(form.width),)

    def density(self, form: Form, centre: Any, shift: Any, of: Values, data: Values) -> Quantity:
        """Log probability of the order statistics in their cells, and log density of the mean beside them."""
        law, middle, deviation = law_of(form.scale), centre + shift, of["deviation"]
        found = log_order(law, middle, deviation, data)
        if "mean" not in data:
            return found
        of_mean = strata(law, form.scale, middle, deviation, *_cuts(middle, deviation, data), data)
        sd = power(of_mean.variance + data["mean_rounding"], 0.5)
        z, many = (data["mean"] - of_mean.mean) / sd, data["many"]
        has_mean: Quantity = data["has_mean"]
        of_error: Quantity = data["mean_constant"] - log(sd) - (many + 1) / 2 * log(1 + z * z / many)
        return found + has_mean * of_error

    def draw(self, form: Form, centre: Floats, of: Values, data: Values, rng: np.random.Generator) -> Floats:
        """Order statistics and the mean, a last axis, on the natural scale; none of them rounded."""
        law, deviation = law_of(form.scale), np.broadcast_to(of["deviation"], centre.shape)
        many = np.broadcast_to(data[PEOPLE], centre.shape)
        levels = np.broadcast_to(data["level"], (*centre.shape, np.shape(data["level"])[-1]))
        between = np.apply_along_axis(_padded_gaps, -1, np.concatenate([levels, many[..., None]], axis=-1))
        steps = rng.standard_gamma(between)
        places = np.cumsum(steps, axis=-1)[..., :-1] / steps.sum(axis=-1, keepdims=True)
        points = centre[..., None] + deviation[..., None] * law.quantile(places)
        dims = [f"axis{j}" for j in range(centre.ndim)]
        named = {name: xr.DataArray(share, dims=dims) for name, share in shares(between, many).items()}
        whole: dict[str, Any] = {
            **{str(name): values for name, values in mean_data().items()},
            **named,
            "many": xr.DataArray(many, dims=dims),
        }
        closed = np.where(np.isfinite(points), points, OPEN)
        cuts = [xr.DataArray(closed[..., j], dims=dims) for j in range(closed.shape[-1])]
        middle, scale = (xr.DataArray(values, dims=dims) for values in (centre, deviation))
        found = strata(law, form.scale, middle, scale, cuts, [0.0] * len(cuts), whole)
        mean = found.mean.values + np.sqrt(found.variance.values) * rng.standard_t(many)
        back, far = SCALES[form.scale].back, SCALES[form.scale].far
        on_scale = natural(np.clip(mean, back(-far), back(far)), form.scale)
        return np.concatenate([np.where(np.isnan(levels), np.nan, points), on_scale[..., None]], axis=-1)

    def planned(self, targets: Floats, width: float = 1.0) -> Circumstances:
        """Single people, for nobody can be asked for what others will answer."""
        del targets, width
        return lambda _shape, _rng: {PEOPLE: np.array(1.0), "level": np.array([0.5])}

    def summaries(self, _: Form, answers: Floats) -> Floats:
        """Mean of each of them."""
        return np.asarray(answers.mean(axis=-2))


def _cuts(middle: Any, deviation: Any, data: Values) -> tuple[list[Any], list[Any]]:
    """Where order statistics are taken to be, as near to where they are expected as their cells allow, and how far they
    may be off, as variances."""
    cuts: list[Any] = []
    errors: list[Any] = []
    while f"low{(j := len(cuts))}" in data:
        expected, error = middle + deviation * data[f"at{j}"], deviation * deviation * data[f"error{j}"]
        cuts.append(smaller(larger(expected, data[f"low{j}"]), data[f"high{j}"]))
        errors.append(error * data[f"rounding{j}"] / (error + data[f"rounding{j}"]))
    return cuts, errors


def _is_crowded(answers: pd.DataFrame, where: Any) -> bool:
    """Whether two quantiles are nearer to each other than two people."""
    rows = answers.loc[where]
    levels = np.sort(rows["level"].dropna().to_numpy(float))
    return bool((gaps(levels, float(people(rows).iloc[0]))[1:-1] < 1).any())


def _padded_gaps(levels_and_many: Floats) -> Floats:
    """Gaps between ranks; none behind those of the last level, at places without one."""
    *levels, many = levels_and_many
    given = np.isfinite(levels)
    found = gaps(np.array(levels)[given], many)
    return np.concatenate([found, np.zeros((~given).sum())])


def _student_constant(freedom: Floats) -> Floats:
    """Logarithm of the constant in the density of a Student-t variable of scale one."""
    ratio = special.gammaln((freedom + 1) / 2) - special.gammaln(freedom / 2)
    return np.asarray(ratio - np.log(freedom * np.pi) / 2)


def _mean_data(whole: Published, form: Form) -> xr.Dataset:
    """What the density takes to compare means.

    ``mean`` in the unit of the answers, as far as it counts from where the scale does, ``mean_rounding``, the variance
    of what was rounded off, ``mean_constant`` of its density, and ``has_mean`` (0 or 1); ``many`` people; their
    `shares`; for each order statistic its cell (``lowj``, ``highj``), where it is in deviations (``atj``),
    its sampling variance in square deviations (``errorj``), and that of its rounding (``roundingj``); the places of the
    quadrature.
    """
    law = law_of(form.scale)
    given = np.isfinite(whole.mean)
    data = mean_data().assign(
        mean=("pattern", np.where(given, whole.mean, 0.0)),
        has_mean=("pattern", given.astype(float)),
        mean_rounding=("pattern", np.where(given, whole.mean_step**2 * ROUNDED, 1.0)),
        mean_constant=("pattern", _student_constant(whole.people)),
        many=("pattern", whole.people),
    )
    points = whole.levels.shape[1]
    pairs = zip(whole.levels, whole.people, strict=True)
    between = np.array([_padded_gaps(np.append(levels, many)) for levels, many in pairs])
    data = data.assign({name: ("pattern", share) for name, share in shares(between, whole.people).items()})
    for j in range(points):
        there = np.isfinite(whole.levels[:, j])
        below = np.where(there, between[:, : j + 1].sum(axis=1) / (whole.people + 1), 0.5)
        at = law.quantile(below)
        error = below * (1 - below) / whole.people * np.exp(-2 * np.asarray(law.log_density(at, 0.0, 1.0)))
        low, high = (np.where(there, whole.cells[:, j, side], OPEN) for side in (0, 1))
        ends: Sequence[tuple[str, Floats]] = (
            (f"low{j}", low),
            (f"high{j}", high),
            (f"at{j}", at),
            (f"error{j}", np.where(there, error, 0.0)),
            (f"rounding{j}", np.where(there, (high - low) ** 2 * ROUNDED, 1.0)),
        )
        data = data.assign({name: ("pattern", values) for name, values in ends})
    return data
