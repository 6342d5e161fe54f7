"""Chapter 5: research solves the problem or not, and makes the solution cheap enough to adopt or not."""

from toc_model.engine.declare import node
from toc_model.engine.laws import exp, log, logistic, logit_change, moved, power, reference
from toc_model.engine.units import Elasticity, Fraction, LogitsPerLogUnit, LogPerLogit, LogUnits, Probability
from toc_model.essay.research import REFERENCE_YEARS
from toc_model.essay.units import FractionOfCost, MedianFTEYears, YearsFromStart


@node(dims="allocation branch", claims="C08 C25 C92 C96")
def solved(
    research: MedianFTEYears,
    reference_research: MedianFTEYears,
    serial_years: YearsFromStart,
    insight: Fraction,
    solved_by_reference: Probability,
    solved_elasticity: LogitsPerLogUnit,
    serial_weight: Fraction,
) -> Probability:
    """A sufficient solution is likelier the more research there is and the longer the best minds have had
    (probability; allocation x branch)."""
    stock = log(research / reference_research)
    serial = log(serial_years / REFERENCE_YEARS * insight / reference(insight))
    return moved(solved_by_reference, solved_elasticity * ((1 - serial_weight) * stock + serial_weight * serial))


@node(dims="allocation branch", claims="C66")
def alignment_tax(
    research: MedianFTEYears, reference_research: MedianFTEYears, tax_now: FractionOfCost, tax_learning: Elasticity
) -> FractionOfCost:
    """Research makes the safe system cheaper (fraction of cost, over the unsafe system's; allocation x branch)."""
    return tax_now * power(research / reference_research, -tax_learning)


@node(claims="C11 C19 C66 C75")
def tax_tolerance(
    concern: Fraction,
    solutions: Fraction,
    race: Fraction,
    tax_tolerance_now: FractionOfCost,
    tolerance_concern: LogPerLogit,
    tolerance_solutions: LogPerLogit,
    tolerance_race: LogPerLogit,
) -> FractionOfCost:
    """Labs that are concerned and have solutions at hand pay a higher tax, and labs in a race a lower one (fraction
    of cost; allocation)."""
    return tax_tolerance_now * exp(
        tolerance_concern * logit_change(concern)
        + tolerance_solutions * logit_change(solutions)
        - tolerance_race * logit_change(race)
    )


@node(dims="allocation branch", claims="C66 C67 C68 C92")
def adopted(tax_tolerance: FractionOfCost, alignment_tax: FractionOfCost, tax_spread: LogUnits) -> Probability:
    """The leading lab adopts a solution if it tolerates the tax (probability; allocation x branch)."""
    return logistic((log(tax_tolerance) - log(alignment_tax)) / tax_spread)
