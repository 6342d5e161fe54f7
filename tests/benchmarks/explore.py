"""How long a step of a slider takes to a changed sentence on the page of ``toc explore``, in Chromium.

Run ``uv run python -m tests.benchmarks.explore [--steps N]``; it prints, in milliseconds and as ratios to the time that
the browser takes for an empty frame on the same page, the median and the 95 % quantile for sliders of levers and of
beliefs: from the step to the changed sentence, and to the frame that shows it.
"""

import argparse
import statistics
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

import toc_model as toc
from tests.browser import launched
from tests.questions.explore.hands import opened

STEP = """
async ([selector, steps]) => {
  const slider = document.querySelector(selector);
  const quote = document.querySelector(".quote");
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const found = { empty: [], changed: [], shown: [], same: 0 };
  for (let k = 0; k < steps; k++) {
    await new Promise((done) => setTimeout(done, 120));
    let start = performance.now();
    await frame();
    found.empty.push(performance.now() - start);
    const before = quote.textContent;
    slider.value = Number(slider.value) + Number(slider.step || 1) * (k % 20 < 10 ? 1 : -1);
    start = performance.now();
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    found.changed.push(performance.now() - start);
    await frame();
    found.shown.push(performance.now() - start);
    if (quote.textContent === before) found.same += 1;
  }
  return found;
}
"""
SLIDERS = {"a lever": "#people input[type=range]", "a belief": "#beliefs input[type=range]"}


def measured(page: Page, steps: int) -> dict[str, dict[str, Any]]:
    """Times by what is moved."""
    return {name: page.evaluate(STEP, [selector, steps]) for name, selector in SLIDERS.items()}


def told(times: list[float]) -> str:
    """Median and 95 % quantile."""
    return f"{statistics.median(times):6.1f} {statistics.quantiles(times, n=20)[-1]:6.1f}"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=40)
    steps = parser.parse_args().steps
    with tempfile.TemporaryDirectory() as folder, launched() as browser:
        path = Path(folder) / "explore.html"
        toc.explore().save(path)
        print(f"file: {path.stat().st_size:,} bytes")
        page = browser.new_page(viewport={"width": 1200, "height": 900})
        opened(page, path.as_uri())
        print("milliseconds: median, 95 %; ratio of medians to an empty frame")
        for name, found in measured(page, steps).items():
            empty = statistics.median(found["empty"])
            print(f"{name}: empty frame {told(found['empty'])}; sentence unchanged in {found['same']} of {steps} steps")
            for what in ("changed", "shown"):
                ratio = statistics.median(found[what]) / empty
                print(f"  to the sentence {what}: {told(found[what])}  x{ratio:.2f}")


if __name__ == "__main__":
    main()
