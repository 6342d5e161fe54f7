"""Provenance names what was read and done: mixtures, posteriors, draws and documents of one's own."""

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

import toc_model as toc_package
from tests.beliefs.kept import VILLAGE, crafted, posterior_tree
from tests.conftest import Toc
from tests.refused import assert_refused
from tests.shipped import DOCUMENTS, STORY, load_beliefs
from tests.toy import CASE
from toc_model.beliefs.loading import load_beliefs as load_any_beliefs
from toc_model.beliefs.loading import own_beliefs
from toc_model.beliefs.mixture import weights_of
from toc_model.errors import InputError
from toc_model.questions.run import run

NAMES = ("almanac", "farmer", "forester", "millers")


# Mixtures ---------------------------------------------------------------------------------------------------------


@settings(max_examples=10)
@given(st.lists(st.sampled_from(NAMES), min_size=2, unique=True), st.randoms(use_true_random=False))
def test_the_order_of_a_mixture_does_not_matter(names: list[str], chance: object) -> None:
    parts = [f"{1 / len(names)!r}*{name}" for name in names]
    shuffled = list(parts)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = (load_any_beliefs(CASE, " + ".join(some), draws=12) for some in (parts, shuffled))
    xr.testing.assert_identical(one.parameters, other.parameters)
    assert one.provenance() == other.provenance()
    assert one.rests_on() == other.rests_on()
    assert one.worldview == other.worldview


def test_weights_are_kept_to_the_last_digit() -> None:
    found = load_beliefs("0.333333333*base + 0.666666667*critic", draws=10)
    assert found.worldview == "33.3 % base + 66.7 % critic"
    assert found.provenance()["weights"] == {"base": 0.333333333, "critic": 0.666666667}
    assert "weights" not in load_beliefs("base", draws=10).provenance()
    one, other = (
        weights_of(text, DOCUMENTS.weights) for text in ("0.4*panel+0.6*ml_authors", "0.6*ml_authors+0.4*panel")
    )
    assert one == other


def test_files_of_one_name_are_told_apart_in_a_mixture(tmp_path: Path) -> None:
    for place in ("a", "b"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "mine.toml").write_text('description = "Mine."\n', encoding="utf-8")
    one, other = tmp_path / "a" / "mine.toml", tmp_path / "b" / "mine.toml"
    mixed = load_beliefs(f"0.5*{one} + 0.5*{other}", draws=10)
    assert set(mixed.weights) == {str(one), str(other)}
    with pytest.raises(InputError, match="twice in a mixture"):
        load_beliefs(f"0.5*{one} + 0.5*{tmp_path / 'a' / '..' / 'a' / 'mine.toml'}", draws=10)


def test_a_mixture_of_a_worldview_that_rests_on_a_survey_is_no_posterior(tmp_path: Path) -> None:
    path = tmp_path / "learnt.toml"
    path.write_text('description = "D."\n[[evidence]]\nsource_id = "s"\ndigest = "1"\n', encoding="utf-8")
    mixed = load_beliefs(f"0.5*{path} + 0.5*base", draws=10)
    assert not mixed.is_posterior
    assert [record["source_id"] for record in mixed.provenance()["evidence"]] == ["s"]


