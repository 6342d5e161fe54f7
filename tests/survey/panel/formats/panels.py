"""A panel of anybody's, its answers at random, and what is told of them."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from toc_model.documents import checked
from toc_model.survey.panel.panel import Panel
from toc_model.survey.panel.said import Said

EXPERTS = ("ann", "ben", "cleo")
QUESTIONS: tuple[dict[str, Any], ...] = (
    {"name": "height", "wording": "How high?", "unit": "metres", "truth": 47.0, "scale": "log", "lower": 0.0},
    {"name": "rain", "wording": "How much rain?", "unit": "mm", "about": "rain", "lower": 0.0, "upper": 100.0},
    {"name": "free", "wording": "By how much?", "unit": "points", "about": "free"},
    {"name": "wait", "wording": "How long?", "unit": "years", "about": "wait", "lower": 0.0},
    {"name": "share", "wording": "Which share?", "unit": "fraction", "about": "share", "lower": 0.0, "upper": 1.0},
    {"name": "event", "wording": "Will it?", "unit": "probability", "about": "event", "form": "probability"},
    {
        "name": "bins",
        "wording": "Where?",
        "unit": "km",
        "about": "bins",
        "form": "chips",
        "edges": [0.0, 10.0, 20.0, 30.0],
        "lower": 0.0,
        "upper": 30.0,
    },
)


def panel_of(**changed: Any) -> Panel:
    """A panel of three experts, whose seven questions have all forms."""
    stated = {
        "format": 1,
        "name": "panel",
        "case": "anything",
        "worldview": "anybody",
        "made": date(2026, 1, 1),
        "experts": list(EXPERTS),
        "rounds": ["1", "2", "consensus"],
        "levels": [5.0, 50.0, 95.0],
        "questions": list(QUESTIONS),
    }
    return checked(Panel, stated | changed, "panel")


PANEL = panel_of()


def written(folder: Path, text: str, name: str = "said.csv") -> Path:
    """A file with a text."""
    path = folder / name
    path.write_bytes(text.encode())
    return path


def told(said: list[Said]) -> dict[tuple[str, str, str], dict[float, float]]:
    """Points by round, expert and question."""
    return {one.place: dict(one.points) for one in said}


def values(levels: int, low: float = 0.001, high: float = 99.0) -> st.SearchStrategy[list[float]]:
    """Values that rise, as people write them: far enough from each other for a text to keep them apart."""
    steps = st.lists(st.integers(1, 10_000), min_size=levels, max_size=levels)
    return steps.map(lambda found: _rising(found, low, high))


def _rising(steps: list[int], low: float, high: float) -> list[float]:
    total, so_far, found = sum(steps) + 1, 0, []
    for step in steps:
        so_far += step
        found.append(float(f"{low + (high - low) * so_far / total:.8g}"))
    return found


def by_expert(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Mapping[str, Any]]:
    """One for each of some experts."""
    return st.dictionaries(st.sampled_from(EXPERTS), strategy, min_size=1)
