"""What is said of shares of variance."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from toc_model.present import words
from toc_model.present.section import Cell, Number, Table
from toc_model.questions.sensitivity.naming import about_shared, asked, both, outcome_label, plain

if TYPE_CHECKING:
    from toc_model.questions.sensitivity.analysis import Analysis

type Parts = tuple[list[str], list[Table], list[str]]
"""Paragraphs, tables and notes."""

INDEX = ("index", "low", "high")
FIRST, TOTAL = ("first", "first_low", "first_high"), ("total", "total_low", "total_high")
SOBOL = (
    "Share of the variance that knowing the parameter alone would remove (first order), and that would remain if "
    "all others were known (total); [90 % bootstrap interval]. Parameters are sampled independently."
)
GIVEN_DATA = (
    "Share of the variance that knowing the parameter would remove, by regression on the draws as they are, with what "
    "it tells about parameters that it depends on; [90 % interval], which holds what the regression explains of draws "
    "that it was made from and of others."
)


def sobol(found: "Analysis", top: int) -> Parts:
    """Indices of independent parameters."""
    rows: list[list[Cell]] = [
        [found.inputs.label(name), *(_index(found, name, keys, out) for out in both(found) for keys in (TOTAL, FIRST))]
        for name in found.ranked("total")[:top]
    ]
    headings = ["parameter", "change: total", "first order", f"{outcome_label(found)}: total", "first order"]
    return [], [Table(f"Sobol' indices: {asked(found)}", headings, rows)], [SOBOL, *about_shared(found)]


def given_data(found: "Analysis", top: int) -> Parts:
    """Indices from draws as they are, beside what is known to be there."""
    node, change = found.inputs.names
    effects = found.more["shapley"]
    rows: list[list[Cell]] = []
    for name in found.ranked("index")[:top]:
        shared: Cell = _share(*(effects[name][key][change] for key in INDEX)) if name in effects else ""
        rows.append(
            [found.inputs.label(name), _index(found, name, INDEX, change), shared, _index(found, name, INDEX, node)]
        )
    together = found.more["explained_by_all"]
    whole = [_share(*(together[key][outcome] for key in INDEX)) for outcome in (change, node)]
    rows.append([f"all {len(found.entries)} together", whole[0], "", whole[1]])
    headings = ["parameter", "change: first order", "Shapley effect", f"{outcome_label(found)}: first order"]
    divided = (
        f"The Shapley effects divide the {words.percent(found.more['explained'][change])} of the variance of the "
        f"change that the first {len(effects)} explain together."
    )
    table = Table(f"Given-data indices: {asked(found)}", headings, rows)
    return [_beside_what_is_known(found)], [table], [f"{GIVEN_DATA} {divided}"]


def _beside_what_is_known(found: "Analysis") -> str:
    """How much of the variance the regression finds, where all of it is there to be found."""
    node, change = found.inputs.names
    share = {outcome: words.percent(found.more["explained_by_all"]["index"][outcome]) for outcome in (change, node)}
    label = outcome_label(found)
    return (
        f"All {len(found.entries)} parameters determine the change and {label}, so that they are known to explain "
        f"100 % of the variance of either. A regression on all at once finds {share[change]} of the change's and "
        f"{share[node]} of {label}'s; the rest is what it misses, mostly what several do together, and is in no share "
        "below."
    )


def _index(found: "Analysis", name: str, keys: Sequence[str], outcome: str) -> Number:
    row = found.table.sel(entry=name, outcome=outcome)
    return _share(*(float(row[key]) for key in keys))


def _share(value: float, low: float, high: float) -> Number:
    return Number(f"{plain(value)} [{plain(low)}, {plain(high)}]", value)
