"""Denied and granted claims as a figure: the allocation's change of the outcome with each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from toc_model.naming import called
from toc_model.present import words
from toc_model.present.figures import COLOURS, headline, new_figure, rests_on_line, styled, wrapped, zero_line
from toc_model.questions.claims.denying import Consequence, Denial, change_of
from toc_model.questions.claims.granting import Grant
from toc_model.statistics import decisions

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from toc_model.beliefs.beliefs import Beliefs
    from toc_model.questions.claims import Denials
    from toc_model.questions.claims.grants import Grants

type Row = tuple[str, Mapping[str, float]]
"""A label, and the figures of a change."""

CLAIMS = 15
LABEL, LINES = 2.4, 2
"""Inches of a label, and its lines at the most."""


def denial_figure(found: Denials, top: int = CLAIMS) -> Figure:
    """Mean and 5-95 % range of the paired change under each denial, beside the undenied change.

    Parameters
    ----------
    found : Denials
    top : int
        How many denials to show; claims that are denied alike share one.
    """
    shown = [(denial, _figures(denial.consequence)) for denial in found.denials if denial.consequence][:top]
    return _changes(
        found.beliefs,
        [
            ("nothing denied", _figures(found.undenied)),
            *((_label(found, denial), change) for denial, change in shown),
        ],
        f"'{called(found.allocation)}' with one claim denied at a time",
    )


def grant_figure(found: Grants) -> Figure:
    """Mean and 5-95 % range of the paired change with each objection granted, under the first worldview.

    Parameters
    ----------
    found : Grants
    """
    outcomes = [(grant, under[0].outcome) for grant, under in zip(found.grants, found.found, strict=True)]
    return _changes(
        found.first,
        [
            ("nothing granted", decisions.figures(change_of(found.ungranted[0]))),
            *(
                (_grant_label(found, grant), decisions.figures(change_of(outcome)))
                for grant, outcome in outcomes
                if outcome is not None
            ),
        ],
        f"'{called(found.allocation)}' with objections granted",
    )


def _changes(beliefs: Beliefs, rows: Sequence[Row], title: str) -> Figure:
    """Changes of the outcome, the first of them apart from the others."""
    objective = beliefs.case.objective
    factor = objective.measure.factor
    (first, change), *others = rows
    with styled():
        figure = new_figure(1.3 + 0.46 * len(others))
        (axes,) = figure.axes
        axes.axvline(factor * change["mean"], color=COLOURS[0], linewidth=1.2, linestyle="--", zorder=1)
        _range(axes, 0, factor, change, COLOURS[0], "s")
        for place, (_, figures) in enumerate(others, start=1):
            _range(axes, place, factor, figures, COLOURS[1], "o")
        zero_line(axes, vertical=True)
        axes.set_yticks(range(len(rows)), [label for label, _ in rows])
        axes.set_ylim(len(others) + 0.6, -0.6)
        axes.grid(visible=True, axis="x")
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel(f"change of {objective.label} ({objective.measure.change_unit})")
        headline(figure, title)
        rests_on_line(
            figure,
            f"{called(beliefs.worldview)}{beliefs.documents.dated}",
            f"{beliefs.counted('paired draws')}: mean and 5-95 %. {words.better_side(objective)} Dashed: {first}.",
        )
    return figure


def _figures(consequence: Consequence) -> dict[str, float]:
    return decisions.figures(consequence.change)


def _range(axes: Axes, place: int, factor: float, change: Mapping[str, float], colour: str, marker: str) -> None:
    ends = [factor * change["q05"], factor * change["q95"]]
    axes.plot(ends, [place, place], color=colour, linewidth=2.2, alpha=0.55)
    axes.plot(factor * change["mean"], place, marker, color=colour, markersize=6, markeredgecolor="white")


def _label(found: Denials, denial: Denial) -> str:
    return wrapped(f"{' = '.join(denial.claims)} {found.claims[denial.claims[0]].text}", LABEL, most=LINES)


def _grant_label(found: Grants, grant: Grant) -> str:
    text = "" if grant.together else f" {found.objections[grant.claims[0]].text}"
    return wrapped(f"{grant.name}{text}", LABEL, most=LINES)
