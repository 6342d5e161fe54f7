"""The one regression: scores, terms, penalties and errors against their definitions, and known shares of variance."""

from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats
from threadpoolctl import threadpool_limits

from toc_model.aliases import Floats
from toc_model.statistics.regression import RESAMPLES, Fit, explained, normal_scores, smooth
from toc_model.statistics.regression.bases import (
    CENTRES,
    KNOTS,
    TERMS,
    additive_bases,
    no_terms,
    process_basis,
    spline_basis,
)
from toc_model.statistics.regression.shares import BLOCKS
from toc_model.statistics.regression.smoothing import PENALTIES


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    with threadpool_limits(1, "blas"):
        yield


def normals(*shape: int, seed: int = 0) -> Floats:
    return np.random.default_rng(seed).standard_normal(shape)


def fit_of(inputs: Floats, outcome: Floats) -> Fit:
    (found,) = smooth(inputs.reshape(len(outcome), -1), outcome[:, None])
    return found


# Normal scores ----------------------------------------------------------------------------------------------------


def test_scores_are_quantiles_of_ranks_and_ties_share_theirs() -> None:
    column = np.array([3.0, 1.0, 7.0, 3.0])
    raw = special.ndtri(np.array([2.5, 1.0, 4.0, 2.5]) / 4 - 0.125)
    np.testing.assert_allclose(normal_scores(column)(column), (raw - raw.mean()) / raw.std())


@given(st.lists(st.integers(-5, 5), min_size=3, max_size=30).filter(lambda x: len(set(x)) > 1))
def test_scores_hang_on_ranks_alone(values: list[int]) -> None:
    column = np.array(values, float)
    own = normal_scores(column)(column)
    assert own.mean() == pytest.approx(0, abs=1e-12)
    assert own.std() == pytest.approx(1)
    order = np.random.default_rng(len(values)).permutation(len(values))
    np.testing.assert_allclose(normal_scores(column[order])(column[order]), own[order], atol=1e-12)
    np.testing.assert_allclose(normal_scores(np.exp(column))(np.exp(column)), own, atol=1e-12)
    assert len(set(own.round(9))) == len(set(values))


def test_between_draws_scores_are_between_and_beyond_them_they_stay() -> None:
    column = np.array([1.0, 2.0, 4.0])
    score = normal_scores(column)
    low, middle, high = score(column)
    np.testing.assert_allclose(
        score(np.array([-9, 1.5, 3.5, 9])), [low, (low + middle) / 2, middle + 0.75 * high, high]
    )


# Terms ------------------------------------------------------------------------------------------------------------


def second_differences(values: Floats, step: float) -> Floats:
    return np.asarray(np.diff(values, n=2, axis=0) / step**2)


def test_the_penalty_of_a_spline_is_the_integral_of_its_squared_bend() -> None:
    x = np.sort(normals(200))
    grid, step = np.linspace(x[0], x[-1], 200_001, retstep=True)
    terms = spline_basis(x)(grid[:, None])
    assert terms.shape == (len(grid), KNOTS - 2)
    bends = second_differences(terms, float(step))
    np.testing.assert_allclose(bends.T @ bends * step, np.eye(KNOTS - 2), atol=2e-3)
    np.testing.assert_allclose(bends[[0, -1]], 0, atol=1e-2 * abs(bends).max())


@pytest.mark.parametrize(("many", "terms"), [(2, 0), (3, 1), (7, 5), (60, KNOTS - 2)])
def test_a_spline_bends_at_the_values_there_are(many: int, terms: int) -> None:
    x = np.tile(np.arange(many, dtype=float), 5)
    basis = spline_basis(x)
    assert basis(x[:, None]).shape == (len(x), terms)
    if 2 < many < KNOTS:
        between = basis(np.linspace(0, 1, 5)[:, None])
        np.testing.assert_allclose(np.diff(between, n=4, axis=0), 0, atol=1e-9)


def test_knots_are_at_quantiles() -> None:
    x = np.sort(np.exp(normals(400)))
    grid, step = np.linspace(x[0], x[-1], 4001, retstep=True)
    bends = second_differences(spline_basis(x, 5)(grid[:, None]), float(step))
    kinks = abs(np.diff(bends, n=2, axis=0)).max(axis=1)
    at = grid[2:-2][kinks > 1e-4 * kinks.max()]
    knots = np.quantile(x, [0.25, 0.5, 0.75])
    assert all(abs(at - knot).min() < 2 * step for knot in knots)
    assert all(abs(knots - place).min() < 2 * step for place in at)


