"""What this story alone asks, of weighted draws and of the same draws as often as they count."""

from collections.abc import Callable
from functools import cache, partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.shipped import DOCUMENTS, load_allocations, load_beliefs
from tests.weighed import apart, plain, repeated, weighed
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.loading import own_beliefs
from toc_model.essay.checks.deployment import quarters_of
from toc_model.essay.external import external
from toc_model.essay.moving import people_moved
from toc_model.essay.steps.figure import lines, mark
from toc_model.essay.steps.people import exchange_rate, one_more_person
from toc_model.present.result import Result
from toc_model.questions.claims import check
from toc_model.questions.compare import compare
from toc_model.questions.marginal import marginal
from toc_model.questions.run import run

DRAWS = 242
BY = "technical_talent_spread"
QUO = "status_quo"


@cache
def base() -> Beliefs:
    return load_beliefs("base", draws=DRAWS)


ALLOCATIONS = load_allocations()


def checked(claim: str, beliefs: Beliefs) -> Result:
    return check(DOCUMENTS, lambda _: beliefs, ALLOCATIONS, one=claim, under=["mine"])


QUESTIONS: dict[str, tuple[Callable[[Beliefs], Result], str]] = {
    "run": (lambda one: run(one, ALLOCATIONS, steps=True), "break_even.cost"),
    "compare": (lambda one: compare([one], ALLOCATIONS, delay_cost=0.01), "break_even.cost"),
    "marginal": (lambda one: marginal([one], ALLOCATIONS, unit_cost=100.0), "prices"),
    **{f"check {claim}": (partial(checked, claim), "counts") for claim in ("C09", "C39", "C95", "C101")},
}
"""What is asked, and what is told only where these draws can tell it."""


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_answers_for_weighted_draws_as_for_repeated_ones(name: str) -> None:
    ask, untold = QUESTIONS[name]
    found = ask(weighed(base(), BY)).to_dict()
    assert list(apart(found, ask(repeated(base(), BY)).to_dict(), untold)) == []
    assert list(apart(found, ask(plain(base())).to_dict(), untold))


@pytest.mark.parametrize("claim", ["C39", "C95", "C101"])
def test_a_check_looks_at_what_is_so_by_weights(claim: str) -> None:
    """Draws count in which the move does harm, or outreach backfires little: a check goes another way there."""
    backfire = base().parameters["outreach_backfire"]
    little, harm = backfire < backfire.quantile(0.3), run(base(), ALLOCATIONS).found.move("recommended").change > 0
    counts = (little if claim == "C39" else harm).values
    parameters = base().parameters.assign_coords(weight=("draw", counts.astype(float)))
    some = own_beliefs(parameters, "mine", DOCUMENTS)
    alone = own_beliefs(base().parameters.isel(draw=np.flatnonzero(counts)), "mine", DOCUMENTS)
    found, again, other = (told(claim, one) for one in (some, alone, plain(base())))
    assert found.keys() == again.keys()
    assert found == pytest.approx(again, abs=0.02)
    assert found != pytest.approx(other, abs=0.02)


def told(claim: str, beliefs: Beliefs) -> dict[str, float]:
    """What a check found, by what that is of."""
    trials = checked(claim, beliefs).to_dict()["claims"][0]["worldviews"]
    return {one["what"]: one["value"] for one in trials[0]["found"]}


def test_published_figures_are_beside_what_weighted_draws_imply(shared: Path) -> None:
    found, again, other = (
        external([of], ALLOCATIONS, shared / "data", fte_cost=1e5).to_dict()["worldviews"]
        for of in (weighed(base(), BY), repeated(base(), BY), plain(base()))
    )
    assert list(apart(found, again)) == []
    assert list(apart(found, other))


@pytest.mark.parametrize("of", [exchange_rate, people_moved])
def test_rates_and_headcounts_are_means_by_weight(of: Callable[..., Any]) -> None:
    found, again, other = (of(one, ALLOCATIONS) for one in (weighed(base(), BY), repeated(base(), BY), plain(base())))
    np.testing.assert_allclose(found, again, rtol=1e-6)
    assert not np.allclose(found, other, rtol=1e-4)


def test_the_figure_of_a_person_has_medians_by_weight() -> None:
    found, again, other = (
        one_more_person(one, ALLOCATIONS, QUO) for one in (weighed(base(), BY), repeated(base(), BY), plain(base()))
    )
    assert mark(found) == pytest.approx(mark(again))
    for name, drawn in lines(found).items():
        np.testing.assert_allclose(drawn, lines(again)[name], rtol=1e-6)
        assert not np.allclose(drawn, lines(other)[name], rtol=1e-4)


def test_quarters_of_draws_count_alike() -> None:
    for one in (weighed(base(), BY), plain(base())):
        lead = one.parameters["lead_now"]
        weight = one.parameters["weight"].values if "weight" in one.parameters.coords else np.ones(DRAWS)
        quarters = quarters_of(lead)
        assert sorted(np.concatenate(quarters)) == list(range(DRAWS))
        assert all(lead[low].max() <= lead[high].min() for low, high in pairwise(quarters))
        for quarter in quarters:
            assert weight[quarter].sum() == pytest.approx(weight.sum() / 4, abs=weight.max())
