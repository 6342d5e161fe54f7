"""Granted objections: the same as overriding the model, paired, told under whom the sign turns and where it can't."""

import json
import pickle
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import toc_model as toc_
from tests.conftest import Toc
from tests.refused import assert_refused
from tests.toy import CASE
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.claims import Claim
from toc_model.beliefs.loading import default_first, load_beliefs
from toc_model.beliefs.shipped import Documents
from toc_model.errors import InputError
from toc_model.essay.case import ESSAY
from toc_model.questions.claims import Grants, grant, grant_words
from toc_model.questions.claims.granting import grantable, grants_of
from toc_model.questions.report import report
from toc_model.questions.run import run

SHIPPED = Documents.of(ESSAY)
CLAIMS = SHIPPED.claims()
ALLOCATIONS = SHIPPED.allocations()
ABLE = [name for name, claim in CLAIMS.items() if claim.if_right]
CAMPS = ("base", "essay", "critic")
DRAWS = 200


@pytest.fixture(scope="module")
def whole() -> Grants:
    return grant([load_beliefs(ESSAY, name, draws=DRAWS) for name in CAMPS], ALLOCATIONS)


@pytest.fixture(scope="module")
def village() -> Grants:
    return grant(default_first(load_beliefs(CASE, draws=100), camps=False), Documents.of(CASE).allocations())


def rows_of(found: Grants) -> dict[str, dict[str, Any]]:
    return {row["granted"]: row for row in found.rows()}


# Figures ----------------------------------------------------------------------------------------------------------


def test_every_objection_that_can_be_granted_has_figures_under_each_worldview(whole: Grants) -> None:
    assert list(whole.chosen) == ABLE == ["C48", "C72", "C75", "C82", "C84", "C93", "C95", "C96", "C102"]
    rows = rows_of(whole)
    assert {name for row in rows.values() for name in row["claims"]} == set(ABLE)
    assert list(rows)[-1] == "all 9 together"
    for row in rows.values():
        assert list(row["worldviews"]) == list(CAMPS)
        for found in row["worldviews"].values():
            assert found["undefined"] == ""
            tables = [found["change"], found["p_doom"], found["moved"]["change"], found["moved"]["p_doom"]]
            assert np.isfinite([value for table in tables for value in table.values()]).all()
            assert 0 < found["p_doom"]["mean"] < 1
            assert 0 <= found["share_better"] <= 1


@pytest.mark.parametrize("name", ["C72", "C84 = C93", "all 9 together"])
def test_granting_is_running_with_what_it_says_as_overrides(whole: Grants, name: str) -> None:
    row = rows_of(whole)[name]
    for worldview in CAMPS:
        ran = run(load_beliefs(ESSAY, worldview, draws=DRAWS, overrides=row["overrides"]), ALLOCATIONS).to_dict()
        quo, moved = (ran["allocations"][one] for one in ("status_quo", "recommended"))
        found, before = row["worldviews"][worldview], whole.undone()[worldview]
        assert found["change"] == pytest.approx(moved["change"], abs=1e-12)
        assert found["p_doom"] == pytest.approx(quo["p_doom"], abs=1e-12)
        assert found["share_better"] == moved["share_better"]
        for table in ("change", "p_doom"):
            difference = found[table]["mean"] - before[table]["mean"]
            assert found["moved"][table]["mean"] == pytest.approx(difference, abs=1e-12)


def test_a_newcomer_who_wins_turns_the_sign_under_the_essay() -> None:
    found = grant([load_beliefs(ESSAY, "essay", draws=2000)], ALLOCATIONS, objections=["C84"])
    (row,) = found.rows()
    under = row["worldviews"]["essay"]
    assert found.undone()["essay"]["change"]["mean"] < -0.02
    assert under["change"]["mean"] > 2 * under["change"]["mcse"]
    assert under["sign"] == "turned"


def test_together_factors_multiply_and_equal_values_count_once(whole: Grants) -> None:
    """Both C72 and C102 multiply the backfire; C82 and C102 agree on the gain; C84 and C93 say the same."""
    together = rows_of(whole)["all 9 together"]["overrides"]
    assert [text for text in together if text.startswith("outreach_backfire")] == [
        "outreach_backfire*=5",
        "outreach_backfire*=3",
    ]
    assert together.count("lead_now=3") == 1
    assert {"concern_gain=0", "concern_gain[outreach]=0"} <= set(together)
    base = load_beliefs(ESSAY, "base", draws=20)
    again = base.with_overrides(whole.grants[-1].overrides).parameters
    np.testing.assert_allclose(again["outreach_backfire"], 15 * base.parameters["outreach_backfire"])
    assert again["concern_gain"].values.tolist() == np.zeros_like(again["concern_gain"]).tolist()


