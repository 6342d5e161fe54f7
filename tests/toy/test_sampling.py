"""How many neighbours to ask, and whether it pays."""

from dataclasses import replace

import pytest

import toc_model as toc
from tests.toy import CASE
from toc_model.beliefs.beliefs import Beliefs
from toc_model.questions.voi import Voi

EXPERTS = (5, 50, 500)


@pytest.fixture(scope="module")
def valued(almanac: Beliefs) -> Voi:
    return toc.voi(almanac, parameters=["jumped"], experts=EXPERTS, worth=2.0, cost=0.001)


def test_asking_for_one_choice_is_worth_what_voi_says(valued: Voi) -> None:
    once = toc.Study(population=1, periods=1, discount=0, fixed=0, each=0.001)
    found = toc.sampling(valued, once)
    assert list(found) == [asked.plan.name for asked in valued.surveys]
    for asked in valued.surveys:
        for many in EXPERTS:
            expected = valued.net_benefit(asked.experts[many], many)
            assert found[asked.plan.name].benefits[many] == expected


def test_more_villages_are_worth_more_and_a_fixed_cost_is_taken_once(valued: Voi) -> None:
    one = toc.sampling(valued, toc.Study(population=1, periods=1, discount=0, fixed=0, each=0.001))
    many = toc.sampling(valued, toc.Study(population=10, periods=2, discount=0, fixed=7, each=0.001))
    for name, found in one.items():
        for size, benefit in found.benefits.items():
            worth = benefit.value + 0.001 * size
            assert many[name].benefits[size].value == pytest.approx(20 * worth - 7 - 0.001 * size)


def test_without_a_worth_there_is_no_net_benefit() -> None:
    found = toc.voi("almanac", draws=100, parameters=["jumped"], experts=[5], case=CASE)
    with pytest.raises(toc.InputError, match="sampling: found no worth of a unit of cost"):
        toc.sampling(replace(found, worth=None), toc.Study(population=1, periods=1, discount=0, fixed=0, each=1))
