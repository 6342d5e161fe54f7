"""What is said about checked claims."""

import math
from typing import TYPE_CHECKING

from toc_model.naming import called
from toc_model.present import words
from toc_model.present.section import Cell, Number, Section, Table
from toc_model.questions.claims.words import short
from toc_model.statistics.verdicts import Found, Verdict, joint

if TYPE_CHECKING:
    from toc_model.questions.claims.checking import Checks

MARKS: dict[Verdict, str] = {"held": "✓", "not held": "✗", "undecided": "?"}
FIGURES = ["claim", "worldview", "what was asked", "found", "said to be", "verdict"]


def section(found: "Checks") -> Section:
    """What held under which worldview, and what was found where it did not."""
    checked = [name for name in found.claims if name in found.trials]
    return Section(
        "checks",
        "What held",
        f"Which claims of {found.theory} does the model's behaviour show?",
        text=_text(found),
        tables=[_verdicts(found, checked), _figures(found), _unchecked(found)],
        notes=[*_how(found), *(one.rests_on() for one in found.beliefs[: None if found.one else 1])],
    )


def _text(found: "Checks") -> list[str]:
    if found.one:
        claim = found.claims[found.one]
        return [words.isolated(claim.text), f"Check: {words.isolated(claim.check or 'none')}"]
    counts = found.counts
    failed = [name for name in found.claims if found.verdict(name) == "not held"]
    which = f" ({', '.join(failed)})" if failed else ""
    told = (
        f"Of {words.counted(len(found.claims), 'claim')} {len(found.trials)} have a check that can be run. "
        f"{counts['held']} held under every worldview of which they are said, {counts['not held']} did not{which}, and "
        f"{counts['undecided']} can't be told from these draws. A check shows that the model does as the claim says, "
        "not that the claim is true."
    )
    return [told]


def _verdicts(found: "Checks", checked: list[str]) -> Table:
    rows: list[list[Cell]] = []
    for name in checked:
        verdict = joint([trial.verdict for trial in found.trials[name]])
        views = [", ".join(map(called, found.under(name, one))) for one in MARKS]
        rows.append([name, f"{MARKS[verdict]} {verdict}", *views, short(found.claims[name].text)])
    folded = "" if found.one else f"All {len(rows)} claims that were checked"
    return Table(
        "Checked claims, and the worldviews under which each held",
        ["claim", "verdict", "held under", "not under", "undecided under", "what it says"],
        rows,
        folded=folded,
    )


def _figures(found: "Checks") -> Table:
    """Of one claim all figures; of many those that were not as said."""
    rows: list[list[Cell]] = []
    for name, trials in found.trials.items():
        for trial in trials:
            shown = [one for one in trial.found if found.one or one.verdict != "held"]
            under = called(trial.worldview)
            rows += [[name, under, one.what, _figure(one), _bounds(one), _marked(one)] for one in shown]
            if trial.why_not:
                rows.append([name, under, trial.why_not, "", "", "not run"])
    title = "All that was found" if found.one else "What was found where a check did not hold"
    return Table(
        title,
        FIGURES,
        rows,
        note="Figures are in the units of the model, ± their Monte Carlo standard error. Undecided: the bound is "
        "within 1.96 of these errors; more draws may tell.",
    )


def _marked(one: Found) -> str:
    return f"{MARKS[one.verdict]} {one.verdict}"


def _figure(one: Found) -> Number | str:
    if math.isnan(one.value):
        return "no such draw"
    text = f"{one.value:.3g}" + (f" ± {one.error:.1g}" if one.error else "")
    return Number(text, one.value)


def _bounds(one: Found) -> str:
    low, high = math.isfinite(one.low), math.isfinite(one.high)
    if low and high:
        return f"{one.low:.3g}" if one.low == one.high else f"{one.low:.3g} to {one.high:.3g}"
    if low:
        return f"{one.low:.3g} or more"
    return f"{one.high:.3g} or less" if high else "told, no bound"


def _unchecked(found: "Checks") -> Table:
    rows: list[list[Cell]] = [
        [name, short(claim.text), found.why_not(name)] for name, claim in found.claims.items() if found.why_not(name)
    ]
    return Table(
        "Claims that were not checked",
        ["claim", "what it says", "why not"],
        rows,
        folded="" if found.one else f"{words.counted(len(rows), 'claim')} that were not checked",
    )


def _how(found: "Checks") -> list[str]:
    if not found.beliefs:
        return []
    first = found.beliefs[0]
    names = words.listed([words.named(one.worldview) for one in found.beliefs])
    how = (
        f"With {first.counted()} each of {names}, seed {first.seed}; all that is compared is compared on the same "
        "draws. One claim with all its figures: toc claims ID --check."
    )
    return [how]
