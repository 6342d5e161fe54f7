"""What a respondent reads: the question about a node, and what to answer with."""

from toc_model.aliases import Entry
from toc_model.beliefs.allocations import Allocations
from toc_model.engine.case import Case
from toc_model.survey.documents.conditions import parse_condition


def question_about(case: Case, allocations: Allocations, target: str, condition: str) -> str:
    """Ask for a node, one place of it, or a function of nodes, by its statement and what it is asked under."""
    entry = Entry.parse(target)
    places = [case.places.get(place, f"for {_plain(place)}") for place in entry.places]
    thing = " ".join([f"'{_plain(entry.name)}'", *places])
    return f"{_statement(case, entry.name)} {_under(allocations, condition)}, what is {thing}?"


def request(unit: str, level: float | None = None) -> str:
    """Say what to answer with: one probability, or the value at a level of one's own distribution."""
    if level is None:
        return "Answer with a number from 0 to 1."
    measured = "as a fraction of 1" if unit == "fraction" else f"in {unit}"
    if level == 0.5:
        return f"Give your median, {measured}: the truth is as likely to lie above it as below."
    side, chance = ("below", level) if level < 0.5 else ("above", 1 - level)
    return f"Give the value, {measured}, that you see a {100 * chance:.6g}% chance of the truth lying {side}."


def asked(wording: str) -> str:
    """Return the question of a wording without what to answer with."""
    question, mark, _ = wording.rpartition("?")
    return question + mark if mark else wording


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _statement(case: Case, name: str) -> str:
    if name in case.story.nodes:
        return case.story.nodes[name].statement
    return (case.targets[name].__doc__ or "").partition(" (")[0] + "."


def _under(allocations: Allocations, condition: str) -> str:
    found = parse_condition(condition)
    changes = "; ".join(override.text for override in found.overrides)
    held = f" and with {changes}" if changes else ""
    name = found.allocation or allocations.status_quo
    kind = "the status quo" if name == allocations.status_quo else f"the allocation {_plain(name)!r}"
    return f"Under {kind} ({allocations.told(name)}){held}"
