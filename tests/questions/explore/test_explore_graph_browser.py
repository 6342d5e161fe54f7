"""The graph of a page in a real browser: by the keyboard alone, with what is held and cut, and at any width."""

import pytest
from playwright.sync_api import Page

from tests.questions.explore.hands import settle, smallest_text
from tests.toy.case import CASE

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
pytestmark = pytest.mark.slow


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
    assert smallest_text(page, "#graph") >= 11
    assert page.evaluate(WIDER_THAN_ITS_BOX) == []
