"""What is said about denied claims."""

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from toc_model.engine.case import Case
from toc_model.present import words
from toc_model.present.drawing import picture
from toc_model.present.section import Cell, Number, Picture, Section, Table
from toc_model.questions.claims.figure import denial_figure
from toc_model.questions.claims.ledger_words import MARKS, counts
from toc_model.questions.whose import whose

if TYPE_CHECKING:
    from toc_model.questions.claims import Denials

BARS = 12
"""Denials in the picture of a page."""
SHORT = 48
"""Signs of a claim in a table of figures."""


def section(found: "Denials", *, pictures: bool = False) -> Section:
    """What becomes of the change without each claim.

    Parameters
    ----------
    found : Denials
    pictures : bool
        Whether to draw the denials that matter most, and to tell all claims in full, as a page does that stands alone.
    """
    case, every = found.beliefs.case, found.rows()
    denied = [row for row in every if row["change"]]
    hidden = 0 if found.top is None else max(0, len(denied) - found.top)
    return Section(
        "claims",
        "Which claims",
        f"What if {case.theory} is wrong about something?",
        text=[counts(case.theory, found.claims), *_denials(found, denied)],
        pictures=[_picture(found, denied[:BARS])] if pictures else [],
        tables=[
            _denied(found, denied[: found.top]),
            _pairs(found),
            *([] if hidden else [_not_denied([row for row in every if not row["change"]])]),
            *([_texts(every)] if pictures else []),
        ],
        notes=[*_undefined(every), *_hidden(hidden, len(denied)), _how(found), found.beliefs.rests_on()],
    )


def _denials(found: "Denials", rows: Sequence[dict[str, Any]]) -> list[str]:
    if not rows:
        return ["None of them can be denied by changing the model."]
    measure, undenied = found.beliefs.case.objective.measure, found.undenied.to_dict(found.beliefs.case)["change"]
    mean = undenied["mean"]
    turned = [row["id"] for row in rows if row["change"]["mean"] * mean < 0]
    halved = [row["id"] for row in rows if abs(row["change"]["mean"]) <= abs(mean) / 2 and row["id"] not in turned]
    which = f" ({words.listed(turned)})" if 0 < len(turned) <= BARS else ""
    moved = (
        f"{words.counted(len(rows), 'claim')} can be denied by changing the model, and were, one at a time. Under "
        f"{whose(found.beliefs)}, with nothing denied, {words.quoted(found.allocation)} changes "
        f"{found.beliefs.case.objective.label} by "
        f"{words.interval(measure, undenied, error=True)} {measure.change_unit}. The change moves most, to "
        f"{words.interval(measure, rows[0]['change'])}, if this is denied ({rows[0]['id']}): "
        f"{words.isolated(rows[0]['text'])}"
    )
    signs = (
        f"{len(turned)} of the denials turn the sign of the mean change{which}; {len(halved)} others leave at most "
        "half of it."
    )
    return [moved, signs]


def _denied(found: "Denials", rows: Sequence[dict[str, Any]]) -> Table:
    case = found.beliefs.case
    objective, measure = case.objective, case.objective.measure
    cells: list[list[Cell]] = [
        [
            row["id"],
            words.change_cell(measure, row["change"]),
            Number(words.signed(measure, row["moved"]["mean"]), row["moved"]["mean"]),
            words.share(row["share_better"]),
            Number(words.value(measure, row[objective.node]["mean"]), row[objective.node]["mean"]),
            _best(case, row["optimum"]),
            short(row["text"]),
        ]
        for row in rows
    ]
    return Table(
        f"Each claim denied: change of {objective.label} by {words.quoted(found.allocation)} in {measure.change_unit}, "
        f"by how much the denial moves it, and {objective.label} under {words.quoted(found.allocations.status_quo)} in "
        f"{measure.unit}",
        ["claim", "change if denied", "moved by", "better in", objective.label, "best value", "what it says"],
        cells,
        goes=["best value", objective.label, "better in", "moved by"],
        note=f"Changes: mean [5 %, 95 % of draws]. Best value: of the {case.swept.label}, in "
        f"{words.lever_measure(case.swept).unit}, with those as good within Monte Carlo error, of "
        f"{words.counted(len(found.values), 'value')} tried; all else as in "
        f"{words.quoted(found.allocation)}. Claims that are denied alike share a result.",
        folded=f"All {len(cells)} denials as a table",
    )


def _best(case: Case, best: dict[str, Any]) -> Number:
    scale = words.lever_measure(case.swept)
    value = best["share" if "share" in best else "value"]
    told, low, high = (words.value(scale, each) for each in (value, best["as_good"][0], best["as_good"][-1]))
    return Number(told if low == high else f"{told} ({low} to {high})", value)


def _pairs(found: "Denials") -> Table:
    measure = found.beliefs.case.objective.measure
    rows: list[list[Cell]] = []
    for pair in found.pairs:
        figures = pair.to_dict()
        cells: list[Cell] = (
            ["", ""]
            if pair.why_not
            else [words.change_cell(measure, figures[key], error=True) for key in ("change", "interaction")]
        )
        rows.append([" and ".join(pair.claims), *cells, pair.why_not])
    return Table(
        f"Two claims denied together, {measure.change_unit}",
        ["claims", "change", "interaction", "why not together"],
        rows,
        note="Change: with both denied. Interaction: by how much it exceeds what the two denials alone add up to.",
    )


def _not_denied(rows: Sequence[dict[str, Any]]) -> Table:
    cells: list[list[Cell]] = [
        [
            row["id"],
            f"{MARKS[row['status']]} {row['status']}",
            "undefined" if row["undefined"] else row["note"] or short(row["text"]),
        ]
        for row in rows
    ]
    return Table(
        "Claims that were not denied",
        ["claim", "in the model", "what is missing, or what it says"],
        cells,
        folded=f"{words.counted(len(cells), 'claim')} that no change of the model denies",
    )


def _texts(rows: Sequence[dict[str, Any]]) -> Table:
    cells: list[list[Cell]] = [[row["id"], row["text"]] for row in rows]
    return Table("The claims in full", ["claim", "what it says"], cells, folded=f"All {len(cells)} claims in full")


def short(text: str) -> str:
    """The beginning of a claim, cut between words."""
    return textwrap.shorten(text, SHORT, placeholder=" ...")


def _undefined(rows: Sequence[dict[str, Any]]) -> list[str]:
    return [f"{row['id']} denied: {row['undefined']}." for row in rows if row["undefined"]]


def _hidden(hidden: int, every: int) -> list[str]:
    return [f"{words.counted(hidden, 'more claim')} move the change less; --top {every} shows all."] if hidden else []


def _how(found: "Denials") -> str:
    beliefs = found.beliefs
    return f"Under {words.named(beliefs.worldview)}, with {beliefs.sample}; the same draws with and without each claim."


def _picture(found: "Denials", rows: Sequence[dict[str, Any]]) -> Picture:
    objective = found.beliefs.case.objective
    measure, undenied = objective.measure, found.undenied.to_dict(found.beliefs.case)["change"]
    denied = "; ".join(f"{row['id']} denied: {words.interval(measure, row['change'])}" for row in rows)
    return picture(
        "claims",
        denial_figure(found, BARS),
        f"Change of {objective.label} with one claim denied at a time, under {words.named(found.beliefs.worldview)}",
        f"Nothing denied: {words.interval(measure, undenied)}. {denied}.",
        caption="Mean and 90 % of draws. Dashed: the mean with nothing denied. Claims that are denied alike share a "
        f"line. {words.better_side(objective)}",
    )
