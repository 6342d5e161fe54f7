"""What axe-core finds on the essay's page: nothing serious, at any width, by day and by night, with all unfolded."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, sync_playwright

import toc_model as toc
from tests.axe import serious
from tests.questions.test_report_browser import CHROMIUM, FLAGS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is absent (apt-get install chromium)"),
]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("axe") / "page.html"
    toc.explore(draws=60).save(found)
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield found
        found.close()


@pytest.mark.parametrize(("width", "colours"), [(320, "light"), (800, "dark"), (1400, "light"), (1400, "dark")])
def test_nothing_serious_is_found(browser: Browser, path: Path, width: int, colours: Literal["light", "dark"]) -> None:
    # What the checker itself brings along is no script of the page.
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=colours, bypass_csp=True)
    page.goto(path.as_uri())
    page.wait_for_selector(".more[aria-busy=false]")
    assert serious(page) == []
    page.evaluate("for (const found of document.querySelectorAll('details')) found.open = true")
    page.locator("#graph .g-node[data-name=pause_probability]").first.click()
    page.wait_for_selector(".more[aria-busy=false]")
    assert serious(page) == []
    page.close()
