"""What the tests of the toy need: beliefs, and what its commands print, each run once."""

import json
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from io import BytesIO, TextIOWrapper
from typing import Any

import pytest

from tests.toy import CASE
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.loading import load_beliefs
from toc_model.cli import main

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


def printed(*words: object) -> str:
    """What ``toc --case tests.toy:CASE WORDS`` prints."""
    content, argv = BytesIO(), sys.argv
    out = TextIOWrapper(content, encoding="utf-8", write_through=True)
    sys.argv = ["toc", "--case", "tests.toy:CASE", *map(str, words)]
    try:
        with redirect_stdout(out), redirect_stderr(out):
            main()
    except SystemExit as stop:
        if stop.code:
            raise AssertionError(content.getvalue().decode()) from None
    finally:
        sys.argv = argv
    return content.getvalue().decode()


@pytest.fixture(scope="session")
def ask() -> Ask:
    """The text that a command prints."""
    return printed


@pytest.fixture(scope="session")
def figures() -> AskJson:
    """The figures that a command prints with ``--json``, of as many draws as the fixtures have; each is run once."""

    @cache
    def asked(*words: object) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(printed(*words, "--draws", DRAWS, "--json"))
        return found

    return asked
