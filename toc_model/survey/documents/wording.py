"""What a respondent reads: the question about a node, and what to answer with."""

from toc_model.aliases import Entry
from toc_model.beliefs.allocations import STATUS_QUO, load_allocations
from toc_model.engine.story import Story
from toc_model.survey.documents.conditions import parse_condition
from toc_model.survey.documents.targets import TARGETS

PLACES = {"no_pause": "if there is no pause", "pause": "if there is a pause"}


def question_about(story: Story, target: str, condition: str) -> str:
    """Ask for a node, one place of it, or a function of nodes, by its statement and what it is asked under."""
    entry = Entry.parse(target)
    places = [PLACES.get(place, f"for {_plain(place)}") for place in entry.places]
    thing = " ".join([f"'{_plain(entry.name)}'", *places])
    return f"{_statement(story, entry.name)} {_under(condition)}, what is {thing}?"


def request(unit: str, level: float | None = None) -> str:
    """Say what to answer with: one probability, or the value at a level of one's own distribution."""
    if level is None:
        return "Answer with a number from 0 to 1."
    measured = "as a fraction of 1" if unit == "fraction" else f"in {unit}"
    if level == 0.5:
        return f"Give your median, {measured}: the truth is as likely to lie above it as below."
    side, chance = ("below", level) if level < 0.5 else ("above", 1 - level)
    return f"Give the value, {measured}, that you see a {chance:.0%} chance of the truth lying {side}."


def asked(wording: str) -> str:
    """Return the question of a wording without what to answer with."""
    question, mark, _ = wording.rpartition("?")
    return question + mark if mark else wording


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _statement(story: Story, name: str) -> str:
    if name in story.nodes:
        return story.nodes[name].statement
    return (TARGETS[name].__doc__ or "").partition(" (")[0] + "."


def _under(condition: str) -> str:
    found = parse_condition(condition)
    changes = "; ".join(override.text for override in found.overrides)
    held = f" and with {changes}" if changes else ""
    return f"Under {_allocation(found.allocation)}{held}"


def _allocation(name: str) -> str:
    share = load_allocations().named[name].buying_time_share
    kind = "the status quo" if name == STATUS_QUO else f"the allocation {_plain(name)!r}"
    return f"{kind} ({share['researchers']:.0%} of researchers and {share['builders']:.0%} of field builders buy time)"
