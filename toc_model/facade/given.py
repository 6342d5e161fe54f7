"""What questions are asked with: beliefs and allocations, each as itself, a name or a file."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypedDict, Unpack

import xarray as xr

from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.choice import ASKED, Choice, parse_values
from toc_model.beliefs.loading import load_beliefs, own_beliefs
from toc_model.beliefs.shipped import Documents
from toc_model.engine.case import Case
from toc_model.errors import InputError
from toc_model.essay.case import ESSAY

type Held = str | Path | Beliefs
"""Beliefs, or what they are drawn from: a worldview's name, its file, or a mixture."""
type Options = Allocations | Choice | str | Path | Mapping[str, Mapping[str, Any] | str]
"""Allocations, their document, what such a document says, or how they differ from the status quo (see `move`)."""


class Drawn(TypedDict, total=False):
    """How beliefs that are named are drawn; see `beliefs`."""

    draws: int
    seed: int
    priors: Path | str | None
    overrides: Sequence[str]
    sets: Sequence[str]
    as_of: str | None
    case: Case


def beliefs(worldview: Held | None = None, **drawn: Unpack[Drawn]) -> Beliefs:
    """Draw the parameters of a worldview, or take the draws of a posterior.

    Parameters
    ----------
    worldview : str or path, optional
        A name, the path of a worldview's document or of a posterior's file (``.nc``), or a mixture such as
        ``"0.7*base + 0.3*essay"``; the case's default if None.
    **drawn
        How they are drawn, the same for every question:
    draws, seed : int
        4,000 draws with seed 1 by default.
    priors : path
        A folder of documents in place of those that ship with the case.
    overrides : sequence of str
        Changes of the model, such as ``"do(concern)=0.4"``.
    sets : sequence of str
        Numbers of one's own, such as ``"agi_year=2031"`` or ``"agi_year=4..20"`` (5 to 95 %), under any worldview.
    as_of : str
        The date of the beliefs, such as ``"late_2026"``.
    case : Case
        The theory of change; the essay's by default.

    Raises
    ------
    InputError
        If anything that was given can't be used.
    """
    if isinstance(worldview, Beliefs):
        if drawn:
            raise InputError(f"beliefs: found {', '.join(drawn)} beside beliefs that are drawn already")
        return worldview
    how: dict[str, Any] = dict(drawn)
    for name in ("sets", "overrides"):
        if isinstance(one := how.get(name), str):
            how[name] = [one]
    if "posterior" in how:
        raise InputError("posterior: found a file; allowed: none, for it is a worldview by now: beliefs('FILE.nc')")
    case: Any = how.pop("case", ESSAY)
    found: Beliefs = load_beliefs(case, None if worldview is None else str(worldview), **how)
    return found


def draws_of_your_own(parameters: xr.Dataset, label: str, *, case: Case = ESSAY) -> Beliefs:
    """Draws of one's own as beliefs.

    Parameters
    ----------
    parameters : xarray.Dataset
        A variable a parameter of the story, dims ``(draw, ...)`` or ``(chain, draw, ...)``. Draws of chains are not
        taken for independent ones; those in one row say in a coordinate ``chain`` along ``draw`` which they are of. A
        coordinate ``weight`` along ``draw`` says how much each counts, relative to the others; all alike without it.
    label : str
        What they are, which every output then says.
    case : Case

    Raises
    ------
    InputError
        If there is no label, or a parameter is missing, unknown or not finite.
    """
    return own_beliefs(parameters, label, Documents.of(case))


def allocations(options: Options | None = None, *, priors: Path | str | None = None, case: Case = ESSAY) -> Allocations:
    """Allocations, the status quo first.

    Parameters
    ----------
    options : path, mapping or what `move` gives, optional
        A document, or what one says by name of an allocation; those of the documents by default. In place of a table
        of a document stands a text of what differs from the status quo, such as ``"researchers:30,builders:10"``.
    priors : path, optional
        A folder of documents in place of those that ship with the case.
    case : Case

    Raises
    ------
    InputError
        If a value is out of bounds, a sum not one, or a name unknown.
    """
    return named(Documents.of(case, priors), options)


def move(
    text: str = "", /, *, name: str = ASKED, document: Path | str | None = None, only: Sequence[str] = (), **values: Any
) -> Choice:
    """An allocation in words, beside those of the documents, as the flags of the command have it.

    Parameters
    ----------
    text : str
        What differs from the status quo: ``"researchers:30,builders:10"``. A share is per cent or a fraction ("30",
        "30%" and "0.3" are the same; 1 is refused); the rest of a mix scales in proportion.
    name : str
        What to call it.
    document : path, optional
        Of allocations of one's own, to stand beside it.
    only : sequence of str
        Allocations of documents to keep; all if empty.
    **values
        The same as the text, by variable: ``researchers=0.3``.

    Returns
    -------
    Choice
        For every question to take as allocations; ``first | second`` is both.

    Raises
    ------
    InputError
        If the text is none of this form, states a value twice, or nothing is stated.
    """
    where = f"move {name!r}"
    stated = parse_values(text, where) if text else {}
    for variable, value in values.items():
        if variable in stated:
            raise InputError(f"{where}: found {variable!r} twice; allowed: once")
        stated[variable] = str(value)
    if not stated:
        raise InputError(f"{where}: found no values; allowed: LEVER:VALUE, joined by commas")
    return Choice(Path(document) if document else None, {name: stated}, tuple(only))


def named(documents: Documents, options: Options | None) -> Allocations:
    """Allocations from what stands for them; those of the documents by default."""
    if isinstance(options, Allocations):
        return options
    return documents.allocations(options)


def one(held: Held | None, options: Options | None, drawn: Drawn) -> tuple[Beliefs, Allocations]:
    """Beliefs and allocations from what stands for them."""
    found = beliefs(held, **drawn)
    return found, named(found.documents, options)


def one_prior(held: Held | None, options: Options | None, drawn: Drawn) -> tuple[Beliefs, Allocations]:
    """The same for what needs the densities of one prior: by default the case's base."""
    case = drawn.get("case", ESSAY)
    return one(held if held is not None else case.base, options, drawn)


def several(
    held: Held | Sequence[Held] | None, options: Options | None, drawn: Drawn
) -> tuple[list[Beliefs], Allocations]:
    """Beliefs of several worldviews, and allocations, from what stands for them."""
    every: Sequence[Held | None] = held if isinstance(held, Sequence) and not isinstance(held, str) else [held]
    found = [beliefs(held_one, **({} if isinstance(held_one, Beliefs) else drawn)) for held_one in every]
    if not found:
        raise InputError("beliefs: found none; allowed: one or more")
    return found, named(found[0].documents, options)
