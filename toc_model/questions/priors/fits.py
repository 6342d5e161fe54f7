"""How well the distributions of a worldview meet the elicited quantiles."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from toc_model.beliefs.misfit import MISSED
from toc_model.beliefs.parts import Part
from toc_model.beliefs.priors import Prior, Priors
from toc_model.beliefs.shipped import Documents
from toc_model.brief import Brief
from toc_model.present.result import Result
from toc_model.present.section import Section
from toc_model.questions.priors import words

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, repr=False)
class Fit(Brief):
    """How well a distribution meets the elicited quantiles.

    Attributes
    ----------
    prior : Prior
    fitted : tuple of float
        Quantiles by level.
    probabilities : tuple of float
        What the distribution gives the values below each elicited quantile, by level; none for a constant.
    misfit : float
        The largest difference of these from the levels, which is what was said.
    """

    prior: Prior
    fitted: tuple[float, ...]
    probabilities: tuple[float, ...]
    misfit: float


@dataclass(frozen=True, slots=True, repr=False)
class Fits(Result):
    """How well all distributions of a worldview meet their quantiles, the worst first.

    Attributes
    ----------
    worldview, source : str
        The source is the folder of documents.
    fits : tuple of Fit
    beside : tuple of Fits
        The same for what each other worldview of the folder changes, where all were asked for.
    """

    worldview: str
    source: str
    fits: tuple[Fit, ...]
    beside: "tuple[Fits, ...]" = ()

    @property
    def missed(self) -> tuple[Fit, ...]:
        """Those that are off by `toc_model.beliefs.misfit.MISSED` or more."""
        return tuple(fit for fit in self.fits if fit.misfit >= MISSED)

    def to_dict(self) -> dict[str, Any]:
        """Elicited and fitted quantiles, what was said and the fit gives below them, and the misfit, by entry."""
        return {
            "worldview": self.worldview,
            "source": self.source,
            "entries": {
                fit.prior.name: {
                    "family": fit.prior.entry.family,
                    "elicited": list(fit.prior.quantiles.values()),
                    "fitted": list(fit.fitted),
                    "said": list(fit.prior.quantiles),
                    "probability": list(fit.probabilities),
                    "misfit": fit.misfit,
                    "missed": fit.misfit >= MISSED,
                    "method": fit.prior.distribution.method,
                }
                for fit in self.fits
            },
            **({"beside": {one.worldview: one.to_dict()["entries"] for one in self.beside}} if self.beside else {}),
        }

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each quantile that was said of an entry, the entry that is met worst first."""
        import pandas as pd

        found = pd.DataFrame.from_dict(self.to_dict()["entries"], orient="index").rename_axis("entry")
        each = found.explode(["elicited", "fitted", "said", "probability"])
        each[["elicited", "fitted", "probability"]] = each[["elicited", "fitted", "probability"]].astype(float)
        return each.set_index("said", append=True)

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
        A name or the path of a document; by default the base, and beside it what every other worldview of the folder
        changes.

    Raises
    ------
    InputError
        If a document can't be read, or priors and parameters of the story are not the same.
    """
    found = _priors(documents, Part(worldview or documents.case.base))
    beside = () if worldview else tuple(_changes(documents, part) for part in _others(documents, found.worldview))
    return _fits(found, found.entries.values(), beside)


def _priors(documents: Documents, part: Part) -> Priors:
    found = documents.priors(*part)
    found.fail_if_differ(documents.case.story)
    return found


def _others(documents: Documents, base: str) -> list[Part]:
    """Worldviews of the folder, and the parts of those that are based on a mixture; they are read, to see that they can
    be. A mixture itself changes nothing."""
    found = ((name, documents.weights(name)) for name in documents.worldviews() if name != base)
    parts = ([Part(name)] if weights is None else [part for part in weights if part.over] for name, weights in found)
    return [part for some in parts for part in some]


def _changes(documents: Documents, part: Part) -> Fits:
    found = _priors(documents.at_date_of(part.over or part.named), part)
    moved = found.over.moved if found.over else found.entries
    return _fits(found, [one for name, one in found.entries.items() if one.reason and name in moved])


def _fits(priors: Priors, entries: Iterable[Prior], beside: tuple[Fits, ...] = ()) -> Fits:
    fits = [_fit(one) for one in entries]
    return Fits(priors.told, priors.source, tuple(sorted(fits, key=lambda fit: -fit.misfit)), beside)


def _fit(one: Prior) -> Fit:
    fitted = tuple(float(one.distribution.given_some(level)) for level in one.quantiles)
    return Fit(one, fitted, tuple(one.probabilities.values()), one.misfit)
