"""What is said about one more person and one more year."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from toc_model.engine.measures import PER_CENT
from toc_model.essay.steps.figure import figure_one
from toc_model.essay.steps.worth import MICRO_DOOMS
from toc_model.naming import called
from toc_model.present import words
from toc_model.present.drawing import PANEL, picture
from toc_model.present.section import Cell, Number, Picture, Section, Table
from toc_model.statistics import decisions

if TYPE_CHECKING:
    from toc_model.essay.steps.delay import Delay
    from toc_model.essay.steps.people import People

SHOWN = (0.1, 0.5, 0.9, 0.95, 0.99)
"""Percentiles of talent that tables show."""


def people(found: Sequence["People"], *, pictures: bool = False) -> Section:
    """Figure 1 in micro-dooms: what a person is worth, and who should buy time."""
    text = [
        (
            "The essay's Figure 1, with a scale: how many micro-dooms (millionths of P(doom)) a year of one more "
            "person's work averts, by how talented the person is for technical work. The average researcher's year "
            f"averts {words.listed([_person(one) for one in found])}."
        ),
        f"Technical work is the better use of a person {words.listed([_cut(one) for one in found])}.",
    ]
    drawn = (
        "Each picture shows one person: both lines are by percentile of technical talent, buying time with the talent "
        "for it that goes with the technical one on average. The line of buying time is the median of draws, that of "
        "technical work as far from it as the median difference in the same draws, so that they cross at the mark: the "
        "median percentile above which technical work is better, with 90 % of draws. Bands are half of draws; beyond "
        "±10 the scale is logarithmic."
    )
    return Section(
        "people",
        "Who",
        "What is one more person worth, and who should buy time?",
        [*text, *([drawn] if pictures else [])],
        _panels(found) if pictures else [],
        [_averages(found), *([] if len(found) == 1 else map(_percentiles, found))],
        [
            (
                f"At the margin of {words.quoted(found[0].allocation)}. A person stays until AGI, with a share of the "
                "field's growth; the value is per year of all that work, in the mean over draws; less than zero is "
                "harm. The percentile above which technical work is better is for a person who has the talent for "
                "buying time that goes with the technical talent on average."
            ),
            *map(_crossing, found),
        ],
    )


def _person(one: "People") -> str:
    technical, buying = (words.amounts(decisions.figures(one.average.sel(work=work))).text for work in _WORKS)
    return f"{buying} in buying time against {technical} in technical work under {words.named(one.beliefs.worldview)}"


_WORKS = ("technical", "buying_time")


def _cut(one: "People") -> str:
    low, cut, high = (f"{100 * one.cut[level]:.3g}" for level in ("q05", "median", "q95"))
    return (
        f"above the {cut}th percentile of technical talent [{low}, {high}] under {words.named(one.beliefs.worldview)}"
    )


def _averages(found: Sequence["People"]) -> Table:
    """The average person, a column a worldview; of one worldview with the percentiles of talent beside it."""
    figures = [one.to_dict() for one in found]
    alone = len(found) == 1
    rows: list[list[Cell]] = [
        [
            called(work),
            *(words.amounts(every["average"][work]) for every in figures),
            *(_by_percentile(figures[0], work) if alone else []),
        ]
        for work in figures[0]["average"]
    ]
    return Table(
        "What a year of one more average person averts, micro-dooms: mean [5 %, 95 % of draws]"
        + ("; and researchers by percentile of talent for the work itself" if alone else ""),
        ["work", "average person", *_HEADINGS] if alone else ["work", *_worldviews(found)],
        rows,
    )


_HEADINGS = [f"{100 * p:g}th" for p in SHOWN]


def _by_percentile(figures: dict[str, Any], work: str) -> list[Cell]:
    by = figures["by_percentile"].get(work)
    if not by:
        return [""] * len(SHOWN)
    means = [by[f"{100 * p:g}"]["mean"] for p in SHOWN]
    return [Number(words.amount(mean), mean) for mean in means]


def _percentiles(one: "People") -> Table:
    figures, worldview = one.to_dict(), words.named(one.beliefs.worldview)
    return Table(
        f"What a researcher's year averts under {worldview} by percentile of talent for the work itself, micro-dooms",
        ["work", *_HEADINGS],
        [[called(work), *_by_percentile(figures, work)] for work in figures["by_percentile"]],
        folded=f"By percentile of talent, under {worldview}",
    )


def _crossing(one: "People") -> str:
    figures = one.to_dict()
    cut, by = figures["technical_work_is_better_above_percentile"], figures["buying_time_is_better_in"]
    shares = (
        f"Under {words.named(one.beliefs.worldview)} buying time is better even at the top in "
        f"{words.percent(cut['not_at_the_top'])} of draws, in {words.percent(cut['for_all'])} technical work is better "
        f"for all, and in {words.percent(cut['for_some_below_too'])} it is better for some of the least talented too, "
        "whose buying time may do harm."
    )
    if not {"50", "90", "99"} <= set(by):
        return shares
    return (
        f"{shares} Buying time is better for the median researcher in {words.percent(by['50'])} of draws, for the 90th "
        f"percentile in {words.percent(by['90'])}, for the 99th in {words.percent(by['99'])}."
    )


def _panels(found: Sequence["People"]) -> list[Picture]:
    """Figure 1, a picture a worldview, all on one scale."""
    figures = [figure_one([one]) for one in found]
    limits = [figure.axes[0].get_ylim() for figure in figures]
    for figure in figures:
        figure.axes[0].set_ylim(min(low for low, _ in limits), max(high for _, high in limits))
    return [
        picture(
            f"people-{place}",
            figure,
            f"By percentile of technical talent, under {words.named(one.beliefs.worldview)}",
            f"The average researcher's year averts {_person(one)} micro-dooms. Technical work is better {_cut(one)}.",
            size=PANEL,
            caption="",
        )
        for place, (one, figure) in enumerate(zip(found, figures, strict=True), start=1)
    ]


# A year -----------------------------------------------------------------------------------------------------------


def delay(found: Sequence["Delay"]) -> Section:
    """What a year of delay would change."""
    return Section(
        "delay",
        "A year",
        "What is one year of delay worth?",
        tables=[_years(found)],
        notes=[
            (
                "A year of delay is taken from a world under the status quo without a pause; the risk of deployment is "
                "held. Unilateral: the leaders spend twelve months of their lead. Field-wide: nobody catches up. At "
                "the end: a pause once AGI could be built."
            )
        ],
    )


def _years(found: Sequence["Delay"]) -> Table:
    """The change by each delay, a column a worldview; of one worldview with micro-dooms and the share of draws."""
    alone = len(found) == 1
    rows: list[list[Cell]] = []
    for name in map(str, found[0].change["allocation"].values):
        effects = [decisions.effect_figures(decisions.paired_effect(one.change), allocation=name) for one in found]
        beside = [_averted(effects[0]["change"]["mean"]), words.share(effects[0]["share_better"])] if alone else []
        rows.append([called(name), *(words.change_cell(PER_CENT, effect["change"]) for effect in effects), *beside])
    return Table(
        "What one year of delay would change, percentage points of P(doom): mean [5 %, 95 % of draws]",
        ["a year of delay", *(["change", "micro-dooms averted", "better in"] if alone else _worldviews(found))],
        rows,
    )


def _worldviews(found: Sequence["People"] | Sequence["Delay"]) -> list[str]:
    return [called(one.beliefs.worldview) for one in found]


def _averted(change: float) -> Number:
    return Number(words.amount(-MICRO_DOOMS * change), -MICRO_DOOMS * change)
