"""The search for what keeps people out of a page finds it."""

import pytest
from playwright.sync_api import Browser, Page

from tests.axe import serious

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def page(browser: Browser) -> Page:
    return browser.new_page()


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
