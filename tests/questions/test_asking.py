"""The essay is asked in flags."""

import json
from typing import Any

import pytest

from tests.conftest import Toc
from tests.refused import assert_refused


def figures_of(toc: Toc, *words: object) -> dict[str, Any]:
    code, out, err = toc("run", "--json", "--draws", 200, "--worldview", "base", *words)
    assert (code, err) == (0, "")
    found: dict[str, Any] = json.loads(out)
    return found


def test_flags_of_pools_are_the_same_as_a_document_of_ones_own(toc: Toc, tmp_path: Any) -> None:
    (tmp_path / "mine.toml").write_text(
        "[mine]\nbuying_time_share = { researchers = 0.3, builders = 0.1 }\n"
        "mix.researchers = { outreach = 0.28, evaluations = 0.4, grounding_papers = 0.2, convening = 0.12 }\n"
    )
    by_flags = figures_of(toc, "--researchers", "30", "--builders", "10%", "--mix", "researchers.evaluations=0.4")
    by_document = figures_of(toc, "--allocations", tmp_path / "mine.toml")
    asked, mine = by_flags["allocations"]["asked"], by_document["allocations"]["mine"]
    assert asked["shares"] == {"researchers": 0.3, "builders": 0.1}
    assert asked["change"]["mean"] == pytest.approx(mine["change"]["mean"], rel=1e-9)
    assert list(by_document["allocations"])[:3] == ["status_quo", "mine", "recommended"]


def test_moves_of_ones_own_are_rows(toc: Toc) -> None:
    words = ["--move", "few=researchers:30,builders:10", "--move", "many=researchers:0.9", "--only", "recommended"]
    found = figures_of(toc, *words)
    assert list(found["allocations"]) == ["status_quo", "few", "many", "recommended"]
    assert found["allocations"]["many"]["shares"] == {"researchers": 0.9, "builders": 0.1}


def test_flags_stand_on_the_status_quo_of_the_date(toc: Toc) -> None:
    found = figures_of(toc, "--researchers", 60, "--as-of", "late_2026")
    assert found["allocations"]["asked"]["shares"] == {"researchers": 0.6, "builders": 0.2}


def test_a_date_is_said_back_in_years_and_in_the_calendar(toc: Toc) -> None:
    code, out, _ = toc("run", "--draws", 100, "--worldview", "base", "--set", "agi_year=2031", "--researchers", ".3")
    assert code == 0
    first = " ".join(out.split("Under the worldview")[0].split())
    assert "Assumed by the caller: agi_year (years until AGI, years from late 2022) as 8.6 (2031)." in first
    assert "Asked: “asked” is researchers 30 %; all else as in “status quo”." in first


def test_json_has_what_is_set(toc: Toc) -> None:
    found = figures_of(toc, "--set", "agi_year=2027..2040", "--set", "severity=40%")
    assert found["sets"] == {
        "asked": ["agi_year=2027..2040", "severity=40%"],
        "means": {"agi_year": "lognormal with q05 4.6 (2027), q50 8.998 (2031), q95 17.6 (2040)", "severity": "0.4"},
    }
    assert found["provenance"]["sets"] == ["agi_year=2027..2040", "severity=40%"]
    assert found["overrides"] == []
    assert not {"sets", "asked"} & set(figures_of(toc))


def test_a_number_that_is_set_is_the_same_as_an_override(toc: Toc) -> None:
    by_set, by_override = (figures_of(toc, option, "severity=0.4") for option in ("--set", "--override"))
    assert by_set["allocations"] == by_override["allocations"]


@pytest.mark.parametrize(
    ("words", "fragments"),
    [
        (["--researchers", "1"], ["researchers: found '1', which may be 1 % or all; allowed: 1% or 100%"]),
        (["--researchers", "130"], ["researchers: found '130'; allowed: 0 % to 100 %"]),
        (["--researcher", "30"], ["No such option '--researcher'", "--researchers"]),
        (["--mix", "researchers.evaluation=60"], ["unknown mix", "did you mean 'researchers.evaluations'?"]),
        (["--mix", "researcher.evaluations=60"], ["unknown mix", "did you mean 'researchers.evaluations'?"]),
        (["--move", "a=reserchers:30"], ["move 'a': unknown lever 'reserchers'; did you mean 'researchers'?"]),
        (["--move", "recommended=researchers:30"], ["found a name that is taken"]),
        (["--set", "agi_yaer=2031"], ["unknown parameter 'agi_yaer'; did you mean 'agi_year'?"]),
        (["--set", "agi_year=20..4"], ["found the range 20..4"]),
        (["--set", "agi_year=2020"], ["before late 2022"]),
        (["--set", "severity=30"], ["found 30; allowed: 0 to 1 (probability); did you mean 0.3?"]),
        (["--posterior", "a.nc"], ["--posterior: found a.nc; a posterior is a worldview", "--worldview a.nc"]),
    ],
)
def test_a_mistake_in_flags(toc: Toc, words: list[str], fragments: list[str]) -> None:
    assert_refused(toc("run", "--draws", 20, *words), *fragments)


@pytest.mark.parametrize("command", ["run", "compare", "curve", "optimise", "marginal", "voi", "channels"])
def test_all_commands_take_them(toc: Toc, command: str) -> None:
    _, shown, _ = toc(command, "--help")
    for option in ("--set", "--move", "--only", "--allocations", "--researchers", "--builders", "--mix"):
        assert f" {option} " in shown


@pytest.mark.parametrize("command", ["sensitivity", "claims", "disagree", "report", "update", "worldviews"])
def test_the_other_commands_take_them_too(toc: Toc, command: str) -> None:
    test_all_commands_take_them(toc, command)


def test_what_says_nothing_without_denials_is_refused(toc: Toc) -> None:
    assert_refused(toc("claims", "--researchers", 30), "claims: --researchers needs --deny")
    assert_refused(toc("claims", "--set", "severity=0.3"), "claims: --set needs --deny")
