"""``toc priors``: the elicited beliefs, one of them with all that is known of it, and how well quantiles are met."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from toc_model.aliases import Floats
from toc_model.beliefs.latents import Factor
from toc_model.beliefs.priors import Prior, Priors
from toc_model.beliefs.shipped import Documents
from toc_model.brief import Brief
from toc_model.engine.case import Case
from toc_model.engine.declare import Chapter
from toc_model.errors import InputError
from toc_model.files import copy_folder
from toc_model.present.result import Result
from toc_model.present.section import Section
from toc_model.questions.priors import words
from toc_model.questions.priors.figure import prior_figure
from toc_model.questions.priors.fits import Fit, Fits, check

__all__ = ["Elicitation", "Fit", "Fits", "OnePrior", "check", "copy", "prior", "priors"]

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

LEVELS = (0.05, 0.5, 0.95)
TAIL = 0.01
"""Of the distribution, on either side of what is drawn."""
STEPS = 426
"""Pieces of the drawn curve; a multiple of those of the plot in a terminal."""


# All ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, repr=False)
class Row(Brief):
    """One entry in short: its 5 %, 50 % and 95 % quantiles, as fitted, given that the effect is not nil."""

    prior: Prior
    quantiles: tuple[float, float, float]


@dataclass(frozen=True, slots=True, repr=False)
class Elicitation(Result):
    """All priors of a worldview in short.

    Attributes
    ----------
    worldview, source : str
        The source is the folder of documents.
    chapters : tuple of Chapter
        Of the story, in order.
    rows : tuple of Row
    documents : Documents
    """

    worldview: str
    source: str
    chapters: tuple[Chapter, ...]
    rows: tuple[Row, ...]
    documents: Documents

    def to_dict(self) -> dict[str, Any]:
        """Chapter, quantiles, nil, unit, status and the reason for a departure from the base, by entry."""
        return {
            "worldview": self.worldview,
            "source": self.source,
            "entries": {
                row.prior.name: {
                    "chapter": row.prior.chapter,
                    **dict(zip(("q05", "q50", "q95"), row.quantiles, strict=True)),
                    "nil": row.prior.distribution.nil,
                    "unit": row.prior.entry.unit,
                    "status": row.prior.entry.status,
                    "moved": row.prior.reason,
                }
                for row in self.rows
            },
        }

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each entry."""
        import pandas as pd

        return pd.DataFrame.from_dict(self.to_dict()["entries"], orient="index").rename_axis("entry")

    def section(self) -> Section:
        """A table for each chapter."""
        return words.section(self)

    def about(self) -> str:
        """How many entries there are, and whose."""
        return f"{len(self.rows)} entries, worldview {self.worldview!r}"


def priors(documents: Documents, worldview: str | None = None) -> Elicitation:
    """List the priors of a worldview.

    Parameters
    ----------
    documents : Documents
    worldview : str, optional
        A name or the path of a document; the base by default.

    Raises
    ------
    InputError
        If a document can't be read, or priors and parameters of the story are not the same.
    """
    found = _loaded(documents, worldview)
    rows = tuple(Row(prior, _quantiles(prior)) for prior in found.entries.values())
    return Elicitation(found.worldview, found.source, documents.case.story.chapters, rows, documents)


def _loaded(documents: Documents, worldview: str | None) -> Priors:
    found = documents.priors(worldview)
    if found.camp:
        raise InputError(f"{found.worldview}: a camp is draws that were picked, and has no quantiles of its own")
    found.fail_if_differ(documents.case.story)
    return found


def _quantiles(prior: Prior) -> tuple[float, float, float]:
    low, median, high = (float(prior.distribution.given_some(level)) for level in LEVELS)
    return low, median, high


# One ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, repr=False)
class Density(Brief):
    """A density over all but the tails of a distribution, in the parameter's unit.

    Attributes
    ----------
    x, y : numpy.ndarray
        The area is 1, less the tails and the mass at nil.
    median : float
        Given that the effect is not nil.
    nil : float
        Probability that it is.
    """

    x: Floats
    y: Floats
    median: float
    nil: float


@dataclass(frozen=True, slots=True, repr=False)
class OnePrior(Result):
    """One parameter with all that is known of it.

    Attributes
    ----------
    worldview : str
    prior : Prior
    fitted : dict of float to float
        What the distribution has at the elicited quantiles, by level, given that the effect is not nil.
    density : Density or None
        None for a constant, and for an effect that is surely nil.
    documents : Documents
    factors : tuple of Factor
        That it shares with others.
    """

    worldview: str
    prior: Prior
    fitted: dict[float, float]
    density: Density | None
    documents: Documents
    factors: tuple[Factor, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The document's entry, and what was fitted to it."""
        return {
            "worldview": self.worldview,
            "entry": self.prior.name,
            "chapter": self.prior.chapter,
            **self.prior.entry.model_dump(mode="json"),
            "moved": self.prior.reason,
            "factors": {factor.name: factor.loadings[self.prior.name] for factor in self.factors},
            "method": self.prior.distribution.method,
            "fitted": {f"{level:g}": value for level, value in self.fitted.items()},
            "probability": {f"{level:g}": value for level, value in self.prior.probabilities.items()},
            "misfit": self.prior.misfit,
            "missed": bool(self.prior.missed),
        }

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each elicited quantile: as elicited and as fitted, and what the fit gives the values below it."""
        import pandas as pd

        rows = {
            "elicited": self.prior.quantiles,
            "fitted": self.fitted,
            "probability": self.prior.probabilities or dict.fromkeys(self.fitted, float("nan")),
        }
        return pd.DataFrame(rows).rename_axis("level")

    def section(self) -> Section:
        """Question, quantiles, source, history and density."""
        return words.page(self)

    def plot(self) -> "Figure":
        """The density, with the elicited quantiles.

        Raises
        ------
        InputError
            If it is a constant, or surely nil.
        """
        return prior_figure(self)

    def about(self) -> str:
        """Its name, and whose it is."""
        return f"{self.prior.name}, worldview {self.worldview!r}"


def prior(documents: Documents, name: str, worldview: str | None = None) -> OnePrior:
    """Show one parameter in full.

    Parameters
    ----------
    documents : Documents
    name : str
        Of an entry.
    worldview : str, optional
        The base by default.

    Raises
    ------
    InputError
        If a document can't be read, or there is no such entry.
    """
    found = _loaded(documents, worldview)
    one = found[name]
    fitted = {level: float(one.distribution.given_some(level)) for level in one.quantiles}
    factors = tuple(factor for factor in found.factors if factor.loadings.get(name))
    return OnePrior(found.worldview, one, fitted, _density(one), documents, factors)


def _density(one: Prior) -> Density | None:
    if one.distribution.is_constant or one.distribution.nil == 1:
        return None
    low, median, high = (float(one.distribution.given_some(level)) for level in (TAIL, 0.5, 1 - TAIL))
    x = np.linspace(low, high, STEPS + 1)
    return Density(x, one.distribution.density(x), median, one.distribution.nil)


# A copy -------------------------------------------------------------------------------------------------------------


def copy(case: Case, folder: Path | str) -> int:
    """Copy the documents that ship with a case to a new folder, to edit and use.

    Returns
    -------
    int
        How many documents there are.

    Raises
    ------
    InputError
        If the folder can't be written, or is there already.
    """
    copy_folder(case.documents, Path(folder))
    return len(list(Path(folder).rglob("*.toml")))
