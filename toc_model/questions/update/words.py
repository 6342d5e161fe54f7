"""What is said about an update: what moved, what respondents believe, and what became of the allocations."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from toc_model.beliefs.grounds import one_prior
from toc_model.engine.measures import Measure
from toc_model.present import words
from toc_model.present.section import Cell, Number, Section, Table
from toc_model.questions.survey.tally_words import tally_table
from toc_model.questions.update import sweep_words

if TYPE_CHECKING:
    from toc_model.questions.update import Update

type Row = Mapping[str, Any]


def section(found: "Update") -> Section:
    """What was asked, what became of it, and of the allocations."""
    figures, objective = found.to_dict(), found.beliefs.case.objective
    extreme = "lowest" if objective.lower_is_better else "highest"
    best = f"Of these allocations {words.quoted(figures['best'])} now has the {extreme} mean {objective.label}."
    swept = [sweep_words.table(found.sweep)] if found.sweep else []
    return Section(
        "update",
        "Surveys",
        f"What surveys change in the worldview '{words.isolated(figures['worldview'])}' ({_how(figures)})",
        tables=[
            _targets(figures["targets"]),
            tally_table(found.learned.surveys.tallies),
            _moved(found, figures),
            *swept,
        ],
        notes=[
            *_notes(figures),
            *(sweep_words.bad(found.sweep) if found.sweep else []),
            *one_prior(found.before.beliefs, "An update"),
            f"{best} {figures['rests_on']}",
        ],
    )


def _how(figures: Row) -> str:
    """By which draws the posterior is told."""
    seed = f"seed {figures['seed']}"
    if figures["method"] == "nuts":
        return f"{figures['draws']:,} draws of a sampler, {seed}"
    trust = figures["trust"]
    k_hat = "" if trust["k_hat"] is None else f", k-hat {words.with_minus(f'{trust["k_hat"]:.2f}')}"
    return f"{figures['draws']:,} draws by weights, worth {trust['effective']:,.0f}{k_hat}, {seed}"


def _targets(targets: list[Row]) -> Table:
    headings = ["question", "target", "people", "before", "after", "respondents believe", "bias sd", "conflict"]
    return Table(
        "What was asked: median [5 %, 95 %]",
        headings,
        [_target(row) for row in targets],
        note="'Respondents believe' is another quantity than the target: what the middle respondent holds, biases "
        "included.",
    )


def _target(row: Row) -> list[Cell]:
    conflict = row["conflict"]
    told = "" if conflict is None else Number(f"{conflict:+.1f}" + (" !" if row["in_conflict"] else ""), conflict)
    return [
        row["question"],
        row["target"],
        Number(f"{row['respondents']:,}", row["respondents"]),
        *(_interval(row[key]) if row[key] else "" for key in ("prior", "posterior", "believed")),
        Number(words.sized(row["bias_sd"]), row["bias_sd"]),
        told,
    ]


def _interval(row: Row) -> Number:
    low, middle, high = (words.sized(row[key]) for key in ("q05", "q50", "q95"))
    return Number(f"{middle} [{low}, {high}]", row["q50"])


def _moved(found: "Update", figures: Row) -> Table:
    objective = found.beliefs.case.objective
    measure, label = objective.measure, objective.label
    rows: list[list[Cell]] = []
    for name, row in figures["allocations"].items():
        both = [row["before"], row["after"]]
        cells: list[Cell] = [_mean(measure, one[objective.node]) for one in both]
        if name == found.after.allocations.status_quo:
            cells += [""] * 4
        else:
            cells += [_change(measure, one["change"]) for one in both]
            cells += [words.share(one["share_better"]) for one in both]
        rows.append([name, *cells])
    before, after = (f"'{words.isolated(figures[key])}'" for key in ("worldview", "updated"))
    return Table(
        f"{label}, {measure.unit}, before (worldview {before}) and after ({after})",
        ["allocation", f"{label} before", "after", "change before", "after", "better in before", "after"],
        rows,
        note=f"Means; changes from {words.quoted(found.after.allocations.status_quo)} in {measure.change_unit}, same "
        "draws.",
    )


def _mean(measure: Measure, row: Row) -> Number:
    return Number(words.value(measure, row["mean"]), row["mean"])


def _change(measure: Measure, row: Row) -> Number:
    return Number(words.signed(measure, row["mean"]), row["mean"])


def _notes(figures: Row) -> Iterator[str]:
    yield from (f"Not a good run: {problem}." for problem in figures["problems"])
    if figures["went_on"]:
        yield f"A sampler took over from weights: {'; '.join(figures['went_on'])}."
    if figures["unusable_questions"]:
        yield f"No answer can be used: {', '.join(map(words.isolated, figures['unusable_questions']))}."
    if silent := [row["question"] for row in figures["targets"] if not row["informs_level"]]:
        named = ", ".join(map(words.isolated, silent))
        yield f"No category is anchored, so that nothing is learnt of the level: {named}."
    if figures["unused_answers"]:
        yield f"{figures['unused_answers']:,} answers are to questions that the mapping does not use."
    if any(row["in_conflict"] for row in figures["targets"]):
        yield "! marks a conflict of prior and respondents: ask which of the two, or the mapping, is wrong."
    yield (
        "The common bias of each question is an assumption that no number of answers can test: 'bias sd' is its scale, "
        "on the natural scale of the target."
    )
    groups: dict[str, float] = {row["bias"]: row["bias_rho"] for row in figures["targets"] if "bias_rho" in row}
    if groups:
        told = "; ".join(f"{words.isolated(name)} {rho:g}" for name, rho in groups.items())
        yield f"Biases of sources that ask one population about one topic are correlated, an assumption too: {told}."
