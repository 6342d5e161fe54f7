"""Documents of one's own: written to be edited, checked, counted, saved with a run, pickled, and random ones."""

import json
import math
import pickle
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import toc_model
from tests.conftest import Toc
from tests.refused import assert_refused
from tests.shipped import DOCUMENTS, STORY, load_beliefs
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.loading import load_beliefs as load_any_beliefs
from toc_model.beliefs.shipped import Documents
from toc_model.errors import InputError
from toc_model.essay.case import ESSAY
from toc_model.questions.run import Run, run
from toc_model.questions.saved import load
from toc_model.questions.worldviews import worldviews
from toc_model.questions.worldviews.own import Checked, check, new_document

PATCHES = ("essay", "critic")
CAMPS = ("ml_authors", "safety_leaders", "superforecasters")
LATE = Documents.of(ESSAY, as_of="late_2026")

# New --------------------------------------------------------------------------------------------------------------


def uncommented(text: str) -> str:
    """The document with all of its entries taken from behind their #, and a word wherever one is wanted."""
    entries = re.sub(r"(?m)^# (?=\[parameters|quantiles = |nil = |reason = |source = |as_of = )", "", text)
    return entries.replace('reason = ""', 'reason = "R."').replace('source = ""', 'source = "S."')


@pytest.mark.parametrize("based_on", ["base", "essay", "critic", "ml_authors"])
def test_all_that_a_new_document_has_as_comments_can_be_uncommented_and_read(tmp_path: Path, based_on: str) -> None:
    path = tmp_path / "mine.toml"
    new_document(DOCUMENTS, path, based_on)
    before, plain = DOCUMENTS.priors(based_on), DOCUMENTS.priors(str(path))
    assert plain.entries == before.entries
    assert tomllib.loads(path.read_text(encoding="utf-8"))["based_on"] == based_on
    path.write_text(uncommented(path.read_text(encoding="utf-8")), encoding="utf-8")
    stated = tomllib.loads(path.read_text(encoding="utf-8"))
    assert set(stated["parameters"]) == {name for name, one in before.entries.items() if one.entry.quantiles}
    assert stated["as_of"] == "late_2022"
    found = DOCUMENTS.priors(str(path))
    for name in stated["parameters"]:
        assert found[name].entry.quantiles == pytest.approx(before[name].entry.quantiles, rel=1e-5), name
        assert found[name].entry.nil == before[name].entry.nil, name
        assert (found[name].reason, found[name].entry.source, found[name].entry.status) == ("R.", "S.", "published")
    checked = check(DOCUMENTS, path)
    assert isinstance(checked, Checked)
    assert len(checked.moved) == len(stated["parameters"])
    beliefs = load_beliefs(str(path), draws=20)
    assert beliefs.kind == ("camp" if based_on in CAMPS else "patch")


