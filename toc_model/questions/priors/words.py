"""What is said about priors: all of them, one with all that is known of it, and how well quantiles are met."""

from typing import TYPE_CHECKING

import numpy as np

from toc_model.beliefs.distributions import quantile_name
from toc_model.beliefs.misfit import MISSED
from toc_model.present.section import Cell, Number, Section, Table
from toc_model.present.words import isolated, named, percent, percent_of, sized

if TYPE_CHECKING:
    from toc_model.beliefs.latents import Factor
    from toc_model.beliefs.shipped import Documents
    from toc_model.questions.priors import Density, Elicitation, OnePrior, Row
    from toc_model.questions.priors.fits import Fit, Fits

BARS = " ▁▂▃▄▅▆▇█"
PLOT_WIDTH, PLOT_HEIGHT = 72, 8
LEVELS = (0.05, 0.5, 0.95)
TOLD = 0.001
"""Smallest misfit that is worth a word."""
NIL = "nil: probability of no effect; the quantiles are those given that there is one."


def section(found: "Elicitation") -> Section:
    """A table for each chapter."""
    titles = {chapter.name: f"{chapter.name}: {chapter.title}" for chapter in found.chapters}
    nil = any(row.prior.distribution.nil for row in found.rows)
    others = dict.fromkeys(row.prior.chapter for row in found.rows if row.prior.chapter not in titles)
    titles |= {name: name for name in others}
    return Section(
        "priors",
        "Priors",
        f"Priors of the worldview '{named(found.worldview)}'{found.documents.dated}",
        tables=[
            _chapter(title, [row for row in found.rows if row.prior.chapter == name], found.documents, nil=nil)
            for name, title in titles.items()
        ],
        notes=[
            *([NIL] if nil else []),
            f"{len(found.rows)} entries of {isolated(found.source)}; 'moved' marks what this worldview changes.",
            *[
                f"{row.prior.name} is far from what was said: {row.prior.missed}."
                for row in found.rows
                if row.prior.missed
            ],
            "One of them in full: toc priors NAME.",
        ],
    )


def _chapter(title: str, rows: list["Row"], documents: "Documents", *, nil: bool) -> Table:
    cells: list[list[Cell]] = [
        [
            row.prior.name,
            row.prior.label,
            *(Number(sized(value) + documents.calendar(row.prior.entry.unit, value), value) for value in row.quantiles),
            *([_mass(row.prior.distribution.nil)] if nil else []),
            documents.unit(row.prior.entry.unit),
            row.prior.entry.status,
            "yes" if row.prior.reason else "",
        ]
        for row in rows
    ]
    levels = [percent(level) for level in LEVELS]
    heads = ["name", "parameter", *levels, *(["nil"] if nil else []), "unit", "status", "moved"]
    return Table(title, heads, cells, goes=["moved", "nil", "status"])


def _mass(nil: float) -> Cell:
    return Number(percent(nil), nil) if nil else ""


# One ----------------------------------------------------------------------------------------------------------------


def page(found: "OnePrior") -> Section:
    """Question, quantiles, source, history and density of one parameter."""
    prior = found.prior
    entry = prior.entry
    facts = [
        (
            "worldview",
            found.worldview + found.documents.dated + (f" (moved: {prior.reason})" if prior.reason else ""),
        ),
        ("question", entry.question),
        ("unit", found.documents.unit(entry.unit)),
        ("family", f"{prior.family_in_words}, by {prior.distribution.method}"),
        ("quantiles", _quantiles(found)),
        *([("misfit", f"the fit has {prior.missed}")] if prior.missed else []),
        *([("nil", _nil(found))] if prior.distribution.nil else []),
        *[("varies with", _shared(factor, prior.name)) for factor in found.factors],
        ("source", entry.source),
        ("status", entry.status),
        ("claims", ", ".join(entry.claims) or "none"),
        *[(f"{change.date:%Y-%m-%d}", change.change) for change in entry.history],
    ]
    return Section(
        "prior",
        prior.name,
        f"{prior.label} ({prior.name})",
        points=[(label, isolated(text)) for label, text in facts],
        verbatim=density_plot(found.density, _median_in_words(found, found.density)) if found.density else "",
    )


def _quantiles(found: "OnePrior") -> str:
    if found.prior.distribution.is_constant:
        return f"constant, {sized(found.prior.distribution.location)}"
    unit, below = found.prior.entry.unit, found.prior.probabilities
    return ", ".join(
        f"{quantile_name(level)} {sized(value)} (fitted {sized(found.fitted[level])})"
        f"{found.documents.calendar(unit, value)}: {percent(below[level], 1)} below"
        for level, value in found.prior.quantiles.items()
    )


