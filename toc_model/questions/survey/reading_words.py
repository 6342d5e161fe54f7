"""What is said of how a file of answers was read: its form, its numbers, their units, and the camps."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from toc_model.present import signs, words
from toc_model.survey.documents.cells import Sign
from toc_model.survey.documents.units import CALENDAR

if TYPE_CHECKING:
    from toc_model.survey.documents.camps import Camps
    from toc_model.survey.documents.converting import Change
    from toc_model.survey.documents.reading import Reading

EXAMPLES = 8
"""Cells that are shown of each sort."""
SIGNS = {
    Sign.POINT: "decimals with a point",
    Sign.COMMA: "decimals with a comma",
    Sign.BOTH: "decimals with a point or a comma",
}


def reading(found: "Reading") -> str:
    """One sentence on what was understood of a file."""
    parts = [f"{found.understood}, {SIGNS[found.sign]}"]
    if found.converted:
        many = words.counted(len(found.converted), "cell")
        parts.append(f"{many} read as people write numbers: {_shown(found.converted)}")
    parts += [
        f"{words.counted(many, 'answer')} in {words.isolated(unit)} turned into ones" for unit, many in found.units
    ]
    if found.unclear:
        many = words.counted(len(found.unclear), "answer")
        parts.append(f"{many} that can't be read as a number flagged and left out: {_shown(found.unclear)}")
    if found.unanswered:
        say = "says" if found.unanswered == 1 else "say"
        parts.append(f"{words.counted(found.unanswered, 'cell')} that only {say} that there is no answer")
    return f"Read as {'; '.join(parts)}."


def changes(found: Sequence["Change"]) -> Iterator[str]:
    """What was converted, and which years of the calendar were left out."""
    for change in found:
        name, many = words.isolated(change.question), words.counted(change.answers, "answer")
        if change.left_out:
            table = f"[questions.{signs.visible(change.question)}]"
            look = "looks" if change.answers == 1 else "look"
            yield (
                f"{name}: {many} {look} like years of the calendar where {_quoted(change.wanted)} are asked; flagged "
                f"and left out: {_shown(change.raw)}. To convert them, write in the mapping, under {table}: "
                f'unit = "{CALENDAR}", and bounds in such years or none.'
            )
        elif change.answers:
            yield f"{name}: {many} in {_quoted(change.stated)} converted to {_quoted(change.wanted)}."


def camps(found: "Camps") -> Iterator[str]:
    """Camps and their sizes, and names that may be one."""
    if found.sizes:
        sizes = [f"{_quoted(name)} {many}" for name, many in found.sizes.items()]
        none = [f"without one {found.without}"] if found.without else []
        yield f"Camps, with their respondents: {', '.join([*sizes, *none])}."
    for names in found.alike:
        told = [f"{_quoted(name)} ({found.sizes[name]})" for name in names]
        yield f"Camps that differ in spelling alone, and count as {len(names)}: {', '.join(told)}."
    for names in found.people_alike:
        told = [_quoted(name) for name in names]
        yield f"Respondents that differ in spelling alone, and count as {len(names)}: {', '.join(told)}."


def _quoted(name: str) -> str:
    return f"'{words.isolated(name)}'"


def _shown(cells: Sequence[str]) -> str:
    distinct = list(dict.fromkeys(cells))
    more = f" and {len(distinct) - EXAMPLES} more" if len(distinct) > EXAMPLES else ""
    return ", ".join(_quoted(cell) for cell in distinct[:EXAMPLES]) + more
