"""``toc report``: the whole analysis on one page, question by question."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toc_model.aliases import Progress
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.errors import InputError
from toc_model.files import write_text
from toc_model.folders import folder_beside, write_with_files
from toc_model.present import html, markdown, terminal
from toc_model.present.result import Result
from toc_model.present.section import Head, Section
from toc_model.questions.explore import Explored
from toc_model.questions.report.head import head
from toc_model.questions.report.material import Material, material_of
from toc_model.questions.report.provenance import provenances
from toc_model.questions.report.sections import fail_if_few_draws, sections_of
from toc_model.questions.run.figure import answer_figure
from toc_model.statistics import decisions

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

FORMATS = ("html", "md")
"""How a page may be written, as its file ends."""


@dataclass(frozen=True, slots=True, repr=False)
class Report(Result):
    """What all questions say about an allocation, under one worldview or several.

    Attributes
    ----------
    material : Material
        Beliefs, allocations and what is computed of them.
    head : Head
        Title and introduction.
    sections : tuple of Section
        In the order of the page.
    """

    material: Material
    head: Head
    sections: tuple[Section, ...]

    def html(self) -> str:
        """The page as HTML that needs nothing else."""
        return html.page(self.head, self.sections)

    def markdown(self) -> str:
        """The page as one Markdown text, in which what pictures show is said."""
        return markdown.page(self.head, self.sections)

    def save(self, path: Path | str, form: str | None = None) -> None:
        """Write the page to a file; as Markdown, with its pictures in a folder beside it, such as ``report_files``.

        Parameters
        ----------
        path : path
        form : str, optional
            ``html`` or ``md``; as the name ends by default.

        Raises
        ------
        InputError
            If the name ends otherwise and no form is given, or a file can't be written.
        """
        if form_of(Path(path), form) == "html":
            write_text(Path(path), self.html())
            return
        files = markdown.files(self.sections)
        folder = folder_beside(Path(path)).name if files else ""
        write_with_files(Path(path), markdown.page(self.head, self.sections, folder), files)

    def section(self) -> Section:
        """The first one."""
        return self.sections[0]

    def to_dict(self) -> dict[str, Any]:
        """The answer under each worldview, in the unit of the outcome, and what it rests on."""
        quo, cost = self.material.status_quo, self.material.cost
        return {
            "status_quo": quo,
            "allocation": self.material.allocation,
            **({"delay_cost": cost.to_dict()} if cost else {}),
            "worldviews": {
                move.beliefs.worldview: {
                    "before": decisions.figures(move.before),
                    "after": decisions.figures(move.before + move.change),
                    **{key: value for key, value in move.to_dict().items() if key != self.material.case.objective.node},
                    **({"with_delay": move.counted_figures(cost)} if cost else {}),
                }
                for move in self.material.moves
            },
            "sections": [section.name for section in self.sections],
            "rests_on": [one.rests_on() for one in self.material.beliefs],
            "provenance": provenances(self.material),
        }

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each worldview: the mean before and after, and the change with interval and error."""
        import pandas as pd

        rows = {
            name: {
                "before": row["before"]["mean"],
                "after": row["after"]["mean"],
                **{f"change_{key}": value for key, value in row["change"].items()},
                "share_better": row["share_better"],
            }
            for name, row in self.to_dict()["worldviews"].items()
        }
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("worldview")

    def plot(self) -> "Figure":
        """The change by the allocation under each worldview."""
        found = self.material
        return answer_figure(found.case.objective, found.changes, f"Change by '{found.allocation}'")

    def about(self) -> str:
        """Sections, allocation and worldviews."""
        names = ", ".join(one.worldview for one in self.material.beliefs)
        return f"{len(self.sections)} sections on {self.material.allocation!r}, worldviews {names}"

    def __str__(self) -> str:
        return terminal.page(self.head, self.sections)

    def _repr_html_(self) -> str:
        return html.fragment(*self.sections)


def form_of(path: Path, form: str | None = None) -> str:
    """How a page is to be written: as was asked, or as the file's name ends.

    Raises
    ------
    InputError
        If there is no such form.
    """
    found = path.suffix.removeprefix(".") if form is None else form
    if found not in FORMATS:
        if form is None:
            raise InputError(
                f"{path}: found the ending {path.suffix!r}; allowed: '.html' or '.md', or any with a format"
            )
        raise InputError(f"format: found {form!r}; allowed: {', '.join(FORMATS)}")
    return found


def report(
    beliefs: Sequence[Beliefs],
    allocations: Allocations,
    *,
    allocation: str | None = None,
    sections: Sequence[str] | None = None,
    delay_cost: float | None = None,
    progress: Progress | None = None,
    command: str = "",
    page: Explored | None = None,
    link: str = "",
) -> Report:
    """Ask all questions, and put the answers on one page.

    Parameters
    ----------
    beliefs : sequence of Beliefs
        The first is the one that sections of one worldview rest on.
    allocations : Allocations
    allocation : str, optional
        What to compare with the status quo; the case's proposal by default.
    sections : sequence of str, optional
        Names of those to make; all that the case has something for by default.
    delay_cost : float, optional
        Share of what there is to lose that a period of delay costs; nothing is assumed without it.
    progress : callable, optional
        Called with the number of steps done and the number of all.
    command : str
        That makes the page again, for it to say.
    page : Explored, optional
        A page to play with, which stands at the end of the report as HTML.
    link : str
        Address of such a page.

    Raises
    ------
    InputError
        If anything that was given can't be used, or a section can't be made of these beliefs.
    """
    fail_if_few_draws(allocations.case, beliefs[0].documents.claims(), sections, beliefs[0].draws)
    material = material_of(beliefs, allocations, allocation, command, delay_cost=delay_cost)
    above = replace(head(material), link=link, embedded=page.html if page else "")
    return Report(material, above, tuple(sections_of(material, sections, progress=progress)))
