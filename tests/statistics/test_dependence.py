"""Shares that sum to one, and a Gaussian copula, from judgements about parts and pairs."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from toc_model import InputError
from toc_model.statistics.elicitation import Judgements, concordance, copula, correlation, dirichlet, quantiles

QUARTILES = (0.25, 0.5, 0.75)


def share(a: float, b: float) -> Judgements:
    """Quartiles of a beta distribution."""
    return quantiles({level: float(stats.beta.ppf(level, a, b)) for level in QUARTILES}, 0, 1)


def said(*values: float) -> Judgements:
    return quantiles(dict(zip(QUARTILES, values, strict=True)), 0, 1)


# Shares -----------------------------------------------------------------------------------------------------------


def test_a_dirichlet_is_found_again() -> None:
    found = dirichlet({"a": share(20, 15), "b": share(10, 25), "c": share(5, 30)})
    assert found.parameters == pytest.approx({"a": 20, "b": 10, "c": 5})
    assert found.sum_of_means == pytest.approx(1)
    assert max(found.misfit.values()) < 1e-9
    assert found.marginals.quantile(0.1) == pytest.approx(stats.beta.ppf(0.1, [20, 10, 5], [15, 25, 30]))
    json.dumps(found.to_dict(), allow_nan=False)


def test_means_are_scaled_and_one_size_is_found() -> None:
    """By hand from the betas of the shares, as Zapata-Vazquez et al. (2014) and SHELF do."""
    shares = {"a": said(0.5, 0.55, 0.6), "b": said(0.22, 0.3, 0.35), "c": said(0.11, 0.15, 0.2)}
    found = dirichlet(shares)
    a, b = (np.array([float(one.parameters[side]) for one in found.fits.values()]) for side in "ab")
    size, mean = a + b, a / (a + b)
    variance = a * b / (size**2 * (size + 1))
    best = ((variance * (size + 1)).sum() / (variance * np.sqrt(size + 1)).sum()) ** 2 - 1
    assert found.sum_of_means == pytest.approx(mean.sum())
    assert list(found.parameters.values()) == pytest.approx(best * mean / mean.sum())
    for rule, expected in {
        "smallest": size.min(),
        "mean": size.mean(),
        "middle": (size.min() + size.max()) / 2,
    }.items():
        assert sum(dirichlet(shares, rule).parameters.values()) == pytest.approx(expected)
    assert size.min() < best < size.max()
    assert 0 < found.misfit["a"] < 0.2


@pytest.mark.parametrize(
    ("shares", "size", "message"),
    [
        ({"a": share(2, 3)}, "optimal", "shares: found 1; allowed: at least two"),
        ({"a": share(2, 3), "b": quantiles({0.5: 3, 0.9: 4}, 0, 10)}, "optimal", "b: found a support from 0 to 10"),
        ({"a": share(2, 3), "b": quantiles({0.5: 0.3}, 0, 1)}, "optimal", "found 1 judgement for beta"),
        ({"a": share(2, 3), "b": share(3, 2)}, "least", "unknown size 'least'"),
    ],
)
def test_shares_that_cannot_be_used(shares: dict[str, Judgements], size: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        dirichlet(shares, size)


# Copula -----------------------------------------------------------------------------------------------------------


@given(st.floats(0, 1))
def test_concordance_and_correlation_are_inverse(p: float) -> None:
    assert float(concordance(correlation(p))) == pytest.approx(p, abs=1e-7)


@pytest.mark.parametrize("r", [-0.9, -0.3, 0.0, 0.5, 0.8])
def test_concordance_is_what_normals_have(r: float) -> None:
    both_below = stats.multivariate_normal([0, 0], [[1, r], [r, 1]]).cdf([0, 0])
    assert float(concordance(r)) == pytest.approx(2 * both_below)
    found = copula(["a", "b"], {("b", "a"): both_below}, "quadrant")
    assert found.correlations == pytest.approx(np.array([[1, r], [r, 1]]))


def test_a_copula_has_the_correlations_of_shelfs_example() -> None:
    found = copula(["a", "b", "c"], {("a", "b"): 0.4, ("a", "c"): 0.4, ("b", "c"): 0.3})
    assert found.correlations[np.triu_indices(3, 1)] == pytest.approx(np.sin(np.pi * np.array([-0.1, -0.1, -0.2])))
    pairs = found.to_dict()["pairs"]
    assert [pair["between"] for pair in pairs] == [["a", "b"], ["a", "c"], ["b", "c"]]
    assert [pair["concordance"] for pair in pairs] == pytest.approx([0.4, 0.4, 0.3])
    assert copula(["a", "b", "c"], {("a", "b"): 0.4}).correlations[2].tolist() == [0, 0, 1]


def test_what_no_quantities_can_have_is_refused_with_what_they_could() -> None:
    pairs = {("a", "b"): 0.9, ("a", "c"): 0.9, ("b", "c"): 0.2}
    with pytest.raises(InputError, match=r"not positive definite .* b, c between 0\.8 and 1$") as refused:
        copula(["a", "b", "c"], pairs)
    assert "a, b between 0.1 and 0.3" in str(refused.value)
    copula(["a", "b", "c"], pairs | {("b", "c"): 0.81})
    with pytest.raises(InputError, match="not positive definite"):
        copula(["a", "b", "c"], pairs | {("b", "c"): 0.79})
    with pytest.raises(InputError, match=r"not positive definite .*; allowed: one of: a, b between 0 and 1"):
        copula(["a", "b"], {("a", "b"): 1.0})
    two = {("a", "b"): 0.9, ("a", "c"): 0.9, ("b", "c"): 0.2, ("d", "e"): 0.9, ("d", "f"): 0.9, ("e", "f"): 0.2}
    with pytest.raises(InputError, match="allowed: probabilities nearer to independence"):
        copula(list("abcdef"), two)


@pytest.mark.parametrize(
    ("said", "kind", "message"),
    [
        ({("a", "x"): 0.5}, "concordance", "unknown quantity 'x'"),
        ({("a", "a"): 0.5}, "concordance", "found the pair a, a"),
        ({("a", "b"): 0.5, ("b", "a"): 0.5}, "concordance", "found the pair b, a; allowed: two different quantities"),
        ({("a", "b"): 1.5}, "concordance", "found 1.5 for a, b; allowed: 0 to 1"),
        ({("a", "b"): 0.6}, "quadrant", "found 0.6 for a, b; allowed: 0 to 0.5"),
        ({("a", "b"): 0.6}, "rank", "unknown kind of probability 'rank'"),
    ],
)
def test_pairs_that_cannot_be_used(said: dict[tuple[str, str], float], kind: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        copula(["a", "b"], said, kind)
