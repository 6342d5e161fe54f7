"""The Zarr store of a sweep: a region a chunk, written by whoever computes it, and what the whole is of."""

import json
import os
import shutil
import warnings
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from toc_model.aliases import Floats
from toc_model.beliefs.provenance import versions
from toc_model.errors import InputError
from toc_model.questions.sweep.plan import Place, Plan
from toc_model.questions.whose import whose

ABOUT, DIGEST = "sweep", "digest"
"""Attributes of a store: what it is of, as JSON, and the digest of its plan."""
SUMMARY = "summary"
"""The group of what all sets come to."""
UNFINISHED = ".unfinished"
"""What the name of a store ends in while it is being written."""
FIGURES = "figures"
"""The array of what each chunk comes to, written when all else of it is."""
FIGURE_NAMES = (
    "mean",
    "mcse",
    "q05",
    "q95",
    "change",
    "change_mcse",
    "change_q05",
    "change_q95",
    "share_better",
    "weight",
)
"""Figures of the outcome and of its paired change from the status quo in one set; what the set counts."""


def create(path: Path, plan: Plan) -> None:
    """Make an empty store for a plan, with all labels."""
    import zarr
    from zarr.codecs import BloscCodec

    sets, grid = plan.sets, plan.grid
    coords = plan.coords | {
        "figure": list(FIGURE_NAMES),
        "seed": ("set", np.arange(sets.many) + plan.beliefs[0][0].seed),
    }
    xr.Dataset(coords=coords, attrs={ABOUT: json.dumps(_about(plan)), DIGEST: plan.digest}).to_zarr(
        path, mode="w", consolidated=False, zarr_format=3
    )
    group: Any = zarr.open_group(path, mode="r+")
    how: dict[str, Any] = {"fill_value": np.nan, "compressors": BloscCodec(cname="zstd", clevel=1, shuffle="shuffle")}
    many = (len(plan.beliefs), len(plan.rivals))
    unit = plan.case.story.node(plan.node)
    group.create_array(
        plan.node,
        shape=(*many, sets.draws, grid.size),
        chunks=(1, 1, sets.size, plan.width),
        dtype="f8",
        dimension_names=("worldview", "mechanism", "draw", "allocation"),
        attributes={"unit": unit.unit, "long_name": unit.statement},
        **how,
    )
    group.create_array(
        FIGURES,
        shape=(*many, sets.many, grid.size, len(FIGURE_NAMES)),
        chunks=(1, 1, 1, plan.width, len(FIGURE_NAMES)),
        dtype="f8",
        dimension_names=("worldview", "mechanism", "set", "allocation", "figure"),
        attributes={"long_name": "what each set of draws comes to, for means over all"},
        **how,
    )
    for name in sorted({name for names in plan.made.values() for name in names}):
        group.create_array(
            name,
            shape=(many[0], sets.draws),
            chunks=(1, sets.size),
            dtype="f8",
            dimension_names=("worldview", "draw"),
            attributes={"long_name": "how draws were made"},
            **how,
        )


def _about(plan: Plan) -> dict[str, Any]:
    digests = dict(plan.grid.allocations.digests)
    return {
        "case": plan.case.home or plan.case.name,
        "node": plan.node,
        "rivals": [list(names) for names in plan.rivals],
        "made": {name: list(made) for name, made in plan.made.items()},
        "draws": plan.sets.draws,
        "set": plan.sets.size,
        "seed": plan.beliefs[0][0].seed,
        "axes": [axis.variable.name for axis in plan.grid.axes],
        "named": list(plan.grid.allocations.named),
        "changes_from": plan.grid.allocations.status_quo,
        "dated": plan.beliefs[0][0].documents.dated,
        "whose": [whose(row[0]) for row in plan.beliefs],
        "rests_on": [row[0].rests_on() for row in plan.beliefs],
        "provenance": [row[0].provenance(allocations=digests) for row in plan.beliefs],
        "versions": versions(),
    }


def about(path: Path) -> dict[str, Any]:
    """What a store is of.

    Raises
    ------
    InputError
        If there is none of a sweep's.
    """
    import zarr

    try:
        attrs = dict(zarr.open_group(path, mode="r").attrs)
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            f"{path}: found no store of a sweep ({type(error).__name__}); allowed: one of toc sweep"
        ) from None
    if ABOUT not in attrs or DIGEST not in attrs:
        raise InputError(f"{path}: found a store of something else; allowed: one of toc sweep")
    found: dict[str, Any] = json.loads(str(attrs[ABOUT])) | {DIGEST: str(attrs[DIGEST])}
    return found


def _opened(path: Path) -> Any:
    """A store to read and write regions of; it is opened once, as long as it is the same."""
    return _as_of(path, (path / "zarr.json").stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _as_of(path: Path, _changed: int) -> Any:
    import zarr

    return zarr.open_group(path, mode="r+")


def write(path: Path, plan: Plan, place: Place, outcome: Floats, figures: Floats, made: Mapping[str, Floats]) -> None:
    """Write a chunk: its numbers first, and last what they come to, by which it is known to be finished.

    Parameters
    ----------
    path : Path
    plan : Plan
    place : Place
    outcome : array of shape (draws of the set, allocations of the part)
    figures : array of shape (allocations of the part, figures)
    made : mapping of str to array of shape (draws of the set,)
        How the draws were made.

    Raises
    ------
    InputError
        If there is no such store here, or it can't be written.
    """
    draws, part = plan.sets.of(place.set), plan.part(place.part)
    try:
        group = _opened(path)
        for name, values in made.items():
            group[name][place.worldview, draws] = values
        group[plan.node][place.worldview, place.mechanism, draws, part] = outcome
        group[FIGURES][place.worldview, place.mechanism, place.set, part] = figures
    except FileNotFoundError:
        raise InputError(f"{path}: not found by a worker; allowed: a folder that all workers share") from None
    except OSError as error:
        raise InputError(f"{path}: can't be written ({error.strerror or error})") from None


def finished(path: Path, place: Place) -> bool:
    """Whether a chunk was written."""
    return (path / FIGURES / "c" / f"{place.worldview}/{place.mechanism}/{place.set}/{place.part}/0").is_file()


def read(path: Path, plan: Plan, place: Place, best: int) -> tuple[xr.DataArray, xr.DataArray]:
    """The numbers of a chunk, dims ``(draw, allocation)``, and those of one allocation in the same draws."""
    group = _opened(path)
    draws, array = plan.sets.of(place.set), group[plan.node]
    made = {name: ("draw", group[name][place.worldview, draws]) for name in plan.made[plan.worldviews[place.worldview]]}
    part, at = plan.part(place.part), (place.worldview, place.mechanism, draws)
    whole = array[(*at, part)]
    one = whole[:, best - part.start] if part.start <= best < part.stop else array[(*at, best)]
    return xr.DataArray(whole, dims=("draw", "allocation"), coords=made), xr.DataArray(one, dims="draw", coords=made)


def complete(path: Path, place: Path) -> None:
    """Move a store that is finished to its place; what was there is deleted."""
    import zarr

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Consolidated metadata is currently not part")
        zarr.consolidate_metadata(path)
    for stray in path.rglob("*.partial"):
        stray.unlink(missing_ok=True)
    old = place.with_name(f".{place.name}.old")
    if os.path.lexists(place):
        place.rename(old)
    path.rename(place)
    shutil.rmtree(old, ignore_errors=True)
