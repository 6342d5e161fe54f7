"""A posterior in a worldview's place: run, compared, mixed, copied, saved and asked again."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import toc_model as toc_package
from tests.conftest import Toc
from tests.refused import assert_refused
from tests.toy import CASE
from tests.toy.conftest import printed
from tests.toy.neighbours import DRAWS, asked, learnt
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.exporting import CORRELATED, PLACES, latent_scores
from toc_model.beliefs.latents import loadings_on
from toc_model.beliefs.loading import load_beliefs
from toc_model.beliefs.priors import Priors
from toc_model.beliefs.shipped import Documents
from toc_model.errors import InputError
from toc_model.questions.run import run
from toc_model.questions.saved import load
from toc_model.questions.sensitivity import sensitivity
from toc_model.questions.sweep import sweep
from toc_model.statistics.averages import mean_of, weights_of
from toc_model.survey.learning.settings import Settings

VILLAGE = ("--case", "tests.toy:CASE")
DOCUMENTS = Documents.of(CASE)


@pytest.fixture(scope="module")
def posterior(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The almanac's, on what the hill says."""
    folder = tmp_path_factory.mktemp("learnt")
    answers, mapping = asked(folder, "hill")
    learnt([answers], [mapping]).save(folder / "posterior.nc", accepted=True)
    return folder / "posterior.nc"


@pytest.fixture(scope="module")
def held(posterior: Path) -> Beliefs:
    return load_beliefs(CASE, str(posterior))


def mean_harvest(beliefs: Beliefs) -> float:
    outcome = beliefs.outcome(DOCUMENTS.allocations().levers()).sel(allocation="plan")
    return float(mean_of(outcome.values, weights_of(beliefs.parameters)))


# Run and compared -------------------------------------------------------------------------------------------------


def test_a_posterior_is_run_as_it_is(posterior: Path, held: Beliefs) -> None:
    """Whatever draws and seed are asked for: it has its own."""
    found = json.loads(printed("run", "--worldview", posterior, "--draws", 10, "--seed", 5, "--json"))
    assert found["worldview"] == "almanac + hill"
    assert found["draws"] == DRAWS
    assert 50 < found["effective_draws"] < DRAWS
    assert found["allocations"]["plan"]["harvest"]["mean"] == pytest.approx(mean_harvest(held))
    about = found["provenance"]
    assert [record["source_id"] for record in about["evidence"]] == ["hill"]
    assert about["posterior"]["method"] == "weights"
    assert about["priors"][str(posterior)] == about["posterior"]["sha256"]


def test_a_posterior_is_compared_with_others(posterior: Path, held: Beliefs) -> None:
    first = json.loads(printed("compare", "--worldview", posterior, "--also", "farmer", "--draws", 200, "--json"))
    last = json.loads(printed("compare", "--worldview", "farmer", "--also", posterior, "--draws", 200, "--json"))
    assert list(first["worldviews"]) == ["almanac + hill", "farmer"]
    assert list(last["worldviews"]) == ["farmer", "almanac + hill"]
    assert first["worldviews"]["almanac + hill"] == last["worldviews"]["almanac + hill"]
    plan = first["worldviews"]["almanac + hill"]["plan"]
    assert plan["harvest"] == pytest.approx(mean_harvest(held))


# Mixed ------------------------------------------------------------------------------------------------------------


def test_parts_of_a_mixture_count_as_much_as_their_weights(posterior: Path, held: Beliefs) -> None:
    """And within the posterior's part draws count as its weights say."""
    mixed = load_beliefs(CASE, f"0.3*{posterior} + 0.7*farmer", draws=DRAWS)
    weights, whose = mixed.parameters["weight"].values, mixed.parameters["worldview"].values
    ours = whose == "almanac + hill"
    assert ours.mean() == pytest.approx(0.3)
    assert weights[ours].sum() / weights.sum() == pytest.approx(0.3)
    assert (weights[~ours] == 1).all()
    own = held.parameters["weight"].values[ours]
    np.testing.assert_allclose(weights[ours] / weights[ours].sum(), own / own.sum())
    for name in CASE.story.parameters:
        np.testing.assert_array_equal(
            mixed.parameters[name].values[ours], held.parameters[name].transpose("draw", ...).values[ours]
        )
    alone = load_beliefs(CASE, "farmer", draws=DRAWS)
    expected = 0.3 * mean_harvest(held) + 0.7 * mean_harvest(alone)
    assert mean_harvest(mixed) == pytest.approx(expected, abs=0.4)
    assert mixed.worldview == "30 % almanac + hill + 70 % farmer"
    assert "those of 'almanac + hill' are those of the posterior, given the answers" in mixed.rests_on()
    assert [record["source_id"] for record in mixed.provenance()["evidence"]] == ["hill"]


