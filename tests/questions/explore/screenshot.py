"""Take the picture of the page that the README shows. Run

uv run --group dev python -m tests.questions.explore.screenshot

after a change of the page; it writes ``analyses/explore.png``.
"""

import io
import tempfile
from pathlib import Path

from PIL import Image

import toc_model as toc
from tests.browser import launched

PICTURE = Path(__file__).parents[3] / "analyses" / "explore.png"
WIDTH, HEIGHT = 1200, 980
COLOURS = 128


def main() -> None:
    """Open the page as it ships, and keep what is seen first."""
    with tempfile.TemporaryDirectory() as folder, launched() as browser:
        page = Path(folder) / "page.html"
        toc.explore().save(page)
        opened = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        opened.goto(page.as_uri())
        opened.wait_for_function("document.querySelectorAll('svg circle').length > 20")
        opened.wait_for_load_state("networkidle")
        seen = opened.screenshot()
    Image.open(io.BytesIO(seen)).convert("RGB").quantize(COLOURS).save(PICTURE, optimize=True)


if __name__ == "__main__":
    main()
