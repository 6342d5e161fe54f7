"""The command ``toc graph``."""

import sys
import tempfile
from pathlib import Path
from typing import Any

import click

from toc_model.documents import write
from toc_model.errors import InputError
from toc_model.questions.options import (
    PATH,
)


@click.command()
@click.option(
    "--format", "form", type=click.Choice(["text", "mermaid", "svg", "png"]), help="Default: as --out ends, or text."
)
@click.option("--out", type=PATH, help="The file to write; standard output by default.")
def graph(form: str | None, out: Path | None) -> None:
    """The story as a graph: chapters, levers, nodes, outcomes."""
    from toc_model.essay.story import STORY

    form = form or {".svg": "svg", ".png": "png", ".mmd": "mermaid"}.get(out.suffix if out else "", "text")
    if form in ("svg", "png"):
        _emit(_picture(STORY, form), out)
    else:
        from toc_model.present.graph.text import mermaid, outline

        _emit((mermaid(STORY) if form == "mermaid" else outline(STORY)).encode(), out)


def _picture(story: Any, form: str) -> bytes:
    from toc_model.present.graph.figure import save_graph

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"graph.{form}"
        save_graph(story, path)
        return path.read_bytes()


def _emit(content: bytes, out: Path | None) -> None:
    if out:
        write(out, lambda path: path.write_bytes(content))
        click.echo(f"{out}: {len(content):,} bytes")
    elif content.startswith(b"\x89PNG") and sys.stdout.isatty():
        raise InputError("a picture can't be shown in a terminal; name a file with --out")
    else:
        click.echo(content, nl=False)
