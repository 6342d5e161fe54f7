"""What is said about sensitivity."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from toc_model.beliefs.grounds import one_prior
from toc_model.present import words
from toc_model.present.drawing import picture
from toc_model.present.section import Cell, Number, Picture, Section, Table
from toc_model.questions.sensitivity.figure import tornado_figure
from toc_model.questions.sensitivity.inputs import OF_ONE_PRIOR
from toc_model.questions.sensitivity.naming import about_shared, asked, both, outcome_label, plain
from toc_model.questions.sensitivity.shares import Parts, given_data, sobol
from toc_model.questions.whose import whose
from toc_model.statistics.sensitivity.flip import FARTHEST, MOST
from toc_model.statistics.sensitivity.power import ALL, THRESHOLD

if TYPE_CHECKING:
    from toc_model.questions.sensitivity.analysis import Analysis

TOP = 15
"""Parameters that are shown."""
NAMED = 6
"""Moves that are written out where all parameters move."""
POWER = (
    "How far the distribution of an outcome moves as a prior, or the likelihood of the answers, is made stronger or "
    f"weaker; from {THRESHOLD} on ArviZ calls that sensitive. Both matter where prior and answers disagree. The priors "
    "of biases, whose size the mapping documents state, are not scaled: see toc update --bias-sweep."
)
NO_LIKELIHOOD = "The likelihood is not scaled: this posterior holds no log likelihood; run toc update again."


def section(results: Sequence["Analysis"], *, top: int = TOP, pictures: bool = False) -> Section:
    """What the change hangs on: one result, or several one after another.

    Parameters
    ----------
    results : sequence of Analysis
    top : int
        Most parameters that are shown.
    pictures : bool
        Whether tornados are drawn.
    """
    parts = [_PARTS[found.method](found, top) for found in results]
    tornados = [found for found in results if found.method == "tornado"] if pictures else []
    return Section(
        results[0].method,
        "Which beliefs",
        "Which beliefs does the change hang on?",
        [paragraph for text, _, _ in parts for paragraph in text],
        [_picture(found, top, place) for place, found in enumerate(tornados, start=1)],
        [table for _, tables, _ in parts for table in tables],
        [*dict.fromkeys(note for _, _, notes in parts for note in notes), *_rests_on(results)],
    )


def _rests_on(results: Sequence["Analysis"]) -> list[str]:
    if len(results) > 1:
        return []
    beliefs = results[0].inputs.beliefs
    why = one_prior(beliefs, results[0].method.capitalize()) if results[0].method in OF_ONE_PRIOR else []
    return [*why, beliefs.rests_on()]


# Tornado ----------------------------------------------------------------------------------------------------------


def _tornado(found: "Analysis", top: int) -> Parts:
    names, many, label = found.ranked("swing")[:top], len(found.entries), found.inputs.label
    measure, mean = found.inputs.beliefs.case.objective.measure, found.inputs.mean_change
    worldview = whose(found.inputs.beliefs)
    ends = {name: _ends(found, name) for name in names}
    turning = [label(name) for name in names if any(value * mean < 0 for value in ends[name])]
    turns = (
        f"At an end of the range of {words.listed(turning)} the mean change has the other sign."
        if turning
        else f"None of the {len(names)} parameters below, moved alone within its range, turns the sign of the mean."
    )
    low, high = (words.signed(measure, end) for end in ends[names[0]])
    text = (
        f"Each uncertain parameter is moved from its 5 % to its 95 % quantile ({found.more['how']}). The mean change, "
        f"{words.signed(measure, mean)} {measure.change_unit} under {worldview}, moves most with "
        f"{label(names[0])}: from {low} to {high}. {turns}"
    )
    shown = f"The first {len(names)} of {many} parameters by swing, one moved at a time. {_dead(found)}"
    return [text], [_swings(found, names), *_meanings(found, names)], [shown, *about_shared(found)]


def _ends(found: "Analysis", name: str) -> list[float]:
    """The mean change at either end of a parameter's range."""
    ends: list[float] = found.table["expected"].sel(entry=name, outcome=found.inputs.names[1]).values.tolist()
    return ends


