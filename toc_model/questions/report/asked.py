"""The sections of questions that are asked elsewhere too, of all worldviews or of the first."""

from dataclasses import replace

from toc_model.aliases import Progress
from toc_model.present.section import Section
from toc_model.questions import channels as of_channels
from toc_model.questions import curve as of_curve
from toc_model.questions import graph as of_graph
from toc_model.questions.compare import words as compare_words
from toc_model.questions.report.answer import changed
from toc_model.questions.report.material import Material


def graph(material: Material, _: Progress | None) -> Section:
    """How the model is thought to work."""
    return of_graph.words.section(of_graph.graph(material.case, material.first.story), pictures=True)


def curve(material: Material, progress: Progress | None) -> Section:
    """The outcome against the lever that the case moves, and under all named allocations."""
    found = of_curve.curve(material.beliefs, material.allocations, progress=progress)
    said = of_curve.words.section(found, pictures=True)
    return replace(
        said,
        text=[*said.text, compare_words.best(material.compared)],
        tables=[*said.tables, compare_words.changes(material.compared)],
        notes=(),
    )


def channels(material: Material, _: Progress | None) -> Section:
    """What the change goes through."""
    found = [
        of_channels.channels(one, material.allocations, allocation=material.allocation) for one in material.beliefs
    ]
    return of_channels.words.section(found, pictures=True)
