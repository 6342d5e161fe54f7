"""Options that several commands share; what they are by default, the case says."""

import math
import shlex
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import click

from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.loading import DRAWS, SEED, fail_if_twice, load_beliefs
from toc_model.beliefs.shipped import Documents
from toc_model.documents import as_number
from toc_model.engine.case import Case
from toc_model.engine.value import delay_cost
from toc_model.errors import InputError
from toc_model.present.figures import fail_if_no_picture, save_figure
from toc_model.present.result import Result
from toc_model.present.streams import say_json
from toc_model.present.terminal import progress_bar
from toc_model.questions.asking import note_sets, said_back, set_option
from toc_model.questions.keeping import keep, save_option
from toc_model.questions.outputs import out_option
from toc_model.questions.saying import say_section
from toc_model.questions.working import asked

PATH = click.Path(path_type=Path)


def chosen_case() -> Case:
    """The case that the command is about."""
    found = click.get_current_context().find_object(Case)
    if found is None:
        raise InputError("case: found none; allowed: one, for the command to be about")
    return found


def as_called(before: str = "") -> str:
    """The command as it was called, or the part of it before one of its words, whoever does its work."""
    words = asked(sys.argv[1:])
    return shlex.join(["toc", *(words[: words.index(before)] if before in words else [] if before else words)])


worldview_option = click.option(
    "--worldview",
    show_default="the case's default",
    help="A name, the file of a worldview (.toml) or of a posterior (.nc), or a mixture: '0.7*ONE + 0.3*OTHER'.",
)
as_of_option = click.option("--as-of", metavar="DATE", help="The date of the beliefs, such as one of dates/.")
draws_option = click.option("--draws", type=int, default=DRAWS, show_default=True, help="Draws of the parameters.")
seed_option = click.option("--seed", type=int, default=SEED, show_default=True, help="Seed of the draws.")
priors_option = click.option(
    "--priors", type=PATH, help="A folder of documents of your own, in place of all that ship."
)


def _gone(_context: click.Context, _option: click.Parameter, file: Path | None) -> None:
    if file is not None:
        raise InputError(f"--posterior: found {file}; a posterior is a worldview by now; allowed: --worldview {file}")


posterior_option = click.option(
    "--posterior", type=PATH, hidden=True, expose_value=False, callback=_gone, help="Gone: see --worldview."
)
allocation_option = click.option(
    "--allocation",
    show_default="the proposal",
    help="The allocation to compare with the status quo.",
)
also_option = click.option(
    "--also", multiple=True, metavar="WORLDVIEW", help="Another worldview, drawn in the same way; may be repeated."
)
override_option = click.option(
    "--override",
    "overrides",
    multiple=True,
    metavar="TEXT",
    help="Change the model: 'PARAMETER*=2', 'do(NODE)=0.4', 'cut(CAUSE->EFFECT)'; may be repeated.",
)


def json_option[**P, T](command: Callable[P, T]) -> Callable[P, T]:
    """Add the options that give figures: printed as JSON, or kept in a file."""
    printed = click.option("--json", "as_json", is_flag=True, help="Print figures as JSON.")
    return printed(save_option(command))


def picture_option(what: str) -> Callable[[Any], Any]:
    """Add the option that says where to draw something to."""
    return out_option(f"Draw {what} to this file (.svg or .png).", fits=fail_if_no_picture)


figure_option = picture_option("the figure")


def _delay_cost(_context: click.Context, option: click.Parameter, text: str | None) -> float | None:
    """Refuse a cost that can't be before anything is drawn."""
    if text is None:
        return None
    number = text.strip()
    share = as_number(number[:-1]) / 100 if number.endswith("%") else as_number(number)
    if math.isnan(share):
        raise InputError(f"{option.opts[0]}: found {text!r}; allowed: a share such as 0.0078, or 0.78%")
    if not number.endswith("%") and share == 1:
        raise InputError(f"{option.opts[0]}: found {text!r}, which may be 1 % or all; allowed: 1% or 100%")
    delay_cost(chosen_case(), share)
    return share


delay_cost_option = click.option(
    "--delay-cost",
    metavar="SHARE",
    callback=_delay_cost,
    help="What a period of delay costs, as a share of what there is to lose, such as 0.0078 or 0.78%; nothing is "
    "assumed without it.",
)


def answer(found: Result, *, as_json: bool, drawn_to: Path | None = None, **shown: Any) -> None:
    """Print a result as text or as JSON, and draw its picture where one is asked for.

    Parameters
    ----------
    found : Result
    as_json : bool
    drawn_to : Path, optional
    **shown
        How much of it text and picture show, as the result's ``section`` and ``plot`` take it.
    """
    if keep(found.to_dict):
        return
    if drawn_to:
        save_figure(found.plot(**shown), drawn_to)
    if as_json:
        say_json(found.to_dict())
    else:
        with progress_bar("telling"):
            section = said_back(found.section(**shown))
        say_section(section)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The beliefs that a command is to rest on, as the user named them."""

    worldview: str | None
    draws: int
    seed: int
    priors: Path | None
    overrides: Sequence[str]
    as_of: str | None = None
    sets: Sequence[str] = ()

    @property
    def documents(self) -> Documents:
        """Those that the user named, or those that ship with the case."""
        return Documents.of(chosen_case(), self.priors, self.as_of, self.sets)

    def load(self) -> Beliefs:
        """Draw them."""
        return self.load_as(self.worldview)

    def load_one_prior(self) -> Beliefs:
        """Draw them for what needs the densities of one prior: by default those of the base."""
        return self.load_as(self.worldview or chosen_case().base)

    def load_as(self, worldview: str | None) -> Beliefs:
        """Draw another worldview in the same way."""
        with progress_bar("drawing beliefs"):
            found = load_beliefs(
                chosen_case(),
                worldview,
                draws=self.draws,
                seed=self.seed,
                priors=self.priors,
                overrides=self.overrides,
                sets=self.sets,
                as_of=self.as_of,
            )
        note_sets(found)
        return found

    def load_all(self, also: Sequence[str]) -> list[Beliefs]:
        """Draw these and other worldviews.

        Raises
        ------
        InputError
            If two have one name.
        """
        beliefs = [self.load(), *(self.load_as(name) for name in also)]
        fail_if_twice(beliefs)
        return beliefs


def takes_beliefs[**P, T](command: Callable[P, T]) -> Callable[P, T]:
    """Add the options that say what a command rests on, and pass them on as one argument, ``chosen``."""

    @worldview_option
    @as_of_option
    @draws_option
    @seed_option
    @priors_option
    @posterior_option
    @set_option
    @override_option
    @wraps(command)
    def gathered(*args: Any, **options: Any) -> T:
        chosen = Chosen(**{name: options.pop(name) for name in Chosen.__slots__})
        return command(*args, chosen=chosen, **options)  # type: ignore[arg-type]

    return gathered
