"""What kinds of work are worth at an allocation, and what a person of some talent brings to each.

Slopes are those of P(doom), draw by draw, for the nodes that a person changes; see `toc_model.essay.steps.people`.
"""

from typing import Any

import numpy as np
import xarray as xr

from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.levers import joined
from toc_model.engine import laws
from toc_model.engine.evaluate import evaluate, everywhere
from toc_model.engine.interventions import fail_if_held
from toc_model.essay.dimensions import BUILDERS, INTERVENTIONS, POOLS, RESEARCHERS
from toc_model.essay.research import grown_years
from toc_model.essay.talent import buying_time_benefit, technical_impact

MICRO_DOOMS = 1e6
"""In a P(doom) of one."""
TECHNICAL, BUYING_TIME, BUILDING = "technical", "buying_time", "building"
STEP = 0.5
"""Half of the difference over which slopes of interventions are taken, in median FTE."""
SHARE_STEP = 0.005
"""The same for the share of builders, and for technical effort and insight as a fraction of themselves."""
HELD = ("technical_effort", "insight", "gross_effort", "harm_done")
"""Nodes that one more person changes."""


# Slopes -----------------------------------------------------------------------------------------------------------


def slopes_of(beliefs: Beliefs, named: Allocations, at: str) -> xr.Dataset:
    """Micro-dooms averted per FTE-year of effort, draw by draw.

    Returns
    -------
    xarray.Dataset
        ``technical``, ``effort`` and ``harm`` per median FTE, ``insight`` per unit of insight, ``building`` per unit
        of the share of builders who grow the field; dims ``(draw,)``, ``effort`` and ``harm`` with ``intervention``.
    """
    harms = [f"harm of {name}" for name in INTERVENTIONS]
    steps = ["technical", "insight", "building", *INTERVENTIONS, *harms]
    places = [(step, sign) for step in steps for sign in (1, -1)]
    here = named.levers().sel(allocation=[at] * (len(places) + 1))
    here = here.assign_coords(allocation=["here", *(f"{sign:+d} {step}" for step, sign in places)])
    levers = joined(beliefs.anchor, here)
    fail_if_held(beliefs.story, HELD, "a person more can't change it")
    base = beliefs.nodes(levers, [*HELD, "agi_arrival", "field_growth_rate"])
    moves = xr.DataArray(
        [[0.0] * len(steps)] * 2 + [[sign * (step == name) for name in steps] for step, sign in places],
        dims=("allocation", "step"),
        coords={"step": steps},
    )
    known = {
        node: base[node] * (1 + SHARE_STEP * moves.sel(step=step, drop=True))
        for step, node in (("technical", "technical_effort"), ("insight", "insight"))
    }
    joins = xr.DataArray(np.eye(len(POOLS))[RESEARCHERS], dims="pool")
    for node, names in (("gross_effort", list(INTERVENTIONS)), ("harm_done", harms)):
        more = STEP * moves.sel(step=names).rename(step="intervention").drop_vars("intervention")
        known[node] = base[node] + joins * more
    shares = levers["buying_time_share"].copy()
    shares[{"pool": BUILDERS}] = shares[{"pool": BUILDERS}] - SHARE_STEP * moves.sel(step="building").values
    moved = levers.assign(buying_time_share=shares.clip(0, 1))
    outcome = beliefs.case.objective.node
    given = xr.Dataset({name: _bare(values) for name, values in known.items()})
    found = evaluate(beliefs.story, beliefs.parameters, moved, [outcome], known=given)[outcome]
    doom = everywhere(found, beliefs.parameters, moved).values
    shift = {"building": np.diff(moved["buying_time_share"].values[2:, BUILDERS].reshape(-1, 2), axis=1).ravel()}
    averted = MICRO_DOOMS * (doom[:, 3::2] - doom[:, 2::2]) / _work_per_person(beliefs, base).values[:, None]
    own = base.isel(allocation=1)
    sizes: dict[str, Any] = {
        **dict.fromkeys([*INTERVENTIONS, *harms], 2 * STEP),
        "technical": 2 * SHARE_STEP * own["technical_effort"].values,
        "insight": 2 * SHARE_STEP * own["insight"].values,
        "building": float(shift["building"][2]),
    }
    widths = np.stack([np.broadcast_to(sizes[step], beliefs.draws) for step in steps], axis=1)
    slopes = xr.DataArray(averted / widths, dims=("draw", "step"), coords={"step": steps})
    singles = {name: slopes.sel(step=name, drop=True) for name in ("technical", "insight", "building")}
    by_intervention = {
        name: slopes.sel(step=places).rename(step="intervention").assign_coords(intervention=list(INTERVENTIONS))
        for name, places in (("effort", list(INTERVENTIONS)), ("harm", harms))
    }
    return xr.Dataset({**singles, **by_intervention})