def _swings(found: "Analysis", names: Sequence[str]) -> Table:
    objective, (node, change) = found.inputs.beliefs.case.objective, found.inputs.names
    measure = objective.measure
    rows: list[list[Cell]] = []
    for name in names:
        row = found.table.sel(entry=name)
        swing, error = (float(row[key].sel(outcome=change)) for key in ("swing", "error"))
        spread = f"{words.signed(measure, swing)} ±{1.645 * measure.factor * error:.{measure.change_digits}f}"
        levels = row["expected"].sel(outcome=node).values.tolist()
        rows.append(
            [
                found.inputs.label(name),
                *(Number(found.shown(name, value), value) for value in row["value"].values.tolist()),
                *(Number(words.signed(measure, value), value) for value in _ends(found, name)),
                Number(spread, swing),
                *(Number(words.value(measure, value), value) for value in levels),
            ]
        )
    return Table(
        f"What the change hangs on: {asked(found)}",
        ["parameter", "5 %", "95 %", "change at 5 %", "at 95 %", "swing", f"{objective.label} at 5 %", "at 95 %"],
        rows,
        goes=["at 95 %", f"{objective.label} at 5 %"],
        note=f"Quantiles of each parameter, and the change and {objective.label} there; changes in "
        f"{measure.change_unit}, {objective.label} in {measure.unit}; ± is a 90 % interval of the error of the swing.",
    )


def _meanings(found: "Analysis", names: Sequence[str]) -> list[Table]:
    """What the parameters mean, where a worldview says so."""
    if not found.inputs.beliefs.members:
        return []
    entries = found.inputs.beliefs.members[0].priors.entries
    meanings = {name: (one.entry.status, one.entry.question) for name, one in entries.items()}
    meanings |= {factor.name: ("shared", factor.reason) for factor in found.inputs.factors}
    return [
        Table(
            "What the parameters mean, and whether the belief is an assumption, "
            f"{found.inputs.beliefs.case.theory}'s or published",
            ["parameter", "kind", "the question it answers"],
            [[found.inputs.label(name), *meanings[name]] for name in names],
            folded=f"What these {len(names)} parameters mean",
        )
    ]


def _dead(found: "Analysis") -> str:
    names = [found.inputs.label(name) for name in found.more["unmoved"]]
    if not names:
        return f"No parameter is dead: each moves {outcome_label(found)} or its change by more than rounding in a draw."
    return f"Dead, for nothing moves by more than rounding: {', '.join(names)}."


def _picture(found: "Analysis", top: int, place: int) -> Picture:
    names, measure = found.ranked("swing")[:top], found.inputs.beliefs.case.objective.measure
    ends = {found.inputs.label(name): [words.signed(measure, end) for end in _ends(found, name)] for name in names}
    return picture(
        f"tornado-{place}" if place > 1 else "tornado",
        tornado_figure(found, top),
        f"What the change hangs on, under {words.named(found.inputs.beliefs.worldview)}",
        "; ".join(f"{found.inputs.label(name)}: {low} to {high}" for name, (low, high) in ends.items())
        + f" {measure.change_unit}.",
        caption=f"Change of {outcome_label(found)} with each parameter at either end of its range; figures at the bars "
        "are the parameter's values there. Dashed: the mean.",
    )


# Flips ------------------------------------------------------------------------------------------------------------


def _flip(found: "Analysis", top: int) -> Parts:
    measure, mean = found.inputs.beliefs.case.objective.measure, found.inputs.mean_change
    start = found.more["change_at_medians"]
    table = Table(
        f"How little flips the sign of the change: {asked(found)}",
        ["parameters", "distance", "moves, in prior standard deviations from the median"],
        [_moves(found, one) for one in found.more["flips"]],
    )
    where = (
        "Distances are on the latent normal scale, from all parameters at their medians, where the change is "
        f"{words.signed(measure, start)} {measure.change_unit} (its mean over draws is {words.signed(measure, mean)}). "
        "All that is not named stays at its median. Parameters are added one by one, so each distance is an upper "
        "bound for its number."
    )
    crossings = list(found.more["crossings"].items())[:top]
    alone = "; ".join(f"{found.inputs.label(name)} at {found.shown(name, at)}" for name, at in crossings)
    single = (
        f"Single parameters that flip the mean change, between their 1 % and 99 % quantiles ({found.more['how']}): "
        f"{alone or 'none'}."
    )
    return _warnings(found), [table], [where, single, *about_shared(found)]


