"""Denied claims: the same as overriding the model, ranked, honest about what can't be denied."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

import toc_model as toc_package
from tests.conftest import Toc
from tests.test_cli_input import assert_refused
from toc_model import load_allocations
from toc_model.beliefs.beliefs import load_beliefs
from toc_model.beliefs.claims import load_claims
from toc_model.documents import shipped_folder
from toc_model.errors import InputError
from toc_model.questions.claims.denial_words import denial_text
from toc_model.questions.claims.denials import SHARES, Denials, best_share, deny, deny_pairs, top_pairs

CLAIMS = load_claims()
LEVERS = load_allocations().levers()
DRAWS = 60


@pytest.fixture(scope="module")
def whole() -> Denials:
    return deny(load_beliefs(draws=DRAWS), CLAIMS, LEVERS)


@pytest.fixture(scope="module")
def some() -> Denials:
    names = ("C02", "C20", "C28", "C37", "C41", "C50", "C21")
    return deny(load_beliefs(draws=DRAWS), {name: CLAIMS[name] for name in names}, LEVERS)


def rows_of(found: Denials) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in found.rows()}


# Figures ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["C20", "C28", "C02"])
def test_denying_a_claim_is_running_with_its_denial_as_overrides(some: Denials, name: str) -> None:
    run = toc_package.run(draws=DRAWS, overrides=CLAIMS[name].denial).to_dict()["allocations"]
    row = rows_of(some)[name]
    assert row["change"] == pytest.approx(run["recommended"]["change"], abs=1e-12)
    assert row["p_doom"] == pytest.approx(run["status_quo"]["p_doom"], abs=1e-12)
    assert row["share_better"] == run["recommended"]["share_better"]
    assert row["change"]["mean"] != pytest.approx(some.undenied.to_dict()["change"]["mean"], abs=1e-4)
    moved = row["change"]["mean"] - some.undenied.to_dict()["change"]["mean"]
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
    for name in ("C21", "C12"):
        assert rows[name]["change"] is rows[name]["optimum"] is None
        assert rows[name]["note"] == CLAIMS[name].note
    text = denial_text(whole)
    assert "C21 not represented: There is no governance intervention" in " ".join(text.split())
    assert "C18 documentation: Buying time is only one possible heading" in " ".join(text.split())


def test_the_best_share_is_that_of_the_lowest_mean_and_lists_its_equals() -> None:
    noise = np.random.default_rng(1).normal(size=(400, 1))
    means = np.array([0.30, 0.201, 0.20, 0.25])
    wobble = np.random.default_rng(2).normal(scale=0.02, size=(400, 4))
    wobble -= wobble.mean(axis=0)
    found = best_share(xr.DataArray(means + noise + wobble, dims=("draw", "allocation")), (0.1, 0.2, 0.3, 0.4))
    assert (found.share, found.as_good) == (0.3, (0.2, 0.3))


def test_the_optimum_is_found_with_builders_and_mixes_of_the_allocation(some: Denials) -> None:
    optimum = rows_of(some)["C37"]["optimum"]
    share = optimum["share"]
    assert share in SHARES
    assert share in optimum["as_good"]
    base = load_beliefs(draws=DRAWS, overrides=CLAIMS["C37"].denial)
    recommended = LEVERS.sel(allocation="recommended")
    tried = xr.concat([LEVERS.isel(allocation=0), *[recommended] * len(SHARES)], dim="allocation")
    tried["buying_time_share"].values[1:, 0] = SHARES
    means = base.outcome(tried.assign_coords(allocation=["status_quo", *map(str, SHARES)])).mean("draw")[1:]
    assert share == SHARES[int(means.values.argmin())]


# Pairs ------------------------------------------------------------------------------------------------------------


def test_a_pair_interacts_by_what_its_parts_do_not_add_up_to(some: Denials) -> None:
    (pair,) = deny_pairs(some, LEVERS, [("C20", "C37")]).pairs
    run = toc_package.run(draws=DRAWS, overrides=[*CLAIMS["C20"].denial, *CLAIMS["C37"].denial]).to_dict()
    both = run["allocations"]["recommended"]["change"]["mean"]
    rows, none = rows_of(some), some.undenied.to_dict()["change"]["mean"]
    expected = both - rows["C20"]["change"]["mean"] - rows["C37"]["change"]["mean"] + none
    figures = pair.to_dict()
    assert figures["change"]["mean"] == pytest.approx(both, abs=1e-12)
    assert figures["interaction"]["mean"] == pytest.approx(expected, abs=1e-12)


def test_claims_that_set_one_thing_to_two_values_are_not_denied_together(some: Denials) -> None:
    (pair,) = deny_pairs(some, LEVERS, [("C41", "C50")]).pairs
    assert pair.change is None
    assert "technical_talent_spread=1" in pair.why_not
    assert "technical_talent_spread=0.8" in pair.why_not


def test_all_pairs_of_the_top(some: Denials) -> None:
    top = [denial.claims[0] for denial in some.denials[:3]]
    assert top_pairs(some, 3) == [(top[0], top[1]), (top[0], top[2]), (top[1], top[2])]


@pytest.mark.parametrize(
    ("pair", "words"),
    [(("C02", "C2"), "unknown claim 'C2'"), (("C02", "C02"), "twice"), (("C02", "C21"), "not represented")],
)
def test_pairs_that_can_not_be(some: Denials, pair: tuple[str, str], words: str) -> None:
    with pytest.raises(InputError, match=words):
        deny_pairs(some, LEVERS, [pair])


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
        text for text in ("nothing denied", "C28 In one route", "percentage points", "neutral") if text not in picture
    ] == []


def test_a_denial_that_is_undefined_is_one_row_and_not_the_end(toc: Toc, tmp_path: Path) -> None:
    folder = tmp_path / "priors"
    shutil.copytree(shipped_folder(), folder)
    ledger = folder / "claims.toml"
    text = ledger.read_text(encoding="utf-8")
    ledger.write_text(text.replace('denial = ["longest_pause=0.25"]', 'denial = ["concern_now=5"]'), encoding="utf-8")
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
        ("claims --deny --allocation status_quo", ["unknown allocation 'status_quo'"]),
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
