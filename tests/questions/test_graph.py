"""The graph as a result, of two theories: what is said of it, and that the node that is valued stands apart."""

import pytest

from tests.toy import CASE
from toc_model.engine.case import Case
from toc_model.engine.interventions import do
from toc_model.essay.case import ESSAY
from toc_model.present.graph.text import mermaid
from toc_model.questions.graph import graph, words


def test_the_section_counts_what_the_story_has() -> None:
    text = str(graph(CASE))
    for fragment in (
        "The argument of the village is written as a causal graph of 5 nodes in 2 chapters, joined by 7 arrows",
        "7 parameters",
        "harvest at the right",
        "grain spared",
    ):
        assert fragment in " ".join(text.split())
    assert "Changed" not in text
    assert "Changed: do(sown)=3." in str(graph(CASE, do(CASE.story, "sown", 3.0)))


def test_the_drawing_is_made_on_request() -> None:
    found = graph(CASE)
    assert words.section(found).pictures == []
    (picture,) = words.section(found, pictures=True).pictures
    assert "from what people choose to harvest" in picture.title
    assert "spared" in picture.svg


@pytest.mark.parametrize("case", [ESSAY, CASE], ids=["essay", "village"])
def test_the_node_that_is_valued_stands_apart(case: Case) -> None:
    found = graph(case)
    main = [line.split("{{")[0].strip() for line in found.mermaid().splitlines() if line.endswith(":::main")]
    assert main == [found.case.objective.node]
    assert ":::main" not in mermaid(found.story, "none of its nodes")


def test_what_a_story_lacks_is_not_counted() -> None:
    found = graph(CASE)
    assert "indicator" not in found.outline().split("\n\n")[-1].splitlines()[0]
    assert "%% Not drawn: 7 parameters." in found.mermaid()
    assert "2 levers and 5 nodes (1 outcome) in 2 chapters; 7 arrows; 7 parameters." in found.outline()


def test_the_graph_as_figures() -> None:
    found = graph(CASE)
    figures = found.to_dict()
    assert figures["levers"] == ["fence", "watch"]
    assert ["fence", "sown"] in figures["arrows"]
    assert [chapter["nodes"] for chapter in figures["chapters"]] == [["guarded", "spared"], ["sown", "harvest", "ripe"]]
    assert list(found.to_dataframe().index) == list(CASE.story.nodes)
    assert repr(found) == "<Graph: 5 nodes in 2 chapters>"
