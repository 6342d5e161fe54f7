"""``toc sweep``: the outcome under many allocations, worldviews and mechanisms, in a store that many can write to."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xarray as xr

from toc_model.aliases import Progress
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.engine.case import Case, loaded_case
from toc_model.engine.declare import Variable
from toc_model.engine.facets import Objective
from toc_model.errors import InputError
from toc_model.files import fail_if_unwritable
from toc_model.present.result import Result
from toc_model.present.section import Section
from toc_model.questions.sweep import store, words
from toc_model.questions.sweep.figure import sweep_figure
from toc_model.questions.sweep.grid import Axis, Grid, axis_of
from toc_model.questions.sweep.plan import Plan, planned
from toc_model.questions.sweep.summary import COLUMNS, summary
from toc_model.questions.sweep.work import Job, done
from toc_model.work.pieces import nothing_kept
from toc_model.work.tasks import each
from toc_model.written import record

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

ENDING = ".zarr"
GOES_ON = "the same with --resume (resume=True) goes on"
PACKED = 0.7
"""Size of numbers as they are stored."""
FIRST = 12
"""How much longer it takes to compute and write a chunk than to read it and compare."""


@dataclass(frozen=True, slots=True, repr=False)
class Sweep(Result):
    """What a sweep came to, and where its numbers are.

    Attributes
    ----------
    case : Case
    path : Path
        The Zarr store; `dataset` opens it.
    facts : mapping
        What it is of, as the store says.
    table : xarray.Dataset
        As `toc_model.questions.sweep.summary.summary` gives it.
    """

    case: Case
    path: Path
    facts: Mapping[str, Any]
    table: xr.Dataset

    @property
    def objective(self) -> Objective:
        """What changes."""
        return self.case.objective

    @property
    def variables(self) -> tuple[Variable, ...]:
        """What moves."""
        return tuple(self.case.story.variable(name) for name in self.facts["axes"])

    @property
    def computed(self) -> int:
        """How often the outcome was computed."""
        return int(self.table["mean"].size) * int(self.facts["draws"])

    def dataset(self) -> xr.Dataset:
        """All numbers, opened and not read: the outcome has the dims ``(worldview, mechanism, draw, allocation)``."""
        found: xr.Dataset = xr.open_zarr(self.path)
        return found

    def to_dict(self) -> dict[str, Any]:
        """All figures, as ``toc sweep --json`` prints them, in the unit of the outcome."""
        return {
            "store": str(self.path),
            "changes_from": self.facts["changes_from"],
            "draws": self.facts["draws"],
            "seed": self.facts["seed"],
            "computed": self.computed,
            "rows": self.to_dataframe().reset_index().to_dict("records"),
            "rests_on": self.facts["rests_on"],
            "provenance": self.facts["provenance"],
            "digest": self.facts["digest"],
        }

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each worldview, mechanism and allocation: what moved, and all figures of outcome and change."""
        return self.table.to_dataframe()[[*self.facts["axes"], *COLUMNS]]

    def plot(self) -> "Figure":
        """The mean change against what moves, a panel a worldview.

        Raises
        ------
        InputError
            If nothing moves, or more than two variables do.
        """
        return sweep_figure(self)

    def section(self) -> Section:
        """The best allocations, and the changes as a table."""
        return words.section(self)

    def about(self) -> str:
        """What was swept, and where it is."""
        sizes = self.table["mean"].sizes
        return (
            f"{sizes['allocation']:,} allocations, {sizes['worldview']} worldviews, {sizes['mechanism']} mechanisms, "
            f"{self.facts['draws']:,} draws, {self.path.name!r}"
        )