# Names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["base", "essay", "panel", "Base", "neutral"])
def test_ones_own_document_is_not_called_as_one_that_ships(
    name: str, tmp_path: Path, toc: Toc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    phrase = DOCUMENTS.priors("essay").phrase
    Path(f"{name}.toml").write_text(f'description = "D."\nphrase = {json.dumps(phrase)}\n', encoding="utf-8")
    words = ["run", "--draws", 20, "--worldview", f"{name}.toml"]
    found = json.loads(toc(*words, "--json")[1])
    assert found["worldview"] == found["provenance"]["worldview"] == f"{name}.toml"
    assert f"'{name}.toml'" in found["rests_on"]
    assert str(tmp_path / f"{name}.toml") in found["provenance"]["priors"]
    text = " ".join(toc(*words)[1].split())
    assert f"Under the worldview '{name}.toml'" in text
    assert phrase not in text
    both = json.loads(toc("compare", *words[1:], "--also", "base", "--json")[1])
    assert list(both["worldviews"]) == [f"{name}.toml", "base"]
    assert load_beliefs(f"{name}.toml", draws=4).kind == "patch"


def test_ones_own_mixture_is_not_called_as_one_that_ships(tmp_path: Path) -> None:
    path = tmp_path / "panel.toml"
    path.write_text('description = "D."\n[parts]\nbase = 1\ncritic = 1\n', encoding="utf-8")
    assert load_beliefs(str(path), draws=4).worldview == str(path)


def test_another_name_is_the_files_own_and_a_path_into_the_folder_is_no_stranger(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('description = "D."\nphrase = "my beliefs"\n', encoding="utf-8")
    own = load_beliefs(str(path), draws=4)
    assert (own.worldview, own.phrase) == ("mine", "my beliefs")
    shipped = load_beliefs(str(DOCUMENTS.folder / "worldviews" / "essay.toml"), draws=4)
    assert (shipped.worldview, shipped.phrase) == ("essay", DOCUMENTS.priors("essay").phrase)


def test_ones_own_document_does_not_hide_a_chapter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("labs.toml").write_text('description = "D."\n', encoding="utf-8")
    digests = load_beliefs("labs.toml", draws=4).provenance()["priors"]
    assert {"labs.toml", str(tmp_path / "labs.toml")} <= set(digests)
    assert digests["labs.toml"] == load_beliefs("base", draws=4).provenance()["priors"]["labs.toml"]


def test_draws_of_ones_own_are_named_and_digested() -> None:
    drawn = DOCUMENTS.priors().draw(STORY, 5, 1)
    with pytest.raises(InputError, match="'base', which is a worldview's name"):
        own_beliefs(drawn, "base", DOCUMENTS)
    one, other = own_beliefs(drawn, "mine", DOCUMENTS), own_beliefs(drawn + 0.0, "mine", DOCUMENTS)
    moved = own_beliefs(drawn.assign(severity=drawn["severity"] / 2), "mine", DOCUMENTS)
    assert one.provenance() == other.provenance()
    assert one.provenance()["own_draws"] != moved.provenance()["own_draws"]
    assert "seed" not in one.provenance()


# Posteriors -------------------------------------------------------------------------------------------------------


def test_a_posterior_names_its_file_and_its_sampler_and_no_seed_that_did_nothing(tmp_path: Path, toc: Toc) -> None:
    path = crafted(posterior_tree(), tmp_path / "posterior.nc")
    words = ["--case", "tests.toy:CASE", "run", "--worldview", path]
    one, other = (json.loads(toc(*words, "--seed", seed, "--json")[1]) for seed in (1, 2))
    assert one == other
    about = one["provenance"]
    assert "seed" not in one
    assert "seed" not in about
    assert about["posterior"]["sampling"] == {
        "draws": 60,
        "tune": 10,
        "chains": 2,
        "sampler": "nuts",
        "seed": 7,
        "target_accept": 0.9,
        "progress": False,
    }
    assert len(about["posterior"]["sha256"]) == 64
    assert set(about["posterior"]["mappings"]) == {"neighbours.toml"}
    text = toc(*words)[1]
    assert "60 paired draws of the posterior" in " ".join(text.split())
    assert "seed" not in text


def test_a_run_on_a_posterior_says_the_same_when_it_comes_back(tmp_path: Path) -> None:
    path = crafted(posterior_tree(), tmp_path / "posterior.nc")
    beliefs = load_any_beliefs(CASE, str(path))
    run(beliefs, VILLAGE.allocations()).save(tmp_path / "run.nc")
    again = toc_package.load(tmp_path / "run.nc")
    assert isinstance(again, toc_package.Run)
    assert again.provenance() == run(beliefs, VILLAGE.allocations()).provenance()
    np.testing.assert_array_equal(again.parameters["toil"], beliefs.parameters["toil"])


# Cells ------------------------------------------------------------------------------------------------------------


def test_a_cell_of_answers_chooses_no_file(tmp_path: Path, toc: Toc) -> None:
    """A source that is called as a path is one without a mapping document, even where there is a file."""
    folder = CASE.documents / "surveys"
    mapping = (folder / "neighbours.toml").read_text(encoding="utf-8")
    (tmp_path / "evil.toml").write_text(mapping.replace('"neighbours"', json.dumps(str(tmp_path / "evil.toml"))))
    village, rows = ("--case", "tests.toy:CASE"), tmp_path / "answers.csv"
    raw = Path(__file__).parents[1] / "toy" / "answers.csv"
    assert toc(*village, "survey", "import", "neighbours", raw, "--out", rows)[0] == 0
    answers = rows.read_text(encoding="utf-8")
    for source in (str(tmp_path / "evil.toml"), "../surveys/neighbours", "neighbours.toml", "/dev/stdin.toml"):
        rows.write_text(answers.replace("neighbours", source), encoding="utf-8")
        result = toc(*village, "update", rows, "--out", tmp_path / "posterior.nc")
        assert_refused(result, "unknown mapping", source)