def test_one_alone_has_no_line_for_all_together() -> None:
    found = grant([load_beliefs(ESSAY, "base", draws=2)], ALLOCATIONS, objections=["C95"])
    assert [row["granted"] for row in found.rows()] == ["C95"]


def test_chosen_ones_are_told_in_the_order_of_the_ledger() -> None:
    found = grant([load_beliefs(ESSAY, "base", draws=2)], ALLOCATIONS, objections=["C96", "C84"])
    assert [row["granted"] for row in found.rows()] == ["C84", "C96", "C84 + C96"]


def test_worldviews_share_their_draws_with_and_without_a_grant(village: Grants) -> None:
    """A grant of what does not touch a quantity moves it by exactly nothing."""
    found = grant([load_beliefs(ESSAY, "base", draws=50)], ALLOCATIONS, objections=["C95"]).rows()[0]
    assert set(found["worldviews"]["base"]["moved"]["p_doom"].values()) == {0.0}
    assert village.undone().keys() == {"almanac", "farmer", "forester"}


# Signs ------------------------------------------------------------------------------------------------------------


def with_change(found: Grants, place: int, values: Sequence[float]) -> Grants:
    """The same with other changes with nothing granted, under one worldview."""
    outcomes = list(found.ungranted)
    outcome = outcomes[place].copy()
    outcome[{"allocation": 1}] = outcome.isel(allocation=0, drop=True) + np.resize(values, outcome.sizes["draw"])
    outcomes[place] = outcome
    return replace(found, ungranted=tuple(outcomes))


def test_where_the_sign_is_not_known_nothing_turns_it(village: Grants) -> None:
    found = with_change(village, 0, [1.0, -1.0])
    assert {row["worldviews"]["almanac"]["sign"] for row in found.rows()} == {"undecided"}
    text = " ".join(str(found).split())
    assert "almanac as of spring 1400: with nothing granted not to be told from zero" in text
    assert "forester as of spring 1400: a fall with nothing granted; turned by none" in text


# What can't be granted -------------------------------------------------------------------------------------------


def test_what_can_not_be_granted_is_listed(whole: Grants) -> None:
    listed = [row["id"] for row in whole.to_dict()["not_grantable"]]
    assert listed == ["C97", "C98", "C101"]
    assert {*listed, *ABLE} == {name for name, claim in CLAIMS.items() if claim.kind == "objection"}
    text = " ".join(str(whole).split())
    assert "C97 · documentation Winning mainstream machine learning over" in text


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["C8"], "unknown claim 'C8'"),
        (["C01"], "found 'C01', a claim of the kind 'recommendation' .allowed: C48, C72"),
        (["C98"], "found 'C98', whose entry has no if_right"),
        (["C84", "C84"], "found 'C84' twice"),
    ],
)
def test_objections_that_can_not_be_granted_are_refused(names: list[str], words: str) -> None:
    with pytest.raises(InputError, match=words):
        grantable(CLAIMS, names)


def test_a_theory_without_objections_has_nothing_to_grant(tmp_path: Path) -> None:
    folder = changed(tmp_path, CASE.documents, ('if_right = ["toil*=3"]', ""))
    ledger = folder / "claims.toml"
    ledger.write_text(ledger.read_text(encoding="utf-8").partition("[T7]")[0], encoding="utf-8")
    beliefs = load_beliefs(CASE, draws=2, priors=folder)
    with pytest.raises(InputError, match="no objection of the village that can be granted"):
        grant([beliefs], beliefs.documents.allocations())


def test_no_worldview_is_refused() -> None:
    with pytest.raises(InputError, match="worldviews: found none"):
        grant([], ALLOCATIONS)


def changed(parent: Path, documents: Path, *edits: tuple[str, str]) -> Path:
    """A copy of documents with another ledger."""
    folder = parent / "documents"
    shutil.copytree(documents, folder)
    ledger = folder / "claims.toml"
    text = ledger.read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    ledger.write_text(text, encoding="utf-8")
    return folder


def granted_in(folder: Path, draws: int = 50) -> Grants:
    beliefs = load_beliefs(CASE, draws=draws, priors=folder)
    return grant([beliefs], beliefs.documents.allocations())


