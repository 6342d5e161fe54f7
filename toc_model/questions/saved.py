"""What was saved, given back."""

import json
from pathlib import Path

import xarray as xr

from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.loading import beliefs_of
from toc_model.beliefs.posterior import load_posterior
from toc_model.beliefs.saved import restored
from toc_model.engine.case import load_case
from toc_model.errors import InputError
from toc_model.labels import SAVED_AS
from toc_model.questions.run import Run, run


def load(path: Path | str) -> Run | Beliefs:
    """Read what was saved.

    Parameters
    ----------
    path : path
        A file (``.nc``) of ``toc run`` or `Run.save`, or of ``toc update``.

    Returns
    -------
    Run or Beliefs
        The run; or the posterior as beliefs, which every question takes.

    Raises
    ------
    InputError
        If it is no such file, or the story or documents that it rests on have changed since.
    """
    try:
        with xr.open_datatree(path, engine="h5netcdf") as opened:
            tree = opened.load()
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: can't be read ({type(error).__name__})") from None
    if "update" in tree.attrs:
        case = load_case(json.loads(tree.attrs["update"])["home"])
        return beliefs_of(*load_posterior(Path(path), case))
    if "run" not in tree.attrs:
        raise InputError(f"{path}: found no run and no posterior; allowed: a file of toc run or toc update")
    return _run(tree, str(path))


def _run(tree: xr.DataTree, where: str) -> Run:
    about = json.loads(tree.attrs["run"])
    case = load_case(about["beliefs"]["case"])
    prior = tree["prior"].to_dataset().isel(chain=0, drop=True)
    likelihood = tree["log_likelihood"].to_dataset().isel(chain=0, drop=True) if "log_likelihood" in tree else None
    parameters = prior[list(case.story.parameters)]
    parameters = parameters.rename({there: here for here, there in SAVED_AS.items() if there in parameters.coords})
    beliefs = restored(about["beliefs"], parameters, likelihood, where)
    told = about["allocations"]
    named = beliefs.documents.allocations(told["tables"])
    own = tuple(told.get("own", ()))
    allocations = type(named)(case, named.named, told["source"], told["digests"], own)
    return run(beliefs, allocations)
