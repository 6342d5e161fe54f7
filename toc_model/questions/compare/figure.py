"""Pictures for decisions: the allocation curve, P(best) against the price of moving, and Figure 1 in micro-dooms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from scipy import special

from toc_model.present.figures import COLOURS, DASHES, FAINT, INK, MARKERS, new_figure, rests_on_line, styled, zero_line
from toc_model.questions.compare.result import Comparison
from toc_model.questions.marginal.result import BUYING_TIME, MICRO, TECHNICAL, Marginal
from toc_model.statistics import decisions

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TICKS = (0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98, 0.999)
PRICES = 60
LEADERS = 5


def curve_figure(
    curves: Mapping[str, xr.DataArray], status_quo: Mapping[str, float], pool: str, marks: Mapping[str, float]
) -> Figure:
    """Change of P(doom) against the share of a pool that buys time, a panel a worldview.

    Parameters
    ----------
    curves : mapping of str to DataArray
        By worldview: paired change of P(doom), dims ``(draw, share)``.
    status_quo : mapping of str to float
        Mean P(doom) under the status quo, by worldview.
    pool : str
    marks : mapping of str to float
        Shares to point out, such as those of the status quo and the recommendation.
    """
    with styled():
        figure = new_figure(3.1 * max(len(curves), 2), 3.8, columns=len(curves), sharey=True, squeeze=False)
        for place, (axes, (worldview, change)) in enumerate(zip(figure.axes, curves.items(), strict=True)):
            _curve(axes, change)
            axes.set_title(f"{worldview}\nP(doom) now {100 * status_quo[worldview]:.0f} %")
            axes.set_xlabel(f"{pool} who buy time (%)")
            for (name, share), style in zip(marks.items(), (":", "--"), strict=False):
                axes.axvline(100 * share, color=FAINT, linestyle=style, linewidth=1)
                axes.annotate(
                    name, (100 * share, 0.99), xycoords=("data", "axes fraction"), rotation=90, fontsize=8,
                    va="top", ha="right", color=INK,
                )  # fmt: skip
            if place == 0:
                axes.set_ylabel("change of P(doom) from the status quo\n(percentage points)")
        figure.axes[-1].legend(loc="lower left", fontsize=8)
        rests_on_line(figure, ", ".join(curves), "All else as under the status quo; same draws throughout.")
        return figure


def _curve(axes: Axes, change: xr.DataArray) -> None:
    table = 100 * decisions.summary(change)
    quartiles = 100 * change.quantile([0.25, 0.75], "draw")
    x = 100 * change["share"].values
    axes.fill_between(x, table["q05"], table["q95"], color=COLOURS[0], alpha=0.15, linewidth=0, label="90 % of draws")
    axes.fill_between(
        x, quartiles[0].values, quartiles[1].values, color=COLOURS[0], alpha=0.3, linewidth=0, label="half of draws"
    )
    axes.plot(x, table["mean"], color=COLOURS[0], linewidth=2, label="mean")
    best = int(np.argmin(table["mean"].values))
    axes.plot(x[best], table["mean"][best], MARKERS[0], color=INK, markersize=5)
    axes.annotate(
        f"least at {x[best]:.0f} %", (x[best], float(table["mean"][best])), textcoords="offset points",
        xytext=(0, -13), ha="center", fontsize=8,
    )  # fmt: skip
    zero_line(axes)
    axes.set_xlim(x[0], x[-1])
    axes.grid(axis="y")


def p_best_figure(found: Comparison) -> Figure:
    """P(best) of each allocation against what a moved person must bring, for the first worldview."""
    loss, cost = found.losses[0], found.moved()
    earned = (-decisions.paired_change(loss, "status_quo").mean("draw") / cost.where(cost > 0)).max().item()
    top = MICRO * max(float(np.nan_to_num(earned)), 1e-6) * 2.5
    prices = np.linspace(0, top, PRICES)
    curve = decisions.p_best_curve(loss, cost, (prices / MICRO).tolist())
    leaders = curve.max("price").sortby(curve.max("price"), ascending=False)["allocation"].values[:LEADERS]
    others = curve.drop_sel(allocation=leaders)
    with styled():
        figure = new_figure(7.2, 4.0)
        axes = figure.axes[0]
        for place, name in enumerate(leaders):
            axes.plot(
                prices, 100 * curve.sel(allocation=name), color=COLOURS[place], linestyle=DASHES[place],
                marker=MARKERS[place], markevery=(3 * place, 12), markersize=5, label=str(name).replace("_", " "),
            )  # fmt: skip
        if others.sizes["allocation"]:
            label = f"the other {others.sizes['allocation']} together"
            axes.plot(prices, 100 * others.sum("allocation"), color=FAINT, linewidth=1, label=label)
        axes.set(
            xlabel="what each moved person must bring to be worth moving (micro-dooms)",
            ylabel="P(best) (% of draws)",
            xlim=(0, top),
            ylim=(0, 100),
        )
        axes.set_title("Which allocation is best, and how surely")
        axes.grid(axis="y")
        figure.legend(loc="outside right center", fontsize=9)
        rests_on_line(figure, found.beliefs[0].worldview)
        return figure


def figure_one(found: Sequence[Marginal]) -> Figure:
    """The essay's Figure 1 in micro-dooms: value of a person by percentile of talent, a panel a worldview."""
    with styled():
        figure = new_figure(3.6 * max(len(found), 2), 4.2, columns=len(found), sharey=True, squeeze=False)
        for axes, one in zip(figure.axes, found, strict=True):
            _percentiles(axes, one)
        figure.axes[0].set_ylabel("micro-dooms averted per FTE-year")
        figure.axes[0].legend(loc="upper left", fontsize=8)
        at = found[0].allocation.replace("_", " ")
        rests_on_line(
            figure,
            ", ".join(one.beliefs.worldview for one in found),
            f"At the margin of the {at}. Lines: means; coloured bands: half of draws. Dotted, with 90 % of draws in "
            "grey: the percentile of technical\ntalent above which technical work is better for a person with the "
            "other talent that goes with it on average. A micro-doom is 10⁻⁶ of P(doom).",
        )
        return figure


