"""What hands and eyes do on a page of the toy in a browser."""

from playwright.sync_api import Page

FENCE = "B: length of the fence"
SMALLEST = """
(within) => [...document.querySelectorAll(`${within} svg text`)]
  .filter((text) => text.getBoundingClientRect().width)
  .map((text) => parseFloat(getComputedStyle(text).fontSize) * text.ownerSVGElement.getScreenCTM().a)
  .reduce((least, size) => Math.min(least, size))
"""


def opened(page: Page, address: str) -> None:
    """Go to an address, and wait until all is reckoned."""
    page.goto(address)
    settle(page)


def settle(page: Page) -> None:
    """Wait until all is reckoned."""
    page.wait_for_selector(".more[aria-busy=false]")


def headline(page: Page) -> str:
    """The change in a line."""
    return page.inner_text(".headline")


def quote(page: Page) -> str:
    """The sentence that may be quoted."""
    return page.inner_text(".quote").replace("\xa0", " ")


def pressed(page: Page, label: str, *keys: str) -> None:
    """Press keys on what has a label."""
    page.get_by_label(label, exact=True).first.focus()
    for key in keys:
        page.keyboard.press(key)


def smallest_text(page: Page, within: str) -> float:
    """Size of the smallest letters in drawings, in pixels."""
    return float(page.evaluate(SMALLEST, within))
