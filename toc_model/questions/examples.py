"""Examples at the end of each help; a test runs all of them."""

import shlex
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from toc_model.engine.case import Case

START = ("run", "compare", "report --out report.html")
"""In the help of all commands; the first is what to start with."""
EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "run": ("run", "run --worldview {other} --steps", "run --move mine={variable}:{value}"),
    "compare": ("compare", "compare --also {other} --out best.svg"),
    "curve": ("curve", "curve --also {other} --out curve.svg"),
    "sweep": ("sweep --lever {variable}={value} --out sweep.zarr", "sweep --rivals each --draws 500 --out sweep.zarr"),
    "optimise": ("optimise", "optimise --worldview {other}"),
    "marginal": ("marginal --also {other}", "marginal --at {proposal}"),
    "voi": ("voi --draws 4000", "voi --worldview {other} --top 5", "voi --also {other}"),
    "channels": ("channels", "channels --worldview {other}"),
    "sensitivity": ("sensitivity", "sensitivity --method flip"),
    "harm": ("harm", "harm --worldview {other} --out harm.svg"),
    "claims": ("claims", "claims --deny --draws 500", "claims --check --draws 500"),
    "structure": ("structure --draws 1000",),
    "disagree": ("disagree {other} {base}",),
    "report": ("report --out report.html", "report --out report.md --sections answer,limits"),
    "explore": ("explore --out page.html",),
    "update": ("update answers.csv --out posterior.nc",),
    "worldviews": ("worldviews",),
    "worldviews new": ("worldviews new mine --based-on {other}",),
    "worldviews check": ("worldviews check {other}",),
    "worldviews from-posterior": ("worldviews from-posterior posterior.nc --out learnt.toml",),
    "survey": ("survey check answers.csv", "survey validate answers.csv"),
    "survey check": ("survey check answers.csv",),
    "survey import": ("survey import long answers.csv --out joined.csv",),
    "survey import long": ("survey import long answers.csv --out joined.csv",),
    "survey template": ("survey template --nodes {entry} --experts 10 --out template.csv",),
    "survey validate": ("survey validate answers.csv",),
    "elicit": ("elicit read panel", "elicit fit panel", "elicit pool panel --out pool.toml"),
    "elicit new": ("elicit new --parameters {entry} --experts 3 --out panel",),
    "elicit sheets": ("elicit sheets panel",),
    "elicit read": ("elicit read panel",),
    "elicit fit": ("elicit fit panel",),
    "elicit feedback": ("elicit feedback panel --out feedback.html",),
    "elicit weights": ("elicit weights panel",),
    "elicit pool": ("elicit pool panel --out pool.toml",),
    "elicit worldview": ("elicit worldview pool.toml --out learnt.toml",),
    "elicit answers": ("elicit answers panel --out said.csv --map-out said.toml",),
    "graph": ("graph", "graph --out graph.svg"),
    "priors": ("priors", "priors {entry}", "priors --worldview {other} {entry}"),
    "priors check": ("priors check",),
    "priors copy": ("priors copy mine",),
    "rerun": ("run --save answer.json", "rerun answer.json"),
    "evaluate": ("evaluate parameters.csv --out nodes.nc",),
}
"""By command; what the case calls things stands in braces."""


def examples(command: str, case: "Case") -> tuple[str, ...]:
    """What to type behind ``toc``, for a command as users call it; none for one without.

    Parameters
    ----------
    command : str
        Such as "survey check".
    case : Case
    """
    variable = case.story.variables[0]
    names = {
        "other": next((name for name in case.worldviews if name not in (case.base, case.default)), case.base),
        "base": case.base,
        "proposal": case.proposal,
        "variable": variable.name,
        "value": f"{(variable.lever.lower + variable.lever.upper) / 2:g}",
        "entry": shlex.quote(next(iter(case.story.entries))),
    }
    return tuple(text.format(**names) for text in EXAMPLES.get(command, ()))


def with_examples(found: click.Command, command: str, case: "Case | None", called: str = "toc") -> click.Command:
    """Let the help of a command and of its own commands end with examples.

    Parameters
    ----------
    found : click.Command
    command : str
        What users call it.
    case : Case or None
        None for a group that needs none yet, whose examples name nothing of the case.
    called : str
        What users type before its name.
    """
    told = examples(command, case) if case else EXAMPLES.get(command, ())
    found.epilog = epilog(told, called) if told else None
    for name, below in found.commands.items() if case and isinstance(found, click.Group) else ():
        with_examples(below, f"{command} {name}", case, called)
    return found


def epilog(texts: Iterable[str], called: str = "toc", heading: str = "Examples:") -> str:
    """Lines that no help wraps anew."""
    return "\n".join(["\b", heading, *(f"  {called} {text}" for text in texts)])
