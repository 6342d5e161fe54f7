"""Denying the essay's claims one at a time: what becomes of an allocation's paired change of P(doom) without each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import xarray as xr

from toc_model.aliases import Entry, Progress
from toc_model.beliefs.allocations import STATUS_QUO, levers
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.claims import Claim
from toc_model.engine.interventions import Override, apply_overrides, parse_overrides
from toc_model.errors import InputError, unknown
from toc_model.essay.dimensions import RESEARCHERS
from toc_model.statistics import decisions

SHARES = tuple(round(0.05 * step, 2) for step in range(20))
"""Shares of researchers among which the optimum is sought."""


@dataclass(frozen=True, slots=True)
class BestShare:
    """The best share of researchers who buy time.

    Attributes
    ----------
    share : float
        With the lowest mean P(doom), of those on the grid `SHARES`.
    as_good : tuple of float
        Shares that paired draws can't tell from it.
    """

    share: float
    as_good: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What follows from a set of beliefs, as they are or with claims denied.

    Attributes
    ----------
    p_doom : xarray.DataArray
        Dims ``(draw, allocation)``: the status quo and the allocation that is compared; probability.
    optimum : BestShare
    """

    p_doom: xr.DataArray
    optimum: BestShare

    @property
    def change(self) -> xr.DataArray:
        """Paired change of P(doom) by the allocation, dims ``(draw,)``."""
        return decisions.paired_change(self.p_doom, "status_quo").isel(allocation=1, drop=True)

    def to_dict(self) -> dict[str, Any]:
        """Change and share of draws better; P(doom) under the status quo; the optimum."""
        return {
            **decisions.effect_figures(decisions.paired_effect(self.change)),
            "p_doom": decisions.figures(self.p_doom.isel(allocation=0)),
            "optimum": {"share": self.optimum.share, "as_good": list(self.optimum.as_good)},
        }


@dataclass(frozen=True, slots=True)
class Denial:
    """One denial, of one claim or of several that are denied alike.

    Attributes
    ----------
    claims : tuple of str
    overrides : tuple of Override
    outcome : Outcome or None
        None where the denial leads to a value that is not defined.
    undefined : str
        Why, if so.
    """

    claims: tuple[str, ...]
    overrides: tuple[Override, ...]
    outcome: Outcome | None
    undefined: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two denials together; ``why_not`` says why they can't be, and then there are no figures."""

    claims: tuple[str, str]
    change: xr.DataArray | None
    interaction: xr.DataArray | None
    why_not: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Change with both denied, and by how much it differs from what the two single denials add up to."""
        return {
            "ids": list(self.claims),
            "change": None if self.change is None else decisions.figures(self.change),
            "interaction": None if self.interaction is None else decisions.figures(self.interaction),
            "why_not": self.why_not,
        }


@dataclass(frozen=True, slots=True)
class Denials:
    """All denials, those first that move the allocation's mean change most.

    Attributes
    ----------
    beliefs : Beliefs
    claims : mapping of str to Claim
    allocation : str
    undenied : Outcome
    denials : tuple of Denial
    pairs : tuple of Pair
    """

    beliefs: Beliefs
    claims: Mapping[str, Claim]
    allocation: str
    undenied: Outcome
    denials: tuple[Denial, ...]
    pairs: tuple[Pair, ...] = ()

    def moved(self, denial: Denial) -> xr.DataArray | None:
        """By how much a denial moves the paired change, draw by draw; None where it is not defined."""
        return None if denial.outcome is None else denial.outcome.change - self.undenied.change

    def rows(self) -> list[dict[str, Any]]:
        """A row a claim: the denied ones by rank, then those that can't be denied."""
        denied = [self._row(name, denial) for denial in self.denials for name in denial.claims]
        found = {row["id"] for row in denied}
        return [*denied, *(self._row(name, None) for name in self.claims if name not in found)]

    def _row(self, name: str, denial: Denial | None) -> dict[str, Any]:
        claim = self.claims[name]
        about = {
            "id": name,
            **claim.model_dump(include={"kind", "text", "status", "note", "denial"}),
            "same_denial_as": [other for other in denial.claims if other != name] if denial else [],
            "undefined": denial.undefined if denial else "",
        }
        if denial is None or denial.outcome is None:
            return {**about, **dict.fromkeys(["change", "moved", "share_better", "p_doom", "optimum"])}
        return {
            **about,
            **denial.outcome.to_dict(),
            "moved": decisions.figures(denial.outcome.change - self.undenied.change),
        }

    def to_dict(self, top: int | None = None) -> dict[str, Any]:
        """All figures, as ``toc claims --deny --json`` prints them; probabilities and changes are fractions.

        Parameters
        ----------
        top : int, optional
            How many claims; all by default.
        """
        return {
            "worldview": self.beliefs.worldview,
            "draws": self.beliefs.draws,
            "seed": self.beliefs.seed,
            "allocation": self.allocation,
            "baseline": STATUS_QUO,
            "undenied": self.undenied.to_dict(),
            "claims": self.rows()[:top],
            "pairs": [pair.to_dict() for pair in self.pairs],
            "rests_on": self.beliefs.rests_on(),
        }


