"""``toc update``: what surveys change in beliefs, and in what follows from them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from toc_model.aliases import Floats
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.errors import InputError
from toc_model.present.result import Result
from toc_model.present.section import Section
from toc_model.questions.run import Run, run
from toc_model.questions.update import words
from toc_model.survey.learning.touched import Touched, touched
from toc_model.survey.learning.update import Learned, Settings, fail_if_not_updatable
from toc_model.survey.learning.update import update as learn

if TYPE_CHECKING:
    import pandas as pd

CONFLICT = 2.0
"""Distance, in standard deviations, from which prior and respondents are said to conflict."""


@dataclass(frozen=True, slots=True, repr=False)
class Update(Result):
    """Beliefs before and after surveys, and what follows from each.

    Attributes
    ----------
    learned : Learned
        The surveys and the posterior.
    targets : tuple of Touched
        What became of the target of each question, draw by draw.
    before, after : Run
        The outcome under each allocation.
    """

    learned: Learned
    targets: tuple[Touched, ...]
    before: Run
    after: Run

    @property
    def problems(self) -> tuple[str, ...]:
        """Why the posterior can't be trusted; empty for a good run."""
        return self.learned.problems

    @property
    def beliefs(self) -> Beliefs:
        """What is believed after the surveys; any other question can be asked of it."""
        return self.after.beliefs

    def to_dict(self) -> dict[str, Any]:
        """All figures, as ``toc update --json`` prints them: targets in their own units, the outcome in its own."""
        before, after = (found.to_dict() for found in (self.before, self.after))
        return {
            "worldview": self.before.worldview,
            "updated": self.after.worldview,
            "draws": self.beliefs.draws,
            "seed": self.learned.settings.seed,
            "bias_scale": self.learned.bias_scale,
            "problems": list(self.problems),
            "targets": [_target(item) for item in self.targets],
            "tally": [tally.to_dict() for tally in self.learned.surveys.tallies],
            "unused_answers": self.learned.surveys.unused,
            "unusable_questions": list(self.learned.surveys.unusable),
            "allocations": {
                name: {"before": _figures(before, name), "after": _figures(after, name)}
                for name in self.after.allocations.named
            },
            "best": self._best(after),
            "rests_on": after["rests_on"],
            "provenance": after["provenance"],
        }

    def _best(self, after: dict[str, Any]) -> str:
        """The allocation with the best mean of the outcome after the surveys."""
        objective, table = self.beliefs.case.objective, after["allocations"]
        found: str = min(table, key=lambda name: float(objective.loss(table[name][objective.node]["mean"])))
        return found

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each question: its target before and after, and what respondents believe, in the target's unit."""
        import pandas as pd

        return pd.json_normalize(self.to_dict()["targets"]).set_index("question")

    def section(self) -> Section:
        """What was asked, what became of it, and of the allocations."""
        return words.section(self)

    def about(self) -> str:
        """The worldview that was updated, and on what."""
        return f"{self.after.worldview!r}, {len(self.targets)} questions, {self.beliefs.draws:,} draws"

    def save(self, path: Path | str) -> None:
        """Write the posterior, as ``toc run --posterior`` reads it.

        Raises
        ------
        InputError
            If the name does not end in ``.nc``, the file can't be written, or the beliefs are in no document.
        """
        self.learned.save(path)


def _target(item: Touched) -> dict[str, Any]:
    question = item.question
    return {
        "question": question.name,
        "target": question.mapping.target,
        "respondents": question.respondents,
        "prior": _quantiles(item.prior),
        "posterior": _quantiles(item.posterior),
        "believed": _quantiles(item.believed),
        "bias_sd": question.mapping.bias_sd,
        "conflict": item.conflict,
        "in_conflict": abs(item.conflict) > CONFLICT,
        "left_out": dict(question.left_out),
    }


def _quantiles(draws: Floats) -> dict[str, float]:
    low, middle, high = (float(value) for value in np.quantile(draws, [0.05, 0.5, 0.95]))
    return {"q05": low, "q50": middle, "q95": high}


