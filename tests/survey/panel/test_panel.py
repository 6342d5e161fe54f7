"""The document of a panel: what it may say, and what is refused by name."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.survey.panel.small import CHIPS, EVENT, LENGTH, SEED, SHARE, panel_of
from toc_model.documents import checked
from toc_model.errors import InputError
from toc_model.survey.panel.making import read_seeds
from toc_model.survey.panel.panel import Panel, panel_text, read_panel

PAIR = {
    "name": "both",
    "between": ["length", "share"],
    "form": "concordance",
    "wording": "Together?",
    "unit": "probability",
    "lower": 0.0,
    "upper": 1.0,
}


def test_it_comes_back_as_it_was_written(tmp_path: Path) -> None:
    panel = panel_of(SEED, LENGTH, SHARE, EVENT, CHIPS, PAIR, population='two "friends" and Ünal')
    (tmp_path / "panel.toml").write_text(panel_text(panel), encoding="utf-8")
    assert read_panel(tmp_path) == panel
    assert read_panel(tmp_path / "panel.toml") == panel


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"experts": ["Ada", "Ada"]}, "experts: found 'Ada' 2 times"),
        ({"experts": ["consensus"]}, "'consensus'"),
        ({"rounds": ["consensus", "1"]}, "'consensus'"),
        ({"rounds": []}, "rounds"),
        ({"levels": [95.0, 5.0]}, "levels: allowed: per cents between 0 and 100 that rise"),
        ({"levels": [0.0, 50.0]}, "levels"),
        ({"name": "a/b"}, "name"),
        ({"questions": [LENGTH, LENGTH]}, "questions: found 'length' 2 times"),
        ({"questions": [LENGTH | {"upper": 0.0}]}, "lower: found 0 and upper 0"),
        ({"questions": [LENGTH | {"about": ""}]}, "about: found nothing"),
        ({"questions": [LENGTH | {"edges": [0.0, 1.0]}]}, "edges: found 2 for quantiles"),
        ({"questions": [CHIPS | {"edges": [0.0, 0.0, 1.0]}]}, "edges: found 0, 0, 1"),
        ({"questions": [SEED | {"truth": -1.0}]}, "truth: found -1"),
        ({"questions": [EVENT | {"truth": 0.5}]}, "truth: found 0.5"),
        ({"questions": [PAIR | {"between": ["length"]}]}, "between: found length"),
        (
            {"questions": [PAIR, PAIR | {"name": "again", "between": ["share", "length"]}]},
            "found the pair length and share twice",
        ),
        ({"questions": [LENGTH | {"between": ["length", "share"]}]}, "between"),
        (
            {"conditionals": [{"whole": "rain", "condition": "length", "given": "rain", "given_not": "rain"}]},
            "found 'length'",
        ),
    ],
)
def test_what_can_t_be_meant_is_refused(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError, match=r"panel\.toml") as refused:
        panel_of(**changes) if "questions" not in changes else panel_of(*changes["questions"])
    assert told in str(refused.value)


def test_right_answers_are_in_no_sheet_and_seeds_are_told_apart() -> None:
    panel = panel_of(SEED, LENGTH)
    assert [one.name for one in panel.seeds] == ["s1"]
    assert [one.name for one in panel.asked] == ["length"]
    assert "below 8" in panel.warnings[0]
    assert panel_of(LENGTH).warnings == ()
    assert panel_of(*(SEED | {"name": f"s{k}"} for k in range(8))).warnings == ()


def test_seeds_are_read_from_a_table(tmp_path: Path) -> None:
    path = tmp_path / "seeds.csv"
    path.write_text('question,wording,unit,truth,scale\ns1,"How tall, really?",metres,12,log\n', encoding="utf-8")
    (seed,) = read_seeds(path)
    assert (seed.name, seed.truth, seed.scale, seed.wording) == ("s1", 12.0, "log", "How tall, really?")


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("s1,How?,metres,,", "row 2: truth: found nothing"),
        ("s1,How?,metres,tall,", "row 2: truth: found 'tall'"),
        ("s1,How?,metres,3,cubic", "row 2: scale: found 'cubic'"),
        ("s1,,metres,3,", "row 2: wording"),
    ],
)
def test_seeds_that_are_none_are_refused(tmp_path: Path, row: str, told: str) -> None:
    path = tmp_path / "seeds.csv"
    path.write_text(f"question,wording,unit,truth,scale\n{row}\n", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_seeds(path)
    assert str(path) in str(refused.value)
    assert told in str(refused.value)


def test_a_document_of_somebody_s_own_may_leave_out_what_is_usual() -> None:
    text = panel_text(panel_of())
    kept = tomllib.loads("\n".join(line for line in text.splitlines() if not line.startswith(("population", "as_of"))))
    assert checked(Panel, kept, "x") == panel_of()
