"""What allocations do, in words from a case's template."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.toy.case import CASE
from toc_model.beliefs.allocations import allocations_of
from toc_model.beliefs.shipped import Documents
from toc_model.engine.telling import told
from toc_model.errors import InputError
from toc_model.essay.case import ESSAY

SHARES = {"researchers": 0.2, "builders": 0.1}


def told_of(shares: dict[str, float]) -> str:
    tables = {name: {"description": "", "buying_time_share": shares} for name in ("status_quo", "own")}
    return allocations_of(ESSAY, tables, NotImplemented).told("own")


@given(st.floats(0, 1), st.floats(0, 1))
def test_the_essay_tells_shares_of_its_pools(researchers: float, builders: float) -> None:
    wanted = f"{100 * researchers:.3g}% of researchers and {100 * builders:.3g}% of field builders buy time"
    assert told_of({"researchers": researchers, "builders": builders}) == wanted


def test_words_of_shipped_allocations() -> None:
    assert told_of(SHARES) == "20% of researchers and 10% of field builders buy time"
    village = Documents.of(CASE).allocations()
    assert {name: village.told(name) for name in ("today", "plan")} == {
        "today": "3 km are fenced",
        "plan": "6 km are fenced",
    }


@given(st.floats(0, 12), st.floats(0, 1))
def test_a_template_takes_any_variables_in_any_order(fence: float, hill: float) -> None:
    values = {"watch.hill": hill, "fence": fence}
    found = told("{watch.hill} up there, {fence}, {watch.hill}", CASE.story.variables, values.__getitem__)
    assert found == f"{100 * hill:.3g}% up there, {fence:g} km, {100 * hill:.3g}%"


def test_without_a_template_all_variables_are_told() -> None:
    tables = {"today": {"description": "", "fence": 3.25}}
    found = allocations_of(replace(CASE, describe=""), tables, NotImplemented)
    assert found.told("today") == "fence 3.25, watch.hill 0.5, watch.valley 0.5"


def test_a_template_asks_for_variables_alone() -> None:
    wanted = r"case village: describe: unknown variable 'fense'.*fence.*allowed: fence, watch\.hill, watch\.valley"
    with pytest.raises(InputError, match=wanted):
        replace(CASE, describe="{fense} are fenced")
    for text in ("{fence are fenced", "fence} are fenced", "{{fence}} are fenced"):
        with pytest.raises(InputError, match=r"case village: describe: found .* allowed: braces around names"):
            replace(CASE, describe=text)
