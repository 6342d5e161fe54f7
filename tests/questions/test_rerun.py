"""A saved answer made once more: the same to the last digit, or what differs."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import toc_model as toc_package
from tests.beliefs.kept import crafted, opened, posterior_tree, run_tree, told, with_group
from tests.conftest import Toc
from tests.refused import assert_refused
from tests.toy import CASE
from toc_model.beliefs.loading import load_beliefs, own_beliefs
from toc_model.beliefs.shipped import Documents
from toc_model.errors import InputError
from toc_model.questions.rerun import answers, runs
from toc_model.questions.run import run

VILLAGE = ("--case", "tests.toy:CASE")
DOCUMENTS = Documents.of(CASE)
KEPT = {
    "run": "run --draws 40 --worldview 0.3*almanac+0.7*forester --fence 5 --set toil=0.1 --override toil*=2",
    "run, with a rival": "run --draws 40 --rival clever --worldview almanac",
    "compare": "compare --draws 40 --also farmer",
    "compare, with costs": "compare --draws 40 --costs plan=3,all_round=4",
    "curve": "curve --draws 40 --out curve.svg",
    "optimise": "optimise --draws 200 --out best.toml",
    "marginal": "marginal --draws 40",
    "voi": "voi --draws 200",
    "channels": "channels --draws 40",
    "sensitivity": "sensitivity --draws 60",
    "claims": "claims",
    "claims, denied": "claims --deny --draws 40",
    "structure": "structure --draws 40",
    "harm": "harm --draws 100 --resamples 2 --allocation all_round --out harm.svg",
    "disagree": "disagree farmer forester --draws 200",
    "worldviews": "worldviews --draws 40",
    "worldviews, one": "worldviews check farmer",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where commands are asked, with documents of one's own in ``own``."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(CASE.documents, tmp_path / "own")
    return tmp_path


def found_by(toc: Toc, path: Path) -> tuple[int, dict[str, Any]]:
    code, out, err = toc(*VILLAGE, "rerun", path, "--json")
    assert err == ""
    found: dict[str, Any] = json.loads(out)
    return code, found


# Answers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", KEPT)
def test_an_answer_is_the_same_once_more_and_nothing_is_written(name: str, folder: Path, toc: Toc) -> None:
    kept = folder / "kept.json"
    code, printed, err = toc(*VILLAGE, *KEPT[name].split(), "--save", kept, "--json")
    assert (code, err) == (0, "")
    assert json.loads(kept.read_text())["figures"] == json.loads(printed)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    code, found = found_by(toc, kept)
    assert (code, found["identical"], found["differing"]) == (0, True, 0)
    assert (found["figures"], found["inputs"], found["versions"]) == ([], [], [])
    assert found["compared"] > 5
    assert found["asked"].startswith(f"toc {name.partition(',')[0]}")
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_a_document_that_changed_is_told_with_the_figures_that_differ(folder: Path, toc: Toc) -> None:
    kept, run_kept, grain = folder / "kept.json", folder / "kept.nc", folder / "own" / "grain.toml"
    words = ["run", "--draws", 40, "--worldview", "almanac", "--priors", "own", "--out", run_kept]
    assert toc(*VILLAGE, *words, "--save", kept)[0] == 0
    text = grain.read_text()
    grain.write_text(text + "# why\n")
    for path in (kept, run_kept):
        code, found = found_by(toc, path)
        assert (code, found["identical"]) == (0, True)
        assert any(one["name"].endswith("grain.toml") for one in found["inputs"])
    grain.write_text(text.replace("q95 = ", "q95 = 1"))
    for path in (kept, run_kept):
        code, found = found_by(toc, path)
        assert (code, found["identical"]) == (1, False)
        assert 0 < found["differing"] <= found["compared"]
        assert max(one["by"] for one in found["figures"] if one["by"] is not None) > 0
        digests = next(one for one in found["inputs"] if one["name"].endswith("grain.toml"))
        assert digests["now"] == hashlib.sha256(grain.read_bytes()).hexdigest() != digests["before"]
        code, out, err = toc(*VILLAGE, "rerun", path)
        assert (code, err) == (1, "")
        assert "Not identical: " in out
        assert "grain.toml" in out
    grain.unlink()
    for path in (kept, run_kept):
        assert_refused(toc(*VILLAGE, "rerun", path))


@pytest.mark.usefixtures("folder")
def test_other_versions_are_told(toc: Toc, monkeypatch: pytest.MonkeyPatch) -> None:
    assert toc(*VILLAGE, "run", "--draws", 20, "--save", "kept.json", "--out", "kept.nc")[0] == 0
    for module in (answers, runs):
        monkeypatch.setattr(module, "versions", lambda: {"numpy": "0.1"})
    for path in (Path("kept.json"), Path("kept.nc")):
        code, found = found_by(toc, path)
        assert code == 0
        assert [one["now"] for one in found["versions"] if one["name"] == "numpy"] == ["0.1"]
        assert "though versions are others" in toc(*VILLAGE, "rerun", path)[1]


def test_an_answer_is_kept_under_one_ending(folder: Path, toc: Toc) -> None:
    assert_refused(toc(*VILLAGE, "run", "--save", "kept.txt"), "--save: found 'kept.txt'", ".json")
    assert sorted(path.name for path in folder.iterdir()) == ["own"]


def edited(change: Callable[[dict[str, Any]], Any], *, checksum: bool = True) -> Callable[[dict[str, Any]], str]:
    """The text of a file that says something else, with the checksum of that."""

    def text(table: dict[str, Any]) -> str:
        change(table)
        table.pop("checksum", None)
        whole = hashlib.sha256(json.dumps(table, sort_keys=True).encode()).hexdigest()
        return json.dumps(table | ({"checksum": whole} if checksum else {}))

    return text


REFUSED: dict[str, tuple[Callable[[dict[str, Any]], str], str]] = {
    "figures": (lambda table: json.dumps(table | {"figures": {}}), "checksum is that of other contents"),
    "arguments": (lambda table: json.dumps(table | {"arguments": ["run"]}), "checksum is that of other contents"),
    "no checksum": (edited(lambda _: None, checksum=False), "missing entry 'checksum'"),
    "no figures": (edited(lambda table: table.pop("figures")), "missing entry 'figures'"),
    "an entry": (edited(lambda table: table.update(extra=1)), "unknown entry 'extra'"),
    "no words": (edited(lambda table: table.update(arguments=[])), "arguments"),
    "a number": (edited(lambda table: table.update(arguments=[3])), "arguments.0: found 3"),
    "no command": (edited(lambda table: table.update(arguments=["rm"])), "arguments: found 'rm'"),
    "a command that writes": (edited(lambda table: table.update(arguments=["priors", "copy", "x"])), "found 'priors'"),
    "itself": (edited(lambda table: table.update(arguments=["rerun", "kept.json"])), "found 'rerun'"),
    "help": (edited(lambda table: table.update(arguments=["run", "--help"])), "gives no figures"),
    "an option": (edited(lambda table: table.update(arguments=["run", "--nope"])), "can't be asked again"),
    "another case": (edited(lambda table: table.update(case="os:system")), "case: found 'os:system'"),
    "no folder": (edited(lambda table: table.update(folder="/no/such/place")), "which is not there any more"),
    "a list": (lambda _: "[]", "allowed: a JSON object"),
    "nothing": (lambda _: "", "malformed JSON"),
    "NaN": (lambda table: json.dumps(table | {"figures": {"a": float("nan")}}), "found NaN"),
    "nested": (lambda _: '{"figures":' + "[" * 100_000, "nested too deeply"),
    "twice": (lambda table: json.dumps(table)[:-1] + ', "case": "x"}', "found 'case' twice"),
    "half": (lambda table: json.dumps(table)[:200], "malformed JSON"),
}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> str:
    from tests.toy.conftest import printed

    path = tmp_path_factory.mktemp("kept") / "kept.json"
    printed("run", "--draws", 20, "--worldview", "almanac", "--save", path)
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_no_answer_gives_one_line(name: str, kept: str, folder: Path, toc: Toc) -> None:
    change, fragment = REFUSED[name]
    (folder / "kept.json").write_text(change(json.loads(kept)), encoding="utf-8")
    assert_refused(toc(*VILLAGE, "rerun", "kept.json"), "kept.json", fragment)
    assert sorted(path.name for path in folder.iterdir()) == ["kept.json", "own"]


# Runs -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "--worldview 0.3*almanac+0.7*forester",
        "--worldview council",
        "--worldview millers",
        "--worldview farmer --as-of autumn --set toil=0.1 --fence 4",
        "--worldview almanac --override do(guarded)=before --override toil*=2",
        "--worldview almanac --rival clever",
    ],
)
def test_a_run_is_the_same_once_more(words: str, folder: Path, toc: Toc) -> None:
    assert toc(*VILLAGE, "run", "--draws", 40, *words.split(), "--out", folder / "run.nc")[0] == 0
    code, found = found_by(toc, folder / "run.nc")
    assert (code, found["identical"], found["inputs"], found["taken_from_the_file"]) == (0, True, [], [])
    assert found["compared"] > 40 * len(CASE.story.parameters)
    again = toc_package.rerun("run.nc", case=CASE)
    assert again.to_dict() == found | {"file": "run.nc"}
    assert again.to_dataframe().empty
    assert repr(again) == "<Rerun: run.nc, identical>"


def test_figures_of_a_run_that_are_others_are_told_by_how_much(tmp_path: Path, toc: Toc) -> None:
    tree = with_group(run_tree(), "prior", lambda found: found.assign(harvest=found["harvest"] + 0.5))
    code, found = found_by(toc, crafted(tree, tmp_path / "run.nc"))
    assert (code, found["inputs"]) == (1, [])
    (row,) = found["figures"]
    assert row["name"] == "harvest"
    assert row["by"] == pytest.approx(0.5)
    assert row["many"] == found["differing"] == opened(tmp_path / "run.nc")["prior"]["harvest"].size
    text = toc(*VILLAGE, "rerun", tmp_path / "run.nc")[1]
    assert "with the same files and versions" in " ".join(text.split())


def test_what_nothing_here_can_draw_is_taken_from_the_file(tmp_path: Path) -> None:
    drawn = load_beliefs(CASE, "almanac", draws=10)
    ways = {
        "own": own_beliefs(drawn.parameters, "mine", DOCUMENTS),
        "changed": drawn.with_(toil=toc_package.quantiles(0.1, 0.2, 0.4), reason="A test."),
    }
    for name, beliefs in ways.items():
        run(beliefs, DOCUMENTS.allocations()).save(tmp_path / f"{name}.nc")
        found = toc_package.rerun(tmp_path / f"{name}.nc", case=CASE)
        assert found.identical
        assert len(found.found.taken) == 1
        assert "Taken from the file" in " ".join(str(found).split())


def test_a_run_on_a_posterior_reads_it_once_more(tmp_path: Path) -> None:
    posterior = crafted(posterior_tree(), tmp_path / "posterior.nc")
    run(load_beliefs(CASE, str(posterior)), DOCUMENTS.allocations()).save(tmp_path / "run.nc")
    found = toc_package.rerun(tmp_path / "run.nc", case=CASE)
    assert (found.identical, found.found.inputs, found.found.taken) == (True, (), ())
    tree = with_group(posterior_tree(), "posterior", lambda drawn: drawn.assign(toil=drawn["toil"] / 2))
    crafted(tree, posterior)
    found = toc_package.rerun(tmp_path / "run.nc", case=CASE)
    assert [one.name for one in found.found.inputs] == [str(posterior)]
    assert not found.identical
    with pytest.raises(InputError, match="found a posterior"):
        toc_package.rerun(posterior, case=CASE)


def test_a_run_of_another_case_is_refused(tmp_path: Path, toc: Toc) -> None:
    path = crafted(run_tree(), tmp_path / "run.nc")
    assert_refused(toc("rerun", path), "case: found 'tests.toy", "--case")
    other = told(run_tree(), "run", lambda found: found | {"beliefs": found["beliefs"] | {"case": "os:system"}})
    assert_refused(toc("rerun", crafted(other, path)), "case: found 'os:system'")
