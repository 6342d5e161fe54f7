"""The one regression: scores, terms, penalties and errors against their definitions, and known shares of variance."""

from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats
from threadpoolctl import threadpool_limits

from toc_model.aliases import Floats
from toc_model.statistics.regression import FOLDS, Fit, blocks_of, explained, folds_of, normal_scores, smooth
from toc_model.statistics.regression.bases import KNOTS, no_terms, spline_basis
from toc_model.statistics.regression.folds import BLOCKS
from toc_model.statistics.regression.several import (
    CENTRES,
    PRODUCTS,
    TERMS,
    additive_terms,
    in_ranks,
    process_basis,
    product_basis,
)
from toc_model.statistics.regression.shrunk import Free
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
    ranks = np.sqrt(12) * (stats.norm.cdf(x) - 0.5)
    distance = ((ranks[:, None] - ranks) ** 2).sum(axis=2)
    np.testing.assert_allclose(terms @ terms.T, np.exp(-distance / (2 * 3)), atol=1e-6)


@pytest.mark.parametrize(("draws", "centres"), [(50, 50), (4000, 120), (4100, 125), (9000, 370), (20_000, 400)])
def test_more_draws_give_the_process_more_centres(draws: int, centres: int) -> None:
    x = 3 * normals(draws, 12)
    assert process_basis(x)(x[:2]).shape == (2, centres)


@pytest.mark.parametrize(("inputs", "degree"), [(2, 5), (3, 5), (5, 4), (6, 3), (8, 2), (11, 0), (20, -1), (21, -2)])
def test_pairs_share_the_room_for_products(inputs: int, degree: int) -> None:
    pairs = inputs * (inputs - 1) // 2
    of_a_pair = [0, 1, 2, 4, 7, 11, 16, 22, 29]
    assert product_basis(normals(100, inputs))(normals(3, inputs)).shape == (3, of_a_pair[degree + 2] * pairs)
    assert of_a_pair[degree + 3] * pairs > PRODUCTS or degree == 5


def test_products_are_of_ranks_and_their_bends() -> None:
    """The first are of both scores and of both ranks, and together they are all smooth surfaces."""
    x = normals(2000, 2)
    u, v = in_ranks(x).T
    products = product_basis(x)(x)
    np.testing.assert_allclose(products[:, :2], np.column_stack([x[:, 0] * x[:, 1], u * v]))
    for surface in (u * v**2, u**2 * v**2, np.sin(2 * u) * v, u**3 * v**2):
        design = np.column_stack([products, *(np.column_stack([w**i for i in range(6)]) for w in (u, v))])
        left = surface - design @ np.linalg.lstsq(design, surface)[0]
        assert left.var() < 2e-3 * surface.var()


def test_what_has_two_values_has_no_bends_to_multiply() -> None:
    which, _ = groups([30, 50])
    x = np.column_stack([which, normals(80)])
    scores = np.column_stack([normal_scores(column)(column) for column in x.T])
    assert product_basis(scores)(scores).shape == (80, 7)


