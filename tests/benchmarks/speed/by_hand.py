"""The essay's equations written down once more, as someone who knows them and NumPy would: what `evaluate` is measured
beside.

All that varies over draws alone is computed once for a block of draws. What later equations need in logs or log odds
stays there. Draws and allocations are cut into blocks that fit into a cache. The same text runs under JAX, which is why
functions are an argument.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
from scipy import special

from tests.benchmarks.speed.inputs import OUTCOMES, Inputs
from toc_model.aliases import Floats

BLOCK = 8192
"""Numbers that are computed at a time."""
OUTREACH, EVALUATIONS, CONVENING = 0, 1, 3
MONTHS = 12
SMALLEST_SHARE = 1e-6

type Array = Any
"""Of NumPy or JAX: along draws, along allocations and draws, or a number."""


@dataclass(frozen=True, slots=True)
class Functions:
    """What the equations are computed with.

    Attributes
    ----------
    xp : module
        NumPy, or `jax.numpy`.
    ndtr : callable
        The fastest normal distribution function there is.
    """

    xp: Any
    ndtr: Callable[[Array], Array]

    def expit(self, x: Array) -> Array:
        """Logistic function, three times as fast as SciPy's."""
        return 1 / (1 + self.xp.exp(-x))

    def logit(self, p: Array) -> Array:
        """Log odds."""
        return self.xp.log(p) - self.xp.log1p(-p)


NUMPY = Functions(np, special.ndtr)


