"""Options that several commands of ``toc elicit`` share."""

from collections.abc import Callable
from typing import Any

import click

from toc_model.errors import InputError
from toc_model.questions.options import PATH
from toc_model.survey.panel.pooled import EQUAL, EVENT_METHODS, METHODS, WEIGHTINGS

panel_argument = click.argument("panel", type=PATH)
round_option = click.option(
    "--round", "round_", default="", metavar="ROUND", help="Answers up to this round.  [default: the last]"
)

method_option = click.option(
    "--method",
    default="",
    type=click.Choice(["", *dict.fromkeys((*METHODS, *EVENT_METHODS))]),
    metavar="METHOD",
    help=f"For quantities {', '.join(METHODS)}; for events {', '.join(EVENT_METHODS)}.  "
    "[default: linear, and geometric_odds for events]",
)
weighting_option = click.option(
    "--weighting",
    default=EQUAL,
    type=click.Choice(WEIGHTINGS),
    show_default=True,
    help="Alike, or by scores on seeds (see weights).",
)


def named_values(_context: click.Context, option: click.Parameter, texts: tuple[str, ...]) -> dict[str, str]:
    """NAME=VALUE, each name once; a name may have such a sign, a value has none."""
    found: dict[str, str] = {}
    for text in (part.strip() for one in texts for part in one.split(",")):
        name, equals, value = (part.strip() for part in text.rpartition("="))
        if not (name and equals and value) or name in found:
            raise InputError(f"{option.opts[0]}: found {text!r}; allowed: NAME=VALUE, each name once")
        found[name] = value
    return found


def family_option(names: Any) -> Callable[[Any], Any]:
    """Add the option that names families by question."""
    return click.option(
        "--family",
        "families",
        multiple=True,
        callback=named_values,
        metavar="QUESTION=FAMILY",
        help=f"Take this family for a question, one of {', '.join(names)}; may be repeated.  [default: what fits best]",
    )
