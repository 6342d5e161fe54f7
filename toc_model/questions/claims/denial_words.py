"""Denied claims as text: the table, what can't be denied, and pairs."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from toc_model.present.terminal import WIDTH, as_text, percent, points
from toc_model.questions.claims.words import MARKS

if TYPE_CHECKING:
    from toc_model.questions.claims.denials import Denials

SHORT = 44
"""Characters of a claim's text in the table."""


def denial_text(found: Denials, top: int | None = None) -> str:
    """All that `toc claims --deny` prints.

    Parameters
    ----------
    found : Denials
    top : int, optional
        How many claims to show; all by default, and then also why the others can't be denied.
    """
    rows = found.rows()
    denied = [row for row in rows if row["denial"]]
    shown = denied[:top]
    parts = [as_text(denial_table(found, shown))] if shown else []
    parts += [textwrap.fill(f"{row['id']} denied: {row['undefined']}", WIDTH) for row in shown if row["undefined"]]
    if len(shown) < len(denied):
        parts.append(f"{len(denied) - len(shown)} more claims move the change less; --top {len(denied)} shows all.\n")
    elif undeniable := [row for row in rows if not row["denial"]]:
        parts.append("Not denied, for no change of the model does:\n\n" + "".join(map(_why_not, undeniable)))
    if found.pairs:
        parts.append(as_text(pair_table(found)))
    return "\n".join([*parts, textwrap.fill(found.beliefs.rests_on(), WIDTH)]) + "\n"


def denial_table(found: Denials, rows: list[dict[str, Any]]) -> Table:
    """Lay out rows of `Denials.rows` under a first row with nothing denied."""
    table = Table(
        title=f"What becomes of '{found.allocation}' without each claim, worldview '{found.beliefs.worldview}' "
        f"({found.beliefs.draws:,} paired draws, seed {found.beliefs.seed})",
        caption="Change of P(doom) from the status quo, percentage points, same draws: mean +-Monte Carlo error "
        "[5 %, 95 %]. Moved: by how\nmuch the denial shifts that mean. P(doom): per cent, under the status quo. "
        "Best share: of researchers who buy time, per cent, on\na grid of 5, with those as good within Monte Carlo "
        "error; builders and mixes as in the allocation. Claims joined by = are denied alike.",
        box=SIMPLE_HEAD,
        title_justify="left",
        caption_justify="left",
    )
    table.add_column("denied", no_wrap=True)
    table.add_column("claim", no_wrap=True)
    for heading in ("change", "moved", "better in", "P(doom)", "best share"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_row("nothing", "", *_cells(found.undenied.to_dict()))
    told: set[str] = set()
    for row in rows:
        if row["id"] not in told:
            alike = [row["id"], *row["same_denial_as"]]
            told.update(alike)
            figures = ["undefined", *[""] * 4] if row["undefined"] else _cells(row)
            table.add_row(" = ".join(alike), short(row["text"], SHORT), *figures)
    return table


def pair_table(found: Denials) -> Table:
    """Lay out the pairs of `Denials`."""
    table = Table(
        title="Two claims denied together",
        caption="Change: as above, with both denied. Interaction: by how much it exceeds what the two denials alone "
        "add up to, in percentage points.",
        box=SIMPLE_HEAD,
        title_justify="left",
        caption_justify="left",
    )
    table.add_column("claims", no_wrap=True)
    for heading in ("change", "interaction"):
        table.add_column(heading, justify="right")
    for pair in found.pairs:
        figures = pair.to_dict()
        cells = (
            [pair.why_not, ""] if pair.why_not else [_interval(figures["change"]), _interval(figures["interaction"])]
        )
        table.add_row(" ".join(pair.claims), *cells)
    return table


def short(text: str, length: int) -> str:
    """The beginning of a text, cut between words."""
    return textwrap.shorten(text, length, placeholder=" ...")


def _cells(figures: dict[str, Any]) -> list[str]:
    doom, optimum = figures["p_doom"], figures["optimum"]
    as_good = [100 * share for share in optimum["as_good"]]
    return [
        _interval(figures["change"]),
        points(figures["moved"]["mean"], 2) if "moved" in figures else "",
        f"{100 * figures['share_better']:.0f} %",
        f"{percent(doom['mean'])} [{percent(doom['q05'], 0)}, {percent(doom['q95'], 0)}]",
        f"{100 * optimum['share']:.0f} ({as_good[0]:.0f}-{as_good[-1]:.0f})",
    ]


def _interval(figures: dict[str, float]) -> str:
    return (
        f"{points(figures['mean'], 2)} +-{100 * figures['mcse']:.2f} "
        f"[{points(figures['q05'])}, {points(figures['q95'])}]"
    )


def _why_not(row: dict[str, Any]) -> str:
    note = row["note"] if row["status"] == "not represented" or row["note"] else short(row["text"], 60)
    return (
        "\n".join(
            textwrap.wrap(
                f"{MARKS[row['status']]} {row['id']} {row['status']}: {note}", WIDTH, subsequent_indent=" " * 7
            )
        )
        + "\n"
    )
