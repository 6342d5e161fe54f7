"""Random states of a page: what a reader may set it to."""

from typing import Any

import numpy as np

from tests.questions.explore.page import State, first_state
from toc_model.beliefs.distributions import family_named
from toc_model.questions.explore import Explored

MOST, SETS = 3, 4


def random_states(page: Explored, many: int, seed: int) -> list[State]:
    """States with other levers, beliefs, rivals, held nodes, cut arrows, denied claims and granted objections."""
    rng = np.random.default_rng(seed)
    # A few sets alone, for the package makes a program of each.
    sets = [[], *([one["name"] for one in page.data["rivals"] if rng.random() < 0.4] for _ in range(SETS))]
    return [random_state(page, rng, sets) for _ in range(many)]


def random_state(page: Explored, rng: np.random.Generator, sets: list[list[str]]) -> State:
    """One of them, with one of some sets of rivals."""
    data = page.data
    worldview = _one(rng, [one["name"] for one in data["worldviews"] if one["selectable"]])
    rivals = _one(rng, sets)
    state = {**first_state(page), "worldview": worldview, "date": _one(rng, data["dates"])["name"], "rivals": rivals}
    if rng.random() < 0.5:
        state["a"] = _levers(page, rng)
    if rng.random() < 0.7:
        state["b"] = _levers(page, rng)
    state["beliefs"] = _beliefs(page, state, rng)
    nodes = [one for one in data["nodes"] if not one["rival"] and one["canHold"]]
    for node in rng.choice(np.array(nodes, object), rng.integers(0, MOST), replace=False):
        state["holds"][node["name"]] = _inside(node["bounds"], rng)
    arrows = [f"{cause}->{one['name']}" for one in nodes for cause in one["parents"] if _can_be_cut(page, cause)]
    state["cuts"] = [str(one) for one in rng.choice(arrows, rng.integers(0, MOST), replace=False)]
    for key, part in (("denied", "denial"), ("granted", "ifRight")):
        able = [one["id"] for one in data["claims"] if one[part]]
        if able and rng.random() < 0.4:
            state[key] = [str(one) for one in rng.choice(able, 1)]
    return state


def _one(rng: np.random.Generator, options: list[Any]) -> Any:
    return options[int(rng.integers(len(options)))]


def _can_be_cut(page: Explored, cause: str) -> bool:
    holdable = {one["name"] for one in page.data["nodes"] if one["canHold"]}
    return cause in holdable or cause in {one["name"] for one in page.data["levers"]}


def _levers(page: Explored, rng: np.random.Generator) -> dict[str, list[float]]:
    found = {}
    for lever in page.data["levers"]:
        groups = [variable["group"] for variable in lever["variables"]]
        drawn = [float(x) for x in rng.uniform(lever["lower"], lever["upper"], len(groups)).round(3)]
        if lever["sums"]:
            totals = {group: sum(x for x, own in zip(drawn, groups, strict=True) if own == group) for group in groups}
            drawn = [x / totals[group] for x, group in zip(drawn, groups, strict=True)]
        found[lever["name"]] = drawn
    return found


def _beliefs(page: Explored, state: State, rng: np.random.Generator) -> dict[str, list[float]]:
    """A few beliefs, as ranges of the family that the base has or certain."""
    table = page.data["tables"][state["date"]]
    used = [one for one in page.data["entries"] if not one["rival"] or one["rival"] in state["rivals"]]
    found = {}
    for entry in rng.choice(np.array(used, object), rng.integers(0, MOST + 1), replace=False):
        family, location, scale, _ = table[entry["name"]]
        if family == "drawn" or scale == 0:
            continue
        ends = sorted(location + scale * rng.normal(size=2))
        values = [float(f"{_from(family, end):.4g}") for end in ends]
        found[entry["name"]] = values if values[0] < values[1] and rng.random() < 0.7 else values[:1]
    return found


def _from(family: str, y: float) -> float:
    """A value from the scale on which a family is normal."""
    return float(family_named(family).from_normal(y))


def _inside(bounds: list[float | None], rng: np.random.Generator) -> float:
    lower, upper = bounds
    low = 0.0 if lower is None else lower
    high = low + 3.0 if upper is None else upper
    return float(f"{rng.uniform(low, high):.4g}")
