"""Figures that stand in the prose of the pages are those of the commands beside them."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

import toc_model as toc
from toc_model.present.words import signed

from .conftest import Toc
from .readme import page, transcripts

GOLDEN = Path(__file__).parent / "golden"
ASKED: dict[tuple[str, ...], str] = {
    ("run", "--draws", "1000"): "from {before} % by {change} ±{mcse} points there",
    ("run", "--researchers", "30"): "from {before} % by {change} ±{mcse} points. With AGI",
    ("run", "--set", "agi_year=3"): "from {before} % by {change} ±{mcse}, and with",
    ("run", "--set", "aligned_by_default=5%..30%"): "from {before} % by {change} ±{mcse}. Years count",
}
"""What the README says of the page, and of three of its five questions."""
NO_TIME = [f"--override={name}=1e-9" for name in ("max_research_cut", "max_publishing_cut", "longest_pause")]


def words(name: str) -> str:
    """A page as one line, so that figures are found wherever lines break."""
    return " ".join(page(name).split())


def move(toc: Toc, *asked: str) -> dict[str, Any]:
    """The status quo, and the allocation that is asked for or recommended."""
    code, out, _ = toc(*asked, "--json")
    assert code == 0
    found = json.loads(out)["allocations"]
    return {"before": found["status_quo"], **found[next(name for name in ("asked", "recommended") if name in found)]}


@pytest.mark.parametrize("asked", ASKED)
def test_answers_in_the_readme(asked: tuple[str, ...], toc: Toc) -> None:
    found = move(toc, *asked)
    before, change = 100 * found["before"]["p_doom"]["mean"], found["change"]
    assert change["mean"] < 0
    said = ASKED[asked].format(
        before=f"{before:.1f}", change=f"{-100 * change['mean']:.2f}", mcse=f"{100 * change['mcse']:.2f}"
    )
    assert said in words("README.md")


def test_what_to_take_away_stands_in_the_first_table() -> None:
    """The table itself is what the command prints."""
    rows = {line.split()[0]: line.split()[1:3] for line in transcripts("README.md")["run"].splitlines() if line.strip()}
    lowered = [(rows[name][0], rows[name][1].removeprefix("-")) for name in ("panel", "essay")]
    raised = rows["critic"][0], rows["critic"][1].removeprefix("+")
    text = words("README.md")
    assert "lowers mean P(doom) from {} % by {} points under a panel".format(*lowered[0]) in text
    assert "lowers it from {} % by {} under the essay's".format(*lowered[1]) in text
    assert "raises it from {} % by {} under a critic's".format(*raised) in text


def test_channels_of_four_worldviews() -> None:
    lines = page("analyses/README.md").splitlines()
    (top,) = (place for place, line in enumerate(lines) if line.startswith("| percentage points, as of"))
    names = [cell.strip() for cell in lines[top].strip("|").split("|")][1:]
    shown = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[top + 2 : lines.index("", top)]]
    found = [toc.channels(name).to_dict() for name in names]
    measure = toc.ESSAY.objective.measure
    parts = {key: channel["label"] for key, channel in found[0]["channels"].items()}
    expected = [
        [label, *(signed(measure, one["channels"][key]["attribution"]["mean"]) for one in found)]
        for key, label in parts.items()
    ]
    expected.append(["all channels", *(signed(measure, one["change"]["mean"]) for one in found)])
    assert shown == expected


def test_without_any_time(toc: Toc) -> None:
    base, critic = (move(toc, "run", "--worldview", name, *NO_TIME)["change"] for name in ("base", "critic"))
    usual = {name: 100 * move(toc, "run", "--worldview", name)["change"]["mean"] for name in ("base", "critic")}
    said = f"makes it {-100 * base['mean']:.2f} ±{100 * base['mcse']:.2f} in place of {-usual['base']:.2f}:"
    assert said in words("analyses/README.md")
    assert abs(100 * critic["mean"] - usual["critic"]) < 100 * critic["mcse"], "no difference beyond the error"


def test_headlines_of_analyses() -> None:
    """They are golden, and checked where the analyses run."""
    text = words("analyses/README.md")
    survey = re.findall(r"(\d+) %, (\S+) points, better in (\d+) %", _golden("03_espai_update"))
    (old, change, share), (new, after, share_after) = survey
    assert f"goes from {old} % to {new} %" in text
    assert f"from {change} points (better in {share} % of draws) to {after} ({share_after} %)" in text
    assert re.findall(r"(\d) of 8", _golden("06_external_checks")) == ["5", "2"]
    assert "five lie within the 90 % interval of `base` and two of `essay`" in text


def _golden(name: str) -> str:
    return (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")
