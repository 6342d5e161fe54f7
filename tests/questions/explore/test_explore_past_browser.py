"""Steps of the past of a page in a real browser: drags and keys, pasted addresses, and figures that are typed."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page

from tests.questions.explore.hands import FENCE, headline, opened, pressed, settle
from toc_model.beliefs.loading import load_beliefs
from toc_model.essay.case import ESSAY
from toc_model.questions.explore import Explored, explore

pytestmark = pytest.mark.slow


def test_a_slider_that_is_dragged_away_and_back_is_let_go(page: Page) -> None:
    page.locator("#people summary").click()
    dragged_and_back(page, page.get_by_label(FENCE, exact=True).first)
    share = page.locator(".linked .slide.b input[type=number]").first
    share.fill("70")
    share.press("Enter")
    before = headline(page)
    pressed(page, FENCE, "ArrowRight")
    assert share.input_value() == "70"
    page.go_back()
    page.wait_for_function("text => document.querySelector('.headline').textContent === text", arg=before)
    assert share.input_value() == "70"


def test_a_node_that_is_held_by_a_drag_away_and_back_is_a_step_of_its_own(page: Page) -> None:
    page.locator(".g-node[data-name=spared]").click()
    dragged_and_back(page, page.get_by_label("Hold at, slider (tonnes)"))
    settle(page)
    held = page.url
    assert "h=spared" in held
    pressed(page, FENCE, "ArrowRight")
    page.go_back()
    assert page.url == held
    page.go_back()
    assert "#" not in page.url


def dragged_and_back(page: Page, slider: Locator) -> None:
    """Take a slider by its middle, away, and back to where it was."""
    slider.evaluate("found => { found.value = (Number(found.min) + Number(found.max)) / 2; }")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y, steps=3)
    page.mouse.move(x, y, steps=3)
    page.mouse.up()


def test_what_an_address_says_in_vain_is_told_until_something_is_changed(page: Page) -> None:
    trouble = page.locator(".first .trouble")
    page.evaluate("location.hash = '#m=0&w=nobody'")
    page.wait_for_function("() => document.querySelector('.first .trouble').textContent")
    assert trouble.inner_text().endswith("which was left out: w=nobody.")
    pressed(page, FENCE, "ArrowRight")
    assert trouble.inner_text() == ""
    page.go_back()
    page.wait_for_function("() => document.querySelector('.first .trouble').textContent")
    page.go_back()
    page.wait_for_function("() => !document.querySelector('.first .trouble').textContent")


def test_axes_of_no_change_are_round(page: Page) -> None:
    for which in range(2):
        page.locator(".preset select").nth(which).select_option(index=0)
    settle(page)
    page.wait_for_function("() => document.querySelectorAll('#steps tfoot svg text').length")
    texts = page.locator("#steps tfoot svg text, #worldviews tfoot svg text").all_text_contents()
    assert "0" in texts
    assert max(map(len, texts)) <= len("-0.10")


def test_strokes_of_a_key_are_one_step_within_another_page_too(browser: Browser, made: Explored) -> None:
    page = browser.new_page()
    page.evaluate(
        "html => document.body.append(Object.assign(document.createElement('iframe'), { srcdoc: html, width: 1200 }))",
        made.html,
    )
    inside = page.frame_locator("iframe")
    undo = inside.get_by_role("button", name="Undo", exact=True)
    inside.locator(".more[aria-busy=false]").wait_for()
    first = inside.locator(".headline").inner_text()
    for _ in range(5):
        inside.get_by_label(FENCE, exact=True).first.press("ArrowRight")
    assert inside.locator(".headline").inner_text() != first
    undo.click()
    assert inside.locator(".headline").inner_text() == first
    assert undo.is_disabled()
    page.close()


def test_a_year_of_the_calendar_is_counted_from_the_date(browser: Browser, tmp_path: Path) -> None:
    beliefs = load_beliefs(ESSAY, "base", draws=40)
    explore(beliefs, beliefs.documents.allocations()).save(tmp_path / "page.html")
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    opened(page, f"{(tmp_path / 'page.html').as_uri()}#d=late_2026&s=agi_year=5..20")
    belief = page.locator(".belief.own")
    belief.locator("summary").click()
    low, high = belief.locator(".exact input").nth(0), belief.locator(".exact input").nth(1)
    assert (low.get_attribute("aria-label") or "").endswith("years from late 2026")
    low.fill("2030")
    low.press("Enter")
    assert belief.locator(".trouble").inner_text() == "Allowed: years of the calendar in both fields, or in none."
    assert page.url.endswith("agi_year=5..20")
    high.fill("2030")
    high.press("Enter")
    assert belief.locator(".trouble").inner_text() == ""
    assert belief.locator(".told").inner_text() == "3.6 years, certain"
    assert [low.input_value(), high.input_value()] == ["3.6", "3.6"]
    assert "agi_year%3D3.6&" in f"{page.url}&"
    page.close()
