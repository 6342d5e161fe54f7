"""The section on where the figures come from, and how to make them again."""

import json
from typing import Any

from toc_model.present import words
from toc_model.present.section import Section
from toc_model.questions.report.material import Material


def provenances(material: Material) -> list[dict[str, Any]]:
    """Versions, seed and digests of all that went in, by worldview."""
    return [one.provenance(allocations=dict(material.allocations.digests)) for one in material.beliefs]


def provenance(material: Material) -> Section:
    """Where the figures come from, and how to make them again."""
    about = provenances(material)
    versions = ", ".join(f"{name} {version}" for name, version in about[0]["versions"].items())
    sample = words.listed([f"{one.counted()} of {words.named(one.worldview)}" for one in material.beliefs])
    return Section(
        "provenance",
        "Provenance",
        "Where do these figures come from?",
        [
            (
                f"These are {sample}, with seed {material.first.seed}. All allocations share their draws, and "
                "worldviews their random numbers, so that differences are paired."
            ),
            *([f"This page can be made again with: {words.isolated(material.command)}"] if material.command else []),
            f"Versions: {versions}. Below are digests (SHA-256) of the model and of every document that was read.",
        ],
        verbatim=json.dumps(about, indent=2),
        folded="All digests, as JSON",
    )
