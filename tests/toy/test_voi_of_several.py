"""What to ask next under several worldviews: each as it is alone, and beside each other."""

import pickle
from pathlib import Path
from typing import Any

import pytest

import toc_model as toc
from tests.toy import CASE
from tests.toy.conftest import Ask
from toc_model.beliefs.beliefs import Beliefs
from toc_model.errors import InputError
from toc_model.questions.voi import Voi
from toc_model.questions.voi.several import VoiOfSeveral

NAMES = ["almanac", "farmer"]
HOW: dict[str, Any] = {"experts": [5, 50], "cost": 0.1}


@pytest.fixture(scope="module")
def held() -> list[Beliefs]:
    return [toc.beliefs(name, draws=300, case=CASE) for name in NAMES]


@pytest.fixture(scope="module")
def alone(held: list[Beliefs]) -> list[Voi]:
    return [toc.voi(one, **HOW) for one in held]


@pytest.fixture(scope="module")
def beside(held: list[Beliefs]) -> VoiOfSeveral:
    return toc.voi(held, **HOW)


def test_each_worldview_is_valued_as_it_is_alone(alone: list[Voi], beside: VoiOfSeveral) -> None:
    assert [one.to_dict() for one in beside.found] == [one.to_dict() for one in alone]
    assert beside.to_dict() == {"worldviews": {one.beliefs.worldview: one.to_dict() for one in alone}}
    for one in alone:
        own: Any = beside.to_dataframe().loc[one.beliefs.worldview]
        assert own.equals(one.to_dataframe())
    assert repr(beside) == "<VoiOfSeveral: worldviews 'almanac', 'farmer'>"


def test_what_travels_is_whole(alone: list[Voi]) -> None:
    for one in alone:
        back = pickle.loads(pickle.dumps(one))  # noqa: S301
        assert back.to_dict() == one.to_dict()
        assert str(back) == str(one)


def test_values_stand_beside_each_other(alone: list[Voi], beside: VoiOfSeveral) -> None:
    tables = {table.caption.partition(",")[0]: table for table in beside.section(top=3).tables}
    known = tables["Knowing a parameter"]
    assert known.headings == ["parameter", *NAMES]
    assert len(known.rows) == 3
    values = {one.beliefs.label_of(name): value.value for one in alone for name, value in one.parameters.items()}
    assert {str(row[0]) for row in known.rows} <= values.keys()
    for place, one in enumerate(alone, start=1):
        own = {one.beliefs.label_of(name): value.value for name, value in one.parameters.items()}
        assert [getattr(row[place], "value", None) for row in known.rows] == [own[str(row[0])] for row in known.rows]
    first = [max(getattr(cell, "value", 0.0) for cell in row[1:]) for row in known.rows]
    assert first == sorted(first, reverse=True)
    assert {"Knowing everything", "Asking 50 experts", "Net benefit at best"} <= tables.keys()
    text = str(beside)
    assert text.count("Information is worth something to this choice only if it could change it.") == 1
    for one in alone:
        assert one.beliefs.rests_on().split(":")[0] in " ".join(text.split())


def test_what_one_worldview_is_certain_of_is_blank(held: list[Beliefs]) -> None:
    certain = held[1].with_(jumped=0.3, reason="a test")
    found = toc.voi([held[0], certain], experts=[5])
    (row,) = (row for row in found.section().tables[1].rows if row[0] == held[0].label_of("jumped"))
    assert row[1]
    assert row[2] == ""


def test_progress_is_told_by_worldview(held: list[Beliefs]) -> None:
    seen: list[tuple[int, int]] = []
    toc.voi(held, parameters=["jumped"], experts=[5], progress=lambda *told: seen.append(told))
    assert seen == [(1, 2), (2, 2)]


def test_the_command_gives_figures_by_worldview(ask: Ask, tmp_path: Path) -> None:
    import json

    words = ("voi", "--draws", 200, "--parameters", "jumped", "--claims", "none", "--survey", "none")
    one, both = (json.loads(ask(*words, *also, "--json")) for also in ((), ("--also", "farmer")))
    assert list(both["worldviews"]) == NAMES
    assert both["worldviews"]["almanac"] == one
    picture = tmp_path / "voi.svg"
    said = ask(*words, "--also", "farmer", "--out", picture)
    assert "under farmer" in said
    assert "farmer" in picture.read_text()


def test_a_worldview_stands_there_once(held: list[Beliefs]) -> None:
    with pytest.raises(InputError, match="worldviews: found one twice in almanac, almanac"):
        toc.voi([held[0], held[0]])
