"""What axe-core finds on the essay's page: nothing serious, at any width, by day and by night, with all unfolded."""

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser

import toc_model as toc
from tests.axe import serious
from tests.questions.explore.hands import opened, settle

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("axe") / "page.html"
    toc.explore(draws=60).save(found)
    return found


@pytest.mark.parametrize(("width", "colours"), [(320, "light"), (800, "dark"), (1400, "light"), (1400, "dark")])
def test_nothing_serious_is_found(browser: Browser, path: Path, width: int, colours: Literal["light", "dark"]) -> None:
    # What the checker itself brings along is no script of the page.
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=colours, bypass_csp=True)
    opened(page, path.as_uri())
    assert serious(page) == []
    page.evaluate("for (const found of document.querySelectorAll('details')) found.open = true")
    page.locator("#graph .g-node[data-name=pause_probability]").first.click()
    settle(page)
    assert serious(page) == []
    page.close()
