"""The command ``toc graph``."""

import sys
import tempfile
from pathlib import Path

import click

from toc_model.errors import InputError
from toc_model.files import write_bytes
from toc_model.present.graph.figure import save_graph
from toc_model.present.streams import say, say_line
from toc_model.present.terminal import WIDTH, standard_output
from toc_model.questions import graph as question
from toc_model.questions.options import chosen_case
from toc_model.questions.outputs import out_option


@click.command()
@click.option(
    "--format", "form", type=click.Choice(["text", "mermaid", "svg", "png"]), help="Default: as --out ends, or text."
)
@out_option("The file to write; standard output by default.")
def graph(form: str | None, out: Path | None) -> None:
    """The story as a graph: chapters, levers, nodes, outcomes."""
    found = question.graph(chosen_case())
    form = form or {".svg": "svg", ".png": "png", ".mmd": "mermaid"}.get(out.suffix if out else "", "text")
    if form == "png" and not out and sys.stdout.isatty():
        raise InputError("a picture can't be shown in a terminal; name a file with --out")
    if form in ("svg", "png"):
        content = _picture(found, form)
    else:
        width = WIDTH if out else standard_output().text
        content = (found.mermaid() if form == "mermaid" else found.outline(width)).encode()
    if out:
        write_bytes(out, content)
        say_line(f"{out}: {len(content):,} bytes")
    elif form == "png":
        click.echo(content, nl=False)
    else:
        say(content.decode(), end="")


def _picture(found: question.Graph, form: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"graph.{form}"
        save_graph(found.story, found.case.objective.node, path)
        return path.read_bytes()
