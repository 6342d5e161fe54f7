"""``toc graph``: the story as a graph."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from toc_model.engine.case import Case
from toc_model.engine.story import Story
from toc_model.present.graph.figure import graph_figure
from toc_model.present.graph.parts import arrows, changed_arrows, chapters, in_chapter
from toc_model.present.graph.text import mermaid, outline
from toc_model.present.result import Result
from toc_model.present.section import Section
from toc_model.present.terminal import WIDTH
from toc_model.questions.graph import words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True, repr=False)
class Graph(Result):
    """A story's levers, nodes and arrows.

    Attributes
    ----------
    case : Case
    story : Story
        The case's own, or what overrides made of it.
    """

    case: Case
    story: Story

    def outline(self, width: int = WIDTH) -> str:
        """Levers, then every node by chapter, with its unit and what it depends on, so many characters wide."""
        return outline(self.story, width)

    def mermaid(self) -> str:
        """A Mermaid flowchart, a subgraph a chapter."""
        return mermaid(self.story, self.case.objective.node)

    def plot(self) -> "Figure":
        """The drawing: chapters from left to right."""
        return graph_figure(self.story, self.case.objective.node)

    def to_dict(self) -> dict[str, Any]:
        """Levers, nodes by chapter, outcomes, and arrows as pairs of cause and effect."""
        return {
            "case": self.case.name,
            "levers": list(self.story.levers),
            "chapters": [
                {"name": found.name, "title": found.title, "nodes": list(in_chapter(self.story, found.name))}
                for found in chapters(self.story)
            ],
            "outcomes": list(self.story.outcomes),
            "objective": self.case.objective.node,
            "arrows": [list(arrow) for arrow in arrows(self.story)],
            "changes": [edit.text for edit in self.story.edits],
            "rivals": list(self.case.switched),
            "new_arrows": [list(arrow) for arrow in changed_arrows(self.story)[0]] if self.case.switched else [],
        }

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each node: chapter, unit, what it depends on, and what it states."""
        import pandas as pd

        return pd.DataFrame.from_dict(
            {
                name: {
                    "chapter": node.chapter,
                    "unit": node.unit,
                    "parents": ", ".join(node.parents),
                    "statement": node.statement,
                }
                for name, node in self.story.nodes.items()
            },
            orient="index",
        ).rename_axis("node")

    def section(self) -> Section:
        """What the graph is, and its chapters in words."""
        return words.section(self)

    def about(self) -> str:
        """Numbers of nodes and chapters."""
        return f"{len(self.story.nodes)} nodes in {len(chapters(self.story))} chapters"


def graph(case: Case, story: Story | None = None) -> Graph:
    """Look at a theory of change as a graph.

    Parameters
    ----------
    case : Case
    story : Story, optional
        What overrides made of the case's story, such as that of `Beliefs`; the story itself by default.
    """
    return Graph(case, story or case.story)
