"""``python -m tests.mutation``: mutants of a target that its fast tests do not notice."""

import sys

import click

from tests.mutation.mutants import chosen
from tests.mutation.targets import TARGETS, Placed, equivalents, every_mutant
from tests.mutation.trial import UnfitTestsError, laboratory

MOST = 0.1
"""Share of mutants that may survive."""


@click.command()
@click.argument("target", type=click.Choice(list(TARGETS)))
@click.option("--count", type=click.IntRange(1), default=40, show_default=True, help="Mutants to try.")
@click.option("--seed", default=1, show_default=True, help="Of their choice.")
@click.option("--only", multiple=True, metavar="NAME", help="Try this mutant; may be repeated.")
@click.option("--list", "listing", is_flag=True, help="Print the names of all mutants instead.")
def main(target: str, count: int, seed: int, only: tuple[str, ...], listing: bool) -> None:
    """Try mutants of TARGET, and print those that its tests do not notice."""
    left_out = equivalents(target)
    every = [mutant for mutant in every_mutant(TARGETS[target]) if mutant.name not in left_out]
    if listing:
        click.echo("\n".join(mutant.name for mutant in every))
        return
    tried = [mutant for mutant in every if mutant.name in only] if only else chosen(every, count, seed)
    click.echo(f"{target}: {len(tried)} of {len(every)} mutants, {len(left_out)} equivalent ones left out, seed {seed}")
    survivors = _survivors(target, tried)
    click.echo(f"{len(survivors)} of {len(tried)} survived")
    sys.exit(1 if len(survivors) > MOST * len(tried) else 0)


def _survivors(target: str, tried: list[Placed]) -> list[Placed]:
    survivors = []
    try:
        with laboratory(TARGETS[target]) as noticed:
            for done, mutant in enumerate(tried, start=1):
                if not noticed(mutant):
                    survivors.append(mutant)
                    click.echo(f"{done}: survived ({mutant.kind}): {mutant.name}")
    except UnfitTestsError as error:
        raise click.ClickException(str(error)) from None
    return survivors


if __name__ == "__main__":
    main()
