"""The command ``toc elicit feedback``."""

from pathlib import Path

import click

from toc_model.present.streams import say, say_json, say_line
from toc_model.questions.elicit import feedback as question
from toc_model.questions.elicit.opened import opened
from toc_model.questions.elicit.options import (
    family_option,
    method_option,
    panel_argument,
    round_option,
    weighting_option,
)
from toc_model.questions.keeping import keep
from toc_model.questions.options import chosen_case, json_option, priors_option
from toc_model.questions.outputs import out_option
from toc_model.survey.panel.fitted import CHOICES


@click.command()
@panel_argument
@round_option
@family_option(CHOICES)
@out_option("The page to write (.html).", fits=question.fail_if_no_page)
@method_option
@weighting_option
@click.option("--seeds", is_flag=True, help="Show seed questions too, without what is right.")
@priors_option
@json_option
def feedback(
    panel: Path,
    round_: str,
    families: dict[str, str],
    out: Path | None,
    method: str,
    weighting: str,
    priors: Path | None,
    *,
    seeds: bool,
    as_json: bool,
) -> None:
    """The page that the experts of PANEL see between rounds: all answers, without who gave them."""
    found = question.feedback(
        opened(chosen_case(), panel, priors),
        round_=round_,
        families=families,
        method=method,
        weighting=weighting,
        seeds=seeds,
    )
    if keep(found.to_dict):
        return
    if out:
        found.save(out)
    if as_json:
        say_json(found.to_dict())
    elif out:
        say_line(f"{out}: {out.stat().st_size:,} bytes")
    else:
        say(str(found), end="")
