"""Studies of EXCALIBUR."""

import math
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.survey.panel.formats.panels import PANEL, by_expert, panel_of, told, values, written
from toc_model.errors import InputError
from toc_model.statistics.pooling.cooke import scores, study
from toc_model.survey.panel.formats.excalibur import UNIT, read, read_panel_of, read_study
from toc_model.survey.panel.formats.excalibur_text import read_assessments, read_realisations
from toc_model.survey.panel.panel import Panel, panel_text, read_panel

LEVELS = (5, 50, 95)


def number(value: float) -> str:
    """A number as EXCALIBUR writes it: with a sign's place, six digits and four of the exponent."""
    mantissa, exponent = f"{-999.5 if math.isnan(value) else value:.5E}".split("E")
    return f"{float(mantissa):8.5f}E{exponent[0]}{int(exponent[1:]):04d}"


def dtt(
    said: Mapping[str, Mapping[str, Sequence[float]]], scales: Mapping[str, str], levels: Sequence[int] = LEVELS
) -> str:
    """A file of assessments: quantiles by expert and item."""
    head = f"* CLASS ASCII OUTPUT FILE. NQ={len(levels):4d}   QU={''.join(f'{level:4d}' for level in levels)}"
    lines = [
        f"{i:5d} {expert:>8.8s} {k:4d} {item:>14.14s} {scales[item]} "
        + " ".join(map(number, own))
        + (f" {f'What is {item}?':>173s} " if i == 1 else " ")
        for i, (expert, all_) in enumerate(said.items(), start=1)
        for k, (item, own) in enumerate(((item, all_[item]) for item in scales), start=1)
    ]
    return "\r\n".join([head, *lines]) + "\r\n"


def rls(true: Mapping[str, float], scales: Mapping[str, str]) -> str:
    """A file of realisations."""
    return "".join(
        f"{k:5d} {item:>14.14s} {number(value)} {scales[item]} {f'What is {item}?':>173s} \r\n"
        for k, (item, value) in enumerate(true.items(), start=1)
    )


SCALES = {"height": "log", "rain": "UNI", "free": "Uni"}
SAID: dict[str, dict[str, tuple[float, ...]]] = {
    "ann": {"height": (0.01, 30, 80), "rain": (10, 20, 30), "free": (-40, 0, 1.5)},
    "ben": {"height": (5, 20, 60), "rain": (1, 2, 3), "free": (math.nan,) * 3},
}
TRUE = {"height": 47.0, "rain": math.nan, "free": math.nan}
TEXT = dtt(SAID, SCALES)


def pair(folder: Path, said: str = TEXT, true: str = rls(TRUE, SCALES)) -> Path:
    """A file of assessments, with realisations beside it."""
    written(folder, true, "study.rls")
    return written(folder, said, "study.dtt")


def test_the_layout_is_that_of_the_data_base() -> None:
    head, first, second = TEXT.splitlines()[:3]
    assert head == "* CLASS ASCII OUTPUT FILE. NQ=   3   QU=   5  50  95"
    assert first.startswith("    1      ann    1         height log  1.00000E-0002  3.00000E+0001  8.00000E+0001 ")
    assert second.startswith("    1      ann    2           rain UNI  1.00000E+0001  2.00000E+0001  3.00000E+0001 ")
    assert rls(TRUE, SCALES).startswith("    1         height  4.70000E+0001 log ")
    assert "    2           rain -9.99500E+0002 UNI " in rls(TRUE, SCALES)


def test_answers_are_read(tmp_path: Path) -> None:
    said = read(pair(tmp_path), PANEL, round_="2")
    assert told(said) == {
        ("2", expert, item): dict(zip((0.05, 0.5, 0.95), own, strict=True))
        for expert, all_ in SAID.items()
        for item, own in all_.items()
        if not math.isnan(own[0])
    }
    assert {one.note for one in said} == {""}


def test_decimal_commas_signs_of_windows_and_the_end_of_dos(tmp_path: Path) -> None:
    text = TEXT.replace("E+", "e+").replace(".", ",").replace("FILE,", "FILE.").replace("What is", "€ für")
    path = tmp_path / "study.dtt"
    path.write_bytes(text.encode("cp1252") + b"\x1a")
    said = told(read(path, PANEL, round_="2"))
    assert read_assessments(path).items[0].words == "€ für height?"
    assert said == told(read(pair(tmp_path), PANEL, round_="2"))