def deny(
    beliefs: Beliefs,
    claims: Mapping[str, Claim],
    named: xr.Dataset,
    allocation: str = "recommended",
    *,
    progress: Progress | None = None,
) -> Denials:
    """Deny each claim in turn and compare an allocation with the status quo on the same draws.

    Parameters
    ----------
    beliefs : Beliefs
    claims : mapping of str to Claim
        Those that can't be denied are kept and reported as such.
    named : xarray.Dataset
        Levers, dims ``(allocation, ...)``, the status quo first.
    allocation : str
        What is compared with the status quo. The optimum is over the share of researchers who buy time; builders
        and both mixes stay as in this allocation.
    progress : callable, optional
        Called with the number of evaluations done and the number of all.

    Raises
    ------
    InputError
        If the allocation is unknown or the status quo, or a denial names what the story does not have.
    """
    alike: dict[tuple[str, ...], list[str]] = {}
    for name, claim in claims.items():
        if claim.denial:
            alike.setdefault(tuple(sorted(claim.denial)), []).append(name)
    compared = _with_shares(named, allocation)
    undenied = _outcome(beliefs, compared)
    denials = []
    for done, names in enumerate(alike.values(), start=1):
        denials.append(_denied(beliefs, tuple(names), parse_overrides(claims[names[0]].denial), compared))
        if progress:
            progress(done, len(alike))
    found = Denials(beliefs, claims, allocation, undenied, tuple(denials))
    return replace(found, denials=tuple(sorted(found.denials, key=lambda denial: -_weight(found, denial))))


def deny_pairs(found: Denials, named: xr.Dataset, pairs: Iterable[tuple[str, str]]) -> Denials:
    """Deny two claims at a time, and keep how far their joint effect differs from the sum of the single ones.

    Parameters
    ----------
    found : Denials
    named : xarray.Dataset
        As for `deny`.
    pairs : iterable of tuple of str

    Raises
    ------
    InputError
        If a claim is unknown, can't be denied, or is paired with itself.
    """
    compared = named.sel(allocation=[STATUS_QUO, found.allocation])
    return replace(found, pairs=tuple(_pair(found, compared, *pair) for pair in pairs))


def top_pairs(found: Denials, count: int) -> list[tuple[str, str]]:
    """All pairs of the claims whose denials move the change most; claims that are denied alike count once."""
    if not 2 <= count <= len(found.denials):
        raise InputError(f"--pairs all-top: found {count}; allowed: 2 to {len(found.denials)}")
    return list(combinations([denial.claims[0] for denial in found.denials[:count]], 2))


