"""What figures rest on, in a sentence: whose priors, how many of which kind, what was changed, and what is left out."""

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from toc_model.beliefs.beliefs import Beliefs
    from toc_model.beliefs.priors import Priors

HUMBLE = "so they show what follows from these beliefs, not that the beliefs are right."


def rests_on(beliefs: "Beliefs") -> str:
    """One sentence that says what figures from these draws rest on."""
    case = beliefs.case
    if beliefs.label:
        left_out = f"; {case.leaves_out}" if case.leaves_out else ""
        return (
            f"These figures rest on draws of the user's own, '{beliefs.label}', whose source is not known here"
            f"{left_out}, {HUMBLE}"
        )
    entries = beliefs.members[0].priors.entries.items()
    own = {change.entry for change in beliefs.changed}
    status = Counter(p.entry.status for name, p in entries if name not in own and not p.distribution.is_constant)
    beside = f", beside {len(own)} changed here" if own else ""
    left_out = f", and {case.leaves_out}" if case.leaves_out else ""
    whose = f"the worldview '{beliefs.worldview}'{beliefs.documents.dated}{_changed(beliefs)}"
    counted = (
        f"of {status.total()} elicited priors {status['assumption']} are assumptions, {status[case.name]} "
        f"{case.theory}'s own and {status['published']} published{_patched(beliefs, own)}{beside}"
    )
    return f"These figures rest on {whose}: {counted}{_missed(beliefs, own)}; {_drawn(beliefs)}{left_out}, {HUMBLE}"


def one_prior(beliefs: "Beliefs", what: str) -> list[str]:
    """That a question rests on the base because it needs the densities of one prior, where others rest elsewhere."""
    case = beliefs.case
    if case.default == case.base or beliefs.worldview != case.base:
        return []
    why = f"{what} needs the densities of one prior, so that it rests on '{case.base}' unless told otherwise"
    return [f"{why}; what needs none rests on '{case.default}'."]


def changes(beliefs: "Beliefs") -> list[str]:
    """What was changed of a worldview and of the story, a few words each."""
    return [*_rivals(beliefs), *changed_beliefs(beliefs), *_overrides(beliefs)]


def changed_story(beliefs: "Beliefs") -> list[str]:
    """What was changed of the story alone."""
    return [*_rivals(beliefs), *_overrides(beliefs)]


def changed_beliefs(beliefs: "Beliefs") -> list[str]:
    """What was put in place of elicited beliefs."""
    return [f"{change.entry} as {change.to} ({change.reason})" for change in beliefs.changed]


def _rivals(beliefs: "Beliefs") -> list[str]:
    return [f"the rival mechanism {name.replace('_', ' ')}" for name in beliefs.case.switched]


def _overrides(beliefs: "Beliefs") -> list[str]:
    return [override.text for override in beliefs.overrides]


def _changed(beliefs: "Beliefs") -> str:
    told = changes(beliefs)
    return f", with {'; '.join(told)}" if told else ""


def _patched(beliefs: "Beliefs", own: set[str]) -> str:
    moved = {member.priors.worldview: _moved(member.priors, own) for member in beliefs.members}
    over = beliefs.members[0].priors.over if beliefs.mixture else None
    first = next(iter(moved.values()))
    here = first & over.moved if over else first if len(moved) == 1 else frozenset()
    others = ", ".join(f"{len(found - here)} by {name}" for name, found in moved.items() if found - here)
    told = f", {len(here)} of them moved by this worldview" if here else ""
    return told + (f", moved by worldviews: {others}" if others else "")


def _moved(priors: "Priors", own: set[str]) -> frozenset[str]:
    """Entries that worldviews move, and neither dates nor the caller."""
    entries = priors.entries.items()
    return frozenset(name for name, prior in entries if prior.reason and not prior.dated and name not in own)


def _missed(beliefs: "Beliefs", own: set[str]) -> str:
    """Fits that are far from what was said."""
    found = {
        f"{name} has {prior.missed}": None
        for member in beliefs.members
        for name, prior in member.priors.entries.items()
        if name not in own and prior.missed
    }
    return f"; a fitted distribution is far from what was said: {'; '.join(found)}" if found else ""


def _learnt(origin: Mapping[str, Any]) -> str:
    """How draws of a posterior were made, and whether they are as they were saved and can be trusted."""
    unsure = " (its file has no checksum, which would tell of damage)" if "checksum" in origin else ""
    bad = origin.get("problems") or ()
    not_good = f", whose run was not good ({'; '.join(bad)})" if bad else ""
    return f"those of the posterior{unsure}, given the answers and any common bias of stated size{not_good}"


def _drawn(beliefs: "Beliefs") -> str:
    if len(beliefs.members) > 1:
        learnt = [one.priors for one in beliefs.members if one.priors.learnt]
        told = [f"; those of '{one.worldview}' are {_learnt(one.learnt.origin)}" for one in learnt if one.learnt]
        return f"each draw of the parameters comes from one of the worldviews{''.join(told)}"
    if beliefs.is_posterior:
        return f"draws of parameters are {_learnt(beliefs.origin)}"
    priors = beliefs.members[0].priors
    said = []
    if priors.factors:
        said.append(f"vary together where they share a factor ({', '.join(factor.name for factor in priors.factors)})")
    if priors.correlations:
        said.append("are correlated where the worldview says so")
    return f"draws of parameters {' and '.join(said) or 'are independent of each other'}"
