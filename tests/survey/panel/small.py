"""A small panel that is about no case: two quantities, an event, chips and two seeds."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from toc_model.documents import checked
from toc_model.survey.panel.panel import Panel
from toc_model.survey.panel.sheets import sheet_of

MADE = date(2026, 5, 17)
LENGTH = {"name": "length", "about": "length", "wording": "How long?", "unit": "years", "lower": 0.0}
SHARE = {"name": "share", "about": "share", "wording": "Which share?", "unit": "fraction", "lower": 0.0, "upper": 1.0}
EVENT = {
    "name": "rain",
    "about": "rain",
    "form": "probability",
    "wording": "Will it rain?",
    "unit": "probability",
    "lower": 0.0,
    "upper": 1.0,
}
CHIPS = SHARE | {"name": "chips", "form": "chips", "edges": [0.0, 0.25, 0.5, 0.75, 1.0]}
SEED = {"name": "s1", "wording": "How tall?", "unit": "metres", "lower": 0.0, "truth": 12.0}


def panel_of(*questions: dict[str, Any], **changes: Any) -> Panel:
    """A panel of Ada, Bo and Cy."""
    stated = {
        "format": 1,
        "name": "small",
        "case": "village",
        "worldview": "almanac",
        "made": MADE,
        "experts": ["Ada", "Bo", "Cy"],
        "rounds": ["1", "2", "consensus"],
        "levels": [5.0, 50.0, 95.0],
        "questions": list(questions or (LENGTH, SHARE, EVENT)),
    }
    return checked(Panel, stated | changes, "panel.toml")


def fill(
    folder: Path,
    panel: Panel,
    cells: Mapping[str, Mapping[str, object]],
    expert: str = "Ada",
    round_: str = "1",
    **how: Any,
) -> Path:
    """A sheet with these cells, by question and column, as a file."""
    sent = sheet_of(panel, round_, expert).to_dict("records")
    frame = pd.DataFrame([row | dict(cells.get(str(row["question"]), {})) for row in sent])
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{expert}_{round_}.csv"
    frame.to_csv(path, index=False, **how)
    return path


def three(low: object, middle: object, high: object) -> dict[str, object]:
    return {"q05": low, "q50": middle, "q95": high}


def rows(path: Path) -> list[dict[str, str]]:
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    return [{str(name): cell for name, cell in row.items()} for row in table.to_dict("records")]
