"""``toc update``: what surveys change in beliefs, and in what follows from them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toc_model.aliases import Progress
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.errors import InputError
from toc_model.present.result import Result
from toc_model.present.section import Section
from toc_model.questions.run import Run, run
from toc_model.questions.run.figure import answer_figure
from toc_model.questions.update import words
from toc_model.questions.update.sweep import BiasSweep, bias_sweep
from toc_model.survey.learning.settings import Common, Settings, others
from toc_model.survey.learning.touched import Touched, drawn_alike, touched
from toc_model.survey.learning.update import Learned, fail_if_not_updatable
from toc_model.survey.learning.update import update as learn

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

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
    sweep : BiasSweep or None
        The same with other common biases; None where a sampler found the posterior.
    """

    learned: Learned
    targets: tuple[Touched, ...]
    before: Run
    after: Run
    sweep: BiasSweep | None = None

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
            "bias_scale": self.learned.common.scale,
            "bias_shape": self.learned.common.shape,
            "method": self.learned.found.method,
            **({"trust": dict(self.learned.found.trust)} if self.learned.found.trust else {}),
            "went_on": list(self.learned.found.went_on),
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
            "bias_sweep": self.sweep.to_dict() if self.sweep else None,
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

    def plot(self) -> "Figure":
        """The change by the allocation that was compared, before and after the surveys.

        Raises
        ------
        InputError
            If there is no allocation beside the status quo.
        """
        name = self.after.allocations.proposal
        changes = {when: run.found.move(name).change for when, run in (("before", self.before), ("after", self.after))}
        return answer_figure(self.beliefs.case.objective, changes, f"Change by '{name}'", self.after.worldview)

    def about(self) -> str:
        """The worldview that was updated, and on what."""
        return f"{self.after.worldview!r}, {len(self.targets)} questions, {self.beliefs.draws:,} draws"

    def save(self, path: Path | str, *, accepted: bool = False) -> None:
        """Write the posterior, as ``--worldview FILE.nc`` reads it.

        Parameters
        ----------
        path : path
        accepted : bool
            Whether later questions may rest on it though the run is not good, which they then say.

        Raises
        ------
        InputError
            If the name does not end in ``.nc``, the file can't be written, or the beliefs are in no document.
        """
        self.learned.save(path, accepted=accepted)


def _target(item: Touched) -> dict[str, Any]:
    question = item.question
    return {
        "question": question.name,
        "target": question.mapping.target,
        "respondents": question.respondents,
        "prior": dict(item.prior),
        "posterior": dict(item.posterior),
        "believed": None if item.believed is None else dict(item.believed),
        "informs_level": question.mapping.informs_level,
        "bias_sd": item.bias_sd,
        "bias": question.bias,
        **({"bias_rho": question.mapping.bias_rho} if ":" in question.bias else {}),
        "conflict": item.conflict,
        "in_conflict": item.conflict is not None and abs(item.conflict) > CONFLICT,
        "left_out": dict(question.left_out),
    }


def _figures(found: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in found["allocations"][name].items() if key != "parts"}


def update(
    beliefs: Beliefs,
    surveys: Sequence[Path | str],
    *,
    maps: Sequence[str] = (),
    without: Collection[str] = (),
    allocations: Allocations | None = None,
    common: Common | None = None,
    shared_bias: bool = False,
    settings: Settings | None = None,
    swept: Sequence[Common] | None = None,
    progress: Progress | None = None,
) -> Update:
    """Update a worldview from surveys, or a posterior from more or fewer, and see what becomes of the allocations.

    Parameters
    ----------
    beliefs : Beliefs
        One worldview; its priors are updated, those that a program changed with the others. Or a posterior, whose
        answers count with those of the surveys, in whatever order they came.
    surveys : sequence of Path
        Files of answers in the long format.
    maps : sequence of str
        Mapping documents of one's own; sources without one have that of the documents.
    without : collection of str
        Sources that a posterior rests on, to be taken out.
    allocations : Allocations, optional
        To be compared, and that questions may be about; those of the documents by default.
    common : Common, optional
        How the biases that respondents share are taken; as a posterior took them, or as stated, by default.
    shared_bias : bool
        Whether all answers of one respondent to a source share a bias.
    settings : Settings, optional
        How the posterior is found; as one that is updated was by default.
    swept : sequence of Common
        Other common biases to show beside; half and twice as wide ones and those of the other shape by default.
    progress : callable, optional
        Called with the number of questions whose answers were read and the number of all.

    Raises
    ------
    InputError
        If the beliefs are a mixture, draws of one's own or have overrides, or anything that was given can't be used.
    """
    _fail_if_no_worldview(beliefs)
    learned = learn(
        beliefs.documents,
        [Path(path) for path in surveys],
        beliefs.priors,
        maps=maps,
        allocations=allocations,
        without=without,
        common=common,
        shared_bias=shared_bias,
        settings=settings,
        progress=progress,
    )
    start, end = (replace(found, changed=beliefs.changed) for found in (learned.before, learned.after))
    before = run(start, learned.allocations)
    alike = drawn_alike(start, end)
    after = replace(before, found=before.found.counted_as(end)) if alike else run(end, learned.allocations)
    return Update(
        learned,
        tuple(touched(learned)),
        before,
        after,
        bias_sweep(learned, after, others(learned.common) if swept is None else swept),
    )


def _fail_if_no_worldview(beliefs: Beliefs) -> None:
    if len(beliefs.members) == 1:
        fail_if_not_updatable(beliefs.documents, beliefs.members[0].priors)
    if beliefs.overrides:
        changes = "; ".join(change.text for change in beliefs.overrides)
        raise InputError(f"{beliefs.worldview}: found the overrides {changes}; allowed: a worldview as it stands")