def _moves(found: "Analysis", one: Mapping[str, Any]) -> list[Cell]:
    moved = one["moved"]
    shown = [f"{found.inputs.label(name)} {step:+.2f}" for name, step in list(moved.items())[:NAMED]]
    more = f", and {len(moved) - NAMED} smaller ones" if len(moved) > NAMED else ""
    many = str(len(moved)) if len(moved) <= MOST else "all"
    return [Number(many, len(moved)), Number(f"{one['distance']:.2f}", one["distance"]), ", ".join(shown) + more]


def _warnings(found: "Analysis") -> list[str]:
    """What to know before the distances are read."""
    said = []
    if found.more["change_at_medians"] * found.inputs.mean_change < 0:
        said.append("At the medians the change has another sign than its mean: read the distances with care.")
    missing = MOST + 1 - len(found.more["flips"])
    if missing > 0:
        said.append(f"For {missing} of {MOST + 1} numbers of parameters the search found no point within {FARTHEST:g}.")
    return said


# Power-scaling ----------------------------------------------------------------------------------------------------


def _power(found: "Analysis", top: int) -> Parts:
    priors = {found.inputs.label(name): _moved(found, name) for name in found.ranked("sensitivity")[:top]}
    tables = [_scaled(found, "priors", "prior", priors)]
    notes = [_by_chance(found), POWER]
    answers: Mapping[str, Any] | None = found.more["likelihood"]
    if answers is None:
        return [], tables, [NO_LIKELIHOOD, *notes]
    _, change = found.inputs.names
    ordered = sorted(answers, key=lambda name: -answers[name]["sensitivity"][change])[:top]
    moved = {name: answers[name]["sensitivity"] for name in ordered}
    tables.append(_scaled(found, "likelihood", "answers to", moved))
    return [], tables, [_diagnosis(found, answers[ALL]["sensitivity"]), *notes]


def _moved(found: "Analysis", name: str) -> dict[str, float]:
    row = found.table["sensitivity"].sel(entry=name)
    return {outcome: float(row.sel(outcome=outcome)) for outcome in found.inputs.names}


def _scaled(found: "Analysis", what: str, heading: str, rows: Mapping[str, Mapping[str, float]]) -> Table:
    labels = both(found)
    return Table(
        f"Power-scaling of the {what}: {asked(found)}",
        [heading, *labels.values()],
        [[name, *(Number(plain(row[outcome]), row[outcome]) for outcome in labels)] for name, row in rows.items()],
    )


def _diagnosis(found: "Analysis", likelihood: Mapping[str, float]) -> str:
    """What ArviZ makes of all priors and all answers together."""
    prior = _moved(found, ALL)
    said = "; ".join(
        f"{label}: {found.more['diagnosis'][name]} (priors {plain(prior[name])}, likelihood {plain(likelihood[name])})"
        for name, label in both(found).items()
    )
    return f"ArviZ's diagnosis of all priors and all answers: {said}."


def _by_chance(found: "Analysis") -> str:
    """How far figures for everything together are above noise."""
    names = {"prior": "priors", "likelihood": "likelihood"}
    shown = "; ".join(
        f"{names[group]}: {', '.join(f'{label} {plain(values[name])}' for name, label in both(found).items())}"
        for group, values in found.more["by_chance"].items()
    )
    return (
        f"By chance alone {ALL} would reach ({shown}): the 95 % quantile where draws of outcomes are shifted against "
        "the densities'. What is below is noise."
    )


_PARTS: dict[str, Callable[["Analysis", int], Parts]] = {
    "tornado": _tornado,
    "sobol": sobol,
    "given-data": given_data,
    "flip": _flip,
    "power-scaling": _power,
}
