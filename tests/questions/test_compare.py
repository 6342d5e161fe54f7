"""Allocations compared under several worldviews."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import Toc
from tests.shipped import load_allocations, load_beliefs
from tests.toy import CASE
from toc_model.beliefs.loading import load_beliefs as load_any_beliefs
from toc_model.present.terminal import WIDTH
from toc_model.questions.compare import compare, words

NAMED = load_allocations()


def test_figures_agree_with_a_run(toc: Toc) -> None:
    found = compare([load_beliefs("base", draws=300)], NAMED).to_dict()["worldviews"]["base"]
    _, out, _ = toc("run", "--worldview", "base", "--draws", 300, "--json")
    run = json.loads(out)["allocations"]
    for name, row in found.items():
        assert row["p_doom"] == pytest.approx(run[name]["p_doom"]["mean"])
        assert row["change"] == pytest.approx(run[name]["change"])
        assert row["share_better"] == run[name]["share_better"]
    assert sum(row["p_best"] for row in found.values()) == pytest.approx(1)
    assert min(row["opportunity_loss"] for row in found.values()) >= 0


def test_regret_across_worldviews_weighs_them() -> None:
    both = [load_beliefs(name, draws=300) for name in ("base", "critic")]
    equal, tilted = (compare(both, NAMED, weights=weights).to_dict()["across"] for weights in (None, [9, 1]))
    for name in NAMED.named:
        assert tilted[name]["largest_regret"] == equal[name]["largest_regret"]
    assert tilted["technical_only"]["mean_regret"] > equal["technical_only"]["mean_regret"]


def test_moved_people_are_counted_in_fte() -> None:
    found = compare([load_beliefs("base", draws=300)], NAMED.only(["recommended", "builders_only"]))
    people = {pool: float(found.beliefs[0].parameters[f"{pool}_now"].mean()) for pool in ("researchers", "builders")}
    moved = found.moved
    assert moved is not None
    assert float(moved.sel(allocation="status_quo")) == 0
    assert float(moved.sel(allocation="recommended")) == pytest.approx(
        0.3 * people["researchers"] + 0.2 * people["builders"]
    )


def test_the_command_prints_and_draws(toc: Toc, tmp_path: Path) -> None:
    code, out, _ = toc(
        "compare", "--worldview", "base", "--draws", 100, "--also", "critic", "--out", tmp_path / "best.svg"
    )
    assert code == 0
    for text in ("worldview 'base'", "worldview 'critic'", "minimax", "P(best)"):
        assert text in out
    assert "micro-dooms" in (tmp_path / "best.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("compare", "--also", "panel"), "twice"),
        (("compare", "--also", "essay", "--weights", "1"), "allowed: a positive number for each"),
        (("compare", "--weights", "x"), "allowed: a positive number for each"),
        (("compare", "--out", "best.pdf"), "'.svg' or '.png'"),
        (("compare", "--delay-cost", "nan"), "--delay-cost: found 'nan'; allowed: a share such as 0.0078, or 0.78%"),
        (("compare", "--delay-cost", "0.78 a year"), "found '0.78 a year'"),
        (("compare", "--delay-cost", "-0.0078"), "found -0.0078; allowed: a share from 0 to 1"),
        (("optimise", "--delay-cost", "78"), "found 78; allowed: a share from 0 to 1"),
        (("report", "--out", "x.md", "--delay-cost", "-1%"), "found -0.01; allowed: a share from 0 to 1"),
        (("marginal", "--fte-cost", "-1"), "cost of one FTE-year: found -1; allowed: more than 0"),
        (("marginal", "--fte-cost", "nan"), "cost of one FTE-year: found nan; allowed: more than 0"),
    ],
)
def test_bad_requests_are_refused_in_one_line(toc: Toc, words: tuple[str, ...], message: str) -> None:
    code, out, err = toc(*words, "--draws", 50)
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


def test_where_nothing_differs_best_is_shared_and_nothing_costs(toc: Toc, tmp_path: Path) -> None:
    code, out, _ = toc(
        "compare", "--worldview", "base", "--draws", 50, "--override", "severity=0", "--only", "margin", "--json"
    )
    assert code == 0
    assert [row["p_best"] for row in json.loads(out)["worldviews"]["base"].values()] == [0.5, 0.5]
    same = tmp_path / "same.toml"
    same.write_text("[same]\nbuying_time_share = { researchers = 0.2, builders = 0.1 }\n", encoding="utf-8")
    code, out, _ = toc("compare", "--draws", 50, "--allocations", same, "--out", tmp_path / "best.svg")
    assert code == 0


# Delay ------------------------------------------------------------------------------------------------------------


def test_the_loss_with_delay_is_that_of_the_model_page() -> None:
    """P(doom) + c (expected arrival - that of the reference)(1 - P(doom)), draw by draw."""
    beliefs = load_beliefs("base", draws=200)
    found = compare([beliefs], NAMED, delay_cost=0.0078).with_delay
    assert found is not None
    nodes = beliefs.nodes_and_reference(NAMED.levers(), ["p_doom", "expected_arrival"])
    since = nodes["expected_arrival"].sel(allocation="reference")
    loss = nodes["p_doom"] + 0.0078 * (nodes["expected_arrival"] - since) * (1 - nodes["p_doom"])
    expected = loss.sel(allocation=list(NAMED.named))
    np.testing.assert_allclose(
        found.outcomes[0].transpose("draw", "allocation"), expected.transpose("draw", "allocation")
    )


def test_break_evens_agree_with_a_run(toc: Toc) -> None:
    found = compare([load_beliefs("essay", draws=300)], NAMED).to_dict()["worldviews"]["essay"]
    _, out, _ = toc("run", "--worldview", "essay", "--draws", 300, "--json")
    run = json.loads(out)["allocations"]
    assert {row["break_even"]["verdict"] for row in found.values()} == {"none", "cost"}
    for name, row in found.items():
        assert row["break_even"] == pytest.approx(run[name]["break_even"])


# Where more is better ---------------------------------------------------------------------------------------------


def test_more_is_better_in_every_figure() -> None:
    """Worse draws, regret and what is best go by the harvest: more of it is better, in its own unit."""
    beliefs = load_any_beliefs(CASE, "farmer", draws=200)
    found = compare([beliefs], beliefs.documents.allocations())
    (outcome,) = found.outcomes
    table = found.to_dict()["worldviews"]["farmer"]
    means = outcome.mean("draw")
    assert max(table, key=lambda name: table[name]["p_best"]) == means.idxmax("allocation")
    for name, row in table.items():
        own = outcome.sel(allocation=name)
        assert row["harvest"] == pytest.approx(float(own.mean()))
        assert row["cvar95"] == pytest.approx(np.sort(own.values)[:10].mean())
        assert row["cvar95"] < row["harvest"]
        assert row["change"]["mean"] == pytest.approx(row["harvest"] - table["today"]["harvest"])
        assert row["opportunity_loss"] == pytest.approx(float((outcome.max("allocation") - own).mean()))
    assert float(found.regrets().min()) == 0
    assert found.regrets().idxmin("allocation").item() == means.idxmax("allocation")


def test_words_are_those_of_the_outcome() -> None:
    beliefs = [load_any_beliefs(CASE, name, draws=100) for name in ("almanac", "farmer")]
    found = compare(beliefs, beliefs[0].documents.allocations())
    text = " ".join(str(found).split())
    for said in (
        "mean harvest is largest for",
        "changes from “today” in tonnes",
        "Mean regret over these 2 worldviews",
    ):
        assert said in text
    assert "percentage points" not in text
    assert words.changes(found).caption == "All allocations: change of harvest in tonnes, mean [5 %, 95 % of draws]"


def test_p_best_alone_is_drawn_where_nobody_counts_what_moves(tmp_path: Path) -> None:
    beliefs = load_any_beliefs(replace(CASE, moving=None), draws=50)
    compare([beliefs], beliefs.documents.allocations()).save_plot(str(tmp_path / "best.svg"))
    drawn = (tmp_path / "best.svg").read_text(encoding="utf-8")
    for text in ("all round", "P(best)", "Monte Carlo"):
        assert text in drawn
    assert "worth moving" not in drawn


# What is said -----------------------------------------------------------------------------------------------------


def test_the_text_fits_the_terminal_and_the_page_has_a_picture() -> None:
    both = [load_beliefs(name, draws=100) for name in ("base", "critic")]
    found = compare(both, NAMED)
    assert max(map(len, str(found).splitlines())) <= WIDTH
    assert len(words.section(found, pictures=True).pictures) == 1
    assert len(words.regrets(found).rows) == len(NAMED.named)
    assert repr(found) == "<Comparison: 11 allocations, worldviews 'base', 'critic', 100 draws>"


def test_a_table_has_a_row_for_each_worldview_and_allocation() -> None:
    both = [load_beliefs(name, draws=100) for name in ("base", "critic")]
    found = compare(both, NAMED)
    table = found.to_dataframe()
    row = found.to_dict()["worldviews"]["critic"]["margin"]
    assert len(table) == 2 * len(NAMED.named)
    assert table.loc[("critic", "margin"), "change_mean"] == row["change"]["mean"]
    assert table.loc[("critic", "margin"), "p_doom"] == row["p_doom"]