def _bare(x: xr.DataArray) -> xr.DataArray:
    return x.drop_vars(list(x.coords)).transpose("draw", "allocation", ..., missing_dims="ignore")


def _work_per_person(beliefs: Beliefs, base: xr.Dataset) -> xr.DataArray:
    """FTE-years of one person who stays until AGI, with that person's share of the field's growth."""
    years, rate = (everywhere(base[name], beliefs.parameters, base).isel(allocation=1) for name in _TIMES)
    work: Any = grown_years(years, rate, beliefs.parameters["growth_horizon"])
    return xr.DataArray(work).transpose("draw")


_TIMES = ("agi_arrival", "field_growth_rate")


# People -----------------------------------------------------------------------------------------------------------


def technical_work(p: xr.Dataset, slope: xr.Dataset, talent: xr.DataArray) -> xr.DataArray:
    """Value of technical work by talent: effort, and a share of the field's insight."""
    s = p["technical_talent_spread"]
    impact: Any = technical_impact(talent, s, p["technical_harm"])
    share_of_insight = laws.exp(2 * s * talent - 2 * s * s) / p["researchers_now"]
    found: xr.DataArray = impact * slope["technical"] + share_of_insight * slope["insight"]
    return found


def each_intervention(p: xr.Dataset, slope: xr.Dataset, talent: xr.DataArray) -> xr.DataArray:
    """Value of each intervention by talent for buying time."""
    benefit: Any = buying_time_benefit(talent, p["technical_talent_spread"], p["buying_time_spread_ratio"])
    return _bought(p, slope, benefit)


def _bought(p: xr.Dataset, slope: xr.Dataset, benefit: xr.DataArray | float) -> xr.DataArray:
    """Value of a person whose benefit is so many times the mean person's, and who does the mean harm."""
    found: xr.DataArray = p["buying_time_productivity"] * (
        benefit * slope["effort"] + p["buying_time_harm"] * slope["harm"]
    )
    return found


def buying_time(p: xr.Dataset, slope: xr.Dataset, talent: xr.DataArray, mixes: xr.DataArray) -> xr.DataArray:
    """Value of buying time by technical talent, over the talent for buying time that goes with it."""
    benefit: Any = buying_time_benefit(
        talent, p["technical_talent_spread"], p["buying_time_spread_ratio"] * p["talent_correlation"]
    )
    found: xr.DataArray = (_bought(p, slope, benefit) * mixes.isel(pool=RESEARCHERS, drop=True)).sum("intervention")
    return found


def average_of(p: xr.Dataset, slope: xr.Dataset, mixes: xr.DataArray) -> xr.DataArray:
    """Value of the average person, by pool and work; means over talent are exact."""
    s = p["technical_talent_spread"]
    technical = laws.exp(s * s / 2) * (1 - p["technical_harm"]) * slope["technical"]
    technical = technical + slope["insight"] / p["researchers_now"]
    researcher = _bought(p, slope, 1.0)
    builder = researcher / p["buying_time_productivity"] * p["builder_productivity"]
    found: dict[str, Any] = {TECHNICAL: technical}
    for pool, value in ((RESEARCHERS, researcher), (BUILDERS, builder)):
        prefix = "" if pool == RESEARCHERS else "builder: "
        found |= {f"{prefix}{name}": value.sel(intervention=name, drop=True) for name in INTERVENTIONS}
        found[f"{prefix}{BUYING_TIME}"] = (value * mixes.isel(pool=pool, drop=True)).sum("intervention")
    found[f"builder: {BUILDING}"] = slope["building"] / p["builders_now"]
    values = [xr.DataArray(value) for value in found.values()]
    return xr.concat(values, dim="work").assign_coords(work=list(found)).transpose("draw", "work")


def mixes_of(named: Allocations, at: str) -> xr.DataArray:
    """How those who buy time divide over interventions at an allocation, dims ``(pool, intervention)``."""
    return named.levers()["mix"].sel(allocation=at, drop=True).assign_coords(pool=list(POOLS))