def test_long_names_are_found_by_what_is_kept(tmp_path: Path) -> None:
    item, expert = "a_name_of_more_than_fourteen_signs", "somebody_else"
    asked = [{"name": item, "wording": "?", "unit": "m", "about": "it"}]
    path = written(tmp_path, dtt({expert[:8]: {item[:14]: (1, 2, 3)}}, {item[:14]: "uni"}), "study.dtt")
    (said,) = read(path, panel_of(questions=asked, experts=[expert]), round_="1")
    assert said.place == ("1", expert, item)
    assert said.note == "in EXCALIBUR: a_name_of_more, somebody"
    with pytest.raises(InputError, match=r"'somebody', which may be somebody_else or somebody_new; allowed"):
        read(path, panel_of(questions=asked, experts=[expert, "somebody_new"]), round_="1")


def test_an_item_that_begins_with_log_is_no_scale(tmp_path: Path) -> None:
    asked = [{"name": "log reduction", "wording": "?", "unit": "m", "truth": 4.9}]
    scales = {"log reduction": "UNI"}
    path = pair(tmp_path, dtt({"ann": {"log reduction": (1, 2, 3)}}, scales), rls({"log reduction": 4.9}, scales))
    (said,) = read(path, panel_of(questions=asked), round_="1")
    assert said.question == "log reduction"


@pytest.mark.parametrize(("truth", "fits"), [(47.0, True), (47.00004, True), (47.01, False), (46.0, False)])
def test_a_truth_is_the_panels_but_for_digits_left_out(truth: float, fits: bool, tmp_path: Path) -> None:
    seed, *others = PANEL.model_dump()["questions"]
    panel = panel_of(questions=[seed | {"truth": truth}, *others])
    path = pair(tmp_path)
    if fits:
        assert read(path, panel, round_="1")
    else:
        with pytest.raises(
            InputError, match=rf"study.rls: line 1: found 47 as the truth of 'height'; allowed: {truth:g}"
        ):
            read(path, panel, round_="1")


def test_a_truth_is_a_seeds(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="line 2: found 5 as the truth of 'rain'; allowed: for seeds"):
        read(pair(tmp_path, true=rls(TRUE | {"rain": 5.0}, SCALES)), PANEL, round_="1")


def test_a_seeds_scale_is_the_panels(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="line 2: found the scale uniform; allowed: log, as the seed 'height' has it"):
        read(pair(tmp_path, TEXT.replace(" log ", " uni ")), PANEL, round_="1")


@given(by_expert(st.fixed_dictionaries({"height": values(3), "rain": values(3), "free": values(3, -50, 50)})))
def test_what_is_written_is_read_back(said: Mapping[str, Mapping[str, list[float]]]) -> None:
    with TemporaryDirectory() as folder:
        found = told(read(pair(Path(folder), dtt(said, SCALES)), PANEL, round_="1"))
    assert set(found) == {("1", expert, item) for expert, all_ in said.items() for item in all_}
    for (_, expert, item), points in found.items():
        assert list(points) == [0.05, 0.5, 0.95]
        np.testing.assert_allclose(list(points.values()), said[expert][item], rtol=1e-5, atol=1e-9)


# Old studies --------------------------------------------------------------------------------------------------------


def test_an_old_study_is_scored_as_it_is(tmp_path: Path) -> None:
    true = {"height": 47.0, "rain": math.nan, "free": -1.0}
    found = read_study(pair(tmp_path, true=rls(true, SCALES)))
    by_hand = study(
        [list(all_.values()) for all_ in SAID.values()],
        list(true.values()),
        log_scale=[True, False, False],
        experts=list(SAID),
        items=list(SCALES),
    )
    assert (found.experts, found.items) == (by_hand.experts, by_hand.items)
    for name in ("levels", "answers", "realisations", "log_scale"):
        np.testing.assert_array_equal(getattr(found, name), getattr(by_hand, name))
    np.testing.assert_array_equal(scores(found).combined, scores(by_hand).combined)


def old(path: Path, **changed: Any) -> Panel:
    """The panel of an old study."""
    return read_panel_of(path, case="old", worldview="none", made=date(2026, 1, 1), **changed)