def test_objections_that_contradict_are_told_alone_and_not_together(tmp_path: Path) -> None:
    found = granted_in(changed(tmp_path, CASE.documents, ('["toil*=3"]', '["jumped=0.5"]')))
    rows = rows_of(found)
    assert rows["T4"]["worldviews"]["almanac"]["change"]["mean"] != 0
    together = rows["T4 + T7"]["worldviews"]["almanac"]
    assert together["change"] is None
    assert together["undefined"] == "T4 says jumped=0.5, T7 says jumped=0.8"
    assert "T4 + T7, under almanac: T4 says jumped=0.5, T7 says jumped=0.8." in " ".join(str(found).split())
    assert bool(found.to_dataframe()["change_mean"].isna()["T4 + T7", "almanac"])
    assert "T4" in "".join(label.get_text() for label in found.plot().axes[0].get_yticklabels())


def test_a_grant_without_a_value_is_one_row_and_not_the_end(tmp_path: Path) -> None:
    folder = changed(tmp_path, CASE.documents, ('["toil*=3"]', '["jumped*=1000"]'))
    rows = rows_of(granted_in(folder))
    assert "allowed: 0 to 1 (fraction)" in rows["T4"]["worldviews"]["almanac"]["undefined"]
    assert rows["T7"]["worldviews"]["almanac"]["undefined"] == ""


def test_objections_that_are_granted_alike_share_a_line_and_multiply_together() -> None:
    claim = CLAIMS["C95"]
    grants = grants_of(ESSAY, {"C1": claim, "C2": claim.model_copy(), "C3": CLAIMS["C84"]})
    assert [one.name for one in grants] == ["C1 = C2", "C3", "C1 + C2 + C3"]
    assert [override.text for override in grants[-1].overrides if override.kind == "scale"] == ["half_effort*=5"] * 2


@pytest.mark.parametrize("kind", ["structure", "recommendation"])
def test_only_an_objection_can_be_granted(kind: str, tmp_path: Path) -> None:
    folder = changed(tmp_path, CASE.documents, ('kind = "objection"\ntext = "Those', f'kind = "{kind}"\ntext = "Those'))
    with pytest.raises(InputError, match=rf"T4: if_right: found overrides on a claim of the kind '{kind}'"):
        Documents.of(CASE, folder).claims()
    whole = Documents.of(CASE).claims()["T4"].model_dump() | {"kind": kind, "if_right": []}
    assert Claim.model_validate(whole).if_right == []


def test_what_grants_an_objection_must_be_in_the_story(tmp_path: Path) -> None:
    folder = changed(tmp_path, CASE.documents, ('["toil*=3"]', '["toill*=3"]'))
    with pytest.raises(
        InputError, match=r"claims\.toml: T4: if_right: .*unknown parameter 'toill'; did you mean 'toil'"
    ):
        granted_in(folder)


# As a result ------------------------------------------------------------------------------------------------------


def test_grants_as_a_table_and_in_short(village: Grants) -> None:
    table = village.to_dataframe()
    assert table.index.names == ["granted", "worldview"]
    assert list(table.loc["T4"].index) == ["almanac", "farmer", "forester"]
    row = rows_of(village)["T7"]["worldviews"]["farmer"]
    assert table.loc[("T7", "farmer"), "change_mean"] == row["change"]["mean"]
    assert table.loc[("T7", "farmer"), "moved_harvest_mcse"] == row["moved"]["harvest"]["mcse"]
    assert table.loc[("T7", "farmer"), "moved_share_better"] == row["moved"]["share_better"]
    assert table.loc[("T7", "farmer"), "sign"] == row["sign"]
    assert repr(village) == "<Grants: 3 grants, 'plan', worldviews almanac, farmer, forester, 100 draws>"


def test_grants_come_back_from_a_pickle(village: Grants) -> None:
    back = pickle.loads(pickle.dumps(village))  # noqa: S301
    assert back.to_dict() == village.to_dict()
    assert str(back) == str(village)


