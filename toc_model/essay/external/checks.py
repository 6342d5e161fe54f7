"""What the model implies for quantities that others have published, and how far apart the two are."""

from pathlib import Path

import xarray as xr

from toc_model.beliefs.beliefs import Beliefs
from toc_model.essay.external.check import Check
from toc_model.essay.external.cruxes import cruxes
from toc_model.essay.external.observed import observed
from toc_model.essay.external.slopes import slopes


def external_checks(beliefs: Beliefs, levers: xr.Dataset, data: Path) -> list[Check]:
    """All checks that need nothing but published figures.

    Parameters
    ----------
    beliefs : Beliefs
    levers : xarray.Dataset
        Of the status quo, under which all is compared; dims ``(allocation, ...)``, one place.
    data : Path
        Folder of the published figures.

    Raises
    ------
    InputError
        If a file of the folder is missing or lacks a row, or the beliefs are of no date before FRI's cruxes.
    """
    return [*slopes(beliefs, levers, data), *cruxes(beliefs, levers, data), *observed(beliefs, levers, data)]
