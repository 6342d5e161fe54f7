"""What was saved, given back."""

from pathlib import Path

import xarray as xr

from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.loading import beliefs_of
from toc_model.beliefs.posterior import about_update, posterior_in
from toc_model.beliefs.saved import restored
from toc_model.beliefs.schema import SavedAllocations, SavedRun, checked_draws, checked_likelihood
from toc_model.beliefs.seal import Sealed, read_sealed
from toc_model.beliefs.shipped import Documents
from toc_model.documents import checked, table_of
from toc_model.engine.case import Case, loaded_case
from toc_model.errors import InputError
from toc_model.files import each_read_once
from toc_model.labels import SAVED_AS
from toc_model.questions.run import Run, run
from toc_model.questions.sweep import ENDING, Sweep, opened

WHAT = "run and no posterior"


@each_read_once()
def load(path: Path | str) -> Run | Beliefs | Sweep:
    """Read what was saved.

    Parameters
    ----------
    path : path
        A file (``.nc``) of ``toc run`` or `Run.save`, or of ``toc update``; or the store (``.zarr``) of a sweep.

    Returns
    -------
    Run, Beliefs or Sweep
        The run; the posterior as beliefs, which every question takes; or what the sweep came to.

    Raises
    ------
    InputError
        If it is no such file, what it holds is not what was saved or can't be, its case is not loaded, or the story or
        documents that it rests on have changed since.
    """
    if Path(path).suffix == ENDING:
        return opened(path)
    saved = read_sealed(Path(path), WHAT)
    if "update" in saved.tree.attrs:
        about = about_update(saved)
        documents = Documents.of(loaded_case(about.home, str(path)), about.priors or None, sets=about.sets)
        return beliefs_of(posterior_in(saved, documents), documents)
    return _run(saved, about_run(saved))


def about_run(saved: Sealed) -> SavedRun:
    """What a file says of the run that it holds.

    Raises
    ------
    InputError
        If it holds none, or has no checksum.
    """
    if "run" not in saved.tree.attrs:
        raise InputError(f"{saved.path}: found no run and no posterior; allowed: a file of toc run or toc update")
    if not saved.vouched_for:
        raise InputError(f"{saved.path}: a run without a checksum, as earlier versions saved it; run it again")
    where = f"{saved.path}: run"
    found = checked(SavedRun, table_of(saved.tree.attrs["run"], where), where)
    found.beliefs.fail_if_impossible(where)
    return found


def _run(saved: Sealed, about: SavedRun) -> Run:
    where = str(saved.path)
    parameters = parameters_in(saved, loaded_case(about.beliefs.case, where))
    likelihood, drawn = None, saved.group("prior", WHAT)
    if "log_likelihood" in saved.tree.children:
        found = checked_likelihood(saved.group("log_likelihood", WHAT), drawn, where)
        likelihood = found.isel(chain=0, drop=True)
    beliefs = restored(about.beliefs, parameters, likelihood, where)
    return run(beliefs, allocations_in(about.allocations, beliefs.documents))


def parameters_in(saved: Sealed, case: Case) -> xr.Dataset:
    """The draws of a saved run, with overrides applied; dims ``(draw, ...)``.

    Raises
    ------
    InputError
        If they are none of the case's story.
    """
    drawn = checked_draws(case.story, saved.group("prior", WHAT), str(saved.path))
    if drawn.sizes["chain"] != 1:
        raise InputError(f"{saved.path}: prior: found {drawn.sizes['chain']} chains; allowed: 1")
    one = drawn.isel(chain=0, drop=True)
    return one.rename({there: here for here, there in SAVED_AS.items() if there in one.coords})


def allocations_in(told: SavedAllocations, documents: Documents) -> Allocations:
    """The allocations of a saved run."""
    named = documents.allocations(told.tables)
    return Allocations(documents.case, named.named, told.source, told.digests, tuple(told.own))
