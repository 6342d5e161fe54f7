"""An update as text: what moved, what respondents believe, and what became of the recommendation."""

import textwrap
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.box import SIMPLE_HEAD
from rich.table import Table

from toc_model.beliefs.posterior import Posterior
from toc_model.present.terminal import WIDTH, as_text, percent, points, sized
from toc_model.questions.run.result import Run, run
from toc_model.survey.learning.update import Touched, Update, touched

COPIED = {"mean": 2, "q05": 1, "q95": 1}
"""Figures by which a copy of a posterior is judged, and their digits."""
CONFLICT = 2.0
"""Distance, in standard deviations, from which prior and respondents are said to conflict."""


def update_text(result: Update) -> str:
    """The tables and sentences that ``toc update`` prints."""
    found = touched(result)
    before = run(result.priors.worldview, result.allocations, draws=4000, posterior=_prior_run(result))
    after = run(allocations=result.allocations, posterior=result.posterior)
    return "\n".join(
        [as_text(_targets(found)), *_notes(result, found), "", as_text(_moved(before, after)), _closing(after)]
    )


def _prior_run(result: Update) -> Posterior:
    """The prior draws in the place of a posterior's, so that both runs are made alike."""
    return Posterior(result.priors, result.priors.evidence, (), result.prior_draws)


def _interval(draws: Any) -> str:
    low, middle, high = np.quantile(draws, [0.05, 0.5, 0.95])
    return f"{sized(middle)} [{sized(low)}, {sized(high)}]"


def _targets(found: list[Touched]) -> Table:
    table = Table(
        box=SIMPLE_HEAD,
        title="What was asked: median [5 %, 95 %]",
        title_justify="left",
        caption="'Respondents believe' is another quantity than the target: what the middle respondent holds, biases "
        "included.",
        caption_justify="left",
    )
    for heading in ("question", "target"):
        table.add_column(heading, no_wrap=True)
    for heading in ("people", "prior", "posterior", "respondents believe", "bias sd", "conflict"):
        table.add_column(heading, justify="right", no_wrap=True)
    for item in found:
        question = item.question
        table.add_row(
            question.name,
            question.mapping.target,
            f"{question.respondents:,}",
            _interval(item.prior),
            _interval(item.posterior),
            _interval(item.believed),
            sized(question.mapping.bias_sd),
            f"{item.conflict:+.1f}" + (" !" if abs(item.conflict) > CONFLICT else ""),
        )
    return table


def _notes(result: Update, found: list[Touched]) -> list[str]:
    notes = []
    left_out = [f"{item.question.name}: {n} {why}" for item in found for why, n in item.question.left_out.items()]
    if left_out:
        notes.append(f"Left out, never repaired: {'; '.join(left_out)}.")
    if result.surveys.unused:
        notes.append(f"{result.surveys.unused:,} answers are to questions that the mapping does not use.")
    if any(abs(item.conflict) > CONFLICT for item in found):
        notes.append("! marks a conflict of prior and respondents: ask which of the two, or the mapping, is wrong.")
    notes.append(
        "The common bias of each question is an assumption that no number of answers can test: 'bias sd' is its scale, "
        "on the natural scale of the target."
    )
    return [textwrap.fill(note, WIDTH) for note in notes]


def _moved(before: Run, after: Run) -> Table:
    table = Table(
        box=SIMPLE_HEAD,
        title=f"P(doom), per cent, before (worldview '{before.worldview}') and after ('{after.worldview}')",
        title_justify="left",
    )
    table.add_column("allocation", no_wrap=True)
    for heading in ("P(doom) before", "after", "change before", "after", "better in before", "after"):
        table.add_column(heading, justify="right", no_wrap=True)
    rows = [figures.to_dict()["allocations"] for figures in (before, after)]
    for name in before.allocations.named:
        one, other = (table_of[name] for table_of in rows)
        cells = [percent(row["p_doom"]["mean"]) for row in (one, other)]
        if name != "status_quo":
            cells += [points(row["change"]["mean"], 2) for row in (one, other)]
            cells += [f"{percent(row['share_better'], 0)} %" for row in (one, other)]
        table.add_row(name, *cells)
    return table


def _closing(after: Run) -> str:
    best = min(after.allocations.named, key=lambda name: float(after.outcome("p_doom").sel(allocation=name).mean()))
    text = f"Of these allocations {best!r} now has the lowest mean P(doom). {after.rests_on()}"
    return textwrap.fill(text, WIDTH) + "\n"


def sweep_text(results: Sequence[Update]) -> str:
    """How updates that differ in the scale of common biases move the recommendation."""
    runs = [run(allocations=result.allocations, posterior=result.posterior) for result in results]
    named = list(runs[0].allocations.named)
    move = "recommended" if "recommended" in named else named[-1]
    table = Table(
        box=SIMPLE_HEAD,
        title=f"Scale of common biases, and what becomes of {move!r}: mean [5 %, 95 %]",
        title_justify="left",
        caption="Per cent; the change is from the status quo, paired, in points. At 1 biases are as the mapping "
        "documents state them, at 0 nobody is wrong together.",
        caption_justify="left",
    )
    for heading in ("scale", "P(doom), status quo", f"change by {move}", "better in"):
        table.add_column(heading, justify="right", no_wrap=True)
    for result, figures in zip(results, (after.to_dict()["allocations"] for after in runs), strict=True):
        row = figures[move]
        table.add_row(
            f"{result.bias_scale:g}" + (" !" if result.problems else ""),
            _mean(figures["status_quo"]["p_doom"], percent, 0),
            _mean(row["change"], points, 2),
            f"{percent(row['share_better'], 0)} %",
        )
    bad = [f"! {result.bias_scale:g}: not a good run: {'; '.join(result.problems)}" for result in results]
    notes = [textwrap.fill(note, WIDTH) for note, result in zip(bad, results, strict=True) if result.problems]
    return "\n".join([as_text(table), *notes])


def _mean(row: Mapping[str, float], form: Callable[[float, int], str], digits: int) -> str:
    mean, low, high = (form(row[key], digits) for key in ("mean", "q05", "q95"))
    return f"{mean} [{low}, {high}]"


def copula_text(posterior: Posterior, path: Path) -> str:
    """How well a worldview made of a posterior reproduces it, in what matters."""
    exact = run(posterior=posterior)
    copied = run(str(path), draws=posterior.parameters.sizes["draw"])
    table = Table(box=SIMPLE_HEAD, title=f"{path}: its figures beside those of the posterior", title_justify="left")
    table.add_column("recommended", no_wrap=True)
    for heading in ("posterior", "worldview"):
        table.add_column(heading, justify="right", no_wrap=True)
    rows = [figures.to_dict()["allocations"]["recommended"] for figures in (exact, copied)]
    for label, key, form in (("P(doom), per cent", "p_doom", percent), ("change, points", "change", points)):
        cells = [[form(row[key][name], digits) for name, digits in COPIED.items()] for row in rows]
        table.add_row(label, *(f"{mean} [{low}, {high}]" for mean, low, high in cells))
    return as_text(table)
