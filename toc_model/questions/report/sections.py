"""Which sections a report has, a line each, and their making."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from toc_model.aliases import Progress
from toc_model.beliefs.claims import Claim
from toc_model.engine.case import Case
from toc_model.errors import InputError, unknown
from toc_model.present.section import Section
from toc_model.questions.enough import fail_if_few
from toc_model.questions.report import asked
from toc_model.questions.report.answer import answer
from toc_model.questions.report.limits import limits
from toc_model.questions.report.material import Material
from toc_model.questions.report.provenance import provenance
from toc_model.statistics.information import FEWEST
from toc_model.work.tasks import each

type Maker = Callable[[Material, Progress | None], Section]
type Ledger = Mapping[str, Claim]


class Part(NamedTuple):
    """How a section is made, whether a case has something for it to say, and how many draws it needs."""

    make: Maker
    has: Callable[[Case, Ledger], bool] = lambda _, __: True
    least: int = 0


PARTS = {
    "answer": Part(lambda material, _: answer(material)),
    "graph": Part(asked.graph),
    "curve": Part(asked.curve),
    "people": Part(asked.people),
    "channels": Part(asked.channels, lambda case, _: bool(case.channels)),
    "tornado": Part(asked.tornado),
    "claims": Part(asked.claims, lambda _, claims: bool(claims)),
    "objections": Part(asked.objections, lambda _, claims: any(claim.if_right for claim in claims.values())),
    "checks": Part(asked.checks, lambda case, claims: bool(claims) and case.checks is not None),
    "worldviews": Part(asked.worldviews),
    "information": Part(asked.information, least=FEWEST),
    "limits": Part(lambda material, _: limits(material)),
    "provenance": Part(lambda material, _: provenance(material)),
}
"""In the order in which they stand; those of the case follow."""
STEPS = 100
"""Parts into which the progress of a section is divided."""


def makers(case: Case, claims: Ledger) -> dict[str, Maker]:
    """The sections that a case has something for, by name and in order."""
    general = {name: part.make for name, part in PARTS.items() if part.has(case, claims)}
    return general | dict(case.sections)


def fail_if_section_unknown(case: Case, claims: Ledger, names: Sequence[str]) -> None:
    """Fail if there is no section of such a name.

    Raises
    ------
    InputError
        The first one that is unknown, with what is allowed.
    """
    allowed = makers(case, claims)
    for name in names:
        if name not in allowed:
            raise InputError(unknown("section", name, allowed))


def fail_if_few_draws(case: Case, claims: Ledger, names: Sequence[str] | None, draws: int) -> None:
    """Fail if one of the sections (all by default) needs more draws than there are.

    Raises
    ------
    InputError
        The first such section, with what it needs.
    """
    for name in makers(case, claims):
        if name in PARTS and (names is None or name in names):
            try:
                fail_if_few("loss", draws, PARTS[name].least)
            except InputError as error:
                raise _of_section(name, error) from None


def sections_of(
    material: Material, names: Sequence[str] | None = None, *, progress: Progress | None = None
) -> list[Section]:
    """Make sections, in their order on the page.

    Parameters
    ----------
    material : Material
    names : sequence of str, optional
        All that the case has something for by default.
    progress : callable, optional
        Called with the number of steps done and the number of all.

    Raises
    ------
    InputError
        If a name is unknown, or a section can't be made of these beliefs; the message names the section.
    """
    made = makers(material.case, material.claims)
    fail_if_section_unknown(material.case, material.claims, names or ())
    chosen = [name for name in made if names is None or name in names]
    told = _steps(progress, len(chosen)) if progress else None
    return each(_made, _Page(material, tuple(chosen), progress), chosen, threads=1, progress=told)


@dataclass(frozen=True, slots=True)
class _Page:
    """What sections are made of, and who is told how far they are, which they don't depend on."""

    material: Material
    names: tuple[str, ...] = field(compare=False)
    progress: Progress | None = field(compare=False)


def _made(page: _Page, name: str) -> Section:
    """A section, under its name on the page."""
    material = page.material
    make = makers(material.case, material.claims)[name]
    try:
        return _placed(material, name, make(material, _part(page.progress, page.names.index(name), len(page.names))))
    except InputError as error:
        raise _of_section(name, error) from None


def _steps(progress: Progress, sections: int) -> Progress:
    """Progress by whole sections, as one within them."""
    return lambda done, _: progress(STEPS * done, STEPS * sections)


def _of_section(name: str, error: InputError) -> InputError:
    return InputError(f"section {name!r}: {error} (--sections leaves it out)")


def _placed(material: Material, name: str, section: Section) -> Section:
    """A section under its name on the page, without what the page says of all sections: what they rest on."""
    said = {one.rests_on() for one in material.beliefs}
    return replace(section, name=name, notes=[note for note in section.notes if note not in said])


def _part(progress: Progress | None, place: int, sections: int) -> Progress | None:
    """Progress within one of the sections."""
    if progress is None:
        return None
    return lambda done, total: progress(STEPS * place + STEPS * done // max(total, 1), STEPS * sections)
