"""What if it is otherwise: other mechanisms, objections granted, claims checked."""

from collections.abc import Sequence
from pathlib import Path
from typing import Unpack

from toc_model.aliases import Progress
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.loading import default_first
from toc_model.beliefs.shipped import Documents
from toc_model.engine.case import Case
from toc_model.essay.case import ESSAY
from toc_model.facade.given import Drawn, Held, Options, named, one, several
from toc_model.facade.given import beliefs as draw
from toc_model.files import each_read_once
from toc_model.questions import claims as _claims
from toc_model.questions import harm as _harm
from toc_model.questions import rerun as _rerun
from toc_model.questions import structure as _structure
from toc_model.questions.claims import grants as _grant


@each_read_once()
def structure(
    beliefs: Held | None = None,
    allocations: Options | None = None,
    *,
    allocation: str | None = None,
    progress: Progress | None = None,
    **drawn: Unpack[Drawn],
) -> _structure.Structure:
    """What rival mechanisms would make of a change: how much is structure, and how much is numbers.

    Parameters
    ----------
    beliefs, allocations, allocation, progress, **drawn
        As for `channels`. For any other question under rivals, ``case=ESSAY.under(["overhang"])``.

    Raises
    ------
    InputError
        If anything that was given can't be used, or the case has no rivals.
    """
    held, options = one(beliefs, allocations, drawn)
    return _structure.structure(held, options, allocation=allocation, progress=progress)


@each_read_once()
def harm(
    beliefs: Held | None = None,
    allocations: Options | None = None,
    *,
    allocation: str | None = None,
    most: int = _harm.MOST,
    support: float = _harm.SUPPORT,
    density: float | None = None,
    resamples: int = _harm.RESAMPLES,
    progress: Progress | None = None,
    **drawn: Unpack[Drawn],
) -> _harm.Harm:
    """Under what beliefs a move makes the outcome worse: a box of a few of them, and how firm it is.

    Parameters
    ----------
    beliefs, allocations, allocation, progress, **drawn
        As for `channels`.
    most : int
        Most beliefs that the box limits.
    support : float
        Least share of draws that the box holds.
    density : float, optional
        In what share of the box's draws the move should do harm, for the largest such box; by default the box has the
        most harm beyond chance.
    resamples : int
        In which the box is looked for again, to see how firm it is.

    Raises
    ------
    InputError
        If anything that was given can't be used.
    """
    held, options = one(beliefs, allocations, drawn)
    return _harm.harm(
        held,
        options,
        allocation=allocation,
        most=most,
        support=support,
        density=density,
        resamples=resamples,
        progress=progress,
    )


@each_read_once()
def grant(
    beliefs: Held | Sequence[Held] | None = None,
    allocations: Options | None = None,
    *,
    allocation: str | None = None,
    objections: Sequence[str] | None = None,
    progress: Progress | None = None,
    **drawn: Unpack[Drawn],
) -> _grant.Grants:
    """What follows if objections to the theory are right: each alone, and all together.

    Parameters
    ----------
    beliefs : str, path or Beliefs, or a sequence of them, optional
        One is told beside the case's worldviews that are neither mixtures nor camps; of several the first is told in
        full, and of all whether a grant turns the sign.
    allocations, allocation, progress, **drawn
        As for `channels`.
    objections : sequence of str, optional
        Those to grant; all that can be granted by default.

    Raises
    ------
    InputError
        If anything that was given can't be used.
    """
    held, options = several(beliefs, allocations, drawn)
    if isinstance(beliefs, str) or not isinstance(beliefs, Sequence):
        held = default_first(held[0], camps=False)
    return _grant.grant(held, options, allocation=allocation, objections=objections, progress=progress)


@each_read_once()
def check_claims(
    beliefs: Held | Sequence[Held] | None = None,
    allocations: Options | None = None,
    *,
    claim: str = "",
    progress: Progress | None = None,
    **drawn: Unpack[Drawn],
) -> _claims.Checks:
    """Which claims the model's behaviour shows, and what was found where it does not.

    Parameters
    ----------
    beliefs : one or a sequence of str, path or Beliefs, optional
        Worldviews under which all claims are checked; by default each under those of which it is said.
    allocations, progress, **drawn
        As for `run`.
    claim : str, optional
        The one to check; all by default.

    Raises
    ------
    InputError
        If anything that was given can't be used.
    """
    case, priors, as_of = drawn.get("case", ESSAY), drawn.get("priors"), drawn.get("as_of")
    held: dict[str, Beliefs] = {}
    if beliefs is not None:
        held = {found.worldview: found for found in several(beliefs, allocations, drawn)[0]}
    documents = next((found.documents for found in held.values()), Documents.of(case, priors, as_of))

    def load(name: str) -> Beliefs:
        return held.get(name) or draw(name, **drawn)

    options = named(documents, allocations)
    return _claims.check(documents, load, options, one=claim, under=list(held), progress=progress)


def rerun(path: Path | str, *, case: Case = ESSAY) -> _rerun.Rerun:
    """Make a saved answer or run once more, and say whether all its figures are the same to the last digit.

    Parameters
    ----------
    path : path
        A file of ``--save`` (``.json``), of ``toc run --out`` or of `Run.save` (``.nc``).
    case : Case
        That it is about.

    Raises
    ------
    InputError
        If it is no such file, is damaged, is about another case, or can't be made again.
    """
    return _rerun.rerun(path, case)
