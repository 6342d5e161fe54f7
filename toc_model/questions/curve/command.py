"""The command ``toc curve``."""

import json
from pathlib import Path
from typing import Any

import click

from toc_model.questions.options import PATH, Chosen, allocations_option, json_option, takes_beliefs


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
    gap = decisions.summary(change - change.sel(share=best, drop=True))
    as_good = change["share"].values[(gap["mean"] <= 2 * gap["mcse"]).values]
    return f"{100 * best:.0f} %, as good {100 * as_good.min():.0f} to {100 * as_good.max():.0f} %"
