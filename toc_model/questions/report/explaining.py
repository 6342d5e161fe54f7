"""The sections on why: what the change goes through, and which beliefs and claims it hangs on."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from toc_model.aliases import Progress
from toc_model.present import words
from toc_model.present.drawing import COLUMN, picture
from toc_model.present.section import Cell, Number, Section, Table
from toc_model.questions.channels.figure import channels_figure
from toc_model.questions.channels.result import CHANNELS, TIME, channel_figures
from toc_model.questions.claims.denials import Denials, deny
from toc_model.questions.claims.figure import denial_figure
from toc_model.questions.report.material import Material, thinned
from toc_model.questions.sensitivity.analyses import Analysis
from toc_model.questions.sensitivity.analyses import tornado as tornado_of
from toc_model.questions.sensitivity.figure import tornado_figure
from toc_model.questions.sensitivity.subject import subject_of

BARS = 12
DENIAL_DRAWS = 1000
"""Claims are denied on fewer draws, for each denial evaluates 22 allocations."""


# Channels ---------------------------------------------------------------------------------------------------------


def channels(material: Material, _: Progress | None) -> Section:
    """What the change goes through."""
    found = [channel_figures(one, material.allocations, material.allocation) for one in material.beliefs]
    return Section(
        "channels",
        "Through what",
        "What does the change go through?",
        [
            (
                "Those who buy time may bring more than time: labs that adopt what is known, or deploy less of what is "
                "unsafe. It costs research, and labs that wait may be overtaken. The change is divided among "
                "these ways."
            ),
            " ".join(_ways(figures) for figures in found),
        ],
        [
            picture(
                "channels",
                channels_figure(found[0]),
                f"What the change goes through, under {words.named(found[0]['worldview'])}",
                "; ".join(
                    f"{row['label']} {words.interval(row['attribution'])}" for row in found[0]["channels"].values()
                )
                + f"; all together {words.interval(found[0]['change'])} points.",
                size=(COLUMN, 4.3),
                caption="Bars: means; lines: 90 % of draws. Left of zero is better.",
            )
        ],
        [_channels(found)],
        [
            (
                "Shapley values: each channel is closed by cutting its arrows in the graph, in every combination "
                "with the others, draw by draw, so that the parts add up to the change."
            )
        ],
    )


def _ways(figures: dict[str, Any]) -> str:
    parts = {row["label"]: row["attribution"] for row in figures["channels"].values()}
    ordered = sorted(parts, key=lambda label: float(parts[label]["mean"]))
    lowest, highest = ordered[0], ordered[-1]
    time = sum(figures["channels"][name]["attribution"]["mean"] for name in TIME)
    return (
        f"Under {words.named(figures['worldview'])}, of {words.signed(figures['change']['mean'])} points in the mean, "
        f"{words.signed(time)} are bought time, early and in a pause at the end; the lowest part is {lowest} "
        f"({words.signed(parts[lowest]['mean'])}) and the highest {highest} ({words.signed(parts[highest]['mean'])})."
    )


def _channels(found: Sequence[dict[str, Any]]) -> Table:
    rows: list[list[Cell]] = [
        [
            channel.label,
            *(words.change(figures["channels"][channel.name]["attribution"]) for figures in found),
            channel.statement,
        ]
        for channel in CHANNELS
    ]
    return Table(
        "Parts of the change of P(doom), percentage points: mean [5 %, 95 % of draws]",
        ["channel", *(figures["worldview"] for figures in found), "what it is"],
        [*rows, ["all channels", *(words.change(figures["change"]) for figures in found), ""]],
    )


# Beliefs ----------------------------------------------------------------------------------------------------------


def tornado(material: Material, progress: Progress | None) -> Section:
    """Which parameters the change hangs on."""
    subject = subject_of(material.first, material.allocations, material.allocation)
    found = tornado_of(subject, progress)
    names = found.ranked("swing")[:BARS]
    mean = float(subject.outcomes.sel(outcome="change").mean())
    ends = {name: found.table["expected"].sel(entry=name, outcome="change").values.tolist() for name in names}
    turning = [name for name in names if any(value * mean < 0 for value in ends[name])]
    turns = (
        f"At an end of the range of {words.listed(turning)} the mean change has the other sign."
        if turning
        else f"None of the {len(names)} parameters below, moved alone within its range, turns the sign of the mean."
    )
    low, high = ends[names[0]]
    return Section(
        "tornado",
        "Which beliefs",
        "Which beliefs does the change hang on?",
        [
            (
                f"Each uncertain parameter is moved from its 5 % to its 95 % quantile ({found.about['how']}). The mean "
                f"change, {words.signed(mean)} points under {words.named(material.first.worldview)}, moves most with "
                f"{names[0]}: from {words.signed(low)} to {words.signed(high)}. {turns}"
            )
        ],
        [
            picture(
                "tornado",
                tornado_figure(found, BARS),
                f"What the change hangs on, under {words.named(material.first.worldview)}",
                "; ".join(
                    f"{name}: {words.signed(one)} to {words.signed(other)}" for name, (one, other) in ends.items()
                )
                + " points.",
                size=(COLUMN, 1.7 + 0.34 * len(names)),
                caption="Change of P(doom) with each parameter at either end of its range; the figures at the bars are "
                "the parameter's values there. Dashed: the mean.",
            )
        ],
        [_tornado(found, names)],
        [
            (
                f"The first {len(names)} of {found.table.sizes['entry']} parameters, one moved at a time; see "
                "toc sensitivity for two or three together, and for shares of variance."
            )
        ],
    )


def _tornado(found: Analysis, names: Sequence[str]) -> Table:
    entries = found.subject.beliefs.members[0].priors.entries
    rows: list[list[Cell]] = []
    for name in names:
        row = found.table.sel(entry=name)
        rows.append(
            [
                name,
                *(words.level(float(value)) for value in row["value"].values),
                *(
                    Number(words.signed(value), value)
                    for value in row["expected"].sel(outcome="change").values.tolist()
                ),
                entries[name].entry.status,
                entries[name].entry.question,
            ]
        )
    return Table(
        "What the parameters mean: their 5 % and 95 % quantiles, the change of P(doom) at each, in percentage points, "
        "and whether the belief is an assumption, the essay's or published",
        ["parameter", "5 %", "95 %", "change at 5 %", "at 95 %", "kind", "the question it answers"],
        rows,
    )


# Claims -----------------------------------------------------------------------------------------------------------


def claims(material: Material, progress: Progress | None) -> Section:
    """What becomes of the change when the essay's claims are denied."""
    beliefs = thinned(material.first, DENIAL_DRAWS)
    found = deny(beliefs, material.claims, material.allocations.levers(), material.allocation, progress=progress)
    rows = [row for row in found.rows() if row["change"]]
    undenied = found.undenied.to_dict()["change"]
    return Section(
        "claims",
        "Which claims",
        "What if the essay is wrong about something?",
        [_ledger(material), *_denials(rows, undenied)],
        [
            picture(
                "claims",
                denial_figure(found, BARS, width=COLUMN, label=30),
                f"Change of P(doom) with one claim denied at a time, under {words.named(beliefs.worldview)}",
                f"Nothing denied: {words.interval(undenied)}. "
                + "; ".join(f"{row['id']} denied: {words.interval(row['change'])}" for row in rows[:BARS])
                + ".",
                caption="Mean and 90 % of draws. Dashed: the mean with nothing denied. Left of zero is better.",
            )
        ],
        [_denied(rows), _not_denied(found)],
        [
            (
                f"Under {words.named(beliefs.worldview)}, with {beliefs.draws:,} draws, so that figures differ "
                "slightly from those above. Claims that are denied alike share a result, and a line of the figure."
            )
        ],
    )


