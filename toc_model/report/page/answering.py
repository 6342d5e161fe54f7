"""The sections on what follows: the answer, the graph behind it, how many people, and who."""

import numpy as np
import xarray as xr

from toc_model import decisions
from toc_model.beliefs import Beliefs
from toc_model.comparison import allocation_curve
from toc_model.delay import DELAYS, value_of_a_year
from toc_model.denials import best_share
from toc_model.evaluate import Progress
from toc_model.marginal import BUYING_TIME, TECHNICAL, Marginal, marginal
from toc_model.report.answer_figure import answer_figure
from toc_model.report.decision_figures import curve_figure, figure_one
from toc_model.report.graph_figure import graph_figure
from toc_model.report.graph_parts import arrows, chapters, in_chapter, in_words, parameters_in_use
from toc_model.report.page import words
from toc_model.report.page.drawing import PANEL, picture
from toc_model.report.page.material import Material
from toc_model.report.page.parts import Cell, Number, Picture, Section, Table
from toc_model.story.dimensions import POOLS

SHOWN_SHARES = 2
"""Every second share of the curve has a row in its table."""


def answer(material: Material, _: Progress | None) -> Section:
    """What the allocation changes, under each worldview, and what that does not show."""
    changes = {name: words.figures(change) for name, change in material.changes.items()}
    better = {name: float((change < 0).mean()) for name, change in material.changes.items()}
    found = [
        f"by {words.interval(row)} points under {words.named(name)} (lower in {words.percent(better[name])} of draws)"
        for name, row in changes.items()
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
            f"Moving from {words.named(material.status_quo)} ({material.shares(material.status_quo)} buy time) to "
            f"{words.named(material.allocation)} ({material.shares(material.allocation)}) changes P(doom) "
            f"{words.listed(found)}.",
            _verdict(material, changes),
        ],
        [
            picture(
                "answer",
                answer_figure(material.changes),
                f"Change of P(doom) by {words.named(material.allocation)}",
                f"A row for each worldview. {description}.",
                caption="A dot is the mean over draws, the thick bar half of the draws, the line nine tenths of them. "
                "Left of zero is better.",
            )
        ],
        [_answers(material, changes, better)],
        [_not_shown(material)],
        [(one.worldview, _whose(one)) for one in material.beliefs],
    )


def _answers(material: Material, changes: dict[str, dict[str, float]], better: dict[str, float]) -> Table:
    rows: list[list[Cell]] = []
    for name, loss in material.doom.items():
        before, after = (
            words.figures(loss.sel(allocation=which)) for which in (material.status_quo, material.allocation)
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
        "P(doom) before and after, and the change in percentage points: mean [5 %, 95 % of draws]. Sampling error: 90 % "
        "interval of the mean change.",
        ["worldview", f"P(doom), {in_words(material.status_quo)}", f"{in_words(material.allocation)}", "change",
         "lower in", "sampling error"],
        rows,
    )  # fmt: skip


def _verdict(material: Material, changes: dict[str, dict[str, float]]) -> str:
    falls = [name for name, row in changes.items() if row["mean"] < 0]
    clear = [name for name, row in changes.items() if (row["q05"] > 0) == (row["q95"] > 0)]
    many = len(changes)

    def under(names: list[str]) -> str:
        if len(names) == many > 1:
            return f"under all {many} worldviews"
        return f"under {words.listed([words.named(name) for name in names])}" if names else "under none of them"

    if many == 1:
        mean = "a fall" if falls else "no fall"
        width = "does not contain zero" if clear else "contains zero, so a rise and a fall are both possible"
        return f"The mean is {mean}; the interval of 90 % of draws {width}."
    return (
        f"The mean is a fall {under(falls)}. The interval of 90 % of draws leaves out zero {under(clear)}; elsewhere "
        "both a fall and a rise are within it."
        if len(clear) < many
        else f"The mean is a fall {under(falls)}. The interval of 90 % of draws leaves out zero {under(clear)}."
    )