def test_a_document_mixes_a_posterior_as_words_do(posterior: Path, tmp_path: Path) -> None:
    path = tmp_path / "both.toml"
    path.write_text(f'description = "D."\n[parts]\n{json.dumps(str(posterior))} = 1\nfarmer = 3\n', encoding="utf-8")
    told = load_beliefs(CASE, str(path), draws=100)
    said = load_beliefs(CASE, f"0.25*{posterior} + 0.75*farmer", draws=100)
    xr.testing.assert_identical(told.parameters, said.parameters)
    assert told.weights == {"almanac + hill": 0.25, "farmer": 0.75}
    assert told.mixture is not None


def test_a_mixture_has_no_more_draws_than_its_posterior(posterior: Path, toc: Toc) -> None:
    words = (*VILLAGE, "run", "--worldview", f"0.5*{posterior} + 0.5*farmer", "--draws")
    assert toc(*words, DRAWS)[0] == 0
    assert_refused(toc(*words, DRAWS + 1), f"{posterior}: found {DRAWS} draws; allowed: {DRAWS + 1} or more")


def test_a_posterior_and_its_worldview_and_its_copy_are_told_apart(posterior: Path, tmp_path: Path) -> None:
    with_prior = load_beliefs(CASE, f"0.5*{posterior} + 0.5*almanac", draws=50)
    assert set(with_prior.weights) == {"almanac + hill", "almanac"}
    copy = tmp_path / "copy.nc"
    shutil.copy(posterior, copy)
    with_copy = load_beliefs(CASE, f"0.5*{posterior} + 0.5*{copy}", draws=50)
    assert set(with_copy.weights) == {str(posterior), str(copy)}
    with pytest.raises(InputError, match="twice in"):
        load_beliefs(CASE, f"0.5*{posterior} + 0.5*{posterior}", draws=50)


# Beside what it was not learnt with -------------------------------------------------------------------------------


def test_what_a_posterior_was_not_learnt_with_is_refused(posterior: Path, tmp_path: Path, toc: Toc) -> None:
    shutil.copytree(CASE.documents, tmp_path / "own")
    shutil.copytree(CASE.documents, tmp_path / "other")
    grain = tmp_path / "other" / "grain.toml"
    grain.write_text(grain.read_text() + "# changed\n")
    for worldview in (posterior, f"0.5*{posterior} + 0.5*farmer"):
        words = (*VILLAGE, "run", "--draws", 50, "--worldview", worldview)
        assert_refused(toc(*words, "--set", "toil=0.1"), "sets: found toil=0.1 beside", "learnt with none")
        assert_refused(toc(*words, "--as-of", "autumn"), "a posterior as of spring; found beliefs as of autumn")
        assert toc(*words, "--priors", tmp_path / "own")[0] == 0, "documents may be moved"
        assert_refused(toc(*words, "--priors", tmp_path / "other"), "have changed since; allowed: those that it was")
        assert_refused(toc(*words, "--rival", "clever"), "a posterior of another version of the story")
        assert toc(*words, "--as-of", "spring")[0] == 0
    assert_refused(toc(*VILLAGE, "run", "--posterior", posterior), f"allowed: --worldview {posterior}")
    update = (*VILLAGE, "update", "--worldview", posterior, "--without", "hill", "--out", tmp_path / "x.nc")
    assert_refused(toc(*update, "--set", "toil=0.1"), "sets: found toil=0.1 beside")
    with pytest.raises(InputError, match="it is a worldview by now"):
        toc_package.beliefs(posterior=posterior, case=CASE)  # type: ignore[call-arg]


