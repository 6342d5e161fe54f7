"""A worldview as checks of claims look at it: what nodes are under allocations, computed once and shared."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import xarray as xr

from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.levers import joined, levers_at
from toc_model.engine.interventions import do
from toc_model.engine.overrides import parse_overrides
from toc_model.errors import InputError
from toc_model.labels import made_as, without_draw_labels
from toc_model.statistics.verdicts import Found

type Where = str | Mapping[str, float]
"""An allocation's name, or values of variables of levers where all else is as under the status quo."""
type Run = Callable[["World"], Sequence[Found]]


@dataclass(frozen=True, slots=True)
class Check:
    """How the model's behaviour shows a claim.

    Attributes
    ----------
    claim : str
        Name of the claim in the ledger.
    under : tuple of str
        Worldviews of which it is said.
    run : callable
        From one of them to what was found; the check holds if all of it lies where it is said to.
    """

    claim: str
    under: tuple[str, ...]
    run: Run


def check(claim: str, *under: str) -> Callable[[Run], Check]:
    """Declare a function to be the check of a claim under some worldviews."""

    def declared(run: Run) -> Check:
        return Check(claim, under, run)

    return declared


def collected(modules: Iterable[Any]) -> dict[str, Check]:
    """The checks of some modules, by claim.

    Raises
    ------
    InputError
        If a claim has two.
    """
    found: dict[str, Check] = {}
    for module in modules:
        for value in vars(module).values():
            if isinstance(value, Check) and found.setdefault(value.claim, value) is not value:
                raise InputError(f"checks: found a second one of claim {value.claim}, in {module.__name__}")
    return found


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """Beliefs and allocations; all draws are paired, whatever is changed.

    Attributes
    ----------
    beliefs : Beliefs
    allocations : Allocations
    """

    beliefs: Beliefs
    allocations: Allocations
    _pool: "World | None" = None
    _place: slice = slice(None)
    _changed: bool = False
    _kept: dict[Any, Any] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        """Of the worldview."""
        return self.beliefs.worldview

    def parameter(self, name: str, **place: str) -> xr.DataArray:
        """Draws of a parameter, dims ``(draw, ...)``."""
        return self._in_every_draw(self.beliefs.parameters[name].sel(place, drop=True))

    def now(self, node: str, **place: str) -> xr.DataArray:
        """A node under the status quo, dims ``(draw, ...)``."""
        return self._of(node, self.allocations.proposal, 0).sel(place, drop=True)

    def then(self, node: str, where: Where | None = None, **place: str) -> xr.DataArray:
        """A node under another allocation, the proposal by default, dims ``(draw, ...)``."""
        return self._of(node, where or self.allocations.proposal, 1).sel(place, drop=True)

    def change(self, node: str, where: Where | None = None, **place: str) -> xr.DataArray:
        """Paired change of a node from the status quo to another allocation, dims ``(draw, ...)``."""
        return self.then(node, where, **place) - self._of(node, where or self.allocations.proposal, 0).sel(
            place, drop=True
        )

    def given(self, overrides: str) -> "World":
        """The same with changes of the model in words, as options have them."""

        def changed() -> World:
            texts = parse_overrides([overrides], self.beliefs.case.reference)
            pool = self._pool.given(overrides) if self._pool else None
            return World(self.beliefs.with_overrides(texts), self.allocations, pool, self._place, _changed=True)

        return self._once(("given", overrides), changed)

    def holding(self, node: str, values: xr.DataArray) -> "World":
        """The same with a node held at a value a draw, dims ``(draw, ...)``, outside the reference world."""
        story = do(self.beliefs.story, node, values.reset_coords(drop=True))
        return World(replace(self.beliefs, story=story), self.allocations, _changed=True)

    def once[T](self, make: Callable[["World"], T]) -> T:
        """What a function makes of this world, made once for all who ask."""
        return self._once(make, lambda: make(self))

    def _once[T](self, key: object, make: Callable[[], T]) -> T:
        if key not in self._kept:
            self._kept[key] = make()
        found: T = self._kept[key]
        return found

    def _of(self, node: str, where: Where, place: int) -> xr.DataArray:
        if self._pool:
            pooled = self._pool._of(node, where, place)  # noqa: SLF001 - another of this class
            return self._in_every_draw(pooled.isel(draw=self._place))
        kept = self._nodes(where)
        if node not in kept:
            # All nodes at once where many checks will ask for one; elsewhere the one that is asked for.
            asked = None if where == self.allocations.proposal and not self._changed else [node]
            found = self.beliefs.nodes(self._levers(where), asked)
            kept |= {str(name): values for name, values in found.items()}
        values = kept[node]
        there = values.isel(allocation=place, drop=True) if "allocation" in values.dims else values
        return self._in_every_draw(there)

    def _nodes(self, where: Where) -> dict[str, xr.DataArray]:
        """What is known of the nodes under the status quo and another allocation."""
        return self._once(where if isinstance(where, str) else tuple(sorted(where.items())), dict)

    def _levers(self, where: Where) -> xr.Dataset:
        quo = self.allocations.only([]).levers()
        if isinstance(where, str):
            there = self.allocations.only([where]).levers().sel(allocation=[where]).assign_coords(allocation=["there"])
        else:
            moved = {name: np.array([value]) for name, value in where.items()}
            there = levers_at(self.beliefs.case.story, quo.isel(allocation=0, drop=True), moved, ["there"])
        return joined(quo, there)

    def _in_every_draw(self, values: xr.DataArray) -> xr.DataArray:
        """Values with a place a draw, also where they are the same in all draws, and no label but how it was made."""
        if "draw" not in values.dims:
            values = values.expand_dims(draw=self.beliefs.draws)
        return without_draw_labels(values).assign_coords(made_as(self.beliefs.parameters))


def pooled(beliefs: Sequence[Beliefs], allocations: Allocations) -> list[World]:
    """Worlds of which what one asks for is computed for all at once: most of an evaluation is not for its draws.

    Parameters
    ----------
    beliefs : sequence of Beliefs
        Of one case and date, with the same overrides.
    allocations : Allocations
    """
    draws = [_unlabelled(one.parameters) for one in beliefs]
    together = xr.concat(draws, dim="draw", coords="minimal", compat="override")
    whole = replace(beliefs[0], parameters=together.assign_coords(draw=np.arange(together.sizes["draw"])))
    ends = np.cumsum([0, *(one.draws for one in beliefs)]).tolist()
    pool = World(whole, allocations)
    return [World(one, allocations, pool, slice(*ends[place : place + 2])) for place, one in enumerate(beliefs)]


def _unlabelled(parameters: xr.Dataset) -> xr.Dataset:
    bare = without_draw_labels(parameters)
    return xr.Dataset(
        {
            name: values if "draw" in values.dims else values.expand_dims(draw=parameters.sizes["draw"])
            for name, values in bare.items()
        }
    )
