"""Examples of documents, cut out of those that ship or written as the commands write them."""

import re
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from toc_model.beliefs.shipped import Documents
from toc_model.errors import InputError
from toc_model.files import read
from toc_model.questions.worldviews.own import new_document
from toc_model.survey.panel.making import new_panel
from toc_model.survey.panel.panel import panel_text

HEADER = re.compile(r"^\[+(?P<name>.+?)\]+$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Example:
    """A document, or a part of one that is a document itself.

    Attributes
    ----------
    title : str
        Where it is from.
    text : str
    language : str
    """

    title: str
    text: str
    language: str = "toml"

    @property
    def block(self) -> str:
        """As a block of code with its title."""
        return f'```{self.language} title="{self.title}"\n{self.text.strip()}\n```\n'


def cut(folder: Path, name: str, tables: tuple[str, ...] = (), *, head: bool = True) -> Example:
    """Some tables of a document, the first of each name, in the document's order.

    Parameters
    ----------
    folder : Path
    name : str
        Of the document, within the folder.
    tables : tuple of str
        As they stand between brackets; all that there are if none is named.
    head : bool
        Whether to keep what stands before the first table, without comments.

    Raises
    ------
    InputError
        If there is no such document, or it lacks a table.
    """
    text = read(folder / name).text
    if not tables:
        return Example(name, without_comments(text))
    starts = list(HEADER.finditer(text))
    ends = [*(found.start() for found in starts[1:]), len(text)]
    parts: dict[str, str] = {}
    for found, end in zip(starts, ends, strict=True):
        parts.setdefault(found["name"], text[found.start() : end].strip())
    if lacking := [table for table in tables if table not in parts]:
        raise InputError(f"{folder / name}: found no table {lacking[0]!r}; allowed: {', '.join(parts)}")
    above = [without_comments(text[: starts[0].start()])] if head else []
    return Example(f"{name} (a part)", "\n\n".join([*above, *(parts[table] for table in tables)]).strip())


def without_comments(text: str) -> str:
    """A document without lines of comments."""
    return "\n".join(line for line in text.splitlines() if not line.startswith("#")).strip()


def first_lines(folder: Path, name: str, lines: int) -> Example:
    """The first lines of a table."""
    return Example(f"{name} (a part)", "\n".join(read(folder / name).text.splitlines()[:lines]), "csv")


def on_a_mixture(documents: Documents, mixture: str) -> Example:
    """What ``toc worldviews new`` writes for one based on a mixture, with its first entry changed."""
    with tempfile.TemporaryDirectory() as folder:
        new_document(documents, path := Path(folder) / "mine.toml", mixture)
        head, entry, *_ = path.read_text(encoding="utf-8").split("\n\n")
    lines = [line.removeprefix("# ") for line in entry.splitlines() if not line.startswith("# source")]
    changed = "\n".join(lines).replace('reason = ""', 'reason = "What I know that others do not."')
    return Example(
        f"mine.toml, from toc worldviews new mine --based-on {mixture}", f"{without_comments(head)}\n\n{changed}"
    )


def panel(documents: Documents, parameter: str) -> Example:
    """What ``toc elicit new`` writes for one parameter and two experts."""
    priors = documents.priors()
    made = new_panel(documents, [parameter], priors, experts=("expert_1", "expert_2"), made=date(2026, 1, 15))
    return Example(f"panel.toml, from toc elicit new --parameters {parameter}", without_comments(panel_text(made)))
