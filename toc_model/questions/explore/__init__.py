"""``toc explore``: a page that people play with."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toc_model.aliases import Progress
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.loading import beside
from toc_model.documents import digest
from toc_model.errors import InputError
from toc_model.files import write_text
from toc_model.present.explore.bundle import page_of
from toc_model.present.graph.drawn import drawn
from toc_model.present.result import Result
from toc_model.present.section import Section
from toc_model.questions.explore import facts
from toc_model.questions.explore.cruxes import cruxes
from toc_model.questions.explore.laws import laws_of
from toc_model.questions.explore.worlds import Worlds, without_rivals
from toc_model.questions.run import Run, run

if TYPE_CHECKING:
    import pandas as pd

DRAWS, FEWEST_DRAWS, MOST_DRAWS = 1000, 20, 10_000
"""Of each set of beliefs, by default, where a page is less than 1.5 MB; at least, and at most."""


@dataclass(frozen=True, repr=False)
class Explored(Result):
    """A page, and the answer that it opens with.

    Attributes
    ----------
    run : Run
        The answer, as ``toc run`` gives it.
    data : mapping
        All that the page knows, ready for JSON.
    laws : str
        The laws as JavaScript.
    """

    run: Run
    data: Mapping[str, Any]
    laws: str

    @cached_property
    def html(self) -> str:
        """The page: one file that needs nothing else."""
        return page_of(self.data, self.laws, self.run.section())

    def save(self, path: Path | str) -> None:
        """Write the page to a file.

        Raises
        ------
        InputError
            If it can't be written.
        """
        write_text(Path(path), self.html)

    def section(self) -> Section:
        """The answer that the page opens with."""
        return self.run.section()

    def to_dict(self) -> dict[str, Any]:
        """That answer's figures, and the digest of all that the page knows."""
        return {**self.run.to_dict(), "model": self.data["model"]}

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each allocation, as ``toc run`` has them."""
        return self.run.to_dataframe()

    def about(self) -> str:
        """Worldviews, draws and the digest."""
        return f"{len(self.data['worldviews'])} worldviews, {self.data['draws']:,} draws, model {self.data['model']}"


def explore(
    beliefs: Beliefs,
    allocations: Allocations,
    *,
    to: str | None = None,
    command: str = "",
    prefix: str = "toc",
    progress: Progress | None = None,
) -> Explored:
    """Make a page on which a reader changes who does what and what to believe.

    Parameters
    ----------
    beliefs : Beliefs
        With which the page opens. Draws that the page carries are as many as these, by the same seed.
    allocations : Allocations
        Those that the page offers.
    to : str, optional
        The allocation that is compared with the status quo; the case's proposal by default.
    command : str
        By which the page is made, for readers.
    prefix : str
        How commands that the page gives begin, such as ``toc --case mine.case:CASE``.
    progress : callable, optional

    Raises
    ------
    InputError
        If there are too few or too many draws; the beliefs are a posterior, draws of one's own, or changed; there is no
        such allocation; or a law can't be recorded.
    """
    if not FEWEST_DRAWS <= beliefs.draws <= MOST_DRAWS:
        raise InputError(f"explore: found {beliefs.draws:,} draws; allowed: {FEWEST_DRAWS} to {MOST_DRAWS:,}")
    _fail_if_changed(beliefs)
    chosen = to or allocations.proposal
    allocations.compared(chosen)
    answer = run(beliefs, allocations, beside=beside(beliefs), to=chosen, progress=progress)
    worlds = Worlds(without_rivals(beliefs))
    laws = laws_of(worlds.cases)
    data = _data(worlds, allocations, chosen) | {
        "rivalsOn": list(beliefs.case.switched),
        "prefix": prefix,
        "made": {"version": metadata.version("toc-model"), "command": command},
    }
    data["model"] = digest(json.dumps({**data, "made": ""}, sort_keys=True) + laws)[:12]
    objective = worlds.case.objective
    data["graph"] = drawn(worlds.case, {objective.node: objective.label}).to_dict()
    return Explored(answer, data, laws)


def fail_if_no_page(path: Path) -> None:
    """Fail if a file's name is not that of a page."""
    if path.suffix.lower() not in (".html", ".htm"):
        raise InputError(f"{path}: found the ending {path.suffix!r}; allowed: '.html'")


def _fail_if_changed(beliefs: Beliefs) -> None:
    if beliefs.label or beliefs.is_posterior:
        raise InputError(f"explore: found {beliefs.kind} ({beliefs.worldview}); allowed: worldviews of elicited priors")
    for what, found in (("overrides", beliefs.overrides), ("numbers of your own", beliefs.changed)):
        if found:
            raise InputError(
                f"explore: found {what}; allowed: beliefs as documents have them, to be changed on the page"
            )


def _data(worlds: Worlds, allocations: Allocations, to: str) -> dict[str, Any]:
    case, documents = worlds.case, worlds.beliefs.documents
    return {
        **facts.of_case(case),
        "draws": worlds.beliefs.draws,
        "seed": worlds.beliefs.seed,
        "folder": "" if documents.are_shipped else str(documents.folder),
        "levers": facts.levers(case.story),
        "allocations": facts.presets(allocations),
        "proposal": to,
        "dates": facts.dates(worlds),
        "date": worlds.dates[0],
        "tables": worlds.tables,
        "sets": {name: scores.to_dict() for name, scores in worlds.scores.items()},
        "worldviews": [_worldview(worlds, name) for name in worlds.names],
        "worldview": worlds.asked,
        "defaultWorldview": case.default,
        "defaultDate": case.date,
        "bases": [name for name in worlds.names if name in documents.worldviews()],
        "parameters": facts.parameters(worlds),
        "entries": facts.entries(worlds),
        "cruxes": cruxes(worlds, allocations, to),
        "rivals": facts.rivals(worlds),
        "nodes": facts.nodes(worlds),
        "chapters": facts.chapters(worlds),
        "claims": facts.claims(worlds),
        "contradictions": facts.contradictions(worlds),
    }


def _worldview(worlds: Worlds, name: str) -> dict[str, Any]:
    """One worldview: what it is called, what it believes and which draws it has."""
    carried, kind = worlds.carried(name), worlds.kind(name)
    selectable = carried is not None and carried[1] is None
    found = worlds.loaded(name, worlds.dates[0])
    rests = {date: worlds.loaded(name, date).rests_on() for date in worlds.dates} if selectable else {}
    return {
        "name": name,
        "label": found.worldview.replace("_", " "),
        "phrase": found.phrase,
        "description": found.description,
        "kind": kind,
        "selectable": selectable,
        "set": carried[0] if carried else None,
        "part": carried[1] if carried else None,
        "members": worlds.members(name),
        "restsOn": rests,
    }
