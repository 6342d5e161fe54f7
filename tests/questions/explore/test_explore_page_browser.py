"""The page of ``toc explore`` in a real browser: set by the keyboard, undone by Back, at any width, and on paper."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import troubles_of
from tests.questions.explore.hands import FENCE, headline, opened, pressed, quote, settle, smallest_text
from tests.report_pages import HOSTILE, hostile_documents, toml
from toc_model.beliefs.loading import load_beliefs
from toc_model.essay.case import ESSAY
from toc_model.questions.explore import Explored, explore

OVERFLOWING = """
() => [...document.querySelectorAll("body *")]
  .filter((found) => found.getBoundingClientRect().right > innerWidth + 1 && !found.closest(".g-scroll, .scroll"))
  .map((found) => `${found.tagName} ${found.getAttribute("class")} ${found.textContent.slice(0, 30)}`)
"""
pytestmark = pytest.mark.slow


def test_the_page_opens_with_the_sentence_of_the_command(page: Page, made: Explored) -> None:
    said = made.run.section().text[0].replace("\u2068", "").replace("\u2069", "")
    assert quote(page) == said
    assert page.locator("#static").count() == 0


def test_a_slider_moves_the_answer_at_once_and_makes_one_step_of_the_past(page: Page) -> None:
    first = headline(page)
    pressed(page, FENCE, *["ArrowRight"] * 4)
    moved = headline(page)
    assert moved != first
    assert "#m=" in page.url
    pressed(page, "A: length of the fence", "ArrowLeft")
    assert headline(page) != moved
    page.go_back()
    assert headline(page) == moved
    page.get_by_role("button", name="Undo", exact=True).click()
    page.wait_for_function("text => document.querySelector('.headline').textContent === text", arg=first)
    assert page.get_by_role("button", name="Undo", exact=True).is_disabled()


def test_an_address_gives_all_back(page: Page, browser: Browser) -> None:
    pressed(page, FENCE, "ArrowRight")
    page.locator(".belief input[type=range]").first.focus()
    page.keyboard.press("ArrowRight")
    page.locator("#beliefs summary", has_text="Rival").click()
    page.locator("#beliefs .switches input").first.check()
    other = browser.new_page()
    opened(other, page.url)
    assert quote(other) == quote(page)
    assert other.inner_text("#changes") == page.inner_text("#changes")
    page.get_by_role("button", name="Start again").click()
    assert page.locator("#changes").is_hidden()
    assert "#" not in page.url
    other.close()


def test_what_an_address_says_in_vain_is_told(browser: Browser, path: Path) -> None:
    page = browser.new_page()
    opened(page, f"{path.as_uri()}#m=0&w=nobody")
    assert page.inner_text(".first .trouble").endswith("which was left out: w=nobody.")
    page.close()


def test_shares_that_are_linked_add_up(page: Page) -> None:
    page.locator("#people summary").click()
    fields = page.locator(".linked .slide.b input[type=number]")
    fields.first.fill("70")
    fields.first.press("Enter")
    shares = [float(fields.nth(k).input_value()) for k in range(fields.count())]
    assert shares[0] == 70
    assert sum(shares) == pytest.approx(100, abs=0.2)


def test_no_spread_is_certainty_and_figures_that_fall_are_refused(page: Page) -> None:
    belief = page.locator(".belief").first
    belief.locator(".sure input").focus()
    page.keyboard.press("Home")
    assert belief.locator(".told").inner_text().endswith("certain")
    belief.locator("summary").click()
    low, high = belief.locator(".exact input").nth(0), belief.locator(".exact input").nth(1)
    low.fill("1e9")
    low.press("Tab")
    assert belief.locator(".trouble").inner_text().startswith("Allowed: two figures that rise")
    low.fill("0.5")
    high.fill("0.75")
    high.press("Tab")
    assert belief.locator(".trouble").inner_text() == ""
    assert "0.5 to 0.75" in belief.locator(".told").inner_text()
    belief.get_by_role("button", name="Reset").click()
    assert page.locator("#changes").is_hidden()


def test_other_beliefs_are_found_by_words(page: Page, made: Explored) -> None:
    other = next(one for one in made.data["entries"] if one["name"] not in made.data["cruxes"] and not one["rival"])
    page.get_by_label("Every other belief").fill(other["label"].upper())
    page.locator(".found button").first.click()
    assert page.evaluate("document.activeElement.type") == "range"
    page.keyboard.press("ArrowLeft")
    assert f"s={other['name']}" in page.url


def test_the_sentence_is_announced_when_things_rest(page: Page) -> None:
    live = page.locator("#answer [aria-live]")
    pressed(page, FENCE, *["ArrowRight"] * 3)
    assert live.inner_text() == ""
    page.wait_for_function("() => document.querySelector('#answer [aria-live]').textContent")
    assert live.text_content() == quote(page)


def test_files_are_handed_out(page: Page) -> None:
    page.locator(".belief input[type=range]").first.focus()
    page.keyboard.press("ArrowRight")
    settle(page)
    contents = {}
    for label in ("Beliefs (worldview.toml)", "Figures (CSV)", "Picture (PNG)"):
        with page.expect_download() as found:
            page.get_by_role("button", name=label).click()
        contents[found.value.suggested_filename] = Path(found.value.path()).read_bytes()
    assert contents["worldview.toml"].startswith(b"description = ")
    assert contents["figures.csv"].startswith(b"worldview,before_mean,")
    assert contents["answer.png"].startswith(b"\x89PNG")


@pytest.mark.parametrize("width", [320, 500, 800, 1010, 1400])
def test_a_page_of_any_width_is_whole(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate(
        "for (const found of document.querySelectorAll('.controls details, .more details')) found.open = true"
    )
    page.wait_for_timeout(200)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(OVERFLOWING) == []
    assert smallest_text(page, "#app") >= 11


def test_the_answer_is_always_in_view(page: Page) -> None:
    assert page.locator(".bar").is_hidden()
    page.locator("#graph").scroll_into_view_if_needed()
    page.evaluate("document.querySelector('#graph').scrollIntoView()")
    page.wait_for_selector(".bar:not(.spare)")
    bar = page.locator(".bar").bounding_box()
    assert bar is not None
    assert 0 <= bar["y"] < 5
    page.locator(".bar").click()
    assert page.evaluate("document.activeElement.id") == "answer"


def test_paper_has_the_answer_and_what_was_set_and_no_controls(page: Page) -> None:
    pressed(page, FENCE, "ArrowRight")
    page.emulate_media(media="print")
    assert page.locator(".quote").is_visible()
    assert page.locator("#changes").is_visible()
    visible = "found => found.filter((one) => one.checkVisibility()).length"
    assert page.locator("#people input, #beliefs input, #app button, .bar").evaluate_all(visible) == 0


def test_without_script_the_answer_stands_still(browser: Browser, path: Path, made: Explored) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(path.as_uri())
    assert "needs JavaScript" in page.inner_text("#static")
    assert made.data["objective"]["label"] in page.inner_text("#static")
    assert page.locator("#app").is_hidden()
    assert page.locator("#how").is_hidden()
    context.close()


def test_hostile_documents_are_texts_that_fit(browser: Browser, tmp_path: Path) -> None:
    documents = hostile_documents(tmp_path)
    table = f"\n[{toml(HOSTILE)}]\ndescription = {toml(HOSTILE)}\n"
    table += "buying_time_share = { researchers = 0.5, builders = 0.3 }\n"
    with (documents.folder / "allocations.toml").open("a", encoding="utf-8") as allocations:
        allocations.write(table)
    beliefs = load_beliefs(ESSAY, "base", draws=40, priors=documents.folder)
    explore(beliefs, beliefs.documents.allocations(), to=HOSTILE).save(tmp_path / "page.html")
    page = browser.new_page(viewport={"width": 320, "height": 900})
    troubles = troubles_of(page)
    opened(page, f"{(tmp_path / 'page.html').as_uri()}#s=severity=0.2..0.5&no=C40")
    page.evaluate("for (const found of document.querySelectorAll('.controls details')) found.open = true")
    assert page.evaluate(OVERFLOWING) == []
    assert page.locator("#app i, #app img, #app script").count() == 0
    assert "\u202e" not in page.inner_text("#app")
    assert troubles == []
    page.close()
