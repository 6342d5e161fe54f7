"""Worldviews mixed by weights: each draw of the parameters comes from one of them."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from toc_model.aliases import Floats
from toc_model.beliefs.camps import TIMES
from toc_model.beliefs.parts import Part
from toc_model.beliefs.priors import Priors
from toc_model.documents import as_number
from toc_model.engine.story import Story
from toc_model.errors import InputError
from toc_model.labels import made_as, without_draw_labels
from toc_model.memory import fail_if_beyond_memory

COPIES = 3
"""Of draws, that are held at the same time: scores, values by entry, and parameters."""
TOLERANCE = 1e-6
"""How far from one the weights of a mixture may add up."""


@dataclass(frozen=True, slots=True)
class Member:
    """A worldview, and its weight in a mixture."""

    priors: Priors
    weight: float = 1.0


def weights_of(worldview: str, mixture: Callable[[str], Mapping[Part, float] | None]) -> dict[Part, float]:
    """Worldviews and their weights: one, those of ``"0.7*one + 0.3*other"``, or those that documents mix.

    Parameters
    ----------
    worldview : str
    mixture : callable
        From a name to what its document mixes, with weights that add up to one; None where it mixes nothing.

    Raises
    ------
    InputError
        If a weight is no positive number, a worldview is named twice, or the weights do not add up to one.
    """
    found: dict[Part, list[float]] = {}
    for name, weight in _stated(worldview).items():
        for part, share in (mixture(name) or {Part(name): 1.0}).items():
            found.setdefault(part, []).append(weight * share)
    return {part: sum(sorted(shares)) for part, shares in found.items()}


def _stated(worldview: str) -> dict[str, float]:
    if "*" not in worldview:
        return {worldview: 1.0}
    weights: dict[str, float] = {}
    for part in worldview.split("+"):
        match = re.fullmatch(r"\s*([^*]+?)\s*\*\s*([^*]+?)\s*", part)
        weight = as_number(match[1]) if match else math.nan
        if not match or not 0 < weight < math.inf:
            raise InputError(f"worldview: found {part.strip()!r}; allowed: WEIGHT*NAME, the weight a positive number")
        if match[2] in weights:
            raise InputError(f"worldview: found {match[2]!r} twice in {worldview!r}")
        weights[match[2]] = weight
    whole = sum(sorted(weights.values()))
    if abs(whole - 1) > TOLERANCE:
        raise InputError(f"worldview: found weights that add up to {whole:g}; allowed: 1")
    return weights


def in_order(members: Sequence[Member]) -> tuple[Member, ...]:
    """The members of a mixture in an order that is theirs and not that in which they were named: camps, then names.

    Those of one name are told apart by their paths; those that have the patches of a worldview over them beside others
    that do not have them, by its name.

    Raises
    ------
    InputError
        If one document is there twice.
    """
    places = [member.priors.part for member in members]
    if twice := next((place for place in places if places.count(place) > 1), None):
        raise InputError(f"worldview: found {twice.named!r} twice in a mixture")
    several = len({place.over for place in places}) > 1
    names = [one.priors.told if several else one.priors.worldview for one in members]
    unique = [str(place) if names.count(name) > 1 else name for name, place in zip(names, places, strict=True)]
    told = [
        replace(member, priors=replace(member.priors, worldview=name))
        for member, name in zip(members, unique, strict=True)
    ]
    return tuple(sorted(told, key=lambda one: (one.priors.camp is None, one.priors.worldview, one.priors.named)))


def mixed(story: Story, members: Sequence[Member], draws: int, seed: int) -> xr.Dataset:
    """Draws of all members' shares, in an order that depends on the seed alone.

    Coordinates along ``draw`` say which part a draw is of, and how those of camps were picked.

    Raises
    ------
    InputError
        If they need more memory than is free.
    """
    pool = TIMES if any(member.priors.camp for member in members) else 0
    fail_if_beyond_memory(draws, COPIES * len(story.entries) * (len(members) + pool))
    drawn = [member.priors.draw(story, draws, seed) for member in members]
    if len(members) == 1:
        return drawn[0]
    edges = np.cumsum([member.weight for member in members])
    places = (np.random.default_rng([seed, len(members)]).permutation(draws) + 0.5) / draws
    whose = np.minimum(np.searchsorted(edges, places), len(members) - 1)
    choice = xr.DataArray(whose, dims="draw")
    bare = [without_draw_labels(one).assign_coords(draw=np.arange(draws)) for one in drawn]
    mixed = xr.concat(bare, dim="member").isel(member=choice)
    names = np.array([member.priors.worldview for member in members])
    made = {"worldview": names[whose], "mixture_part": whose, **_picked(drawn, whose), **_weights(drawn, whose)}
    return mixed.assign_coords({name: ("draw", labels) for name, labels in made.items()}).transpose("draw", ...)


def _weights(drawn: Sequence[xr.Dataset], whose: np.ndarray) -> dict[str, Floats]:
    """How much draws count where a posterior is mixed by weights: in each part as much as its share of the draws."""
    if not any("weight" in one.coords for one in drawn):
        return {}
    found = np.ones(len(whose))
    for place, one in enumerate(drawn):
        mine = whose == place
        if "weight" in one.coords and mine.any():
            own = one["weight"].values[mine]
            found[mine] = own / own.mean()
    return {"weight": found}


def _picked(drawn: Sequence[xr.Dataset], whose: np.ndarray) -> dict[str, np.ndarray]:
    """How draws of camps among the parts were picked.

    All camps share one order of members, and a draw that was not picked is that of the pool in its place.
    """
    camps = {place: made_as(one) for place, one in enumerate(drawn) if "camp_rank" in one.coords}
    if not camps:
        return {}
    pool = np.arange(len(whose))
    for place, made in camps.items():
        pool = np.where(whose == place, made["pool_member"][1], pool)
    return {"camp_rank": next(iter(camps.values()))["camp_rank"][1], "pool_member": pool}