def test_an_old_study_becomes_a_panel_that_reads_it(tmp_path: Path) -> None:
    path = pair(tmp_path)
    panel = old(path)
    assert (panel.name, panel.experts, panel.rounds, panel.levels) == ("study", ["ann", "ben"], ["1"], [5, 50, 95])
    assert [one.name for one in panel.seeds] == ["height"]
    height, rain, _ = panel.questions
    assert (height.truth, height.scale, height.lower, height.unit) == (47.0, "log", 0.0, UNIT)
    assert (rain.truth, rain.scale, rain.lower, rain.wording, rain.about) == (
        None,
        "uniform",
        None,
        "What is rain?",
        "rain",
    )
    assert len(read(path, panel, round_="1")) == 5
    document = written(tmp_path, panel_text(panel), "panel.toml")
    assert read_panel(document) == panel
    assert old(path, name="other").name == "other"


def test_realisations_may_be_named(tmp_path: Path) -> None:
    path = written(tmp_path, TEXT, "said.DTT")
    with pytest.raises(InputError, match=r"said.DTT: found no realisations beside it; allowed: .*said.rls"):
        read_study(path)
    true = written(tmp_path, rls(TRUE, SCALES), "true.txt")
    assert read_study(path, true).seeds.tolist() == [True, False, False]
    assert [one.name for one in read_panel_of(path, true, case="c", worldview="w", made=date(2026, 1, 1)).seeds] == [
        "height"
    ]


