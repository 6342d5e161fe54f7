"""Denied claims: the same as overriding the model, ranked, honest about what can't be denied."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from tests.conftest import Toc
from tests.refused import assert_refused
from tests.toy import CASE
from toc_model.beliefs.loading import load_beliefs
from toc_model.beliefs.shipped import Documents
from toc_model.errors import InputError
from toc_model.essay.case import ESSAY
from toc_model.questions.claims import Denials, claims
from toc_model.questions.claims import words as said
from toc_model.questions.claims.denying import tried
from toc_model.questions.curve import best_of
from toc_model.questions.run import run

SHIPPED = Documents.of(ESSAY)
CLAIMS = SHIPPED.claims()
ALLOCATIONS = SHIPPED.allocations()
LEVERS = ALLOCATIONS.levers()
SHARES = tried(ESSAY.swept)
NAMES = ("C02", "C20", "C28", "C37", "C41", "C50", "C73")
DRAWS = 60


@pytest.fixture(scope="module")
def whole() -> Denials:
    return claims(load_beliefs(ESSAY, draws=DRAWS), ALLOCATIONS)


@pytest.fixture(scope="module")
def some() -> Denials:
    return claims(load_beliefs(ESSAY, draws=DRAWS), ALLOCATIONS, deny=NAMES)


def paired(*pairs: tuple[str, str] | int, draws: int = DRAWS) -> Denials:
    return claims(load_beliefs(ESSAY, draws=draws), ALLOCATIONS, deny=NAMES, pairs=pairs)


def run_with(denial: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = run(load_beliefs(ESSAY, draws=DRAWS, overrides=denial), ALLOCATIONS).to_dict()
    return found["allocations"]  # type: ignore[no-any-return]


def rows_of(found: Denials) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in found.rows()}


# Figures ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["C20", "C28", "C02"])
def test_denying_a_claim_is_running_with_its_denial_as_overrides(some: Denials, name: str) -> None:
    ran = run_with(CLAIMS[name].denial)
    row, undenied = rows_of(some)[name], some.to_dict()["undenied"]
    assert row["change"] == pytest.approx(ran["recommended"]["change"], abs=1e-12)
    assert row["p_doom"] == pytest.approx(ran["status_quo"]["p_doom"], abs=1e-12)
    assert row["share_better"] == ran["recommended"]["share_better"]
    assert row["change"]["mean"] != pytest.approx(undenied["change"]["mean"], abs=1e-4)
    moved = row["change"]["mean"] - undenied["change"]["mean"]
    assert row["moved"]["mean"] == pytest.approx(moved, abs=1e-12)


def test_claims_are_ranked_by_how_much_their_denial_moves_the_change(whole: Denials) -> None:
    sizes = [abs(row["moved"]["mean"]) for row in whole.rows() if row["moved"]]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > 10 * sizes[-1]


def test_every_denial_in_the_ledger_has_a_value_even_at_limits(whole: Denials) -> None:
    denied = [row for row in whole.rows() if row["denial"]]
    assert {row["id"] for row in denied} == {name for name, claim in CLAIMS.items() if claim.denial}
    assert [row["id"] for row in denied if row["undefined"]] == []
    numbers = [row[table][key] for row in denied for table in ("change", "moved", "p_doom") for key in row[table]]
    assert np.isfinite(numbers).all()


def test_claims_that_are_denied_alike_share_a_rank_and_say_so(whole: Denials) -> None:
    rows = rows_of(whole)
    assert rows["C40"]["same_denial_as"] == ["C49"]
    assert rows["C40"]["change"] == rows["C49"]["change"]
    assert len(whole.denials) < len([claim for claim in CLAIMS.values() if claim.denial])


def test_what_can_not_be_denied_says_why(whole: Denials) -> None:
    rows = rows_of(whole)
    assert set(rows) == set(CLAIMS)
    for name in ("C73", "C12"):
        assert rows[name]["change"] is rows[name]["optimum"] is None
        assert rows[name]["note"] == CLAIMS[name].note
    text = " ".join(str(whole).split())
    assert "C73 ○ not represented The four qualities are not required jointly" in text
    assert "C18 · documentation Buying time is only one possible heading" in text


def test_the_best_value_is_that_of_the_lowest_mean_and_lists_its_equals() -> None:
    noise = np.random.default_rng(1).normal(size=(400, 1))
    means = np.array([0.30, 0.201, 0.20, 0.25])
    wobble = np.random.default_rng(2).normal(scale=0.02, size=(400, 4))
    wobble -= wobble.mean(axis=0)
    found = best_of(xr.DataArray(means + noise + wobble, dims=("draw", "allocation")), (0.1, 0.2, 0.3, 0.4))
    assert (found.value, found.as_good) == (0.3, (0.2, 0.3))


def test_the_optimum_is_found_with_builders_and_mixes_of_the_allocation(some: Denials) -> None:
    optimum = rows_of(some)["C37"]["optimum"]
    share = optimum["share"]
    assert share in SHARES
    assert share in optimum["as_good"]
    base = load_beliefs(ESSAY, draws=DRAWS, overrides=CLAIMS["C37"].denial)
    recommended = LEVERS.sel(allocation="recommended")
    tried = xr.concat([LEVERS.isel(allocation=0), *[recommended] * len(SHARES)], dim="allocation")
    tried["buying_time_share"].values[1:, 0] = SHARES
    means = base.outcome(tried.assign_coords(allocation=["status_quo", *map(str, SHARES)])).mean("draw")[1:]
    assert share == SHARES[int(means.values.argmin())]


# Pairs ------------------------------------------------------------------------------------------------------------


def test_a_pair_interacts_by_what_its_parts_do_not_add_up_to(some: Denials) -> None:
    (pair,) = paired(("C20", "C37")).pairs
    both = run_with([*CLAIMS["C20"].denial, *CLAIMS["C37"].denial])["recommended"]["change"]["mean"]
    rows, none = rows_of(some), some.to_dict()["undenied"]["change"]["mean"]
    expected = both - rows["C20"]["change"]["mean"] - rows["C37"]["change"]["mean"] + none
    figures = pair.to_dict()
    assert figures["change"]["mean"] == pytest.approx(both, abs=1e-12)
    assert figures["interaction"]["mean"] == pytest.approx(expected, abs=1e-12)


def test_claims_that_set_one_thing_to_two_values_are_not_denied_together() -> None:
    (pair,) = paired(("C41", "C50"), draws=2).pairs
    assert pair.change is None
    assert "technical_talent_spread=1" in pair.why_not
    assert "technical_talent_spread=0.8" in pair.why_not


def test_all_pairs_of_the_top(some: Denials) -> None:
    top = [denial.claims[0] for denial in some.denials[:3]]
    assert [pair.claims for pair in paired(3).pairs] == [(top[0], top[1]), (top[0], top[2]), (top[1], top[2])]


@pytest.mark.parametrize(
    ("pair", "words"),
    [(("C02", "C2"), "unknown claim 'C2'"), (("C02", "C02"), "twice"), (("C02", "C73"), "not represented")],
)
def test_pairs_that_can_not_be(pair: tuple[str, str], words: str) -> None:
    with pytest.raises(InputError, match=words):
        paired(pair, draws=2)


# Another theory of change -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def village() -> Denials:
    beliefs = load_beliefs(CASE, draws=400)
    return claims(beliefs, beliefs.documents.allocations(), pairs=[("T1", "T3")])


def test_where_more_is_better_a_rise_is_better_and_the_best_value_has_the_largest_mean(village: Denials) -> None:
    """With x km more than before, some 1.5 x is spared and .125 x² not sown, which is best at 6 km more."""
    figures = village.to_dict()
    rows = rows_of(village)
    assert set(figures["undenied"]) == {"change", "share_better", "harvest", "optimum"}
    assert figures["undenied"]["change"]["mean"] > 0
    assert figures["undenied"]["share_better"] > 0.8
    assert rows["T1"]["change"]["mean"] < 0
    assert rows["T1"]["share_better"] < 0.2
    assert rows["T4"]["optimum"]["value"] == tried(CASE.swept)[-1]
    assert rows["T4"]["share_better"] > 0.95
    assert 6 < figures["undenied"]["optimum"]["value"] < 8


def test_denials_of_another_theory_are_told_in_its_own_unit(village: Denials) -> None:
    text = " ".join(str(village).split())
    for fragment in (
        "What if the village is wrong",
        "change of harvest by “plan” in tonnes",
        "harvest under “today” in tonnes",
        f"Best value: of the {CASE.swept.label}, in km",
        "T5 ● represented The village should build as it plans.",
    ):
        assert fragment in text
    assert [word for word in ("point", "P(doom)", "per cent") if word in text] == []
    page = said.section(village, pictures=True)
    assert "Right of zero is better" in page.pictures[0].caption
    assert "tonnes" in page.pictures[0].svg
    assert page.tables[-1].folded == "All 8 claims in full"


def test_values_go_from_bound_to_bound_but_not_to_one_that_the_lever_keeps_away_from() -> None:
    assert tried(CASE.swept) == tuple(round(0.6 * step, 9) for step in range(21))
    assert tuple(round(0.05 * step, 2) for step in range(20)) == SHARES


def test_denials_as_a_table_and_in_short(some: Denials) -> None:
    table = some.to_dataframe()
    assert list(table.index) == [row["id"] for row in some.rows()]
    assert table.loc["C28", "change_mean"] == rows_of(some)["C28"]["change"]["mean"]
    assert repr(some) == f"<Denials: 6 denials, 'recommended', worldview 'panel', {DRAWS} draws>"


# Command ----------------------------------------------------------------------------------------------------------


def test_the_command_gives_json_with_provenance(toc: Toc) -> None:
    code, out, _ = toc(
        "claims", "C28", "--deny", "--draws", DRAWS, "--worldview", "essay", "--json", "--pairs", "C28", "C20"
    )
    found = json.loads(out)
    assert code == 0
    assert (found["worldview"], found["baseline"], found["allocation"]) == ("essay", "status_quo", "recommended")
    assert found["provenance"]["draws"] == DRAWS
    assert {"allocations.toml", "worldviews/essay.toml"} <= {
        name for key in ("priors", "allocations") for name in found["provenance"][key]
    }
    assert sorted(row["id"] for row in found["claims"]) == ["C20", "C28"]
    assert set(found["claims"][0]["change"]) == {"mean", "q05", "q95", "mcse"}
    assert [pair["ids"] for pair in found["pairs"]] == [["C28", "C20"]]


def test_a_figure_names_claims_and_worldview(toc: Toc, tmp_path: Path) -> None:
    path = tmp_path / "claims.svg"
    code, out, _ = toc("claims", "C28", "--deny", "--draws", DRAWS, "--out", path)
    picture = path.read_text(encoding="utf-8")
    assert code == 0
    assert "C28" in out
    assert [
        text for text in ("nothing denied", "C28 In one route", "percentage points", "panel") if text not in picture
    ] == []


def test_a_denial_that_is_undefined_is_one_row_and_not_the_end(toc: Toc, tmp_path: Path) -> None:
    folder = tmp_path / "priors"
    shutil.copytree(ESSAY.documents, folder)
    ledger = folder / "claims.toml"
    text = ledger.read_text(encoding="utf-8")
    ledger.write_text(text.replace('denial = ["longest_pause=0.25"]', 'denial = ["solutions_now=0"]'), encoding="utf-8")
    words = ("claims", "C56", "--deny", "--priors", folder, "--draws", DRAWS, "--pairs", "C56", "C20")
    code, out, _ = toc(*words)
    assert code == 0
    assert "undefined" in out
    assert "C56 denied: node p_doom: not a finite number" in " ".join(out.split())
    rows = {row["id"]: row for row in json.loads(toc(*words, "--json")[1])["claims"]}
    assert rows["C56"]["change"] is None
    assert rows["C20"]["change"]["mean"] < 0


@pytest.mark.parametrize(
    ("words", "fragments"),
    [
        ("claims C2 --deny", ["unknown claim 'C2'"]),
        ("claims --deny --allocation recomended", ["'recomended'; did you mean 'recommended'?"]),
        ("claims --deny --allocation status_quo", ["found 'status_quo'; allowed: another one"]),
        ("claims --top 3", ["--top needs --deny"]),
        ("claims --worldview essay", ["--worldview needs --deny"]),
        ("claims C28 --deny --draws 20 --out x.pdf", ["x.pdf", "'.svg' or '.png'"]),
        ("claims C28 --deny --draws 20 --pairs all-top 1.5", ["all-top", "whole number"]),
        ("claims C28 --deny --draws 20 --pairs all-top 5", ["found 5", "allowed: 2 to 1"]),
        ("claims C28 --deny --draws 1", ["draws: found 1"]),
    ],
)
def test_bad_input_is_one_line(toc: Toc, words: str, fragments: list[str]) -> None:
    assert_refused(toc(*words.split()), *fragments)
