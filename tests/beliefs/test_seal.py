"""Posteriors and saved runs that are damaged or crafted: the same figures, or one line."""

import importlib
import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from tests.beliefs.kept import (
    about_update,
    at,
    crafted,
    opened,
    posterior_tree,
    run_tree,
    told,
    weighted_tree,
    with_group,
    without,
)
from tests.conftest import Toc
from tests.refused import assert_refused
from tests.toy import CASE
from toc_model.beliefs import seal
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.loading import load_beliefs
from toc_model.beliefs.posterior import load_posterior
from toc_model.beliefs.seal import digest_of
from toc_model.beliefs.shipped import Documents
from toc_model.documents import table_of
from toc_model.errors import InputError
from toc_model.questions.run import Run
from toc_model.questions.saved import load

type Change = Callable[[xr.DataTree], xr.DataTree]


@pytest.fixture(scope="module")
def posterior(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return crafted(posterior_tree(), tmp_path_factory.mktemp("whole") / "posterior.nc")


@pytest.fixture(scope="module")
def weighted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return crafted(weighted_tree(), tmp_path_factory.mktemp("whole") / "weighted.nc")


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return crafted(run_tree(), tmp_path_factory.mktemp("whole") / "run.nc")


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as found:
        load(path)
    message = str(found.value)
    assert "\n" not in message
    return message


def same_or_refused(path: Path, whole: Path) -> None:
    try:
        found = load(path)
    except InputError as error:
        assert "\n" not in str(error)  # noqa: PT017
        return
    expected = load(whole)
    assert isinstance(found, Beliefs | Run)
    assert isinstance(expected, Beliefs | Run)
    xr.testing.assert_identical(found.parameters, expected.parameters)


def test_what_is_whole_comes_back(posterior: Path, saved: Path) -> None:
    found = load_posterior(posterior, Documents.of(CASE))
    assert found.origin["sampling"]["seed"] == 7
    assert found.origin["sha256"]
    assert isinstance(load(posterior), Beliefs)
    again = load(saved)
    assert isinstance(again, Run)
    assert again.beliefs.weights == {"almanac": 0.25, "forester": 0.75}
    for path in (posterior, saved):
        assert digest_of(opened(path)) == opened(path).attrs["checksum"]


# Bytes --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["posterior", "weighted", "saved"])
def test_flipped_bytes_give_the_same_or_one_line(which: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    whole: Path = request.getfixturevalue(which)
    data, chance, path = whole.read_bytes(), np.random.default_rng(5), tmp_path / "flipped.nc"
    for _ in range(12):
        place = int(chance.integers(len(data)))
        flipped = bytes([data[place] ^ (1 << int(chance.integers(8)))])
        path.write_bytes(data[:place] + flipped + data[place + 1 :])
        same_or_refused(path, whole)


@pytest.mark.parametrize("which", ["posterior", "weighted", "saved"])
@pytest.mark.parametrize("share", [0.0, 0.001, 0.1, 0.5, 0.9, 0.999])
def test_truncated_files_give_one_line(
    which: str, share: float, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    data, path = request.getfixturevalue(which).read_bytes(), tmp_path / "part.nc"
    path.write_bytes(data[: int(share * len(data))])
    refusal(path)


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"\x89HDF\r\n\x1a\n", b"\x89HDF\r\n\x1a\n" + b"\xff" * 4000, b"CDF\x01"]
)
def test_other_files_give_one_line(content: bytes, tmp_path: Path, toc: Toc) -> None:
    path = tmp_path / "other.nc"
    path.write_bytes(content)
    refusal(path)
    assert_refused(toc("run", "--worldview", path), str(path), "no posterior of toc update")
    assert_refused(toc("rerun", path), str(path))


def test_a_folder_and_a_file_that_is_not_there_give_one_line(tmp_path: Path, toc: Toc) -> None:
    (tmp_path / "folder.nc").mkdir()
    for path in (tmp_path / "folder.nc", tmp_path / "absent.nc"):
        refusal(path)
        assert_refused(toc("run", "--worldview", path), "no posterior of toc update")
        assert_refused(toc("rerun", path), str(path))


@pytest.mark.parametrize("many", [10**9, 10**13])
def test_a_small_file_that_says_it_is_large_is_not_unfolded(many: int, tmp_path: Path) -> None:
    path, h5netcdf = tmp_path / "large.nc", importlib.import_module("h5netcdf")
    with h5netcdf.File(path, "w") as file:
        group = file.create_group("posterior")
        group.dimensions = {"draw": many}
        group.create_variable("toil", ("draw",), "f8", chunks=(1000,))
    assert path.stat().st_size < 10_000
    assert "says to hold more than its bytes can" in refusal(path)


@pytest.mark.parametrize("shape", [(1,), (0, 30), (3,)])
def test_dimensions_without_a_name_give_one_line_and_no_warning(
    shape: tuple[int, ...], tmp_path: Path, recwarn: pytest.WarningsRecorder
) -> None:
    path = crafted(posterior_tree(), tmp_path / "nameless.nc", checksum="none")
    with importlib.import_module("h5py").File(path, "r+") as file:
        del file["posterior"]["toil"]
        file["posterior"].create_dataset("toil", data=np.ones(shape))
    warnings.simplefilter("always")
    refusal(path)
    assert not recwarn.list


# What a posterior holds ---------------------------------------------------------------------------------------------


def drawn(change: Callable[[xr.Dataset], xr.Dataset], group: str = "posterior") -> Change:
    return lambda tree: with_group(tree, group, change)


def says(change: Callable[[Any], Any], attribute: str = "update") -> Change:
    return lambda tree: told(tree, attribute, change)


def spoilt(name: str, value: float) -> Callable[[xr.Dataset], xr.Dataset]:
    def change(found: xr.Dataset) -> xr.Dataset:
        values = found[name].values.copy()
        values.flat[3] = value
        return found.assign({name: found[name].copy(data=values)})

    return change


def deep(levels: int = 100_000) -> str:
    return "[" * levels + "]" * levels


CRAFTED: dict[str, tuple[Change, str]] = {
    "nan": (drawn(spoilt("jumped", np.nan)), "jumped: found 1 of 60 values that are not finite"),
    "infinite": (drawn(spoilt("toil", np.inf)), "toil: found 1 of"),
    "beyond the range": (drawn(spoilt("jumped", 90.0)), "jumped: found 90"),
    "below the range": (drawn(spoilt("jumped", -0.1)), "jumped: found -0.1"),
    "a parameter renamed": (drawn(lambda found: found.rename(jumped="leapt")), "missing parameter 'jumped'"),
    "a parameter dropped": (drawn(lambda found: found.drop_vars("toil")), "missing parameter 'toil'"),
    "another unit": (
        drawn(lambda found: found.assign(toil=found["toil"].assign_attrs(unit="km"))),
        "toil: unit: found 'km'",
    ),
    "texts": (drawn(lambda found: found.assign(toil=found["toil"].astype(str))), "toil: found values of the type"),
    "a dim too few": (
        drawn(lambda found: found.assign(watch_gain=found["watch_gain"].isel(field=0, drop=True))),
        "dims",
    ),
    "a dim too many": (
        drawn(lambda found: found.assign(toil=found["toil"].expand_dims(other=2))),
        "toil: found the dims",
    ),
    "another dim": (drawn(lambda found: found.rename(field="plot")), "watch_gain: found the dims"),
    "other places": (drawn(lambda found: found.assign_coords(field=["hill", "dale"])), "field"),
    "a place twice": (drawn(lambda found: found.assign_coords(field=["hill", "hill"])), "field"),
    "places without names": (drawn(lambda found: found.drop_vars("field")), "found no labels of field"),
    "draws without names": (drawn(lambda found: found.drop_vars("draw")), "found no labels of draw"),
    "chains without names": (drawn(lambda found: found.drop_vars("chain")), "found no labels of chain"),
    "a draw twice": (drawn(lambda found: found.assign_coords(draw=found["draw"].values // 2)), "draw"),
    "draws by fractions": (drawn(lambda found: found.assign_coords(draw=found["draw"].values / 2)), "whole numbers"),
    "one chain": (drawn(lambda found: found.isel(chain=0, drop=True)), "found no labels of chain"),
    "no draws": (drawn(lambda found: found.isel(draw=[])), "draw"),
    "an infinite likelihood": (drawn(spoilt("q", np.inf), "log_likelihood"), "log_likelihood: q: found 1 of"),
    "a likelihood of other draws": (
        drawn(lambda found: found.assign_coords(draw=found["draw"].values + 1), "log_likelihood"),
        "other labels of draw",
    ),
    "a likelihood a person": (
        drawn(lambda found: found.assign(q=found["q"].expand_dims(person=2)), "log_likelihood"),
        "log_likelihood: q: found the dims",
    ),
    "an infinite likelihood of one": (drawn(spoilt("q", -np.inf), "log_likelihood"), "log_likelihood: q: found 1 of"),
    "no likelihood": (lambda tree: tree.drop_nodes("log_likelihood"), "the group 'log_likelihood' is missing"),
    "no answers": (lambda tree: tree.drop_nodes("answers"), "the group 'answers' is missing"),
    "answers without a mapping": (drawn(lambda found: found.drop_vars("mapping"), "answers"), "found no mapping"),
    "answers in a row": (drawn(lambda found: found.rename(source="row"), "answers"), "found no source_id by source"),
    "the first format": (says(without("format")), "a posterior of the first format"),
    "a later format": (says(at("format", value=3)), "format: found 3"),
    "another way": (says(at("method", value="guesses")), "method: found 'guesses'"),
    "weights without weights": (says(at("method", value="weights")), "the group 'prior' is missing"),
    "another shape": (says(at("bias_shape", value="flat")), "bias_shape: found 'flat'"),
    "not accepted": (says(at("problems", value=["k-hat"])), "allowed: a good one, or toc update --accept-problems"),
    "no draws at all": (lambda tree: tree.drop_nodes("posterior"), "the group 'posterior' is missing"),
    "another story": (says(at("story", value="f" * 64)), "another version of the story"),
    "no story": (says(without("story")), "missing entry 'story'"),
    "a digest that is none": (says(at("story", value="abc")), "story: found 'abc'"),
    "other documents": (says(at("digests", value={"deer.toml": "0" * 64})), "have changed since"),
    "no worldview": (says(at("worldview", value="")), "worldview"),
    "an unknown worldview": (says(at("worldview", value="nobody")), "nobody"),
    "a number for a name": (says(at("worldview", value=3)), "worldview: found 3"),
    "evidence of texts": (says(at("evidence", value=["x"])), "evidence"),
    "no evidence": (says(at("evidence", value=[])), "evidence"),
    "an unknown entry": (says(at("extra", value=1)), "unknown entry 'extra'"),
    "problems": (says(at("problems", value=["R-hat"])), "not a good run: R-hat"),
    "a huge seed": (says(at("sampling", "seed", value=-1)), "sampling.seed: found -1"),
    "a text for a number": (says(at("bias_scale", value="1")), "bias_scale: found '1'"),
    "a list": (says(lambda _: "[1, 2]"), "allowed: a JSON object"),
    "no JSON": (says(lambda _: "{"), "malformed JSON"),
    "NaN": (says(lambda found: json.dumps(found | {"bias_scale": np.nan})), "found NaN; allowed: finite numbers"),
    "beyond floats": (
        says(lambda found: json.dumps(found).replace('"bias_scale": 1.0', '"bias_scale": 1e999')),
        "1e999",
    ),
    "a huge number": (says(lambda found: json.dumps(found)[:-1] + ', "n": ' + "9" * 5000 + "}"), "malformed JSON"),
    "a key twice": (says(lambda found: json.dumps(found)[:-1] + ', "case": "x"}'), "found 'case' twice"),
    "nested": (says(lambda _: deep()), "nested too deeply"),
    "code of its own": (says(at("home", value="antigravity:fly")), "which is not loaded"),
    "another object": (says(at("home", value="os:system")), "which is not loaded"),
}


@pytest.mark.parametrize("name", CRAFTED)
def test_a_posterior_that_can_not_be_gives_one_line_whatever_its_checksum(name: str, tmp_path: Path) -> None:
    change, fragment = CRAFTED[name]
    assert fragment in refusal(crafted(change(posterior_tree()), tmp_path / "crafted.nc"))


def both_chains(tree: xr.DataTree) -> xr.DataTree:
    """All that was drawn, twice."""
    for group in ("prior", "importance", "log_likelihood"):
        tree = with_group(tree, group, lambda one: xr.concat([one, one.assign_coords(chain=[1])], "chain"))
    return tree


WEIGHTED: dict[str, tuple[Change, str]] = {
    "no weights": (lambda tree: tree.drop_nodes("importance"), "the group 'importance' is missing"),
    "weights renamed": (drawn(lambda found: found.rename(weight="w"), "importance"), "importance: found no weights"),
    "a negative weight": (drawn(spoilt("weight", -1e-9), "importance"), "importance: found no weights"),
    "a weight that is none": (drawn(spoilt("weight", np.nan), "importance"), "weight: found 1 of"),
    "an infinite weight": (drawn(spoilt("weight", np.inf), "importance"), "weight: found 1 of"),
    "weights that are all 0": (drawn(lambda found: 0 * found, "importance"), "not all of them 0"),
    "weights of other draws": (
        drawn(lambda found: found.assign_coords(draw=found["draw"].values[::-1]), "importance"),
        "other labels of draw",
    ),
    "weights of fewer draws": (drawn(lambda found: found.isel(draw=slice(9)), "importance"), "other labels of draw"),
    "weights of chains": (
        drawn(lambda found: found.assign_coords(chain=[1]), "importance"),
        "other labels of chain",
    ),
    "weights by parameter": (
        drawn(lambda found: found.assign(weight=found["weight"].expand_dims(parameter=2)), "importance"),
        "weight: found the dims",
    ),
    "two chains": (both_chains, "found 2 chains; allowed: 1"),
    "draws elsewhere": (says(at("method", value="nuts")), "the group 'posterior' is missing"),
    "no answers": (lambda tree: tree.drop_nodes("answers"), "the group 'answers' is missing"),
}


@pytest.mark.parametrize("name", WEIGHTED)
def test_weights_that_can_not_be_give_one_line_whatever_their_checksum(name: str, tmp_path: Path) -> None:
    change, fragment = WEIGHTED[name]
    assert fragment in refusal(crafted(change(weighted_tree()), tmp_path / "crafted.nc"))


def test_a_run_that_was_not_good_and_was_accepted_says_so(tmp_path: Path) -> None:
    bad = told(weighted_tree(), "update", lambda found: found | {"problems": ["k-hat is 0.9"], "accepted": True})
    found = load(crafted(bad, tmp_path / "accepted.nc"))
    assert isinstance(found, Beliefs)
    assert "whose run was not good (k-hat is 0.9)" in found.rests_on()
    assert found.provenance()["posterior"]["problems"] == ["k-hat is 0.9"]


def test_answers_that_are_none_are_told_when_they_are_needed(tmp_path: Path, toc: Toc) -> None:
    path = crafted(weighted_tree(), tmp_path / "posterior.nc")
    words = ("--case", "tests.toy:CASE", "update", "--worldview", path, "--without", "nobody", "--out")
    assert_refused(toc(*words, tmp_path / "x.nc"), "answers kept of 'neighbours'")


def test_what_was_changed_since_is_told_by_the_checksum(
    posterior: Path, weighted: Path, saved: Path, tmp_path: Path
) -> None:
    """Values that could be, and are not those that were saved."""
    path = tmp_path / "changed.nc"
    for whole, group in ((posterior, "posterior"), (weighted, "prior"), (saved, "prior")):
        tree = with_group(opened(whole), group, spoilt("toil", 0.123))
        path.write_bytes(bytes(tree.to_netcdf(engine="h5netcdf")))
        assert "its checksum is that of other contents" in refusal(path)
    other = told(opened(posterior), "update", at("bias_scale", value=0.5))
    path.write_bytes(bytes(other.to_netcdf(engine="h5netcdf")))
    assert "checksum" in refusal(path)
    same = opened(posterior)
    path.write_bytes(bytes(same.to_netcdf(engine="h5netcdf")))
    same_or_refused(path, posterior)
    assert isinstance(load(path), Beliefs)


def test_a_posterior_without_a_checksum_is_taken_and_said_to_have_none(tmp_path: Path) -> None:
    about = {key: value for key, value in about_update().items() if key not in ("surveys", "mappings", "sets")}
    found = load(crafted(posterior_tree(about), tmp_path / "old.nc", checksum="none"))
    assert isinstance(found, Beliefs)
    assert "its file has no checksum" in found.rests_on()
    assert found.provenance()["posterior"]["checksum"] == "none"
    assert "checksum" in refusal(crafted(posterior_tree(), tmp_path / "other.nc", checksum="wrong"))


# What a run holds ---------------------------------------------------------------------------------------------------


RUNS: dict[str, tuple[Change, str]] = {
    "nan": (drawn(spoilt("jumped", np.nan), "prior"), "jumped: found 1 of"),
    "beyond the range": (drawn(spoilt("jumped", 90.0), "prior"), "jumped: found 90"),
    "two chains": (
        drawn(lambda found: xr.concat([found, found.assign_coords(chain=[1])], "chain"), "prior"),
        "2 chains",
    ),
    "a parameter dropped": (drawn(lambda found: found.drop_vars("toil"), "prior"), "missing parameter 'toil'"),
    "no draws": (lambda tree: tree.drop_nodes("prior"), "the group 'prior' is missing"),
    "no members": (says(at("beliefs", "members", value=[]), "run"), "members: found none"),
    "weights": (says(at("beliefs", "members", 0, "weight", value=0.5), "run"), "do not add up to 1"),
    "no weight": (says(at("beliefs", "members", 0, "weight", value=None), "run"), "beliefs.members.0.weight"),
    "a path for a name": (says(at("beliefs", "members", 0, "named", value="/no/such.toml"), "run"), "can't be read"),
    "other documents": (
        says(at("beliefs", "members", 0, "digests", value={"deer.toml": "0" * 64}), "run"),
        "changed since",
    ),
    "another story": (says(at("beliefs", "story", value="f" * 64), "run"), "another version of the story"),
    "another case": (says(at("beliefs", "case", value="antigravity:fly"), "run"), "which is not loaded"),
    "an unknown rival": (says(at("beliefs", "case", value=f"{CASE.home}+nobody"), "run"), "nobody"),
    "an unknown date": (says(at("beliefs", "as_of", value="never"), "run"), "never"),
    "an override that is none": (says(at("beliefs", "overrides", value=["rm -r"]), "run"), "rm -r"),
    "no allocations": (says(at("allocations", "tables", value={}), "run"), "allocations.tables"),
    "a lever too far": (says(at("allocations", "tables", "plan", "fence", value=-3), "run"), "fence"),
    "an unknown mixture": (says(at("beliefs", "mixture", value="council"), "run"), "the document of the mixture"),
    "a text": (says(lambda _: "3", "run"), "allowed: a JSON object"),
    "nested": (says(lambda _: deep(), "run"), "nested too deeply"),
}


@pytest.mark.parametrize("name", RUNS)
def test_a_run_that_can_not_be_gives_one_line_whatever_its_checksum(name: str, tmp_path: Path) -> None:
    change, fragment = RUNS[name]
    path = crafted(change(run_tree()), tmp_path / "crafted.nc")
    with pytest.raises(InputError) as found:
        load(path)
    assert fragment in str(found.value)
    assert "\n" not in str(found.value)


def test_a_run_without_a_checksum_is_refused(tmp_path: Path) -> None:
    assert "a run without a checksum" in refusal(crafted(run_tree(), tmp_path / "run.nc", checksum="none"))


# JSON ---------------------------------------------------------------------------------------------------------------

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), PLAIN, max_size=4))
def test_json_objects_come_back(found: dict[str, Any]) -> None:
    assert table_of(json.dumps(found), "here") == found


@given(st.text() | PLAIN.map(json.dumps))
def test_any_other_text_is_one_line(text: str) -> None:
    if isinstance(found := _object_in(text), dict):
        assert table_of(text, "here") == found
        return
    with pytest.raises(InputError, match=r"^here: ") as refused:
        table_of(text, "here")
    assert len(str(refused.value)) < 300


def _object_in(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def test_a_posterior_is_opened_once_for_a_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening it takes longer than most of what is asked of it; other bytes are opened, whatever their name."""
    times: list[int] = []
    opens = seal._opened

    def counted(data: bytes) -> xr.DataTree:
        times.append(len(data))
        return opens(data)

    monkeypatch.setattr(seal, "_opened", counted)
    monkeypatch.setattr(seal, "_kept", {})
    path = crafted(weighted_tree(), tmp_path / "one.nc")
    first = load_beliefs(CASE, str(path))
    assert len(times) == 1
    assert load_beliefs(CASE, f"0.5*{path} + 0.5*farmer", draws=2).weights
    assert len(times) == 1
    other = weighted_tree()
    other["importance"]["weight"] = other["importance"]["weight"] * np.linspace(1, 2, other["importance"].sizes["draw"])
    crafted(other, path)
    again = load_beliefs(CASE, str(path))
    assert len(times) == 2
    assert not np.allclose(again.parameters["weight"], first.parameters["weight"])
