"""A sweep: the figures of other questions, in chunks that can be stopped, lost and taken up."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
import zarr
from hypothesis import given
from hypothesis import strategies as st

import toc_model as toc
import toc_model as toc_package
from tests.conftest import Toc
from tests.refused import assert_refused
from tests.stores import assert_same
from tests.toy import CASE
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.loading import DRAWS, load_beliefs, own_beliefs
from toc_model.beliefs.sets import Sets, in_set
from toc_model.beliefs.shipped import Documents
from toc_model.errors import InputError
from toc_model.questions.curve import curve
from toc_model.questions.run.moves import moves_under
from toc_model.questions.sweep import Grid, Sweep, axis_of, plan, sweep
from toc_model.questions.sweep.summary import together

VILLAGE = ("--case", "tests.toy:CASE")
NAMED = Documents.of(CASE).allocations()
FENCE = axis_of(CASE.story, "fence", "0:12:2")
MANY = 2 * DRAWS + 1000
"""Draws of three sets, the last of them a little smaller."""


@pytest.fixture(scope="module")
def held() -> list[Beliefs]:
    return [load_beliefs(CASE, name, draws=500) for name in ("almanac", "council")]


@pytest.fixture(scope="module")
def swept(held: list[Beliefs], tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    """Several worldviews, mechanisms and sets."""
    path = tmp_path_factory.mktemp("sweep") / "whole.zarr"
    return sweep(held, NAMED, path, axes=(FENCE,), rivals=[["clever"]], draws=MANY)


# Sets of draws ------------------------------------------------------------------------------------------------------


@given(st.integers(2, 5 * DRAWS))
def test_sets_are_all_draws_in_even_parts(draws: int) -> None:
    sets = Sets(draws)
    parts = [sets.of(place) for place in range(sets.many)]
    sizes = [part.stop - part.start for part in parts]
    assert [n for part in parts for n in (part.start, part.stop)] == sorted(n for p in parts for n in (p.start, p.stop))
    assert sum(sizes) == draws
    assert max(sizes) == sets.size <= DRAWS
    assert min(sizes) > sets.size - sets.many
    assert min(sizes) >= 2


@pytest.mark.parametrize("name", ["almanac", "millers", "council"])
def test_a_set_is_what_its_seed_draws(name: str) -> None:
    sets = Sets(MANY)
    some = load_beliefs(CASE, name, draws=10, overrides=["jumped*=0.5", "do(spared)=7"] if name == "almanac" else [])
    last = sets.of(2)
    seed, many = some.seed + 2, last.stop - last.start
    alone = load_beliefs(CASE, name, draws=many, seed=seed, overrides=[one.text for one in some.overrides])
    found = in_set(some, sets, 2)
    xr.testing.assert_identical(found.parameters, alone.parameters)
    assert found.story.edits == alone.story.edits
    xr.testing.assert_identical(found.outcome(NAMED.levers()), alone.outcome(NAMED.levers()))


def test_draws_of_ones_own_are_taken_in_order() -> None:
    drawn = load_beliefs(CASE, draws=MANY).parameters
    own = own_beliefs(drawn, "mine", Documents.of(CASE))
    xr.testing.assert_equal(in_set(own, Sets(MANY), 1).parameters, drawn.isel(draw=Sets(MANY).of(1)))


# Figures ------------------------------------------------------------------------------------------------------------


def test_one_set_has_the_figures_of_a_curve(held: list[Beliefs], tmp_path: Path) -> None:
    found = sweep(held, NAMED.only([]), tmp_path / "s.zarr", axes=(FENCE,))
    other = curve(held, NAMED, lever="fence", values=FENCE.values)
    for place, change in enumerate(other.changes):
        row = found.table.isel(worldview=place, mechanism=0, allocation=slice(1, None))
        np.testing.assert_allclose(row["change"], change.mean("draw"), rtol=1e-12)
        assert tuple(row["fence"].values[row["as_good"].values]) == other.best[place].as_good
    stored = found.dataset()["harvest"]
    assert stored.dims == ("worldview", "mechanism", "draw", "allocation")
    expected = held[1].outcome(Grid(NAMED.only([]), (FENCE,)).levers(slice(0, 8)))
    np.testing.assert_array_equal(stored.isel(worldview=1, mechanism=0), expected)


def test_named_allocations_have_the_figures_of_a_run(held: list[Beliefs], tmp_path: Path) -> None:
    found = sweep(held[:1], NAMED, tmp_path / "s.zarr")
    (move,) = moves_under(held[:1], NAMED, "plan")
    row = found.table.isel(worldview=0, mechanism=0).sel(allocation="plan")
    figures = move.to_dict()
    told = {"mean": "change", "mcse": "change_mcse", "q05": "change_q05", "q95": "change_q95"}
    assert {key: float(row[name]) for key, name in told.items()} == pytest.approx(figures["change"], rel=1e-12)
    assert float(row["share_better"]) == figures["share_better"]


def test_several_sets_are_their_mean_and_the_error_falls(swept: Sweep, held: list[Beliefs]) -> None:
    sets = Sets(MANY)
    levers = NAMED.levers()
    changes = []
    for place in range(sets.many):
        outcome = in_set(held[0], sets, place).outcome(levers)
        changes.append(outcome.sel(allocation="plan") - outcome.sel(allocation="today"))
    row = swept.table.isel(worldview=0, mechanism=0).sel(allocation="plan")
    every = np.concatenate(changes)
    assert float(row["change"]) == pytest.approx(every.mean(), rel=1e-12)
    assert float(row["change_mcse"]) == pytest.approx(every.std(ddof=1) / np.sqrt(MANY), rel=0.02)
    assert float(row["share_better"]) == pytest.approx((every > 0).mean(), rel=1e-12)
    assert float(row["change_q95"]) == pytest.approx(np.quantile(every, 0.95), rel=0.02)


def test_a_rival_is_swept_on_the_same_draws(swept: Sweep) -> None:
    rivalled = load_beliefs(CASE.under(["clever"]), "almanac", draws=Sets(MANY).size)
    expected = rivalled.outcome(NAMED.levers())
    assert list(swept.table["mechanism"].values) == ["as written", "clever"]
    stored = swept.dataset()["harvest"].isel(worldview=0, draw=slice(0, Sets(MANY).size)).sel(mechanism="clever")
    np.testing.assert_array_equal(stored.sel(allocation=list(NAMED.named)), expected)


def test_sets_count_by_their_draws_and_errors_add_as_squares() -> None:
    figures, shares = np.array([[1.0], [4.0]]), np.array([[0.75], [0.25]])
    assert together(figures, shares) == pytest.approx([1.75])
    assert together(np.array([[0.4], [1.2]]), shares, error=True) == pytest.approx([np.hypot(0.3, 0.3)])


def test_weighted_draws_count_by_their_weights(tmp_path: Path) -> None:
    drawn = load_beliefs(CASE, draws=MANY).parameters
    weight = np.random.default_rng(3).uniform(0, 2, MANY)
    own = own_beliefs(drawn.assign_coords(weight=("draw", weight)), "mine", Documents.of(CASE))
    found = sweep([own], NAMED, tmp_path / "s.zarr", draws=MANY)
    expected = np.average(own.outcome(NAMED.levers()).values, axis=0, weights=weight)
    np.testing.assert_allclose(found.table["mean"].isel(worldview=0, mechanism=0), expected, rtol=1e-12)


# Chunks -------------------------------------------------------------------------------------------------------------


def stopping(after: int) -> Callable[[int, int], None]:
    """A callback that stops the work after some tasks, as Ctrl-C does."""

    calls = count(1)

    def progress(done: int, everything: int) -> None:
        assert 0 < done <= everything
        if next(calls) == after:
            raise KeyboardInterrupt

    return progress


@pytest.mark.parametrize("after", [1, 4, 8])
def test_a_sweep_that_was_stopped_goes_on_where_it_was(
    held: list[Beliefs], swept: Sweep, tmp_path: Path, after: int
) -> None:
    out = tmp_path / "s.zarr"

    def again(*, resume: bool = True, after: int = 0) -> Sweep:
        return sweep(
            held,
            NAMED,
            out,
            axes=(FENCE,),
            rivals=[["clever"]],
            draws=MANY,
            resume=resume,
            progress=stopping(after) if after else None,
        )

    with pytest.raises(KeyboardInterrupt):
        again(resume=False, after=after)
    assert not out.exists()
    unfinished = tmp_path / "s.zarr.unfinished"
    chunks = {path: path.stat().st_mtime_ns for path in (unfinished / "harvest" / "c").rglob("*") if path.is_file()}
    assert len(chunks) == 2 * min(after, 6)
    with pytest.raises(InputError, match=r"found a sweep that was stopped; allowed: to go on with it \(--resume\)"):
        again(resume=False)
    with pytest.raises(InputError, match="found another sweep"):
        sweep(held, NAMED, out, axes=(FENCE,), draws=MANY, resume=True)
    again()
    assert not unfinished.exists()
    kept = {out / path.relative_to(unfinished): when for path, when in chunks.items()}
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    assert_same(out, swept.path)


def test_a_chunk_without_its_figures_is_computed_again(held: list[Beliefs], swept: Sweep, tmp_path: Path) -> None:
    out = tmp_path / "s.zarr"
    with pytest.raises(KeyboardInterrupt):
        sweep(held, NAMED, out, axes=(FENCE,), rivals=[["clever"]], draws=MANY, progress=stopping(6))
    unfinished = tmp_path / "s.zarr.unfinished"
    (unfinished / "figures/c/0/1/2/0/0").unlink()
    (unfinished / "harvest/c/0/1/2/0").write_bytes(b"half of it")
    (unfinished / "harvest/c/0/1/2/0.123.partial").write_bytes(b"half of it")
    found = sweep(held, NAMED, out, axes=(FENCE,), rivals=[["clever"]], draws=MANY, resume=True)
    assert_same(out, swept.path)
    assert not list(found.path.rglob("*.partial"))


def test_numbers_do_not_depend_on_how_they_are_cut(
    held: list[Beliefs], swept: Sweep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "POINTS", 4 * Sets(MANY).size)
    monkeypatch.setattr(plan, "FEW", 1)
    found = sweep(held, NAMED, tmp_path / "s.zarr", axes=(FENCE,), rivals=[["clever"]], draws=MANY)
    assert zarr.open_array(found.path / "harvest").chunks == (1, 1, Sets(MANY).size, 4)
    assert_same(found.path, swept.path)


# Files --------------------------------------------------------------------------------------------------------------


def test_a_store_gives_the_sweep_back_and_opens_as_any(swept: Sweep) -> None:
    again = toc.load(swept.path)
    assert isinstance(again, Sweep)
    assert again.to_dict() == swept.to_dict()
    assert str(again) == str(swept)
    opened = xr.open_zarr(swept.path)
    assert list(opened["worldview"].values) == ["almanac", "council"]
    assert opened["seed"].values.tolist() == [1, 2, 3]
    assert opened["harvest"].attrs["unit"] == "tonnes"
    assert not opened["harvest"].isnull().any()


def test_what_else_is_there_is_let_be(held: list[Beliefs], tmp_path: Path) -> None:
    other = tmp_path / "other.zarr"
    other.mkdir()
    (other / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match="found no store of a sweep"):
        sweep(held, NAMED, other)
    assert (other / "mine.txt").read_text() == "mine"
    for bad in ("s.nc", "nowhere/s.zarr"):
        with pytest.raises(InputError, match=r"allowed: '\.zarr'|no such folder"):
            sweep(held, NAMED, tmp_path / bad)
    with pytest.raises(InputError, match="no store of a sweep"):
        toc.load(tmp_path / "none.zarr")
    (tmp_path / "link.zarr").symlink_to(tmp_path / "real.zarr")
    sweep(held[:1], NAMED, tmp_path / "link.zarr", draws=20)
    assert (tmp_path / "link.zarr").is_symlink()
    assert (tmp_path / "real.zarr" / "summary").is_dir()
    read_only = tmp_path / "shut"
    read_only.mkdir(mode=0o555)
    with pytest.raises(InputError, match="its folder is read-only"):
        sweep(held[:1], NAMED, read_only / "s.zarr", draws=20)


def test_what_has_no_room_is_not_begun(held: list[Beliefs], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=3000))
    with pytest.raises(InputError, match=r"needs about .* GB; allowed: 3e-06 GB, which are free"):
        sweep(held, NAMED, tmp_path / "s.zarr")
    assert list(tmp_path.iterdir()) == []


def test_a_finished_store_is_replaced_when_all_is_done(held: list[Beliefs], tmp_path: Path) -> None:
    out = tmp_path / "s.zarr"
    first = sweep(held[:1], NAMED, out, draws=50).table
    with pytest.raises(KeyboardInterrupt):
        sweep(held[:1], NAMED, out, draws=60, progress=stopping(1))
    kept = toc.load(out)
    assert isinstance(kept, Sweep)
    xr.testing.assert_equal(kept.table, first)
    second = sweep(held[:1], NAMED, out, draws=60, resume=True)
    assert second.facts["draws"] == 60
    assert [path.name for path in tmp_path.iterdir()] == ["s.zarr"]


# Guards -------------------------------------------------------------------------------------------------------------


def test_draws_that_can_not_be_made_are_refused(held: list[Beliefs], tmp_path: Path) -> None:
    own = own_beliefs(load_beliefs(CASE, draws=30).parameters, "mine", Documents.of(CASE))
    with pytest.raises(InputError, match="mine: found 30 draws of its own; allowed: 31 or more"):
        sweep([own], NAMED, tmp_path / "s.zarr", draws=31)
    given_draws = held[0].with_({"jumped": np.linspace(0.1, 0.2, 500)}, reason="Mine")
    with pytest.raises(InputError, match="jumped: found draws that were given"):
        sweep([given_draws], NAMED, tmp_path / "s.zarr")
    with pytest.raises(InputError, match="not to be drawn under rivals"):
        sweep([own], NAMED, tmp_path / "s.zarr", rivals=[["clever"]])
    with pytest.raises(InputError, match="a set of them twice"):
        sweep(held, NAMED, tmp_path / "s.zarr", rivals=[["clever"], ["clever"]])
    with pytest.raises(InputError, match="found one twice"):
        sweep([held[0], replace(held[0])], NAMED, tmp_path / "s.zarr")
    with pytest.raises(InputError, match="worldviews: found none"):
        sweep([], NAMED, tmp_path / "s.zarr")
    assert list(tmp_path.iterdir()) == []


# The command --------------------------------------------------------------------------------------------------------


def test_the_command_says_what_was_swept(toc: Toc, tmp_path: Path) -> None:
    asked = (*VILLAGE, "sweep", "--lever", "fence=0:12:3", "--worldviews", "almanac, farmer", "--draws", 300)
    out = tmp_path / "s.zarr"
    code, told, _ = toc(*asked, "--rivals", "each", "--out", out, "--plot", tmp_path / "s.svg")
    assert code == 0
    told = " ".join(told.split())
    assert "6 allocations (5 combinations of the length of the fence) under 2 worldviews and 2 mechanisms" in told
    assert "300 paired draws each, seed 1: 7,200 outcomes, in s.zarr" in told
    assert "Under almanac as of spring 1400 mean harvest is largest at 6.0 km" in told
    assert (tmp_path / "s.svg").stat().st_size > 1000
    figures = json.loads(toc(*asked, "--move", "far=fence:9", "--out", out, "--json")[1])
    assert len(figures["rows"]) == 2 * 7
    assert {row["allocation"] for row in figures["rows"]} >= {"today", "far", "fence:9"}
    assert_refused(toc(*asked, "--out", tmp_path / "s.nc"), "s.nc: found the ending '.nc'; allowed: '.zarr'")
    assert_refused(toc(*asked, "--lever", "fence", "--out", out), "NAME=FROM:TO:STEP")
    assert_refused(toc(*asked, "--rivals", "clver", "--out", out), "did you mean 'clever'")
    assert_refused(toc(*asked, "--worldviews", ",", "--out", out), "--worldviews: found ','; allowed: one or more")
    assert_refused(toc(*asked, "--draws", "1", "--out", out), "draws: found 1; allowed: 2 or more")


def test_python_takes_names_texts_and_numbers(tmp_path: Path) -> None:
    found = toc.sweep(
        ["almanac", "farmer"], out=tmp_path / "s.zarr", lever={"fence": [2, 4]}, rivals=["clever"], draws=40, case=CASE
    )
    assert dict(found.table.sizes) == {"worldview": 2, "mechanism": 2, "allocation": 3}
    assert list(found.to_dataframe().index.names) == ["worldview", "mechanism", "allocation"]
    assert "3 allocations, 2 worldviews, 2 mechanisms, 40 draws, 's.zarr'" in repr(found)
    alone = toc.sweep(load_beliefs(CASE, draws=70), {"more": "fence:5"}, out=tmp_path / "t.zarr")
    assert alone.facts["draws"] == 70
    with pytest.raises(InputError, match="found 0 variables that move"):
        alone.plot()


def test_worldviews_that_a_folder_lacks_are_left_out(toc: Toc, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(CASE.documents, folder)
    (folder / "worldviews" / "forester.toml").unlink()
    names = [name for name in CASE.worldviews if name != "forester"]
    asked = (*VILLAGE, "sweep", "--priors", folder, "--draws", 20, "--out", tmp_path / "s.zarr", "--json")
    assert list(dict.fromkeys(row["worldview"] for row in json.loads(toc(*asked)[1])["rows"])) == names
    found = toc_package.sweep(out=tmp_path / "t.zarr", priors=folder, draws=20, case=CASE)
    assert list(found.table["worldview"].values) == names
