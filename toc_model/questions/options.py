"""Options that several commands share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import click

from toc_model.beliefs.beliefs import DRAWS, SEED, Beliefs, load_beliefs

PATH = click.Path(path_type=Path)

worldview_option = click.option(
    "--worldview",
    default="neutral",
    show_default=True,
    help="A name, a worldview's file, or a mixture: '0.7*neutral + 0.3*outside'.",
)
draws_option = click.option("--draws", type=int, default=DRAWS, show_default=True, help="Draws of the parameters.")
seed_option = click.option("--seed", type=int, default=SEED, show_default=True, help="Seed of the draws.")
priors_option = click.option("--priors", type=PATH, help="A folder of prior documents of your own.")
posterior_option = click.option(
    "--posterior", type=PATH, help="Rest on the posterior in this file (of toc update), not on a worldview."
)
allocations_option = click.option("--allocations", type=PATH, help="A document of allocations of your own (TOML).")
override_option = click.option(
    "--override",
    "overrides",
    multiple=True,
    metavar="TEXT",
    help="Change the model: 'tax_now*=2', 'do(concern)=status_quo', 'cut(reach->concern)'; may be repeated.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print figures as JSON.")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The beliefs that a command is to rest on, as the user named them."""

    worldview: str
    draws: int
    seed: int
    priors: Path | None
    posterior: Path | None
    overrides: Sequence[str]

    def load(self) -> Beliefs:
        """Draw them."""
        return self.load_as(self.worldview)

    def load_as(self, worldview: str) -> Beliefs:
        """Draw another worldview in the same way."""
        return load_beliefs(
            worldview,
            draws=self.draws,
            seed=self.seed,
            priors=self.priors,
            posterior=self.posterior,
            overrides=self.overrides,
        )


def takes_beliefs[**P, T](command: Callable[P, T]) -> Callable[P, T]:
    """Add the options that say what a command rests on, and pass them on as one argument, ``chosen``."""

    @worldview_option
    @draws_option
    @seed_option
    @priors_option
    @posterior_option
    @override_option
    @wraps(command)
    def gathered(*args: Any, **options: Any) -> T:
        chosen = Chosen(**{name: options.pop(name) for name in Chosen.__slots__})
        return command(*args, chosen=chosen, **options)  # type: ignore[arg-type]

    return gathered
