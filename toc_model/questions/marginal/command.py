"""The command ``toc marginal``."""

import json
from pathlib import Path

import click

from toc_model.questions.options import Chosen, allocations_option, json_option, takes_beliefs


@click.command()
@takes_beliefs
@also_option
@allocations_option
@click.option("--at", default="status_quo", show_default=True, help="The allocation at whose margin a person works.")
@json_option
@figure_option
def marginal(
    chosen: Chosen, also: tuple[str, ...], allocations: Path | None, at: str, as_json: bool, out: Path | None
) -> None:
    """One more person by pool, work and percentile of talent, and one more year, in micro-dooms."""
    from toc_model.beliefs.allocations import load_allocations
    from toc_model.present.figures import fail_if_no_picture, save_figure
    from toc_model.questions.marginal.delay import value_of_a_year
    from toc_model.questions.marginal.result import marginal as value
    from toc_model.questions.marginal.words import marginal_text
    from toc_model.statistics import decisions

    if out:
        fail_if_no_picture(out)
    named = load_allocations(allocations)
    beliefs = _all_beliefs(chosen, also)
    people = [value(found, named, at=at) for found in beliefs]
    years = [value_of_a_year(found, named) for found in beliefs]
    if out:
        from toc_model.questions.compare.figure import figure_one

        save_figure(figure_one(people), out)
    if not as_json:
        click.echo("\n".join(marginal_text(*found) for found in zip(people, years, strict=True)), nl=False)
        return
    changes = [decisions.summary(decisions.paired_change(year, "no delay")) for year in years]
    delays = [
        {str(name): decisions.row(change, allocation=name) for name in change["allocation"].values[1:]}
        for change in changes
    ]
    both = [{**who.to_dict(), "year_of_delay": delay} for who, delay in zip(people, delays, strict=True)]
    click.echo(json.dumps({"worldviews": {found["worldview"]: found for found in both}}, indent=2))
