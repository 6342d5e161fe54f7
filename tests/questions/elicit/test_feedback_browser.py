"""Pages of feedback in a real browser, without its window: of any width, with any number of experts, and hostile."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import troubles_of
from tests.questions.elicit.fences import JUMPED, NAMES, STORM, WOLVES, gains, opened, panel_of, said
from tests.questions.elicit.test_feedback_anonymity import hostile_feedback
from tests.questions.test_report_browser import CROSSING_THE_EDGE, OVERFLOWING
from toc_model.questions.elicit.feedback import Feedback, feedback

pytestmark = pytest.mark.slow


def of(number: int) -> Feedback:
    """Two rounds of so many experts, who differ by orders of magnitude and are sure of an event."""
    names = [*NAMES, *(f"person {k}" for k in range(30))][:number]
    wolves = [said(name, "wolves", 2.0**k, 3 * 2.0**k, 5 * 2.0**k) for k, name in enumerate(names)]
    jumped = [said(name, JUMPED, 0.001, 0.02 * (k + 1), 0.9) for k, name in enumerate(names)]
    storm = [said(name, "storm", round(k / number, 3)) for k, name in enumerate(names)]
    told = [*gains(names, step=0.1), *gains(names, "2", step=0.05), *wolves, *jumped, *storm]
    return feedback(opened(panel_of(names, [WOLVES, STORM]), *told))


PAGES = {"1": lambda: of(1), "5": lambda: of(5), "30": lambda: of(30), "hostile": hostile_feedback}


TEXTS = "[...document.querySelectorAll('svg text')].map((text) => text.getBoundingClientRect().height)"


@pytest.mark.parametrize("width", [400, 1000])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_any_width_is_whole(browser: Browser, name: str, width: int, tmp_path: Path) -> None:
    PAGES[name]().save(tmp_path / "round.html")
    page = browser.new_page(viewport={"width": width, "height": 900})
    troubles = troubles_of(page)
    page.goto((tmp_path / "round.html").as_uri())
    page.evaluate("for (const found of document.querySelectorAll('details')) found.open = true")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(OVERFLOWING) == []
    assert page.evaluate(CROSSING_THE_EDGE) == []
    assert min(page.evaluate(TEXTS)) > 8
    assert troubles == []
    page.close()
