"""Many answers at once, in a store."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Unpack

from toc_model.aliases import Progress
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.loading import DRAWS
from toc_model.beliefs.sets import Sets
from toc_model.beliefs.shipped import Documents
from toc_model.essay.case import ESSAY
from toc_model.facade.given import Drawn, Held, Options, several
from toc_model.files import each_read_once
from toc_model.questions import sweep as _sweep


@each_read_once()
def sweep(
    beliefs: Held | Sequence[Held] | None = None,
    allocations: Options | None = None,
    *,
    out: Path | str,
    lever: Mapping[str, str | Sequence[float]] | None = None,
    rivals: Sequence[str | Sequence[str]] = (),
    resume: bool = False,
    progress: Progress | None = None,
    **drawn: Unpack[Drawn],
) -> _sweep.Sweep:
    """The outcome under many allocations, worldviews and mechanisms, in a Zarr store, by workers where there are some.

    >>> with toc.workers(4):  # doctest: +SKIP
    ...     found = toc.sweep(["base", "essay"], lever={"researchers": "0:100:1"}, out="sweep.zarr", draws=100_000)

    Parameters
    ----------
    beliefs : one or a sequence of str, path or Beliefs, optional
        By default all worldviews that the case tells beside each other.
    allocations : path, mapping or Allocations, optional
        Those that have names, the status quo among them; where levers move, the status quo alone by default.
    out : path
        The store to write, ending in ``.zarr``; what is unfinished stands beside it.
    lever : mapping of str to str or sequence of float, optional
        Values by variable, every combination of which is an allocation more: ``"0:100:1"`` (from, to, step) or
        ``"20,50"``, in per cent for a share; numbers are in the lever's unit.
    rivals : sequence of str, or of sequences of str
        Rival mechanisms, or sets of them, each tried beside the laws as they are written down.
    resume : bool
        Whether to go on with the same sweep where it was stopped.
    progress, **drawn
        As for `run`; any number of draws, which are made in sets of some thousand.

    Raises
    ------
    InputError
        If anything that was given can't be used, or another sweep is unfinished at the place.
    """
    how: Drawn = {**drawn}
    draws = how.get("draws", DRAWS)
    how["draws"] = Sets(draws).size
    held = beliefs if beliefs is not None else _told_beside(how)
    every = [held] if isinstance(held, str | Path | Beliefs) else held
    found, options = several(every, allocations, how)
    story = options.case.story
    axes = [_sweep.axis_of(story, name, values) for name, values in (lever or {}).items()]
    return _sweep.sweep(
        found,
        options.only([]) if lever and allocations is None else options,
        out,
        axes=axes,
        rivals=[[one] if isinstance(one, str) else one for one in rivals],
        draws=None if all(isinstance(one, Beliefs) for one in every) else draws,
        resume=resume,
        progress=progress,
    )


def _told_beside(how: Drawn) -> tuple[str, ...]:
    return Documents.of(how.get("case", ESSAY), how.get("priors"), how.get("as_of")).told_beside()
