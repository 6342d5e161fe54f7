"""Worldviews on a mixture: their patches lie over each part, as numbers of the caller's own do."""

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.beliefs.village import edit, write
from tests.conftest import Toc
from tests.refused import assert_refused
from tests.shipped import DOCUMENTS
from tests.toy import CASE
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.loading import load_beliefs
from toc_model.beliefs.shipped import Documents
from toc_model.errors import InputError
from toc_model.essay.case import ESSAY
from toc_model.questions.run import Run
from toc_model.questions.saved import load
from toc_model.survey.learning.update import fail_if_not_updatable

VILLAGE = ("--case", "tests.toy:CASE")
FENCE = '[parameters.fence_gain]\nquantiles = { q05 = 1.0, q95 = 3.0 }\nreason = "Mine."\n'
JUMPED = '[parameters.jumped]\nquantiles = { q05 = 0.2, q95 = 0.6 }\nreason = "Mine."\n'
RANGES = {
    "sown_before": (20.0, 60.0),
    "fence_gain": (0.0, 6.0),
    "jumped": (0.05, 0.95),
    "watch_gain[hill]": (1.0, 9.0),
    "watch_gain[valley]": (1.0, 9.0),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CASE.documents, tmp_path / "village"))


def document(path: Path, sets: dict[str, tuple[float, ...]], head: str = 'based_on = "council"') -> Path:
    """A document that says what ``--set`` would say of some parameters."""
    lines = ['description = "Mine."', head]
    for name, values in sets.items():
        said = f'family = "constant"\nvalue = {values[0]!r}'
        if len(values) == 2:
            said = f"quantiles = {{ q05 = {values[0]!r}, q95 = {values[1]!r} }}"
        lines.append(f'[parameters."{name}"]\n{said}\nreason = "Mine."')
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def as_sets(sets: dict[str, tuple[float, ...]]) -> list[str]:
    return [f"{name}={'..'.join(map(repr, values))}" for name, values in sets.items()]


def assert_drawn_alike(one: Beliefs, other: Beliefs) -> None:
    """To the last digit, from the same parts."""
    assert one.parameters.identical(other.parameters)
    assert [member.weight for member in one.members] == [member.weight for member in other.members]


# The same as with --set -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("as_of", ["spring", "autumn"])
@given(
    sets=st.dictionaries(
        st.sampled_from(list(RANGES)), st.tuples(st.floats(0.05, 0.45), st.floats(0.55, 0.95)), min_size=1
    )
)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_document_on_a_mixture_is_the_mixture_with_its_numbers(
    tmp_path: Path, as_of: str, sets: dict[str, tuple[float, float]]
) -> None:
    said = {
        name: tuple(RANGES[name][0] + share * (RANGES[name][1] - RANGES[name][0]) for share in shares)
        for name, shares in sets.items()
    }
    path = document(tmp_path / "mine.toml", said, f'based_on = "council"\nas_of = "{as_of}"')
    mine = load_beliefs(CASE, str(path), draws=60)
    wanted = load_beliefs(CASE, "council", draws=60, sets=as_sets(said), as_of=as_of)
    assert_drawn_alike(mine, wanted)
    assert [one.priors.reranked for one in mine.members if one.priors.camp] == [frozenset(said)]


def test_a_constant_and_nil_are_so_in_every_part(folder: Path, tmp_path: Path) -> None:
    path = document(tmp_path / "mine.toml", {"sown_before": (41.0,), "watch_gain[hill]": (2.0, 3.0)})
    mine = load_beliefs(CASE, str(path), draws=60)
    assert_drawn_alike(mine, load_beliefs(CASE, "council", draws=60, sets=["sown_before=41", "watch_gain[hill]=2..3"]))
    assert (mine.parameters["sown_before"] == 41).all()
    assert [one.priors["watch_gain[hill]"].entry.nil for one in mine.members] == [0.2, 0.2]
    write(folder, "sure", 'based_on = "council"\n[parameters."watch_gain[hill]"]\nnil = 1\nreason = "No use."\n')
    sure = load_beliefs(CASE, "sure", draws=60, priors=folder)
    assert (sure.parameters["watch_gain"].sel(field="hill") == 0).all()
    council = load_beliefs(CASE, "council", draws=60)
    assert sure.parameters.drop_vars("watch_gain").identical(council.parameters.drop_vars("watch_gain"))


