"""Chapter 5: research solves the problem or not, and makes the solution cheap enough to adopt or not."""

from toc_model.engine.declare import node
from toc_model.engine.laws import exp, log, logits_from, moved, power, reference, times
from toc_model.engine.units import (
    Elasticity,
    Fraction,
    LogitsPerLogUnit,
    LogPerLogit,
    Probability,
    Ratio,
    Years,
)
from toc_model.essay.units import LogSpread, MedianFTEYears


@node(dims="allocation branch", claims="C08 C25 C92 C96", label="P(solved)")
def solved(
    research: MedianFTEYears,
    reference_research: MedianFTEYears,
    serial_years: Years,
    insight: Fraction,
    solved_by_reference: Probability,
    solved_elasticity: LogitsPerLogUnit,
    serial_weight: Fraction,
    past_years: Years,
    reference_years: Years,
) -> Probability:
    """A sufficient solution is likelier the more research there is and the longer the best minds have had
    (probability; allocation x branch)."""
    stock = log(research / reference_research)
    serial = log(serial_years / (past_years + reference_years) * insight / reference(insight))
    effective = times(1 - serial_weight, stock) + times(serial_weight, serial)
    return moved(solved_by_reference, times(solved_elasticity, effective))


@node(dims="allocation branch", claims="C66", label="alignment tax")
def alignment_tax(research: MedianFTEYears, reference_research: MedianFTEYears, tax_learning: Elasticity) -> Ratio:
    """Research makes the safe system cheaper (ratio of its extra cost to that with the research of the reference date;
    allocation x branch)."""
    return power(research / reference_research, -tax_learning)


@node(claims="C11 C19 C66 C75", label="tax that labs tolerate")
def tax_tolerance(
    concern: Fraction,
    solutions: Fraction,
    race: Fraction,
    tolerance_concern: LogPerLogit,
    tolerance_solutions: LogPerLogit,
    tolerance_race: LogPerLogit,
    concern_reference: Fraction,
    solutions_reference: Fraction,
    race_reference: Fraction,
) -> Ratio:
    """Labs that are concerned and have solutions at hand pay a higher tax, and labs in a race a lower one (ratio to
    what they would pay at the concern, solutions and race that experts were asked at; allocation)."""
    return exp(
        times(tolerance_concern, logits_from(concern, concern_reference))
        + times(tolerance_solutions, logits_from(solutions, solutions_reference))
        - times(tolerance_race, logits_from(race, race_reference))
    )


@node(dims="allocation branch", claims="C66 C67 C68 C92", label="P(adopted)")
def adopted(
    tax_tolerance: Ratio, alignment_tax: Ratio, adoption_reference: Probability, tax_spread: LogSpread
) -> Probability:
    """The leading lab adopts a solution that exists if it tolerates the tax (probability; allocation x branch)."""
    return moved(adoption_reference, (log(tax_tolerance) - log(alignment_tax)) / tax_spread)
