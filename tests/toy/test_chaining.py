"""Surveys one after another, in any order, taken out again, and spread over files: the same posterior each time."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from tests.beliefs.kept import crafted, posterior_tree, told, without
from tests.conftest import Toc
from tests.refused import assert_refused
from tests.toy import CASE
from tests.toy.conftest import printed
from tests.toy.neighbours import DRAWS, asked, learnt
from toc_model.beliefs.posterior import load_posterior
from toc_model.beliefs.shipped import Documents
from toc_model.errors import InputError
from toc_model.survey.learning.settings import Common
from toc_model.survey.learning.update import Learned, update

DOCUMENTS = Documents.of(CASE)
VILLAGE = ("--case", "tests.toy:CASE")


@dataclass(frozen=True)
class Sources:
    """Two sources, and what is learnt from each alone, in files."""

    folder: Path
    a: Path
    b: Path
    map_a: Path
    map_b: Path
    only_a: Learned
    only_b: Learned

    def file(self, name: str) -> Path:
        return self.folder / f"{name}.nc"


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    folder = tmp_path_factory.mktemp("sources")
    (a, map_a), (b, map_b) = asked(folder, "hill"), asked(folder, "dale", 1.05)
    only_a, only_b = learnt([a], [map_a]), learnt([b], [map_b])
    only_a.save(folder / "a.nc", accepted=True)
    only_b.save(folder / "b.nc", accepted=True)
    return Sources(folder, a, b, map_a, map_b, only_a, only_b)


def weights(found: Learned) -> np.ndarray:
    return np.asarray(found.posterior.parameters["weight"].values)


def assert_same(one: Learned, other: Learned, tolerance: float) -> None:
    assert_same_posterior(one, other, tolerance)
    assert one.posterior.answers == other.posterior.answers


def assert_same_posterior(one: Learned, other: Learned, tolerance: float) -> None:
    np.testing.assert_allclose(weights(one), weights(other), rtol=0, atol=tolerance)
    mine, theirs = one.found.log_likelihood, other.found.log_likelihood
    assert list(mine) == list(theirs)
    xr.testing.assert_allclose(mine, theirs, rtol=0, atol=tolerance)
    assert [one.source_id for one in one.posterior.evidence] == [one.source_id for one in other.posterior.evidence]
    assert one.posterior.label == other.posterior.label


# Order ------------------------------------------------------------------------------------------------------------


def test_the_order_of_surveys_does_not_matter(sources: Sources) -> None:
    b_after_a = learnt([sources.b], [sources.map_b], sources.file("a"))
    a_after_b = learnt([sources.a], [sources.map_a], sources.file("b"))
    both = learnt([sources.a, sources.b], [sources.map_b, sources.map_a])
    assert_same(b_after_a, both, 1e-9)
    assert_same(a_after_b, both, 1e-9)
    assert both.posterior.label == "almanac + dale + hill"
    assert list(both.found.log_likelihood) == [
        *(f"dale_{name}" for name in ("fenced", "jumping", "plan")),
        *(f"hill_{name}" for name in ("fenced", "jumping", "plan")),
    ]
    assert np.abs(weights(both) - weights(sources.only_a)).max() > 0.1


def test_a_survey_that_is_taken_out_leaves_what_the_others_say(sources: Sources, tmp_path: Path) -> None:
    learnt([sources.b], [sources.map_b], sources.file("a")).save(tmp_path / "ab.nc", accepted=True)
    assert_same(learnt([], (), tmp_path / "ab.nc", without=["hill"]), sources.only_b, 0.0)
    assert_same(learnt([], (), tmp_path / "ab.nc", without=["dale"]), sources.only_a, 0.0)
    in_its_place = learnt([sources.a], [sources.map_a], tmp_path / "ab.nc", without=["hill"])
    assert_same(in_its_place, load_learnt(sources), 1e-9)


def load_learnt(sources: Sources) -> Learned:
    return learnt([sources.a, sources.b], [sources.map_a, sources.map_b])


def test_kept_answers_outlive_their_files(sources: Sources, tmp_path: Path) -> None:
    """Neither the answers nor the mapping are read again."""
    (answers, mapping) = asked(tmp_path, "hill")
    learnt([answers], [mapping]).save(tmp_path / "a.nc", accepted=True)
    answers.unlink()
    mapping.unlink()
    assert_same(learnt([sources.b], [sources.map_b], tmp_path / "a.nc"), load_learnt(sources), 1e-9)


def test_the_same_draws_are_weighed(sources: Sources) -> None:
    """Before and after are paired, and so are an update and one that follows it."""
    both = learnt([sources.b], [sources.map_b], sources.file("a"))
    for found in (both, sources.only_a):
        before, after = found.prior.parameters, found.after.parameters
        assert "weight" not in before.coords
        for name in CASE.story.parameters:
            np.testing.assert_array_equal(before[name], after[name])
            np.testing.assert_array_equal(before[name], sources.only_b.prior.parameters[name])
    np.testing.assert_array_equal(both.before.parameters["weight"], sources.only_a.after.parameters["weight"])
    assert both.before.worldview == sources.only_a.after.worldview, "what was updated is what stands before"


def test_an_update_keeps_how_common_biases_and_draws_were_taken(sources: Sources, tmp_path: Path) -> None:
    wide = Common(2.0, "student")
    learnt([sources.a], [sources.map_a], common=wide).save(tmp_path / "wide.nc", accepted=True)
    found = learnt([sources.b], [sources.map_b], tmp_path / "wide.nc", settings=None)
    assert found.common == wide
    assert (found.settings.draws, found.settings.sampler) == (DRAWS, "weights")
    assert {(one.bias_scale, one.bias_shape) for one in found.posterior.evidence} == {(2.0, "student")}
    assert_same(found, learnt([sources.a, sources.b], [sources.map_a, sources.map_b], common=wide), 1e-9)
    other = learnt([sources.b], [sources.map_b], tmp_path / "wide.nc", common=Common())
    assert_same(other, load_learnt(sources), 1e-9)


GROUP = 'bias_group = "neighbours:fences"\nbias_sd'


def test_sources_that_share_a_bias_are_one_column_in_whatever_order_they_come(sources: Sources, tmp_path: Path) -> None:
    """And how far their biases are one is the same for all, kept ones too."""
    maps = []
    for path in (sources.map_a, sources.map_b):
        maps.append(tmp_path / path.name)
        maps[-1].write_text(path.read_text().replace("bias_sd", GROUP))
    both = learnt([sources.a, sources.b], maps)
    assert list(both.found.log_likelihood) == ["neighbours:fences"]
    for (first, second), place in zip(((sources.a, sources.b), (sources.b, sources.a)), (0, 1), strict=True):
        alone = learnt([first], [maps[place]])
        alone.save(tmp_path / "first.nc", accepted=True)
        assert_same(learnt([second], [maps[1 - place]], tmp_path / "first.nc"), both, 1e-9)
    apart = load_learnt(sources)
    assert np.abs(weights(both) - weights(apart)).max() > 0.1
    maps[0].write_text(maps[0].read_text().replace("bias_group", "bias_rho = 0.5\nbias_group"))
    with pytest.raises(InputError, match=r"bias_rho: found 0\.5 and 0\.8; allowed: one for all its sources"):
        learnt([sources.a], maps, tmp_path / "first.nc")


def test_an_update_keeps_that_answers_of_one_person_share_a_bias(
    sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_a = sources.only_a
    origin = {**only_a.posterior.origin, "shared_bias": True}
    before = replace(only_a.posterior, origin=origin).as_priors
    asked_for: list[bool] = []

    def found(*_: object, shared_bias: bool, **__: object) -> None:
        asked_for.append(shared_bias)
        raise InputError("seen")

    monkeypatch.setattr("toc_model.survey.learning.update.found_posterior", found)
    for priors in (before, only_a.posterior.as_priors):
        with pytest.raises(InputError, match="seen"):
            update(DOCUMENTS, [sources.b], priors, maps=[str(sources.map_b)])
    assert asked_for == [True, False]


# Files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("many", [1, 2, 4, 8])
def test_a_source_in_several_files_is_one_source(sources: Sources, many: int, tmp_path: Path) -> None:
    """To the last bit, whoever's answers a file has."""
    rows = pd.read_csv(sources.a, dtype=str, keep_default_na=False)
    parts = [rows.iloc[place::many] for place in range(many)]
    paths = [tmp_path / f"{place}.csv" for place in range(many)]
    for path, part in zip(paths, parts, strict=True):
        part.to_csv(path, index=False)
    found = learnt(paths[::-1], [sources.map_a])
    assert_same_posterior(found, sources.only_a, 0.0)
    assert [one.digest for one in found.posterior.evidence] == [one.digest for one in sources.only_a.posterior.evidence]