def _figures(found: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in found["allocations"][name].items() if key != "parts"}


def update(
    beliefs: Beliefs,
    surveys: Sequence[Path | str],
    *,
    maps: Sequence[str] = (),
    allocations: Allocations | None = None,
    bias_scale: float = 1.0,
    shared_bias: bool = False,
    settings: Settings | None = None,
) -> Update:
    """Update a worldview from surveys, and see what becomes of the allocations.

    Parameters
    ----------
    beliefs : Beliefs
        One worldview; its priors are updated, those that a program changed with the others.
    surveys : sequence of Path
        Files of answers in the long format.
    maps : sequence of str
        Mapping documents of one's own; sources without one have that of the documents.
    allocations : Allocations, optional
        To be compared, and that questions may be about; those of the documents by default.
    bias_scale : float
        What to multiply the stated scales of common biases by; 0 denies them, for comparison.
    shared_bias : bool
        Whether all answers of one respondent to a source share a bias.
    settings : Settings, optional
        How to sample.

    Raises
    ------
    InputError
        If the beliefs are a mixture, a posterior, draws of one's own or have overrides, or anything that was given
        can't be used.
    """
    _fail_if_no_worldview(beliefs)
    learned = learn(
        beliefs.documents,
        [Path(path) for path in surveys],
        beliefs.priors,
        maps=maps,
        allocations=allocations,
        bias_scale=bias_scale,
        shared_bias=shared_bias,
        settings=settings,
    )
    before, after = (
        run(replace(found, changed=beliefs.changed), learned.allocations) for found in (learned.before, learned.after)
    )
    return Update(learned, tuple(touched(learned)), before, after)


def _fail_if_no_worldview(beliefs: Beliefs) -> None:
    if beliefs.is_posterior:
        raise InputError(
            f"{beliefs.worldview}: found a posterior; allowed: a worldview (make it one, or give all surveys at once)"
        )
    if len(beliefs.members) == 1:
        fail_if_not_updatable(beliefs.documents, beliefs.members[0].priors)
    if beliefs.overrides:
        changes = "; ".join(change.text for change in beliefs.overrides)
        raise InputError(f"{beliefs.worldview}: found the overrides {changes}; allowed: a worldview as it stands")


# The scale of common biases -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, repr=False)
class BiasSweep(Result):
    """Updates that differ in the scale of common biases alone.

    Attributes
    ----------
    updates : tuple of Update
    allocation : str
        The one whose change is told.
    """

    updates: tuple[Update, ...]
    allocation: str

    def to_dict(self) -> dict[str, Any]:
        """All figures, as ``toc update --bias-sweep --json`` prints them, in the unit of the outcome."""
        return {"allocation": self.allocation, "scales": [self._scale(found) for found in self.updates]}

    def _scale(self, found: Update) -> dict[str, Any]:
        node, table = found.beliefs.case.objective.node, found.after.to_dict()["allocations"]
        moved = table[self.allocation]
        return {
            "scale": found.learned.bias_scale,
            "problems": list(found.problems),
            node: table[found.after.allocations.status_quo][node],
            "change": moved["change"],
            "share_better": moved["share_better"],
        }

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each scale: the outcome at the status quo, and the change."""
        import pandas as pd

        return pd.json_normalize(self.to_dict()["scales"]).set_index("scale")

    def section(self) -> Section:
        """The table of scales."""
        return words.sweep_section(self)

    def about(self) -> str:
        """The scales, and the allocation."""
        scales = ", ".join(f"{found.learned.bias_scale:g}" for found in self.updates)
        return f"scales {scales}, {self.allocation!r}"


def bias_sweep(updates: Sequence[Update]) -> BiasSweep:
    """Put updates side by side that differ in the scale of common biases.

    Parameters
    ----------
    updates : sequence of Update
        Of the same beliefs on the same surveys; the case's proposal is followed, or the last of their allocations.

    Raises
    ------
    InputError
        If there is none.
    """
    if not updates:
        raise InputError("bias sweep: found no update; allowed: one or more")
    return BiasSweep(tuple(updates), updates[0].after.allocations.proposal)