def _percentiles(axes: Axes, one: Marginal) -> None:
    by = one.by_percentile
    x = special.ndtri(by["percentile"].values)
    for place, (work, label) in enumerate(((TECHNICAL, "technical work"), (BUYING_TIME, "buying time"))):
        values = by.sel(work=work)
        low, high = values.quantile([0.25, 0.75], "draw").values
        axes.fill_between(x, low, high, color=COLOURS[place], alpha=0.2, linewidth=0)
        axes.plot(
            x, values.mean("draw"), color=COLOURS[place], linestyle=DASHES[place], marker=MARKERS[place],
            markersize=4, markevery=2, label=label,
        )  # fmt: skip
    low, cut, high = (100 * float(one.crossing.quantile(q)) for q in (0.05, 0.5, 0.95))
    edge = np.clip(special.ndtri(np.clip([low, cut, high], 0.01, 99.99) / 100), x[0], x[-1])
    axes.axvspan(edge[0], edge[2], color=FAINT, alpha=0.12, linewidth=0)
    axes.axvline(edge[1], color=INK, linewidth=0.9, linestyle=(0, (1, 2)))
    axes.set_yscale("symlog", linthresh=10)
    axes.set_yticks([-10, 0, 10, 100, 1000], ["-10", "0", "10", "100", "1,000"])
    axes.set_xticks(special.ndtri(TICKS), [f"{100 * tick:g}" for tick in TICKS])
    axes.set(xlim=(x[0], x[-1]), xlabel="percentile of talent for the work")
    axes.set_title(f"{one.beliefs.worldview}\ntechnical better above {cut:.1f} [{low:.0f}, {high:.2f}]", fontsize=10)
    zero_line(axes)
    axes.grid(axis="y")
