"""A page of the toy, and what hands and eyes do on one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import troubles_of
from tests.questions.explore.hands import opened
from tests.toy.case import CASE
from toc_model.beliefs.loading import load_beliefs
from toc_model.questions.explore import Explored, explore


@pytest.fixture(scope="session")
def made() -> Explored:
    """The page."""
    beliefs = load_beliefs(CASE, draws=100, seed=3)
    return explore(beliefs, beliefs.documents.allocations())


@pytest.fixture(scope="session")
def path(made: Explored, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its file."""
    found = tmp_path_factory.mktemp("page") / "page.html"
    made.save(found)
    return found


@pytest.fixture
def page(browser: Browser, path: Path) -> Iterator[Page]:
    """The page as it opens, which must have no trouble and ask for nothing until the test has ended."""
    found = browser.new_page(viewport={"width": 1400, "height": 900})
    troubles = troubles_of(found)
    found.on("request", lambda request: troubles.extend([request.url] if request.url.startswith("http") else []))
    opened(found, path.as_uri())
    yield found
    assert troubles == []
    found.close()
