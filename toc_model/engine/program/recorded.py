"""Programs that are kept: a story is recorded once, whatever is asked of it."""

import warnings
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import xarray as xr

from toc_model.engine.program.arithmetic import CannotRecordError
from toc_model.engine.program.program import Program, Recording, program, recorded
from toc_model.engine.story import Story

MOST = 32
"""Programs, and recordings, that are kept."""


class _Kept:
    """What was made last for stories, by what else it depends on."""

    def __init__(self) -> None:
        self.found: OrderedDict[Any, tuple[Story, Any]] = OrderedDict()

    def get(self, story: Story, key: Any, make: Callable[[], Any]) -> Any:
        """What was made for this story, or is made now."""
        whole = id(story), key
        if whole not in self.found or self.found[whole][0] is not story:
            self.found[whole] = story, make()
            while len(self.found) > MOST:
                self.found.popitem(last=False)
        self.found.move_to_end(whole)
        return self.found[whole][1]


_PROGRAMS, _RECORDINGS = _Kept(), _Kept()


def program_of(story: Story, targets: Sequence[str], inputs: Mapping[str, xr.DataArray]) -> Program | None:
    """The program of some nodes; None, with a warning, where a law can't be recorded.

    Parameters
    ----------
    story : Story
    targets : sequence of str
    inputs : mapping of str to DataArray
        As `toc_model.engine.evaluate.evaluate` makes them.
    """
    kind = tuple((name, array.dims) for name, array in inputs.items())

    def make() -> Program | None:
        whole: Recording | None = _RECORDINGS.get(story, kind, lambda: _of_all(story, inputs))
        try:
            return program(story, targets, whole or recorded(story, targets, inputs))
        except CannotRecordError as error:
            warnings.warn(f"{error}; evaluated with named dimensions, which takes longer", stacklevel=6)
            return None

    found: Program | None = _PROGRAMS.get(story, (tuple(targets), kind), make)
    return found


def _of_all(story: Story, inputs: Mapping[str, xr.DataArray]) -> Recording | None:
    """All nodes; None where a law can't be recorded, which some nodes may do without."""
    try:
        return recorded(story, list(story.nodes), inputs)
    except CannotRecordError:
        return None
