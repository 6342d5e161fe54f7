"""Pools in words."""

from typing import TYPE_CHECKING, Any

from toc_model.naming import in_words
from toc_model.present.section import Cell, Number, Section, Table
from toc_model.present.words import begun, counted, isolated, listed, named, quoted, sized
from toc_model.questions.elicit.fit_words import missed
from toc_model.statistics.pooling.probabilities import Pools as Event
from toc_model.survey.panel.panel import CONSENSUS
from toc_model.survey.panel.pooled import GLOBAL, ITEM, Pooled
from toc_model.survey.panel.scored import study_of

if TYPE_CHECKING:
    from toc_model.questions.elicit.pools import Pools

SHOWN = (0.05, 0.5, 0.95)


def figures(one: Pooled) -> dict[str, Any]:
    """One pool's row of figures."""
    shown = {f"q{100 * level:02.0f}": one.quantiles.get(level, float("nan")) for level in SHOWN}
    return {
        "question": one.question.name,
        "experts": len(one.weights),
        "method": one.method,
        "weighting": one.weighting,
        "probability": float("nan") if one.probability is None else one.probability,
        **shown,
    }


def section(found: "Pools") -> Section:
    """Pools of quantities beside priors, by method, and of events by treatment of zeros and ones."""
    panel = found.opened.panel
    quantities = [one for one in found.pools if one.event is None]
    events = [one for one in found.pools if one.event is not None]
    tables = [
        Table(
            "Pools, and the prior before",
            ["question", "whose", "experts", "5 %", "50 %", "95 %"],
            [row for one in quantities for row in _beside(found, one)],
        ),
        Table(
            "By other methods",
            ["question", "method", "5 %", "50 %", "95 %"],
            [row for one in quantities for row in _methods(found, one)] if found.others else [],
            note="Linear keeps all that anybody holds possible; logarithmic what all do; the average of quantiles lies "
            "between.",
        ),
        *(_event(one, one.event) for one in events if one.event),
        _weights(found),
    ]
    return Section(
        "pool",
        "Pool",
        f"What the panel {quoted(panel.name)} believes in common, up to round {quoted(found.fits.round)}",
        tables=[table for table in tables if table.rows],
        notes=[_told(found), *_cautions(found), *_missed(found), *_left_out(found)],
    )


def _told(found: "Pools") -> str:
    ways = listed(list(dict.fromkeys(f"{one.method.replace('_', ' ')} pool" for one in found.pools)))
    weights = listed(list(dict.fromkeys(one.weighting for one in found.pools)))
    carried = _carried(found)
    who = isolated(found.opened.panel.population.rstrip(".") or "who they are is not stated")
    before = f"{named(found.opened.panel.worldview)}{found.opened.documents.dated}"
    return (
        f"{begun(ways)}, {weights} weights. Experts: {who}.{carried} The prior before is that of the worldview "
        f"{before}. Nothing has changed in it: 'toc elicit worldview' puts a pool of a parameter in its "
        "place; 'toc elicit answers' makes answers that update it."
    )


def _cautions(found: "Pools") -> list[str]:
    """What weights by scores can't be trusted for."""
    if {one.weighting for one in found.pools}.isdisjoint((GLOBAL, ITEM)):
        return []
    asked = study_of(found.opened.panel, [one.said for one in found.fits.fits])
    return [f"{begun(warning)}." for warning in asked.warnings]


def _missed(found: "Pools") -> list[str]:
    """Answers that the families which are pooled miss."""
    pooled = {one.question.name for one in found.pools}
    return missed([one for one in found.fits.fits if one.question.name in pooled], found.opened.panel.levels)


def _carried(found: "Pools") -> str:
    """How many answers are those of an earlier round than the one that was asked for."""
    early = sum(one.said.round != found.fits.round for one in found.fits.fits)
    if not early:
        return ""
    return f" {counted(early, 'answer')} of {len(found.fits.fits)} stand from an earlier round."


def _left_out(found: "Pools") -> list[str]:
    return [
        *(f"{name} has no pool: {reason}." for name, reason in found.unpooled.items()),
        *_experts_left_out(found),
        *(
            f"{question.name} has no pool: nobody answered it in round {quoted(found.fits.round)}, and a consensus "
            "stands alone."
            for question in found.opened.panel.asked
            if question.name in _earlier(found)
        ),
    ]


def _earlier(found: "Pools") -> set[str]:
    """Questions that were answered in another round alone than the one that stands alone."""
    if found.fits.round != CONSENSUS:
        return set()
    here = {one.question.name for one in found.fits.fits}
    return {one.question for one in found.opened.records.current} - here


def _experts_left_out(found: "Pools") -> list[str]:
    return [
        f"{isolated(expert)} is left out of {one.question.name}: {reason}."
        for one in found.pools
        for expert, reason in one.left_out.items()
    ]


def _cells(values: list[float]) -> list[Cell]:
    return [Number(sized(value), value) for value in values]


def _beside(found: "Pools", one: Pooled) -> list[list[Cell]]:
    name = f"{one.question.name} ({found.opened.documents.unit(one.question.unit)})"
    many = Number(str(len(one.weights)), len(one.weights))
    rows: list[list[Cell]] = [[name, "pool", many, *_cells([one.quantiles[level] for level in SHOWN])]]
    if prior := found.opened.prior(one.question.name):
        rows.append(["", "prior", "", *_cells([float(prior.distribution.quantile(level)) for level in SHOWN])])
    return rows


def _methods(found: "Pools", one: Pooled) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for name, pools in found.others.items():
        other = next(pooled for pooled in pools if pooled.question.name == one.question.name)
        shown = _cells([other.quantiles[level] for level in SHOWN])
        rows.append([one.question.name if not rows else "", in_words(name), *shown])
    return rows


def _event(one: Pooled, event: Event) -> Table:
    """An event's probability by all methods, and under all treatments of zeros and ones."""
    treatments = list(next(iter(event.values.values())))
    rows: list[list[Cell]] = [
        [in_words(method), *(_probability(row[treatment]) for treatment in treatments)]
        for method, row in event.values.items()
    ]
    odd = [counted(event.zeros, "zero"), counted(event.ones, "one")]
    note = (
        f"{listed(odd)} among {counted(len(one.weights), 'answer')}. As they stand, they decide alone by some methods; "
        "the other columns leave them out, or put a small number for a zero, and one less it for a one."
        if event.zeros or event.ones
        else ""
    )
    heads = [treatment if treatment in ("as said", "left out") else f"0 as {treatment}" for treatment in treatments]
    return Table(f"{one.question.name}: {isolated(one.question.wording)}", ["method", *heads], rows, note=note)


def _probability(value: float) -> Cell:
    return Number(f"{value:.3g}", value) if value == value else "none"  # noqa: PLR0124 (no NaN)


def _weights(found: "Pools") -> Table:
    """What experts count for, where they do not count alike."""
    unlike = [one for one in found.pools if len({round(share, 12) for share in one.weights.values()}) > 1]
    experts = list(dict.fromkeys(name for one in unlike for name in one.weights))
    rows: list[list[Cell]] = [[isolated(name), *(_share(one.weights.get(name)) for one in unlike)] for name in experts]
    return Table("What each expert counts for", ["expert", *(one.question.name for one in unlike)], rows)


def _share(share: float | None) -> Cell:
    return "" if share is None else Number(f"{100 * share:.1f} %", share)
