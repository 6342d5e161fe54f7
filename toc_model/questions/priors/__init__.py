"""``toc priors``: the elicited beliefs, one of them with all that is known of it, and how well quantiles are met."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from toc_model.aliases import Floats
from toc_model.beliefs.priors import Prior, Priors
from toc_model.beliefs.shipped import Documents
from toc_model.engine.case import Case
from toc_model.engine.declare import Chapter
from toc_model.errors import InputError
from toc_model.present.result import Result
from toc_model.present.section import Section
from toc_model.questions.priors import words
from toc_model.questions.priors.figure import prior_figure

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

LEVELS = (0.05, 0.5, 0.95)
TAIL = 0.01
"""Of the distribution, on either side of what is drawn."""
STEPS = 426
"""Pieces of the drawn curve; a multiple of those of the plot in a terminal."""
MET = 0.02
"""Of the distance between the outer quantiles: how far off a fitted one may be."""


# All ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """One entry in short: its 5 %, 50 % and 95 % quantiles, as fitted."""

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
    """

    worldview: str
    source: str
    chapters: tuple[Chapter, ...]
    rows: tuple[Row, ...]

    def to_dict(self) -> dict[str, Any]:
        """Chapter, quantiles, unit, status and the reason for a departure from the base, by entry."""
        return {
            "worldview": self.worldview,
            "source": self.source,
            "entries": {
                row.prior.name: {
                    "chapter": row.prior.chapter,
                    **dict(zip(("q05", "q50", "q95"), row.quantiles, strict=True)),
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
    return Elicitation(found.worldview, found.source, documents.case.story.chapters, rows)


def _loaded(documents: Documents, worldview: str | None) -> Priors:
    found = documents.priors(worldview)
    found.fail_if_differ(documents.case.story)
    return found


def _quantiles(prior: Prior) -> tuple[float, float, float]:
    low, median, high = (float(prior.distribution.quantile(level)) for level in LEVELS)
    return low, median, high


# One ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Density:
    """A density over all but the tails of a distribution, in the parameter's unit."""

    x: Floats
    y: Floats
    median: float


@dataclass(frozen=True, slots=True, repr=False)
class OnePrior(Result):
    """One parameter with all that is known of it.

    Attributes
    ----------
    worldview : str
    prior : Prior
    fitted : dict of float to float
        What the distribution has at the elicited quantiles, by level.
    density : Density or None
        None for a constant.
    """

    worldview: str
    prior: Prior
    fitted: dict[float, float]
    density: Density | None

    def to_dict(self) -> dict[str, Any]:
        """The document's entry, and what was fitted to it."""
        return {
            "worldview": self.worldview,
            "entry": self.prior.name,
            "chapter": self.prior.chapter,
            **self.prior.entry.model_dump(mode="json"),
            "moved": self.prior.reason,
            "method": self.prior.distribution.method,
            "fitted": {f"{level:g}": value for level, value in self.fitted.items()},
        }

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each elicited quantile: as elicited and as fitted."""
        import pandas as pd

        rows = {"elicited": self.prior.quantiles, "fitted": self.fitted}
        return pd.DataFrame(rows).rename_axis("level")

    def section(self) -> Section:
        """Question, quantiles, source, history and density."""
        return words.page(self)

    def plot(self) -> "Figure":
        """The density, with the elicited quantiles.

        Raises
        ------
        InputError
            If it is a constant.
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
    fitted = {level: float(one.distribution.quantile(level)) for level in one.quantiles}
    return OnePrior(found.worldview, one, fitted, _density(one))


def _density(one: Prior) -> Density | None:
    if one.distribution.is_constant:
        return None
    low, median, high = (float(one.distribution.quantile(level)) for level in (TAIL, 0.5, 1 - TAIL))
    x = np.linspace(low, high, STEPS + 1)
    return Density(x, one.distribution.density(x), median)


# Quantiles that are not met -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a distribution meets the elicited quantiles.

    Attributes
    ----------
    prior : Prior
    fitted : tuple of float
        By level.
    misfit : float
        The largest difference, as a share of the distance between the outer quantiles.
    """

    prior: Prior
    fitted: tuple[float, ...]
    misfit: float


@dataclass(frozen=True, slots=True, repr=False)
class Fits(Result):
    """How well all distributions of a worldview meet their quantiles, the worst first."""

    worldview: str
    source: str
    fits: tuple[Fit, ...]

    @property
    def missed(self) -> tuple[Fit, ...]:
        """Those that are further off than `MET`."""
        return tuple(fit for fit in self.fits if fit.misfit >= MET)

    def to_dict(self) -> dict[str, Any]:
        """Elicited and fitted quantiles, and the misfit, by entry."""
        return {
            "worldview": self.worldview,
            "source": self.source,
            "entries": {
                fit.prior.name: {
                    "family": fit.prior.entry.family,
                    "elicited": list(fit.prior.quantiles.values()),
                    "fitted": list(fit.fitted),
                    "misfit": fit.misfit,
                    "method": fit.prior.distribution.method,
                }
                for fit in self.fits
            },
        }

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each entry, the worst first."""
        import pandas as pd

        return pd.DataFrame.from_dict(self.to_dict()["entries"], orient="index").rename_axis("entry")

    def section(self) -> Section:
        """Those that are not met."""
        return words.check(self)

    def about(self) -> str:
        """How many are not met."""
        return f"{len(self.missed)} of {len(self.fits)} entries miss their quantiles, worldview {self.worldview!r}"


def check(documents: Documents, worldview: str | None = None) -> Fits:
    """Check all documents of a worldview, and how well its quantiles are met.

    Parameters
    ----------
    documents : Documents
    worldview : str, optional
        The base by default.

    Raises
    ------
    InputError
        If a document can't be read, or priors and parameters of the story are not the same.
    """
    found = _loaded(documents, worldview)
    fits = [_fit(one) for one in found.entries.values()]
    return Fits(found.worldview, found.source, tuple(sorted(fits, key=lambda fit: -fit.misfit)))


def _fit(one: Prior) -> Fit:
    fitted = tuple(float(one.distribution.quantile(level)) for level in one.quantiles)
    if one.distribution.is_constant:
        return Fit(one, fitted, 0.0)
    values = list(one.quantiles.values())
    off = max(abs(value - was) for value, was in zip(fitted, values, strict=True))
    return Fit(one, fitted, off / (max(values) - min(values)))


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
    try:
        shutil.copytree(case.documents, folder)
    except OSError as error:
        raise InputError(f"{folder}: can't be written ({error.strerror or error})") from None
    return len(list(Path(folder).rglob("*.toml")))
