"""``toc harm``: under what beliefs a move makes the outcome worse."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import xarray as xr

from toc_model.aliases import Progress
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.errors import InputError
from toc_model.labels import MADE, effective_draws
from toc_model.present.result import Result
from toc_model.present.section import Section
from toc_model.questions.fewer import fewer
from toc_model.questions.harm import words
from toc_model.questions.harm.figure import harm_figure
from toc_model.questions.harm.limits import Limit, limits_of
from toc_model.questions.sensitivity.inputs import CHANGE, Inputs
from toc_model.statistics import averages, decisions
from toc_model.statistics.boxes import Discovery, Firmness, Rule, discover, firmness
from toc_model.statistics.boxes.discovery import MOST, SUPPORT
from toc_model.statistics.boxes.firmness import FEWEST as FEWEST_RESAMPLES
from toc_model.statistics.boxes.firmness import RESAMPLES
from toc_model.statistics.draws import rounding
from toc_model.statistics.verdicts import Found, share

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

type Verdict = Literal["box", "chance", "rarely", "mostly"]

SEARCHED = 4000
"""Draws that a box is looked for among, at most."""
RARELY, MOSTLY = 0.02, 0.9
"""Shares of harmful draws beyond which a box would tell little."""
FEWEST = 20
"""Draws of each kind without which there is nothing to tell apart."""


@dataclass(frozen=True, slots=True, repr=False)
class Harm(Result):
    """Where among beliefs a move makes the outcome worse.

    Attributes
    ----------
    beliefs : Beliefs
    allocations : Allocations
        The status quo and the one that is moved to.
    allocation : str
        The latter.
    change : xarray.DataArray
        Of the outcome, dims ``(draw,)``, in its unit.
    harmful : xarray.DataArray of bool
        Where it is for the worse by more than rounding, dims ``(draw,)``.
    rule : Rule
    searched : int
        Draws that a box was looked for among.
    found : Discovery or None
        None where harm is too rare or too common for a box.
    firm : Firmness or None
        None where there is no box.
    limits : tuple of Limit
        Of the beliefs that the box limits, those first without which it would tell least.
    """

    beliefs: Beliefs
    allocations: Allocations
    allocation: str
    change: xr.DataArray
    harmful: xr.DataArray
    rule: Rule
    searched: int
    found: Discovery | None
    firm: Firmness | None
    limits: tuple[Limit, ...]

    @property
    def share(self) -> Found:
        """Share of draws in which the move does harm."""
        return share("share of draws with harm", self.harmful)

    @property
    def verdict(self) -> Verdict:
        """A box that tells more than chance does, none, or harm too rare or too common for one."""
        if self.found is None:
            return "mostly" if self.share.value > MOSTLY else "rarely"
        return "box" if self.firm and self.firm.told else "chance"

    @property
    def members(self) -> Mapping[str, float]:
        """Share of draws with harm by member of a mixture; none of anything else."""
        if "worldview" not in self.beliefs.parameters.coords:
            return {}
        whose = self.beliefs.parameters["worldview"].values
        return {str(name): float(averages.mean(self.harmful.isel(draw=whose == name))) for name in np.unique(whose)}

    @property
    def stand_ins(self) -> Mapping[str, float]:
        """Share of resamples whose box limits any belief of a factor, by the label of each factor of the box."""
        factors = self.beliefs.members[0].priors.factors if self.beliefs.members and self.firm else ()
        own = {limit.name for limit in self.limits}
        return {
            factor.name.replace("_", " "): self.firm.limited(*factor.loadings)
            for factor in factors
            if self.firm and own & factor.loadings.keys()
        }

    def to_dict(self) -> dict[str, Any]:
        """All figures, as ``toc harm --json`` prints them; limits are in the units of beliefs."""
        beliefs = self.beliefs
        return {
            "worldview": beliefs.worldview,
            "as_of": beliefs.documents.date.name if beliefs.documents.date else "",
            "allocation": self.allocation,
            "overrides": [override.text for override in beliefs.overrides],
            **beliefs.counts,
            "seed": beliefs.seed,
            "change": decisions.figures(self.change),
            "harmful": {
                "share": self.share.value,
                "mcse": self.share.error,
                "change": self._change_there(),
                "by_member": dict(self.members),
            },
            "verdict": self.verdict,
            "rule": {
                "support": self.rule.support,
                "most": self.rule.most,
                "density": self.rule.density,
                "alpha": self.rule.alpha,
                "draws": self.searched,
            },
            "box": {limit.name: limit.to_dict() for limit in self.limits},
            **self._fit(),
            "rests_on": beliefs.rests_on(),
            "provenance": beliefs.provenance(allocations=dict(self.allocations.digests)),
        }

    def _change_there(self) -> dict[str, float] | None:
        """Figures of the change where it does harm; None where that is in fewer than two draws."""
        there = self.change.isel(draw=np.flatnonzero(self.harmful.values))
        there = there.drop_vars([name for name in MADE if name not in ("chain", "weight")], errors="ignore")
        return decisions.figures(there) if there.size > 1 else None

    def _fit(self) -> dict[str, Any]:
        """What the box holds, how firm it is, and what peeling passed through; nothing where none was looked for."""
        found, firm = self.found, self.firm
        if found is None:
            return {}
        return {
            "as_found": found.fit.to_dict(),
            **({"firmness": self._firmness(firm)} if firm else {}),
            "trail": [{**fit.to_dict(), "limited": list(names)} for fit, names in found.trail],
        }

    def _firmness(self, firm: Firmness) -> dict[str, Any]:
        return {
            "left_out": {
                one.what: {"value": _finite(one.value), "mcse": _finite(one.error)}
                for one in (firm.coverage, firm.density, firm.mass)
            },
            "chance": firm.chance,
            "resamples": len(firm.boxes),
            "limited": {name: firm.limited(name) for name in self.picked},
            "factors": dict(self.stand_ins),
        }

    @property
    def picked(self) -> list[str]:
        """Names of all beliefs that some resample's box limits, those of most resamples first."""
        if self.firm is None:
            return []
        names = dict.fromkeys(name for box in self.firm.boxes for name in box)
        return sorted(names, key=lambda name: -self.firm.limited(name) if self.firm else 0.0)

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each belief that the box limits, or without one a row for all draws."""
        import pandas as pd

        rows = {limit.name: limit.to_dict() for limit in self.limits} or {"all draws": {"limited_in": None}}
        table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("belief")
        return table.assign(harmful=self.share.value, verdict=self.verdict)

    def plot(self) -> "Figure":
        """The box as ranges on the scale of quantiles; without one, the change over draws."""
        return harm_figure(self)

    def section(self) -> Section:
        """Where it does harm, and how firm that is."""
        return words.section(self)

    def about(self) -> str:
        """The move, how often it does harm, and the worldview."""
        many = f"{len(self.limits)} beliefs" if self.limits else "no box"
        return f"harm by {self.allocation!r}, {self.share.value:.0%} of draws, {many}, {self.beliefs.worldview!r}"


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def harm(
    beliefs: Beliefs,
    allocations: Allocations,
    *,
    allocation: str | None = None,
    most: int = MOST,
    support: float = SUPPORT,
    density: float | None = None,
    resamples: int = RESAMPLES,
    progress: Progress | None = None,
) -> Harm:
    """Look for a box of few beliefs in which a move does harm.

    Parameters
    ----------
    beliefs : Beliefs
        A worldview, a camp, a mixture, a posterior or draws of one's own.
    allocations : Allocations
    allocation : str, optional
        To which the move is, from the status quo; the case's proposal by default.
    most : int
        Largest number of beliefs that the box limits.
    support : float
        Least share of draws that the box holds.
    density : float, optional
        In what share of its draws the move should do harm; by default the box has the most harm beyond chance.
    resamples : int
        In which the box is looked for again.
    progress : callable, optional
        Called with the number of searches done and the number of all.

    Raises
    ------
    InputError
        If the allocation is unknown or the status quo, or a number is out of its range.
    """
    rule = Rule(support, most, density)
    if resamples < FEWEST_RESAMPLES:
        raise InputError(f"resamples: found {resamples}; allowed: {FEWEST_RESAMPLES} or more")
    name = allocation or allocations.proposal
    inputs = Inputs(beliefs, allocations.compared(name), name)
    before, change = (inputs.outcomes.sel(outcome=outcome, drop=True) for outcome in inputs.names)
    harmful = beliefs.case.objective.loss(change) > rounding(before)
    table, so = fewer(inputs.table, SEARCHED), fewer(harmful, SEARCHED)
    found = firm = None
    if min(_worth(so), _worth(~so)) >= FEWEST and RARELY <= float(averages.mean(so)) <= MOSTLY:
        found = discover(table, so, rule)
        if found.box.limits:
            firm = firmness(table, so, rule, resamples=resamples, progress=progress)
    limits = limits_of(beliefs, table, found, firm)
    return Harm(beliefs, inputs.allocations, name, change, harmful, rule, so.sizes["draw"], found, firm, limits)


def _worth(so: xr.DataArray) -> float:
    """How many draws those are worth in which something is so."""
    those = so.isel(draw=np.flatnonzero(so.values))
    worth = effective_draws(those)
    return those.size if worth is None else worth


__all__ = ["CHANGE", "MOST", "RESAMPLES", "SUPPORT", "Harm", "harm"]
