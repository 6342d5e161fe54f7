"""Mixtures: documents with parts, mixtures of these on the command line, and what they are called."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from tests.beliefs.village import copied, edit, read, write
from tests.conftest import Toc
from tests.refused import assert_refused
from tests.shipped import DOCUMENTS, load_beliefs
from tests.toy import CASE
from toc_model.beliefs.loading import load_beliefs as load_any_beliefs
from toc_model.beliefs.mixture import weights_of
from toc_model.beliefs.parts import Part
from toc_model.beliefs.shipped import Documents
from toc_model.errors import InputError

CAMPS = ("ml_authors", "safety_leaders", "superforecasters")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The village with farmers who state no correlation, which its two factors would forbid."""
    found = copied(tmp_path)
    farmer = found / "worldviews" / "farmer.toml"
    farmer.write_text(farmer.read_text(encoding="utf-8").partition("[[correlations]]")[0], encoding="utf-8")
    return found


# Parts ------------------------------------------------------------------------------------------------------------


def test_parts_are_shares_of_their_sum(folder: Path) -> None:
    found = Documents.of(CASE, folder).mixture("council")
    assert found
    assert found.weights == pytest.approx({"farmer": 2 / 3, "millers": 1 / 3}, abs=1e-15)
    assert sum(found.weights.values()) == pytest.approx(1, abs=1e-15)
    assert (found.name, found.phrase) == ("council", "the council, two farmers and a miller")
    assert Documents.of(CASE, folder).mixture("farmer") is None
    edit(folder / "worldviews" / "council.toml", "farmer = 2\nmillers = 1", "farmer = 0.5\nmillers = 0.25")
    again = Documents.of(CASE, folder).mixture("council")
    assert again
    assert (again.weights, again.digest == found.digest) == (found.weights, False)


def test_each_draw_is_that_of_the_part_it_comes_from(folder: Path) -> None:
    mixed = load_any_beliefs(CASE, "council", draws=300, priors=folder)
    whose = mixed.parameters["worldview"].values
    assert {name: int((whose == name).sum()) for name in ("farmer", "millers")} == {"farmer": 200, "millers": 100}
    for name in ("farmer", "millers"):
        alone, here = load_any_beliefs(CASE, name, draws=300, priors=folder).parameters, whose == name
        for parameter in CASE.story.parameters:
            np.testing.assert_array_equal(mixed.parameters[parameter].values[here], alone[parameter].values[here])


def test_the_panel_is_three_camps_in_equal_parts() -> None:
    panel = load_beliefs(draws=300)
    assert (panel.worldview, panel.kind) == ("panel", "mixture")
    assert [member.priors.worldview for member in panel.members] == list(CAMPS)
    assert [member.weight for member in panel.members] == pytest.approx([1 / 3] * 3)
    whose = panel.parameters["worldview"].values
    assert [int((whose == name).sum()) for name in CAMPS] == [100] * 3
    assert panel.description.startswith("Three groups that were asked")
    assert panel.phrase == "a panel of three surveyed groups in equal parts"


@pytest.mark.parametrize(
    ("old", "new", "fragments"),
    [
        ("millers = 1", "millers = 0", ["parts: millers: found 0; allowed: a positive number"]),
        ("millers = 1", "millers = -1", ["parts: millers: found -1; allowed: a positive number"]),
        ("millers = 1", "millers = nan", ["parts.millers: found nan", "finite"]),
        ("millers = 1", "millers = inf", ["parts.millers: found inf", "finite"]),
        (
            "farmer = 2\nmillers = 1",
            "farmer = 1e308\nmillers = 1e308",
            ["parts: found a sum of inf; allowed: a fin"],
        ),
        ("millers = 1", 'millers = "1"', ["parts.millers: found '1'", "number"]),
        ("millers = 1", "milers = 1", ["parts: unknown worldview 'milers'; did you mean 'millers'?"]),
        ("millers = 1", '"nowhere.toml" = 1', ["nowhere.toml: can't be read"]),
        ("millers = 1", "council = 1", ["parts: found 'council', a mixture itself"]),
        ("millers = 1", "board = 1", ["parts: found 'board', a mixture itself; allowed: worldviews that are none"]),
        ("farmer = 2\nmillers = 1", "", ["parts: found {}"]),
        ("[parts]", 'based_on = "farmer"\n[parts]', ["unknown entry 'based_on'", "description, phrase, parts"]),
        ("[parts]", 'as_of = "autumn"\n[parts]', ["unknown entry 'as_of'"]),
        ("description = ", "descripton = ", ["unknown entry 'descripton'; did you mean 'description'?"]),
    ],
)
def test_parts_that_can_not_be_are_refused(folder: Path, old: str, new: str, fragments: list[str]) -> None:
    (folder / "worldviews" / "board.toml").write_text('description = "D."\n[parts]\nfarmer = 1\n', encoding="utf-8")
    path = folder / "worldviews" / "council.toml"
    edit(path, old, new)
    with pytest.raises(InputError) as refusal:
        load_any_beliefs(CASE, "council", draws=5, priors=folder)
    message = str(refusal.value)
    assert message.startswith((f"{path}: ", "nowhere.toml: "))
    assert [fragment for fragment in fragments if fragment not in message] == []
    assert "\n" not in message


