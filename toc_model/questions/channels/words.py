"""Channels as text."""

import textwrap
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from toc_model.present.terminal import WIDTH, as_text, percent, points
from toc_model.questions.channels.result import CHANNELS

CONSISTENCY = (
    "The essay worldview was tuned until more than half of the fall came from bought time: that it does is a check of "
    "consistency and no evidence for the essay. Under the neutral worldview adoption and deployment dominate."
)
READING = (
    "Percentage points of P(doom), mean over draws [5 %, 95 %]. The change is divided by Shapley values over all sets "
    "of channels, draw by draw, so that the column adds up. Alone: all other channels cut. Lost if cut: the change "
    "less what it is without the channel. A cut arrow lets its effect see its cause as under the status quo; with all "
    "channels cut nothing changes."
)


def channels_text(figures: dict[str, Any]) -> str:
    """The table of `Attribution.to_dict`, what the channels are and what the figures rest on."""
    table = Table(
        box=SIMPLE_HEAD,
        title=f"What the change goes through: status_quo to {figures['allocation']}, worldview "
        f"'{figures['worldview']}' ({figures['draws']:,} paired draws)",
        title_justify="left",
    )
    table.add_column("channel", no_wrap=True)
    for heading in ("change", "share", "alone", "lost if cut"):
        table.add_column(heading, justify="right", no_wrap=True)
    for channel in CHANNELS:
        row = figures["channels"][channel.name]
        table.add_row(
            channel.label,
            _interval(row["attribution"]),
            _share(row["share"]),
            *(points(row[key]["mean"], 2) for key in ("alone", "lost")),
        )
    table.add_row("all", _interval(figures["change"]), _share(1.0 if figures["change"]["mean"] else None), "", "")
    notes = (READING, _time(figures), CONSISTENCY, figures["rests_on"])
    return "\n".join(
        [as_text(table), as_text(_glossary()), *(textwrap.fill(note, WIDTH) + "\n" for note in notes if note)]
    )


def _glossary() -> Table:
    """What each channel is, and the arrows that are cut to close it."""
    table = Table(box=SIMPLE_HEAD, title="What the channels are", title_justify="left")
    table.add_column("channel", no_wrap=True)
    table.add_column("arrows that are cut", max_width=48)
    table.add_column("what it is", max_width=56)
    for channel in CHANNELS:
        arrows = "\n".join(f"{cause} -> {effect}" for cause, effect in channel.arrows)
        table.add_row(channel.label, arrows, channel.statement)
    return table


def _interval(row: dict[str, float]) -> str:
    return f"{points(row['mean'], 2)} [{points(row['q05'])}, {points(row['q95'])}]"


def _share(share: float | None) -> str:
    return "" if share is None else f"{percent(share, 0)} %"


def _time(figures: dict[str, Any]) -> str:
    share = figures["time_share"]
    if share is None:
        return ""
    fall = "fall" if figures["change"]["mean"] < 0 else "rise"
    return f"Bought time (both channels of time) makes {percent(share, 0)} % of the {fall} under this worldview."
