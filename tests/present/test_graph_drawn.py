"""The graph as data for a page: all of it is there, nothing stands on anything else, and lines join what they say."""

import json
import re
from itertools import combinations, pairwise
from pathlib import Path

import pytest

import toc_model
from tests.present.test_graph import WRONG_ORDER, arrows_of
from tests.toy.case import CASE
from toc_model.engine.case import Case
from toc_model.engine.facets import Objective
from toc_model.essay.case import ESSAY
from toc_model.present.graph.drawn import LINES, Box, Drawn, drawn
from toc_model.present.graph.layout import Page
from toc_model.present.graph.parts import PALETTE, arrows, chapters

SHEET = Path(toc_model.__file__).parent / "present" / "explore" / "graph.css"

every_case = pytest.mark.parametrize("case", [CASE, ESSAY], ids=["toy", "essay"])


def numbers(path: str) -> list[tuple[float, float]]:
    """The four points of a path."""
    found = [float(text) for text in re.findall(r"-?[\d.]+", path)]
    return [*zip(found[::2], found[1::2], strict=True)]


def touches(found: Drawn, box: Box, point: tuple[float, float]) -> bool:
    """Whether a point lies on the outline of a box."""
    right, down = (abs(point[0] - box.x) - found.box[0] / 2, abs(point[1] - box.y) - found.box[1] / 2)
    return max(right, down) == pytest.approx(0, abs=0.2)


@every_case
def test_every_lever_and_node_has_a_box_on_the_band_of_its_chapter(case: Case) -> None:
    found = drawn(case)
    bands = {band.chapter: band for band in found.bands}
    assert [*bands] == ["", *(chapter.name for chapter in chapters(case.story))]
    assert {box.name for box in found.boxes} == {*case.story.levers, *case.story.nodes}
    for box in found.boxes:
        band, half = bands[box.chapter], found.box[0] / 2
        assert band.x < box.x - half < box.x + half <= band.x + band.width + 0.2
        assert band.y < box.y < band.y + band.height
    assert max(band.x + band.width for band in found.bands) <= found.width
    assert max(band.y + band.height for band in found.bands) == pytest.approx(found.height, abs=0.2)


@every_case
def test_no_box_stands_on_another(case: Case) -> None:
    found = drawn(case)
    for one, other in combinations(found.boxes, 2):
        assert abs(one.x - other.x) > found.box[0] or abs(one.y - other.y) > found.box[1]


@every_case
def test_kinds_are_those_of_the_story(case: Case) -> None:
    kinds = {box.name: box.kind for box in drawn(case).boxes}
    assert {name for name, kind in kinds.items() if kind == "lever"} == {*case.story.levers}
    assert {name for name, kind in kinds.items() if kind == "objective"} == {case.objective.node}
    outcomes = {name for name, kind in kinds.items() if kind in ("outcome", "objective")}
    assert outcomes == {*case.story.outcomes, case.objective.node}


@every_case
def test_lines_of_an_arrow_lead_from_its_cause_to_its_effect(case: Case) -> None:
    found = drawn(case)
    boxes = {box.name: box for box in found.boxes}
    assert {(one.cause, one.effect): 1 for one in found.arrows} == dict(arrows_of(case.story))
    for arrow in found.arrows:
        lines = [found.lines[number] for number in arrow.lines]
        assert {line.cause for line in lines} == {arrow.cause}
        assert [line.effect for line in lines] == [""] * (len(lines) - 1) + [arrow.effect]
        paths = [numbers(line.d) for line in lines]
        assert touches(found, boxes[arrow.cause], paths[0][0])
        assert touches(found, boxes[arrow.effect], paths[-1][-1])
        for before, after in pairwise(paths):
            assert before[-1] == pytest.approx(after[0], abs=0.2)


@every_case
def test_each_last_line_is_of_one_arrow_and_none_is_left_over(case: Case) -> None:
    found = drawn(case)
    last = [arrow.lines[-1] for arrow in found.arrows]
    assert len(set(last)) == len(last)
    assert {number for arrow in found.arrows for number in arrow.lines} == set(range(len(found.lines)))


def test_an_arrow_that_leads_backward_is_one_line() -> None:
    objective = Objective("race", "race", True, ESSAY.objective.measure, ESSAY.objective.small)
    found = drawn(Case(name="wrong", story=WRONG_ORDER, objective=objective, documents=ESSAY.documents))
    boxes = {box.name: box for box in found.boxes}
    backward = [one for one in found.arrows if boxes[one.cause].x > boxes[one.effect].x]
    assert len(backward) == len(Page.of(WRONG_ORDER).routes.backward) > 0
    for arrow in backward:
        (line,) = (found.lines[number] for number in arrow.lines)
        points = numbers(line.d)
        assert touches(found, boxes[arrow.cause], points[0])
        assert touches(found, boxes[arrow.effect], points[-1])


@every_case
def test_it_is_json_of_a_page_s_size_with_no_more_than_tenths(case: Case) -> None:
    text = json.dumps(drawn(case).to_dict(), allow_nan=False)
    assert len(text) < 60_000
    assert re.findall(r"\d\.\d\d", text) == []


def test_labels_stand_in_boxes() -> None:
    label = "how much is brought in at last"
    boxes = {box.name: box for box in drawn(CASE, {"harvest": label}).boxes}
    assert " ".join(boxes["harvest"].lines) == label
    assert len(boxes["harvest"].lines) == LINES
    assert boxes["sown"].lines == ("grain sown",)


@pytest.mark.parametrize("case", [CASE, ESSAY.under(["regulation"])], ids=["toy", "essay with a rival"])
def test_rivals_are_left_out_and_told(case: Case) -> None:
    found = drawn(case)
    assert found == drawn(case.under([]))
    assert [one.name for one in found.rivals] == [*case.rival_names]
    for one in found.rivals:
        story = case.under([one.name]).story
        told = {(arrow.cause, arrow.effect) for arrow in found.arrows}.union(one.new).difference(one.gone)
        assert told == {*arrows(story)}
        assert {node["name"] for node in one.nodes} == {*story.nodes} - {*case.story.written.nodes}


def test_a_rival_that_adds_a_node_and_one_that_gives_a_law_anew() -> None:
    rivals = {one.name: one for one in drawn(ESSAY).rivals}
    added = rivals["regulation"]
    assert [node["name"] for node in added.nodes] == ["regulation"]
    assert added.new == (("concern", "regulation"), ("regulation", "pause_coverage"))
    assert added.anew == ("pause_coverage",)
    assert rivals["overhang"].anew == ("agi_arrival", "own_delay")
    (clever,) = drawn(CASE).rivals
    assert (clever.anew, clever.nodes, clever.new, clever.gone) == (("spared",), (), (), ())


def test_the_sheet_has_the_colours_of_the_palette() -> None:
    light = SHEET.read_text(encoding="utf-8").partition("@media")[0]
    found = dict(re.findall(r"\.g-c(\d+) \{ --g-ink: (#[0-9a-f]{6}); \}", light))
    assert found == {str(number): colour.lower() for number, colour in enumerate(PALETTE)}
