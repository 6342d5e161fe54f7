"""Which sections a report has, and their making."""

from collections.abc import Callable, Sequence

from toc_model.aliases import Progress
from toc_model.errors import InputError, unknown
from toc_model.present.section import Section
from toc_model.questions.report import answering, doubting, explaining, grounds, valuing
from toc_model.questions.report.material import Material

type Maker = Callable[[Material, Progress | None], Section]

SECTIONS: dict[str, Maker] = {
    "answer": answering.answer,
    "graph": answering.graph,
    "curve": answering.curve,
    "people": valuing.people,
    "channels": explaining.channels,
    "tornado": explaining.tornado,
    "claims": explaining.claims,
    "worldviews": doubting.worldviews,
    "information": doubting.information,
    "limits": grounds.limits,
    "provenance": grounds.provenance,
}
"""In the order in which they stand."""
STEPS = 100
"""Parts into which the progress of a section is divided."""


def fail_if_section_unknown(names: Sequence[str]) -> None:
    """Fail if there is no section of such a name.

    Raises
    ------
    InputError
        The first one that is unknown, with what is allowed.
    """
    for name in names:
        if name not in SECTIONS:
            raise InputError(unknown("section", name, SECTIONS))


def sections_of(
    material: Material, names: Sequence[str] = tuple(SECTIONS), *, progress: Progress | None = None
) -> list[Section]:
    """Make sections, in the order of `SECTIONS`.

    Parameters
    ----------
    material : Material
    names : sequence of str
        All by default.
    progress : callable, optional
        Called with the number of steps done and the number of all.

    Raises
    ------
    InputError
        If a name is unknown, or a section can't be made of these beliefs; the message names the section.
    """
    fail_if_section_unknown(names)
    chosen = [name for name in SECTIONS if name in names]
    made = []
    for place, name in enumerate(chosen):
        try:
            made.append(SECTIONS[name](material, _part(progress, place, len(chosen))))
        except InputError as error:
            raise InputError(f"section {name!r}: {error} (--sections leaves it out)") from None
        if progress:
            progress(STEPS * (place + 1), STEPS * len(chosen))
    return made


def _part(progress: Progress | None, place: int, sections: int) -> Progress | None:
    """Progress within one of the sections."""
    if progress is None:
        return None
    return lambda done, total: progress(STEPS * place + STEPS * done // max(total, 1), STEPS * sections)