def _not_shown(material: Material) -> str:
    entries = material.first.members[0].priors.entries.values()
    status = [prior.entry.status for prior in entries if not prior.distribution.is_constant]
    return (
        f"What this does not show: that the essay is right, or that any of these beliefs are. The figures are what "
        f"follows from a causal graph read out of the essay and from {len(status)} stated beliefs, of which "
        f"{status.count('assumption')} are assumptions, {status.count('essay')} the essay's own and "
        f"{status.count('published')} published. The intervals hold the uncertainty about these beliefs, and none about "
        "the graph itself."
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
    edits = [f"The graph was changed for this report: {'; '.join(story.edits)}."] if story.edits else []
    return Section(
        "graph",
        "The graph",
        "How is the model thought to work?",
        [
            f"The essay's argument is written as a causal graph of {len(story.nodes)} nodes in {len(chapters(story))} "
            f"chapters, joined by {len(arrows(story))} arrows. Each node is a formula. The formulas have "
            f"{parameters_in_use(story)} parameters, such as the date of AGI, that nobody knows; they are drawn "
            f"{material.first.draws:,} times from stated beliefs. What people choose stands at the left, P(doom) at the "
            "right.",
            *edits,
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
        [Table("The chapters of the graph", ["chapter", "what it says", "quantities"], rows)],
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
            f"Each panel varies the share of {pool} who buy time and leaves all else as under "
            f"{words.named(material.status_quo)}. {' '.join(_least(name, found) for name, found in curves.items())}",
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
    row = words.figures(found.sel(share=best.share))
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
            f"Change of P(doom) by share of {pool} who buy time, {words.named(name)}",
            _least(name, curves[name]),
            size=PANEL,
        )
        for place, (name, figure) in enumerate(panels.items(), start=1)
    ]


def _shares(curves: dict[str, xr.DataArray], pool: str) -> Table:
    shares = next(iter(curves.values()))["share"].values[::SHOWN_SHARES]
    rows: list[list[Cell]] = [
        [
            Number(words.percent(float(share)), float(share)),
            *(words.change(words.figures(found.sel(share=share))) for found in curves.values()),
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
        parts.append(f"{words.named(best)} under {words.named(name)} (the best in {words.percent(chance)} of draws)")
    return (
        f"Of the {len(material.allocations.named)} allocations below, the lowest mean P(doom) is that of "
        f"{words.listed(parts)}."
    )


def _allocations(material: Material) -> Table:
    best = {name: decisions.p_best(loss) for name, loss in material.doom.items()}
    rows: list[list[Cell]] = []
    for name, found in material.allocations.named.items():
        cells: list[Cell] = []
        for worldview, loss in material.doom.items():
            moved = words.figures(decisions.paired_change(loss, material.status_quo).sel(allocation=name))
            cells += [words.change(moved), words.share(float(best[worldview].sel(allocation=name)))]
        rows.append([in_words(name), found.description, *cells])
    headings = [heading for name in material.doom for heading in (f"change, {name}", f"best in, {name}")]
    return Table(
        "All allocations: change of P(doom) in percentage points, mean [5 %, 95 % of draws], and share of draws in "
        "which none of the others is better",
        ["allocation", "what it is", *headings],
        rows,
    )


# Who --------------------------------------------------------------------------------------------------------------


def people(material: Material, _: Progress | None) -> Section:
    """Figure 1 in micro-dooms, and what a year is worth."""
    found = [marginal(one, material.allocations, at=material.status_quo) for one in material.beliefs]
    figures = [figure_one([one]) for one in found]
    limits = np.array([figure.axes[0].get_ylim() for figure in figures])
    for figure in figures:
        figure.axes[0].set_ylim(float(limits[:, 0].min()), float(limits[:, 1].max()))
    return Section(
        "people",
        "Who",
        "What is one more person worth, and who should buy time?",
        [
            "The essay's Figure 1, in micro-dooms: what a year of one more person's work averts, in millionths of "
            "P(doom), by how talented the person is for that work. "
            + " ".join(_person(one) for one in found),
            " ".join(_crossing(one) for one in found),
        ],
        [
            picture(
                f"people-{place}",
                figure,
                f"What a researcher's year averts, by percentile of talent, {words.named(one.beliefs.worldview)}",
                f"{_person(one)} {_crossing(one)}",
                size=PANEL,
                caption="Lines: means; bands: half of draws. Dotted, with 90 % of draws in grey: above this percentile "
                "of technical talent technical work is better. The axis is logarithmic beyond ±10.",
            )
            for place, (one, figure) in enumerate(zip(found, figures, strict=True), start=1)
        ],
        [_average(found), _years(material)],
        [
            f"At the margin of {words.named(material.status_quo)}. A person stays until AGI, with a share of the "
            "field's growth; the value is per year of all that work. The percentile of the dotted line is for a person "
            "who has the talent for buying time that goes with the technical talent on average."
        ],
    )


def _person(one: Marginal) -> str:
    technical, buying = (words.figures(one.average.sel(work=work)) for work in (TECHNICAL, BUYING_TIME))
    return (
        f"Under {words.named(one.beliefs.worldview)} a year of the average researcher averts "
        f"{words.micro(buying).text} micro-dooms in buying time and {words.micro(technical).text} in technical work."
    )


def _crossing(one: Marginal) -> str:
    low, cut, high = (100 * float(one.crossing.quantile(level)) for level in (0.05, 0.5, 0.95))
    return (
        f"Under {words.named(one.beliefs.worldview)} technical work is the better use of a person above the "
        f"{cut:.1f}th percentile of technical talent [{low:.0f}, {high:.1f}]."
    )


def _average(found: list[Marginal]) -> Table:
    works = [str(work) for work in found[0].average["work"].values]
    rows: list[list[Cell]] = [
        [in_words(work), *(words.micro(words.figures(one.average.sel(work=work))) for one in found)] for work in works
    ]
    return Table(
        "What a year of one more average person averts, micro-dooms: mean [5 %, 95 % of draws]; less than zero is harm",
        ["work", *(one.beliefs.worldview for one in found)],
        rows,
    )


def _years(material: Material) -> Table:
    doom = [value_of_a_year(one, material.allocations) for one in material.beliefs]
    changes = [decisions.paired_change(loss, "no delay") for loss in doom]
    rows: list[list[Cell]] = [
        [delay, *(words.change(words.figures(change.sel(allocation=delay))) for change in changes)] for delay in DELAYS
    ]
    return Table(
        "What one year of delay would change, percentage points of P(doom): mean [5 %, 95 % of draws]. Unilateral: the "
        "leaders spend twelve months of their lead. Field-wide: nobody catches up.",
        ["a year of delay", *(one.worldview for one in material.beliefs)],
        rows,
    )
