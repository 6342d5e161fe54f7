"""What is said about other mechanisms."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from toc_model.naming import called
from toc_model.present import words
from toc_model.present.graph.parts import label_of
from toc_model.present.section import Cell, Number, Section, Table
from toc_model.questions.whose import whose

if TYPE_CHECKING:
    from toc_model.questions.structure import Structure


def section(found: "Structure") -> Section:
    """A table of sets, and one of spreads."""
    figures = found.to_dict()
    return Section(
        "structure",
        "Other mechanisms",
        "What if it works another way?",
        [_lead(found, figures), _rule(found)],
        tables=[_sets(found, figures), _spreads(found, figures), _what(found)],
        notes=[found.beliefs.rests_on()],
    )


def _lead(found: "Structure", figures: Mapping[str, Any]) -> str:
    case = found.beliefs.case
    measure = case.objective.measure
    change = figures["spread"]["change"]
    none = figures["sets"][0]["change"]
    ends = [words.signed(measure, change[key]) for key in ("least_mean", "largest_mean")]
    move = f"{whose(found.beliefs)} {words.quoted(found.allocation)}"
    return (
        f"Under {move} changes {case.objective.label} by "
        f"{words.signed(measure, none['mean'])} {measure.change_unit} in the mean as the story is written down, and by "
        f"{ends[0]} to {ends[1]} under the {len(found.sets)} sets of its rival mechanisms."
    )


def _rule(found: "Structure") -> str:
    return (
        f"Structure: the mean changes of the {len(found.sets)} sets lie apart. Numbers: draws of the parameters do, "
        "within the story as it is written down. The rivals are those that somebody wrote down, so that structure is "
        "uncertain by at least as much."
    )


def _sets(found: "Structure", figures: Mapping[str, Any]) -> Table:
    case = found.beliefs.case
    measure = case.objective.measure
    rows: list[list[Cell]] = []
    for row in figures["sets"]:
        rivals = row["rivals"]
        name = "none" if not rivals else called(rivals[0]) if len(rivals) == 1 else f"all {len(rivals)}"
        rows.append(
            [
                name,
                Number(words.value(measure, row[case.objective.node]["mean"]), row[case.objective.node]["mean"]),
                words.change_cell(measure, row["change"], error=True),
                "" if not rivals else words.mean_cell(measure, row["moved_by"]),
                words.share(row["share_better"]),
            ]
        )
    return Table(
        f"With a rival mechanism each, and with all; {case.objective.label} in {measure.unit}, changes in "
        f"{measure.change_unit}",
        ["rival", case.objective.label, "change", "moved by", "better in"],
        rows,
        note="The same draws throughout; ± Monte Carlo error, [5 %, 95 % of draws].",
    )


def _spreads(found: "Structure", figures: Mapping[str, Any]) -> Table:
    case = found.beliefs.case
    measure = case.objective.measure
    names = {case.objective.node: case.objective.label, "change": "change"}
    rows: list[list[Cell]] = [
        [
            names[what],
            *(
                Number(f"{measure.factor * row[key]:.{measure.change_digits}f}", row[key])
                for key in ("sd_between", "sd_within")
            ),
        ]
        for what, row in figures["spread"].items()
    ]
    return Table(
        f"How much is structure, and how much is numbers, {measure.change_unit}",
        ["figure", "sd of means between sets", "sd of draws within one"],
        rows,
    )


def _what(found: "Structure") -> Table:
    case = found.beliefs.case
    story = case.under(case.rival_names).story
    rows = [
        [called(one.name), one.title, ", ".join(label_of(story, name) for name in one.nodes)]
        for one in story.chapters
        if one.name in case.rival_names
    ]
    return Table("What the rivals are", ["rival", "what it says", "laws given anew"], rows)
