"""The report in a real browser, without its window: no errors, no requests, no overflow, and tables that sort."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import troubles_of
from toc_model.questions.report import Report

WIDTHS = (400, 800, 1400)
OVERFLOWING = """
() => [...document.querySelectorAll("body *")]
  .filter((found) => found.getBoundingClientRect().right > innerWidth + 1 && !found.closest(".scroll, .drawing"))
  .map((found) => `${found.tagName} ${found.id} ${found.className}`)
"""
CROSSING_THE_EDGE = """
() => [...document.querySelectorAll("svg")].flatMap((drawing) => {
  const edge = drawing.getBoundingClientRect();
  return [...drawing.querySelectorAll("text")]
    .filter((text) => {
      const box = text.getBoundingClientRect();
      return box.left < edge.left - 2 || box.right > edge.right + 2;
    })
    .map((text) => `${drawing.closest("figure").id}: ${text.textContent}`);
})
"""
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def path(hostile_report: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("browser") / "report.html"
    hostile_report.save(found)
    return found


@pytest.mark.parametrize("width", WIDTHS)
def test_a_page_of_any_width_is_whole(browser: Browser, path: Path, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    troubles = troubles_of(page)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(path.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(OVERFLOWING) == []
    assert page.evaluate(CROSSING_THE_EDGE) == []
    for drawing in page.query_selector_all("figure svg"):
        box = drawing.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) > 100
    for image in page.get_by_role("img").all():
        assert image.get_attribute("aria-labelledby")
    page.evaluate("for (const found of document.querySelectorAll('details')) found.open = true")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(OVERFLOWING) == []
    assert requests == [path.as_uri()]
    assert troubles == []
    page.close()


def test_tables_sort_by_figures_and_by_names_with_the_keyboard(browser: Browser, path: Path) -> None:
    page = browser.new_page()
    page.goto(path.as_uri())
    table = page.locator("#people table").first
    column = "found => [...found.tBodies[0].rows].map((row) => Number(row.cells[1].dataset.sort))"
    before = table.evaluate(column)
    table.locator("thead th").nth(1).locator("button").focus()
    page.keyboard.press("Enter")
    assert table.evaluate(column) == sorted(before) != before
    assert table.locator("thead th").nth(1).get_attribute("aria-sort") == "ascending"
    page.keyboard.press("Enter")
    assert table.evaluate(column) == sorted(before, reverse=True)
    table.locator("thead th").first.locator("button").click()
    names = table.evaluate("found => [...found.tBodies[0].rows].map((row) => row.cells[0].textContent)")
    assert names[0] < names[-1]
    assert table.locator("thead th").nth(1).get_attribute("aria-sort") is None
    page.close()


def test_the_first_stop_of_the_keyboard_skips_to_the_content(browser: Browser, path: Path) -> None:
    page = browser.new_page()
    page.goto(path.as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#content"
    page.close()


def test_without_script_all_still_reads(browser: Browser, path: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(path.as_uri())
    assert page.locator("thead button").count() == 0
    assert page.locator("tbody tr").count() > 50
    assert page.get_by_role("img").count() >= 11
    context.close()


def test_the_policy_stops_what_escaping_might_miss(browser: Browser, path: Path) -> None:
    broken = path.with_name("broken.html")
    text = path.read_text(encoding="utf-8")
    sneaked = "<script>document.title = 'hacked'</script><img src='https://example.org/x.png'>"
    broken.write_text(text.replace("<footer>", f"{sneaked}<footer>"), encoding="utf-8")
    page = browser.new_page()
    failed: list[str] = []
    page.on("requestfailed", lambda request: failed.append(request.failure or ""))
    page.goto(broken.as_uri())
    assert page.title().startswith("Would P(doom)")
    assert all("csp" in reason.lower() for reason in failed)
    page.close()


def test_print_shows_what_is_folded(browser: Browser, path: Path) -> None:
    page = browser.new_page(viewport={"width": 673, "height": 900})
    page.goto(path.as_uri())
    closed = page.locator("details:not([open])").count()
    assert closed > 5
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= 673
    assert page.evaluate(OVERFLOWING.replace("!found.closest", "found.closest")) == []
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details:not([open])").count() == closed
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    assert page.pdf()[:5] == b"%PDF-"
    page.close()
