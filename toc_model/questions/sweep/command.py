"""The command ``toc sweep``."""

from pathlib import Path

import click

from toc_model.beliefs.choice import Choice
from toc_model.beliefs.sets import Sets
from toc_model.engine.case import WITH, Case
from toc_model.errors import InputError
from toc_model.present.figures import fail_if_no_picture, save_figure
from toc_model.present.terminal import progress_bar
from toc_model.questions import sweep as question
from toc_model.questions.asking import allocations_of, allocations_option, set_option
from toc_model.questions.options import (
    PATH,
    Chosen,
    answer,
    as_of_option,
    chosen_case,
    draws_option,
    override_option,
    priors_option,
    seed_option,
)
from toc_model.questions.outputs import out_option
from toc_model.questions.working import RESUME, takes_workers

EACH = "each"


def _store(_context: click.Context, _option: click.Parameter, path: Path) -> Path:
    question.fail_if_no_store(path)
    return path


@click.command()
@click.option(
    "--lever",
    "levers",
    multiple=True,
    metavar="NAME=VALUES",
    help="A variable of a lever that moves: FROM:TO:STEP, or values joined by commas, in per cent for a share; of "
    "several, every combination is tried.",
)
@click.option(
    "--worldviews",
    metavar="NAME,...",
    help="Names, files or mixtures, joined by commas.  [default: all that the case tells beside each other]",
)
@click.option(
    "--rivals",
    metavar="NAME,...",
    default="",
    help=f"Rival mechanisms, each tried alone, beside the laws as they are written; '{EACH}' for all, NAME+NAME for "
    "several together.",
)
@as_of_option
@draws_option
@seed_option
@priors_option
@set_option
@override_option
@allocations_option
@click.option("--out", type=PATH, required=True, callback=_store, help="The Zarr store to write (.zarr).")
@click.option(RESUME, is_flag=True, help="Go on where the same sweep was stopped.")
@takes_workers
@click.option("--json", "as_json", is_flag=True, help="Print figures as JSON.")
@out_option("Draw the mean change to this file (.svg or .png).", "--plot", "drawn", fits=fail_if_no_picture)
def sweep(
    levers: tuple[str, ...],
    worldviews: str | None,
    rivals: str,
    as_of: str | None,
    draws: int,
    seed: int,
    priors: Path | None,
    sets: tuple[str, ...],
    overrides: tuple[str, ...],
    allocations: Choice,
    out: Path,
    resume: bool,
    as_json: bool,
    drawn: Path | None,
) -> None:
    """The outcome under many allocations, worldviews and mechanisms, in a store that workers write to.

    With --lever, its values and your own allocations are swept; without, all allocations that have names.
    """
    case = chosen_case()
    axes = [question.axis_of(case.story, *_named(text)) for text in levers]
    chosen = Chosen(None, Sets(draws).size, seed, priors, overrides, as_of, sets)
    names = chosen.documents.told_beside() if worldviews is None else map(str.strip, worldviews.split(","))
    beliefs = [chosen.load_as(name) for name in names if name]
    if not beliefs:
        raise InputError(f"--worldviews: found {worldviews!r}; allowed: one or more, joined by commas")
    named = allocations_of(chosen.documents, allocations)
    kept = named.only([*named.meant, *(allocations.only or named.own)]) if axes else named
    with progress_bar("sweeping") as progress:
        found = question.sweep(
            beliefs,
            kept,
            out,
            axes=axes,
            rivals=_rivals(case, rivals),
            draws=draws,
            resume=resume,
            progress=progress,
        )
    if drawn:
        save_figure(found.plot(), drawn)
    answer(found, as_json=as_json)


def _named(text: str) -> tuple[str, str]:
    name, equals, values = (part.strip() for part in text.partition("="))
    if not (name and equals and values):
        raise InputError(f"--lever {text!r}: allowed: NAME=FROM:TO:STEP, or NAME=VALUE,VALUE")
    return name, values


def _rivals(case: Case, text: str) -> list[tuple[str, ...]]:
    """Sets of rivals that a text names."""
    if text.strip() == EACH:
        return [(name,) for name in case.rival_names]
    return [tuple(part.split(WITH)) for part in text.replace(" ", "").split(",") if part]
