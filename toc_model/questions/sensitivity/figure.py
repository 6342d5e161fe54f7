"""The tornado as a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from toc_model.present.figures import COLOURS, FAINT, HATCHES, INK, new_figure, rests_on_line, styled, zero_line
from toc_model.present.terminal import sized

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from toc_model.questions.sensitivity.analyses import Analysis


def tornado_figure(found: Analysis, top: int) -> Figure:
    """Bars from the change at each parameter's 5 % quantile to that at its 95 % quantile, in percentage points."""
    subject = found.subject
    names = found.ranked("swing")[:top]
    with styled():
        figure = new_figure(8.4, 1.5 + 0.34 * len(names))
        axes = figure.axes[0]
        mean = 100 * float(subject.outcomes.sel(outcome="change").mean())
        for row, name in enumerate(names):
            _bar(axes, row, mean, found.table.sel(entry=name))
        axes.axvline(mean, color=FAINT, linewidth=1.2, linestyle="--", zorder=1)
        axes.annotate(f"mean {mean:+.2f}", (mean, 1.01), xycoords=("data", "axes fraction"), ha="center", fontsize=9)
        zero_line(axes, vertical=True)
        axes.set_yticks(range(len(names)), names)
        axes.invert_yaxis()
        axes.grid(axis="x")
        axes.margins(x=0.2, y=0.02)
        axes.set_xlabel(f"change of P(doom), status_quo to {subject.allocation} (percentage points)")
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.04), ncols=2, fontsize=9)
        note = f"Figures at the bars: the parameter's values.\nThe change there: {found.about['how']}."
        rests_on_line(figure, subject.beliefs.worldview, note)
    return figure


def _bar(axes: Axes, row: int, mean: float, entry: Any) -> None:
    """One parameter: from the mean to the change at each end, labelled with the value there."""
    changes = [100 * float(change) for change in entry["expected"].sel(outcome="change").values]
    values = [sized(float(value)) for value in entry["value"].values]
    for end, (change, quantile) in enumerate(zip(changes, ("5 %", "95 %"), strict=True)):
        axes.barh(
            row,
            change - mean,
            left=mean,
            height=0.68,
            color=COLOURS[4] if end else COLOURS[0],
            hatch=HATCHES[1] if end else HATCHES[0],
            edgecolor=INK,
            linewidth=0.6,
            label=f"at its {quantile} quantile" if row == 0 else None,
        )
    low, high = sorted(range(2), key=changes.__getitem__)
    for end, align, offset in ((low, "right", -4), (high, "left", 4)):
        axes.annotate(
            values[end],
            (min(changes[end], mean) if end == low else max(changes[end], mean), row),
            xytext=(offset, 0),
            textcoords="offset points",
            ha=align,
            va="center",
            fontsize=8,
        )