# Copies -----------------------------------------------------------------------------------------------------------


COPIES = {
    "as it is": lambda rows: rows,
    "under another name": lambda rows: rows.assign(source_id="other"),
    "with other people's names": lambda rows: rows.assign(
        source_id="other", respondent_id="x" + rows["respondent_id"].astype(str)
    ),
    "in another order": lambda rows: rows.assign(source_id="other").sample(frac=1, random_state=3),
    "with other notes": lambda rows: rows.assign(source_id="other", raw="?", group=""),
}


@pytest.mark.parametrize("name", COPIES)
def test_a_copy_is_counted_once(name: str, sources: Sources, tmp_path: Path) -> None:
    """Beside the file that it copies, and beside the answers that a posterior keeps."""
    path = tmp_path / "copy.csv"
    rows = COPIES[name](pd.read_csv(sources.a, dtype=str, keep_default_na=False))
    rows.to_csv(path, index=False)
    maps = [sources.map_a, asked(tmp_path, "other")[1]]
    with pytest.raises(InputError, match="found the same answers as in"):
        learnt([sources.a, path], maps)
    with pytest.raises(InputError, match=r"the same source as hill, which was already counted"):
        learnt([path], maps, sources.file("a"))
    learnt([], (), sources.file("a"), without=[])


def test_a_source_that_is_part_of_another_is_counted_once(sources: Sources, tmp_path: Path) -> None:
    path, mapping = asked(tmp_path, "valley", 0.9)
    mapping.write_text(mapping.read_text().replace("derived_from = []", 'derived_from = ["hill"]'))
    with pytest.raises(InputError, match="valley: an overlapping source as hill"):
        learnt([path], [mapping], sources.file("a"))