@pytest.mark.parametrize("inputs", [2, 10, 40])
def test_several_inputs_share_the_terms_of_splines(inputs: int) -> None:
    x = normals(500, inputs)
    (shrunk,) = additive_terms(x, normals(500, 1, seed=1), Free.of(np.column_stack([np.ones(500), x]), None))
    each = min(max(TERMS // inputs, 4), KNOTS) - 2
    together = sum(part(x)(x[:1]).shape[1] for part in (product_basis, process_basis))
    assert shrunk.basis(x[:3]).shape == (3, inputs * each + together)


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
    """Parts: splines of both inputs, products, and the process."""
    x = normals(150, 2)
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    y = np.sin(5 * x[:, 0]) + x[:, 0] * x[:, 1] + 0.3 * normals(150, seed=1)
    free = np.column_stack([np.ones(150), x])
    (shrunk,) = additive_terms(x, y[:, None], Free.of(free, None))
    terms = shrunk.basis(x) * shrunk.sized
    many = [2 * (KNOTS - 2), product_basis(x)(x[:1]).shape[1]]
    place = np.repeat([0, 1, 2], [*many, terms.shape[1] - sum(many)])
    found = badness(y, free, terms, 1.0)
    for part in range(3):
        for factor in (0.5, 2.0):
            assert badness(y, free, terms, np.where(place == part, factor, 1.0)) > found - 1e-2
    assert badness(y, free, terms, np.where(place == 0, 0.5, 1.0)) > found + 1e-1
    sizes = [float((terms[:, place == part] ** 2).sum()) for part in range(3)]
    assert max(sizes[1:]) < 0.1 * sizes[0]


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


# Draws that a fit has not seen ------------------------------------------------------------------------------------


@pytest.mark.parametrize("draws", [100, 1037])
def test_folds_are_of_whole_blocks_and_all_as_large(draws: int) -> None:
    fold, block = folds_of(draws), blocks_of(draws)
    assert np.unique(block).tolist() == list(range(BLOCKS))
    assert (np.diff(block) >= 0).all()
    assert np.ptp(np.bincount(block)) <= 1
    assert all(len(set(fold[block == one])) == 1 for one in range(BLOCKS))
    assert np.ptp(np.bincount(fold, minlength=FOLDS)) <= BLOCKS // FOLDS


@pytest.mark.parametrize("inputs", [1, 2])
def test_what_is_held_out_is_fitted_without_its_fold_at_the_same_penalty(inputs: int) -> None:
    x = normals(300, inputs)
    fit = fit_of(x, np.sin(3 * x[:, 0]) + 5 + 0.1 * normals(300, seed=1))
    felt = fit.kept > 0.01
    terms, penalty = fit.terms[:, felt], np.diag(1 / fit.kept[felt] - 1)
    fold, anew = folds_of(300), np.empty(300)
    for left_out in range(FOLDS):
        own, there = terms[fold != left_out], fold == left_out
        coefficients = np.linalg.solve(own.T @ own + penalty, own.T @ fit.outcome[~there])
        anew[there] = terms[there] @ coefficients
    np.testing.assert_allclose(fit.held_out, anew, atol=1e-6)


def test_what_is_held_out_does_not_know_its_own_noise() -> None:
    """In the mean over samples what follows of the noise is nothing, where a fit that saw it follows its freedom."""
    seen, unseen = [], []
    for seed in range(60):
        noise = normals(200, seed=seed)
        fit = fit_of(normals(200, 3, seed=seed + 500), noise)
        seen.append(fit.expected @ (noise - noise.mean()) / 200)
        unseen.append(fit.held_out @ (noise - noise.mean()) / 200)
    assert np.mean(seen) > 0.02
    assert abs(np.mean(unseen)) < 0.01


def test_a_group_that_is_all_in_one_fold_does_no_harm() -> None:
    which = (np.arange(200) < 200 // BLOCKS).astype(float)
    y = normals(200, seed=3)
    held_out = fit_of(which, y + 100 * which).held_out
    assert np.isfinite(held_out).all()
    np.testing.assert_allclose(held_out[which == 0], 0, atol=0.5)


# Shares of variance -----------------------------------------------------------------------------------------------


def test_the_share_of_two_groups_lies_between_what_is_seen_and_what_is_not() -> None:
    which, y = groups([300, 500])
    order = np.random.default_rng(0).permutation(800)
    which, y = which[order], y[order]
    found = explained(which[:, None], y[:, None])
    fold = folds_of(800)
    seen, unseen = np.empty(800), np.empty(800)
    for group in (0, 1):
        here = which == group
        seen[here] = y[here].mean()
        for left_out in range(FOLDS):
            unseen[here & (fold == left_out)] = y[here & (fold != left_out)].mean()
    shares = [1 - ((y - expected) ** 2).mean() / y.var() for expected in (seen, unseen)]
    assert found.share[0] == pytest.approx(np.mean(shares), abs=1e-9)
    assert found.optimism[0] == pytest.approx((shares[0] - shares[1]) / 2, abs=1e-9)
    adjusted = 1 - ((y - seen) ** 2).sum() / 798 / y.var(ddof=1)
    assert found.share[0] == pytest.approx(adjusted, abs=1e-3)


def test_influences_are_what_a_share_moves_by_when_a_draw_counts_more() -> None:
    which, y = groups([300, 500])
    found = explained(which[:, None], y[:, None])
    assert found.influence.shape == (1, 800)
    assert found.influence.mean() == pytest.approx(0, abs=1e-12)

    def share(weights: Floats) -> float:
        left = sum(
            (weights * (which == group) * (y - np.average(y, weights=weights * (which == group))) ** 2).sum()
            for group in (0, 1)
        )
        return float(1 - left / (weights * (y - np.average(y, weights=weights)) ** 2).sum())

    for draw in (0, 150, 799):
        more = np.ones(800) + 1e-4 * (np.arange(800) == draw)
        slope = (share(more) - share(np.ones(800))) / 1e-4 * 800
        assert found.influence[0, draw] == pytest.approx(slope, rel=0.05, abs=0.02)


@pytest.mark.parametrize(("scale", "offset"), [(1e-9, 1.0), (1e9, 1e12), (1e-200, 0.0), (1e200, 0.0)])
def test_shares_hang_on_neither_scale_nor_offset(scale: float, offset: float) -> None:
    x = normals(200, 2)
    y = x[:, :1] + 0.5 * normals(200, 1, seed=1)
    assert explained(x, scale * y + offset).share == pytest.approx(explained(x, y).share, rel=1e-3)


@settings(max_examples=10)
@given(st.integers(0, 1000))
def test_what_explains_nothing_has_a_share_about_zero(seed: int) -> None:
    found = explained(normals(300, 1, seed=seed), normals(300, 1, seed=seed + 5000))
    assert abs(found.share[0]) < 4 * found.influence.std() / np.sqrt(300) + found.optimism[0] + 1e-3
    assert abs(found.share[0]) < 0.1


def test_a_penalised_share_is_not_flattered_by_its_terms() -> None:
    found = [explained(normals(300, 4, seed=seed), normals(300, 1, seed=seed + 50)).share[0] for seed in range(20)]
    assert abs(np.mean(found)) < 0.015


def test_no_terms_are_none() -> None:
    assert no_terms(np.zeros((4, 1))).shape == (4, 0)