def test_showing_evaluates_nothing(village: Grants, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("evaluated")

    monkeypatch.setattr(Beliefs, "nodes_and_reference", refuse)
    assert str(village)
    assert village._repr_html_()
    assert village.to_dict()
    assert village.plot()


def test_every_figure_of_a_change_has_its_error_and_the_worldview_its_date(village: Grants) -> None:
    section = grant_words.section(village, pictures=True)
    granted, signs = section.tables[:2]
    figures = [str(getattr(cell, "text", cell)) for table in (granted, signs) for row in table.rows for cell in row[1:]]
    assert [text for text in figures if any(sign.isdigit() for sign in text) and "±" not in text] == []
    assert "almanac as of spring 1400" in granted.caption.replace("\u2068", "").replace("\u2069", "")
    (drawn,) = section.pictures
    assert "nothing granted" in drawn.svg
    assert "T4 + T7" in drawn.svg
    assert "Right of zero is better." in drawn.caption


def test_the_facade_takes_one_beside_the_others_or_several_alone() -> None:
    alone = toc_.grant("millers", case=CASE, draws=20)
    assert [one.worldview for one in alone.beliefs] == ["millers", "almanac", "farmer", "forester"]
    pair = toc_.grant(["farmer", "council"], case=CASE, draws=20, objections=["T7"])
    assert [one.worldview for one in pair.beliefs] == ["farmer", "council"]
    assert pair.chosen == ("T7",)


def test_the_report_asks_what_if_the_critics_are_right() -> None:
    beliefs = [load_beliefs(CASE, name, draws=50) for name in ("farmer", "almanac", "millers")]
    (section,) = report(beliefs, Documents.of(CASE).allocations(), sections=["objections"]).sections
    assert section.title == "What if the critics are right?"
    assert section.tables[1].headings == ["granted", "farmer", "almanac"]
    assert len(section.pictures) == 1


# Command ----------------------------------------------------------------------------------------------------------


def test_the_command_gives_json_with_provenance(toc: Toc) -> None:
    code, out, _ = toc("claims", "--grant", "C96,C84", "--draws", 60, "--also", "ml_authors", "--json")
    found = json.loads(out)
    assert code == 0
    assert (found["worldview"], found["baseline"], found["allocation"]) == ("panel", "status_quo", "recommended")
    assert [row["granted"] for row in found["grants"]] == ["C84", "C96", "C84 + C96"]
    for row in found["grants"]:
        assert list(row["worldviews"]) == ["panel", "ml_authors", "base", "essay", "critic"]
    assert [one["worldview"] for one in found["provenance"]] == ["panel", "ml_authors", "base", "essay", "critic"]
    assert found["provenance"][0]["granted"] == ["C84", "C96"]


def test_a_name_before_the_option_is_one_of_the_chosen(toc: Toc) -> None:
    words = ("claims", "C84", "--draws", 20, "--worldview", "essay", "--json", "--grant")
    assert [row["granted"] for row in json.loads(toc(*words)[1])["grants"]] == ["C84"]
    found = json.loads(toc(*words, "C95")[1])
    assert [row["granted"] for row in found["grants"]] == ["C84", "C95", "C84 + C95"]
    assert list(found["ungranted"]) == ["essay", "base", "critic"]


def test_a_figure_names_objections_worldview_and_date(toc: Toc, tmp_path: Path) -> None:
    path = tmp_path / "granted.svg"
    assert toc("claims", "--grant", "C84", "--draws", 60, "--out", path)[0] == 0
    picture = path.read_text(encoding="utf-8")
    for text in ("nothing granted", "C84 Holding back", "percentage points", "panel as of late 2022"):
        assert text in picture


@pytest.mark.parametrize(
    ("words", "fragments"),
    [
        ("claims --grant C2", ["unknown claim 'C2'"]),
        ("claims --grant C84,", ["unknown claim ''"]),
        ("claims --grant C01", ["'C01'", "'recommendation'", "allowed: C48"]),
        ("claims C97 --grant", ["'C97'", "no if_right", "allowed: C48"]),
        ("claims C84 --grant C84", ["'C84' twice"]),
        ("claims --grant --deny", ["found --deny and --grant; allowed: one of them"]),
        ("claims --grant --top 3", ["--top needs --deny"]),
        ("claims --grant --pairs C84 C96", ["--pairs needs --deny"]),
        ("claims --deny --also essay", ["--also needs --grant"]),
        ("claims --draws 50", ["--draws needs --deny or --grant or --check"]),
        ("claims --grant --also panel", ["worldviews: found one twice"]),
        ("claims --grant --allocation status_quo", ["found 'status_quo'; allowed: another one"]),
        ("claims --grant --allocation recomended", ["'recomended'; did you mean 'recommended'?"]),
        ("claims --grant --draws 1", ["draws: found 1"]),
        ("claims --grant C84 --draws 20 --out x.pdf", ["x.pdf", "'.svg' or '.png'"]),
    ],
)
def test_bad_input_is_one_line(toc: Toc, words: str, fragments: list[str]) -> None:
    assert_refused(toc(*words.split()), *fragments)
