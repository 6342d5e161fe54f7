"""Probabilities that do not go together are recorded, however many files they come in."""

import pytest

from tests.survey.panel.small import EVENT, panel_of
from toc_model.survey.panel.checking import problems_in, with_problems
from toc_model.survey.panel.said import Said

NAMES = {"whole": "wet", "condition": "rain", "given": "wet_if", "given_not": "wet_not"}
PANEL = panel_of(*(EVENT | {"name": name} for name in NAMES.values()), conditionals=[NAMES])


def said(chances: dict[str, float], expert: str = "Ada") -> list[Said]:
    return [Said.of_probability("1", expert, name, p) for name, p in chances.items()]


COHERENT = {"wet": 0.5, "rain": 0.5, "wet_if": 0.8, "wet_not": 0.2}
ODD = COHERENT | {"wet": 0.9}


def test_what_goes_together_has_no_note() -> None:
    assert problems_in(with_problems(PANEL, said(COHERENT))) == []


@pytest.mark.parametrize("first", range(5))
def test_it_does_not_matter_in_which_file_an_answer_comes(first: int) -> None:
    every = said(ODD)
    before = with_problems(PANEL, every[:first])
    after = with_problems(PANEL, every[first:], before)
    (problem,) = problems_in([*before, *after])
    assert "Ada, round 1, wet: found P(A) = 0.9 where the conditional probabilities make it 0.5" in problem


def test_a_later_answer_goes_before_the_one_it_replaces() -> None:
    assert problems_in(with_problems(PANEL, said({"wet": 0.5}), said(ODD))) == []
    assert len(problems_in(with_problems(PANEL, said({"wet": 0.1}), said(COHERENT)))) == 1
    assert problems_in(with_problems(PANEL, said({"wet": 0.1}, "Bo"), said(COHERENT))) == []
