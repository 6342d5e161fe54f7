"""The command ``toc graph``."""

import sys
import tempfile
from pathlib import Path

import click

from toc_model.documents import write
from toc_model.errors import InputError
from toc_model.present.graph.figure import save_graph
from toc_model.questions import graph as question
from toc_model.questions.options import PATH, chosen_case


@click.command()
@click.option(
    "--format", "form", type=click.Choice(["text", "mermaid", "svg", "png"]), help="Default: as --out ends, or text."
)
@click.option("--out", type=PATH, help="The file to write; standard output by default.")
def graph(form: str | None, out: Path | None) -> None:
    """The story as a graph: chapters, levers, nodes, outcomes."""
    found = question.graph(chosen_case())
    form = form or {".svg": "svg", ".png": "png", ".mmd": "mermaid"}.get(out.suffix if out else "", "text")
    if form in ("svg", "png"):
        _emit(_picture(found, form), out)
    else:
        _emit((found.mermaid() if form == "mermaid" else found.outline()).encode(), out)


def _picture(found: question.Graph, form: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"graph.{form}"
        save_graph(found.story, found.case.objective.node, path)
        return path.read_bytes()


def _emit(content: bytes, out: Path | None) -> None:
    if out:
        write(out, lambda path: path.write_bytes(content))
        click.echo(f"{out}: {len(content):,} bytes")
    elif content.startswith(b"\x89PNG") and sys.stdout.isatty():
        raise InputError("a picture can't be shown in a terminal; name a file with --out")
    else:
        click.echo(content, nl=False)
