"""Drawings of the graph: complete, deterministic, and honest about interventions."""

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest
from matplotlib.figure import Figure

from toc_model.engine.interventions import do
from toc_model.engine.story import Story
from toc_model.errors import InputError
from toc_model.essay import labs, talent
from toc_model.essay.case import ESSAY
from toc_model.essay.levers import DIMENSIONS, INDICATORS, LEVERS
from toc_model.naming import code_names
from toc_model.present.graph.figure import graph_figure, save_graph
from toc_model.present.graph.layout import BOX_WIDTH, Page
from toc_model.present.graph.order import orders
from toc_model.present.graph.routes import Routes
from toc_model.present.graph.text import mermaid, outline

STORY, MAIN = ESSAY.story, ESSAY.objective.node
HELD = do(do(STORY, "race", 0.5), "adopted", 0.2)


def story_of(*chapters: ModuleType) -> Story:
    return Story.of(chapters, levers=LEVERS, indicators=INDICATORS, dimensions=DIMENSIONS, reference=ESSAY.reference)


FIRST_CHAPTERS, WRONG_ORDER = story_of(talent, labs), story_of(labs, talent)

every_story = pytest.mark.parametrize(
    "story", [STORY, HELD, FIRST_CHAPTERS, WRONG_ORDER], ids=["story", "held", "first chapters", "wrong order"]
)


def arrows_of(story: Story) -> Counter[tuple[str, str]]:
    drawn = {*story.levers, *story.nodes}
    return Counter((cause, name) for name in story.nodes for cause in story.causes(name) if cause in drawn)


def words_in(figure: Figure) -> list[str]:
    return [" ".join(text.get_text().split()) for text in figure.axes[0].texts]


@every_story
def test_outline_has_one_heading_a_name(story: Story) -> None:
    with code_names():
        headings = Counter(re.findall(r"^[* ] (\w+)   ", outline(story), flags=re.MULTILINE))
    assert headings == Counter([*story.levers, *story.indicators, *story.nodes])


@every_story
def test_outline_and_mermaid_have_the_label_of_every_node(story: Story) -> None:
    told, drawn = outline(story), mermaid(story, MAIN)
    for node in story.nodes.values():
        assert re.search(rf"^[* ] {re.escape(node.label)}   ", told, flags=re.MULTILINE)
        assert f'"{node.label}"' in drawn


@every_story
def test_outline_is_narrow(story: Story) -> None:
    assert max(map(len, outline(story).splitlines())) <= 100


def test_outline_names_the_parents_of_a_node() -> None:
    words = " ".join(outline(STORY).split())
    assert "race between labs fraction <- coordination of labs with: race now, race calming" in words
    with code_names():
        assert "race fraction <- coordination with: race_now, race_calming" in " ".join(outline(STORY).split())


def test_outline_marks_outcomes() -> None:
    with code_names():
        marked = re.findall(r"^\* (\w+)", outline(STORY), flags=re.MULTILINE)
    assert sorted(marked) == sorted(STORY.outcomes)


def test_outline_says_what_is_held_and_why() -> None:
    text = outline(HELD)
    assert text.startswith("Changed: do(race)=0.5; do(adopted)=0.2.")
    assert text.count("held by an intervention") == 2


@every_story
def test_mermaid_has_every_arrow_once(story: Story) -> None:
    found = re.findall(r"^  (\w+) --> (\w+)$", mermaid(story, MAIN), flags=re.MULTILINE)
    assert Counter(found) == arrows_of(story)


@every_story
def test_mermaid_declares_every_name_once(story: Story) -> None:
    declared = re.findall(r"^ +(\w+)[\[({]+/?\".*:::", mermaid(story, MAIN), flags=re.MULTILINE)
    assert Counter(declared) == Counter([*story.levers, *story.nodes])