def sweep(
    beliefs: Sequence[Beliefs],
    allocations: Allocations,
    out: Path | str,
    *,
    axes: Sequence[Axis] = (),
    rivals: Sequence[Sequence[str]] = (),
    draws: int | None = None,
    resume: bool = False,
    progress: Progress | None = None,
) -> Sweep:
    """Evaluate the outcome under many allocations, worldviews and mechanisms, into a Zarr store.

    It is done in chunks of draws and allocations, each of which is drawn from its seed and written by whoever does it:
    here, or by workers where there are some. What is written when something stops the sweep is there for the next one.

    Parameters
    ----------
    beliefs : sequence of Beliefs
        One a worldview.
    allocations : Allocations
        Those that have names; the status quo, from which changes are measured, among them.
    out : path
        The store to write, ending in ``.zarr``; what is unfinished is beside it.
    axes : sequence of Axis
        Variables of levers, every combination of whose values is an allocation more; see
        `toc_model.questions.sweep.grid.axis_of`.
    rivals : sequence of sequence of str
        Sets of rival mechanisms, beside the laws as they are written down.
    draws : int, optional
        Draws under each worldview, as many as the first beliefs have by default; see `toc_model.beliefs.sets`.
    resume : bool
        Whether to go on with what is unfinished of the same sweep; if it is not, that is never touched.
    progress : callable, optional
        Called with the number of tasks done and the number of all.

    Returns
    -------
    Sweep

    Raises
    ------
    InputError
        If anything that was given can't be used, or another sweep is unfinished at the place.
    """
    path = Path(out).resolve()
    fail_if_no_store(Path(out))
    grid = Grid(allocations, tuple(axes))
    plan = planned(beliefs, grid, rivals=rivals, draws=draws)
    unfinished = _unfinished(path)
    fail_if_no_room(path, 8 * len(plan.beliefs) * len(plan.rivals) * plan.sets.draws * grid.size)
    _begin(unfinished, plan, resume=resume)
    record(unfinished)
    try:
        table = _swept(Job(plan, unfinished), progress)
    except BaseException as error:
        error.add_note(f"what is finished is kept in {unfinished.name}: {GOES_ON}")
        raise
    table.to_zarr(unfinished, group=store.SUMMARY, mode="w", consolidated=False)
    store.complete(unfinished, path)
    record(Path(out))
    return opened(path)


def _swept(job: Job, progress: Progress | None) -> xr.Dataset:
    """Write the chunks that are missing, and see what all come to."""
    every = list(job.plan.chunks())
    chunks = [places for places in every if not all(store.finished(job.path, one) for one in places)]
    with nothing_kept():
        each(done, job, chunks, progress=_from(progress, len(every) - len(chunks), len(every)))
        return summary(job, _from(progress, 0, len(every), second=True))


def _from(progress: Progress | None, before: int, tasks: int, *, second: bool = False) -> Progress | None:
    """A callback for one of the two passes, each task of which counts by how long it takes."""
    if progress is None:
        return None
    each_counts, earlier = (1, FIRST * tasks) if second else (FIRST, 0)
    return lambda done, _: progress(earlier + each_counts * (before + done), (FIRST + 1) * tasks)


def _begin(path: Path, plan: Plan, *, resume: bool) -> None:
    """Make an empty store, or take up one that is unfinished.

    Raises
    ------
    InputError
        If there is one and it is not to be taken up, or it is of another sweep.
    """
    if not path.exists():
        try:
            store.create(path, plan)
        except OSError as error:
            raise InputError(f"{path}: can't be written ({error.strerror or error})") from None
        return
    found = store.about(path)
    if not resume:
        raise InputError(
            f"{path}: found a sweep that was stopped; allowed: to go on with it (--resume), or to delete it"
        )
    if found[store.DIGEST] != plan.digest:
        raise InputError(
            f"{path}: found another sweep, or one by another version; allowed: to delete it, or another name"
        )


def fail_if_no_store(path: Path) -> None:
    """Fail if no store can be written at a place: by its name, or because there is something else.

    Raises
    ------
    InputError
    """
    if path.suffix != ENDING:
        raise InputError(f"{path}: found the ending {path.suffix!r}; allowed: {ENDING!r}")
    if path.exists():
        store.about(path)
    if not (there := _unfinished(path)).exists():
        fail_if_unwritable(there)


def _unfinished(path: Path) -> Path:
    """Where a store stands until it is finished."""
    place = path.resolve()
    return place.with_name(f"{place.name}{store.UNFINISHED}")


def fail_if_no_room(path: Path, size: float) -> None:
    """Fail if so many bytes of numbers, packed as they are, have no room where a store is to be.

    Raises
    ------
    InputError
    """
    needed, free = PACKED * size, shutil.disk_usage(path.parent).free
    if needed > free:
        raise InputError(f"{path}: needs about {needed / 1e9:,.3g} GB; allowed: {free / 1e9:,.3g} GB, which are free")


def opened(path: Path | str) -> Sweep:
    """The sweep of a store that is finished.

    Raises
    ------
    InputError
        If it is none, or its case is not loaded.
    """
    place = Path(path)
    facts = store.about(place)
    if not (place / store.SUMMARY).is_dir():
        raise InputError(f"{place}: found a sweep that is not finished; allowed: to go on with it (--resume)")
    table = xr.open_zarr(place, group=store.SUMMARY, consolidated=False, chunks=None).load()
    return Sweep(loaded_case(facts["case"], str(place)), place, facts, table)


__all__ = ["Axis", "Grid", "Sweep", "axis_of", "fail_if_no_store", "opened", "sweep"]
