"""The sections on what follows: the answer, the graph behind it, how many people, and who."""

from collections.abc import Iterable, Sequence

import numpy as np
import xarray as xr

from toc_model.aliases import Progress
from toc_model.beliefs.beliefs import Beliefs
from toc_model.essay.dimensions import POOLS
from toc_model.present import words
from toc_model.present.drawing import PANEL, picture
from toc_model.present.graph.figure import graph_figure
from toc_model.present.graph.parts import arrows, chapters, in_chapter, in_words, parameters_in_use
from toc_model.present.section import Cell, Number, Picture, Section, Table
from toc_model.questions.claims.denials import best_share
from toc_model.questions.compare.figure import curve_figure
from toc_model.questions.compare.result import allocation_curve
from toc_model.questions.report.figure import answer_figure
from toc_model.questions.report.material import Material
from toc_model.statistics import decisions

SHOWN_SHARES = 2
"""Every second share of the curve has a row in its table."""


def answer(material: Material, _: Progress | None) -> Section:
    """What the allocation changes, under each worldview, and what that does not show."""
    effects = {
        name: decisions.effect_figures(decisions.paired_effect(change)) for name, change in material.changes.items()
    }
    changes = {name: effect["change"] for name, effect in effects.items()}
    better = {name: effect["share_better"] for name, effect in effects.items()}
    found = [
        f"{words.interval(row)}{' percentage points' if not place else ''} under {words.named(name)}"
        for place, (name, row) in enumerate(changes.items())
    ]
    description = "; ".join(
        f"{name}: mean {words.signed(row['mean'])} points, 90 % of draws from {words.signed(row['q05'], 1)} to "
        f"{words.signed(row['q95'], 1)}"
        for name, row in changes.items()
    )
    return Section(
        "answer",
        "The answer",
        "The answer, and how sure it is",
        [
            (
                f"Moving from the status quo ({material.shares(material.status_quo)} buy time) to "
                f"{words.quoted(material.allocation)} ({material.shares(material.allocation)}) changes P(doom) by "
                f"{words.listed(found)}."
            ),
            *_changed(material.first),
            _sign(changes),
            _not_shown(material),
        ],
        [
            picture(
                "answer",
                answer_figure(material.changes),
                f"Change of P(doom) by {words.quoted(material.allocation)}",
                f"A row for each worldview. {description}.",
                caption="A dot is the mean over draws, the thick bar half of the draws, the line nine tenths of them. "
                "Left of zero is better.",
            )
        ],
        [_answers(material, changes, better)],
        points=[(f"Worldview {words.named(one.worldview)}", _whose(one)) for one in material.beliefs],
    )


def _answers(material: Material, changes: dict[str, dict[str, float]], better: dict[str, float]) -> Table:
    rows: list[list[Cell]] = []
    for name, loss in material.doom.items():
        before, after = (
            decisions.figures(loss.sel(allocation=which)) for which in (material.status_quo, material.allocation)
        )
        rows.append(
            [
                name,
                Number(
                    f"{100 * before['mean']:.1f} % [{100 * before['q05']:.0f}, {100 * before['q95']:.0f}]",
                    before["mean"],
                ),
                words.share(after["mean"], 1),
                words.change(changes[name]),
                words.share(better[name]),
                Number(f"±{164.5 * changes[name]['mcse']:.2f}", changes[name]["mcse"]),
            ]
        )
    return Table(
        "P(doom) before and after, and the change in percentage points: mean [5 %, 95 % of draws]. Sampling error: "
        "90 % interval of the mean change.",
        ["worldview", f"P(doom), {in_words(material.status_quo)}", f"{in_words(material.allocation)}", "change",
         "lower in", "sampling error"],
        rows,
    )  # fmt: skip


def _changed(beliefs: Beliefs) -> list[str]:
    texts = [override.text for override in beliefs.overrides]
    return [f"For this report the model was changed: {'; '.join(texts)}."] if texts else []


def _sign(changes: dict[str, dict[str, float]]) -> str:
    """In words: where the mean is a fall, and where the interval has both signs."""
    both = [row["q05"] < 0 < row["q95"] for row in changes.values()]
    interval = (
        "There is no worldview under which the interval of 90 % of draws contains both a fall and a rise."
        if not any(both)
        else f"The interval of 90 % of draws contains both a fall and a rise {_under(both, changes)}."
    )
    return f"The mean is a fall {_under([row['mean'] < 0 for row in changes.values()], changes)}. {interval}"


def _under(is_so: Sequence[bool], worldviews: Iterable[str]) -> str:
    names = [words.named(name) for name, so in zip(worldviews, is_so, strict=True) if so]
    if len(names) == len(is_so) > 1:
        return "under both worldviews" if len(names) == 2 else f"under all {len(names)} worldviews"
    return f"under {words.listed(names)}" if names else "under none of the worldviews"


def _not_shown(material: Material) -> str:
    entries = material.first.members[0].priors.entries.values()
    status = [prior.entry.status for prior in entries if not prior.distribution.is_constant]
    return (
        "This does not show that the essay is right. It shows what follows from a causal graph, read out of the "
        f"essay, and from {len(status)} stated beliefs: {status.count('assumption')} are assumptions, "
        f"{status.count('essay')} the essay's own, {status.count('published')} published. The intervals hold the "
        "uncertainty about these beliefs, not about the graph."
    )


def _whose(beliefs: Beliefs) -> str:
    told = [member.priors.description for member in beliefs.members if member.priors.description]
    surveys = [record.label for record in beliefs.evidence]
    return " ".join([*told, *([f"Updated on {words.listed(surveys)}."] if surveys else [])])


