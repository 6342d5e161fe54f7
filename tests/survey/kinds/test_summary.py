"""Published medians, quantiles and means."""

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pymc.dims as pmd
import pytensor
import pytensor.xtensor
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from tests.shipped import load_allocations
from tests.survey.groups import NAN, Figure, asked, log_density, stated
from tests.survey.surveys import question, variables
from toc_model.aliases import Floats
from toc_model.beliefs.loading import load_beliefs
from toc_model.errors import InputError
from toc_model.essay.case import ESSAY
from toc_model.survey.kinds import KINDS, order, summary
from toc_model.survey.kinds.densities import TAILS
from toc_model.survey.kinds.published import cells_of
from toc_model.survey.learning.observation import observe_answers
from toc_model.survey.learning.questions import Asked
from toc_model.survey.learning.settings import Common
from toc_model.survey.planning.planned import simulated_summaries
from toc_model.survey.planning.plans import plans_of

CENTRE, DEVIATION = -0.3, 1.2
LAW = stats.t(TAILS, CENTRE, DEVIATION)
YEARS: dict[str, Any] = {"scale": "log", "unit": "years"}


def probability(item: Asked, centre: float = CENTRE, deviation: float = DEVIATION) -> float:
    return float(np.exp(log_density(item, centre, deviation)).squeeze())


def summarised(figures: list[Figure], people: float, **changes: Any) -> Asked:
    return asked("summary", stated("summary", figures, people), **changes)


def cell(level: float, low: float, high: float) -> Figure:
    """A quantile that lies between two places on the natural scale."""
    return level, NAN, float(special.expit(low)), float(special.expit(high))


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 3000), st.floats(-2, 1.5), st.floats(0.02, 1.5), st.floats(0.4, 3))
def test_a_median_has_the_probability_of_its_cell(people: int, low: float, width: float, deviation: float) -> None:
    """That of a beta variable: the share of people below the middle one."""
    found = np.exp(log_density(summarised([cell(0.5, low, low + width)], people), CENTRE, deviation))
    law, rank = stats.t(TAILS, CENTRE, deviation), (people + 1) / 2
    below = stats.beta(rank, people + 1 - rank).cdf(law.cdf([low, low + width]))
    assert found == pytest.approx(below[1] - below[0], abs=2e-3)


def test_the_cells_of_a_median_share_everything() -> None:
    ends = np.linspace(-4, 4, 33)
    found = [probability(summarised([cell(0.5, *two)], 40)) for two in pairwise(ends)]
    assert sum(found) == pytest.approx(1, abs=1e-4)


def test_one_person_is_as_one_range() -> None:
    one = asked("interval", stated("interval", [(NAN, NAN, 0.1, 0.4)]))
    assert probability(summarised([(0.5, NAN, 0.1, 0.4)], 1)) == pytest.approx(probability(one), rel=1e-6)


@pytest.mark.parametrize("people", [9, 21, 150])
def test_quantiles_together_are_as_often_in_their_cells_as_their_probability_says(people: int) -> None:
    rng = np.random.default_rng(people)
    levels = (0.25, 0.5, 0.75)
    found = np.quantile(LAW.rvs((60_000, people), random_state=rng), levels, axis=1)
    cells = [(-1.5, -1.0), (-0.5, 0.1), (0.3, 0.9)]
    share = np.all([(row > low) & (row < high) for row, (low, high) in zip(found, cells, strict=True)], axis=0).mean()
    figures = [cell(level, *ends) for level, ends in zip(levels, cells, strict=True)]
    assert probability(summarised(figures, people)) == pytest.approx(share, abs=4 * np.sqrt(share / 60_000) + 0.002)


def test_least_and_largest_may_be_stated() -> None:
    figures = [cell(0.0, -9, -1), cell(1.0, 0.5, 3)]
    people = 6
    both = (LAW.cdf(3) - LAW.cdf(-9)) ** people
    none = (LAW.cdf(0.5) - LAW.cdf(-9)) ** people + (LAW.cdf(3) - LAW.cdf(-1)) ** people
    exact = both - none + (LAW.cdf(0.5) - LAW.cdf(-1)) ** people
    assert probability(summarised(figures, people)) == pytest.approx(exact, rel=1e-3)


# Means ----------------------------------------------------------------------------------------------------------------