def _ledger(material: Material) -> str:
    status = Counter(claim.status for claim in material.claims.values())
    return (
        f"The ledger has {words.counted(len(material.claims), 'claim')} of the essay. The model represents "
        f"{status['represented']} of them, {status['partly']} in part and {status['not represented']} not; the rest "
        "only document it."
    )


def _denials(rows: Sequence[dict[str, Any]], undenied: dict[str, float]) -> list[str]:
    if not rows:
        return ["None of them can be denied by changing the model."]
    mean = undenied["mean"]
    turned = [row["id"] for row in rows if row["change"]["mean"] * mean < 0]
    halved = [row["id"] for row in rows if abs(row["change"]["mean"]) <= abs(mean) / 2 and row["id"] not in turned]
    which = f" ({words.listed(turned)})" if 0 < len(turned) <= BARS else ""
    return [
        (
            f"{words.counted(len(rows), 'claim')} can be denied by changing the model, and were, one at a time. With "
            f"nothing denied the change is {words.interval(undenied)} points. It moves most, to "
            f"{words.interval(rows[0]['change'])}, if this is denied ({rows[0]['id']}): "
            f"{words.isolated(rows[0]['text'])}"
        ),
        (
            f"{len(turned)} of the denials turn the sign of the mean change{which}; {len(halved)} others leave at most "
            "half of it."
        ),
    ]


def _denied(rows: Sequence[dict[str, Any]]) -> Table:
    cells: list[list[Cell]] = [
        [
            row["id"],
            words.change(row["change"]),
            Number(words.signed(row["moved"]["mean"]), row["moved"]["mean"]),
            words.share(row["share_better"]),
            words.share(row["p_doom"]["mean"], 1),
            row["text"],
        ]
        for row in rows
    ]
    return Table(
        "Each claim denied: change of P(doom) in percentage points, by how much the denial moves it, and P(doom) under "
        "the status quo",
        ["claim", "change if denied", "moved by", "lower in", "P(doom)", "what it says"],
        cells,
        folded=f"All {len(cells)} denials as a table",
    )


def _not_denied(found: Denials) -> Table:
    rows: list[list[Cell]] = [
        [row["id"], row["text"], row["status"], row["undefined"] or row["note"]]
        for row in found.rows()
        if not row["change"]
    ]
    return Table(
        "Claims that were not denied",
        ["claim", "what it says", "in the model", "why not, or what is missing"],
        rows,
        folded=f"The {len(rows)} claims that no change of the model denies",
    )
