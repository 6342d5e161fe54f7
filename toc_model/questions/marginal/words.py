"""The value of one more person and of a year, as text."""

import textwrap
from collections.abc import Mapping
from typing import Any

import xarray as xr
from rich.box import SIMPLE_HEAD
from rich.table import Table

from toc_model.present.terminal import WIDTH, points, section
from toc_model.questions.marginal.result import Marginal
from toc_model.statistics import decisions

SHOWN = (0.1, 0.5, 0.9, 0.95, 0.99)
UNIT = "micro-dooms averted per FTE-year"


PEOPLE = (
    "A micro-doom is 10^-6 of P(doom); negative values are harm. Average person with [5 %, 95 %] over draws, then "
    "researchers by percentile of talent for the work itself (means over draws). A person stays until AGI, with a "
    "share of the field's growth; the value is per year of all that work."
)
YEARS = (
    "From a world without a pause; the risk of deployment is held. Unilateral: the leaders spend twelve months of "
    "their lead; field-wide: nobody catches up. At the end: a pause once AGI could be built."
)


def marginal_text(found: Marginal, years: xr.DataArray) -> str:
    """Tables of people and of years, the percentile of change, and what it all rests on."""
    figures, worldview = found.to_dict(), found.beliefs.worldview
    people = f"One more person, {UNIT}, worldview '{worldview}', at the margin of {found.allocation}"
    delay = f"One year of delay under the status quo, change of P(doom) in percentage points, worldview '{worldview}'"
    return "\n".join(
        [
            section(people, _people(figures), PEOPLE),
            textwrap.fill(_crossing(figures), WIDTH) + "\n",
            section(delay, _years(years), YEARS),
            textwrap.fill(figures["rests_on"], WIDTH) + "\n",
        ]
    )


def _people(figures: Mapping[str, Any]) -> Table:
    table = Table(box=SIMPLE_HEAD)
    table.add_column("work", no_wrap=True)
    for heading in ("average person", *(f"{100 * p:g}th" for p in SHOWN)):
        table.add_column(heading, justify="right", no_wrap=True)
    for work, row in figures["average"].items():
        average = f"{amount(row['mean'])} [{amount(row['q05'])}, {amount(row['q95'])}]"
        by = figures["by_percentile"].get(work)
        cells = [amount(by[f"{100 * p:g}"]["mean"]) for p in SHOWN] if by else [""] * len(SHOWN)
        table.add_row(work.replace("_", " "), average, *cells)
    return table


def amount(value: float) -> str:
    """Micro-dooms, to three digits or one decimal."""
    text = f"{value:.1f}" if abs(value) < 10 else f"{value:,.0f}"
    return text if float(text.replace(",", "")) else "0.0"


def _crossing(figures: Mapping[str, Any]) -> str:
    cut = figures["technical_work_is_better_above_percentile"]
    by = figures["buying_time_is_better_in"]
    return (
        f"For one researcher, technical work is better above the {cut['median']:.1f}th percentile of technical talent "
        f"[{cut['q05']:.1f}, {cut['q95']:.1f}], given the talent for buying time that goes with it on average. In "
        f"{100 * cut['not_at_the_top']:.0f} % of draws buying time is better even at the top, in "
        f"{100 * cut['for_all']:.0f} % technical work is better for all, and in {100 * cut['for_some_below_too']:.0f} "
        "% it is better for some of the least talented too, whose buying time may do harm. Buying time is better "
        f"for the median researcher in {100 * by['50']:.0f} % of draws, for the 90th percentile in "
        f"{100 * by['90']:.0f} %, for the 99th in {100 * by['99']:.0f} %."
    )


def _years(doom: xr.DataArray) -> Table:
    table = Table(box=SIMPLE_HEAD)
    table.add_column("a year of delay", no_wrap=True)
    for heading in ("change [5 %, 95 %]", "micro-dooms averted", "better in"):
        table.add_column(heading, justify="right", no_wrap=True)
    effect = decisions.paired_effect(decisions.paired_change(doom, "no delay"))
    for name in doom["allocation"].values[1:]:
        found = decisions.effect_figures(effect, allocation=name)
        change, mean = found["change"], found["change"]["mean"]
        table.add_row(
            str(name),
            f"{points(mean, 2)} [{points(change['q05'])}, {points(change['q95'])}]",
            amount(-1e6 * mean),
            f"{100 * found['share_better']:.0f} %",
        )
    return table
