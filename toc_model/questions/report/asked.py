"""The sections of questions that are asked elsewhere too: of all worldviews, or of the first."""

from collections.abc import Callable
from typing import Any

from toc_model.aliases import Progress
from toc_model.present.section import Section
from toc_model.questions import channels as channels_question
from toc_model.questions.channels import words as channels_words
from toc_model.questions.report.material import Material


def channels(material: Material, _: Progress | None) -> Section:
    """What the change goes through."""
    found = [
        channels_question.channels(one, material.allocations, allocation=material.allocation)
        for one in material.beliefs
    ]
    return channels_words.section(found, pictures=True)


def own(make: Callable[..., Any], material: Material, _: Progress | None) -> Section:
    """A section of the case's own."""
    found: Section = make(material.beliefs, material.allocations, material.allocation)
    return found
