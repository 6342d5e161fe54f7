"""The sections of questions that are asked elsewhere too, of all worldviews or of the first."""

from dataclasses import replace

from toc_model.aliases import Progress
from toc_model.beliefs.beliefs import Beliefs
from toc_model.present.section import Section
from toc_model.questions.channels import channels as divide
from toc_model.questions.channels import words as channels_words
from toc_model.questions.claims import claims as deny
from toc_model.questions.claims import words as claims_words
from toc_model.questions.compare import words as compare_words
from toc_model.questions.curve import curve as sweep
from toc_model.questions.curve import words as curve_words
from toc_model.questions.graph import graph as look_at
from toc_model.questions.graph import words as graph_words
from toc_model.questions.marginal import marginal
from toc_model.questions.marginal import words as marginal_words
from toc_model.questions.report.answer import changed
from toc_model.questions.report.material import Material, thinned
from toc_model.questions.sensitivity import sensitivity
from toc_model.questions.sensitivity import words as sensitivity_words

BARS = 12
"""Parameters of the tornado."""
DENIAL_DRAWS = 1000
"""Claims are denied on fewer draws than there are elsewhere, for each denial evaluates many allocations."""


def graph(material: Material, _: Progress | None) -> Section:
    """How the model is thought to work."""
    said = graph_words.section(look_at(material.case, material.first.story), pictures=True)
    return replace(said, text=[said.text[0], *changed(material.first)])


def curve(material: Material, progress: Progress | None) -> Section:
    """The outcome against the lever that the case moves, and under all named allocations."""
    found = sweep(material.beliefs, material.allocations, progress=progress)
    said = curve_words.section(found, pictures=True)
    return replace(
        said,
        text=[*said.text, compare_words.best(material.compared)],
        tables=[*said.tables, compare_words.changes(material.compared)],
    )


def channels(material: Material, _: Progress | None) -> Section:
    """What the change goes through."""
    found = [divide(one, material.allocations, allocation=material.allocation) for one in material.beliefs]
    return channels_words.section(found, pictures=True)


def people(material: Material, progress: Progress | None) -> Section:
    """What a little more of each thing is worth at the margin of the status quo."""
    found = []
    for done, one in enumerate(material.beliefs, start=1):
        found.append(marginal(one, material.allocations))
        if progress:
            progress(done, len(material.beliefs))
    return marginal_words.section(found, pictures=True)


def tornado(material: Material, progress: Progress | None) -> Section:
    """Which beliefs the change hangs on."""
    found = sensitivity(material.first, material.allocations, allocation=material.allocation, progress=progress)
    return sensitivity_words.section([found], top=BARS, pictures=True)


def claims(material: Material, progress: Progress | None) -> Section:
    """What becomes of the change without each claim of the theory."""
    beliefs = thinned(material.first, DENIAL_DRAWS)
    found = deny(beliefs, material.allocations, allocation=material.allocation, progress=progress)
    return _few(material, beliefs, claims_words.section(found, pictures=True))


def _few(material: Material, beliefs: Beliefs, said: Section) -> Section:
    """A section that rests on a part of the draws, which says so."""
    if beliefs.draws == material.first.draws:
        return said
    few = (
        f"For this section {beliefs.draws:,} of {material.first.draws:,} draws were used, so that figures differ "
        "slightly from those above."
    )
    return replace(said, notes=[*said.notes, few])
