"""``toc elicit pool``: what a panel's experts believe in common."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toc_model.errors import InputError
from toc_model.files import write_text
from toc_model.present.result import Result
from toc_model.present.section import Section
from toc_model.questions.elicit import pool_words
from toc_model.questions.elicit.fits import Fits
from toc_model.questions.elicit.opened import Opened, today
from toc_model.survey.panel.pool_document import pool_document, pool_text
from toc_model.survey.panel.pooled import EQUAL, EVENT_METHODS, METHODS, Pooled, pool_all

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, repr=False)
class Pools(Result):
    """A panel's pools.

    Attributes
    ----------
    fits : Fits
    pools : tuple of Pooled
        By question.
    others : mapping of str to tuple of Pooled
        The same by other methods, by the name of these.
    """

    fits: Fits
    pools: tuple[Pooled, ...]
    others: Mapping[str, tuple[Pooled, ...]]

    @property
    def opened(self) -> Opened:
        """The panel."""
        return self.fits.opened

    @property
    def unpooled(self) -> dict[str, str]:
        """Questions that were answered and have no pool, with the reason."""
        pooled = {one.question.name for one in self.pools}
        return {
            one.question.name: one.refused
            for one in self.fits.fits
            if one.refused and not one.question.is_seed and one.question.name not in pooled
        }

    def document(self) -> str:
        """The document of the pools, as TOML."""
        return pool_text(pool_document(self.opened.panel, self.pools, today()))

    def save(self, path: Path | str) -> None:
        """Write that document, for `worldview`.

        Raises
        ------
        InputError
            If it can't be written.
        """
        write_text(Path(path), self.document())

    def to_dict(self) -> dict[str, Any]:
        """Pools by question, and by other methods."""
        return {
            "panel": self.opened.panel.name,
            "round": self.fits.round,
            "before": self.opened.before,
            "pools": [one.to_dict() for one in self.pools],
            "unpooled": self.unpooled,
            "other_methods": {name: [one.to_dict() for one in pools] for name, pools in self.others.items()},
        }

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each question, in its unit."""
        import pandas as pd

        return pd.DataFrame([pool_words.figures(one) for one in self.pools]).set_index("question")

    def section(self) -> Section:
        """Each pool beside the prior before, and how much the method matters."""
        return pool_words.section(self)

    def about(self) -> str:
        """How many, of which panel."""
        return f"{len(self.pools)} questions, panel {self.opened.panel.name!r}"


def pool_panel(
    fits: Fits,
    *,
    method: str = "",
    weighting: str = EQUAL,
    weights: Mapping[str, float] | None = None,
    cutoff: float | None = None,
) -> Pools:
    """Pool what experts said.

    Parameters
    ----------
    fits : Fits
    method : str
        "linear", "logarithmic" or "quantile_average", or a way to pool probabilities of events.
    weighting : str
        "equal", or by scores on seeds "global" or "item".
    weights : mapping of str to float, optional
        Of one's own, by expert.
    cutoff : float, optional
        The least calibration of experts who count, for weights by scores.

    Raises
    ------
    InputError
        If a method, a weighting or an expert is unknown, a method pools none of the questions, weights can't be used,
        or there are no seeds to score by.
    """
    pooled = partial(pool_all, fits.opened.panel, fits.fits, weighting=weighting, weights=weights, cutoff=cutoff)
    several = len({one.said.expert for one in fits.fits}) > 1
    others = {name: pooled(method=name) for name in METHODS} if several else {}
    found = pooled(method=method)
    if not found:
        reasons = [one.refused for one in fits.fits if one.refused and not one.question.is_seed]
        raise InputError(
            f"panel {fits.opened.panel.name!r}: found no answer to pool ({reasons[0] if reasons else 'but seeds'}); "
            "allowed: two or more judgements of a quantity, or probabilities of an event"
        )
    if method and method not in {one.method for one in found}:
        known = METHODS if all(one.event is None for one in found) else EVENT_METHODS
        raise InputError(f"method: found {method!r}, which pools none of these questions; allowed: {', '.join(known)}")
    return Pools(fits, found, others)
