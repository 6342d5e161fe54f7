"""The section with the answer: what the allocation changes under each worldview, and what that does not show."""

from collections.abc import Iterable, Sequence

from toc_model.beliefs.beliefs import Beliefs
from toc_model.present import words
from toc_model.present.drawing import picture
from toc_model.present.section import Cell, Number, Picture, Section, Table
from toc_model.questions.report.figure import answer_figure
from toc_model.questions.report.material import Material
from toc_model.statistics import decisions

NINETY = 1.645
"""Standard errors on either side of a mean that hold 90 % of a normal distribution."""


def answer(material: Material) -> Section:
    """What the allocation changes, under each worldview, and what that does not show."""
    changes = {name: decisions.figures(change) for name, change in material.changes.items()}
    return Section(
        "answer",
        "The answer",
        "The answer, and how sure it is",
        [_moved(material, changes), *changed(material.first), _sign(material, changes), _not_shown(material)],
        [_picture(material, changes)],
        [_table(material, changes)],
        points=[
            (f"Worldview {words.named(one.worldview)}", whose) for one in material.beliefs if (whose := _whose(one))
        ],
    )


def changed(beliefs: Beliefs) -> list[str]:
    """That the model is not the one that is written down, where it is not."""
    texts = [words.isolated(override.text) for override in beliefs.overrides]
    return [f"For this report the model was changed: {'; '.join(texts)}."] if texts else []


def _moved(material: Material, changes: dict[str, dict[str, float]]) -> str:
    objective = material.case.objective
    found = [
        f"{words.interval(objective.measure, row)}{'' if place else f' {objective.measure.change_unit}'} under "
        f"{words.named(name)}"
        for place, (name, row) in enumerate(changes.items())
    ]
    before, after = (
        f"{words.quoted(name)} ({material.allocations.told(name)})"
        for name in (material.status_quo, material.allocation)
    )
    return f"Moving from {before} to {after} changes {objective.label} by {words.listed(found)}."


def _sign(material: Material, changes: dict[str, dict[str, float]]) -> str:
    """In words: where the mean is for the better, and where the interval has both signs."""
    objective = material.case.objective
    better = [bool(objective.loss(row["mean"]) < 0) for row in changes.values()]
    both = [row["q05"] < 0 < row["q95"] for row in changes.values()]
    interval = (
        f"The interval of 90 % of draws contains both a fall and a rise {_under(both, changes)}."
        if any(both)
        else "There is no worldview under which the interval of 90 % of draws contains both a fall and a rise."
    )
    return f"The mean is a {words.gain(objective)} {_under(better, changes)}. {interval}"


def _under(is_so: Sequence[bool], worldviews: Iterable[str]) -> str:
    names = [words.named(name) for name, so in zip(worldviews, is_so, strict=True) if so]
    if len(names) == len(is_so) > 1:
        return "under both worldviews" if len(names) == 2 else f"under all {len(names)} worldviews"
    return f"under {words.listed(names)}" if names else "under none of the worldviews"


def _not_shown(material: Material) -> str:
    theory = material.case.theory
    return (
        f"This does not show that {theory} is right. It shows what follows from a causal graph, read out of "
        f"{theory}, and from {_stated(material)}. The intervals hold the uncertainty about these beliefs, not about "
        "the graph."
    )


def _stated(material: Material) -> str:
    case, first = material.case, material.first
    if not first.members:
        return f"draws of the user's own, {words.quoted(first.label)}"
    entries = first.members[0].priors.entries.values()
    status = [prior.entry.status for prior in entries if not prior.distribution.is_constant]
    return (
        f"{len(status)} stated beliefs: {status.count('assumption')} are assumptions, {status.count(case.name)} "
        f"{case.theory}'s own, {status.count('published')} published"
    )


def _whose(beliefs: Beliefs) -> str:
    told = [member.priors.description for member in beliefs.members if member.priors.description]
    surveys = [record.label for record in beliefs.evidence]
    return " ".join([*told, *([f"Updated on {words.listed(surveys)}."] if surveys else [])])


def _table(material: Material, changes: dict[str, dict[str, float]]) -> Table:
    objective = material.case.objective
    measure = objective.measure
    rows: list[list[Cell]] = []
    for name, outcome in material.outcomes.items():
        error = changes[name]["mcse"]
        rows.append(
            [
                name,
                *(
                    words.value_cell(measure, decisions.figures(outcome.sel(allocation=which)))
                    for which in (material.status_quo, material.allocation)
                ),
                words.change_cell(measure, changes[name]),
                words.share(material.better[name]),
                Number(f"±{NINETY * measure.factor * error:.{measure.change_digits}f}", error),
            ]
        )
    return Table(
        f"{objective.label} before and after, in {measure.unit}, and the change, in {measure.change_unit}: mean [5 %, "
        "95 % of draws]",
        [
            "worldview",
            f"{objective.label}, {words.named(material.status_quo)}",
            words.named(material.allocation),
            "change",
            "better in",
            "sampling error",
        ],
        rows,
        note="Better in: share of draws. Sampling error: 90 % interval of the mean change.",
    )


def _picture(material: Material, changes: dict[str, dict[str, float]]) -> Picture:
    objective = material.case.objective
    measure = objective.measure
    description = "; ".join(
        f"{name}: mean {words.signed(measure, row['mean'])} {measure.change_unit}, 90 % of draws from "
        f"{words.signed(measure, row['q05'], measure.change_end_digits)} to "
        f"{words.signed(measure, row['q95'], measure.change_end_digits)}"
        for name, row in changes.items()
    )
    return picture(
        "answer",
        answer_figure(objective, material.changes),
        f"Change of {objective.label} by {words.quoted(material.allocation)}",
        f"A row for each worldview. {description}.",
        caption="A dot is the mean over draws, the thick bar half of the draws, the line nine tenths of them. "
        f"{words.better_side(objective)}",
    )
