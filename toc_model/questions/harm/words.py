"""What is said about where a move does harm."""

import math
from typing import TYPE_CHECKING

from toc_model.naming import called
from toc_model.present import words
from toc_model.present.section import Cell, Number, Section, Table
from toc_model.questions.whose import whose
from toc_model.statistics import averages
from toc_model.statistics.boxes.discovery import PLAUSIBLE
from toc_model.statistics.boxes.firmness import FOLDS, SHUFFLES
from toc_model.statistics.verdicts import Found

if TYPE_CHECKING:
    from toc_model.questions.harm import Harm
    from toc_model.statistics.boxes import Discovery, Firmness, Fit

SHOWN = 8
"""Rows of boxes that peeling passes through, and of beliefs that resamples pick."""
LOOSE = 0.5
"""Share of resamples below which a belief of the box may as well be another."""
PICKED = 0.1
"""Least share of resamples for a belief to be shown beside those of the box."""


def section(found: "Harm") -> Section:
    """Where it does harm, in a sentence; the box; how firm it is; what else might be picked."""
    tables = [*_box(found), *_judged(found), *_picked(found), *_members(found), *_trail(found)]
    return Section(
        "harm",
        "Where it hurts",
        "Under what beliefs does the move do harm?",
        [" ".join([_often(found), _size(found), *_where(found)])],
        tables=tables,
        notes=[*_how(found), found.beliefs.rests_on()],
    )


def worse(found: "Harm") -> str:
    """What harm is."""
    objective = found.beliefs.case.objective
    return f"{'raises' if objective.lower_is_better else 'lowers'} {objective.label}"


def _often(found: "Harm") -> str:
    """Whose beliefs, which move, and in how many draws it does harm."""
    under, quo = whose(found.beliefs, found.beliefs.phrase), found.allocations.status_quo
    moving = f"Under {under}, moving from {words.quoted(quo)} to {words.quoted(found.allocation)} {worse(found)}"
    counting = averages.counting(found.harmful)
    draws, harmful = counting.size, int(counting.sum())
    if harmful in (0, draws):
        return f"{moving} in {'all' if harmful else 'none'} of {draws:,} draws."
    if found.verdict == "rarely":
        return f"{moving} in {harmful:,} of {draws:,} draws ({words.percent(found.share.value, 1)})."
    return f"{moving} in {_percent(found.share)} of draws."


def _size(found: "Harm") -> str:
    """How large the change is where it does harm, and everywhere."""
    measure, figures = found.beliefs.case.objective.measure, found.to_dict()
    everywhere, there = figures["change"], figures["harmful"]["change"]
    of_all = f"{words.mean_cell(measure, everywhere).text} {measure.change_unit} over all draws"
    if there is None or found.harmful.all():
        return f"The mean change is {of_all}."
    return f"The mean change is {words.mean_cell(measure, there).text} in those draws and {of_all}."


def _where(found: "Harm") -> list[str]:
    """Where that is, or why no box is shown."""
    if found.verdict == "rarely":
        few = "These draws are too few to look for beliefs that set them apart."
        return [few] if found.harmful.any() else []
    if found.verdict == "mostly":
        return ["That is nearly everywhere among these beliefs, so that no box of them is looked for."]
    rule = found.rule
    if rule.density is not None and rule.density <= found.share.value:
        return [f"That is as often as was asked ({words.percent(rule.density)}), so that no box is looked for."]
    if found.verdict == "chance" or found.firm is None:
        box = f"No box of up to {rule.most} beliefs with {words.percent(rule.support)} of draws or more"
        return [f"{box} tells these draws from the others better than chance does."]
    ranges = words.listed(
        [f"{words.isolated(limit.label)} is {limit.told} ({limit.quantiles} of its draws)" for limit in found.limits]
    )
    firm = found.firm
    judged = (
        f"It does so most where {ranges}: judged on draws that boxes were not found on, in {_percent(firm.density)} of "
        f"the draws of such a box, which holds {_percent(firm.mass)} of all draws and {_percent(firm.coverage)} of "
        "those with harm."
    )
    return [judged, _how_firm(found)]


def _how_firm(found: "Harm") -> str:
    """In how many resamples the box limits the same beliefs, or others that share a factor with them."""
    shares = words.listed([words.percent(limit.limited_in) for limit in found.limits])
    shared = [
        f"{words.percent(share)} one that shares {words.isolated(name)}" for name, share in found.stand_ins.items()
    ]
    these = "this belief" if len(found.limits) == 1 else "these beliefs"
    also = f"; {words.listed(shared)}" if shared else ""
    loose = min(limit.limited_in for limit in found.limits) < LOOSE
    so = ". The box is loose: other draws would limit other beliefs" if loose else ""
    return f"Of resamples, {shares} limit {these}{also}{so}."


def _percent(found: Found) -> str:
    """A share with its Monte Carlo error, in per cent."""
    if math.isnan(found.value):
        return "none"
    digits = 0 if found.error >= 0.005 else 1
    return f"{100 * found.value:.{digits}f} ±{100 * found.error:.{digits}f} %"


