"""``toc compare``, ``toc curve``, ``toc optimise`` and ``toc marginal``: what to do, how surely, and who."""

import json
from pathlib import Path
from typing import Any

import click

from toc_model.documents import as_number
from toc_model.errors import InputError
from toc_model.questions.options import PATH, Chosen, allocations_option, json_option, takes_beliefs

also_option = click.option(
    "--also",
    multiple=True,
    metavar="WORLDVIEW",
    help="Another worldview, drawn in the same way; may be repeated.",
)
figure_option = click.option("--out", type=PATH, help="Draw the figure to this file (.svg or .png).")


def _all_beliefs(chosen: Chosen, also: tuple[str, ...]) -> list[Any]:
    if chosen.posterior and also:
        raise InputError("--posterior rests on one worldview; leave out --also")
    from toc_model.questions.compare.result import fail_if_twice

    beliefs = [chosen.load(), *(chosen.load_as(name) for name in also)]
    fail_if_twice(beliefs)
    return beliefs


@click.command()
@takes_beliefs
@also_option
@click.option("--weights", metavar="W,W,...", help="Of the worldviews in turn, for mean regret; equal by default.")
@allocations_option
@click.option("--only", multiple=True, metavar="NAME", help="Keep this allocation; may be repeated.")
@json_option
@figure_option
def compare(
    chosen: Chosen,
    also: tuple[str, ...],
    weights: str | None,
    allocations: Path | None,
    only: tuple[str, ...],
    as_json: bool,
    out: Path | None,
) -> None:
    """Allocations by P(best), regret, risk and dominance, under one worldview or several."""
    from toc_model.beliefs.allocations import load_allocations
    from toc_model.present.figures import fail_if_no_picture, save_figure
    from toc_model.present.terminal import progress_bar
    from toc_model.questions.compare.result import compare as compared
    from toc_model.questions.compare.words import compare_text

    if out:
        fail_if_no_picture(out)
    named = load_allocations(allocations)
    numbers = [as_number(weight) for weight in weights.split(",")] if weights else None
    with progress_bar("evaluating") as progress:
        found = compared(
            _all_beliefs(chosen, also), named.only(list(only)) if only else named, weights=numbers, progress=progress
        )
    if out:
        from toc_model.questions.compare.figure import p_best_figure

        save_figure(p_best_figure(found), out)
    click.echo(json.dumps(found.to_dict(), indent=2) if as_json else compare_text(found), nl=as_json)


@click.command()
@takes_beliefs
@also_option
@allocations_option
@click.option("--pool", default="researchers", show_default=True, help="Whose share to move: researchers or builders.")
@json_option
@click.option("--out", type=PATH, required=True, help="The figure to draw (.svg or .png).")
def curve(chosen: Chosen, also: tuple[str, ...], allocations: Path | None, pool: str, as_json: bool, out: Path) -> None:
    """Change of P(doom) against the share of people who buy time, a panel a worldview."""
    from toc_model.beliefs.allocations import load_allocations
    from toc_model.present.figures import fail_if_no_picture, save_figure
    from toc_model.questions.compare.figure import curve_figure
    from toc_model.questions.compare.result import allocation_curve
    from toc_model.statistics import decisions

    fail_if_no_picture(out)
    named = load_allocations(allocations)
    beliefs = _all_beliefs(chosen, also)
    curves = {found.worldview: allocation_curve(found, named, pool) for found in beliefs}
    now = {found.worldview: float(found.outcome(named.only([]).levers()).mean()) for found in beliefs}
    marks = {
        name.replace("_", " "): named.named[name].buying_time_share[pool]
        for name in ("status_quo", "recommended")
        if name in named.named
    }
    save_figure(curve_figure(curves, now, pool, marks), out)
    figures = {
        "pool": pool,
        "worldviews": {
            name: {f"{share:g}": decisions.figures(found.sel(share=share)) for share in found["share"].values}
            for name, found in curves.items()
        },
        "provenance": [found.provenance(allocations=dict(named.digests)) for found in beliefs],
    }
    least = ", ".join(f"{_least(found)} ({name})" for name, found in curves.items())
    click.echo(json.dumps(figures, indent=2) if as_json else f"{out}: mean P(doom) is least at {least}")


def _least(change: Any) -> str:
    """The share with the least mean, and those that paired draws can't tell from it."""
    from toc_model.statistics import decisions

    best = float(change.mean("draw").idxmin("share"))
    as_good = change["share"].values[decisions.as_good_as_best(change, "share").values]
    return f"{100 * best:.0f} %, as good {100 * as_good.min():.0f} to {100 * as_good.max():.0f} %"


@click.command()
@takes_beliefs
@also_option
@allocations_option
@click.option(
    "--objective",
    type=click.Choice(["mean", "cvar", "worst", "regret"]),
    default="mean",
    show_default=True,
    help="Mean P(doom), its worst draws, the worst worldview, or the largest regret over worldviews.",
)
@click.option("--level", type=click.FloatRange(0, 0.999), default=0.95, show_default=True, help="Of CVaR.")
@click.option(
    "--free", multiple=True, metavar="LEVERS",
    help="researchers, builders, mix.researchers or mix.builders; all by default; may be repeated.",
)  # fmt: skip
@click.option("--bound", "bounds", multiple=True, metavar="LEVER=LOW:HIGH", help="Such as mix.builders.outreach=0:0.5.")
@click.option("--at-most-moved", type=float, metavar="POINTS", help="Both shares together move by at most so much.")
@click.option("--base", default="status_quo", show_default=True, help="The allocation to improve.")
@click.option("--starts", type=click.IntRange(0, 200), default=4, show_default=True, help="Random starts.")
@json_option
@click.option("--out", type=PATH, help="Write the optimum as a document of allocations (.toml), for --allocations.")
def optimise(
    chosen: Chosen,
    also: tuple[str, ...],
    allocations: Path | None,
    objective: Any,
    level: float,
    free: tuple[str, ...],
    bounds: tuple[str, ...],
    at_most_moved: float | None,
    base: str,
    starts: int,
    as_json: bool,
    out: Path | None,
) -> None:
    """The best allocation, all that is as good, and how much of the gain was the optimiser's curse."""
    from toc_model.beliefs.allocations import document, load_allocations
    from toc_model.documents import write
    from toc_model.present.terminal import progress_bar
    from toc_model.questions.optimise.result import recommend
    from toc_model.questions.optimise.words import optimise_text

    if out and out.suffix != ".toml":
        raise InputError(f"{out}: found the ending {out.suffix!r}; allowed: '.toml'")
    if objective in ("worst", "regret") and not also:
        raise InputError(f"--objective {objective}: found one worldview; name more with --also")
    if objective in ("mean", "cvar") and also:
        raise InputError(f"--objective {objective} rests on one worldview; use a mixture, or worst or regret")
    with progress_bar("optimising") as progress:
        found = recommend(
            _all_beliefs(chosen, also),
            load_allocations(allocations),
            kind=objective,
            level=level,
            free=free,
            bounds=dict(_bound(text) for text in bounds),
            at_most_moved=None if at_most_moved is None else at_most_moved / 100,
            base=base,
            starts=starts,
            seed=chosen.seed,
            progress=progress,
        )
    if out:
        write(out, lambda path: path.write_text(document({"optimum": found.allocation()}), encoding="utf-8"))
    click.echo(json.dumps(found.to_dict(), indent=2) if as_json else optimise_text(found), nl=as_json)


def _bound(text: str) -> tuple[str, tuple[float, float]]:
    name, _, limits = text.partition("=")
    low, _, high = limits.partition(":")
    return name.strip(), (as_number(low), as_number(high))


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
