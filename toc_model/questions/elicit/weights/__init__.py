"""``toc elicit weights``: what each expert counts for, by what they said of questions whose answers are known."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from toc_model.aliases import Floats
from toc_model.errors import InputError
from toc_model.present.result import Result
from toc_model.present.section import Section
from toc_model.questions.elicit.weights import words
from toc_model.questions.elicit.weights.cautions import cautions
from toc_model.questions.elicit.weights.figure import weights_figure
from toc_model.questions.elicit.weights.moved import Moved, moved, share_ends, share_of
from toc_model.statistics.pooling import (
    DecisionMaker,
    LeftOut,
    Study,
    attainable,
    by_other_seeds,
    decision_maker,
    grain,
    without_each_expert,
    without_each_seed,
)
from toc_model.statistics.pooling.decision_makers import EQUAL, GLOBAL, ITEM, KINDS
from toc_model.survey.panel.panel import CONSENSUS, Panel
from toc_model.survey.panel.records import Records
from toc_model.survey.panel.scored import study_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True, repr=False)
class Weights(Result):
    """Experts' scores, and the decision makers that they make.

    Attributes
    ----------
    panel : Panel
    round : str
        Up to which the last answers of each expert are scored.
    kind : str
        One of `KINDS`: the decision maker that is looked at closely.
    makers : mapping of str to DecisionMaker
        By kind.
    unseen : mapping of str to DecisionMaker
        By kind, decision makers that have for each seed the weights that the others give; none where that can't be.
    coarse : mapping of str to (array, array)
        By kind, the least and the largest calibration if one realisation lay in the next interval, of shape (1,); those
        of the experts, of shape (experts,), under "experts".
    without_seeds, without_experts : tuple of LeftOut
        Of that kind.
    unable : tuple of str
        Why nothing of a kind could be left out.
    medians : tuple of Moved
        Of the questions that are asked.
    share_ends : tuple of array
        The least and the largest that each expert counts for without one seed, of shape (experts,).
    """

    panel: Panel
    round: str
    kind: str
    makers: Mapping[str, DecisionMaker]
    unseen: Mapping[str, DecisionMaker]
    coarse: Mapping[str, tuple[Floats, Floats]]
    without_seeds: tuple[LeftOut, ...]
    without_experts: tuple[LeftOut, ...]
    unable: tuple[str, ...]
    medians: tuple[Moved, ...]
    share_ends: tuple[Floats, Floats]

    @property
    def maker(self) -> DecisionMaker:
        """The decision maker that is looked at closely."""
        return self.makers[self.kind]

    @property
    def study(self) -> Study:
        """What was scored."""
        return self.maker.study

    @property
    def answered(self) -> list[int]:
        """How many seeds each expert answered."""
        found: list[int] = self.study.answered[:, self.study.seeds].sum(1).tolist()
        return found

    @property
    def largest_calibration(self) -> float:
        """That so many seeds allow."""
        return attainable(self.study)

    def share(self, kind: str) -> Floats:
        """What each expert counts for, as `share_of` has it."""
        return share_of(self.makers[kind], kind)

    def unweighed(self) -> list[str]:
        """Questions that nobody who counts has answered."""
        none = np.isnan(self.maker.quantiles[:, 0])
        return [name for name, missing in zip(self.study.items, none, strict=True) if missing]

    def to_dict(self) -> dict[str, Any]:
        """All figures, as ``toc elicit weights --json`` prints them."""
        seeds = [name for name, seed in zip(self.study.items, self.study.seeds, strict=True) if seed]
        return {
            "panel": self.panel.name,
            "round": self.round,
            "kind": self.kind,
            "levels": self.study.levels.tolist(),
            "seeds": seeds,
            "fewest_seeds_answered": self.study.fewest_seeds,
            "largest_calibration": self.largest_calibration,
            "cutoff": self.maker.cutoff,
            "experts": {name: self._expert(k) for k, name in enumerate(self.study.experts)},
            "decision_makers": {kind: self._maker(kind) for kind in KINDS},
            "judged": "in-sample, by the seeds that weights rest on; unseen: each seed by weights of the others",
            "without_seed": {one.name: _left_out(one) for one in self.without_seeds},
            "without_expert": {one.name: _left_out(one) for one in self.without_experts},
            "medians": {one.question: one.to_dict() for one in self.medians},
            "warnings": list(cautions(self)),
        }

    @property
    def _has_ends(self) -> bool:
        return bool(np.isfinite(self.share_ends[0]).all())

    def _expert(self, k: int) -> dict[str, Any]:
        own = self.maker.experts
        by_item = zip(self.study.items, own.information_by_item[k], strict=True)
        return {
            "seeds_answered": self.answered[k],
            "calibration": float(own.calibration[k]),
            "calibration_one_seed_moved": [float(end[k]) for end in self.coarse["experts"]],
            "information": float(own.information[k]),
            "information_of_all": float(own.information_of_all[k]),
            "combined": float(own.combined[k]),
            "weight": _number(self.share(self.kind)[k]),
            "weight_without_seed": [float(end[k]) for end in self.share_ends] if self._has_ends else None,
            "information_by_item": {name: _number(value) for name, value in by_item},
        }

    def _maker(self, kind: str) -> dict[str, Any]:
        made = self.makers[kind]
        levels = [f"{level:g}" for level in self.study.levels]
        experts, items = self.study.experts, self.study.items
        return {
            "cutoff": made.cutoff,
            **_scores(made),
            "unseen": _scores(self.unseen[kind]) if kind in self.unseen else None,
            "calibration_one_seed_moved": [float(end[0]) for end in self.coarse[kind]],
            "weights": dict(zip(experts, map(_number, self.share(kind)), strict=True)),
            "weights_by_item": {
                name: dict(zip(experts, map(_number, made.weights[:, k]), strict=True)) for k, name in enumerate(items)
            },
            "quantiles": {
                name: dict(zip(levels, map(_number, made.quantiles[k]), strict=True)) for k, name in enumerate(items)
            },
        }

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each expert: seeds answered, scores and weight."""
        import pandas as pd

        columns = ["seeds_answered", "calibration", "information", "information_of_all", "combined", "weight"]
        rows = self.to_dict()["experts"]
        return pd.DataFrame.from_dict(rows, orient="index")[columns].rename_axis("expert")

    def plot(self) -> "Figure":
        """Scores and weights of experts and decision makers."""
        return weights_figure(self)

    def section(self) -> Section:
        """Experts, decision makers, and how robust they are."""
        return words.section(self)

    def about(self) -> str:
        """The panel, and how many were scored."""
        seeds = int(self.study.seeds.sum())
        return f"{self.kind}, panel {self.panel.name!r}, {len(self.study.experts)} experts, {seeds} seeds"


