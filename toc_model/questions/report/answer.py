"""The section with the answer: what the allocation changes under each worldview, and what that does not show."""

from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.grounds import changed_beliefs, changed_story
from toc_model.beliefs.patches import ELICITED
from toc_model.engine.measures import Measure
from toc_model.present import words
from toc_model.present.drawing import picture
from toc_model.present.section import Cell, Picture, Section, Table
from toc_model.questions.report.material import Material
from toc_model.questions.run import words as run_words
from toc_model.questions.run.figure import answer_figure
from toc_model.questions.run.rates import rate_tables
from toc_model.questions.run.stages import staged
from toc_model.statistics import decisions
from toc_model.statistics.signs import direction


def answer(material: Material) -> Section:
    """What the allocation changes under each worldview, through what, what would turn it, and what it does not show."""
    changes = {name: decisions.figures(change) for name, change in material.changes.items()}
    return Section(
        "answer",
        "The answer",
        "The answer, under whose beliefs, and how sure it is",
        [
            run_words.sentence(material.moves[0], material.allocations, material.allocation),
            *_range(material, changes),
            *_turns(material, changes),
            *_delayed(material),
            *changed(material.first),
            _not_shown(material),
        ],
        [_picture(material, changes)],
        [
            run_words.moves(material.moves, material.allocations, material.allocation),
            *_counted(material),
            *_steps(material),
            *rate_tables(material.shown),
        ],
        points=[
            (f"{words.named(one.worldview)} ({one.kind})", whose) for one in material.beliefs if (whose := _whose(one))
        ],
    )


def changed(beliefs: Beliefs) -> list[str]:
    """That the model, or a belief, is not the one that is written down, where it is not."""
    kinds = {"the model was": changed_story(beliefs), "these beliefs were": changed_beliefs(beliefs)}
    return [
        f"For this report {what} changed: {'; '.join(map(words.isolated, told))}."
        for what, told in kinds.items()
        if told
    ]


def _range(material: Material, changes: dict[str, dict[str, float]]) -> list[str]:
    """How far the answer depends on whose beliefs it rests on."""
    if len(changes) == 1:
        return []
    measure = material.case.objective.measure
    order = sorted(changes, key=lambda name: changes[name]["mean"])
    ends = [f"{_mean(measure, changes[name])} under {words.named(name)}" for name in (order[0], order[-1])]
    told = f"the mean change goes from {' to '.join(ends)}, in {measure.change_unit}"
    return [f"It depends on whose beliefs one takes: {told}."]


def _mean(measure: Measure, row: dict[str, float]) -> str:
    return words.mean_cell(measure, row).text


def _turns(material: Material, changes: dict[str, dict[str, float]]) -> list[str]:
    """Under which worldviews the sign is another, and under which it can't be told."""
    objective = material.case.objective
    first = direction(next(iter(changes.values())))
    signs = {name: direction(row) for name, row in changes.items()}
    turned = [words.named(name) for name, sign in signs.items() if first * sign < 0]
    unclear = [words.named(name) for name, sign in signs.items() if not sign]
    wide = [words.named(name) for name, row in changes.items() if _has_both_signs(objective.measure, row)]
    said = []
    if turned:
        said.append(f"The sign of the mean is another under {words.listed(turned)}.")
    if unclear:
        said.append(f"Under {words.listed(unclear)} it can't be told from zero with these draws.")
    if wide:
        said.append(
            f"Under {words.listed(wide)} nine tenths of the draws hold both a fall and a rise of {objective.label}: "
            "what it does in one draw of the parameters is not what it does on average."
        )
    return [" ".join(said)] if said else []


def _has_both_signs(measure: Measure, row: dict[str, float]) -> bool:
    """Whether the interval has both signs, also as it is shown."""
    low, high = (float(words.signed(measure, row[key], measure.change_end_digits)) for key in ("q05", "q95"))
    return low < 0 < high


def _delayed(material: Material) -> list[str]:
    """What delay is said to cost, and what the change comes to with it under the first worldview."""
    cost, move = material.cost, material.moves[0]
    if cost is None:
        return []
    change = words.interval(cost.objective.measure, move.counted_figures(cost)["change"], error=True)
    whose = words.named(move.beliefs.worldview)
    told = f"The mean change of {cost.label} under {whose} is then {change} {cost.objective.measure.change_unit}."
    return [f"{words.chosen_delay(cost)} {told}"]


def _counted(material: Material) -> list[Table]:
    """The change with what delay costs, a row a worldview; none where nothing is said of that."""
    cost = material.cost
    if cost is None:
        return []
    measure = cost.objective.measure
    figures = {move.beliefs.worldview: move.counted_figures(cost) for move in material.moves}
    rows: list[list[Cell]] = [
        [name, words.change_cell(measure, row["change"], error=True), words.share(row["share_better"])]
        for name, row in figures.items()
    ]
    return [
        Table(
            f"Change of {cost.label} by {words.quoted(material.allocation)}, with a {cost.delay.period} of delay at "
            f"{words.percent_of(cost.share)} of what there is to lose",
            ["worldview", "change", "better in"],
            rows,
            note=f"Paired change in {measure.change_unit} ± Monte Carlo error [5 %, 95 % of draws].",
        )
    ]


def _steps(material: Material) -> list[Table]:
    """Through what the allocation changes the outcome under the first worldview."""
    if not material.case.stages:
        return []
    return [run_words.steps(staged(material.first, material.allocations, material.allocation))]


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
    asked = f", {count} elicited from a panel" if (count := status.count(ELICITED)) else ""
    return (
        f"{len(status)} stated beliefs: {status.count('assumption')} are assumptions, {status.count(case.name)} "
        f"{case.theory}'s own, {status.count('published')} published{asked}"
    )


def _whose(beliefs: Beliefs) -> str:
    told = [beliefs.description] if beliefs.description else []
    surveys = [record.label for record in beliefs.evidence if not record.as_prior]
    return " ".join([*told, *([f"Updated on {words.listed(surveys)}."] if surveys else [])])


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
        answer_figure(objective, material.changes, f"Change by '{material.allocation}'"),
        f"Change of {objective.label} by {words.quoted(material.allocation)}",
        f"A row for each worldview. {description}.",
        caption="A dot is the mean over draws, the thick bar half of the draws, the line nine tenths of them. "
        f"{words.better_side(objective)}",
    )
