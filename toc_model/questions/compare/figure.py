"""P(best) against the price of moving, drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from toc_model.present.figures import COLOURS, DASHES, FAINT, MARKERS, new_figure, rests_on_line, styled
from toc_model.questions.compare.result import Comparison
from toc_model.questions.marginal.result import MICRO
from toc_model.statistics import decisions

if TYPE_CHECKING:
    from matplotlib.figure import Figure


PRICES = 60


LEADERS = 5


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