def numpy_by_hand(inputs: Inputs, block: int = BLOCK) -> dict[str, Floats]:
    """P(doom) and its parts, each along allocations and draws."""
    draws, allocations = inputs.draws, inputs.allocations
    found = {name: np.empty((allocations, draws)) for name in OUTCOMES}
    many = min(draws, block)
    few = max(1, block // many)
    reference, others = allocated(inputs.reference), allocated(inputs.levers)
    for first in range(0, draws, many):
        piece = slice(first, first + many)
        parameters = SimpleNamespace(**{name: _cut(values, piece) for name, values in inputs.parameters.items()})
        once = hoisted(NUMPY, parameters, SimpleNamespace(**reference))
        for start in range(0, allocations, few):
            part = slice(start, start + few)
            moved = SimpleNamespace(**{name: values[..., part, :] for name, values in others.items()})
            with np.errstate(over="ignore"):
                values_of = doom(NUMPY, parameters, once, moved)
            for name, values in values_of.items():
                found[name][part, piece] = values
    return found


def _cut(values: Floats, piece: slice) -> Floats:
    return np.ascontiguousarray(values.T[..., piece]) if values.shape else values


def allocated(levers: Mapping[str, Floats]) -> dict[str, Floats]:
    """Levers in the form that the equations need: one column of allocations each, or one an intervention."""
    share, mix = levers["buying_time_share"], levers["mix"]
    inner = np.clip(share[:, 0], SMALLEST_SHARE, 1 - SMALLEST_SHARE)
    columns = {"f": share[:, 0], "fc": share[:, 1], "stay": 1 - inner, "cutoff": special.ndtri(inner)}
    found = {name: values[:, None] for name, values in columns.items()}
    by_intervention = {"mix_researchers": mix[:, 0], "mix_builders": mix[:, 1]}
    return found | {name: values.T[:, :, None] for name, values in by_intervention.items()}


def effort(m: Functions, p: Any, k: Any, at: Any) -> tuple[Array, Array, Array, Array]:
    """Technical effort relative to that of all, insight, and how much goes on and arrives of each intervention."""
    technical = m.ndtr(k.signal - at.cutoff) - p.technical_harm * at.stay
    insight = m.ndtr(2 * k.signal - at.cutoff)
    activity, reach = [], []
    for i in range(4):
        researchers, builders = k.researchers * at.mix_researchers[i], k.builders * at.fc * at.mix_builders[i]
        gross = researchers * m.ndtr(at.cutoff - k.shift[i]) + builders
        net = gross - p.buying_time_harm[i] * (researchers * at.f + builders)
        activity.append(gross / (p.half_effort + gross) if i == OUTREACH else None)
        reach.append(net / (p.half_effort + abs(net)))
    return technical, insight, activity[OUTREACH], reach


def respond(m: Functions, log_x: Array, log_y: Array, n: Array) -> tuple[Array, Array]:
    """The response of labs, and its log odds."""
    log_j = -m.xp.log((m.xp.exp(-n * log_x) + m.xp.exp(-n * log_y)) / 2) / n
    j = m.xp.exp(log_j)
    return j, log_j - m.xp.log1p(-j)


def grown(m: Functions, rate: Array, years: Array, horizon: Array, beyond: Array) -> tuple[Array, Array]:
    """Integral of a flow of 1 that grows up to the horizon, and by how much it has grown at the end."""
    growth = m.xp.expm1(rate * m.xp.minimum(years, horizon))
    return growth / rate + beyond * m.xp.maximum(years - horizon, 0.0), growth + 1


def hoisted(m: Functions, p: Any, reference: Any) -> Any:
    """All that varies over draws alone, the reference world among it."""
    k = SimpleNamespace()
    s = p.technical_talent_spread
    k.signal = s * p.screening_validity
    k.shift = k.signal * p.buying_time_spread_ratio * p.talent_correlation
    k.researchers = p.researchers_now * p.buying_time_productivity
    k.builders = p.builders_now * p.builder_productivity
    k.fc = reference.fc
    lasted = p.agi_year / p.buildup_years
    k.arrived = -m.xp.expm1(-lasted)
    k.averaged = (1 + m.xp.expm1(-lasted) / lasted) / k.arrived
    k.technical, k.insight, k.activity, k.reach = effort(m, p, k, reference)
    for name in ("concern", "solutions", "coordination", "race", "detection"):
        setattr(k, name, m.logit(getattr(p, f"{name}_now")))
    for name in ("heeding", "pause_coverage", "adoption", "laggard_adoption", "concern", "solutions", "race"):
        setattr(k, f"{name}_reference", m.logit(getattr(p, f"{name}_reference")))
    k.coordination_reference = m.logit(p.coordination_reference)
    k.solved_reference, k.unchecked = m.logit(p.solved_by_reference), m.logit(p.deployment_unchecked)
    n = p.complementarity
    k.j, k.response = respond(m, m.xp.log(p.concern_now), m.xp.log(p.solutions_now), n)
    _, k.response_reference = respond(m, m.xp.log(p.concern_reference), m.xp.log(p.solutions_reference), n)
    k.cut = p.max_research_cut * k.j * (1 - p.race_resistance * p.race_now)
    k.pace = (1 - k.cut) * (1 - p.max_publishing_cut * k.j)
    k.own = k.averaged / (1 - k.cut)
    k.unshared = MONTHS * (1 - p.field_wide_share)
    k.effort = p.researchers_now * m.xp.exp(s * s / 2) * k.technical
    k.early = p.assistant_differential * (p.assistant_multiplier - 1)
    k.late = p.assistant_multiplier * p.architecture_multiplier
    rate = p.parallelization * p.field_growth
    beyond = m.xp.exp(rate * p.growth_horizon)
    k.past = k.effort * -m.xp.expm1(-rate * p.past_years) / rate
    done, _ = grown(m, rate, p.reference_years, p.growth_horizon, beyond)
    assisted = m.xp.minimum(p.assistant_years, p.reference_years)
    unassisted, _ = grown(m, rate, p.reference_years - assisted, p.growth_horizon, beyond)
    k.research = k.past + k.effort * ((1 + k.early) * done - k.early * unassisted)
    k.years = p.past_years + p.reference_years
    laggard = m.expit(k.unchecked - p.deployment_concern * (k.concern - k.concern_reference) + p.laggard_gap)
    k.laggard_doom = (laggard + (1 - laggard) * p.released_later) * p.severity
    k.not_by_default = 1 - p.aligned_by_default
    k.weight = k.not_by_default * p.severity
    return k


def labs(m: Functions, p: Any, k: Any, at: Any) -> Any:
    """What moves labs, and where it moves them."""
    technical, insight, activity, reach = effort(m, p, k, at)
    x = SimpleNamespace(better=insight / k.insight, log_effort=m.xp.log(technical / k.technical))
    x.active = k.arrived * (activity - k.activity)
    x.more = [k.arrived * (one - other) for one, other in zip(reach, k.reach, strict=True)]
    x.concern_logit = k.concern + sum(p.concern_gain[i] * x.more[i] for i in range(4))
    from_more = sum(p.solutions_gain[i] * x.more[i] for i in range(4))
    x.solutions_logit = k.solutions + from_more + p.solutions_from_research * x.log_effort
    x.concern = m.expit(x.concern_logit)
    log_solutions = m.xp.log(m.expit(x.solutions_logit))
    x.j, response = respond(m, m.xp.log(x.concern), log_solutions, p.complementarity)
    trust = (
        p.coordination_gain * x.more[CONVENING]
        - p.outreach_backfire * x.active
        + p.coordination_from_response * (response - k.response)
    )
    x.coordination_logit = k.coordination + trust
    x.race_logit = k.race - p.race_calming * trust
    x.responding = response - k.response_reference
    x.racing = x.race_logit - k.race_reference
    return x


def slowdown(m: Functions, p: Any, k: Any, x: Any) -> None:
    """When AGI comes, what of the lead is left, and how likely and long a pause is."""
    cut = p.max_research_cut * x.j * (1 - p.race_resistance * m.expit(x.race_logit))
    pace = (1 - cut) * (1 - p.max_publishing_cut * x.j) * m.xp.exp(p.hype * x.active)
    x.arrival = p.agi_year * (1 + k.averaged * (k.pace / pace - 1))
    x.spent = k.unshared * (k.own * x.arrival * (cut - k.cut))
    lasted = (p.past_years + x.arrival) / k.years
    x.lead = p.lead_now * m.xp.exp(-p.lead_erosion * m.xp.log(lasted)) + p.entry_barrier * (x.j - k.j)
    x.uncovered = MONTHS * (
        1
        - m.expit(
            k.pause_coverage_reference
            + p.pause_coverage_coordination * (x.coordination_logit - k.coordination_reference)
        )
    )
    detection = m.expit(k.detection + p.detection_gain * x.more[EVALUATIONS])
    heeding = m.expit(k.heeding_reference + p.heeding_from_response * x.responding - p.heeding_race_penalty * x.racing)
    x.pause = detection * heeding
    wanted = p.longest_pause * (p.pause_base + (1 - p.pause_base) * m.expit(x.coordination_logit))
    to_spend = p.pause_lead_share * m.xp.maximum(x.lead - x.spent, 0.0)
    shared = to_spend + x.uncovered * wanted
    x.length = wanted * m.xp.where(shared > 0, to_spend / m.xp.where(shared > 0, shared, 1.0), 1.0)


def doom(m: Functions, p: Any, k: Any, at: Any) -> dict[str, Array]:
    """P(doom) and its parts, along allocations and draws."""
    x = labs(m, p, k, at)
    slowdown(m, p, k, x)
    builders_left = ((1 - at.fc) / (1 - k.fc)) ** p.builder_elasticity
    growth = p.field_growth * (1 - p.growth_from_builders * (1 - builders_left))
    rate = p.parallelization * (growth + p.recruits_from_concern * (x.concern - p.concern_now))
    beyond = m.xp.exp(rate * p.growth_horizon)
    done, at_end = grown(m, rate, x.arrival, p.growth_horizon, beyond)
    unassisted, _ = grown(m, rate, x.arrival - m.xp.minimum(p.assistant_years, x.arrival), p.growth_horizon, beyond)
    scale = k.effort * m.xp.exp(p.parallelization * x.log_effort)
    before = k.past + scale * ((1 + k.early) * done - k.early * unassisted)

    tolerance = (
        p.tolerance_concern * (x.concern_logit - k.concern_reference)
        + p.tolerance_solutions * (x.solutions_logit - k.solutions_reference)
        - p.tolerance_race * x.racing
    )
    unchecked = m.expit(k.unchecked - p.deployment_concern * (x.concern_logit - k.concern_reference))
    laggard_adoption = m.expit(k.laggard_adoption_reference + p.audit_spread * x.responding)

    def branch(research: Array, years: Array, deployed: Array, lead_spent: Array) -> tuple[Array, ...]:
        stock = m.xp.log(research / k.research)
        serial = m.xp.log(years / k.years * x.better)
        effective = stock + p.serial_weight * (serial - stock)
        solved = m.expit(k.solved_reference + p.solved_elasticity * effective)
        adopted = m.expit(k.adoption_reference + (tolerance + p.tax_learning * stock) / p.tax_spread)
        overtaken = m.expit((lead_spent - x.lead) / p.lead_softness)
        eventual = deployed + (1 - deployed) * p.released_later
        return solved, adopted, overtaken, k.weight * (1 - overtaken) * eventual

    serial_years = p.past_years + x.arrival
    solved, adopted, overtaken, weight = branch(before, serial_years, unchecked, x.spent)
    in_pause = branch(
        before + scale * at_end * k.late * x.length,
        serial_years + x.length,
        unchecked * (1 - p.deployment_caught),
        x.spent + x.uncovered * x.length,
    )
    used = solved * adopted
    paused = x.pause * k.not_by_default * (1 - used)
    unsafe_laggard = k.not_by_default * (1 - used * laggard_adoption) - paused
    weight, weight_in_pause = (1 - x.pause) * weight, x.pause * in_pause[3]
    no_solution = weight * (1 - solved) + weight_in_pause * (1 - in_pause[0])
    not_adopted = weight * solved * (1 - adopted) + weight_in_pause * in_pause[0] * (1 - in_pause[1])
    by_laggard = (unsafe_laggard * overtaken + paused * in_pause[2]) * k.laggard_doom
    return dict(
        zip(OUTCOMES, (no_solution + not_adopted + by_laggard, no_solution, not_adopted, by_laggard), strict=True)
    )
