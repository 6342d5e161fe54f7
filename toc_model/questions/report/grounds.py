"""The sections on what it all rests on: assumptions and limits, and provenance."""

import json

from toc_model.aliases import Progress
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.priors import Prior
from toc_model.present import words
from toc_model.present.section import Cell, Section, Table
from toc_model.questions.report.material import Material

LIMITS = (
    (
        "No government, no misuse",
        "Neither policy nor deliberate misuse of AI is modelled, and no benefit of faster AI.",
    ),
    ("One event", "AGI is one event with one date, developed by leaders whom one laggard may overtake."),
    ("Exchangeable work", "All interventions of a kind are alike; no project, lab or person is told apart."),
    (
        "Independent beliefs",
        (
            "Parameters are drawn independently of each other, unless a worldview states a correlation or the draws "
            "are those of a posterior."
        ),
    ),
    (
        "The graph is taken as given",
        (
            "Intervals hold the uncertainty about parameters. That an arrow may be missing, or a formula have "
            "another shape, is in none of them; denied claims and closed channels show a part of it."
        ),
    ),
)


def limits(material: Material, _: Progress | None) -> Section:
    """What is assumed, and what is missing."""
    claims = [(name, claim) for name, claim in material.claims.items() if claim.status == "not represented"]
    missing: list[list[Cell]] = [[name, claim.text, claim.note] for name, claim in claims]
    readings: list[list[Cell]] = [
        [name, found.text, found.resolution] for name, found in material.contradictions.items()
    ]
    return Section(
        "limits",
        "Limits",
        "What is assumed, and what is missing?",
        [material.first.rests_on()],
        tables=[
            Table(
                "What the other worldviews rest on",
                ["worldview", "what its figures rest on"],
                [[one.worldview, one.rests_on()] for one in material.beliefs[1:]],
                folded="What the other worldviews rest on",
            ),
            _priors(material.first),
            Table(
                "Claims of the essay that the model does not represent",
                ["claim", "what it says", "what is missing"],
                missing,
                folded=f"{words.counted(len(missing), 'claim')} of the essay that the model does not represent",
            ),
            Table(
                "Where the essay pulls against itself, and the reading that the model takes",
                ["", "the essay", "the reading"],
                readings,
                folded=f"{words.counted(len(readings), 'place')} where the essay pulls against itself",
            ),
        ],
        points=LIMITS,
    )


def _priors(beliefs: Beliefs) -> Table:
    member = beliefs.members[0]
    rows = [_prior(name, prior) for name, prior in member.priors.entries.items()]
    before = ", before the update" if beliefs.is_posterior else ""
    return Table(
        f"Elicited beliefs of {words.named(member.priors.worldview)}{before}, with their sources",
        ["parameter", "question", "5 %", "50 %", "95 %", "unit", "kind", "source"],
        rows,
        folded=f"All {len(rows)} elicited beliefs of {words.named(member.priors.worldview)}, with their sources",
    )


def _prior(name: str, prior: Prior) -> list[Cell]:
    return [
        name,
        prior.entry.question,
        *(words.level(float(prior.distribution.quantile(level))) for level in (0.05, 0.5, 0.95)),
        prior.entry.unit,
        prior.entry.status,
        f"{prior.entry.source} Moved by this worldview: {prior.reason}" if prior.reason else prior.entry.source,
    ]


def provenance(material: Material, _: Progress | None) -> Section:
    """Where the figures come from, and how to make them again."""
    about = [one.provenance(allocations=dict(material.allocations.digests)) for one in material.beliefs]
    versions = ", ".join(f"{name} {version}" for name, version in about[0]["versions"].items())
    sample = words.listed([f"{one.draws:,} draws of {words.named(one.worldview)}" for one in material.beliefs])
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
    )
