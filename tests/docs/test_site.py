"""The built reference in a real browser: nothing from elsewhere, no errors, nothing cut, and tables that scroll."""

import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page

from docs.outside import outside
from tests.browser import troubles_of

ROOT = Path(__file__).parents[2]
WIDTHS = (400, 1400)
PAGES = ("index", "command", "documents", "facade", "results", "engine", "statistics", "model/index", "model/claims")
CHAPTERS = ("talent", "labs", "slowdown", "research", "alignment", "deployment", "doom", "botec", "rivals")
OVERFLOWING = """
() => [...document.querySelectorAll("main *")]
  .filter((found) => found.getBoundingClientRect().right > innerWidth + 1 && found.getBoundingClientRect().width > 0)
  .filter((found) => !found.closest(".law, .md-typeset__scrollwrap, pre, .md-sidebar"))
  .map((found) => `${found.tagName} ${found.className}: ${found.textContent.slice(0, 60)}`)
"""
CUT = """
() => [...document.querySelectorAll(".law")]
  .filter((law) => law.scrollWidth > law.clientWidth)
  .map((law) => law.querySelector("math").getAttribute("alttext"))
"""
UNREADABLE = """
() => [...document.querySelectorAll(".law math")]
  .filter((math) => math.getBoundingClientRect().height < 12 || parseFloat(getComputedStyle(math).fontSize) < 14)
  .map((math) => math.getAttribute("alttext"))
"""
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("mkdocs") is None, reason="mkdocs is absent (uv run --group dev --group docs)"),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(found)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return found


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=site))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_nothing_comes_from_elsewhere(site: Path) -> None:
    assert list(outside(site)) == []
    assert {path.suffix for path in site.rglob("*")} & {".py", ".pyc"} == set()
    assert {f"{name}.html" for name in PAGES} <= {str(path.relative_to(site)) for path in site.rglob("*.html")}


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_of_any_width_are_whole(browser: Browser, address: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    troubles = troubles_of(page)
    page.on("request", lambda request: None if request.url.startswith(address) else troubles.append(request.url))
    for name in (*PAGES, *(f"model/{chapter}" for chapter in CHAPTERS)):
        page.goto(f"{address}/{name}.html")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert page.evaluate(OVERFLOWING) == [], name
        assert page.evaluate(UNREADABLE) == [], name
        if width >= 1400:
            assert page.evaluate(CUT) == [], name
        for table in page.locator(".md-typeset__scrollwrap").all():
            assert table.evaluate("(found) => getComputedStyle(found).overflowX") == "auto"
    assert troubles == []
    page.close()


def test_equations_of_a_narrow_page_scroll(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 400, "height": 900})
    page.goto(f"{address}/model/talent.html")
    law = page.locator(".law").first
    before = law.locator("math").evaluate("(found) => found.getBoundingClientRect().left")
    law.evaluate("(found) => { found.scrollLeft = 60; }")
    assert law.locator("math").evaluate("(found) => found.getBoundingClientRect().left") == pytest.approx(before - 60)
    page.close()


def found_by(page: Page, words: str) -> str:
    page.locator(".md-search__input").fill(words)
    first = page.locator(".md-search-result__link").first
    first.wait_for()
    return first.inner_text()


def test_the_search_needs_no_network(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.goto(f"{address}/index.html")
    page.keyboard.press("/")
    assert "People and time make research" in found_by(page, "field growth rate")
    page.close()
