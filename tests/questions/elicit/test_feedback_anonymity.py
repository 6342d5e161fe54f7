"""Nothing that experts are shown tells who said what, and nothing that they wrote steers the page."""

import json
import re
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.questions.elicit.fences import GAIN, JUMPED, NAMES, STORM, gains, levels, opened, panel_of, said
from toc_model.present.figures import save_figure
from toc_model.questions.elicit.feedback import Feedback, feedback
from toc_model.questions.elicit.feedback.answers import SOMEBODY, without_names
from toc_model.survey.panel.panel import Question
from toc_model.survey.panel.said import Said

HOSTILE = (
    "<script>alert('x')</script> <img src=x onerror=alert(1)> \u202eright to left\u202c &amp; \x1b[31m" + "w" * 400
)
HEBREW = "\u05d0\u05d9\u05df \u05e6\u05d1\u05d0\u05d9\u05dd"


def everything(found: Feedback, folder: Path) -> str:
    """All that may leave: page, text, figures and pictures."""
    texts = [found.html(), str(found), repr(found), found._repr_html_(), json.dumps(found.to_dict())]
    texts.append(found.to_dataframe().to_csv())
    for one in found.asked:
        if one.answers:
            save_figure(found.plot(question=one.question.name), folder / "one.svg")
            texts.append((folder / "one.svg").read_text(encoding="utf-8"))
    return "\n".join(texts)


def telling_answers() -> list[Said]:
    """Two rounds in which experts are named, refused, carried forward and sure."""
    first = [replace(one, argument=f"{NAMES[0]} and Zz_ploughman told me: {one.argument}") for one in gains()]
    lone = levels(NAMES[2], JUMPED, {0.5: 0.2})
    unfitted = levels(NAMES[3], GAIN, {0.5: 1.1}, "2")
    second = said(NAMES[0], GAIN, 1.0, 1.7, 2.4, round_="2", argument=f"As {NAMES[4]} says.")
    events = [said(name, "storm", p) for name, p in zip(NAMES, (0.0, 1.0, 0.3, 0.4, 0.5), strict=True)]
    return [*first, lone, second, unfitted, *events]


def test_no_name_and_no_file_leaves(tmp_path: Path) -> None:
    found = feedback(opened(panel_of(more=[STORM]), *telling_answers()))
    assert any(one.refused for one in found.question(GAIN).answers)
    told = everything(found, tmp_path)
    assert SOMEBODY in told
    for name in NAMES:
        assert name.lower() not in told.lower()
    assert "sheet of" not in told
    assert ".csv" not in told
    assert "digest-" not in told


def test_nor_does_a_name_leave_in_a_consensus(tmp_path: Path) -> None:
    agreed = said("consensus", GAIN, 0.9, 1.5, 2.5, round_="consensus", argument=f"{NAMES[1]} gave in.")
    told = everything(feedback(opened(panel_of(), *gains(), agreed)), tmp_path)
    assert not any(name.lower() in told.lower() for name in NAMES)


def test_the_page_is_the_same_whatever_the_order_of_the_panel() -> None:
    """Also where several experts say the same."""
    same = [replace(one, points=gains()[0].points) if place in (1, 2) else one for place, one in enumerate(gains())]
    pages = set()
    for order in list(permutations(NAMES))[::40]:
        shuffled = [one for name in order for one in same if one.expert == name]
        page = feedback(opened(panel_of(order), *shuffled))
        pages.add(re.sub(r"<svg.*?</svg>", "", page.html(), flags=re.DOTALL))
    assert len(pages) == 1


def test_a_name_is_a_word_and_has_its_capital() -> None:
    assert without_names("Will it rain, asks Will?", ["Will"]) == f"{SOMEBODY} it rain, asks {SOMEBODY}?"
    assert without_names("it will; Willow", ["Will"]) == "it will; Willow"
    assert without_names("Ada, ada, ADA, Adam", ["ada"]) == f"{SOMEBODY}, {SOMEBODY}, {SOMEBODY}, Adam"
    assert without_names("1 of 20 saw A", ["1", "A", "20", "123"]) == "1 of 20 saw A"
    assert without_names("expert_1 and expert_10", ["expert_1", "expert_10"]) == f"{SOMEBODY} and {SOMEBODY}"


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=3), min_size=1, max_size=4), st.text())
def test_a_name_between_spaces_never_stays(names: list[str], text: str) -> None:
    telling = [name for name in names if any(sign.isalpha() for sign in name)]
    left = without_names(f"{text} {' '.join(telling)} {text}", names)
    assert all(f" {name} " not in left for name in telling if name not in f"{text} {SOMEBODY} {text}")


# Texts of others ----------------------------------------------------------------------------------------------------


def hostile_feedback() -> Feedback:
    """A page all of whose texts are hostile."""
    question = Question(
        name=HOSTILE, about="x", condition=HOSTILE, wording=HOSTILE, unit=f"{HEBREW} {HOSTILE}", lower=0.0
    )
    panel = panel_of(more=[question], name="<b>", population=HOSTILE)
    answers = [said(name, HOSTILE, 1.0, 2.0, 3.0 + k, argument=HOSTILE) for k, name in enumerate(NAMES)]
    answers += [said(NAMES[0], GAIN, 1.0, 2.0, 3.0, argument=HEBREW)]
    return feedback(opened(panel, *answers))


@pytest.fixture(scope="module")
def hostile() -> Feedback:
    return hostile_feedback()


def test_texts_are_shown_and_steer_nothing(hostile: Feedback, tmp_path: Path) -> None:
    page = hostile.html()
    assert "<script>alert" not in page
    assert "<img" not in page
    assert page.count("<script>") == 1
    assert "&lt;script&gt;alert" in page
    assert "\u202e" not in page
    assert "\x1b" not in page
    assert r"\x1b[31m" in page
    assert f"<bdi>{HEBREW}</bdi>" in page
    save_figure(hostile.plot(question=HOSTILE), tmp_path / "one.svg")
    drawn = (tmp_path / "one.svg").read_text(encoding="utf-8")
    assert not {"\x1b", "\u202e"} & {*str(hostile), *repr(hostile), *drawn}


def test_every_long_word_can_be_broken(hostile: Feedback) -> None:
    titles = re.findall(r"<text[^>]*>([^<]*)</text>", hostile.html())
    assert max(map(len, titles)) < 60


@settings(max_examples=10)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_no_argument_leaves_its_element(argument: str) -> None:
    found = feedback(opened(panel_of(), said(NAMES[0], GAIN, 1.0, 2.0, 3.0, argument=argument)))
    plain = feedback(opened(panel_of(), said(NAMES[0], GAIN, 1.0, 2.0, 3.0, argument="x")))
    tags = [re.findall(r"<(?!/?(?:bdi|wbr|d[ltd])\b)[^>]*>", one._repr_html_()) for one in (found, plain)]
    assert tags[0] == tags[1]
