"""What knowing more would be worth: perfect, partial and sample information, on plain arrays.

Every function takes ``loss``, an array with the dims ``draw`` and ``allocation`` in which lower is better (P(doom); the
negative of a pay-off). All allocations share their draws, so that what is regressed are paired differences. Nothing
here knows the story: draws may be of a prior or a posterior, this model's or another's, and may be correlated.
"""

from toc_model.information.columns import FEWEST, columns_of
from toc_model.information.estimates import Estimate
from toc_model.information.nested import evppi_nested
from toc_model.information.perfect import evpi, evppi, evppi_of_each
from toc_model.information.sample import MICRO, evsi_moment_matching, evsi_regression, in_fte_years, net_benefit

__all__ = [
    "FEWEST",
    "MICRO",
    "Estimate",
    "columns_of",
    "evpi",
    "evppi",
    "evppi_nested",
    "evppi_of_each",
    "evsi_moment_matching",
    "evsi_regression",
    "in_fte_years",
    "net_benefit",
]
