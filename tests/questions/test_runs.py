"""The main job, from Python and from the command line."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import arviz as az
import pytest
import xarray as xr

import toc_model as toc_package
from tests.conftest import Golden, Toc
from tests.refused import assert_refused
from tests.shipped import DOCUMENTS, load_allocations
from toc_model.beliefs.loading import SEED
from toc_model.beliefs.provenance import story_digest
from toc_model.errors import InputError
from toc_model.essay.case import ESSAY


def rounded(value: object) -> object:
    if isinstance(value, dict):
        return {key: rounded(part) for key, part in value.items()}
    return float(f"{value:.9g}") if isinstance(value, float) else value


@pytest.mark.parametrize("worldview", DOCUMENTS.worldviews())
def test_the_headline_is_golden(worldview: str, golden: Golden) -> None:
    figures = toc_package.run(worldview).to_dict()
    del figures["provenance"]
    golden(f"run_{worldview}.json", json.dumps(rounded(figures), indent=1) + "\n")


NOTHING = {"mean": 0, "q05": 0, "q95": 0, "mcse": 0}


def figures_of(toc: Toc, *words: object) -> dict[str, Any]:
    code, out, err = toc("run", "--json", *words)
    assert (code, err) == (0, "")
    found: dict[str, Any] = json.loads(out)
    return found


def test_json_of_one_worldview_has_the_promised_shape_and_adds_up(toc: Toc) -> None:
    figures = figures_of(toc, "--worldview", "essay", "--draws", 300, "--seed", 4)
    assert (figures["worldview"], figures["draws"], figures["seed"]) == ("essay", 300, 4)
    assert figures["as_of"] == "late_2022"
    assert not {"worldviews", "to", "steps"} & set(figures)
    assert list(figures["allocations"]) == list(load_allocations().named)
    for row in figures["allocations"].values():
        assert row["p_doom"]["q05"] < row["p_doom"]["mean"] < row["p_doom"]["q95"]
        assert sum(row["parts"].values()) == pytest.approx(row["p_doom"]["mean"], abs=1e-12)
        assert 0 <= row["share_better"] <= 1
    quo, moved = figures["allocations"]["status_quo"], figures["allocations"]["recommended"]
    assert quo["shares"] == {"researchers": 0.2, "builders": 0.1}
    assert moved["shares"] == {"researchers": 0.5, "builders": 0.3}
    assert quo["change"] == NOTHING
    assert quo["break_even"] == {"verdict": "none", "cost": None, "mcse": None}
    assert moved["change"]["mean"] == pytest.approx(moved["p_doom"]["mean"] - quo["p_doom"]["mean"])
    assert moved["relative"]["mean"] == pytest.approx(moved["change"]["mean"] / quo["p_doom"]["mean"])
    assert moved["relative"]["mcse"] > 0
    assert moved["break_even"]["verdict"] == "cost"
    assert moved["break_even"]["cost"] > 5 * moved["break_even"]["mcse"] > 0
    assert set(figures["provenance"]) >= {"versions", "story", "priors", "allocations", "seed"}


def test_json_without_a_worldview_has_the_move_under_each_and_the_block_of_the_panel(toc: Toc) -> None:
    figures = figures_of(toc, "--draws", 200)
    assert (figures["to"], figures["worldview"]) == ("recommended", "panel")
    assert list(figures["worldviews"]) == list(ESSAY.worldviews)
    for row in figures["worldviews"].values():
        assert list(row) == ["p_doom", "change", "relative", "share_better", "break_even"]
    alone = {name: figures_of(toc, "--draws", 200, "--worldview", name) for name in ("panel", "critic")}
    assert figures["allocations"] == alone["panel"]["allocations"]
    for name, found in alone.items():
        quo, moved = found["allocations"]["status_quo"], found["allocations"]["recommended"]
        beside = figures["worldviews"][name]
        assert beside["p_doom"] == quo["p_doom"]
        for key in ("change", "relative", "share_better", "break_even"):
            assert beside[key] == moved[key]
    assert figures["worldviews"]["critic"]["break_even"]["verdict"] == "none"


def test_the_move_that_is_shown_may_be_another(toc: Toc) -> None:
    figures = figures_of(toc, "--draws", 100, "--to", "technical_only")
    assert figures["to"] == "technical_only"
    moved = figures["allocations"]["technical_only"]
    assert figures["worldviews"]["panel"]["change"] == moved["change"]
    assert_refused(toc("run", "--draws", 10, "--to", "recomended"), "recomended", "did you mean 'recommended'?")
    assert_refused(toc("run", "--draws", 10, "--to", "status_quo"), "changes are measured from it")


def test_steps_split_the_change_and_tell_when_agi_comes(toc: Toc) -> None:
    figures = figures_of(toc, "--draws", 200, "--worldview", "essay", "--steps", "--only", "recommended")
    steps, moved = figures["steps"], figures["allocations"]["recommended"]
    assert steps["allocation"] == "recommended"
    assert list(steps["stages"]) == [stage.node for stage in ESSAY.stages]
    parts = sum(stage["change"]["mean"] for stage in steps["stages"].values())
    assert parts == pytest.approx(moved["change"]["mean"], abs=1e-12)
    pause = steps["stages"]["pause_probability"]
    assert 0 < pause["before"]["mean"] < pause["after"]["mean"] < 1
    arrival = steps["arrival"]["expected_arrival"]
    assert 5 < arrival["before"]["mean"] < arrival["after"]["mean"] < 20


def test_steps_are_told_in_words_with_the_calendar(toc: Toc) -> None:
    code, out, _ = toc("run", "--draws", 100, "--worldview", "essay", "--steps", "--only", "recommended")
    assert code == 0
    for said in (*(stage.label for stage in ESSAY.stages), "expected arrival", "(2032)", "Shapley values"):
        assert said in out
    later = toc(
        "run", "--draws", 100, "--worldview", "essay", "--as-of", "late_2026", "--steps", "--only", "recommended"
    )[1]
    assert "as of late 2026" in later
    assert "(2032)" not in later


def test_a_step_that_is_held_changes_nothing(toc: Toc) -> None:
    words = ["--draws", 100, "--worldview", "essay", "--only", "recommended", "--steps"]
    figures = figures_of(toc, *words, "--override", "do(pause_probability)=reference")
    assert figures["steps"]["stages"]["pause_probability"]["change"] == NOTHING


def test_a_date_has_a_status_quo_of_its_own(toc: Toc) -> None:
    figures = figures_of(toc, "--draws", 200, "--worldview", "base", "--as-of", "late_2026")
    rows = figures["allocations"]
    assert figures["as_of"] == "late_2026"
    assert rows["status_quo"]["shares"] == {"researchers": 0.4, "builders": 0.2}
    assert rows["low_end"]["change"] == NOTHING
    assert rows["technical_only"]["change"]["mean"] > 0
    assert_refused(toc("run", "--as-of", "late_2062"), "unknown date 'late_2062'", "did you mean 'late_2026'?")


def test_changes_are_reported_from_the_users_status_quo_beside_a_date(tmp_path: Path, toc: Toc) -> None:
    """Its place moves what changes are measured from, and not the world in which priors were elicited."""
    (tmp_path / "mine.toml").write_text(
        "[status_quo]\nbuying_time_share = { researchers = 0.3, builders = 0.2 }\n"
        "[recommended]\nbuying_time_share = { researchers = 0.5, builders = 0.3 }\n"
    )
    words = ["--draws", 200, "--worldview", "base", "--as-of", "late_2026"]
    usual, own = figures_of(toc, *words), figures_of(toc, *words, "--allocations", tmp_path / "mine.toml")
    quo, moved = own["allocations"]["status_quo"], own["allocations"]["recommended"]
    assert quo["shares"] == {"researchers": 0.3, "builders": 0.2}
    assert quo["change"] == NOTHING
    assert quo["p_doom"] != usual["allocations"]["status_quo"]["p_doom"]
    assert moved["p_doom"] == usual["allocations"]["recommended"]["p_doom"]
    assert moved["change"]["mean"] == pytest.approx(moved["p_doom"]["mean"] - quo["p_doom"]["mean"])
    before = figures_of(toc, "--draws", 200, "--worldview", "base", "--allocations", tmp_path / "mine.toml")
    assert before["as_of"] == "late_2022"
    assert before["allocations"]["status_quo"]["p_doom"] != quo["p_doom"]


@pytest.mark.parametrize(
    ("words", "fragments"),
    [
        (("--worldview", "neutral"), ("'neutral', which is of an earlier model", "base or panel")),
        (("--worldview", "outside"), ("'outside', which is of an earlier model", "panel")),
        (("--worldview", "0.5*neutral + 0.5*essay"), ("'neutral', which is of an earlier model", "base or panel")),
        (("--override", "do(race)=status_quo"), ("found 'status_quo'", "'reference'")),
        (("--override", "do(reach[outreach])=status_quo"), ("found 'status_quo'", "'reference'")),
    ],
)
def test_names_of_the_first_model_name_their_successors(
    toc: Toc, words: tuple[str, ...], fragments: tuple[str, ...]
) -> None:
    assert_refused(toc("run", "--draws", 10, *words), *fragments)


def test_the_reference_belongs_to_a_date_and_not_to_a_document(tmp_path: Path, toc: Toc) -> None:
    path = tmp_path / "where.toml"
    path.write_text("[reference]\nbuying_time_share = { researchers = 0.3, builders = 0.2 }\n")
    assert_refused(toc("run", "--draws", 10, "--allocations", path), "found 'reference'", "belongs to a date")


def test_changes_are_paired() -> None:
    """The interval of the paired change is far narrower than that of unpaired draws would be."""
    result = toc_package.run("base", draws=1000)
    doom = result.outcome("p_doom").sel(allocation=["status_quo", "recommended"])
    paired = (doom[:, 1] - doom[:, 0]).std()
    unpaired = (doom[:, 1] - doom[::-1, 0].values).std()
    assert float(paired) < float(unpaired) / 4


def test_a_run_can_be_repeated_and_the_seed_matters(toc: Toc) -> None:
    words = ["run", "--worldview", "base", "--draws", 50, "--json", "--seed"]
    first, again, other = (toc(*words, seed)[1] for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_worldviews_and_files_of_ones_own(tmp_path: Path, toc: Toc) -> None:
    (tmp_path / "mine.toml").write_text(
        'description = "A sceptic"\n[parameters.severity]\nreason = "a test"\n'
        "quantiles = { q05 = 0.01, q50 = 0.02, q95 = 0.04 }\n"
    )
    (tmp_path / "where.toml").write_text("[all_in]\nbuying_time_share = { researchers = 0.9, builders = 0.9 }\n")
    words = ["run", "--worldview", tmp_path / "mine.toml", "--allocations", tmp_path / "where.toml", "--json"]
    figures = json.loads(toc(*words)[1])
    assert figures["worldview"] == "mine"
    assert list(figures["allocations"]) == ["status_quo", "all_in", *list(load_allocations().named)[1:]]
    assert list(json.loads(toc(*words, "--only", "own")[1])["allocations"]) == ["status_quo", "all_in"]
    assert figures["allocations"]["status_quo"]["p_doom"]["mean"] < 0.05
    assert "'mine'" in figures["rests_on"]
    assert "1 of them moved" in figures["rests_on"]


def test_a_folder_of_priors_of_ones_own(tmp_path: Path, toc: Toc) -> None:
    folder = tmp_path / "priors"
    assert toc("priors", "copy", folder)[0] == 0
    path = folder / "deployment.toml"
    path.write_text(path.read_text().replace("q05 = 0.06, q50 = 0.5, q95 = 0.94", "q05 = 0.01, q50 = 0.02, q95 = 0.04"))
    words = ["--draws", 50, "--worldview", "base"]
    usual, changed = (figures_of(toc, *words, *more) for more in ([], ["--priors", folder]))
    assert changed["allocations"]["status_quo"]["p_doom"]["mean"] < 0.05
    differing = [
        name
        for name, digest in changed["provenance"]["priors"].items()
        if digest != usual["provenance"]["priors"][name]
    ]
    assert differing == ["deployment.toml"]


def test_options_of_priors_stand_before_or_after_the_name(toc: Toc) -> None:
    before = toc("priors", "--worldview", "essay", "agi_year")
    assert before == toc("priors", "agi_year", "--worldview", "essay")
    moved = [toc("priors", *words)[1] for words in (["max_research_cut"], ["max_research_cut", "--worldview", "essay"])]
    assert "(moved:" not in moved[0]
    assert "(moved:" in moved[1]
    assert toc("priors", "check", "--worldview", "essay") == toc("priors", "--worldview", "essay", "check")


def test_the_table_says_what_it_rests_on(toc: Toc) -> None:
    code, out, _ = toc("run", "--worldview", "critic", "--draws", 100, "--only", "recommended")
    assert code == 0
    assert "worldview 'critic' as of late 2022 (100 paired draws, seed 1)" in out
    assert "not that the beliefs are right" in " ".join(out.split())
    assert "technical_only" not in out
    row = next(line for line in out.splitlines() if line.split()[:1] == ["recommended"])
    assert row.count("[") == 1
    assert row.count("%") == 3


def test_overrides_reach_the_figures_and_the_sentence(toc: Toc) -> None:
    figures = figures_of(toc, "--worldview", "base", "--draws", 100, "--override", "severity=0")
    assert figures["overrides"] == ["severity=0"]
    assert figures["allocations"]["recommended"]["p_doom"] == NOTHING
    assert "with severity=0" in figures["rests_on"]


def test_a_share_of_nothing_is_none_and_json_holds_numbers_alone(toc: Toc) -> None:
    words = ("run", "--draws", 60, "--only", "recommended", "--override", "severity*=0")
    code, out, _ = toc(*words, "--json")
    assert code == 0

    def strange(constant: str) -> None:
        raise AssertionError(constant)

    row = json.loads(out, parse_constant=strange)["worldviews"]["base"]
    assert row["relative"] == {"mean": None, "mcse": None}
    assert "nan" not in toc(*words)[1]


def test_an_outcome_that_does_not_move_still_has_every_allocation() -> None:
    held = ["solved", "adopted", "overtaken", "pause_probability", "eventual_deployment", "laggard_adoption"]
    result = toc_package.run("base", draws=50, overrides=[f"do({name})=reference" for name in held])
    assert result.outcome("p_doom").dims == ("draw", "allocation")
    assert result.to_dict()["allocations"]["recommended"]["change"]["mean"] == 0


def test_the_file_opens_in_arviz_and_says_where_it_is_from(tmp_path: Path, toc: Toc) -> None:
    out = tmp_path / "run.nc"
    assert toc("run", "--worldview", "base", "--draws", 200, "--only", "recommended", "--out", out)[0] == 0
    assert [path.name for path in tmp_path.iterdir()] == ["run.nc"]
    with xr.open_datatree(out) as tree:
        assert json.loads(tree.attrs["provenance"])["seed"] == SEED
        assert set(toc_package.STORY.nodes) | set(toc_package.STORY.parameters) == set(tree["prior"].data_vars)
        assert tree["prior"]["p_doom"].dims == ("chain", "draw", "allocation")
        table = az.summary(tree, group="prior", var_names=["p_doom"], round_to="none")
        mean = float(tree["prior"]["p_doom"].sel(allocation="recommended").mean())
        assert float(table.loc["p_doom[recommended]", "mean"]) == pytest.approx(mean)


def test_the_digest_of_a_story_knows_its_laws_and_interventions() -> None:
    story = toc_package.STORY
    assert story_digest(story) == story_digest(replace(story, edits=()))
    assert story_digest(story) != story_digest(toc_package.do(story, "race", 0.5))
    assert story_digest(story) != story_digest(replace(story, modules=story.modules[1:]))


def test_three_lines_of_python() -> None:
    result = toc_package.run("essay", draws=100)
    assert "P(doom) by allocation, worldview 'essay'" in str(result)


@pytest.mark.parametrize(("draws", "seed"), [(1, 1), (10, -1)])
def test_impossible_sizes_are_refused(draws: int, seed: int) -> None:
    with pytest.raises(InputError, match="allowed"):
        toc_package.run(draws=draws, seed=seed)


@pytest.mark.slow
def test_the_main_job_imports_no_pymc_and_shows_no_progress_in_a_pipe() -> None:
    code = (
        "import sys; sys.argv = ['toc', 'run', '--draws', '50']\n"
        "from toc_model.cli import main\n"
        "main()\n"
        "heavy = {'pymc', 'pytensor', 'arviz', 'matplotlib'}\n"
        "assert not heavy.intersection(name.partition('.')[0] for name in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert "recommended" in done.stdout
