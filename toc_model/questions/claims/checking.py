"""``toc claims --check``: which claims the model's behaviour shows, under which worldviews, and what was found."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from toc_model.aliases import Progress
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.claims import Claim
from toc_model.beliefs.shipped import Documents
from toc_model.errors import InputError, unknown
from toc_model.present.result import Result
from toc_model.present.section import Section
from toc_model.questions.claims import checking_words as words
from toc_model.questions.claims.ledger import checked_claims
from toc_model.questions.claims.world import Check, World, pooled
from toc_model.statistics.verdicts import Found, Verdict, joint

if TYPE_CHECKING:
    import pandas as pd

type Load = Callable[[str], Beliefs]
"""Beliefs by the name of a worldview."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a check found under one worldview.

    Attributes
    ----------
    worldview : str
    found : tuple of Found
    why_not : str
        Why it could not be run; empty where it was.
    """

    worldview: str
    found: tuple[Found, ...]
    why_not: str = ""

    @property
    def verdict(self) -> Verdict:
        """Held if all that was found lies where it is said to; undecided where nothing could be found."""
        return joint([one.verdict for one in self.found]) if self.found else "undecided"

    def to_dict(self) -> dict[str, Any]:
        """The verdict and all figures."""
        figures = [one.to_dict() for one in self.found]
        return {"worldview": self.worldview, "verdict": self.verdict, "found": figures, "why_not": self.why_not}


@dataclass(frozen=True, slots=True, repr=False)
class Checks(Result):
    """Claims whose check was run, and those whose check can't be.

    Attributes
    ----------
    theory : str
    claims : mapping of str to Claim
        All that were asked for.
    trials : mapping of str to tuple of Trial
        By claim, those alone that were checked.
    beliefs : tuple of Beliefs
        The worldviews under which they were.
    one : str
        Name of the claim that is told in full; empty for all.
    """

    theory: str
    claims: Mapping[str, Claim]
    trials: Mapping[str, tuple[Trial, ...]]
    beliefs: tuple[Beliefs, ...]
    one: str = ""

    def verdict(self, name: str) -> Verdict | None:
        """Of a claim under all worldviews of which it is said; None where it was not checked."""
        return joint([trial.verdict for trial in self.trials[name]]) if name in self.trials else None

    def under(self, name: str, verdict: Verdict) -> list[str]:
        """Worldviews under which a claim's check came to a verdict."""
        return [trial.worldview for trial in self.trials.get(name, ()) if trial.verdict == verdict]

    @property
    def counts(self) -> dict[str, int]:
        """How many claims came to each verdict, and how many were not checked."""
        found = Counter(self.verdict(name) or "not checked" for name in self.claims)
        return {name: found[name] for name in ("held", "not held", "undecided", "not checked")}

    def why_not(self, name: str) -> str:
        """Why a claim was not checked; empty if it was."""
        if name in self.trials:
            return ""
        claim = self.claims[name]
        if claim.check:
            return "its check has no function under any of these worldviews"
        return f"{claim.status}; it has no check" + (f". {claim.note}" if claim.note else "")

    def to_dict(self) -> dict[str, Any]:
        """All verdicts and figures, as ``toc claims --check --json`` prints them, in the units of the model."""
        return {
            "counts": self.counts,
            "claims": [
                {
                    "id": name,
                    **claim.model_dump(include={"text", "check", "status", "note"}),
                    "verdict": self.verdict(name),
                    "why_not_checked": self.why_not(name),
                    "worldviews": [trial.to_dict() for trial in self.trials.get(name, ())],
                }
                for name, claim in self.claims.items()
            ],
            "rests_on": [one.rests_on() for one in self.beliefs],
            "provenance": [one.provenance() for one in self.beliefs],
        }

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each claim, worldview and figure."""
        import pandas as pd

        rows = [
            {"claim": name, "worldview": trial.worldview, **found.to_dict()}
            for name, trials in self.trials.items()
            for trial in trials
            for found in trial.found
        ]
        return pd.DataFrame(rows).set_index(["claim", "worldview"])

    def section(self) -> Section:
        """What held, and what was found where it did not."""
        return words.section(self)

    def about(self) -> str:
        """How many claims came to each verdict, or which one it is."""
        names = ", ".join(one.worldview for one in self.beliefs)
        return f"{self.one or ', '.join(f'{name} {many}' for name, many in self.counts.items())}, worldviews {names}"


def check(
    documents: Documents,
    load: Load,
    allocations: Allocations,
    *,
    one: str = "",
    under: Sequence[str] = (),
    progress: Progress | None = None,
) -> Checks:
    """Run the checks of the ledger's claims that can be run.

    Parameters
    ----------
    documents : Documents
    load : callable
        From the name of a worldview to its beliefs.
    allocations : Allocations
    one : str, optional
        The claim to check; all by default.
    under : sequence of str, optional
        Worldviews under which to check all; by default each is checked under those of which it is said, as far as the
        folder has them.
    progress : callable, optional
        Called with the number of claims done and the number of all.

    Raises
    ------
    InputError
        If the ledger does not fit the story, there is no such claim, a check is of a claim that the ledger lacks, or
        the case has no checks.
    """
    claims = checked_claims(documents)
    checks = _checks(documents, claims)
    if one and one not in claims:
        raise InputError(unknown("claim", one, claims))
    chosen = {one: claims[one]} if one else claims
    known = documents.worldviews()
    asked = {
        name: tuple(under) or tuple(view for view in checks[name].under if view in known)
        for name in chosen
        if name in checks
    }
    worlds = _worlds(asked.values(), load, allocations)
    trials: dict[str, tuple[Trial, ...]] = {}
    for done, (name, views) in enumerate(asked.items(), start=1):
        if views:
            trials[name] = tuple(_tried(checks[name], worlds[view]) for view in views)
        if progress:
            progress(done, len(asked))
    beliefs = tuple(world.beliefs for world in worlds.values())
    return Checks(documents.case.theory, chosen, trials, beliefs, one)


def _checks(documents: Documents, claims: Mapping[str, Claim]) -> Mapping[str, Check]:
    case = documents.case
    if case.checks is None:
        raise InputError(f"case {case.name}: found no checks of its claims that can be run")
    found: Mapping[str, Check] = case.checks()
    for name in found:
        if name not in claims:
            raise InputError(f"case {case.name}: checks: {unknown('claim', name, claims)}")
    return found


def _worlds(asked: Iterable[Sequence[str]], load: Load, allocations: Allocations) -> dict[str, World]:
    """Each worldview as the checks see it; those of which most is asked are computed together."""
    every = list(asked)
    counts = Counter(view for views in every for view in views)
    often = [view for view, many in counts.items() if 2 * many >= len(every)]
    worlds = dict(zip(often, pooled([load(view) for view in often], allocations), strict=True)) if often else {}
    return {view: worlds.get(view) or World(load(view), allocations) for view in counts}


def _tried(check_: Check, world: World) -> Trial:
    try:
        return Trial(world.name, tuple(check_.run(world)))
    except InputError as error:
        return Trial(world.name, (), str(error))
