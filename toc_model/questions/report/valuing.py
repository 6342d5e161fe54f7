"""The section on one more person, and one more year."""

import numpy as np

from toc_model.aliases import Progress
from toc_model.present import words
from toc_model.present.drawing import PANEL, picture
from toc_model.present.graph.parts import in_words
from toc_model.present.section import Cell, Section, Table
from toc_model.questions.compare.figure import figure_one
from toc_model.questions.marginal.delay import DELAYS, value_of_a_year
from toc_model.questions.marginal.result import BUYING_TIME, TECHNICAL, Marginal, marginal
from toc_model.questions.report.material import Material
from toc_model.statistics import decisions


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
            (
                "The essay's Figure 1, with a scale: how many micro-dooms (millionths of P(doom)) a year of one "
                "more person's work averts, by how talented the person is for that work. The average researcher's "
                f"year averts {words.listed([_person(one) for one in found])}."
            ),
            f"Technical work is the better use of a person {words.listed([_crossing(one) for one in found])}.",
            (
                "Lines are means and bands half of draws. The dotted line, with 90 % of draws in grey, is the "
                "percentile of technical talent above which technical work is better. Beyond ±10 the scale is "
                "logarithmic."
            ),
        ],
        [
            picture(
                f"people-{place}",
                figure,
                f"By percentile of talent, under {words.named(one.beliefs.worldview)}",
                f"The average researcher's year averts {_person(one)} micro-dooms. Technical work is better "
                f"{_crossing(one)}.",
                size=PANEL,
                caption="",
            )
            for place, (one, figure) in enumerate(zip(found, figures, strict=True), start=1)
        ],
        [_average(found), _years(material)],
        [
            (
                "At the margin of the status quo. A person stays until AGI, with a share of the field's growth; the "
                "value is per year of all that work. The percentile of the dotted line is for a person who has the "
                "talent for buying time that goes with the technical talent on average."
            )
        ],
    )


def _person(one: Marginal) -> str:
    technical, buying = (decisions.figures(one.average.sel(work=work)) for work in (TECHNICAL, BUYING_TIME))
    return (
        f"{words.micro(buying).text} in buying time against {words.micro(technical).text} in technical work under "
        f"{words.named(one.beliefs.worldview)}"
    )


def _crossing(one: Marginal) -> str:
    low, cut, high = (f"{100 * float(one.crossing.quantile(level)):.3g}" for level in (0.05, 0.5, 0.95))
    return (
        f"above the {cut}th percentile of technical talent [{low}, {high}] under {words.named(one.beliefs.worldview)}"
    )


def _average(found: list[Marginal]) -> Table:
    works = [str(work) for work in found[0].average["work"].values]
    rows: list[list[Cell]] = [
        [in_words(work), *(words.micro(decisions.figures(one.average.sel(work=work))) for one in found)]
        for work in works
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
        [delay, *(words.change(decisions.figures(change.sel(allocation=delay))) for change in changes)]
        for delay in DELAYS
    ]
    return Table(
        "What one year of delay would change, percentage points of P(doom): mean [5 %, 95 % of draws]. Unilateral: the "
        "leaders spend twelve months of their lead. Field-wide: nobody catches up.",
        ["a year of delay", *(one.worldview for one in material.beliefs)],
        rows,
    )
