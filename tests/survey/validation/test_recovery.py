"""Whether the update finds the truth."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import special

from tests.beliefs.bounded import with_families
from tests.beliefs.village import read
from tests.shipped import load_priors
from tests.survey.surveys import TARGET
from toc_model.beliefs.distributions import with_nil
from toc_model.beliefs.families import fit
from toc_model.engine.ranges import Range
from toc_model.errors import InputError
from toc_model.questions.survey.validation import Recovered
from toc_model.survey.learning.settings import Common
from toc_model.survey.learning.weighing import about, tables_of, weighed
from toc_model.survey.validation.recovery import RANKS, Recovery, Setup, calibration, first_probability, simulated

FEW = Setup(TARGET, questions=1, respondents=8, kinds=("duration",))
BOTH = Setup(TARGET, questions=2, respondents=6)


def test_even_ranks_pass_and_uneven_ones_fail() -> None:
    even = Recovery(Setup(TARGET), True, np.arange(RANKS), np.ones(RANKS, bool))
    uneven = replace(even, ranks=np.zeros(RANKS, int))
    assert even.shares == pytest.approx([0.1] * 10)
    assert uneven.shares == [1.0, *[0.0] * 9]
    assert even.chi_square[1] == pytest.approx(1)
    assert uneven.chi_square[1] < 1e-6


def test_ranks_are_told() -> None:
    found = Recovered((Recovery(Setup(TARGET), True, np.arange(50), np.ones(50, bool)),))
    assert found.to_dict()["fits"][0]["ranks"] == pytest.approx([0.2] * 5 + [0.0] * 5)
    assert "Ranks of the truth" in str(found)


def test_questions_are_of_the_kinds_in_turn() -> None:
    truth, asked = simulated(BOTH, load_priors()[TARGET].distribution, np.random.default_rng(2))
    assert [item.kind for item in asked] == ["probability", "duration"]
    assert [item.respondents for item in asked] == [6, 6]
    again, _ = simulated(BOTH, load_priors()[TARGET].distribution, np.random.default_rng(2))
    assert truth == again


def test_the_truth_is_that_of_a_score_of_the_prior_whatever_its_family(tmp_path: Path) -> None:
    beta = read(with_families(tmp_path))["jumped"].distribution
    normal = load_priors()[TARGET].distribution
    z = np.random.default_rng(2).standard_normal()
    truths = [simulated(BOTH, prior, np.random.default_rng(2))[0] for prior in (beta, normal)]
    assert truths == pytest.approx([special.logit(beta.from_latent(z)), normal.location + normal.scale * z])


def test_surveys_are_simulated_about_the_first_probability() -> None:
    target = load_priors()[TARGET]
    for family, is_found in (("beta", True), ("metalog", True), ("gamma", False)):
        prior = replace(target, distribution=fit(family, target.quantiles, possible=Range(0.0, 1.0)))
        priors = replace(load_priors(), entries={TARGET: prior})
        if is_found:
            assert first_probability(priors) == TARGET
            continue
        with pytest.raises(InputError, match="found no uncertain probability"):
            first_probability(priors)


def test_fewer_replications_are_the_first_of_more() -> None:
    """Each has random numbers of its own, so that it does not matter who does which."""
    told: list[tuple[int, int]] = []
    few = calibration(2, FEW, load_priors(), seed=5)
    more = calibration(4, FEW, load_priors(), seed=5, progress=lambda done, of: told.append((done, of)))
    other = calibration(4, FEW, load_priors(), seed=6)
    for first, whole, another in zip(few, more, other, strict=True):
        np.testing.assert_array_equal(first.ranks, whole.ranks[:2])
        np.testing.assert_array_equal(first.covered, whole.covered[:2])
        assert len(set(whole.ranks.tolist())) > 2
        assert whole.ranks.tolist() != another.ranks.tolist()
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    with pytest.raises(InputError, match="replications: found 0; allowed: 1 or more"):
        calibration(0, FEW, load_priors())


@pytest.mark.parametrize("entry", ["sown_before", "jumped", "spring"])
def test_only_what_is_surely_a_probability_is_simulated_about(tmp_path: Path, entry: str) -> None:
    """A gamma has larger values, what may be nil has no log odds, and a constant is known."""
    priors = read(with_families(tmp_path))
    nil = replace(priors["jumped"], distribution=with_nil(priors["jumped"].distribution, 0.1))
    changed = replace(priors, entries={**priors.entries, "jumped": nil})
    with pytest.raises(InputError, match=f"{entry}: allowed: a parameter with an uncertain probability"):
        calibration(1, Setup(entry), changed)


@pytest.mark.slow
def test_a_beta_is_recovered_from_what_is_said_of_it(tmp_path: Path) -> None:
    modelled, _ = calibration(30, Setup("jumped", questions=1, respondents=8), read(with_families(tmp_path)), seed=2)
    assert modelled.coverage >= 0.7


@pytest.mark.slow
def test_intervals_hold_the_truth_only_where_the_common_bias_is_modelled() -> None:
    modelled, switched_off = calibration(200, FEW, load_priors(), seed=2)
    assert 0.85 <= modelled.coverage <= 0.95
    assert modelled.chi_square[1] > 1e-3
    assert switched_off.coverage <= modelled.coverage - 0.2
    assert switched_off.chi_square[1] < 1e-6
    assert "switched off" in str(Recovered((modelled, switched_off)))


@pytest.mark.slow
def test_ranks_of_the_truth_among_weighted_draws_are_even() -> None:
    """The whole way: a draw of the prior, a survey with a bias of its own, weights of other draws, and the rank."""
    prior, rng = load_priors()[TARGET].distribution, np.random.default_rng(4)
    ranks = []
    for _ in range(60):
        truth, asked = simulated(FEW, prior, rng)
        draws = {about(item): prior.location + prior.scale * rng.standard_normal(20_000) for item in asked[:1]}
        found = weighed(asked, draws, tables_of(asked, draws, Common()), Common())
        assert found.problems == ()
        ranks.append(found.found.weights @ (next(iter(draws.values())) < truth) * RANKS)
    assert Recovery(FEW, True, np.array(ranks), np.ones(60, bool)).chi_square[1] > 1e-3
