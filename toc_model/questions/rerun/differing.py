"""What is not the same: figures, files and versions, each by its name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

PROVENANCE = "provenance"
"""Under this key an answer says what it rests on, and no figures."""
VERSIONS = "versions"


@dataclass(frozen=True, slots=True)
class Differing:
    """One thing that is not as it was.

    Attributes
    ----------
    name : str
    before, now : value
        None where there is none.
    by : float or None
        Largest difference between numbers; None between other things.
    many : int
        Of how many values: a variable of a saved run has one a draw.
    """

    name: str
    before: Any
    now: Any
    by: float | None = None
    many: int = 1


@dataclass(frozen=True, slots=True)
class Compared:
    """All that was compared.

    Attributes
    ----------
    compared : int
        How many figures there are.
    figures, inputs, versions : tuple of Differing
        Those that are not as they were.
    taken : tuple of str
        What was taken from the file, since it can't be made again.
    """

    compared: int
    figures: tuple[Differing, ...]
    inputs: tuple[Differing, ...] = ()
    versions: tuple[Differing, ...] = ()
    taken: tuple[str, ...] = ()

    @property
    def apart(self) -> int:
        """How many figures are not as they were."""
        return sum(one.many for one in self.figures)


def differing(before: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[Differing, ...]:
    """What is there on one side alone or differs, in the order of the names."""
    return tuple(
        _difference(name, before.get(name), now.get(name))
        for name in dict.fromkeys([*before, *now])
        if name not in before or name not in now or not _same(before[name], now[name])
    )


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)


def _difference(name: str, before: Any, now: Any) -> Differing:
    numbers = [isinstance(value, int | float) and not isinstance(value, bool) for value in (before, now)]
    return Differing(name, before, now, abs(now - before) if all(numbers) else None)


def leaves(found: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """All figures and texts of an answer, by where they stand."""
    pairs = found.items() if isinstance(found, Mapping) else enumerate(found) if isinstance(found, list) else None
    if pairs is None:
        yield place, found
        return
    for key, value in pairs:
        yield from leaves(value, f"{place}.{key}" if place else str(key))


def split(found: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Figures of an answer, and what it says of their provenance but for versions; by where they stand."""
    figures: dict[str, Any] = {}
    rests_on: dict[str, Any] = {}
    for place, value in leaves(found):
        parts = place.split(".")
        if PROVENANCE not in parts:
            figures[place] = value
        elif VERSIONS not in parts:
            rests_on[place] = value
    return figures, rests_on
