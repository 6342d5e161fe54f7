"""What respondents are wrong about together, integrated out, against what is known in closed form."""

from collections.abc import Sequence

import numpy as np
import pytest
from scipy import integrate, stats

from tests.survey.surveys import read
from toc_model.aliases import Floats
from toc_model.errors import InputError
from toc_model.survey.learning.biases import FREEDOM, KNOTS, Part, groups_of, log_marginal, wordings_of
from toc_model.survey.learning.likelihood import Table, likelihood_of
from toc_model.survey.learning.settings import Shape
from toc_model.survey.learning.smoothed import Smoothed

TARGETS = {"a": np.linspace(-2.0, 2.5, 25), "b": np.linspace(1.0, -1.5, 25), "known": np.full(25, 0.7)}


def said(middle: float, sd: float) -> Table:
    """The likelihood of answers that say of their centre that it is normal around a middle."""
    at = middle + sd * np.linspace(-40, 40, 8001)
    return Table(at, stats.norm.logpdf(at, middle, sd), sd, middle, sd, Smoothed(np.ones(1), -np.inf))


def jointly_normal(parts: Sequence[Part], targets: dict[str, Floats], rho: float) -> Floats:
    """What all parts say is jointly normal around their targets."""
    scales = np.array([part.bias_sd for part in parts])
    same = np.array([[1.0 if one.source == other.source else rho for other in parts] for one in parts])
    covariance = np.diag([part.table.width**2 for part in parts]) + np.outer(scales, scales) * same
    apart = np.stack([part.table.middle - targets[part.target] for part in parts], axis=-1)
    return np.asarray(stats.multivariate_normal(np.zeros(len(parts)), covariance).logpdf(apart))


ONE = [Part("s", said(0.4, 0.3), 0.8, "a")]
TWO_QUESTIONS = [Part("s", said(0.4, 0.3), 0.8, "a"), Part("s", said(-0.3, 0.05), 1.6, "b")]
WITH_A_SEED = [Part("s", said(0.4, 0.3), 0.8, "a"), Part("s", said(1.9, 0.02), 1.0, "known")]
SHARP = [Part("s", said(0.4, 0.004), 1.0, "a")]
TWO_SOURCES = [Part("s", said(0.4, 0.3), 0.8, "a"), Part("t", said(-0.2, 0.1), 0.5, "a")]
THREE_SOURCES = [*TWO_QUESTIONS, Part("t", said(0.1, 0.2), 0.6, "a"), Part("u", said(-0.1, 0.05), 1.0, "b")]
GROUPS = {
    "one": ONE,
    "two questions": TWO_QUESTIONS,
    "a seed": WITH_A_SEED,
    "sharp": SHARP,
    "two sources": TWO_SOURCES,
    "three sources": THREE_SOURCES,
}


@pytest.mark.parametrize("rho", [0.0, 0.3, 0.8, 0.99, 1.0])
@pytest.mark.parametrize("parts", list(GROUPS.values()), ids=list(GROUPS))
def test_normal_biases_of_normal_answers(parts: list[Part], rho: float) -> None:
    found = log_marginal(parts, TARGETS, rho)
    np.testing.assert_allclose(found, jointly_normal(parts, TARGETS, rho), atol=2e-3)


def test_a_bias_that_is_denied_leaves_the_answers() -> None:
    (part,) = ONE
    found = log_marginal([Part("s", part.table, 0.0, "a")], TARGETS, 0.8)
    np.testing.assert_allclose(found, part.table(TARGETS["a"]), atol=1e-9)


@pytest.mark.parametrize("rho", [0.0, 0.5, 0.8, 1.0])
@pytest.mark.parametrize("many", [1, 2, 4])
def test_known_answer_20_no_number_of_answers_goes_below_the_floor(many: int, rho: float) -> None:
    bias_sd = 0.9
    parts = [Part(f"s{place}", said(0.2, 0.01), bias_sd, "a") for place in range(many)]
    at = np.linspace(-6, 6, 1201)
    weights = np.exp(log_marginal(parts, {"a": at}, rho))
    weights /= weights.sum()
    middle = weights @ at
    floor = bias_sd * np.sqrt(rho + (1 - rho) / many)
    assert middle == pytest.approx(0.2, abs=1e-3)
    assert np.sqrt(weights @ (at - middle) ** 2) == pytest.approx(floor, rel=1e-3)


def heavy_tailed(parts: Sequence[Part], rho: float) -> Floats:
    """All parts are stretched together: an integral over the gamma variable behind Student's t."""
    log, total = np.linspace(-12, 4, 161), np.zeros(25)
    for one in log:
        stretch = np.sqrt(FREEDOM / 2) * np.exp(-one / 2)
        wider = [Part(part.source, part.table, part.bias_sd * stretch, part.target) for part in parts]
        share = np.exp(one) * stats.gamma(FREEDOM / 2).pdf(np.exp(one)) * (log[1] - log[0])
        total += share * np.exp(jointly_normal(wider, TARGETS, rho))
    return np.log(total)