def _nil(found: "OnePrior") -> str:
    nil = found.prior.distribution.nil
    return f"no effect with probability {percent(nil)}" + ("; the quantiles are those given one" if nil < 1 else "")


def _shared(factor: "Factor", entry: str) -> str:
    others = [name for name in factor.loadings if name != entry]
    beside = f", with {', '.join(others)}" if others else ""
    return f"{factor.label}, loading {factor.loadings[entry]:+.2g}{beside}: {factor.reason}"


def _median_in_words(found: "OnePrior", density: "Density") -> str:
    unit = found.prior.entry.unit
    median = f"median {sized(density.median)} {found.documents.unit(unit)}"
    nil = f", if not nil ({percent(density.nil)})" if density.nil else ""
    return f"{median}{found.documents.calendar(unit, density.median)}{nil}"


def density_plot(density: "Density", label: str) -> str:
    """A density drawn with block characters, with an axis in the parameter's unit and a label below it."""
    step = (len(density.x) - 1) // (PLOT_WIDTH - 1)
    x, y = density.x[::step], density.y[::step]
    eighths = np.rint(y / y.max() * PLOT_HEIGHT * 8).astype(int)
    rows = [
        "".join(BARS[np.clip(height - 8 * level, 0, 8)] for height in eighths) for level in reversed(range(PLOT_HEIGHT))
    ]
    low, high = float(x[0]), float(x[-1])
    middle = round((density.median - low) / (high - low) * (PLOT_WIDTH - 1))
    axis = "".join("┴" if i == middle else "─" for i in range(PLOT_WIDTH))
    ends = f"{sized(low)}{sized(high):>{PLOT_WIDTH - len(sized(low))}}"
    return "\n".join(f"  {line}".rstrip() for line in [*rows, axis, ends, f"{label:^{PLOT_WIDTH}}"])


# Quantiles that are not met -----------------------------------------------------------------------------------------


def check(found: "Fits") -> Section:
    """Entries whose fit misses what was said, the worst first, with how they were fitted."""
    rows = [_missed(one.worldview, fit) for one in (found, *found.beside) for fit in one.missed]
    every, met = len(found.fits), len(found.fits) - len(found.missed)
    note = (
        f"{every} entries of {isolated(found.source)} are well formed; {met} meet what was said: below each elicited "
        f"quantile the fit has a probability within {MISSED:g} of the one that was said, as rounding explains. "
        f"{_furthest(found)}Misfit is the largest difference; quantiles that the family can't meet are fitted by least "
        "squares."
    )
    notes = [note]
    if found.beside:
        read = ", ".join(f"{named(one.worldview)} ({len(one.missed)} of {len(one.fits)})" for one in found.beside)
        notes.append(
            f"Worldviews that were read too, with how many of the entries that they change are missed: {read}."
        )
    heads = ["worldview", "parameter", "family", "elicited", "fitted", "said", "fit has below", "misfit", "method"]
    return Section(
        "check",
        "Check",
        f"Quantiles that are not met, worldview '{named(found.worldview)}'",
        text=[] if rows else ["All are met."],
        tables=[Table("", heads, rows)] if rows else [],
        notes=notes,
    )


def _missed(worldview: str, fit: "Fit") -> list[Cell]:
    return [
        named(worldview),
        fit.prior.name,
        fit.prior.entry.family,
        "/".join(map(sized, fit.prior.quantiles.values())),
        "/".join(map(sized, fit.fitted)),
        f"{'/'.join(f'{100 * level:g}' for level in fit.prior.quantiles)} %",
        f"{'/'.join(f'{100 * given:.1f}' for given in fit.probabilities)} %",
        Number(f"{fit.misfit:.3f}", fit.misfit),
        fit.prior.distribution.method,
    ]


def _furthest(found: "Fits") -> str:
    """The largest misfit of those that are met."""
    worst = next((fit for fit in found.fits if fit not in found.missed and fit.misfit >= TOLD), None)
    if worst is None:
        return ""
    said, given = max(worst.prior.probabilities.items(), key=lambda pair: abs(pair[1] - pair[0]))
    return f"Of these {worst.prior.name} is furthest off: {percent(given, 1)} where {percent_of(said)} was said. "