def _box(found: "Harm") -> list[Table]:
    if not found.limits or found.verdict != "box":
        return []
    rows: list[list[Cell]] = [
        [
            limit.label,
            limit.told,
            limit.unit,
            limit.quantiles,
            words.share(limit.limited_in),
            Number(f"{limit.quasi_p:.1g}", limit.quasi_p),
        ]
        for limit in found.limits
    ]
    return [
        Table(
            f"The box: beliefs under which moving to {words.quoted(found.allocation)} {worse(found)} most",
            ["belief", "range", "unit", "of these draws", "limited in", "quasi-p"],
            rows,
            note="All else may be anything. Of these draws: the part of all draws of the belief that its range has. "
            "Limited in: share of bootstrap resamples whose box limits this belief. Quasi-p: how likely as many draws "
            "with harm would be if its range told nothing; small by construction, since the range was picked.",
        )
    ]


def _judged(found: "Harm") -> list[Table]:
    """Density, coverage and mass, as found and as judged."""
    if found.found is None or found.firm is None or found.verdict != "box":
        return []
    fit, firm = found.found.fit.to_dict(), found.firm
    told = {
        "density": "of the box's draws, those with harm",
        "coverage": "of the draws with harm, those in the box",
        "mass": "of all draws, those in the box",
    }
    judged = {"density": firm.density, "coverage": firm.coverage, "mass": firm.mass}
    rows: list[list[Cell]] = [
        [name, text, words.share(fit[name]), Number(_percent(judged[name]), judged[name].value)]
        for name, text in told.items()
    ]
    return [
        Table(
            "How good the box is",
            ["measure", "what it is", "as found", "on draws left out"],
            rows,
            note=f"Harm in {_percent(found.share)} of all draws. Left out: boxes found on {FOLDS - 1} of {FOLDS} parts "
            f"of the draws, judged on the other, ± the error of these draws and of the box. {_chance(firm)}",
        )
    ]


def _chance(firm: "Firmness") -> str:
    return (
        f"With harm shuffled over draws, {SHUFFLES} times, a box as good is found in "
        f"{words.percent(firm.chance - 1 / (SHUFFLES + 1))}."
    )


def _picked(found: "Harm") -> list[Table]:
    """Other beliefs that resamples pick."""
    firm = found.firm
    if firm is None or found.verdict != "box":
        return []
    own = {limit.name for limit in found.limits}
    names = [name for name in found.picked if name not in own and firm.limited(name) >= PICKED][:SHOWN]
    rows: list[list[Cell]] = []
    for name in names:
        low, high = firm.usual(name)
        rows.append(
            [
                found.beliefs.label_of(name),
                words.share(firm.limited(name)),
                f"{words.percent(low)} to {words.percent(high)}",
            ]
        )
    return [
        Table(
            "Other beliefs that boxes of resamples limit",
            ["belief", "limited in", "usual range of its draws"],
            rows,
            note="Beliefs that vary together stand in for each other.",
        )
    ]


def _members(found: "Harm") -> list[Table]:
    if not found.members:
        return []
    return [
        Table(
            f"How often moving to {words.quoted(found.allocation)} {worse(found)}, by member of the mixture",
            ["worldview", "draws with harm"],
            [[called(name), words.share(share)] for name, share in found.members.items()],
        )
    ]


def _trail(found: "Harm") -> list[Table]:
    """Some of the boxes that peeling passes through."""
    if found.found is None or found.verdict != "box":
        return []
    trail = _some(found.found)
    return [
        Table(
            "Boxes that peeling passes through, as found",
            ["draws in the box", "coverage", "density", "beliefs limited"],
            [
                [words.share(fit.mass), words.share(fit.coverage), words.share(fit.density), Number(str(many), many)]
                for fit, many in trail
            ],
            note="--density takes a denser one than the table above has, or a larger one.",
            folded="Boxes that peeling passes through",
        )
    ]


def _some(found: "Discovery") -> list[tuple["Fit", int]]:
    last = len(found.trail) - 1
    places = sorted({round(last * part / (SHOWN - 1)) for part in range(SHOWN)})
    return [(found.trail[place][0], len(found.trail[place][1])) for place in places]


def _how(found: "Harm") -> list[str]:
    """How the box is looked for, and what it is not."""
    if found.found is None:
        return []
    among = (
        f" among {found.searched:,} of {found.beliefs.draws:,} draws" if found.searched < found.beliefs.draws else ""
    )
    aim = "has the most harm beyond chance" if found.rule.density is None else "is as dense as was asked"
    rule = found.rule
    text = (
        f"Patient rule induction{among} (Friedman and Fisher 1999; Bryant and Lempert 2010): "
        f"{words.percent(rule.alpha)} of a box is peeled off at a time, at the end of a belief where it helps most. "
        f"Of the boxes on the way, which hold {words.percent(rule.support)} of draws or more, the one is taken that "
        f"{aim}. A box describes where harm lies; it does not say that its beliefs cause it."
    )
    if found.verdict == "chance" and found.firm:
        judged = (
            f"{_chance(found.firm)} On draws left out there is harm in {_percent(found.firm.density)} of such a box."
        )
        shown = (
            f"A box is shown if the first is {words.percent(PLAUSIBLE)} at most and the second more than everywhere."
        )
        return [text, f"{judged} {shown}"]
    return [text]