@pytest.mark.parametrize("based_on", ["base", "essay", "ml_authors", "panel"])
@pytest.mark.parametrize("as_of", ["late_2022", "late_2026"])
def test_a_document_of_the_essay_is_its_worldview_with_these_numbers(tmp_path: Path, based_on: str, as_of: str) -> None:
    """Also in what the later date has the last word on, the years until AGI."""
    said: dict[str, tuple[float, ...]] = {
        "agi_year": (4.0, 20.0),
        "severity": (0.2, 0.6),
        "concern_gain[outreach]": (0.05, 0.4),
        "race_now": (0.3,),
    }
    path = document(tmp_path / "mine.toml", said, f'based_on = "{based_on}"\nas_of = "{as_of}"')
    wanted = load_beliefs(ESSAY, based_on, draws=40, sets=as_sets(said), as_of=as_of)
    assert_drawn_alike(load_beliefs(ESSAY, str(path), draws=40), wanted)


def test_without_a_date_of_its_own_the_date_has_the_last_word(folder: Path) -> None:
    write(folder, "mine", f'based_on = "council"\n{FENCE}{JUMPED}')
    mine = load_beliefs(CASE, "mine", draws=60, priors=folder, as_of="autumn")
    assert_drawn_alike(mine, load_beliefs(CASE, "council", draws=60, sets=["fence_gain=1..3"], as_of="autumn"))
    assert "1 of them moved by this worldview" in mine.rests_on()
    write(folder, "dated", f'based_on = "mine"\nas_of = "autumn"\n{JUMPED}')
    dated = load_beliefs(CASE, "dated", draws=60, priors=folder)
    assert dated.documents.date == Documents.of(CASE, folder, "autumn").date
    both = ["fence_gain=1..3", "jumped=0.2..0.6"]
    assert_drawn_alike(dated, load_beliefs(CASE, "council", draws=60, sets=both, as_of="autumn"))
    with pytest.raises(InputError, match=r"dated\.toml: as_of: found 'autumn', and was asked as of spring"):
        load_beliefs(CASE, "dated", draws=60, priors=folder, as_of="spring")


def test_a_part_that_is_a_patch_on_a_camp_has_both(folder: Path) -> None:
    """What both move is the document's; what the part moves alone stays, and is counted as the part's."""
    part = write(
        folder, "elders", f'based_on = "millers"\n{JUMPED}[parameters.sown_before]\nnil = 0.1\nreason = "R."\n'
    )
    (folder / "worldviews" / "house.toml").write_text('description = "H."\n[parts]\nelders = 1\nmillers = 3\n')
    write(folder, "mine", f'based_on = "house"\n{JUMPED.replace("0.2", "0.3")}')
    mine = load_beliefs(CASE, "mine", draws=80, priors=folder)
    assert_drawn_alike(mine, load_beliefs(CASE, "house", draws=80, priors=folder, sets=["jumped=0.3..0.6"]))
    assert {one.priors.worldview: one.priors.reranked for one in mine.members} == {
        part: frozenset({"jumped", "sown_before"}),
        "millers": frozenset({"jumped"}),
    }
    assert ", 1 of them moved by this worldview, moved by worldviews: 1 by elders;" in mine.rests_on()


# What it is called, and what is said of it ------------------------------------------------------------------------