@pytest.mark.parametrize(
    ("true", "message"),
    [
        (rls({"heigth": 47.0}, {"heigth": "log"}), "line 1: unknown item 'heigth'; did you mean 'height'"),
        (rls(TRUE, SCALES | {"height": "uni"}), "line 1: found the scale uniform; allowed: log, as assessed"),
        (rls(TRUE | {"height": math.nan}, SCALES), "realisations: found none"),
        (rls(TRUE | {"height": -47.0}, SCALES), "height: found -47 on a logarithmic scale"),
    ],
    ids=["an item", "a scale", "none", "below nil"],
)
def test_a_pair_that_does_not_fit_is_refused(true: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        read_study(pair(tmp_path, true=true))
    assert message in str(error.value)
    assert "study." in str(error.value)


# What is refused ----------------------------------------------------------------------------------------------------


def changed(old_: str, new: str, text: str = TEXT) -> str:
    """A file with something else in one place."""
    assert old_ in text
    return text.replace(old_, new, 1)


def without(number_: int) -> str:
    """The file without one of its lines."""
    lines = TEXT.splitlines(keepends=True)
    return "".join([*lines[:number_], *lines[number_ + 1 :]])


BEN = "    2      ben    1         height log  5.00000E+0000"
REFUSED = {
    "nothing": ("", "found nothing; allowed: a file of EXCALIBUR"),
    "blanks": (" \n\n", "found nothing"),
    "a table": ("expert,item\nann,1\n", "line 1: found 'expert,item'; allowed: '* CLASS ASCII"),
    "a header alone": (TEXT.splitlines()[0], "found a header and no assessments"),
    "another number of levels": (changed("NQ=   3", "NQ=   4"), "line 1: QU: found 3 levels; allowed: 4"),
    "levels that fall": (changed("   5  50  95", "  50   5  95"), "line 1: QU: found 50   5  95; allowed"),
    "a level of 100": (changed("   5  50  95", "   5  50 100"), "line 1: QU: found 5  50 100; allowed"),
    "no level": (changed("   5  50  95", "   5  50  nan"), "line 1: QU: found 'nan'; allowed: a number"),
    "no line": (without(4), "found no line for ben's 'height'; allowed: one for each item"),
    "a line twice": (TEXT + TEXT.splitlines()[4], "line 8: found ben's 'height' a second time"),
    "cut off": (TEXT[: TEXT.index(BEN) + 60], "line 5: found 2 quantiles; allowed: 3"),
    "not in its place": (changed(BEN, BEN[1:]), "line 5: found"),
    "a name too long": (changed("1      ann", "1bigdanann"), "line 2: found '    1bigdanann"),
    "an item too long": (changed("           rain", "5 trees or rain"), "line 3: found '    1      ann    25 trees"),
    "another expert": (TEXT.replace("     ben", "     bne"), "line 5: unknown expert 'bne'; did you mean 'ben'"),
    "another item": (TEXT.replace("     rain", "     rian"), "line 3: unknown question 'rian'; did you mean 'rain'"),
    "two names for one": (changed("2      ben", "2      bne"), "expert '2': found bne, ben; allowed: one name"),
    "two numbers for one": (changed("    2      ben", "    3      ben"), "expert 'ben': found 3, 2; allowed: one name"),
    "another scale": (changed(BEN, BEN.replace("log", "uni")), "line 5: found the scale uniform; allowed: log"),
    "no scale": (changed(BEN, BEN.replace("log", "lin")), "line 5: found '    2      ben"),
    "a text": (changed("5.00000E+0000", "five         "), "line 5: found 'five'; allowed: a number"),
    "NaN": (changed("5.00000E+0000", "NaN          "), "line 5: found 'NaN'; allowed: a number"),
    "inf": (changed("5.00000E+0000", "5.00000E+0999"), "line 5: found '5.00000E+0999'; allowed: a number"),
    "out of order": (
        changed("5.00000E+0000", "5.00000E+0009"),
        "line 5: ben: height: found 5e+09 at 5 % and 20 at 50 %",
    ),
    "outside": (changed("1.00000E+0001", "0.00000E+0000"), "line 3: ann: rain: found 0 at 5 %; allowed: above 0"),
}


@pytest.mark.parametrize(("text", "message"), REFUSED.values(), ids=REFUSED)
def test_what_can_not_be_meant_is_refused(text: str, message: str, tmp_path: Path) -> None:
    path = pair(tmp_path, text)
    with pytest.raises(InputError) as error:
        read(path, PANEL, round_="1")
    assert str(error.value).startswith(str(path))
    assert message in str(error.value)


RLS = rls(TRUE, SCALES)
RLS_REFUSED = {
    "nothing": ("", "study.rls: found nothing"),
    "a table": ("item,value\n", "line 1: found 'item,value'; allowed: number, item"),
    "twice": (RLS + RLS.splitlines()[0].replace("    1", "    9"), "item 'height': found 1, 9"),
    "an item unknown": (RLS.replace("   rain", "   rian"), ""),
    "a text": (changed("4.70000E+0001", "high         ", RLS), "line 1: found 'high'; allowed: a number"),
    "inf": (changed("4.70000E+0001", "inf          ", RLS), "line 1: found 'inf'; allowed: a number"),
    "an item too long": (changed("         height", "very big height", RLS), "line 1: found '    1very big height"),
    "no scale": (changed(" log ", " lin ", RLS), "line 1: found '    1"),
}


@pytest.mark.parametrize(("text", "message"), RLS_REFUSED.values(), ids=RLS_REFUSED)
def test_realisations_that_can_not_be_meant_are_refused(text: str, message: str, tmp_path: Path) -> None:
    path = pair(tmp_path, true=text)
    if not message:  # what is not known of an item says nothing, whoever it is
        assert read(path, PANEL, round_="1")
        return
    with pytest.raises(InputError) as error:
        read(path, PANEL, round_="1")
    assert message in str(error.value)


def test_a_round_is_the_panels(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"study\.dtt: unknown round '9'"):
        read(pair(tmp_path), PANEL, round_="9")
    with pytest.raises(InputError, match=r"unknown expert 'ann' \(allowed: consensus\)"):
        read(pair(tmp_path), PANEL, round_="consensus")


def test_a_question_for_a_probability_is_not_asked_so(tmp_path: Path) -> None:
    path = written(tmp_path, dtt({"ann": {"event": (0.1, 0.2, 0.3)}}, {"event": "uni"}), "study.dtt")
    with pytest.raises(InputError, match="line 2: found quantiles for 'event'; allowed: probability"):
        read(path, PANEL, round_="1")


def test_ten_thousand_items_are_read_soon(tmp_path: Path) -> None:
    scales = {f"item {k}": "uni" for k in range(9_999)}
    path = pair(
        tmp_path, dtt({"ann": dict.fromkeys(scales, (1, 2, 3))}, scales), rls(dict.fromkeys(scales, 2.5), scales)
    )
    assert len(read_assessments(path).items) == 9_999
    assert len(read_realisations(path.with_suffix(".rls"))) == 9_999
    with pytest.raises(InputError, match="unknown question 'item 0'"):
        read(path, PANEL, round_="1")
