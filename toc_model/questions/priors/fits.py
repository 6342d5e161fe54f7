"""How well the distributions of a worldview meet the elicited quantiles."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from toc_model.beliefs.priors import Prior
from toc_model.beliefs.shipped import Documents
from toc_model.present.result import Result
from toc_model.present.section import Section
from toc_model.questions.priors import words

if TYPE_CHECKING:
    import pandas as pd

MET = 0.02
"""Of the distance between the outer quantiles: how far off a fitted one may be."""


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
    found = documents.priors(worldview)
    found.fail_if_differ(documents.case.story)
    fits = [_fit(one) for one in found.entries.values()]
    return Fits(found.worldview, found.source, tuple(sorted(fits, key=lambda fit: -fit.misfit)))


def _fit(one: Prior) -> Fit:
    fitted = tuple(float(one.distribution.given_some(level)) for level in one.quantiles)
    if one.distribution.is_constant:
        return Fit(one, fitted, 0.0)
    values = list(one.quantiles.values())
    off = max(abs(value - was) for value, was in zip(fitted, values, strict=True))
    return Fit(one, fitted, off / (max(values) - min(values)))