def mean_density(figures: list[Figure], people: int, places: Floats) -> Floats:
    """Density of a mean at some places, times the probability of what is stated beside it."""
    first = float(places[0])
    item = summarised([*figures, (NAN, first, first - 1e-4, first + 1e-4)], people)
    data = variables(item.data) | {"mean": xr.DataArray(places, dims="place")}
    found: Any = KINDS["summary"].log_density(item.mapping, CENTRE, {"deviation": DEVIATION}, data)
    return np.asarray(np.exp(found).squeeze("pattern").values, float)


@pytest.mark.parametrize("people", [20, 400])
def test_a_mean_alone_is_normal_around_that_of_beliefs(people: int) -> None:
    beliefs = special.expit(LAW.ppf((np.arange(100_000) + 0.5) / 100_000))
    sd = beliefs.std() / np.sqrt(people)
    places = beliefs.mean() + sd * np.linspace(-6, 6, 61)
    found = mean_density([], people, places)
    assert np.trapezoid(found, places) == pytest.approx(1, abs=0.002)
    assert np.average(places, weights=found) == pytest.approx(beliefs.mean(), abs=0.002)
    expected = stats.t(people, beliefs.mean(), sd).pdf(places)
    np.testing.assert_allclose(found, expected, atol=0.02 * expected.max())


@pytest.mark.parametrize(("low", "high"), [(-0.35, -0.25), (0.0, 0.1), (-3.0, 3.0)])
def test_beside_a_median_a_mean_is_where_those_of_such_people_are(low: float, high: float) -> None:
    people = 40
    beliefs = LAW.rvs((40_000, people), random_state=np.random.default_rng(2))
    medians, means = np.median(beliefs, axis=1), special.expit(beliefs).mean(axis=1)
    such = means[(medians > low) & (medians < high)]
    places = np.linspace(0.2, 0.7, 121)
    found = mean_density([cell(0.5, low, high)], people, places)
    middle = np.average(places, weights=found)
    spread = np.sqrt(np.average((places - middle) ** 2, weights=found))
    assert middle == pytest.approx(such.mean(), abs=0.4 * such.std())
    assert spread == pytest.approx(such.std(), rel=0.15)


def test_a_mean_of_years_counts_from_where_the_scale_does() -> None:
    item = summarised([(NAN, 9.0, 8.5, 9.5)], 50, **YEARS, shift=1.0)
    mean, sd = np.exp(2.0 + 0.5**2 / 2), np.sqrt((np.exp(0.5**2) - 1) * np.exp(2 * 2.0 + 0.5**2) / 50 + 1 / 12)
    assert log_density(item, 2.0, 0.5) == pytest.approx(stats.t(50, mean, sd).logpdf(10.0), abs=1e-3)


# What was rounded -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "value", "expected"),
    [
        (0.5, 0.05, (0.04, 0.075)),
        (0.5, 0.10, (0.075, 0.125)),
        (0.25, 0.01, (0.0055, 0.015)),
        (0.5, 0.12, (0.115, 0.125)),
        (0.5, 0.0038, (0.0035, 0.0045)),
        (NAN, 0.162, (0.1615, 0.1625)),
        (NAN, 0.05, (0.045, 0.055)),
    ],
)
def test_a_figure_stands_for_what_rounds_to_it(level: float, value: float, expected: tuple[float, float]) -> None:
    rows = stated("summary", [(level, value, NAN, NAN)], 20)
    found = [special.expit(end) for (end,) in cells_of(rows, question("summary"))]
    assert found == pytest.approx(expected)


def test_a_rounded_median_is_not_exact_however_many_say_it() -> None:
    centre = xr.DataArray(np.linspace(-4.5, -1.5, 601), dims="draw")
    few, many = (log_density(summarised([(0.5, 0.05, NAN, NAN)], people), centre, 1.0)[0] for people in (11, 100_000))
    inside = (centre > special.logit(0.043)) & (centre < special.logit(0.07))
    np.testing.assert_allclose(many[inside], 0, atol=0.01)
    assert (few < 0).all()
    assert many[0] < -100


def test_more_people_than_places_can_tell_apart_are_as_many_as_these_can() -> None:
    cells = np.array([[-3.5, -2.5], [-2.0, -1.0]])
    assert order.resolved(cells, 1e9, 1.0) == pytest.approx((order.MOST_KNOTS / order.CLOSE) ** 2)
    assert order.resolved(cells[:1], 1e9, 1.0) == pytest.approx((order.MOST_ALONE / order.CLOSE) ** 2)
    assert order.resolved(cells, 50, 1.0) == 50


# Beside individual answers --------------------------------------------------------------------------------------------


