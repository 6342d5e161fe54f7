"""Questions, and the draws of a fit to their answers."""

from dataclasses import dataclass

import xarray as xr

from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.loading import beliefs_on
from toc_model.beliefs.priors import Priors
from toc_model.beliefs.shipped import Documents
from toc_model.survey.learning.questions import Asked
from toc_model.survey.learning.settings import Common


@dataclass(frozen=True, slots=True)
class Fitted:
    """Questions and the draws of a fit to their answers.

    Attributes
    ----------
    asked : tuple of Asked
    draws : xarray.Dataset
        Dims ``(draw, ...)``: parameters, biases and all else that the observation model has.
    priors : Priors
    documents : Documents
        Of the case that was asked about.
    allocations : Allocations
    common : Common
        How common biases were taken.
    problems : tuple of str
        Why the draws can't be trusted; empty for a good run.
    """

    asked: tuple[Asked, ...]
    draws: xr.Dataset
    priors: Priors
    documents: Documents
    allocations: Allocations
    common: Common
    problems: tuple[str, ...] = ()

    @property
    def beliefs(self) -> Beliefs:
        """The draws of the parameters as beliefs."""
        parameters = self.draws[list(self.documents.case.story.parameters)]
        return beliefs_on(self.documents, self.priors, parameters)
