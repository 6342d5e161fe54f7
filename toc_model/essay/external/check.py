"""A published figure beside what the model implies."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xarray as xr

from toc_model.beliefs.beliefs import Beliefs
from toc_model.engine.overrides import parse_overrides
from toc_model.labels import made_as
from toc_model.statistics import averages


@dataclass(frozen=True, slots=True)
class Check:
    """A published figure beside what the model implies.

    Attributes
    ----------
    name : str
    published : float
        On the scale of the comparison.
    implied : xarray.DataArray
        On the same scale, dims ``(draw,)``.
    unit : str
        Of the scale.
    source : str
        Of the published figure.
    camp : str
        Whose figure it is: who said it, or that it was observed.
    seen_by : str
        The parameter whose prior cites the same source, so that agreement is no evidence; empty if none does.
    note : str
        What to mind about the comparison, as a sentence; empty for nothing.
    share : float
        Of the draws, those that the comparison is about.
    """

    name: str
    published: float
    implied: xr.DataArray
    unit: str
    source: str
    camp: str
    seen_by: str = ""
    note: str = ""
    share: float = 1.0

    @property
    def distance(self) -> float:
        """Mean of what is implied less what is published, in `unit`."""
        return float(averages.mean(self.implied)) - self.published

    @property
    def distance_in_sd(self) -> float:
        """The same in standard deviations of what is implied."""
        return self.distance / float(averages.sd(self.implied))

    def to_dict(self) -> dict[str, Any]:
        """Figures of one row."""
        low, high = averages.quantiles(self.implied, [0.05, 0.95])
        return {
            "check": self.name,
            "unit": self.unit,
            "published": self.published,
            "implied_mean": float(averages.mean(self.implied)),
            "implied_q05": float(low),
            "implied_q95": float(high),
            "distance": self.distance,
            "distance_in_sd": self.distance_in_sd,
            "seen_by": self.seen_by,
            "camp": self.camp,
            "source": self.source,
            "note": self.note,
            "share_of_draws": self.share,
        }


def changed(beliefs: Beliefs, overrides: Sequence[str]) -> Beliefs:
    """Beliefs about a changed model."""
    return beliefs.with_overrides(parse_overrides(overrides))


def p_doom(beliefs: Beliefs, levers: xr.Dataset, overrides: Sequence[str]) -> xr.DataArray:
    """P(doom) in the changed model under the one allocation of the levers, dims ``(draw,)``."""
    return changed(beliefs, overrides).outcome(levers).isel(allocation=0)


def drawn(values: Any, beliefs: Beliefs) -> xr.DataArray:
    """Values as draws of some beliefs."""
    return xr.DataArray(values, dims="draw", coords=made_as(beliefs.parameters))
