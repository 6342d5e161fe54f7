"""What the tests of the toy need."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Toc
from tests.toy import CASE
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs, load_beliefs

DRAWS = 400

type Ask = Callable[..., str]
type AskJson = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def almanac() -> Beliefs:
    return load_beliefs(CASE, draws=DRAWS)


@pytest.fixture(scope="session")
def farmer() -> Beliefs:
    return load_beliefs(CASE, "farmer", draws=DRAWS)


@pytest.fixture(scope="session")
def forester() -> Beliefs:
    return load_beliefs(CASE, "forester", draws=DRAWS)


@pytest.fixture(scope="session")
def allocations(almanac: Beliefs) -> Allocations:
    return almanac.documents.allocations()


@pytest.fixture
def ask(toc: Toc) -> Ask:
    """Run ``toc --case tests.toy:CASE WORDS`` and give what it prints."""

    def asked(*words: object) -> str:
        code, out, error = toc("--case", "tests.toy:CASE", *words)
        assert code == 0, error
        return out

    return asked


@pytest.fixture
def figures(ask: Ask) -> AskJson:
    """The same with ``--json``, and as many draws as the fixtures have."""

    def asked(*words: object) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(ask(*words, "--draws", DRAWS, "--json"))
        return found

    return asked