def test_numbers_that_a_posterior_was_learnt_with_come_with_it(tmp_path: Path, toc: Toc) -> None:
    answers, mapping = asked(tmp_path, "hill")
    found = load_beliefs(CASE, "almanac", sets=["toil=0.1"])
    quick = Settings(draws=200, sampler="weights")
    toc_package.update(answers, found, maps=[str(mapping)], settings=quick).save(tmp_path / "p.nc", accepted=True)
    again = load_beliefs(CASE, str(tmp_path / "p.nc"))
    assert again.documents.sets == ("toil=0.1",)
    assert (again.parameters["toil"] == 0.1).all()
    words = (*VILLAGE, "run", "--worldview", tmp_path / "p.nc")
    assert "toil as" in " ".join(toc(*words)[1].split())
    assert toc(*words, "--set", "toil=0.1")[0] == 0
    assert_refused(toc(*words, "--set", "toil=0.2"), "which was learnt with toil=0.1")


def test_a_posterior_on_a_folder_of_ones_own_is_found_from_anywhere(
    tmp_path: Path, toc: Toc, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(CASE.documents, tmp_path / "own")
    answers, mapping = asked(tmp_path, "hill")
    documents = Documents.of(CASE, tmp_path / "own")
    learnt([answers], [mapping], documents=documents).save(tmp_path / "p.nc", accepted=True)
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    for worldview in ("../p.nc", "0.5*../p.nc + 0.5*farmer"):
        found = load_beliefs(CASE, worldview, draws=50)
        assert found.documents.folder == (tmp_path / "own").resolve()
    grain = tmp_path / "own" / "grain.toml"
    grain.write_text(grain.read_text() + "# changed\n")
    assert_refused(toc(*VILLAGE, "run", "--worldview", "../p.nc"), "have changed since; allowed: those that it was")


def test_a_plus_in_a_file_s_name_is_no_sum(posterior: Path, held: Beliefs, tmp_path: Path) -> None:
    path = tmp_path / "hill+more.nc"
    shutil.copy(posterior, path)
    xr.testing.assert_identical(load_beliefs(CASE, str(path)).parameters, held.parameters)


# Copied -----------------------------------------------------------------------------------------------------------


def test_a_copy_has_weighted_margins_and_correlations_and_its_loss_is_told(
    posterior: Path, held: Beliefs, tmp_path: Path, toc: Toc
) -> None:
    path = tmp_path / "copy.toml"
    code, text, _ = toc(*VILLAGE, "worldviews", "from-posterior", posterior, "--out", path)
    assert code == 0
    text = " ".join(text.split())
    assert "its figures beside those of the posterior" in text
    copied, priors = DOCUMENTS.priors(str(path)), DOCUMENTS.priors("almanac")
    shares = held.parameters["weight"].values / held.parameters["weight"].values.sum()
    scores = latent_scores(CASE.story, priors, held.parameters)
    for entry in ("jumped", "sown_before"):
        z = scores[entry]
        middle = float((shares * z).sum())
        spread = float(np.sqrt((shares * (z - middle) ** 2).sum()))
        expected = [priors[entry].distribution.from_latent(middle + place * spread) for place in PLACES.values()]
        quantiles = copied[entry].quantiles
        np.testing.assert_allclose(list(quantiles.values()), expected, rtol=1e-6)
    assert_correlations(copied, scores, shares)
    found = run(load_beliefs(CASE, str(path), draws=DRAWS), DOCUMENTS.allocations()).to_dict()["allocations"]["plan"]
    assert f"{found['harvest']['mean']:.2f}" in text
    assert f"{mean_harvest(held):.2f}" in text


def assert_correlations(copied: Priors, scores: dict[str, np.ndarray], shares: np.ndarray) -> None:
    names = [name for name in scores if copied[name].reason and not loadings_on(copied.factors, name)]
    z = np.stack([scores[name] for name in names])
    apart = z - (z @ shares)[:, None]
    covariance = (apart * shares) @ apart.T
    sds = np.sqrt(np.diag(covariance))
    expected = covariance / np.outer(sds, sds)
    found = {frozenset(one.between): one.value for one in copied.correlations}
    assert found
    for place, one in enumerate(names):
        for other in range(place):
            value = expected[place, other]
            if abs(value) > CORRELATED:
                assert found[frozenset((one, names[other]))] == pytest.approx(value, abs=6e-4)
            else:
                assert frozenset((one, names[other])) not in found


# Saved ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["{}", "0.5*{} + 0.5*farmer"])
def test_a_run_on_a_posterior_comes_back_and_is_the_same_once_more(
    how: str, posterior: Path, tmp_path: Path, toc: Toc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(posterior.parent)
    worldview, kept = how.format(posterior.name), tmp_path / "kept.json"
    words = (*VILLAGE, "run", "--worldview", worldview, "--draws", 100, "--override", "toil*=2")
    code, text, _ = toc(*words, "--out", tmp_path / "run.nc", "--save", kept, "--json")
    assert code == 0
    monkeypatch.chdir(tmp_path)
    again = load(tmp_path / "run.nc")
    assert isinstance(again, toc_package.Run)
    assert again.to_dict() == json.loads(text)
    assert "weight" in again.parameters.coords
    for path in (tmp_path / "run.nc", kept):
        code, told, err = toc(*VILLAGE, "rerun", path, "--json")
        found = json.loads(told)
        assert (code, err, found["identical"], found["inputs"]) == (0, "", True, [])


def test_power_scaling_weighs_the_draws(held: Beliefs) -> None:
    """Each group of answers is scaled; without the weights, these would be other draws."""
    found, other = (
        sensitivity(one, DOCUMENTS.allocations(), method="power-scaling").more
        for one in (held, replace(held, parameters=held.parameters.drop_vars("weight")))
    )
    assert set(found["likelihood"]) == {"(all)", *(f"hill_{name}" for name in ("jumping", "plan", "fenced"))}
    for name, row in found["likelihood"].items():
        (values, others) = (list(one["sensitivity"].values()) for one in (row, other["likelihood"][name]))
        assert min(values) > 0
        assert values != pytest.approx(others, rel=0.05)
    assert set(found["diagnosis"]) == set(found["by_chance"]["likelihood"])


def test_small_surveys_take_no_sampler(posterior: Path, tmp_path: Path) -> None:
    words = ["--case", "tests.toy:CASE", "update", "--worldview", str(posterior), str(posterior.parent / "dale.csv")]
    asked(posterior.parent, "dale", 1.05)
    words += ["--map", str(posterior.parent / "dale.toml"), "--out", str(tmp_path / "p.nc"), "--accept-problems"]
    program = (
        f"import sys; sys.argv = ['toc', *{words!r}]\n"
        "from toc_model.cli import main\n"
        "try:\n    main()\nexcept SystemExit as stop:\n    assert not stop.code, stop.code\n"
        "heavy = {'pymc', 'pytensor', 'nutpie', 'arviz'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    assert (tmp_path / "p.nc").exists()


def test_given_draws_are_neither_drawn_anew_nor_under_rivals(posterior: Path, held: Beliefs, tmp_path: Path) -> None:
    named = held.documents.allocations()
    mixed = load_beliefs(CASE, f"0.5*almanac + 0.5*{posterior}", draws=100)
    for beliefs in (held, mixed):
        with pytest.raises(InputError, match="not to be drawn under rivals"):
            sweep([beliefs], named, tmp_path / "s.zarr", rivals=[["clever"]])
    with pytest.raises(InputError, match="in a mixture, whose draws are given; allowed: 4,000 draws or fewer"):
        sweep([mixed], named, tmp_path / "s.zarr", draws=4001)
    found = sweep([held, mixed], named, tmp_path / "s.zarr", draws=100).table.isel(mechanism=0)
    for place, beliefs in enumerate((held, mixed)):
        some = beliefs.outcome(named.levers()).isel(draw=slice(0, 100))
        expected = np.average(some, axis=0, weights=some["weight"])
        np.testing.assert_allclose(found["mean"].isel(worldview=place), expected, rtol=1e-12)
