"""What is said about a file of answers."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from toc_model.present import words
from toc_model.present.section import Cell, Number, Section, Table
from toc_model.questions.survey import reading_words as told
from toc_model.questions.survey.tally_words import tally_table

if TYPE_CHECKING:
    from toc_model.questions.survey.checking import Check

TEXTS = ("question", "framing", "target", "under", "kind")
FIGURES = ("respondents", "answers", "missing", "impossible", "of 5 %", "of 10 %", "zero", "one", "incoherent")
EXAMPLES = 8
"""Impossible answers that are shown of each question."""


def section(found: "Check") -> Section:
    """The table of questions, the mapping, and what is odd."""
    figures = found.to_dict()
    mapped = Table(
        "What each question is about, and why that is fair",
        ["question", "", "in words"],
        list(_mapped(figures["mapping"])),
        folded="How the questions were put, and why the mapping is fair",
    )
    return Section(
        "check",
        "Answers",
        f"Answers of {words.listed([f"'{words.isolated(name)}'" for name in found.sources])}",
        tables=[
            Table("", [*TEXTS, *FIGURES], [_row(row) for row in figures["questions"]]),
            tally_table(found.tallies),
            mapped,
        ],
        notes=[*_read(found), *_impossible(figures["impossible"]), *_without_level(found), _closing(found)],
    )


def _read(found: "Check") -> Iterator[str]:
    if found.reading:
        yield told.reading(found.reading)
    yield from told.changes(found.changes)
    if found.camps:
        yield from told.camps(found.camps)


def _row(row: Mapping[str, Any]) -> list[Cell]:
    texts = [row["question"], row["framing"], row["target"], row["condition"] or "status quo", row["kind"]]
    counted = [_count(row[key]) for key in ("respondents", "answers", "missing", "impossible")]
    heaped: list[Cell] = ["" if row[key] is None else words.share(row[key]) for key in ("fine", "coarse")]
    marked = [_count(row[key]) for key in ("zero", "one", "incoherent")]
    return [*texts, *counted, *heaped, *marked]


def _count(value: int) -> Number:
    return Number(f"{value:,}", value)


def _mapped(questions: Mapping[str, Mapping[str, Any]]) -> Iterator[list[Cell]]:
    for name, of in questions.items():
        bias = f"sd {of['bias_sd']:g} on the {of['scale']} scale, for all respondents. {of['bias_reason']}"
        yield from ([name, *fact] for fact in (("wording", of["wording"]), ("bias", bias), ("fair", of["fair"])))


def _impossible(questions: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for name, of in questions.items():
        raw = of["raw"]
        more = f" and {len(raw) - EXAMPLES} others" if len(raw) > EXAMPLES else ""
        shown = ", ".join(map(words.isolated, raw[:EXAMPLES]))
        many = f"{of['answers']} impossible, left out and not repaired"
        yield f"{words.isolated(name)}: {many}; in the file: {shown}{more}."


def _without_level(found: "Check") -> Iterator[str]:
    asked = {row.question for row in found.counts}
    for name, question in found.mapping.questions.items() if found.mapping else ():
        if name in asked and not question.informs_level:
            yield (
                f"{words.isolated(name)}: its answers tell how respondents, camps and wordings differ, and nothing of "
                f"the level of {words.isolated(question.target)}: no category is anchored. Anchors in the mapping say "
                "from which value on people give a category."
            )


def _closing(found: "Check") -> str:
    return (
        f"{found.usable:,} of {found.rows:,} rows can be used; {found.rows - found.usable:,} can't. "
        "'missing' counts blank rows and points that somebody left out who gave others of the same question; 'of 5 %' "
        "and 'of 10 %' are the shares of stated probabilities that are multiples of these, zeros and ones with them."
    )
