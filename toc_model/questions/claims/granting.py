"""Granting objections: what becomes of the outcome and of its change when the model is changed as objections say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import xarray as xr

from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.claims import Claim
from toc_model.brief import Brief
from toc_model.engine.case import Case
from toc_model.engine.combined import combined
from toc_model.engine.overrides import Override, parse_overrides
from toc_model.errors import InputError, unknown
from toc_model.questions.claims.denying import change_of
from toc_model.statistics import decisions

FEW = 3
"""Objections that are named where they are granted together."""


@dataclass(frozen=True, slots=True, repr=False)
class Grant(Brief):
    """What is granted at once: one objection, several that are granted alike, or several together.

    Attributes
    ----------
    claims : tuple of str
    together : bool
        Whether the overrides of all of them are applied; else each of them says the same.
    overrides : tuple of Override
    why_not : str
        Why they can't be granted together; empty where they can.
    """

    claims: tuple[str, ...]
    together: bool
    overrides: tuple[Override, ...]
    why_not: str = ""

    @property
    def name(self) -> str:
        """What is granted, in a table."""
        if not self.together:
            return " = ".join(self.claims)
        return " + ".join(self.claims) if len(self.claims) <= FEW else f"all {len(self.claims)} together"


@dataclass(frozen=True, slots=True, repr=False)
class Granted(Brief):
    """What follows from a grant under one worldview.

    Attributes
    ----------
    outcome : xarray.DataArray or None
        The objective, dims ``(draw, allocation)``: under the status quo and under the allocation that is compared.
        None where there is no value.
    undefined : str
        Why, if so.
    """

    outcome: xr.DataArray | None
    undefined: str = ""


def objections_of(claims: Mapping[str, Claim]) -> dict[str, Claim]:
    """The objections among claims."""
    return {name: claim for name, claim in claims.items() if claim.kind == "objection"}


def grantable(claims: Mapping[str, Claim], names: Iterable[str] | None = None) -> dict[str, Claim]:
    """Objections that can be granted: all of them, or those of some names, in the order of the ledger.

    Raises
    ------
    InputError
        If a name is unknown, no objection, one that can't be granted, or there twice.
    """
    allowed = {name: claim for name, claim in claims.items() if claim.if_right}
    if names is None:
        return allowed
    wanted = list(names)
    listed = f"allowed: {', '.join(allowed) or 'none'}"
    for name in wanted:
        if name not in claims:
            raise InputError(f"grant: {unknown('claim', name, claims)}")
        if claims[name].kind != "objection":
            raise InputError(f"grant: found {name!r}, a claim of the kind {claims[name].kind!r} ({listed})")
        if name not in allowed:
            raise InputError(f"grant: found {name!r}, whose entry has no if_right that would grant it ({listed})")
        if wanted.count(name) > 1:
            raise InputError(f"grant: found {name!r} twice; allowed: each objection once")
    return {name: claim for name, claim in allowed.items() if name in wanted}


def grants_of(case: Case, chosen: Mapping[str, Claim]) -> list[Grant]:
    """Each objection alone, those once that are granted alike, and then all of them together."""
    overrides = {name: parse_overrides(claim.if_right) for name, claim in chosen.items()}
    alike: dict[tuple[Override, ...], list[str]] = {}
    for name, own in overrides.items():
        alike.setdefault(own, []).append(name)
    alone = [Grant(tuple(names), together=False, overrides=overrides[names[0]]) for names in alike.values()]
    return [*alone, *([_together(case, overrides)] if len(chosen) > 1 else [])]


def _together(case: Case, overrides: Mapping[str, tuple[Override, ...]]) -> Grant:
    try:
        return Grant(tuple(overrides), together=True, overrides=combined(case.story, overrides))
    except InputError as error:
        return Grant(tuple(overrides), together=True, overrides=(), why_not=str(error))


def granted_under(beliefs: Beliefs, grant: Grant, levers: xr.Dataset) -> Granted:
    """Evaluate the status quo and an allocation with objections granted.

    Parameters
    ----------
    beliefs : Beliefs
    grant : Grant
    levers : xarray.Dataset
        Of the two, dims ``(allocation, ...)``.
    """
    if grant.why_not:
        return Granted(None, grant.why_not)
    try:
        return Granted(beliefs.with_overrides(grant.overrides).outcome(levers))
    except InputError as error:
        return Granted(None, str(error))


# Figures ----------------------------------------------------------------------------------------------------------


def figures_of(case: Case, outcome: xr.DataArray) -> dict[str, Any]:
    """The objective under the status quo, its paired change, and the share of draws in which that is better."""
    return _figures(_quantities(case, outcome))


def moves_of(case: Case, outcome: xr.DataArray, ungranted: xr.DataArray) -> dict[str, Any]:
    """By how much each of these differs from what it is with nothing granted, on the same draws."""
    before = _quantities(case, ungranted)
    return _figures({name: found - before[name] for name, found in _quantities(case, outcome).items()})


def _quantities(case: Case, outcome: xr.DataArray) -> dict[str, xr.DataArray]:
    """Dims ``(draw,)`` each; of ``share_better`` the mean over draws is the share."""
    change = change_of(outcome)
    return {
        case.objective.node: outcome.isel(allocation=0, drop=True),
        "change": change,
        "share_better": (case.objective.loss(change) < 0).astype(float),
    }


def _figures(quantities: Mapping[str, xr.DataArray]) -> dict[str, Any]:
    """As JSON has them: a share and its Monte Carlo error are numbers of their own."""
    found: dict[str, Any] = {name: decisions.figures(values) for name, values in quantities.items()}
    share = found.pop("share_better")
    return {**found, "share_better": share["mean"], "share_better_mcse": share["mcse"]}
