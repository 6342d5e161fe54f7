"""What several tests need."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import xarray as xr
from hypothesis import settings

from toc_model.beliefs.levers import joined
from toc_model.beliefs.shipped import Documents
from toc_model.cli import main
from toc_model.essay.case import ESSAY

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from toc_model.questions.report import Report

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The design page, its fixtures and the surveys; tests that need them skip where they are absent."""
    if not SHARED.is_dir():
        pytest.skip(f"{SHARED} is absent: no design fixtures or survey data on this machine")
    return SHARED


@pytest.fixture(scope="session")
def base_draws() -> xr.Dataset:
    """500 draws of the base worldview."""
    return Documents.of(ESSAY).priors("base").draw(ESSAY.story, 500, seed=3)


@pytest.fixture(scope="session")
def two_allocations() -> xr.Dataset:
    """Levers of the reference and the recommendation."""
    documents = Documents.of(ESSAY)
    return joined(documents.anchor(), documents.allocations().levers().sel(allocation=["recommended"]))


@pytest.fixture(scope="session")
def hostile_report(tmp_path_factory: pytest.TempPathFactory) -> "Report":
    """All sections of a report of hostile documents."""
    from tests.report_pages import hostile_report as make_hostile_report

    return make_hostile_report(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """The browser without its window; tests that need it skip where it is absent."""
    from tests.browser import CHROMIUM, launched

    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is absent (apt-get install chromium)")
    with launched() as found:
        yield found


@pytest.fixture(scope="session", autouse=True)
def cache_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let no test find what is kept of work that was stopped elsewhere, nor delete it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


type Toc = Callable[..., tuple[int, str, str]]


@pytest.fixture
def toc(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Toc:
    """Run the command in this process: ``toc("run", "--draws", 50)`` gives (exit code, stdout, stderr)."""

    def command(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["toc", *map(str, words)])
        try:
            main()
            code = 0
        except SystemExit as stop:
            code = int(stop.code or 0)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command


settings.register_profile("repeatable", derandomize=True, deadline=None, max_examples=50)
settings.load_profile("repeatable")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="Write golden files anew; read the diff.")


type Golden = Callable[[str, str], None]


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compare a text with ``tests/golden/NAME``."""

    def compare(name: str, text: str) -> None:
        path = Path(__file__).parent / "golden" / name
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8"), f"{name} changed; pytest --update-golden, then read the diff"

    return compare