def _with_shares(named: xr.Dataset, allocation: str) -> xr.Dataset:
    names = [str(name) for name in named["allocation"].values]
    if allocation not in names[1:]:
        raise InputError(unknown("allocation", allocation, names[1:]))
    rows = [0, names.index(allocation), *[names.index(allocation)] * len(SHARES)]
    shares = named["buying_time_share"].values[rows]
    shares[2:, RESEARCHERS] = SHARES
    return levers([STATUS_QUO, allocation, *map(_label, SHARES)], shares, named["mix"].values[rows])


def _label(share: float) -> str:
    return f"researchers {share:.2f}"


def _denied(beliefs: Beliefs, names: tuple[str, ...], overrides: tuple[Override, ...], compared: xr.Dataset) -> Denial:
    changed = _without(beliefs, overrides)
    try:
        return Denial(names, overrides, _outcome(changed, compared))
    except InputError as error:
        return Denial(names, overrides, None, str(error))


def _without(beliefs: Beliefs, overrides: tuple[Override, ...]) -> Beliefs:
    story, parameters = apply_overrides(beliefs.story, beliefs.parameters, overrides)
    return replace(beliefs, story=story, parameters=parameters, overrides=(*beliefs.overrides, *overrides))


def _outcome(beliefs: Beliefs, compared: xr.Dataset) -> Outcome:
    p_doom = beliefs.outcome(compared)
    return Outcome(p_doom.isel(allocation=slice(2)).copy(), best_share(p_doom.isel(allocation=slice(2, None))))


def best_share(p_doom: xr.DataArray, shares: Sequence[float] = SHARES) -> BestShare:
    """The share with the lowest mean, and those that are as good on paired draws.

    Parameters
    ----------
    p_doom : xarray.DataArray
        Dims ``(draw, allocation)``, an allocation a share.
    shares : sequence of float
    """
    best = int(p_doom.mean("draw").values.argmin())
    level = decisions.as_good_as_best(p_doom).values
    return BestShare(shares[best], tuple(share for share, good in zip(shares, level, strict=True) if good))


def _weight(found: Denials, denial: Denial) -> float:
    moved = found.moved(denial)
    return -1.0 if moved is None else abs(float(moved.mean()))


def _pair(found: Denials, compared: xr.Dataset, first: str, second: str) -> Pair:
    one, other = _denial_of(found, first), _denial_of(found, second)
    if first == second:
        raise InputError(f"--pairs: found {first!r} twice; allowed: two different claims")
    clash = _clash(one.overrides, other.overrides)
    if clash or one.outcome is None or other.outcome is None:
        return Pair((first, second), None, None, clash or one.undefined or other.undefined)
    both = _without(found.beliefs, tuple(dict.fromkeys([*one.overrides, *other.overrides])))
    try:
        p_doom = both.outcome(compared)
    except InputError as error:
        return Pair((first, second), None, None, str(error))
    change = decisions.paired_change(p_doom, "status_quo").isel(allocation=1, drop=True)
    alone = one.outcome.change + other.outcome.change - found.undenied.change
    return Pair((first, second), change, change - alone)


def _denial_of(found: Denials, name: str) -> Denial:
    if name not in found.claims:
        raise InputError(f"--pairs: {unknown('claim', name, found.claims)}")
    for denial in found.denials:
        if name in denial.claims:
            return denial
    raise InputError(f"--pairs: claim {name!r} can't be denied by changing the model ({found.claims[name].status})")


def _clash(first: Iterable[Override], second: Iterable[Override]) -> str:
    """What two denials change in different ways, so that their joint effect would depend on their order."""
    for one in first:
        for other in second:
            same_place = one.target == other.target or (
                _base(one) == _base(other) and _base(one) in (one.target, other.target)
            )
            if same_place and one.text != other.text and not one.kind == other.kind == "cut":
                return f"one says {one.text}, the other {other.text}"
    return ""


def _base(override: Override) -> str:
    return Entry.parse(override.target).name
