"""What knowing more would be worth: perfect, partial and sample information, on plain arrays.

Every function that values information takes ``loss``, an array with the dims ``draw`` and ``allocation`` in which lower
is better (P(doom); the negative of a pay-off). All allocations share their draws, so that what is regressed are paired
differences. Nothing here knows the story: draws may be of a prior or a posterior, this model's or another's, and may be
correlated. How far apart two views stay once told the same is beside it, with the same regressions.
"""

from toc_model.statistics.information.columns import FEWEST, columns_of
from toc_model.statistics.information.estimates import Estimate
from toc_model.statistics.information.gap import expected_gap
from toc_model.statistics.information.nested import evppi_nested
from toc_model.statistics.information.perfect import evpi, evppi, evppi_of_each
from toc_model.statistics.information.sample import (
    MICRO,
    evsi_moment_matching,
    evsi_regression,
    in_fte_years,
    net_benefit,
)
from toc_model.statistics.information.smoothing import smooth
from toc_model.statistics.information.threads import on_one_thread

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
    "expected_gap",
    "in_fte_years",
    "net_benefit",
    "on_one_thread",
    "smooth",
]
