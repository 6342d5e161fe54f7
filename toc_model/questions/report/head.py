"""What stands above the sections of a report."""

from toc_model.present import words
from toc_model.present.section import Head
from toc_model.questions.report.material import Material


def head(material: Material) -> Head:
    """Title and introduction of the case, or general ones, and what the report is of."""
    case = material.case
    return Head(case.headline or _headline(material), _about(material), [case.introduction or _introduction(material)])


def _headline(material: Material) -> str:
    objective = material.case.objective
    return f"Would {words.isolated(objective.label)} {words.gain(objective)} with {words.quoted(material.allocation)}?"


def _introduction(material: Material) -> str:
    case = material.case
    return (
        f"This page follows the theory of change of {case.theory}. What would follow for "
        f"{words.isolated(case.objective.label)} if {words.quoted(material.allocation)} took the place of "
        f"{words.quoted(material.status_quo)}?"
    )


def _about(material: Material) -> str:
    worldviews = words.listed([words.named(one.worldview) for one in material.beliefs])
    return (
        f"A report of toc_model: {words.quoted(material.allocation)} compared with {words.quoted(material.status_quo)} "
        f"under {worldviews}{material.first.documents.dated}, {_draws(material)}, seed {material.first.seed}"
    )


def _draws(material: Material) -> str:
    if len(material.beliefs) == 1:
        return material.first.counted()
    many = [f"{one.draws:,}" for one in material.beliefs]
    told = f"{words.listed(many)} draws" if len(set(many)) > 1 else f"{many[0]} draws each"
    worth = [
        f"those of {words.named(one.worldview)} worth {one.counts['effective_draws']:,.0f} by their weights"
        for one in material.beliefs
        if "effective_draws" in one.counts
    ]
    return f"{told} ({words.listed(worth)})" if worth else told