def test_it_is_a_mixture_under_its_own_name_whose_members_keep_theirs(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(f'description = "D."\nbased_on = "council"\nphrase = "the council of mine"\n{FENCE}')
    mine = load_beliefs(CASE, str(path), draws=60, priors=folder)
    assert (mine.worldview, mine.kind, mine.description, mine.phrase) == (
        "mine",
        "mixture",
        "D.",
        "the council of mine",
    )
    assert mine.weights == load_beliefs(CASE, "council", draws=60).weights
    about, shelf = mine.provenance(), folder / "worldviews"
    assert about["mixture"] == {"mine": Documents.of(CASE, folder).mixture(str(path)).digest}  # type: ignore[union-attr]
    for name in (path, *(shelf / f"{name}.toml" for name in ("council", "farmer", "millers"))):
        place = str(name if name == path else name.relative_to(folder))
        assert len(about["priors"][place]) == 64, place
    said = mine.rests_on()
    assert "the worldview 'mine' as of spring 1400: " in said
    assert ", 1 of them moved by this worldview, moved by worldviews: 1 by farmer;" in said
    again = load_beliefs(CASE, str(path), draws=60, priors=folder, sets=["fence_gain=1..2", "jumped=0.2..0.4"])
    assert "moved by this worldview" not in again.rests_on()
    assert "beside 2 changed here" in again.rests_on()


def test_in_a_mixture_with_others_its_parts_bear_its_name(folder: Path, tmp_path: Path) -> None:
    path = document(tmp_path / "mine.toml", {"fence_gain": (1.0, 3.0)})
    mixed = load_beliefs(CASE, f"0.5*{path} + 0.5*forester", draws=60, priors=folder)
    assert mixed.weights == pytest.approx({"millers (mine)": 1 / 6, "farmer (mine)": 1 / 3, "forester": 0.5})
    whose, other = mixed.parameters["worldview"].values, load_beliefs(CASE, "forester", draws=60, priors=folder)
    mine = load_beliefs(CASE, "farmer", draws=60, priors=folder, sets=["fence_gain=1..3"])
    for name, alone in (("forester", other), ("farmer (mine)", mine)):
        here = whose == name
        assert mixed.parameters["fence_gain"].values[here] == pytest.approx(alone.parameters["fence_gain"].values[here])
    beside = load_beliefs(CASE, f"0.25*{path} + 0.75*council", draws=60, priors=folder)
    assert beside.weights == pytest.approx(
        {"millers": 0.25, "millers (mine)": 1 / 12, "farmer": 0.5, "farmer (mine)": 1 / 6}
    )
    with pytest.raises(InputError, match="found 'farmer' twice in a mixture"):
        load_beliefs(CASE, f"0.5*{path} + 0.5*{tmp_path / 'village' / '..' / 'mine.toml'}", draws=60, priors=folder)
    (tmp_path / "other").mkdir()
    same = document(tmp_path / "other" / "mine.toml", {"fence_gain": (1.0, 2.0)})
    both = load_beliefs(CASE, f"0.5*{path} + 0.5*{same}", draws=60, priors=folder)
    assert set(both.weights) == {f"{part} ({where})" for part in ("farmer", "millers") for where in (path, same)}


@pytest.mark.parametrize("place", ["mine.toml", "deep/down/mine.toml", "village/worldviews/mine.toml"])
@pytest.mark.parametrize("based_on", ["almanac", "farmer", "millers", "council"])
def test_its_phrase_is_used_wherever_it_stands_unless_it_is_that_of_another(
    tmp_path: Path, folder: Path, toc: Toc, monkeypatch: pytest.MonkeyPatch, place: str, based_on: str
) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path(place)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = f'description = "D."\nbased_on = "{based_on}"\nphrase = "what I say"\n{FENCE}'
    path.write_text(text, encoding="utf-8")
    for name in (place, path.resolve()):
        words = [*VILLAGE, "run", "--worldview", name, "--draws", 20, "--priors", folder]
        assert "Under what I say as of spring 1400, moving" in " ".join(toc(*words)[1].split())
    if "worldviews" in place:
        return
    path.write_text(text.replace("what I say", "what millers say"), encoding="utf-8")
    assert "Under the worldview 'mine' as of spring 1400" in " ".join(toc(*words)[1].split())


# Once more --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("worldview", ["mine.toml", "0.5*mine.toml + 0.5*council", "0.5*mine.toml + 0.5*almanac"])
def test_a_saved_run_comes_back_and_is_the_same_once_more(
    tmp_path: Path, folder: Path, toc: Toc, monkeypatch: pytest.MonkeyPatch, worldview: str
) -> None:
    monkeypatch.chdir(tmp_path)
    path = document(Path("mine.toml"), {"fence_gain": (1.0, 3.0)})
    words = ["run", "--worldview", worldview, "--draws", 60, "--priors", "village", "--set", "jumped=0.3..0.6"]
    assert toc(*VILLAGE, *words, "--save", "kept.json", "--out", "kept.nc")[0] == 0
    for kept in ("kept.json", "kept.nc"):
        code, out, _ = toc(*VILLAGE, "rerun", kept, "--json")
        assert (code, json.loads(out)["identical"], json.loads(out)["inputs"]) == (0, True, [])
    loaded = load("kept.nc")
    assert isinstance(loaded, Run)
    found = loaded.beliefs
    assert (found.worldview, found.rests_on()) == tuple(
        json.loads(Path("kept.json").read_text())["figures"][x] for x in ("worldview", "rests_on")
    )
    document(path, {"fence_gain": (1.0, 4.0)})
    with pytest.raises(InputError, match="have changed since"):
        load("kept.nc")
    for kept in ("kept.json", "kept.nc"):
        code, out, _ = toc(*VILLAGE, "rerun", kept, "--json")
        assert (code, json.loads(out)["identical"]) == (1, False)
        assert any(one["name"].endswith("mine.toml") for one in json.loads(out)["inputs"])
    document(path, {"fence_gain": (1.0, 3.0)})
    edit(folder / "worldviews" / "council.toml", "farmer = 2", "farmer = 3")
    code, out, _ = toc(*VILLAGE, "rerun", "kept.json", "--json")
    assert code == 1
    assert any(one["name"].endswith("council.toml") for one in json.loads(out)["inputs"])


# Refused ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "fragments"),
    [
        ('based_on = "council"\n[parameters.fense_gain]\nnil = 0.1\nreason = "R."', ["did you mean 'fence_gain'?"]),
        (
            'based_on = "council"\n[parameters.jumped]\nquantiles = { q05 = 0.2, q95 = 1.6 }\nreason = "R."',
            ["parameters.jumped: quantiles: found q95 = 1.6"],
        ),
        (
            'based_on = "council"\n[[correlations]]\nbetween = ["jumped", "toil"]\nvalue = 0.1\nreason = "R."',
            ["correlations: found some on 'council', a mixture, whose parts have their own; allowed: none"],
        ),
        (
            'based_on = "council"\n[[evidence]]\nsource_id = "s"\ndigest = "1"\nverified = "yes"',
            ["evidence: found some on 'council', a mixture"],
        ),
        (
            'based_on = "council"\n[says]\noutcome = "harvest"\nquantiles = { q05 = 3, q95 = 9 }\nsource = "S."\n\
verified = "yes"\nnote = "N."',
            ["based_on: found 'council', a mixture; allowed for a camp: a worldview that is none"],
        ),
        ('based_on = "council"\nas_of = "winter"', ["as_of: unknown date 'winter'"]),
        ('based_on = "counsil"', ["based_on: unknown worldview 'counsil'; did you mean 'council'?"]),
    ],
)
def test_what_can_not_lie_over_each_part_is_refused(
    folder: Path, tmp_path: Path, toc: Toc, text: str, fragments: list[str]
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(f'description = "D."\n{text}\n', encoding="utf-8")
    words = ["--worldview", path, "--priors", folder, "--draws", 20]
    assert_refused(toc(*VILLAGE, "run", *words), f"{path}: ", *fragments)
    assert_refused(toc(*VILLAGE, "worldviews", "check", path, "--priors", folder), f"{path}: ", *fragments)


def test_circles_and_mixtures_of_mixtures_are_refused(folder: Path) -> None:
    write(folder, "mine", f'based_on = "council"\n{FENCE}')
    edit(folder / "worldviews" / "council.toml", "millers = 1", "mine = 1")
    with pytest.raises(InputError, match=r"council\.toml: parts: found 'mine', a mixture itself"):
        load_beliefs(CASE, "mine", draws=20, priors=folder)
    write(folder, "mine", 'based_on = "yours"')
    write(folder, "yours", 'based_on = "mine"')
    with pytest.raises(InputError, match="found a circle: mine on yours on mine"):
        load_beliefs(CASE, "mine", draws=20, priors=folder)


def test_draws_of_a_posterior_have_no_patches(folder: Path) -> None:
    edit(folder / "worldviews" / "council.toml", "millers = 1", '"learnt.nc" = 1')
    write(folder, "mine", f'based_on = "council"\n{FENCE}')
    with pytest.raises(InputError, match=r"mine\.toml: based_on: .*'council' with the posterior 'learnt\.nc'"):
        load_beliefs(CASE, "mine", draws=20, priors=folder)


def test_what_needs_one_prior_refuses_it(folder: Path, tmp_path: Path, toc: Toc) -> None:
    path = document(tmp_path / "mine.toml", {"fence_gain": (1.0, 3.0)})
    documents = Documents.of(CASE, folder)
    assert not documents.has_density(str(path))
    with pytest.raises(InputError, match=r"mine\.toml: based on 'council', and a mixture has no one prior"):
        documents.priors(str(path))
    with pytest.raises(InputError, match="mine: a mixture of worldviews has no one prior"):
        _ = load_beliefs(CASE, str(path), draws=20, priors=folder).priors
    for words in (["priors"], ["update", "answers.csv", "--out", "learnt.nc"], ["elicit", "new", "--out", "panel"]):
        assert_refused(toc(*VILLAGE, *words, "--worldview", path, "--priors", folder), "mine", "mixture")


def test_a_mixture_of_one_is_not_updated_without_what_lies_over_it(folder: Path) -> None:
    edit(folder / "worldviews" / "council.toml", "farmer = 2\nmillers = 1", "farmer = 1")
    mine = write(folder, "mine", f'based_on = "council"\n{FENCE}')
    found = load_beliefs(CASE, mine, draws=20, priors=folder)
    assert (found.worldview, found.phrase) == ("mine", "the worldview 'mine'")
    with pytest.raises(InputError, match="update: found 'mine', which is based on a mixture"):
        fail_if_not_updatable(found.documents, found.priors)


# Written and checked ----------------------------------------------------------------------------------------------


def test_one_is_written_to_be_edited_and_checked(tmp_path: Path, toc: Toc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert toc("worldviews", "new", "mine", "--based-on", "panel")[0] == 0
    path = Path("mine.toml")
    text = path.read_text(encoding="utf-8")
    assert "# It mixes worldviews: what you change is changed in each of them." in text
    entry = "# [parameters.severity]"
    assert entry in text
    before, _, after = text.partition(entry)
    head, quantiles, reason, rest = after.split("\n", 3)
    changed = [entry[2:] + head, quantiles[2:].replace("q95 = 0.94", "q95 = 0.9"), 'reason = "R."', rest]
    path.write_text(before + "\n".join(changed), encoding="utf-8")
    assert reason == '# reason = ""'
    found = json.loads(toc("worldviews", "check", "mine.toml", "--json")[1])
    assert {name: list(part["entries"]) for name, part in found["parts"].items()} == {
        name: ["severity"] for name in ("ml_authors", "safety_leaders", "superforecasters")
    }
    told = " ".join(toc("worldviews", "check", "mine.toml")[1].split())
    assert "“mine” can be used: it mixes 3 worldviews" in told
    assert told.count("assumption R.") == 1
    mixed = json.loads(toc("worldviews", "check", "0.5*mine.toml + 0.5*panel", "--json")[1])
    assert len(mixed["parts"]) == 6


def test_the_folders_own_are_checked_and_told_with_the_others(folder: Path, toc: Toc) -> None:
    write(folder, "mine", f'based_on = "council"\n{FENCE}')
    told = " ".join(toc(*VILLAGE, "priors", "check", "--priors", folder)[1].split())
    assert "farmer (mine) (0 of 1), millers (mine) (0 of 1)" in told
    told = toc(*VILLAGE, "worldviews", "--priors", folder, "--draws", 40)[1]
    assert "mine (mixture): For a test." in told
    write(folder, "mine", f'based_on = "council"\n{FENCE.replace("q95 = 3.0", "q95 = 0.5")}')
    assert_refused(toc(*VILLAGE, "priors", "check", "--priors", folder), "mine.toml: parameters.fence_gain: quantiles")


def test_under_rivals_it_keeps_what_lies_over_its_parts(folder: Path, tmp_path: Path, toc: Toc) -> None:
    path = document(tmp_path / "mine.toml", {"fence_gain": (1.0, 3.0)})
    words = ["structure", "--draws", 40, "--priors", folder, "--json"]
    code, out, _ = toc(*VILLAGE, *words, "--worldview", path)
    assert code == 0
    wanted = json.loads(toc(*VILLAGE, *words, "--worldview", "council", "--set", "fence_gain=1..3")[1])
    names = [name for name in wanted if name not in ("rests_on", "provenance", "worldview")]
    assert {name: json.loads(out)[name] for name in names} == {name: wanted[name] for name in names}


def test_the_shipped_panel_with_numbers_on_the_command_line(tmp_path: Path, toc: Toc) -> None:
    path = document(tmp_path / "mine.toml", {"agi_year": (4.0, 20.0)}, 'based_on = "panel"\nas_of = "late_2022"')
    words = ["run", "--draws", 200, "--only", "recommended", "--json", "--worldview"]
    mine, panel = (json.loads(toc(*words, *more)[1]) for more in ([path], ["panel", "--set", "agi_year=4..20"]))
    assert mine["allocations"] == panel["allocations"]
    found = DOCUMENTS.mixture("panel")
    assert found
    assert mine["provenance"]["priors"]["worldviews/panel.toml"] == found.digest
    assert (mine["worldview"], mine["provenance"]["weights"]) == ("mine", panel["provenance"]["weights"])
