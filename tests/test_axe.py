"""The search for what keeps people out of a page finds it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.axe import serious
from tests.questions.test_report_browser import CHROMIUM, FLAGS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is absent (apt-get install chromium)"),
]


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser.new_page()
        browser.close()


def test_what_is_wrong_is_named(page: Page) -> None:
    page.set_content("<html><body><main><h1>Two</h1><img src='x'><button id='mute'></button></main></body></html>")
    found = serious(page)
    assert "button-name (critical): #mute" in found
    assert "image-alt (critical): img" in found


def test_nothing_is_wrong_with_a_plain_page_that_allows_nothing_else(page: Page) -> None:
    policy = "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'\">"
    head = f"<head>{policy}<title>One</title></head>"
    page.set_content(f"<html lang='en'>{head}<body><main><h1>One</h1></main></body></html>")
    assert serious(page) == []
