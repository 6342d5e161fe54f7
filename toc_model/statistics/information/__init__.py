"""What knowing more would be worth: perfect, partial and sample information, on plain arrays.

Every function that values information takes ``loss``, an array with the dims ``draw`` and ``allocation`` in which lower
is better (a probability of harm; the negative of a pay-off). All allocations share their draws, so that what is
regressed are paired differences. Nothing here knows the story: draws may be of a prior or a posterior, this model's or
another's, and may be correlated; inputs go with losses by the labels of draws where both have them. How far apart two
views stay once told the same is beside it, with the same regressions.
"""

from toc_model.statistics.information.columns import FEWEST, columns_of
from toc_model.statistics.information.estimates import Estimate
from toc_model.statistics.information.floor import FLOOR, noise_floor
from toc_model.statistics.information.gap import expected_gap
from toc_model.statistics.information.nested import evppi_nested
from toc_model.statistics.information.perfect import evpi, evppi, evppi_of_each
from toc_model.statistics.information.ranks import FIRST
from toc_model.statistics.information.sample import (
    evsi_moment_matching,
    evsi_regression,
    in_units_of_cost,
    net_benefit,
)

__all__ = [
    "FEWEST",
    "FIRST",
    "FLOOR",
    "Estimate",
    "columns_of",
    "evpi",
    "evppi",
    "evppi_nested",
    "evppi_of_each",
    "evsi_moment_matching",
    "evsi_regression",
    "expected_gap",
    "in_units_of_cost",
    "net_benefit",
    "noise_floor",
]