def test_a_new_document_at_a_date_shows_what_is_believed_then(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    new_document(LATE, path, "essay")
    path.write_text(uncommented(path.read_text(encoding="utf-8")), encoding="utf-8")
    beliefs = load_beliefs(str(path), draws=20)
    assert beliefs.documents.date
    assert beliefs.documents.date.name == "late_2026"
    wanted = LATE.priors("essay").entries
    for name, prior in beliefs.priors.entries.items():
        assert prior.distribution == wanted[name].distribution, name


def test_the_command_writes_and_refuses_to_overwrite(toc: Toc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = toc("worldviews", "new", "mine", "--based-on", "critic")
    assert (code, err) == (0, "")
    assert out == "mine.toml: written; edit it, then: toc worldviews check mine.toml\n"
    before = Path("mine.toml").read_text(encoding="utf-8")
    assert_refused(toc("worldviews", "new", "mine"), "mine.toml: exists; allowed: a new file")
    assert Path("mine.toml").read_text(encoding="utf-8") == before
    assert toc("worldviews", "new", "mine", "--out", "other.toml")[0] == 0
    assert 'based_on = "base"' in Path("other.toml").read_text(encoding="utf-8")
    assert toc("worldviews", "check", "mine.toml")[0] == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.toml", "other.toml"]


@pytest.mark.parametrize(
    ("words", "fragments"),
    [
        ("mine --based-on crtic", ["unknown worldview 'crtic'; did you mean 'critic'?"]),
        ("mine --based-on neutral", ["'neutral', which is of an earlier model"]),
        ("mine --based-on yours.toml", ["based-on: found 'yours.toml'; allowed: one of the folder's own: base, essay"]),
        ("mine --out mine.txt", ["mine.txt: found the ending '.txt'; allowed: '.toml'"]),
        ("mine --out nowhere/mine.toml", ["nowhere/mine.toml: can't be written"]),
        ("mine --as-of late_2062", ["unknown date 'late_2062'"]),
        ("mine --priors nowhere", ["nowhere: found no prior documents"]),
        ("", ["Missing argument 'NAME'"]),
    ],
)
def test_new_documents_that_can_not_be_are_refused(
    toc: Toc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str, fragments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert_refused(toc("worldviews", "new", *words.split()), *fragments)
    assert list(tmp_path.iterdir()) == []


# Check ------------------------------------------------------------------------------------------------------------

GOOD = """\
description = "Mine."
based_on = "essay"
[parameters.severity]
quantiles = { q05 = 0.2, q50 = 0.5, q95 = 0.8 }
reason = "I think so."
[parameters.entry_barrier]
nil = 0.5
reason = "I doubt it."
source = "A study."
"""


def test_a_good_document_is_told(toc: Toc, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(GOOD, encoding="utf-8")
    code, out, err = toc("worldviews", "check", path)
    text = " ".join(out.split())
    assert (code, err) == (0, "")
    stated = tomllib.loads((DOCUMENTS.folder / "worldviews" / "essay.toml").read_text(encoding="utf-8"))["parameters"]
    many = len({*stated, "severity", "entry_barrier"})
    assert f"“mine” as of late 2022 can be used: {many} entries of {len(DOCUMENTS.priors().entries)} differ" in text
    found = json.loads(toc("worldviews", "check", path, "--json")[1])
    assert found["entries"]["severity"]["own"] == "0.2 / 0.5 / 0.8"
    assert (found["entries"]["severity"]["status"], found["entries"]["severity"]["reason"]) == (
        "assumption",
        "I think so.",
    )
    assert found["entries"]["entry_barrier"]["own"].endswith("nil 0.5")
    assert found["entries"]["entry_barrier"]["status"] == "published"
    assert set(found["entries"]) == {*stated, "severity", "entry_barrier"}


SURE = """description = "All but sure"
based_on = "base"
[says]
outcome = "p_doom"
quantiles = {{ q05 = {low}, q50 = 0.9995, q95 = 0.9999 }}
source = "S."
verified = "yes"
note = "N."
"""


def test_a_camp_that_its_base_can_not_reach_is_refused(toc: Toc, tmp_path: Path) -> None:
    path = tmp_path / "sure.toml"
    for low, found in ((0.999, "q05: found 0.999"), (0.5, "q50: found 0.9995")):
        path.write_text(SURE.format(low=low), encoding="utf-8")
        for words in (("worldviews", "check", path), ("run", "--draws", 50, "--worldview", path)):
            assert_refused(toc(*words), "worldview 'sure': says: ", found, "allowed: what draws of 'base' come to, ")


def test_a_patch_on_a_camp_that_moves_what_it_says_is_told(tmp_path: Path) -> None:
    path = tmp_path / "grave.toml"
    patch = '[parameters.severity]\nfamily = "constant"\nvalue = 1.0\nreason = "R."\n'
    path.write_text(f'description = "D."\nbased_on = "superforecasters"\n{patch}', encoding="utf-8")
    grave, plain = check(DOCUMENTS, path), check(DOCUMENTS, "superforecasters")
    assert isinstance(grave, Checked)
    assert isinstance(plain, Checked)
    levels = [0.05, 0.25, 0.5, 0.75, 0.95]
    assert list(plain.below.values()) == pytest.approx(levels, abs=0.01)
    assert grave.below["q50"] < 0.1
    assert grave.to_dict()["below"] == grave.below
    assert [str(grave).count("not met"), str(plain).count("not met")] == [4, 0]


def test_one_value_at_two_levels_is_met_by_what_lies_between() -> None:
    assert "not met" not in str(check(DOCUMENTS, "ml_authors"))


def test_a_document_that_states_a_date_is_compared_with_the_base_of_that_date(toc: Toc, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        'description = "D."\nas_of = "late_2026"\n[parameters.lead_now]\nreason = "R."\n'
        "quantiles = { q05 = 1, q50 = 3, q95 = 9 }\n"
    )
    found = json.loads(toc("worldviews", "check", path, "--json")[1])
    assert found["as_of"] == "late 2026"
    assert list(found["entries"]) == ["lead_now"]
    assert found["entries"]["lead_now"]["base"] == "2 / 6 / 20"
    assert_refused(toc("run", "--draws", 5, "--worldview", path, "--as-of", "late_2022"), "--as-of late_2026")


@pytest.mark.parametrize("name", ["base", *PATCHES, *CAMPS, "panel"])
def test_what_ships_can_be_used(toc: Toc, name: str) -> None:
    assert toc("worldviews", "check", name)[0] == 0


def test_what_is_written_at_another_date_is_as_of_that_date(toc: Toc, tmp_path: Path) -> None:
    """Its entries count years from there, and not from the base's date."""
    path = tmp_path / "later.toml"
    assert toc("worldviews", "new", "later", "--out", path, "--as-of", "late_2026")[0] == 0
    assert tomllib.loads(path.read_text(encoding="utf-8"))["as_of"] == "late_2026"
    assert json.loads(toc("worldviews", "check", path, "--json")[1])["as_of"] == "late 2026"


def test_a_mixture_is_checked_part_by_part(toc: Toc, tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text('description = "Two."\n[parts]\nessay = 3\ncritic = 1\n', encoding="utf-8")
    found = json.loads(toc("worldviews", "check", mine, "--json")[1])
    assert (found["worldview"], found["description"]) == ("mine", "Two.")
    assert {name: part["weight"] for name, part in found["parts"].items()} == {"essay": 0.75, "critic": 0.25}
    alone = json.loads(toc("worldviews", "check", "critic", "--json")[1])
    assert found["parts"]["critic"]["entries"] == alone["entries"] != {}
    assert list(check(DOCUMENTS, mine).to_dataframe()["weight"]) == [0.75, 0.25]
    text = toc("worldviews", "check", mine)[1]
    assert "“mine” can be used: it mixes 2 worldviews" in text
    assert "75 %" in text
    stated = json.loads(toc("worldviews", "check", "0.75*essay + 0.25*critic", "--json")[1])
    assert stated["parts"] == found["parts"]
    assert_refused(toc("worldviews", "check", "0.5*Neutral + 0.5*base"), "allowed: base or panel")
    mine.write_text('description = "Two."\n[parts]\noutside = 3\ncritic = 1\n', encoding="utf-8")
    assert_refused(toc("worldviews", "check", mine), "mine.toml", "found 'outside'", "allowed: panel")
    mine.write_text('description = "Two."\n[parts]\nesay = 3\ncritic = 1\n', encoding="utf-8")
    assert_refused(toc("worldviews", "check", mine), "mine.toml", "unknown worldview 'esay'")


@pytest.mark.parametrize(
    ("old", "new", "fragments"),
    [
        ("[parameters.severity]", "[parameters.severty]", ["unknown parameter 'severty'; did you mean 'severity'?"]),
        ("q50 = 0.5", "q50 = 0.9", ["parameters.severity: quantiles: found q50 = 0.9 and q95 = 0.8"]),
        ("q95 = 0.8", "q95 = 1.8", ["parameters.severity: quantiles: found q95 = 1.8"]),
        ("nil = 0.5", "nil = 1.5", ["parameters.entry_barrier.nil: found 1.5"]),
        ('reason = "I doubt it."\n', "", ["missing entry 'parameters.entry_barrier.reason'"]),
        ('"I doubt it."', '""', ["parameters.entry_barrier.reason: found ''"]),
        ('based_on = "essay"', 'based_on = "esay"', ["based_on: unknown worldview 'esay'; did you mean 'essay'?"]),
        ('based_on = "essay"', 'based_on = "neutral"', ["based_on: found 'neutral'", "allowed: base or panel"]),
        ('based_on = "essay"', 'as_of = "late_2062"', ["as_of: unknown date 'late_2062'"]),
        ('based_on = "essay"', 'as_of = "late_2062', ["malformed TOML", "line 2"]),
        (
            "nil = 0.5",
            'nil = 0.5\nstatus = "rumour"',
            ["unknown status 'rumour'", "published, elicited, essay, assumption"],
        ),
        ("[parameters.severity]", '[parameters.severity]\nfamily = "normal"', ["severity", "family", "normal"]),
    ],
)
def test_a_bad_document_is_one_line(toc: Toc, tmp_path: Path, old: str, new: str, fragments: list[str]) -> None:
    path = tmp_path / "mine.toml"
    assert old in GOOD
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    assert_refused(toc("worldviews", "check", path), "mine", *fragments)
    assert_refused(toc("run", "--draws", 5, "--worldview", path), "mine", *fragments)


# Counts -----------------------------------------------------------------------------------------------------------


def stated_by(worldview: str) -> dict[str, str]:
    """Status of each entry that varies, from the documents as they are written."""
    found: dict[str, str] = {}
    for path in DOCUMENTS.folder.glob("*.toml"):
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        found |= {
            name: table["status"]
            for name, table in tables.items()
            if isinstance(table, dict) and "history" in table and table["family"] != "constant"
        }
    own = tomllib.loads((DOCUMENTS.folder / "worldviews" / f"{worldview}.toml").read_text(encoding="utf-8"))
    for name, table in own.get("parameters", {}).items():
        assert name in found
        found[name] = table.get("status", "published" if "source" in table else "assumption")
    return found


@pytest.mark.parametrize("worldview", ["base", *PATCHES])
def test_a_patch_without_a_source_counts_as_an_assumption(worldview: str) -> None:
    counts = Counter(stated_by(worldview).values())
    said = (
        f"of {counts.total()} elicited priors {counts['assumption']} are assumptions, {counts['essay']} the essay's "
        f"own and {counts['published']} published"
    )
    assert said in load_beliefs(worldview, draws=5).rests_on()
    if worldview == "critic":
        base = Counter(stated_by("base").values())
        assert counts["assumption"] > base["assumption"]


def test_a_source_in_a_patch_counts_as_published(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    said = '[parameters.half_effort]\nquantiles = { q05 = 1, q50 = 2, q95 = 3 }\nreason = "R."\n'
    assert stated_by("base")["half_effort"] == "assumption"
    before = Counter(stated_by("base").values())
    for more, change in (("", 0), ('source = "S."\n', 1)):
        path.write_text(f'description = "D."\n{said}{more}', encoding="utf-8")
        text = load_beliefs(str(path), draws=5).rests_on()
        assert f"{before['assumption'] - change} are assumptions" in text
        assert f"and {before['published'] + change} published" in text
        assert "1 of them moved by this worldview" in text


# Saved and pickled ------------------------------------------------------------------------------------------------


def test_a_saved_run_of_the_panel_at_a_date_comes_back_with_its_figures(toc: Toc, tmp_path: Path) -> None:
    path = tmp_path / "x.nc"
    words = ("run", "--draws", 60, "--worldview", "panel", "--as-of", "late_2026", "--json")
    code, out, err = toc(*words, "--out", path)
    assert code == 0, err
    again = toc_model.load(path)
    assert isinstance(again, Run)
    assert json.loads(json.dumps(again.to_dict()["allocations"])) == json.loads(out)["allocations"]
    assert again.beliefs.mixture == DOCUMENTS.mixture("panel")
    assert (again.worldview, again.to_dict()["as_of"]) == ("panel", "late_2026")
    assert again.rests_on() == json.loads(out)["rests_on"]


def test_a_saved_run_on_documents_that_changed_is_refused(tmp_path: Path) -> None:
    path, own = tmp_path / "x.nc", tmp_path / "mine.toml"
    own.write_text(GOOD, encoding="utf-8")
    beliefs = load_beliefs(str(own), draws=10)
    run(beliefs, beliefs.documents.allocations()).save(path)
    own.write_text(GOOD.replace("0.2", "0.21"), encoding="utf-8")
    with pytest.raises(InputError, match=r"x\.nc: the documents of worldview 'mine' have changed since"):
        load(path)


def pickled(found: Any) -> Any:
    return pickle.loads(pickle.dumps(found))  # noqa: S301


def assert_alike(found: Beliefs, again: Beliefs) -> None:
    assert (again.worldview, again.kind, again.rests_on()) == (found.worldview, found.kind, found.rests_on())
    assert again.parameters.identical(found.parameters)
    levers = found.documents.allocations().levers()
    np.testing.assert_array_equal(again.outcome(levers), found.outcome(levers))


@pytest.mark.parametrize("worldview", ["panel", "essay", "ml_authors", "0.5*base + 0.5*critic"])
def test_beliefs_come_back_from_a_pickle(worldview: str) -> None:
    found = load_beliefs(worldview, draws=15, as_of="late_2026", overrides=["do(concern)=0.6", "severity*=0.5"])
    assert_alike(found, pickled(found))


def test_runs_and_worldviews_come_back_from_a_pickle() -> None:
    both = [load_beliefs(name, draws=15) for name in ("panel", "base")]
    allocations = both[0].documents.allocations()
    for found in (
        run(both[0], allocations, beside=both, steps=True),
        worldviews(both, allocations),
    ):
        again: Any = pickled(found)
        assert again.to_dict() == found.to_dict()
        assert str(again) == str(found)


# Random documents -------------------------------------------------------------------------------------------------

PROBABILITIES = ("severity", "aligned_by_default", "solved_by_reference", "concern_now")
EFFECTS = ("concern_gain[outreach]", "entry_barrier", "race_calming", "lead_now")
numbers = st.floats(0.001, 0.999) | st.sampled_from([0.0, 1.0, -1.0, 3.0, 40.0, math.inf, math.nan])
rising = st.lists(st.floats(0.001, 0.999), min_size=2, max_size=4, unique=True).map(sorted)
patches = st.fixed_dictionaries(
    {},
    optional={
        "quantiles": rising | st.lists(numbers, min_size=1, max_size=4),
        "nil": st.floats(0, 1) | numbers,
        "family": st.sampled_from(["lognormal", "logit_normal", "normal", "constant", "lognormal_above_1"]),
        "value": numbers,
        "reason": st.sampled_from(["R.", "R.", "R.", ""]),
    },
)
documents = st.fixed_dictionaries(
    {"parameters": st.dictionaries(st.sampled_from((*PROBABILITIES, *EFFECTS, "severty")), patches, max_size=3)},
    optional={
        "based_on": st.sampled_from(["base", "essay", "critic", "ml_authors", "panel", "esay", ""]),
        "as_of": st.sampled_from(["late_2022", "late_2026", "late_2062"]),
        "phrase": st.text(max_size=5),
        "correlation": st.tuples(st.sampled_from(["hype", "race_now"]), st.floats(-1, 1)),
    },
)


def quoted(text: str) -> str:
    return '"' + "".join(f"\\U{ord(letter):08X}" for letter in text) + '"'


def as_toml(document: dict[str, Any]) -> str:
    lines = ['description = "Random."']
    lines += [f"{key} = {quoted(document[key])}" for key in ("based_on", "as_of", "phrase") if key in document]
    for name, patch in document["parameters"].items():
        lines.append(f"[parameters.{json.dumps(name)}]")
        if values := patch.get("quantiles"):
            levels = ("q05", "q25", "q50", "q95")
            lines.append("quantiles = { " + ", ".join(f"{at} = {value!r}" for at, value in zip(levels, values)) + " }")  # noqa: B905
        lines += [f"{key} = {patch[key]!r}" for key in ("nil", "value") if key in patch]
        lines += [f"family = {json.dumps(patch['family'])}"] if "family" in patch else []
        lines.append(f"reason = {json.dumps(patch.get('reason', 'R.'))}")
    if "correlation" in document:
        name, value = document["correlation"]
        lines.append(f'[[correlations]]\nbetween = ["{name}", "detection_now"]\nvalue = {value!r}\nreason = "R."')
    return "\n".join(lines) + "\n"


def tried(path: Path) -> tuple[str, np.ndarray, Beliefs | None]:
    """What is said if it is refused; P(doom) and the beliefs if not."""
    try:
        beliefs = load_any_beliefs(ESSAY, str(path), draws=8)
    except InputError as error:
        return str(error), np.empty(0), None
    return "", beliefs.outcome(beliefs.documents.allocations().levers()).values, beliefs


@given(documents)
def test_a_random_document_gives_probabilities_or_ends_in_one_line(
    tmp_path_factory: pytest.TempPathFactory, document: dict[str, Any]
) -> None:
    path = tmp_path_factory.mktemp("random") / "mine.toml"
    path.write_text(as_toml(document), encoding="utf-8")
    refused, p_doom, beliefs = tried(path)
    if beliefs is None:
        assert "\n" not in refused
        assert any(name in refused for name in ("mine.toml", "'mine'")), refused
        return
    assert np.isfinite(p_doom).all()
    assert ((p_doom >= 0) & (p_doom <= 1)).all()
    assert set(beliefs.parameters) == set(STORY.parameters)


possible = st.fixed_dictionaries(
    {
        "parameters": st.dictionaries(
            st.sampled_from(PROBABILITIES), st.fixed_dictionaries({"quantiles": rising}), min_size=1, max_size=3
        )
    },
    optional={
        "based_on": st.sampled_from(["base", "essay", "critic", "ml_authors", "superforecasters", "panel"]),
        "as_of": st.sampled_from(["late_2022", "late_2026"]),
    },
)


@given(possible, st.floats(0, 1))
def test_a_possible_document_is_never_refused(
    tmp_path_factory: pytest.TempPathFactory, document: dict[str, Any], nil: float
) -> None:
    path = tmp_path_factory.mktemp("possible") / "mine.toml"
    document = {**document, "parameters": {**document["parameters"], "concern_gain[outreach]": {"nil": nil}}}
    path.write_text(as_toml(document), encoding="utf-8")
    beliefs = load_any_beliefs(ESSAY, str(path), draws=8)
    p_doom = beliefs.outcome(beliefs.documents.allocations().levers()).values
    assert ((p_doom >= 0) & (p_doom <= 1)).all()
    date = beliefs.documents.date
    assert date
    assert date.name == document.get("as_of", "late_2022")
    for name in document["parameters"]:
        assert [member.priors[name].reason for member in beliefs.members] == ["R."] * len(beliefs.members)


def test_a_document_whose_ending_was_left_out_is_named(
    toc: Toc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert toc("worldviews", "new", "mine")[0] == 0
    code, _, err = toc("run", "--worldview", "mine")
    assert code == 2
    assert err.rstrip().endswith("; did you mean the file mine.toml?")
