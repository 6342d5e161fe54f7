"""All pages that are made when the site is built."""

import tempfile
from pathlib import Path

from docs import command, facade, formats, model
from docs.places import Model
from toc_model.engine.case import Case
from toc_model.essay.case import ESSAY
from toc_model.present.graph.figure import save_graph

FOLDER = "model"
"""Where the pages of the model are."""


def pages(case: Case = ESSAY) -> dict[str, str]:
    """Texts of the pages, by their paths below the folder of the sources."""
    theory = model.pages(Model.of(case))
    return {
        "facade.md": facade.page(),
        "results.md": facade.results_page(),
        "documents.md": formats.page(),
        "command.md": command.page(),
        **{f"{FOLDER}/{name}.md": text for name, text in theory.items()},
    }


def pictures(case: Case = ESSAY) -> dict[str, bytes]:
    """Pictures that they show, by path."""
    with tempfile.TemporaryDirectory() as folder:
        save_graph(case.story, case.objective.node, path := Path(folder) / "graph.svg")
        return {f"{FOLDER}/graph.svg": path.read_bytes()}


def listed(case: Case = ESSAY) -> list[dict[str, str]]:
    """The pages of the model for the navigation: by title."""
    return [{title: f"{FOLDER}/{name}.md"} for name, title in model.titles(Model.of(case)).items()]
