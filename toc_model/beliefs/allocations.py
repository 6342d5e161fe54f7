"""The levers: who buys time, and how; named allocations as documents."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from pydantic import Field, model_validator

from toc_model.documents import Document, checked, digest, read_text, read_toml, shipped_folder
from toc_model.errors import InputError, unknown
from toc_model.essay.dimensions import INTERVENTIONS, POOLS

STATUS_QUO = "status_quo"
TOLERANCE = 1e-6
"""How far from one the shares of a mix may add up."""

DEFAULT_MIX = {
    "researchers": {"outreach": 0.35, "evaluations": 0.25, "grounding_papers": 0.25, "convening": 0.15},
    "builders": {"outreach": 0.60, "evaluations": 0.0, "grounding_papers": 0.0, "convening": 0.40},
}


def _check_keys(table: Mapping[str, Any], kind: str, allowed: tuple[str, ...]) -> None:
    for key in table:
        if key not in allowed:
            raise ValueError(unknown(kind, key, allowed))


class Allocation(Document):
    """Where people work: the share of each pool that buys time, and the mix of what they do then.

    Attributes
    ----------
    description : str
        For readers of tables.
    buying_time_share : dict of str to float
        Share of researchers and of builders, each in [0, 1].
    mix : dict of str to dict of str to float
        Share of each intervention by pool; each row sums to one. A pool that is left out has the default.
    """

    description: str = ""
    buying_time_share: dict[str, float]
    mix: dict[str, dict[str, float]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _possible(self) -> "Allocation":
        _check_keys(self.buying_time_share, "pool", POOLS)
        for pool in POOLS:
            if pool not in self.buying_time_share:
                raise ValueError(f"buying_time_share: missing entry {pool!r}")
            _check_share(f"buying_time_share.{pool}", self.buying_time_share[pool])
        _check_keys(self.mix, "pool", POOLS)
        for pool, row in self.mix.items():
            _check_keys(row, "intervention", INTERVENTIONS)
            for intervention, share in row.items():
                _check_share(f"mix.{pool}.{intervention}", share)
            if abs(sum(row.values()) - 1) > TOLERANCE:
                raise ValueError(f"mix.{pool}: found a sum of {sum(row.values()):.6g}; allowed: a sum of 1")
        return self

    def mix_of(self, pool: str) -> dict[str, float]:
        """The mix of a pool, zero for interventions that it leaves out."""
        return dict.fromkeys(INTERVENTIONS, 0.0) | self.mix.get(pool, DEFAULT_MIX[pool])


def _check_share(where: str, share: float) -> None:
    if not 0 <= share <= 1:
        raise ValueError(f"{where}: found {share:g}; allowed: 0 to 1")


@dataclass(frozen=True, slots=True)
class Allocations:
    """Named allocations, the status quo first.

    Attributes
    ----------
    named : mapping of str to Allocation
    source : str
    digests : mapping of str to str
        SHA-256 of the document, by its path.
    """

    named: Mapping[str, Allocation]
    source: str
    digests: Mapping[str, str]

    def levers(self) -> xr.Dataset:
        """The levers as arrays.

        Returns
        -------
        xarray.Dataset
            ``buying_time_share (allocation, pool)`` and ``mix (allocation, pool, intervention)``, fractions.
        """
        shares = [[found.buying_time_share[pool] for pool in POOLS] for found in self.named.values()]
        mixes = [[list(found.mix_of(pool).values()) for pool in POOLS] for found in self.named.values()]
        return levers(list(self.named), np.array(shares), np.array(mixes))

    def only(self, names: list[str]) -> "Allocations":
        """Keep these allocations and the status quo, in this order.

        Raises
        ------
        InputError
            If one is unknown; the nearest name is suggested.
        """
        for name in names:
            if name not in self.named:
                raise InputError(f"{self.source}: {unknown('allocation', name, self.named)}")
        kept = dict.fromkeys([STATUS_QUO, *names])
        return Allocations({name: self.named[name] for name in kept}, self.source, self.digests)

    def compared(self, name: str) -> "Allocations":
        """Keep the status quo and one other allocation, to compare them.

        Raises
        ------
        InputError
            If it is unknown, or is the status quo.
        """
        if name == STATUS_QUO:
            raise InputError(f"allocation: found {name!r}; allowed: another one, for changes are measured from it")
        return self.only([name])


def levers(names: list[str], shares: np.ndarray[Any, Any], mixes: np.ndarray[Any, Any]) -> xr.Dataset:
    """Arrays of levers for any number of allocations, the status quo first.

    Parameters
    ----------
    names : list of str, length n
    shares : array of shape (n, 2)
        Share that buys time, by allocation and pool.
    mixes : array of shape (n, 2, 4)
        Share of each intervention, by allocation, pool and intervention.
    """
    return xr.Dataset(
        {
            "buying_time_share": (("allocation", "pool"), shares),
            "mix": (("allocation", "pool", "intervention"), mixes),
        },
        coords={"allocation": names, "pool": list(POOLS), "intervention": list(INTERVENTIONS)},
    )


def load_allocations(path: Path | None = None) -> Allocations:
    """Read a document of allocations; ``status_quo`` comes first whether it names it or not.

    Parameters
    ----------
    path : Path, optional
        By default the document that ships with the package.

    Raises
    ------
    InputError
        If the document can't be read, a share is outside [0, 1], a mix does not sum to one, or a name is unknown.
    """
    shipped = shipped_folder() / "allocations.toml"
    path = path or shipped
    named = {name: checked(Allocation, table, f"{path}: {name}") for name, table in read_toml(path).items()}
    digests = {path.name: digest(read_text(path))}
    if STATUS_QUO not in named:
        named[STATUS_QUO] = checked(Allocation, read_toml(shipped)[STATUS_QUO], f"{shipped}: {STATUS_QUO}")
    ordered = {STATUS_QUO: named.pop(STATUS_QUO), **named}
    return Allocations(ordered, str(path), digests)


def document(named: Mapping[str, Allocation]) -> str:
    """Allocations as the text of a document that `load_allocations` reads."""
    lines = []
    for name, found in named.items():
        lines += [f"[{json.dumps(name)}]", f"description = {json.dumps(found.description)}"]
        lines.append(f"buying_time_share = {_inline(found.buying_time_share)}")
        lines += [*(f"mix.{pool} = {_inline(row)}" for pool, row in found.mix.items()), ""]
    return "\n".join(lines)


def _inline(table: Mapping[str, float]) -> str:
    return "{ " + ", ".join(f"{key} = {value!r}" for key, value in table.items()) + " }"
