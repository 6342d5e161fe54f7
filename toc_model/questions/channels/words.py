"""What is said about channels."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from toc_model.engine.measures import Measure
from toc_model.engine.story import Story
from toc_model.naming import called
from toc_model.present import words
from toc_model.present.drawing import picture
from toc_model.present.graph.parts import label_of
from toc_model.present.section import Cell, Number, Picture, Section, Table
from toc_model.questions.channels.figure import channels_figure
from toc_model.questions.whose import whose
from toc_model.statistics import decisions

if TYPE_CHECKING:
    from toc_model.questions.channels import Channels


def section(results: Sequence["Channels"], *, pictures: bool = False) -> Section:
    """What the change goes through: one result, or several of different worldviews side by side."""
    case, first = results[0].beliefs.case, results[0]
    moved = f"from {words.quoted(first.allocations.status_quo)} to {words.quoted(first.allocation)}"
    return Section(
        "channels",
        "Through what",
        "What does the change go through?",
        [
            f"The change of {case.objective.label} {moved} is divided among the ways by which it may come about.",
            " ".join(map(_ways, results)),
            *([" ".join(case.marked("channels"))] if case.marked("channels") else []),
        ],
        [_picture(first)] if pictures else [],
        [_parts(results, moved), *([] if len(results) == 1 else map(_more, results)), _glossary(first)],
        [_reading(first), *_rests_on(results)],
    )


def _reading(found: "Channels") -> str:
    seen = words.quoted(found.beliefs.case.reference)
    return (
        "Shapley values: each channel is closed by cutting its arrows in the graph, in every combination with the "
        f"others, draw by draw ({found.beliefs.counted('paired draws')}), so that the parts add up to the change. A "
        f"cut arrow lets its effect see its cause as under {seen}; with all channels cut nothing changes. Alone: all "
        "other channels cut. Lost if cut: the change less what it is without the channel."
    )


def _rests_on(results: Sequence["Channels"]) -> list[str]:
    return [results[0].beliefs.rests_on()] if len(results) == 1 else []


def _ways(found: "Channels") -> str:
    case, figures = found.beliefs.case, found.to_dict()
    measure, parts = case.objective.measure, figures["channels"]
    lowest, highest = (_end(measure, parts, found.at_end(sign)) for sign in (1, -1))
    return (
        f"Under {whose(found.beliefs)} the change is "
        f"{words.signed(measure, figures['change']['mean'])} {measure.change_unit} in the mean; the lowest part is "
        f"{lowest} and the highest {highest}.{_together(found, figures)}"
    )


def _end(measure: Measure, parts: Mapping[str, Any], names: Sequence[str]) -> str:
    """The lowest or highest part, and what can't be told from it."""
    first, *others = (parts[name] for name in names)
    part = words.signed(measure, first["attribution"]["mean"])
    also = words.listed([row["label"] for row in others])
    tied = f", which these draws can't tell from {also}" if others else ""
    return f"{first['label']} ({part}{tied})"


def _together(found: "Channels", figures: Mapping[str, Any]) -> str:
    """What groups of channels make together."""
    case = found.beliefs.case
    said = []
    for group in case.groups:
        share = figures[f"{group.name}_share"]
        if share is not None:
            part = words.signed(case.objective.measure, found.of(group))
            said.append(f" {group.label} makes {part} of it, {words.percent(share)}.")
    return "".join(said)


def _parts(results: Sequence["Channels"], moved: str) -> Table:
    """The change of each channel, a column a worldview; of one worldview with all else that is known."""
    case = results[0].beliefs.case
    measure, alone = case.objective.measure, len(results) == 1
    figures = [found.to_dict() for found in results]
    rows: list[list[Cell]] = [
        [
            channel.label,
            *(words.change_cell(measure, every["channels"][channel.name]["attribution"]) for every in figures),
            *(_beside(measure, figures[0]["channels"][channel.name]) if alone else []),
        ]
        for channel in case.channels
    ]
    last: list[Cell] = ["all channels", *(words.change_cell(measure, every["change"]) for every in figures)]
    whole: list[Cell] = [words.share(1.0) if _has_shares(figures[0]) else "", "", ""] if alone else []
    return Table(
        f"Parts of the change of {case.objective.label} {moved}, {measure.change_unit}: mean [5 %, 95 % of draws]",
        ["channel", "change", "share", "alone", "lost if cut"] if alone else ["channel", *_worldviews(results)],
        [*rows, [*last, *whole]],
        last_apart=True,
    )


def _has_shares(figures: Mapping[str, Any]) -> bool:
    return any(row["share"] is not None for row in figures["channels"].values())


def _worldviews(results: Sequence["Channels"]) -> list[str]:
    return [called(found.beliefs.worldview) for found in results]


def _beside(measure: Measure, row: Mapping[str, Any]) -> list[Cell]:
    """The share of one channel, what it does alone and what is lost without it."""
    share: Cell = "" if row["share"] is None else words.share(row["share"])
    return [share, *(Number(words.signed(measure, row[key]["mean"]), row[key]["mean"]) for key in ("alone", "lost"))]


def _more(found: "Channels") -> Table:
    measure, worldview = found.beliefs.case.objective.measure, words.named(found.beliefs.worldview)
    rows = found.to_dict()["channels"]
    return Table(
        f"Channels under {worldview}: share of the mean change, change through one alone, and change that is lost if "
        f"one is cut, {measure.change_unit}",
        ["channel", "share", "alone", "lost if cut"],
        [[row["label"], *_beside(measure, row)] for row in rows.values()],
        folded=f"Each channel alone, and cut, under {worldview}",
    )


def _glossary(found: "Channels") -> Table:
    return Table(
        "What the channels are",
        ["channel", "what it is", "arrows that are cut"],
        [
            [channel.label, channel.statement, _cut(found.beliefs.story, channel.arrows)]
            for channel in found.beliefs.case.channels
        ],
    )


def _cut(story: Story, arrows: Sequence[tuple[str, str]]) -> str:
    return ", ".join(f"{label_of(story, cause)} -> {label_of(story, effect)}" for cause, effect in arrows)


def _picture(found: "Channels") -> Picture:
    measure = found.beliefs.case.objective.measure
    figures = found.to_dict()
    parts = "; ".join(
        f"{row['label']} {words.interval(measure, row['attribution'])}" for row in figures["channels"].values()
    )
    return picture(
        "channels",
        channels_figure(found),
        f"What the change goes through, under {words.named(found.beliefs.worldview)}",
        f"{parts}; all together {words.interval(measure, decisions.figures(found.parts['change']))} "
        f"{measure.change_unit}.",
        caption=f"Bars: means; lines: 90 % of draws. {words.better_side(found.beliefs.case.objective)}",
    )