def _scores(made: DecisionMaker) -> dict[str, float | None]:
    one = made.scores
    names = ("calibration", "information", "information_of_all", "combined")
    return {name: _number(getattr(one, name)[0]) for name in names}


def _left_out(one: LeftOut) -> dict[str, Any]:
    if one.made is None:
        return {"refused": one.refused}
    return {**_scores(one.made), "cutoff": one.cutoff}


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def weights(
    panel: Panel, records: Records, *, round_: str = "", kind: str = GLOBAL, cutoff: float | None = None
) -> Weights:
    """Score a panel's experts by its seeds, and pool them by these scores.

    Parameters
    ----------
    panel : Panel
    records : Records
    round_ : str
        The last answers of each expert up to this round are scored; by default the last round before a consensus in
        which somebody said something.
    kind : str
        One of `KINDS`: whose weights are told, and without whom and what they are made once more.
    cutoff : float, optional
        The least calibration of experts who count; where it is left out, the best for each kind.

    Raises
    ------
    InputError
        If there is no such round or kind, nobody answered a seed, an expert answered none or at other levels, no expert
        has the calibration, or a cutoff is given for equal weights.
    """
    alone = [name for name in records.rounds(panel) if name != CONSENSUS]
    chosen = round_ or (alone[-1] if alone else "")
    asked = study_of(panel, records.latest(panel, chosen))
    made = decision_maker(asked, kind, cutoff)
    makers = {
        one: made if one == kind else decision_maker(asked, one, None if one == EQUAL else cutoff) for one in KINDS
    }
    coarse = {"experts": grain(asked), **{one: grain(asked, found.quantiles[None]) for one, found in makers.items()}}
    seeds, no_seeds = _unless_refused(lambda: without_each_seed(asked, kind, cutoff))
    experts, no_experts = _unless_refused(lambda: without_each_expert(asked, kind, cutoff))
    unseen = {one: by_other_seeds(asked, one, None if one == EQUAL else cutoff) for one in KINDS} if seeds else {}
    unseen = {one: found for one, found in unseen.items() if np.isfinite(found.scores.combined[0])}
    return Weights(
        panel=panel,
        round=chosen,
        kind=kind,
        makers=makers,
        unseen=unseen,
        coarse=coarse,
        without_seeds=seeds,
        without_experts=experts,
        unable=(*no_seeds, *no_experts),
        medians=moved(made, seeds, experts),
        share_ends=share_ends(seeds, kind, len(asked.experts)),
    )


def _unless_refused(leave: Callable[[], tuple[LeftOut, ...]]) -> tuple[tuple[LeftOut, ...], tuple[str, ...]]:
    """Decision makers without one, and why there are none."""
    try:
        return leave(), ()
    except InputError as error:
        return (), (str(error),)


__all__ = ["EQUAL", "GLOBAL", "ITEM", "KINDS", "Weights", "weights"]
