"""The main job, from Python and from the command line."""

import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import arviz as az
import pytest
import xarray as xr

import toc_model as toc_package
from tests.conftest import Golden, Toc
from tests.shipped import DOCUMENTS, load_allocations
from toc_model.beliefs.loading import SEED
from toc_model.beliefs.provenance import story_digest
from toc_model.errors import InputError


def rounded(value: object) -> object:
    if isinstance(value, dict):
        return {key: rounded(part) for key, part in value.items()}
    return float(f"{value:.9g}") if isinstance(value, float) else value


@pytest.mark.parametrize("worldview", DOCUMENTS.worldviews())
def test_the_headline_is_golden(worldview: str, golden: Golden) -> None:
    figures = toc_package.run(worldview).to_dict()
    del figures["provenance"]
    golden(f"run_{worldview}.json", json.dumps(rounded(figures), indent=1) + "\n")


def test_json_has_the_promised_shape_and_adds_up(toc: Toc) -> None:
    code, out, err = toc("run", "--worldview", "essay", "--draws", 300, "--seed", 4, "--json")
    figures = json.loads(out)
    assert (code, err) == (0, "")
    assert (figures["worldview"], figures["draws"], figures["seed"]) == ("essay", 300, 4)
    assert list(figures["allocations"]) == list(load_allocations().named)
    for row in figures["allocations"].values():
        assert row["p_doom"]["q05"] < row["p_doom"]["mean"] < row["p_doom"]["q95"]
        assert sum(row["parts"].values()) == pytest.approx(row["p_doom"]["mean"], abs=1e-12)
        assert 0 <= row["share_better"] <= 1
    quo, moved = figures["allocations"]["status_quo"], figures["allocations"]["recommended"]
    assert quo["change"] == {"mean": 0, "q05": 0, "q95": 0, "mcse": 0}
    assert moved["change"]["mean"] == pytest.approx(moved["p_doom"]["mean"] - quo["p_doom"]["mean"])
    assert set(figures["provenance"]) >= {"versions", "story", "priors", "allocations", "seed"}


def test_changes_are_paired() -> None:
    """The interval of the paired change is far narrower than that of unpaired draws would be."""
    result = toc_package.run(draws=1000)
    doom = result.outcome("p_doom").sel(allocation=["status_quo", "recommended"])
    paired = (doom[:, 1] - doom[:, 0]).std()
    unpaired = (doom[:, 1] - doom[::-1, 0].values).std()
    assert float(paired) < float(unpaired) / 4


def test_a_run_can_be_repeated_and_the_seed_matters(toc: Toc) -> None:
    first, again, other = (toc("run", "--draws", 50, "--seed", seed, "--json")[1] for seed in (1, 1, 2))
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
    assert list(figures["allocations"]) == ["status_quo", "all_in"]
    assert figures["allocations"]["status_quo"]["p_doom"]["mean"] < 0.05
    assert "'mine'" in figures["rests_on"]
    assert "1 of them moved" in figures["rests_on"]


def test_a_folder_of_priors_of_ones_own(tmp_path: Path, toc: Toc) -> None:
    folder = tmp_path / "priors"
    assert toc("priors", "copy", folder)[0] == 0
    path = folder / "deployment.toml"
    path.write_text(
        path.read_text().replace("q05 = 0.68, q50 = 0.85, q95 = 0.94", "q05 = 0.01, q50 = 0.02, q95 = 0.04")
    )
    usual, changed = (json.loads(toc("run", "--draws", 50, "--json", *more)[1]) for more in ([], ["--priors", folder]))
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
    code, out, _ = toc("run", "--worldview", "outside", "--draws", 100, "--only", "recommended")
    assert code == 0
    assert "worldview 'outside' (100 paired draws, seed 1)" in out
    assert "not that the beliefs are right" in " ".join(out.split())
    assert "technical_only" not in out
    row = next(line for line in out.splitlines() if "recommended" in line)
    assert row.count("[") == 2
    assert "%" in row


def test_overrides_reach_the_figures_and_the_sentence(toc: Toc) -> None:
    figures = json.loads(toc("run", "--draws", 100, "--override", "severity=0", "--json")[1])
    assert figures["overrides"] == ["severity=0"]
    assert figures["allocations"]["recommended"]["p_doom"] == {"mean": 0, "q05": 0, "q95": 0, "mcse": 0}
    assert "with severity=0" in figures["rests_on"]


def test_an_outcome_that_is_pinned_still_has_every_allocation() -> None:
    result = toc_package.run(draws=50, overrides=["do(p_doom)=status_quo"])
    assert result.outcome("p_doom").dims == ("draw", "allocation")
    assert result.to_dict()["allocations"]["recommended"]["change"]["mean"] == 0


def test_the_file_opens_in_arviz_and_says_where_it_is_from(tmp_path: Path, toc: Toc) -> None:
    out = tmp_path / "run.nc"
    assert toc("run", "--draws", 200, "--only", "recommended", "--out", out)[0] == 0
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


@pytest.mark.slow
def test_it_works_from_an_installed_copy(tmp_path: Path) -> None:
    """The wheel carries the documents; nothing is read from the checkout."""
    root = Path(__file__).parents[2]
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=root, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    templates = site / "toc_model" / "present" / "templates"
    carried = ["fragment.css", "fragment.html", "page.css", "page.html", "page.md", "section.html", "sort.js"]
    assert sorted(path.name for path in templates.iterdir()) == carried
    code = (
        f"import sys; sys.path.insert(0, {str(site)!r})\n"
        "import toc_model; result = toc_model.run('essay', draws=50)\n"
        f"assert toc_model.__file__.startswith({str(site)!r})\n"
        f"assert result.beliefs.priors.source.startswith({str(site)!r})\n"
        "print(float(result.outcome('p_doom').mean()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert 0.4 < float(done.stdout) < 0.8