@pytest.mark.parametrize("rho", [0.0, 0.8, 1.0])
@pytest.mark.parametrize("parts", [ONE, TWO_SOURCES, WITH_A_SEED], ids=["one", "two sources", "a seed"])
def test_heavy_tailed_biases(parts: list[Part], rho: float) -> None:
    found = log_marginal(parts, TARGETS, rho, "student")
    np.testing.assert_allclose(found, heavy_tailed(parts, rho), atol=2e-3)


def test_a_heavy_tailed_bias_is_student_t() -> None:
    (part,) = ONE
    at = np.linspace(-60, 60, 24001)
    density = stats.t(FREEDOM).pdf(at)
    exact = [np.log(integrate.trapezoid(density * np.exp(part.table(y + part.bias_sd * at)), at)) for y in TARGETS["a"]]
    np.testing.assert_allclose(log_marginal(ONE, TARGETS, 0.8, "student"), exact, atol=2e-3)


@pytest.mark.parametrize("far", [6.0, 12.0, 30.0])
@pytest.mark.parametrize("shape", ["normal", "student"])
def test_answers_far_from_what_is_believed(shape: Shape, far: float) -> None:
    """Heavy tails say that the respondents are wrong; normal ones that the target is."""
    parts = [Part("s", said(far, 0.2), 1.0, "a")]
    targets = {"a": np.array([0.0, 0.1])}
    exact = jointly_normal(parts, targets, 0.8) if shape == "normal" else stats.t(FREEDOM).logpdf(far - targets["a"])
    found = log_marginal(parts, targets, 0.8, shape)
    np.testing.assert_allclose(found, exact, atol=0.08)
    assert found[1] - found[0] == pytest.approx(exact[1] - exact[0], rel=0.03, abs=0.003)


def test_many_draws_are_looked_up() -> None:
    """Beyond some number of draws the marginal likelihood of one target is interpolated."""
    many = {"a": np.random.default_rng(3).normal(0.0, 1.5, KNOTS + 500)}
    for parts in (ONE, SHARP, TWO_SOURCES):
        exact = jointly_normal(parts, many, 0.8)
        counts = exact > exact.max() - 20
        np.testing.assert_allclose(log_marginal(parts, many, 0.8)[counts], exact[counts], atol=2e-3)
    same = {"a": np.full(KNOTS + 5, 0.3)}
    np.testing.assert_allclose(log_marginal(ONE, same, 0.8), jointly_normal(ONE, same, 0.8), atol=2e-3)


def test_a_seed_question_tells_the_bias() -> None:
    """Who was two scales too high where the truth is known is believed two scales lower."""
    at = np.linspace(-6, 6, 1201)
    seed = Part("s", said(0.7 + 2.0, 0.02), 1.0, "known")
    weights = np.exp(log_marginal([Part("s", said(0.5, 0.02), 0.8, "a"), seed], {"a": at, "known": 0 * at + 0.7}, 0.8))
    assert weights @ at / weights.sum() == pytest.approx(0.5 - 2.0 * 0.8, abs=0.01)


def test_groups_across_sources_and_one_correlation() -> None:
    """A name with a colon is a group of all sources; what one states of it the others must."""
    names = {"x:doom": 0.8, "x:years": 0.3, "all": 0.8, "": 0.8}
    asked = [read("duration", [0.3, 0.4], bias_group=name, bias_rho=rho) for name, rho in names.items()]
    assert list(groups_of(asked)) == ["x:doom", "x:years", "s_all", "s_duration"]
    assert wordings_of(asked) == {("s", name): 1 for name in groups_of(asked)}
    other = read("duration", [0.3], bias_group="x:doom", bias_rho=0.5)
    with pytest.raises(InputError, match=r"bias group 'x:doom': bias_rho: found 0.5 and 0.8; allowed: one"):
        groups_of([*asked, other])


def test_tables_of_real_answers_are_shifted_by_their_bias() -> None:
    """Answers of 60 who agree, about a node: the marginal is that of their mean, around the node, wider by the bias."""
    values = np.exp(0.5 + 0.4 * stats.norm.ppf((np.arange(60) + 0.5) / 60))
    asked = read("duration", list(values), scale="log", unit="years")
    part = Part("s", likelihood_of(asked, 0.5, 1.0, worded=False), 0.7, "a")
    log = log_marginal([part], TARGETS, 0.8)
    expected = stats.norm.logpdf(TARGETS["a"], 0.5, np.hypot(0.7, 0.4 / np.sqrt(60)))
    np.testing.assert_allclose(log - log.max(), expected - expected.max(), atol=0.02)


def test_no_bias_makes_answers_likelier_than_their_best_place() -> None:
    """What rises again at the ends of a table, by chance, does not go on rising beyond them."""
    at = np.linspace(-10, 10, 201)
    ragged = np.maximum(-(at**2), -60) + 0.5 * np.maximum(np.abs(at) - 9, 0)
    table = Table(at, ragged, 0.7, 0.0, 0.7, said(0.0, 1.0).trust)
    assert table(np.array([-100.0, 100.0])).max() == pytest.approx(-59.5)
    targets = {"it": np.linspace(-12, 12, 25)}
    found = log_marginal([Part("a", table, 20.0, "it")], targets, 0.8, "student")
    assert found.argmax() == 12
    assert (np.diff(found[12:]) < 0).all()
