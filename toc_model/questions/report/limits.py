"""The section on what the figures rest on: what is assumed, and what is missing."""

from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.priors import Prior
from toc_model.present import words
from toc_model.present.section import Cell, Section, Table
from toc_model.questions.report.material import Material

LEVELS = (0.05, 0.5, 0.95)


def limits(material: Material) -> Section:
    """What is assumed, and what is missing."""
    return Section(
        "limits",
        "Limits",
        "What is assumed, and what is missing?",
        [material.first.rests_on()],
        tables=[_others(material), *_priors(material.first), _missing(material), _readings(material)],
        points=material.case.limits,
    )


def _others(material: Material) -> Table:
    return Table(
        "What the other worldviews rest on",
        ["worldview", "what its figures rest on"],
        [[one.worldview, one.rests_on()] for one in material.beliefs[1:]],
        folded="What the other worldviews rest on",
    )


def _missing(material: Material) -> Table:
    rows: list[list[Cell]] = [
        [name, claim.text, claim.note] for name, claim in material.claims.items() if claim.status == "not represented"
    ]
    return Table(
        f"Claims of {material.case.theory} that the model does not represent",
        ["claim", "what it says", "what is missing"],
        rows,
        folded=f"{words.counted(len(rows), 'claim')} of {material.case.theory} that the model does not represent",
    )


def _readings(material: Material) -> Table:
    theory = material.case.theory
    rows: list[list[Cell]] = [[name, found.text, found.resolution] for name, found in material.contradictions.items()]
    return Table(
        f"Where {theory} pulls against itself, and the reading that the model takes",
        ["", theory, "the reading"],
        rows,
        folded=f"{words.counted(len(rows), 'place')} where {theory} pulls against itself",
    )


def _priors(beliefs: Beliefs) -> list[Table]:
    """The elicited beliefs of the first member; draws of the user's own have none."""
    if not beliefs.members:
        return []
    member = beliefs.members[0]
    rows = [_prior(prior) for prior in member.priors.entries.values()]
    before = ", before the update" if beliefs.is_posterior else ""
    whose = words.named(member.priors.told if beliefs.mixture else member.priors.worldview)
    return [
        Table(
            f"Elicited beliefs of {whose}{before}, with their sources",
            ["parameter", "question", *(words.percent(level) for level in LEVELS), "unit", "kind", "source"],
            rows,
            folded=f"All {len(rows)} elicited beliefs of {whose}, with their sources",
        )
    ]


def _prior(prior: Prior) -> list[Cell]:
    return [
        prior.label,
        prior.entry.question,
        *(words.level(float(prior.distribution.quantile(level))) for level in LEVELS),
        prior.entry.unit,
        prior.entry.status,
        f"{prior.entry.source} Moved by this worldview: {prior.reason}" if prior.reason else prior.entry.source,
    ]
