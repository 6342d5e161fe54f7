"""``toc worldviews from-posterior``: a posterior as a worldview, beside the posterior that it approximates."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.exporting import worldview_document
from toc_model.beliefs.loading import load_beliefs
from toc_model.documents import fail_if_not_toml
from toc_model.errors import InputError
from toc_model.files import fail_if_unwritable, write_text
from toc_model.present.result import Result
from toc_model.present.section import Section
from toc_model.questions.run import Run, run
from toc_model.questions.worldviews import copy_words as words

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, repr=False)
class Copy(Result):
    """A worldview made of a posterior.

    Attributes
    ----------
    path : Path
        Of the worldview's document.
    posterior, worldview : Run
        The outcome under each allocation, by the draws of the posterior and by as many of the worldview.
    """

    path: Path
    posterior: Run
    worldview: Run

    def to_dict(self) -> dict[str, Any]:
        """Figures of both, in the unit of the outcome."""
        node = self.posterior.beliefs.case.objective.node
        both = {"posterior": self.posterior.to_dict(), "worldview": self.worldview.to_dict()}
        return {
            "path": str(self.path),
            "allocations": {
                name: {
                    of: {key: found["allocations"][name][key] for key in (node, "change")} for of, found in both.items()
                }
                for name in self.posterior.allocations.named
            },
            "provenance": both["posterior"]["provenance"],
        }

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each allocation: figures of both."""
        import pandas as pd

        rows = [{"allocation": name} | found for name, found in self.to_dict()["allocations"].items()]
        return pd.json_normalize(rows).set_index("allocation")

    def section(self) -> Section:
        """The table of both."""
        return words.section(self)

    def about(self) -> str:
        """Of what it is a copy, and where."""
        return f"{self.posterior.worldview!r} as {self.path}"


def from_posterior(
    posterior: Beliefs, out: Path | str, *, description: str = "", allocations: Allocations | None = None
) -> Copy:
    """Write a worldview that approximates a posterior, as a document that can be read and patched.

    A posterior is a worldview by itself, without a loss; updates are chained by its file.

    Parameters
    ----------
    posterior : Beliefs
        Of an update. The worldview is a patch on the base of the documents that these rest on.
    out : Path
        The document to write (``.toml``).
    description : str, optional
        What the worldview is.
    allocations : Allocations, optional
        By which both are compared; those of the documents by default.

    Raises
    ------
    InputError
        If the beliefs are no posterior or have overrides, or the document can't be written.
    """
    path = Path(out)
    fail_if_not_toml(path)
    fail_if_unwritable(path)
    if len(posterior.members) != 1 or posterior.overrides:
        raise InputError(f"{posterior.worldview}: allowed: a posterior of toc update, without overrides")
    named = allocations or posterior.documents.allocations()
    found = posterior.members[0].priors.learnt
    if found is None:
        raise InputError(f"{posterior.worldview}: allowed: a posterior of toc update, without overrides")
    text = worldview_document(posterior.story, found, description or f"Posterior of {found.label}.")
    write_text(path, text)
    copied = load_beliefs(posterior.case, str(path), draws=posterior.draws, priors=posterior.documents.folder)
    return Copy(path, run(posterior, named), run(copied, named))
