"""Fits in words."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from toc_model.beliefs.misfit import MISSED
from toc_model.naming import in_words
from toc_model.present.section import Cell, Number, Section, Table
from toc_model.present.words import counted, isolated, quoted, sized
from toc_model.survey.panel.fitted import Fitted
from toc_model.survey.panel.panel import Question
from toc_model.survey.panel.said import CDF_POINT, PROBABILITY, Said

if TYPE_CHECKING:
    from toc_model.questions.elicit.fits import Fits

HOW = (
    "Said: values at the levels that were asked for. Misfit: the largest difference, in points of probability, between "
    "what was said and the family that is fitted by least squares on the cdf. The rest is what the fit implies: a "
    "hundredth lies below the first value and above the last, a third in each part between."
)
HEADS = ("expert", "said", "family", "misfit", "1 %", "33 %", "67 %", "99 %")
READ_BACK = ("implied_01", "tertile_1", "tertile_2", "implied_99")


def said_in_words(said: Said, levels: Sequence[float]) -> str:
    """An answer in short: values, at levels that are told where they are others, or probabilities of at most each."""
    if said.kind == PROBABILITY:
        return f"{said.probability:.3g}"
    if said.kind == CDF_POINT:
        return ", ".join(f"{100 * p:.3g} % <= {sized(x)}" for x, p in said.ordered)
    values = " / ".join(sized(value) for _, value in said.ordered)
    own = [round(100 * level, 9) for level, _ in said.ordered]
    return values if own == list(levels) else f"{values} at {' / '.join(f'{level:g}' for level in own)} %"


def read_back(one: Fitted) -> dict[str, float]:
    """What a fit implies: its 1 and 99 % quantiles and tertiles."""
    if one.chosen is None:
        return {}
    low, high = one.chosen.implied.tolist()
    first, second = one.chosen.tertiles.tolist()
    return dict(zip(READ_BACK, (low, first, second, high), strict=True))


def figures(one: Fitted, levels: Sequence[float]) -> dict[str, Any]:
    """One answer's row of figures."""
    return {
        "question": one.question.name,
        "expert": one.said.expert,
        "round": one.said.round,
        "said": said_in_words(one.said, levels),
        "family": one.chosen.name if one.chosen else "",
        "misfit": float(one.chosen.misfit) if one.chosen else float("nan"),
        **read_back(one),
    }


def section(found: "Fits") -> Section:
    """A table a question."""
    panel = found.opened.panel
    tables = [_table(found, question) for question in panel.questions]
    refused = [
        f"{isolated(one.said.expert)} on {one.question.name} has no distribution: {one.refused}."
        for one in found.fits
        if one.refused
    ]
    return Section(
        "fit",
        "Fits",
        f"What the panel {quoted(panel.name)} said, up to round {quoted(found.round)}",
        tables=[table for table in tables if table.rows],
        notes=[
            HOW,
            *missed(found.fits, panel.levels),
            *refused,
        ],
    )


def missed(fits: Iterable[Fitted], levels: Sequence[float]) -> list[str]:
    """What was said and what was fitted, where the family misses it."""
    return [
        f"{isolated(one.said.expert)} on {one.question.name}: said {said_in_words(one.said, levels)}, fitted "
        f"{' / '.join(map(sized, one.chosen.quantiles.tolist()))} ({one.chosen.name})."
        for one in fits
        if one.chosen and float(one.chosen.misfit) >= MISSED
    ]


def _table(found: "Fits", question: Question) -> Table:
    mine = [one for one in found.fits if one.question.name == question.name]
    who = counted(len(mine), "expert")
    unit, levels = found.opened.documents.unit(question.unit), found.opened.panel.levels
    caption = f"{question.name} ({unit}), {who}: {isolated(question.wording)}"
    if question.is_event:
        return Table(caption, ["expert", "said"], [_row(one, levels)[:2] for one in mine])
    return Table(caption, HEADS, [_row(one, levels) for one in mine])


def _row(one: Fitted, levels: Sequence[float]) -> list[Cell]:
    said: list[Cell] = [isolated(one.said.expert), said_in_words(one.said, levels)]
    if one.chosen is None:
        return [*said, "none", *[""] * 5]
    misfit = float(one.chosen.misfit)
    implied = [Number(sized(value), value) for value in read_back(one).values()]
    return [*said, in_words(one.chosen.name), Number(f"{100 * misfit:.1f}", misfit), *implied]
