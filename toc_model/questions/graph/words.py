"""What is said about the graph."""

from typing import TYPE_CHECKING

from toc_model.present.drawing import picture
from toc_model.present.graph.figure import graph_figure
from toc_model.present.graph.parts import arrows, changes, chapters, in_chapter, label_of, parameters_in_use
from toc_model.present.section import Cell, Picture, Section, Table
from toc_model.present.words import counted, listed

if TYPE_CHECKING:
    from toc_model.questions.graph import Graph


def section(found: "Graph", *, pictures: bool = False) -> Section:
    """What the graph is, and its chapters in words.

    Parameters
    ----------
    found : Graph
    pictures : bool
        Whether to draw it.
    """
    story, label = found.story, found.case.objective.label
    text = (
        f"The argument of {found.case.theory} is written as a causal graph of {counted(len(story.nodes), 'node')} in "
        f"{counted(len(chapters(story)), 'chapter')}, joined by {counted(len(arrows(story)), 'arrow')}. Each node is a "
        f"formula. The formulas have {counted(parameters_in_use(story), 'parameter')} that nobody knows; they are "
        f"drawn many times from stated beliefs. What people choose stands at the left, {label} at the right."
    )
    return Section(
        "graph",
        "The graph",
        "How is the model thought to work?",
        text=[text, *([changes(story)] if story.edits else [])],
        pictures=[_picture(found)] if pictures else [],
        tables=[_chapters(found)],
    )


def _picture(found: "Graph") -> Picture:
    names = listed([chapter.name for chapter in chapters(found.story)])
    return picture(
        "graph",
        graph_figure(found.story, found.case.objective.node),
        f"The causal graph, from what people choose to {found.case.objective.label}",
        f"Levers at the left, then the chapters {names}, each a column of boxes joined by arrows from causes to "
        "effects. The table below names them all.",
        caption="Each arrow has the colour of the chapter that it comes from.",
    )


def _chapters(found: "Graph") -> Table:
    rows: list[list[Cell]] = [
        [
            chapter.name,
            chapter.title,
            listed([label_of(found.story, name) for name in in_chapter(found.story, chapter.name)]),
        ]
        for chapter in chapters(found.story)
    ]
    return Table(
        "The chapters of the graph",
        ["chapter", "what it says", "nodes"],
        rows,
        folded="The chapters and their nodes in words",
    )