def graph(material: Material, _: Progress | None) -> Section:
    """The picture of the model."""
    story = material.first.story
    rows: list[list[Cell]] = [
        [chapter.name, chapter.title, words.listed([in_words(name) for name in in_chapter(story, chapter.name)])]
        for chapter in chapters(story)
    ]
    return Section(
        "graph",
        "The graph",
        "How is the model thought to work?",
        [
            (
                f"The essay's argument is written as a causal graph of {len(story.nodes)} nodes in "
                f"{len(chapters(story))} chapters, joined by {len(arrows(story))} arrows. Each node is a formula. "
                f"The formulas have {parameters_in_use(story)} parameters, such as the date of AGI, that nobody "
                f"knows; they are drawn {material.first.draws:,} times from stated beliefs. What people choose "
                "stands at the left, P(doom) at the right."
            ),
            *_changed(material.first),
        ],
        [
            picture(
                "graph",
                graph_figure(story),
                "The causal graph, from what people choose to P(doom)",
                f"Levers at the left, then the chapters {words.listed([chapter.name for chapter in chapters(story)])}, "
                "each a column of boxes joined by arrows from causes to effects. The table below names them all.",
                caption="Each arrow has the colour of the chapter that it comes from.",
            )
        ],
        [
            Table(
                "The chapters of the graph",
                ["chapter", "what it says", "nodes"],
                rows,
                folded="The chapters and their nodes in words",
            )
        ],
    )


# How many ---------------------------------------------------------------------------------------------------------


def curve(material: Material, _: Progress | None) -> Section:
    """P(doom) against the share of researchers who buy time, and all named allocations."""
    pool = POOLS[0]
    curves = {one.worldview: allocation_curve(one, material.allocations, pool) for one in material.beliefs}
    now = {name: float(loss.sel(allocation=material.status_quo).mean()) for name, loss in material.doom.items()}
    marks = {
        in_words(name): material.allocations.named[name].buying_time_share[pool]
        for name in (material.status_quo, material.allocation)
    }
    return Section(
        "curve",
        "How many",
        "How many people should buy time?",
        [
            (
                f"Each panel varies the share of {pool} who buy time and leaves all else as under the status quo. "
                f"{' '.join(_least(name, found) for name, found in curves.items())}"
            ),
            _best(material),
        ],
        _curves(curves, now, pool, marks),
        [_shares(curves, pool), _allocations(material)],
    )


def _least(name: str, found: xr.DataArray) -> str:
    shares = found["share"].values.tolist()
    best = best_share(found.rename(share="allocation"), shares)
    as_good = [share for share in best.as_good if share != best.share]
    also = (
        f" (from {words.percent(best.as_good[0])} to {words.percent(best.as_good[-1])} these draws can't tell apart)"
        if as_good
        else ""
    )
    row = decisions.figures(found.sel(share=best.share))
    return (
        f"Under {words.named(name)} mean P(doom) is least at {words.percent(best.share)}{also}, changed by "
        f"{words.interval(row)} points."
    )


def _curves(
    curves: dict[str, xr.DataArray], now: dict[str, float], pool: str, marks: dict[str, float]
) -> list[Picture]:
    """A panel a worldview, all with the same scale."""
    panels = {name: curve_figure({name: found}, now, pool, marks) for name, found in curves.items()}
    limits = np.array([figure.axes[0].get_ylim() for figure in panels.values()])
    for figure in panels.values():
        figure.axes[0].set_ylim(float(limits[:, 0].min()), float(limits[:, 1].max()))
    return [
        picture(
            f"curve-{place}",
            figure,
            f"By share of {pool} who buy time, under {words.named(name)}",
            _least(name, curves[name]),
            size=PANEL,
            caption="",
        )
        for place, (name, figure) in enumerate(panels.items(), start=1)
    ]


def _shares(curves: dict[str, xr.DataArray], pool: str) -> Table:
    shares = next(iter(curves.values()))["share"].values[::SHOWN_SHARES]
    rows: list[list[Cell]] = [
        [
            Number(words.percent(float(share)), float(share)),
            *(words.change(decisions.figures(found.sel(share=share))) for found in curves.values()),
        ]
        for share in shares
    ]
    return Table(
        f"Change of P(doom) by the share of {pool} who buy time, percentage points: mean [5 %, 95 % of draws]",
        [f"{pool} who buy time", *curves],
        rows,
        folded="The curves as a table",
    )


def _best(material: Material) -> str:
    parts = []
    for name, loss in material.doom.items():
        best = str(loss.mean("draw").idxmin("allocation").item())
        chance = float(decisions.p_best(loss).sel(allocation=best))
        parts.append(
            f"{words.quoted(best)} under {words.named(name)} (the best of all in {words.percent(chance)} of draws)"
        )
    return (
        f"Of the {len(material.allocations.named)} allocations below, mean P(doom) is least for {words.listed(parts)}."
    )


def _allocations(material: Material) -> Table:
    changes = [decisions.paired_change(loss, material.status_quo) for loss in material.doom.values()]
    rows: list[list[Cell]] = [
        [
            in_words(name),
            *(words.change(decisions.figures(change.sel(allocation=name))) for change in changes),
            found.description,
        ]
        for name, found in material.allocations.named.items()
    ]
    return Table(
        "All allocations: change of P(doom) in percentage points, mean [5 %, 95 % of draws]",
        ["allocation", *material.doom, "what it is"],
        rows,
    )
