"""Draws that a page carries: standard normal scores of all sources, and how the draws were made."""

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from toc_model.aliases import Floats
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.priors import Priors
from toc_model.errors import InputError
from toc_model.labels import made_as

STEPS = 2**20
"""Of a unit, to which scores are rounded, so that three bytes hold one: they are good to half a millionth."""
FARTHEST = 2**23 - 1


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of one set of draws.

    Attributes
    ----------
    columns : mapping of str to array of shape (draws,)
        By source.
    parts : array of shape (draws,)
        Which member of the beliefs a draw is of.
    made : mapping of str to array of shape (draws,)
        How draws were made, as `toc_model.labels.MADE` has it.
    ranks : mapping of str to array of shape (draws,)
        By entry, the rank of a draw's score among all draws of its member, which a camp keeps where an entry changes;
        empty where no member is a camp.
    """

    columns: Mapping[str, Floats]
    parts: np.ndarray
    made: Mapping[str, np.ndarray]
    ranks: Mapping[str, np.ndarray]

    def to_dict(self) -> dict[str, Any]:
        """For JSON: scores as texts of three bytes each, ranks of two."""
        found: dict[str, Any] = {
            "sources": list(self.columns),
            "scores": packed(np.stack(list(self.columns.values()))),
            "parts": self.parts.tolist() if self.parts.any() else None,
        }
        for name, key in (("mixture_part", "part"), ("camp_rank", "rank"), ("pool_member", "picked")):
            found[key] = np.asarray(self.made[name]).tolist() if name in self.made else None
        if self.ranks:
            found["ranked"] = list(self.ranks)
            found["ranks"] = as_text(np.stack(list(self.ranks.values())).astype("<u2").tobytes())
        return found


def packed(scores: Floats) -> str:
    """Scores as a text that a page unpacks, each in three bytes; see `rounded`."""
    whole = np.rint(np.clip(scores * STEPS, -FARTHEST, FARTHEST)).astype(np.int64) + 2**23
    return as_text(whole.astype("<u4").reshape(-1, 1).view(np.uint8)[:, :3].tobytes())


def rounded(scores: Floats) -> Floats:
    """Scores as a page has them."""
    return np.asarray(np.rint(np.clip(scores * STEPS, -FARTHEST, FARTHEST)) / STEPS)


def as_text(content: bytes) -> str:
    """Bytes as base64."""
    return base64.b64encode(content).decode("ascii")


def scores_of_base(priors: Iterable[Priors], draws: int, seed: int) -> Scores:
    """Scores of the sources of all worldviews that are priors proper; they share their random numbers.

    Parameters
    ----------
    priors : iterable of Priors
    draws, seed : int
    """
    columns: dict[str, Floats] = {}
    for one in priors:
        drawn = one.drawn_sources(draws, seed)
        columns |= {str(name): drawn.values[:, place] for place, name in enumerate(drawn["source"].values)}
    return Scores(columns, np.zeros(draws, int), {}, {})


def scores_of(beliefs: Beliefs, under_rivals: Sequence[Sequence[Priors]]) -> Scores:
    """Scores of a camp, or of a mixture with camps.

    Parameters
    ----------
    beliefs : Beliefs
    under_rivals : sequence of sequence of Priors
        Of each member, the priors under each rival, whose entries are drawn too.

    Raises
    ------
    InputError
        If a member is a posterior, whose draws have no sources.
    """
    made = {name: values for name, (_, values) in made_as(beliefs.parameters).items()}
    parts = np.asarray(made.get("mixture_part", np.zeros(beliefs.draws, int)))
    drawn = [_of_member(member.priors, beliefs) for member in beliefs.members]
    for one, rivals in zip(drawn, under_rivals, strict=True):
        _add_rivals(one, rivals, beliefs.seed)
    whole = [_columns(one) for one in drawn]
    names = dict.fromkeys(name for columns in whole for name in columns)
    choose = [(place, parts == place) for place in range(len(whole))]

    def mixed(by_member: Sequence[Mapping[str, np.ndarray]], name: str) -> np.ndarray:
        found = np.zeros(beliefs.draws)
        for place, mine in choose:
            if name in by_member[place]:
                found[mine] = by_member[place][name][mine]
        return found

    several = zip(beliefs.members, under_rivals, whole, strict=True)
    orders = [_ranks(member.priors, rivals, columns) for member, rivals, columns in several]
    ranked = dict.fromkeys(name for one in orders for name in one)
    return Scores(
        {name: mixed(whole, name) for name in names}, parts, made, {name: mixed(orders, name) for name in ranked}
    )


@dataclass
class _Drawn:
    """Sources of one member, and those that rivals add."""

    sources: xr.DataArray
    more: dict[str, Floats]


def _of_member(priors: Priors, beliefs: Beliefs) -> _Drawn:
    if priors.learnt:
        raise InputError(f"{priors.worldview}: found a posterior; allowed: worldviews whose priors are elicited")
    story = beliefs.case.story
    if priors.camp:
        return _Drawn(priors.camp.sources(story, beliefs.draws, beliefs.seed), {})
    return _Drawn(priors.drawn_sources(beliefs.draws, beliefs.seed), {})


def _add_rivals(drawn: _Drawn, under_rivals: Sequence[Priors], seed: int) -> None:
    """Draw what rival mechanisms have of their own, in the same places."""
    picked = np.asarray(
        drawn.sources["pool_member"] if "pool_member" in drawn.sources.coords else drawn.sources["draw"]
    )
    for priors in under_rivals:
        source = priors.camp.base if priors.camp else priors
        new = {*source.sources} - {*drawn.sources["source"].values.tolist()}
        every = source.drawn_sources(int(picked.max()) + 1, seed, only=new)
        drawn.more |= {str(name): every.sel(source=name).values[picked] for name in every["source"].values}


def _columns(drawn: _Drawn) -> dict[str, Floats]:
    named = enumerate(drawn.sources["source"].values)
    return {str(name): drawn.sources.values[:, place] for place, name in named} | drawn.more


def _ranks(priors: Priors, under_rivals: Sequence[Priors], columns: Mapping[str, Floats]) -> dict[str, np.ndarray]:
    """The rank of each draw's score by entry, where a camp keeps it."""
    found: dict[str, np.ndarray] = {}
    for one in (priors, *under_rivals):
        if one.camp:
            for name, score in one.latents(columns).items():
                found.setdefault(name, np.argsort(np.argsort(score, kind="stable"), kind="stable"))
    return found
