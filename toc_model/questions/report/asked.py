"""The sections of questions that are asked elsewhere too, of all worldviews or of the first."""

from dataclasses import replace

from toc_model.aliases import Progress
from toc_model.present.section import Section
from toc_model.questions import channels as of_channels
from toc_model.questions import claims as of_claims
from toc_model.questions import curve as of_curve
from toc_model.questions import graph as of_graph
from toc_model.questions.compare import words as compare_words
from toc_model.questions.report.answer import changed
from toc_model.questions.report.material import Material, thinned

DENIAL_DRAWS = 1000
"""Claims are denied on fewer draws, for each denial evaluates many allocations."""


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


def claims(material: Material, progress: Progress | None) -> Section:
    """What becomes of the change without each claim."""
    beliefs = thinned(material.first, DENIAL_DRAWS)
    found = of_claims.claims(beliefs, material.allocations, allocation=material.allocation, progress=progress)
    said = of_claims.words.section(found, pictures=True)
    fewer = "With fewer draws than above, figures differ slightly from those there."
    return replace(said, notes=[*said.notes[:-1], *([fewer] if beliefs.draws < material.first.draws else [])])
