"""Our own sheets, beside the formats of other tools."""

from pathlib import Path

from toc_model.survey.documents.wide import Layout
from toc_model.survey.panel.formats.format import fail_if_given, round_of
from toc_model.survey.panel.panel import Panel
from toc_model.survey.panel.said import Said
from toc_model.survey.panel.sheets import read_filled


def read(
    path: Path, panel: Panel, *, round_: str = "", question: str = "", columns: Layout | None = None
) -> list[Said]:
    """Read a sheet as `toc_model.survey.panel.sheets.read_filled` does.

    Raises
    ------
    InputError
        As that does, and if the sheet is of another round, or a question or columns are given.
    """
    fail_if_given(path, "a sheet names its questions", question=question, columns=columns)
    found = read_filled(path, panel)
    for said in found:
        round_of(said.round, round_, f"{path}: {said.question}")
    return found