def test_the_process_has_the_covariance_that_it_should() -> None:
    x = normals(CENTRES[0], 3)
    terms = process_basis(x)(x)
    distance = ((x[:, None] - x) ** 2).sum(axis=2)
    np.testing.assert_allclose(terms @ terms.T, np.exp(-distance / (2 * 3)), atol=1e-6)


@pytest.mark.parametrize(("draws", "centres"), [(50, 50), (4000, 120), (4100, 125), (9000, 370), (20_000, 400)])
def test_more_draws_give_the_process_more_centres(draws: int, centres: int) -> None:
    x = 3 * normals(draws, 12)
    assert process_basis(x)(x[:2]).shape == (2, centres)


@pytest.mark.parametrize("inputs", [2, 10, 40])
def test_several_inputs_share_the_terms_of_splines(inputs: int) -> None:
    x = normals(500, inputs)
    (basis,) = additive_bases(x, normals(500, 1, seed=1))
    each = min(max(TERMS // inputs, 4), KNOTS) - 2
    assert basis(x[:3]).shape == (3, inputs * each + process_basis(x)(x[:1]).shape[1])


# Penalties --------------------------------------------------------------------------------------------------------


def badness(y: Floats, free: Floats, shrunk: Floats, variance: Floats | float) -> float:
    """Twice the negative logarithm of the restricted likelihood, up to a constant, by its definition."""
    covariance = np.eye(len(y)) + shrunk * variance @ shrunk.T
    inverse = np.linalg.inv(covariance)
    middle = free.T @ inverse @ free
    projection = inverse - inverse @ free @ np.linalg.solve(middle, free.T @ inverse)
    logs = np.linalg.slogdet(covariance)[1] + np.linalg.slogdet(middle)[1]
    return float(logs + (len(y) - free.shape[1]) * np.log(y @ projection @ y))


def expectation(y: Floats, free: Floats, shrunk: Floats, variance: float) -> Floats:
    """The penalised fit by its normal equations."""
    design = np.column_stack([free, shrunk])
    penalty = np.diag([0.0] * free.shape[1] + [1 / variance] * shrunk.shape[1])
    return np.asarray(design @ np.linalg.solve(design.T @ design + penalty, design.T @ y))


@pytest.mark.parametrize("bend", [0.0, 0.3, 2.0])
def test_the_penalty_is_the_most_likely_one(bend: float) -> None:
    x = normals(80)
    y = x + bend * np.sin(3 * x) + 0.5 * normals(80, seed=1)
    scores = normal_scores(x)(x)
    free = np.column_stack([np.ones(80), scores])
    shrunk = spline_basis(scores)(scores[:, None])
    bent = shrunk - free @ np.linalg.lstsq(free, shrunk)[0]
    largest = np.linalg.eigvalsh(bent.T @ bent)[-1]
    variances = 1 / (PENALTIES * largest)
    best = variances[np.argmin([badness(y, free, shrunk, variance) for variance in variances])]
    np.testing.assert_allclose(fit_of(x, y).expected, expectation(y, free, shrunk, float(best)), atol=1e-6)


def test_the_sizes_of_parts_are_the_most_likely_ones() -> None:
    x = normals(150, 2)
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    y = np.sin(5 * x[:, 0]) + x[:, 0] * x[:, 1] + 0.3 * normals(150, seed=1)
    (basis,) = additive_bases(x, y[:, None])
    free, terms = np.column_stack([np.ones(150), x]), basis(x)
    splines = KNOTS - 2
    place = np.repeat([0, 1, 2], [splines, splines, terms.shape[1] - 2 * splines])
    found = badness(y, free, terms, 1.0)
    for part in (0, 2):
        for factor in (0.7, 1.4):
            assert badness(y, free, terms, np.where(place == part, factor, 1.0)) > found + 1e-3
    assert badness(y, free, terms, np.where(place == 1, 0.5, 1.0)) > found - 1e-3
    sizes = [float((terms[:, place == part] ** 2).sum()) for part in range(3)]
    assert sizes[1] < 0.01 * sizes[0]


def test_terms_are_orthonormal_and_free_ones_are_kept() -> None:
    for inputs in (1, 3):
        fit = fit_of(normals(200, inputs), normals(200, seed=5))
        np.testing.assert_allclose(fit.terms.T @ fit.terms, np.eye(fit.terms.shape[1]), atol=1e-7)
        assert fit.kept[: inputs + 1].tolist() == [1] * (inputs + 1)
        assert (fit.kept[inputs + 1 :] < 1).all()


# Fits -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("inputs", [1, 2, 4])
def test_a_straight_line_in_scores_is_found_exactly(inputs: int) -> None:
    x = normals(150, inputs)
    y = 2 + np.column_stack([normal_scores(column)(column) for column in x.T]) @ (1 + np.arange(inputs))
    fit = fit_of(x, y)
    np.testing.assert_allclose(fit.expected, y, atol=1e-6)
    np.testing.assert_allclose(fit.given(fit.terms_at(x[:5])), y[:5], atol=1e-6)


def test_each_outcome_is_regressed_as_if_alone() -> None:
    for inputs in (1, 2):
        x, y = normals(120, inputs), normals(120, 3, seed=2)
        together = smooth(x, y)
        assert len(together) == 3
        for one, column in zip(together, y.T, strict=True):
            np.testing.assert_allclose(one.expected, fit_of(x, column).expected, atol=1e-6)


def test_what_does_not_vary_is_left_out() -> None:
    x, y = normals(100), normals(100, seed=1)
    np.testing.assert_allclose(fit_of(np.full(100, 3.0), y).expected, y.mean())
    both = fit_of(np.column_stack([np.ones(100), x]), y)
    np.testing.assert_allclose(both.expected, fit_of(x, y).expected)
    np.testing.assert_allclose(both.given(both.terms_at(np.array([[9.0, x[0]]]))), both.expected[0])


def test_two_values_leave_nothing_to_bend() -> None:
    which, y = groups([30, 50])
    fit = fit_of(np.column_stack([which, 5 - which]), y)
    assert fit.terms.shape == (80, 2)
    means = [y[which == group].mean() for group in (0, 1)]
    np.testing.assert_allclose(fit.expected, np.repeat(means, [30, 50]))


def test_an_outcome_that_does_not_vary_is_expected_as_it_is() -> None:
    for inputs in (1, 2):
        for constant in (0.0, 7.0):
            np.testing.assert_allclose(fit_of(normals(100, inputs), np.full(100, constant)).expected, constant)


def test_beyond_the_draws_a_fit_stays_at_the_last() -> None:
    x = normals(200, 2)
    for columns in ([0], [0, 1]):
        own = x[:, columns]
        fit = fit_of(own, np.exp(own.sum(axis=1)))
        beyond, last = np.vstack([own.max(axis=0) + 5, own.min(axis=0) - 5]), [own.max(axis=0), own.min(axis=0)]
        np.testing.assert_allclose(fit.given(fit.terms_at(beyond)), fit.given(fit.terms_at(np.vstack(last))))


def test_parts_alone_and_together_are_found() -> None:
    x, noise = normals(1500, 3), normals(1500, seed=9)
    scores = np.column_stack([normal_scores(column)(column) for column in x.T])
    exact = np.sin(2 * scores[:, 0]) + scores[:, 1] * scores[:, 2]
    fit = fit_of(x, exact + 0.5 * noise)
    assert np.sqrt(np.mean((fit.expected - exact) ** 2)) < 0.12


def test_what_does_not_matter_is_shrunk_to_a_line() -> None:
    freedom = [fit_of(normals(400, seed=seed), normals(400, seed=seed + 100)).kept.sum() for seed in range(20)]
    assert np.median(freedom) < 2.5


# Errors -----------------------------------------------------------------------------------------------------------


def groups(counts: Sequence[int]) -> tuple[Floats, Floats]:
    """An input of two values, and outcomes with a noise that is larger in the second group."""
    which = np.repeat([0.0, 1.0], counts)
    return which, 3 * which + (1 + which) * normals(len(which), seed=4)


def test_the_error_between_two_groups_is_that_of_the_pooled_t_test() -> None:
    which, y = groups([30, 50])
    fit = fit_of(which, y)
    low, high = fit.terms_at(np.array([[0.0], [1.0]]))
    assert fit.given(np.stack([low, high])) == pytest.approx([y[which == group].mean() for group in (0, 1)])
    difference = y[which == 1].mean() - y[which == 0].mean()
    tested = stats.ttest_ind(y[which == 1], y[which == 0]).statistic
    assert fit.error_between(high, low) == pytest.approx(difference / tested)


def test_varied_errors_are_those_of_groups_with_noise_of_their_own() -> None:
    """Each group's mean varies as its own residuals say, with n / (n - 2) for the two means that were fitted."""
    which, y = groups([30, 50])
    fit = fit_of(which, y)
    errors = fit.errors(np.eye(80), fit.terms_at(np.array([[0.0], [1.0]])))
    own = [np.sqrt(y[which == group].var() / (which == group).sum() * 80 / 78) for group in (0, 1)]
    np.testing.assert_allclose(np.sqrt((errors**2).sum(axis=1)), own)
    assert (errors[0] @ errors[1]) == pytest.approx(0, abs=1e-12)


def test_errors_cover_a_curve_that_the_penalty_flattens() -> None:
    x = np.linspace(-2, 2, 200)
    exact = np.sin(3 * normal_scores(x)(x))
    held = []
    for seed in range(60):
        fit = fit_of(x, exact + normals(200, seed=seed))
        spread = fit.errors(np.eye(200), fit.terms)
        error = np.sqrt((spread**2).sum(axis=1))
        held.append(np.mean(abs(fit.expected - exact) < 1.645 * error))
    assert 0.85 < np.mean(held) < 0.95


# Shares of variance -----------------------------------------------------------------------------------------------


def test_the_share_of_two_groups_is_the_adjusted_one() -> None:
    which, y = groups([30, 50])
    within = sum(((y[which == group] - y[which == group].mean()) ** 2).sum() for group in (0, 1))
    found = explained(which[:, None], y[:, None])
    assert found.shape == (1, 1 + RESAMPLES)
    assert found[0, 0] == pytest.approx(1 - (within / 78) / y.var(ddof=1))


def test_resamples_are_about_what_new_regressions_would_say() -> None:
    """Blocks of rows are drawn again and the line is fitted anew."""
    which = np.random.default_rng(2).integers(0, 2, 500).astype(float)
    y = 1.5 * which + normals(500, seed=4)
    found = explained(which[:, None], y[:, None], seed=3)[0]
    counts = np.random.default_rng(3).multinomial(BLOCKS, np.full(BLOCKS, 1 / BLOCKS), RESAMPLES)
    anew = []
    for count in counts:
        rows = np.repeat(np.arange(500), np.repeat(count, 500 // BLOCKS))
        anew.append(fit_share(which[rows], y[rows]))
    np.testing.assert_allclose(found[1:], anew, atol=2e-3)


def fit_share(which: Floats, y: Floats) -> float:
    within = sum(((y[which == group] - y[which == group].mean()) ** 2).sum() for group in (0, 1))
    return float(1 - (within / (len(y) - 2)) / y.var(ddof=1))


def test_blocks_that_repeat_their_rows_are_as_unsure_as_these() -> None:
    which, y = np.tile([0.0, 1.0], BLOCKS), normals(2 * BLOCKS, seed=1)
    y = y + 2 * which
    once, often = (explained(np.repeat(which, times)[:, None], np.repeat(y, times)[:, None])[0] for times in (1, 20))
    np.testing.assert_allclose(often, once, atol=0.02)
    assert often[1:].std() == pytest.approx(once[1:].std(), rel=0.1)


@settings(max_examples=10)
@given(st.integers(0, 1000))
def test_what_explains_nothing_has_a_share_about_zero(seed: int) -> None:
    shares = explained(normals(300, 1, seed=seed), normals(300, 1, seed=seed + 5000))[0]
    assert abs(shares[0]) < 4 * shares[1:].std() + 1e-3
    assert abs(shares[0]) < 0.1


def test_a_penalised_share_is_not_flattered_by_its_terms() -> None:
    found = [explained(normals(300, 4, seed=seed), normals(300, 1, seed=seed + 50))[0, 0] for seed in range(12)]
    assert abs(np.mean(found)) < 0.015


def test_no_terms_are_none() -> None:
    assert no_terms(np.zeros((4, 1))).shape == (4, 0)
