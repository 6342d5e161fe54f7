"""Programs in a real browser, without its window: each node is what NumPy makes of the same numbers."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from playwright.sync_api import Browser

from tests.browser import troubles_of
from tests.engine.program.test_program import BELIEFS, CHANGES, VILLAGE, inputs_of, some_levers
from tests.shipped import STORY, load_beliefs
from toc_model.beliefs.levers import joined
from toc_model.beliefs.loading import load_beliefs as load_any
from toc_model.engine.interventions import do
from toc_model.engine.laws import exp, log, logistic, logit, normal_cdf, normal_quantile, times
from toc_model.engine.plain import run_plainly
from toc_model.engine.program.equations import STYLE, equation
from toc_model.engine.program.javascript import Javascript, Output, javascript, special_functions
from toc_model.engine.program.program import looked_up, record
from toc_model.engine.story import Story
from toc_model.essay.case import ESSAY

NEAR = 1e-12
"""Largest difference, as a share of what is larger than 1."""
RUN = """
([n, given, allocations, before, after]) => {
  const of = (numbers) => new Float64Array(numbers);
  const c = of(given.c), first = of(new Array(before * n)), rest = [];
  const kept = laws.before(n, c, of(given.p), first);
  for (const [l, b] of allocations) {
    const out = of(new Array(after * n));
    laws.after(n, c, of(l), of(b), kept, out);
    rest.push([...out]);
  }
  return [[...first], rest];
}
"""
SPEED = """
([n, c, p, l, before, after]) => {
  const filled = (size, value) => new Float64Array(size).fill(value);
  const times = [];
  for (let k = 0; k < 20; k++) {
    const start = performance.now(), out = filled(after * n, 0);
    const kept = laws.before(n, filled(c, 0.4), filled(p * n, 0.3), filled(before * n, 0));
    laws.after(n, filled(c, 0.4), filled(l, 0.3), filled(0, 0), kept, out);
    laws.after(n, filled(c, 0.4), filled(l, 0.2), filled(0, 0), kept, out);
    times.push(performance.now() - start);
  }
  return Math.min(...times);
}
"""
pytestmark = pytest.mark.slow


def run(browser: Browser, path: Path, found: Javascript, script: str, arguments: Any) -> Any:
    """Run a program in a page whose policy allows this one script alone."""
    text = f"{special_functions()}const laws=({found.source})(special);"
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    policy = f"default-src 'none'; img-src data:; script-src 'sha256-{digest}'"
    path.write_text(
        f"<!doctype html><meta charset='utf-8'><meta http-equiv='Content-Security-Policy' content=\"{policy}\">"
        f"<link rel='icon' href='data:,'><script>{text}</script>",
        encoding="utf-8",
    )
    page = browser.new_page()
    troubles = troubles_of(page)
    page.goto(path.as_uri())
    result = page.evaluate(script, arguments)
    page.close()
    assert troubles == []
    return result


def difference(browser: Browser, path: Path, story: Story, parameters: xr.Dataset, levers: xr.Dataset) -> float:
    """The largest difference of all nodes at all places from the plain evaluation."""
    inputs, sizes = inputs_of(story, parameters, levers)
    found = javascript(record(story, list(story.nodes), inputs))
    plain = run_plainly(story, list(story.nodes), inputs, sizes)
    look, n, others = looked_up(inputs), sizes["draw"], range(sizes["allocation"] - 1)

    def listed(kind: str, take: Callable[[Any], Any] = lambda x: x) -> list[float]:
        return [float(x) for one in found.inputs[kind] for x in np.ravel(take(look(one)))]

    given = {"c": listed("c"), "p": listed("p")}
    allocations = [
        [listed("l", lambda x, k=k: x[k]), listed("b", lambda x, k=k: x[:, k])]  # type: ignore[misc]
        for k in others
    ]
    counts = len(found.before), len(found.after)
    first, rest = run(browser, path, found, RUN, [n, given, allocations, *counts])
    worst, apart = 0.0, {(one.node, one.place) for one in found.before if one.of_reference}
    for j, one in enumerate(found.before):
        everywhere = range(1 if (one.node, one.place) in apart else 0, sizes["allocation"])
        for k in [0] if one.of_reference else everywhere:
            worst = max(worst, _worst(first[j * n : (j + 1) * n], plain, story, one, k))
    for k in others:
        for j, one in enumerate(found.after):
            worst = max(worst, _worst(rest[k][j * n : (j + 1) * n], plain, story, one, k + 1))
    return worst


def _worst(found: Any, plain: Any, story: Story, one: Output, allocation: int) -> float:
    whole = plain[one.node]
    dims = [dim for dim in whole.dims if dim not in ("draw", "allocation")]
    at = dict(zip(dims, one.place, strict=True))
    if "allocation" in whole.dims:
        at["allocation"] = allocation
    wanted = np.broadcast_to(whole.isel(at).values, len(found))
    with np.errstate(invalid="ignore"):
        apart = np.abs(np.asarray(found, float) - wanted) / np.maximum(np.abs(wanted), 1.0)
    same = (np.asarray(found, float) == wanted) | (np.isnan(found) & np.isnan(wanted))
    assert one.node in story.nodes
    return float(np.where(same, 0.0, np.where(np.isnan(apart), np.inf, apart)).max())


def assert_same(browser: Browser, path: Path, *of: Any) -> None:
    apart = difference(browser, path / "laws.html", *of)
    print(f"largest difference {apart:.2g}")  # noqa: T201
    assert apart <= NEAR


@pytest.mark.parametrize("change", CHANGES)
def test_all_nodes_whatever_is_done_to_the_story(browser: Browser, tmp_path: Path, change: str) -> None:
    assert_same(browser, tmp_path, CHANGES[change](STORY), BELIEFS.parameters, some_levers(3))


@pytest.mark.parametrize("worldview", ["base", "panel", "critic", "ml_authors", "safety_leaders", "superforecasters"])
def test_all_worldviews(browser: Browser, tmp_path: Path, worldview: str) -> None:
    assert_same(browser, tmp_path, STORY, load_beliefs(worldview, draws=200).parameters, some_levers(2))


@pytest.mark.parametrize("rival", [*ESSAY.rival_names, "all"])
def test_rivals(browser: Browser, tmp_path: Path, rival: str) -> None:
    beliefs = load_any(ESSAY.under(list(ESSAY.rival_names) if rival == "all" else [rival]), "base", draws=40)
    assert_same(browser, tmp_path, beliefs.story, beliefs.parameters, some_levers(2))


def test_the_village_too(browser: Browser, tmp_path: Path) -> None:
    every = joined(VILLAGE.anchor, VILLAGE.documents.allocations().levers())
    assert_same(browser, tmp_path, VILLAGE.story, VILLAGE.parameters, every)
    assert_same(browser, tmp_path, do(VILLAGE.story, "guarded[hill]", 0.3), VILLAGE.parameters, every)


def test_levers_may_vary_over_draws_and_parameters_over_allocations(browser: Browser, tmp_path: Path) -> None:
    many, draws = some_levers(2), BELIEFS.parameters.sizes["draw"]
    by_draw = many.assign(
        buying_time_share=many["buying_time_share"] * xr.DataArray(np.linspace(0.5, 1, draws), dims="draw")
    )
    factor = xr.DataArray([1.0, 0.9, 0.8], dims="allocation")
    parameters = BELIEFS.parameters.assign(
        severity=BELIEFS.parameters["severity"] * factor, laggard_gap=xr.DataArray(0.5)
    )
    inputs, _ = inputs_of(STORY, parameters, by_draw)
    assert javascript(record(STORY, ["p_doom"], inputs)).inputs["b"]
    assert_same(browser, tmp_path, STORY, parameters, by_draw)


def limits(fence: Any, jumped: Any) -> Any:
    """A law that goes where numbers end."""
    endless = times(jumped, exp(800.0 + fence)) - times(0.0 * fence, log(0.0 * fence))
    return endless + logit(jumped) * logistic(-800.0 * fence) + normal_quantile(jumped) * normal_cdf(-40.0 * fence)


def test_what_is_infinite_or_no_number_is_so_there_too(browser: Browser, tmp_path: Path) -> None:
    node = VILLAGE.story.nodes["spared"]
    node = replace(node, law=limits, arguments=(node.arguments[0], node.arguments[3]))
    story = replace(VILLAGE.story, nodes={**VILLAGE.story.nodes, "spared": node})
    values = np.resize([0.0, 1.0, 0.25, 1e-300], VILLAGE.parameters.sizes["draw"])
    parameters = VILLAGE.parameters.assign(jumped=VILLAGE.parameters["jumped"] * 0 + values)
    levers = joined(VILLAGE.anchor, VILLAGE.documents.allocations().levers())
    inputs, sizes = inputs_of(story, parameters, levers)
    with np.errstate(all="ignore"):
        plain = run_plainly(story, ["spared"], inputs, sizes)["spared"].values
    assert np.isnan(plain).any()
    assert np.isinf(plain).any()
    assert_same(browser, tmp_path, story, parameters, levers)


def test_all_equations_fit_on_a_page(browser: Browser, tmp_path: Path) -> None:
    every = [equation(story, name) for story in (STORY, VILLAGE.story) for name in story.nodes]
    path = tmp_path / "equations.html"
    shown = "".join(f"<div>{one.mathml()}</div>" for one in every)
    path.write_text(f"<!doctype html><meta charset='utf-8'><style>{STYLE}</style>{shown}", encoding="utf-8")
    page = browser.new_page(viewport={"width": 1300, "height": 900})
    page.goto(path.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 1300
    boxes = page.evaluate("[...document.querySelectorAll('math')].map((one) => one.getBoundingClientRect().toJSON())")
    assert len(boxes) == len(every)
    assert all(box["height"] > 10 for box in boxes)
    unknown = "[...document.querySelectorAll('math *')].filter((one) => !(one instanceof MathMLElement)).length"
    assert page.evaluate(unknown) == 0
    page.close()


def test_a_thousand_draws_take_milliseconds(browser: Browser, tmp_path: Path) -> None:
    inputs, _ = inputs_of(STORY, BELIEFS.parameters, some_levers(1))
    found = javascript(record(STORY, ["p_doom"], inputs))
    counts = [len(found.inputs[kind]) for kind in "cpl"]
    taken = run(browser, tmp_path / "speed.html", found, SPEED, [1000, *counts, len(found.before), len(found.after)])
    print(f"{taken:.1f} ms")  # noqa: T201
    assert taken < 50
