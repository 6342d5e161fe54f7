"""Allocations compared under several worldviews, and the allocation curve."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import Toc
from toc_model import InputError, load_allocations
from toc_model.beliefs.beliefs import load_beliefs
from toc_model.questions.compare.result import allocation_curve, compare
from toc_model.statistics.decisions import paired_change

NAMED = load_allocations()


def test_figures_agree_with_a_run(toc: Toc) -> None:
    found = compare([load_beliefs(draws=300)], NAMED).to_dict()["worldviews"]["neutral"]
    _, out, _ = toc("run", "--draws", 300, "--json")
    run = json.loads(out)["allocations"]
    for name, row in found.items():
        assert row["p_doom"] == pytest.approx(run[name]["p_doom"]["mean"])
        assert row["change"] == pytest.approx(run[name]["change"])
        assert row["share_better"] == run[name]["share_better"]
    assert sum(row["p_best"] for row in found.values()) == pytest.approx(1)
    assert min(row["opportunity_loss"] for row in found.values()) >= 0


def test_regret_across_worldviews_weighs_them() -> None:
    both = [load_beliefs(name, draws=300) for name in ("neutral", "outside")]
    equal, tilted = (compare(both, NAMED, weights=weights).to_dict()["across"] for weights in (None, [9, 1]))
    for name in NAMED.named:
        assert tilted[name]["largest_regret"] == equal[name]["largest_regret"]
    assert tilted["technical_only"]["mean_regret"] > equal["technical_only"]["mean_regret"]


def test_moved_people_are_counted_in_fte() -> None:
    found = compare([load_beliefs(draws=300)], NAMED.only(["recommended", "builders_only"]))
    people = {pool: float(found.beliefs[0].parameters[f"{pool}_now"].mean()) for pool in ("researchers", "builders")}
    moved = found.moved()
    assert float(moved.sel(allocation="status_quo")) == 0
    assert float(moved.sel(allocation="recommended")) == pytest.approx(
        0.3 * people["researchers"] + 0.2 * people["builders"]
    )


def test_the_curve_goes_through_zero_at_the_status_quo() -> None:
    beliefs = load_beliefs(draws=100)
    curve = allocation_curve(beliefs, NAMED, "researchers", [0.1, 0.2, 0.5])
    np.testing.assert_allclose(curve.sel(share=0.2), 0, atol=1e-15)
    expected = paired_change(beliefs.outcome(NAMED.levers()), "status_quo").sel(allocation="researchers_only")
    np.testing.assert_allclose(curve.sel(share=0.5).values, expected.values)


def test_the_curve_refuses_what_is_no_pool_or_share() -> None:
    beliefs = load_beliefs(draws=50)
    with pytest.raises(InputError, match="researchers"):
        allocation_curve(beliefs, NAMED, "researcher")
    with pytest.raises(InputError, match="0 to 1"):
        allocation_curve(beliefs, NAMED, "researchers", [0.5, 1.5])


def test_the_commands_print_and_draw(toc: Toc, tmp_path: Path) -> None:
    code, out, _ = toc("compare", "--draws", 100, "--also", "outside", "--out", tmp_path / "best.svg")
    assert code == 0
    for text in ("worldview 'neutral'", "worldview 'outside'", "minimax", "P(best)"):
        assert text in out
    assert "micro-dooms" in (tmp_path / "best.svg").read_text(encoding="utf-8")
    code, out, _ = toc("curve", "--draws", 100, "--also", "essay", "--out", tmp_path / "curve.svg")
    assert code == 0
    assert "least at" in out
    drawn = (tmp_path / "curve.svg").read_text(encoding="utf-8")
    for text in ("recommended", "status quo", "percentage points", "essay"):
        assert text in drawn
    code, out, _ = toc("curve", "--draws", 100, "--json", "--out", tmp_path / "curve.svg")
    assert code == 0
    assert json.loads(out)["worldviews"]["neutral"]["0.2"]["mean"] == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("compare", "--also", "neutral"), "twice"),
        (("marginal", "--also", "neutral"), "twice"),
        (("curve", "--also", "neutral", "--out", "curve.svg"), "twice"),
        (("compare", "--also", "essay", "--weights", "1"), "allowed: a positive number for each"),
        (("compare", "--weights", "x"), "allowed: a positive number for each"),
        (("compare", "--out", "best.pdf"), "'.svg' or '.png'"),
        (("curve", "--out", "curve.txt"), "'.svg' or '.png'"),
        (("curve", "--pool", "builder", "--out", "curve.svg"), "builders"),
    ],
)
def test_bad_requests_are_refused_in_one_line(toc: Toc, words: tuple[str, ...], message: str) -> None:
    code, out, err = toc(*words, "--draws", 50)
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


def test_where_nothing_differs_best_is_shared_and_nothing_costs(toc: Toc, tmp_path: Path) -> None:
    code, out, _ = toc("compare", "--draws", 50, "--override", "severity=0", "--only", "margin", "--json")
    assert code == 0
    assert [row["p_best"] for row in json.loads(out)["worldviews"]["neutral"].values()] == [0.5, 0.5]
    same = tmp_path / "same.toml"
    same.write_text("[same]\nbuying_time_share = { researchers = 0.2, builders = 0.1 }\n", encoding="utf-8")
    code, out, _ = toc("compare", "--draws", 50, "--allocations", same, "--out", tmp_path / "best.svg")
    assert code == 0
