"""What is said about granted objections."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from toc_model.beliefs.beliefs import Beliefs
from toc_model.engine.measures import Measure
from toc_model.naming import called
from toc_model.present import words
from toc_model.present.drawing import picture
from toc_model.present.section import Cell, Number, Picture, Section, Table
from toc_model.questions.claims.figure import grant_figure
from toc_model.questions.claims.ledger_words import MARKS
from toc_model.questions.whose import whose
from toc_model.statistics.decisions import AS_GOOD
from toc_model.statistics.signs import direction

if TYPE_CHECKING:
    from toc_model.questions.claims.grants import Grants

NOTHING = "nothing"
"""What is granted in the row that all others are compared with."""


def section(found: "Grants", *, pictures: bool = False) -> Section:
    """What becomes of the outcome and its change with objections granted, and under whom the sign of it turns.

    Parameters
    ----------
    found : Grants
    pictures : bool
        Whether to draw the changes under the first worldview, as a page does.
    """
    rows, nothing = found.rows(), found.undone()
    return Section(
        "objections",
        "Objections",
        "What if the critics are right?",
        [_counted(found), _nothing(found, nothing), *_most(found, rows)],
        [_picture(found, rows, nothing)] if pictures else [],
        [_granted(found, rows, nothing), _signs(found, rows, nothing), _meant(rows), _not_grantable(found)],
        [*_undefined(rows), _how(found), found.first.rests_on()],
        [(f"The sign under {whose(one)}", _turns(rows, nothing, one)) for one in found.beliefs],
    )


# In sentences -----------------------------------------------------------------------------------------------------


def _counted(found: "Grants") -> str:
    able = len(found.objections) - len(found.not_grantable)
    which = "all of these" if len(found.chosen) == able else words.listed(found.chosen)
    how = f"{which}, each alone and all together" if len(found.chosen) > 1 else which
    return (
        f"The ledger has {words.counted(len(found.objections), 'objection')} to {found.first.case.theory}. Changes of "
        f"the model can grant {able} of them. Granted here: {how}. To grant one is to take what it says for certain, "
        "not to show that it is right."
    )


def _nothing(found: "Grants", nothing: Mapping[str, Any]) -> str:
    objective, own = found.first.case.objective, nothing[found.first.worldview]
    return (
        f"Under {whose(found.first)} and with nothing granted, {words.quoted(found.allocation)} changes "
        f"{objective.label} by {words.interval(objective.measure, own['change'], error=True)} "
        f"{objective.measure.change_unit}, and is better in {_share(own).text} of draws."
    )


def _most(found: "Grants", rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Which objection moves the change most under the first worldview."""
    measure = found.first.case.objective.measure
    alone = [(row, under) for row in rows if not row["together"] and (under := _first(found, row))["change"]]
    if len(alone) < 2:
        return []
    row, under = max(alone, key=lambda one: abs(float(one[1]["moved"]["change"]["mean"])))
    moved, change = (
        words.mean_cell(measure, under["moved"]["change"]).text,
        words.interval(measure, under["change"], error=True),
    )
    said = words.isolated(row["text"][0])
    return [f"Of the objections alone, {row['granted']} moves the change most, by {moved} to {change}: {said}"]


def _turns(rows: Sequence[Mapping[str, Any]], nothing: Mapping[str, Any], beliefs: Beliefs) -> str:
    """Which grants turn the sign of the mean change under one worldview, and with which that can't be told."""
    sign = direction(nothing[beliefs.worldview]["change"])
    if not sign:
        return "with nothing granted not to be told from zero with these draws, so that no grant can be said to turn it"
    names: dict[str, list[str]] = {"turned": [], "undecided": [], "kept": []}
    for row in rows:
        names.get(row["worldviews"][beliefs.worldview]["sign"], []).append(row["granted"])
    turned, undecided, kept = names.values()
    return "; ".join(
        [
            f"a {'rise' if sign > 0 else 'fall'} with nothing granted",
            f"turned by {words.listed(turned)}" if turned else "turned by none",
            *([f"undecided with {words.listed(undecided)}"] if undecided else []),
            *([f"kept with {words.counted(len(kept), 'other')}"] if kept else []),
        ]
    )


