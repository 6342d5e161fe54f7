"""Programs that are kept: a story is recorded once for each question that is asked of it."""

import warnings
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

import xarray as xr

from toc_model.engine.program.arithmetic import CannotRecordError
from toc_model.engine.program.program import Program, record
from toc_model.engine.story import Story

MOST = 32
"""Programs that are kept."""

_KEPT: OrderedDict[Any, tuple[Story, Program | None]] = OrderedDict()


def program_of(story: Story, targets: Sequence[str], inputs: Mapping[str, xr.DataArray]) -> Program | None:
    """The program of some nodes; None, with a warning, where a law can't be recorded.

    Parameters
    ----------
    story : Story
    targets : sequence of str
    inputs : mapping of str to DataArray
        As `toc_model.engine.evaluate.evaluate` makes them.
    """
    key = id(story), tuple(targets), tuple((name, array.dims) for name, array in inputs.items())
    if key not in _KEPT or _KEPT[key][0] is not story:
        _KEPT[key] = story, _recorded(story, targets, inputs)
        while len(_KEPT) > MOST:
            _KEPT.popitem(last=False)
    _KEPT.move_to_end(key)
    return _KEPT[key][1]


def _recorded(story: Story, targets: Sequence[str], inputs: Mapping[str, xr.DataArray]) -> Program | None:
    try:
        return record(story, targets, inputs)
    except CannotRecordError as error:
        warnings.warn(f"{error}; evaluated with named dimensions, which takes longer", stacklevel=4)
        return None