def test_a_mixture_has_no_one_prior_and_nor_has_what_is_based_on_it(folder: Path) -> None:
    with pytest.raises(InputError, match=r"council\.toml: a mixture has no one prior"):
        read(folder, "council")
    with pytest.raises(InputError, match=r"mine\.toml: based on 'council', and a mixture has no one prior"):
        read(folder, write(folder, "mine", 'based_on = "council"'))
    with pytest.raises(InputError, match="panel: a mixture of worldviews has no one prior"):
        _ = load_beliefs(draws=10).priors


def test_a_part_may_be_a_document_of_one_s_own(folder: Path, tmp_path: Path) -> None:
    own, mixed = tmp_path / "mine.toml", tmp_path / "both.toml"
    own.write_text('description = "Mine."\n', encoding="utf-8")
    mixed.write_text(f'description = "Both."\n[parts]\n"{own}" = 3\nfarmer = 1\n', encoding="utf-8")
    found = load_any_beliefs(CASE, str(mixed), draws=40, priors=folder)
    assert found.worldview == "both"
    assert {name: int((found.parameters["worldview"] == name).sum()) for name in ("mine", "farmer")} == {
        "mine": 30,
        "farmer": 10,
    }


# On the command line ----------------------------------------------------------------------------------------------


def named(weights: Mapping[Part, float]) -> dict[str, float]:
    return {part.named: weight for part, weight in weights.items()}


def test_a_mixture_of_a_mixture_is_one_of_its_parts() -> None:
    weights = named(weights_of("0.5*panel + 0.5*essay", DOCUMENTS.weights))
    assert weights == pytest.approx({**dict.fromkeys(CAMPS, 1 / 6), "essay": 0.5})
    overlapping = named(weights_of("0.25*panel + 0.75*ml_authors", DOCUMENTS.weights))
    assert overlapping == pytest.approx({"ml_authors": 10 / 12, "safety_leaders": 1 / 12, "superforecasters": 1 / 12})
    assert list(overlapping) == list(CAMPS)
    mixed = load_beliefs("0.5*panel + 0.5*essay", draws=60)
    whose = mixed.parameters["worldview"].values
    assert {name: int((whose == name).sum()) for name in (*CAMPS, "essay")} == {**dict.fromkeys(CAMPS, 10), "essay": 30}
    assert mixed.worldview == "16.7 % ml_authors + 16.7 % safety_leaders + 16.7 % superforecasters + 50 % essay"
    assert mixed.mixture is None


@pytest.mark.parametrize(
    ("text", "fragments"),
    [
        ("0.5*panel+0.5*nobody", ["unknown worldview 'nobody'"]),
        ("0.5*panel+0.5*neutral", ["'neutral', which is of an earlier model; allowed: base or panel"]),
        ("0.5*panel+0.6*essay", ["add up to 1.1; allowed: 1"]),
        ("0.5*panel+0.5*panel", ["'panel' twice"]),
    ],
)
def test_mixtures_that_can_not_be_are_refused(toc: Toc, text: str, fragments: list[str]) -> None:
    assert_refused(toc("run", "--draws", 5, "--worldview", text), *fragments)


def test_titles_and_json_have_the_name_of_the_mixture(toc: Toc) -> None:
    code, out, _ = toc("run", "--draws", 20, "--worldview", "panel", "--only", "recommended")
    assert code == 0
    text = " ".join(out.split())
    assert "worldview 'panel' as of late 2022 (20 paired draws, seed 1)" in text
    assert "Under a panel of three surveyed groups in equal parts as of late 2022, moving from" in text
    assert "moved by worldviews" not in text
    assert "each draw of the parameters comes from one of the worldviews" in text
    found = json.loads(toc("run", "--draws", 20, "--worldview", "panel", "--only", "recommended", "--json")[1])
    assert found["worldview"] == found["provenance"]["worldview"] == "panel"
    panel = DOCUMENTS.mixture("panel")
    assert panel
    assert found["provenance"]["mixture"] == {"panel": panel.digest}
    assert {f"worldviews/{name}.toml" for name in CAMPS} <= set(found["provenance"]["priors"])
    both = json.loads(toc("run", "--draws", 20, "--worldview", "0.5*base+0.5*critic", "--json")[1])
    assert both["worldview"] == "50 % base + 50 % critic"
    assert "mixture" not in both["provenance"]