# Refusals ---------------------------------------------------------------------------------------------------------


def test_what_can_not_be_taken_out_is_told(sources: Sources, tmp_path: Path, toc: Toc) -> None:
    words = (*VILLAGE, "update", "--worldview", sources.file("a"), "--out", tmp_path / "x.nc", "--without")
    assert_refused(toc(*words, "hil"), "without: unknown source 'hil'; did you mean 'hill'?")
    assert_refused(toc(*words, "hill"), "without: found all sources that the posterior rests on")
    of_none = (*VILLAGE, "update", "--out", tmp_path / "x.nc", "--without", "hill")
    assert_refused(toc(*of_none), "surveys: found none")
    assert_refused(toc(*of_none, sources.b, "--map", sources.map_b), "without: ")
    assert_refused(toc(*words[:-1]), "surveys: found none; allowed: one or more files, or --without SOURCE")
    assert not (tmp_path / "x.nc").exists()


def test_answers_of_which_none_counts_are_refused_beside_kept_ones(sources: Sources, tmp_path: Path) -> None:
    path, mapping = asked(tmp_path, "mute")
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    rows.assign(question_id="other_" + rows["question_id"]).to_csv(path, index=False)
    with pytest.raises(InputError, match="found no usable answer"):
        learnt([path], [mapping])
    with pytest.raises(InputError, match="found no usable answer"):
        learnt([path], [mapping], sources.file("a"))


def test_a_file_of_the_first_format_says_what_to_do(tmp_path: Path, toc: Toc) -> None:
    path = crafted(told(posterior_tree(), "update", without("format")), tmp_path / "old.nc")
    fragments = ("a posterior of the first format", "run toc update again on the same files")
    for worldview in (path, f"0.5*{path} + 0.5*farmer"):
        assert_refused(toc(*VILLAGE, "run", "--worldview", worldview), *fragments)
    words = ("update", "--worldview", path, "--without", "a", "--out", tmp_path / "x.nc")
    assert_refused(toc(*VILLAGE, *words), *fragments)


# Runs that are not good -------------------------------------------------------------------------------------------


def test_a_bad_run_is_rested_on_only_if_that_is_accepted(sources: Sources, tmp_path: Path, toc: Toc) -> None:
    path, why = tmp_path / "bad.nc", "effective draws; allowed: 400 or more"
    few = ("--draws", 60, "--sampler", "weights")
    words = (*VILLAGE, "update", sources.a, "--map", sources.map_a, "--out", path, *few)
    code, _, err = toc(*words)
    assert (code, path.exists()) == (2, True)
    assert f"{path}: written, but not a good run: the weights leave " in err
    assert "(--accept-problems rests on it all the same)" in err
    for worldview in (path, f"0.5*{path} + 0.5*farmer"):
        assert_refused(toc(*VILLAGE, "run", "--worldview", worldview, "--draws", 60), "not a good run", why)
    code, _, err = toc(*words, "--accept-problems")
    assert (code, "not a good run, and accepted" in err) == (0, True)
    for worldview in (path, f"0.5*{path} + 0.5*farmer"):
        text = " ".join(printed("run", "--worldview", worldview, "--draws", 60).split())
        assert "whose run was not good (the weights leave" in text
        assert why in text
    found = load_posterior(path, DOCUMENTS)
    assert found.problems == tuple(found.origin["problems"])
