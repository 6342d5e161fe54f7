"""The graph of a page in a real browser: by the keyboard alone, with what is held and cut, and at any width."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.questions.test_report_browser import CHROMIUM, FLAGS
from tests.toy.case import CASE
from toc_model.beliefs.loading import load_beliefs
from toc_model.questions.explore import explore

SMALLEST = """
() => [...document.querySelectorAll("#graph svg text")]
  .filter((text) => text.getBoundingClientRect().width)
  .map((text) => parseFloat(getComputedStyle(text).fontSize) * text.ownerSVGElement.getScreenCTM().a)
  .reduce((least, size) => Math.min(least, size))
"""
WIDER_THAN_ITS_BOX = """
() => [...document.querySelectorAll("#graph .g-scroll .g-node")].flatMap((node) => {
  const box = node.querySelector(".g-box").getBoundingClientRect();
  return [...node.querySelectorAll(".g-words, .g-value")]
    .map((text) => [text.textContent, text.getBoundingClientRect()])
    .filter(([, text]) => text.left < box.left || text.right > box.right)
    .map(([words]) => words);
})
"""
FOCUSED = "document.activeElement.dataset.name ?? document.activeElement.textContent"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is absent (apt-get install chromium)"),
]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("graph") / "page.html"
    beliefs = load_beliefs(CASE, draws=100, seed=3)
    explore(beliefs, beliefs.documents.allocations()).save(found)
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield found
        found.close()


@pytest.fixture
def page(browser: Browser, path: Path) -> Iterator[Page]:
    found = browser.new_page()
    troubles: list[str] = []
    found.on("console", lambda message: troubles.append(message.text))
    found.on("pageerror", lambda error: troubles.append(str(error)))
    found.goto(path.as_uri())
    settle(found)
    yield found
    assert troubles == []
    found.close()


def settle(page: Page) -> None:
    page.wait_for_selector(".more[aria-busy=false]")


def label(page: Page, node: str) -> str:
    return page.locator(f".g-node[data-name={node}]").get_attribute("aria-label") or ""


def test_the_keyboard_leads_through_the_graph_into_the_panel_and_back(page: Page) -> None:
    assert page.locator(".g-node[tabindex='0']").count() == 1
    page.locator(".g-node[tabindex='0']").focus()
    page.keyboard.press("End")
    assert page.evaluate(FOCUSED) == "harvest"
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(FOCUSED) == "sown"
    assert page.locator(".g-node[tabindex='0']").get_attribute("data-name") == "sown"
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUSED) == page.locator(".g-panel h3").inner_text() == "grain sown"
    assert page.locator(".g-picked").get_attribute("aria-current") == "true"
    page.get_by_role("button", name="Back to the graph").press("Enter")
    assert page.evaluate(FOCUSED) == "sown"
    page.keyboard.press("Escape")
    assert page.locator(".g-panel").count() == page.locator(".g-picked").count() == 0


def test_what_is_held_and_cut_is_in_the_state_and_on_the_graph(page: Page) -> None:
    assert "rises" in label(page, "spared")
    page.locator(".g-node[data-name=spared]").click()
    number = page.get_by_label("Hold at (tonnes)", exact=True)
    number.fill("2")
    number.press("Enter")
    settle(page)
    assert "held at 2" in label(page, "spared")
    assert "does not change" in label(page, "spared")
    assert "h=spared%3D2" in page.url
    page.get_by_role("switch", name="cut this arrow from grain guarded at night").check()
    settle(page)
    assert "1 arrow cut" in label(page, "spared")
    assert page.locator("#graph .g-scroll .g-cross").count() == 1
    page.get_by_role("button", name="Release").click()
    settle(page)
    assert "held" not in label(page, "spared")
    assert "h=" not in page.url


def test_what_is_no_number_is_refused_in_words_and_changes_nothing(page: Page) -> None:
    page.locator(".g-node[data-name=spared]").click()
    number = page.get_by_label("Hold at (tonnes)", exact=True)
    number.fill("3")
    number.press("Tab")
    number.fill("")
    number.press("Tab")
    assert page.locator(".g-trouble").inner_text() == "Enter a number."
    assert number.get_attribute("aria-invalid") == "true"
    assert "h=spared%3D3" in page.url


def test_equations_are_mathematics(page: Page) -> None:
    page.locator(".g-node[data-name=spared]").click()
    inside = page.locator(".g-panel math").evaluate(
        "found => [found.namespaceURI, found.querySelectorAll('mi').length]"
    )
    assert inside[0] == "http://www.w3.org/1998/Math/MathML"
    assert inside[1] > 3


def test_the_list_opens_the_same_as_the_drawing(page: Page) -> None:
    page.locator("#graph summary", has_text="as a list").click()
    names = page.locator(".g-list .g-item").evaluate_all("items => items.map((one) => one.dataset.name)")
    assert sorted(names) == sorted([*CASE.story.levers, *CASE.story.nodes])
    page.locator(".g-list .g-item[data-name=watch]").click()
    assert page.locator(".g-panel h3").inner_text() == "watch"
    assert page.locator(".g-panel tbody tr").count() == 2


@pytest.mark.parametrize("width", [320, 800, 1400])
def test_the_graph_fits_a_page_of_any_width_and_can_be_read(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.locator(".g-node[data-name=spared]").click()
    page.evaluate("for (const found of document.querySelectorAll('#graph details')) found.open = true")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(SMALLEST) >= 11
    assert page.evaluate(WIDER_THAN_ITS_BOX) == []