def posterior(found: Floats) -> tuple[float, float]:
    """Mean and standard deviation of the centre, on a grid of centres and deviations."""
    weights = np.exp(found - found.max()).sum(axis=1)
    middle = np.average(GRID, weights=weights)
    return float(middle), float(np.sqrt(np.average((GRID - middle) ** 2, weights=weights)))


GRID, DEVIATIONS = np.linspace(-1.2, 0.8, 201), np.linspace(0.7, 2.0, 27)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_summary_says_nearly_what_its_people_do(seed: int) -> None:
    beliefs = LAW.rvs(200, random_state=np.random.default_rng(seed))
    each = stats.t.logpdf((beliefs[:, None, None] - GRID[:, None]) / DEVIATIONS, TAILS) - np.log(DEVIATIONS)
    exact, spread = posterior(each.sum(axis=0))
    figures: list[Figure] = []
    for level in (0.25, 0.5, 0.75):
        value = float(np.quantile(beliefs, level))
        figures.append(cell(level, value - 0.01, value + 0.01))
    axes = (xr.DataArray(GRID, dims="centre"), xr.DataArray(DEVIATIONS, dims="deviation"))
    found, wide = posterior(log_density(summarised(figures, 200), *axes)[0])
    assert found == pytest.approx(exact, abs=0.6 * spread)
    assert 0.85 * spread < wide < 1.3 * spread
    mean = float(special.expit(beliefs).mean())
    figures.append((NAN, mean, mean - 5e-4, mean + 5e-4))
    nearer, narrower = posterior(log_density(summarised(figures, 200), *axes)[0])
    assert 0.8 * spread < narrower < 1.2 * spread
    assert nearer == pytest.approx(exact, abs=0.6 * spread)


# Simulated ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("people", [5, 60])
def test_summaries_are_drawn_as_those_of_so_many_people(people: int) -> None:
    many, levels = 40_000, (0.25, 0.5, 0.75)
    rng = np.random.default_rng(3)
    beliefs = LAW.rvs((many, people), random_state=rng)
    mean = special.logit(special.expit(beliefs).mean(axis=1))
    exact = np.column_stack([*np.quantile(beliefs, levels, axis=1), mean])
    data = {"people": np.full(many, float(people)), "level": np.tile(levels, (many, 1))}
    of = {"deviation": np.full(many, DEVIATION)}
    found = KINDS["summary"].simulated(question("summary"), np.full(many, CENTRE), of, data, rng)
    shares = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
    both = [np.quantile(statistics, shares, axis=0) for statistics in (found, exact)]
    np.testing.assert_allclose(both[0], both[1], rtol=0, atol=0.1 * exact[:, 1].std())
    ranks = [np.asarray(stats.spearmanr(statistics).statistic) for statistics in (found, exact)]
    np.testing.assert_allclose(ranks[0], ranks[1], atol=0.06)


def test_summaries_are_seen_where_they_are_simulated() -> None:
    item = asked(
        "summary",
        stated("summary", [(0.5, 0.05, NAN, NAN), (NAN, 0.162, NAN, NAN)], 100),
        stated("summary", [(0.25, 0.1, NAN, NAN), (0.5, 0.2, NAN, NAN)], 30, "other"),
    )
    seen = KINDS["summary"].observed(item.data)
    circumstances = {name: item.data[name].values for name in KINDS["summary"].circumstances}
    of = {"deviation": np.array(1.0)}
    found = KINDS["summary"].simulated(item.mapping, np.zeros(2), of, circumstances, np.random.default_rng(1))
    assert seen.shape == found.shape == (2, 3)
    assert seen[0, 2] == pytest.approx(special.logit(0.162))
    np.testing.assert_array_equal(np.isnan(seen[:, :2]), np.isnan(found[:, :2]))
    assert item.respondents == 130


def test_a_planned_summary_is_of_single_people() -> None:
    targets = special.expit(np.linspace(-2, 2, 100))
    form = question("summary", bias_sd=1e-6)
    found = simulated_summaries(form, targets, [400])[400]
    assert stats.spearmanr(found["summary0"], targets).statistic > 0.9
    with pytest.raises(
        InputError, match=r"xpt2022:extinction_experts: found the kind 'summary'; allowed: questions to"
    ):
        plans_of(load_beliefs(ESSAY, "base", draws=50), load_allocations(), "xpt2022:extinction_experts")


# One law for arrays and for PyMC --------------------------------------------------------------------------------------


def all_ways() -> Asked:
    return asked(
        "summary",
        stated("summary", [(0.25, 0.01, NAN, NAN), (0.5, 0.05, NAN, NAN), (NAN, 0.162, NAN, NAN)], 100),
        stated("summary", [(0.5, 0.1, NAN, NAN)], 50, "median"),
        stated("summary", [(NAN, 0.2, NAN, NAN)], 50, "mean"),
    )