@every_story
def test_mermaid_closes_every_chapter(story: Story) -> None:
    lines = [line.split()[0] for line in mermaid(story, MAIN).splitlines()]
    assert lines[0] == "flowchart"
    assert lines.count("subgraph") == lines.count("end") == len(story.chapters)


def test_mermaid_colours_every_arrow_once() -> None:
    numbers = ",".join(re.findall(r"linkStyle ([\d,]+) ", mermaid(STORY, MAIN))).split(",")
    assert sorted(map(int, numbers)) == list(range(arrows_of(STORY).total()))


def test_mermaid_knows_every_class() -> None:
    text = mermaid(HELD, MAIN)
    assert set(re.findall(r":::(\w+)", text)) <= set(re.findall(r"classDef (\w+)", text))
    assert "class race,adopted held" in text


@every_story
def test_columns_hold_every_name_once(story: Story) -> None:
    routes = Routes.of(story)
    names = [name for column in routes.columns for stack in column for name in stack]
    assert Counter(names) == Counter([*story.levers, *story.nodes])


@every_story
def test_routes_cover_every_arrow(story: Story) -> None:
    routes = Routes.of(story)
    into_boxes = [(start[0], end[0]) for start, end in routes.links if start[0] != end[0]]
    assert Counter([*into_boxes, *routes.within, *routes.backward]) == arrows_of(story)


@every_story
def test_order_keeps_every_stop_and_arrows_run_downwards(story: Story) -> None:
    routes = Routes.of(story)
    for stops, order in zip(routes.stops, orders(routes), strict=True):
        assert set(stops) == set(order)
        boxes = [stop[0] for stop in order if routes.is_box(stop)]
        assert all(boxes.index(cause) < boxes.index(effect) for cause, effect in routes.within if cause in boxes)


@every_story
def test_nothing_stands_on_anything_else(story: Story) -> None:
    page = Page.of(story)
    for order in orders(page.routes):
        for upper, lower in pairwise(order):
            boxes = page.routes.is_box(upper) + page.routes.is_box(lower)
            assert page.height_of[lower] - page.height_of[upper] > 0.15 + 0.27 * boxes - 1e-3
    assert all(right - left > BOX_WIDTH for left, right in pairwise(page.left))
    assert all(page.top < height < page.bottom for height in page.height_of.values())


def test_a_side_branch_stands_below_another_chapter() -> None:
    bands = {band.chapter.name: band for band in Page.of(STORY).bands}
    assert bands["doom"].left < bands["botec"].left < bands["doom"].right
    assert bands["botec"].top > bands["doom"].top


@every_story
def test_figure_names_every_lever_and_node(story: Story) -> None:
    words = words_in(graph_figure(story, MAIN))
    for name in [*(name.replace("_", " ") for name in story.levers), *(node.label for node in story.nodes.values())]:
        assert name in words


def test_figure_lists_edits_and_hatches_held_nodes() -> None:
    figure = graph_figure(HELD, MAIN)
    assert "Changed: do(race)=0.5; do(adopted)=0.2." in words_in(figure)
    assert sum(bool(patch.get_hatch()) for patch in figure.axes[0].patches) == 3


def test_figure_letters_are_large_enough() -> None:
    assert min(float(text.get_fontsize()) for text in graph_figure(STORY, MAIN).axes[0].texts) >= 7


@pytest.mark.parametrize(("suffix", "start"), [(".svg", b"<?xml"), (".png", b"\x89PNG")])
def test_same_story_gives_same_file(tmp_path: Path, suffix: str, start: bytes) -> None:
    first, second = tmp_path / f"first{suffix}", tmp_path / f"second{suffix}"
    save_graph(FIRST_CHAPTERS, MAIN, first)
    save_graph(FIRST_CHAPTERS, MAIN, second)
    assert first.read_bytes() == second.read_bytes()
    assert first.read_bytes().startswith(start)


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"graph.pdf: found suffix '.pdf'; .* one of: .svg, .png"):
        save_graph(STORY, MAIN, tmp_path / "graph.pdf")
