"""Log likelihoods of answers, given the centre of beliefs and the habits of those who answered."""

from typing import Any

import numpy as np
import xarray as xr

from toc_model.aliases import Floats
from toc_model.survey.kinds import KINDS
from toc_model.survey.learning.habits import Habits
from toc_model.survey.learning.questions import Asked


def size_of(question: Asked) -> int:
    """How many numbers it takes to hold the densities of all answers once."""
    return KINDS[question.kind].size(question.data)


def log_likelihoods(question: Asked, habits: Habits, z: Floats, at: Floats) -> Floats:
    """Log likelihood of the answers to each wording.

    Parameters
    ----------
    question : Asked
    habits : Habits
    z : array of shape (places, habits)
    at : array of shape (wordings, centres), or (places, wordings, 1)
        Centres of beliefs under each wording on the natural scale; the same for all places, or one for each.

    Returns
    -------
    array of shape (places, centres, wordings)
        With the log ratio of priors, where what lies on the scale of the question follows the centre.
    """
    data = {str(name): values for name, values in question.data.data_vars.items()}
    framing, counts = question.data["framing"].values, question.data["count"].values
    dims = ("wording", "centre") if at.ndim == 2 else ("place", "wording", "centre")
    wordings = xr.DataArray(at, dims=dims)
    centre = wordings.isel(wording=xr.DataArray(framing, dims="pattern"))
    found, camps = habits.at(z)
    of, log_ratio = habits.following(found, wordings.isel(wording=0))
    if camps is not None:
        added, ratio = camps.added(wordings.isel(wording=0))
        centre = centre + added.isel(camp=xr.DataArray(question.data["group"].values, dims="pattern"))
        log_ratio = log_ratio + ratio
    of["reference"] = centre.isel(pattern=0)
    law: Any = KINDS[question.kind].log_density(question.mapping, centre, of, data)
    shape = {"place": len(z), "centre": at.shape[-1], "pattern": len(framing)}
    values = np.broadcast_to(_in_order(xr.DataArray(law), tuple(shape)), tuple(shape.values())) * counts
    rows = [values[..., framing == each].sum(axis=-1) for each in range(len(question.framings))]
    moved = _in_order(log_ratio, ("place", "centre"))[..., None]
    return np.asarray(np.stack(rows, axis=-1) + moved / len(rows))


def _in_order(found: xr.DataArray, dims: tuple[str, ...]) -> Floats:
    missing = [dim for dim in dims if dim not in found.dims]
    return np.asarray(found.expand_dims(missing).transpose(*dims).values)
