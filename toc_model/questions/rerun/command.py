"""The command ``toc rerun``."""

from pathlib import Path

import click

from toc_model.present.streams import say_json
from toc_model.questions import rerun as question
from toc_model.questions.options import PATH, chosen_case
from toc_model.questions.saying import say_section


@click.command()
@click.argument("file", type=PATH)
@click.option("--json", "as_json", is_flag=True, help="Print figures as JSON.")
@click.pass_context
def rerun(context: click.Context, file: Path, as_json: bool) -> None:
    """Make a saved answer once more and say whether it is identical.

    FILE is one of --save (.json) or of toc run --out (.nc). All figures are compared exactly, and what else differs is
    told. The exit code is 0 if they are the same, 1 if any differs, and 2 for a file that can't be used.
    """
    found = question.rerun(file, chosen_case())
    if as_json:
        say_json(found.to_dict())
    else:
        say_section(found.section())
    context.exit(0 if found.identical else 1)
