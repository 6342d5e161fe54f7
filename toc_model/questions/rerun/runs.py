"""A run that was saved with all its draws: parameters are drawn once more, and all nodes evaluated."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import xarray as xr

from toc_model.beliefs.provenance import versions
from toc_model.beliefs.saved import documents_of, drawn_again, inputs_of
from toc_model.beliefs.seal import read_sealed
from toc_model.engine.case import WITH, Case
from toc_model.errors import InputError
from toc_model.questions.keeping import OPTION, home_of
from toc_model.questions.rerun.differing import Compared, Differing, differing
from toc_model.questions.run import run
from toc_model.questions.saved import about_run, allocations_in, parameters_in


def again(path: Path, case: Case) -> Compared:
    """The variables of a saved run beside those that come out now.

    Raises
    ------
    InputError
        If the file is no run, is damaged, is about another case, or rests on what can't be read any more.
    """
    saved = read_sealed(path, "saved run")
    if "update" in saved.tree.attrs:
        raise InputError(f"{path}: found a posterior; allowed: a run, or what toc update kept by {OPTION}")
    about = about_run(saved)
    told = about.beliefs
    if told.case.partition(WITH)[0] != home_of(case):
        raise InputError(f"{path}: case: found {told.case!r}; allowed: {home_of(case)!r} (or toc --case ... rerun)")
    documents = documents_of(told, str(path))
    beliefs, taken = drawn_again(told, documents, parameters_in(saved, documents.case))
    found = run(beliefs, allocations_in(about.allocations, documents))
    before, now = saved.tree["prior"].to_dataset(), found.to_datatree()["prior"].to_dataset()
    return Compared(
        sum(values.size for values in before.data_vars.values()),
        tuple(_differing(before, now)),
        differing(*inputs_of(told, beliefs)),
        differing(told.versions, versions()),
        taken,
    )


def _differing(before: xr.Dataset, now: xr.Dataset) -> Iterator[Differing]:
    """Variables that are not the same to the last digit, each with its first value that differs."""
    for name in dict.fromkeys([*before.data_vars, *now.data_vars]):
        if name not in before or name not in now:
            holds = before if name in before else now
            yield Differing(str(name), name in before, name in now, many=holds[name].size)
            continue
        old, new = before[name], now[name].transpose(..., missing_dims="ignore")
        if old.identical(new.assign_attrs(old.attrs)):
            continue
        if old.dims != new.dims or old.shape != new.shape:
            yield Differing(str(name), str(dict(old.sizes)), str(dict(new.sizes)), many=old.size)
            continue
        yield _values(str(name), old.values, new.values)


def _values(name: str, old: np.ndarray, new: np.ndarray) -> Differing:
    apart = ~((old == new) | (np.isnan(old) & np.isnan(new)))
    if not apart.any():
        return Differing(name, "other labels", "", many=old.size)
    first = tuple(np.argwhere(apart)[0])
    by = float(np.nanmax(np.abs(new - old)))
    return Differing(name, float(old[first]), float(new[first]), by, int(apart.sum()))
