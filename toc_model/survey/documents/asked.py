"""What somebody who writes a survey states in words: names, levels, who is asked, and under which allocations."""

from collections.abc import Sequence
from itertools import product

from toc_model.errors import InputError
from toc_model.survey.documents.cells import read_cell
from toc_model.survey.documents.conditions import condition_text

MOST = 10_000
"""Experts who are numbered."""
LEVELS = "per cent between 0 and 100, each once, such as 5,50,95"


def names_in(text: str, option: str = "nodes", of: str = "names of nodes or parameters") -> list[str]:
    """Split names joined by commas.

    Parameters
    ----------
    text : str
    option, of : str
        Where they stand and what they are, for messages.

    Raises
    ------
    InputError
        If there is none.
    """
    names = [part.strip() for part in text.split(",") if part.strip()]
    if not names:
        raise InputError(f"{option}: found no name; allowed: {of}, joined by commas")
    return names


def levels_in(text: str) -> tuple[float, ...]:
    """Read levels of quantiles, in per cent and joined by commas.

    Returns
    -------
    tuple of float
        Between 0 and 1, in order.

    Raises
    ------
    InputError
        If one is no number of per cent between 0 and 100 or there twice, or all seem to be shares of 1.
    """
    parts = names_in(text, "levels", LEVELS.partition(",")[0])
    found = sorted(_level(part) for part in parts)
    if len(set(found)) < len(found):
        raise InputError(f"levels: found {text!r}, one of them twice; allowed: {LEVELS}")
    if found[-1] < 0.01:
        raise InputError(f"levels: found {text!r}, all below 1 per cent; allowed: {LEVELS}")
    return tuple(found)


def _level(text: str) -> float:
    value = read_cell(text, "percent").value
    if value is None or not 0 < value < 100:
        raise InputError(f"levels: found {text!r}; allowed: {LEVELS}")
    return round(value / 100, 12)


def respondents_in(experts: int | None, names: Sequence[str]) -> tuple[str, ...]:
    """Who is asked: so many experts, or those who are named, or whoever fills in their name.

    Raises
    ------
    InputError
        If both are given, or there are not so many experts.
    """
    if experts is None:
        return tuple(name.strip() for name in names) or ("",)
    if names:
        raise InputError(f"experts: found {experts} beside a respondent, {names[0]!r}; allowed: one of both")
    if not 1 <= experts <= MOST:
        raise InputError(f"experts: found {experts}; allowed: a whole number from 1 to {MOST:,}")
    return tuple(f"expert_{number}" for number in range(1, experts + 1))


def conditions_in(conditions: Sequence[str], allocations: str | None) -> tuple[str, ...]:
    """What nodes are asked under: each condition under each allocation, where any are named."""
    if allocations is None:
        return tuple(conditions) or ("",)
    names = names_in(allocations, "under-each", "names of allocations")
    return tuple(condition_text(name, [text] if text else []) for text, name in product(conditions or ("",), names))