def _undefined(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return [
        f"{row['granted']}, under {words.named(worldview)}: {under['undefined']}."
        for row in rows
        for worldview, under in row["worldviews"].items()
        if under["undefined"]
    ]


def _how(found: "Grants") -> str:
    first = found.first
    return (
        f"With {first.sample}; the same draws with and without each grant. Together, "
        "factors multiply and equal values count once; objections that are granted alike share a line."
    )


# Tables -----------------------------------------------------------------------------------------------------------


def _granted(found: "Grants", rows: Sequence[Mapping[str, Any]], nothing: Mapping[str, Any]) -> Table:
    objective = found.first.case.objective
    measure, node, own = objective.measure, objective.node, nothing[found.first.worldview]
    change, quo = words.change_cell(measure, own["change"], error=True), _value(measure, own[node])
    cells: list[list[Cell]] = [[NOTHING, change, "", _share(own), quo, ""]]
    for row in rows:
        under = _first(found, row)
        figures: list[Cell] = [""] * 5
        if under["change"]:
            figures = [
                words.change_cell(measure, under["change"], error=True),
                words.mean_cell(measure, under["moved"]["change"]),
                _share(under),
                _value(measure, under[node]),
                words.mean_cell(measure, under["moved"][node]),
            ]
        cells.append([row["granted"], *figures])
    return Table(
        f"With objections granted, under {whose(found.first)}: change of {objective.label} by "
        f"{words.quoted(found.allocation)} in {measure.change_unit}, and {objective.label} under "
        f"{words.quoted(found.allocations.status_quo)} in {measure.unit}",
        ["granted", "change", "moved by", "better in", objective.label, "moved by"],
        cells,
        note="Changes: mean ± its Monte Carlo error [5 %, 95 % of draws]. Moved by: the difference from granting "
        "nothing, on the same draws.",
    )


def _signs(found: "Grants", rows: Sequence[Mapping[str, Any]], nothing: Mapping[str, Any]) -> Table:
    measure = found.first.case.objective.measure
    names = [one.worldview for one in found.beliefs]
    cells: list[list[Cell]] = [[NOTHING, *(words.mean_cell(measure, nothing[name]["change"]) for name in names)]]
    for row in rows:
        under = [row["worldviews"][name] for name in names]
        cells.append(
            [
                row["granted"],
                *(
                    words.mean_cell(measure, one["change"], f" {one['sign']}") if one["change"] else "undefined"
                    for one in under
                ),
            ]
        )
    return Table(
        f"Under whom the sign of the mean change by {words.quoted(found.allocation)} turns, in {measure.change_unit}",
        ["granted", *map(called, names)],
        cells,
        note=f"Turned: the sign is another than with nothing granted, and both means lie further from zero than "
        f"{AS_GOOD:.2f} of their Monte Carlo errors (±). Undecided: one of them does not.",
    )


def _meant(rows: Sequence[Mapping[str, Any]]) -> Table:
    cells: list[list[Cell]] = [
        [row["granted"], text, "; ".join(row["overrides"])]
        for row in rows
        if not row["together"]
        for text in [" / ".join(row["text"])]
    ]
    return Table(
        "What the objections say, and what granting them means",
        ["granted", "what it says", "changes of the model"],
        cells,
        folded="What the objections say, and what granting them means",
    )


def _not_grantable(found: "Grants") -> Table:
    cells: list[list[Cell]] = [
        [name, f"{MARKS[claim.status]} {claim.status}", claim.text] for name, claim in found.not_grantable.items()
    ]
    return Table(
        "Objections that can't be granted: the ledger says no change of the model that would",
        ["claim", "in the model", "what it says"],
        cells,
        folded=f"{words.counted(len(cells), 'objection')} that can't be granted",
    )


def _first(found: "Grants", row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A row's figures under the first worldview."""
    under: Mapping[str, Any] = row["worldviews"][found.first.worldview]
    return under


def _value(measure: Measure, row: Mapping[str, float]) -> Number:
    return Number(f"{words.value(measure, row['mean'])} ±{words.value(measure, row['mcse'])}", row["mean"])


def _share(figures: Mapping[str, Any]) -> Number:
    share, error = figures["share_better"], figures["share_better_mcse"]
    return Number(f"{100 * share:.1f} ±{words.percent(error, 1)}", share)


# Picture ----------------------------------------------------------------------------------------------------------


def _picture(found: "Grants", rows: Sequence[Mapping[str, Any]], nothing: Mapping[str, Any]) -> Picture:
    objective, own = found.first.case.objective, nothing[found.first.worldview]
    granted = "; ".join(
        f"{row['granted']} granted: {words.interval(objective.measure, under['change'])}"
        for row in rows
        if (under := _first(found, row))["change"]
    )
    return picture(
        "objections",
        grant_figure(found),
        f"Change of {objective.label} with objections granted, under {whose(found.first)}",
        f"Nothing granted: {words.interval(objective.measure, own['change'])}. {granted}.",
        caption="Mean and 90 % of draws. Dashed: the mean with nothing granted. Objections that are granted alike "
        f"share a line. {words.better_side(objective)}",
    )
