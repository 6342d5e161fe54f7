"""Every question from Python: what its result says, and that it is what the command prints."""

import importlib
import json
import pickle
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.names import NAMES, essay_words
from tests.toy.conftest import DRAWS, AskJson
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.present.result import Result

SEVERAL = frozenset({"compare", "curve", "disagree", "marginal", "optimise", "report"})
"""Questions of several worldviews."""
OPTIONS: dict[str, dict[str, Any]] = {
    "sensitivity-flip": {"method": "flip"},
    "sensitivity-sobol": {"method": "sobol"},
    "sensitivity-given-data": {"method": "given-data"},
    "optimise-regret": {"kind": "regret"},
}
QUESTIONS = (
    "run", "compare", "curve", "optimise", "optimise-regret", "marginal", "voi", "channels", "sensitivity",
    "sensitivity-flip", "sensitivity-sobol", "sensitivity-given-data", "claims", "disagree",
    "harm",
)  # fmt: skip

type Ask = Callable[[str], Result]


@pytest.fixture(scope="module")
def asked(almanac: Beliefs, farmer: Beliefs, allocations: Allocations) -> Ask:
    """The answer to a question, asked once."""
    known: dict[str, Result] = {}

    def result(name: str) -> Result:
        if name not in known:
            question = name.partition("-")[0]
            function = getattr(importlib.import_module(f"toc_model.questions.{question}"), question)
            several = question in SEVERAL and name != "optimise"
            beliefs = [almanac, farmer] if several else [almanac] if question in SEVERAL else almanac
            known[name] = function(beliefs, allocations, **OPTIONS.get(name, {}))
        return known[name]

    return result


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_result_says_itself(name: str, asked: Ask) -> None:
    found = asked(name)
    assert isinstance(found, Result)
    assert repr(found).startswith(f"<{type(found).__name__}: ")
    assert len(repr(found)) < 200
    assert "village" in str(found) or "harvest" in str(found)
    assert "almanac" in found._repr_html_()
    json.dumps(found.to_dict(), allow_nan=False)
    assert len(found.to_dataframe()) > 0


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_result_comes_back_from_a_pickle(name: str, asked: Ask) -> None:
    found = asked(name)
    back = pickle.loads(pickle.dumps(found))  # noqa: S301
    assert back.to_dict() == found.to_dict()
    assert str(back) == str(found)


COMMANDS = {
    "run": ("--worldview", "almanac"),
    "compare": ("--also", "farmer"),
    "channels": (),
    "marginal": ("--also", "farmer"),
    "sensitivity": (),
    "sensitivity-flip": ("--method", "flip"),
    "sensitivity-sobol": ("--method", "sobol"),
    "sensitivity-given-data": ("--method", "given-data"),
    "optimise": (),
    "optimise-regret": ("--objective", "regret", "--also", "farmer"),
    "voi": (),
    "harm": (),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_the_command_prints_the_same(name: str, asked: Ask, figures: AskJson) -> None:
    found = asked(name).to_dict()
    printed = figures(name.partition("-")[0], *COMMANDS[name])
    assert json.loads(json.dumps(found)) == printed
    assert str(DRAWS) in json.dumps(found)


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_key_or_text_of_the_essay(name: str, asked: Ask) -> None:
    found = asked(name).to_dict()
    told = set(keys(found))
    assert told & (NAMES - {"status_quo"}) == set()
    assert {word for text in {*told, *texts_in(found)} for word in essay_words(text)} == set()


def keys(found: Any) -> Iterator[str]:
    if isinstance(found, dict):
        yield from found
    for inner in found.values() if isinstance(found, dict) else found if isinstance(found, list) else ():
        yield from keys(inner)


def texts_in(found: Any) -> Iterator[str]:
    if isinstance(found, str):
        yield found
    for inner in found.values() if isinstance(found, dict) else found if isinstance(found, list) else ():
        yield from texts_in(inner)


def others(name: str, almanac: Beliefs, allocations: Allocations) -> Result:
    """Answers that are of no draws, or of all questions."""
    from toc_model.questions.graph import graph
    from toc_model.questions.priors import check, prior, priors
    from toc_model.questions.report import report

    documents = almanac.documents
    made: dict[str, Callable[[], Result]] = {
        "graph": lambda: graph(documents.case, almanac.with_overrides([]).story),
        "priors": lambda: priors(documents, "farmer"),
        "prior": lambda: prior(documents, "toil", "farmer"),
        "check": lambda: check(documents, "farmer"),
        "report": lambda: report([almanac], allocations, sections=["answer", "limits", "night"]),
    }
    return made[name]()


@pytest.mark.parametrize("name", ["graph", "priors", "prior", "check", "report"])
def test_other_results_come_back_from_a_pickle(name: str, almanac: Beliefs, allocations: Allocations) -> None:
    found = others(name, almanac, allocations)
    back = pickle.loads(pickle.dumps(found))  # noqa: S301
    assert back.to_dict() == found.to_dict()
    assert str(back) == str(found)
    assert essay_words(str(found)) == []
