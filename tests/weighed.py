"""Draws that count for more or less than one, and the same draws as often as they count: all figures are to agree."""

import math
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import xarray as xr

from toc_model.aliases import Floats
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.evidence import Evidence
from toc_model.beliefs.loading import beliefs_of, own_beliefs
from toc_model.beliefs.posterior import Posterior
from toc_model.questions.rerun.differing import leaves

LABEL = "mine"
COUNTS = (0, 1, 2, 5)
"""How often draws count, by a quantity that they are sorted by."""
A_LITTLE = 1e-3
"""By how much each draw may count for more than so often, so that no quantile lies just between two of them."""
LEFT_OUT = 0.6
"""Share of draws that count for nothing."""
OF_CHANCE = re.compile(
    r"(^|\.)(effective_)?draws$|(^|[._])(mcse|se|error|as_good|efficient|efficient_share|verdict|ranks|low|high)(\.\d+)?$"
    r"|provenance|as_good\.|dominance|dominated_by|noise_floor|_share$|draws_to_tell_ranks|status_shares|\.(low|high|error)\."
)
"""Figures that say how much chance there is in others: those of repeated draws seem to have less of it."""
SMALL = 1e-3
"""What figures of no size are as large as."""
LESS_ONE = re.compile(r"(^|\.)sd(_within)?$")
"""Figures that are divided by a number of draws less one."""


def counts_of(beliefs: Beliefs, name: str) -> Floats:
    """How often draws count, the same for each two neighbours, so that halves of the draws agree as well."""
    values = beliefs.parameters[name].values
    pairs = values[0::2] + values[1::2]
    return np.repeat(np.array(COUNTS, float)[np.digitize(pairs, np.quantile(pairs, [0.2, 0.5, 0.8]))], 2)


def weighed(beliefs: Beliefs, name: str, kind: str = "own") -> Beliefs:
    """Draws of a worldview's priors with weights by a parameter, which stands for what answers tell."""
    weight = counts_of(beliefs, name) * _sizes(beliefs)
    return _as(kind, beliefs, beliefs.parameters.assign_coords(weight=("draw", weight)))


def repeated(beliefs: Beliefs, name: str, kind: str = "own") -> Beliefs:
    """The same draws, each as often as it counts, in pairs of neighbours."""
    counts = counts_of(beliefs, name)[0::2].astype(int)
    order = np.concatenate([np.tile([2 * pair, 2 * pair + 1], many) for pair, many in enumerate(counts)]).astype(int)
    again = beliefs.parameters.isel(draw=order).assign_coords(draw=np.arange(order.size))
    return _as(kind, beliefs, again.assign_coords(weight=("draw", _sizes(beliefs)[order])))


def _sizes(beliefs: Beliefs) -> Floats:
    return 1 + A_LITTLE * np.random.default_rng(beliefs.draws).random(beliefs.draws)


def counted(beliefs: Beliefs, name: str, kind: str = "own") -> tuple[Beliefs, Beliefs]:
    """Draws with weights of 1, and of 0 for those with the least values of a parameter; and those that count, alone."""
    values = beliefs.parameters[name].values
    pairs = values[0::2] + values[1::2]
    counts = np.repeat(pairs > np.quantile(pairs, LEFT_OUT), 2)
    some = _as(kind, beliefs, beliefs.parameters.assign_coords(weight=("draw", counts.astype(float))))
    return some, _as(kind, beliefs, beliefs.parameters.isel(draw=np.flatnonzero(counts)))


def plain(beliefs: Beliefs, kind: str = "own") -> Beliefs:
    """The same draws, of which all count alike."""
    return _as(kind, beliefs, beliefs.parameters)


def _as(kind: str, beliefs: Beliefs, parameters: xr.Dataset) -> Beliefs:
    if kind == "own":
        return own_beliefs(parameters, LABEL, beliefs.documents)
    poll = Evidence(source_id="poll", digest="0" * 64)
    return beliefs_of(Posterior(beliefs.priors, (poll,), (), parameters), beliefs.documents)


def apart(one: Any, other: Any, also: str = "") -> Iterator[str]:
    """Figures that differ by more than rounding, but for those of chance.

    Parameters
    ----------
    one, other : as JSON has it
    also : str
        Pattern of places that are left out too.
    """
    first, second = dict(leaves(one)), dict(leaves(other))
    for place in dict.fromkeys([*first, *second]):
        if OF_CHANCE.search(place) or (also and re.search(also, place)):
            continue
        mine, theirs = first.get(place), second.get(place)
        if isinstance(mine, float) and isinstance(theirs, float):
            far = 5e-3 if LESS_ONE.search(place) else 1e-6
            if not math.isclose(mine, theirs, rel_tol=far, abs_tol=1e-7):
                yield f"{place}: {mine!r} and {theirs!r}"
        elif mine != theirs:
            yield f"{place}: {mine!r} and {theirs!r}"


def distance(one: Any, other: Any) -> float:
    """How far figures are apart, each as a part of its size, but for those of chance."""
    first, second = ({place: x for place, x in leaves(side) if _is_told(place, x)} for side in (one, other))
    both = first.keys() & second.keys()
    parts = [abs(first[x] - second[x]) / (abs(first[x]) + abs(second[x]) + SMALL) for x in both]
    return float(np.mean(parts))


def _is_told(place: str, figure: object) -> bool:
    return isinstance(figure, float) and not OF_CHANCE.search(place)