@pytest.mark.slow
def test_the_density_is_the_same_in_pymc() -> None:
    item = all_ways()
    dims, size = ("pattern",), (item.data.sizes["pattern"],)
    centre, deviation = pytensor.xtensor.xtensor("c", dims=dims, shape=size), pytensor.xtensor.xtensor("d", dims=())
    data = {str(name): pmd.as_xtensor(found.values, dims=found.dims) for name, found in item.data.data_vars.items()}
    law: Any = KINDS["summary"].log_density(item.mapping, centre, {"deviation": deviation}, data)
    compiled = pytensor.function([centre, deviation], law.values, mode="FAST_COMPILE")
    for middle, scale in ((-3.0, 1.0), (-1.0, 2.0), (3.0, 0.5)):
        found = compiled(np.full(size, middle), scale)
        np.testing.assert_allclose(found, log_density(item, middle, scale), rtol=1e-9)


@pytest.mark.slow
def test_slopes_are_finite_and_right() -> None:
    item = all_ways()
    with pm.Model() as model:
        target = pmd.Normal("target", mu=0, sigma=1)
        observe_answers([item], {item.name: target}, Common())
    fast: Any = {"mode": "FAST_COMPILE"}
    slope, law = model.compile_dlogp(**fast), model.compile_logp(**fast)
    start = model.initial_point()
    names, step = [variable.name for variable in model.value_vars], 1e-5
    near = [[law({**start, name: start[name] + side * step}) for side in (1, -1)] for name in names]
    np.testing.assert_allclose(slope(start), [(up - down) / (2 * step) for up, down in near], rtol=1e-3, atol=1e-3)


def test_other_dimensions_broadcast() -> None:
    item = all_ways()
    centre = xr.DataArray([[-3.0, -1.0], [0.0, 1.0], [2.0, 9.0]], dims=("draw", "step"))
    deviation = xr.DataArray([0.5, 1.0, 2.0], dims="draw")
    whole = log_density(item, centre, deviation)
    assert whole.shape == (3, 3, 2)
    assert np.isfinite(whole).all()
    np.testing.assert_allclose(whole[:, 2, 1], log_density(item, 9.0, 2.0))


# Faults ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("figures", "people", "reason"),
    [
        ([(0.5, 0.2, NAN, NAN), (0.75, 0.1, NAN, NAN)], 20, "incoherent"),
        ([(0.25, 0.1, NAN, NAN), (0.5, 0.2, NAN, NAN), (0.75, 0.4, NAN, NAN)], 3, summary.TOO_MANY),
        ([(0.5, 0.2, 0.0, 1.0)], 20, summary.NOTHING_SAID),
        ([(NAN, NAN, 0.1, 0.2)], 20, "empty"),
    ],
)
def test_summaries_that_can_not_be_are_left_out(figures: list[Figure], people: float, reason: str) -> None:
    good = stated("summary", [(0.5, 0.1, NAN, NAN)], 10, "good")
    assert asked("summary", good, stated("summary", figures, people)).left_out == {reason: people}


def test_rows_of_one_summary_are_of_the_same_people() -> None:
    good = stated("summary", [(0.5, 0.1, NAN, NAN)], 10, "good")
    rows = [
        stated("summary", [figure], many) for figure, many in (((0.5, 0.1, NAN, NAN), 9), ((0.75, 0.3, NAN, NAN), 8))
    ]
    assert list(asked("summary", good, *rows).left_out) == [summary.UNEVEN]


def test_quantities_need_the_bounds_that_they_were_rounded_between() -> None:
    good = stated("summary", [(0.5, 20.0, 17.5, 22.5)], 10, "good")
    item = asked("summary", good, stated("summary", [(0.5, 20.0, NAN, NAN)], 12), **YEARS)
    assert item.left_out == {summary.NOT_ROUNDED: 12}
    one_sided = asked("summary", good, stated("summary", [(NAN, 20.0, 17.5, NAN)], 12), **YEARS)
    assert one_sided.left_out == {summary.NOT_ROUNDED: 12}


def test_a_mean_may_lie_below_a_quantile() -> None:
    item = summarised([(0.5, 0.2, NAN, NAN), (0.75, 0.4, NAN, NAN), (NAN, 0.25, NAN, NAN)], 20)
    assert isinstance(item.members, pd.Series)
    assert np.isfinite(log_density(item, -1.0, 1.0)).all()
